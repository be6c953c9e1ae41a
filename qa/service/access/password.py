"""A password as it is kept: only what scrypt makes of it (RFC 7914)."""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from embeddings.errors import InputError

LEAST = 10
"""Characters of a password: what is guessed one at a time needs no more, if it is no word."""
MOST = 500
"""Characters that are looked at; more is no password."""
_MARK = "scrypt"
_COST, _BLOCK, _PARALLEL = 1 << 14, 8, 5
"""OWASP's "Password Storage Cheat Sheet": N=2^14, r=8, p=5 takes 16 MB for each guess."""
_MOST_COST = 1 << 20
_SALT, _LENGTH = 16, 32


@dataclass(frozen=True, slots=True)
class Password:
    """What scrypt makes of a password, to compare others with. Any number of threads may.

    Attributes:
        cost: N, block size r and parallelism p.
    """

    salt: bytes = field(repr=False)
    made: bytes = field(repr=False)
    cost: tuple[int, int, int] = (_COST, _BLOCK, _PARALLEL)

    @classmethod
    def of(cls, words: str) -> "Password":
        """Return the password that people are to type.

        Raises:
            InputError: It is too short, or too long.
        """
        if not LEAST <= len(words) <= MOST:
            raise InputError(
                f"密码应有 {LEAST} 到 {MOST} 个字符。",
                f"A password must have {LEAST} to {MOST} characters.",
            )
        salt = secrets.token_bytes(_SALT)
        return cls(salt, _scrypt(words.encode("utf-8", "replace"), salt, _COST, _BLOCK, _PARALLEL))

    @classmethod
    def read(cls, text: str) -> "Password":
        """Return the password from a setting: as typed, or as ``str`` gives it.

        Raises:
            InputError: It is neither.
        """
        text = text.strip()
        if not text.startswith(f"{_MARK}:"):
            return cls.of(text)
        try:
            _, n, r, p, salt, made = text.split(":")
            cost = int(n), int(r), int(p)
            if not (1 < cost[0] <= _MOST_COST and 0 < cost[1] <= 32 and 0 < cost[2] <= 16):
                raise ValueError(cost)
            return cls(_from_text(salt), _from_text(made), cost)
        except (ValueError, binascii.Error) as error:
            raise InputError(
                "保存的密码（散列值）已损坏。请用 wenbao password 重新生成。",
                "The stored password hash is damaged. Make a new one with wenbao password.",
            ) from error

    def __str__(self) -> str:
        """Return the form to keep: ``scrypt:N:r:p:salt:hash``."""
        n, r, p = self.cost
        return f"{_MARK}:{n}:{r}:{p}:{_to_text(self.salt)}:{_to_text(self.made)}"

    def matches(self, words: bytes) -> bool:
        """Tell whether this is the password; takes a tenth of a second of work."""
        if len(words) > 4 * MOST:
            return False
        return hmac.compare_digest(_scrypt(words, self.salt, *self.cost), self.made)


class Known:
    """Compares with a password, and after it was right once, in no time.

    A program sends the password with every request: what is remembered of it is a keyed hash
    whose key ends with the process.
    """

    def __init__(self, password: Password) -> None:
        self._password = password
        self._key = secrets.token_bytes(32)
        self._right: bytes | None = None

    def remembers(self, words: bytes) -> bool:
        """Tell whether this was found to be the password before."""
        return self._right is not None and hmac.compare_digest(self._mark(words), self._right)

    def matches(self, words: bytes) -> bool:
        """Tell whether this is the password; a tenth of a second of work if not remembered."""
        if self.remembers(words):
            return True
        is_right = self._password.matches(words)
        if is_right:
            self._right = self._mark(words)
        return is_right

    def _mark(self, words: bytes) -> bytes:
        return hmac.digest(self._key, words, "sha256")


def _scrypt(words: bytes, salt: bytes, n: int, r: int, p: int) -> bytes:
    most_memory = 128 * r * (n + p + 2) + (1 << 20)
    return hashlib.scrypt(words, salt=salt, n=n, r=r, p=p, maxmem=most_memory, dklen=_LENGTH)


def _to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _from_text(text: str) -> bytes:
    return base64.b64decode(text, altchars=b"-_", validate=True)
