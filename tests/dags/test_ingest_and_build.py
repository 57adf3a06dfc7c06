"""What wakes an ingest, what the ingest and the build do, and what maintenance finds: run in this process, without a scheduler."""

import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import load_configuration
from pipeline.errors import UsageError
from pipeline.workspace import Workspace
from tests.lib.asked_world import AS_OF, CAMPAIGN, CONSENT, LATE, PROFILES, asked, land
from tests.lib.dag_runs import Ran

NEXT_DAY = "2026-06-02T07:00:00Z"
HEADER = CONSENT.splitlines()[0]


# What wakes an ingest


@pytest.fixture
def watch(workspace: Path) -> Any:
    return new_watch(workspace)


def new_watch(workspace: Path, feed: str = "consent", **settings: float) -> Any:
    """The looks of a triggerer that has just started."""
    from orchestration.landing import LandingTrigger, Watch

    found = load_configuration(Workspace(workspace), campaigns=()).feeds[feed]
    return Watch(LandingTrigger(str(workspace), feed, found.files, found.sha256, **settings))


def looks(watch: Any, times: int = 2) -> list[int]:
    return [watch.arrived() for _ in range(times)]


def test_a_file_wakes_its_feed_once_it_is_the_same_in_two_looks(watch: Any) -> None:
    assert looks(watch, 4) == [0, 1, 0, 0]


def test_a_file_that_is_still_written_to_wakes_nobody(watch: Any, workspace: Path) -> None:
    for part in range(3):
        land(workspace, "consent", "first.csv", CONSENT + "x" * part)
        assert watch.arrived() == 0
    assert watch.arrived() == 1


@pytest.mark.parametrize("name", [".first.csv", "first.csv.part", "first.csv.tmp", "first.csv.filepart", "first.txt"])
def test_a_name_that_is_no_file_of_the_feed_wakes_nobody(workspace: Path, name: str) -> None:
    landed = workspace / "landing" / "consent"
    (landed / "first.csv").rename(landed / name)
    assert looks(new_watch(workspace), 3) == [0, 0, 0]


def test_a_file_that_is_in_the_ledger_wakes_nobody(workspace: Path) -> None:
    assert asked(workspace, "ingest", "--as-of", AS_OF)[0] == 0
    assert looks(new_watch(workspace), 3) == [0, 0, 0]
    os.utime(workspace / "landing" / "consent" / "first.csv")
    assert looks(new_watch(workspace), 3) == [0, 0, 0]
    shutil.rmtree(workspace / ".presend")
    assert looks(new_watch(workspace), 3) == [0, 0, 0]


def test_what_landed_while_no_triggerer_ran_is_seen(workspace: Path) -> None:
    assert asked(workspace, "ingest", "--as-of", AS_OF)[0] == 0
    land(workspace, "consent", "second.csv", LATE)
    assert looks(new_watch(workspace)) == [0, 1]


def test_a_file_that_is_not_loaded_is_told_again(workspace: Path) -> None:
    """The ingest may have failed, or its DAG may have been paused."""
    watch = new_watch(workspace, again=0)
    assert looks(watch, 4) == [0, 1, 1, 1]
    assert asked(workspace, "ingest", "--as-of", AS_OF)[0] == 0
    assert looks(watch, 3) == [0, 0, 0]


def test_a_file_that_is_not_loaded_is_told_again_ever_more_seldom(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to once an hour: a feed that cannot be loaded does not fill the list of runs."""
    watch, now, told = new_watch(workspace), 0.0, []
    monkeypatch.setattr("orchestration.landing.time.monotonic", lambda: now)
    for _ in range(900):
        now += 20
        if watch.arrived():
            told.append(now)
    pauses = [later - earlier for earlier, later in zip(told, told[1:], strict=False)]
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_refused_file_wakes_its_feed_again_under_other_settings(workspace: Path) -> None:
    land(workspace, "consent", "first.csv", HEADER + "\nx,,,,,,,,,,\n")
    assert asked(workspace, "ingest", "--as-of", AS_OF)[0] == 11
    assert looks(new_watch(workspace), 3) == [0, 0, 0]
    (workspace / "feeds" / "consent.yaml").write_text(json.dumps({"source": "canonical_consent", "files": "*.csv", "max_rejected": "100%"}))
    assert looks(new_watch(workspace)) == [0, 1]


def test_a_damaged_ledger_wakes_the_ingest_which_says_so(workspace: Path) -> None:
    assert asked(workspace, "ingest", "--as-of", AS_OF)[0] == 0
    next(workspace.glob("ledger/profiles/*/load.json")).write_text("{}")
    assert looks(new_watch(workspace)) == [0, 1]


def test_the_trigger_tells_and_goes_on_after_storage_was_away(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration import landing

    trigger = new_watch(workspace)._trigger
    trigger.interval = 0.01
    path, arguments = trigger.serialize()
    assert path == "orchestration.landing.LandingTrigger" and landing.LandingTrigger(**arguments).serialize() == trigger.serialize()
    calls = iter([OSError(5, "Input/output error"), UsageError("the path leaves the workspace"), 0, 2])

    def arrived(self: object) -> int:
        found = next(calls)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(landing.Watch, "arrived", arrived)

    async def first_event() -> Any:
        async for event in trigger.run():
            return event.payload

    assert asyncio.run(asyncio.wait_for(first_event(), 5)) == {"feed": "consent", "files": 2}


# What the ingest does


def test_an_ingest_loads_what_is_new_and_tells_its_counts(workspace: Path) -> None:
    land(workspace, "consent", "second.csv", LATE)
    ran = Ran("presend_ingest_consent", AS_OF)
    assert ran.tasks == {"ingest": "success", "accept": "success"}
    assert ran.event("presend_feed_consent") == {
        "feed": "consent", "files": 2, "refused": 0, "rows": 6, "loaded": 6, "duplicate": 0, "ignored": 0, "rejected": 0,
        "watermark": "2026-06-01T07:00:00+00:00",
    }  # fmt: skip
    assert ran.said["ingest"] == "New files: 2, refused: 0. Rows: 6 = 6 loaded + 0 duplicate + 0 ignored + 0 rejected."
    again = Ran("presend_ingest_consent", NEXT_DAY)
    assert again.tasks == {"ingest": "skipped", "accept": "success"} and again.said["ingest"] == "Nothing new."


def test_what_a_task_writes_is_closed_to_others(workspace: Path) -> None:
    before = os.umask(0)
    try:
        assert Ran("presend_ingest_consent", AS_OF).state == "success"
    finally:
        os.umask(before)
    written = [*(workspace / "ledger").rglob("*"), *(workspace / ".presend" / "locks").iterdir()]
    assert len(written) > 3 and [path for path in written if path.stat().st_mode & 0o027] == []


def test_a_refused_file_fails_once_and_says_which_and_why(workspace: Path) -> None:
    """And what is good beside it is loaded, and wakes the build."""
    land(workspace, "consent", "broken.csv", HEADER + "\nx,,,,,,,,,,\n")
    ran = Ran("presend_ingest_consent", AS_OF)
    assert ran.state == "failed" and ran.tasks == {"ingest": "success", "accept": "failed"}
    assert ran.said["accept"].startswith("landing/consent/broken.csv: the file was refused as a whole")
    assert ran.run.get_task_instance("accept").try_number == 1
    told = ran.event("presend_feed_consent")
    assert (told["files"], told["refused"], told["loaded"]) == (2, 1, 5)
    again = Ran("presend_ingest_consent", NEXT_DAY)
    assert again.tasks == {"ingest": "skipped", "accept": "failed"}, "it stands refused until a better file comes"
    land(workspace, "consent", "broken.csv", LATE)
    assert Ran("presend_ingest_consent", NEXT_DAY).state == "success"


def test_a_feed_is_loaded_while_another_feeds_file_is_wrong(workspace: Path) -> None:
    """Its opt-outs do not lie about; what decides reads all feeds, and refuses."""
    (workspace / "feeds" / "profiles.yaml").write_text("source: nobody\n")
    assert Ran("presend_ingest_consent", AS_OF).state == "success"
    broken = Ran("presend_ingest_profiles", AS_OF)
    assert broken.state == "failed" and broken.said["ingest"].startswith("feeds/profiles.yaml:1: there is no adapter 'nobody'")
    build = Ran("presend_build", AS_OF)
    assert build.state == "failed" and build.said["build_warehouse"].startswith("feeds/profiles.yaml:1")


def test_two_feeds_are_loaded_side_by_side(workspace: Path) -> None:
    """Each under a lock of its own: neither waits for the other, and both are whole."""
    place = Workspace(workspace)
    with place.lock("ledger.profiles"):
        assert Ran("presend_ingest_consent", AS_OF).state == "success"
    assert Ran("presend_ingest_profiles", AS_OF).state == "success"


def test_an_arrival_a_little_ahead_of_this_workers_clock_stops_nobody(workspace: Path) -> None:
    """Another worker's clock may be ahead: it is waited for. One that is hours ahead is somebody's mistake."""
    assert asked(workspace, "ingest", "profiles", "--as-of", in_seconds(3))[0] == 0
    assert Ran("presend_ingest_consent", None).state == "success"
    assert asked(workspace, "ingest", "delivery", "--as-of", in_seconds(3600))[0] == 0
    land(workspace, "consent", "second.csv", LATE)
    ran = Ran("presend_ingest_consent", None)
    assert ran.state == "failed" and "is before the newest arrival" in ran.said["ingest"]


def in_seconds(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="seconds")


# What the build does


def test_a_build_tells_the_ledgers_version_and_is_skipped_when_nothing_is_new(workspace: Path) -> None:
    assert asked(workspace, "ingest", "--as-of", AS_OF)[0] == 0
    ran = Ran("presend_build", AS_OF)
    told = ran.event("presend_warehouse")
    _, status = asked(workspace, "status", "--as-of", AS_OF)
    assert told["ledger_version"] == status["warehouse"]["ledger_version"] and status["warehouse"]["is_current"]
    assert told["files"] == 3 and told["rows"]["profile_record"] == PROFILES.count("\n") - 1
    before = (workspace / "warehouse" / "presend.duckdb").stat()
    assert Ran("presend_build", NEXT_DAY).tasks == {"build_warehouse": "skipped"}
    assert (workspace / "warehouse" / "presend.duckdb").stat() == before
    land(workspace, "consent", "second.csv", LATE)
    assert asked(workspace, "ingest", "--as-of", NEXT_DAY)[0] == 0
    assert Ran("presend_build", NEXT_DAY).event("presend_warehouse")["files"] == 4


# What maintenance finds


@pytest.fixture
def published(workspace: Path) -> Iterator[Path]:
    for command in (("ingest",), ("build",), ("publish", "c")):
        assert asked(workspace, *command, "--as-of", AS_OF)[0] == 0
    return workspace


def test_maintenance_finds_nothing_in_a_workspace_that_is_whole(published: Path) -> None:
    leftover = published / ".presend" / "work-of-the-dead"
    leftover.mkdir()
    (leftover / ".alive").touch()
    (published / "warehouse" / ".building-presend.duckdb").touch()
    ran = Ran("presend_maintenance", AS_OF)
    assert set(ran.tasks.values()) == {"success"} and len(ran.tasks) == 6
    assert ran.said["verify_runs"] == "Runs that hold what they promise: 1."
    assert "profiles" in ran.said["check_readiness"]
    assert not leftover.exists() and not (published / "warehouse" / ".building-presend.duckdb").exists()


def test_maintenance_names_what_is_damaged(published: Path) -> None:
    (run,) = (path.parent for path in published.glob("outbox/ufer/c/*/audience.csv"))
    with (run / "audience.csv").open("a") as file:
        file.write("somebody\n")
    (parquet,) = published.glob("ledger/consent/*/consent.parquet")
    parquet.write_bytes(b"")
    (published / "campaigns" / "faulty.yaml").write_text("organisation: nobody\n")
    land(published, "consent", "forgotten.csv", LATE)
    os.utime(published / "landing" / "consent" / "forgotten.csv", (0, 0))
    ran = Ran("presend_maintenance", AS_OF)
    failed = {task for task, state in ran.tasks.items() if state == "failed"}
    assert failed == {"check_configuration", "check_ledger", "check_readiness", "verify_runs"}
    assert run.name in ran.said["verify_runs"] and "audience.csv" in ran.said["verify_runs"]
    assert f"ledger/consent/{parquet.parent.name}/consent.parquet" in ran.said["check_ledger"]
    assert "campaigns/faulty.yaml:1" in ran.said["check_configuration"]
    assert "landing/consent/forgotten.csv" in ran.said["check_readiness"]


def test_maintenance_fails_for_a_feed_that_blocks_a_campaign_of_the_next_day(published: Path) -> None:
    (published / "campaigns" / "next.yaml").write_text(
        json.dumps(
            {
                "organisation": "ufer",
                "brand": "galerie",
                "channel": "email",
                "message_class": "service",
                "no_advertising_attested_by": "Anna",
                "delivery_analysis_at": "2026-06-03T12:00:00Z",
            }
        )  # fmt: skip
    )
    assert Ran("presend_maintenance", AS_OF).tasks["check_readiness"] == "success"
    ran = Ran("presend_maintenance", "2026-06-03T06:00:00Z")
    assert ran.tasks["check_readiness"] == "failed"
    assert (
        "next starts at 2026-06-03T10:00:00Z and is blocked by feed consent: its newest file is 47.0 hours old"
        in ran.said["check_readiness"]
    )


def test_maintenance_tells_of_a_campaign_that_was_missed(published: Path) -> None:
    """Its DAG may have been switched off, and then nothing else does."""
    recurring = {**CAMPAIGN, "delivery_analysis_at": {"cron": "0 6 * * *", "timezone": "UTC"}}
    (published / "campaigns" / "daily.yaml").write_text(json.dumps(recurring))
    (published / "campaigns" / "once.yaml").write_text(json.dumps({**CAMPAIGN, "delivery_analysis_at": "2026-06-01T10:00:00Z"}))
    (published / "campaigns" / "new.yaml").write_text(json.dumps(recurring))
    for name in ("c", "daily", "once"):
        os.utime(published / "campaigns" / f"{name}.yaml", (0, 0))
    ran = Ran("presend_maintenance", NEXT_DAY)
    assert ran.tasks["check_missed"] == "failed"
    told = [f"daily, whose delivery analysis was at 2026-06-0{day}T06:00:00Z" for day in (1, 2)]
    assert "; ".join([*told, "once, whose delivery analysis was at 2026-06-01T10:00:00Z"]) in ran.said["check_missed"]
    assert "c," not in ran.said["check_missed"], "it was published"
    assert "new," not in ran.said["check_missed"], "it was not there yet"
