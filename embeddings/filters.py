"""What a search may be narrowed to."""

import datetime
from dataclasses import dataclass
from typing import get_args

from embeddings.errors import InputError
from embeddings.types import Kind


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on articles; all that are given must hold.

    Names are compared in Simplified characters, without case and white space.

    Attributes:
        since: First day of publication. An article without a date is in no range.
        until: Last day of publication, inclusive.
        author: A whole name of the byline.
        section: A section's name or a part of it; a number in it stands for itself only, so
            that 「2版」 is not 「12版」.
        source: A file or folder, by path or by the end or middle of one, as sources show it;
            a line span, as in ``page.txt:4-51``, narrows it to one article.
        kind: ``article`` or ``photo``.
        article_id: The id of one article.

    Raises:
        InputError: ``since`` is after ``until``, ``kind`` is neither, or a text is empty.
    """

    since: datetime.date | None = None
    until: datetime.date | None = None
    author: str | None = None
    section: str | None = None
    source: str | None = None
    kind: Kind | None = None
    article_id: str | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise InputError(
                f"起始日期 {self.since} 晚于截止日期 {self.until}。请把两个日期对调。",
                f"The first day {self.since} is after the last day {self.until}. Swap them.",
            )
        if self.kind is not None and self.kind not in get_args(Kind):
            raise InputError(
                f"没有 {self.kind} 这种体裁。请写 {' 或 '.join(get_args(Kind))}。",
                f"There is no kind {self.kind}. Write {' or '.join(get_args(Kind))}.",
            )
        for name in ("author", "section", "source", "article_id"):
            value = getattr(self, name)
            if value is not None and not value.strip():
                raise InputError(
                    f"筛选条件 {name} 是空的。请填写内容，或去掉它。",
                    f"The filter {name} is empty. Give it a value, or leave it out.",
                )


EVERYTHING = Filters()
"""No condition at all."""
