"""What lies below landing/ and no feed reads: another ending, a link, a folder that no feed has (domain §8 "Names of files").

A new file in the folder of a feed's former name stops the feed's campaigns where one in its new folder is called so: which of the two is
the newer one, nobody but a person knows.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.attention._notice import Notice, View
from pipeline.config import FeedConfig
from pipeline.errors import FeedNotFresh
from pipeline.ledger.landing import ContentHashes, files_hidden, is_file_name, is_finished, leads_out
from pipeline.logs import masked_name

_LINK_REMEDY = "Let the files themselves lie there, or have the operating system mount their folder there."
NAMED = 3
"""So many files of a feed are named; of the others the number."""


def look(view: View) -> Iterator[Notice]:
    """The files that nobody reads, by feed."""
    landing = view.workspace.landing
    if not landing.is_dir():
        return
    with os.scandir(landing) as entries:
        found = sorted((entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith("."))
    cased = {name.casefold(): name for name in view.configuration.feeds}
    # A feed that was renamed reads its former folder, too.
    feeds = {name: feed for feed in view.configuration.feeds.values() for name in feed.names}
    for name, is_folder in found:
        feed = feeds.get(name)
        if not is_folder:
            where = f"landing/{masked_name(name)}"
            yield _notice("unread_file", where, "a file beside the feeds' folders is not read", "Move it into one.")
        elif feed is None:
            meant = cased.get(name.casefold())
            remedy = f"Write feeds/{masked_name(name)}.yaml, or take the folder away."
            remedy = remedy if meant is None else f"Move its files into landing/{meant}/."
            yield _notice("unread_folder", f"landing/{masked_name(name)}/", "no feed is called so: nothing in it is read", remedy)
        elif leads_out(view.workspace, landing / name):
            message = "the folder is a link that leads out of the workspace, and is not followed"
            yield _notice("unread_link", f"landing/{name}/", message, _LINK_REMEDY)
        else:
            yield from _unread(landing / name, name, feed)
    for feed in view.configuration.feeds.values():
        yield from _hidden(view, feed)


def _unread(folder: Path, name: str, feed: FeedConfig) -> Iterator[Notice]:
    others: list[str] = []
    links: list[str] = []
    for place, folders, files in os.walk(folder):
        here = Path(place).relative_to(folder)
        links += [str(here / each) for each in folders if is_finished(here / each) and os.path.islink(os.path.join(place, each))]
        for file in files:
            path = here / file
            if not is_finished(path):
                continue
            if not is_file_name(path, feed.files):
                others.append(str(path))
            elif os.path.islink(os.path.join(place, file)) and _leads_out(folder, path):
                links.append(str(path))
    where = f"landing/{name}/"
    if others:
        message = f"{_counted(others, 'file', 'not read')}: feeds/{feed.id}.yaml takes {feed.files!r}"
        yield _notice("unread_file", where, message, f"Name it as the feed's others, or set `files:` in feeds/{feed.id}.yaml.")
    if links:
        message = _counted(links, "link", "not followed")
        yield _notice("unread_link", where, message, _LINK_REMEDY)


def _hidden(view: View, feed: FeedConfig) -> Iterator[Notice]:
    hashes = ContentHashes(view.workspace, feed.id)
    known = {load.sha256 for load in view.loads if load.feed in feed.names}
    for name, file in files_hidden(view.workspace, feed.names, feed.files):
        if hashes.of(file) not in known:
            where = f"landing/{name}/{masked_name(file.name)}"
            message = f"the file is not read: one of its name lies in landing/{feed.id}/, the feed's folder now"
            remedy = f"Move it to landing/{feed.id}/ under another name, and run `presend ingest {feed.id}`."
            yield Notice("hidden_file", message, where, remedy, FeedNotFresh, feed.concerns)


def _leads_out(folder: Path, path: Path) -> bool:
    return not (folder / path).resolve().is_relative_to(folder.resolve())


def _counted(names: list[str], what: str, fate: str) -> str:
    names.sort()
    shown = ", ".join(masked_name(name) for name in names[:NAMED])
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"{len(names):,} {what}{'s are' if len(names) > 1 else ' is'} {fate} ({shown}{more})"


def _notice(kind: str, where: str, message: str, remedy: str) -> Notice:
    return Notice(kind, message, where=where, remedy=remedy)
