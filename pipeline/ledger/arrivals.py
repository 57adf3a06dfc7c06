"""Which landing files are new, and which refused ones may be taken now."""

from collections.abc import Collection, Iterable, Sequence

from pipeline.ledger.editions import editions, lines_of, not_made_good
from pipeline.ledger.landing import ContentHashes, LandingFile
from pipeline.ledger.loads import Load, order_of
from pipeline.ledger.shrinking import is_accepted
from pipeline.ledger.waivers import Waiver
from pipeline.workspace import Workspace


def new_files(workspace: Workspace, feed: str, files: Iterable[LandingFile], known: Iterable[Load]) -> list[tuple[LandingFile, str]]:
    """Those of the feed's files that are not what their names brought last, with their hashes. `known` are the feed's loads."""
    hashes = ContentHashes(workspace, feed)
    found: list[tuple[LandingFile, str]] = []
    last = _last_arrivals(known)
    for file in files:
        digest = hashes.of(file)
        if all(load.sha256 != digest for load in last.get(file.name, ())):
            found.append((file, digest))
    hashes.save()
    return found


def may_be_taken(
    workspace: Workspace,
    feed: str,
    settings: str,
    files: Iterable[LandingFile],
    known: Collection[Load],
    *,
    scopes: str = "",
    waivers: Collection[Waiver] = (),
) -> list[Load]:
    """The refused loads of the feed that may be taken now, with all parts of their editions: its settings (their fingerprint) have
    changed, ids are known (`scopes`) that they missed, or a person has said since that they are right. Their files lie there as they
    were, and nothing has made them good since."""
    refused = not_made_good(sorted(known, key=order_of))
    if not refused:
        return []
    hashes = ContentHashes(workspace, feed)
    landed = {file.name: hashes.of(file) for file in files}
    found = [load for load in refused if _is_to_be_tried(load, settings, scopes, waivers, known)]
    editions = {load.received_at for load in found if load.is_part}
    parts = [load for load in refused if load.is_part and load.received_at in editions]
    gone = {load.received_at for load in parts if landed.get(load.landing_name) != load.sha256}
    return [
        *(load for load in found if not load.is_part and landed.get(load.landing_name) == load.sha256),
        *(load for load in parts if load.received_at not in gone),
    ]


def _is_to_be_tried(load: Load, settings: str, scopes: str, waivers: Collection[Waiver], known: Collection[Load]) -> bool:
    is_other = load.feed_sha256 != settings or bool(load.scopes and scopes and load.scopes != scopes)
    return is_other or is_let_in(load, waivers, known)


def is_let_in(load: Load, waivers: Collection[Waiver], known: Iterable[Load]) -> bool:
    """Whether a person has said that this refused arrival is right: the last one of its file with these bytes."""
    if not load.is_shrunk or not is_accepted(waivers, load, known := list(known)):
        return False
    return all(each.received_at <= load.received_at for each in known if (each.file, each.sha256) == (load.file, load.sha256))


def untaken(workspace: Workspace, feed: str, settings: str, files: Sequence[LandingFile], known: Collection[Load]) -> list[LandingFile]:
    """Those of the feed's files that the next ingest looks at: the new ones, and refused ones after its settings have changed."""
    new = {file.name for file, _ in new_files(workspace, feed, files, known)}
    again = {load.landing_name for load in may_be_taken(workspace, feed, settings, files, known)}
    return [file for file in files if file.name in new | again]


def other_parts(
    workspace: Workspace, feed: str, files: Iterable[LandingFile], known: Collection[Load], new: Collection[tuple[LandingFile, str]]
) -> list[tuple[LandingFile, str]]:
    """The unchanged files that make one edition with the `new` ones: the other parts of an edition in force where new files are written
    over some of its parts, and the parts of a refused edition where fewer files are new than it had."""
    names = {file.name for file, _ in new}
    parts = sorted((load for load in known if load.is_part), key=order_of)
    wanted: dict[str, str] = {}
    lines, taken = lines_of(parts), editions(load for load in parts if not load.is_refused)
    newest = {(line, edition[0].series): edition for edition in taken for line in lines[edition[0].load_id]}
    for edition in newest.values():
        whole = {load.landing_name: load.sha256 for load in edition}
        wanted |= whole if names & whole.keys() else {}
    if parts and parts[-1].is_refused:
        refused = {load.landing_name: load.sha256 for load in parts if load.received_at == parts[-1].received_at}
        wanted |= refused if names and len(names) < len(refused) else {}
    if not wanted.keys() - names:
        return []
    hashes = ContentHashes(workspace, feed)
    return [(file, wanted[file.name]) for file in files if file.name in wanted.keys() - names and hashes.of(file) == wanted[file.name]]


def _last_arrivals(known: Iterable[Load]) -> dict[str, list[Load]]:
    """Landing file → what it last brought: a file that is written over may well say again what it said before."""
    arrivals: dict[str, list[Load]] = {}
    for load in known:
        name = load.landing_name
        last = arrivals.get(name)
        arrived = (load.received_at, load.turn)
        if last is None or arrived > (last[0].received_at, last[0].turn):
            arrivals[name] = [load]
        elif arrived == (last[0].received_at, last[0].turn):
            last.append(load)
    return arrivals
