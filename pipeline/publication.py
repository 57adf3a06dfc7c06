"""From a decision to a run folder that campaign teams collect: complete, by one rename, or not at all (contract §3).

    with stage(workspace, decision) as staged:      # the Parquet and CSV files, in a hidden folder beside the runs
        outcomes = validation.validate(...)         # over views on these very files
        run = finish(staged, outcomes, ...)         # report, manifest, fsync, rename, latest.json

The caller holds the campaign's outbox lock throughout. The same decision gives the same bytes: no clock, no chance, every
file sorted; DuckDB fills Parquet row groups by row count, so the number of threads does not show.
"""

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import approvals, clock, durable, outbox, steps
from pipeline.errors import ConfigurationError, ValidationFailed
from pipeline.formulas import harmless, harmless_name, identifier
from pipeline.kept_configuration import CONFIGURATION, kept
from pipeline.keys import read_keys
from pipeline.ledger.chain import head_of
from pipeline.logs import masked_name
from pipeline.manifest import Decided, manifest_of
from pipeline.outbox import LATEST, MANIFEST, OWN_COLUMNS, PENDING, STAGED, WITHDRAWN, Run, instant_text
from pipeline.report import render
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.config import Configuration
    from pipeline.validation import Outcome

AUDIENCE = "audience"
EXCLUSIONS = "exclusions.parquet"
REPORT = "report.html"

AUDIENCE_VIEW = "audience_file"
"""The view that the gate reads: the staged audience, seeds included."""
EXCLUSIONS_VIEW = "exclusions_file"
"""The view that the gate reads: the staged exclusions."""

# The rows of a row group are fixed, because they show in the bytes. On addresses and ids, level 1 is both smaller and
# faster than DuckDB's default: 220 against 240 MB, and 5 s less of processor time, for eight million rows.
_PARQUET = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880)"
_CSV = "(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
_HASH_CHUNK = 4 * 1024 * 1024

_TEXT_COLUMNS = frozenset(
    {
        "organisation",
        "email",
        "phone",
        "first_name",
        "last_name",
        "birth_date",
        "street",
        "postal_code",
        "city",
        "country",
        "language",
        "external_id",
    }
)


@dataclass(frozen=True)
class Staged:
    """A run's data files in their hidden folder, not yet validated; `columns` are the audience's behind the first four."""

    workspace: Workspace
    decision: Decided
    folder: Path
    columns: tuple[str, ...]
    audience_rows: int
    exclusion_rows: int

    @property
    def audience(self) -> Path:
        """The audience as Parquet: what the gate reads, also where the campaign wants CSV only."""
        return self.folder / f"{AUDIENCE}.parquet"

    @property
    def exclusions(self) -> Path:
        return self.folder / EXCLUSIONS


# ---- staging


@contextmanager
def stage(workspace: Workspace, decision: Decided) -> Iterator[Staged]:
    """Write the run's data files into a hidden folder and show them as the gate's two views; the folder is gone afterwards.

    Only `finish`, called inside the block, publishes. Leaving the block without it (a failed gate, a dry run, a crash of the
    code) deletes what was staged; what a killed process left is deleted here by the next one. Raises ConfigurationError
    when two of the campaign's columns have the same name.
    """
    campaign = decision.campaign
    extra = _campaign_columns(campaign.columns)
    folder = outbox.campaign_folder(workspace, campaign.organisation, campaign.id)
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob(".*.part"):
        shutil.rmtree(leftover)
    part = folder / f".{decision.run_id}.part"
    part.mkdir()
    con = decision.con
    try:
        audience_rows = _write_audience(con, part / f"{AUDIENCE}.parquet", extra)
        exclusion_rows = _copy(
            con,
            f"SELECT * FROM ({steps.read('5_publication/exclusions').sql}\n) ORDER BY address, profile_id, rank",
            part / EXCLUSIONS,
            _PARQUET,
        )
        if "csv" in campaign.formats:
            _write_csv(con, part, extra)
        con.read_parquet(str(part / f"{AUDIENCE}.parquet")).create_view(AUDIENCE_VIEW, replace=True)
        con.read_parquet(str(part / EXCLUSIONS)).create_view(EXCLUSIONS_VIEW, replace=True)
        yield Staged(workspace, decision, part, extra, audience_rows, exclusion_rows)
    finally:
        con.execute(f"DROP VIEW IF EXISTS {AUDIENCE_VIEW}")
        con.execute(f"DROP VIEW IF EXISTS {EXCLUSIONS_VIEW}")
        if part.exists():
            shutil.rmtree(part)


def _campaign_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """The columns beside the four that every audience has. Raises ConfigurationError for a name that would stand twice."""
    extra: list[str] = []
    taken = set(OWN_COLUMNS)
    for column in columns:
        if column == "profile_id":  # always there, with this very value
            continue
        if column.lower() in taken:  # DuckDB's column names know no case
            raise ConfigurationError(
                f"the column {column!r} would stand twice in the audience", where="columns", remedy="Leave it out or rename the attribute."
            )
        taken.add(column.lower())
        extra.append(column)
    return tuple(extra)


def _write_audience(con: "DuckDBPyConnection", path: Path, extra: Sequence[str]) -> int:
    """Write the sorted audience with the campaign's columns; returns its rows, seeds included."""
    values: dict[str, str] = {}
    selected = ["audience.address", "audience.profile_id", "audience.person_id", "false AS is_seed"]
    for number, column in enumerate(extra):
        if column.lower() in _TEXT_COLUMNS:
            expression = f"coalesce(audience.{column.lower()}, '')"
        elif column.lower() == "updated_at":
            expression = "coalesce(strftime(audience.updated_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), '')"
        else:
            values[f"attribute_{number}"] = column
            expression = f"coalesce(audience.attributes[$attribute_{number}], '')"
        selected.append(f"{expression} AS {identifier(column)}")
    # The order is total: the gate refuses a profile that stands twice. A control address has no profile.
    query = f"""
        SELECT {", ".join(selected)} FROM ({steps.read("5_publication/audience").sql}
        ) AS audience
        UNION ALL
        SELECT address, '', '', true{", ''" * len(extra)} FROM seed_address
        ORDER BY is_seed, address, profile_id
    """
    return _copy(con, query, path, _PARQUET, values)


def _write_csv(con: "DuckDBPyConnection", folder: Path, extra: Sequence[str]) -> None:
    """Write the staged Parquet once more, as CSV: in its order, and with formulas in free text neutralised."""
    texts = "".join(f", {harmless(identifier(name), identifier(harmless_name(name)))}" for name in extra)
    query = f"""
        SELECT address, nullif(profile_id, '') AS profile_id, nullif(person_id, '') AS person_id, is_seed{texts}
        FROM read_parquet($staged)
    """
    _copy(con, query, folder / f"{AUDIENCE}.csv", _CSV, {"staged": str(folder / f"{AUDIENCE}.parquet")})


def _copy(con: "DuckDBPyConnection", query: str, path: Path, options: str, values: Mapping[str, str] | None = None) -> int:
    """Write a query's rows to a file, in its order; returns how many."""
    ((rows,),) = con.execute(f"COPY ({query}) TO $path {options}", {**(values or {}), "path": str(path)}).fetchall()
    return int(rows)


# ---- publishing


def finish(
    staged: Staged,
    outcomes: Iterable["Outcome"],
    *,
    configuration: "Configuration",
    previous: Run | None,
    warnings: Iterable[str] = (),
    is_pending: bool = False,
    is_staged: bool = False,
    going_out: AbstractContextManager[None] | None = None,
) -> Run:
    """Add report and manifest, and put the run into its place by one rename; returns it, waiting if `is_pending`, and where no
    collector looks if `is_staged`.

    `previous` is the run that this one is compared with (`outbox.previous_run`); its id belongs into the inputs that the run's
    id is made of. A run that is there already stays as it is. Raises ValidationFailed when it was changed, or when the
    same software now makes something else of the same inputs. `going_out` is held around the renaming of a run that is published.
    """
    decision = staged.decision
    campaign = decision.campaign
    folder = staged.folder.parent
    rows: dict[str, int | None] = {EXCLUSIONS: staged.exclusion_rows, REPORT: None, CONFIGURATION: None}
    rows |= {f"{AUDIENCE}.{kind}": staged.audience_rows for kind in ("csv", "parquet") if kind in campaign.formats}
    if "parquet" not in campaign.formats:
        staged.audience.unlink()
    manifest = manifest_of(decision, staged.audience_rows, tuple(outcomes), configuration, previous, warnings)
    manifest["clock"] = clock.kind()
    (staged.folder / REPORT).write_text(render(manifest), encoding="utf-8")
    (staged.folder / CONFIGURATION).write_text(kept(configuration, campaign), encoding="utf-8")
    manifest["ledger_head"] = head_of(staged.workspace)
    if campaign.needs_key:
        manifest["key_fingerprint"] = read_keys(staged.workspace)[-1].fingerprint
    manifest["files"] = _describe(staged.folder, rows)
    _write_manifest(staged.folder, manifest)
    place = STAGED if is_staged else PENDING if is_pending else ""
    target = folder / place / decision.run_id
    for existing in (folder / decision.run_id, target):
        if existing.exists():
            run = outbox.read_run(existing)
            check_files(run)
            _check_same(run, manifest)
            break
    else:
        with going_out if going_out and not place else nullcontext():
            durable.put(staged.folder, target)
        run = outbox.read_run(target)
    if not (run.is_pending or run.is_staged):
        _point_to(staged.workspace, run)
    return run


def move(workspace: Workspace, run: Run, *, is_pending: bool) -> Run:
    """Publish a staged run, which the caller has checked, or let it wait for a person, by one rename; returns it where it is then."""
    folder = run.path.parent.parent
    target = folder / PENDING / run.run_id if is_pending else folder / run.run_id
    durable.put(run.path, target)
    moved = outbox.read_run(target)
    if not is_pending:
        _point_to(workspace, moved)
    return moved


def discard(run: Run) -> None:
    """Delete a staged or waiting run: at once for whoever looks, and completely. A published run is never touched."""
    assert run.is_staged or run.is_pending
    campaign = run.path.parent.parent
    part = campaign / f".{run.run_id}.part"
    if part.exists():
        shutil.rmtree(part)
    approvals.forget(run.path)  # first: the same run may wait again later, and nobody has approved that
    run.path.rename(part)
    shutil.rmtree(part)


def already_published(workspace: Workspace, organisation: str, campaign: str, run_id: str) -> Run | None:
    """The published run of these inputs, its files checked and `latest.json` repaired; None when there is none.

    Spares deciding again: the run's id is made of everything that the decision would read.
    Raises ValidationFailed when a file of the run was changed.
    """
    path = outbox.campaign_folder(workspace, organisation, campaign) / run_id
    if not path.exists():
        return None
    run = outbox.read_run(path)
    check_files(run)
    _point_to(workspace, run)
    return run


def approve(workspace: Workspace, run_id: str, *, by: str, at: datetime) -> Run:
    """Publish a run that waits in `pending/`, with who released it and when in its manifest; returns the published run.

    Every file but the manifest stays the very one that was shown to the person. Approving twice changes nothing.
    Raises NotFound, or ValidationFailed when a file was changed while the run waited.
    """
    run = outbox.find_run(workspace, run_id)
    folder = outbox.campaign_folder(workspace, run.organisation, run.campaign)
    waiting = folder / PENDING / run_id
    check_files(run)
    if run.is_pending:
        part = folder / f".{run_id}.part"
        if part.exists():
            shutil.rmtree(part)
        part.mkdir()
        for entry in run.manifest["files"]:
            _link(run.path / entry["name"], part / entry["name"])
        # Promise 7 holds for the manifest too, also where a person's name is an address.
        approval = {"by": masked_name(by), "at": instant_text(at)}
        _write_manifest(part, {**run.manifest, "approval": approval})
        durable.put(part, folder / run_id)
        run = outbox.read_run(folder / run_id)
    if waiting.exists():
        shutil.rmtree(waiting)
    approvals.forget(waiting)
    _point_to(workspace, run)
    return run


def withdraw(workspace: Workspace, run: Run, con: "DuckDBPyConnection", as_of: datetime) -> Path:
    """Write the table `withdrawn` as the run's list at `as_of`, by one rename; latest.json names it while the run is the newest.

    The caller holds the campaign's outbox lock. The run's folder stays as it is.
    """
    folder = run.path.parent / WITHDRAWN
    folder.mkdir(exist_ok=True)
    for leftover in folder.glob(".*.tmp"):  # of a process that was killed
        leftover.unlink()
    target = folder / f"{run.run_id}-{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}.csv"
    part = folder / f".{target.name}.tmp"
    query = f"""
        SELECT
            address, nullif(profile_id, '') AS profile_id, nullif(person_id, '') AS person_id, is_seed, reason, reasons, reached_via,
            scope_id, evidence_source, evidence_event_id,
            strftime(evidence_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS evidence_at, {harmless("detail")}
        FROM withdrawn ORDER BY address, profile_id
    """
    _copy(con, query, part, _CSV)
    durable.put(part, target)
    _point_to(workspace, run, target)
    return target


def check_files(run: Run) -> None:
    """Raise ValidationFailed unless every file of the run has the size and the checksum that its manifest names."""
    faults = file_faults(run)
    if faults:
        raise ValidationFailed(f"changed after the run was complete: {'; '.join(faults)}", where=str(run.path), remedy=_RESTORE)


def file_faults(run: Run) -> list[str]:
    """What is wrong with the files that the run's manifest lists: missing, another size, another checksum."""
    entries = {entry["name"]: entry for entry in run.manifest["files"]}
    present = {name: entry["rows"] for name, entry in entries.items() if (run.path / name).is_file()}
    faults = [f"{name} is missing" for name in sorted(entries.keys() - present.keys())]
    for actual in _describe(run.path, present):
        said = entries[actual["name"]]
        if actual["bytes"] != said["bytes"]:
            faults.append(f"{actual['name']} has {actual['bytes']} bytes, not {said['bytes']}")
        elif actual["sha256"] != said["sha256"]:
            faults.append(f"{actual['name']} has another content than its checksum says")
    return faults


_RESTORE = "Restore the folder, or delete it and publish again."


def _check_same(run: Run, manifest: Mapping[str, Any]) -> None:
    """Raise ValidationFailed when the software that made the run makes something else of its inputs now (promise 5)."""
    if run.manifest["software"] != manifest["software"]:
        return  # another version may write other bytes; what was published stays
    differing = sorted(key for key, value in _results(manifest).items() if _results(run.manifest)[key] != value)
    if differing:
        raise ValidationFailed(
            f"the same inputs gave another result than when the run was published: {', '.join(differing)}",
            where=str(run.path),
            remedy="This is a fault in Presend or a changed manifest; the published run stays as it is.",
        )


def _results(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What the inputs alone decide: not who released the run, by which clock, what the ledger has got since, nor how settings are spelt."""
    files = [entry for entry in manifest.get("files", ()) if entry["name"] != CONFIGURATION]
    results = {key: value for key, value in manifest.items() if key not in ("approval", "clock", "key_fingerprint", "ledger_head")}
    return defaultdict(lambda: None, results | {"files": files})


def _point_to(workspace: Workspace, run: Run, withdrawn_list: Path | None = None) -> None:
    """Make latest.json name the run, unless it names a newer one, and the newest list of who is withdrawn from it.

    A run about the past, or one over an older ledger, is not newer for having been published later, nor is one whose moment has not come.
    """
    folder = run.path.parent
    named = outbox.read_latest(folder)
    withdrawn = None if withdrawn_list is None else withdrawn_list.relative_to(workspace.root).as_posix()
    if named is not None:
        if (folder / str(named["run_id"]) / MANIFEST).is_file() and _place(outbox.read_run(folder / str(named["run_id"]))) > _place(run):
            return
        if named["run_id"] == run.run_id:
            withdrawn = max(filter(None, (named.get("withdrawn"), withdrawn)), default=None)  # their names end in their `as_of`
    path = run.path.relative_to(workspace.root).as_posix()
    pointer = {"run_id": run.run_id, "path": path, "as_of": instant_text(run.as_of), "withdrawn": withdrawn}
    if pointer == named:
        return
    durable.write(folder / LATEST, _as_json(pointer))


def _place(run: Run) -> tuple[bool, datetime, datetime]:
    """Of two runs in one place the one that was decided last counts: its configuration is the newer one."""
    known_until, as_of, _ = run.rank
    return not clock.is_ahead(run.as_of), known_until, as_of


# ---- files


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    (folder / MANIFEST).write_text(_as_json(manifest), encoding="utf-8")


def _as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _describe(folder: Path, rows: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """Name, bytes, rows (none for a page) and SHA-256 of each file, by name."""
    names = sorted(rows)
    with ThreadPoolExecutor(max_workers=4) as pool:  # hashlib works without the interpreter's lock
        digests = list(pool.map(_sha256, (folder / name for name in names)))
    return [
        {"name": name, "bytes": (folder / name).stat().st_size, "rows": rows[name], "sha256": digest}
        for name, digest in zip(names, digests, strict=True)
    ]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_HASH_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _link(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the file system knows no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
