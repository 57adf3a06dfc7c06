"""Which vendor's adapter reads a file: each is asked in earnest, and the one that finds most of its fields is taken."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.config import FeedConfig
from pipeline.engines.local import quoted, scratch_folder
from pipeline.feeds import adapters
from pipeline.feeds._feed import SourceFile
from pipeline.feeds._vendor import Shape, VendorFeed
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.records import read_records
from pipeline.ledger.tables import REFUSALS
from pipeline.ledger.texts import canonical
from pipeline.proposal.looking import Look


@dataclass(frozen=True)
class Reader:
    """A vendor's adapter that reads a file: the shape that it found, and which of the file's columns it reads, by its fields' names."""

    source: str
    shape: Shape
    reads: dict[str, str]
    found: int
    """How many of the shape's fields the file has."""

    @property
    def share(self) -> float:
        """Of the shape's fields, how many the file has."""
        return self.found / len(self.shape.fields)


def readers(con: duckdb.DuckDBPyConnection, look: Look, wanted: str | None) -> list[Reader]:
    """The adapters that read the file (of one source, if it is wanted), the best first."""
    found = []
    for source, feed in adapters().items():
        if isinstance(feed, VendorFeed) and wanted in (None, source):
            with scratch_folder(look.sample.parent) as folder:
                try:
                    config = FeedConfig(id=source, source=source, timezone="UTC")
                    records, *_ = read_records(con, feed, SourceFile(look.sample, look.name, config), folder)
                except (UnreadableFile, *REFUSALS):
                    continue
                found.append(_reader(con, source, records.shape, records.path, look))
    return sorted(found, key=lambda reader: (-reader.found, -reader.share, reader.source))


def _reader(con: duckdb.DuckDBPyConnection, source: str, shape: Shape, path: Path, look: Look) -> Reader:
    counts = ", ".join(f"count(nullif(\"{field.name}\", ''))" for field in shape.fields)
    row = con.execute(f"SELECT {counts} FROM read_parquet({quoted(path)})").fetchone() or ()
    filled = {field.name for field, count in zip(shape.fields, row, strict=True) if count}
    reads = {}
    for column in look.columns:
        for field in shape.fields:
            told = {canonical(name) for name in (field.name, *field.headers)}
            if column in field.paths if look.is_json else canonical(column) in told:
                reads[column] = field.name
                break
    return Reader(source, shape, reads, len(filled | set(reads.values())))
