"""Answers written by a language model of the user's, where there is one, and checked by us."""

from qa.llm.model import LanguageModel
from qa.llm.write import Delta, write

__all__ = ["Delta", "LanguageModel", "write"]
