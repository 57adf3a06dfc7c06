"""Consent events in our own plain format."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import md5
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.generative.reference.times import read_time
from tests.lib.feeds import land

HEADER = "event_id,occurred_at,action,channel,address,profile_id,scope,scope_id,actor,via,until\n"


def test_an_event_says_who_what_where_and_when(tmp_path: Path) -> None:
    lines = [
        "1,2026-05-01T10:00:00Z,opt_in_confirm,email,Anna@X.at,,list,l1,,form,",
        "2,2026-05-01,opt_out,,b@x.at,,organisation,o1,staff,manual,",
        "3,2026-05-01 10:00,pause,email,,p3,brand,b1,,preference_link,2026-07-01",
    ]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    landed.consents("""
        event_id | action         | channel | address   | profile_id | scope        | actor | occurred_from        | occurred_until
        ---------+----------------+---------+-----------+------------+--------------+-------+----------------------+---------------------
        1        | opt_in_confirm | email   | anna@x.at |            | list         | owner | 2026-05-01T10:00:00Z | 2026-05-01T10:00:00Z
        2        | opt_out        | any     | b@x.at    |            | organisation | staff | 2026-04-30T22:00:00Z | 2026-05-01T21:59:59Z
        3        | pause          | email   |           | p3         | brand        | owner | 2026-05-01T08:00:00Z | 2026-05-01T08:00:59Z
    """)


def test_what_is_unknown_restricts_and_never_permits(tmp_path: Path) -> None:
    lines = [
        "1,2026-05-01,leave,email,a@x.at,,list,l1,,,",
        "2,2026-05-01,opt_out,email,b@x.at,,list,nowhere,,,",
        "3,2026-05-01,opt_in,email,c@x.at,,list,nowhere,,form,",
        "4,some day,opt_out,email,d@x.at,,list,l1,,,",
        "5,some day,opt_in,email,e@x.at,,list,l1,,form,",
    ]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    landed.consents("""
        event_id | action  | scope        | scope_id | occurred_from
        ---------+---------+--------------+----------+---------------------
        1        | opt_out | list         | l1       | 2026-04-30T22:00:00Z
        2        | opt_out | organisation | o1       | 2026-04-30T22:00:00Z
        4        | opt_out | list         | l1       | 0001-01-01T00:00:00Z
    """)
    assert landed.rejected == [(3, "scope_unknown"), (5, "time_unusable")]
    assert landed.unknown == {"action leave": 1, "scope list nowhere": 2}


def test_a_cell_is_filled_by_any_letter_and_by_no_blank(tmp_path: Path) -> None:
    """A channel that is not known restricts on all; one that is blank, too."""
    lines = [
        "1,2026-05-01,opt_out,électronique,a@x.at,,list,l1,,,",
        "2,2026-05-01,opt_out,~,b@x.at,,list,l1,,,",
        "3,2026-05-01,opt_out,  ,c@x.at,,list,l1,,,",
        "4,2026-05-01,opt_out,email,d@x.at,,list,l1,,,",
    ]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    landed.consents("""
        event_id | channel
        ---------+--------
        1        | any
        2        | any
        3        | any
        4        | email
    """)


def test_a_number_of_no_organisation_is_read_at_home_where_the_group_has_one_country(tmp_path: Path) -> None:
    lines = ["1,2026-05-01,opt_out,sms,0664 1234567,,group,,,,", "2,2026-05-01,opt_out,sms,tel:+43-664-1234567,,group,,,,"]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)}, organisation=None)
    landed.consents("""
        event_id | address       | scope
        ---------+---------------+------
        1        | +436641234567 | group
        2        | +436641234567 | group
    """)


def test_an_address_has_the_key_that_older_ledgers_hold(tmp_path: Path) -> None:
    """Of its text's MD5 the upper 126 bits, least byte first: keys are compared across years, and never change."""
    key = int.from_bytes(md5(b"anna@x.at", usedforsecurity=False).digest(), "little") >> 2
    landed = land(tmp_path, "canonical_consent", {"c.csv": f"{HEADER}1,2026-05-01,opt_out,email,Anna@x.at,,list,l1,,,"})
    landed.consents(f"address_key\n---\n{key}")


def test_another_spelling_has_the_key_of_its_mailbox_and_a_number_has_none(tmp_path: Path) -> None:
    addresses = ["anna@x.at", "anna+news@x.at", "+43 664 1234567"]
    lines = [f"{number},2026-05-01,opt_out,any,{address},,list,l1,,," for number, address in enumerate(addresses, 1)]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    landed.consents("""
        event_id | address        | (mailbox_key = address_key)
        ---------+----------------+----------------------------
        1        | anna@x.at      | true
        2        | anna+news@x.at | false
        3        | +436641234567  |
    """)


def test_who_is_named_by_what_cannot_be_read_is_not_nobody(tmp_path: Path) -> None:
    """A row that names nobody at all has another reason; with a profile beside it, a restriction counts for that."""
    lines = [
        "1,2026-05-01,opt_out,email,ärgerlich,,list,l1,,,",
        "2,2026-05-01,opt_out,email,~,,list,l1,,,",
        "3,2026-05-01,opt_out,email,  ,,list,l1,,,",
        "4,2026-05-01,opt_out,email,ärgerlich,p4,list,l1,,,",
    ]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    assert landed.rejected == [(1, "address_unreadable"), (2, "address_unreadable"), (3, "nobody_named")]
    landed.consents("""
        event_id | address | raw_address | profile_id
        ---------+---------+-------------+-----------
        4        |         | ärgerlich   | p4
    """)


def test_an_event_twice_in_a_file_counts_once(tmp_path: Path) -> None:
    line = "1,2026-05-01,opt_out,email,a@x.at,,list,l1,,,"
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + f"{line}\n{line}\n"})
    assert landed.counts == (2, 1, 1, 0, 0)


def test_a_time_covers_what_was_written(tmp_path: Path) -> None:
    """A minute, an instant or a day (domain §2); where clocks change, both readings. Nothing counts from later than it was received."""
    times = {
        "2026-05-01T10:00:00Z": "2026-05-01T10:00:00Z | 2026-05-01T10:00:00Z",
        "2026-05-01T10:00Z": "2026-05-01T10:00:00Z | 2026-05-01T10:00:59Z",
        "2026-05-01 10:00:00": "2026-05-01T08:00:00Z | 2026-05-01T08:00:00Z",
        " 2026-05-01 10:00 ": "2026-05-01T08:00:00Z | 2026-05-01T08:00:59Z",
        "2026-05-01T10:00:00-05:00": "2026-05-01T15:00:00Z | 2026-05-01T15:00:00Z",
        "2026-05-01T10:00:00.999+0530": "2026-05-01T04:30:00Z | 2026-05-01T04:30:00Z",
        '"2026-05-01 10:00:07,5 +02"': "2026-05-01T08:00:07Z | 2026-05-01T08:00:07Z",
        "2026-05-01 10:00:00 -03:00": "2026-05-01T13:00:00Z | 2026-05-01T13:00:00Z",
        "2026-05-01 10:00:00 z": "2026-05-01T10:00:00Z | 2026-05-01T10:00:00Z",
        "2026-05-01 10:00:00 UTC": "0001-01-01T00:00:00Z | 2026-06-01T08:00:00Z",  # not ISO 8601: not usable
        "2026-05-01T10:00:0.Z": "0001-01-01T00:00:00Z | 2026-06-01T08:00:00Z",
        " 026-05-01T10:00:00Z": "0001-01-01T00:00:00Z | 2026-06-01T08:00:00Z",
        "2026-05-01T10:00:7Z": "0001-01-01T00:00:00Z | 2026-06-01T08:00:00Z",
        "2026-05-01  10:00:00Z": "0001-01-01T00:00:00Z | 2026-06-01T08:00:00Z",
        "2026-02-30": "0001-01-01T00:00:00Z | 2026-06-01T08:00:00Z",
        "2026-05-01          ": "2026-04-30T22:00:00Z | 2026-05-01T21:59:59Z",
        "2026-05-01": "2026-04-30T22:00:00Z | 2026-05-01T21:59:59Z",
        "2025-10-26": "2025-10-25T22:00:00Z | 2025-10-26T22:59:59Z",  # a day of 25 hours
        "2025-10-26 02:30": "2025-10-26T00:30:00Z | 2025-10-26T01:30:59Z",  # comes twice
        "2026-03-29 02:30:00": "2026-03-29T00:30:00Z | 2026-03-29T01:30:00Z",  # never comes
        "2026-06-01T08:00:00Z": "2026-06-01T08:00:00Z | 2026-06-01T08:00:00Z",
        "2026-06-01": "2026-05-31T22:00:00Z | 2026-06-01T08:00:00Z",
        "2027-01-01": "2026-06-01T08:00:00Z | 2026-06-01T08:00:00Z",
    }
    lines = [f"{number},{written},opt_out,email,a{number}@x.at,,list,l1,,," for number, written in enumerate(times)]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    expected = [f"{number} | {interval}" for number, interval in enumerate(times.values())]
    landed.consents("\n".join(["event_id | occurred_from | occurred_until", "---------+---------------+---------------", *expected]))


def test_a_minute_and_a_day_end_a_microsecond_before_the_next(tmp_path: Path) -> None:
    times = ["2026-05-01", "2026-05-01 10:00", "2026-05-01T10:00Z", "2026-05-01T10:00:00.123456Z"]
    lines = [f"{number},{written},opt_out,email,a@x.at,,list,l1,,," for number, written in enumerate(times, 1)]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    landed.consents("""
        event_id | strftime(occurred_until, '%H:%M:%S.%f')
        ---------+----------------------------------------
        1        | 21:59:59.999999
        2        | 08:00:59.999999
        3        | 10:00:59.999999
        4        | 10:00:00.123456
    """)


@pytest.mark.parametrize("zone", ["Europe/Vienna", "America/St_Johns", "America/Santiago", "Australia/Lord_Howe", "Antarctica/Troll"])
def test_every_quarter_of_an_hour_near_a_clock_change_is_read_as_all_that_it_may_mean(tmp_path: Path, zone: str) -> None:
    """Changes of half an hour, one and two, at night and at midnight. The answer is the reference's."""
    changes = list(clock_changes(ZoneInfo(zone)))
    assert len(changes) >= 2
    near = [change + timedelta(minutes=15 * quarter) for change in changes for quarter in range(-24, 25)]
    times = sorted({f"{moment:{form}}" for moment in near for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")})
    lines = [f"{number},{written},opt_out,email,a@x.at,,list,l1,,," for number, written in enumerate(times)]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)}, timezone=zone)
    intervals = [read_time(written, ZoneInfo(zone)) for written in times]
    expected = [f"{n} | {' | '.join(f'{at:%Y-%m-%dT%H:%M:%SZ}' for at in interval or ())}" for n, interval in enumerate(intervals)]
    landed.consents("\n".join(["event_id | occurred_from | occurred_until", "---------+---------------+---------------", *expected]))


def clock_changes(zone: ZoneInfo) -> Iterator[datetime]:
    """The local times at which the clocks of a zone are changed, in the fifteen months before the files of these specs are read."""
    hours = [datetime(2025, 3, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(24 * 445)]
    for hour, next_hour in pairwise(hours):
        if hour.astimezone(zone).utcoffset() != next_hour.astimezone(zone).utcoffset():
            yield next_hour.astimezone(zone).replace(tzinfo=None)
