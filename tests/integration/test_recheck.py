"""`presend recheck` beside a published run: what it writes, what it leaves alone, and when it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import invoke
from tests.lib.asked_world import AS_OF, CAMPAIGN, asked, land, run_id_of, write_world

HEADER = "address,profile_id,person_id,is_seed,reason,reasons,reached_via,scope_id,evidence_source,evidence_event_id,evidence_at,detail\n"
OPT_OUT = (
    "event_id,occurred_at,action,channel,address,organisation,scope,scope_id,actor,via\n{},{},opt_out,email,{},ufer,list,news,owner,{}\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_world(tmp_path / "w")


def published(folder: Path) -> str:
    code, document = asked(folder, "run", "--as-of", AS_OF)
    assert code == 0, document
    return run_id_of(folder)


def opts_out(folder: Path, address: str, *, at: str, event_id: str = "late") -> None:
    land(folder, "consent", f"{event_id}.csv", OPT_OUT.format(event_id, at, address, "one_click"))
    assert asked(folder, "ingest", "--as-of", at)[0] == 0


def recheck(folder: Path, run_id: str, as_of: str) -> dict[str, Any]:
    code, document = asked(folder, "recheck", run_id, "--as-of", as_of)
    assert code == 0, document
    return dict(document)


def latest(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "outbox" / "ufer" / "c" / "latest.json").read_text()))


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_late_opt_out_is_listed_beside_the_run_and_named_in_latest(folder: Path) -> None:
    run_id = published(folder)
    run = folder / "outbox" / "ufer" / "c" / run_id
    before = content(run)
    first = recheck(folder, run_id, "2026-06-01T07:10:00Z")
    name = f"outbox/ufer/c/withdrawn/{run_id}-20260601T071000Z.csv"
    assert (first["withdrawn"], first["by_reason"], first["warnings"]) == (0, {}, [])
    assert (folder / name).read_text() == HEADER
    assert latest(folder)["withdrawn"] == name

    opts_out(folder, "anna@post.example", at="2026-06-01T07:20:00Z")
    second = recheck(folder, run_id, "2026-06-01T07:20:00Z")
    assert (second["withdrawn"], second["by_reason"]) == (1, {"opted_out_list": 1})
    assert latest(folder) == {**latest(folder), "run_id": run_id, "withdrawn": f"outbox/ufer/c/withdrawn/{run_id}-20260601T072000Z.csv"}
    lines = Path(second["path"]).read_text().splitlines()
    assert len(lines) == 2 and lines[1].startswith("anna@post.example,p1,")
    assert lines[1].endswith(",false,opted_out_list,opted_out_list,address,news,canonical_consent,late,2026-06-01T07:20:00Z,by owner")

    code, text = invoke(["--workspace", str(folder), "status", "--as-of", "2026-06-01T07:20:00Z"])
    assert code == 0 and f"withdrawn since: {latest(folder)['withdrawn']}" in text

    assert content(run) == before, "the run stays as it is"
    assert asked(folder, "verify", str(run))[0] == 0
    code, explained = asked(folder, "explain", "c", "anna@post.example", "--run", run_id)
    assert code == 0 and explained["run_id"] == run_id and explained["verdict"] == "audience"
    assert not [path for path in run.parent.rglob(".*") if path.name.endswith((".tmp", ".part"))]


def test_the_same_question_gets_the_same_bytes_and_an_earlier_one_does_not_displace_the_newest(folder: Path) -> None:
    run_id = published(folder)
    opts_out(folder, "anna@post.example", at="2026-06-01T07:20:00Z")
    recheck(folder, run_id, "2026-06-01T07:30:00Z")
    before = content(folder / "outbox")
    recheck(folder, run_id, "2026-06-01T07:30:00Z")
    assert content(folder / "outbox") == before
    killed = folder / "outbox" / "ufer" / "c" / "withdrawn" / ".half.csv.tmp"
    killed.write_text("anna")
    assert asked(folder, "recheck", run_id, "--as-of", "2026-06-01T07:10:00Z")[0] == 2, "before the newest arrival nobody knows all"
    earlier = recheck(folder, run_id, "2026-06-01T07:25:00Z")
    assert not killed.exists(), "what a killed process left is cleared away"
    assert earlier["withdrawn"] == 1
    assert latest(folder)["withdrawn"].endswith("20260601T073000Z.csv")


def test_the_list_of_an_older_run_is_written_and_not_named(folder: Path) -> None:
    old = published(folder)
    code, document = asked(folder, "publish", "c", "--as-of", "2026-06-01T07:05:00Z")
    assert code == 0, document
    assert Path(recheck(folder, old, "2026-06-01T07:10:00Z")["path"]).is_file()
    assert (latest(folder)["run_id"], latest(folder)["withdrawn"]) == (document["run_id"], None)
    recheck(folder, document["run_id"], "2026-06-01T07:10:00Z")
    assert latest(folder)["withdrawn"].split("/")[-1].startswith(document["run_id"])


def test_a_stale_feed_is_a_warning_and_after_the_analysis_one_may_still_ask(folder: Path) -> None:
    run_id = published(folder)
    opts_out(folder, "anna@post.example", at="2026-06-01T07:20:00Z")
    late = recheck(folder, run_id, "2026-06-03T07:00:00Z")
    assert late["by_reason"] == {"opted_out_list": 1}
    assert [what.split(":")[0] for what in late["warnings"]] == ["feed consent", "feed delivery", "feed profiles"]
    code, text = invoke(["--workspace", str(folder), "recheck", run_id, "--as-of", "2026-06-03T07:00:00Z"])
    assert code == 0 and "1 withdrawn" in text and "warning: feed delivery" in text and "anna" not in text


def test_what_it_refuses(folder: Path) -> None:
    run_id = published(folder)
    assert asked(folder, "recheck", "20260101T000000Z-00000000", "--as-of", AS_OF)[0] == 16
    assert asked(folder, "recheck", "../c", "--as-of", AS_OF)[0] == 16
    assert asked(folder, "recheck", run_id, "--as-of", "2026-06-01T06:59:59Z")[0] == 2
    audience = folder / "outbox" / "ufer" / "c" / run_id / "audience.csv"
    audience.write_text(audience.read_text().replace("anna@", "anne@"))
    assert asked(folder, "recheck", run_id, "--as-of", AS_OF)[0] == 13
    assert not (folder / "outbox" / "ufer" / "c" / "withdrawn").exists()


def test_a_waiting_run_is_decided_again_when_it_is_approved(tmp_path: Path) -> None:
    folder = write_world(tmp_path / "w", campaign={"approval": "required"})
    assert asked(folder, "run", "--as-of", AS_OF)[0] == 14
    (waiting,) = (folder / "outbox" / "ufer" / "c" / "pending").iterdir()
    code, document = asked(folder, "recheck", waiting.name, "--as-of", "2026-06-01T07:10:00Z")
    assert (code, document["error"]["code"]) == (14, 14) and "presend approve" in document["error"]["remedy"]
    opts_out(folder, "seed@post.example", at="2026-06-01T07:15:00Z")
    land(folder, "delivery", "late.csv", "event_id,occurred_at,type,address\nz,2026-06-01T07:16:00Z,complaint,seed@post.example\n")
    assert asked(folder, "ingest", "--as-of", "2026-06-01T07:16:00Z")[0] == 0
    code, document = asked(folder, "approve", waiting.name, "--by", "Kim", "--as-of", "2026-06-01T07:20:00Z")
    assert code == 13 and "1 in the audience" in document["error"]["message"], "a control address that complained is not approved"


def test_a_campaign_that_recurs_is_rechecked_for_its_own_occurrence(tmp_path: Path) -> None:
    recurring = {**CAMPAIGN, "delivery_analysis_at": {"cron": "0 8 * * *"}, "formats": ["csv"]}
    folder = write_world(tmp_path / "w", campaign=recurring)
    run_id = published(folder)
    code, document = asked(folder, "status", "--as-of", "2026-06-01T08:00:01Z")
    (campaign,) = document["campaigns"]
    assert (code, campaign["delivery_analysis_at"], campaign["state"]) == (0, "2026-06-02T08:00:00Z", "coming")
    assert campaign["recurrence"] == {"cron": "0 8 * * *", "timezone": "UTC"}
    # A pause until the evening covers today's contact, and not tomorrow's.
    land(folder, "consent", "p.csv", "occurred_at,action,address,organisation,scope,scope_id,actor,until\n"
         "2026-06-01T07:30:00Z,pause,anna@post.example,ufer,list,news,owner,2026-06-01T20:00:00Z\n")  # fmt: skip
    assert asked(folder, "ingest", "--as-of", "2026-06-01T07:30:00Z")[0] == 0
    assert recheck(folder, run_id, "2026-06-01T09:00:00Z")["by_reason"] == {"paused": 1}
    assert asked(folder, "verify", str(folder / "outbox" / "ufer" / "c" / run_id))[0] == 0


def test_a_run_that_waited_over_its_occurrence_is_too_late(tmp_path: Path) -> None:
    recurring = {"delivery_analysis_at": {"cron": "0 8 * * *"}, "approval": "required"}
    folder = write_world(tmp_path / "w", campaign=recurring)
    assert asked(folder, "run", "--as-of", AS_OF)[0] == 14
    (waiting,) = (folder / "outbox" / "ufer" / "c" / "pending").iterdir()
    code, document = asked(folder, "approve", waiting.name, "--by", "Kim", "--as-of", "2026-06-01T08:00:00Z")
    assert code == 13 and "2026-06-01T08:00:00+00:00; the run comes too late" in document["error"]["message"]
