"""How a segment reads a column: what its feeds say that the cells are, and what a comparison asks them to be.

Importing this module imports sqlglot, as `expression` does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from pipeline.config.attributes import NUMBER, NUMBER_FORMATS, AttributeType, Types
from pipeline.config.faults import legible, shown
from pipeline.config.segment import PROFILE_COLUMNS, SegmentError

MARK = "is_reading"
"""What is noted at a cast that reads a text as something else: its cells may be none."""
TYPED = "feeds"
"""What is noted at a column that feeds give a type: feed → type."""
AS_DATE, AS_TIMESTAMP, AS_NUMBER = "date", "timestamp", "number"

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
_OTHER_WRITING = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?"  # 25.11.2026, 11/25/2026
    r"|\d{1,2}\.?[ -][^\W\d]{3,9}\.?[ -]\d{2,4}|[^\W\d]{3,9}\.? \d{1,2},? \d{4}"  # 25 Nov 2026, November 25, 2026
    r"|[+-]?\d{1,3}(?:[.' \u00a0\u202f]\d{3})*,\d+|[+-]?\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+"  # 1.234,56, 1'000
    r"|[+-]?[.,]\d+|[−–]\s?\d.*|[€$£]\s?\d.*|[+-]?\d[\d.,' ]*\s?(?:[€$£%]|EUR|CHF|USD|GBP)"  # ,5, € 20, 20 %
)
_PLAIN_TIME = r"[1-9]\d{3}[-/]\d{1,2}[-/]\d{1,2}(?:[T ]\d.*)?"
_FIRST_DAY = "1000-01-01"
"""Before it no campaign has anything to ask."""
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
    if re.fullmatch(NUMBER, literal):
        return AS_NUMBER
    if _OTHER_WRITING.fullmatch(literal):
        raise SegmentError(
            f"{shown(literal)} would be compared letter by letter",
            remedy="Write dates as '2026-11-25' and numbers as 18.5, and say in the feed's YAML how its cells are written: attributes.",
        )
    return None


def require_no_letters(nodes: Sequence[exp.Expr]) -> None:
    """Raise SegmentError where an order compares columns without a type with each other: by letters 9.5.2026 comes after 15.5.2026, and 9
    after 10."""
    columns = [column for node in nodes for column in node.find_all(exp.Column)]
    names = sorted({column.name for column in columns if column.name.lower() not in PROFILE_COLUMNS and kind_of(column) is None})
    if not names or any(isinstance(node.unnest(), exp.Literal) for node in nodes) or any(is_said_to_be_text(node) for node in nodes):
        return
    raise SegmentError(
        f"{' and '.join(legible(name) for name in dict.fromkeys(column.name for column in columns))} would be compared letter by letter",
        remedy=f"Say in their feed's YAML what the cells are, e.g. attributes: {{{names[0]}: {{type: date}}}}; "
        "number, or text where letters are meant.",
    )


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


def filled(cell: exp.Expr, feeds: dict[str, AttributeType]) -> exp.Expr:
    """The cell, or none where its feed says that such a word is no value."""
    branches = [
        exp.If(
            this=exp.and_(
                exp.EQ(this=exp.column("feed", table="profile", quoted=True), expression=exp.Literal.string(feed)),
                exp.In(
                    this=exp.Lower(this=exp.Trim(this=cell.copy())),
                    expressions=[exp.Literal.string(word.strip().lower()) for word in meaning.empty],
                ),
            ),
            true=exp.null(),
        )
        for feed, meaning in sorted(feeds.items())
        if meaning.empty
    ]
    return exp.paren(exp.Case(ifs=branches, default=cell.copy()), copy=False) if branches else cell


def plainly(text: exp.Expr, kind: str) -> exp.Expr:
    """The text where it is plainly a number or a time of our years, else the empty text: DuckDB's casts also take `nan`, `infinity`,
    `epoch`, `0x10` and 31-12-24 (as a day of the year 31), and would put them among the values."""
    return _if_it_is(text, _number_pattern("", ".", is_whole=False) if kind == AS_NUMBER else _PLAIN_TIME)


def written(text: exp.Expr) -> exp.Expr:
    """What stands in the cell: the text before `plainly` looked at it."""
    return text.expressions[0] if isinstance(text, exp.Anonymous) else text


def _if_it_is(text: exp.Expr, pattern: str) -> exp.Expr:
    return exp.Anonymous(this="regexp_extract", expressions=[text, exp.Literal.string(rf"^\s*{pattern}\s*$")])


def _number_pattern(thousands: str, fraction: str, *, is_whole: bool) -> str:
    """A number in a national form. A sign that parts thousands does so in groups of three (of two or three behind a comma, as in
    India): "9,5" where thousands have commas is no 95."""
    sizes = "2,3" if "," in thousands else "3"
    grouped = rf"\d{{1,3}}(?:[{thousands}]\d{{{sizes}}})*[{thousands}]\d{{3}}|" if thousands else ""
    decimals = rf"[{fraction}]0*" if is_whole else rf"[{fraction}]\d*"
    bare = "" if is_whole else rf"|[{fraction}]\d+"
    return rf"[+-]?(?:(?:{grouped}\d+)(?:{decimals})?{bare})(?:[eE][+-]?\d{{1,3}})?"


def _read(cell: exp.Expr, meaning: AttributeType) -> exp.Expr:
    text: exp.Expr = exp.Trim(this=cell.copy())
    if meaning.type in ("date", "datetime") and meaning.format is not None:
        parsed: exp.Expr = exp.Anonymous(this="try_strptime", expressions=[text, exp.Literal.string(meaning.format)])
        # DuckDB reads 26 for %Y as the year 26.
        first = exp.Cast(this=exp.Literal.string(_FIRST_DAY), to=exp.DataType.build("TIMESTAMP", dialect="duckdb"))
        parsed = exp.Case(ifs=[exp.If(this=exp.GTE(this=parsed, expression=first), true=parsed.copy())])
        return exp.Cast(this=parsed, to=exp.DataType.build("DATE", dialect="duckdb")) if meaning.type == "date" else parsed
    if meaning.type in ("integer", "number"):
        thousands, fraction = NUMBER_FORMATS[meaning.format or "1234.56"]
        text = _if_it_is(text, _number_pattern(thousands, fraction, is_whole=meaning.type == "integer"))
        for sign, stands_for in (*((sign, "") for sign in thousands), (fraction if fraction != "." else "", ".")):
            if sign:
                text = exp.Replace(this=text, expression=exp.Literal.string(sign), replacement=exp.Literal.string(stands_for))
    elif meaning.type in ("date", "datetime"):
        text = _if_it_is(text, _PLAIN_TIME)
    if meaning.type == "boolean" and meaning.words:
        word = exp.Lower(this=text)
        yes, no = (exp.Literal.string(one.lower()) for one in meaning.words)
        branches = [
            exp.If(this=exp.EQ(this=word.copy(), expression=said), true=exp.Boolean(this=is_true))
            for said, is_true in ((yes, True), (no, False))
        ]
        return exp.Case(ifs=branches)
    return exp.TryCast(this=text, to=exp.DataType.build(_SQL_TYPES[meaning.type], dialect="duckdb"))
