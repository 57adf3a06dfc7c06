"""DuckDB on this machine: one way to open it, with bounded memory, spilling and the time zone that our SQL assumes."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import duckdb

from pipeline.durable import LOCK_MODE, make_folder

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MEMORY_LIMIT = "3500MB"
"""Bound of DuckDB's buffers; what does not fit spills to the scratch folder. The process needs about 1 GB besides."""


def instant_of(micros: int | None) -> datetime | None:
    """An instant from DuckDB, which the 1.5 client gives as a Python value only where pytz is installed."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def quoted(path: Path) -> str:
    """A path as a SQL text: neither COPY's target nor a view takes a parameter."""
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def scratch_folder(scratch: Path) -> Iterator[Path]:
    """A folder below `scratch` for work in progress, removed at the end; those that killed processes left are removed first.

    A lock that dies with its process tells the living from the dead.
    """
    make_folder(scratch)
    for leftover in scratch.glob("work-*"):
        _remove_if_dead(leftover)
    folder = Path(mkdtemp(prefix="work-", dir=scratch))
    handle = os.open(folder / ".alive", os.O_RDWR | os.O_CREAT, LOCK_MODE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _remove_if_dead(folder: Path) -> None:
    try:
        handle = os.open(folder / ".alive", os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    finally:
        os.close(handle)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_engine(scratch: Path, environ: dict[str, str] | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty in-memory database that spills below `scratch`; its spill folder is removed at the end.

    `PRESEND_MEMORY_LIMIT` (e.g. "8GB") and `PRESEND_THREADS` in the environment change the bounds.
    """
    settings = os.environ if environ is None else environ
    with scratch_folder(scratch) as spill, duckdb.connect(":memory:") as con:
        con.execute("SET temp_directory = $folder", {"folder": str(spill)})
        con.execute("SET memory_limit = $limit", {"limit": settings.get("PRESEND_MEMORY_LIMIT", MEMORY_LIMIT)})
        if "PRESEND_THREADS" in settings:
            con.execute("SET threads = $threads", {"threads": int(settings["PRESEND_THREADS"])})
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_progress_bar = false")
        con.execute("SET autoinstall_known_extensions = false")
        con.execute("SET autoload_known_extensions = false")
        yield con


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Append rows of Python values by one statement: a statement for each row would be planned and committed for each."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        con.execute(f"INSERT INTO {table} SELECT {', '.join(['unnest(?)'] * len(columns))}", columns)
