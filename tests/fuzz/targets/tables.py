"""A table or JSON that DuckDB refused → its rows, by the readers in Python."""

from collections.abc import Iterator

from pipeline.ledger.json_values import as_line, json_values
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.tables import read_table_again
from pipeline.ledger.texts import chunks_of
from tests.fuzz.judging import Failure, must_be_storable, must_hold_no_address
from tests.fuzz.workplace import SAMPLES, engine, written

SIZE = 7
"""Of the pieces that must be read as the whole is."""


def run(content: bytes) -> None:
    with written(content) as (path, scratch):
        try:
            table = read_table_again(path, scratch, (), may_repeat=True)
            rows = engine().execute(table.select, table.parameters).fetchall()
        except UnreadableFile as refusal:
            must_hold_no_address(str(refusal), content)
        else:
            if any(len(row) != len(table.header) + 2 for row in rows):
                raise Failure("a row is of another width than the header")
        try:
            text = "".join(chunks_of(path))
        except UnreadableFile:
            return
        must_be_storable(text)
        if len(content) < 4096 and lines_of_values([text]) != lines_of_values([text[at : at + SIZE] for at in range(0, len(text), SIZE)]):
            raise Failure("JSON in pieces is read otherwise than the whole")


def lines_of_values(chunks: list[str]) -> list[str]:
    """The JSON values as lines, and the refusal where there is one."""
    found: list[str] = []
    try:
        found += [as_line(value) for value in json_values(iter(chunks))]
    except UnreadableFile as refusal:
        found.append(f"refused: {refusal}")
    must_be_storable(*found)
    return found


def seeds() -> Iterator[bytes]:
    for path in sorted(SAMPLES.glob("*/*.csv")) + sorted(SAMPLES.glob("*/*json")):
        yield path.read_bytes()
    yield 'sep=;\r\n"a";b\r\n"x\ny";é\r\n'.encode("cp1252")
    yield "a\tb\n1\t2\n".encode("utf-16")
    yield b'[{"a": 1},\n{"a": [1, {"b": NaN}]},\n{"a": "x\n{"a": 2}]'
