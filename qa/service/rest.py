"""REST: questions, passages and articles for other programs, described by OpenAPI."""

import importlib.metadata
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query
from fastapi.security import HTTPBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent

from embeddings import load_index
from embeddings.address import IndexAddress
from embeddings.types import Article
from qa.answer import ask
from qa.llm import LanguageModel
from qa.retrieve import retrieve
from qa.service.metrics import count
from qa.service.models import (
    AnswerResult,
    ArticleList,
    AskFields,
    ListFields,
    SearchFields,
    SearchResult,
    TurnFields,
)
from qa.service.problems import (
    INVALID,
    UNAVAILABLE,
    UNKNOWN,
    UNUSABLE,
    UnknownError,
    responses,
    tell_problems,
)
from qa.stream import Delta, Event, Found, ask_stream
from qa.terminal import answer_fields

_ABOUT = """Ask a newspaper questions and get short, exact, cited answers.

Every quote is verbatim: `article.text[start:end]` of the article with its `article_id`. Where
`abstained` is true the newspaper does not answer.
"""
_EVENTS = """`passages` once: `{"passages": [...]}`, as from `search`; `delta` any number of times:
`{"text": "..."}`, a language model's next words, unchecked; `answer` once, at the end: as from
`ask`. Show the text of `answer` in place of the deltas: it has been checked."""


_BEARER = HTTPBearer(auto_error=False, description="The password of the server.")


def build_rest(
    index: IndexAddress, llm: LanguageModel | None = None, guarded: bool = False
) -> FastAPI:
    """Return the application over an index folder; it goes under ``/api``.

    Every request is answered from the snapshot that is live when it comes.

    Args:
        index: The index folder.
        llm: A language model that writes answers.
        guarded: Whether requests need the password; it is looked at before they come here.
    """
    app = FastAPI(
        dependencies=[Depends(_BEARER)] if guarded else None,
        title="问报 Wenbao",
        version=importlib.metadata.version("wenbao"),
        description=_ABOUT,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    tell_problems(app)
    _add_questions(app, index, llm)
    _add_stream(app, index, llm)
    _add_articles(app, index)
    return app


def _add_questions(app: FastAPI, index: IndexAddress, llm: LanguageModel | None) -> None:
    errors = responses(UNUSABLE, INVALID, UNAVAILABLE)

    def search(fields: SearchFields) -> SearchResult:
        passages = retrieve(fields.question, fields.k, index, fields.filters())
        return SearchResult(question=fields.question, passages=passages)

    def answer(fields: AskFields) -> dict[str, Any]:
        filters = fields.filters()
        answered = ask(fields.question, fields.before(), index, filters, llm=llm)
        count(answered, "api")
        return answer_fields(answered)

    @app.get("/search", responses=errors, summary="Find passages for a question")
    def search_by_address(fields: Annotated[SearchFields, Query()]) -> SearchResult:
        return search(fields)

    @app.post("/search", responses=errors, summary="Find passages for a question")
    def search_by_body(fields: SearchFields) -> SearchResult:
        return search(fields)

    @app.get("/ask", responses=errors, summary="Answer a question", response_model=AnswerResult)
    def ask_by_address(fields: Annotated[AskFields, Query()]) -> dict[str, Any]:
        return answer(fields)

    @app.post("/ask", responses=errors, summary="Answer a question", response_model=AnswerResult)
    def ask_by_body(fields: TurnFields) -> dict[str, Any]:
        return answer(fields)


def _add_stream(app: FastAPI, index: IndexAddress, llm: LanguageModel | None) -> None:
    described: dict[str, Any] = {
        "summary": "Answer a question, as server-sent events",
        "description": _EVENTS,
        "responses": responses(UNUSABLE, INVALID, UNAVAILABLE),
        "response_class": EventSourceResponse,
    }

    def begun(fields: AskFields) -> Iterator[Event]:
        """Answer as far as the first event: until then errors still have a status."""
        events = ask_stream(fields.question, fields.before(), index, fields.filters(), llm=llm)
        first = next(events)

        def all_events() -> Iterator[Event]:
            yield first
            yield from events

        return all_events()

    def begun_by_body(fields: TurnFields) -> Iterator[Event]:
        return begun(fields)

    def begun_by_address(fields: Annotated[AskFields, Query()]) -> Iterator[Event]:
        return begun(fields)

    @app.get("/ask/stream", **described)
    def stream_by_address(
        events: Annotated[Iterator[Event], Depends(begun_by_address)],
    ) -> Iterator[ServerSentEvent]:
        yield from map(_sent, events)

    @app.post("/ask/stream", **described)
    def stream_by_body(
        events: Annotated[Iterator[Event], Depends(begun_by_body)],
    ) -> Iterator[ServerSentEvent]:
        yield from map(_sent, events)


def _sent(event: Event) -> ServerSentEvent:
    match event:
        case Found(passages):
            return ServerSentEvent(event="passages", data={"passages": passages})
        case Delta(text):
            return ServerSentEvent(event="delta", data={"text": text})
        case answer:
            count(answer, "api")
            return ServerSentEvent(event="answer", data=answer_fields(answer))


def _add_articles(app: FastAPI, index: IndexAddress) -> None:
    @app.get(
        "/articles",
        responses=responses(UNUSABLE, INVALID, UNAVAILABLE),
        summary="List articles",
    )
    def articles(fields: Annotated[ListFields, Query()]) -> ArticleList:
        opened = load_index(index)
        ids = opened.article_ids(fields.filters())
        page = ids[fields.offset : fields.offset + fields.limit]
        found = [article for article_id in page if (article := opened.article(article_id))]
        return ArticleList(total=len(ids), offset=fields.offset, limit=fields.limit, articles=found)

    @app.get(
        "/articles/{article_id:path}",
        responses=responses(UNKNOWN, INVALID, UNAVAILABLE),
        summary="Read one article",
    )
    def article(article_id: str) -> Article:
        found = load_index(index).article(article_id)
        if found is None:
            raise UnknownError(
                "没有这篇文章。编号可从 /api/articles 或检索结果里取。",
                "There is no such article. Take ids from /api/articles or from a search.",
            )
        return found
