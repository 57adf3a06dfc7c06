"""Which landing files are new: those that the ledger has not taken as they are now."""

from collections.abc import Collection, Iterable

from pipeline.ledger.landing import ContentHashes, LandingFile
from pipeline.ledger.loads import Load
from pipeline.ledger.shrinking import is_accepted
from pipeline.ledger.waivers import Waiver
from pipeline.workspace import Workspace


def new_files(
    workspace: Workspace,
    feed: str,
    settings: str,
    files: Iterable[LandingFile],
    known: Iterable[Load],
    scopes: str = "",
    waivers: Collection[Waiver] = (),
) -> list[tuple[LandingFile, str]]:
    """Those of the feed's files that are not what their names brought last, with their hashes; a refused one when the feed's
    settings (their fingerprint) have changed, ids are known (`scopes`) that it missed, or a person has said since that it is right.
    `known` are the feed's loads."""
    hashes = ContentHashes(workspace, feed)
    found: list[tuple[LandingFile, str]] = []
    known = list(known)
    last = _last_arrivals(known)
    for file in files:
        digest = hashes.of(file)
        taken = [load for load in last.get(file.name, ()) if load.sha256 == digest]
        if not taken or any(load.is_refused and _may_do(load, settings, scopes, waivers, known) for load in taken):
            found.append((file, digest))
    hashes.save()
    return found


def _may_do(load: Load, settings: str, scopes: str, waivers: Collection[Waiver], known: Collection[Load]) -> bool:
    is_other = load.feed_sha256 != settings or bool(load.scopes and scopes and load.scopes != scopes)
    return is_other or (load.is_shrunk and is_accepted(waivers, load, known))


def other_parts(
    workspace: Workspace, feed: str, files: Iterable[LandingFile], known: Collection[Load], new: Collection[tuple[LandingFile, str]]
) -> list[tuple[LandingFile, str]]:
    """The unchanged files that are parts of the edition of which some are written over by the `new` ones: they are parts of the next."""
    last = max((load.received_at for load in known if load.is_part), default=None)
    parts = {load.landing_name for load in known if load.is_part and load.received_at == last}
    again = {file.name for file, _ in new}
    if not parts & again:
        return []
    hashes = ContentHashes(workspace, feed)
    return [(file, hashes.of(file)) for file in files if file.name in parts - again]


def _last_arrivals(known: Iterable[Load]) -> dict[str, list[Load]]:
    """Landing file → what it last brought: a file that is written over may well say again what it said before."""
    arrivals: dict[str, list[Load]] = {}
    for load in known:
        name = load.landing_name
        last = arrivals.get(name)
        if last is None or load.received_at > last[0].received_at:
            arrivals[name] = [load]
        elif load.received_at == last[0].received_at:
            last.append(load)
    return arrivals
