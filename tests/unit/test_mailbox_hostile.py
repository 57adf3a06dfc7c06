"""No message, however broken, crashes the reader or costs more than its size."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.messages import read_message

FOLDER = Path(__file__).parent.parent / "data" / "mailbox"
SAMPLES = [path.read_bytes() for path in sorted(FOLDER.glob("*.eml"))]
HEAD = b"From: MAILER-DAEMON@mx.example\nTo: x@kultur.example\nSubject: failure notice\n"
DIRT = [b"\0", b"=?x?q?", b'"', b"\r", b"(", b"<", b";", b"*0*='", b"\xff\xfe", b"\n\n", b"--b\n", b"@", b">From ", b"boundary="]


def nested(depth):
    body = b"x"
    for level in range(depth):
        body = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (level, level, body, level)
    return HEAD + body


REPORT_HEAD = HEAD + b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
MONSTERS = {
    "nested multiparts": nested(2000),
    "nested messages": HEAD + b"Content-Type: message/rfc822\n\n" * 5000,
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 200_000,
    "many receivers": HEAD.replace(b"x@", b", ".join(b"a%d@firma.example" % n for n in range(60_000)) + b", x@") + b"\nfailed\n",
    "nested comments": HEAD.replace(b"To: ", b"To: " + b"(" * 60_000) + b"\nfailed\n",
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 60_000 + b"\n\nx",
    "subject": b"From: a@b.example\nSubject: " + b"re: " * 50_000 + b"\n\nunsubscribe\n",
    "signs": HEAD + b"\n" + b"a@" * 900_000,
    "dots": HEAD + b"\n" + b"a@" + b"b." * 900_000,
    "tags": HEAD + b"Content-Type: text/html\n\n" + b"<" * 900_000,
    "styles": HEAD + b"Content-Type: text/html\n\n" + b"<style " * 200_000,
    "words": HEAD + b"\n" + b"mailbox user account deliver to " * 6000,
    "quotes": HEAD + b"\n" + (b"> " * 1000 + b"\n") * 60 + b"Final-Recipient: rfc822; x\n",
    "charset": HEAD + b'Content-Type: text/plain; charset="\0hex"\n\n<a@firma.example>:\nunknown user\n',
    "parameters": HEAD + b"Content-Type: text/plain; charset*0*=''%F0; charset*1=x; boundary*=a'b\n\nx\n",
    "date": HEAD + b"Date: Tue, 99 Foo 99999 99:99:99 +9999\n\nx\n",
}


@pytest.mark.parametrize("name", MONSTERS)
def test_monster(name):
    started = time.process_time()
    read_message(MONSTERS[name])
    assert time.process_time() - started < 5


def test_no_recipient_of_a_long_report_is_lost():
    fields = b"".join(b"Final-Recipient: rfc822; a%d@firma.example\nAction: failed\nStatus: 5.1.1\n\n" % number for number in range(20_000))
    assert len(read_message(REPORT_HEAD + fields + b"--b--\n").findings) == 20_000


def test_unknown_charsets_are_read_as_far_as_they_can():
    reading = read_message(MONSTERS["charset"])
    assert [(finding.address, finding.bounce_class) for finding in reading.findings] == [("a@firma.example", "hard")]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(sample=st.sampled_from(SAMPLES), data=st.data())
def test_dirty_message(sample, data):
    """Bytes cut out, doubled and strewn in at random: read without an exception, as few kilobytes as they are in no time."""
    content = bytearray(sample)
    for _ in range(data.draw(st.integers(0, 12))):
        place = data.draw(st.integers(0, len(content)))
        if data.draw(st.booleans()):
            content[place:place] = data.draw(st.sampled_from(DIRT))
        else:
            del content[place : place + data.draw(st.integers(1, 200))]
    read_message(bytes(content))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=2000))
def test_any_bytes(content):
    read_message(content)
