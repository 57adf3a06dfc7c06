"""Any table as a canonical feed: the feed's YAML says which of its columns hold ours (`columns`, `constants`, `attributes`)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lib import workspaces
from tests.lib.feeds import land
from tests.lib.workbooks import workbook
from tests.lib.world import World

PEOPLE = [["Kundennummer", "E-Mail", "Geändert am", "Treue"], ["K1", "a@x.at", "31.12.2025 14:22", "gold"], ["K2", "b@x.at", "", ""]]
COLUMNS = {"profile_id": "kundennummer", "email": "E-Mail", "updated_at": "Geändert am"}
WRITTEN = {"updated_at": {"type": "datetime", "format": "%d.%m.%Y %H:%M"}}
RECORDS = [
    {"Kundennummer": "K1", "Kontakt": {"Mail": "a@x.at"}},
    {"Kontakt": {"Mail": "b@x.at"}, "Kundennummer": "K2", "Tags": [{"name": "gold"}]},
]
FORMS: dict[str, Any] = {
    "an array": RECORDS,
    "an object with one array": {"total": 2, "next": None, "contacts": RECORDS},
    "an array in an object in an object": {"data": {"page": 1, "contacts": RECORDS}},
    "one a line": "\n".join(map(json.dumps, RECORDS)),
    "one after another": "".join(map(json.dumps, RECORDS)),
    "one after another, over several lines": "\n".join(json.dumps(record, indent=2) for record in RECORDS),
    "an array a line": "\n".join(json.dumps([record]) for record in RECORDS),
    "an object and an array": f"{json.dumps(RECORDS[0])}\n{json.dumps(RECORDS[1:])}",
    "a page a line": "\n".join(json.dumps({"contacts": [record]}) for record in RECORDS),
    "with commas between": ",\n".join(map(json.dumps, RECORDS)),
}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_of_any_header_is_read_as_it_is_told(tmp_path: Path, form: str) -> None:
    content = workbook(PEOPLE) if form == "xlsx" else "\n".join(";".join(row) for row in PEOPLE).encode("cp1252")
    landed = land(tmp_path, "canonical_profiles", {f"p.{form}": content}, columns=COLUMNS, attributes=WRITTEN)
    assert landed.code == 0, landed.document
    landed.profiles("""
        profile_id | email_address | updated_at           | updated_until        | attributes['Treue']
        K1         | a@x.at        | 2025-12-31T13:22:00Z | 2025-12-31 13:22:59.999999+00 | gold
        K2         | b@x.at        |                      |                      |
    """)
    assert landed.loads[0]["attributes"] == ["Treue"]


@pytest.mark.parametrize("form", FORMS)
def test_json_is_read_in_every_form_and_a_column_may_be_a_path(tmp_path: Path, form: str) -> None:
    columns = {"profile_id": "Kundennummer", "email": "Kontakt/Mail"}
    landed = land(tmp_path, "canonical_profiles", {"p.json": FORMS[form]}, columns=columns)
    assert landed.counts == (2, 2, 0, 0, 0)
    landed.profiles("""
        profile_id | email_address
        K1         | a@x.at
        K2         | b@x.at
    """)


@pytest.mark.parametrize("form", FORMS)
def test_the_keys_of_a_path_compare_as_headers_do(tmp_path: Path, form: str) -> None:
    landed = land(tmp_path, "canonical_profiles", {"p.json": FORMS[form]}, columns={"profile_id": "kundennummer", "email": "kontakt/mail"})
    landed.profiles("""
        profile_id | email_address
        K1         | a@x.at
        K2         | b@x.at
    """)


@pytest.mark.parametrize("form", ["%d.%m.%Y %H:%M", "%Y-%j %H:%M", "%d. %b %y %I:%M %p", "%c", "%x %X", "%d.%m.%Y", "%d.%m.%Y %H:%M %z"])
def test_a_time_that_says_its_day_and_minute_may_be_written_in_any_way(tmp_path: Path, form: str) -> None:
    attributes = {"occurred_at": {"type": "datetime", "format": form}, "until": {"type": "date", "format": "%-d/%-m/%Y"}}
    assert land(tmp_path, "canonical_consent", {}, attributes=attributes).code == 0


def test_what_every_row_says_need_not_stand_in_it(tmp_path: Path) -> None:
    content = "Adresse,Abgemeldet am,Grund\na@x.at,01.05.2026,zu viel\nb@x.at,2026-05-02T08:00:00Z,\n"
    landed = land(
        tmp_path,
        "canonical_consent",
        {"c.csv": content},
        columns={"address": "Adresse", "occurred_at": "Abgemeldet am", "reason_text": "Grund"},
        constants={"action": "opt_out", "channel": "email", "scope": "list", "scope_id": "l1"},
        attributes={"Abgemeldet am": {"type": "date", "format": "%d.%m.%Y"}},
        timezone="UTC",
    )
    landed.consents("""
        address | action  | channel | scope_id | reason_text | occurred_from        | occurred_until
        a@x.at  | opt_out | email   | l1       | zu viel     | 2026-05-01T00:00:00Z | 2026-05-01T23:59:59Z
        b@x.at  | opt_out | email   | l1       |             | 2026-05-02T08:00:00Z | 2026-05-02T08:00:00Z
    """)


def test_one_column_may_hold_two_of_ours_and_a_placed_one_that_says_no_still_does(tmp_path: Path) -> None:
    columns = {"profile_id": "Mail", "email": "Mail", "updated_at": "Abgemeldet am"}
    landed = land(tmp_path, "canonical_profiles", {"p.csv": "Mail,Abgemeldet am\na@x.at,2026-05-01\nb@x.at,\n"}, columns=columns)
    landed.profiles("""
        profile_id | email_address | flags
        a@x.at     | a@x.at        | any:opted_out
        b@x.at     | b@x.at        |
    """)


@pytest.mark.parametrize(
    ("content", "settings", "reason"),
    [
        ("Kundennummer,Mail\nK1,a@x.at\n", {"columns": COLUMNS}, "column 'E-Mail', 'Geändert am' is missing"),
        ("profile_id,country\n1,DE\n", {"constants": {"country": "AT"}}, "'country' stands in the file and among the feed's `constants`"),
        ("profile_id,country\n1,DE\n", {"constants": {"country": "AT"}}, "remove it from `constants`"),
    ],
)
def test_a_file_that_is_not_as_it_was_told_is_refused(tmp_path: Path, content: str, settings: dict[str, Any], reason: str) -> None:
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content}, **settings)
    assert landed.code == 11
    assert reason in landed.document["error"]["message"]


@pytest.mark.parametrize("source", ["canonical_profiles", "canonical_consent", "canonical_delivery"])
@pytest.mark.parametrize(
    "content",
    [
        '{"message": "Invalid private key"}',
        '{"errors": [{"message": "authorization required", "field": null}]}',
        '{"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "a key is missing"}',
        '[{"errorCode": "INVALID_SESSION_ID", "message": "Session expired"}]',
        '{"id": 7, "url": "https://example.at/export"}',
    ],
)
def test_an_interfaces_error_is_no_file_whatever_share_may_be_rejected(tmp_path: Path, source: str, content: str) -> None:
    """A download that failed is no empty list: nothing in it is a column of the feed's."""
    landed = land(tmp_path, source, {"export.json": content}, max_rejected="100%")
    assert (landed.code, landed.counts) == (11, (0, 0, 0, 0, 0))
    assert "max_rejected" not in landed.document["error"]["remedy"], "there is no row to look at"


@pytest.mark.parametrize("name", ["email", "E-Mail", "Email Address", "hash", "entry"])
def test_a_register_takes_the_column_that_lists_of_other_systems_have(tmp_path: Path, name: str) -> None:
    landed = land(tmp_path, "canonical_register", {"r.csv": f"added,{name}\n2026-01-01,a@x.at\n,@y.at\n"}, register={"id": "r"})
    landed.register("""
        entry_kind | value
        address    | a@x.at
        domain     | y.at
    """)


def test_a_register_whose_column_nobody_knows_is_refused_until_it_is_named(tmp_path: Path) -> None:
    files = {"r.csv": "email,phone\na@x.at,\n"}
    landed = land(tmp_path, "canonical_register", files, register={"id": "r"})
    assert landed.code == 11 and "columns: {entry: …}" in landed.document["error"]["message"]
    landed = land(tmp_path, "canonical_register", files, register={"id": "r"}, columns={"entry": "email"}, as_of="2026-06-02T08:00:00Z")
    landed.register("""
        entry_kind | value
        address    | a@x.at
    """)


@pytest.mark.parametrize("header", ["email,md5", "E-Mail,Domain", "hash,sha256"])
def test_a_register_of_addresses_and_hashes_is_refused_until_one_is_named(tmp_path: Path, header: str) -> None:
    files = {"r.csv": f"{header},Adresse\n,{'a' * 32},Weg 1\n"}
    landed = land(tmp_path, "canonical_register", files, register={"id": "r"})
    assert landed.code == 11 and "nobody knows which column holds the entries" in landed.document["error"]["message"]


def test_of_a_register_an_address_column_holds_the_entries_only_where_no_other_does(tmp_path: Path) -> None:
    landed = land(tmp_path, "canonical_register", {"r.csv": "Adresse,email\nWeg 1,a@x.at\n"}, register={"id": "r"})
    assert landed.counts == (1, 1, 0, 0, 0)


def test_a_register_whose_column_is_named_may_come_without_a_header(tmp_path: Path) -> None:
    landed = land(tmp_path, "canonical_register", {"r.csv": "a@x.at\nb@x.at\n"}, register={"id": "r"}, columns={"entry": "email"})
    assert landed.counts == (2, 2, 0, 0, 0)


def test_a_corrected_placing_reads_the_files_anew(world: Callable[..., World]) -> None:
    small = world()
    small.profiles("""
        profile_id | email
        anna       | anna@x.at
        bert       | bert@x.at
    """)
    shop = {"source": "canonical_consent", "constants": {"action": "opt_out", "scope": "group"}}
    workspaces.write_yaml(small.folder / "feeds" / "shop.yaml", {**shop, "columns": {"address": "Erste"}})
    landed = small.folder / "landing" / "shop" / "a.csv"
    landed.parent.mkdir()
    landed.write_text("occurred_at,Erste,Zweite\n2026-05-01T08:00:00Z,anna@x.at,bert@x.at\n")
    small.arrives(as_of="2026-05-02T08:00:00+00:00")
    workspaces.write_yaml(small.folder / "feeds" / "shop.yaml", {**shop, "columns": {"address": "Zweite"}})
    small.campaign("c1")
    small.decides("""
        profile | reasons
        anna    |
        bert    | opted_out_group
    """)


@pytest.mark.parametrize(
    ("source", "settings", "message"),
    [
        ("canonical_profiles", {"columns": {"emial": "E-Mail"}}, "'emial' is no column of ours"),
        ("canonical_profiles", {"columns": {"email": "E-Mail"}, "constants": {"email": "x"}}, "'email' stands in `columns` too"),
        ("hubspot_contacts", {"columns": {"email": "E-Mail"}}, "hubspot_contacts knows its own columns"),
        ("canonical_consent", {"attributes": {"occurred_at": {"type": "datetime", "format": "%s"}}}, "sign of strptime"),
        ("canonical_consent", {"attributes": {"occurred_at": {"type": "datetime", "format": "%d.%m.%Y %H:%M %Z"}}}, "sign of strptime"),
        ("canonical_consent", {"attributes": {"occurred_at": {"type": "date", "format": "%m/%Y"}}}, "does not say the day of occurred_at"),
        ("canonical_consent", {"attributes": {"until": {"type": "datetime", "format": "%H:%M"}}}, "does not say the day of until"),
        ("canonical_profiles", {"attributes": {"updated_at": {"type": "date", "format": "%d.%m."}}}, "does not say the day of updated_at"),
        (
            "canonical_delivery",
            {"columns": {"occurred_at": "Wann"}, "attributes": {"Wann": {"type": "datetime", "format": "%Y-%m-%d %H"}}},
            "does not say the minute of occurred_at",
        ),
        (
            "canonical_consent",
            {"attributes": {"occurred_at": {"type": "datetime", "format": "%d.%m.%Y %I:%M"}}},
            "does not say the minute of occurred_at",
        ),
        ("canonical_register", {"register": {"id": "r"}, "columns": {"entry": None}}, "a register needs its entries"),
        ("canonical_profiles", {"flags": {"Status": {"says": "consent", "unless": ["aktiv"]}}}, "unless belongs to opted_out and deceased"),
    ],
)
def test_a_placing_that_cannot_be_is_a_fault(tmp_path: Path, source: str, settings: dict[str, Any], message: str) -> None:
    landed = land(tmp_path, source, {}, **settings)
    assert landed.code == 10
    assert message in landed.document["error"]["message"]
