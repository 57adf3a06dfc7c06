"""Times as they are written, read as intervals (domain §2 "Time is an interval", §6 "Small print")."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""The beginning of time: since when a restriction counts that does not say since when."""

ZERO = datetime(1970, 1, 3, tzinfo=UTC)
"""What lies before is a system's zero (of Unix, of a spreadsheet, of a database), in whatever zone."""

TICK = timedelta(microseconds=1)
WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,6})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?")
DURATION = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


class Interval(NamedTuple):
    """From and until, both inclusive, in UTC."""

    start: datetime
    end: datetime


def read_time(text: str, zone: ZoneInfo) -> Interval | None:
    """The interval that a written time covers, or None where it is no usable time."""
    match = WRITTEN.fullmatch(text.strip())
    if match is None:
        return None
    day, minute, second, offset = match.groups()
    try:
        if minute is None:
            first = date.fromisoformat(day)
            return Interval(
                min(_readings(datetime.combine(first, time()), zone)),
                max(_readings(datetime.combine(first + timedelta(days=1), time()), zone)) - TICK,
            )
        # What was written is covered: 10:00 is that minute, 10:00:00 an instant.
        width = timedelta(0) if second else timedelta(minutes=1) - TICK
        if offset:
            moment = datetime.fromisoformat(f"{day}T{minute}{second or ''}{offset}").astimezone(UTC)
            return Interval(moment, moment + width)
        readings = _readings(datetime.fromisoformat(f"{day}T{minute}{second or ''}"), zone)
        return Interval(min(readings), max(readings) + width)
    except (ValueError, OverflowError):
        return None


def _readings(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """Both instants that a local time may mean: they differ where a clock change repeats or skips it."""
    return [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]


def read_duration(text: str) -> timedelta:
    """A length of time as it is written: 26h, 35d, 90m."""
    return timedelta(seconds=float(text[:-1]) * DURATION[text[-1]])


def read_share(value: str | float) -> float:
    """A share as it is written: 0.1% or 0.001."""
    if isinstance(value, str):
        return float(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
    return float(value)
