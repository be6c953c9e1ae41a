"""Tables (.csv, .tsv): one article a row, columns named in the first."""

import csv
import io

from embeddings.readers.draft import Draft, Reading, Unreadable
from embeddings.readers.fields import TEXT, draft_from_fields, known_field, text_of
from embeddings.types import Skipped

_DELIMITERS = ",\t;|"


def read_csv(text: str, path: str) -> Reading:
    """Return an article for each row with a text; say why others are none.

    The columns are the fields of ``fields``, in any order; others are left alone.

    Raises:
        Unreadable: No column has the text.
    """
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    drafts: list[Draft] = []
    skipped: list[Skipped] = []
    columns: list[str] = []
    end = 0
    try:
        for row in rows:
            first, end = end + 1, rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = _columns(row)
                continue
            record = {name: cell for name, cell in zip(columns, row, strict=False) if cell.strip()}
            draft = draft_from_fields(record, text_of(record), (first, end))
            if draft.text:
                drafts.append(draft)
            else:
                skipped.append(Skipped(f"{path}:{first}", "没有正文 / no text in this row"))
    except csv.Error as error:
        reason = f"表格从这里起有误（引号未闭合？） / malformed from here (open quote?): {error}"
        skipped.append(Skipped(f"{path}:{end + 1}", reason))
    return Reading(tuple(drafts), tuple(skipped))


def _columns(header: list[str]) -> list[str]:
    columns = [known_field(cell) for cell in header]
    if not any(name in columns for name in TEXT):
        known = " ".join(TEXT)
        raise Unreadable(
            f"第一行没有正文列（列名可为 {known}）",
            f"the first row names no column with the text (known: {known})",
        )
    return columns


def _delimiter(text: str) -> str:
    """Return the delimiter that parts most columns in the first row."""
    header = next((line for line in text.split("\n") if line.strip()), "")
    return max(_DELIMITERS, key=header.count)
