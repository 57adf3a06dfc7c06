"""The README's first ten minutes, from the demo to a campaign of one's own, through the commands."""

import csv
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import invoke
from pipeline.demo import write_empty_workspace
from pipeline.feeds import adapters
from pipeline.outbox import all_runs
from pipeline.reasons import MATRIX, Reason
from pipeline.vocabulary import MessageClass
from pipeline.workspace import Workspace
from tests.lib.explained import assert_explained

NEEDS_KEY = {Reason.ERASED, Reason.HOLDOUT, Reason.CAPACITY}
"""Reasons that are keyed by PRESEND_KEY, which the demo does without."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "kultur"
    code, page = invoke(["demo", str(folder), "--profiles", "2500"])
    assert code == 0, page
    (folder.parent / "page.txt").write_text(page, encoding="utf-8")
    return folder


def answer(demo: Path, *command: str) -> dict[str, Any]:
    code, text = invoke(["--workspace", str(demo), *command, "--json"])
    assert code == 0, text
    document: dict[str, Any] = json.loads(text)
    return document


def manifest(demo: Path, organisation: str, campaign: str) -> dict[str, Any]:
    latest = json.loads((demo / "outbox" / organisation / campaign / "latest.json").read_text())
    document: dict[str, Any] = json.loads((demo / latest["path"] / "manifest.json").read_text(encoding="utf-8"))
    return document


def test_every_reason_occurs_for_somebody(demo: Path) -> None:
    newsletter = manifest(demo, "ufer", "galerie-winter")
    assert set(newsletter["reasons"]) == {reason.value for reason in set(Reason) - NEEDS_KEY}
    service = manifest(demo, "buehne", "theater-absage")
    assert set(service["reasons"]) <= {reason.value for reason in MATRIX[MessageClass.SERVICE]}
    for found in (newsletter, service, manifest(demo, "festival", "klangsommer-sms")):
        assert found["counts"]["audience"] > 30
        assert found["counts"]["excluded"] > 0


def test_dirty_files_are_loaded_and_their_rejects_counted(demo: Path) -> None:
    feeds = manifest(demo, "ufer", "galerie-winter")["feeds"]
    assert all(feed["rows"] == feed["loaded"] + feed["duplicate"] + feed["ignored"] + feed["rejected"] for feed in feeds)
    assert not any(feed["is_refused"] for feed in feeds)
    assert sum(feed["duplicate"] for feed in feeds) > 0
    assert sum(feed["ignored"] for feed in feeds) > 0
    rejected = [row for path in (demo / "rejected").rglob("*.csv") for row in csv.DictReader(path.open(encoding="utf-8", newline=""))]
    told = {"address_unreadable", "scope_unknown", "time_unusable", "code_unknown", "recipient_redacted"}
    assert {row["reason"] for row in rejected} == told


def test_every_explanation_that_the_page_proposes_works(demo: Path) -> None:
    page = (demo.parent / "page.txt").read_text(encoding="utf-8")
    proposed = re.findall(r"# \S+ is (in|out).*\nuv run presend explain (\S+) (\S+)\n", page)
    assert len(proposed) == 6
    for verdict, campaign, profile_id in proposed:
        (found,) = answer(demo, "explain", campaign, profile_id)["found"]
        assert (found["verdict"] == "excluded") == (verdict == "out")


def test_the_readmes_campaign_is_published_and_verified(demo: Path) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (campaign,) = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (demo / "campaigns" / "my-first.yaml").write_text(campaign, encoding="utf-8")
    assert answer(demo, "check")["faults"] == []
    published = answer(demo, "publish", "my-first")
    assert published["counts"]["audience"] > 0
    assert answer(demo, "publish", "my-first", "--dry-run")["counts"] == published["counts"]
    assert answer(demo, "verify", published["path"])["verified"]


def test_a_new_workspace_is_valid_and_runs(tmp_path: Path) -> None:
    answer(tmp_path, "init", str(tmp_path / "new"), "--with", "canonical_profiles", "--with", "mailbox")
    assert answer(tmp_path / "new", "check") == {"faults": [], "notices": []}
    assert answer(tmp_path / "new", "run")["published"] == []


def test_the_sample_of_every_source_loads_and_its_ids_are_in_the_feeds_map(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    write_empty_workspace(folder, adapters())
    shutil.copytree(folder / "samples", folder / "landing", dirs_exist_ok=True)
    code, text = invoke(["--workspace", str(folder), "ingest", "--as-of", "2026-11-25T07:00:00Z"])
    assert code == 0, text
    counts: dict[str, Counter[str]] = {source: Counter() for source in adapters()}
    unknown: dict[str, int] = {}
    for path in folder.glob("ledger/*/*/load.json"):
        load = json.loads(path.read_text())
        counts[load["source"]].update({name: load[name] for name in ("rows", "loaded", "duplicate", "ignored", "rejected")})
        unknown |= load["unknown"]
    for source, count in counts.items():
        assert count["loaded"] > 0 and count["rejected"] == 0, (source, count)
        assert count["rows"] == count["loaded"] + count["duplicate"] + count["ignored"] <= 8, (source, count)
    assert unknown == {"action blacklist": 1, "code SNOOZED": 1}


@pytest.mark.slow
def test_explain_agrees_with_what_was_published_of_every_candidate(demo: Path) -> None:
    (as_of,) = {run.as_of for run in all_runs(Workspace(demo))}
    assert_explained(Workspace(demo), as_of)
