"""How much is done at a time, for whom, and how long it may take."""

from qa.service.limits.middleware import Limits

__all__ = ["Limits"]
