"""The tables of one connection in the order in which the steps made them, and how far a change in one of them goes.

A changed table lies as a temporary one before its original, because names without a database are looked up there first; the
steps that read it are asked again, and those that answer as before stop the change. Nothing has to be undone but the
temporary tables.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb

from pipeline import steps

Rows = Counter[str]


class TooLarge(Exception):
    """A changed table would have so many rows that a large world takes minutes further on; a smaller one will do."""


class Chain:
    """Steps that have been run on a connection, with what each of them gave."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.made: dict[str, steps.Step] = {}
        self.before: dict[str, Rows] = {}

    def add(self, step: steps.Step) -> None:
        """The step is about to be run."""
        self.made[step.name] = step
        self.before[step.name] = counted(self.con.execute(step.sql).fetchall())

    def is_other(self, step: steps.Step, sql: str) -> bool:
        """Whether the text gives other rows than the step. Raises TooLarge and what DuckDB raises."""
        return counted(self._bounded(step.name, sql)) != self.before[step.name]

    def _bounded(self, name: str, sql: str) -> list[tuple[Any, ...]]:
        bound = 10 * self.before[name].total() + 1000
        rows = self.con.execute(f"SELECT * FROM ({sql}) LIMIT {bound}").fetchall()
        if len(rows) == bound:
            raise TooLarge(name)
        return rows

    @contextmanager
    def changed(self, texts: Mapping[str, str], tables: Mapping[str, Any] | None = None) -> Iterator[set[str]]:
        """The names of all that changes when the steps of `texts` say something else, or `tables` hold something else.

        Inside the block the changed tables can be read under their names. Raises TooLarge and what DuckDB raises.
        """
        names: set[str] = set()
        try:
            for name, content in (tables or {}).items():
                self.con.register("content_of_mutant", content)
                self.con.execute(f'CREATE TEMP TABLE "{name}" AS SELECT * FROM content_of_mutant')
                self.con.unregister("content_of_mutant")
                names.add(name)
            for name, step in self.made.items():
                if name not in texts and names.isdisjoint(step.reads):
                    continue
                sql = texts.get(name, step.sql)
                if self.is_other(step, sql):
                    self.con.execute(f'CREATE TEMP TABLE "{name}" AS {sql}')
                    names.add(name)
            yield names
        finally:
            for name in names:
                self.con.execute(f'DROP TABLE temp."{name}"')


def counted(rows: list[tuple[Any, ...]]) -> Rows:
    """Rows without their order."""
    return Counter(map(repr, rows))
