"""When a message was: what it says itself, and what our own side noted on it (domain §5 "Its time spans …")."""

from pipeline.messages.finding import FindingKind, as_iso
from pipeline.messages.mime import Part

LONGEST = 100
SPREADING = frozenset({FindingKind.OPT_OUT, FindingKind.COMPLAINT, FindingKind.REVIEW})
"""What is somebody's "no", or may be. Without a time of our own side nobody knows how late it may have been said."""


def time_of(root: Part, told: str, kind: FindingKind) -> str:
    """The written time of what a message says, as a span from one time to another: `told`, by the message itself, and the topmost
    `Received:`, which is our own server's; the lines below it are anybody's.

    A "no" without a usable `Received:` has no known end. A time that cannot be read stays as it was written.
    """
    noted = as_iso(root.header("received").rpartition(";")[2].strip())
    received = noted if noted[19:].strip(".0123456789") else ""  # without an offset it is no moment
    said = told or root.header("date")[:LONGEST].replace("/", "-")
    if received:
        return f"{told}/{received}" if told else received
    return f"{said}/.." if said and kind in SPREADING else said
