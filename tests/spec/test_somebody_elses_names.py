"""Names that others chose – of files, columns, words – say nothing of anybody, run nothing, and get into nobody's way."""

import csv
import json
from pathlib import Path

import pytest

from pipeline.cli import invoke
from pipeline.logs import masked_name
from tests.lib.feeds import land
from tests.lib.workspaces import write_yaml
from tests.lib.world import World

PERSONAL = ("jane.doe@x.at", "+436641234567", "06641234567")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("jane.doe@x.at.csv", "j***@x.at.csv"),
        ("+436641234567.eml", "+43***67.eml"),
        ("sms_06641234567_2026.txt", "sms_066***67_2026.txt"),
        ("0043 664 1234567/a.csv", "004***67/a.csv"),
        ("436641234567.csv", "436***67.csv"),
        ("kunden_2026-06-08.csv", "kunden_2026-06-08.csv"),
        ("20260608120000.csv", "20260608120000.csv"),
        ("1718000000.M1P2.host", "1718000000.M1P2.host"),
        ("8.6.2026 export 12.csv", "8.6.2026 export 12.csv"),
    ],
)
def test_addresses_and_numbers_are_masked_and_days_are_not(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize("who", PERSONAL)
def test_no_answer_names_whom_a_file_is_called_after(tmp_path: Path, who: str) -> None:
    row = f"a@x.at,2026-05-01,group,{who},form\n"
    files = {f"{who}.csv": f"address,occurred_at,scope,action,via\n{row}", f"{who}.json": "{", f"sub/{who}/b.csv": "<html>"}
    landed = land(tmp_path, "canonical_consent", files)
    told = [json.dumps(landed.document)]
    for command in (["status"], ["check"], ["ingest", "--accept", f"canonical_consent/{who}.gz", "--by", "Ada"]):
        for form in ([], ["--json"]):
            told.append(invoke(["--workspace", str(tmp_path), *form, *command])[1])
    assert landed.code == 11
    assert not [text for text in told if who in text]


def test_a_column_that_a_spreadsheet_would_run_is_harmless(world: type[World]) -> None:
    drawn = world()
    drawn.step["profiles"] = [{"profile_id": "p1", "email": "a@x.at", "=cmd|' /C calc'!A0": "x", "@sum": "y", "plain": "z"}]
    drawn.campaign(columns=["=cmd|' /C calc'!A0", "@sum", "plain"])
    assert drawn.run().code == 0
    published = drawn.published()
    with (published.path / "audience.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file))[4:] == ["'=cmd|' /C calc'!A0", "'@sum", "plain"]
    code, _ = invoke(["--workspace", str(drawn.folder), "--json", "verify", str(published.path)])
    assert code == 0


@pytest.mark.parametrize(
    "names", [["foo", "foo.csv/bar"], ["foo.csv/bar", "foo"], ["a.csv/b", "a.csv/b.csv/c", "a"], ["x" * 200 + "/" + "y" * 200]]
)
def test_rejected_rows_lie_beside_each_other_whatever_files_are_called(tmp_path: Path, names: list[str]) -> None:
    for day, name in enumerate(names, 1):
        content = f"profile_id,email\n{day},\n,a@x.at\n,b@x.at\n"
        landed = land(tmp_path, "canonical_profiles", {name: content}, as_of=f"2026-06-{day:02}T08:00:00Z")
        assert landed.code in (0, 11)
    assert len([path for path in (tmp_path / "rejected").rglob("*.csv") if path.is_file()]) == len(names)


def test_one_feeds_failure_leaves_no_other_feed_unread(tmp_path: Path) -> None:
    land(tmp_path, "canonical_profiles", {"p.csv": "profile_id\n1\n"})
    write_yaml(tmp_path / "feeds" / "a.yaml", {"source": "canonical_profiles"})
    (tmp_path / "landing" / "a").mkdir()
    (tmp_path / "landing" / "a" / "p.csv").write_text("profile_id,organisation\n1,o1\n")
    (tmp_path / "ledger" / "a").write_text("no folder")
    (tmp_path / "landing" / "canonical_profiles" / "q.csv").write_text("profile_id\n2\n")
    code, _ = invoke(["--workspace", str(tmp_path), "--json", "ingest", "--as-of", "2026-06-02T08:00:00Z"])
    assert code == 1
    assert len(list(tmp_path.glob("ledger/canonical_profiles/*/load.json"))) == 2
