"""Errors of REST as documented JSON."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from embeddings.errors import InputError, WenbaoError
from qa.service.models import Problem
from qa.service.refusals import refusal

INVALID, UNUSABLE, UNKNOWN, UNAVAILABLE = 422, 400, 404, 503
_ALWAYS = {
    401: "The password is missing or wrong, where the server has one.",
    413: "The request has too many bytes.",
    429: "Too many requests; `Retry-After` says in how many seconds to come back.",
}
"""What every request may be told before it comes to its door."""


class UnknownError(WenbaoError):
    """There is no such article."""


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of errors for OpenAPI."""
    told = {
        UNUSABLE: "The body, the question or a filter cannot be used.",
        UNKNOWN: "There is no such article.",
        INVALID: "A parameter is missing, too long or of the wrong kind.",
        UNAVAILABLE: "There is no index, or it or its model cannot be read.",
    }
    # Spelled out: with ``model``, errors of event streams would be described as event streams.
    content = {"application/json": {"schema": Problem.model_json_schema()}}
    known = {status: told[status] for status in statuses} | _ALWAYS
    return {status: {"description": text, "content": content} for status, text in known.items()}


def tell_problems(app: FastAPI) -> None:
    """Let an application answer errors with their message in both languages."""

    @app.exception_handler(WenbaoError)
    def tell(request: Request, error: WenbaoError) -> JSONResponse:
        return refusal(_status_of(error), error.chinese, error.english)

    @app.exception_handler(HTTPException)
    def tell_status(request: Request, error: HTTPException) -> JSONResponse:
        told = refusal(error.status_code, f"请求有误：{error.detail}", error.detail)
        told.headers.update(error.headers or {})
        return told

    @app.exception_handler(RequestValidationError)
    def tell_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is not repeated: it may not even be text.
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        place = place.encode("utf-8", "replace").decode()
        return refusal(INVALID, f"{place} 有误：{first['msg']}", f"{place}: {first['msg']}")

    @app.exception_handler(Exception)
    def tell_error(request: Request, error: Exception) -> JSONResponse:
        return refusal(
            500,
            "程序出了意外的错误，详情已写入日志。",
            "Something went wrong in the program; details are in the log.",
        )


def _status_of(error: WenbaoError) -> int:
    """Return the HTTP status that tells what kind of error it is."""
    if isinstance(error, UnknownError):
        return UNKNOWN
    return UNUSABLE if isinstance(error, InputError) else UNAVAILABLE
