"""The withdrawn list: who of a published audience has become excluded between the publication and a later moment."""

import json
from collections.abc import Callable

import pytest

from tests.lib.world import World

Worlds = Callable[..., World]
LATER, LATEST = "2026-06-01T08:30:00+00:00", "2026-06-01T08:45:00+00:00"


def test_who_is_restricted_since_is_listed_with_every_reason_and_the_first_ones_evidence(world: Worlds) -> None:
    small = world()
    small.profiles("""
        email
        -----------------------
        stays@post.example.at
        leaves@post.example.at
        rests@post.example.at
        gone@post.example.at
        spam@post.example.at
    """)
    assert small.run().code == 0
    small.consents("""
        event_id | occurred_at          | action  | scope | scope_id | address                | via       | until
        ---------+----------------------+---------+-------+----------+------------------------+-----------+-----------
        out      | 2026-06-01T08:10:00Z | opt_out | brand | b1       | leaves@post.example.at | one_click |
        pause    | 2026-06-01T08:11:00Z | pause   | brand | b1       | rests@post.example.at  |           | 2026-06-02
        early    | 2026-05-01           | opt_out | brand | b1       | gone@post.example.at   | one_click |
    """)
    small.deliveries("""
        event_id | occurred_at          | type      | address              | bounce_class | organisation
        ---------+----------------------+-----------+----------------------+--------------+-------------
        hard     | 2026-06-01T08:12:00Z | bounce    | gone@post.example.at | hard         | o1
        abuse    | 2026-06-01T08:13:00Z | complaint | spam@post.example.at |              | o1
    """)
    small.withdraws("""
        address                | profile_id | reason           | reasons                          | evidence_event_id | evidence_at
        -----------------------+------------+------------------+----------------------------------+-------------------+---------------------
        gone@post.example.at   | p4         | quarantined_hard | quarantined_hard opted_out_brand | hard              | 2026-06-01T08:12:00Z
        leaves@post.example.at | p2         | opted_out_brand  | opted_out_brand                  | out               | 2026-06-01T08:10:00Z
        rests@post.example.at  | p3         | paused           | paused                           | pause             | 2026-06-01T08:11:00Z
        spam@post.example.at   | p5         | complaint        | complaint opted_out_organisation | abuse             | 2026-06-01T08:13:00Z
    """, as_of=LATER)  # fmt: skip


def test_nothing_new_is_an_empty_list(world: Worlds) -> None:
    small = world()
    small.profiles("""
        email
        ---------------------
        stays@post.example.at
    """)
    assert small.run().code == 0
    small.withdraws("none", as_of=LATER)


def test_who_comes_back_before_the_next_list_is_not_on_it(world: Worlds) -> None:
    small = world()
    small.profiles("""
        email
        ---------------------
        back@post.example.at
    """)
    assert small.run().code == 0
    small.consents("""
        occurred_at          | action  | address              | via
        ---------------------+---------+----------------------+----------
        2026-06-01T08:10:00Z | opt_out | back@post.example.at | one_click
    """)
    small.withdraws("""
        address              | reasons
        ---------------------+-----------------------
        back@post.example.at | opted_out_organisation
    """, as_of=LATER)  # fmt: skip
    small.consents("""
        occurred_at          | action | address              | via
        ---------------------+--------+----------------------+----------------
        2026-06-01T08:40:00Z | opt_in | back@post.example.at | preference_link
    """)
    small.withdraws("none", as_of=LATEST)


def test_an_opt_out_of_another_address_of_the_person_withdraws_the_published_one(world: Worlds) -> None:
    small = world()
    small.profiles("""
        external_id | email
        ------------+-----------------------
        17          | home@post.example.at
        17          | office@post.example.at
    """)
    small.campaign("c1", one_message_per="address")
    assert small.run().code == 0
    small.consents("""
        occurred_at          | action  | address                | via
        ---------------------+---------+------------------------+----------
        2026-06-01T08:10:00Z | opt_out | office@post.example.at | one_click
    """)
    small.withdraws("""
        address                | reasons                | reached_via
        -----------------------+------------------------+------------
        home@post.example.at   | opted_out_organisation | person
        office@post.example.at | opted_out_organisation | address
    """, as_of=LATER)  # fmt: skip


def test_who_cannot_be_judged_any_more_is_withdrawn(world: Worlds) -> None:
    """The published address is what the mailing tool writes to: what the profile holds now does not save it."""
    small = world()
    small.profiles("""
        profile_id | email                  | city
        -----------+------------------------+-----
        deleted    | gone@post.example.at   | Wien
        moved      | away@post.example.at   | Wien
        changed    | before@post.example.at | Wien
        emptied    | empty@post.example.at  | Wien
        kept       | kept@post.example.at   | Wien
    """)
    small.campaign("c1", segment="city = 'Wien'")
    assert small.run().code == 0
    small.profiles("""
        profile_id | email                 | city | updated_at
        -----------+-----------------------+------+---------------------
        moved      | away@post.example.at  | Graz | 2026-06-01T08:10:00Z
        changed    | after@post.example.at | Wien | 2026-06-01T08:10:00Z
        emptied    |                       | Wien | 2026-06-01T08:10:00Z
        kept       | kept@post.example.at  | Wien | 2026-06-01T08:10:00Z
    """)
    small.withdraws("""
        address                | profile_id | reason       | detail
        -----------------------+------------+--------------+--------------------------------------------------------------
        away@post.example.at   | moved      | no_candidate | its profile is gone, left the segment or has another address
        before@post.example.at | changed    | no_candidate | its profile is gone, left the segment or has another address
        empty@post.example.at  | emptied    | no_candidate | its profile is gone, left the segment or has another address
        gone@post.example.at   | deleted    | no_candidate | its profile is gone, left the segment or has another address
    """, as_of=LATER)  # fmt: skip


def test_nobody_is_withdrawn_for_somebody_who_is_not_in_the_file(world: Worlds) -> None:
    """A newer profile of the same address, or of the same person, would be chosen now; but the message goes to the published row."""
    small = world()
    small.profiles("""
        profile_id | external_id | email                  | updated_at
        -----------+-------------+------------------------+-----------
        p1         |             | shared@post.example.at | 2026-01-01
        p2         | 17          | home@post.example.at   | 2026-01-01
    """)
    assert small.run().code == 0
    small.profiles("""
        profile_id | external_id | email                  | updated_at
        -----------+-------------+------------------------+-----------
        p1         |             | shared@post.example.at | 2026-01-01
        p2         | 17          | home@post.example.at   | 2026-01-01
        p3         |             | shared@post.example.at | 2026-05-01
        p4         | 17          | office@post.example.at | 2026-05-01
    """)
    small.withdraws("none", as_of=LATER)


def test_of_two_published_addresses_that_turn_out_to_be_one_person_one_is_left(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | email                  | updated_at
        -----------+------------------------+-----------
        p1         | home@post.example.at   | 2026-01-01
        p2         | office@post.example.at | 2026-02-01
    """)
    assert small.run().code == 0
    small.profiles("""
        profile_id | external_id | email                  | updated_at
        -----------+-------------+------------------------+-----------
        p1         | 17          | home@post.example.at   | 2026-01-01
        p2         | 17          | office@post.example.at | 2026-02-01
    """)
    small.withdraws("""
        address              | reasons          | detail
        ---------------------+------------------+------------------
        home@post.example.at | duplicate_person | profile p2 gets it
    """, as_of=LATER)  # fmt: skip


def test_messages_since_count_for_the_owners_wish_and_the_organisations_limit(world: Worlds) -> None:
    small = world(policy={"pressure": {"max_messages": 2, "per_days": 7}})
    small.profiles("""
        email
        ----------------------
        wishes@post.example.at
        busy@post.example.at
        calm@post.example.at
    """)
    small.consents("""
        occurred_at | action    | address                | max_messages | per_days
        ------------+-----------+------------------------+--------------+---------
        2026-05-01  | frequency | wishes@post.example.at | 1            | 7
    """)
    assert small.run().code == 0
    small.deliveries("""
        occurred_at          | type | address                | organisation
        ---------------------+------+------------------------+-------------
        2026-06-01T08:05:00Z | sent | wishes@post.example.at | o1
        2026-06-01T08:05:00Z | sent | busy@post.example.at   | o1
        2026-06-01T08:06:00Z | sent | busy@post.example.at   | o1
        2026-06-01T08:06:00Z | sent | calm@post.example.at   | o1
    """)
    small.withdraws("""
        address                | reasons   | detail
        -----------------------+-----------+----------------------
        busy@post.example.at   | pressure  | 2 in 7 days
        wishes@post.example.at | frequency | 1 in 7 days, wished 1
    """, as_of=LATER)  # fmt: skip


def test_lots_are_not_drawn_again(world: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    """A control group and a cap say who gets in, not who must not; so the list needs no secret either."""
    monkeypatch.setenv("PRESEND_KEY", "a secret for tests that is long enough")
    small = world()
    small.profiles("""
        email
        ---------------------
        first@post.example.at
    """)
    small.campaign("c1", capacity={"max": 1, "order": "updated_at desc"})
    assert small.run().code == 0
    small.profiles("""
        profile_id | email                 | updated_at
        -----------+-----------------------+-----------
        p1         | first@post.example.at | 2026-01-01
        p2         | newer@post.example.at | 2026-05-01
    """)
    small.campaign("c1", capacity={"max": 1, "order": "updated_at desc"}, holdout=0.5)
    monkeypatch.delenv("PRESEND_KEY")
    small.withdraws("none", as_of=LATER)


def test_control_addresses_that_may_not_be_added_any_more_are_withdrawn(world: Worlds) -> None:
    small = world(forbidden={"addresses": []})
    small.profiles("""
        email
        ---------------------
        stays@post.example.at
    """)
    small.campaign("c1", seeds=["kept@seeds.example.at", "gone@seeds.example.at", "never@seeds.example.at"])
    assert small.run().code == 0
    small.deliveries("""
        event_id | occurred_at          | type      | address               | bounce_class
        ---------+----------------------+-----------+-----------------------+-------------
        abuse    | 2026-06-01T08:13:00Z | complaint | gone@seeds.example.at |
        hard     | 2026-06-01T08:12:00Z | bounce    | gone@seeds.example.at | hard
    """)
    settings = json.loads((small.folder / "presend.yaml").read_text())
    (small.folder / "presend.yaml").write_text(json.dumps({**settings, "forbidden": {"addresses": ["never@seeds.example.at"]}}))
    small.campaign("c1", seeds=[])
    small.withdraws("""
        address                | profile_id | is_seed | reason            | reasons                    | evidence_event_id
        -----------------------+------------+---------+-------------------+----------------------------+------------------
        gone@seeds.example.at  |            | true    | quarantined_hard  | quarantined_hard complaint | hard
        never@seeds.example.at |            | true    | address_forbidden | address_forbidden          |
    """, as_of=LATER)  # fmt: skip


def test_a_control_address_is_withdrawn_with_the_newest_event_of_its_first_reason(world: Worlds) -> None:
    """Of events at one time that which may have been later, then the first by its id."""
    small = world(quarantine={"soft_threshold": 2})
    small.profiles("email\n---------------------\nstays@post.example.at")
    small.campaign("c1", seeds=[f"{name}@seeds.example.at" for name in ("twice", "day", "noon", "ids", "soft")])
    assert small.run().code == 0
    small.deliveries("""
        event_id | occurred_at          | type      | address                | bounce_class
        ---------+----------------------+-----------+------------------------+-------------
        t1       | 2026-05-01T08:00:00Z | bounce    | twice@seeds.example.at | hard
        t2       | 2026-05-03T08:00:00Z | bounce    | twice@seeds.example.at | hard
        t3       | 2026-05-02T08:00:00Z | bounce    | twice@seeds.example.at | hard
        t4       | 2026-05-09T08:00:00Z | complaint | twice@seeds.example.at |
        d1       | 2026-05-01 00:00:00  | bounce    | day@seeds.example.at   | hard
        d2       | 2026-05-01           | bounce    | day@seeds.example.at   | hard
        d3       | 2026-05-01 00:00:00  | bounce    | day@seeds.example.at   | hard
        n1       | 2026-05-01           | bounce    | noon@seeds.example.at  | hard
        n2       | 2026-05-01T12:00:00Z | bounce    | noon@seeds.example.at  | hard
        i2       | 2026-05-01T08:00:00Z | bounce    | ids@seeds.example.at   | hard
        i1       | 2026-05-01T08:00:00Z | bounce    | ids@seeds.example.at   | hard
        i3       | 2026-05-01T08:00:00Z | bounce    | ids@seeds.example.at   | hard
        s1       | 2026-05-28T08:00:00Z | bounce    | soft@seeds.example.at  | soft
        s2       | 2026-05-29T08:00:00Z | bounce    | soft@seeds.example.at  | soft
    """)
    small.withdraws("""
        address                | is_seed | reason           | reasons                    | evidence_event_id
        -----------------------+---------+------------------+----------------------------+------------------
        day@seeds.example.at   | true    | quarantined_hard | quarantined_hard           | d2
        ids@seeds.example.at   | true    | quarantined_hard | quarantined_hard           | i1
        noon@seeds.example.at  | true    | quarantined_hard | quarantined_hard           | n2
        soft@seeds.example.at  | true    | quarantined_soft | quarantined_soft           | s2
        twice@seeds.example.at | true    | quarantined_hard | quarantined_hard complaint | t2
    """, as_of=LATER)  # fmt: skip
