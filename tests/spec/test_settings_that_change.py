"""After a feed's settings have changed, the next ingest reads its landing files anew, as of when they were received (domain §8)."""

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from pipeline.ledger import Load, read_loads
from pipeline.ledger.loading import Loader
from pipeline.workspace import Workspace
from tests.lib import workspaces
from tests.lib.world import World

RECEIVED, LATER = "2026-05-02T08:00:00+00:00", "2026-05-20T08:00:00+00:00"
PEOPLE = """
    profile_id | email                | phone
    -----------+----------------------+-----------
    anna       | anna@post.example.at | 0664 123456
    bert       | bert@post.example.at |
"""
SHOP = "profile_id,occurred_at,action,channel,address,scope,scope_id\n"


def shop(small: World, **settings: Any) -> None:
    """The settings of a further feed of consents."""
    workspaces.write_yaml(small.folder / "feeds" / "shop.yaml", {"source": "canonical_consent", "organisation": "o1", **settings})


def lands(small: World, name: str, *rows: str) -> Path:
    """A file of the shop's lands."""
    path = small.folder / "landing" / "shop" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SHOP + "".join(f"{row}\n" for row in rows))
    return path


def ingested(small: World, *arguments: str, as_of: str = LATER) -> dict[str, Any]:
    """What an ingest that succeeds says."""
    answer = workspaces.presend(small.folder, "ingest", "--as-of", as_of, *arguments)
    assert answer.code == 0, answer.error
    return answer.document


def stopped(small: World) -> tuple[int, str]:
    """Exit code and remedy of the publication that does not take place."""
    answer = workspaces.presend(small.folder, "publish", "c1", "--as-of", workspaces.AS_OF)
    return answer.code, str(answer.error["remedy"])


CHANGES = [
    # what the shop says first, how it is read first, how it is read then, who is excluded with which reason
    (
        ",2026-05-01T08:00:00Z,opt_out,email,anna@post.example.at,list,77",
        {"map": {"77": {"scope": "list", "scope_id": "l3"}}},
        {"map": {"77": {"scope": "list", "scope_id": "l1"}}},
        "opted_out_list",
    ),
    (
        ",2026-05-01T08:00:00Z,opt_out,email,anna@post.example.at,organisation,",
        {"organisation": "o2"},
        {"organisation": "o1"},
        "opted_out_organisation",
    ),
    (
        ",2026-05-01T08:00:00Z,opt_out,email,anna@post.example.at,brand,",
        {"brand": "b2"},
        {"brand": "b1"},
        "opted_out_brand",
    ),
    (
        "anna,2026-05-01T08:00:00Z,opt_out,,,list,l1",
        {"organisation": "o2"},
        {"organisation": "o1"},
        "opted_out_list",
    ),
]


@pytest.mark.parametrize(("row", "before", "after", "reason"), CHANGES, ids=[f"{change[3]}-{next(iter(change[2]))}" for change in CHANGES])
def test_a_corrected_setting_is_heeded_for_what_was_read_before(
    world: Callable[..., World], row: str, before: dict[str, Any], after: dict[str, Any], reason: str
) -> None:
    small = world()
    small.profiles(PEOPLE)
    shop(small, **before)
    lands(small, "a.csv", row)
    small.arrives(as_of=RECEIVED)
    shop(small, **after)
    small.campaign("c1", list="l1")
    code, remedy = stopped(small)
    assert code == 10 and remedy.startswith("Run `presend ingest shop` to read it anew.")
    (load,) = ingested(small)["read_anew"]
    assert (load["feed"], load["file"], load["loaded"]) == ("shop", "a.csv", 1)
    small.decides(f"""
        profile | reasons
        --------+---------
        anna    | {reason}
        bert    |
    """)  # fmt: skip
    small.holds("consent_event", """
        feed | received_at
        -----+-----------------------
        shop | 2026-05-02 08:00:00+00
    """)  # fmt: skip


def test_a_corrected_zone_lets_a_form_come_after_the_opt_out_or_before(world: Callable[..., World]) -> None:
    """The run that was published under the former zone still holds, and its ledger is still there to prove it."""
    small = world(policy={"consent_required": "any"})
    small.profiles(PEOPLE)
    shop(small, timezone="Europe/Vienna")
    lands(small, "a.csv", ",2026-05-01T10:00:00,opt_out,email,anna@post.example.at,organisation,o1")
    small.consents("""
        occurred_at          | action | via  | address              | scope        | scope_id
        ---------------------+--------+------+----------------------+--------------+---------
        2026-05-01T09:00:00Z | opt_in | form | anna@post.example.at | organisation | o1
    """)
    small.campaign("early", as_of="2026-05-10T08:00:00+00:00")
    small.run("2026-05-10T08:00:00+00:00")
    early = small.published("early")
    assert early.addresses == ["anna@post.example.at"]
    shop(small, timezone="UTC")
    ingested(small)
    small.campaign("c1")
    small.run()
    assert small.published().reasons("anna@post.example.at") == ["no_consent", "opted_out_organisation"]
    answer = workspaces.presend(small.folder, "verify", str(early.path))
    assert answer.code == 0, answer.error
    assert not any("the version of the ledger" in line for line in answer.document["unchecked"])
    assert len(list((small.folder / "ledger" / "shop").iterdir())) == 2


def test_what_is_read_anew_replaces_the_former_reading_as_a_whole(world: Callable[..., World]) -> None:
    """An archive, a file that landed twice, one that is read no more than it was, and settings that do not decide how rows are read."""
    small = world()
    small.profiles(PEOPLE)
    row = ",2026-05-01T08:00:00Z,opt_out,email,{}@post.example.at,list,77"
    shop(small, map={"77": {"scope": "list", "scope_id": "l1"}})
    path = lands(small, "a.csv", row.format("anna"))
    path.with_name("same").mkdir()
    path.with_name("same").joinpath("a.csv").write_bytes(path.read_bytes())
    with ZipFile(path.with_name("b.zip"), "w") as archive:
        archive.writestr("one.csv", SHOP + row.format("bert"))
        archive.writestr("two.csv", SHOP + row.format("carl"))
    small.arrives(as_of=RECEIVED)
    shop(small, map={"77": {"scope": "list", "scope_id": "l1"}}, max_age="300d", required=False, max_rejected="1%")
    assert ingested(small)["read_anew"] == []
    shop(small, map={"77": {"scope": "list", "scope_id": "l3"}})
    tried = ingested(small, "--dry-run")
    assert {change["scope_id"] for change in tried["changes"]["new"]} == {"l3"}
    assert {load["file"] for load in ingested(small)["read_anew"]} == {"a.csv", "same/a.csv", "b.zip/one.csv", "b.zip/two.csv"}
    assert small.run().code == 0
    small.holds("consent_event", """
        address              | scope_id | file
        ---------------------+----------+--------------
        anna@post.example.at | l3       | a.csv
        bert@post.example.at | l3       | b.zip/one.csv
        carl@post.example.at | l3       | b.zip/two.csv
    """)  # fmt: skip
    again = path.with_name("c.csv")
    again.write_bytes(path.read_bytes())
    (load,) = ingested(small, as_of="2026-06-02T08:00:00+00:00")["files"]
    assert (load["file"], load["duplicate"]) == ("c.csv", 1)
    shop(small, map={"77": {"scope": "list", "scope_id": "l1"}})
    assert len(ingested(small, as_of="2026-06-02T08:00:00+00:00")["read_anew"]) == 5
    shop(small, map={"77": {"scope": "list", "scope_id": "l3"}})
    assert len(ingested(small, as_of="2026-06-02T08:00:00+00:00")["read_anew"]) == 5
    assert ingested(small, as_of="2026-06-02T08:00:00+00:00")["read_anew"] == []


def test_whoever_is_killed_while_reading_anew_leaves_the_former_reading(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three files of one archive one has appeared: none of it counts, and the next ingest makes all of it."""
    small = world()
    small.profiles(PEOPLE)
    shop(small, map={"77": {"scope": "list", "scope_id": "l1"}})
    (small.folder / "landing" / "shop").mkdir()
    with ZipFile(small.folder / "landing" / "shop" / "b.zip", "w") as archive:
        for who in ("anna", "bert", "carl"):
            archive.writestr(f"{who}.csv", SHOP + f",2026-05-01T08:00:00Z,opt_out,email,{who}@post.example.at,list,77")
    small.arrives(as_of=RECEIVED)
    before = read_loads(Workspace(small.folder))
    shop(small, map={"77": {"scope": "list", "scope_id": "l3"}})
    appear, appeared = Loader.appear, []

    def killed(self: Loader, load: Load, folder: Path) -> None:
        if appeared:
            raise RuntimeError("killed")
        appeared.append(load)
        appear(self, load, folder)

    monkeypatch.setattr(Loader, "appear", killed)
    assert workspaces.presend(small.folder, "ingest", "--as-of", LATER).code == 1
    monkeypatch.undo()
    assert len(appeared) == 1 and read_loads(Workspace(small.folder)) == before
    assert len(ingested(small)["read_anew"]) == 3
    after = read_loads(Workspace(small.folder))
    assert [load.file for load in after] == [load.file for load in before]
    assert {load.reading for load in before}.isdisjoint({load.reading for load in after if load.feed == "shop"})


def test_a_landing_file_that_is_gone_stops_until_a_person_says_that_it_may_stay(world: Callable[..., World]) -> None:
    """The word is for this reading alone: a further change stops again, and the file that comes back is read anew."""
    small = world()
    small.profiles(PEOPLE)
    shop(small, map={"77": {"scope": "list", "scope_id": "l3"}})
    path = lands(small, "a.csv", ",2026-05-01T08:00:00Z,opt_out,email,anna@post.example.at,list,77")
    small.arrives(as_of=RECEIVED)
    small.campaign("c1", list="l1")
    content = path.read_bytes()
    path.unlink()
    shop(small, map={"77": {"scope": "list", "scope_id": "l1"}})
    assert [left["file"] for left in ingested(small)["not_read_anew"]] == ["a.csv"]
    assert stopped(small) == (
        10, "Land it again and run `presend ingest shop`, or let it stay: `presend ingest --keep-former shop --by NAME`."
    )  # fmt: skip
    assert workspaces.presend(small.folder, "ingest", "--keep-former", "shop").code == 2
    assert [kept["file"] for kept in ingested(small, "--keep-former", "shop", "--by", "Eva")["kept_former"]] == ["a.csv"]
    (waiver,) = map(json.loads, (small.folder / "ledger" / "waivers.jsonl").read_text().splitlines())
    assert (waiver["kind"], waiver["feed"], waiver["by"]) == ("kept_former", "shop", "Eva")
    assert workspaces.presend(small.folder, "publish", "c1", "--as-of", workspaces.AS_OF).code == 0
    assert small.published().addresses == ["anna@post.example.at", "bert@post.example.at"]
    shop(small, map={"77": {"scope": "brand", "scope_id": "b1"}})
    assert stopped(small)[0] == 10
    path.with_name("back.csv").write_bytes(content)
    document = ingested(small)
    assert [load["file"] for load in document["read_anew"]] == ["a.csv"]
    assert [load["duplicate"] for load in document["files"]] == [1]
    small.decides("""
        profile | reasons
        --------+----------------
        anna    | opted_out_brand
        bert    |
    """)  # fmt: skip


def test_a_file_that_the_new_settings_would_refuse_stays_in_force_and_stops(world: Callable[..., World]) -> None:
    """Without the map the permissive rows are rejected: the former reading with its opt-out is not lost by that."""
    small = world()
    small.profiles(PEOPLE)
    shop(small, map={"77": {"scope": "list", "scope_id": "l1"}})
    lands(
        small,
        "a.csv",
        ",2026-05-01T08:00:00Z,opt_out,email,anna@post.example.at,list,l1",
        ",2026-05-01T08:00:00Z,opt_in,email,bert@post.example.at,list,77",
    )
    small.arrives(as_of=RECEIVED)
    small.campaign("c1", list="l1")
    shop(small, map={})
    answer = workspaces.presend(small.folder, "ingest", "--as-of", LATER)
    assert answer.code == 11 and [left["file"] for left in answer.document["not_read_anew"]] == ["a.csv"]
    assert stopped(small)[0] == 10
    shop(small, map={}, max_rejected="60%")
    assert [load["rejected"] for load in ingested(small)["read_anew"]] == [1]
    small.decides("""
        profile | reasons
        --------+---------------
        anna    | opted_out_list
        bert    |
    """)  # fmt: skip


def test_a_list_that_is_added_lets_the_rows_follow_that_missed_it(world: Callable[..., World]) -> None:
    """An opt-out of an unknown list was one of the organisation; a profile of an unknown organisation was refused with its file."""
    small = world()
    small.profiles(PEOPLE)
    shop(small)
    lands(small, "a.csv", ",2026-05-01T08:00:00Z,opt_out,email,anna@post.example.at,list,fresh")
    small.arrives(as_of=RECEIVED)
    small.campaign("c1", list="l1")
    organisations = json.loads((small.folder / "presend.yaml").read_text())["organisations"]
    organisations["o1"]["brands"]["b1"]["lists"].append("fresh")
    workspaces.write_settings(small.folder, {"organisations": organisations})
    assert [load["file"] for load in ingested(small)["read_anew"]] == ["a.csv"]
    assert ingested(small)["read_anew"] == []
    small.decides("""
        profile | reasons
        --------+--------
        anna    |
        bert    |
    """)  # fmt: skip


def test_a_wish_for_a_list_that_is_gone_stays_a_wish_when_its_file_is_read_anew(world: Callable[..., World]) -> None:
    """The file missed a list that has come since, and another of its lists was renamed without a word: Bert's limit is no opt-out."""
    small = world(organisations={"o1": {"brands": {"b1": {"lists": ["l1", "l2"]}}}})
    small.profiles(PEOPLE)
    small.consents("""
        occurred_at          | action    | address              | scope | scope_id | max_messages | per_days
        ---------------------+-----------+----------------------+-------+----------+--------------+---------
        2026-05-01T08:00:00Z | opt_out   | anna@post.example.at | list  | fresh    |              |
        2026-05-01T08:00:00Z | frequency | bert@post.example.at | list  | l2       | 1            | 30
    """)
    small.arrives(as_of=RECEIVED)
    workspaces.write_settings(small.folder, {"organisations": {"o1": {"brands": {"b1": {"lists": ["l1", "fresh", "renamed"]}}}}})
    assert len(ingested(small)["read_anew"]) == 1
    small.decides("""
        profile | reasons
        --------+--------
        anna    |
        bert    |
    """)  # fmt: skip


def test_what_is_renamed_with_a_word_is_not_read_anew(world: Callable[..., World]) -> None:
    """The map names the list as it is called now: that is the same reading."""
    small = world()
    small.profiles(PEOPLE)
    shop(small, map={"77": {"scope": "list", "scope_id": "l1"}})
    path = lands(small, "a.csv", ",2026-05-01T08:00:00Z,opt_out,email,anna@post.example.at,list,77")
    small.arrives(as_of=RECEIVED)
    path.unlink()
    organisations = {"o1": {"brands": {"b1": {"lists": {"news": {"formerly": ["l1"]}, "l2": None}}}}, "o2": workspaces.ORGANISATIONS["o2"]}
    workspaces.write_settings(small.folder, {"organisations": organisations})
    shop(small, map={"77": {"scope": "list", "scope_id": "news"}})
    small.campaign("c1", list="news")
    small.decides("""
        profile | reasons        | scope
        --------+----------------+------
        anna    | opted_out_list | news
        bert    |                |
    """)  # fmt: skip


WRITTEN_BEFORE = (
    '{"source":"canonical_consent","organisation":"o1","brand":null,"files":"*","timezone":"Europe/Vienna","max_age":null,"required":true,'
    '"max_rejected":0.001,"map":{},"register_format":null,"id":"shop","is_timezone_named":false}'
)
"""What the fingerprint of a feed's settings was made of before loads named their reading."""


def test_what_an_older_version_read_is_read_anew_when_its_settings_were_others(world: Callable[..., World]) -> None:
    small = world()
    small.profiles(PEOPLE)
    shop(small)
    lands(small, "a.csv", ",2026-05-01T08:00:00,opt_out,email,anna@post.example.at,organisation,o1")
    small.arrives(as_of=RECEIVED)
    (path,) = (small.folder / "ledger" / "shop").glob("*/load.json")
    told = json.loads(path.read_text())
    for name in ("reading", "regions", "scopes", "read_at", "replaces", "names", "checksum"):
        del told[name]
    path.write_text(json.dumps(told | {"feed_sha256": sha256(WRITTEN_BEFORE.encode()).hexdigest()}))
    assert ingested(small)["read_anew"] == []
    small.campaign("c1")
    assert small.run().code == 0
    shop(small, timezone="UTC")
    assert stopped(small)[0] == 10
    assert [load["file"] for load in ingested(small, as_of=workspaces.AS_OF)["read_anew"]] == ["a.csv"]


def test_a_number_follows_its_organisations_country(world: Callable[..., World]) -> None:
    small = world()
    small.profiles(PEOPLE)
    shop(small)
    lands(small, "a.csv", ",2026-05-01T08:00:00Z,opt_out,sms,0664 123456,organisation,o1")
    organisations = {name: {"country": "DE", **what} for name, what in workspaces.ORGANISATIONS.items()}
    workspaces.write_settings(small.folder, {"organisations": organisations})
    small.arrives(as_of=RECEIVED)
    workspaces.write_settings(small.folder, {})
    assert {load["feed"] for load in ingested(small)["read_anew"]} >= {"profiles", "shop"}
    small.campaign("c1", channel="sms")
    small.run()
    assert small.published().reasons("+43664123456") == ["opted_out_organisation"]


def test_an_edition_that_came_twice_with_the_same_bytes_is_read_anew(world: Callable[..., World]) -> None:
    small = world(registers={"ecg": {"channel": "email", "entries": ["listed@post.example.at"]}})
    small.profiles("""
        profile_id | organisation | email
        -----------+--------------+-----------------------
        listed     | o1           | listed@post.example.at
        free       | o1           | free@post.example.at
    """)
    edition = next((small.folder / "landing" / "ecg").iterdir())
    small.arrives(as_of="2026-05-10T08:00:00+00:00")
    (edition.parent / f"next-{edition.name}").write_bytes(edition.read_bytes())
    small.arrives(as_of="2026-05-11T08:00:00+00:00")
    settings = json.loads((small.folder / "feeds" / "ecg.yaml").read_text())
    workspaces.write_yaml(small.folder / "feeds" / "ecg.yaml", settings | {"timezone": "Europe/London"})
    small.decides("""
        profile | reasons    | evidence | scope
        --------+------------+----------+------
        listed  | registered |          |
        free    |            |          |
    """)


def test_a_word_for_a_file_that_the_new_settings_would_refuse_is_done_at_once(world: Callable[..., World]) -> None:
    """Nothing is left refused of what a person lets stay: the ingest that takes the word succeeds."""
    small = world()
    small.profiles(PEOPLE)
    shop(small, map={"77": {"scope": "list", "scope_id": "l1"}})
    lands(small, "a.csv", ",2026-05-01T08:00:00Z,opt_in,email,bert@post.example.at,list,77")
    small.arrives(as_of=RECEIVED)
    shop(small, map={})
    assert workspaces.presend(small.folder, "ingest", "--as-of", LATER).code == 11
    document = ingested(small, "--keep-former", "shop", "--by", "Eva")
    assert (document["not_read_anew"], [kept["file"] for kept in document["kept_former"]]) == ([], ["a.csv"])
    assert ingested(small)["not_read_anew"] == []


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ("a", "1 file of the feed shop (a.csv) was read under other settings than it has now, and is not in landing/"),
        ("abcde", "5 files of the feed shop (a.csv, b.csv, c.csv and 2 more) were read"),
        (("bert@post.example.at",), "1 file of the feed shop (b***@post.example.at.csv) was read"),
    ],
)
def test_the_files_that_stop_are_named_and_their_addresses_are_not(files: Iterable[str], told: str, world: Callable[..., World]) -> None:
    small = world()
    small.profiles(PEOPLE)
    shop(small, map={"77": {"scope": "list", "scope_id": "l1"}})
    paths = [lands(small, f"{file}.csv", f",2026-05-01T08:0{number}:00Z,opt_out,email,x@x.at,list,77") for number, file in enumerate(files)]
    small.arrives(as_of=RECEIVED)
    for path in paths:
        path.unlink()
    shop(small, map={})
    answer = workspaces.presend(small.folder, "check")
    (message,) = (notice["message"] for notice in answer.document["notices"] if notice["kind"] == "former")
    assert message.startswith(told), message
