"""The files below landing/: which are there, and their bytes unpacked. Nothing there is ever changed."""

import gzip
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.ledger import landing
from pipeline.ledger.landing import ContentHashes, UnreadableFile, files_of, opened
from pipeline.workspace import Workspace

CONTENT = b"profile_id\np1\n"


def land(root: Path, name: str, content: bytes = CONTENT) -> Path:
    path = root / "landing" / "crm" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(root: Path, pattern: str = "*") -> list[str]:
    return [file.name for file in files_of(Workspace(root), "crm", pattern)]


def contents(root: Path) -> list[tuple[str, bytes]]:
    (file,) = files_of(Workspace(root), "crm", "*")
    with opened(file, root / "scratch") as found:
        return [(name, path.read_bytes()) for name, path in found]


def test_hidden_and_unfinished_names_are_not_files_yet(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv.part", "c.tmp", "d.filepart", ".e.csv", ".hidden/f.csv", "2026/g.csv"):
        land(tmp_path, name)
    assert names(tmp_path) == ["2026/g.csv", "a.csv"]


def test_the_pattern_sees_through_compression(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv.gz", "c.csv.zst", "d.csv.zip", "e.txt", "f.txt.gz"):
        land(tmp_path, name)
    assert names(tmp_path, "*.csv") == ["a.csv", "b.csv.gz", "c.csv.zst", "d.csv.zip"]


def test_a_link_out_of_landing_is_not_followed(tmp_path: Path) -> None:
    land(tmp_path, "a.csv")
    (tmp_path / "secret.csv").write_bytes(CONTENT)
    (tmp_path / "landing" / "crm" / "b.csv").symlink_to(tmp_path / "secret.csv")
    assert names(tmp_path) == ["a.csv"]


def test_a_folder_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.csv").write_text("x")
    (tmp_path / "landing" / "crm").mkdir(parents=True)
    (tmp_path / "landing" / "crm" / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert names(tmp_path) == []


def test_no_folder_is_no_file(tmp_path: Path) -> None:
    assert names(tmp_path) == []


def test_gz_and_zst_are_opened(tmp_path: Path) -> None:
    path = land(tmp_path, "a.csv.gz", gzip.compress(CONTENT))
    assert contents(tmp_path) == [("a.csv", CONTENT)]
    path.unlink()
    land(tmp_path, "a.csv.zst", pa.compress(CONTENT, codec="zstd", asbytes=True))
    assert contents(tmp_path) == [("a.csv", CONTENT)]


def test_members_of_a_zip_are_files_of_their_own(tmp_path: Path) -> None:
    path = land(tmp_path, "a.zip", b"")
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("b.csv", "folder/a.csv", "__MACOSX/a.csv", "folder/.hidden", "folder/"):
            archive.writestr(name, CONTENT if not name.endswith("/") else b"")
    assert [name for name, _ in contents(tmp_path)] == ["b.csv", "a.csv"]


def test_a_member_cannot_write_outside(tmp_path: Path) -> None:
    path = land(tmp_path, "a.zip", b"")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../../../evil.csv", CONTENT)
        archive.writestr("/evil.csv", CONTENT)
    assert contents(tmp_path) == [("evil.csv", CONTENT), ("evil (2).csv", CONTENT)]
    assert list(tmp_path.rglob("evil*")) == []
    assert not Path("/evil.csv").exists()


@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip", "a.csv.zst"])
def test_a_broken_archive_is_unreadable(tmp_path: Path, name: str) -> None:
    land(tmp_path, name, b"this is no archive")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        contents(tmp_path)


def test_a_cut_off_archive_is_unreadable(tmp_path: Path) -> None:
    land(tmp_path, "a.csv.gz", gzip.compress(CONTENT * 1000)[:-10])
    with pytest.raises(UnreadableFile):
        contents(tmp_path)


def test_a_member_that_begins_before_the_file_is_damage(tmp_path: Path) -> None:
    path = land(tmp_path, "a.zip", b"")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", CONTENT)
    whole = path.read_bytes()
    path.write_bytes(whole[40:])
    with pytest.raises(UnreadableFile, match="truncated or damaged"):
        contents(tmp_path)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "EXPANSION_FLOOR", 1 << 20)
    land(tmp_path, "a.csv.gz", gzip.compress(b"0" * (8 << 20)))
    with pytest.raises(UnreadableFile, match="expands beyond reason"):
        contents(tmp_path)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_file_that_grows_has_changed(tmp_path: Path) -> None:
    path = land(tmp_path, "a.csv")
    (file,) = files_of(Workspace(tmp_path), "crm", "*")
    assert file.is_unchanged()
    path.write_bytes(CONTENT + b"p2\n")
    assert not file.is_unchanged()
    path.unlink()
    assert not file.is_unchanged()


def test_a_hash_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    path = land(tmp_path, "a.csv")
    (file,) = files_of(workspace, "crm", "*")
    hashes = ContentHashes(workspace, "crm")
    first = hashes.of(file)
    hashes.save()
    path.write_bytes(CONTENT + b"p2\n")
    assert ContentHashes(workspace, "crm").of(file) == first, "by the stamp that it was first seen with"
    (changed,) = files_of(workspace, "crm", "*")
    assert ContentHashes(workspace, "crm").of(changed) != first
