"""What a killed ingest left of an archive, or of an edition in parts, does not count: half of it would stand for the whole.

The next ingest finds the landing files as new as they were, and loads all of them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.ledger.waivers import WaiverKind, read_waivers
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.ledger.loads import Load

CHAIN_FILE = "chain.jsonl"


def without_halves(workspace: Workspace, loads: "list[Load]") -> "list[Load]":
    """The loads, without those that were to appear together with others that are missing.

    Loads that the chain knows have counted once: where others of them are missing, these are lost, and their loss is told. Where a person
    has said that one may be missing, the others count.
    """
    halves = set(_halves(loads))
    if not halves:
        return loads
    accepted = [waiver for waiver in read_waivers(workspace) if waiver.kind is WaiverKind.ACCEPTED_LOSS]
    may_miss = {(waiver.feed, waiver.sha256) for waiver in accepted}
    halves -= {(load.feed, load.load_id) for load in loads if (load.feed, load.sha256) in may_miss} | set(chained(workspace))
    left = [load for load in loads if (load.feed, load.load_id) not in halves]
    # An archive may hold a part of an edition, of which another archive holds the rest.
    return left if len(left) == len(loads) else without_halves(workspace, left)


def _halves(loads: "Iterable[Load]") -> Iterator[tuple[str, str]]:
    """Feed and id of the loads of archives and editions that are not there as a whole."""
    wanted: dict[tuple[object, ...], int] = defaultdict(int)
    groups: dict[tuple[object, ...], list[tuple[str, str]]] = defaultdict(list)
    for load in loads:
        for group, count in _groups(load):
            wanted[group] = max(wanted[group], count)
            groups[group].append((load.feed, load.load_id))
    for group, members in groups.items():
        if len(members) < wanted[group]:  # two of an archive may have one name
            yield from members


def _groups(load: "Load") -> Iterator[tuple[tuple[object, ...], int]]:
    """What the load is of, with the number of files that it has."""
    arrival = (load.feed, load.received_at, load.read_at)
    if load.members:
        yield (*arrival, load.landing_name, load.sha256), load.members
    if load.parts:
        yield (*arrival, load.is_refused, "" if load.is_refused else load.series), load.parts


def chained(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """Feed and id of every load that the chain names. A line that cannot be read is passed over here: it stops every publication."""
    path = workspace.ledger / CHAIN_FILE
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            values = json.loads(line)
            yield values["feed"], values["load_id"]
        except (ValueError, KeyError, TypeError):
            continue
