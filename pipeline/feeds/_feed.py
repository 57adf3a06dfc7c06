"""What an adapter is: a name that `source:` takes, the kinds of rows it yields, and a way to read one file.

Two ways to read. A `TableFeed` is read by DuckDB as a whole, its columns being the canonical ones; a `RowFeed` yields
one `Record` after another and is for messages and the like. Either only translates: normalising, times, keys,
deduplication and rejects are the ledger's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.config import FeedConfig
from pipeline.vocabulary import Kind


@dataclass(frozen=True)
class Column:
    """A column of a kind of rows, and what stands in it."""

    name: str
    meaning: str
    is_required: bool = False


@dataclass(frozen=True)
class SourceFile:
    """One input file as an adapter sees it: decompressed bytes on disk and the feed it belongs to."""

    path: Path
    name: str
    feed: FeedConfig


@dataclass(frozen=True)
class Record:
    """One record of a file, in the file's order.

    `kind` is None for a record that holds no event (ignored) and, with `fault`, for one that cannot be read (rejected).
    `values` has the canonical columns of its kind as text; times are ISO 8601.
    """

    row_number: int
    kind: Kind | None
    values: Mapping[str, str] = field(default_factory=dict)
    fault: str | None = None
    raw: str = ""
    vendor_label: str = ""


@dataclass(frozen=True)
class ListForm:
    """A form of a register's file that is no table. It tells how its entries are written, whatever the feed's YAML says.

    `digest_size`: raw digests back to back, so many bytes each. `key`: JSON objects whose list under that key holds the entries,
    hashes or plain text.
    """

    meaning: str
    algorithm: str
    normalisation: str
    digest_size: int = 0
    key: str = ""


@dataclass(frozen=True)
class TableFeed:
    """A feed whose files are tables (CSV or NDJSON) with the canonical columns of one kind.

    A register's feed may say instead which `forms` its files have, and the `country` whose numbers its entries are where they stand
    without a country's code; else it is the organisation's.
    """

    source: str
    kind: Kind
    columns: tuple[Column, ...]
    summary: str
    keeps_other_columns: bool = False
    forms: tuple[ListForm, ...] = ()
    country: str = ""
    traps: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return (self.kind,)


@dataclass(frozen=True)
class RowFeed:
    """A feed whose files are read record by record in Python."""

    source: str
    kinds: tuple[Kind, ...]
    read: Callable[[SourceFile], Iterator[Record]]
    summary: str
    is_single_record: Callable[[SourceFile], bool] = lambda file: False
