"""What is wrong in a configuration file: where, what, and what to do about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from pipeline.errors import ConfigurationError
from pipeline.logs import masked

_LONGEST_SHOWN = 60
_ADDRESS_LIKE = re.compile(r"[^\s'\"<>]+@[^\s'\"<>]+|(?<!\d)(?!\d{4}-\d\d-\d\d)\+?\d[\d /()-]{6,}\d")


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong: the file (relative to the workspace), the line (from 1), what is wrong, what to do."""

    file: str
    line: int
    message: str
    remedy: str

    @property
    def where(self) -> str:
        """The place as editors and terminals understand it: `feeds/crm.yaml:3`."""
        return f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.where}: {self.message}. {self.remedy}".rstrip()


def as_error(faults: Iterable[Fault]) -> ConfigurationError:
    """The one error that tells all `faults`, the first by its place and every one by a line of its own."""
    told = sorted(faults)
    if len(told) == 1:
        return ConfigurationError(f"{told[0].message}.", where=told[0].where, remedy=told[0].remedy)
    lines = "".join(f"\n  {fault}" for fault in told)
    return ConfigurationError(f"{len(told)} faults in the configuration:{lines}", where=told[0].where, remedy="")


def legible(value: object) -> str:
    """A value as a message may hold it: short, in one line, and without a full address (promise 7)."""
    printable = "".join(character if character.isprintable() else "·" for character in str(value))
    text = _ADDRESS_LIKE.sub(lambda match: masked(match.group()), printable)
    return f"{text[:_LONGEST_SHOWN]}…" if len(text) > _LONGEST_SHOWN else text


def shown(value: object) -> str:
    """A value in quotes, as a message may quote it."""
    return f"'{legible(value)}'"


def did_you_mean(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """`Did you mean 'x'?` for the nearest known word; nothing when none is near: two words are as like each other as `likeness`, 0 to 1."""
    folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=likeness)
    return f"Did you mean {shown(folded[near[0]])}?" if near else ""


def suggestion(word: str, known: Iterable[str], *, what: str) -> str:
    """The remedy for a word that is not among the known ones: the nearest of them, else all of them."""
    words = sorted(known)
    if not words:
        return f"There is no {what} yet."
    return did_you_mean(word, words) or f"Use one of: {', '.join(legible(known_word) for known_word in words)}."
