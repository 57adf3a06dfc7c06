"""Public CSV files and naughty strings go in and come out unharmed, or are rejected with a reason; no spreadsheet runs them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.cli import invoke
from tests.lib.workspaces import publication

SAMPLES = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the public samples are not beside this checkout")
AS_OF = "2026-06-01T08:00:00Z"
ORGANISATIONS = {"o1": {"country": "AT", "timezone": "Europe/Vienna", "brands": {"b1": {"lists": ["l1"]}}}}
CAMPAIGN = {
    "organisation": "o1",
    "brand": "b1",
    "channel": "email",
    "message_class": "marketing",
    "delivery_analysis_at": "2026-06-01T09:00:00Z",
    "columns": ["first_name", "motto"],
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def samples(name: str) -> list[dict[str, Any]]:
    path = SAMPLES / name / "expected.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line] if path.exists() else []


def write(folder: Path, name: str, content: bytes | str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def workspace(folder: Path) -> None:
    policy = {"consent_required": "none"}
    write(folder, "presend.yaml", json.dumps({"organisations": ORGANISATIONS, "policy": policy}))
    write(folder, "feeds/crm.yaml", json.dumps({"source": "canonical_profiles", "organisation": "o1", "max_rejected": "100%"}))
    write(folder, "campaigns/c1.yaml", json.dumps(CAMPAIGN))


def presend(folder: Path, *words: str) -> dict[str, Any]:
    code, out = invoke(["--workspace", str(folder), "--json", *words, "--as-of", AS_OF])
    assert code == 0, out
    found: dict[str, Any] = json.loads(out)
    return found


def plain(name: str) -> str:
    return " ".join(name.split())


@pytest.mark.parametrize("sample", samples("csv"), ids=lambda sample: sample["id"])
def test_every_cell_of_a_public_csv_comes_out_as_it_went_in(sample: dict[str, Any], tmp_path: Path) -> None:
    content = (SAMPLES / "csv" / sample["file"]).read_bytes()
    text = content.decode("utf-8-sig")
    separator = ";" if ";" in text.splitlines()[0] else ","
    header, *lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if line]
    # Its first column is taken for the profiles' ids; nothing else of the file is touched.
    workspace(tmp_path)
    write(tmp_path, "landing/crm/public.csv", content.replace(header[0].encode(), b"profile_id", 1))

    (file,) = presend(tmp_path, "ingest")["files"]

    assert file["rows"] == len(lines) == file["loaded"] + file["duplicate"] + file["ignored"] + file["rejected"]
    ragged = [line for line in lines if len(line) != len(header)]
    nameless = [line for line in lines if len(line) == len(header) and not line[0].strip()]
    assert file["rejected"] == len(ragged) + len(nameless)
    assert set(file["faults"]) <= {"profile_id_missing", "too_few_fields", "too_many_fields"}
    presend(tmp_path, "build")
    names = [name.strip() for name in header[1:]]
    # What is invisible in an id is a blank.
    expected = {plain(line[0]): dict(zip(names, line[1:], strict=True)) for line in lines if line not in ragged + nameless}
    with duckdb.connect(str(tmp_path / "warehouse" / "presend.duckdb"), read_only=True) as con:
        found = con.execute("SELECT profile_id, first_name, last_name, city, external_id, attributes FROM profile").fetchall()
    got = {
        plain(str(row[0])): {**dict(zip(("First name", "Last name", "city", "External ID"), row[1:5], strict=True)), **(row[5] or {})}
        for row in found
    }
    assert got.keys() == expected.keys()
    assert all(got[name][column] == value for name, cells in expected.items() for column, value in cells.items())


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_every_naughty_string_passes_as_a_name_and_no_formula_runs(form: str, tmp_path: Path) -> None:
    inputs = {f"p{number:03}": sample["input"] for number, sample in enumerate(samples("strings"))}
    assert len(inputs) > 200
    rows = [{"profile_id": name, "email": f"{name}@post.example.at", "first_name": text, "motto": text} for name, text in inputs.items()]
    workspace(tmp_path)
    if form == "ndjson":
        write(tmp_path, "landing/crm/people.ndjson", "".join(json.dumps(row) + "\n" for row in rows))
    else:
        sheet = io.StringIO(newline="")
        writer = csv.DictWriter(sheet, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        write(tmp_path, "landing/crm/people.csv", sheet.getvalue())

    ingested = presend(tmp_path, "run")["ingested"]["files"][0]

    assert ingested["rows"] == len(rows) and ingested["rejected"] == 0
    published = publication(tmp_path, "c1", "o1")
    with (published.path / "audience.csv").open(encoding="utf-8", newline="") as file:
        sheet_of = {row["profile_id"]: row for row in csv.DictReader(file)}
    with duckdb.connect() as con:
        exact = con.execute(
            "SELECT profile_id, first_name, motto FROM read_parquet($file)", {"file": str(published.path / "audience.parquet")}
        ).fetchall()
    assert {name: (first, motto) for name, first, motto in exact} == {name: (text, text) for name, text in inputs.items()}
    for name, text in inputs.items():
        neutral = f"'{text}" if text.startswith(FORMULA) else text
        assert (sheet_of[name]["first_name"], sheet_of[name]["motto"]) == (neutral, neutral)
    page = (published.path / "report.html").read_text(encoding="utf-8")
    assert not [text for text in inputs.values() if len(text) > 8 and "<" in text and text in page]
