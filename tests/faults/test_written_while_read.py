"""Somebody writes to a file while an ingest reads, or is faster, or the process is killed: an edition is whole, or it is not there."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.lib.killing import Killer
from tests.lib.outbox import Outbox
from tests.spec.test_order_of_files import edition, packed
from tests.spec.test_parts_of_an_edition import REGISTER, REGISTERS

INGEST = ("--as-of", "2026-06-02T08:00:00Z")


def register(folder: Path, files: dict[str, str], *, parts: bool) -> Outbox:
    box = Outbox(folder, registers=REGISTERS)
    box.feed("r", **REGISTER, **({"parts": True} if parts else {}))
    for name, content in files.items():
        box.lands("r", name, content)
    assert box.ingests(1) == 0
    return box


def disturbed(killer: Killer, box: Outbox, what: str, *feeds: str, which: int = -1, meanwhile: Callable[[], object] | None = None) -> None:
    """The ingest of the second of June, disturbed (or killed) where it comes by `what` of an unfinished load."""
    trial = Path(shutil.copytree(box.folder, box.folder.with_name("trial")))
    boundaries = killer.run(trial, "ingest", *feeds, *INGEST).boundaries
    place = [number for number, name in enumerate(boundaries) if what in name and "unfinished" in name][which]
    killer.run(box.folder, "ingest", *feeds, *INGEST, boundary=place, meanwhile=meanwhile)


def test_all_parts_wait_while_one_is_written_to(tmp_path: Path, killer: Killer) -> None:
    box = register(tmp_path / "w", {"1/a.csv": edition("a"), "1/b.csv": edition("b")}, parts=True)
    box.lands("r", "2/a.csv", edition("a", "c"))
    box.lands("r", "2/b.csv", edition("b", "d"))
    disturbed(killer, box, "mkdir", "r", meanwhile=lambda: box.lands("r", "2/b.csv", edition("b", "d", "z")))
    assert box.ingests(2, "people", hour=9) == 0
    assert box.writes_to(2) == set("cde")
    box.ingests(3)
    assert box.writes_to(3) == {"e"}


def test_a_kill_between_two_refused_parts_leaves_none(tmp_path: Path, killer: Killer) -> None:
    box = register(tmp_path / "w", {"1/a.csv": edition("a"), "1/b.csv": edition("b")}, parts=True)
    box.lands("r", "2/a.csv", "<html>")
    box.lands("r", "2/b.csv", edition("b", "c"))
    disturbed(killer, box, "rename")
    assert box.ingests(3) == 11


def test_an_archive_that_is_written_to_counts_as_none(tmp_path: Path, killer: Killer) -> None:
    box = register(tmp_path / "w", {"1.csv": edition("a", "b")}, parts=False)
    box.lands("r", "2.zip", packed({"1.csv": edition("c"), "2.csv": edition("a", "b", "c")}))
    later = packed({"1.csv": edition("c"), "2.csv": edition("a", "b", "c", "z")})
    disturbed(killer, box, "mkdir", "r", meanwhile=lambda: box.lands("r", "2.zip", later))
    assert box.writes_to(2) == set("cde")


def test_a_slower_ingest_takes_nothing_for_older_than_a_faster_one(tmp_path: Path, killer: Killer) -> None:
    box = register(tmp_path / "w", {"1.csv": edition("c")}, parts=False)
    box.lands("people", "q.csv", "profile_id,email\n" + "".join(f"{name},{name}@x.at\n" for name in "abcdef"))

    def meanwhile() -> None:
        box.lands("r", "2.csv", edition("b"))
        assert box.ingests(3, "r") == 0
        box.lands("r", "3.csv", edition("a"))

    disturbed(killer, box, "rename", which=0, meanwhile=meanwhile)
    box.ingests(4)
    assert box.writes_to(4) == set("bcdef")
