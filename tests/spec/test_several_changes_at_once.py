"""Several things happen to a workspace at once, and nobody gets in between them (domain §8)."""

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.lib.outbox import PLACE, Outbox
from tests.spec.test_order_of_files import edition, packed
from tests.spec.test_parts_of_an_edition import REGISTER, REGISTERS

HEAD = "address,scope,action,occurred_at\n"


def opt_outs(*names: str) -> str:
    return HEAD + "".join(f"{name}@x.at,group,opt_out,2026-05-01\n" for name in names)


def register(folder: Path) -> Outbox:
    box = Outbox(folder, registers=REGISTERS)
    box.feed("r", **REGISTER)
    return box


def consents(folder: Path, **settings: Any) -> Outbox:
    box = Outbox(folder)
    box.feed("k", source="canonical_consent", organisation="o1", **settings)
    return box


def removed(folder: Path, pattern: str) -> None:
    """Loads, or files of loads, are lost."""
    for path in folder.glob(f"ledger/{pattern}"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize("number", range(3))
def test_what_a_name_brings_twice_at_one_moment_counts_in_its_turn(tmp_path: Path, number: int) -> None:
    box = register(tmp_path)
    box.lands("r", "x.csv", edition("a", f"old{number}"))
    box.ingests(1)
    box.lands("r", "x.csv", edition("b", f"new{number}"))
    box.ingests(1)
    assert box.writes_to(1) == set("acde")
    box.lands("r", "x.csv", edition("a", f"old{number}"))
    box.ingests(1)
    assert box.writes_to(1) == set("bcde")


def test_another_list_of_a_vendor_does_not_make_good_one_that_nobody_could_read(tmp_path: Path) -> None:
    box = Outbox(tmp_path)
    box.feed("s", source="sendgrid_suppressions", organisation="o1")
    box.lands("s", "bounces.json", "<html>")
    box.lands("s", "unsubscribes.json", [{"email": "b@x.at", "created": 1}])
    assert box.ingests(1) == 11
    assert {answer[:2] for answer in box.writes_to(1)} == {"11"}
    box.lands("s", "unsubscribes2.json", [{"email": "b@x.at", "created": 1}])
    assert box.ingests(2) == 0
    _, status = box.does("status", "--as-of", "2026-06-02T09:00:00Z")
    assert [notice["message"] for notice in status["attention"] if notice["kind"] == "refused"] == [
        "1 file was refused (bounces.json), and no later one says what it says"
    ]


def test_a_word_that_was_not_needed_frees_nothing_later(tmp_path: Path) -> None:
    many, most, few = (edition(*(f"p{n}" for n in range(count)), *last) for count, last in ((120, "a"), (110, "a"), (2, "")))
    box = register(tmp_path)
    for day, (name, content) in enumerate([("1.csv", many), ("2.csv", few), ("3.csv", most)], 1):
        box.lands("r", name, content)
        box.ingests(day)
    assert box.ingests(4, "--accept", "r/2.csv", "--by", "Jane Doe") == 2
    box.lands("r", "2.csv", many + "\n")
    assert box.ingests(5) == 0
    box.lands("r", "2.csv", few)
    assert box.ingests(6) == 11


def test_a_loss_that_was_accepted_and_lands_again_is_an_arrival_of_its_own(tmp_path: Path) -> None:
    box = register(tmp_path)
    path = box.lands("r", "x.csv", edition("a"))
    box.ingests(1)
    box.writes_to(1)
    path.unlink()
    removed(tmp_path, "r/*")
    assert box.ingests(2, "--accept-loss", "r", "--by", "Jane Doe") == 0
    box.lands("r", "y.csv", edition("b"))
    box.ingests(3)
    box.lands("r", "x.csv", edition("a"))
    box.ingests(4)
    box.ingests(5)
    assert box.writes_to(5) == set("bcde")


def test_the_others_of_an_archive_count_where_one_may_be_missing(tmp_path: Path) -> None:
    box = consents(tmp_path)
    box.lands("k", "0.csv", opt_outs("c"))
    path = box.lands("k", "z.zip", packed({"a.csv": opt_outs("a"), "b.csv": opt_outs("b")}))
    box.ingests(1)
    box.writes_to(1)
    path.unlink()
    removed(tmp_path, "k/a-*")
    box.ingests(2, "--accept-loss", "k", "--by", "Jane Doe")
    (tmp_path / "ledger" / "chain.jsonl").unlink()
    box.ingests(3)
    assert box.writes_to(3) == set("ade")


def test_what_is_lost_and_cannot_be_read_any_more_stays_lost(tmp_path: Path) -> None:
    box = consents(tmp_path, max_rejected="50%")
    box.lands("k", "a.csv", opt_outs("a"))
    box.ingests(1)
    box.lands("k", "b.csv", HEAD.replace("scope", "mail,scope", 1) + "b@x.at,b@x.at,group,opt_out,2026-05-01\n")
    box.ingests(2)
    box.feed("k", source="canonical_consent", organisation="o1", max_rejected="50%", columns={"address": "mail"})
    box.ingests(3)
    removed(tmp_path, "k/a-*/consent.parquet")
    assert box.ingests(4) == 11
    assert {answer[:2] for answer in box.writes_to(4)} <= {"10", "13"}


@pytest.mark.parametrize("lost", ["k/*/consent.parquet", "k/*"])
def test_a_moved_list_that_is_made_again_is_of_its_first_organisation_still(tmp_path: Path, lost: str) -> None:
    organisations = {"o1": {**PLACE, "brands": {"b1": {"lists": ["l1", "moved"]}}}, "o2": {**PLACE, "brands": {"b9": {"lists": ["l9"]}}}}
    box = Outbox(tmp_path, organisation="o2", organisations=organisations, policy={"consent_required": "any", "double_opt_in": "optional"})
    box.campaign(brand="b9", list="moved")
    box.feed("k", source="canonical_consent")
    box.lands("k", "a.csv", "event_id,address,scope,scope_id,action,via,occurred_at\ne1,a@x.at,list,moved,opt_in,form,2026-05-01\n")
    assert box.ingests(1) == 0
    box.configure(
        organisations={"o1": {**PLACE, "brands": {"b1": {"lists": ["l1"]}}}, "o2": {**PLACE, "brands": {"b9": {"lists": ["l9", "moved"]}}}}
    )
    removed(tmp_path, lost)
    box.ingests(3)
    assert {answer[:2] for answer in box.writes_to(3)} == {"10"}


def test_a_feed_that_has_moved_and_is_not_read_anew_stops_both_organisations(tmp_path: Path) -> None:
    box = Outbox(tmp_path, "profile_id,email,external_id\na,a@x.at,7\na2,a2@x.at,7\nc,c@x.at,\n")
    box.feed("d", source="canonical_delivery", organisation="o1")
    box.lands("d", "d.csv", "occurred_at,type,address\n2026-05-01T08:00:00Z,complaint,a@x.at\n")
    box.ingests(1)
    assert box.writes_to(1) == {"c"}
    box.feed("d", source="canonical_delivery", organisation="o2")
    assert {answer[:2] for answer in box.writes_to(2)} == {"10"}


def test_members_of_an_archive_whose_names_were_counted_already_are_all_read(tmp_path: Path) -> None:
    box = consents(tmp_path)
    box.lands("k", "z.zip", packed({"a (2).csv": opt_outs("a"), "x/a.csv": opt_outs("b"), "y/a.csv": opt_outs("c")}))
    box.ingests(1)
    assert box.writes_to(1) == set("de")


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_a_refused_member_stops_whatever_came_with_it(tmp_path: Path, names: tuple[str, str]) -> None:
    box = consents(tmp_path)
    box.lands("k", "z.zip", packed({names[0]: opt_outs("a") + ",group,opt_out,\n", names[1]: opt_outs("b")}))
    assert box.ingests(1) == 11
    assert {answer[:2] for answer in box.writes_to(1)} == {"11"}


def test_editions_that_a_wrong_clock_received_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = register(tmp_path)
    box.lands("r", "z.csv", edition("a"))
    box.does("ingest", "--as-of", "2027-01-01T08:00:00Z")
    box.lands("r", "b.csv", edition("b"))
    box.does("ingest", "--as-of", "2027-01-02T08:00:00Z")
    assert os.environ["PRESEND_CLOCK"]
    monkeypatch.setenv("PRESEND_CLOCK", "")
    assert box.does("ingest", "--redate", "--by", "Jane Doe")[0] == 0
    assert box.does("build")[0] == 0
    with duckdb.connect(str(tmp_path / "warehouse" / "presend.duckdb"), read_only=True) as con:
        assert con.execute("SELECT value FROM register_entry").fetchall() == [("b@x.at",)]
