"""Reads JSON that DuckDB refuses, value by value and in bounded memory: what is readable, and where something is not, that.

Values may follow each other in any way: one a line, over several lines, in an array, in one array a line, with commas or without.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.ledger.landing import UnreadableFile

LARGEST_VALUE = 64 << 20
"""So many characters are held at once."""
RAW_LENGTH = 2000
"""So much is kept of a record that cannot be used."""
SEPARATORS = re.compile(r"[\s,]*")
LINE = re.compile(r"[\r\n]([ \t]*)([^\s}\]\",:])")
"""A line that can be the first of a value: its indentation, and its first letter. A run of line ends before it would be tried from each."""
SEPARATED = re.compile(r"[\s,\]]|\Z")
SURROGATE = re.compile("[\ud800-\udfff]")
INDENTATION = re.compile(r"[ \t]*")
PIECE = 1 << 11
LONGEST_WORD = 16
MOST_TOO_DEEP = 1000
"""Each of them costs as much as a thousand others."""
REACH = 1 << 16
"""So far back the beginning of a line is looked for."""


@dataclass(frozen=True)
class Unreadable:
    """A piece of the file that is no JSON."""

    text: str


def _integer(digits: str) -> object:
    return int(digits) if len(digits) < 1000 else digits


def first_of_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object that names a key twice, as DuckDB reads it: the first holds."""
    found = dict(pairs)
    return found if len(found) == len(pairs) else dict(reversed(pairs))


# A fraction is kept as it is written, and what JSON does not know (NaN) too.
DECODER = json.JSONDecoder(parse_int=_integer, parse_float=str, parse_constant=str, object_pairs_hook=first_of_each)

ENCODER = json.JSONEncoder(ensure_ascii=False)


def as_line(value: object) -> str:
    """A value on one line, in letters that UTF-8 can write."""
    text = value.text if isinstance(value, Unreadable) else value
    return SURROGATE.sub("\ufffd", ENCODER.encode(text))


def json_values(chunks: Iterator[str]) -> Iterator[object]:
    """Every value of a text, and an `Unreadable` for each piece that is none; it ends where the next value can begin.

    Raises UnreadableFile for an array that does not end or cannot be read on: what is missing cannot be counted.
    """
    return _Reader(chunks).values()


class _Reader:
    """A window over the text: `place` is where the next value begins."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self.chunks = chunks
        self.text = ""
        self.place = 0
        self.is_whole = False
        self.is_array = False
        self.count = 0
        self.too_deep = 0

    def values(self) -> Iterator[object]:
        while self._has_more():
            mark = self.text[self.place]
            if (mark == "[" and not self.is_array) or (mark == "]" and self.is_array):
                self.is_array = mark == "["
                self.place += 1
                continue
            self.count += 1
            found = self._next()
            if found is None:
                yield Unreadable(self._skipped())
            else:
                value, self.place = found
                yield value
        if self.is_array:
            raise UnreadableFile("the JSON array has no end: the file is truncated")

    def _has_more(self) -> bool:
        """Go to the next value."""
        while True:
            if match := SEPARATORS.match(self.text, self.place):
                self.place = match.end()
            if self.place < len(self.text):
                return True
            if self.is_whole:
                return False
            self._read(1)

    def _next(self) -> tuple[object, int] | None:
        """The value and where it ends. A piece is looked at first and a larger one only if the value may go on behind it."""
        size = PIECE
        while True:
            self._read(size)
            piece = self.text[self.place : self.place + size]
            is_all = len(piece) < size or size == LARGEST_VALUE
            try:
                value, end = DECODER.raw_decode(piece)
            except json.JSONDecodeError as error:
                if is_all or (error.pos < len(piece) - LONGEST_WORD and not error.msg.startswith("Unterminated string")):
                    return None
            except RecursionError as error:
                self.too_deep += 1
                if self.too_deep > MOST_TOO_DEEP:
                    raise UnreadableFile("the JSON is nested too deeply") from error
                return None
            else:
                if piece[0] not in "{[" and not SEPARATED.match(piece, end):
                    return None  # the beginning of a time or a word
                if is_all or end < len(piece):
                    return value, self.place + end
            size = min(size * 32, LARGEST_VALUE)

    def _read(self, size: int) -> bool:
        """Have so many characters behind the place; what lies before its line is forgotten. Gives whether there were more."""
        if self.is_whole or len(self.text) - self.place >= size:
            return False
        start = self._line_start()
        parts = [self.text[start:]]
        self.place -= start
        length = len(parts[0]) - self.place
        while length < size and not self.is_whole:
            chunk = next(self.chunks, "")
            self.is_whole = not chunk
            parts.append(chunk)
            length += len(chunk)
        self.text = "".join(parts)
        return True

    def _line_start(self) -> int:
        """Where the line of the place begins; the place itself if that is far."""
        reach = max(0, self.place - REACH)
        start = max(self.text.rfind(mark, reach, self.place) for mark in "\r\n") + 1
        return start if start or not reach else self.place

    def _skipped(self) -> str:
        """Go to the next line that is not indented further, for there the next value begins. Gives what was passed, shortened."""
        start = self._line_start()
        depth = len(INDENTATION.match(self.text, start)[0])  # type: ignore[index]
        passed = ""
        while True:
            line = next((match for match in LINE.finditer(self.text, self.place) if len(match[1]) <= depth), None)
            end = line.start(2) if line else max(self.place, len(self.text.rstrip()))
            passed += self.text[self.place : min(end, self.place + RAW_LENGTH - len(passed))]
            self.place = end
            if line:
                self.is_array = self.is_array and (bool(line[1]) or line[2] != "[")
                return passed
            if not self._read(len(self.text) - end + 1):
                break
        if self.is_array:
            raise UnreadableFile(f"the JSON array cannot be read from its value {self.count:,} on: the file is truncated or damaged")
        self.place = len(self.text)
        return passed
