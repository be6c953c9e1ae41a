"""What can go wrong on the user's side, each with a remedy.

Every message is one line in Chinese and one in English, so that neither reader is an
afterthought. The command line turns these errors into exit code 2; anything else is our bug.
"""


class WenbaoError(Exception):
    """Something the user can put right. Messages name the culprit and the remedy."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")
        self.chinese = chinese
        self.english = english


class InputError(WenbaoError):
    """A path, question or file that cannot be used."""


class EncoderError(WenbaoError):
    """A sentence-transformers model that cannot be loaded."""


class SnapshotError(WenbaoError):
    """A snapshot that is missing, incomplete, damaged or of another version."""


class LockError(WenbaoError):
    """Another process is rebuilding the same index."""


class ServerError(WenbaoError):
    """A server that cannot be reached, or that refuses what is asked of it."""
