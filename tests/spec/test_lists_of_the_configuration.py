"""Every entry of `forbidden`, `seeds` and `exclude_files` means somebody, or is a fault with file and line (domain §8)."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.lib import workspaces
from tests.lib.world import World

Worlds = Callable[..., World]
JANE = "jane@x.at"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Jane and Bert, ingested once for all tests of this file."""
    small = World(tmp_path_factory.mktemp("lists"))
    small.profiles("""
        profile_id | email         | phone         | country
        -----------+---------------+---------------+--------
        jane       | jane@x.at     | +436641234567 | AT
        bert       | bert@y.at     | +436641234568 | AT
        umlaut     | u@müller.at   |               | AT
    """)
    small.arrives(as_of="2026-06-01T07:00:00+00:00")
    return small


def asked(world: World, *, forbidden: dict[str, Any] | None = None, **campaign: Any) -> workspaces.Answer:
    workspaces.write_settings(world.folder, {"forbidden": forbidden or {}})
    world.campaign(**campaign)
    return workspaces.presend(world.folder, "publish", "c1", "--as-of", workspaces.AS_OF)


def excluded(world: World, reason: str, **settings: Any) -> list[str]:
    answer = asked(world, **settings)
    assert answer.code == 0, answer.error
    return sorted(found.profile_id for found in world.published().exclusions if found.reason == reason)


@pytest.mark.parametrize(
    "spelling",
    [
        "mailto:jane@x.at",
        "mailto:jane@x.at?subject=x",
        "mailto://jane@x.at",
        "Jane Roe <jane@x.at>",
        "jane(at)x.at",
        "jane [at] x dot at",
        "JANE@X.AT;",
        "jane at x dot at",
    ],
)
def test_what_plainly_means_an_address_is_that_address(people: World, spelling: str) -> None:
    assert excluded(people, "address_forbidden", forbidden={"addresses": [spelling]}) == ["jane"]
    answer = asked(people, seeds=[spelling.replace("jane", "seed").replace("JANE", "seed")])
    assert answer.code == 0 and people.published().seeds == ["seed@x.at"]


@pytest.mark.parametrize("spelling", ["tel:+43-664-1234567", "0043 664 1234567", "0664/1234567", "+43 (0) 664 1234567"])
def test_a_number_bars_text_messages(people: World, spelling: str) -> None:
    assert excluded(people, "address_forbidden", forbidden={"addresses": [spelling]}, channel="sms") == ["jane"]


@pytest.mark.parametrize("spelling", ["X.at", "@x.at", "*@x.at", "x.at.", "https://x.at/", "//x.at", "mailto:@x.at"])
def test_what_plainly_means_a_domain_is_that_domain(people: World, spelling: str) -> None:
    assert excluded(people, "address_forbidden", forbidden={"domains": [spelling]}) == ["jane"]


def test_a_domain_is_the_same_in_unicode_and_in_ascii(people: World) -> None:
    for spelling in ("müller.at", "xn--mller-kva.at", "https://MÜLLER.at/"):
        assert excluded(people, "address_forbidden", forbidden={"domains": [spelling]}) == ["umlaut"]


@pytest.mark.parametrize(
    ("forbidden", "campaign", "where"),
    [
        ({"domains": ["y.at", "*.x.at"]}, {}, "presend.yaml"),
        ({"domains": ["x"]}, {}, "presend.yaml"),
        ({"domains": ["jane@x.at"]}, {}, "presend.yaml"),
        ({"domains": ["https://www.x.at/"]}, {}, "presend.yaml"),
        ({"addresses": ["*@x.at"]}, {}, "presend.yaml"),
        ({"addresses": ["jane@*"]}, {}, "presend.yaml"),
        ({"addresses": ["jane%40x.at"]}, {}, "presend.yaml"),
        ({"addresses": ["jane(a)x.at"]}, {}, "presend.yaml"),
        ({"addresses": ["jane@x.at, bert@y.at"]}, {}, "presend.yaml"),
        ({"addresses": ["jane at home"]}, {}, "presend.yaml"),
        ({"addresses": ["0664 12"]}, {}, "presend.yaml"),
        ({}, {"seeds": ["seed@x.at", "seed@"]}, "campaigns/c1.yaml"),
        ({}, {"seeds": ["the office"]}, "campaigns/c1.yaml"),
        ({}, {"seeds": ["jane [AT] x"]}, "campaigns/c1.yaml"),
    ],
)
def test_what_means_nothing_is_a_fault_with_its_line(
    people: World, forbidden: dict[str, Any], campaign: dict[str, Any], where: str
) -> None:
    answer = asked(people, forbidden=forbidden, **campaign)
    assert answer.code == 10 and answer.error["where"].startswith(f"{where}:")
    checked = workspaces.presend(people.folder, "check")
    assert checked.code == 10 and checked.document["faults"][0]["file"] == where
    assert "jane" not in f"{checked.document}{answer.document}".replace("jane@example.org", "")


def packed(name: str, content: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(content, mtime=0)
    if name.endswith(".zst"):
        return bytes(pa.compress(content, codec="zstd", asbytes=True))
    if name.endswith(".zip"):
        into = io.BytesIO()
        with zipfile.ZipFile(into, "w") as archive:
            archive.writestr("list.csv", content)
        return into.getvalue()
    return content


TABLE = "Name;E-Mail;Note\nRoe, Jane;Jane@X.at;VIP\n"
FILES: dict[str, tuple[str, bytes]] = {
    "plain": ("a.txt", b"jane@x.at\n"),
    "without a line end": ("a.txt", b"jane@x.at"),
    "UTF-16": ("a.csv", TABLE.encode("utf-16")),
    "UTF-16 without a mark": ("a.csv", TABLE.encode("utf-16-le")),
    "UTF-8 with a mark": ("a.csv", b"\xef\xbb\xbfjane@x.at\n"),
    "Windows-1252": ("a.csv", "Straße;Mail\nGürtel;jane@x.at\n".encode("cp1252")),
    "tabs": ("a.tsv", TABLE.replace(";", "\t").encode()),
    "bars": ("a.csv", TABLE.replace(";", "|").encode()),
    "quotes": ("a.csv", b'"email","name"\r\n"jane@x.at","Roe, ""J"""\r\n'),
    "named": ("a.txt", b"Jane Roe <jane@x.at>\n"),
    "several in a cell": ("a.csv", b'id,who\n1,"nobody@z.at, jane@x.at"\n'),
    "a ragged row": ("a.csv", b"id,email\n1,jane@x.at,more\n"),
    "no header": ("a.csv", b"jane@x.at;Jane\nnobody@z.at;Nobody\n"),
    "JSON": ("a.json", b'[{"contact": {"email": "jane@x.at"}}, {"email": "z@z.at"}]'),
    "JSON texts": ("a.json", b'["jane@x.at", "z@z.at"]'),
    "JSON of both": ("a.json", b'[{"email": "z@z.at"}, "jane@x.at"]'),
    "NDJSON": ("a.ndjson", b'{"email": "jane@x.at"}\n{"mail": "z@z.at"}\n'),
    "gzip": ("a.csv.gz", TABLE.encode()),
    "zstandard": ("a.csv.zst", TABLE.encode("utf-16")),
    "zip": ("a.zip", TABLE.encode()),
    "obfuscated": ("a.txt", b"jane (at) x (dot) at\n"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_read_in_whatever_form_it_comes(people: World, kind: str) -> None:
    name, content = FILES[kind]
    (people.folder / name).write_bytes(packed(name, content))
    assert excluded(people, "excluded_audience", exclude_files=[name]) == ["jane"]


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        ("b.txt", b"bert@y.at\njane@@x.at\n", "b.txt:2"),
        ("b.csv", b"email,name\nbert@y.at,Bert\njane x.at,Jane\n", "b.csv:3"),
        ("b.csv", b"id,note\n1,bert@y.at\n2,jane(at)x\n3,jane@\n", "b.csv:3"),
        ("b.csv", b"email,name\nbert@y.at,Bert\njane x.at,Jane,more\n", "b.csv:3"),
        ("b.csv", b"who;city\nbert@y.at;Graz\njane x.at;Wien\n", "b.csv:3"),
        ("b.txt", b"bert@y.at\n*@x.at\n", "b.txt:2"),
        ("b.txt", b"1*jane@x.at\n2*bert@y.at\n", "b.txt:1"),
        ("b.csv", b"name,city\nJane,Wien\n", "b.csv:1"),
        ("b.csv", b"", "b.csv:1"),
        ("b.gz", b"jane@x.at", "b.gz:1"),
        ("b.txt", gzip.compress(b"jane@x.at", mtime=0), "b.txt:1"),
        # What a download saved instead of the list names somebody, too: whoever is to be asked for help.
        ("b.csv", b'<!DOCTYPE html>\n<html><body>Login. <a href="mailto:help@y.at">help@y.at</a></body></html>', "b.csv:1"),
        ("b.csv", b'<?xml version="1.0"?>\n<html><table><tr><td>bert@y.at</td></tr></table></html>', "b.csv:1"),
        ("b.json", b'{"error": "unauthorized: ask help@y.at", "status_code": 401}', "b.json:1"),
        ("b.json", b'{"email": "jane@x.at, bert"}\n{"email": "jane at x"}', "b.json:2"),
    ],
)
def test_a_file_of_which_an_entry_cannot_be_read_is_a_fault(people: World, name: str, content: bytes, where: str) -> None:
    (people.folder / name).write_bytes(content)
    answer = asked(people, exclude_files=[name])
    assert (answer.code, answer.error["where"]) == (10, where)
    checked = workspaces.presend(people.folder, "check")
    assert [(fault["file"], fault["line"]) for fault in checked.document["faults"]] == [(name, int(where.rpartition(":")[2]))]
    assert JANE not in str(checked.document) and JANE not in str(answer.document)


def test_another_spelling_of_a_mailbox_is_left_out_too(people: World) -> None:
    (people.folder / "a.txt").write_text("jane+news@x.at\n", encoding="utf-8")
    assert excluded(people, "excluded_audience", exclude_files=["a.txt"]) == ["jane"]


def test_a_file_that_is_not_there_is_a_fault(people: World, tmp_path: Path) -> None:
    answer = asked(people, exclude_files=["nowhere.txt"])
    assert answer.code == 10 and answer.error["where"].startswith("campaigns/c1.yaml:")
