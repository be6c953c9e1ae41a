"""Who gets in: addresses and host names, the password, and what is refused without it."""

from qa.service.access.settings import Access

__all__ = ["Access"]
