"""Snapshots and editions shrink (domain §8): what a file would replace is not given up because a download failed.

Each test lands files of one feed one after another and says which are taken (0) and which are refused (11).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import invoke
from tests.lib.feeds import land

PROFILES, REGISTER = "canonical_profiles", "canonical_register"
ECG = {"register": {"id": "ecg"}}


def table(count: int, *, first: int = 0, day: str = "", organisation: str = "") -> str:
    """A snapshot of so many profiles."""
    header = "profile_id,email,updated_at,organisation\n"
    return header + "".join(f"p{n},p{n}@x.at,{day},{organisation}\n" for n in range(first, first + count))


def entries(count: int, first: int = 0) -> str:
    return "entry\n" + "".join(f"p{n}@x.at\n" for n in range(first, first + count))


def landed(folder: Path, source: str, days: list[dict[str, Any]], **settings: Any) -> list[int]:
    """The exit codes of one ingest a day."""
    return [land(folder, source, files, as_of=f"2026-06-{day:02}T08:00:00Z", **settings).code for day, files in enumerate(days, 1)]


def refusal(folder: Path) -> str:
    """What the last refused file of the ledger was refused for."""
    loads = [json.loads(path.read_text()) for path in folder.glob("ledger/*/*/load.json")]
    return str(max((load for load in loads if load["is_refused"]), key=lambda load: load["received_at"])["refusal"])


EMPTY = {
    "a header alone": "profile_id,email\n",
    "rows that are all rejected": "profile_id,email\n,a@x.at\n,b@x.at\n",
    "nothing": "",
    "a page for people": "<!DOCTYPE html>\n<html><body>Please log in</body></html>\n",
}


@pytest.mark.parametrize("what", EMPTY)
def test_an_empty_snapshot_does_not_follow_a_filled_one(tmp_path: Path, what: str) -> None:
    assert landed(tmp_path, PROFILES, [{"1.csv": table(2)}, {"2.csv": EMPTY[what]}, {"3.csv": table(1)}]) == [0, 11, 0]


def test_an_empty_edition_frees_nobody(tmp_path: Path) -> None:
    assert landed(tmp_path, REGISTER, [{"1.csv": entries(3)}, {"2.csv": "entry\n"}], **ECG) == [0, 11]
    assert refusal(tmp_path) == "it has no usable row, and the edition in force has 3"


@pytest.mark.parametrize(
    ("source", "filled", "empty"),
    [
        ("sendgrid_suppressions", [{"email": "a@x.at", "created": 1}], []),
        ("sparkpost_suppressions", [{"recipient": "a@x.at", "type": "non_transactional", "source": "Unsubscribe Link"}], []),
        ("postmark_suppressions", {"Suppressions": [{"EmailAddress": "a@x.at", "SuppressionReason": "HardBounce"}]}, {"Suppressions": []}),
        ("brevo_contacts", "E-MAIL,EMAIL_BLOCKLISTED\na@x.at,Yes\n", "E-MAIL,EMAIL_BLOCKLISTED\n"),
        ("mailchimp_audience", "Email Address,UNSUB_TIME\na@x.at,2026-01-01 00:00:00\n", "Email Address,UNSUB_TIME\n"),
        ("hubspot_contacts", "Record ID,Email\n1,a@x.at\n", "Record ID,Email\n"),
        ("sfmc_subscribers", "SubscriberKey,EmailAddress,Status\n1,a@x.at,Unsubscribed\n", "SubscriberKey,EmailAddress,Status\n"),
        ("adobe_profiles", "id,email\n1,a@x.at\n", "id,email\n"),
    ],
)
def test_so_it_is_with_every_vendors_snapshot(tmp_path: Path, source: str, filled: Any, empty: Any) -> None:
    name = "unsubscribes" if source in ("sendgrid_suppressions", "mailchimp_audience") else "all"
    assert landed(tmp_path, source, [{f"{name}1": filled}, {f"{name}2": empty}]) == [0, 11]


def test_what_a_vendor_answers_about_one_person_is_no_smaller_whole(tmp_path: Path) -> None:
    def answer(address: str, status: str) -> dict[str, Any]:
        return {"recipient": address, "subscriptionStatuses": [{"id": "1", "status": status}]}

    days = [{"1.json": answer("a@x.at", "NOT_SUBSCRIBED")}, {"2.json": answer("b@x.at", "SUBSCRIBED")}]
    assert landed(tmp_path, "hubspot_preferences", days) == [0, 0]


@pytest.mark.parametrize(
    ("source", "before", "after", "settings", "code"),
    [
        (PROFILES, table(100), table(50), {}, 0),
        (PROFILES, table(100), table(49), {}, 11),
        (PROFILES, table(99), table(1), {}, 0),  # too few to measure by
        (PROFILES, table(100), table(49), {"max_shrink": "60%"}, 0),
        (PROFILES, table(100), table(94), {"max_shrink": "5%"}, 11),
        (PROFILES, table(100), table(40) + "".join(f",q{n}@x.at,,\n" for n in range(60)), {}, 11),  # the rejected do not count
        (REGISTER, entries(100), entries(80), ECG, 0),
        (REGISTER, entries(100), entries(79), ECG, 11),
        (REGISTER, entries(100), "entry\n" + entries(50).removeprefix("entry\n") * 2, ECG, 11),  # half of it, twice
        (PROFILES, table(100), "profile_id,email,updated_at,organisation\n" + "p1,p1@x.at,,\n" * 100, {}, 11),
        (REGISTER, entries(100), entries(60), {**ECG, "max_shrink": "50%"}, 0),
    ],
)
def test_so_much_may_be_lost(tmp_path: Path, source: str, before: str, after: str, settings: dict[str, Any], code: int) -> None:
    assert landed(tmp_path, source, [{"1.csv": before}, {"2.csv": after}], **settings) == [0, code]


def test_it_is_measured_by_what_is_in_force_and_not_by_what_was_refused(tmp_path: Path) -> None:
    days = [{"1.csv": table(200)}, {"2.csv": table(20)}, {"3.csv": table(30)}, {"4.csv": table(100)}]
    assert landed(tmp_path, PROFILES, days) == [0, 11, 11, 0]


def test_the_same_bytes_again_are_measured_too(tmp_path: Path) -> None:
    days = [{"1.csv": table(99)}, {"2.csv": table(300)}, {"3.csv": table(99)}]
    assert landed(tmp_path, PROFILES, days) == [0, 0, 11]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("kunden_2026-06-08.csv", "kunden_2026-06-07.csv", 11),
        ("kunden_20260608.csv", "kunden_20260607.csv", 11),
        ("Kunden 8.6.2026.csv", "Kunden 31.5.2026.csv", 11),
        ("2026-06-08/kunden.csv", "2026-06-07/kunden.csv", 11),
        ("kunden_2026-06-08T0800.csv", "kunden_2026-06-08T2000.csv", 0),
        ("kunden_2026-06-07.csv", "kunden_2026-06-08.csv", 0),
        ("kunden_2026-06-08.csv", "kunden.csv", 0),  # says nothing
        ("kunden-12345678.csv", "kunden-12345677.csv", 0),  # no days
    ],
)
def test_an_older_file_by_its_name_is_refused(tmp_path: Path, before: str, after: str, code: int) -> None:
    assert landed(tmp_path, PROFILES, [{before: table(2)}, {after: table(3)}]) == [0, code]


@pytest.mark.parametrize(("count", "code"), [(99, 0), (100, 11)])
def test_an_older_file_by_its_rows_is_refused(tmp_path: Path, count: int, code: int) -> None:
    days = [{"a.csv": table(count, day="2026-05-02T00:00:00Z")}, {"b.csv": table(count, day="2026-05-01T00:00:00Z")}]
    assert landed(tmp_path, PROFILES, days) == [0, code]


def ingest(folder: Path, *arguments: str, day: int) -> int:
    code, output = invoke(["--workspace", str(folder), "--json", "ingest", *arguments, "--as-of", f"2026-06-{day:02}T08:00:00Z"])
    json.loads(output)
    return code


@pytest.mark.parametrize("name", ["landing/canonical_profiles/2.csv", "canonical_profiles/2.csv", "./landing/canonical_profiles/2.csv"])
def test_a_person_may_say_that_it_is_right(tmp_path: Path, name: str) -> None:
    assert landed(tmp_path, PROFILES, [{"1.csv": table(200)}, {"2.csv": table(9)}]) == [0, 11]
    assert ingest(tmp_path, "--accept", name, "--by", "Ada Huber", day=3) == 0
    (waiver,) = (tmp_path / "ledger" / "waivers.jsonl").read_text().splitlines()
    assert json.loads(waiver)["by"] == "Ada Huber"
    # That file, and no other.
    assert land(tmp_path, PROFILES, {"4.csv": "profile_id\n"}, as_of="2026-06-04T08:00:00Z").code == 11


def test_a_word_is_about_one_arrival(tmp_path: Path) -> None:
    """The register lands under one name every night; that it was rightly empty once is no word for the next failed download."""
    name, empty = "ecg.csv", "entry\n"
    assert landed(tmp_path, REGISTER, [{name: entries(3)}, {name: empty}], **ECG) == [0, 11]
    assert ingest(tmp_path, "--accept", f"{REGISTER}/{name}", "--by", "Ada", day=3) == 0
    later = [(4, entries(3), 0), (5, empty, 11), (6, entries(2), 0), (7, empty, 11)]
    for day, content, code in later:
        assert land(tmp_path, REGISTER, {name: content}, as_of=f"2026-06-{day:02}T08:00:00Z", **ECG).code == code
    assert ingest(tmp_path, "--accept", f"{REGISTER}/{name}", "--by", "Ada", day=8) == 0


def test_a_word_for_one_content_is_none_for_another(tmp_path: Path) -> None:
    assert landed(tmp_path, PROFILES, [{"1.csv": table(200)}, {"2.csv": table(9)}]) == [0, 11]
    (tmp_path / "landing" / PROFILES / "2.csv").write_text(table(8))
    assert ingest(tmp_path, day=3) == 11
    (tmp_path / "landing" / PROFILES / "2.csv").write_text(table(7))
    assert ingest(tmp_path, "--accept", f"{PROFILES}/2.csv", "--by", "Ada", day=4) == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--accept", f"{PROFILES}/2.csv"], 2),
        (["--accept", f"{PROFILES}/2.csv", "--by", " "], 2),
        (["--accept", f"{PROFILES}/2.csv", "--by", "Ada", "--dry-run"], 2),
        (["--accept", f"{PROFILES}/9.csv", "--by", "Ada"], 16),
        (["--accept", "2.csv", "--by", "Ada"], 16),
        (["--accept", f"{PROFILES}/../{PROFILES}/2.csv", "--by", "Ada"], 16),
    ],
)
def test_a_word_names_a_file_and_a_person(tmp_path: Path, arguments: list[str], code: int) -> None:
    assert landed(tmp_path, PROFILES, [{"1.csv": table(200)}, {"2.csv": table(9)}]) == [0, 11]
    assert ingest(tmp_path, *arguments, day=3) == code
    assert not (tmp_path / "ledger" / "waivers.jsonl").exists()


def test_a_refused_file_is_tried_again_under_another_limit(tmp_path: Path) -> None:
    assert landed(tmp_path, PROFILES, [{"1.csv": table(200)}, {"2.csv": table(90)}]) == [0, 11]
    assert land(tmp_path, PROFILES, {}, as_of="2026-06-03T08:00:00Z", max_shrink="60%").code == 0
