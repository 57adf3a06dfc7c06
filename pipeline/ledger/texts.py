"""The text of a file in whatever encoding it comes, in pieces of bounded size.

The first bytes tell the encoding. A line that is no UTF-8 is read as Windows' western encoding, so that a file in which
both were glued together loses neither. NUL bytes are left out.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from pipeline.ledger.landing import UnreadableFile
from pipeline.logs import masked_name

LONGEST_LINE = 16 << 20
"""What stands behind so many characters of a line is not read: no row is as long."""
CHUNK = 1 << 20
SAMPLE = 1 << 16
PACKED = {b"PK\x03\x04": "zip", b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst"}
MARKS = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""The longer marks first: the mark of UTF-16 is the beginning of UTF-32's."""
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What Excel's old files, and all that are encrypted, begin with."""
UTF_8 = "utf-8-sig"
LONGEST_WORD = 100
PERSONAL = re.compile(r"[^\s,;]*@[^\s,;]*|\+?\d[\d ()/.-]{5,}\d")
"""What could be an address or a phone number."""


def encoding_of(path: Path) -> str:
    """What the byte order mark says, or the zeros of UTF-16 that has none; else UTF-8 (with or without a mark).

    Raises UnreadableFile for an archive that its name does not tell.
    """
    with path.open("rb") as stream:
        start = stream.read(8)
    if start == OLD_OFFICE:
        raise UnreadableFile("the file is an Excel workbook of the old form (.xls), or encrypted: save it as .xlsx without a password")
    start = start[:4]
    for mark, packing in PACKED.items():
        if start.startswith(mark):
            raise UnreadableFile(f"the file is packed ({packing}) and must be named so, or unpacked where it lies in another archive")
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            return encoding
    zeros = "".join("0" if byte == 0 else "x" for byte in start)
    return {"0x0x": "utf-16-be", "x0x0": "utf-16-le"}.get(zeros, UTF_8)


def sample_of(path: Path) -> str:
    """The beginning of a file's text."""
    with path.open("rb") as stream:
        return stream.read(SAMPLE).decode(encoding_of(path), "replace").removeprefix("\ufeff")


def opened_text(path: Path) -> TextIO:
    """The file as text with its line ends; bytes that are no UTF-8 stand in it as what `repaired` understands."""
    encoding = encoding_of(path)
    return path.open(encoding=encoding, errors="surrogateescape" if encoding == UTF_8 else "replace", newline="")


def repaired(text: str) -> str:
    """A line or several, those that are no UTF-8 read as Windows' western encoding, without NUL."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = "".join(_western(line) for line in text.splitlines(keepends=True))
    return text.replace("\0", "") if "\0" in text else text


def _western(line: str) -> str:
    try:
        line.encode()
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return line


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a file with their ends, \\n, \\r or both; a line that is too long is cut."""
    with opened_text(path) as stream:
        while line := stream.readline(LONGEST_LINE):
            rest = line
            while len(rest) == LONGEST_LINE and rest[-1] not in "\r\n":
                rest = stream.readline(LONGEST_LINE)
            yield repaired(line if line[-1] in "\r\n" else line + "\n")


def chunks_of(path: Path) -> Iterator[str]:
    """The text of a file in pieces, which end with a line where lines are not too long."""
    with opened_text(path) as stream:
        while chunk := stream.read(CHUNK):
            yield repaired(chunk + stream.readline(CHUNK))


def has_end(path: Path) -> bool:
    """Whether a file of JSON ends as JSON does: DuckDB overlooks a record of which there is but the first byte."""
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - SAMPLE, 0))
        return stream.read().rstrip().endswith((b"}", b"]"))


def canonical(name: str) -> str:
    """A header text as canonical names are compared: without case, outer space and BOM; blanks and hyphens as underscores."""
    return name.strip().removeprefix("\ufeff").lower().replace(" ", "_").replace("-", "_")


def shown(header: Sequence[str]) -> str:
    """A header as it may stand in a message: a file without one has somebody's address in its place (promise 7)."""
    names = ["".join(letter if letter.isprintable() else "?" for letter in name[:40]) for name in header[:12]]
    return ", ".join(PERSONAL.sub("***", name) for name in names)


def word_shown(word: str) -> str:
    """A word never seen before as it may stand in a message: an address or a number may stand in its column's place."""
    return masked_name(word)[:LONGEST_WORD]
