"""Files that were read under other settings than their feed has now (domain §8 "Settings change"): nothing is published on them."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.errors import ConfigurationError
from pipeline.ledger.readings import Reading
from pipeline.ledger.rereading import sources_of
from pipeline.ledger.waivers import read_waivers
from pipeline.logs import masked_name
from pipeline.vocabulary import Named

NAMED = 3


def look(view: View) -> Iterator[Notice]:
    """A stop for each feed with such files: those that the next ingest reads anew, and those that are not in landing/ any more."""
    waivers = read_waivers(view.workspace)
    for name, feed in sorted(view.configuration.feeds.items()):
        left = Reading.of(view.configuration, feed).left(view.loads, waivers)
        there = sources_of(view.workspace, feed, left)
        for is_there in (False, True):  # what is missing keeps the other parts of its edition waiting
            files = {load.landing_name for load in left if (load.load_id in there) is is_there}
            if files:
                message, remedy = _words_for(name, sorted(masked_name(file) for file in files), is_there=is_there)
                # Whose feed it was when they were read is concerned as well: what they say of it is not read anew yet.
                then = {view.configuration.names.now(Named.ORGANISATION, load.feed_organisation) or None for load in left}
                owners = {feed.concerns, *then}
                for owner in (None,) if None in owners else sorted(filter(None, owners)):
                    yield Notice("former", message, f"feeds/{name}.yaml", remedy, ConfigurationError, owner)


def _words_for(feed: str, files: list[str], *, is_there: bool) -> tuple[str, str]:
    """What is wrong with the files, with the names of the first ones, and what to do."""
    named = ", ".join(files[:NAMED]) + (f" and {len(files) - NAMED:,} more" if len(files) > NAMED else "")
    is_one = len(files) == 1
    count, were, they, are, them = (
        ("1 file", "was", "it", "is", "it") if is_one else (f"{len(files):,} files", "were", "they", "are", "them")
    )
    keep = f"`presend ingest --keep-former {feed} --by NAME`"
    message = f"{count} of the feed {feed} ({named}) {were} read under other settings than it has now"
    if is_there:
        remedy = f"Run `presend ingest {feed}` to read {them} anew. Where a file is refused, mend the settings, or let it stay: {keep}."
        return message, remedy
    remedy = f"Land {them} again and run `presend ingest {feed}`, or let {them} stay: {keep}."
    return f"{message}, and {are} not in landing/ any more as {they} {were}", remedy
