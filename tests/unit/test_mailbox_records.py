"""What the mailbox adapter hands to the ledger."""

from types import SimpleNamespace

import pytest

from pipeline.config import FeedConfig
from pipeline.feeds._feed import SourceFile
from pipeline.feeds.mailbox import FEED, RAW_LIMIT
from pipeline.vocabulary import Kind

HEAD = """From: MAILER-DAEMON@mx.example
To: bounces@kultur.example
Date: Tue, 3 Mar 2026 10:00:00 +0100
Message-ID: <r1@mx.example>
Subject: failure notice
"""
REPORT = (
    HEAD
    + """Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 2 Mar 2026 09:00:00 +0100

{recipients}
--b
Content-Type: message/rfc822

X-Campaign-Id: spielplan-april
To: anna@firma.example

Hallo
--b--
"""
)
ANNA = """Final-Recipient: rfc822; anna@firma.example
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 over quota
Last-Attempt-Date: Tue, 3 Mar 2026 09:59:00 +0100
"""
BERT = """Final-Recipient: rfc822; bert@firma.example
Action: failed
Status: 5.1.1
"""
UNSUBSCRIBE = """From: Anna <anna@firma.example>
To: {to}
Date: Tue, 3 Mar 2026 10:00:00 -0000
Message-ID: <u1@firma.example>
Subject: unsubscribe

"""


def source(tmp_path, content, **feed):
    path = tmp_path / "message"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    settings = {"map": {}, "brand": None, "organisation": None} | feed
    return SourceFile(path=path, name="message", feed=FeedConfig.model_construct(**settings))


def read(tmp_path, content, **feed):
    return list(FEED.read(source(tmp_path, content, **feed)))


def test_a_bounce(tmp_path):
    (record,) = read(tmp_path, REPORT.format(recipients=ANNA))
    assert record.kind is Kind.DELIVERY
    assert record.vendor_label == "failed 5.2.2"
    assert record.values == {
        "event_id": "r1@mx.example",
        "occurred_at": "2026-03-03T09:59:00+01:00",
        "type": "bounce",
        "channel": "email",
        "address": "anna@firma.example",
        "campaign": "spielplan-april",
        "actor": "provider",
        "bounce_class": "soft",
        "reason": "mailbox_full",
        "status_code": "5.2.2",
        "diagnostic": "552 5.2.2 over quota",
    }


def test_every_recipient_is_a_record_with_an_id_of_its_own(tmp_path):
    records = read(tmp_path, REPORT.format(recipients=ANNA + "\n" + BERT))
    assert [(record.row_number, record.values["event_id"], record.values["bounce_class"]) for record in records] == [
        (1, "r1@mx.example#anna@firma.example", "soft"),
        (2, "r1@mx.example#bert@firma.example", "hard"),
    ]
    assert records[1].values["occurred_at"] == "2026-03-03T10:00:00+01:00"  # the report's own date


def test_a_date_that_cannot_be_read_stays_as_it_was_written(tmp_path):
    content = REPORT.format(recipients=BERT).replace("Date: Tue, 3 Mar 2026 10:00:00 +0100\n", "Date: yesterday\n")
    (record,) = read(tmp_path, content)
    assert record.values["occurred_at"] == "yesterday"


def test_a_time_without_offset_stays_one(tmp_path):
    (record,) = read(tmp_path, REPORT.format(recipients=BERT).replace("10:00:00 +0100", "10:00:00"))
    assert record.values["occurred_at"] == "2026-03-03T10:00:00"


def test_numbers_run_through_an_mbox(tmp_path):
    separator = "From MAILER-DAEMON Tue Mar  3 10:00:00 2026\n"
    other = "From: anna@firma.example\nSubject: Danke\n\nSchön war's.\n"
    content = (
        separator
        + REPORT.format(recipients=ANNA + "\n" + BERT)
        + "\n"
        + separator
        + other
        + "\n"
        + separator
        + UNSUBSCRIBE.format(to="x@y.example")
    )
    records = read(tmp_path, content)
    assert [(record.row_number, record.kind) for record in records] == [
        (1, Kind.DELIVERY),
        (2, Kind.DELIVERY),
        (3, None),
        (4, Kind.CONSENT),
    ]
    assert records[2].fault is None


@pytest.mark.parametrize(
    ("feed", "scope", "scope_id"),
    [
        ({}, "group", ""),
        ({"organisation": "ufer"}, "organisation", "ufer"),
        ({"organisation": "ufer", "brand": "galerie"}, "brand", "galerie"),
        ({"brand": "galerie", "map": {"Leave-News@kultur.example": SimpleNamespace(scope="list", scope_id="news")}}, "list", "news"),
    ],
)
def test_an_unsubscription_is_from_what_the_feed_stands_for(tmp_path, feed, scope, scope_id):
    (record,) = read(tmp_path, UNSUBSCRIBE.format(to="leave-news@kultur.example"), **feed)
    assert record.kind is Kind.CONSENT
    assert record.values == {
        "event_id": "u1@firma.example",
        "occurred_at": "2026-03-03T10:00:00+00:00/..",
        "action": "opt_out",
        "channel": "email",
        "address": "anna@firma.example",
        "scope": scope,
        "scope_id": scope_id,
        "actor": "owner",
        "via": "reply",
        "reason_text": "unsubscribe",
    }


def test_a_complaint_that_names_nobody_is_rejected(tmp_path):
    content = HEAD + (
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"
        "Feedback-Type: abuse\nOriginal-Rcpt-To: redacted@isp.example\n\n--b\nContent-Type: message/rfc822\n\n"
        "To: anna@firma.example, bert@firma.example\n\n--b--\n"
    )
    (record,) = read(tmp_path, content)
    assert (record.kind, record.fault, record.vendor_label) == (None, "recipient_redacted", "abuse")
    assert content.startswith(record.raw[:100])


def test_a_bounce_that_names_nobody_is_rejected(tmp_path):
    (record,) = read(tmp_path, HEAD + "\nYour message could not be delivered.\n" + "x" * 5000)
    assert (record.kind, record.fault) == (None, "recipient_unreadable")
    assert len(record.raw) == RAW_LIMIT


def test_what_is_no_message_is_rejected(tmp_path):
    (record,) = read(tmp_path, b"\x00\x01\x02 garbage")
    assert (record.kind, record.fault) == (None, "message_unreadable")


def test_an_unsubscription_without_a_sender_is_rejected(tmp_path):
    (record,) = read(tmp_path, "To: unsubscribe@kultur.example\nSubject: x\n\n")
    assert (record.kind, record.fault) == (None, "recipient_unreadable")


def test_single_messages_count_together(tmp_path):
    assert FEED.is_single_record(source(tmp_path, HEAD))
    one = "From x Tue Mar  3 10:00:00 2026\n" + HEAD + "\ntext\n\n"
    assert FEED.is_single_record(source(tmp_path, one))
    assert not FEED.is_single_record(source(tmp_path, one + one))
