"""What REST and MCP take and give. Answers have the fields of the command line's ``--json``."""

import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from embeddings import Filters
from embeddings.types import Article, Kind, Passage
from qa.conversation import Conversation
from qa.retrieve import MAX_QUESTION
from qa.types import Citation, Claim, Item

MOST_PASSAGES = 50
MOST_ARTICLES = 100
"""Articles of one page of the list."""
LONGEST_CONVERSATION = 1_000_000
"""Characters of a conversation in its text form."""
MOST_TURNS = 50
"""Earlier questions that may be sent with a question."""
_LONGEST_FILTER = 500

QuestionText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        description="In Chinese (Simplified or Traditional) or English.",
        examples=["示范区纪委检查了多少家企业？"],
    ),
]
HowMany = Annotated[int, Field(ge=1, le=MOST_PASSAGES, description="How many passages.")]
FilterText = Annotated[str | None, Field(min_length=1, max_length=_LONGEST_FILTER)]


class FilterFields(BaseModel):
    """Conditions on the articles to look in; all that are given must hold."""

    model_config = ConfigDict(extra="forbid")

    since: datetime.date | None = Field(
        default=None, description="First day of publication, YYYY-MM-DD."
    )
    until: datetime.date | None = Field(
        default=None, description="Last day of publication, inclusive, YYYY-MM-DD."
    )
    author: FilterText = Field(default=None, description="A reporter's whole name.")
    section: FilterText = Field(default=None, description="A section's name, or a part of it.")
    source: FilterText = Field(default=None, description="A file or folder, as sources show it.")
    kind: Kind | None = Field(default=None, description="`photo` for captions of photographs.")
    article_id: FilterText = Field(default=None, description="The id of one article.")

    def filters(self) -> Filters:
        """Return the filters.

        Raises:
            InputError: They contradict each other, or one is empty.
        """
        return Filters(**{name: getattr(self, name) for name in FilterFields.model_fields})


class SearchFields(FilterFields):
    """A question to find passages for."""

    question: QuestionText
    k: HowMany = 5


class AskFields(FilterFields):
    """A question to answer."""

    question: QuestionText
    history: list[QuestionText] = Field(
        default_factory=list,
        max_length=MOST_TURNS,
        description="Earlier questions of the conversation, oldest first.",
        examples=[[]],
    )

    def before(self) -> Conversation | list[str]:
        """Return what was said before."""
        return self.history


class TurnFields(AskFields):
    """A question to answer, in a conversation in its text form or after earlier questions."""

    conversation: str = Field(
        default="",
        max_length=LONGEST_CONVERSATION,
        description="JSON lines: earlier answers as they came from here, oldest first. Goes "
        "before `history`.",
    )

    def before(self) -> Conversation | list[str]:
        """Return what was said before, from the conversation where there is one.

        Raises:
            InputError: A line of the conversation is damaged.
        """
        if self.conversation.strip():
            return Conversation.from_jsonl(self.conversation, "conversation")
        return self.history


class ListFields(FilterFields):
    """A page of the list of articles."""

    offset: int = Field(default=0, ge=0, le=2**31, description="Articles to pass over.")
    limit: int = Field(
        default=20, ge=1, le=MOST_ARTICLES, description="Articles to return at most."
    )


class SearchResult(BaseModel):
    """The passages for a question, best first."""

    question: str
    passages: list[Passage]


class AnswerResult(BaseModel):
    """An answer and its evidence.

    Every quote is verbatim: `article.text[start:end]` of its article.
    """

    question: str
    answer: str = Field(description="Sentences, each followed by the `[n]` of its citations.")
    exact: str | None = Field(description="The shortest exact answer, verbatim from a quote.")
    abstained: bool = Field(description="The newspaper does not answer; nothing is cited then.")
    confidence: float = Field(
        ge=0,
        le=1,
        description="Probability that the quotes answer; of a timeline that no "
        "sentence by itself would answer, how much of the question is there.",
    )
    citations: list[Citation]
    seconds: float
    understood: str = Field(description="The question as searched.")
    filters: Filters = Field(description="Those understood from the question.")
    note: str = Field(description="How a language model had a part in it, in both languages.")
    claims: list[Claim] = Field(description="What a language model wrote, sentence by sentence.")
    topic: str = Field(description="The question that opened the topic this one belongs to.")
    items: tuple[Item, ...] = Field(
        description="What a list, a timeline or the news of a day is made of, each with the number "
        "of its citation; else empty."
    )
    stages: dict[str, float] = Field(description="Seconds of each stage.")


class ArticleResult(BaseModel):
    """One article whole."""

    id: str
    headline: str | None
    kicker: str | None
    authors: tuple[str, ...]
    date: datetime.date | None
    section: str | None
    source: str
    kind: Kind
    text: str


class ArticleList(BaseModel):
    """A page of the list of articles, whose order stays until the next rebuild."""

    total: int = Field(description="Articles that meet the filters.")
    offset: int
    limit: int
    articles: list[Article]


class Problem(BaseModel):
    """What went wrong and how to put it right."""

    chinese: str
    english: str
