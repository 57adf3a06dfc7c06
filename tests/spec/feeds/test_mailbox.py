"""A bounce mailbox: what the messages in it say (their many forms: tests/unit/test_mailbox_*.py)."""

from pathlib import Path

from pipeline.cli import invoke
from tests.lib.feeds import land

DSN = """From: MAILER-DAEMON@mx.example.org
To: bounces@o1.example
Subject: Undelivered
Message-ID: <dsn-1@mx.example.org>
Date: Fri, 01 May 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

Sorry.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; gone@x.at
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown user
--x--
"""
REPORT = """From: fbl@provider.example
To: abuse@o1.example
Subject: complaint
Message-ID: <arf-1@provider.example>
Date: Fri, 01 May 2026 11:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="x"

--x
Content-Type: text/plain

A complaint.
--x
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1
Version: 1
Original-Rcpt-To: angry@x.at
--x--
"""
LEAVE = """From: leaver@x.at
To: leave@o1.example
Subject: unsubscribe
Message-ID: <leave-1@x.at>
Date: Fri, 01 May 2026 12:00:00 +0000

unsubscribe
"""
LETTER = """From: friend@x.at
To: hello@o1.example
Subject: Lovely evening
Message-ID: <letter-1@x.at>
Date: Fri, 01 May 2026 13:00:00 +0000

Thank you for the concert.
"""


def test_a_report_a_complaint_and_an_unsubscription_are_events_and_a_letter_is_none(tmp_path: Path) -> None:
    messages = {"1.eml": DSN, "2.eml": REPORT, "3.eml": LEAVE, "4.eml": LETTER}
    landed = land(tmp_path, "mailbox", messages, map={"leave@o1.example": {"scope": "list", "scope_id": "l1"}})
    landed.deliveries("""
        address    | type      | bounce_class | status_code | occurred_from
        -----------+-----------+--------------+-------------+---------------------
        gone@x.at  | bounce    | hard         | 5.1.1       | 2026-05-01T10:00:00Z
        angry@x.at | complaint |              |             | 2026-05-01T11:00:00Z
    """)
    landed.consents("""
        address     | action  | scope | scope_id | actor | via   | occurred_from
        ------------+---------+-------+----------+-------+-------+---------------------
        leaver@x.at | opt_out | list  | l1       | owner | reply | 2026-05-01T12:00:00Z
    """)
    assert landed.counts == (4, 3, 0, 1, 0)


def report(*addresses: str, number: int = 1) -> str:
    """A delivery report that names the addresses."""
    blocks = "\n".join(f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n" for address in addresses)
    return (
        f"From: mailer-daemon@mx.example\nTo: bounces@o1.example\nSubject: Undelivered\nMessage-ID: <report-{number}@mx.example>\n"
        "Date: Fri, 01 May 2026 10:00:00 +0000\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n"
        f"Failed.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{blocks}\n--b--\n"
    )


def complaint_about(*addresses: str) -> str:
    """An abuse report that names the addresses."""
    named = "\n".join(f"Original-Rcpt-To: {address}" for address in addresses)
    return (
        "From: fbl@isp.example\nTo: bounces@o1.example\nSubject: complaint\nMessage-ID: <fbl@isp.example>\n"
        "Date: Fri, 01 May 2026 10:00:00 +0000\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n"
        f"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n{named}\n\n--b--\n"
    )


def several_reports(*reports: str) -> str:
    """Delivery reports, each an attachment of one message."""
    parts = "\n".join(f"--all\nContent-Type: message/rfc822\n\n{report}" for report in reports)
    head = "From: mailer-daemon@mx.example\nTo: bounces@o1.example\nSubject: Undelivered\nMessage-ID: <all@mx.example>\n"
    head += "Date: Fri, 01 May 2026 10:00:00 +0000\nContent-Type: multipart/mixed; boundary=all\n\n--all\n\nFailed.\n\n"
    return f"{head}{parts}\n--all--\n"


def test_a_report_that_names_more_than_twenty_recipients_waits_to_be_read(tmp_path: Path) -> None:
    many = [f"p{number}@x.at" for number in range(400)]
    messages = {
        "1.eml": report(*many),
        "2.eml": complaint_about(*many[:21]),
        "3.eml": several_reports(*(report(*many[start : start + 10], number=start) for start in range(0, 30, 10))),
        "4.eml": report(*many[:20], number=4),
        "5.eml": report(*["same@x.at"] * 30, number=5),
    }
    landed = land(tmp_path, "mailbox", messages)
    landed.reviews("""
        event_id          | vendor_label                    | address
        ------------------+---------------------------------+--------
        report-1@mx.example | names more than 20 recipients |
        fbl@isp.example   | names more than 20 recipients   |
        all@mx.example    | names more than 20 recipients   |
    """)
    bounced = {address for (address,) in landed._read("delivery", "address", "type = 'bounce'")}
    assert bounced == {*many[:20], "same@x.at"} and not landed._read("delivery", "address", "type = 'complaint'")
    rows, loaded, duplicate, ignored, rejected = landed.counts
    assert rows == loaded + duplicate + ignored + rejected


def test_mail_that_may_mean_no_is_kept_for_people_with_what_they_need(tmp_path: Path) -> None:
    body = "\n\nGuten Tag.\nWie kann ich mich abmelden?\n\n> Newsletter im Juni\n"
    head = "From: friend@x.at\nTo: answers@o1.example\nSubject: Re: Programm\nMessage-ID: <ask@x.at>\nDate: Fri, 01 May 2026 13:00:00 +0000"
    landed = land(tmp_path, "mailbox", {"1.eml": head + body}, map={"answers@o1.example": {"scope": "list", "scope_id": "l1"}})
    landed.reviews("""
        event_id | vendor_label | scope | scope_id | occurred_from        | replace(body, chr(10), '/')
        ---------+--------------+-------+----------+----------------------+--------------------------------
        ask@x.at | may mean no  | list  | l1       | 2026-05-01T13:00:00Z | Re: Programm//Guten Tag./Wie kann ich mich abmelden?
    """)
    assert landed.counts == (1, 1, 0, 0, 0)
    _, words = invoke(["--workspace", str(tmp_path), "status", "--as-of", "2026-06-01T09:00:00Z"])
    assert "1 messages for people to read" in words


def complaint(number: int, fields: str, head: str, *, to: str = "redacted@provider.example") -> str:
    """A feedback report with these fields besides the required ones, about a message with these header fields."""
    return (
        f"From: fbl@provider.example\nTo: abuse@haus.example\nSubject: report\nMessage-ID: <{number}@provider.example>\n"
        "Date: Fri, 01 May 2026 10:00:00 +0000\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n{fields}\n"
        f"--b\nContent-Type: message/rfc822\n\nFrom: news@haus.example\nTo: {to}\n{head}\n\nProgramm\n--b--\n"
    )


def test_a_complaint_without_its_recipient_is_whose_the_senders_own_addresses_carry(tmp_path: Path) -> None:
    messages = {
        "1.eml": complaint(1, "Original-Mail-From: <bounces+anna=firma.example@haus.example>\n", "Subject: Programm"),
        "2.eml": complaint(2, "", "List-Unsubscribe: <mailto:unsubscribe+bert=firma.example@haus.example>"),
        "3.eml": complaint(
            3, "", "List-Unsubscribe: <mailto:leave@haus.example>, <https://haus.example/u?email=cleo+k%40firma.example&l=1>"
        ),
        "4.eml": complaint(4, "", "List-Unsubscribe: <mailto:leave@haus.example?subject=dora@firma.example>"),
        "5.eml": complaint(5, "", "List-Unsubscribe: <mailto:leave@haus.example>, <https://haus.example/u/7f3a9c>"),
        # a link names our own list, too, and whoever else received the message is not who complained
        "6.eml": complaint(6, "", "List-Unsubscribe: <https://haus.example/u?list=news@haus.example&t=abc>"),
        "7.eml": complaint(7, "", "List-Unsubscribe: <mailto:leave@haus.example?subject=unsubscribe%20news@mail.haus.example>"),
        "8.eml": complaint(8, "", "Subject: Programm", to="eva@firma.example, redacted@provider.example"),
        # whom servers on the way handed it to is who complained only where the To does not tell
        "9.eml": complaint(9, "", "Delivered-To: final@isp.example\nX-Original-To: final@isp.example", to="fritz@firma.example"),
        "10.eml": complaint(10, "", "Envelope-To: gerda@firma.example"),
    }
    landed = land(tmp_path, "mailbox", messages)
    landed.deliveries("""
        address            | type
        -------------------+----------
        anna@firma.example | complaint
        bert@firma.example | complaint
        cleo+k@firma.example | complaint
        dora@firma.example | complaint
        fritz@firma.example | complaint
        gerda@firma.example | complaint
    """)
    assert landed.rejected == [(1, "recipient_redacted")] * 4
