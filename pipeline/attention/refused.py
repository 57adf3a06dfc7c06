"""Refused files that nothing has made good, though later files of their feeds were taken: what they say is not known.

A later file of the feed ends the stop (contract §4). Where it replaces the whole state it makes the refused one good; events it does not
repeat.
"""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.freshness import remedy_of, state_of
from pipeline.ledger.editions import not_made_good
from pipeline.ledger.landing import ContentHashes, files_under
from pipeline.logs import masked_name

NAMED = 3


def look(view: View) -> Iterator[Notice]:
    """One warning per feed, as long as such files lie in landing/ as they were."""
    for name, feed in sorted(view.configuration.feeds.items()):
        arrived = [load for load in view.loads if load.feed in feed.names]
        if state_of(view.configuration, feed, view.loads, view.as_of).is_refused:
            continue  # that stops by itself
        left = not_made_good(arrived)
        if not left:
            continue
        hashes = ContentHashes(view.workspace, name)
        landed = {file.name: hashes.of(file) for file in files_under(view.workspace, feed.names, feed.files)}
        left = [load for load in left if landed.get(load.landing_name) == load.sha256]
        files = sorted({masked_name(load.file) for load in left})
        if files:
            more = f" and {len(files) - NAMED:,} more" if len(files) > NAMED else ""
            are, they = ("files were", "they say") if len(files) > 1 else ("file was", "it says")
            yield Notice(
                "refused",
                f"{len(files):,} {are} refused ({', '.join(files[:NAMED])}{more}), and no later one says what {they}",
                where=f"landing/{name}/",
                remedy=remedy_of(left[-1], name),
                organisation=feed.concerns,
            )
