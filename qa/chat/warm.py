"""Gets encoder, index and example questions ready while the page is being served already."""

import logging
import threading

from embeddings import load_index
from embeddings.address import IndexAddress
from embeddings.errors import WenbaoError
from embeddings.opening import live_snapshot
from qa.answer import ask
from qa.chat.examples import example_questions

_WARMING_QUESTION = "今天有什么新闻？"

_log = logging.getLogger(__name__)


class Warmth:
    """What is ready of one index. Any number of threads may use it at once."""

    def __init__(self, index: IndexAddress) -> None:
        self._address = index
        self._lock = threading.Lock()
        self._loaded = threading.Event()
        self._snapshot: str | None = None
        self._questions: list[str] | None = None

    def start(self) -> None:
        """Start getting ready in the background, unless that is under way or done.

        A snapshot that has become live since is made ready anew.
        """
        live = self._live()
        with self._lock:
            if self._snapshot == live:
                return
            self._snapshot, self._questions = live, None
            self._loaded.clear()
        threading.Thread(target=self._warm, args=(live,), name="wenbao-warm", daemon=True).start()

    def wait_until_loaded(self) -> None:
        """Wait until the encoder and the index are loaded, or until loading them failed."""
        self._loaded.wait()

    def questions(self) -> list[str] | None:
        """Return the example questions, or None while they are being made."""
        with self._lock:
            return self._questions

    def _live(self) -> str:
        try:
            return live_snapshot(self._address) or ""
        except WenbaoError:
            return ""

    def _warm(self, snapshot: str) -> None:
        questions: list[str] = []
        try:
            index = load_index(self._address)
            ask(_WARMING_QUESTION, index=index)
            self._note(snapshot)
            questions = example_questions(index)
        except WenbaoError:
            _log.info("Nothing to warm up; whoever asks will be told why")
        except Exception:
            _log.exception("Warming up failed")
        finally:
            self._note(snapshot, questions)

    def _note(self, snapshot: str, questions: list[str] | None = None) -> None:
        """Note what is ready, unless another snapshot has become live since."""
        with self._lock:
            if snapshot == self._snapshot:
                self._loaded.set()
                self._questions = questions
