"""Published audiences are asked again whenever something has arrived, until their delivery analysis."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import rechecking
from pipeline.errors import AnotherWriter, PresendError, ValidationFailed
from tests.lib.asked_world import AS_OF, CAMPAIGN, LATE, asked, land
from tests.lib.dag_runs import Ran

SOON = "2026-06-01T07:10:00Z"
ANALYSIS = "2026-06-01T08:00:00Z"


@pytest.fixture
def published(workspace: Path) -> Path:
    """Two campaigns, c and d, whose audiences hold Anna."""
    (workspace / "campaigns" / "d.yaml").write_text(json.dumps(CAMPAIGN))
    assert asked(workspace, "run", "--as-of", AS_OF)[0] == 0
    return workspace


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """`refuse(campaign, error, times=…)`: asking about that campaign's run fails so often; gives what was asked about, as it happens."""
    recheck = rechecking.recheck

    def refuse(campaign: str, error: PresendError, times: int) -> list[str]:
        asked_about: list[str] = []

        def refusing(workspace: Any, configuration: Any, run_id: str, *further: Any) -> Any:
            (found,) = (path.parent.name for path in workspace.outbox.glob(f"*/*/{run_id}"))
            asked_about.append(found)
            if found == campaign and asked_about.count(campaign) <= times:
                raise error
            return recheck(workspace, configuration, run_id, *further)

        monkeypatch.setattr(rechecking, "recheck", refusing)
        return asked_about

    return refuse


def opt_out(folder: Path, as_of: str = SOON) -> None:
    """Anna opts out, and it is loaded."""
    land(folder, "consent", "late.csv", LATE)
    assert asked(folder, "ingest", "--as-of", as_of)[0] == 0


def withdrawn(folder: Path, campaign: str) -> list[tuple[str, str]] | None:
    """Who is on the list that latest.json names, and why; None where it names none."""
    (path,) = folder.glob(f"outbox/*/{campaign}/latest.json")
    name = json.loads(path.read_text(encoding="utf-8"))["withdrawn"]
    if name is None:
        return None
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [(row["address"], row["reason"]) for row in csv.DictReader(file)]


ANNA = [("anna@post.example", "opted_out_organisation")]


def test_who_opts_out_before_the_delivery_analysis_is_withdrawn(published: Path) -> None:
    opt_out(published)
    ran = Ran("presend_recheck", SOON)
    assert ran.tasks == {"recheck_runs": "success"}
    assert withdrawn(published, "c") == withdrawn(published, "d") == ANNA
    told = ran.event("presend_withdrawn")["runs"].values()
    assert sorted((one["campaign"], one["withdrawn"]) for one in told) == [("c", 1), ("d", 1)]
    assert all((published / one["path"]).is_file() for one in told)
    assert "1 withdrawn (opted_out_organisation 1)" in ran.said["recheck_runs"] and "anna" not in ran.said["recheck_runs"]


def test_where_nothing_has_arrived_since_nothing_is_asked(published: Path) -> None:
    assert Ran("presend_recheck", SOON).tasks == {"recheck_runs": "skipped"}
    assert withdrawn(published, "c") is None


def test_after_the_delivery_analysis_a_list_would_be_too_late(published: Path) -> None:
    opt_out(published, as_of=ANALYSIS)
    assert Ran("presend_recheck", ANALYSIS).tasks == {"recheck_runs": "skipped"}
    assert withdrawn(published, "c") is None


def test_a_run_that_cannot_be_asked_fails_the_task_and_stops_no_other(published: Path, refuse: Callable[..., list[str]]) -> None:
    opt_out(published)
    refuse("c", ValidationFailed("changed after the run was complete", where="outbox/c", remedy="Restore the folder."), times=9)
    ran = Ran("presend_recheck", SOON)
    assert ran.state == "failed"
    assert "(changed after the run was complete)" in ran.said["recheck_runs"] and "Restore the folder." in ran.said["recheck_runs"]
    assert (withdrawn(published, "c"), withdrawn(published, "d")) == (None, ANNA)


def test_another_writer_is_met_again_by_a_retry(published: Path, refuse: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.wiring import DEFAULTS

    monkeypatch.setitem(DEFAULTS, "retries", 1)
    monkeypatch.setitem(DEFAULTS, "retry_delay", timedelta(0))
    opt_out(published)
    asked_about = refuse("c", AnotherWriter("another process is writing"), times=1)
    assert Ran("presend_recheck", SOON).tasks == {"recheck_runs": "success"}
    assert asked_about == ["c", "d", "c", "d"]
    assert withdrawn(published, "c") == withdrawn(published, "d") == ANNA
