"""Whether a quoted cell hides rows: a quote that is opened and not closed swallows the lines below it (domain §8).

A cell that runs over line ends is a note; where one of its lines would be a row of the file's width, or where its first and its last
line complete a row each, a quote is missing, and what it swallowed may be somebody's "no".
"""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import numpy as np

from pipeline.ledger.landing import UnreadableFile

CHUNK = 16 << 20
QUOTE, LINE_ENDS = ord('"'), (ord("\n"), ord("\r"))
REFUSAL = "a quoted cell runs over line ends and holds lines that are rows themselves, so that a quote was opened and not closed"
_REMEDY = "a cell of several lines is read where none of its lines has as many separators as a row"


def refusal(line: int) -> str:
    """The refusal of a file whose row that begins in the line holds others."""
    return f"line {line:,}: {REFUSAL} ({_REMEDY})"


def runs_over_lines(path: Path) -> bool:
    """Whether a quoted cell of the file may hold a line end: the quotes before one are odd in number. It costs as much as to read the
    file."""
    quotes_before = 0
    for chunk in _chunks(path):
        quotes = np.flatnonzero(chunk == QUOTE)
        if not quotes_before % 2 and not quotes.size:
            continue
        ends = np.flatnonzero((chunk == LINE_ENDS[0]) | (chunk == LINE_ENDS[1]))
        if bool(((quotes_before + np.searchsorted(quotes, ends)) % 2).any()):
            return True
        quotes_before += quotes.size
    return False


def _chunks(path: Path) -> Iterator["np.ndarray[tuple[int], np.dtype[np.uint8]]"]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield np.frombuffer(chunk, np.uint8)


def require_no_hidden_rows(con: duckdb.DuckDBPyConnection, select: str, parameters: dict[str, object], delimiter: str, width: int) -> None:
    """Raise UnreadableFile where a cell of the table hides rows. Only the cells with line ends are looked at."""
    cells = ", ".join(f"c{number}" for number in range(width))
    is_several = " OR ".join(f"regexp_matches(c{number}, '[\\r\\n]')" for number in range(width))
    query = f"""WITH cell AS (
            SELECT unnest(range({width})) AS place, unnest([{cells}]) AS text
            FROM ({select}) WHERE {is_several}
        )
        SELECT place, text FROM cell WHERE regexp_matches(text, '[\\r\\n]')"""
    found = con.execute(query, parameters)
    while rows := found.fetchmany(10_000):
        if any(hides_rows(text, place, delimiter, width) for place, text in rows):
            raise UnreadableFile(refusal(_line_in(Path(str(parameters["path"])), delimiter, width)))


def _line_in(path: Path, delimiter: str, width: int) -> int:
    """The line in which the first row begins that hides others: the file is read once more for it."""
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        rows = csv.reader(stream, delimiter=delimiter)
        begins = 1
        for cells in rows:
            if rows.line_num > begins and any(hides_rows(text, place, delimiter, width) for place, text in enumerate(cells)):
                break
            begins = rows.line_num + 1
    return begins


def hides_rows(text: str, place: int, delimiter: str, width: int) -> bool:
    """Whether a cell of several lines, the `place`th of its row, holds rows of the file's width."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) < 2 or width == 1 and sum(bool(line.strip()) for line in lines) < 2:
        return False
    # The first and the last line are parts of lines: they can be whole rows only where the cell begins, or ends, its row.
    whole = lines if width == 1 else lines[0 if place == 0 else 1 : len(lines) if place == width - 1 else -1]
    if any(line.strip() and width_of(line, delimiter) == width for line in whole):
        return True
    # The cell before the quote's line end, and behind it: in prose a comma has a blank behind it.
    first, last = (_tight_width(line, delimiter) for line in (lines[0], lines[-1]))
    return 0 < place < width - 1 and place + first == width and last == place + 1


def width_of(line: str, delimiter: str) -> int:
    """How many cells a line would have as a row; 0 where it cannot be one."""
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _tight_width(line: str, delimiter: str) -> int:
    return width_of(line.replace(f"{delimiter} ", ""), delimiter)


def holds_a_row(lines: Iterable[str], delimiter: str, width: int) -> bool:
    """Whether one of the lines of a file is, as it stands, a sound row of the file's width."""
    mark = re.escape(delimiter)
    cell = f'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
    row = re.compile(f"{cell}(?:{mark}{cell}){{{width - 1}}}")
    return width > 1 and any(row.fullmatch(line.rstrip("\r\n")) for line in lines)
