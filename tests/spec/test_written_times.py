"""Written times as intervals (domain §2 "Time is an interval"): what each covers, and what is not usable."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.generative.reference.times import read_time
from tests.lib.feeds import land

HEADER = "event_id,occurred_at,action,address,scope,scope_id\n"


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
    lines = [f"{number},{written},opt_out,a{number}@x.at,list,l1" for number, written in enumerate(times)]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    expected = [f"{number} | {interval}" for number, interval in enumerate(times.values())]
    landed.consents("\n".join(["event_id | occurred_from | occurred_until", "---------+---------------+---------------", *expected]))


def test_a_minute_and_a_day_end_a_microsecond_before_the_next(tmp_path: Path) -> None:
    times = ["2026-05-01", "2026-05-01 10:00", "2026-05-01T10:00Z", "2026-05-01T10:00:00.123456Z"]
    lines = [f"{number},{written},opt_out,a@x.at,list,l1" for number, written in enumerate(times, 1)]
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
    lines = [f"{number},{written},opt_out,a@x.at,list,l1" for number, written in enumerate(times)]
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
