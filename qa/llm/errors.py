"""Why a language model gave no answer, and what can be done about it.

Nothing that the endpoint says of an error is repeated: it may contain the key.
"""

_KEY = ("请检查密钥 WENBAO_LLM_KEY", "check its key, WENBAO_LLM_KEY")
_PLACE = (
    "请检查接口地址 WENBAO_LLM_URL（通常以 /v1 结尾）和模型名 WENBAO_LLM_MODEL",
    "check its endpoint, WENBAO_LLM_URL (which mostly ends in /v1), and its name, WENBAO_LLM_MODEL",
)
_MORE_TIME = (
    "请稍后再试，或加大 WENBAO_LLM_TIMEOUT",
    "try again later, or raise WENBAO_LLM_TIMEOUT",
)
_LATER = ("请稍后再试", "try again later")
_REMEDIES = {400: _PLACE, 401: _KEY, 403: _KEY, 404: _PLACE, 405: _PLACE, 422: _PLACE}


class LlmError(Exception):
    """No answer, or only a part of one.

    Attributes:
        chinese: Why, and what to do, as a clause of a longer sentence.
        english: The same.
    """

    def __init__(self, chinese: str, english: str, remedy: tuple[str, str] = _LATER) -> None:
        self.chinese = f"{chinese}（{remedy[0]}）"
        self.english = f"{english} ({remedy[1]})"
        super().__init__(self.english)


def busy() -> LlmError:
    """Return the error for a model that is asked for as many answers as it may be."""
    return LlmError("语言模型正忙", "The language model is busy")


def late(seconds: float) -> LlmError:
    """Return the error for an answer that took longer than it may."""
    return LlmError(
        f"语言模型在 {seconds:g} 秒内没有答完",
        f"The language model did not finish within {seconds:g} seconds",
        _MORE_TIME,
    )


def endless() -> LlmError:
    """Return the error for an answer that is longer than any should be."""
    return LlmError(
        "语言模型答得没完没了",
        "The language model went on and on",
        ("请换一个模型：WENBAO_LLM_MODEL", "try another model: WENBAO_LLM_MODEL"),
    )


def cut() -> LlmError:
    """Return the error for an answer that ended before its end."""
    return LlmError("语言模型的回答中途断了", "The language model's answer broke off")


def told(error: Exception) -> LlmError:
    """Return what to say of an error that the client, the network or the endpoint came up with."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return LlmError(
            f"语言模型接口出错：HTTP {status}",
            f"The language model failed with HTTP {status}",
            _REMEDIES.get(status, _LATER),
        )
    name = type(error).__name__
    if "Timeout" in name:
        return LlmError(
            "语言模型没有及时回应", "The language model did not respond in time", _MORE_TIME
        )
    if "Connect" in name:
        return LlmError(
            "连不上语言模型",
            "The language model cannot be reached",
            (
                "请检查它是否在运行，以及接口地址 WENBAO_LLM_URL",
                "check that it runs, and its endpoint, WENBAO_LLM_URL",
            ),
        )
    return LlmError(
        f"语言模型的回应无法读取：{name}",
        f"The language model's reply is unreadable, {name}",
        _PLACE,
    )
