"""A world through the product's real doors: files in, `presend run`, files out."""

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from .reference.judge import campaign_file, file_of, files_of
from .reference.settings import DEFAULT_ORGANISATIONS, KIND

Invoke = Callable[[list[str]], tuple[int, str]]
COLUMNS = {
    "profiles": ["profile_id", "organisation", "email", "phone", "first_name", "last_name", "country", "updated_at", "external_id"],
    "consent": ["event_id", "occurred_at", "action", "channel", "address", "profile_id", "organisation", "scope", "scope_id", "actor",
                "via", "legal_basis", "explanation", "until", "max_messages", "per_days"],
    "delivery": ["event_id", "occurred_at", "type", "channel", "address", "bounce_class", "reason", "status_code", "diagnostic", "campaign",
                 "organisation", "actor", "explanation"],
}  # fmt: skip


def decide(world: dict[str, Any], folder: Path, invoke: Invoke) -> list[dict[str, Any]]:
    """What the product says to every step: the exit code, and what it published in that step."""
    prepare(world, folder)
    answers = []
    for number, step in enumerate(world.get("steps", [world])):
        as_of = datetime.fromisoformat(step.get("as_of", world.get("as_of", "2026-06-01T08:00:00+00:00")))
        land(step, number, folder)
        for name, given in step.get("campaigns", {step.get("campaign_id", "c1"): step.get("campaign", {})}).items():
            told = campaign_file(world, {"campaign": given}, as_of)
            campaign = {"columns": [], "formats": ["csv", "parquet"], "publish_before": "2h", **told}
            write(folder / "campaigns" / f"{name}.yaml", campaign)
        exit_code, _ = invoke(["--workspace", str(folder), "run", "--as-of", as_of.isoformat(), "--json"])
        runs = {}
        for latest in sorted(folder.glob("outbox/*/*/latest.json")):
            newest = json.loads(latest.read_text(encoding="utf-8"))
            if datetime.fromisoformat(newest["as_of"]) == as_of:
                runs[latest.parent.name] = published(latest.parent / newest["run_id"])
        answers.append({"exit": exit_code, "runs": runs})
    return answers


def prepare(world: dict[str, Any], folder: Path) -> None:
    """The workspace's configuration, as tools/scenario.py writes it; JSON is YAML."""
    organisations = {
        name: {"name": name, "country": "AT", "timezone": "Europe/Vienna"} | what
        for name, what in world.get("organisations", DEFAULT_ORGANISATIONS).items()
    }
    registers = world.get("registers", {})
    about_entries = ("entries", "algorithm", "normalisation")
    settings = {
        "organisations": organisations,
        "policy": {"consent_required": "none", "double_opt_in": "optional", **world.get("policy", {})},
        "quarantine": world.get("quarantine", {}),
        "identity": world.get("identity", {}),
        "forbidden": world.get("forbidden", {"addresses": [], "domains": []}),
        "registers": {
            name: {key: value for key, value in register.items() if key not in about_entries} for name, register in registers.items()
        },
    }
    write(folder / "presend.yaml", settings)
    for name in dict.fromkeys((*COLUMNS, *world.get("feeds", {}))):
        feed = {
            "source": f"canonical_{KIND.get(name, name)}",
            "files": "*.csv",
            "timezone": world.get("timezone", "Europe/Vienna"),
            "max_age": world.get("max_age", "365d"),
            "max_rejected": world.get("max_rejected", "0%"),
            **world.get("feeds", {}).get(name, {}),
        }
        write(folder / "feeds" / f"{name}.yaml", feed)
    for name, register in registers.items():
        carried = {"id": name, "algorithm": register.get("algorithm", "plain")}
        write(folder / "feeds" / f"{name}.yaml", {"source": "canonical_register", "files": "*.csv", "max_age": "365d", "register": carried})
        write_rows(folder / "landing" / name / "edition.csv", ["entry"], [{"entry": entry} for entry in register["entries"]])


def land(step: dict[str, Any], number: int, folder: Path) -> None:
    """The step's files arrive; rows that say what to do with a profile come in a file of their own."""
    files = files_of(step, number)
    for feed, rows in step.get("operations", {}).items():
        files.append((feed, file_of(feed, f"{number:03}-operations"), rows))
    for feed, name, rows in files:
        columns = COLUMNS[KIND.get(feed, feed)]
        further = sorted({column for row in rows for column in row} - set(columns))
        write_rows(folder / "landing" / feed / name, columns + further, rows)


def write(path: Path, value: object) -> None:
    """A configuration file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")


def write_rows(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """A feed file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def published(run: Path) -> dict[str, Any]:
    """A run folder in the form in which both sides are compared."""
    with (run / "audience.csv").open(encoding="utf-8", newline="") as file:
        audience = list(csv.DictReader(file))
    query = """
        select profile_id, coalesce(address, ''), reason, is_primary, coalesce(evidence_event_id, ''), coalesce(reached_via, '')
        from read_parquet($file) order by all
    """
    rows = duckdb.connect().execute(query, {"file": str(run / "exclusions.parquet")}).fetchall()
    excluded: dict[str, dict[str, Any]] = {}
    for profile, address, reason, is_primary, event_id, via in rows:
        one = excluded.setdefault(profile, {"address": address, "reasons": {}})
        one["reasons"][reason] = [event_id, via]
        if is_primary:
            one["primary"] = reason
    counts = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["counts"]
    return {
        "audience": sorted([row["profile_id"], row["address"]] for row in audience if row["is_seed"].lower() != "true"),
        "seeds": sorted(row["address"] for row in audience if row["is_seed"].lower() == "true"),
        "excluded": excluded,
        "counts": {name: counts[name] for name in ("candidates", "audience", "excluded", "seeds")},
    }
