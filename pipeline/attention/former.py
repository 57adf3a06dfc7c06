"""Files that were read under other settings than their feed has now (domain §8 "Settings change"): nothing is published on them."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.errors import ConfigurationError
from pipeline.ledger.readings import Reading
from pipeline.ledger.rereading import sources_of
from pipeline.ledger.waivers import read_waivers
from pipeline.vocabulary import Named


def look(view: View) -> Iterator[Notice]:
    """A stop for each feed with such files: those that the next ingest reads anew, and those that are not in landing/ any more."""
    waivers = read_waivers(view.workspace)
    for name, feed in sorted(view.configuration.feeds.items()):
        left = Reading.of(view.configuration, feed).left(view.loads, waivers)
        there = sources_of(view.workspace, feed, left)
        for is_there, remedy in (
            (
                True,
                f"Run `presend ingest {name}`: it reads them anew. Where it refuses one, mend the settings, or let it stay as it was read:"
                f" `presend ingest --keep-former {name} --by NAME`.",
            ),
            (False, f"Land them again and run `presend ingest {name}`, or let them stay: `presend ingest --keep-former {name} --by NAME`."),
        ):
            files = {load.landing_name for load in left if (load.load_id in there) is is_there}
            if files:
                gone = "" if is_there else ", and are not in landing/ any more as they were"
                message = f"{len(files):,} files of the feed {name} were read under other settings than it has now{gone}"
                # Whose feed it was when they were read is concerned as well: what they say of it is not read anew yet.
                then = {view.configuration.names.now(Named.ORGANISATION, load.feed_organisation) or None for load in left}
                owners = {feed.concerns, *then}
                for owner in (None,) if None in owners else sorted(filter(None, owners)):
                    yield Notice("former", message, f"feeds/{name}.yaml", remedy, ConfigurationError, owner)
