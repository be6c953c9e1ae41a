"""Gradio is imported without writing into its own folder."""

import inspect

import pytest

from qa.chat.stubs import no_stubs_written


def test_only_components_have_no_source_file_meanwhile() -> None:
    component = type("Component", (), {"__module__": "gradio.components.anything"})
    with no_stubs_written():
        assert inspect.getfile(inspect) == inspect.__file__
        with pytest.raises(OSError, match="Gradio"):
            inspect.getfile(component)


def test_sources_are_found_again_afterwards() -> None:
    with no_stubs_written():
        pass
    assert inspect.getfile(pytest.Item).endswith("nodes.py")
