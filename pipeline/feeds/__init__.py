"""The adapters: one file per source in this package, found by itself.

A module that does not begin with an underscore holds one `FEED`; its `source` is the name that a feed's YAML uses.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pipeline.feeds._feed import RowFeed, TableFeed
from pipeline.feeds._vendor import VendorFeed

Feed = TableFeed | RowFeed | VendorFeed


@cache
def adapters() -> dict[str, Feed]:
    """Every adapter by the name that `source:` takes."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    feeds: list[Feed] = [import_module(f"{__name__}.{name}").FEED for name in names]
    return {feed.source: feed for feed in feeds}


@cache
def sources() -> dict[str, tuple[str, ...]]:
    """What a configuration is checked against: the names that `source:` takes, with the columns of those that `columns:` places."""
    return {
        name: tuple(column.name for column in feed.columns) if isinstance(feed, TableFeed) and not feed.forms else ()
        for name, feed in adapters().items()
    }


def columns_of(feed: Feed) -> dict[str, str]:
    """The columns that an adapter reads, with what stands in them; empty for one that reads messages."""
    if isinstance(feed, TableFeed):
        return {column.name: column.meaning for column in feed.columns}
    if isinstance(feed, VendorFeed):
        return {found.name: found.meaning for shape in feed.shapes for found in shape.fields}
    return {}
