"""`presend verify`: is a run's folder what its manifest says, and does it keep the promises of domain §7?

Anyone with the folder can check it (promise 6): the first part needs neither workspace nor ledger. What needs them is
handed in as promises, so that this module reads nothing but the run.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipeline import outbox
from pipeline.errors import ValidationFailed
from pipeline.kept_configuration import CONFIGURATION
from pipeline.outbox import MANIFEST, OWN_COLUMNS, Run
from pipeline.publication import AUDIENCE, EXCLUSIONS, REPORT, file_faults
from pipeline.reasons import Reason

_SHOWN = 5
"""So many faults stand in the error; `find_faults` gives all."""

_FILES = frozenset({f"{AUDIENCE}.csv", f"{AUDIENCE}.parquet", EXCLUSIONS, REPORT, CONFIGURATION, MANIFEST})


@dataclass(frozen=True)
class OpenRun:
    """A run with its files open as the views `audience` and `exclusions`, each with `row_number` in file order."""

    run: Run
    con: duckdb.DuckDBPyConnection


Promise = Callable[[OpenRun], Iterable[str]]
"""A check of the run against something else, such as the ledger: gives its faults, with counts and without addresses."""


def verify(run_dir: Path, promises: Iterable[Promise] = ()) -> Run:
    """Check a run folder against its manifest, and against each of the promises; returns the run.

    Raises NotFound when no run lies there, ValidationFailed with the first faults when one is found.
    """
    run = outbox.read_run(run_dir)
    faults = list(find_faults(run, promises))
    if faults:
        more = f" (and {len(faults) - _SHOWN} more)" if len(faults) > _SHOWN else ""
        raise ValidationFailed(
            f"the run does not hold: {'; '.join(faults[:_SHOWN])}{more}",
            where=str(run_dir),
            remedy="Do not send this audience; publish the campaign again.",
        )
    return run


def find_faults(run: Run, promises: Iterable[Promise] = ()) -> Iterator[str]:
    """Everything that is wrong with a run, in plain words and without addresses.

    Files that differ from the manifest are told first, and end the search: figures of a changed file say nothing more.
    """
    faults = [*_folder_faults(run), *file_faults(run)]
    yield from faults
    if faults:
        return
    with TemporaryDirectory() as spill, duckdb.connect(config={"temp_directory": spill}) as con:
        _open(con, run)
        yield from _manifest_faults(con, run.manifest)
        yield from _audience_faults(con, formats=_audience_formats(run), may_repeat=run.manifest.get("addresses_may_repeat", False))
        yield from _exclusion_faults(con)
        for promise in promises:
            yield from promise(OpenRun(run, con))


def _folder_faults(run: Run) -> Iterator[str]:
    """Names that do not belong, and files that the manifest does not list."""
    if run.path.name != run.run_id:
        yield f"the folder is called {run.path.name}, its manifest says {run.run_id}"
    listed = {entry["name"] for entry in run.manifest["files"]}
    present = {path.name for path in run.path.iterdir()}
    yield from (f"{name} is no file of a run" for name in sorted(listed - _FILES))
    yield from (f"{name} is not listed in the manifest" for name in sorted(present - listed - {MANIFEST}))
    yield from (f"{name} is not listed in the manifest" for name in (EXCLUSIONS, REPORT) if name not in listed | present)
    if not _audience_formats(run):
        yield "the manifest lists no audience file"


def _audience_formats(run: Run) -> frozenset[str]:
    """The kinds of audience file that the manifest lists."""
    listed = {entry["name"] for entry in run.manifest["files"]}
    return frozenset(kind for kind in ("csv", "parquet") if f"{AUDIENCE}.{kind}" in listed)


def _open(con: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Show the run's files as views. Where both audience files are there, the CSV is compared with the Parquet file."""
    formats = _audience_formats(run)
    if "csv" in formats:
        path = str(run.path / f"{AUDIENCE}.csv")
        read = con.read_csv(path, header=True, sep=",", quotechar='"', escapechar='"', all_varchar=True, na_values="", strict_mode=True)
        read.create_view("audience_csv")
        columns = ", ".join(f"coalesce({name}, '') AS {name}" for name in OWN_COLUMNS)
        # A table, because its rowid is the file's order; numbering the rows of a scan by several threads is not.
        con.execute(f"CREATE TABLE audience_text AS SELECT {columns} FROM audience_csv")
    if "parquet" in formats:
        con.read_parquet(str(run.path / f"{AUDIENCE}.parquet"), file_row_number=True).create_view("audience_parquet")
        con.execute("CREATE VIEW audience AS SELECT * RENAME (file_row_number AS row_number) FROM audience_parquet")
    else:
        con.execute("CREATE VIEW audience AS SELECT * REPLACE (is_seed = 'true' AS is_seed), rowid AS row_number FROM audience_text")
    con.read_parquet(str(run.path / EXCLUSIONS), file_row_number=True).create_view("exclusions_parquet")
    con.execute("CREATE VIEW exclusions AS SELECT * RENAME (file_row_number AS row_number) FROM exclusions_parquet")


def _manifest_faults(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Rows and counts of the files against those of the manifest, and the manifest's own sums (promises 3 and 4)."""
    counts = manifest["counts"]
    rows = {entry["name"]: entry["rows"] for entry in manifest["files"]}
    audience, seeds = _one(con, "SELECT count(*) FILTER (NOT is_seed), count(*) FILTER (is_seed) FROM audience")
    excluded, reasons = _one(con, "SELECT count(*) FILTER (is_primary), count(*) FROM exclusions")
    figures = [
        ("recipients", audience, counts["audience"]),
        ("seeds", seeds, counts["seeds"]),
        ("primary reasons", excluded, counts["excluded"]),
        ("audience and excluded", counts["audience"] + counts["excluded"], counts["candidates"]),
        (f"rows of {EXCLUSIONS}", reasons, rows[EXCLUSIONS]),
    ]
    if f"{AUDIENCE}.parquet" in rows:
        figures.append((f"rows of {AUDIENCE}.parquet", audience + seeds, rows[f"{AUDIENCE}.parquet"]))
    if f"{AUDIENCE}.csv" in rows:
        (lines,) = _one(con, "SELECT count(*) FROM audience_text")
        figures.append((f"rows of {AUDIENCE}.csv", lines, rows[f"{AUDIENCE}.csv"]))
    yield from (f"{what}: {found}, not {said}" for what, found, said in figures if found != said)
    counted = con.execute("SELECT reason, count(*), count(*) FILTER (is_primary) FROM exclusions GROUP BY reason").fetchall()
    if {reason: count for reason, count, _ in counted} != manifest["reasons"]:
        yield f"the counts of reasons are not those of {EXCLUSIONS}"
    if {reason: primary for reason, _, primary in counted if primary} != manifest["excluded_by_reason"]:
        yield f"the counts of primary reasons are not those of {EXCLUSIONS}"
    for feed in manifest["feeds"]:
        ended = feed["loaded"] + feed["duplicate"] + feed["ignored"] + feed["rejected"]
        if not feed["is_refused"] and ended != feed["rows"]:
            yield f"{feed['feed']}/{feed['file']}: {ended} rows ended somewhere, {feed['rows']} were read"
    yield from (
        f"the run was published although {outcome['name']} was not met"
        for outcome in manifest["validation"]
        if outcome["severity"] == "critical" and not outcome["is_met"]
    )


def _audience_faults(con: duckdb.DuckDBPyConnection, *, formats: frozenset[str], may_repeat: bool) -> Iterator[str]:
    """The audience in its order, its two files the same, and nobody in it who is excluded (promise 1)."""
    unsorted, empty = _one(
        con,
        """
        SELECT
            -- The first row has none before it, and DuckDB holds a row of NULLs for the greatest.
            count(*) FILTER (was_seed IS NOT NULL AND CASE
                WHEN $may_repeat THEN (is_seed, address, profile_id) <= (was_seed, previous_address, previous_profile)
                ELSE (is_seed, address) <= (was_seed, previous_address) END),
            count(*) FILTER (coalesce(address, '') = '')
        FROM (
            SELECT
                *,
                lag(is_seed) OVER in_file AS was_seed,
                lag(address) OVER in_file AS previous_address,
                lag(profile_id) OVER in_file AS previous_profile
            FROM audience
            WINDOW in_file AS (ORDER BY row_number)
        )
        """,
        {"may_repeat": may_repeat},
    )
    if unsorted:
        yield f"{unsorted} recipients stand twice or in the wrong place"
    if empty:
        yield f"{empty} recipients have no address"
    (excluded,) = _one(
        con,
        """
        SELECT count(*) FROM audience
        WHERE NOT is_seed AND profile_id IN (SELECT profile_id FROM exclusions WHERE profile_id IS NOT NULL)
        """,
    )
    if excluded:
        yield f"{excluded} recipients are excluded with a reason"
    # It hangs on the address alone, whoever holds it; every other reason may spare another profile of the same address.
    (forbidden,) = _one(
        con,
        "SELECT count(*) FROM audience WHERE address IN (SELECT address FROM exclusions WHERE reason = ?)",
        [Reason.ADDRESS_FORBIDDEN.value],
    )
    if forbidden:
        yield f"{forbidden} addresses of the audience are forbidden ones"
    if formats >= {"csv", "parquet"}:
        (differing,) = _one(
            con,
            """
            SELECT count(*)
            FROM audience_text AS text
            FULL JOIN audience ON text.rowid = audience.row_number
            WHERE (text.address, text.profile_id, text.person_id, text.is_seed)
                IS DISTINCT FROM (audience.address, audience.profile_id, audience.person_id, CAST(audience.is_seed AS VARCHAR))
            """,
        )
        if differing:
            yield f"{differing} rows differ between {AUDIENCE}.csv and {AUDIENCE}.parquet"


def _exclusion_faults(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Exclusions in their order, each candidate with one primary reason, the one of the smallest rank (domain §6)."""
    (unsorted,) = _one(
        con,
        """
        SELECT count(*) FILTER (
            previous_rank IS NOT NULL AND (address, profile_id, rank) <= (previous_address, previous_profile, previous_rank)
        )
        FROM (
            SELECT
                *,
                lag(address) OVER in_file AS previous_address,
                lag(profile_id) OVER in_file AS previous_profile,
                lag(rank) OVER in_file AS previous_rank
            FROM exclusions
            WINDOW in_file AS (ORDER BY row_number)
        )
        """,
    )
    if unsorted:
        yield f"{unsorted} exclusions stand twice or in the wrong place"
    (primary,) = _one(
        con,
        """
        SELECT count(*) FROM (
            SELECT profile_id FROM exclusions GROUP BY profile_id
            HAVING count(*) FILTER (is_primary) != 1 OR min(rank) IS DISTINCT FROM min(rank) FILTER (is_primary)
        )
        """,
    )
    if primary:
        yield f"{primary} excluded candidates do not have exactly their strongest reason as the primary one"
    known = {(str(reason), reason.spec.rank) for reason in Reason}
    found = set(con.execute("SELECT DISTINCT reason, rank FROM exclusions").fetchall())
    yield from (f"{reason} with rank {rank} is no reason" for reason, rank in sorted(found - known))


def _one(con: duckdb.DuckDBPyConnection, query: str, values: list[str] | dict[str, bool] | None = None) -> tuple[int, ...]:
    (row,) = con.execute(query, values or []).fetchall()
    return tuple(row)
