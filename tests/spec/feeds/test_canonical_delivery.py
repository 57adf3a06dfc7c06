"""Delivery events in our own plain format."""

from pathlib import Path

from tests.lib.feeds import land

HEADER = "event_id,occurred_at,type,channel,address,bounce_class,reason,status_code,diagnostic,actor,explanation\n"


def test_a_status_code_decides_before_the_class_that_the_row_claims(tmp_path: Path) -> None:
    lines = [
        "1,2026-05-01T10:00:00Z,bounce,,a@x.at,soft,,5.1.1,,,",
        "2,2026-05-01T10:00:00Z,bounce,,b@x.at,hard,,,550 5.7.1 policy,,",
        "3,2026-05-01T10:00:00Z,bounce,,c@x.at,hard,,4.2.2,,,",
        "4,2026-05-01T10:00:00Z,bounce,,d@x.at,strange,,,,,",
    ]
    landed = land(tmp_path, "canonical_delivery", {"d.csv": HEADER + "\n".join(lines)})
    landed.deliveries("""
        event_id | type   | channel | address | bounce_class | reason       | status_code
        ---------+--------+---------+---------+--------------+--------------+------------
        1        | bounce | email   | a@x.at  | hard         |              | 5.1.1
        2        | bounce | email   | b@x.at  | block        |              |
        3        | bounce | email   | c@x.at  | soft         | mailbox_full | 4.2.2
        4        | bounce | email   | d@x.at  | undetermined |              |
    """)
    assert landed.unknown == {"bounce_class strange": 1}


def test_an_unknown_type_and_a_release_by_nobody_are_rejected_and_a_delay_is_no_event(tmp_path: Path) -> None:
    lines = [
        "1,2026-05-01,danced,,a@x.at,,,,,,",
        "2,2026-05-01,release,,a@x.at,,,,,,asked to",
        "3,2026-05-01,release,,a@x.at,,,,,staff,",
        "4,2026-05-01,release,,a@x.at,,,,,staff,asked to",
        "5,2026-05-01,deferred,,a@x.at,,,,,,",
        "6,2026-05-01,complaint,,not an address,,,,,,",
    ]
    landed = land(tmp_path, "canonical_delivery", {"d.csv": HEADER + "\n".join(lines)})
    assert landed.counts == (6, 1, 0, 1, 4)
    assert landed.rejected == [
        (1, "type_unknown"), (2, "release_not_by_staff"), (3, "explanation_missing"), (6, "address_unreadable"),
    ]  # fmt: skip
