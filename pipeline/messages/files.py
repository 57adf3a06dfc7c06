"""One file of messages → its messages, one after another, whatever their size.

A file whose first line is an mbox "From " line is an mbox; any other file is one message (`.eml`, or a file of a Maildir).
Nothing is ever held but one message, and of that at most `MESSAGE_LIMIT`: what a report says stands at its beginning,
and a returned message of any size is cut, not loaded.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MESSAGE_LIMIT = 2 * 1024 * 1024
"""Bytes kept of one message. The report proper is the first few kilobytes; the rest is the returned message."""

LINE_LIMIT = 64 * 1024
"""Bytes kept of one line: RFC 5322 allows 998, and one field of 100 MB must not push the others out."""

# asctime has a year or at least a clock time; RFC 4155 puts an address before it, real tools put anything.
_FROM_LINE = re.compile(rb"^From \S.*(?:\d\d:\d\d|[12]\d{3})|^From .{0,100}[12]\d{3}")
_HEADER_LINE = re.compile(rb"^>?[!-9;-~]+[ \t]*:")
_QUOTED_FROM = re.compile(rb"^>+From ")


def is_mbox(path: Path) -> bool:
    """Whether a file is an mbox, that is begins with a "From " line."""
    with path.open("rb") as stream:
        return stream.read(5) == b"From "


def split_messages(path: Path) -> Iterator[bytes]:
    """The messages of a file in order, line ends LF, each cut to the limits above; the "From " lines are left out."""
    with path.open("rb") as stream:
        beginning = stream.read(5)
        stream.seek(0)
        if beginning == b"From ":
            yield from _messages_of_mbox(stream)
        elif beginning:  # a file without a byte holds no message: an emptied mailbox
            yield _single_message(stream)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines with LF at the end; what is beyond the limit of a line is read and dropped."""
    while line := stream.readline(LINE_LIMIT):
        rest = line
        while not rest.endswith(b"\n") and len(rest) == LINE_LIMIT:
            rest = stream.readline(LINE_LIMIT)
        if not line.endswith(b"\n"):
            line += b"\n"
        yield line[:-2] + b"\n" if line.endswith(b"\r\n") else line


def _single_message(stream: BinaryIO) -> bytes:
    kept: list[bytes] = []
    size = 0
    for line in _lines(stream):
        size += len(line)
        if size > MESSAGE_LIMIT:
            break
        kept.append(line)
    return b"".join(kept)


def _messages_of_mbox(stream: BinaryIO) -> Iterator[bytes]:
    kept: list[bytes] = []
    size = 0
    after_blank = True
    separator: bytes | None = None  # a "From " line that is one only if a header follows
    is_open = False
    for line in _lines(stream):
        if separator is not None:
            if not is_open or _HEADER_LINE.match(line):
                if is_open:
                    yield b"".join(kept)
                kept, size, is_open = [], 0, True
            else:
                kept.append(separator)
            separator = None
        if after_blank and line.startswith(b"From ") and (not is_open or _FROM_LINE.match(line)):
            separator = line
        elif size <= MESSAGE_LIMIT:
            kept.append(line[1:] if _QUOTED_FROM.match(line) else line)
            size += len(line)
        after_blank = line == b"\n"
    if is_open or separator is not None:
        yield b"".join(kept)
