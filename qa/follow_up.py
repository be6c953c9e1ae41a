"""Follow-up questions: tells whether one leans on what was said, and completes it from there.

Decided from the question's words and from the article that the conversation is about, before
anything is searched; it takes a millisecond or two. What completes a question is shown to the
reader in ``Answer.understood``.
"""

import functools
import os
import re
from dataclasses import dataclass
from typing import NamedTuple

from embeddings import Index
from embeddings.tokens import simplify, simplify_characters
from embeddings.types import Article
from qa.conversation import Conversation
from qa.evidence import persons, tagged
from qa.question import content_of, coverage, understand
from qa.types import Answer

ABOUT = 0.5
"""Share of a question's content, by weight, that the article under discussion has if the question
is about it. With no name missing, 0.940 of the questions on an article of ``drcd_dev`` reach it
and 0.005 of those on another; on ``cmrc2018_trial`` 0.982 and 0.015."""
LITTLE = 20.0
RARE = 13.0
"""Weight of all the content, and of its rarest word, below which a question says too little to
stand alone: 「谁主持的？」. No question of ``drcd_dev`` is below both."""
ARTICLE_START = 6000
"""Characters of the article under discussion that are looked at: more would take too long."""
MAX_PARALLEL = 16
"""Characters of what 「那…呢」 asks about: more is a clause."""

_END = r"[?？!！。.…\s]*$"
_MORE = re.compile(
    rf"^(?:那么?|那)?(?:还有|另外还有|另外|此外|除此之外|别的|其[他它余]的?)"
    rf"(?:还有|有没有|别的|其[他它余]的?|什么|哪些|谁|更多的?)*(?:呢|吗|没有?)?{_END}"
)
_PARALLEL = re.compile(rf"^(?:那么?|再看|至于)?[,，、\s]*(?:其中)?(?P<thing>.+?)呢{_END}")
_CLAUSE = re.compile(
    r"要是|如果|假如|万一|什么|为何|为啥|怎么|怎样|如何|谁|哪|几|多少|多[大长高远久]|吗|是不是|有没有|还有"
)
_POINTING = re.compile(r"(?:的)?(?:那|这)(?:一)?[个些家次位项种]$|的$|[,，、\s]+$")
_OVERT = re.compile(
    rf"[他她它]们?|其中|^[还再](?!说|看|问)|[\u4e00-\u9fff]呢{_END}"
    r"|\b(?:he|she|they|him|her|his|hers|their|them|its?|this|these|those)\b|\bwhat about\b|^and\b"
)
"""Signs that a question leans on what was said, whatever names are in it."""
_FAINT = re.compile(
    r"其余|(?<![应活本])该(?![怎如不去做由是])[\u4e00-\u9fff]|这|此[次外前后人事案举]"
    r"|(?:^|[在到从跟和与对把被给])那(?!么|不勒|曲|达)|那(?:[个些次家位项里边儿天年时场会]|一)"
    r"|上述|前者|后者|双方|两者|当时|当天|当晚|同一[天年]|事后|也|要是|如果"
)
"""Signs that it does if it names nothing new."""
_PERSON_PRONOUN = re.compile(r"[他她](?!们)")
_NOUNS = ("n", "j", "b", "vn", "t", "m", "eng", "l", "s")
_NAMES = ("nr", "ns", "nt", "nz", "eng")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a conversation is about.

    Attributes:
        question: The question that opened it, as searched.
        latest: The last answer, of whatever kind.
        article: What the last answer that cites anything cites first, or else the nearest to
            the last question, if the index still has it.
    """

    question: str
    latest: Answer
    article: Article | None

    @property
    def words(self) -> str:
        """The beginning of the article in Simplified characters; empty if there is none."""
        if self.article is None:
            return ""
        return _looked_at(self.article.headline or "", self.article.text[:ARTICLE_START])


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that leans on what was said.

    Attributes:
        text: The question, complete in its own words as far as they can be put in.
        context: What else to search with, before it; may be empty.
        article_id: The article to look in first, or None.
        topic: What the conversation is about from here on.
        more: Whether other answers to the question before are asked for.
    """

    text: str
    context: str
    article_id: str | None
    topic: str
    more: bool = False


def topic_of(conversation: Conversation, index: Index) -> Topic | None:
    """Return what a conversation is about, or None where nothing was said."""
    if not conversation.turns:
        return None
    answers = [turn.answer for turn in conversation.turns]
    telling = next((a for a in reversed(answers) if a.citations), answers[-1])
    shown = telling.citations or telling.passages
    article = index.article(shown[0].article_id) if shown else None
    return Topic(telling.topic or telling.question, answers[-1], article)


def follow_up(question: str, topic: Topic) -> FollowUp | None:
    """Return a question completed from what was said, or None if it stands on its own."""
    asked = simplify_characters(question.strip())
    article_id = topic.article.id if topic.article else None
    if _MORE.match(asked):
        before = topic.latest.understood or topic.latest.question
        return FollowUp(before, "", article_id, topic.question, more=True)
    parallel = _parallel(asked)
    if parallel is not None:
        text = _in_place(parallel, topic.latest)
        inside = coverage(understand(parallel), topic.words) >= ABOUT
        return FollowUp(text, "", article_id if inside else None, text)
    if _OVERT.search(asked.lower()) or _leans(asked, topic):
        named = _named(question, topic)
        return FollowUp(named, content_of(topic.question), article_id, topic.question)
    return None


def _leans(asked: str, topic: Topic) -> bool:
    """Tell whether a question that names nothing new is about what was said."""
    understood = understand(asked)
    if not understood.is_chinese or any(n not in topic.words for n in _names(understood.own)):
        return False
    weights = understood.weights.values()
    says_little = sum(weights) < LITTLE and max(weights, default=0.0) < RARE
    return says_little or bool(_FAINT.search(asked)) or coverage(understood, topic.words) >= ABOUT


def _names(simplified: str) -> list[str]:
    """Return names, foreign words, and figures of several digits: what no other article is about.

    Small figures and numerals as often count what is asked for (「哪两份文件」).
    """
    return [
        word
        for word, tag in tagged(simplified)
        if len(word) > 1 and (tag.startswith(_NAMES) or re.match(r"\d{2}", word))
    ]


def _parallel(asked: str) -> str | None:
    """Return what 「那…呢」 asks about."""
    match = _PARALLEL.match(asked)
    if match is None:
        return None
    thing = _POINTING.sub("", match["thing"].strip())
    is_thing = 0 < len(thing) <= MAX_PARALLEL and not _CLAUSE.search(thing)
    return thing if is_thing and not _PERSON_PRONOUN.search(thing) else None


def _in_place(thing: str, latest: Answer) -> str:
    """Ask the question before of another thing, which takes the place of what is most like it.

    That is the run of nouns that ends most alike (市级 for 省级), else the first of the same kind
    of name, else the first: the subject.
    """
    before = simplify_characters(latest.understood or latest.question)
    tag = tagged(thing)[-1][1]
    runs = _noun_runs(before)
    if not runs:
        return f"{thing} {before}"
    best = max(
        runs, key=lambda run: (_common_end(run.text, thing), run.tag == tag, -run.start, run.length)
    )
    return f"{before[: best.start]}{thing}{before[best.start + best.length :]}"


class _Run(NamedTuple):
    """Nouns that follow each other in a question; ``tag`` is the last one's."""

    start: int
    length: int
    text: str
    tag: str


def _noun_runs(text: str) -> list[_Run]:
    """Return all runs of nouns, those within longer ones included."""
    words: list[_Run] = []
    at = 0
    for word, tag in tagged(text):
        words.append(_Run(at, len(word), word, tag))
        at += len(word)
    runs = []
    for i in range(len(words)):
        for j in range(i, len(words)):
            if not words[j].tag.startswith(_NOUNS):
                break
            start, end = words[i].start, words[j].start + words[j].length
            runs.append(_Run(start, end - start, text[start:end], words[j].tag))
    return runs


def _common_end(one: str, other: str) -> int:
    """Return how many characters two texts end alike."""
    return len(os.path.commonprefix([one[::-1], other[::-1]]))


def _named(question: str, topic: Topic) -> str:
    """Put the person that was spoken of in the place of 他 or 她, if it is plain who."""
    latest = topic.latest
    found = persons(simplify_characters(latest.question))
    if not found and latest.exact and understand(latest.question).wants == "person":
        found = (latest.exact,) if _NAME.fullmatch(latest.exact) else ()
    if len(set(found)) != 1:
        return question
    return _PERSON_PRONOUN.sub(found[0], question, count=1)


@functools.lru_cache(maxsize=64)
def _looked_at(headline: str, text: str) -> str:
    return simplify(f"{headline} {text}")
