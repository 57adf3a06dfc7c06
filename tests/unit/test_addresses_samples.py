"""The public samples of addresses and numbers, where they are there: each is read as the best public readers read it."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.addresses import install, read_email, read_phone

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data"


def samples(name: str) -> list[dict[str, Any]]:
    file = SAMPLES / name / "expected.jsonl"
    if not file.exists():
        pytest.skip(f"the samples ../shared/data/{name} are not here")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    install(connection, ["AT", "DE", "NL", "CH", "US", "BE", "LI", "LU", "IT", "FR", "GB"])
    return connection


def test_addresses(con: duckdb.DuckDBPyConnection) -> None:
    wrong = []
    for case in samples("emails"):
        if case["accepted"] is None:
            continue  # the sources do not agree
        email = read_email(case["input"])
        by_library = email.address if email else None
        by_macro = con.execute("SELECT plain_email(?)", [case["input"]]).fetchall()[0][0]
        for address in (by_library, by_macro or by_library):
            if address not in (case["accepted"] or [None]):
                wrong.append((case["id"], case["input"], address))
    assert wrong == []


def test_numbers(con: duckdb.DuckDBPyConnection) -> None:
    cases = samples("phones")
    con.execute("CREATE TABLE cell (id VARCHAR, raw VARCHAR, country VARCHAR)")
    con.executemany("INSERT INTO cell VALUES (?, ?, ?)", [(case["id"], case["input"], case["default_region"]) for case in cases])
    by_macro = dict(con.execute("SELECT id, plain_phone(raw, country) FROM cell").fetchall())
    wrong = []
    for case in cases:
        phone = read_phone(case["input"], case["default_region"])
        by_library = phone.number if phone else None
        for number in (by_library, by_macro[case["id"]] or by_library):
            if number != case["expected_e164"]:
                wrong.append((case["id"], case["input"], number))
    assert wrong == []
