"""Puts retrieved passages in a better order once they have been read."""

import dataclasses
from collections.abc import Sequence

from embeddings.types import Passage

SPAN_WEIGHT = 0.03
"""Worth of one logit of a passage's best span, in the units of retrieval's score. On
``xquad_zh`` it raises MRR@10 from 0.974 to 0.980 and the share of questions whose first passage
has the answer from 0.954 to 0.966; 0.02 and 0.06 do nearly as well."""


def rerank(passages: Sequence[Passage], spans: Sequence[float]) -> tuple[Passage, ...]:
    """Return passages by retrieval's score and what the reader found in them, together.

    Either alone is worse: the reader is sure of the wrong year, retrieval of the wrong paragraph.
    Scores stay retrieval's; ranks are new.

    Args:
        passages: In retrieval's order.
        spans: Of each that was read, the first ones, the score of its best span
            (``qa.spans.Reading.best``). Those not read come after them.
    """
    read = sorted(
        zip(passages, spans, strict=False),
        key=lambda pair: (-(pair[0].score + SPAN_WEIGHT * pair[1]), pair[0].rank),
    )
    order = [*(passage for passage, _span in read), *passages[len(read) :]]
    return tuple(dataclasses.replace(passage, rank=rank) for rank, passage in enumerate(order, 1))
