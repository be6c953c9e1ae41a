"""An index in Milvus, for archives that outgrow one machine; the extra ``wenbao[milvus]``.

::

    connection.py   the client, with errors that name the remedy
    schema.py       the collections of a snapshot and their fields
    expressions.py  filters as Milvus' boolean expressions
    weights.py      BM25 over our own terms, as sparse vectors
    rows.py         what a snapshot on this machine is, in those fields
    publishing.py   it becomes the live one there
    searching.py    search in its collections
    index.py        an opened snapshot

A rebuild writes a snapshot on this machine, as always, and then copies it to new collections;
the alias that names the index is switched when all of it is there.
"""
