"""A campaign is published in steps, and every step stands on what is true at its own moment."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import preparation
from pipeline.config import Campaign, Configuration, load_configuration
from pipeline.errors import FeedNotFresh, NotFound, PresendError, ValidationFailed
from pipeline.feeds import sources
from pipeline.logs import Progress
from pipeline.outbox import Run, read_latest, staged_runs
from pipeline.workspace import Workspace
from tests.lib.asked_world import asked, land, run_id_of, write_world

OPENS = datetime.fromisoformat("2026-06-01T07:00:00+00:00")
LATER = OPENS + timedelta(minutes=20)
ANALYSIS = OPENS + timedelta(hours=1)
OPT_OUT = """event_id,occurred_at,action,channel,address,scope,scope_id,actor,via
z1,2026-06-01T07:05:00Z,opt_out,email,{},list,news,owner,one_click
"""


class Desk:
    """A workspace and its campaign `c`, with the steps as methods."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = Workspace(folder)

    @property
    def configuration(self) -> Configuration:
        return load_configuration(self.workspace, sources=sources())

    def campaign(self, as_of: datetime) -> Campaign:
        return self.configuration.campaigns["c"].occurrence(as_of)

    def prepare(self, as_of: datetime = OPENS) -> Run:
        return preparation.prepare(self.workspace, self.configuration, self.campaign(as_of), as_of, Progress(is_quiet=True))

    def release(self, as_of: datetime = OPENS) -> Run:
        return preparation.release(self.workspace, self.configuration, self.campaign(as_of), as_of, Progress(is_quiet=True))

    def opt_out_arrives(self, address: str, at: datetime) -> None:
        land(self.folder, "consent", f"{at:%H%M}.csv", OPT_OUT.format(address))
        assert asked(self.folder, "ingest", "--as-of", at.isoformat())[0] == 0

    def published(self) -> list[str]:
        outbox = self.folder / "outbox" / "ufer" / "c"
        return sorted(path.name for path in outbox.glob("2*"))


@pytest.fixture
def make(tmp_path: Path) -> Any:
    def made(**campaign: object) -> Desk:
        folder = write_world(tmp_path / "w", campaign=campaign)
        assert asked(folder, "ingest", "--as-of", OPENS.isoformat())[0] == 0
        return Desk(folder)

    return made


def addresses(run: Run) -> set[str]:
    return {line.split(",")[0] for line in (run.path / "audience.csv").read_text().splitlines()[1:]}


def test_what_is_prepared_lies_where_no_collector_looks(make: Any) -> None:
    desk = make()
    run = desk.prepare()
    assert run.is_staged and not run.is_pending
    assert desk.published() == [] and read_latest(desk.folder / "outbox" / "ufer" / "c") is None
    assert asked(desk.folder, "status")[1]["campaigns"][0]["last_run"] is None


def test_a_prepared_run_is_published_byte_for_byte_as_the_command_would(make: Any) -> None:
    desk = make()
    desk.prepare()
    stepwise = {path.name: path.read_bytes() for path in desk.release().path.iterdir()}
    (desk.folder / "outbox").rename(desk.folder / "before")
    assert asked(desk.folder, "publish", "c", "--as-of", OPENS.isoformat())[0] == 0
    at_once = desk.folder / "outbox" / "ufer" / "c" / run_id_of(desk.folder)
    assert {path.name: path.read_bytes() for path in at_once.iterdir()} == stepwise


def test_nothing_is_decided_twice(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make()
    first = desk.prepare().run_id
    monkeypatch.setattr(preparation, "decided", lambda *_: pytest.fail("decided again"))
    assert desk.prepare(LATER).run_id == desk.release(LATER).run_id == desk.release(LATER).run_id == first
    assert desk.prepare(LATER).path.name == first == run_id_of(desk.folder)


def test_who_opts_out_between_two_steps_is_not_published(make: Any) -> None:
    desk = make()
    assert "anna@post.example" in addresses(desk.prepare())
    desk.opt_out_arrives("anna@post.example", LATER)
    released = desk.release(LATER)
    assert "anna@post.example" not in addresses(released) and released.run_id.startswith("20260601T072000Z")
    assert desk.published() == [released.run_id]
    assert staged_runs(desk.workspace, "ufer", "c") == [], "what was staged before is gone"


def test_an_opt_out_received_after_the_decision_counts_also_where_the_ledger_was_read_later(make: Any) -> None:
    """The clock of a decision may be a moment older than the ledger that it read."""
    desk = make()
    desk.opt_out_arrives("anna@post.example", LATER)
    assert "anna@post.example" in addresses(desk.prepare(OPENS)), "at seven it had not happened yet"
    assert "anna@post.example" not in addresses(desk.release(LATER))


def test_a_changed_campaign_is_decided_anew(make: Any) -> None:
    desk = make()
    first = desk.prepare()
    path = desk.folder / "campaigns" / "c.yaml"
    path.write_text(path.read_text().replace("country = 'AT'", "country = 'DE'"))
    released = desk.release(LATER)
    assert "emil@post.example" in addresses(released) and released.run_id != first.run_id


def test_a_failed_expectation_never_publishes_and_is_named_with_its_counts(make: Any) -> None:
    desk = make(minimum_audience=1000)
    run = desk.prepare()
    for attempt in (lambda: preparation.judge(run), desk.release):
        with pytest.raises(ValidationFailed, match=r"\d+ instead of at least 1000"):
            attempt()
    assert desk.published() == []


def test_what_has_gone_stale_meanwhile_is_not_published(make: Any) -> None:
    desk = make(delivery_analysis_at="2026-06-04T08:00:00Z")
    desk.prepare()
    with pytest.raises(FeedNotFresh, match="hours old"):
        desk.release(OPENS + timedelta(hours=30))
    assert desk.published() == []


def test_a_staged_file_that_was_changed_is_not_published(make: Any) -> None:
    desk = make()
    run = desk.prepare()
    with (run.path / "audience.csv").open("a") as file:
        file.write("intruder@post.example,x,x,false\n")
    with pytest.raises(ValidationFailed, match=r"audience\.csv has \d+ bytes"):
        desk.release(LATER)
    assert desk.published() == []


def test_after_the_delivery_analysis_nothing_is_published_any_more(make: Any) -> None:
    desk = make()
    desk.prepare()
    with pytest.raises(ValidationFailed, match="reaches nobody"):
        desk.release(ANALYSIS)
    assert desk.published() == []


def test_after_the_delivery_analysis_the_published_run_is_still_the_answer(make: Any) -> None:
    desk = make()
    first = desk.release()
    desk.opt_out_arrives("anna@post.example", ANALYSIS)
    assert desk.prepare(ANALYSIS).run_id == desk.release(ANALYSIS).run_id == first.run_id


def test_a_killed_step_is_finished_by_the_next(make: Any) -> None:
    """Killed between the rename and latest.json."""
    desk = make()
    first = desk.release()
    (desk.folder / "outbox" / "ufer" / "c" / "latest.json").unlink()
    assert desk.release(LATER).run_id == first.run_id == run_id_of(desk.folder)


def test_a_run_that_needs_approval_waits_and_a_refused_one_is_gone(make: Any) -> None:
    desk = make(approval="required")
    desk.prepare()
    run = desk.release()
    assert run.is_pending and desk.published() == []
    assert desk.release(LATER).run_id == run.run_id, "it waits once"
    preparation.refuse(desk.workspace, run.run_id)
    assert asked(desk.folder, "approve", run.run_id, "--by", "Kim")[0] == NotFound.exit_code
    assert desk.published() == []


def test_a_published_run_cannot_be_refused(make: Any) -> None:
    desk = make()
    run = desk.release()
    with pytest.raises(PresendError, match="does not wait"):
        preparation.refuse(desk.workspace, run.run_id)
    assert desk.published() == [run.run_id]
