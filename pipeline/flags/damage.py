"""Repairs what a wrong encoding has done to a column's name: `dÃ©sabonnÃ©`, `d?sabonn?`."""

import re
from collections.abc import Callable, Iterator
from itertools import product

_WRONG_READINGS = ("cp1252", "latin-1", "mac_roman")
"""By which encodings UTF-8 was read. Text that was not read so is no UTF-8 in their bytes, so that nothing else is changed."""
_LOST_BLANK = re.compile(r"Ã(?=\s|$)")
"""The second half of a misread `à` is a blank, which whoever trims a header takes away."""
_LOST = re.compile("[?\ufffd]{1,2}")
_LOST_INSIDE = re.compile("[^\\W\\d_][?\ufffd]+[^\\W\\d_]")
"""At the end of a word a question mark may be one; inside of it a letter has been there."""
_WITH_LOST = re.compile("[^\\W\\d_]*(?:[?\ufffd]{1,2}[^\\W\\d_]*)+")
_MAY_BE_LOST = ("e", "a", "u", "o", "i", "c", "n", "ss")
"""Letters that are written with an accent, folded as names are."""
_MOST_LOST_IN_A_WORD = 3
_MOST_LOST = 9
"""A name of more is no damaged name; each letter is tried with each of the others."""


def spellings_of(name: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    """What the name was before it was damaged, as far as that can be told, else the name; `is_known` tells whether a word is one."""
    names = set() if name.isascii() else {_reread(name, encoding) for encoding in _WRONG_READINGS}
    for spelling in sorted(filter(None, names)) or [name]:
        is_read = len(_LOST.findall(spelling)) <= _MOST_LOST
        restored = _WITH_LOST.sub(lambda word: _restored(word[0], is_known), spelling) if is_read else spelling
        if restored != spelling:
            yield restored
        if restored == spelling or not _LOST_INSIDE.search(spelling):
            yield spelling


def _reread(name: str, encoding: str) -> str | None:
    try:
        return _LOST_BLANK.sub("Ã\xa0", name).encode(encoding).decode()
    except UnicodeError:
        return None


def _restored(word: str, is_known: Callable[[str], bool]) -> str:
    """The word with the letters that a replacement character or a question mark stands for; as it is where that makes no known word."""
    pieces = _LOST.split(word)
    if len(pieces) - 1 > _MOST_LOST_IN_A_WORD or len(word) < 4 or len(word) > 40:
        return word
    fillings = (
        "".join(piece + letter for piece, letter in zip(pieces, (*letters, ""), strict=True))
        for letters in product(_MAY_BE_LOST, repeat=len(pieces) - 1)
    )
    return next(filter(is_known, fillings), word)
