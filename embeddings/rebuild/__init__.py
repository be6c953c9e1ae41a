"""Rebuilding an index from files: ``python -m embeddings.rebuild``."""

from embeddings.rebuild.pipeline import Rebuilt, index_articles, is_stale, rebuild

__all__ = ["Rebuilt", "index_articles", "is_stale", "rebuild"]
