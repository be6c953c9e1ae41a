"""Makes of the words that the reader found the exact answer: whole, and no more than asked for."""

import re

from embeddings.sentences import Span
from embeddings.tokens import simplify
from qa.evidence import figure_spans
from qa.items import listed_names
from qa.question import Question

_QUOTES = {"“": "”", "‘": "’", "《": "》", "「": "」", "『": "』"}
_LONGEST_QUOTE = 40
"""Characters within which a quotation's other mark is looked for: longer ones are speech."""
_BREAK = re.compile(r"[，,、；;。：:（(）)]")


def exact_span(question: Question, text: str, span: Span) -> Span:
    """Return where the exact answer stands in a passage's text.

    A title or quoted name is taken whole. Of several figures, where one is asked for, the one is
    taken that the words before it share most with the question: 「区级130家」 for 「区一级的」. Of
    several names the only one of the kind asked for: 「桂园路中学」 for 「哪所中学」.

    Args:
        question: As understood.
        text: The passage's.
        span: Where the reader found the answer.
    """
    if question.wants_list:
        return _whole_quotation(text, span)
    if question.wants == "figure":
        return _one_figure(question, text, span)
    return _one_name(question, text, _whole_quotation(text, span))


def _whole_quotation(text: str, span: Span) -> Span:
    """Extend a span that cuts a quotation to both of its marks, these left out if they can be."""
    start, end = span
    for opening, closing in _QUOTES.items():
        inside = text[start:end]
        if inside.count(opening) > inside.count(closing):
            at = text.find(closing, end, end + _LONGEST_QUOTE)
            end = at + 1 if at >= 0 else end
        elif inside.count(closing) > inside.count(opening):
            at = text.rfind(opening, max(0, start - _LONGEST_QUOTE), start)
            start = at if at >= 0 else start
        elif not inside.count(opening):
            start, end = _around(text, start, end, opening, closing)
    return Span(start, end)


def _around(text: str, start: int, end: int, opening: str, closing: str) -> tuple[int, int]:
    """Return the quotation that a span is a part of, without its marks, else the span."""
    before = text[max(0, start - _LONGEST_QUOTE) : start]
    after = text[end : end + _LONGEST_QUOTE]
    opened, closed = before.rfind(opening), after.find(closing)
    is_inside = opened > before.rfind(closing) and closed >= 0
    if not is_inside or 0 <= after.find(opening) < closed:
        return start, end
    if _BREAK.search(before[opened:] + after[:closed]):
        return start, end  # speech, of which a part may be the answer
    return start - len(before) + opened + 1, end + closed


def _one_name(question: Question, text: str, span: Span) -> Span:
    if "哪" not in question.own:
        return span
    names = listed_names(text[span.start : span.end])
    kinds = tuple(word for word in question.weights if len(word) > 1)
    of_kind = [name for name in names if simplify(name).endswith(kinds)]
    if len(names) < 2 or len(of_kind) != 1 or simplify(of_kind[0]) in question.own:
        return span
    start = text.index(of_kind[0], span.start)
    return Span(start, start + len(of_kind[0]))


def _one_figure(question: Question, text: str, span: Span) -> Span:
    found = figure_spans(question, text[span.start : span.end])
    if len(found) < 2:
        return span
    asked = set(re.findall(r"[\u4e00-\u9fff]", simplify(question.own)))

    def shared(place: Span) -> int:
        clause = _BREAK.split(text[: span.start + place.start])[-1]
        return len(asked & set(simplify(clause)))

    *others, best = sorted(found, key=shared)
    if shared(best) == shared(others[-1]):
        return span
    return Span(span.start + best.start, span.start + best.end)
