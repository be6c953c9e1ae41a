"""他, 她, 它 and their plurals as words of their own: not the 他 of 其他, 吉他 or 马耳他."""

import re
from typing import NamedTuple

from qa.evidence import tagged

_PRONOUN = re.compile(r"(?<!其)[他她它](?P<several>[们俩])?(?![人国者用])")


class Pronoun(NamedTuple):
    """A pronoun of the third person and where it stands.

    Attributes:
        text: 他, or 他们.
        start: Where it begins, in characters.
        end: Where it ends.
    """

    text: str
    start: int
    end: int

    @property
    def is_person(self) -> bool:
        """Whether it can stand for one person."""
        return self.text in ("他", "她")


def pronouns_in(simplified: str) -> list[Pronoun]:
    """Return the pronouns of a text, in order.

    jieba joins some to what stands beside them (那他, 他家), but always calls them pronouns.
    """
    found = []
    at = 0
    for word, tag in tagged(simplified):
        pronoun = _PRONOUN.search(word) if tag == "r" else None
        if pronoun:
            found.append(Pronoun(pronoun.group(), at + pronoun.start(), at + pronoun.end()))
        at += len(word)
    return found
