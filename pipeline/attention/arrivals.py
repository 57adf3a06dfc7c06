"""Files that were received ahead of the machine's clock: nobody knows how old they are, and nothing else can arrive (domain §8)."""

from collections.abc import Iterator

from pipeline import clock
from pipeline.attention._notice import Notice, View
from pipeline.ledger import redating


def look(view: View) -> Iterator[Notice]:
    """One notice for all of them. The feeds concerned are stale besides, which stops what rests on them."""
    ahead = [load for load in view.loads if clock.is_ahead(load.received_at)]
    if ahead:
        feeds = sorted({load.feed for load in ahead})
        newest = ahead[-1].received_at.isoformat()
        yield Notice(
            "arrival_ahead",
            f"{len(ahead):,} files were received ahead of the machine's clock (the newest at {newest}; feeds {', '.join(feeds)}):"
            " those feeds are stale, and nothing can be ingested",
            where=f"landing/{ahead[-1].feed}/",
            remedy=redating.REMEDY,
        )
