"""Workspaces for tests: written from a scenario (`tests/scenarios/README.md` tells the format), run through the commands.

Everything goes through the product's doors: files in, `presend`, files out. `presend` runs in this process, because its
validation costs seconds to import; `presend_process` starts one of its own where a test is about processes.
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipeline.cli import invoke

ROOT = Path(__file__).parents[2]
AS_OF = "2026-06-01T08:00:00+00:00"
ORGANISATIONS: dict[str, Any] = {
    "o1": {"brands": {"b1": {"lists": ["l1", "l2"]}, "b2": {"lists": ["l3"]}}},
    "o2": {"brands": {"b9": {"lists": ["l9"]}}},
}
COLUMNS = {
    "profiles": "profile_id organisation email phone first_name last_name birth_date street postal_code city country language updated_at"
    " external_id",
    "consent": "event_id occurred_at action channel address profile_id organisation scope scope_id actor via legal_basis explanation reason"
    " reason_text evidence until max_messages per_days",
    "delivery": "event_id occurred_at type channel address bounce_class reason status_code diagnostic campaign organisation actor"
    " explanation",
}


@dataclass(frozen=True)
class Answer:
    """What a command answered: its exit code, and the JSON document that it wrote."""

    code: int
    document: dict[str, Any]

    @property
    def error(self) -> dict[str, Any]:
        return dict(self.document.get("error", {}))


@dataclass(frozen=True)
class Exclusion:
    """One row of exclusions.parquet, by the names that tests speak of."""

    address: str
    profile_id: str
    reason: str
    is_primary: bool
    via: str
    source: str
    evidence: str
    evidence_at: str
    scope: str
    detail: str

    @property
    def who(self) -> str:
        """The candidate's address, or its profile where there is none."""
        return self.address or self.profile_id


@dataclass(frozen=True)
class Publication:
    """A published run as it lies in the outbox."""

    path: Path
    manifest: dict[str, Any]
    audience: list[dict[str, str]]
    exclusions: list[Exclusion]

    @property
    def addresses(self) -> list[str]:
        return sorted(row["address"] for row in self.audience if row["is_seed"].lower() != "true")

    @property
    def seeds(self) -> list[str]:
        return sorted(row["address"] for row in self.audience if row["is_seed"].lower() == "true")

    def reasons(self, who: str) -> list[str]:
        return sorted({found.reason for found in self.exclusions if found.who == who})

    def primary(self, who: str) -> list[str]:
        return [found.reason for found in self.exclusions if found.who == who and found.is_primary]


# ---- writing


def write_yaml(path: Path, value: object) -> None:
    """A configuration file; JSON is YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def write_rows(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """A CSV file with the columns, and any further ones that the rows have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    named = [*columns, *sorted({name for row in rows for name in row} - set(columns))]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, named, restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_settings(folder: Path, scenario: Mapping[str, Any]) -> None:
    """presend.yaml, the feeds and the registers' editions."""
    organisations = {
        name: {"name": name, "country": "AT", "timezone": "Europe/Vienna", **what}
        for name, what in scenario.get("organisations", ORGANISATIONS).items()
    }
    registers = scenario.get("registers", {})
    carried = ("entries", "algorithm", "normalisation", "source", "edition")
    settings = {
        "organisations": organisations,
        "policy": {"consent_required": "none", "double_opt_in": "optional", **scenario.get("policy", {})},
        "quarantine": scenario.get("quarantine", {}),
        "forbidden": scenario.get("forbidden", {}),
        "registers": {name: {key: value for key, value in what.items() if key not in carried} for name, what in registers.items()},
        **{name: scenario[name] for name in ("identity", "matrix") if name in scenario},
    }
    write_yaml(folder / "presend.yaml", settings)
    common = {
        name: scenario.get(name, default) for name, default in (("timezone", "Europe/Vienna"), ("max_age", "365d"), ("max_rejected", "0%"))
    }
    for kind in COLUMNS:
        feed = {"source": f"canonical_{kind}", "files": "*.csv", **common, **scenario.get("feeds", {}).get(kind, {})}
        write_yaml(folder / "feeds" / f"{kind}.yaml", feed)
        (folder / "landing" / kind).mkdir(parents=True, exist_ok=True)
    for name, what in registers.items():
        register = {"id": name, "algorithm": "plain", **{key: what[key] for key in carried[1:3] if key in what}}
        source = what.get("source", "canonical_register")
        write_yaml(folder / "feeds" / f"{name}.yaml", {"source": source, "max_age": "365d", "register": register})
        if "edition" in what:  # the bytes of a file, instead of entries
            (folder / "landing" / name).mkdir(parents=True, exist_ok=True)
            (folder / "landing" / name / "edition").write_bytes(what["edition"])
        else:
            write_rows(folder / "landing" / name / "edition.csv", ["entry"], [{"entry": entry} for entry in what["entries"]])


def land(folder: Path, step: Mapping[str, Any], number: int) -> None:
    """The step's files arrive: of the first step one of every kind, later only those that it has rows of."""
    for kind, columns in COLUMNS.items():
        rows = step.get(kind)
        if rows is None and number:
            continue
        filled = []
        for index, row in enumerate(rows or []):
            if kind == "profiles":
                filled.append({"organisation": "o1", "updated_at": "2026-01-01T00:00:00Z", **row})
            else:
                filled.append({"event_id": f"{kind}-{number}-{index}", **row})
        write_rows(folder / "landing" / kind / f"{number:03}.csv", columns.split(), filled)


def write_campaign(folder: Path, name: str, as_of: datetime, settings: Mapping[str, Any]) -> str:
    """campaigns/<name>.yaml with every default that a small world needs; returns the campaign's organisation."""
    campaign = {
        "organisation": "o1",
        "brand": "b1",
        "channel": "email",
        "message_class": "marketing",
        "columns": [],
        "formats": ["csv", "parquet"],
        "minimum_audience": 0,
        "maximum_change": "100000%",
        "delivery_analysis_at": (as_of + timedelta(hours=1)).isoformat(),
        "publish_before": "2h",
        **settings,
    }
    write_yaml(folder / "campaigns" / f"{name}.yaml", campaign)
    return str(campaign["organisation"])


# ---- running


def presend(folder: Path, *arguments: str) -> Answer:
    """Run a command on the workspace, in this process."""
    code, output = invoke(["--workspace", str(folder), "--json", *arguments])
    return Answer(code, json.loads(output) if output.strip() else {})


def presend_process(folder: Path, *arguments: str, code: Path = ROOT, **environment: str) -> "subprocess.Popen[str]":
    """Start a command on the workspace in a process of its own; `code` is the folder of the product's code."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "--workspace", str(folder), "--json", *arguments],
        cwd=code,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def publication(folder: Path, campaign: str = "c1", organisation: str = "o1") -> Publication:
    """The campaign's newest published run."""
    outbox = folder / "outbox" / organisation / campaign
    return publication_in(outbox / json.loads((outbox / "latest.json").read_text(encoding="utf-8"))["run_id"])


def publication_in(path: Path) -> Publication:
    """The run in a folder."""
    with (path / "audience.csv").open(encoding="utf-8", newline="") as file:
        audience = list(csv.DictReader(file))
    query = """
        SELECT coalesce(address, ''), profile_id, reason, is_primary, coalesce(reached_via, ''), coalesce(evidence_source, ''),
            coalesce(evidence_event_id, ''), coalesce(strftime(evidence_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), ''),
            coalesce(scope_id, ''), coalesce(detail, '')
        FROM read_parquet($file) ORDER BY ALL
    """
    with duckdb.connect() as con:
        exclusions = [Exclusion(*row) for row in con.execute(query, {"file": str(path / "exclusions.parquet")}).fetchall()]
    return Publication(path, json.loads((path / "manifest.json").read_text(encoding="utf-8")), audience, exclusions)


# ---- scenarios


def play(scenario: Mapping[str, Any], folder: Path) -> list[str]:
    """Run a scenario step by step; gives what differs from its `expected` in the first step in which something does."""
    write_settings(folder, scenario)
    for number, step in enumerate(scenario.get("steps", [scenario])):
        if faults := _play_step(scenario, step, number, folder):
            return [f"step {number + 1}: {fault}" for fault in faults]
    return []


def _play_step(scenario: Mapping[str, Any], step: Mapping[str, Any], number: int, folder: Path) -> list[str]:
    as_of = datetime.fromisoformat(step.get("as_of", scenario.get("as_of", AS_OF)))
    name = step.get("campaign_id", "c1")
    land(folder, step, number)
    organisation = write_campaign(folder, name, as_of, {**scenario.get("campaign", {}), **step.get("campaign", {})})
    answer = presend(folder, "run", "--as-of", as_of.isoformat())
    expected = step["expected"]
    if answer.code != expected.get("exit", 0):
        return [f"exit code {answer.code} instead of {expected.get('exit', 0)}: {answer.error}"]
    return [] if answer.code else compared(publication(folder, name, organisation), expected)


def compared(published: Publication, expected: Mapping[str, Any]) -> list[str]:
    """Where a publication differs from what a scenario expects."""
    faults = []
    if published.addresses != sorted(expected["audience"]):
        faults.append(f"audience {published.addresses} instead of {sorted(expected['audience'])}")
    if published.seeds != sorted(expected.get("seeds", published.seeds)):
        faults.append(f"seeds {published.seeds} instead of {sorted(expected['seeds'])}")
    for who, reasons in expected.get("excluded", {}).items():
        got = published.primary(who) if isinstance(reasons, str) else published.reasons(who)
        if got != ([reasons] if isinstance(reasons, str) else sorted(reasons)):
            faults.append(f"{who}: {published.reasons(who)}, the first of them {published.primary(who)}, instead of {reasons}")
    counts = published.manifest["counts"]
    if counts["candidates"] != counts["audience"] + counts["excluded"]:
        faults.append(f"the counts do not add up: {counts}")
    faults += [
        f"{name} is {counts[name]} instead of {value}" for name, value in expected.get("counts", {}).items() if counts[name] != value
    ]
    return faults
