"""What a run says while it works: steps with counts and durations on stderr, never an address."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@dataclass
class Progress:
    """Where step lines go. Quiet in a pipe; on a terminal one line per finished step; `write` takes them elsewhere."""

    is_quiet: bool = field(default_factory=lambda: not sys.stderr.isatty())
    write: Callable[[str], None] = _to_stderr

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, int]]:
        """Time a step; what the block puts into the dict is printed as counts behind the name."""
        counts: dict[str, int] = {}
        started = time.monotonic()
        yield counts
        self.say(f"{name:<28} {time.monotonic() - started:7.2f} s  " + "  ".join(f"{key} {value:,}" for key, value in counts.items()))

    def say(self, line: str) -> None:
        """Write one line unless quiet. Callers pass names and counts only."""
        if not self.is_quiet:
            self.write(line.rstrip())


def masked(address: str) -> str:
    """An address as it may stand in a message: `a***@example.at`, `+43***67` (promise 7: no full address)."""
    name, at, domain = address.rpartition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    return f"{address[:3]}***{address[-2:]}" if len(address) > 6 else "***"


ADDRESS_IN_NAME = re.compile(r"[^\s/,;:<>()\"'=|]+@[^\s/,;:<>()\"'=|@]+")
NUMBER_IN_NAME = re.compile(r"(?<![A-Za-z0-9.+])(?:\+|00[ ]?(?=[1-9])|0(?=[1-9])|(?=[1-9]\d{9}))[\d ()/.-]{5,22}\d(?![A-Za-z0-9])")
A_TIME = re.compile(r"(?:19|20)\d\d[-_. ]?\d\d[-_. ]?\d\d.*|1\d{9}|1\d{12}|1\d{15}|0?\d[./-]\d\d?[./-](?:19|20)\d\d.*")
"""What looks like a number and is a day, a moment, or seconds since 1970."""


def masked_name(text: str) -> str:
    """A file's name, or another text of somebody else's, as it may stand in a message: its addresses and numbers masked."""
    if "@" in text:
        text = ADDRESS_IN_NAME.sub(lambda found: masked(found[0]), text)
    return NUMBER_IN_NAME.sub(_masked_number, text)


def _masked_number(found: re.Match[str]) -> str:
    digits = sum(letter.isdigit() for letter in found[0])
    return found[0] if A_TIME.fullmatch(found[0]) or not 7 <= digits <= 16 else masked(found[0])
