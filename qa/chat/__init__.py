"""The chat page: questions and answers, their sources, the corpus, and adding to it.

Gradio is imported in this package only, and nothing here speaks to another machine: the
settings below keep Gradio and the model hub's client from reporting that they are used.
"""

import os

for _setting, _value in {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}.items():
    os.environ.setdefault(_setting, _value)

from qa.chat.stubs import no_stubs_written  # noqa: E402 - Gradio reads the settings above

with no_stubs_written():
    from qa.chat.server import serve

__all__ = ["serve"]
