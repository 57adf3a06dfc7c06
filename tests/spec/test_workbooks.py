"""XLSX with one sheet is read as the CSV of its cells (domain §8), whatever the file is called."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.lib.feeds import land
from tests.lib.workbooks import workbook

PEOPLE = [["profile_id", "phone", "email", "birth_date"], [1001, 436641234567, "a@x.at", date(1980, 2, 1)], [1002.0, None, "b@x.at", None]]


def packed(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("name", ["p.xlsx", "P.XLSX", "p.csv", "p", "p.zip"])
def test_cells_are_what_they_are(tmp_path: Path, name: str) -> None:
    landed = land(tmp_path, "canonical_profiles", {name: workbook(PEOPLE)})
    landed.profiles("""
        profile_id | phone        | email_address | birth_date
        1001       | 436641234567 | a@x.at        | 1980-02-01
        1002       |              | b@x.at        |
    """)


def test_a_moment_is_one_and_a_day_is_the_whole_day(tmp_path: Path) -> None:
    rows = [
        ["address", "occurred_at", "scope", "action", "reason_text"],
        ["a@x.at", datetime(2026, 5, 1, 10, 0, 1), "group", "opt_out", 'says "no"\nand means it'],
        ["b@x.at", date(2026, 5, 1), "group", "opt_out", None],
    ]
    landed = land(tmp_path, "canonical_consent", {"a.xlsx": workbook(rows)}, timezone="UTC")
    landed.consents("""
        address | occurred_from        | occurred_until
        a@x.at  | 2026-05-01T10:00:01Z | 2026-05-01T10:00:01Z
        b@x.at  | 2026-05-01T00:00:00Z | 2026-05-01T23:59:59Z
    """)


@pytest.mark.parametrize(
    ("source", "rows", "settings"),
    [
        ("canonical_register", [["entry"], ["a@x.at"]], {"register": {"id": "ecg"}}),
        ("hubspot_contacts", [["Record ID", "Email"], [12, "a@x.at"]], {}),
        ("canonical_delivery", [["occurred_at", "type", "address"], [date(2026, 5, 1), "complaint", "a@x.at"]], {}),
    ],
)
def test_everything_that_reads_a_table_reads_it(tmp_path: Path, source: str, rows: list[list[Any]], settings: dict[str, Any]) -> None:
    landed = land(tmp_path, source, {"a.xlsx": workbook(rows)}, **settings)
    assert (landed.code, landed.counts[:2]) == (0, (1, 1))


def test_sheets_rows_and_columns_without_cells_do_not_count(tmp_path: Path) -> None:
    sheet = [[*row, None] for row in PEOPLE] + [[None] * 5] * 3
    assert land(tmp_path, "canonical_profiles", {"p.xlsx": workbook(sheet, [], [[None]])}).counts == (2, 2, 0, 0, 0)


def test_a_workbook_in_an_archive_is_read(tmp_path: Path) -> None:
    assert land(tmp_path, "canonical_profiles", {"p.zip": packed("p.xlsx", workbook(PEOPLE))}).counts[1] == 2


def test_a_csv_that_is_called_a_workbook_is_a_csv(tmp_path: Path) -> None:
    assert land(tmp_path, "canonical_profiles", {"p.xlsx": "profile_id\n1\n"}).counts[1] == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (workbook(PEOPLE, PEOPLE), "2 sheets with cells"),
        (workbook([]), "empty"),
        (workbook(PEOPLE)[:900], "truncated or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old form (.xls), or encrypted"),
        (packed("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), "save it as .xlsx or CSV"),
        (packed("xl/workbook.bin", b"x"), "save it as .xlsx or CSV"),
        (packed("p.csv", b"profile_id\n1\n"), "packed (zip)"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    landed = land(tmp_path, "canonical_profiles", {"p.xlsx": content})
    assert landed.code == 11
    assert reason in landed.document["error"]["message"]
