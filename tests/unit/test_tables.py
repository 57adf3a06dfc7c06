"""Tables as they come: encodings, separators, quoted line breaks, ragged rows, NUL bytes, JSON in its shapes."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.tables import read_table, read_table_again
from pipeline.ledger.texts import canonical

ROWS = [{"profile_id": "p1", "city": "Wien"}, {"profile_id": "p2", "city": "Graz"}]
UMLAUTS = "profile_id;city\np1;Mürzzuschlag\n"


def rows_of(path: Path, folder: Path, required: tuple[str, ...] = ("profile_id",)) -> list[dict[str, Any]]:
    """Every row by its header, read as the loader reads: by DuckDB, and where it refuses, once more in Python."""
    with duckdb.connect() as con:
        try:
            return _fetched(con, read_table(con, path, folder, required))
        except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException, duckdb.OutOfRangeException):
            return _fetched(con, read_table_again(path, folder, required))


def _fetched(con: duckdb.DuckDBPyConnection, table: Any) -> list[dict[str, Any]]:
    names = [*table.header, "fault", "raw"]
    rows = con.execute(f"SELECT {', '.join(f'c{n}' for n in range(len(table.header)))}, fault, raw FROM ({table.select})", table.parameters)
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in ("fault", "raw")} for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(UMLAUTS.encode(encoding))
    assert told(rows_of(path, tmp_path)) == [{"profile_id": "p1", "city": "Mürzzuschlag"}]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_separators_and_line_ends(tmp_path: Path, separator: str, line_end: str) -> None:
    path = tmp_path / "t.csv"
    lines = [["profile_id", "city"], ["p1", "Wien"], ["p2", "Graz"]]
    path.write_bytes(line_end.join(separator.join(cells) for cells in lines).encode())
    assert told(rows_of(path, tmp_path)) == ROWS


def test_quotes_hold_separators_line_breaks_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('profile_id,city\np1,"Wien,\nLand ""N"""\np2,Graz\n')
    assert told(rows_of(path, tmp_path)) == [{"profile_id": "p1", "city": 'Wien,\nLand "N"'}, {"profile_id": "p2", "city": "Graz"}]


def test_a_ragged_row_is_a_fault_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("profile_id,city\np1,Wien\np3\np4,Linz,Urfahr\np2,Graz\n")
    rows = rows_of(path, tmp_path)
    assert [row["fault"] for row in rows] == [None, "too_few_fields", "too_many_fields", None]
    assert (rows[1]["raw"], rows[2]["raw"]) == ("p3", "p4,Linz,Urfahr")
    assert told([rows[0], rows[3]]) == ROWS


def test_a_nul_byte_does_not_cost_the_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"profile_id,city\np1,Wi\0en\np2,Graz\n")
    rows = rows_of(path, tmp_path)
    assert [row["profile_id"] for row in rows] == ["p1", "p2"]


@pytest.mark.parametrize(
    "text",
    [json.dumps(ROWS), "\n".join(map(json.dumps, ROWS)), "\n\n".join(map(json.dumps, ROWS)) + "\n", json.dumps(ROWS, indent=2)],
    ids=["array", "lines", "lines with blank ones", "array over lines"],
)
def test_json_in_its_shapes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text)
    assert sorted(told(rows_of(path, tmp_path)), key=lambda row: row["profile_id"]) == [
        {name: row[name] for name in row} for row in sorted(ROWS, key=lambda row: row["profile_id"])
    ]


def test_one_json_object_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(ROWS[0], indent=1))
    assert told(rows_of(path, tmp_path)) == ROWS[:1]


def test_a_broken_line_of_json_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('{"profile_id": "p1"}\n{"profile_id": "p\n[1]\n{"profile_id": "p2"}\n')
    rows = rows_of(path, tmp_path)
    assert [(row["profile_id"], row["fault"]) for row in rows] == [
        ("p1", None), ("", "json_unreadable"), ("", "not_an_object"), ("p2", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "is empty"), (" \n", "is empty"), ("city\nWien\n", "'profile_id' is missing"), ("profile_id,City,city\n", "stands twice")],
)
def test_what_is_no_such_table(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(UnreadableFile, match=reason):
        rows_of(path, tmp_path)


def test_headers_are_data(tmp_path: Path) -> None:
    """A header that would be SQL is only a name."""
    path = tmp_path / "t.csv"
    path.write_text('profile_id,"x\'); DROP TABLE t --"\np1,Wien\n')
    assert told(rows_of(path, tmp_path)) == [{"profile_id": "p1", "x'); DROP TABLE t --": "Wien"}]


@pytest.mark.parametrize("text", ["Profile ID", " profile-id ", "\ufeffPROFILE_ID"])
def test_names_compare_without_case_blanks_and_hyphens(text: str) -> None:
    assert canonical(text) == "profile_id"
