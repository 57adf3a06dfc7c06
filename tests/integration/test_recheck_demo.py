"""The withdrawn list against a second run of the same moment: of the published rows, it names exactly those that the run excludes."""

import csv
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.cli import invoke
from pipeline.demo import write_workspace
from pipeline.reasons import Reason
from tests.lib.workspaces import write_rows, write_yaml
from tests.unit.test_demo import TODAY

LATER = (TODAY + timedelta(minutes=10)).isoformat()
CAMPAIGNS = ("galerie-winter", "klangsommer-sms", "theater-absage")
LAST_ROW_WISE = Reason.EXCLUDED_AUDIENCE.spec.rank


def answer(folder: Path, *command: str) -> dict[str, Any]:
    code, text = invoke(["--workspace", str(folder), *command, "--json"])
    assert code == 0, text
    document: dict[str, Any] = json.loads(text)
    return document


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, published; then many opt out, bounce, complain or pause on the addresses that were published."""
    folder = tmp_path_factory.mktemp("demo") / "kultur"
    write_workspace(folder, 2500, today=TODAY)
    run = answer(folder, "run", "--as-of", TODAY.isoformat())
    runs = {done["campaign"]: Path(done["path"]) for done in run["published"]}
    assert set(runs) == set(CAMPAIGNS)
    (folder.parent / "runs.json").write_text(json.dumps({name: str(path) for name, path in runs.items()}))
    people = sorted({row["address"] for path in runs.values() for row in rows(path / "audience.csv") if row["is_seed"] == "false"})
    moment = {"occurred_at": (TODAY + timedelta(minutes=5)).isoformat()}
    mail = [address for address in people if "@" in address]
    consent = [{**moment, "action": "opt_out", "address": address, "scope": "group", "via": "one_click"} for address in people[::7]]
    consent += [{**moment, "action": "pause", "address": address, "scope": "group", "until": "2027-01-01"} for address in people[::11]]
    delivery = [{**moment, "type": "bounce", "address": address, "bounce_class": "hard"} for address in mail[::13]]
    delivery += [{**moment, "type": "complaint", "address": address} for address in mail[::17]]
    for kind, landed in (("consent", consent), ("delivery", delivery)):
        write_yaml(folder / "feeds" / f"late-{kind}.yaml", {"source": f"canonical_{kind}", "required": False})
        write_rows(folder / "landing" / f"late-{kind}" / "late.csv", list(landed[0]), landed)
    answer(folder, "ingest", "--as-of", LATER)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_the_list_is_what_a_new_run_of_the_same_moment_excludes_of_the_old_one(demo: Path, campaign: str) -> None:
    old = Path(json.loads((demo.parent / "runs.json").read_text())[campaign])
    listed = {row["address"]: row for row in rows(Path(answer(demo, "recheck", old.name, "--as-of", LATER)["path"]))}
    new = Path(answer(demo, "publish", campaign, "--as-of", LATER)["path"])
    published = [row for row in rows(old / "audience.csv") if row["is_seed"] == "false"]
    still = {row["address"] for row in rows(new / "audience.csv")}
    with duckdb.connect() as con:
        found = con.execute(
            """SELECT address, profile_id, string_agg(reason, ' ' ORDER BY rank), min(rank)
            FROM read_parquet($file) GROUP BY ALL""",
            {"file": str(new / "exclusions.parquet")},
        ).fetchall()
    excluded = {(address, profile): (reasons, rank) for address, profile, reasons, rank in found}
    seen: Counter[str] = Counter()
    for row in published:
        reasons, rank = excluded.get((row["address"], row["profile_id"]), ("", 0))
        if row["address"] in still:
            assert row["address"] not in listed
        elif reasons and rank <= LAST_ROW_WISE:
            assert listed[row["address"]]["reasons"] == reasons
            assert listed[row["address"]]["reason"] == reasons.split()[0]
        seen[listed.get(row["address"], {"reason": "none"})["reason"]] += 1
    assert seen["none"] and sum(seen.values()) - seen["none"] == len(listed) > 0
