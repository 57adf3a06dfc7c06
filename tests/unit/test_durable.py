"""Files appear complete, in one rename, closed to others; and where a folder takes another's place, no moment lies without one of them."""

import errno
import os
from pathlib import Path

import pytest

from pipeline import durable
from pipeline.errors import AnotherWriter
from pipeline.workspace import Workspace

OLD = {"consent.parquet": "old rows", "load.json": "old page", "rejected.parquet": "old rejects"}
NEW = {"consent.parquet": "new rows", "load.json": "new page"}


def folder_of(path: Path, files: dict[str, str]) -> Path:
    path.mkdir()
    for name, text in files.items():
        (path / name).write_text(text)
    return path


def read(path: Path) -> dict[str, str]:
    return {found.name: found.read_text() for found in path.iterdir()}


def test_a_folder_takes_the_place_of_another_at_once(tmp_path: Path) -> None:
    source, target = folder_of(tmp_path / "source", NEW), folder_of(tmp_path / "target", OLD)
    durable.put_in_place_of(source, target)
    assert read(target) == NEW and not source.exists()


def test_where_folders_cannot_be_exchanged_the_page_that_describes_the_files_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = folder_of(tmp_path / "source", NEW), folder_of(tmp_path / "target", OLD)
    seen: list[dict[str, str]] = []
    really = Path.replace

    def replace(path: Path, place: Path) -> Path:
        seen.append(read(target))
        return really(path, place)

    def cannot(one: Path, other: Path) -> None:
        raise OSError(errno.EINVAL, "no such thing")

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(durable, "exchange", cannot)
    durable.put_in_place_of(source, target)
    assert seen == [OLD, {**OLD, "consent.parquet": "new rows"}], "a load lies there at every moment, and its old page until the end"
    assert read(target) == NEW and not source.exists()


def test_what_keeps_two_folders_from_being_exchanged_is_no_reason_to_go_on(tmp_path: Path) -> None:
    source, target = folder_of(tmp_path / "source", NEW), tmp_path / "nowhere"
    with pytest.raises(FileNotFoundError):
        durable.put_in_place_of(source, target)
    assert read(source) == NEW


def test_what_is_renamed_is_on_disk_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files, then their folder, then the rename, then the names above."""
    happened: list[str] = []
    really = Path.replace
    monkeypatch.setattr(durable, "sync", lambda path: happened.append(path.relative_to(tmp_path).as_posix()))
    monkeypatch.setattr(Path, "replace", lambda path, place: happened.append("rename") or really(path, place))
    durable.put(folder_of(tmp_path / "made", {"rows": "1"}), tmp_path / "new" / "place")
    assert happened[:4] == [".", "made/rows", "made", "rename"] and sorted(happened[4:]) == [".", "new"]


@pytest.mark.parametrize("mode", [0o644, 0o666])
def test_a_lock_that_was_open_to_everybody_is_closed(mode: int, tmp_path: Path) -> None:
    path = tmp_path / ".presend" / "locks" / "ledger.crm.lock"
    path.parent.mkdir(parents=True)
    path.touch()
    path.chmod(mode)
    with Workspace(tmp_path).lock("ledger.crm"), pytest.raises(AnotherWriter), Workspace(tmp_path).lock("ledger.crm", wait_seconds=0):
        raise AssertionError("held twice")
    assert path.stat().st_mode & 0o777 == 0o640


def test_others_are_shut_out_in_the_block_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with durable.for_owner_and_group():
            (tmp_path / "inside").touch()
        (tmp_path / "outside").touch()
    finally:
        os.umask(before)
    assert [oct((tmp_path / name).stat().st_mode & 0o777) for name in ("inside", "outside")] == ["0o640", "0o644"]
