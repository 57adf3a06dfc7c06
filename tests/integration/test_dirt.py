"""Files as they really come: odd bytes, odd packing, too early, twice, broken; and what each of them makes the commands answer."""

import csv
import gzip
import json
import os
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline import cli
from tests.lib.snapshots import bytes_of, snapshot
from tests.lib.workspaces import AS_OF, Answer, presend, publication, write_campaign, write_settings, write_yaml

LATER = "2026-06-01T08:20:00Z"
HEADER = "profile_id,organisation,email,first_name,last_name,city,updated_at"
ROWS = [
    'p1,o1,anna@post.example.at,Änne,"Muster, die Ältere",Graz,2026-01-01',
    "p2,o1,bert@post.example.at,Bert,\"van\n't Veld\",'s-Hertogenbosch,2026-01-01",
    "p3,o1,cora@post.example.at,Çora,O'Hara,Łódź,2026-01-01",
]
PLAIN = "\n".join([HEADER, *ROWS]) + "\n"
NAMES = [["Änne", "Muster, die Ältere"], ["Bert", "van\n't Veld"], ["Çora", "O'Hara"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_settings(tmp_path, {})
    write_campaign(tmp_path, "c1", datetime.fromisoformat(AS_OF), {"columns": ["first_name", "last_name"]})
    for kind, header in (
        ("consent", "event_id,occurred_at,action,scope,scope_id,address"),
        ("delivery", "event_id,occurred_at,type,address"),
    ):
        land(tmp_path, kind, "empty.csv", header + "\n")
    return tmp_path


def land(folder: Path, feed: str, name: str, content: str | bytes) -> Path:
    path = folder / "landing" / feed / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def ingest(folder: Path, *feeds: str, as_of: str = AS_OF) -> dict[str, dict[str, Any]]:
    """What an ingest says about each file, every row of which is somewhere."""
    answer = presend(folder, "ingest", *feeds, "--as-of", as_of)
    assert answer.code == 0, answer.error
    files = {found["file"]: found for found in answer.document["files"]}
    for found in files.values():
        assert found["rows"] == found["loaded"] + found["duplicate"] + found["ignored"] + found["rejected"]
    return files


def counts(found: dict[str, Any]) -> tuple[int, int, int, int]:
    return found["loaded"], found["duplicate"], found["ignored"], found["rejected"]


def run(folder: Path, as_of: str = AS_OF) -> Answer:
    return presend(folder, "run", "--as-of", as_of)


def zipped(folder: Path, **members: bytes) -> bytes:
    path = folder / "packing.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"export/{name}.csv", content)
    return path.read_bytes()


def zstandard(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    return bytes(sink.getvalue())


WESTERN = PLAIN.replace("Łódź", "Linz")
SEMICOLONS = "\n".join(
    line.replace('"Muster, die Ältere"', "Muster# die Ältere").replace(",", ";").replace("#", ",") for line in PLAIN.split("\n")
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", PLAIN.encode()),
        ("bom.csv", b"\xef\xbb\xbf" + PLAIN.encode()),
        ("semicolon.csv", SEMICOLONS.encode()),
        ("crlf.csv", PLAIN.replace("\n", "\r\n").replace("van\r\n", "van\n").encode()),
        ("cp1252.csv", WESTERN.encode("cp1252")),
        (
            "cp1252-crlf-semicolon.csv",
            SEMICOLONS.replace("Łódź", "Linz").replace("\n", "\r\n").replace("van\r\n", "van\n").encode("cp1252"),
        ),
        ("utf16.csv", PLAIN.encode("utf-16")),
        ("no-last-line-end.csv", PLAIN.rstrip("\n").encode()),
        ("tabs.csv", PLAIN.replace('"Muster, die Ältere"', "Muster# die Ältere").replace(",", "\t").replace("#", ",").encode()),
        ("packed.csv.gz", gzip.compress(PLAIN.encode())),
        ("packed.csv.zst", zstandard(PLAIN.encode())),
        ("packed.csv.zip", None),
        (
            "Header.csv",
            PLAIN.replace(HEADER, "Profile ID, Organisation ,E-MAIL,First-Name,last name,City,Updated At")
            .replace("E-MAIL", "Email")
            .encode(),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_same_people_are_read_however_the_file_is_written(folder: Path, name: str, content: bytes | None) -> None:
    path = land(folder, "profiles", name, zipped(folder, people=PLAIN.encode()) if content is None else content)
    before = path.read_bytes()
    (found,) = ingest(folder, "profiles").values()
    assert counts(found) == (3, 0, 0, 0)
    assert run(folder).code == 0
    assert [[row["first_name"], row["last_name"]] for row in publication(folder).audience] == NAMES
    assert path.read_bytes() == before, "the raw file stays as it came"


def test_ndjson_and_an_array_hold_what_csv_holds(folder: Path) -> None:
    write_yaml(folder / "feeds" / "profiles.yaml", {"source": "canonical_profiles", "files": "*.json*"})
    people = [
        {"profile_id": f"p{number}", "organisation": "o1", "email": f"{name}@post.example.at", "first_name": first, "last_name": last}
        for number, (name, (first, last)) in enumerate(zip(("anna", "bert", "cora"), NAMES, strict=True), 1)
    ]
    land(folder, "profiles", "lines.ndjson", "\n".join(json.dumps(row) for row in people))
    write_yaml(folder / "feeds" / "profiles.yaml", {"source": "canonical_profiles", "files": "*json"})
    land(folder, "profiles", "zarray.json", json.dumps(people, ensure_ascii=False, indent=1))
    assert {name: counts(found) for name, found in ingest(folder, "profiles").items()} == {
        "lines.ndjson": (3, 0, 0, 0),
        "zarray.json": (3, 0, 0, 0),
    }
    assert run(folder).code == 0
    assert [[row["first_name"], row["last_name"]] for row in publication(folder).audience] == NAMES


def test_every_member_of_an_archive_is_a_file(folder: Path) -> None:
    one, two = (f"{HEADER},operation\n{ROWS[index]},upsert\n".encode() for index in (0, 2))
    land(folder, "profiles", "both.csv.zip", zipped(folder, one=one, two=two))
    assert {Path(name).name: counts(found) for name, found in ingest(folder, "profiles").items()} == {
        "one.csv": (1, 0, 0, 0),
        "two.csv": (1, 0, 0, 0),
    }


def test_a_file_that_is_not_complete_yet_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("crm.csv.part", "crm.csv.tmp", "crm.csv.filepart", ".crm.csv"):
        land(folder, "profiles", name, PLAIN)
    assert ingest(folder, "profiles") == {}
    growing = land(folder, "profiles", "crm.csv", "\n".join([HEADER, *ROWS[:2]]) + "\n")
    from pipeline.ledger import landing

    opened = landing.opened

    def opened_while_somebody_writes(file: landing.LandingFile, scratch: Path) -> Any:
        with growing.open("a", encoding="utf-8") as late:
            late.write(ROWS[2] + "\n")
        return opened(file, scratch)

    with monkeypatch.context() as patched:
        patched.setattr(landing, "opened", opened_while_somebody_writes)
        answer = presend(folder, "ingest", "profiles", "--as-of", AS_OF)
    assert answer.code == 0
    assert answer.document["files"] == []
    assert answer.document["waiting"] == ["profiles/crm.csv"]
    assert counts(ingest(folder, "profiles")["crm.csv"]) == (3, 0, 0, 0)


def test_the_same_bytes_under_another_name_bring_no_event_twice_but_freshness(folder: Path) -> None:
    write_yaml(folder / "feeds" / "consent.yaml", {"source": "canonical_consent", "files": "*.csv", "max_age": "1h"})
    land(folder, "profiles", "crm.csv", PLAIN)
    said = "event_id,occurred_at,action,scope,scope_id,address\ne1,2026-05-01T10:00:00Z,opt_out,brand,b1,anna@post.example.at\n"
    land(folder, "consent", "monday.csv", said)
    write_campaign(folder, "c2", datetime.fromisoformat("2026-06-01T12:00:00+00:00"), {})
    assert run(folder).code == 0
    stale = run(folder, "2026-06-01T11:30:00Z")
    assert stale.code == 12
    assert "consent" in stale.error["message"]
    land(folder, "consent", "tuesday.csv", said)
    again = run(folder, "2026-06-01T11:40:00Z")
    assert again.code == 0, again.error
    (found,) = again.document["ingested"]["files"]
    assert counts(found) == (0, 1, 0, 0)
    published = publication(folder, "c2")
    assert [(found.address, found.reason, found.evidence) for found in published.exclusions] == [
        ("anna@post.example.at", "opted_out_brand", "e1")
    ]
    ages = {entry["feed"]: entry for entry in published.manifest["feeds"] if entry["feed"] == "consent"}
    assert ages["consent"]["file"] == "tuesday.csv"
    names = [path.name for path in (folder / "ledger" / "consent").iterdir()]
    assert len(names) == 3, "an arrival of its own, beside the first of the same bytes and the empty file"


def test_the_same_event_in_two_files_is_one(folder: Path) -> None:
    land(folder, "profiles", "crm.csv", PLAIN)
    header = "event_id,occurred_at,type,bounce_class,address"
    bounces = [f"d{number},2026-05-0{number}T10:00:00Z,bounce,soft,anna@post.example.at" for number in range(1, 6)]
    land(folder, "delivery", "one.csv", "\n".join([header, *bounces[:4], bounces[0]]) + "\n")
    land(folder, "delivery", "two.csv", "\n".join([header, *bounces[:4]]) + "\n")
    assert run(folder).code == 0
    assert len(publication(folder).addresses) == 3, "four days with errors are not five"
    land(folder, "delivery", "three.csv", "\n".join([header, bounces[4]]) + "\n")
    assert run(folder, LATER).code == 0
    assert publication(folder).reasons("anna@post.example.at") == ["quarantined_soft"]


def test_rejected_rows_are_kept_with_their_reason_and_add_up(folder: Path) -> None:
    write_yaml(folder / "feeds" / "consent.yaml", {"source": "canonical_consent", "files": "*.csv", "max_rejected": "80%"})
    land(folder, "profiles", "crm.csv", PLAIN)
    rows = [
        "e1,2026-05-01T10:00:00Z,opt_out,organisation,o1,anna@post.example.at",
        "e1,2026-05-01T10:00:00Z,opt_out,organisation,o1,anna@post.example.at",
        "e2,never,opt_in,organisation,o1,bert@post.example.at",
        "e3,2026-05-01T10:00:00Z,opt_in,list,nowhere,bert@post.example.at",
        "e4,2026-05-01T10:00:00Z,opt_out,organisation,o1,no address",
        "too,short",
    ]
    land(folder, "consent", "forms.csv", "\n".join(["event_id,occurred_at,action,scope,scope_id,address", *rows]) + "\n")
    found = ingest(folder, "consent")["forms.csv"]
    assert found["rows"] == 6
    assert found["rejected"] == 4
    with (folder / "rejected" / "consent" / "forms.csv.csv").open(encoding="utf-8", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [int(row["row_number"]) for row in rejected] == [3, 4, 5, 6]
    assert all(row["reason"] for row in rejected)
    assert "no address" in rejected[2]["row"], "the row as it came"


def test_a_refused_file_stops_publication_until_a_later_one_loads(folder: Path) -> None:
    land(folder, "profiles", "crm.csv", PLAIN)
    broken = land(folder, "consent", "forms.csv", "event_id,occurred_at,address\ne1,2026-05-01,anna@post.example.at\n")
    refused = run(folder)
    assert refused.code == 11
    assert refused.error["where"] == "landing/consent/forms.csv"
    assert "action" in refused.error["message"]
    assert not (folder / "outbox").exists()
    assert broken.exists()
    still = run(folder, "2026-06-01T08:10:00Z")
    assert still.code == 11, "it stays refused"
    land(folder, "consent", "later.csv", "event_id,occurred_at,action,scope,scope_id,address\n")
    after = run(folder, LATER)
    assert after.code == 0, after.error
    assert len(publication(folder).addresses) == 3


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02" * 100, b"<html>Service unavailable</html>", b"PK\x03\x04 broken"],
    ids=["nothing", "zeros", "an error page", "half an archive"],
)
def test_what_is_no_table_is_refused_and_not_a_bug(folder: Path, content: bytes) -> None:
    land(folder, "profiles", "crm.csv", content)
    answer = presend(folder, "ingest", "--as-of", AS_OF)
    assert answer.code == 11, answer.document
    assert answer.error["where"] == "landing/profiles/crm.csv"


@pytest.mark.parametrize("name", ["crm.csv.gz", "crm.csv.zst", "crm.csv.zip"])
def test_a_broken_archive_is_refused_and_not_a_bug(folder: Path, name: str) -> None:
    land(folder, "profiles", name, gzip.compress(PLAIN.encode())[:40])
    assert presend(folder, "ingest", "--as-of", AS_OF).code == 11


def test_a_stale_or_missing_feed_is_12(folder: Path) -> None:
    missing = run(folder)
    assert missing.code == 12
    assert "profiles" in missing.error["message"]
    land(folder, "profiles", "crm.csv", PLAIN)
    write_yaml(folder / "feeds" / "profiles.yaml", {"source": "canonical_profiles", "files": "*.csv", "max_age": "10m"})
    assert run(folder).code == 0
    assert presend(folder, "publish", "c1", "--as-of", "2026-06-01T08:10:00Z").code == 0, "as old as allowed"
    assert presend(folder, "publish", "c1", "--as-of", "2026-06-01T08:10:01Z").code == 12
    write_yaml(folder / "feeds" / "profiles.yaml", {"source": "canonical_profiles", "files": "*.csv", "max_age": "10m", "required": False})
    assert presend(folder, "publish", "c1", "--as-of", "2026-06-01T08:10:02Z").code == 0
    assert any("profiles" in warning for warning in publication(folder).manifest["warnings"])


def test_every_bad_use_has_its_exit_code_and_its_remedy(folder: Path) -> None:
    land(folder, "profiles", "crm.csv", PLAIN)
    write_campaign(folder, "waits", datetime.fromisoformat(AS_OF), {"approval": "required"})
    write_campaign(folder, "small", datetime.fromisoformat(AS_OF), {"minimum_audience": 4})
    write_campaign(folder, "wrong", datetime.fromisoformat(AS_OF), {"brand": "b7"})
    first = run(folder)
    assert first.code == 10, "the first of the codes that occurred, in the contract's order"
    assert sorted(done["campaign"] for done in first.document.get("published", [])) in ([], ["c1"])
    assert publication(folder).manifest["campaign"] == "c1", "a faulty campaign stops itself alone"
    faults = []
    for code, arguments in [
        (2, ["ingest", "--as-of", "yesterday"]),
        (2, ["ingest", "--as-of", "2026-06-01T07:59:59Z"]),
        (2, ["run", "--as-of", "2026-05-31T08:00:00Z"]),
        (2, ["publish"]),
        (2, ["nonsense"]),
        (2, ["explain", "c1", "anna@post.example.at", "--as-of", AS_OF, "--run", "x"]),
        (10, ["publish", "wrong", "--as-of", AS_OF]),
        (10, ["check"]),
        (13, ["publish", "c1", "--as-of", "2026-06-01T09:00:00Z"]),
        (13, ["publish", "small", "--as-of", AS_OF]),
        (14, ["publish", "waits", "--as-of", AS_OF]),
        (16, ["publish", "nobody", "--as-of", AS_OF]),
        (16, ["ingest", "nobody", "--as-of", LATER]),
        (16, ["approve", "20260601T080000Z-00000000", "--by", "the director", "--as-of", AS_OF]),
    ]:
        answer = presend(folder, *arguments)
        is_told = arguments == ["check"] or (answer.error["code"] == code and answer.error["message"] and answer.error["remedy"])
        if answer.code != code or not is_told or "@" in json.dumps(answer.error):
            faults.append(f"{' '.join(arguments)}: {answer.code} instead of {code}: {answer.error}")
    assert faults == []


def test_before_its_window_a_campaign_is_published_when_asked_and_not_by_run(folder: Path) -> None:
    land(folder, "profiles", "crm.csv", PLAIN)
    assert run(folder, "2026-06-01T06:59:59Z").document["published"] == []
    assert presend(folder, "publish", "c1", "--as-of", "2026-06-01T06:59:59Z").code == 0
    assert [done["campaign"] for done in run(folder, "2026-06-01T07:00:00Z").document["published"]] == ["c1"], "open from two hours before"
    assert run(folder, "2026-06-01T09:00:00Z").document["published"] == [], "the moment itself is outside"


def test_a_run_that_waits_is_released_by_name(folder: Path) -> None:
    land(folder, "profiles", "crm.csv", PLAIN)
    write_campaign(folder, "c1", datetime.fromisoformat(AS_OF), {"approval": "required"})
    waiting = run(folder)
    assert waiting.code == 14
    (pending,) = (folder / "outbox" / "o1" / "c1" / "pending").iterdir()
    assert not (folder / "outbox" / "o1" / "c1" / "latest.json").exists()
    released = presend(folder, "approve", pending.name, "--by", "the director", "--as-of", LATER)
    assert released.code == 0, released.error
    assert publication(folder).manifest["approval"]["by"] == "the director"
    assert not pending.exists()
    assert presend(folder, "approve", pending.name, "--by", "the director", "--as-of", LATER).code == 0, "twice changes nothing"


def test_who_objects_while_a_run_waits_stops_its_release(folder: Path) -> None:
    land(folder, "profiles", "crm.csv", PLAIN)
    write_campaign(folder, "c1", datetime.fromisoformat(AS_OF), {"approval": "required"})
    assert run(folder).code == 14
    (pending,) = (folder / "outbox" / "o1" / "c1" / "pending").iterdir()
    land(
        folder,
        "consent",
        "late.csv",
        "event_id,occurred_at,action,scope,scope_id,address\ne1,2026-06-01T08:05:00Z,opt_out,brand,b1,anna@post.example.at\n",
    )
    assert presend(folder, "ingest", "--as-of", "2026-06-01T08:10:00Z").code == 0
    refused = presend(folder, "approve", pending.name, "--by", "the director", "--as-of", LATER)
    assert refused.code == 13
    assert not (folder / "outbox" / "o1" / "c1" / "latest.json").exists()
    (new,) = [path for path in (folder / "outbox" / "o1" / "c1" / "pending").iterdir() if path != pending]
    assert presend(folder, "approve", new.name, "--by", "the director", "--as-of", LATER).code == 0
    assert publication(folder).addresses == ["bert@post.example.at", "cora@post.example.at"]


def test_a_dry_run_leaves_nothing_behind(folder: Path) -> None:
    land(folder, "profiles", "crm.csv", PLAIN)
    dry = presend(folder, "ingest", "--dry-run", "--as-of", AS_OF)
    assert {found["file"]: found["loaded"] for found in dry.document["files"]}["crm.csv"] == 3
    assert bytes_of(folder, "ledger", "rejected") == {}
    assert run(folder).code == 0
    before = snapshot(folder)
    answer = presend(folder, "publish", "c1", "--dry-run", "--as-of", LATER)
    assert answer.code == 0
    assert answer.document["counts"]["audience"] == 3
    assert snapshot(folder) == before


def test_running_again_changes_nothing(folder: Path) -> None:
    land(folder, "profiles", "crm.csv", PLAIN)
    assert run(folder).code == 0
    before, stamps = snapshot(folder), {path: os.stat(path).st_mtime_ns for path in (folder / "outbox").rglob("*")}
    assert run(folder).code == 0
    assert snapshot(folder) == before
    assert {path: os.stat(path).st_mtime_ns for path in (folder / "outbox").rglob("*")} == stamps, "not even written again"


def test_no_traceback_reaches_a_user(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline import ledger

    def broken(*arguments: object, **more: object) -> None:
        raise RuntimeError("person7@post.example.at")

    monkeypatch.delenv("PRESEND_DEBUG", raising=False)
    monkeypatch.setattr(ledger, "ingest", broken)
    assert cli.execute(["--workspace", str(folder), "ingest", "--as-of", AS_OF]) == 1
    said = capsys.readouterr()
    assert "Traceback" not in said.err and "person7" not in said.err
    assert "bug" in said.err
