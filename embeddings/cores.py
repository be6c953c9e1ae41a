"""How many processor cores this process may use."""

import os


def cores() -> int:
    """Return how many cores this process may use, which a container's may be fewer than all."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
