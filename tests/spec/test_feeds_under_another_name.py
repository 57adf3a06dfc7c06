"""A feed that is called otherwise now (`formerly`) goes on as itself in every command: what is lost, damaged, refused or received ahead of
the clock under its former name is mended under the new one, or under either (domain §8 "Names change")."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lib import workspaces
from tests.lib.snapshots import bytes_of, differing
from tests.lib.workspaces import presend, publication
from tests.lib.world import World

THEN, NOW, LATER = "2026-06-01T08:00:00+00:00", "2026-06-02T08:00:00+00:00", "2026-06-02T08:10:00+00:00"
JANE, BOB = "jane@post.example.at", "bob@post.example.at"


def rename(folder: Path, old: str, new: str) -> None:
    """The feed's file bears another name, and says what the feed was called; its folder in landing/ stays."""
    path = folder / "feeds" / f"{old}.yaml"
    workspaces.write_yaml(folder / "feeds" / f"{new}.yaml", {**json.loads(path.read_text()), "formerly": [old]})
    path.unlink()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Jane has opted out by the feed `consent`, and a run knew it; since then the feed is called `wishes`. A register stands beside it."""
    world = World(
        tmp_path_factory.mktemp("lived") / "w", registers={"ecg": {"channel": "email", "entries": [f"x{n}@z.at" for n in range(3)]}}
    )
    world.profiles(f"email\n{JANE}\n{BOB}")
    world.consents(f"address | action  | occurred_at\n{JANE} | opt_out | 2026-05-01T10:00:00Z")
    world.campaign(delivery_analysis_at="2026-06-03T08:00:00+00:00", publish_before="72h")
    assert world.run(THEN).code == 0
    rename(world.folder, "consent", "wishes")
    return world.folder


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "w"))


def delete(folder: Path) -> None:
    shutil.rmtree(folder / "ledger" / "consent")


def delete_the_chain_too(folder: Path) -> None:
    delete(folder)
    (folder / "ledger" / "chain.jsonl").unlink()


def damage(folder: Path) -> None:
    (path,) = folder.glob("ledger/consent/*/consent.parquet")
    path.unlink()


@pytest.mark.parametrize("harm", [delete, delete_the_chain_too, damage], ids=lambda found: found.__name__)
@pytest.mark.parametrize("called", ["wishes", "consent"])
def test_what_lay_under_the_former_name_is_made_again_where_it_lay(harm: Callable[[Path], None], called: str, folder: Path) -> None:
    before = bytes_of(folder, "ledger")
    harm(folder)
    stopped = presend(folder, "publish", "c1", "--as-of", LATER)
    assert stopped.code == 13 and "`presend ingest " in stopped.error["remedy"], stopped.error
    assert presend(folder, "ingest", called, "--as-of", LATER).code == 0
    changed = differing(before, bytes_of(folder, "ledger"))
    assert [name for name in changed if "chain" not in name and "load.json" not in name] == []  # that names the feed's settings of now
    answer = presend(folder, "publish", "c1", "--as-of", LATER)
    assert answer.code == 0, answer.error
    assert publication(folder).addresses == [BOB]


def test_a_run_that_names_no_head_knew_the_feed_under_either_name(folder: Path) -> None:
    """The manifest says `wishes`, the ledger `consent`; of a run of a version without chain nothing else is known."""
    answer = presend(folder, "publish", "c1", "--as-of", NOW)
    assert answer.code == 0, answer.error
    manifest = publication(folder).path / "manifest.json"
    manifest.write_text(json.dumps({name: value for name, value in json.loads(manifest.read_text()).items() if name != "ledger_head"}))
    assert [notice for notice in presend(folder, "check").document["notices"] if notice["kind"] == "lost"] == []


@pytest.mark.parametrize("called", ["robinson", "ecg"])
@pytest.mark.parametrize("is_refused_before", [True, False])
def test_a_file_in_either_folder_may_be_accepted_by_either_name(called: str, is_refused_before: bool, folder: Path) -> None:
    if not is_refused_before:
        rename(folder, "ecg", "robinson")
    (folder / "landing" / "ecg" / "next.csv").write_text("entry\n")
    assert presend(folder, "ingest", "--as-of", NOW).code == 11
    if is_refused_before:
        rename(folder, "ecg", "robinson")
    stopped = presend(folder, "publish", "c1", "--as-of", LATER)
    assert stopped.code == 11 and "--accept robinson/next.csv --by NAME" in stopped.error["remedy"], stopped.error
    assert presend(folder, "ingest", "--accept", f"{called}/next.csv", "--by", "Mia", "--as-of", LATER).code == 0
    assert presend(folder, "publish", "c1", "--as-of", LATER).code == 0


def test_what_was_received_ahead_of_the_clock_under_the_former_name_is_received_now(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "landing" / "consent" / "late.csv").write_text(
        f"occurred_at,action,address,scope\n2026-06-01T10:00:00Z,opt_out,{BOB},group\n"
    )
    settings = json.loads((folder / "feeds" / "wishes.yaml").read_text())
    (folder / "feeds" / "wishes.yaml").rename(folder / "feeds" / "consent.yaml")
    workspaces.write_yaml(folder / "feeds" / "consent.yaml", {name: value for name, value in settings.items() if name != "formerly"})
    assert presend(folder, "ingest", "--as-of", "2190-01-01T08:00:00+00:00").code == 0  # the tests' clock is simulated
    rename(folder, "consent", "wishes")
    monkeypatch.setenv("PRESEND_CLOCK", "")
    answer = presend(folder, "ingest", "--redate", "--by", "Mia")
    assert answer.code == 0 and [load["file"] for load in answer.document["files"]] == ["late.csv"], answer.document


def test_a_new_file_in_the_former_folder_that_one_of_its_name_hides_stops(folder: Path) -> None:
    (folder / "landing" / "wishes").mkdir()
    for name in ("000.csv", "export.csv"):
        shutil.copy(folder / "landing" / "consent" / "000.csv", folder / "landing" / "wishes" / name)
    (folder / "landing" / "consent" / "export.csv").write_text(
        f"occurred_at,action,address,scope\n2026-06-01T10:00:00Z,opt_out,{BOB},group\n"
    )
    assert presend(folder, "ingest", "--as-of", NOW).code == 0
    found = [notice["where"] for notice in presend(folder, "check").document["notices"] if notice["kind"] == "hidden_file"]
    assert found == ["landing/consent/export.csv"]
    stopped = presend(folder, "publish", "c1", "--as-of", LATER)
    assert stopped.code == 12 and "landing/wishes/" in stopped.error["remedy"], stopped.error
