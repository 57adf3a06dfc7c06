"""A file of a mailbox, one message or an mbox → records for the ledger."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.feeds import adapters
from pipeline.feeds._feed import RowFeed, SourceFile
from tests.fuzz.judging import Failure, must_be_storable, must_hold_no_address
from tests.fuzz.workplace import configuration, written

MAILBOX = Path(__file__).parents[2] / "data" / "mailbox"


def run(content: bytes) -> None:
    feed = adapters()["mailbox"]
    assert isinstance(feed, RowFeed)
    with written(content) as (path, _):
        file = SourceFile(path, path.name, configuration().feeds["mailbox"])
        records = list(feed.read(file))
        if [record.row_number for record in records] != list(range(1, len(records) + 1)):
            raise Failure("the records are not numbered one by one")
        for record in records:
            must_be_storable(*record.values.values(), record.fault, record.raw, record.vendor_label)
            must_hold_no_address(str(record.fault), content)
            if record.fault and record.kind:
                raise Failure(f"a rejected record is of the kind {record.kind}")
        feed.is_single_record(file)


def seeds() -> Iterator[bytes]:
    found = [path.read_bytes() for path in sorted(MAILBOX.glob("*.eml"))]
    yield from found
    yield b"\n".join(b"From MAILER-DAEMON Mon Jun  1 08:00:00 2026\n" + message for message in found[:3])
