"""Gradio's theme: what is seen before the page has its own looks, and no font to fetch."""

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
    )
