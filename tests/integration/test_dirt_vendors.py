"""Vendors' files as they really come: cut off, glued together, in the wrong encoding, hostile.

Whatever is in them, each row is loaded or rejected with its reason, or the file is refused with its reason; nothing crashes,
nothing is lost without a word, and no message holds an address.
"""

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pytest

from pipeline.cli import invoke
from pipeline.ledger import landing, vendor
from tests.lib.feeds import AS_OF, Landed, land

AT = 1775120400
SOURCE = "sendgrid_events"


def event(address: str, /, **more: object) -> dict[str, object]:
    return {"email": address, "timestamp": AT, "event": "spamreport", **more}


def text(address: str, /, **more: object) -> bytes:
    return json.dumps(event(address, **more)).encode()


def people(name: str, count: int = 3) -> list[dict[str, object]]:
    return [event(f"{name}{number}@x.at") for number in range(count)]


def lines(name: str, count: int = 3) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in people(name, count))


def array(name: str, count: int = 3, **style: Any) -> bytes:
    return json.dumps(people(name, count), **style).encode()


def pretty(name: str, count: int = 3) -> bytes:
    return b"\n".join(json.dumps(each, indent=2).encode() for each in people(name, count))


def table(name: str, count: int = 3) -> bytes:
    return b"email,event,timestamp\n" + b"".join(f"{each['email']},spamreport,{AT}\n".encode() for each in people(name, count))


def zipped(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w") as sink:
                sink.write(content)
    return target.getvalue()


def encrypted(name: str) -> bytes:
    """An archive that says of its member that it is encrypted."""
    content = bytearray(zipped((f"{name}.json", array(name))))
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def damaged(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes(byte ^ 0xFF for byte in content[middle : middle + 8]) + content[middle + 8 :]


Outcome = tuple[int, ...] | str
NO_FIELDS = "no record has the fields"
DAMAGED = "truncated or damaged"
DEEP = b"[" * 100_000

FILES: dict[str, tuple[bytes, Outcome, dict[str, int]]] = {
    # Cut off.
    "cut-array.json": (array("a")[:-30], DAMAGED, {}),
    "cut-bracket.json": (array("b")[:-1], "no end", {}),
    "cut-lines.ndjson": (lines("c")[:-20], (3, 2, 0, 0, 1), {"json_unreadable": 1}),
    "cut-brace.ndjson": (lines("d") + b"{", (4, 3, 0, 0, 1), {"json_unreadable": 1}),
    "cut-object.json": (text("e@x.at")[:-5], (1, 0, 0, 0, 1), {"json_unreadable": 1}),
    "cut-pretty.json": (pretty("f")[:-9], (3, 2, 0, 0, 1), {"json_unreadable": 1}),
    "cut-envelope.json": (json.dumps({"items": people("g", 200)}).encode()[:-30], "one JSON value that is truncated", {}),
    "cut.json.gz": (gzip.compress(array("h"))[:-12], DAMAGED, {}),
    "cut.zip": (zipped(("a.json", array("i")))[:-12], DAMAGED, {}),
    "cut.json.zst": (pa.compress(array("j"), codec="zstd", asbytes=True)[:-12], DAMAGED, {}),
    "cut-cell.csv": (table("k") + b'z@x.at,"spamrep', (4, 3, 0, 0, 1), {"too_few_fields": 1}),
    # Glued together, in every form that JSON has.
    "array.json": (array("ba"), (3, 3, 0, 0, 0), {}),
    "pretty-array.json": (array("bb", indent=1), (3, 3, 0, 0, 0), {}),
    "pretty.json": (pretty("bc"), (3, 3, 0, 0, 0), {}),
    "one-line.json": (b"".join(lines("bd").split(b"\n")), (3, 3, 0, 0, 0), {}),
    "commas.json": (lines("be").replace(b"\n", b",\n"), (3, 3, 0, 0, 0), {}),
    "comma-behind.json": (array("bf")[:-1] + b",]", (3, 3, 0, 0, 0), {}),
    "arrays.ndjson": (array("bg") + b"\n" + array("bh"), (6, 6, 0, 0, 0), {}),
    "arrays.json": (array("bi") + array("bj"), (6, 6, 0, 0, 0), {}),
    "array-of-arrays.json": (b"[" + array("bk") + b"]", (1, 0, 0, 0, 1), {"not_an_object": 1}),
    "broken-middle.json": (pretty("bl", 1) + b'\n{\n "email": nobody\n}\n' + pretty("bm", 1), (3, 2, 0, 0, 1), {"json_unreadable": 1}),
    "broken-element.json": (
        array("bn", indent=1).replace(b'"bn1@x.at"', b"nobody"), (3, 2, 0, 0, 1), {"json_unreadable": 1},
    ),
    "broken-on-its-line.json": (array("bo").replace(b'"bo1@x.at"', b"nobody"), "from its value 2 on", {}),
    "log.json": (array("bp") + b"\nFatal error: out of memory\n", (4, 3, 0, 0, 1), {"json_unreadable": 1}),
    "brackets.ndjson": (lines("bq") + b"}}}\n]\n", (4, 3, 0, 0, 1), {"json_unreadable": 1}),
    # Hardly anything.
    "nothing.json": (b"", "is empty", {}),
    "blank.json": (b" \n\t ", "is empty", {}),
    "mark.json": (b"\xef\xbb\xbf", "is empty", {}),
    "no-events.json": (b"[]", (0, 0, 0, 0, 0), {}),
    "no-events.ndjson": (b"[]\n[]\n", (0, 0, 0, 0, 0), {}),
    "no-fields.json": (b"{}", NO_FIELDS, {}),
    "null.json": (b"null", NO_FIELDS, {}),
    "nulls.json": (b"[null]", (1, 0, 0, 0, 1), {"not_an_object": 1}),
    "header.csv": (b"email,event,timestamp", (0, 0, 0, 0, 0), {}),
    "zeros.json": (b"\0" * 100, NO_FIELDS, {}),
    # Encodings.
    "utf-16.csv": (table("da").decode().encode("utf-16"), (3, 3, 0, 0, 0), {}),
    "utf-16-cut.csv": (table("db").decode().encode("utf-16")[:-1], (3, 3, 0, 0, 0), {}),
    "utf-16-le.csv": (table("dc").decode().encode("utf-16-le"), (3, 3, 0, 0, 0), {}),
    "utf-16-be.json": (array("dd").decode().encode("utf-16-be"), (3, 3, 0, 0, 0), {}),
    "utf-32.ndjson": (lines("de").decode().encode("utf-32"), (3, 3, 0, 0, 0), {}),
    "mark.csv": (b"\xef\xbb\xbf" + table("df"), (3, 3, 0, 0, 0), {}),
    "mixed.csv": (table("dg", 1) + "mü1@x.at,spamreport,1\n".encode("cp1252") + "mü2@x.at,spamreport,1\n".encode(), (3, 3, 0, 0, 0), {}),
    "mixed.ndjson": (
        text("dh@x.at") + b"\n" + text("m!3@x.at").replace(b"!", b"\xfc") + b"\n" + text("m!4@x.at").replace(b"!", "ü".encode()),
        (3, 3, 0, 0, 0), {},
    ),
    "zeros-between.ndjson": (lines("di").replace(b"di1", b"d\0i1"), (3, 3, 0, 0, 0), {}),
    "zero-spelt.json": (array("dj").replace(b"dj1", b"d\\u0000j1"), (3, 2, 0, 0, 1), {"address_unreadable": 1}),
    "half-a-letter.json": (b"[" + text("d\ud800k@x.at") + b"]", (1, 0, 0, 0, 1), {"address_unreadable": 1}),
    # What JSON does not know, or knows too well.
    "deep.json": (DEEP, DAMAGED, {}),
    "deep-lines.json": (b'{"a":\n' * 5_000, "nested too deeply", {}),
    "deep-value.ndjson": (lines("ea") + text("eb@x.at")[:-1] + b', "x": ' + DEEP + b"]" * 100_000 + b"}", (4, 4, 0, 0, 0), {}),
    "numbers.ndjson": (
        b"\n".join(
            text(f"ec{number}@x.at").replace(str(AT).encode(), written)
            for number, written in enumerate((b"1e400", b"-99999999999999999", b"9" * 5000, b"NaN", b'"inf"', b"1e300"))
        ),
        (6, 6, 0, 0, 0), {},
    ),
    "key-twice.ndjson": (b'{"email": "ed@x.at", ' + text("ee@x.at")[1:], (1, 1, 0, 0, 0), {}),
    "too-long.ndjson": (lines("ef") + text("eg@x.at", reason="x" * (5 << 20)), (4, 3, 0, 0, 1), {"record_too_long": 1}),
    "types.ndjson": (
        b"\n".join(text("ei@x.at", **wrong) for wrong in ({"email": ["eh@x.at"]}, {"email": None}, {"event": [1]}, {})),
        (4, 1, 0, 0, 3), {"address_missing": 1, "address_unreadable": 1, "code_unknown": 1},
    ),
    # Tables.
    "cr.csv": (table("fa").replace(b"\n", b"\r"), (3, 3, 0, 0, 0), {}),
    "cr.ndjson": (lines("fb").replace(b"\n", b"\r"), (3, 3, 0, 0, 0), {}),
    "twice.csv": (b"email,EMAIL,event,timestamp\n,fc@x.at,spamreport,1\nfd@x.at,,spamreport,2\n", (2, 2, 0, 0, 0), {}),
    "nameless.csv": (b"email,,event,timestamp,\nfe@x.at,z,spamreport,1,z\n", (1, 1, 0, 0, 0), {}),
    "above.csv": (b"\n\n" + table("ff"), (3, 3, 0, 0, 0), {}),
    "excel.csv": (b"sep=,\r\n" + table("fg"), (3, 3, 0, 0, 0), {}),
    "ragged.csv": (table("fh") + b"z@x.at\nz@x.at,spamreport,1,2\n\n", (5, 3, 0, 0, 2), {"too_few_fields": 1, "too_many_fields": 1}),
    "open-quote.csv": (table("fi", 1) + b'"' + table("fj", 9)[22:], (10, 9, 0, 0, 1), {"quote_unclosed": 1}),
    "quotes.csv": (table("fk") + b'"f"l@x.at",spamreport,1\nfm"n@x.at,spamreport,1\n', (5, 3, 0, 0, 2), {"address_unreadable": 2}),
    "long-cell.csv": (table("fo") + b"z@x.at,spamreport," + b"9" * (3 << 20) + b"\n", (4, 3, 0, 0, 1), {"field_too_long": 1}),
    "long-quoted.csv": (table("fp") + b'z@x.at,spamreport,"' + b"9\n" * (1 << 20) + b'"\n', (4, 3, 0, 0, 1), {"field_too_long": 1}),
    "wide.csv": (b"email,event," + b"," * 6000 + b"\n", "6,003 columns", {}),
    "shifted.csv": (b"event,email,timestamp\n" + table("fq")[22:], (3, 0, 0, 0, 3), {"code_unknown": 3}),
    "headless.csv": (b"secret@x.at,+43 664 1234567\n", "(found: ***, ***)", {}),
    "injected.csv": (b"email,event,timestamp,\"a'); DROP TABLE x; --\",$path\nfr@x.at,spamreport,1,2,3\n", (1, 1, 0, 0, 0), {}),
    "injected.json": (b"[" + text("fs@x.at", event="x' OR 1=1 --") + b"]", (1, 0, 0, 0, 1), {"code_unknown": 1}),
    # No such file at all.
    "page.json": (b"<html>Service unavailable</html>", "a page for people", {}),
    "page-and-body.json": (b"<!DOCTYPE html><html></html>", "document type", {}),
    "denied.xml": (b"<error>secret@x.at is not allowed</error>", "a text", {}),
    "entities.xml": (b'<!DOCTYPE a [<!ENTITY b "c">]><a><r><email>&b;</email></r></a>', "document type", {}),
    "cut.xml": (b"<a><r><email>ga@x.at</email></r><r>", "cannot be read", {}),
    "packed.json": (gzip.compress(array("gb")), "packed (gz)", {}),
    "logged.ndjson": (b"2026-01-01 INFO " + text("gc@x.at"), NO_FIELDS, {}),
    "form.json": (b"email=gd%40x.at&event=spamreport&timestamp=%ZZ&email=ge%40x.at&x=%", (1, 1, 0, 0, 0), {}),
    "form-semicolons.json": (b"email=gf%40x.at;event=spamreport", NO_FIELDS, {}),
    # Archives.
    "empty.zip": (zipped(), "holds no file", {}),
    "folders.zip": (zipped(("a/..", array("ha")), (".hidden", array("hb"))), "holds no file", {}),
    "nested.zip": (zipped(("in.zip", zipped(("a.json", array("hc"))))), "packed (zip)", {}),
    "encrypted.zip": (encrypted("hd"), "encrypted", {}),
    "damaged.zip": (damaged(zipped(("a.json", array("he", 300)))), DAMAGED, {}),
    "damaged.json.gz": (damaged(gzip.compress(array("hf", 300))), DAMAGED, {}),
    "many.zip": (zipped(*((str(number), b"") for number in range(60_000))), "holds 60,000 files", {}),
    "bomb.zip": (zipped(("a.json", b"0" * (6 << 20)), ("b.json", b"0" * (6 << 20))), "expands beyond reason", {}),
}  # fmt: skip


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """All the files in one landing, so that none harms another; what is said besides the answer is kept in it."""
    said = io.StringIO()
    with redirect_stderr(said), pytest.MonkeyPatch.context() as patched:
        patched.setattr(landing, "EXPANSION_FLOOR", 8 << 20)
        found = land(tmp_path_factory.mktemp("dirt"), SOURCE, {name: content for name, (content, _, _) in FILES.items()})
    found.document["said"] = said.getvalue()
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_loaded_or_says_why_not(landed: Landed, name: str) -> None:
    _, outcome, faults = FILES[name]
    (load,) = [load for load in landed.loads if load["file"] == name]
    if isinstance(outcome, str):
        assert outcome in load["refusal"]
        assert load["is_refused"]
    else:
        assert load["refusal"] == ""
        counts = tuple(load[count] for count in ("rows", "loaded", "duplicate", "ignored", "rejected"))
        assert (counts, load["faults"]) == (outcome, faults)


def test_a_refused_file_is_no_bug_and_stops_no_other(landed: Landed) -> None:
    assert landed.code == 11
    assert len(landed.loads) == len(FILES)


def test_no_answer_holds_an_address(landed: Landed) -> None:
    words = json.dumps(landed.document).replace("\\n", " ").split()
    assert [word for word in words if "@" in word and "***@" not in word] == []
    assert not any(number in json.dumps(landed.document) for number in ("1234567", "secret"))


def test_nothing_is_read_as_somebody_else(landed: Landed) -> None:
    addresses = {address for (address,) in landed._read("delivery", "address", "fault IS NULL")}
    assert {"mü1@x.at", "mü2@x.at", "mü3@x.at", "mü4@x.at", "ed@x.at", "gd@x.at", "fc@x.at", "fd@x.at"} <= addresses
    assert not {"ee@x.at", "ge@x.at"} & addresses, "of a key or field that stands twice the first holds"
    assert not [address for address in addresses if "�" in address or "Ã" in address or "\0" in address]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_of_an_archive_is_a_file_whatever_it_is_called(tmp_path: Path) -> None:
    members = [
        ("../../evil.json", "a"),
        ("/evil.json", "b"),
        ("same.json", "c"),
        ("same.json", "c"),
        ("deep\\same.json", "d"),
        ("x" * 300, "no"),
    ]
    found = land(tmp_path, SOURCE, {"all.zip": zipped(*((name, text(f"{who}@x.at" if who != "no" else "")) for name, who in members))})
    assert found.counts == (6, 5, 0, 0, 1)
    names = sorted(load["file"] for load in found.loads)
    assert names[:5] == [f"all.zip/{name}" for name in ("evil (2).json", "evil.json", "same (2).json", "same (3).json", "same.json")]
    assert not list(tmp_path.rglob("evil.json"))
    again = land(tmp_path, SOURCE, {}, as_of="2026-06-02T08:00:00Z")
    assert again.document["files"] == []


def test_a_file_may_be_called_anything(tmp_path: Path) -> None:
    """Brackets and stars are no patterns, quotes no SQL, and a name that is no text is spelt out."""
    names = ["e[1].csv", "e1.csv", "e*.csv", "e?.csv", "a'b\"c.csv", "a\nb.csv", "-rf $(x);.csv", "=1+1.csv", "ü" * 100 + ".csv"]
    names += [os.fsdecode(b"caf\xe9.csv"), "y" * 250 + ".csv"]
    files = {name: table(f"p{number}x") + b"nobody,spamreport,1\n" for number, name in enumerate(names)}
    found = land(tmp_path, SOURCE, files)
    assert found.code == 0
    assert found.counts == (44, 33, 0, 0, 11)
    read = {address for (address,) in found._read("delivery", "address", "fault IS NULL")}
    assert read == {f"p{number}x{each}@x.at" for number in range(len(names)) for each in range(3)}
    assert {"a\\nb.csv", "caf\\xe9.csv"} <= {load["file"] for load in found.loads}
    assert len([path for path in (tmp_path / "rejected").rglob("*.csv") if path.is_file()]) == len(names)
    assert land(tmp_path, SOURCE, {}, as_of="2026-06-02T08:00:00Z").document["files"] == []


def test_a_link_out_of_landing_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_bytes(array("secret"))
    folder = tmp_path / "landing" / SOURCE
    folder.mkdir(parents=True)
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    (folder / "loop.json").symlink_to(folder / "loop.json")
    (folder / "folder").symlink_to(tmp_path)
    assert land(tmp_path, SOURCE, {}).document["files"] == []


def test_a_small_file_that_is_written_while_it_is_read_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = vendor.read_together

    def written_meanwhile(*arguments: Any) -> Any:
        found = read(*arguments)
        with (tmp_path / "landing" / SOURCE / "b.json").open("ab") as late:
            late.write(b"\n" + text("late@x.at"))
        (tmp_path / "landing" / SOURCE / "c.json").unlink()
        return found

    with monkeypatch.context() as patched:
        patched.setattr(vendor, "read_together", written_meanwhile)
        found = land(tmp_path, SOURCE, {f"{name}.json": text(f"{name}@x.at") for name in "abc"})
    assert found.counts == (1, 1, 0, 0, 0)
    assert found.document["waiting"] == [f"{SOURCE}/b.json", f"{SOURCE}/c.json"]
    assert land(tmp_path, SOURCE, {}, as_of="2026-06-02T08:00:00Z").counts == (3, 3, 0, 0, 0)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(landing.os, "access", lambda path, mode: Path(path).name != "b.json")
        found = land(tmp_path, SOURCE, {"a.json": text("a@x.at"), "b.json": text("b@x.at")})
    assert found.code == 11
    assert [load["refusal"] for load in found.loads if load["is_refused"]] == ["the file may not be read: permission denied"]
    assert found.counts == (1, 1, 0, 0, 0)


def test_what_a_file_names_is_never_sql(tmp_path: Path) -> None:
    hostile = "1'); DROP TABLE x; --"
    group = event("a@x.at", event="group_unsubscribe", asm_group_id=hostile)
    target = {"scope": "list", "scope_id": "l1"}
    mapped = land(tmp_path / "map", SOURCE, {"a.json": [group]}, map={hostile: target})
    mapped.consents("""
        address | scope | scope_id
        --------+-------+---------
        a@x.at  | list  | l1
    """)
    header = f'Record ID,Email,"{hostile}","a""b",$path,{{0}}\n1,a@x.at,"O\'Hara\'); --",=1+1,2,3\n'
    found = land(tmp_path / "header", "hubspot_contacts", {"contacts.csv": header})
    assert found.counts == (1, 1, 0, 0, 0)
    ((attributes,),) = found._read("profile", "to_json(attributes)", "true")
    assert json.loads(attributes).items() >= {hostile: "O'Hara'); --", 'a"b': "=1+1", "$path": "2", "{0}": "3"}.items()


def test_broken_form_bodies(tmp_path: Path) -> None:
    sms = "From=%2B436641234567&MessageSid=SM{}&To=%2B43664999"
    found = land(
        tmp_path,
        "twilio_inbound",
        {
            "a.txt": "Body=STOP&" + sms.format(1),
            "b.txt": ("&".join(f"f{number}=1" for number in range(20_000)) + "&Body=STOP%00&" + sms.format(2)),
            "c.txt": f"Body=STOP&{sms.format(3)}&From=%2B436649999999&Body=no",
            "d.txt": f"Body=STOP&From=%2B43%ZZ&MessageSid=SM4&To=%2B43664999&x={quote('ü', encoding='cp1252')}",
            "e.txt": sms.format(5).replace("&", ";"),
        },
    )
    assert found.counts == (4, 3, 0, 0, 1)
    assert [load["file"] for load in found.loads if load["is_refused"]] == ["e.txt"]


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"[]", "is empty"),
        (b"{}", "no list 'emails'"),
        (DEEP, DAMAGED),
        (b'{"emails": ["a', "truncated"),
        (b"<html>no</html>", "neither digests nor JSON"),
        (bytes(range(128, 173)), "no multiple of 20"),
        (b'{"emails": [NaN, {"a": 1}, ["b"], 5, null, "\\ud800a@x.at", "a@x.at"]}', (7, 1, 0, 0, 6)),
    ],
    ids=["nothing", "blank", "no answer", "an empty answer", "deep", "cut off", "a page", "half a digest", "odd entries"],
)
def test_a_register_is_never_emptied_by_dirt(tmp_path: Path, content: bytes, outcome: Outcome) -> None:
    found = land(tmp_path, "ecg_list", {"ecg.bin": content}, register={"id": "ecg"})
    (load,) = found.loads
    if isinstance(outcome, str):
        assert load["is_refused"] and outcome in load["refusal"]
    else:
        assert found.counts == outcome


def test_a_large_envelope_is_read(tmp_path: Path) -> None:
    """A list that its vendor's interface gives in one answer, larger than what DuckDB takes for one object."""
    subscribers = [
        {"uuid": f"u{number}", "email": f"p{number}@x.at", "status": "blocklisted", "name": "x" * 900} for number in range(20_000)
    ]
    found = land(tmp_path, "listmonk_subscribers", {"all.json": {"data": {"results": subscribers}}})
    assert found.counts == (20_000, 20_000, 0, 0, 0)


def test_people_read_no_address_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    land(tmp_path, SOURCE, {})
    folder = tmp_path / "landing" / SOURCE
    folder.mkdir(parents=True)
    (folder / "headless.csv").write_bytes(b"secret@x.at,hello\n")
    (folder / "shifted.csv").write_bytes(b"event,email,timestamp\nsecret@x.at,spamreport,1\n")
    code, said = invoke(["--workspace", str(tmp_path), "ingest", "--as-of", AS_OF])
    assert code == 11
    told = said + capsys.readouterr().err
    assert "headless.csv" in told
    assert "secret" not in told


READ = """
import resource, sys
from pipeline.cli import invoke
code, answer = invoke(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10, answer.replace(chr(10), " "))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "before", "piece", "after", "fault"),
    [
        ("field.ndjson", lines("a") + b'{"email": "b@x.at", "event": "', b"x", b'"}\n' + lines("c"), "json_unreadable"),
        ("field.csv", table("a") + b"b@x.at,spamreport,", b"1", b"\n" + table("c")[22:], "field_too_long"),
        ("cell.csv", table("a") + b'b@x.at,spamreport,"', b"x\n", b'"\n' + table("c")[22:], "field_too_long"),
        ("field.xml", b"<a><r><email>a@x.at</email><event>spamreport</event></r><r><email>", b"x", b"</email></r></a>", "json_unreadable"),
    ],
    ids=["JSON", "CSV", "CSV in quotes", "XML"],
)
def test_a_hundred_megabytes_in_one_field_cost_neither_the_file_nor_the_memory(
    tmp_path: Path, name: str, before: bytes, piece: bytes, after: bytes, fault: str
) -> None:
    land(tmp_path, SOURCE, {})
    folder = tmp_path / "landing" / SOURCE
    folder.mkdir(parents=True)
    (folder / name).write_bytes(before + piece * ((100 << 20) // len(piece)) + after)
    command = [sys.executable, "-c", READ, "--workspace", str(tmp_path), "--json", "ingest", "--as-of", AS_OF]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    peak, _, answer = done.stdout.partition(" ")
    (load,) = json.loads(answer)["files"]
    assert load["faults"] == {fault: 1}
    assert load["loaded"] == load["rows"] - 1 > 0
    assert int(peak) < 1000, "megabytes"
