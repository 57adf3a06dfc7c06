"""The files of `sql/`, read as text, as tokens and as syntax trees."""

import re
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.tokens import Token, TokenType

from pipeline.reasons import Reason

ROOT = Path(__file__).resolve().parents[2]
SQL = ROOT / "sql"
RULES = SQL / "4_decision" / "rules"

# Scripts hold several statements (macros, types); everything else is one SELECT.
SCRIPT_FOLDERS = frozenset({"0_schema"})
CHECKS = "checks"


def name(path: Path) -> str:
    """The file as a test's id and in messages: `3_state/restriction`."""
    return path.relative_to(SQL).with_suffix("").as_posix()


def folder(path: Path) -> str:
    """The numbered folder, also of files in its subfolders."""
    return path.relative_to(SQL).parts[0]


ALL = sorted(SQL.rglob("*.sql"))
STEPS = [path for path in ALL if folder(path) not in SCRIPT_FOLDERS | {CHECKS}]
CHECK_FILES = [path for path in ALL if folder(path) == CHECKS]
DISTRIBUTED = [path for path in STEPS if "2_identity" <= folder(path) < "6"]
"""What also runs on a distributed engine, translated from DuckDB's SQL (docs/howto/scale-out.md)."""


@cache
def tokens(path: Path) -> list[Token]:
    """The file's tokens: comments and the inside of texts cannot be mistaken for SQL."""
    return sqlglot.tokenize(path.read_text(encoding="utf-8"), dialect="duckdb")


@cache
def tree(path: Path) -> exp.Expression:
    """The one statement of a step. Raises ParseError when it is not SQL, AssertionError when it is not one SELECT."""
    statements = [statement for statement in sqlglot.parse(path.read_text(encoding="utf-8"), dialect="duckdb") if statement]
    assert len(statements) == 1, f"{name(path)}: {len(statements)} statements, a step is one SELECT"
    assert isinstance(statements[0], exp.Query), f"{name(path)}: not a SELECT but {type(statements[0]).__name__}"
    return statements[0]


def tables_read(path: Path) -> set[str]:
    """The tables and views that a step selects from, without its own CTEs and without table functions."""
    sources = (source for scope in traverse_scope(tree(path)) for source in scope.sources.values())
    return {source.name for source in sources if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier)}


def functions_called(path: Path) -> set[str]:
    """The names, in lower case, that stand before an opening bracket."""
    found = tokens(path)
    return {
        token.text.lower()
        for token, following in zip(found, found[1:], strict=False)
        if following.token_type is TokenType.L_PAREN and re.fullmatch(r"\w+", token.text)
    }


def macros() -> set[str]:
    """The names of every macro that the product defines, in `sql/` or in Python."""
    sources = [*ALL, *(ROOT / "pipeline").rglob("*.py")]
    return {found.lower() for path in sources for found in re.findall(r"\bMACRO\s+(\w+)\s*\(", path.read_text(encoding="utf-8"))}


def reasons(*, is_set_wise: bool) -> list[Reason]:
    """The reasons that are judged candidate by candidate, or those that look at all survivors (domain §6)."""
    return [reason for reason in Reason if reason.spec.is_set_wise is is_set_wise]
