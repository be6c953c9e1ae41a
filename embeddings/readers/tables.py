"""Tables (.csv, .tsv): one article a row, columns named in the first."""

import csv
import io

from embeddings.readers.draft import Draft, Reading, Unreadable
from embeddings.readers.fields import TEXT, draft_from_fields, known_field, text_of
from embeddings.types import Skipped

_DELIMITERS = ",\t;|"
_MAX_CELL = 4_000_000
"""Longest cell in characters: a book has fewer."""


def read_csv(text: str, path: str) -> Reading:
    """Return an article for each row with a text; say why others are none.

    The columns are the fields of ``fields``, in any order; others are left alone. Cells beyond the
    last column go to it if it has the text: there are commas in that and no quotes around it.

    Raises:
        Unreadable: No column has the text.
    """
    csv.field_size_limit(_MAX_CELL)
    delimiter, body = _delimiter(text), text.rstrip("\n")
    last = body.count("\n") + 1
    rows = csv.reader(io.StringIO(f"{body}\n\n", newline=""), delimiter=delimiter)
    drafts: list[Draft] = []
    skipped: list[Skipped] = []
    columns: list[str] = []
    end = 0
    try:
        for row in rows:
            if row and rows.line_num > last:  # an open quote takes in the blank line
                raise csv.Error("unexpected end of data")
            first, end = end + 1, rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = _columns(row)
                continue
            draft, reason = _read_row(row, columns, delimiter, (first, end))
            if draft is not None:
                drafts.append(draft)
            else:
                skipped.append(Skipped(f"{path}:{first}", reason))
    except csv.Error as error:
        reason = f"表格从这里起有误（引号未闭合？） / malformed from here (open quote?): {error}"
        skipped.append(Skipped(f"{path}:{end + 1}", reason))
    return Reading(tuple(drafts), tuple(skipped))


def _read_row(
    row: list[str], columns: list[str], delimiter: str, lines: tuple[int, int]
) -> tuple[Draft | None, str]:
    width = len(columns)
    if any(cell.strip() for cell in row[width:]):
        if columns[-1] not in TEXT:
            return None, (
                f"比第一行多出几格，含有 {delimiter!r} 的内容请加引号"
                f" / more cells than the first row; quote what has {delimiter!r} in it"
            )
        row = [*row[: width - 1], delimiter.join(row[width - 1 :])]
    record = {name: cell for name, cell in zip(columns, row, strict=False) if cell.strip()}
    draft = draft_from_fields(record, text_of(record), lines)
    return (draft, "") if draft.text else (None, "没有正文 / no text in this row")


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
