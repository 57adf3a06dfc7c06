"""What is called otherwise now: `formerly` lets the ledger's rows follow (domain §8 "Names change")."""

import json
from collections.abc import Callable
from typing import Any

from tests.lib import workspaces
from tests.lib.world import World

BEFORE: dict[str, Any] = {
    "old": {"brands": {"b-old": {"lists": ["l-old", "l2"]}}},
    "o2": {"brands": {"b9": {"lists": ["l9"]}}},
}
AFTER: dict[str, Any] = {
    "o1": {"formerly": ["old"], "brands": {"b1": {"formerly": ["b-old"], "lists": [{"id": "l1", "formerly": ["l-old"]}, "l2"]}}},
    "o2": {"brands": {"b9": {"lists": ["l9"]}}},
}


def configure(small: World, file: str, **settings: Any) -> None:
    """Write these keys of a configuration file; organisations lie in Vienna where nothing else is said."""
    path = small.folder / f"{file}.yaml"
    before = json.loads(path.read_text()) if path.is_file() else {}
    if "organisations" in settings:
        places = {"country": "AT", "timezone": "Europe/Vienna"}
        settings["organisations"] = {name: places | what for name, what in settings["organisations"].items()}
    workspaces.write_yaml(path, before | settings)


def test_opt_outs_consents_complaints_profiles_and_registers_follow_their_new_names(world: Callable[..., World]) -> None:
    """Nothing widens on the way: the opt-out of the list is one of the list, and the consent to it is a consent still."""
    small = world(
        organisations=BEFORE,
        registers={"robinson": {"channel": "email", "entries": ["listed@post.example.at"]}},
        policy={"consent_required": "list"},
    )
    small.profiles("""
        profile_id | organisation | email
        -----------+--------------+-------------------------
        whole      | old          | whole@post.example.at
        brand      | old          | brand@post.example.at
        list       | old          | list@post.example.at
        named      | old          | named@post.example.at
        unplaced   | old          | unplaced@post.example.at
        complains  | old          | complains@post.example.at
        listed     | old          | listed@post.example.at
        free       | old          | free@post.example.at
        elsewhere  | o2           | elsewhere@post.example.at
    """)
    small.consents("""
        event_id | occurred_at          | action  | scope        | scope_id | profile_id | organisation | address                   | via
        ---------+----------------------+---------+--------------+----------+------------+--------------+---------------------------+-----
        e1       | 2026-05-01T08:00:00Z | opt_out | organisation | old      |            |              | whole@post.example.at     |
        e2       | 2026-05-01T08:00:00Z | opt_out | brand        | b-old    |            |              | brand@post.example.at     |
        e3       | 2026-05-01T08:00:00Z | opt_out | list         | l-old    |            |              | list@post.example.at      |
        e4       | 2026-05-01T08:00:00Z | opt_out | list         | l-old    | named      | old          |                           |
        e5       | 2026-05-01T08:00:00Z | opt_out | brand        | b-old    | unplaced   |              |                           |
        e6       | 2026-05-01T08:00:00Z | opt_out | organisation | old      |            |              | elsewhere@post.example.at |
        f1       | 2026-04-01T08:00:00Z | opt_in  | list         | l-old    |            |              | free@post.example.at      | form
        f2       | 2026-04-01T08:00:00Z | opt_in  | list         | l-old    |            |              | list@post.example.at      | form
        f3       | 2026-04-01T08:00:00Z | opt_in  | list         | l-old    |            |              | listed@post.example.at    | form
        f4       | 2026-04-01T08:00:00Z | opt_in  | list         | l9       |            |              | elsewhere@post.example.at | form
    """)
    small.deliveries("""
        event_id | occurred_at          | type      | address                   | organisation
        ---------+----------------------+-----------+---------------------------+-------------
        d1       | 2026-05-01T08:00:00Z | complaint | complains@post.example.at | old
    """)
    small.campaign("before", organisation="old", brand="b-old", list="l-old")
    small.run()
    before = small.published("before")
    (small.folder / "feeds" / "robinson.yaml").unlink()
    configure(small, "presend", organisations=AFTER, registers={"ecg": {"channel": "email", "formerly": ["robinson"]}})
    configure(small, "feeds/ecg", source="canonical_register", max_age="365d", register={"id": "ecg"}, formerly=["robinson"])
    (small.folder / "campaigns" / "before.yaml").unlink()
    small.campaign("after", list="l1")
    small.campaign("theirs", organisation="o2", brand="b9", list="l9")
    assert workspaces.presend(small.folder, "check").document["notices"] == []
    small.decides("""
        profile   | reasons                           | evidence | scope
        ----------+-----------------------------------+----------+------
        whole     | no_consent opted_out_organisation | e1       | o1
        brand     | no_consent opted_out_brand        | e2       | b1
        list      | no_consent opted_out_list         | e3       | l1
        named     | no_consent opted_out_list         | e4       | l1
        unplaced  | no_consent opted_out_brand        | e5       | b1
        complains | complaint no_consent opted_out_organisation | d1 |
        listed    | registered                        |          |
        free      |                                   |          |
    """, "after")  # fmt: skip
    assert small.published("theirs").addresses == ["elsewhere@post.example.at"]
    assert [row["address"] for row in before.audience] == small.published("after").addresses
    assert workspaces.presend(small.folder, "verify", str(before.path)).code == 0


def test_what_only_the_ledger_names_is_named_and_restricts_more(world: Callable[..., World]) -> None:
    """An opt-out of the organisation sold, a complaint about it and the flag of its profile are the group's; the register is in force
    without a feed and for ever; profiles of a feed that is gone are no candidates, and what that feed says restricts where it did."""
    small = world(
        organisations={"o1": workspaces.ORGANISATIONS["o1"], "sold": {"brands": {"bs": {"lists": ["ls"]}}}},
        registers={"robinson": {"channel": "sms", "entries": ["listed@post.example.at"], "use": "without_consent"}},
    )
    small.profiles("""
        profile_id | organisation | email                    | opted_out
        -----------+--------------+--------------------------+----------
        whole      | o1           | whole@post.example.at    |
        complains  | o1           | complains@post.example.at |
        listed     | o1           | listed@post.example.at   |
        flagged    | o1           | flagged@post.example.at  |
        7          | sold         | flagged@post.example.at  | yes
        8          | sold         | eight@post.example.at    |
        eight      | o1           | eight@post.example.at    |
        9          | o1           | nine@post.example.at     |
        extra      | o1           | extra@post.example.at    |
        reported   | o1           | reported@post.example.at |
        free       | o1           | free@post.example.at     |
    """)
    small.consents("""
        event_id | occurred_at          | action  | scope        | scope_id | profile_id | organisation | address
        ---------+----------------------+---------+--------------+----------+------------+--------------+----------------------
        e1       | 2026-05-01T08:00:00Z | opt_out | organisation | sold     |            |              | whole@post.example.at
        e2       | 2026-05-01T08:00:00Z | opt_out | group        |          | 8          |              |
        e3       | 2026-05-01T08:00:00Z | opt_out | group        |          | 9          | sold         |
    """)
    small.deliveries("""
        event_id | occurred_at          | type      | address                   | organisation
        ---------+----------------------+-----------+---------------------------+-------------
        d1       | 2026-05-01T08:00:00Z | complaint | complains@post.example.at | sold
    """)
    small.profiles_of("extra", "2026-05-01", """
        profile_id | email                  | do_not_email
        -----------+------------------------+-------------
        extra      | extra@post.example.at  | yes
        only       | only@post.example.at   |
    """)  # fmt: skip
    configure(small, "feeds/reports", source="canonical_delivery", organisation="o1", max_age="365d")
    reports = small.folder / "landing" / "reports"
    reports.mkdir(parents=True)
    (reports / "r.csv").write_text("event_id,occurred_at,type,address\nd2,2026-05-01T08:00:00Z,complaint,reported@post.example.at\n")
    small.arrives(as_of="2026-05-02T08:00:00+00:00")
    (small.folder / "feeds" / "reports.yaml").unlink()
    (small.folder / "feeds" / "extra.yaml").unlink()
    (small.folder / "feeds" / "robinson.yaml").unlink()
    configure(small, "presend", organisations={"o1": workspaces.ORGANISATIONS["o1"]}, registers={})
    small.decides("""
        profile   | reasons                         | evidence  | scope
        ----------+---------------------------------+-----------+------
        whole     | opted_out_group                 | e1        |
        complains | complaint opted_out_group       | d1        |
        listed    | registered                      |           |
        flagged   | opted_out_group                 | 7         |
        eight     | opted_out_group                 | e2        |
        9         | opted_out_group                 | e3        |
        extra     | opted_out_organisation          | extra     | o1
        reported  | complaint opted_out_organisation | d2       |
        free      |                                 |           |
    """)  # fmt: skip
    told = [notice["message"] for notice in workspaces.presend(small.folder, "status", "--as-of", workspaces.AS_OF).document["attention"]]
    expected = [
        "5 rows of the ledger name the organisation sold,",
        "1 rows of the ledger name the register robinson,",
        "the feed extra is not configured: its 1 files (2 rows)",
        "the feed reports is not configured: its 1 files (1 rows)",
        "the feed robinson is not configured: its 1 files (1 rows)",
        *["no feed is called so:"] * 3,
    ]
    assert [message[: len(start)] for message, start in zip(told, expected, strict=True)] == expected
    assert len(small.published().manifest["warnings"]) >= len(expected)


def test_a_feed_with_another_name_goes_on_as_itself(world: Callable[..., World]) -> None:
    """Its snapshots replace those of before, a file that was read is known, a late one below the former folder is read, it is fresh."""
    small = world()
    small.profiles("""
        profile_id | email
        -----------+---------------------
        stays      | stays@post.example.at
        leaves     | leaves@post.example.at
    """)
    small.arrives(as_of="2026-05-02T08:00:00+00:00")
    landing = small.folder / "landing"
    (small.folder / "feeds" / "profiles.yaml").rename(small.folder / "feeds" / "crm.yaml")
    configure(small, "feeds/crm", formerly=["profiles"])
    (landing / "crm").mkdir()
    (landing / "profiles" / "000.csv").rename(landing / "crm" / "000.csv")
    again = workspaces.presend(small.folder, "ingest", "--as-of", "2026-05-03T08:00:00+00:00").document
    workspaces.write_rows(landing / "profiles" / "001.csv", ["profile_id", "organisation", "email"], [
        {"profile_id": "stays", "organisation": "o1", "email": "stays@post.example.at"},
    ])  # fmt: skip
    small.decides("""
        profile | reasons
        --------+--------
        stays   |
    """)  # fmt: skip
    assert again["files"] == []
    feeds = {
        feed["feed"]: feed["files"] for feed in workspaces.presend(small.folder, "status", "--as-of", workspaces.AS_OF).document["feeds"]
    }
    assert feeds == {"consent": 1, "crm": 2, "delivery": 1}


def test_a_file_that_moves_to_the_feeds_new_folder_under_another_name_is_another_arrival(world: Callable[..., World]) -> None:
    small = world()
    small.profiles("""
        profile_id | email
        -----------+-----------------
        anna       | anna@x.example.at
    """)
    small.arrives(as_of="2026-05-02T08:00:00+00:00")
    landing = small.folder / "landing"
    (small.folder / "feeds" / "profiles.yaml").rename(small.folder / "feeds" / "crm.yaml")
    configure(small, "feeds/crm", formerly=["profiles"])
    (landing / "crm").mkdir()
    (landing / "profiles" / "000.csv").rename(landing / "crm" / "moved.csv")
    small.does("ingest", as_of="2026-05-03T08:00:00+00:00")
    small.decides("""
        profile | reasons
        --------+--------
        anna    |
    """)
