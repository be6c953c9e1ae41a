"""A language model behind any endpoint that speaks OpenAI's protocol."""

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from embeddings.errors import InputError
from qa.llm.errors import LlmError, busy, cut, endless, late, told

if TYPE_CHECKING:
    from openai import OpenAI

SECONDS = 30.0
"""What a whole answer may take, unless ``WENBAO_LLM_TIMEOUT`` says otherwise."""
PLACES = 8
"""Answers that are asked for at a time: where an endpoint hangs, no more than these wait for it."""
MOST_CHARACTERS = 4000
"""Of an answer; one that goes on is taken for broken."""
MOST_RECEIVED = 200_000
"""Characters of all that comes: reasoning models think at length before they answer."""
_OPEN, _CLOSE = "<think>", "</think>"


class LlmSettings(BaseSettings):
    """``WENBAO_LLM_URL``, ``WENBAO_LLM_MODEL``, ``WENBAO_LLM_KEY``, ``WENBAO_LLM_TIMEOUT``."""

    model_config = SettingsConfigDict(
        env_prefix="WENBAO_LLM_", env_ignore_empty=True, hide_input_in_errors=True
    )

    url: str | None = None
    model: str | None = None
    key: SecretStr = SecretStr("none")
    timeout: float = Field(default=SECONDS, gt=0, le=3600)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Where a language model is, and how long to wait for it.

    Attributes:
        url: The endpoint, as in ``http://127.0.0.1:11434/v1``.
        model: Its name there.
        key: What the endpoint asks for, if anything; shown nowhere.
        timeout: Seconds that a whole answer may take.
        places: Whoever has one may ask; others are told at once that the endpoint is busy.
    """

    url: str = field(repr=False)  # it may contain a password
    model: str
    key: SecretStr = SecretStr("none")
    timeout: float = SECONDS
    places: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(PLACES), repr=False, compare=False
    )

    @classmethod
    def from_settings(
        cls, url: str | None = None, model: str | None = None
    ) -> "LanguageModel | None":
        """Return the model that options or else the environment name, or None.

        Raises:
            InputError: Only one of endpoint and model is named, or the time-out is none.
        """
        try:
            settings = LlmSettings()
        except ValidationError as error:
            raise InputError(
                "WENBAO_LLM_TIMEOUT 应是大于 0、不超过 3600 的秒数。",
                "WENBAO_LLM_TIMEOUT must be a number of seconds above 0, at most 3600.",
            ) from error
        url, model = url or settings.url, model or settings.model
        if not url and not model:
            return None
        if not url or not model or not url.startswith(("http://", "https://")):
            raise InputError(
                "使用语言模型须同时给出接口地址（http:// 或 https:// 开头）和模型名："
                "WENBAO_LLM_URL 和 WENBAO_LLM_MODEL，或 --llm-url 和 --llm-model。",
                "A language model needs both its endpoint (beginning with http:// or https://) and "
                "its name: WENBAO_LLM_URL and WENBAO_LLM_MODEL, or --llm-url and --llm-model.",
            )
        return cls(url, model, settings.key, settings.timeout)

    def stream(self, messages: Sequence[dict[str, str]]) -> Iterator[str]:
        """Yield an answer piece by piece as it comes, without what the model thinks aloud.

        Raises:
            LlmError: The endpoint fails, takes too long, stops in the middle or is busy.
        """
        received = _up_to(MOST_RECEIVED, self._pieces(messages))
        return _up_to(MOST_CHARACTERS, _without_thoughts(received))

    def _pieces(self, messages: Sequence[dict[str, str]]) -> Iterator[str]:
        """Yield what comes until the deadline; a thread of its own waits for the endpoint."""
        import openai  # noqa: F401 - takes a second the first time, which is not the model's

        if not self.places.acquire(blocking=False):
            raise busy()
        deadline = time.monotonic() + self.timeout
        arrived: queue.SimpleQueue[str | LlmError | None] = queue.SimpleQueue()
        gone = threading.Event()
        worker = threading.Thread(
            target=self._receive, args=(messages, arrived, gone), name="wenbao-llm", daemon=True
        )
        worker.start()
        try:
            while True:
                try:
                    piece = arrived.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    raise late(self.timeout) from None
                if piece is None:
                    return
                if isinstance(piece, LlmError):
                    raise piece
                yield piece
        finally:
            gone.set()

    def _receive(
        self,
        messages: Sequence[dict[str, str]],
        arrived: "queue.SimpleQueue[str | LlmError | None]",
        gone: threading.Event,
    ) -> None:
        try:
            from openai import OpenAI

            with OpenAI(
                base_url=self.url,
                api_key=self.key.get_secret_value(),
                timeout=self.timeout,
                max_retries=0,
            ) as client:
                finished = self._read(client, messages, arrived, gone)
            arrived.put(None if finished else cut())
        except Exception as error:  # whatever the client, the network or the endpoint comes up with
            arrived.put(told(error))
        finally:
            self.places.release()

    def _read(
        self,
        client: "OpenAI",
        messages: Sequence[dict[str, str]],
        arrived: "queue.SimpleQueue[str | LlmError | None]",
        gone: threading.Event,
    ) -> bool:
        """Pass on what comes; tell whether the endpoint said that it was all."""
        finished = False
        with self._begun(client, messages) as chunks:
            for chunk in chunks:
                if gone.is_set():
                    return True
                for choice in chunk.choices[:1]:
                    if choice.delta and choice.delta.content:
                        arrived.put(choice.delta.content)
                    finished = finished or choice.finish_reason in ("stop", "eos")
        return finished

    def _begun(self, client: "OpenAI", messages: Sequence[dict[str, str]]) -> Any:  # noqa: ANN401
        from openai import BadRequestError

        wanted: dict[str, Any] = {"model": self.model, "messages": list(messages), "stream": True}
        try:
            return client.chat.completions.create(**wanted, temperature=0)
        except BadRequestError:  # some models have one temperature only
            return client.chat.completions.create(**wanted)


def _up_to(characters: int, pieces: Iterator[str]) -> Iterator[str]:
    """Pass pieces on; more than so many characters are an error."""
    for piece in pieces:
        characters -= len(piece)
        if characters < 0:
            raise endless()
        yield piece


def _without_thoughts(pieces: Iterator[str]) -> Iterator[str]:
    """Leave out what stands between ``<think>`` and ``</think>``, wherever pieces are cut."""
    held, thinking = "", False
    for piece in pieces:
        held += piece
        while True:
            mark = _CLOSE if thinking else _OPEN
            before, found, after = held.partition(mark)
            if not found:
                break
            if not thinking and before:
                yield before
            held, thinking = after, not thinking
        keep = next((n for n in range(len(mark) - 1, 0, -1) if held.endswith(mark[:n])), 0)
        shown, held = held[: len(held) - keep], held[len(held) - keep :]
        if shown and not thinking:
            yield shown
    if held and not thinking:
        yield held
