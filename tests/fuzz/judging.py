"""What is a failure, whatever the target: an exception that the target does not expect, too long, too much memory, an address told."""

import re
import resource
import time
from collections.abc import Callable

LIMIT_SECONDS = 1.0
"""CPU time for one input of up to LARGEST_INPUT bytes."""
USUAL_PACE = 0.03
"""Seconds that `pace` takes on a machine of 2024 that has nothing else to do."""
LIMIT_MEMORY = 512 << 10
"""KB by which the process may grow while it reads one input."""
LARGEST_INPUT = 1 << 20

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+[1-9]\d{8,14}(?!\d)")
"""An address as a message must not hold it. A masked one (`a***@example.at`) does not match."""


class Failure(AssertionError):
    """The product broke a promise on this input."""


def judge(run: Callable[[bytes], None], content: bytes, overhead: float = 0.0) -> None:
    """Run a target on an input. Raises Failure, or whatever the target raises.

    Time is that of this process without the `overhead` that every input costs; what is too slow is run once more, since the
    first run also pays for imports.
    """
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = _seconds(run, content) - overhead
    if taken > LIMIT_SECONDS:
        taken = min(taken, _seconds(run, content) - overhead)
    if taken > LIMIT_SECONDS and taken > LIMIT_SECONDS * pace():
        raise Failure(f"{len(content):,} bytes took {taken:.1f} s")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    if grown > LIMIT_MEMORY:
        raise Failure(f"{len(content):,} bytes took {grown >> 10:,} MB")


def pace() -> float:
    """How many times slower than usual this machine computes just now; others may be busy on it too."""
    started = time.process_time()
    words = sorted(str(number * 7919) for number in range(100_000))
    "".join(words).count("77")
    return max(1.0, (time.process_time() - started) / USUAL_PACE)


def _seconds(run: Callable[[bytes], None], content: bytes) -> float:
    started = time.process_time()
    run(content)
    return time.process_time() - started


def must_hold_no_address(said: str, content: bytes) -> None:
    """Demand of a message that no address of the input stands in it (promise 7)."""
    addresses = ADDRESS.findall(said)
    if not addresses:
        return
    text = content.decode("utf-8", "replace").casefold()
    told = [address for address in addresses if address.casefold() in text]
    if told:
        raise Failure(f"a message tells an address of the input: {said!r}")


def must_be_storable(*texts: str | None) -> None:
    """Demand of texts that a file can hold them."""
    for text in filter(None, texts):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise Failure(f"no UTF-8: {text!r}") from error
