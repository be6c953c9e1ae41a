"""Names in an English sentence that its Chinese evidence does not have; translated ones pass."""

import re

from embeddings.romanised import is_heard, romanised_names, sounds_of

_HAN_RUN = re.compile("[\u3400-\u9fff]{2,}")


def strange_romanised_names(sentence: str, evidence: str) -> list[str]:
    """Return names of an English sentence that its evidence does not have.

    Args:
        sentence: As written: capitals tell names.
        evidence: All that it may name, in NFKC, lower case and Simplified characters.
    """
    joined = re.sub(r"[\W_]+", "", evidence)
    strange = [run for run in _HAN_RUN.findall(sentence) if run not in joined]
    sounds = sounds_of(evidence)
    return strange + [
        name
        for name in romanised_names(sentence)
        if name.lower() not in evidence and not is_heard(name, sounds)
    ]
