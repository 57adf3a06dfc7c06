"""Clocks (domain §8): nothing comes later than the machine's clock, and nothing about the past passes for news."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.workspace import Workspace
from tests.lib.clocks import machine_at
from tests.lib.snapshots import differing
from tests.lib.stages import contents
from tests.lib.workspaces import Answer, presend, publication
from tests.lib.world import World

MONDAY, TUESDAY, WEDNESDAY = (f"2026-06-0{day}T08:00:00+00:00" for day in (1, 2, 3))
SECOND_LATER = "2026-06-01T08:00:01+00:00"
OPT_OUT = "event_id,occurred_at,action,address,scope,scope_id\n1,{},opt_out,jane@x.at,organisation,o1\n"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On Monday Jane and Tom are in the run of `news`, and in that of `asked`, which waits for a person."""
    world = World(tmp_path_factory.mktemp("clocks") / "w")
    world.profiles("""
        email
        ---------
        jane@x.at
        tom@x.at
    """)
    for name, approval in (("news", "none"), ("asked", "required")):
        world.campaign(name, delivery_analysis_at=WEDNESDAY.replace("08", "12"), publish_before="72h", approval=approval)
    world.arrives(as_of=MONDAY)
    assert [presend(world.folder, "publish", name, "--as-of", MONDAY).code for name in ("news", "asked")] == [0, 14]
    return world.folder


@pytest.fixture
def folder(company: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(company, tmp_path / "w", symlinks=True))


def opts_out(folder: Path, name: str, occurred_at: str, as_of: str) -> None:
    """A file in which Jane opts out arrives."""
    (folder / "landing" / "consent" / name).write_text(OPT_OUT.format(occurred_at))
    assert presend(folder, "ingest", "--as-of", as_of).code == 0


def latest(folder: Path) -> str:
    """The run that the sending system collects."""
    return str(json.loads((folder / "outbox" / "o1" / "news" / "latest.json").read_text())["run_id"])


def only_run(folder: Path, campaign: str) -> str:
    return next(path.parent.name for path in (folder / "outbox" / "o1" / campaign).glob("**/manifest.json"))


# ---- ahead of the clock


def test_no_command_goes_ahead_of_the_machines_clock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "landing" / "consent" / "late.csv").write_text(OPT_OUT.format(MONDAY))
    before = contents(folder)
    machine_at(monkeypatch, MONDAY)
    run, waiting = only_run(folder, "news"), only_run(folder, "asked")
    for command in (
        ("ingest",), ("ingest", "--dry-run"), ("run",), ("build",), ("publish", "news"), ("publish", "news", "--dry-run"),
        ("recheck", run), ("approve", waiting, "--by", "Kim"),
    ):  # fmt: skip
        for moment in (SECOND_LATER, TUESDAY, "2030-01-01T00:00:00+02:00"):
            answer = presend(folder, *command, "--as-of", moment)
            assert answer.code == 2, command
            assert "ahead of the machine's clock" in answer.error["message"] and answer.error["remedy"]
    assert differing(before, contents(folder)) == []
    assert presend(folder, "status", "--as-of", TUESDAY).code == 0, "a question about the future is answered"
    assert presend(folder, "explain", "news", "jane@x.at", "--as-of", TUESDAY).code == 0


def test_the_manifest_names_the_clock_and_an_unknown_one_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert publication(folder, "news").manifest["clock"] == "simulated"
    machine_at(monkeypatch, TUESDAY)
    run_id = presend(folder, "publish", "news").document["run_id"]
    manifest = json.loads((folder / "outbox" / "o1" / "news" / run_id / "manifest.json").read_text())
    assert (manifest["clock"], manifest["as_of"]) == ("system", TUESDAY.replace("+00:00", "Z"))
    assert presend(folder, "status").document["clock"] == "system"
    monkeypatch.setenv("PRESEND_CLOCK", "stopped")
    answer = presend(folder, "publish", "news", "--as-of", MONDAY)
    assert (answer.code, answer.error["where"]) == (2, "PRESEND_CLOCK")


# ---- a machine whose clock was wrong


def test_a_file_received_ahead_of_the_clock_is_stale_until_a_person_has_it_received_now(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock jumps a year ahead for one ingest, and is set right."""
    opts_out(folder, "jane.csv", "2026-06-01T07:00:00Z", "2027-06-01T08:00:00Z")
    machine_at(monkeypatch, TUESDAY)
    refused = presend(folder, "publish", "news")
    assert (refused.code, refused.error["where"]) == (12, "landing/consent/")
    assert "ahead of the machine's clock" in refused.error["message"] and "--redate" in refused.error["remedy"]
    assert presend(folder, "publish", "news", "--as-of", MONDAY).code == 12, "the past does not make it fresh either"
    assert "--redate" in presend(folder, "ingest").error["remedy"]
    status = presend(folder, "status").document
    assert [feed["feed"] for feed in status["feeds"] if feed["is_stale"]] == ["consent"]
    assert [notice["kind"] for notice in status["attention"]] == ["arrival_ahead"]

    assert presend(folder, "ingest", "--redate").code == 2, "who says so?"
    assert presend(folder, "ingest", "--redate", "--by", "Kim").code == 0
    assert '"by": "Kim"' in (folder / "ledger" / "waivers.jsonl").read_text()
    again = presend(folder, "publish", "news")
    assert (again.code, again.document["counts"]["audience"]) == (0, 1), "Jane's opt-out has come along"
    assert again.document["run_id"] == latest(folder)
    assert not presend(folder, "status").document["attention"]
    assert presend(folder, "verify", again.document["path"]).code == 0


def test_a_file_that_cannot_be_read_anew_is_named_and_nothing_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opts_out(folder, "jane.csv", "2026-06-01T07:00:00Z", "2027-06-01T08:00:00Z")
    landed = folder / "landing" / "consent" / "jane.csv"
    landed.unlink()
    machine_at(monkeypatch, TUESDAY)
    before = contents(folder)
    answer = presend(folder, "ingest", "--redate", "--by", "Kim")
    assert (answer.code, answer.error["where"].rpartition("/")[0]) == (12, "ledger/consent")
    assert differing(before, contents(folder)) == []
    landed.write_text(OPT_OUT.format("2026-06-01T07:00:00Z"))
    assert presend(folder, "ingest", "--redate", "--by", "Kim").code == 0


def test_a_clock_set_back_behind_the_newest_arrival_stops_instead_of_deciding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine_at(monkeypatch, "2026-05-31T08:00:00+00:00")
    answers = [presend(folder, *command) for command in (("ingest",), ("run",), ("publish", "news"), ("recheck", only_run(folder, "news")))]
    assert [answer.code for answer in answers] == [2, 2, 12, 2]
    assert all("ahead of the machine's clock" in answer.error["message"] for answer in answers[:3])
    assert all("clock right" in answer.error["remedy"] for answer in answers)


# ---- the past is no news


def test_a_yes_and_a_recheck_are_about_the_whole_present_ledger(folder: Path) -> None:
    """On Tuesday Jane opts out; a yes "as of Monday" must not publish her."""
    waiting, run = only_run(folder, "asked"), only_run(folder, "news")
    opts_out(folder, "jane.csv", TUESDAY, TUESDAY)
    for moment in ("2026-05-31T08:00:00Z", MONDAY, "2026-06-02T07:59:59Z"):
        for command in (("approve", waiting, "--by", "Kim"), ("recheck", run)):
            answer = presend(folder, *command, "--as-of", moment)
            assert (answer.code, answer.error["where"]) == (2, command[1])
    approved = presend(folder, "approve", waiting, "--by", "Kim", "--as-of", TUESDAY)
    assert approved.code == 13 and "1 in the audience" in approved.error["message"]
    assert presend(folder, "recheck", run, "--as-of", TUESDAY).document["withdrawn"] == 1


def test_a_run_about_the_past_does_not_take_the_place_of_the_newest(folder: Path) -> None:
    """Without a run of Tuesday's ledger yet: the run about Sunday knows of no opt-out of Tuesday."""
    newest = latest(folder)
    opts_out(folder, "jane.csv", TUESDAY, TUESDAY)
    past = presend(folder, "publish", "news", "--as-of", "2026-05-31T12:00:00Z")
    assert (past.code, past.document["counts"]["audience"]) == (0, 2)
    assert latest(folder) == newest
    assert presend(folder, "recheck", newest, "--as-of", TUESDAY).document["withdrawn"] == 1


def test_a_run_of_tomorrow_gives_way_to_todays_as_soon_as_something_new_is_known(folder: Path) -> None:
    tomorrow = presend(folder, "publish", "news", "--as-of", "2026-06-03T07:00:00Z").document["run_id"]
    assert latest(folder) == tomorrow, "decided last over one and the same ledger"
    opts_out(folder, "jane.csv", TUESDAY, TUESDAY)
    today = publish_now(folder, TUESDAY)
    assert latest(folder) == today.document["run_id"] != tomorrow
    assert today.document["counts"]["audience"] == 1
    assert presend(folder, "status", "--as-of", WEDNESDAY).document["campaigns"][1]["last_run"]["run_id"] == today.document["run_id"]


def test_a_run_whose_moment_has_not_come_gives_way_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    presend(folder, "publish", "news", "--as-of", "2026-06-03T07:00:00Z")
    machine_at(monkeypatch, TUESDAY)
    assert publish_now(folder, TUESDAY).document["run_id"] == latest(folder)


def publish_now(folder: Path, as_of: str) -> Answer:
    answer = presend(folder, "publish", "news", "--as-of", as_of)
    assert answer.code == 0, answer.error
    return answer


def test_the_newest_run_is_the_one_decided_last_over_the_newest_ledger(company: Path) -> None:
    """By how far a run's knowledge reaches, then by its moment."""
    from pipeline.outbox import Run, runs_of

    (run,) = runs_of(Workspace(company), "o1", "news")

    def made(as_of: str, *arrivals: str) -> Run:
        return Run(run.path, {**run.manifest, "as_of": as_of, "feeds": [{"arrived_at": arrival} for arrival in arrivals]}, False)

    backfill = made("2026-05-31T08:00:00Z", MONDAY, TUESDAY)
    today = made(TUESDAY, MONDAY, TUESDAY)
    tomorrow = made(WEDNESDAY, MONDAY)
    first = made(MONDAY)
    assert sorted([today, tomorrow, backfill, first], key=lambda each: each.rank) == [backfill, first, tomorrow, today]
