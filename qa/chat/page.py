"""The chat page: Gradio's frame, and in it the one element that the page's scripts fill.

The scripts and styles are in ``web/``, a module and a style sheet for each part of the page; its
words are in ``web/words-*.js``.
"""

from html import escape

import gradio as gr

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
GUARDED = "wenbao-guarded"
"""The name of the mark in the head that lets ``web/frame.js`` offer to log out."""
WEB = "page/web"
"""Where the server has the files of ``web/``."""


def build_page() -> gr.Blocks:
    """Return the page."""
    page = gr.Blocks(title="问报 Wenbao", fill_width=True, analytics_enabled=False)
    with page:
        # Not gr.HTML: the browser would have to let strings be run as scripts for it.
        gr.Column(elem_id=ROOT, min_width=0)
    return page


def head(guarded: bool = False) -> str:
    """Return what the page's head needs so that nothing is painted before it has its looks.

    Args:
        guarded: Whether people logged in, and should be able to log out.
    """
    styles = "".join(f'<link rel="stylesheet" href="{WEB}/{escape(name)}.css">' for name in STYLES)
    guard = f'<meta name="{GUARDED}" content="">' if guarded else ""
    return f'{guard}{styles}<script type="module" src="{WEB}/main.js"></script>'
