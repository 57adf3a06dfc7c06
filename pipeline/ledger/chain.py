"""The ledger's loads as a chain of hashes (domain §8, "Nothing is lost unnoticed"): `ledger/chain.jsonl`, which only grows.

It has a line for each load that appeared, and another one where a load was made anew and its load.json says something else. Every line
holds the hash of the line before, so that the last hash, the head, stands for them all: a run's manifest names it. A line tells enough to
make its load again from the landing file, under the time of its first receipt.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from pipeline import durable
from pipeline.errors import ValidationFailed
from pipeline.ledger.loads import LOAD_FILE, Load, folder_of
from pipeline.ledger.wholes import CHAIN_FILE
from pipeline.workspace import Workspace

WHERE = f"ledger/{CHAIN_FILE}"
START = "0" * 64
"""What the first line holds instead of a hash before it."""
_LOCK = "ledger.chain"


@dataclass(frozen=True)
class Link:
    """What the chain says of a load; `page` is the SHA-256 of its load.json, `owners` whose its brands and lists were, `feed_names` what
    its feed was called (empty: an older version did not say it)."""

    feed: str
    load_id: str
    file: str
    sha256: str
    received_at: datetime
    is_refused: bool
    page: str
    owners: Mapping[str, str] = field(default_factory=dict)
    feed_names: tuple[str, ...] = ()


@dataclass
class Chain:
    """The chain as read: the last that it says of each load, every hash that it came by, and the newest of them.

    `heads` has also those of a chain that is gone, which this one was found to continue.
    """

    last: dict[tuple[str, str], Link] = field(default_factory=dict)
    heads: set[str] = field(default_factory=set)
    head: str = START


def read_chain(workspace: Workspace) -> Chain | None:
    """The chain; None before the first load. Raises ValidationFailed where a line was changed, taken out or put in."""
    path = workspace.ledger / CHAIN_FILE
    if not path.is_file():
        return None
    chain = Chain()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            values = json.loads(line)
            said = values.pop("hash")
            if values["previous"] != chain.head or said != _hash_of(values):
                raise ValueError("no line of this chain")
            _take(chain, values)
        except (ValueError, KeyError, TypeError) as error:
            raise ValidationFailed(
                "the chain of the ledger's loads was changed after it was written; nothing is published, since a load may be lost",
                where=f"{WHERE}:{number}",
                remedy=f"Restore it from a backup. Or delete {WHERE} and run `presend ingest`: it compares the ledger with what the newest"
                " runs knew, and writes the chain anew.",
            ) from error
        chain.head = said
        chain.heads.add(said)
    return chain


def head_of(workspace: Workspace) -> str | None:
    """The hash that stands for all loads that the chain knows; None before the first. Raises ValidationFailed for a changed chain."""
    chain = read_chain(workspace)
    return None if chain is None else chain.head


def page_of(workspace: Workspace, load: Load) -> str:
    """The SHA-256 of the load's load.json as it is."""
    return sha256((folder_of(workspace, load.load_id, load.feed) / LOAD_FILE).read_bytes()).hexdigest()


def extend(workspace: Workspace, loads: Iterable[Load], *, are_remade: bool = False) -> None:
    """Add the loads that the chain does not know yet, in the order in which files count; on disk when this returns.

    `are_remade`: whoever calls has made them anew, so that what their load.json says now counts. Raises AnotherWriter, and
    ValidationFailed for a changed chain.
    """
    with workspace.lock(_LOCK):
        chain = read_chain(workspace) or Chain()
        new: list[dict[str, Any]] = []
        for load in sorted(loads, key=lambda load: (load.received_at, load.feed, load.file, load.load_id)):
            known = chain.last.get((load.feed, load.load_id))
            if known is None or are_remade:
                page = page_of(workspace, load)
                if known is None or known.page != page:
                    new.append(_values(load, page))
        _append(workspace, chain, new)


def announce(workspace: Workspace, load: Load, text: str) -> None:
    """Say that the load's load.json will have this text, before it has: whoever is killed in between leaves a load that is known to be
    the former one, and is made once more. Raises what `extend` raises."""
    page = sha256(text.encode()).hexdigest()
    with workspace.lock(_LOCK):
        chain = read_chain(workspace) or Chain()
        known = chain.last.get((load.feed, load.load_id))
        if known is not None and known.page != page:
            _append(workspace, chain, [_values(load, page)])


def continue_from(workspace: Workspace, heads: Iterable[str]) -> None:
    """Say that everything behind these heads, whose lines are gone, is in the ledger. Raises what `extend` raises."""
    with workspace.lock(_LOCK):
        _append(workspace, read_chain(workspace) or Chain(), [{"continues": sorted(heads)}])


def _take(chain: Chain, values: Mapping[str, Any]) -> None:
    if "continues" in values:
        chain.heads |= set(values["continues"])
        return
    told = {name: values[name] for name in ("feed", "load_id", "file", "sha256", "is_refused", "page")}
    known = {"owners": values.get("owners", {}), "feed_names": tuple(values.get("feed_names", ()))}
    link = Link(**told, received_at=datetime.fromisoformat(values["received_at"]), **known)
    chain.last[link.feed, link.load_id] = link


def _values(load: Load, page: str) -> dict[str, Any]:
    return {
        "feed": load.feed,
        "load_id": load.load_id,
        "file": load.file,
        "sha256": load.sha256,
        "received_at": load.received_at.isoformat(),
        "is_refused": load.is_refused,
        "page": page,
        **({"owners": load.owners} if load.owners else {}),
        **({"feed_names": list(load.feed_names)} if load.feed_names else {}),
    }


def _append(workspace: Workspace, chain: Chain, lines: list[dict[str, Any]]) -> None:
    """Write the chain with further lines: as a whole, so that no kill and no power cut leaves half a line."""
    if not lines:
        return
    path = workspace.ledger / CHAIN_FILE
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    head = chain.head
    for values in lines:
        linked = {**values, "previous": head}
        head = _hash_of(linked)
        text += json.dumps({**linked, "hash": head}, ensure_ascii=False) + "\n"
    durable.write(path, text)


def _hash_of(values: Mapping[str, Any]) -> str:
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
