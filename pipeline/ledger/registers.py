"""Reads the files of a register: a table with the column `entry`, one entry a line, or one of the forms that its feed names.

A million digests are a few buffers: nothing here handles them one by one.
"""

import codecs
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from pipeline.addresses import ADDRESS_COLUMN
from pipeline.feeds._feed import ListForm, TableFeed
from pipeline.ledger.json_values import SURROGATE, Unreadable, as_line, json_values
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.placing import Placing
from pipeline.ledger.tables import REFUSALS, Table, one_cell, read_list, read_table, read_table_again
from pipeline.ledger.texts import SAMPLE, canonical, chunks_of, sample_of, shown

ENTRY = re.compile(r'"?\s*([^\s",;|]*@[^\s",;|@]+|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}|\+?[\d ()/-]{6,})\s*"?')
"""A first line that is an entry itself, and no header."""
ENTRIES = "entry"
ENTRY_COLUMN = re.compile(rf"{ADDRESS_COLUMN.pattern}|(hashed_)?(e_?mail_?)?(hash|md5|sha_?(1|256|512))|hashed_e_?mail|domain")
"""What the lists of other systems call their entries. Of two such columns nobody knows which is the list."""
OTHER_COLUMN = re.compile("address|adresse|recipient")
"""What they call them where no other column holds them: beside `email` an address is where somebody lives."""
IN_RECORDS = ("email", "e-mail", "mail", "address", "email_address", "emailaddress", "recipient", "phone", "hash")
"""Keys of JSON records that hold an entry: an object without any of them is an envelope of such records."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_register(con: duckdb.DuckDBPyConnection, feed: TableFeed, placing: Placing, path: Path, scratch: Path) -> Table:
    """The entries of a file as a table of one column. Sets the variable `entries`: how they are written, as far as the file tells.

    Raises UnreadableFile when the file has none of the feed's forms.
    """
    if feed.forms:
        form, table = _read_form(feed, path, scratch)
        # An interface answers in hashes or, asked so, in plain text; a file of digests holds nothing else.
        told = {"algorithm": "plain", "algorithm_by_length": form.algorithm} if form.key else {"algorithm": form.algorithm}
        told["normalisation"] = form.normalisation
    else:
        table = _read_plain(con, placing, path, scratch)
        told = _told_by_length(con, table, one_cell(placing.found(table.header)[ENTRIES]))
    if feed.country:
        told["country"] = feed.country
    con.execute(
        "SET VARIABLE entries = (SELECT map($names::VARCHAR[], $values::VARCHAR[]))",
        {"names": list(told), "values": list(told.values())},
    )
    return table


def _read_plain(con: duckdb.DuckDBPyConnection, placing: Placing, path: Path, scratch: Path) -> Table:
    sample, told = sample_of(path).strip(), placing.columns.get(ENTRIES)
    if sample and ENTRY.fullmatch(sample.splitlines()[0]):
        return read_list(con, path, scratch, told or ENTRIES)
    asked = [told] if told else [ENTRIES, *IN_RECORDS] if sample[:1] in ("{", "[") else []
    try:
        table = read_table(con, path, scratch, asked)
        # Every column: what nobody asks for is not decoded, and the text of a rejected row asks for all.
        con.execute(f"SELECT count(COLUMNS(*)) FROM ({table.select})", table.parameters).fetchall()
    except REFUSALS:
        # Rows that DuckDB's reader refuses are read once more, one by one, so that each can say what is wrong with it.
        table = read_table_again(path, scratch, asked)
    return _with_entries(table, told)


def _with_entries(table: Table, told: str | None) -> Table:
    """The table with its column of entries: the one that is `told`, or `entry`, or what other systems' lists call it, such as `email`.

    Raises UnreadableFile where none holds them, or nobody knows which: an edition without an entry would free everybody.
    """
    names = [canonical(name) for name in table.header]
    if canonical(told or ENTRIES) in names:
        return table
    known = () if told else (ENTRY_COLUMN, OTHER_COLUMN)
    found = next(filter(None, ([place for place, name in enumerate(names) if each.fullmatch(name)] for each in known)), [])
    if len(found) != 1:
        which = "nobody knows which column holds" if found else f"no record has {told or ENTRIES!r}, and no other column holds"
        raise UnreadableFile(f"{which} the entries (found: {shown(table.header)}); name it in the feed's YAML: `columns: {{entry: …}}`")
    header = tuple(ENTRIES if place == found[0] else name for place, name in enumerate(table.header))
    return replace(table, header=header)


def _told_by_length(con: duckdb.DuckDBPyConnection, table: Table, entry: str) -> dict[str, str]:
    """The algorithm of hashes that are all of one length: what holds where the feed's YAML names none."""
    query = f"SELECT DISTINCT algorithm_of({entry}) FROM ({table.select}) WHERE is_hash({entry})"
    found = con.execute(query, table.parameters).fetchall()
    return {"algorithm_by_length": found[0][0]} if len(found) == 1 else {}


def _read_form(feed: TableFeed, path: Path, scratch: Path) -> tuple[ListForm, Table]:
    if path.stat().st_size == 0:
        raise UnreadableFile("the file is empty")
    is_text = _is_text(path)
    for form in feed.forms:
        if form.key and is_text:
            return form, _read_answers(form, path, scratch)
        if form.digest_size and not is_text:
            return form, _read_digests(form, path, scratch)
    raise UnreadableFile(f"the file has none of the forms of {feed.source}: {'; '.join(form.meaning for form in feed.forms)}")


def _is_text(path: Path) -> bool:
    """Whether the file's beginning is text. Digests are not: hardly one of them is UTF-8 without control characters."""
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE)
    try:
        return CONTROL.search(codecs.getincrementaldecoder("utf-8-sig")().decode(sample)) is None
    except UnicodeDecodeError:
        return False


def _read_digests(form: ListForm, path: Path, scratch: Path) -> Table:
    import pyarrow as pa

    count, rest = divmod(path.stat().st_size, form.digest_size)
    if rest:
        raise UnreadableFile(f"{path.stat().st_size:,} bytes are no multiple of {form.digest_size}: the file is truncated or no such list")
    with pa.memory_map(str(path)) as source:
        digests = pa.FixedSizeBinaryArray.from_buffers(pa.binary(form.digest_size), count, [None, source.read_buffer()])
        return _kept(pa.table({"c0": digests}), "lower(hex(c0))", scratch)


def _read_answers(form: ListForm, path: Path, scratch: Path) -> Table:
    import pyarrow as pa

    entries: list[str] = []
    answers = 0
    for answer in json_values(chunks_of(path)):
        if isinstance(answer, Unreadable):
            raise UnreadableFile("the file is neither digests nor JSON, or truncated")
        listed = answer.get(form.key) if isinstance(answer, dict) else None
        if not isinstance(listed, list):
            raise UnreadableFile(f"an answer has no list {form.key!r}: nothing can be concluded from it")
        entries += [SURROGATE.sub("\ufffd", entry) if isinstance(entry, str) else as_line(entry) for entry in listed]
        answers += 1
    if not answers:
        raise UnreadableFile("the file is empty")
    domain = "CASE WHEN NOT contains(c0, '@') AND contains(c0, '.') THEN '@' || c0 ELSE c0 END"
    return _kept(pa.table({"c0": pa.array(entries, pa.string())}), domain, scratch)


def _kept(table: Any, entry: str, scratch: Path) -> Table:
    """A table of one column on disk, `entry` being the SQL that makes the entry's text of it."""
    import pyarrow.parquet as pq

    path = scratch / "entries.parquet"
    pq.write_table(table, path, use_dictionary=False)
    select = f"SELECT {entry} AS c0, NULL::VARCHAR AS fault, NULL::VARCHAR AS raw FROM read_parquet($path)"
    return Table(("entry",), select, {"path": str(path)})
