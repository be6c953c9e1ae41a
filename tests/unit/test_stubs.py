"""Gradio is imported without writing into its own folder."""

import contextlib
import inspect
import sys
from types import ModuleType

import pytest

from qa.chat.stubs import no_stubs_written


def test_only_components_have_no_source_file_meanwhile() -> None:
    component = type("Component", (), {"__module__": "gradio.components.anything"})
    with no_stubs_written():
        assert inspect.getfile(inspect) == inspect.__file__
        with pytest.raises(OSError, match="Gradio"):
            inspect.getfile(component)


@pytest.mark.parametrize("failure", [None, ImportError])
def test_sources_of_components_are_found_again_afterwards(
    monkeypatch: pytest.MonkeyPatch, failure: type[Exception] | None
) -> None:
    module = ModuleType("gradio.components.anything")
    module.__file__ = "anything.py"
    monkeypatch.setitem(sys.modules, module.__name__, module)
    component = type("Component", (), {"__module__": module.__name__})
    with contextlib.suppress(ImportError), no_stubs_written():
        if failure:
            raise failure
    assert inspect.getfile(component) == "anything.py"
