"""Mutants: a step's SQL with one thing in it changed, as somebody could get it wrong.

Each operator is a small function: from a node of the syntax tree to what could stand in its place. A mutant's id names the
step, the operator and a short hash of what was changed into what, so that it stays the same when lines move.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import sqlglot
from sqlglot import exp

from pipeline import steps

Operator = Callable[[exp.Expr], Iterator[exp.Expr]]

COMPARISONS: dict[type[exp.Expr], tuple[type[exp.Binary], ...]] = {
    exp.GT: (exp.GTE, exp.LT),
    exp.GTE: (exp.GT, exp.LTE),
    exp.LT: (exp.LTE, exp.GT),
    exp.LTE: (exp.LT, exp.GTE),
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.NullSafeEQ: (exp.NullSafeNEQ,),
    exp.NullSafeNEQ: (exp.NullSafeEQ, exp.NEQ),
}
OPPOSITES: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.Min: exp.Max,
    exp.ArgMin: exp.ArgMax,
    exp.LogicalAnd: exp.LogicalOr,
    exp.Least: exp.Greatest,
    exp.Add: exp.Sub,
}
OPPOSITES |= {other: one for one, other in OPPOSITES.items()}
WIDER = {"list": "brand", "brand": "organisation", "organisation": "group", "group": "organisation"}


@dataclass(frozen=True)
class Mutant:
    """One change: the step, what became of it, and the whole text with it."""

    id: str
    step: str
    line: int
    operator: str
    was: str
    now: str
    sql: str

    def __str__(self) -> str:
        return f"{self.id} (line {self.line}): {self.was} → {self.now}"


def comparison_flipped(node: exp.Expr) -> Iterator[exp.Expr]:
    """The border moves, or the direction turns."""
    for other in COMPARISONS.get(type(node), ()):
        yield other(this=node.this.copy(), expression=node.expression.copy())


def condition_dropped(node: exp.Expr) -> Iterator[exp.Expr]:
    """One part of AND or OR is forgotten, or the only condition of a WHERE."""
    if isinstance(node, exp.And | exp.Or):
        yield node.left.copy()
        if not isinstance(node.left, type(node)):
            yield node.right.copy()
    if isinstance(node, exp.Where) and not isinstance(node.this, exp.And):
        yield exp.Where(this=exp.true())


def connective_swapped(node: exp.Expr) -> Iterator[exp.Expr]:
    """AND for OR, OR for AND."""
    if isinstance(node, exp.And | exp.Or):
        other = exp.Or if isinstance(node, exp.And) else exp.And
        yield other(this=exp.paren(node.left.copy()), expression=exp.paren(node.right.copy()))


def function_swapped(node: exp.Expr) -> Iterator[exp.Expr]:
    """The largest for the smallest, the last for the first, any for all, plus for minus."""
    if type(node) in OPPOSITES:
        yield OPPOSITES[type(node)](**{name: _copied(value) for name, value in node.args.items()})


def join_swapped(node: exp.Expr) -> Iterator[exp.Expr]:
    """LEFT JOIN for INNER JOIN and the other way."""
    if isinstance(node, exp.Join) and node.args.get("on") is not None:
        joined = node.copy()
        is_left = node.side == "LEFT"
        joined.set("side", None if is_left else "LEFT")
        joined.set("kind", "INNER" if is_left else None)
        yield joined


def distinct_dropped(node: exp.Expr) -> Iterator[exp.Expr]:
    """What came twice counts twice."""
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        select = node.copy()
        select.set("distinct", None)
        yield select
    if isinstance(node, exp.Distinct) and isinstance(node.parent, exp.Count):
        yield node.expressions[0].copy()
    if isinstance(node, exp.Union) and node.args.get("distinct"):
        union = node.copy()
        union.set("distinct", False)
        yield union


def default_dropped(node: exp.Expr) -> Iterator[exp.Expr]:
    """What `coalesce` gives for NULL is forgotten."""
    if isinstance(node, exp.Coalesce):
        yield node.this.copy()


def null_test_flipped(node: exp.Expr) -> Iterator[exp.Expr]:
    """IS NULL for IS NOT NULL and the other way."""
    if isinstance(node, exp.Is):
        is_inverted = isinstance(node.parent, exp.Not)
        if not is_inverted:
            yield exp.paren(exp.Not(this=node.copy()))


def not_dropped(node: exp.Expr) -> Iterator[exp.Expr]:
    """NOT is forgotten."""
    if isinstance(node, exp.Not):
        yield exp.paren(node.this.copy())


def literal_changed(node: exp.Expr) -> Iterator[exp.Expr]:
    """A number is one off, a word is another, a scope is the wider one, true is false."""
    if isinstance(node, exp.Boolean):
        yield exp.Boolean(this=not node.this)
    if not isinstance(node, exp.Literal) or node.find_ancestor(exp.DataType):
        return
    if isinstance(node.parent, exp.Select) and isinstance(node.parent.parent, exp.Exists):
        return  # what is selected there is never read
    if isinstance(node.parent, exp.Interval) and node.this.isdigit():
        yield exp.Literal.string(str(int(node.this) + 1))
        yield exp.Literal.string(str(int(node.this) - 1))
    elif not node.is_string:
        yield exp.Literal.number(int(node.this) + 1)
        yield exp.Literal.number(int(node.this) - 1)
    elif node.this in WIDER:
        yield exp.Literal.string(WIDER[node.this])
    elif not isinstance(node.parent, exp.In):
        yield exp.Literal.string(f"{node.this}x")


def member_dropped(node: exp.Expr) -> Iterator[exp.Expr]:
    """One member of an IN list is forgotten."""
    if isinstance(node, exp.In):
        for index in range(len(node.expressions)):
            shorter = node.copy()
            del shorter.expressions[index]
            yield shorter


def case_branch_dropped(node: exp.Expr) -> Iterator[exp.Expr]:
    """One WHEN is forgotten, or the ELSE."""
    if isinstance(node, exp.Case):
        for index in range(len(node.args["ifs"])):
            shorter = node.copy()
            del shorter.args["ifs"][index]
            yield shorter if shorter.args["ifs"] else (node.args.get("default") or exp.null()).copy()
        if node.args.get("default") is not None:
            shorter = node.copy()
            shorter.set("default", None)
            yield shorter


def order_turned(node: exp.Expr) -> Iterator[exp.Expr]:
    """Descending for ascending and the other way; what was first stays first among NULLs."""
    if isinstance(node, exp.Ordered):
        turned = node.copy()
        turned.set("desc", not node.args.get("desc"))
        yield turned


def order_key_dropped(node: exp.Expr) -> Iterator[exp.Expr]:
    """One of several keys of an order, of a partition or of a group is forgotten."""
    if isinstance(node, exp.Order | exp.Group) and len(node.expressions) > 1:
        for index in range(len(node.expressions)):
            shorter = node.copy()
            del shorter.expressions[index]
            yield shorter
    if isinstance(node, exp.Window):
        for index in range(len(node.args.get("partition_by") or [])):
            shorter = node.copy()
            del shorter.args["partition_by"][index]
            yield shorter


def union_branch_dropped(node: exp.Expr) -> Iterator[exp.Expr]:
    """One part of a UNION is forgotten."""
    if isinstance(node, exp.Union):
        for branch in (node.left,) if isinstance(node.left, exp.Union) else (node.right, node.left):
            shorter = branch.copy()
            if node.args.get("with_"):
                shorter.set("with_", node.args["with_"].copy())
            yield shorter


OPERATORS: tuple[Operator, ...] = (
    comparison_flipped, condition_dropped, connective_swapped, function_swapped, join_swapped, distinct_dropped, default_dropped,
    null_test_flipped, not_dropped, literal_changed, member_dropped, case_branch_dropped, order_turned, order_key_dropped,
    union_branch_dropped,
)  # fmt: skip


def _copied(value: object) -> object:
    if isinstance(value, list):
        return [_copied(one) for one in value]
    return value.copy() if isinstance(value, exp.Expr) else value


@cache
def mutants_of(name: str) -> tuple[Mutant, ...]:
    """Every mutant of the step `folder/name`, each different from the step and from the others."""
    return mutants_in(name, steps.read(name).sql)


def mutants_in(name: str, sql: str) -> tuple[Mutant, ...]:
    """Every mutant of a text, each different from it and from the others."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    seen = {tree.sql("duckdb")}
    met: Counter[str] = Counter()
    found = []
    for node in list(tree.walk()):
        for operator in OPERATORS:
            for replacement in list(operator(node)):
                sql = _text_with(tree, node, replacement)
                if sql in seen:
                    continue
                seen.add(sql)
                was, now = node.sql("duckdb"), replacement.sql("duckdb")
                change = f"{was} → {now}"
                met[change] += 1
                digest = sha256(f"{change} {met[change]}".encode()).hexdigest()[:6]
                found.append(Mutant(f"{name}.{operator.__name__}.{digest}", name, _line_of(node), operator.__name__, was, now, sql))
    return tuple(found)


def _text_with(tree: exp.Expr, node: exp.Expr, replacement: exp.Expr) -> str:
    if node is tree:
        return replacement.sql("duckdb")
    node.replace(replacement)
    text = tree.sql("duckdb")
    replacement.replace(node)
    return text


def _line_of(node: exp.Expr) -> int:
    lines = [int(part.meta["line"]) for part in node.walk() if "line" in part.meta]
    return min(lines) if lines or node.parent is None else _line_of(node.parent)


def roundtrip(name: str) -> str:
    """The step as the mutants are written, with nothing changed."""
    return str(sqlglot.parse_one(steps.read(name).sql, dialect="duckdb").sql("duckdb"))


def names_of(folder: str) -> list[str]:
    """The steps below a folder of `sql/`, as `folder/name`; a step is its own only one."""
    if (steps.SQL_FOLDER / f"{folder}.sql").exists():
        return [folder]
    return [path.relative_to(steps.SQL_FOLDER).with_suffix("").as_posix() for path in sorted((steps.SQL_FOLDER / folder).rglob("*.sql"))]
