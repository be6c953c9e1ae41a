"""JSON lines: one article a line."""

import json

from embeddings.readers.draft import Draft, Reading
from embeddings.readers.fields import draft_from_fields, known_fields, text_of
from embeddings.types import Skipped


def read_jsonl(text: str, path: str) -> Reading:
    """Return an article for each line that is a JSON object with a text; say why others are not.

    The fields are those of ``fields``; others are left alone.
    """
    drafts: list[Draft] = []
    skipped: list[Skipped] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        draft, reason = _read_record(line, number)
        if draft is not None:
            drafts.append(draft)
        else:
            skipped.append(Skipped(f"{path}:{number}", reason))
    return Reading(tuple(drafts), tuple(skipped))


def _read_record(line: str, number: int) -> tuple[Draft | None, str]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return None, f"不是有效的 JSON / not valid JSON: {error}"
    if not isinstance(record, dict):
        return None, "不是 JSON 对象 / not a JSON object"
    fields = known_fields(record)
    draft = draft_from_fields(fields, text_of(fields), (number, number))
    if not draft.text:
        return None, "没有正文（text 字段） / no text field"
    return draft, ""
