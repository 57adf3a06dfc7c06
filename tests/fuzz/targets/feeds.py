"""A file of any adapter → its records, by the readers that ingest uses, alone and together with others."""

from collections.abc import Iterator

from pipeline.feeds import adapters
from pipeline.feeds._feed import SourceFile
from pipeline.feeds._vendor import VendorFeed
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.records import Records, read_records
from pipeline.ledger.together import is_small, read_together
from tests.fuzz.judging import Failure, must_hold_no_address
from tests.fuzz.workplace import chosen, configuration, engine, samples, written

SOURCES = frozenset(feed.source for feed in adapters().values() if isinstance(feed, VendorFeed))


def run(content: bytes) -> None:
    feed, name, body = chosen(content, SOURCES)
    assert isinstance(feed, VendorFeed)
    with written(body, name) as (path, scratch):
        file = SourceFile(path, name, configuration().feeds[feed.source])
        alone, together = [], []
        try:
            alone = [rows_of(records) for records in read_records(engine(), feed, file, scratch)]
        except UnreadableFile as refusal:
            must_hold_no_address(str(refusal), body)
        if is_small(path):
            (scratch / "beside").mkdir()
            found = (rows_of(records) for records in read_together(engine(), feed, [file], scratch / "beside"))
            together = [(shape, rows) for shape, rows in found if rows]  # none: it has to be read alone
        if together and together != alone:
            raise Failure(f"{feed.source} reads {alone} alone and {together} together with others")


def rows_of(records: Records) -> tuple[str, list[tuple[object, ...]]]:
    """The shape and the rows, each of which has its text too."""
    more = "EXCLUDE (file_no)" if records.is_together else ""
    rows = engine().execute(f"SELECT * {more} FROM read_parquet($path)", {"path": str(records.path)}).fetchall()
    texts = engine().execute(f"SELECT raw FROM ({records.raw_select})", records.raw_parameters).fetchall()
    if not records.count == len(rows) == len(texts):
        raise Failure(f"{records.count} records, {len(rows)} rows, {len(texts)} texts")
    return records.shape.name, rows


def seeds() -> Iterator[bytes]:
    return samples(SOURCES)
