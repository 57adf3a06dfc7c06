"""A message as a tree of parts, read from whatever bytes came: never an exception, never more work than its size.

The standard library knows what a field means (types, parameters, dates, addresses, RFC 2047 and 2231); cutting a message
into fields and parts is our own: the library's parser recurses once per level and matches every line against every boundary
above it, so that a hostile message costs the square of its size or ends in an exception, and it takes three times as long.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import cached_property
from html import unescape

DEPTH_LIMIT = 12
PART_LIMIT = 200
EMBEDDED = frozenset(
    {"message/rfc822", "message/global", "message/news", "text/rfc822-headers", "message/global-headers", "message/rfc822-headers"}
)
TEXT_LIMIT = 128 * 1024
HEADER_LIMIT = 256 * 1024
FIELD_LIMIT = 64 * 1024

_HEADER_LINE = re.compile(r"[!-9;-~]+[ \t]*:")
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/table|p|tr|hr|blockquote|/td)\b[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(style|script|head)\b", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9:]*(?:[\s/][^<>]*)?>|<[!?][^<>]*>")
_SPACES = re.compile(r"[ \t\u00a0]+")


@dataclass(frozen=True)
class Part:
    """One part of a message: its header fields and the bytes of its body. The root is a part too."""

    headers: Message
    body: bytes
    depth: int

    @cached_property
    def content_type(self) -> str:
        """`maintype/subtype` in lower case; `text/plain` where it is missing or unreadable."""
        return self.headers.get_content_type()

    @cached_property
    def children(self) -> tuple["Part", ...]:
        """The parts of a multipart, of an embedded message its one root; empty for everything else."""
        if self.depth >= DEPTH_LIMIT:
            return ()
        if self.content_type.startswith("multipart/"):
            boundary = self._boundary()
            return tuple(_split(self.body, boundary, self.depth + 1)) if boundary else ()
        if self.is_embedded:
            return (parse(self.decoded(), self.depth + 1),)
        return ()

    def _boundary(self) -> bytes:
        try:
            value = self.headers.get_param("boundary")
        except (ValueError, IndexError, AttributeError):  # the library's parameter reader on broken RFC 2231 text
            return b""
        text = collapse_rfc2231_value(value).rstrip() if value else ""
        return text.encode("utf-8", "surrogateescape") if text else b""

    def header(self, name: str) -> str:
        """A header field, unfolded and decoded (RFC 2047); the empty text where there is none."""
        return _decoded_field(str(self.headers.get(name) or ""))

    def all_headers(self, name: str) -> list[str]:
        """Every header field of that name, unfolded and decoded."""
        return [_decoded_field(str(value)) for value in self.headers.get_all(name) or ()]

    def decoded(self) -> bytes:
        """The body without its transfer encoding; a broken encoding gives what can be read."""
        encoding = str(self.headers.get("content-transfer-encoding") or "").strip().lower()
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        if encoding == "base64":
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", self.body)
            try:
                return binascii.a2b_base64(letters[: len(letters) // 4 * 4] + _last_quantum(letters))
            except binascii.Error:
                return self.body
        return self.body

    @cached_property
    def text(self) -> str:
        """The body as text, HTML without its tags, in the declared charset or, where that fails, in what fits."""
        raw = self.decoded()
        if not self.content_type.startswith("message/"):
            raw = raw[:TEXT_LIMIT]  # words to people; the fields of a report may name thousands
        text = _in_charset(raw, self._charset()).replace("\x00", "")
        return strip_html(text) if self.content_type == "text/html" else text

    def _charset(self) -> str:
        try:
            value = self.headers.get_param("charset")
            return collapse_rfc2231_value(value).strip() if value else ""
        except (ValueError, IndexError, AttributeError, LookupError):
            return ""

    @property
    def is_embedded(self) -> bool:
        """Whether the part holds another message, or its header fields."""
        return self.content_type in EMBEDDED

    def walk(self, *, into_embedded: bool = False) -> Iterator["Part"]:
        """This part and all below it, in the order of the message, at most PART_LIMIT; what stands in embedded messages on demand."""
        stack, seen = [self], 0
        while stack and seen < PART_LIMIT:
            part = stack.pop()
            seen += 1
            yield part
            if into_embedded or not part.is_embedded or part is self:
                stack.extend(reversed(part.children))


def parse(content: bytes, depth: int = 0) -> Part:
    """Read one message or part: header fields up to the first line that is none, the rest is its body."""
    content = content.lstrip(b"\n")
    if content.startswith((b"From ", b">From ")):
        content = content.partition(b"\n")[2]
    end = content.find(b"\n\n")
    head, body = (content, b"") if end < 0 else (content[:end], content[end + 2 :])
    text = _in_charset(head[:HEADER_LIMIT], "")
    headers, rest = read_fields(text)
    if rest:
        # A header block that ends without a blank line: what follows is body, not lost.
        body = rest.encode("utf-8", "surrogateescape") + b"\n\n" + body
    return Part(headers, body, depth)


def read_fields(text: str) -> tuple[Message, str]:
    """The header fields at the beginning of a text, folded lines joined, and the text from the first line that is none."""
    fields: list[list[str]] = []
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        line = text[start:] if end < 0 else text[start:end]
        if fields and line[:1] in (" ", "\t"):
            fields[-1].append(line)
        elif _HEADER_LINE.match(line):
            fields.append([line])
        else:
            break
        start += len(line) + 1
    headers = Message()
    for lines in fields:
        name, _, value = lines[0].partition(":")
        headers[name.rstrip()] = "\n".join([value.strip(), *lines[1:]])
    return headers, text[start:]


def _split(body: bytes, boundary: bytes, depth: int) -> Iterator[Part]:
    delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$", re.MULTILINE)
    start, count = None, 0
    for mark in delimiter.finditer(body):
        if start is not None:
            yield parse_part(body[start : mark.start()], depth)
            count += 1
        start = None if mark.group(1) else mark.end() + 1
        if mark.group(1) or count >= PART_LIMIT:
            return
    if start is not None:
        yield parse_part(body[start:], depth)


def parse_part(content: bytes, depth: int) -> Part:
    """Read a part of a multipart, which unlike a message may begin with its blank line (no header fields at all)."""
    if content.startswith(b"\n"):
        return Part(Message(), content[1:], depth)
    return parse(content, depth)


def strip_html(text: str) -> str:
    """The words of an HTML text, a line where a browser would begin one; `<a@example.org>` is an address, not a tag."""
    text = _SPACES.sub(" ", _without_hidden(text).replace("\n", " "))
    return unescape(_TAG.sub("", _BREAKS.sub("\n", text)))


def _without_hidden(text: str) -> str:
    """Drop style, script and head. A search per element: one pattern for all is quadratic where nothing is closed."""
    kept, start, lower = [], 0, text.lower()
    while found := _HIDDEN.search(text, start):
        end = lower.find(f"</{found.group(1).lower()}", found.end())
        if end < 0:
            break
        kept.append(text[start : found.start()])
        start = end
    return " ".join([*kept, text[start:]])


def _in_charset(raw: bytes, charset: str) -> str:
    if charset:
        try:
            return raw.decode(charset, "replace")
        except (LookupError, UnicodeError, ValueError):
            pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _last_quantum(letters: bytes) -> bytes:
    rest = letters[len(letters) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _decoded_field(value: str) -> str:
    value = " ".join(value[:FIELD_LIMIT].split())
    if "=?" not in value:
        return value
    try:
        chunks = decode_header(value)
    except (HeaderParseError, binascii.Error, ValueError):
        return value
    return "".join(chunk if isinstance(chunk, str) else _in_charset(chunk, charset or "") for chunk, charset in chunks)
