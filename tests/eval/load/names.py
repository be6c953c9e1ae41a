"""What the load's users and its measurement both name."""

SECONDS_BETWEEN = 5
"""Between two questions of a user."""
ANSWERED, LATER = "answered", "told to come back later"
"""Kinds of requests in locust's table."""
QUESTIONS = "WENBAO_LOAD_QUESTIONS"
"""The setting that names the file of questions, one JSON text a line."""
