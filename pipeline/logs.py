"""What a run says while it works: steps with counts and durations on stderr, never an address."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Where step lines go. Quiet in a pipe; on a terminal one line per finished step."""

    is_quiet: bool = field(default_factory=lambda: not sys.stderr.isatty())

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, int]]:
        """Time a step; what the block puts into the dict is printed as counts behind the name."""
        counts: dict[str, int] = {}
        started = time.monotonic()
        yield counts
        self.say(f"{name:<28} {time.monotonic() - started:7.2f} s  " + "  ".join(f"{key} {value:,}" for key, value in counts.items()))

    def say(self, line: str) -> None:
        """Print one line to stderr unless quiet. Callers pass names and counts only."""
        if not self.is_quiet:
            print(line.rstrip(), file=sys.stderr, flush=True)


def masked(address: str) -> str:
    """An address as it may stand in a message: `a***@example.at`, `+43***67` (promise 7: no full address)."""
    name, at, domain = address.rpartition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    return f"{address[:3]}***{address[-2:]}" if len(address) > 6 else "***"
