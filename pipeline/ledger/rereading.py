"""Reads a feed's landing files anew after its settings have changed, under their old `received_at` (domain §8 "Settings change").

So it is with refused files that may be taken now: each stands where it arrived, and replaces no edition that has come since.

All that was read of the same bytes is replaced as one: the new loads come to lie beside the old ones, and count from the moment at which
the last of them appears, which names those that it replaces (`loads.in_force`). Whoever is killed on the way leaves the former reading.
"""

import shutil
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ledger import staging
from pipeline.ledger.arrivals import is_let_in, may_be_taken
from pipeline.ledger.landing import ContentHashes, LandingFile, files_of
from pipeline.ledger.loads import Load
from pipeline.ledger.waivers import read_waivers
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.config import FeedConfig
    from pipeline.ledger.loading import Loader


def sources_of(workspace: Workspace, feed: "FeedConfig", loads: list[Load]) -> dict[str, LandingFile]:
    """Where the bytes of the loads lie in landing/, by load id: under their own name, or under another one of the same packing."""
    hashes = ContentHashes(workspace, feed.id)
    same: dict[tuple[str, str], list[LandingFile]] = defaultdict(list)
    for file in (file for name in feed.names if loads for file in files_of(workspace, name, "*")):
        same[hashes.of(file), file.path.suffix].append(file)
    hashes.save()
    found: dict[str, LandingFile] = {}
    for load in loads:
        files = same.get((load.sha256, Path(load.landing_name).suffix), [])
        by_name = [file for file in files if file.name == load.landing_name]
        if files:
            found[load.load_id] = replace((by_name or files)[0], name=load.landing_name)
    return found


def read_anew(loader: "Loader") -> None:
    """Replace what was read under other settings, missed ids that there are now, or was refused and may be taken now, as far as the
    landing files are there."""
    reading, report = loader.reading, loader.report
    former = {load.load_id for load in reading.left(loader.known.values(), read_waivers(loader.workspace))}
    left = {load.sha256 for load in loader.known.values() if load.load_id in former}
    known = list(loader.known.values())
    otherwise = {load.load_id for load in reading.former(known)}
    kept = {load.sha256 for load in known if load.load_id in otherwise} - left
    settings, scopes = loader.feed_sha256, reading.scopes
    files = loader.landed() if any(load.is_refused for load in known) else []
    refused = may_be_taken(loader.workspace, reading.feed.id, settings, files, known, scopes=scopes, waivers=loader.waivers)
    behind = [load for load in known if load.load_id in otherwise or reading.is_behind(load)]
    behind = [load for load in behind if load.sha256 not in kept] + refused
    contents, arrivals = {load.sha256 for load in behind}, {_arrival(load) for load in behind}
    old: dict[str, list[Load]] = defaultdict(list)
    for load in known:
        if load.sha256 in contents and (not load.is_refused or _arrival(load) in arrivals):
            old[load.sha256].append(load)
    wanted = [load for loads in old.values() for load in loads]
    sources = sources_of(loader.workspace, loader.feed, wanted)
    # Of editions that are parts of one by now all are read anew together, or none.
    apart = {load.load_id: load.received_at for load in known if load.load_id in otherwise and not reading.is_former(load)}
    halves = {apart[load.load_id] for load in wanted if load.load_id in apart and load.load_id not in sources}
    for digest, loads in list(old.items()):
        is_gone = any(load.load_id not in sources for load in loads)
        if is_gone or any(apart.get(load.load_id) in halves for load in loads):
            report.anew.gone += [load for load in loads if is_gone and load.load_id in former]
            del old[digest]
    if old:
        loader.prepare()
        with staging.remembering(loader.con, (load for loads in old.values() for load in loads)):
            unseen = _read(loader, old, sources, {load.load_id for load in refused if is_let_in(load, loader.waivers, known)})
        _replace(loader, old, unseen, otherwise)


def _arrival(load: Load) -> tuple[str, datetime, str]:
    """The landing file that came: members of one archive came together."""
    return load.landing_name, load.received_at, load.sha256


def _read(loader: "Loader", old: dict[str, list[Load]], sources: dict[str, LandingFile], let_in: set[str]) -> list[tuple[Load, Path]]:
    """The new loads with their folders, which nobody sees yet: read as they were received, in that order. The refused loads `let_in` are
    right by a person's word."""
    arrivals: dict[datetime, dict[str, tuple[LandingFile, str]]] = defaultdict(dict)
    replaced = {load.load_id for loads in old.values() for load in loads}
    for load in sorted((load for loads in old.values() for load in loads), key=lambda load: (load.received_at, load.file)):
        arrivals[load.received_at][load.landing_name] = (sources[load.load_id], load.sha256)
    known = {load_id: load for load_id, load in loader.known.items() if load_id not in replaced}
    unseen: dict[str, tuple[Load, Path]] = {}
    for received_at, files in arrivals.items():
        again = loader.at(received_at, known)
        again.read_at, again.unseen = loader.report.received_at, unseen
        arrived = [load for loads in old.values() for load in loads if load.received_at == received_at]
        again.arrived_then, again.let_in = arrived, {load.file for load in arrived if load.load_id in let_in}
        again.load(list(files.values()))
        loader.report.waiting += again.report.waiting
    return list(unseen.values())


def _owners(loads: list[Load]) -> dict[str, str]:
    """The owner of each brand and list, as the loads say it; empty where two of them differ."""
    found: dict[str, str] = {}
    for load in loads:
        found |= {name: owner if found.get(name, owner) == owner else "" for name, owner in load.owners.items()}
    return found


def _is_whole(loader: "Loader", former: list[Load], new: list[tuple[Load, Path]]) -> bool:
    """Whether all of the bytes was read: a file that was written to meanwhile waits."""
    waiting = set(loader.report.waiting)
    return bool(new) and not any(f"{loader.feed.id}/{load.file}" in waiting for load in former)


def _replace(loader: "Loader", old: dict[str, list[Load]], unseen: list[tuple[Load, Path]], otherwise: Collection[str]) -> None:
    """Let the new loads of each content appear, unless one that was taken before is refused now; `otherwise` must not stay as they are."""
    read = {digest: [(load, folder) for load, folder in unseen if load.sha256 == digest] for digest in old}
    # Of an edition that was refused all parts are taken, or none.
    broken = {
        load.received_at for digest, loads in old.items() if not _is_whole(loader, loads, read[digest]) for load in loads if load.is_part
    }
    for digest, former in old.items():
        new = read[digest]
        taken = {(load.received_at, load.file) for load in former if not load.is_refused}
        refused = [load for load, _ in new if load.is_refused and (load.received_at, load.file) in taken]
        is_part_of_broken = any(load.is_refused and load.is_part and load.received_at in broken for load in former)
        if refused or is_part_of_broken or not _is_whole(loader, former, new):
            # A file that only knew too few ids stays as it was read, which is wider: nothing is wrong with that.
            is_former = any(load.load_id in otherwise for load in former)
            loader.report.anew.refused += refused if is_former else []
            loader.report.anew.kept += former if refused and not is_former else []
            for load, folder in new:
                loader.show_rejected(load, folder)
                shutil.rmtree(folder)
            continue
        owners = _owners(former)
        for load in former:
            del loader.known[load.load_id]
        for position, (load, folder) in enumerate(new, start=1):
            is_last = position == len(new)
            # Whose a brand or list was when it was first read stays, also where it has been moved since.
            first = {name: owner for name, owner in owners.items() if name in (load.names or ())}
            replaces = tuple(sorted(each.load_id for each in former)) if is_last else ()
            load = replace(load, owners=load.owners | first, replaces=replaces)
            loader.appear(load, folder)
            was_taken = (load.received_at, load.file) in taken and not load.is_refused
            (loader.report.anew if was_taken else loader.report).loads.append(load)
