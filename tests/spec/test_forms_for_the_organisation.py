"""With `resubscribe_reach: organisation` a form is two consents, one of its own scope and one of its organisation (domain §6)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.lib.world import World

ASKED: dict[str, Any] = {"policy": {"resubscribe_reach": "organisation", "consent_required": "any"}}


def test_an_opt_out_of_a_brand_or_list_leaves_the_organisation_s_consent_to_the_others(world: Callable[..., World]) -> None:
    """Everybody filled in the form of brand b1 or of its list l1, and said no later: the campaigns elsewhere go on."""
    small = world(**ASKED)
    small.profiles("""
        email
        ------------
        brand@x.test
        list@x.test
        whole@x.test
        group@x.test
        staff@x.test
    """)
    small.consents("""
        occurred_at          | action  | scope        | scope_id | via  | actor | address
        ---------------------+---------+--------------+----------+------+-------+-------------
        2026-03-01T08:00:00Z | opt_in  | brand        | b1       | form |       | brand@x.test
        2026-03-01T08:00:00Z | opt_in  | list         | l1       | form |       | list@x.test
        2026-03-01T08:00:00Z | opt_in  | brand        | b1       | form |       | whole@x.test
        2026-03-01T08:00:00Z | opt_in  | brand        | b1       | form |       | group@x.test
        2026-03-01T08:00:00Z | opt_in  | brand        | b1       | form |       | staff@x.test
        2026-04-01T08:00:00Z | opt_out | brand        | b1       |      |       | brand@x.test
        2026-04-01T08:00:00Z | opt_out | list         | l1       |      |       | list@x.test
        2026-04-01T08:00:00Z | opt_out | organisation | o1       |      |       | whole@x.test
        2026-04-01T08:00:00Z | opt_out | group        |          |      |       | group@x.test
        2026-04-01T08:00:00Z | opt_out | brand        | b1       |      | staff | staff@x.test
    """)
    small.campaign("first", brand="b1", list="l1")
    small.campaign("second", brand="b1", list="l2")
    small.campaign("third", brand="b2", list="l3")
    small.run()
    small.decided("""
        candidate    | reasons
        -------------+----------------------------------
        brand@x.test | opted_out_brand
        list@x.test  | opted_out_list
        whole@x.test | no_consent opted_out_organisation
        group@x.test | no_consent opted_out_group
        staff@x.test | opted_out_brand
    """, "first")  # fmt: skip
    small.decided("""
        candidate    | reasons
        -------------+----------------------------------
        brand@x.test | opted_out_brand
        list@x.test  |
        whole@x.test | no_consent opted_out_organisation
        group@x.test | no_consent opted_out_group
        staff@x.test | opted_out_brand
    """, "second")  # fmt: skip
    small.decided("""
        candidate    | reasons
        -------------+----------------------------------
        brand@x.test |
        list@x.test  |
        whole@x.test | no_consent opted_out_organisation
        group@x.test | no_consent opted_out_group
        staff@x.test |
    """, "third")  # fmt: skip


def test_a_form_opens_its_organisation_and_no_other_brand_s_or_list_s_own_opt_out(world: Callable[..., World]) -> None:
    """All said no before the form of brand b1: that of the organisation is lifted everywhere, those of b2 and l3 stay."""
    small = world(**ASKED)
    small.profiles("""
        email
        ------------
        brand@x.test
        list@x.test
        whole@x.test
    """)
    small.consents("""
        occurred_at          | action  | scope        | scope_id | via  | address
        ---------------------+---------+--------------+----------+------+-------------
        2026-03-01T08:00:00Z | opt_out | brand        | b2       |      | brand@x.test
        2026-03-01T08:00:00Z | opt_out | list         | l3       |      | list@x.test
        2026-03-01T08:00:00Z | opt_out | organisation | o1       |      | whole@x.test
        2026-04-01T08:00:00Z | opt_in  | brand        | b1       | form | brand@x.test
        2026-04-01T08:00:00Z | opt_in  | brand        | b1       | form | list@x.test
        2026-04-01T08:00:00Z | opt_in  | brand        | b1       | form | whole@x.test
    """)
    small.campaign("first", brand="b1", list="l1")
    small.campaign("third", brand="b2", list="l3")
    small.campaign("beside", brand="b2")
    small.run()
    small.decided("""
        candidate    | reasons
        -------------+--------
        brand@x.test |
        list@x.test  |
        whole@x.test |
    """, "first")  # fmt: skip
    small.decided("""
        candidate    | reasons
        -------------+----------------
        brand@x.test | opted_out_brand
        list@x.test  | opted_out_list
        whole@x.test |
    """, "third")  # fmt: skip
    small.decided("""
        candidate    | reasons
        -------------+----------------
        brand@x.test | opted_out_brand
        list@x.test  |
        whole@x.test |
    """, "beside")  # fmt: skip


def test_only_an_owner_s_form_counts_for_the_organisation(world: Callable[..., World]) -> None:
    small = world(policy={"resubscribe_reach": "organisation", "consent_required": "any", "staff_resubscribe": "with_legal_basis"})
    small.profiles("""
        email
        -------------
        link@x.test
        staff@x.test
        import@x.test
        form@x.test
    """)
    small.consents("""
        occurred_at          | action | scope | scope_id | via             | actor  | legal_basis | explanation | address
        ---------------------+--------+-------+----------+-----------------+--------+-------------+-------------+--------------
        2026-03-01T08:00:00Z | opt_in | brand | b1       | preference_link | owner  |             |             | link@x.test
        2026-03-01T08:00:00Z | opt_in | brand | b1       | manual          | staff  | contract    | asked by us | staff@x.test
        2026-03-01T08:00:00Z | opt_in | brand | b1       | import          | import | contract    | old system  | import@x.test
        2026-03-01T08:00:00Z | opt_in | brand | b1       | form            | owner  |             |             | form@x.test
    """)
    small.campaign("third", brand="b2", list="l3")
    small.decides("""
        candidate     | reasons
        --------------+-----------
        form@x.test   |
        import@x.test | no_consent
        link@x.test   | no_consent
        staff@x.test  | no_consent
    """, "third")  # fmt: skip


@pytest.mark.parametrize("asked", ["any", "brand", "organisation"])
def test_the_organisation_s_consent_is_of_the_kind_that_the_policy_asks_for(world: Callable[..., World], asked: str) -> None:
    """A form on a list is a consent of the organisation, also where the one of the list was ended; unless it lapses."""
    small = world(policy={"resubscribe_reach": "organisation", "consent_required": asked, "consent_valid_days": 80})
    small.profiles("""
        email
        ----------
        new@x.test
        old@x.test
    """)
    small.consents("""
        occurred_at          | action  | scope | scope_id | via  | address
        ---------------------+---------+-------+----------+------+-----------
        2026-04-01T08:00:00Z | opt_in  | list  | l1       | form | new@x.test
        2026-03-01T08:00:00Z | opt_in  | list  | l1       | form | old@x.test
        2026-05-01T08:00:00Z | opt_out | list  | l1       |      | new@x.test
        2026-05-01T08:00:00Z | opt_out | list  | l1       |      | old@x.test
    """)
    small.campaign("third", brand="b2", list="l3")
    small.decides("""
        candidate  | reasons
        -----------+----------------
        new@x.test |
        old@x.test | consent_expired
    """, "third")  # fmt: skip


def test_a_register_without_consent_heeds_the_organisation_s_consent(world: Callable[..., World]) -> None:
    register = {"channel": "email", "use": "without_consent", "entries": ["brand@x.test", "whole@x.test", "never@x.test"]}
    small = world(policy={"resubscribe_reach": "organisation"}, registers={"list": register})
    small.profiles("""
        email
        ------------
        brand@x.test
        whole@x.test
        never@x.test
    """)
    small.consents("""
        occurred_at          | action  | scope        | scope_id | via  | address
        ---------------------+---------+--------------+----------+------+-------------
        2026-03-01T08:00:00Z | opt_in  | brand        | b1       | form | brand@x.test
        2026-03-01T08:00:00Z | opt_in  | brand        | b1       | form | whole@x.test
        2026-04-01T08:00:00Z | opt_out | brand        | b1       |      | brand@x.test
        2026-04-01T08:00:00Z | opt_out | organisation | o1       |      | whole@x.test
    """)
    small.campaign("third", brand="b2", list="l3")
    small.decides("""
        candidate    | reasons
        -------------+----------------------------------
        brand@x.test |
        never@x.test | registered
        whole@x.test | opted_out_organisation registered
    """, "third")  # fmt: skip
