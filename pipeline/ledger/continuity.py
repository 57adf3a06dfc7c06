"""Whether the ledger still has what the newest runs knew (domain §8): the chain of its loads against what lies there.

A load that the chain knows and the ledger does not have is lost, and so is one whose load.json is another. Where a run's head is not in the
chain – it was cut, written anew, deleted, or came back from a backup – the files that the run's manifest lists are looked for by feed and
content. What is lost is made again by `presend ingest` as long as its landing file is there; else a person says that it may be missing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline import outbox
from pipeline.config import Names
from pipeline.errors import NotFound, ValidationFailed
from pipeline.ledger.chain import Chain, Link, continue_from, extend, page_of, read_chain
from pipeline.ledger.loads import Load, in_force, read_every_load
from pipeline.ledger.waivers import Waiver, WaiverKind, read_waivers, write_waiver
from pipeline.ledger.wholes import CHAIN_FILE
from pipeline.outbox import Run
from pipeline.vocabulary import Named
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Loss:
    """A load that was known, as it was; `is_changed`: it is there, and its load.json is another.

    One that only a manifest tells of has no `load_id`, and its file's name may be masked.
    """

    feed: str
    load_id: str
    file: str
    sha256: str
    received_at: datetime
    is_refused: bool
    is_changed: bool = False
    owners: Mapping[str, str] = field(default_factory=dict)
    feed_names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a person calls it by to say that it may be missing."""
        return self.load_id or f"{self.feed}/{self.sha256[:16]}"


@dataclass(frozen=True)
class Continuity:
    """What is lost, and the newest runs whose head the chain does not know."""

    losses: tuple[Loss, ...]
    unknown: tuple[Run, ...]


def continuity_of(workspace: Workspace, names: Names, loads: list[Load]) -> Continuity:
    """How the ledger compares with its chain and with the newest runs. A feed is the same by `names`, whatever it was called.

    Raises ValidationFailed for a changed chain or manifest.
    """
    chain = read_chain(workspace)
    waivers = [waiver for waiver in read_waivers(workspace) if waiver.kind is WaiverKind.ACCEPTED_LOSS]
    runs = outbox.newest_made(workspace)
    unknown = tuple(run for run in runs if _head_of(run) is not None and (chain is None or _head_of(run) not in chain.heads))
    losses = [] if chain is None else list(_off_chain(workspace, chain, loads, waivers))
    # A run of a version without chain names no head: its files are all that is known of it.
    named = {(names.now(Named.FEED, loss.feed), loss.sha256) for loss in losses}
    for run in (*unknown, *(run for run in runs if _head_of(run) is None)):
        for loss in _unlisted(run, names, loads, waivers):
            if (names.now(Named.FEED, loss.feed), loss.sha256) not in named:
                named.add((names.now(Named.FEED, loss.feed), loss.sha256))
                losses.append(loss)
    return Continuity(tuple(sorted(losses, key=lambda loss: (loss.feed, loss.file, loss.name))), unknown)


def losses_by_feed(workspace: Workspace, names: Names) -> dict[str, list[Loss]]:
    """What can be made again where its landing file is there, by what its feed is called now; nothing where the chain itself is damaged,
    which people have to mend."""
    try:
        found = continuity_of(workspace, names, read_every_load(workspace)).losses
    except ValidationFailed:
        return {}
    by_feed: dict[str, list[Loss]] = defaultdict(list)
    for loss in found:
        by_feed[names.now(Named.FEED, loss.feed)].append(loss)
    return by_feed


def adopt(workspace: Workspace, loads: Iterable[Load]) -> None:
    """Add to the chain what it does not know yet: loads of a killed ingest, and those of a version without chain.

    A chain that a run knew and that is not what was written is left alone: `heal` looks whether anything is lost. Raises AnotherWriter.
    """
    try:
        if (workspace.ledger / CHAIN_FILE).is_file() or not any(_head_of(run) for run in outbox.newest_made(workspace)):
            extend(workspace, loads)
    except ValidationFailed:
        return  # every publication is stopped by it, and says what to do; to load what is new goes on


def heal(workspace: Workspace, names: Names) -> None:
    """Let the chain go on from heads that it does not know, where nothing behind them is lost; the end of every ingest.

    Raises AnotherWriter.
    """
    loads = read_every_load(workspace)
    adopt(workspace, loads)
    try:
        found = continuity_of(workspace, names, loads)
        if found.unknown and not found.losses:
            extend(workspace, loads)
            continue_from(workspace, {str(_head_of(run)) for run in found.unknown})
    except ValidationFailed:
        return  # as in `adopt`


def accept_losses(workspace: Workspace, names: Names, lost: Iterable[str], by: str, at: datetime) -> list[Loss]:
    """Keep a person's word that the `lost` loads, each named by its id or by its feed, may be missing; gives the loads.

    Raises NotFound for a word that nothing lost has, ValidationFailed for a changed chain, AnotherWriter.
    """
    missing = [loss for loss in continuity_of(workspace, names, read_every_load(workspace)).losses if not loss.is_changed]
    accepted: list[Loss] = []
    for name in lost:
        meant = [loss for loss in missing if name in (loss.name, loss.feed, names.now(Named.FEED, loss.feed))]
        if not meant:
            known = ", ".join(loss.name for loss in missing[:5]) or "nothing"
            raise NotFound(f"no load of this name is lost: {name}", where="ledger/", remedy=f"Missing: {known}. `presend status` names it.")
        accepted += meant
    for loss in accepted:
        write_waiver(workspace, Waiver(WaiverKind.ACCEPTED_LOSS, loss.feed, loss.name, loss.sha256, by, at))
    return accepted


def _head_of(run: Run) -> str | None:
    head: str | None = run.manifest.get("ledger_head")
    return head


def _off_chain(workspace: Workspace, chain: Chain, loads: list[Load], waivers: list[Waiver]) -> Iterator[Loss]:
    """Loads of the chain that are missing, or whose load.json is another. A reading that is missing is none where a later reading of the
    same arrival is in force; a former one does not make up for it."""
    place = {key: number for number, key in enumerate(chain.last)}
    newest: dict[tuple[object, ...], int] = {}
    for reading in in_force(loads):
        arrival = (reading.feed, reading.file, reading.sha256, reading.received_at)
        newest[arrival] = max(newest.get(arrival, -1), place.get((reading.feed, reading.load_id), len(place)))
    there = {(load.feed, load.load_id): load for load in loads}
    accepted = {(waiver.feed, waiver.subject): waiver.at for waiver in waivers}
    for (feed, load_id), link in chain.last.items():
        load = there.get((feed, load_id))
        if load is not None and page_of(workspace, load) != link.page:
            yield replace(_loss(load_id, link), is_changed=True)
            continue
        is_replaced = newest.get((feed, link.file, link.sha256, link.received_at), -1) > place[feed, load_id]
        # A word is about what was lost then, not about what has come again since.
        is_accepted = (feed, load_id) in accepted and link.received_at <= accepted[feed, load_id]
        if load is None and not is_accepted and not is_replaced:
            yield _loss(load_id, link)


def _loss(load_id: str, link: Link) -> Loss:
    return Loss(
        link.feed, load_id, link.file, link.sha256, link.received_at, link.is_refused, owners=link.owners, feed_names=link.feed_names
    )


def _unlisted(run: Run, names: Names, loads: list[Load], waivers: list[Waiver]) -> Iterator[Loss]:
    """Files that the run's manifest lists and the ledger does not have: one that was refused since counts as missing."""

    def key_of(feed: str, digest: str) -> tuple[str, str]:
        return names.now(Named.FEED, feed), digest

    there = {key_of(load.feed, load.sha256) for load in loads}
    taken = {key_of(load.feed, load.sha256) for load in loads if not load.is_refused}
    accepted = {key_of(waiver.feed, waiver.sha256): waiver.at for waiver in waivers}
    for entry in run.manifest["feeds"]:
        key = key_of(entry["feed"], entry["sha256"])
        arrived_at = datetime.fromisoformat(entry["arrived_at"])
        is_accepted = key in accepted and arrived_at <= accepted[key]
        if key not in (there if entry["is_refused"] else taken) and not is_accepted:
            yield Loss(entry["feed"], "", entry["file"], entry["sha256"], arrived_at, entry["is_refused"])
