"""In which order files that came in one ingest, or in one archive, count: each snapshot or edition replaces the one before (domain §8).

By the dates that all of their names bear, else in natural order, in which 9 comes before 10.
"""

import re
from collections.abc import Iterable
from datetime import date

YEARS = range(1990, 2100)
DATE = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})(?P<mark>[-_.]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)|(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4}))"
    r"(?=\D|[T_-]?\d{4}(?:\d\d)?(?:\D|$)|$)"
)
"""A date as ISO writes it, with marks or without, or as day.month.year; the time of day may follow."""
DIGITS = re.compile(r"\d+")


def date_in(name: str) -> date | None:
    """The last date that a file's own name bears, else the last of its folders or its archive; None where there is none."""
    for part in reversed(name.split("/")):
        found = [each for each in map(_date_of, DATE.finditer(part)) if each is not None]
        if found:
            return found[-1]
    return None


def _date_of(found: re.Match[str]) -> date | None:
    year, month, day = (int(found[one] or found[other]) for one, other in (("year", "y"), ("month", "m"), ("day", "d")))
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def places(names: Iterable[str]) -> dict[str, str]:
    """Name → the text by which it stands in order among the others."""
    dates = {name: date_in(name) for name in names}
    is_dated = all(dates.values())
    return {name: f"{found} {_natural(name)}" if is_dated else _natural(name) for name, found in dates.items()}


def _natural(name: str) -> str:
    """The name without case, each number in it behind its length."""
    return DIGITS.sub(lambda found: f"{len(found[0].lstrip('0')):03}{found[0].lstrip('0')}", name.casefold())
