"""Lets Great Expectations ask an already open DuckDB connection, so that the gate sees exactly what the decision saw.

Great Expectations knows no DuckDB, and reads a result after it has given its connection back, when DuckDB has already dropped
the rows ("list index out of range"). So this dialect

* opens nothing: `duckdb+presend:///<name>` is a further cursor of the connection that `lend(con)` names;
* reads every result whole at once; an error while reading is an error of the statement, never an empty result;
* begins and ends no transaction: the gate only reads.

A cursor shares the connection's databases, views, settings and memory limit, and has its search path; TEMP tables and views stay
invisible to it, so the tables that are to be validated must not be TEMP.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import duckdb_sqlalchemy
from duckdb import DuckDBPyConnection
from sqlalchemy import pool
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

DRIVER = "duckdb+presend"

_lent: dict[str, DuckDBPyConnection] = {}


@contextmanager
def lend(con: DuckDBPyConnection) -> Iterator[str]:
    """The connection string under which `con` can be asked while the block runs."""
    name = uuid4().hex
    _lent[name] = con
    try:
        yield f"{DRIVER}:///{name}"
    finally:
        del _lent[name]


def further_cursor(con: DuckDBPyConnection) -> DuckDBPyConnection:
    """A cursor of the connection that resolves names as the connection itself does.

    DuckDB gives a new cursor the default search path, whatever `USE` or `SET search_path` said before.
    """
    path: str = con.execute("SELECT current_setting('search_path')").fetchall()[0][0]
    cursor = con.cursor()
    # Whatever the connection gave up for memory: expectations may follow a file's rows in their order.
    cursor.execute("SET SESSION preserve_insertion_order = true")
    if path:
        # SET takes no parameters; the text is DuckDB's own, not a value of a file or a configuration.
        cursor.execute("SET search_path = '" + path.replace("'", "''") + "'")
    return cursor


class _BufferedContext(duckdb_sqlalchemy.DuckDBExecutionContext):  # type: ignore[misc]
    """Takes all rows out of the cursor directly after the statement."""

    def post_exec(self) -> None:
        super().post_exec()
        if self.cursor.description is not None:
            # Raises what DuckDB raises: swallowed here, a failed query would look like one without offenders.
            rows = self.cursor.fetchall()
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(self.cursor, initial_buffer=rows)


class PresendDialect(duckdb_sqlalchemy.Dialect):  # type: ignore[misc]
    """DuckDB through a lent connection; see the module's text."""

    driver = "presend"
    execution_ctx_cls = _BufferedContext
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        """One cursor for each use; a cursor costs nothing."""
        return pool.NullPool

    def create_connect_args(self, url: URL) -> tuple[list[str], dict[str, Any]]:
        """The name of the lent connection, nothing else: a lent connection takes no options."""
        return [str(url.database)], {}

    def connect(self, name: str) -> Any:
        """A cursor of the connection that was lent under the name. Raises KeyError once the block of `lend` has ended."""
        return duckdb_sqlalchemy.ConnectionWrapper(further_cursor(_lent[name]))

    def do_begin(self, dbapi_connection: Any) -> None:
        """Nothing: the gate only reads."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Nothing: the gate only reads."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Nothing: the gate only reads."""


registry.register("duckdb.presend", __name__, PresendDialect.__name__)
