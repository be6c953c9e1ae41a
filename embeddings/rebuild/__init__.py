"""Rebuilding an index from files: ``python -m embeddings.rebuild``."""

from embeddings.rebuild.pipeline import index_articles, is_stale, rebuild
from embeddings.rebuild.result import Rebuilt

__all__ = ["Rebuilt", "index_articles", "is_stale", "rebuild"]
