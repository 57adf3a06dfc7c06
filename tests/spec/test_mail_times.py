"""When a mail was: from its `Date:` to the topmost `Received:`, which is our own server's (domain §5)."""

from pathlib import Path

import pytest

from pipeline.messages import read_message
from tests.lib.feeds import land
from tests.lib.workspaces import write_yaml
from tests.lib.world import World

RECEIVED = "Received: from mx.x.at by mail.o1.example with ESMTP id 1; {}\n"
LEAVE = "From: {who}\nTo: leave@o1.example\nSubject: unsubscribe\nMessage-ID: <{who}>\n\nunsubscribe\n"
MAY = "Fri, 01 May 2026 10:00:00 +0000"
NOON = "Fri, 01 May 2026 12:00:00 +0000 (UTC)"
NO_END = "2026-06-01T08:00:00Z"  # when the file was received


FORGED = RECEIVED.format("Sun, 31 May 2026 10:00:00 +0000")
SPANS = [
    (f"{RECEIVED.format(NOON)}Date: Thu, 01 Jan 2015 00:00:00 +0000\n", "2015-01-01T00:00:00Z", "2026-05-01T12:00:00Z"),
    (f"{RECEIVED.format(MAY)}Date: {NOON}\n", "2026-05-01T10:00:00Z", "2026-05-01T12:00:00Z"),
    (f"{RECEIVED.format(MAY)}Date: Thu, 01 Jan 2032 00:00:00 +0000\n", "2026-05-01T10:00:00Z", NO_END),
    # The lines below the topmost are anybody's.
    (f"{RECEIVED.format(NOON)}{FORGED}Date: {MAY}\n", "2026-05-01T10:00:00Z", "2026-05-01T12:00:00Z"),
    (f"{RECEIVED.format('some day')}{RECEIVED.format(NOON)}Date: {MAY}\n", "2026-05-01T10:00:00Z", NO_END),
    (f"{RECEIVED.format('Fri, 01 May 2026 12:00:00')}Date: {MAY}\n", "2026-05-01T10:00:00Z", NO_END),
    # Without our own server's time nobody knows how late it was said.
    (f"Date: {MAY}\n", "2026-05-01T10:00:00Z", NO_END),
    ("Date: Fri, 01 May 2026 10:00:00\n", "2026-05-01T08:00:00Z", NO_END),  # in the feed's zone
    (f"{RECEIVED.format(NOON)}Date: Fri, 01 May 2026 10:00:00\n", "2026-05-01T08:00:00Z", "2026-05-01T12:00:00Z"),
    (f"{RECEIVED.format(NOON)}Date: 01/05/26\n", "2026-05-01T12:00:00Z", "2026-05-01T12:00:00Z"),
    (RECEIVED.format(NOON), "2026-05-01T12:00:00Z", "2026-05-01T12:00:00Z"),
    (f"{RECEIVED.format(NOON)}Date: {MAY}\nDate: Sun, 31 May 2026 10:00:00 +0000\n", "2026-05-01T10:00:00Z", "2026-05-01T12:00:00Z"),
    ("Date: yesterday\n", "0001-01-01T00:00:00Z", NO_END),
    ("", "0001-01-01T00:00:00Z", NO_END),
]


def test_an_unsubscription_spans_what_it_says_and_what_our_server_noted(tmp_path: Path) -> None:
    mails = {f"{number}.eml": header + LEAVE.format(who=f"a{number}@x.at") for number, (header, _, _) in enumerate(SPANS)}
    expected = [f"a{number}@x.at | {begin} | {end}" for number, (_, begin, end) in enumerate(SPANS)]
    landed = land(tmp_path, "mailbox", mails)
    landed.consents("\n".join(["address | occurred_from | occurred_until", "--------+---------------+---------------", *expected]))


BOUNCE = """From: MAILER-DAEMON@mx.example.org
To: bounces@o1.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; gone@x.at
Action: failed
Status: 5.1.1
{field}
--x--
"""
COMPLAINT = """From: fbl@provider.example
To: abuse@o1.example
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="x"

--x
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1
Version: 1
{field}
Original-Rcpt-To: angry@x.at
--x--
"""


@pytest.mark.parametrize(
    ("header", "body", "field", "written"),
    [
        (f"Date: {MAY}\n", BOUNCE, "", "2026-05-01T10:00:00+00:00"),
        (f"{RECEIVED.format(NOON)}Date: {MAY}\n", BOUNCE, "", "2026-05-01T10:00:00+00:00/2026-05-01T12:00:00+00:00"),
        (
            f"{RECEIVED.format(NOON)}Date: {MAY}\n", BOUNCE, "Last-Attempt-Date: Thu, 01 Jan 2015 00:00:00 +0000",
            "2015-01-01T00:00:00+00:00/2026-05-01T12:00:00+00:00",
        ),
        (f"{RECEIVED.format(NOON)}", BOUNCE, "", "2026-05-01T12:00:00+00:00"),
        ("Date: 1/5\n", BOUNCE, "", "1-5"),
        (f"Date: {MAY}\n", COMPLAINT, "", "2026-05-01T10:00:00+00:00/.."),
        ("", COMPLAINT, f"Arrival-Date: {MAY}", "2026-05-01T10:00:00+00:00/.."),
        (RECEIVED.format(NOON), COMPLAINT, f"Received-Date: {MAY}", "2026-05-01T10:00:00+00:00/2026-05-01T12:00:00+00:00"),
        ("Date: 1/5\n", COMPLAINT, "", "1-5/.."),
    ],
)  # fmt: skip
def test_a_report_spans_what_it_tells_and_what_our_server_noted(header: str, body: str, field: str, written: str) -> None:
    """A bounce counts on the day that it tells where our server noted none; a complaint, like every "no", has no known end then."""
    (found,) = read_message((header + body.format(field=field)).encode()).findings
    assert found.occurred_at == written


def test_a_mail_that_dates_itself_back_does_not_lose_against_an_older_opt_in(tmp_path: Path) -> None:
    """Jane's clock says 2015, Tom's mail bears no time of ours; Ida signed up again after her mail had come."""
    world = World(tmp_path)
    write_yaml(tmp_path / "feeds" / "mails.yaml", {"source": "mailbox", "organisation": "o1", "max_age": "365d"})
    back = "Date: Thu, 01 Jan 2015 00:00:00 +0000\n"
    mails = {"jane": RECEIVED.format(NOON) + back, "tom": back, "ida": RECEIVED.format(NOON) + back}
    for name, header in mails.items():
        path = tmp_path / "landing" / "mails" / f"{name}.eml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header + LEAVE.format(who=f"{name}@x.at"))
    world.profiles("""
        email
        ---------
        jane@x.at
        tom@x.at
        ida@x.at
    """)
    world.consents("""
        occurred_at          | action | channel | address   | actor | via
        ---------------------+--------+---------+-----------+-------+----------------
        2026-03-01T08:00:00Z | opt_in | email   | jane@x.at | owner | preference_link
        2026-03-01T08:00:00Z | opt_in | email   | tom@x.at  | owner | preference_link
        2026-05-02T08:00:00Z | opt_in | email   | ida@x.at  | owner | preference_link
    """)
    world.decides("""
        candidate | reasons
        ----------+-----------------------
        jane@x.at | opted_out_organisation
        tom@x.at  | opted_out_organisation
        ida@x.at  |
    """)
