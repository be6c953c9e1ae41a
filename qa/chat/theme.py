"""Gradio's theme in newspaper colours, with fonts that are on the reader's machine."""

import gradio as gr
from gradio.themes.utils import colors, sizes

SANS = (
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "sans-serif",
)
MONO = ("ui-monospace", "SFMono-Regular", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Return the theme; plain font names, so that none is fetched."""
    base = gr.themes.Base(
        primary_hue=colors.red,
        neutral_hue=colors.stone,
        radius_size=sizes.radius_sm,
        font=SANS,
        font_mono=MONO,
    )
    return base.set(
        body_background_fill="#f6f3ec",
        body_background_fill_dark="#191715",
        body_text_color="#23201c",
        body_text_color_dark="#ece6dc",
        body_text_color_subdued="#6b645a",
        body_text_color_subdued_dark="#a79f93",
        block_background_fill="#fffdf8",
        block_background_fill_dark="#221f1c",
        block_border_color="#ddd5c6",
        block_border_color_dark="#3a352f",
        border_color_primary="#ddd5c6",
        border_color_primary_dark="#3a352f",
        input_background_fill="#fffdf8",
        input_background_fill_dark="#221f1c",
        input_border_color="#c9bfad",
        input_border_color_dark="#4a443c",
        input_border_color_focus="#9c2b20",
        input_border_color_focus_dark="#e08a7d",
        button_primary_background_fill="#9c2b20",
        button_primary_background_fill_dark="#a8382c",
        button_primary_background_fill_hover="#84231a",
        button_primary_background_fill_hover_dark="#bd4a3d",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#ffffff",
        button_secondary_background_fill="#fffdf8",
        button_secondary_background_fill_dark="#2a2622",
        button_secondary_background_fill_hover="#f1ebdf",
        button_secondary_background_fill_hover_dark="#37322c",
        button_secondary_border_color="#c9bfad",
        button_secondary_border_color_dark="#4a443c",
        button_secondary_text_color="#3a352e",
        button_secondary_text_color_dark="#e4ddd2",
    )
