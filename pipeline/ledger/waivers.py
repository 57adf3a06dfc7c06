"""What a person has said may pass although the product would stop (domain §8): `ledger/waivers.jsonl`, which only grows.

A waiver frees one thing that it names, and nothing else of its kind.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from pipeline import durable
from pipeline.errors import ValidationFailed
from pipeline.workspace import Workspace

WAIVERS_FILE = "waivers.jsonl"


class WaiverKind(StrEnum):
    """What may pass."""

    ACCEPTED_FILE = "accepted_file"  # a snapshot or an edition that shrank, or is older than the one in force
    KEPT_FORMER = "kept_former"  # rows as they were read under a feed's former settings: their landing file is gone
    ACCEPTED_LOSS = "accepted_loss"  # a load that the ledger knew and does not have any more
    REDATED = "redated"  # a load that was received ahead of the clock, and is received anew


@dataclass(frozen=True)
class Waiver:
    """`feed` and `subject` (a file's name, a reading, a load's id) name the thing, `sha256` its content where it has one; `by` is a
    person, `at` is in UTC."""

    kind: WaiverKind
    feed: str
    subject: str
    sha256: str
    by: str
    at: datetime


def read_waivers(workspace: Workspace) -> list[Waiver]:
    """Every waiver, in the order in which they were said. Raises ValidationFailed for a damaged file."""
    path = workspace.ledger / WAIVERS_FILE
    if not path.is_file():
        return []
    found: list[Waiver] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            values = json.loads(line)
            found.append(Waiver(**{**values, "kind": WaiverKind(values["kind"]), "at": datetime.fromisoformat(values["at"])}))
        except (ValueError, KeyError, TypeError) as error:
            raise ValidationFailed(
                "a waiver cannot be read; nothing is published as long as it is unknown who let what pass",
                where=f"ledger/{WAIVERS_FILE}:{number}",
                remedy="Restore the file from a backup, or delete the line and say the waiver again.",
            ) from error
    return found


def write_waiver(workspace: Workspace, *waivers: Waiver) -> None:
    """Add waivers; they are on disk when this returns. Raises AnotherWriter."""
    with workspace.lock("ledger.waivers"):
        path = workspace.ledger / WAIVERS_FILE
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        lines = [json.dumps({**asdict(waiver), "at": waiver.at.isoformat()}, ensure_ascii=False) + "\n" for waiver in waivers]
        durable.write(path, text + "".join(lines))
