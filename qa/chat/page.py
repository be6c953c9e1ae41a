"""The chat page: Gradio's frame, and in it the one element that the page's scripts fill.

The scripts and styles are in ``web/``, a module and a style sheet for each part of the page.
"""

from html import escape

import gradio as gr

from qa.chat.wording import NAME

ROOT = "wb"
"""The id of the element that ``web/main.js`` fills."""
STYLES = (
    "base",
    "frame",
    "asking",
    "answer",
    "evidence",
    "reader",
    "history",
    "corpus",
    "adding",
)
WEB = "page/web"
"""Where the server has the files of ``web/``."""


def build_page() -> gr.Blocks:
    """Return the page."""
    page = gr.Blocks(title=NAME, fill_width=True, analytics_enabled=False)
    with page:
        gr.HTML(f'<div id="{ROOT}"></div>', apply_default_css=False, js_on_load=None)
    return page


def head() -> str:
    """Return what the page's head needs so that nothing is painted before it has its looks."""
    styles = "".join(f'<link rel="stylesheet" href="{WEB}/{escape(name)}.css">' for name in STYLES)
    return f'{styles}<script type="module" src="{WEB}/main.js"></script>'
