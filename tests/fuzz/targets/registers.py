"""A do-not-contact register's file → its entries: a table, one entry a line, raw digests, answers of an interface."""

import hashlib
import json
from collections.abc import Iterator

from pipeline.feeds import adapters
from pipeline.feeds._feed import TableFeed
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.placing import Placing
from pipeline.ledger.registers import read_register
from tests.fuzz.judging import Failure, must_be_storable, must_hold_no_address
from tests.fuzz.workplace import REGISTERS, chosen, configuration, encoded, engine, samples, written


def run(content: bytes) -> None:
    feed, _, body = chosen(content, REGISTERS)
    assert isinstance(feed, TableFeed)
    with written(body) as (path, scratch):
        try:
            table = read_register(engine(), feed, Placing.of(feed, configuration().feeds[feed.source]), path, scratch)
            rows = engine().execute(table.select, table.parameters).fetchall()
        except UnreadableFile as refusal:
            must_hold_no_address(str(refusal), body)
            return
        for row in rows:
            must_be_storable(*row)
        if any(len(row) != len(table.header) + 2 for row in rows):
            raise Failure("a row is of another width than the header")


def seeds() -> Iterator[bytes]:
    yield from samples(REGISTERS)
    digests = [hashlib.sha1(address) for address in (b"anna@post.example.at", b"@firma.example.at")]
    for source in sorted(REGISTERS):
        for body in (
            b"anna@post.example.at\r\n@firma.example.at\r\n",
            b"entry;since\n" + b"".join(f"{digest.hexdigest()};2026\n".encode() for digest in digests),
            b"".join(digest.digest() for digest in digests),
            json.dumps({key: [digest.hexdigest() for digest in digests] for key in keys()}).encode(),
            "\ufeffentry\nänna@post.example.at\n".encode("utf-16"),
        ):
            yield encoded(source, "", body, REGISTERS)


def keys() -> list[str]:
    """The keys under which an answer of an interface lists entries."""
    return [
        form.key for source in sorted(REGISTERS) if isinstance(feed := adapters()[source], TableFeed) for form in feed.forms if form.key
    ]
