"""Scans that are not read: without the extra `ocr`, or too large."""

from pathlib import Path

import pytest

from embeddings.readers import image, ocr
from embeddings.readers.draft import Unreadable


def blank_scan(tmp_path: Path, name: str) -> None:
    from PIL import Image

    Image.new("L", (600, 800), 255).save(tmp_path / name)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.pdf"])
def test_without_the_extra_a_scan_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    blank_scan(tmp_path, name)
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    data = (tmp_path / name).read_bytes()
    if name.endswith(".pdf"):
        from embeddings.readers.pdf import read_pdf

        (skip,) = read_pdf(data, name).skipped
        reason = skip.reason
        assert skip.path == "a.pdf#page=1"
    else:
        with pytest.raises(Unreadable) as refused:
            image.read_image(data, name)
        reason = str(refused.value)
    assert "pip install 'wenbao[ocr]'" in reason


def test_an_image_too_large_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blank_scan(tmp_path, "a.png")
    monkeypatch.setattr(image, "_MAX_PIXELS", 1000)
    with pytest.raises(Unreadable, match="too large"):
        image.read_image((tmp_path / "a.png").read_bytes(), "a.png")
