"""The assets that wake one DAG after another: landing → feed → warehouse, and the audience at the end."""

from airflow.sdk import Asset, AssetWatcher

GROUP = "presend"
WAREHOUSE = Asset("presend_warehouse", group=GROUP)
"""The warehouse was built anew; the event tells the ledger's version and its rows by table."""

WITHDRAWN = Asset("presend_withdrawn", group=GROUP)
"""Published audiences were asked again; the event tells how many are withdrawn from which run, and where the list stands."""


def landing(feed: str, watchers: list[AssetWatcher] | None = None) -> Asset:
    """Files that have landed for the feed and are not in the ledger yet."""
    return Asset(f"presend_landing_{feed}", group=GROUP, watchers=watchers or [])


def feed(feed_id: str) -> Asset:
    """The feed's part of the ledger has grown; the event tells how the rows were counted, and the newest arrival."""
    return Asset(f"presend_feed_{feed_id}", group=GROUP)


def audience(campaign: str) -> Asset:
    """A run of the campaign was published."""
    return Asset(f"presend_audience_{campaign}", group=GROUP)
