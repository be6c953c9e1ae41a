"""From files to a searchable snapshot, and search in it.

``rebuild`` makes or renews an index, ``load_index`` opens it, ``Filters`` narrow a search.
"""

from embeddings.filters import Filters
from embeddings.opening import load_index
from embeddings.protocol import Index
from embeddings.rebuild import rebuild

__all__ = ["Filters", "Index", "load_index", "rebuild"]
