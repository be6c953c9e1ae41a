"""Adding articles: files or text come in, are shown as understood, and go into the index."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from embeddings.address import IndexAddress
from embeddings.errors import InputError
from embeddings.types import Skipped
from qa.batch import MAX_SHOWN, Batch
from qa.file_names import fit_name, free_name
from qa.uploads import MAX_BYTES, MAX_FILES, Uploads

_FORM = 1 << 20
"""Bytes that a form has besides its files, at most."""
_MEGABYTE = 1 << 20


def add_to(router: APIRouter, index: IndexAddress) -> None:
    """Answer all under ``uploads``."""
    uploads = Uploads(index)

    @router.get("/uploads")
    def files() -> dict[str, Any]:
        return {
            "files": [{"name": name, "bytes": size} for name, size in uploads.files()],
            "limits": {"files": MAX_FILES, "megabytes": MAX_BYTES // _MEGABYTE},
        }

    @router.post("/uploads")
    async def begin(request: Request) -> dict[str, str]:
        size = request.headers.get("content-length", "")
        if not size.isdecimal() or int(size) > MAX_BYTES + _FORM:
            most = MAX_BYTES // _MEGABYTE
            raise InputError(
                f"一次最多 {most} MB，请分几次添加。",
                f"At most {most} MB at a time; add them in several goes.",
            )
        try:
            async with request.form(max_files=10 * MAX_FILES, max_part_size=MAX_BYTES) as form:
                batch, folder = uploads.begin()
                refused = await _put(form, folder)
        except HTTPException as error:
            raise InputError(
                f"表单无法读取，或文件太多（一次最多 {MAX_FILES} 个）。请重新添加。",
                f"The form cannot be read, or has too many files ({MAX_FILES} at a time at most). "
                "Add them again.",
            ) from error
        uploads.read(batch, refused)
        return {"key": batch.key}

    @router.get("/uploads/{key}")
    def look(key: str) -> dict[str, Any]:
        return _shown(uploads.batch(key))

    @router.post("/uploads/{key}")
    def add(key: str) -> dict[str, Any]:
        return _shown(uploads.add(key))

    @router.delete("/uploads/{key}")
    def discard(key: str) -> None:
        uploads.discard(key)

    @router.delete("/uploads")
    def remove(name: str) -> dict[str, str]:
        return {"key": uploads.remove(name).key}


async def _put(form: FormData, folder: Path) -> list[Skipped]:
    """Write a form's files, and its text as one more; return what there was no room for."""
    refused: list[Skipped] = []
    files = [file for file in form.getlist("files") if isinstance(file, UploadFile)]
    for number, file in enumerate(files):
        name = fit_name(file.filename or "")
        if number >= MAX_FILES:
            refused.append(
                Skipped(name, f"一次最多 {MAX_FILES} 个文件 / at most {MAX_FILES} files at a time")
            )
            continue
        with free_name(folder / name).open("wb") as target:
            while block := await file.read(_MEGABYTE):
                target.write(block)
    text = form.get("text")
    if isinstance(text, str) and text.strip():
        name = fit_name(f"{form.get('name') or ''}.txt")
        free_name(folder / name).write_text(text, encoding="utf-8", errors="replace")
    elif not files:
        raise InputError(
            "没有文件，也没有文字。请选择文件，或粘贴文字。",
            "There is neither a file nor any text. Choose files, or paste text.",
        )
    return refused


def _shown(batch: Batch) -> dict[str, Any]:
    error = batch.error
    return {
        "state": batch.state,
        "stage": batch.stage,
        "done": batch.done,
        "total": batch.total,
        "seconds_left": batch.seconds_left,
        "articles": batch.articles,
        "shown": MAX_SHOWN,
        "found": [asdict(found.entry) | {"known": found.known} for found in batch.found],
        "refused": [asdict(skipped) for skipped in batch.refused],
        "rebuilt": asdict(batch.rebuilt) if batch.rebuilt else None,
        "error": {"chinese": error.chinese, "english": error.english} if error else None,
    }
