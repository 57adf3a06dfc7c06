"""How a segment reads a column: what its feeds say that the cells are, and what a comparison asks them to be.

Importing this module imports sqlglot, as `expression` does.
"""

import re
from dataclasses import dataclass

from sqlglot import exp

from pipeline.config.attributes import NUMBER_FORMATS, AttributeType, Types
from pipeline.config.faults import shown
from pipeline.config.segment import SegmentError

MARK = "is_reading"
"""What is noted at a cast that reads a text as something else: its cells may be none."""
TYPED = "feeds"
"""What is noted at a column that feeds give a type: feed → type."""
AS_DATE, AS_TIMESTAMP, AS_NUMBER = "date", "timestamp", "number"

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_OTHER_WRITING = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?|[+-]?\d{1,3}(?:[.']\d{3})*,\d+|[+-]?\d{1,3}(?:[.,']\d{3})+")
_SQL_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "datetime": "TIMESTAMP", "boolean": "BOOLEAN"}


@dataclass(frozen=True)
class Reading:
    """A text of the profile that is read as something else; both are SQL over the alias `profile`."""

    columns: str
    text: str
    value: str


def annotate(tree: exp.Expr, types: Types) -> None:
    """Note at each column what its feeds say of it. Raises SegmentError where they say different things."""
    folded: dict[str, dict[str, AttributeType]] = {}
    for name, said in types.items():
        folded.setdefault(name.casefold(), {}).update(said)
    for column in tree.find_all(exp.Column):
        feeds = folded.get(column.name.casefold(), {})
        if not feeds:
            continue
        kinds = {_kind(meaning) for meaning in feeds.values()}
        if len(kinds) > 1:
            raise SegmentError(
                f"the feeds {', '.join(sorted(feeds))} give the column {shown(column.name)} different types",
                remedy="Give it one type in the `attributes` of each of them.",
            )
        column.meta[TYPED] = feeds


def _kind(meaning: AttributeType) -> str:
    if meaning.type == "datetime" and "%z" in (meaning.format or ""):
        return "moment"
    return "number" if meaning.type == "integer" else meaning.type


def kind_of(column: exp.Expr) -> str | None:
    """What the column's feeds say that it is: text, number, date, datetime, moment or boolean."""
    feeds = column.meta.get(TYPED)
    return _kind(next(iter(feeds.values()))) if feeds else None


def is_said_to_be_text(node: exp.Expr) -> bool:
    """Whether a column in the expression is a text by its feed's word, whatever it is compared with."""
    return any(kind_of(column) == "text" for column in node.find_all(exp.Column))


def meaning_of(literal: str, *, is_order: bool) -> str | None:
    """What a quoted value is: a date, a timestamp, a number where an order is asked, or a text (None).

    Raises SegmentError for a date or number that an order cannot tell from a text.
    """
    if _ISO_DATE.fullmatch(literal):
        return AS_DATE
    if _ISO_TIME.fullmatch(literal):
        return AS_TIMESTAMP
    if not is_order:
        return None
    if _NUMBER.fullmatch(literal):
        return AS_NUMBER
    if _OTHER_WRITING.fullmatch(literal):
        raise SegmentError(
            f"{shown(literal)} would be compared letter by letter",
            remedy="Write dates as '2026-11-25' and numbers as 18.5, and say in the feed's YAML how its cells are written: attributes.",
        )
    return None


def value_of(cell: exp.Expr, feeds: dict[str, AttributeType]) -> exp.Expr:
    """The cell as what each feed says that it is; another feed's cell as it is usually written."""
    usual = AttributeType(type=next(iter(feeds.values())).type)
    branches = [
        exp.If(
            this=exp.EQ(this=exp.column("feed", table="profile", quoted=True), expression=exp.Literal.string(feed)),
            true=_read(cell, meaning),
        )
        for feed, meaning in sorted(feeds.items())
    ]
    return exp.paren(exp.Case(ifs=branches, default=_read(cell, usual)), copy=False)


def _read(cell: exp.Expr, meaning: AttributeType) -> exp.Expr:
    text: exp.Expr = exp.Trim(this=cell.copy())
    if meaning.type in ("date", "datetime") and meaning.format is not None:
        parsed: exp.Expr = exp.Anonymous(this="try_strptime", expressions=[text, exp.Literal.string(meaning.format)])
        return exp.Cast(this=parsed, to=exp.DataType.build("DATE", dialect="duckdb")) if meaning.type == "date" else parsed
    if meaning.type in ("integer", "number"):
        thousands, fraction = NUMBER_FORMATS[meaning.format or "1234.56"]
        for sign, stands_for in ((thousands, ""), (fraction if fraction != "." else "", ".")):
            if sign:
                text = exp.Replace(this=text, expression=exp.Literal.string(sign), replacement=exp.Literal.string(stands_for))
    if meaning.type == "boolean" and meaning.words:
        word = exp.Lower(this=text)
        yes, no = (exp.Literal.string(one.lower()) for one in meaning.words)
        branches = [
            exp.If(this=exp.EQ(this=word.copy(), expression=said), true=exp.Boolean(this=is_true))
            for said, is_true in ((yes, True), (no, False))
        ]
        return exp.Case(ifs=branches)
    return exp.TryCast(this=text, to=exp.DataType.build(_SQL_TYPES[meaning.type], dialect="duckdb"))
