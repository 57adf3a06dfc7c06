"""The chain under a real scheduler: files land, and an audience stands in the outbox, with no hand touching it."""

import csv
import json
import os
import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger import Load, read_loads
from pipeline.workspace import Workspace
from tests.lib.airflow import Airflow, airflow_over
from tests.lib.asked_world import CAMPAIGN, CONSENT, DELIVERY, PROFILES, asked, land, write_world

pytestmark = pytest.mark.slow
HEADER = CONSENT.splitlines()[0] + "\n"
UFER = "".join(line for line in PROFILES.splitlines(keepends=True) if ",hof," not in line)
HOF = "".join(line for line in PROFILES.splitlines(keepends=True) if ",ufer," not in line)
QUICK = 10.0
"""Seconds in which whatever wakes somebody has done so: three looks."""


def campaign(folder: Path, name: str, **settings: object) -> None:
    """A campaign whose window opens in a minute and a half: what has landed by then is in the warehouse."""
    analysis_at = (datetime.now(UTC) + timedelta(minutes=11, seconds=30)).isoformat(timespec="seconds")
    told = {**CAMPAIGN, "delivery_analysis_at": analysis_at, "publish_before": "10m", **settings}
    (folder / "campaigns" / f"{name}.yaml").write_text(json.dumps(told))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two organisations with a CRM each, and what concerns both; nothing has landed yet."""
    folder = write_world(tmp_path_factory.mktemp("chain") / "w")
    for feed in ("profiles", "consent", "delivery"):
        (folder / "landing" / feed / "first.csv").unlink()
    (folder / "feeds" / "profiles.yaml").unlink()
    for organisation in ("ufer", "hof"):
        told = {"source": "canonical_profiles", "files": "*.csv", "max_age": "26h", "organisation": organisation}
        (folder / "feeds" / f"{organisation}_crm.yaml").write_text(json.dumps(told))
    campaign(folder, "c")
    campaign(folder, "h", organisation="hof", brand="museum", list="hof-news")
    return folder


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory, workspace: Path) -> Iterator[Airflow]:
    home = tmp_path_factory.mktemp("airflow")
    with airflow_over(home, workspace, AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="False") as found:
        yield found


def loads(workspace: Path, feed: str) -> list[Load]:
    return [load for load in read_loads(Workspace(workspace)) if load.feed == feed]


def is_published(workspace: Path, organisation: str, name: str) -> Callable[[], bool]:
    return lambda: (workspace / "outbox" / organisation / name / "latest.json").is_file()


def opt_out(address: str) -> str:
    return HEADER + f"{address},2026-05-04T10:12:00Z,opt_out,email,{address},,ufer,organisation,ufer,owner,one_click\n"


def start_of_ingest(airflow: Airflow, feed: str, count: int) -> dict[str, Any]:
    run = airflow.wait_for_run(f"presend_ingest_{feed}", count=count)
    assert run["state"] == "success"
    return airflow.tasks(f"presend_ingest_{feed}", run["dag_run_id"])["ingest"]


def test_files_land_and_an_audience_is_published_although_another_organisations_feed_is_late(airflow: Airflow, workspace: Path) -> None:
    """In this order: the tests below go on with what it leaves."""
    land(workspace, "ufer_crm", "monday.csv", UFER)
    land(workspace, "consent", "monday.csv", CONSENT)
    land(workspace, "delivery", "monday.csv", DELIVERY)
    airflow.wait_until(is_published(workspace, "ufer", "c"), 420, "the audience of c")
    assert airflow.wait_for_run("presend_publish_c")["state"] == "success"
    (event,) = airflow.asset_events("presend_audience_c")
    latest = json.loads((workspace / "outbox" / "ufer" / "c" / "latest.json").read_text())
    assert event["extra"]["run_id"] == latest["run_id"]
    assert asked(workspace, "verify", str(workspace / latest["path"]))[0] == 0
    (told,) = airflow.asset_events("presend_feed_ufer_crm")
    assert told["extra"]["rows"] == told["extra"]["loaded"] == UFER.count("\n") - 1
    assert airflow.asset_events("presend_warehouse")[-1]["extra"]["files"] == 3
    assert not is_published(workspace, "hof", "h")() and not airflow.runs("presend_ingest_hof_crm")


def test_who_opts_out_after_the_publication_is_withdrawn_without_a_hand(airflow: Airflow, workspace: Path) -> None:
    folder = workspace / "outbox" / "ufer" / "c"
    before = json.loads((folder / "latest.json").read_text())
    assert before["withdrawn"] is None
    with (workspace / before["path"] / "audience.csv").open(encoding="utf-8", newline="") as file:
        somebody = next(row["address"] for row in csv.DictReader(file) if row["is_seed"] == "false")
    land(workspace, "consent", "late.csv", opt_out(somebody))
    airflow.wait_until(lambda: json.loads((folder / "latest.json").read_text())["withdrawn"], 120, "the withdrawn list of c")
    with (workspace / json.loads((folder / "latest.json").read_text())["withdrawn"]).open(encoding="utf-8", newline="") as file:
        assert [row["address"] for row in csv.DictReader(file)] == [somebody]


def test_the_late_organisation_is_published_when_its_feed_has_come(airflow: Airflow, workspace: Path) -> None:
    assert airflow.runs("presend_publish_h")[0]["state"] == "running", "it waits"
    land(workspace, "hof_crm", "monday.csv", HOF)
    airflow.wait_until(is_published(workspace, "hof", "h"), 420, "the audience of h")
    assert airflow.wait_for_run("presend_publish_h")["state"] == "success"


def test_pools_are_there_without_a_hand(airflow: Airflow) -> None:
    assert airflow.pools() == {"default_pool": 128, "presend_writer": 1, "presend_ingest": 4}


def test_from_a_landed_file_to_the_start_of_its_ingest_the_median_is_below_fifteen_seconds(airflow: Airflow, workspace: Path) -> None:
    before = len(airflow.runs("presend_ingest_consent"))
    spans = []
    for number in range(10):
        landed_at = datetime.now(UTC)
        land(workspace, "consent", f"{number}.csv", opt_out(f"landed{number}@post.example"))
        started = start_of_ingest(airflow, "consent", before + number + 1)
        spans.append((datetime.fromisoformat(started["start_date"]) - landed_at).total_seconds())
    print(f"from landing to the start: median {statistics.median(spans):.1f} s, longest {max(spans):.1f} s")
    assert statistics.median(spans) < 15


def test_the_same_file_twice_wakes_nobody(airflow: Airflow, workspace: Path) -> None:
    before = len(airflow.runs("presend_ingest_consent"))
    os.utime(workspace / "landing" / "consent" / "monday.csv")
    with pytest.raises(AssertionError, match="waited"):
        airflow.wait_until(lambda: len(airflow.runs("presend_ingest_consent")) > before, QUICK, "an ingest")


def test_the_same_bytes_under_another_name_are_an_arrival_without_new_events(airflow: Airflow, workspace: Path) -> None:
    before = len(airflow.runs("presend_ingest_consent"))
    land(workspace, "consent", "again.csv", CONSENT)
    start_of_ingest(airflow, "consent", before + 1)
    told = airflow.asset_events("presend_feed_consent")[-1]["extra"]
    assert (told["files"], told["loaded"], told["duplicate"]) == (1, 0, CONSENT.count("\n") - 1)


def test_a_refused_file_fails_once_and_its_note_names_it(airflow: Airflow, workspace: Path) -> None:
    before = len(airflow.runs("presend_ingest_delivery"))
    land(workspace, "delivery", "broken.csv", DELIVERY.splitlines()[0] + "\nx,,,,,,\n")
    run = airflow.wait_for_run("presend_ingest_delivery", count=before + 1)
    tasks = airflow.tasks("presend_ingest_delivery", run["dag_run_id"])
    assert (run["state"], tasks["ingest"]["state"], tasks["accept"]["state"]) == ("failed", "success", "failed")
    assert tasks["accept"]["try_number"] == 1 and tasks["accept"]["note"].startswith("landing/delivery/broken.csv: ")


def test_what_lands_while_the_triggerer_is_down_is_loaded_when_it_is_back(airflow: Airflow, workspace: Path) -> None:
    before = len(airflow.runs("presend_ingest_consent"))
    airflow.kill("triggerer")
    land(workspace, "consent", "night.csv", opt_out("night@post.example"))
    airflow.start("triggerer")
    start_of_ingest(airflow, "consent", before + 1)
    assert [load.file for load in loads(workspace, "consent")][-1] == "night.csv"


def test_a_scheduler_killed_in_the_middle_of_an_ingest_loads_the_file_once_when_it_is_back(airflow: Airflow, workspace: Path) -> None:
    before = len(airflow.runs("presend_ingest_consent"))
    with Workspace(workspace).lock("ledger.consent"):  # where the ingest waits, so that it is in the middle
        land(workspace, "consent", "killed.csv", opt_out("killed@post.example"))
        run = airflow.wait_until(lambda: airflow.runs("presend_ingest_consent")[before:], 60, "the ingest")[0]
        airflow.wait_for_task("presend_ingest_consent", run["dag_run_id"], "ingest", "running")
        airflow.kill("scheduler")
    assert "killed.csv" not in {load.file for load in loads(workspace, "consent")}
    airflow.start("scheduler")
    assert airflow.wait_for_run("presend_ingest_consent", run["dag_run_id"], timeout=300)["state"] == "success"
    assert [load.file for load in loads(workspace, "consent")].count("killed.csv") == 1
    airflow.wait_until(lambda: asked(workspace, "status")[1]["warehouse"]["is_current"], 120, "the build")
