"""A dry run says what the new files would change, and changes nothing."""

import json
from pathlib import Path
from typing import Any

from pipeline.cli import invoke

ORGANISATIONS = {"o1": {"country": "AT", "timezone": "Europe/Vienna", "brands": {"b1": {"lists": ["l1"]}}}}
FEEDS = {
    "crm": {"source": "canonical_profiles", "organisation": "o1"},
    "forms": {"source": "canonical_consent", "organisation": "o1"},
}


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def workspace(folder: Path) -> None:
    write(folder, "presend.yaml", json.dumps({"organisations": ORGANISATIONS}))
    for name, feed in FEEDS.items():
        write(folder, f"feeds/{name}.yaml", json.dumps(feed))
    write(folder, "landing/crm/1.csv", "profile_id,email,opted_out\np1,a@x.at,yes\np2,b@x.at,no\n")
    write(
        folder,
        "landing/forms/1.csv",
        "occurred_at,action,address,scope,scope_id,via\n2026-05-01T10:00:00Z,opt_out,b@x.at,list,l1,preference_link\n",
    )


def presend(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    code, out = invoke(["--workspace", str(folder), "--json", *words])
    return code, json.loads(out)


def kept(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and ".presend" not in path.parts}


def test_new_and_lifted_restrictions_and_reversals_are_told_before_they_happen(tmp_path: Path) -> None:
    workspace(tmp_path)
    code, _ = presend(tmp_path, "ingest", "--as-of", "2026-06-01T08:00:00Z")
    assert code == 0
    write(tmp_path, "landing/crm/2.csv", "profile_id,email,opted_out\np1,a@x.at,no\np2,b@x.at,no\n")
    write(
        tmp_path,
        "landing/forms/2.csv",
        "occurred_at,action,address,scope,scope_id,via\n"
        "2026-06-01T10:00:00Z,opt_in,b@x.at,list,l1,preference_link\n"
        "2026-06-01T11:00:00Z,opt_out,c@x.at,organisation,o1,one_click\n",
    )
    before = kept(tmp_path)

    code, told = presend(tmp_path, "ingest", "--dry-run", "--as-of", "2026-06-02T08:00:00Z")

    assert code == 0
    assert told["changes"] == {
        "new": [{"kind": "opt_out", "scope": "organisation", "scope_id": "o1", "channel": "any", "count": 1}],
        "lifted": [{"kind": "opt_out", "scope": "list", "scope_id": "l1", "channel": "any", "count": 1}],
        "reversal_candidates": [{"feed": "crm", "reason": "opted_out", "count": 1}],
    }
    assert kept(tmp_path) == before

    code, done = presend(tmp_path, "ingest", "--as-of", "2026-06-02T08:00:00Z")
    assert code == 0 and len(done["files"]) == len(told["files"]) == 2


def test_a_file_that_would_be_refused_is_refused_in_the_dry_run_too(tmp_path: Path) -> None:
    workspace(tmp_path)
    write(tmp_path, "landing/forms/2.csv", "occurred_at,action,address,scope,scope_id\n2026-05-01,opt_out,nobody,list,l1\n")
    code, told = presend(tmp_path, "ingest", "--dry-run", "--as-of", "2026-06-01T08:00:00Z")
    assert code == 11
    assert told["error"]["code"] == 11
    assert not (tmp_path / "ledger").exists() or not list((tmp_path / "ledger").glob("*/*/load.json"))
