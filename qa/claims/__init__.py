"""Whether a sentence that somebody wrote is supported by the passages that it cites."""
