"""What is in the paper: to 「昨天有什么新闻」, the beginnings of the newest articles."""

import re

from embeddings import Filters, Index
from embeddings.ranking import passage_of
from embeddings.sentences import sentence_spans
from embeddings.tokens import simplify
from embeddings.types import Article
from qa.citations import citation_of, text_of
from qa.naming import name_of
from qa.sentences import Sentence
from qa.types import Answer, Item

MOST = 8
"""Articles of a digest."""

_ASKED = re.compile(
    r"[\W那都又]*(?:"
    r"(?:有|发生|出)?了?些?(?:什么|哪些|啥|几[条篇件])?(?:最新|重要|重大|主要)?的?"
    r"(?:新闻|报道|消息|文章|头条|要闻|稿件|大事|事情?|报纸)(?:有|是)?(?:什么|哪些|几[条篇])?"
    r"|(?:报纸?上?|[日晚早]报上?)?都?(?:有|发生|出|刊?登|登载|刊发|报道)[了过]?些?(?:什么|哪些|啥)"
    r")[了吗呢\W]*"
)


def wants_digest(asked: str) -> bool:
    """Tell whether nothing but news as such is asked for, the days left out."""
    return _ASKED.fullmatch(simplify(asked)) is not None


def digest(question: str, asked: str, index: Index, filters: Filters) -> Answer | None:
    """Return the first sentences of the newest articles that meet filters, or None.

    Args:
        question: As asked.
        asked: The question without the days it means.
        index: The opened index.
        filters: The articles to choose from.
    """
    newest = index.newest_articles(MOST, filters)
    leads = [lead for n, article in enumerate(newest, start=1) for lead in _lead(n, article)]
    if not leads:
        return None
    citations = tuple(citation_of(n, lead) for n, lead in enumerate(leads, start=1))
    names = (name_of(lead.passage.headline, lead.text) for lead in leads)
    return Answer(
        question=question,
        text=text_of(citations),
        exact=None,
        abstained=False,
        confidence=1.0,
        citations=citations,
        passages=tuple(lead.passage for lead in leads),
        seconds=0.0,
        understood=asked,
        items=tuple(Item(name, n) for n, name in enumerate(names, start=1)),
    )


def _lead(rank: int, article: Article) -> list[Sentence]:
    spans = sentence_spans(article.text)[:1]
    passages = [passage_of(article, span, rank, 1.0) for span in spans]
    return [Sentence(p, 0, p.start, p.end, p.text, simplify(p.text)) for p in passages]
