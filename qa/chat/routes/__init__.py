"""What the page asks the server for, as JSON under ``/page``.

Each module answers for one part of the page. Errors that a reader can put right come with their
message in both languages.
"""

from collections.abc import Callable

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from embeddings.address import IndexAddress
from embeddings.errors import WenbaoError
from qa.chat.routes import adding, asking, browsing, exporting, judging
from qa.chat.warm import Warmth
from qa.llm import LanguageModel
from qa.service.problems import tell_problems
from qa.service.refusals import refusal

PREFIX = "/page"


class _TellingRoute(APIRoute):
    """Turns a reader's error into its message, in both languages."""

    def get_route_handler(self) -> Callable[[Request], object]:  # type: ignore[override]
        handler = super().get_route_handler()

        async def telling(request: Request) -> Response:
            try:
                return await handler(request)
            except WenbaoError as error:
                return refusal(422, error.chinese, error.english)

        return telling


def _from_this_page(request: Request) -> None:
    """Let no other site that a reader visits change anything here.

    Raises:
        HTTPException: The browser says that another site asks.
    """
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise HTTPException(403)


def add_routes(
    app: FastAPI, index: IndexAddress, warmth: Warmth, llm: LanguageModel | None = None
) -> None:
    """Let an application answer the page over an index."""
    tell_problems(app)
    router = APIRouter(
        prefix=PREFIX, route_class=_TellingRoute, dependencies=[Depends(_from_this_page)]
    )
    asking.add_to(router, index, warmth, llm)
    browsing.add_to(router, index)
    adding.add_to(router, index)
    judging.add_to(router, index)
    exporting.add_to(router)
    app.include_router(router)
