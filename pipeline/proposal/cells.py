"""What the cells of a column look like: addresses, numbers, dates and how they are written.

An answer says only how they look, and never a cell.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from pipeline.config.attributes import AttributeType

MOST = 0.9
"""So great a share of the filled cells has to look alike."""
_DATES = (
    ("date", "%d.%m.%Y"), ("datetime", "%d.%m.%Y %H:%M"), ("datetime", "%d.%m.%Y %H:%M:%S"), ("date", "%Y/%m/%d"),
    ("datetime", "%Y/%m/%d %H:%M:%S"), ("date", "%d-%m-%Y"), ("datetime", "%d-%m-%Y %H:%M"), ("datetime", "%d-%m-%Y %H:%M:%S"),
    ("date", "%m/%d/%Y"), ("date", "%d/%m/%Y"), ("datetime", "%m/%d/%Y %H:%M"), ("datetime", "%d/%m/%Y %H:%M"),
    ("datetime", "%m/%d/%Y %H:%M:%S"), ("datetime", "%d/%m/%Y %H:%M:%S"), ("datetime", "%m/%d/%Y %I:%M %p"),
    ("datetime", "%m/%d/%Y %I:%M:%S %p"), ("date", "%d.%m.%y"), ("datetime", "%Y%m%dT%H%M%S"),
)  # fmt: skip
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?(Z|z|[+-]\d{2}(:?\d{2})?))?)?")
_NUMBERS = {
    "1234.56": r"[+-]?\d+\.\d+",
    "1234,56": r"[+-]?\d+,\d{1,2}",
    "1.234,56": r"[+-]?\d{1,3}(\.\d{3})*,\d+",
    "1,234.56": r"[+-]?\d{1,3}(,\d{3})*\.\d+",
}


def mostly(cells: Sequence[str], looks: Callable[[str], object]) -> bool:
    """Whether most of the cells look so; there has to be one."""
    return bool(cells) and sum(bool(looks(cell)) for cell in cells) >= MOST * len(cells)


def is_email(cell: str) -> bool:
    """Whether the cell looks like an e-mail address, with a name or without."""
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+|.*<[^@\s]+@[^@\s]+>", cell))


def is_phone(cell: str) -> bool:
    """Whether the cell looks like a phone number."""
    return bool(re.fullmatch(r"(?:[a-z]+:)?'?[+(]?[\d ()/.-]{6,}", cell)) and not _ISO.fullmatch(cell)


def is_short_word(cell: str) -> bool:
    """Whether the cell is a word or a few, and no address."""
    return len(cell) <= 40 and not is_email(cell)


def written_times(cells: Sequence[str]) -> list[AttributeType]:
    """How the cells write days or moments; several forms where the cells do not show whether day or month comes first."""
    if not cells:
        return []
    if all(_ISO.fullmatch(cell) for cell in cells):
        return [AttributeType(type="date" if all(_ISO_DAY.fullmatch(cell) for cell in cells) else "datetime")]
    found = [
        AttributeType.model_validate({"type": kind, "format": form}) for kind, form in _DATES if all(_fits(cell, form) for cell in cells)
    ]
    return [meaning for meaning in found if meaning.format != "%d.%m.%y"] or found


def _fits(cell: str, form: str) -> bool:
    try:
        datetime.strptime(cell, form)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return True


def written_number(cells: Sequence[str]) -> AttributeType | None:
    """How the cells write numbers with a fraction; whole numbers may be ids, and need no type."""
    for form, pattern in _NUMBERS.items():
        if (
            cells
            and all(re.fullmatch(rf"{pattern}|[+-]?\d{{1,3}}", cell) for cell in cells)
            and any("," in cell or "." in cell for cell in cells)
        ):
            return AttributeType(type="number", format=None if form == "1234.56" else form)
    return None
