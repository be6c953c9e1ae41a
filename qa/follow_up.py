"""Follow-up questions: tells whether one leans on what was said, and completes it from there.

Decided from the question's words and from the article that the conversation is about, before
anything is searched; it takes a millisecond or two. What completes a question is shown to the
reader in ``Answer.understood``.
"""

import dataclasses
import functools
import re
from dataclasses import dataclass

from embeddings import Index
from embeddings.tokens import simplify, simplify_characters
from embeddings.types import Article
from qa.conversation import Conversation
from qa.evidence import NAMES, persons, tagged
from qa.parallel import QUESTION_END, in_its_place, of_the_same, thing_asked
from qa.pronouns import pronouns_in
from qa.question import content_of, coverage, understand
from qa.retrieve import MAX_QUESTION
from qa.types import Answer

ABOUT = 0.5
"""Share of a question's content, by weight, that the article under discussion has if the question
is about it. With no name missing, 0.94 of 414 questions on an article of ``drcd_dev`` reach it and
0.005 of them on another one; of 341 of ``cmrc2018_trial`` 0.98 and 0.015."""
LITTLE = 20.0
RARE = 13.0
"""Weight of all the content, and of its rarest word, below which a question says too little to
stand alone: 「谁主持的？」. None of those 414 questions is below both."""
ARTICLE_START = 6000
"""Characters of the article under discussion that are looked at: more would take too long."""
LONGEST = 200
"""Characters of a question that may be a follow-up: a longer one says enough."""

_MORE = re.compile(
    rf"^(?:那么?|那)?(?:还有|另外还有|另外|此外|除此之外|别的|其[他它余]的?)"
    rf"(?:还有|有没有|别的|其[他它余]的?|什么|哪些|谁|更多的?)*(?:呢|吗|没有?)?{QUESTION_END}"
    rf"|^(?:and\s+)?(?:what|who|any(?:thing|one|body))\s+else{QUESTION_END}"
)
_OVERT = re.compile(
    rf"其中|^[还再](?!说|看|问)|[\u4e00-\u9fff]呢{QUESTION_END}"
    r"|\b(?:he|she|they|him|her|his|hers|their|them|its?|this|these|those)\b|\bwhat about\b|^and\b"
)
"""Signs that a question leans on what was said, whatever names are in it; so are 他 and 她."""
_FAINT = re.compile(
    r"其[他它余]|(?<![应活本])该(?![怎如不去做由是])[\u4e00-\u9fff]|这|此[次外前后人事案举]"
    r"|(?:^|[在到从跟和与对把被给])那(?!么|不勒|曲|达)|那(?:[个些次家位项里边儿天年时场会]|一)"
    r"|上述|前者|后者|双方|两者|当时|当天|当晚|同一[天年]|事后|也|要是|如果"
)
"""Signs that it does if it names nothing new."""
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
        context: The content words of the topic's question, to search with where that article
            has no answer; may be empty.
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
    # A conversation may come from anywhere; what was asked in it is no longer than questions are.
    latest = dataclasses.replace(
        answers[-1],
        question=answers[-1].question[:MAX_QUESTION],
        understood=answers[-1].understood[:MAX_QUESTION],
    )
    return Topic((telling.topic or telling.question)[:MAX_QUESTION], latest, article)


def follow_up(question: str, topic: Topic) -> FollowUp | None:
    """Return a question completed from what was said, or None if it stands on its own."""
    if len(question) > LONGEST:
        return None
    asked = simplify_characters(question.strip())
    article_id = topic.article.id if topic.article else None
    if _MORE.match(asked.lower()):
        return FollowUp(_completed(topic.latest), "", article_id, topic.question, more=True)
    thing = thing_asked(asked)
    if thing is not None:
        before = _completed(topic.latest)
        text = of_the_same(thing, before)
        if text is not None:
            return FollowUp(text, "", article_id, text)
        text = in_its_place(thing, before)
        inside = coverage(understand(thing), topic.words) >= ABOUT
        return FollowUp(text, "", article_id if inside else None, text)
    if _OVERT.search(asked.lower()) or pronouns_in(asked) or _leans(asked, topic):
        named = _named(question, topic)
        return FollowUp(named, content_of(topic.question), article_id, topic.question)
    return None


def _completed(latest: Answer) -> str:
    """Return the last question as completed, without the words of its topic before it."""
    return (latest.understood or latest.question).removeprefix(f"{content_of(latest.topic)} ")


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
        if len(word) > 1 and (tag.startswith(NAMES) or re.match(r"\d{2}", word))
    ]


def _named(question: str, topic: Topic) -> str:
    """Put the person that was spoken of in the place of 他 or 她, if it is plain who."""
    latest = topic.latest
    found = persons(simplify_characters(latest.question))
    if not found and latest.exact and understand(latest.question).wants == "person":
        found = (latest.exact,) if _NAME.fullmatch(latest.exact) else ()
    pronoun = next((p for p in pronouns_in(simplify_characters(question)) if p.is_person), None)
    if len(set(found)) != 1 or pronoun is None:
        return question
    return f"{question[: pronoun.start]}{found[0]}{question[pronoun.end :]}"


@functools.lru_cache(maxsize=64)
def _looked_at(headline: str, text: str) -> str:
    return simplify(f"{headline} {text}")
