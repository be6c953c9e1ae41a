"""Responses to requests that are not answered: short JSON that says why in both languages."""

from starlette.responses import JSONResponse


def refusal(status: int, chinese: str, english: str, **headers: str) -> JSONResponse:
    """Return a response that says why and what to do, with the fields of ``models.Problem``.

    Args:
        status: Of HTTP.
        chinese: The message.
        english: The same.
        headers: More headers, with ``_`` in the place of ``-``.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse({"chinese": chinese, "english": english}, status, named)


def try_later(seconds: int, chinese: str, english: str) -> JSONResponse:
    """Return a response to somebody who asks too much or too soon (RFC 6585, section 4)."""
    return refusal(429, chinese, english, retry_after=str(max(1, seconds)))
