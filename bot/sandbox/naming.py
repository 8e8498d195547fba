"""Ids and handles made from the names of people and teams."""

import re
import unicodedata
from collections import Counter
from typing import Final

_UNDIVIDED: Final = str.maketrans("ıłøđðħŋþæœ", "iloddhntao")
"""Letters that Unicode does not divide into a letter and an accent, and the nearest plain one."""


class Unique:
    """Names, each given out once: the second of a name has a 2 at its end."""

    def __init__(self, *taken: str) -> None:
        """`taken` are names that others have."""
        self._taken = set(taken)
        self._repeated: Counter[str] = Counter()

    def make(self, wanted: str, most: int) -> str:
        """`wanted`, cut to `most` characters, or the next number of it that is free."""
        name = wanted = wanted[:most]
        while name in self._taken:
            self._repeated[wanted] += 1
            number = str(self._repeated[wanted] + 1)
            name = wanted[: most - len(number)] + number
        self._taken.add(name)
        return name


def plain(text: str) -> str:
    """`text` in lower-case letters from a to z and digits; "" where it is written in another script."""
    divided = unicodedata.normalize("NFKD", text.casefold().translate(_UNDIVIDED))
    return "".join(c for c in divided if c.isascii() and c.isalnum())


def handle_of(name: str) -> str:
    """The handle of somebody of this name: Linh Nguyễn is linh.nguyen. A name in another script stays in it."""
    latin = [letters for word in name.split() if (letters := plain(word))]
    return ".".join(latin) or re.sub(r"\W+", ".", name.casefold()).strip(".") or "person"
