"""Published audiences are asked again whenever something has arrived, until their delivery analysis."""

import csv
import json
from pathlib import Path
from unittest.mock import patch

import pytest

from pipeline.errors import AnotherWriter, ValidationFailed
from tests.lib.asked_world import AS_OF, asked, land, write_world

from .test_ingest_and_build import HEADER, OPT_OUT, Ran

SOON = "2026-06-01T07:10:00Z"
ANALYSIS = "2026-06-01T08:00:00Z"


@pytest.fixture
def published(tmp_path: Path, airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_world(tmp_path / "w")
    monkeypatch.setenv("PRESEND_WORKSPACE", str(folder))
    assert asked(folder, "run", "--as-of", AS_OF)[0] == 0
    return folder


def opt_out(folder: Path, as_of: str = SOON) -> None:
    """Anna opts out, and it is loaded."""
    land(folder, "consent", "late.csv", f"{HEADER}\n{OPT_OUT}")
    assert asked(folder, "ingest", "--as-of", as_of)[0] == 0


def latest(folder: Path) -> dict[str, str]:
    (path,) = folder.glob("outbox/*/c/latest.json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def test_who_opts_out_before_the_delivery_analysis_is_withdrawn(published: Path) -> None:
    opt_out(published)
    ran = Ran("presend_recheck", SOON)
    assert ran.tasks == {"recheck_runs": "success"}
    pointer = latest(published)
    with (published / pointer["withdrawn"]).open(encoding="utf-8", newline="") as file:
        assert [(row["address"], row["reason"]) for row in csv.DictReader(file)] == [("anna@post.example", "opted_out_organisation")]
    told = ran.event("presend_withdrawn")
    assert told["runs"] == {pointer["run_id"]: {"campaign": "c", "withdrawn": 1, "path": pointer["withdrawn"]}}
    assert "1 withdrawn (opted_out_organisation 1)" in ran.said["recheck_runs"] and "anna" not in ran.said["recheck_runs"]


def test_where_nothing_has_arrived_since_nothing_is_asked(published: Path) -> None:
    assert Ran("presend_recheck", SOON).tasks == {"recheck_runs": "skipped"}
    assert latest(published)["withdrawn"] is None


def test_after_the_delivery_analysis_a_list_would_be_too_late(published: Path) -> None:
    opt_out(published, as_of=ANALYSIS)
    assert Ran("presend_recheck", ANALYSIS).tasks == {"recheck_runs": "skipped"}
    assert latest(published)["withdrawn"] is None


def test_a_run_that_cannot_be_asked_fails_the_task_and_stops_no_other(published: Path) -> None:
    opt_out(published)
    with patch("pipeline.publishing.recheck", side_effect=ValidationFailed("changed after the run was complete")):
        ran = Ran("presend_recheck", SOON)
    assert ran.state == "failed" and "changed after the run was complete" in ran.said["recheck_runs"]


def test_another_writer_is_waited_for(published: Path) -> None:
    """A retry meets it no more: the task must not fail for good."""
    from airflow.sdk.exceptions import AirflowFailException

    from orchestration import rechecking

    opt_out(published)
    busy = AnotherWriter("another process is writing")
    assert rechecking._first([("r1", ValidationFailed("changed")), ("r2", busy)]) is busy
    assert not isinstance(busy, AirflowFailException)
