"""What a segment may say: the rule for each kind of node of sqlglot's tree. A node without a rule is refused.

The rules type and rewrite. A condition must be true or false; and a text that meets a number or a date in a comparison is read
as one with TRY_CAST: unreadable is no value and so no match, where a plain cast would stop the whole run at one odd cell.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import Enum

from sqlglot import exp

from pipeline.config.faults import shown
from pipeline.config.readings import AS_NUMBER, AS_TIMESTAMP, MARK, is_said_to_be_text, kind_of, meaning_of, plainly, require_no_letters
from pipeline.config.segment import PROFILE_COLUMNS, SegmentError

EXAMPLE = "Write one condition over profile columns, such as country = 'AT' and postal_code like '35%'."
_FUNCTIONS = (
    "lower, upper, trim, length, substring, left, right, replace, concat, coalesce, nullif, "
    "starts_with, ends_with, contains, abs, round, cast"
)


class Kind(Enum):
    """What an expression yields, as far as segments tell apart."""

    TEXT = "a text"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    DATE = "a date"
    TIMESTAMP = "a timestamp"
    MOMENT = "a moment"
    NULL = "null"


_TIMES = (Kind.DATE, Kind.TIMESTAMP, Kind.MOMENT)
_READ_AS = {Kind.NUMBER: "DOUBLE", Kind.DATE: "DATE", Kind.TIMESTAMP: "TIMESTAMP", Kind.MOMENT: "TIMESTAMPTZ"}
_CASTS = {
    exp.DType.DATE: Kind.DATE,
    exp.DType.INT: Kind.NUMBER,
    exp.DType.BIGINT: Kind.NUMBER,
    exp.DType.DOUBLE: Kind.NUMBER,
    exp.DType.TEXT: Kind.TEXT,
    exp.DType.VARCHAR: Kind.TEXT,
    exp.DType.TIMESTAMP: Kind.TIMESTAMP,
    exp.DType.TIMESTAMPNTZ: Kind.TIMESTAMP,
    exp.DType.TIMESTAMPTZ: Kind.MOMENT,
}

_KINDS = {
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "datetime": Kind.TIMESTAMP,
    "moment": Kind.MOMENT,
    "boolean": Kind.BOOLEAN,
}
"""What a feed says that a column is → what the column yields."""
_SIGNS: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.IntDiv: "//",
    exp.Mod: "%",
    exp.Neg: "-",
    exp.DPipe: "||",
    exp.If: "when",
    exp.StartsWith: "starts_with",
    exp.EndsWith: "ends_with",
}


def column_name(column: exp.Column) -> str:
    """The column's name: the fixed ones in lower case, attributes as they are written."""
    return column.name.lower() if column.name.lower() in PROFILE_COLUMNS else column.name


def refused(node: exp.Expr) -> SegmentError:
    """The error for a node that segments may not hold."""
    name = node.name if isinstance(node, exp.Anonymous) else node.sql_name() if isinstance(node, exp.Func) else node.key
    what = f"the function {shown(name.lower())}" if isinstance(node, exp.Func) else shown(name.lower())
    return SegmentError(f"{what} is not allowed here", remedy=f"Use columns, values, comparisons, and, or, not, case, and: {_FUNCTIONS}.")


Typed = tuple[Kind, exp.Expr]
"""What an expression yields, and the expression as it is to run."""


def typed(node: exp.Expr | None) -> Typed:
    """What the expression yields and how it is to run, by the rule for its exact class: a subclass that nobody has read is refused.

    Raises SegmentError for what segments may not say, and for a sign with nothing behind it, which the parser lets through.
    """
    if node is None:
        raise SegmentError("a value is missing", remedy=EXAMPLE)
    rule = _RULES.get(type(node))
    if rule is None:
        raise refused(node)
    try:
        return rule(node)
    except RecursionError:
        raise SegmentError("nested too deeply", remedy="Use `column in ('a', 'b', …)` instead of many `or`.") from None


def _only(node: exp.Expr, *keys: str) -> None:
    """Refuse a node that says more than the keys that its rule reads (a filter, a subquery, a collation)."""
    for key, value in node.args.items():
        if value not in (None, False, []) and key not in keys:
            raise refused(value if isinstance(value, exp.Expr) else node)


def _replaced(node: exp.Expr, key: str) -> Kind:
    """Type the child under the key and put its rewritten form into its place."""
    kind, child = typed(node.args[key])
    node.set(key, child)
    return kind


def _require(node: exp.Expr, key: str, wanted: Kind) -> None:
    """The child must yield the kind; a text is read as a number where a number is wanted."""
    kind = _replaced(node, key)
    if kind is Kind.TEXT and wanted is Kind.NUMBER:
        node.set(key, _read_as(node.args[key], Kind.NUMBER))
    elif kind not in (wanted, Kind.NULL):
        raise SegmentError(f"{_word(node)} needs {wanted.value}, not {kind.value}", remedy=EXAMPLE)


def _word(node: exp.Expr) -> str:
    """What the writer wrote for the node."""
    return shown(_SIGNS.get(type(node), node.key))


def _read_as(node: exp.Expr, kind: Kind) -> exp.Expr:
    """A text read as another kind; a literal that cannot be is told now, a cell that cannot be is no value."""
    inner = node.unnest()
    if isinstance(inner, exp.Literal):
        _check_literal(inner.name, kind)
    return _marked(exp.TryCast(this=_plainly(node, kind), to=exp.DataType.build(_READ_AS[kind], dialect="duckdb")))


def _plainly(node: exp.Expr, kind: Kind) -> exp.Expr:
    """The text where it is plainly what it is to be read as; a value written in the segment has been looked at."""
    if isinstance(node.unnest(), exp.Literal):
        return node
    return plainly(node, AS_NUMBER if kind is Kind.NUMBER else AS_TIMESTAMP)


def _marked(cast: exp.TryCast) -> exp.TryCast:
    """The cast, noted as one whose cells may be none."""
    cast.meta[MARK] = True
    return cast


def _as_written(children: Sequence[Typed], *, is_order: bool) -> Sequence[Typed]:
    """Texts that are compared with quoted dates (or, in an order, numbers) are read as such: letters have another order."""
    if {kind for kind, _ in children} - {Kind.TEXT, Kind.NULL} or any(is_said_to_be_text(node) for _, node in children):
        return children
    if is_order:
        require_no_letters([node for _, node in children])
    literals = [node.unnest() for _, node in children if isinstance(node.unnest(), exp.Literal)]
    meanings = {meaning_of(literal.name, is_order=is_order) for literal in literals}
    if len(literals) == len(children) or not meanings or None in meanings or (AS_NUMBER in meanings and len(meanings) > 1):
        return children
    kind = Kind.NUMBER if AS_NUMBER in meanings else Kind.TIMESTAMP if AS_TIMESTAMP in meanings else Kind.DATE
    return [(kind, _read_as(node, kind)) if one is Kind.TEXT else (one, node) for one, node in children]


def _check_literal(text: str, kind: Kind) -> None:
    readers: dict[Kind, Callable[[str], object]] = {Kind.NUMBER: float, Kind.DATE: date.fromisoformat}
    try:
        readers.get(kind, datetime.fromisoformat)(text)
    except ValueError:
        raise SegmentError(f"{shown(text)} is not {kind.value}", remedy="Write numbers as 18 and dates as '2026-11-25'.") from None


def _alike(children: Sequence[Typed]) -> tuple[Kind, list[exp.Expr]]:
    """Expressions that are compared or stand for one another: one kind, texts read as the other's kind."""
    kinds = {kind for kind, _ in children} - {Kind.NULL}
    others = kinds - {Kind.TEXT}
    if not others:
        return (Kind.TEXT if kinds else Kind.NULL), [node for _, node in children]
    target = max(others, key=lambda kind: list(Kind).index(kind))
    if len(others) > 1 and not others <= set(_TIMES) or (Kind.TEXT in kinds and target is Kind.BOOLEAN):
        raise SegmentError(f"{' and '.join(sorted(kind.value for kind in kinds))} cannot be compared", remedy=EXAMPLE)
    return target, [_read_as(node, target) if kind is Kind.TEXT else node for kind, node in children]


def _compare(node: exp.Expr) -> Typed:
    _only(node, "this", "expression")
    is_order = isinstance(node, exp.GT | exp.GTE | exp.LT | exp.LTE)
    _, (left, right) = _alike(_as_written([typed(node.this), typed(node.expression)], is_order=is_order))
    node.set("this", left)
    node.set("expression", right)
    return Kind.BOOLEAN, node


def _connect(node: exp.Expr) -> Typed:
    _only(node, "this", "expression")
    # A chain of a thousand `or` is a thousand levels deep to the left: walk it, do not recurse.
    current = node
    while True:
        _require(current, "expression", Kind.BOOLEAN)
        if not isinstance(current.this, exp.And | exp.Or):
            break
        current = current.this
        _only(current, "this", "expression")
    _require(current, "this", Kind.BOOLEAN)
    return Kind.BOOLEAN, node


def _negate(node: exp.Expr) -> Typed:
    _only(node, "this")
    _require(node, "this", Kind.BOOLEAN)
    return Kind.BOOLEAN, node


def _parenthesis(node: exp.Expr) -> Typed:
    _only(node, "this")
    return _replaced(node, "this"), node


def _like(node: exp.Expr) -> Typed:
    _only(node, "this", "expression", "negate")
    _require(node, "this", Kind.TEXT)
    _require(node, "expression", Kind.TEXT)
    return Kind.BOOLEAN, node


def _escape(node: exp.Expr) -> Typed:
    _only(node, "this", "expression")
    if not isinstance(node.this, exp.Like | exp.ILike):
        raise refused(node)
    _like(node.this)
    if not isinstance(node.expression, exp.Literal) or len(node.expression.name) != 1:
        raise SegmentError("escape needs one character", remedy="Write for example: like '10!%' escape '!'.")
    return Kind.BOOLEAN, node


def _in(node: exp.Expr) -> Typed:
    _only(node, "this", "expressions")
    if not node.expressions:
        raise refused(node)
    _, (left, *right) = _alike(_as_written([typed(node.this), *(typed(entry) for entry in node.expressions)], is_order=False))
    node.set("this", left)
    node.set("expressions", right)
    return Kind.BOOLEAN, node


def _between(node: exp.Expr) -> Typed:
    _only(node, "this", "low", "high")
    _, parts = _alike(_as_written([typed(node.args[key]) for key in ("this", "low", "high")], is_order=True))
    for key, part in zip(("this", "low", "high"), parts, strict=True):
        node.set(key, part)
    return Kind.BOOLEAN, node


def _is(node: exp.Expr) -> Typed:
    _only(node, "this", "expression")
    kind = _replaced(node, "this")
    if isinstance(node.expression, exp.Boolean):
        if kind is not Kind.BOOLEAN:
            raise SegmentError(f"{kind.value} is neither true nor false", remedy=EXAMPLE)
    elif not isinstance(node.expression, exp.Null):
        raise refused(node)
    return Kind.BOOLEAN, node


def _case(node: exp.Expr) -> Typed:
    _only(node, "this", "ifs", "default")
    branches = node.args["ifs"]
    for branch in branches:
        _only(branch, "this", "true")
    if node.this:
        _, (operand, *whens) = _alike([typed(node.this), *(typed(branch.this) for branch in branches)])
        node.set("this", operand)
        for branch, when in zip(branches, whens, strict=True):
            branch.set("this", when)
    else:
        for branch in branches:
            _require(branch, "this", Kind.BOOLEAN)
    default = node.args.get("default")
    kind, results = _alike([typed(branch.args["true"]) for branch in branches] + ([typed(default)] if default else []))
    for branch, result in zip(branches, results, strict=False):
        branch.set("true", result)
    if default:
        node.set("default", results[-1])
    return kind, node


def _calculate(node: exp.Expr) -> Typed:
    _only(node, "this", "expression", "typed", "safe")
    _require(node, "this", Kind.NUMBER)
    if node.args.get("expression"):
        _require(node, "expression", Kind.NUMBER)
    if isinstance(node, exp.Div | exp.IntDiv | exp.Mod):
        # DuckDB 2.0 stops at a division by zero, 1.5 gives no value: no value it is.
        node.set("expression", exp.Nullif(this=exp.paren(node.expression, copy=False), expression=exp.Literal.number(0)))
    return Kind.NUMBER, node


def _texts(result: Kind, *keys: str) -> Callable[[exp.Expr], Typed]:
    """The rule of a function or operator whose arguments are texts."""

    def rule(node: exp.Expr) -> Typed:
        _only(node, *keys, "safe", "coalesce")
        for key in keys:
            if isinstance(node.args.get(key), exp.Expr):
                _require(node, key, Kind.TEXT)
        return result, node

    return rule


def _replace(node: exp.Expr) -> Typed:
    if node.args.get("replacement") is None:
        raise SegmentError("replace needs three texts", remedy="Write what stands in its place too, such as replace(x, '-', '').")
    return _texts(Kind.TEXT, "this", "expression", "replacement")(node)


def _part(node: exp.Expr) -> Typed:
    """substring, left, right: a text and whole numbers."""
    _only(node, "this", "start", "length", "expression")
    if isinstance(node, exp.Substring) and node.args.get("start") is None:
        raise SegmentError("substring needs a position", remedy="Write it out, such as substring(x, 1, 2).")
    _require(node, "this", Kind.TEXT)
    for key in ("start", "length", "expression"):
        if node.args.get(key):
            _check_whole(node.args[key])
    return Kind.TEXT, node


def _check_whole(node: exp.Expr) -> None:
    inner = node.this if isinstance(node, exp.Neg) else node
    if not isinstance(inner, exp.Literal) or inner.is_string or not inner.name.isdigit():
        raise SegmentError(
            "a position, length or number of decimals must be a whole number", remedy="Write it out, such as substring(x, 1, 2)."
        )


def _concat(node: exp.Expr) -> Typed:
    _only(node, "expressions", "safe", "coalesce")
    return Kind.TEXT, _each(node, Kind.TEXT)


def _each(node: exp.Expr, wanted: Kind) -> exp.Expr:
    children = [typed(child) for child in node.expressions]
    for kind, _ in children:
        if kind not in (wanted, Kind.NULL):
            raise SegmentError(f"{_word(node)} needs {wanted.value}, not {kind.value}", remedy=EXAMPLE)
    node.set("expressions", [child for _, child in children])
    return node


def _coalesce(node: exp.Expr) -> Typed:
    _only(node, "this", "expressions")
    kind, (first, *rest) = _alike([typed(node.this), *(typed(entry) for entry in node.expressions)])
    node.set("this", first)
    node.set("expressions", rest)
    return kind, node


def _nullif(node: exp.Expr) -> Typed:
    _only(node, "this", "expression")
    kind, (first, second) = _alike([typed(node.this), typed(node.expression)])
    node.set("this", first)
    node.set("expression", second)
    return kind, node


def _round(node: exp.Expr) -> Typed:
    _only(node, "this", "decimals")
    _require(node, "this", Kind.NUMBER)
    if node.args.get("decimals"):
        _check_whole(node.args["decimals"])
    return Kind.NUMBER, node


def _cast(node: exp.Expr) -> Typed:
    _only(node, "this", "to", "safe")
    to = node.args["to"]
    kind = _CASTS.get(to.this) if isinstance(to, exp.DataType) and not to.expressions else None
    if kind is None:
        raise SegmentError(
            f"a cast to {shown(to.sql('duckdb').lower())} is not allowed here", remedy="Cast to date, timestamp, integer, double or text."
        )
    given, inner = typed(node.this)
    if isinstance(inner, exp.Literal) and given is Kind.TEXT and kind is not Kind.TEXT:
        _check_literal(inner.name, kind)
    if given is not Kind.TEXT or kind is Kind.TEXT:
        return kind, exp.TryCast(this=inner, to=to.copy())
    return kind, _marked(exp.TryCast(this=_plainly(inner, kind), to=to.copy()))


def _literal(node: exp.Expr) -> Typed:
    return (Kind.TEXT if node.is_string else Kind.NUMBER), node


def _column(node: exp.Expr) -> Typed:
    if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier):
        raise refused(node)  # a star, or something that only looks like a column
    _only(node, "this", "table")
    if node.table and node.table.lower() != "profile":
        raise SegmentError(f"{shown(node.table)} is not a table that segments see", remedy=f"Write {node.name}, a column of the profile.")
    plain = exp.column(node.this.copy())
    plain.meta.update(node.meta)
    if column_name(plain) == "updated_at":
        return Kind.MOMENT, plain
    return _KINDS.get(kind_of(plain) or "", Kind.TEXT), plain


_RULES: dict[type[exp.Expr], Callable[[exp.Expr], Typed]] = {
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ), _compare),
    **dict.fromkeys((exp.And, exp.Or), _connect),
    **dict.fromkeys((exp.Like, exp.ILike), _like),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg), _calculate),
    **dict.fromkeys((exp.Lower, exp.Upper), _texts(Kind.TEXT, "this")),
    **dict.fromkeys((exp.StartsWith, exp.EndsWith, exp.Contains), _texts(Kind.BOOLEAN, "this", "expression")),
    **dict.fromkeys((exp.Substring, exp.Left, exp.Right), _part),
    **dict.fromkeys((exp.Cast, exp.TryCast), _cast),
    exp.Not: _negate,
    exp.Paren: _parenthesis,
    exp.Escape: _escape,
    exp.In: _in,
    exp.Between: _between,
    exp.Is: _is,
    exp.Case: _case,
    exp.Trim: _texts(Kind.TEXT, "this", "expression", "position"),
    exp.Length: _texts(Kind.NUMBER, "this"),
    exp.Replace: _replace,
    exp.DPipe: _texts(Kind.TEXT, "this", "expression"),
    exp.Concat: _concat,
    exp.Coalesce: _coalesce,
    exp.Nullif: _nullif,
    exp.Abs: _round,
    exp.Round: _round,
    exp.Literal: _literal,
    exp.Boolean: lambda node: (Kind.BOOLEAN, node),
    exp.Null: lambda node: (Kind.NULL, node),
    exp.Column: _column,
}
