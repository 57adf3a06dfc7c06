"""Files that were put one behind another, rows that Excel keeps, and columns of one name (domain §8): no row is read by another's header.

A header that stands again is no row. Where it stands in another order nobody knows which rows are whose, and the file is refused (11).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger.landing import UnreadableFile
from tests.lib.feeds import Landed, land
from tests.lib.workbooks import workbook
from tests.lib.workspaces import presend
from tests.lib.world import World
from tests.unit.test_tables import rows_of

REGISTER = {"register": {"id": "ecg"}}
TABLES: dict[str, list[list[str]]] = {
    "canonical_profiles": [["profile_id", "email", "city"], ["P1", "a@x.at", "Wien"], ["P2", "b@x.at", "Graz"]],
    "canonical_consent": [
        ["address", "occurred_at", "scope", "action"],
        ["a@x.at", "2026-05-01", "group", "opt_out"],
        ["b@x.at", "2026-05-01", "group", "opt_out"],
    ],
    "canonical_delivery": [
        ["address", "occurred_at", "type"],
        ["a@x.at", "2026-05-01", "complaint"],
        ["b@x.at", "2026-05-01", "complaint"],
    ],
    "canonical_register": [["entry", "since"], ["a@x.at", "2026"], ["b@x.at", "2026"]],
    "hubspot_contacts": [["Record ID", "Email", "City"], ["1", "a@x.at", "Wien"], ["2", "b@x.at", "Graz"]],
    "sendgrid_suppressions": [["email", "created"], ["a@x.at", "1775120400"], ["b@x.at", "1775120400"]],
}


FORMS = [*((source, "csv") for source in TABLES), *((source, form) for source in list(TABLES)[:5:4] for form in ("slow.csv", "xlsx"))]


def landed(folder: Path, source: str, rows: list[list[str]], form: str = "csv") -> Landed:
    """The rows as a file of the source. A row of another width in `slow.csv` makes that it is read row by row."""
    settings: dict[str, Any] = REGISTER if source == "canonical_register" else {}
    if form == "slow.csv":
        rows = [*rows, ["x"]]
    content = workbook(rows) if form == "xlsx" else "".join(";".join(row) + "\n" for row in rows)
    return land(folder, source, {f"unsubscribes.{form}": content}, **settings)


@pytest.mark.parametrize(("source", "form"), FORMS)
def test_a_header_that_stands_again_is_ignored_and_counted_so(tmp_path: Path, source: str, form: str) -> None:
    header, first, second = TABLES[source]
    again = ["\ufeff" + header[0].upper(), *header[1:]] if form != "xlsx" else header
    found = landed(tmp_path, source, [header, first, again, second], form)
    assert (found.code, found.counts[:4]) == (0, (3 + (form == "slow.csv"), 2, 0, 1))


@pytest.mark.parametrize(("source", "form"), FORMS)
def test_a_header_that_stands_again_in_another_order_refuses_the_file_with_its_line(tmp_path: Path, source: str, form: str) -> None:
    header, first, second = TABLES[source]
    found = landed(tmp_path, source, [header, first, header[::-1], second[::-1]], form)
    assert (found.code, found.counts[1]) == (11, 0)
    assert "line 3: the header stands there again" in found.document["error"]["message"]


@pytest.mark.parametrize(
    ("rows", "ignored"),
    [
        ("profile_id;email\nP1;\nemail;\n", 0),  # one name alone may be a value
        ("profile_id;email;email opt out\nP1;a@x.at;\nprofile_id;;email opt out\n", 1),  # cells that are empty say nothing
        ("profile_id;email\nP1;a@x.at\nprofile_id;E-Mail of P2\n", 0),
        ("profile_id\nP1\nProfile ID\n", 1),  # every column of the file
        ("sep=;\n\nprofile_id;email\nP1;a@x.at\nprofile_id;email\n", 1),
        ('profile_id;email\nP1;a@x.at\n"profile_id";" email "\n', 1),
    ],
)
def test_a_header_is_a_row_of_names_alone_two_at_least_or_all(tmp_path: Path, rows: str, ignored: int) -> None:
    found = land(tmp_path, "canonical_profiles", {"p.csv": rows})
    assert (found.code, found.counts) == (0, (2, 2 - ignored, 0, ignored, 0))


def test_the_line_is_the_files_own_below_a_preamble(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('sep=;\n\nprofile_id;city\np1;"Wien\nOst"\n\ncity;profile_id\nGraz;p2\n')
    with pytest.raises(UnreadableFile, match="line 7: the header stands there again"):
        rows_of(path, tmp_path)


def test_where_a_file_has_no_header_no_row_is_one(tmp_path: Path) -> None:
    """SendGrid's list of addresses: what stands first is somebody's, and may well stand again."""
    found = land(tmp_path, "sendgrid_suppressions", {"group.csv": "a@x.at\nb@x.at\na@x.at\n"})
    assert (found.code, found.counts) == (0, (3, 2, 1, 0, 0))


def test_a_file_of_a_campaign_is_read_so_too(world: Callable[..., World]) -> None:
    small = world()
    small.profiles("email\n------\na@x.at\nb@x.at\nc@x.at")
    small.campaign(exclude_files=["left-out.csv"])
    listed = small.folder / "left-out.csv"
    listed.write_text("email;name\na@x.at;Anna\n;\nemail;name\nb@x.at;Bert\n")
    small.decides("""
        candidate | reasons
        ----------+------------------
        a@x.at    | excluded_audience
        b@x.at    | excluded_audience
        c@x.at    |
    """)
    listed.write_text("email;name\na@x.at;Anna\nname;email\nBert;b@x.at\n")
    answer = presend(small.folder, "check")
    assert answer.code == 10 and "line 3: the header stands there again" in str(answer.error)


@pytest.mark.parametrize("source", TABLES)
def test_a_row_without_a_cell_is_no_row(tmp_path: Path, source: str) -> None:
    """Excel keeps rows that were filled once; the strictest `max_rejected` does not see them."""
    header, first, second = TABLES[source]
    blank = [[white] * len(header) for white in ("", " ", "\u00a0", "\t ")]
    text = "".join(";".join(row) + "\n" for row in (header, first, *blank, second, *blank))
    settings: dict[str, Any] = REGISTER if source == "canonical_register" else {}
    found = land(tmp_path, source, {"unsubscribes.csv": text}, max_rejected="0.1%", **settings)
    assert (found.code, found.counts) == (0, (2, 2, 0, 0, 0))


def test_a_row_of_too_many_empty_cells_is_no_row_either(tmp_path: Path) -> None:
    found = land(tmp_path, "canonical_profiles", {"p.csv": "profile_id;email\nP1;a@x.at\n;;;;\n;\n \n"})
    assert found.counts == (1, 1, 0, 0, 0)


REJECTED = {
    "canonical_profiles": ("profile_id;email;;\nP1;a@x.at;;\n;b@x.at;;\n", "profile_id_missing"),
    "canonical_consent": (
        "address;occurred_at;scope;action;;\na@x.at;2026-05-01;group;opt_out;;\nb@;2026-05-01;group;opt_out;;\n",
        "address_unreadable",
    ),
    "canonical_delivery": ("address;occurred_at;type;;\na@x.at;2026-05-01;complaint;;\nb@;2026-05-01;complaint;;\n", "address_unreadable"),
    "canonical_register": ("entry;;\na@x.at;;\nb@;;\n", "entry_unreadable"),
    "hubspot_contacts": ("Record ID;Email;;\n1;a@x.at;;\n;b@x.at;;\n", "profile_id_missing"),
}  # fmt: skip


@pytest.mark.parametrize("source", REJECTED)
def test_a_row_is_rejected_also_where_columns_have_no_name(tmp_path: Path, source: str) -> None:
    text, reason = REJECTED[source]
    found = land(tmp_path, source, {"a.csv": text}, **(REGISTER if source == "canonical_register" else {}))
    assert (found.code, found.counts[1], found.rejected) == (0, 1, [(2, reason)])


@pytest.mark.parametrize("header", ["Keine Werbung;Keine Werbung", "Keine Werbung;Keine Werbung;Keine Werbung (3)"])
@pytest.mark.parametrize("source", ["canonical_profiles", "hubspot_contacts"])
def test_a_row_is_rejected_also_where_a_flag_stands_twice(tmp_path: Path, source: str, header: str) -> None:
    width = header.count(";")
    name = "profile_id" if source == "canonical_profiles" else "Record ID"
    text = f"{name};Email;{header}\n1;a@x.at;{';' * width}\n;b@x.at;ja{';' * width}\n"
    found = land(tmp_path, source, {"a.csv": text})
    assert (found.code, found.rejected) == (0, [(2, "profile_id_missing")])
    assert "ja" in next(found.folder.glob("rejected/*/*.csv")).read_text()
