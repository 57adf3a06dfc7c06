"""A report in the bounce mailbox that names nobody whom a message of ours went to, where that is known (domain §5 "Whose bounce")."""

from pathlib import Path
from typing import Any

from tests.lib import workspaces
from tests.lib.world import World

PEOPLE = """
    email
    ------
    a@x.at
    b@x.at
    c@x.at
    d@x.at
    e@x.at
"""


def report(number: int, *addresses: str, day: str = "25 May 2026", campaign: str = "") -> str:
    """A delivery report about the addresses."""
    blocks = "\n".join(f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n" for address in addresses)
    returned = f"--b\nContent-Type: message/rfc822\n\nX-Presend-Campaign: {campaign}\nSubject: News\n\nNews\n\n" if campaign else ""
    return (
        f"From: mailer-daemon@mx.example\nTo: bounces@o1.example\nSubject: Undelivered\nMessage-ID: <r{number}@mx.example>\n"
        f"Date: Mon, {day} 10:00:00 +0000\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nFailed.\n\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{blocks}\n{returned}--b--\n"
    )


def complaint(address: str) -> str:
    """An abuse report about the address."""
    return (
        "From: fbl@isp.example\nTo: bounces@o1.example\nSubject: complaint\nMessage-ID: <c@isp.example>\n"
        "Date: Mon, 25 May 2026 10:00:00 +0000\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n"
        f"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: {address}\n\n--b--\n"
    )


def world_with(folder: Path, *messages: str, **settings: Any) -> World:
    """Five people, and a bounce mailbox with the messages."""
    world = World(folder, **settings)
    workspaces.write_yaml(folder / "feeds" / "bounces.yaml", {"source": "mailbox", "organisation": "o1", "required": False})
    (folder / "landing" / "bounces").mkdir(parents=True)
    for number, message in enumerate(messages):
        (folder / "landing" / "bounces" / f"{number}.eml").write_text(message)
    world.profiles(PEOPLE)
    return world


SENT = """
    type | address | occurred_at          | organisation | campaign
    -----+---------+----------------------+--------------+---------
    sent | a@x.at  | 2026-05-20T10:00:00Z | o1           | spring
    sent | b@x.at  | 2026-05-20T10:00:00Z | o1           | spring
"""


def test_a_report_about_nobody_of_ours_waits_for_people_and_excludes_nobody(tmp_path: Path) -> None:
    world = world_with(tmp_path, report(1, "a@x.at"), report(2, "c@x.at", "d@x.at"), complaint("e@x.at"))
    world.deliveries(SENT)
    world.decides("""
        candidate | reasons
        ----------+-----------------
        a@x.at    | quarantined_hard
        b@x.at    |
        c@x.at    |
        d@x.at    |
        e@x.at    |
    """)
    world.holds("(SELECT * FROM review_message WHERE source = 'mailbox')", """
        raw_address | message_id           | why
        ------------+----------------------+----------------------------------------------
        c@x.at      | r2@mx.example#c@x.at | reports nobody whom a message of ours went to
        d@x.at      | r2@mx.example#d@x.at | reports nobody whom a message of ours went to
        e@x.at      | c@isp.example        | reports nobody whom a message of ours went to
    """)  # fmt: skip


def test_a_report_that_names_one_of_ours_among_others_counts_for_all(tmp_path: Path) -> None:
    world = world_with(tmp_path, report(1, "b@x.at", "c@x.at"))
    world.deliveries(SENT)
    world.decides("""
        candidate | reasons
        ----------+-----------------
        a@x.at    |
        b@x.at    | quarantined_hard
        c@x.at    | quarantined_hard
        d@x.at    |
        e@x.at    |
    """)


def test_where_it_is_not_known_whom_messages_went_to_every_report_counts(tmp_path: Path) -> None:
    """Nothing was sent in the thirty days before, by this organisation, or of the campaign that the report names."""
    world = world_with(
        tmp_path, report(1, "c@x.at", day="27 Apr 2026"), report(2, "d@x.at", campaign="summer"), report(3, "e@x.at", campaign="spring")
    )
    world.deliveries(SENT)
    world.decides("""
        candidate | reasons
        ----------+-----------------
        a@x.at    |
        b@x.at    |
        c@x.at    | quarantined_hard
        d@x.at    | quarantined_hard
        e@x.at    |
    """)


def test_without_any_sent_event_a_complaint_counts(tmp_path: Path) -> None:
    world = world_with(tmp_path, complaint("e@x.at"))
    world.decides("""
        candidate | reasons
        ----------+---------------------------------
        a@x.at    |
        b@x.at    |
        c@x.at    |
        d@x.at    |
        e@x.at    | complaint opted_out_organisation
    """)
