"""A bounce mailbox: what the messages in it say (their many forms: tests/unit/test_mailbox_*.py)."""

from pathlib import Path

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
