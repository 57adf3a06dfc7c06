"""What stands beside a reason: the way, the scope, and words that tell why (contract §3)."""

from collections.abc import Callable

from tests.lib import workspaces
from tests.lib.world import World

Worlds = Callable[..., World]


def test_every_reason_says_in_words_what_it_rests_on(world: Worlds) -> None:
    small = world(
        policy={"pressure": {"max_messages": 3, "per_days": 7}},
        forbidden={"addresses": ["forbidden@post.example.at", "both@rival.example.at"], "domains": ["rival.example.at"]},
        registers={
            "ecg": {"channel": "email", "use": "always", "entries": ["listed@post.example.at"]},
            "robinson": {"channel": "email", "use": "always", "entries": ["listed@post.example.at"]},
        },
    )
    small.profiles("""
        profile_id | external_id | updated_at | email
        -----------+-------------+------------+---------------------------
        owner      |             | 2026-01-01 | owner@post.example.at
        staff      |             | 2026-01-01 | staff@post.example.at
        reason     |             | 2026-01-01 | reason@post.example.at
        paused     |             | 2026-01-01 | paused@post.example.at
        open       |             | 2026-01-01 | open@post.example.at
        forbidden  |             | 2026-01-01 | forbidden@post.example.at
        rival      |             | 2026-01-01 | somebody@rival.example.at
        both       |             | 2026-01-01 | both@rival.example.at
        listed     |             | 2026-01-01 | listed@post.example.at
        invalid    |             | 2026-01-01 | nobody at all
        limited    |             | 2026-01-01 | limited@post.example.at
        pressed    |             | 2026-01-01 | pressed@post.example.at
        first      | 7           | 2026-02-01 | first@post.example.at
        second     | 7           | 2026-01-01 | second@post.example.at
        tagged     |             | 2026-01-01 | tagged+news@post.example.at
        household  | 8           | 2026-01-01 | household@post.example.at
        housemate  | 8           | 2026-01-01 | housemate@post.example.at
    """)
    small.consents("""
        event_id | occurred_at          | action    | actor | reason | until      | max_messages | per_days | address
        ---------+----------------------+-----------+-------+--------+------------+--------------+----------+-------------------------
        o1       | 2026-05-01T08:00:00Z | opt_out   | owner |        |            |              |          | owner@post.example.at
        o2       | 2026-05-01T08:00:00Z | opt_out   | staff |        |            |              |          | staff@post.example.at
        o3       | 2026-05-01T08:00:00Z | opt_out   | owner | moved  |            |              |          | reason@post.example.at
        o4       | 2026-05-01T08:00:00Z | opt_out   | owner |        |            |              |          | tagged@post.example.at
        o5       | 2026-05-01T08:00:00Z | opt_out   | owner |        |            |              |          | household@post.example.at
        p1       | 2026-05-01T08:00:00Z | pause     | owner |        | 2026-06-30 |              |          | paused@post.example.at
        p2       | 2026-05-01T08:00:00Z | pause     | owner |        |            |              |          | open@post.example.at
        f1       | 2026-05-01T08:00:00Z | frequency | owner |        |            | 2            | 30       | limited@post.example.at
    """)  # fmt: skip
    small.deliveries("""
        occurred_at          | type | address
        ---------------------+------+------------------------
        2026-05-20T08:00:00Z | sent | limited@post.example.at
        2026-05-21T08:00:00Z | sent | limited@post.example.at
        2026-05-29T08:00:00Z | sent | pressed@post.example.at
        2026-05-30T08:00:00Z | sent | pressed@post.example.at
        2026-05-31T08:00:00Z | sent | pressed@post.example.at
    """)
    small.decides("""
        profile   | reasons                | via     | scope | evidence | detail
        ----------+------------------------+---------+-------+----------+----------------------------
        owner     | opted_out_organisation | address | o1    | o1       | by owner
        staff     | opted_out_organisation | address | o1    | o2       | by staff
        reason    | opted_out_organisation | address | o1    | o3       | by owner moved
        tagged    | opted_out_organisation | mailbox | o1    | o4       | by owner
        household | opted_out_organisation | address | o1    | o5       | by owner
        housemate | opted_out_organisation | person  | o1    | o5       | by owner
        paused    | paused                 | address | o1    | p1       | until 2026-06-30 21:59:59.999999+00
        open      | paused                 | address | o1    | p2       | until resumed
        forbidden | address_forbidden      |         |       |          | address
        rival     | address_forbidden      |         |       |          | domain rival.example.at
        both      | address_forbidden      |         |       |          | address
        listed    | registered             | address |       |          | ecg
        invalid   | address_invalid        |         |       |          | nobody at all
        limited   | frequency              | address | o1    | f1       | 2 in 30 days, wished 2
        pressed   | pressure               | person  | o1    |          | 3 in 7 days
        first     |                        |         |       |          |
        second    | duplicate_person       | person  |       |          | profile first gets it
    """)


def test_a_number_that_is_none_is_told_as_it_was_written(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | email                | phone
        -----------+----------------------+--------------
        anna       | anna@post.example.at | 12 and a half
        bert       | nobody at all        | +436641234567
    """)
    small.campaign(channel="sms")
    small.decides("""
        profile | reasons         | detail
        --------+-----------------+--------------
        anna    | address_invalid | 12 and a half
        bert    |                 |
    """)


def test_of_one_address_the_profile_that_gets_the_message_is_named(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | updated_at | email
        -----------+------------+---------------------
        anna       | 2026-01-01 | both@post.example.at
        bert       | 2026-02-01 | both@post.example.at
    """)
    small.campaign(one_message_per="address")
    small.decides("""
        profile | reasons           | via     | detail
        --------+-------------------+---------+----------------------
        anna    | duplicate_address | address | profile bert gets it
        bert    |                   |         |
    """)


def test_missing_consents_say_which_one_was_the_last(world: Worlds) -> None:
    small = world(policy={"consent_required": "any", "double_opt_in": "required", "consent_valid_days": 30})
    small.profiles("""
        email
        -----------------------
        lapsed@post.example.at
        asked@post.example.at
        never@post.example.at
        starts@post.example.at
        ends@post.example.at
        ids@post.example.at
    """)
    small.consents("""
        event_id | occurred_at          | action         | via  | address
        ---------+----------------------+----------------+------+-----------------------
        a        | 2026-03-01T08:00:00Z | opt_in_request | form | lapsed@post.example.at
        b        | 2026-03-02T08:00:00Z | opt_in_confirm | form | lapsed@post.example.at
        c        | 2026-03-01T09:00:00Z | opt_in_request | form | lapsed@post.example.at
        d        | 2026-03-03T08:00:00Z | opt_in_confirm | form | lapsed@post.example.at
        e        | 2026-05-02T08:00:00Z | opt_in_request | form | asked@post.example.at
        f        | 2026-05-03T08:00:00Z | opt_in         | form | asked@post.example.at
        g1       | 2026-03-03           | opt_in_confirm | form | starts@post.example.at
        g2       | 2026-03-03T12:00:00Z | opt_in_confirm | form | starts@post.example.at
        h1       | 2026-03-03 00:00:00  | opt_in_confirm | form | ends@post.example.at
        h2       | 2026-03-03           | opt_in_confirm | form | ends@post.example.at
        i2       | 2026-03-03T12:00:00Z | opt_in_confirm | form | ids@post.example.at
        i1       | 2026-03-03T12:00:00Z | opt_in_confirm | form | ids@post.example.at
    """)
    small.decides("""
        candidate              | reasons             | via     | scope | evidence
        -----------------------+---------------------+---------+-------+---------
        lapsed@post.example.at | consent_expired     | address | o1    | d
        asked@post.example.at  | consent_unconfirmed | address | o1    | f
        starts@post.example.at | consent_expired     | address | o1    | g2
        ends@post.example.at   | consent_expired     | address | o1    | h2
        ids@post.example.at    | consent_expired     | address | o1    | i1
        never@post.example.at  | no_consent          |         |       |
    """)
    asked = [one.evidence_at for one in small.published().exclusions if one.reason == "consent_unconfirmed"]
    assert asked == ["2026-05-03T08:00:00Z"]


def test_a_consent_that_an_opt_out_ended_is_not_the_one_that_expired(world: Worlds) -> None:
    """The newest of those that nothing but time has ended."""
    small = world(policy={"consent_required": "any", "consent_valid_days": 30})
    small.profiles("email\n--------------------\nanna@post.example.at\nbert@post.example.at\ncora@post.example.at")
    small.consents("""
        event_id | occurred_at          | action  | via  | scope        | scope_id | address
        ---------+----------------------+---------+------+--------------+----------+---------------------
        a1       | 2026-02-01T08:00:00Z | opt_in  | form | organisation | o1       | anna@post.example.at
        a2       | 2026-03-01T08:00:00Z | opt_in  | form | list         | l1       | anna@post.example.at
        a3       | 2026-03-02T08:00:00Z | opt_out |      | list         | l1       | anna@post.example.at
        b1       | 2026-03-01T08:00:00Z | opt_in  | form | list         | l1       | bert@post.example.at
        b2       | 2026-03-02T08:00:00Z | opt_out |      | list         | l1       | bert@post.example.at
    """)
    small.campaign(list="l1")
    assert small.run().code == 0
    found = [(one.who, one.reason, one.evidence) for one in small.published().exclusions]
    assert found == [
        ("anna@post.example.at", "consent_expired", "a1"),
        ("anna@post.example.at", "opted_out_list", "a3"),
        ("bert@post.example.at", "no_consent", ""),
        ("bert@post.example.at", "opted_out_list", "b2"),
        ("cora@post.example.at", "no_consent", ""),
    ]


def test_an_opt_out_of_a_brand_ends_no_consent_to_another_brands_list_of_that_name(world: Worlds) -> None:
    organisations = {"o1": {"brands": {"b1": {"lists": ["news"]}, "news": {"lists": []}}}}
    small = world(organisations=organisations, policy={"consent_required": "any"})
    small.profiles("email\n--------------------\nanna@post.example.at\nbert@post.example.at")
    small.consents("""
        event_id | occurred_at          | action  | via  | scope | scope_id | address
        ---------+----------------------+---------+------+-------+----------+---------------------
        a1       | 2026-05-01T08:00:00Z | opt_in  | form | list  | news     | anna@post.example.at
        a2       | 2026-05-02T08:00:00Z | opt_out |      | brand | news     | anna@post.example.at
        b1       | 2026-05-01T08:00:00Z | opt_in  | form | list  | news     | bert@post.example.at
        b2       | 2026-05-02T08:00:00Z | opt_out |      | list  | news     | bert@post.example.at
    """)
    small.campaign(list="news")
    small.decides("""
        candidate            | reasons
        ---------------------+-------------------------
        anna@post.example.at |
        bert@post.example.at | no_consent opted_out_list
    """)


def test_a_number_that_is_none_is_explained_with_its_text(world: Worlds) -> None:
    small = world()
    small.profiles("profile_id | email | phone\n-----------+-------+--------------\nanna       |       | 12 and a half")
    small.campaign(channel="sms")
    small.run()
    answer = workspaces.presend(small.folder, "explain", "c1", "anna", "--as-of", workspaces.AS_OF)
    assert [reason["detail"] for found in answer.document["found"] for reason in found["reasons"]] == ["12 and a half"]
