"""A CRM's own merge says that profiles are one: the survivor has the others' history, and its further addresses (domain §8)."""

from collections.abc import Callable

import pytest

from tests.lib.world import World

BEFORE = """
    profile_id | email         | merged_ids | former_emails
    -----------+---------------+------------+--------------
    101        | old@x.test    |            |
    202        | new@x.test    |            |
    303        | loser@x.test  |            |
    404        | winner@x.test |            |
    505        | plain@x.test  |            |
"""
AFTER = """
    profile_id | email         | merged_ids  | former_emails
    -----------+---------------+-------------+-----------------------------
    202        | new@x.test    | [100, "101"] | old@x.test;older@x.test
    404        | winner@x.test | 303         |
    505        | plain@x.test  |             | said@x.test, nothing at all
    606        | heir@x.test   |             |
"""
OPT_OUTS = """
    occurred_at          | action  | address      | profile_id | organisation
    ---------------------+---------+--------------+------------+-------------
    2026-03-01T08:00:00Z | opt_out |              | 101        | o1
    2026-03-01T08:00:00Z | opt_out | loser@x.test |            |
    2026-03-01T08:00:00Z | opt_out | said@x.test  |            |
"""


@pytest.mark.parametrize(
    ("reach", "by_profile", "by_address"),
    [
        ("person", "opted_out_organisation", "opted_out_organisation"),
        ("profile", "opted_out_organisation", "opted_out_organisation"),
        ("address", "opted_out_organisation", ""),
    ],
)
def test_who_survives_a_merge_inherits_what_was_said_of_the_others(
    world: Callable[..., World], reach: str, by_profile: str, by_address: str
) -> None:
    """101 said no by its id, 303 by its address, and both are gone into others; 505 said no by a further address."""
    small = world(policy={"opt_out_reach": reach})
    for day, table in (("2026-04-01", BEFORE), ("2026-04-02", AFTER)):
        small.profiles_of("crm", day, table)
    small.consents(OPT_OUTS)
    small.decides(f"""
        profile | reasons
        --------+-----------------------
        202     | {by_profile}
        404     | {by_address}
        505     | {by_address}
        606     |
    """)


def test_merged_ids_and_further_addresses_are_no_rows_of_the_file_and_no_candidates(world: Callable[..., World]) -> None:
    """A merge counts also where the merged profile was never seen, and where its opt-out comes after it."""
    small = world()
    small.profiles_of("crm", "2026-04-02", AFTER)
    small.consents("""
        occurred_at          | action  | address      | profile_id | organisation
        ---------------------+---------+--------------+------------+-------------
        2026-05-01T08:00:00Z | opt_out |              | 100        | o1
        2026-05-01T08:00:00Z | opt_out | old+a@x.test |            |
    """)
    small.decides("""
        profile | reasons
        --------+-----------------------
        202     | opted_out_organisation
        404     |
        505     |
        606     |
    """)
    small.holds("(SELECT rows, loaded, duplicate, rejected FROM feed_file WHERE feed = 'crm')", """
        rows | loaded | duplicate | rejected
        -----+--------+-----------+---------
        4    | 4      | 0         | 0
    """)  # fmt: skip


def test_a_merge_is_also_told_at_the_profile_that_is_gone_and_leads_by_way_of_others(world: Callable[..., World]) -> None:
    """1 became 2, which became 3; 4 names itself and stays, 6 was never seen before it was merged."""
    small = world()
    small.profiles_of(
        "crm",
        "2026-04-02",
        """
        profile_id | email        | merged_into
        -----------+--------------+------------
        1          | one@x.test   | 2
        2          | two@x.test   | 3
        3          | three@x.test |
        4          | four@x.test  | 4
        5          | five@x.test  |
        6          | six@x.test   | 5
    """,
    )
    small.consents("""
        occurred_at          | action  | address    | profile_id | organisation
        ---------------------+---------+------------+------------+-------------
        2026-03-01T08:00:00Z | opt_out |            | 1          | o1
        2026-03-01T08:00:00Z | opt_out | six@x.test |            |
    """)
    small.decides("""
        profile | reasons
        --------+-----------------------
        3       | opted_out_organisation
        4       |
        5       | opted_out_organisation
    """)
