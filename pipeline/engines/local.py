"""DuckDB on this machine: one way to open it, with bounded memory, spilling and the time zone that our SQL assumes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

MEMORY_LIMIT = "3500MB"
"""Bound of DuckDB's buffers; what does not fit spills to the scratch folder. The process needs about 1 GB besides."""


def quoted(path: Path) -> str:
    """A path as a SQL text: neither COPY's target nor a view takes a parameter."""
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def open_engine(scratch: Path, environ: dict[str, str] | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty in-memory database that spills below `scratch`; its spill folder is removed at the end.

    `PRESEND_MEMORY_LIMIT` (e.g. "8GB") and `PRESEND_THREADS` in the environment change the bounds.
    """
    settings = os.environ if environ is None else environ
    scratch.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="spill-", dir=scratch) as spill, duckdb.connect(":memory:") as con:
        con.execute("SET temp_directory = $folder", {"folder": spill})
        con.execute("SET memory_limit = $limit", {"limit": settings.get("PRESEND_MEMORY_LIMIT", MEMORY_LIMIT)})
        if "PRESEND_THREADS" in settings:
            con.execute("SET threads = $threads", {"threads": int(settings["PRESEND_THREADS"])})
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_progress_bar = false")
        con.execute("SET autoinstall_known_extensions = false")
        con.execute("SET autoload_known_extensions = false")
        yield con
