"""What the cells of a profile's column mean (`attributes` of a feed's YAML, domain §8): a date, a number, and how it is written.

The cells stay as they came; a segment or an order reads them when it is asked, so that a corrected type needs no new ingest.
"""

import re
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from pipeline.config.strict import Strict
from pipeline.config.values import Text, wrong

NUMBER_FORMATS = {
    "1234.56": ("", "."),
    "1,234.56": (",", "."),
    "1'234.56": ("'’", "."),
    "1234,56": ("", ","),
    "1.234,56": (".", ","),
    "1 234,56": (" \u00a0\u2009\u202f", ","),
}
"""How a number may be written → what signs may part its thousands, and what its fraction."""
NUMBER = r"[+-]?\d+(?:\.\d+)?"
"""What is plainly a number."""
NO_ORDER = r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?: .*)?|[+-]?\d{1,3}(?:\.\d{3})*,\d+|[+-]?\d{1,3}(?:[,']\d{3})+(?:\.\d+)?"
"""What is a date or a number that letters put into another order: 25.11.2026, 1.234,56."""
_SIGNS = frozenset("abcdfghjmnpuwxyzABGHIMSTUVWXY%") | {f"-{sign}" for sign in "djmyHIMS"}
"""What may stand behind a % of strptime. No name of a zone (%Z): BST is Dhaka's to DuckDB, and CEST none."""
WRITTEN_TIMES = ("updated_at", "occurred_at", "until")
"""The columns of ours that hold times, and that a file may write in its own way."""


def _signs(form: str) -> set[str]:
    return set(re.findall(r"%(-?.?)", form, re.DOTALL))


def _are_read(signs: set[str]) -> bool:
    return bool(signs) and signs <= _SIGNS


def lacks(form: str) -> str:
    """What a written form leaves out of a time of ours, and strptime would make up: the `day`, or the `minute`; else nothing."""
    signs = _signs(form)
    if not _are_read(signs):
        return ""  # that is another check's fault
    said = {sign.removeprefix("-") for sign in signs}
    has_day = "j" in said or "d" in said and said & set("mbBh")
    if not said & set("cx") and not (has_day and said & set("Yy")):
        return "day"
    if said & set("HI") and not said & set("MXTc") or "I" in said and "p" not in said:
        return "minute"
    return ""


class AttributeType(Strict):
    """What the cells of one column are."""

    type: Literal["text", "integer", "number", "date", "datetime", "boolean"] = Field(
        description="what the cells are; a cell that is none has no value", examples=["date"]
    )
    format: Text | None = Field(
        default=None,
        description="how they are written: a date or datetime in the signs of strptime, a number as one of "
        + ", ".join(f"`{form}`" for form in NUMBER_FORMATS)
        + ", a boolean as its two words (`ja/nein`); default: ISO 8601, a plain number, true and false",
        examples=["%d.%m.%Y"],
    )

    empty: tuple[Text, ...] = Field(
        default=(), description="words that say that there is no value, in any letter case", examples=[["n/v", "-"]]
    )

    @model_validator(mode="after")
    def _format_fits(self) -> Self:
        if self.type == "text" and self.empty:
            raise wrong("a text is compared as it stands, whatever it says", "Remove `empty`.")
        if self.format is None:
            return self
        if self.type in ("date", "datetime") and not _are_read(_signs(self.format)):
            raise wrong("the format holds no sign of strptime, or one that is not read", 'Write for example "%d.%m.%Y".')
        if self.type in ("integer", "number") and self.format not in NUMBER_FORMATS:
            raise wrong("the format is none of a number", f"Use one of: {', '.join(NUMBER_FORMATS)}.")
        if self.type == "boolean" and len(self.words) != 2:
            raise wrong("the format is not two words", "Write the word for true, a slash, and the word for false: ja/nein.")
        if self.type == "text":
            raise wrong("a text has no format", "Remove it.")
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a boolean's format: true, false."""
        return tuple(filter(None, (word.strip() for word in (self.format or "").split("/"))))


Types = Mapping[str, Mapping[str, AttributeType]]
"""Column → feed → what the feed's cells are. A feed that is not named says nothing of the column."""


def types_of(feeds: Mapping[str, tuple[str | None, Mapping[str, AttributeType]]], organisation: str | None) -> Types:
    """What the feeds (id → their organisation and their types) say of the columns of an organisation's profiles."""
    found: dict[str, dict[str, AttributeType]] = {}
    for feed, (owner, types) in sorted(feeds.items()):
        if owner in (None, organisation):
            for column, meaning in types.items():
                if column != "updated_at":  # a time since it was loaded
                    found.setdefault(column, {})[feed] = meaning
    return found
