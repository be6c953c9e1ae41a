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
_REFUSED = {
    400: ("请求无法读取。", "The request cannot be read."),
    403: ("请求来自别的网站，不予受理。", "The request comes from another site and is refused."),
    404: ("没有这个地址，或所要的已不在。", "There is no such address, or it is gone."),
    405: ("这个地址不能这样请求。", "This address takes no requests of that kind."),
}
"""What is said for a status of HTTP that comes without words of ours."""
_INVALID = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是 JSON",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "too_long": "最多 {max_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "string_type": "应为文字",
    "int_parsing": "应为整数",
    "date_from_datetime_parsing": "应为日期，如 2022-07-18",
    "literal_error": "应为 {expected}",
}
"""Pydantic's messages in Chinese, by the type of the error."""


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
        status = error.status_code
        unknown = (f"请求有误（{status}）。", error.detail)
        told = refusal(status, *_REFUSED.get(status, unknown))
        told.headers.update(error.headers or {})
        return told

    @app.exception_handler(RequestValidationError)
    def tell_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is not repeated: it may not even be text.
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        place = place.encode("utf-8", "replace").decode()
        chinese = _INVALID.get(first["type"], "不合要求").format_map(first.get("ctx", {}))
        chinese = chinese.replace(" or ", " 或 ")  # in what a literal may be
        return refusal(INVALID, f"{place} 有误：{chinese}。", f"{place}: {first['msg']}")

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
