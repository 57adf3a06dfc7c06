"""Whoever names address and profile names both: with reach `profile` both, with reach `address` the address (domain §6)."""

from collections.abc import Callable

import pytest

from tests.lib.world import World


@pytest.mark.parametrize(("reach", "mail"), [("profile", "opted_out_organisation"), ("address", "")])
def test_a_row_that_names_profile_and_address_means_both_or_the_address(world: Callable[..., World], reach: str, mail: str) -> None:
    """Anna has changed her address and Bert has taken the old one over; a mail address says nothing of which number is meant."""
    small = world(policy={"opt_out_reach": reach})
    small.profiles("""
        profile_id | email       | phone
        -----------+-------------+--------------
        anna       | old@x.test  | +436641234567
        dora       | dora@x.test |
    """)
    small.arrives(as_of="2026-04-01T08:00:00+00:00")
    small.profiles("""
        profile_id | email       | phone         | updated_at
        -----------+-------------+---------------+---------------------
        anna       | new@x.test  | +436641234567 | 2026-04-02T08:00:00Z
        bert       | old@x.test  |               | 2026-04-02T08:00:00Z
        carl       | carl@x.test |               |
        dora       | neu@x.test  |               | 2026-04-02T08:00:00Z
    """)
    small.consents("""
        occurred_at          | action  | address     | profile_id | channel | organisation
        ---------------------+---------+-------------+------------+---------+-------------
        2026-04-03T08:00:00Z | opt_out | old@x.test  | anna       | any     | o1
        2026-04-03T08:00:00Z | opt_out | dora@x.test | anna       | email   | o1
        2026-04-03T08:00:00Z | opt_out |             | dora       | any     | o1
    """)
    small.campaign("mail")
    small.campaign("text", channel="sms")
    small.run()
    small.decided(f"""
        profile | reasons
        --------+-----------------------
        anna    | {mail}
        bert    | opted_out_organisation
        carl    |
        dora    | opted_out_organisation
    """, "mail")  # fmt: skip
    small.decided("""
        profile | reasons
        --------+---------------------------------------
        anna    | opted_out_organisation
        bert    | address_missing
        carl    | address_missing
        dora    | address_missing opted_out_organisation
    """, "text")  # fmt: skip
