"""Landing and outbox on another machine under a real scheduler: files land there, and an audience is there, with no hand touching it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.lib.airflow import airflow_over
from tests.lib.asked_world import CAMPAIGN, FILES, asked, write_world
from tests.lib.places import PASSWORD, Server, s3_server, sftp_server

pytestmark = pytest.mark.slow


@pytest.fixture(params=["s3", "sftp"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with s3_server() if request.param == "s3" else sftp_server(tmp_path / "theirs") as found:
        yield found


def test_files_land_there_and_the_audience_is_there(server: Server, tmp_path: Path) -> None:
    workspace = write_world(tmp_path / "w")
    for feed in FILES:
        (workspace / "landing" / feed / "first.csv").unlink()
    analysis_at = (datetime.now(UTC) + timedelta(minutes=14)).isoformat(timespec="seconds")
    told = {**CAMPAIGN, "delivery_analysis_at": analysis_at, "publish_before": "13m"}
    (workspace / "campaigns" / "c.yaml").write_text(json.dumps(told))
    if server.folder != Path():
        for folder in ("in", "out"):
            (server.folder / folder).mkdir()
    places = {"PRESEND_LANDING": f"{server.url}/in", "PRESEND_OUTBOX": f"{server.url}/out"}
    settings = {**server.settings, **places, "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False"}
    with airflow_over(tmp_path / "airflow", workspace, **settings) as airflow:
        for feed, text in FILES.items():
            server.write(f"in/{feed}/monday.csv", text.encode())
        airflow.wait_until(lambda: "out/ufer/c/latest.json" in server.names(), 480, "the audience at the place")
        assert airflow.wait_for_run("presend_publish_c")["state"] == "success"
        (event,) = airflow.asset_events("presend_audience_c")
        deliver = airflow.tasks("presend_publish_c", airflow.runs("presend_publish_c")[0]["dag_run_id"])["deliver"]
        print(f"deliver: queued {deliver['queued_when']}, started {deliver['start_date']}, {deliver['duration']:.1f} s; {deliver['note']}")
        looked = airflow.log("triggerer") + "".join(text_of(path) for path in airflow.home.rglob("trigger*.log"))
        logs = looked + airflow.log("scheduler") + "".join(map(text_of, (airflow.home / "logs").rglob("*.log")))
    latest = json.loads(server.read("out/ufer/c/latest.json"))
    assert event["source_task_id"] == "deliver" and event["extra"]["run_id"] == latest["run_id"]
    collected = tmp_path / "collected" / latest["run_id"]
    collected.mkdir(parents=True)
    for name in server.names():
        if name.startswith(f"out/ufer/c/{latest['run_id']}/"):
            (collected / name.rpartition("/")[2]).write_bytes(server.read(name))
    assert asked(workspace, "verify", str(collected))[0] == 0, "what was collected is what was published"
    if server.appeared:
        mine = [name for name in server.appeared if name.startswith("out/")]
        assert mine[-2:] == [f"out/ufer/c/{latest['run_id']}/manifest.json", "out/ufer/c/latest.json"]
    assert {name for name in server.names() if name.startswith("in/")} == {f"in/{feed}/monday.csv" for feed in FILES}
    assert PASSWORD not in logs and "monday.csv" not in looked
    assert "/monday.csv to" not in logs, "the SSH library tells what it copies"


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
