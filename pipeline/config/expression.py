"""An SQL text → checked expressions → DuckDB's SQL over a profile's columns, parsed and rendered by sqlglot.

Importing this module imports sqlglot (0.4 s); `segment.py` does so only when a campaign has a segment or a cap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import SqlglotError

from pipeline.config.attributes import Types
from pipeline.config.faults import legible, shown, suggestion
from pipeline.config.grammar import EXAMPLE, Kind, column_name, refused, typed
from pipeline.config.readings import MARK, TYPED, Reading, annotate, filled, is_said_to_be_text, kind_of, value_of, written
from pipeline.config.segment import PROFILE_COLUMNS, SegmentError

_MAXIMUM_LENGTH = 20_000
_IN_QUOTES = 'A column named like a word of SQL, or with spaces or signs, stands in double quotes: "from", "Customer Type".'


class _Smallest(DuckDB):
    """DuckDB's grammar where a missing value is the smallest, as an empty text is: last with desc, first with asc."""

    NULL_ORDERING = "nulls_are_small"


@dataclass(frozen=True)
class Expressions:
    """Checked expressions over a profile's columns, each with what follows it in the SQL (`DESC NULLS LAST`)."""

    nodes: tuple[tuple[exp.Expr, str], ...]
    columns: frozenset[str]
    letters: tuple[exp.Expr, ...] = ()
    """Those of an order that go by letters, and of whose columns no feed says what they are."""

    def by_letters(self, attribute_names: frozenset[str]) -> list[Reading]:
        """The texts of the profile that an order takes letter by letter. Raises SegmentError as `sql` does."""
        told = [(node, _resolved(node, attribute_names).sql("duckdb", comments=False)) for node in self.letters]
        return [
            Reading(", ".join(sorted({legible(column_name(found)) for found in node.find_all(exp.Column)})), sql, sql) for node, sql in told
        ]

    def sql(self, attribute_names: frozenset[str]) -> str:
        """DuckDB's SQL over the alias `profile`; columns other than the fixed ones are read from its attributes.

        Raises SegmentError for a column that is neither fixed nor among `attribute_names`.
        """
        try:
            return ", ".join(
                f"{_resolved(node, attribute_names).sql('duckdb', comments=False)} {suffix}".rstrip() for node, suffix in self.nodes
            )
        except RecursionError:
            raise _too_deep() from None

    def readings(self, attribute_names: frozenset[str]) -> list[Reading]:
        """The texts of the profile that the expressions read as something else, each once. Raises SegmentError as `sql` does."""
        found: dict[tuple[str, str], Reading] = {}
        for node, _ in self.nodes:
            for part in node.find_all(exp.TryCast, exp.Column):
                columns = sorted({column_name(column) for column in part.find_all(exp.Column)})
                if isinstance(part, exp.Column):
                    text, is_reading = filled(_cell(part, attribute_names), part.meta.get(TYPED, {})), kind_of(part) not in (None, "text")
                else:
                    text, is_reading = _resolved(written(part.this), attribute_names), bool(part.meta.get(MARK)) and bool(columns)
                if is_reading:
                    sides = text.sql("duckdb", comments=False), _resolved(part, attribute_names).sql("duckdb", comments=False)
                    found.setdefault(sides, Reading(", ".join(legible(name) for name in columns), *sides))
        return list(found.values())


def condition(text: object, types: Types) -> Expressions:
    """The one condition that the text is; raises SegmentError for anything else."""
    tree = _parsed(_checked(text), exp.Condition, DuckDB)
    annotate(tree, types)
    kind, node = typed(tree)
    if kind is not Kind.BOOLEAN:
        raise SegmentError(f"the segment is {kind.value}, not a condition", remedy=EXAMPLE)
    return _rendering([(node, "")])


def order(text: object, types: Types) -> Expressions:
    """The order that the text is; raises SegmentError for anything else."""
    nodes, letters = [], []
    tree = _parsed(f"ORDER BY {_checked(text)}", exp.Order, _Smallest)
    annotate(tree, types)
    for ordered in tree.expressions:
        if not isinstance(ordered, exp.Ordered) or ordered.args.get("with_fill"):
            raise refused(ordered)
        kind, node = typed(ordered.this)
        if node.find(exp.Column) is None:
            raise SegmentError("an order needs profile columns", remedy="Write for example: updated_at desc, last_name.")
        direction = "DESC" if ordered.args.get("desc") else "ASC"
        nodes.append((node, f"{direction} NULLS {'FIRST' if ordered.args.get('nulls_first') else 'LAST'}"))
        if (
            kind is Kind.TEXT
            and not is_said_to_be_text(node)
            and {column_name(found) for found in node.find_all(exp.Column)} - PROFILE_COLUMNS
        ):
            letters.append(node)
    return replace(_rendering(nodes), letters=tuple(letters))


def _checked(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise SegmentError("expected an SQL text", remedy=EXAMPLE)
    if len(text) > _MAXIMUM_LENGTH:
        raise SegmentError(f"longer than {_MAXIMUM_LENGTH:,} characters", remedy="Put such a list into a profile column or exclude_files.")
    return text


def _parsed(text: str, into: type[exp.Expr], dialect: type[DuckDB]) -> exp.Expr:
    try:
        return sqlglot.parse_one(text, into=into, read=dialect)
    except RecursionError:
        raise _too_deep() from None
    except SqlglotError as error:
        # The parser's own message repeats the text, which may hold an address.
        details = [detail for detail in getattr(error, "errors", []) if detail.get("highlight")]
        near = f" near {shown(details[0]['highlight'])}" if details else ""
        raise SegmentError(f"not one SQL expression{near}", remedy=f"{EXAMPLE} {_IN_QUOTES}") from None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        # Over some texts that are no SQL the parser stumbles before it can say so.
        raise SegmentError("not one SQL expression", remedy=EXAMPLE) from None


def _rendering(nodes: Sequence[tuple[exp.Expr, str]]) -> Expressions:
    """The expressions, once rendered: what cannot be is told when the configuration is read, not when the campaign runs."""
    columns = frozenset(column_name(column) for node, _ in nodes for column in node.find_all(exp.Column))
    expressions = Expressions(tuple(nodes), columns)
    expressions.sql(columns)
    return expressions


def _too_deep() -> SegmentError:
    return SegmentError("nested too deeply", remedy="Use `column in ('a', 'b', …)` instead of many `or`.")


def _resolved(node: exp.Expr, attribute_names: frozenset[str]) -> exp.Expr:
    """A copy of the expression whose columns say where their values are."""

    def located(part: exp.Expr) -> exp.Expr:
        if not isinstance(part, exp.Column):
            return part
        cell = _cell(part, attribute_names)
        return cell if kind_of(part) in (None, "text") else value_of(cell, part.meta[TYPED])

    return node.transform(located)


def _cell(column: exp.Column, attribute_names: frozenset[str]) -> exp.Expr:
    """Where the column's text is."""
    name = column_name(column)
    if name in PROFILE_COLUMNS:
        return exp.column(name, table="profile", quoted=True)
    key = exp.Literal.string(_attribute(name, attribute_names))
    cell = exp.Bracket(this=exp.column("attributes", table="profile", quoted=True), expressions=[key])
    return exp.Coalesce(this=cell, expressions=[exp.Literal.string("")])


def _attribute(name: str, attribute_names: frozenset[str]) -> str:
    if name in attribute_names:
        return name
    same = sorted(known for known in attribute_names if known.casefold() == name.casefold())
    if len(same) == 1:
        return same[0]
    if same:
        raise SegmentError(f"the column {shown(name)} may be any of {', '.join(same)}", remedy=f'Write it as one of them: "{same[0]}".')
    raise SegmentError(f"no profile has a column {shown(name)}", remedy=suggestion(name, PROFILE_COLUMNS | attribute_names, what="column"))
