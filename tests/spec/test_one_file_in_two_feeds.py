"""Two feeds may be sent the same file under the same name: each says it of its own organisation, and of its own register."""

import shutil
from collections.abc import Callable

import pytest

from tests.lib import workspaces
from tests.lib.world import World

ORGANISATIONS = {"o1": {"brands": {"b1": {"lists": []}}}, "o2": {"brands": {"b9": {"lists": []}}}}
ROW = {"event_id": "e1", "occurred_at": "2026-05-01T08:00:00Z", "action": "opt_out", "profile_id": "anna"}
ROW |= {"scope": "list", "scope_id": "unknown"}


def test_an_opt_out_counts_for_both_organisations(world: Callable[..., World]) -> None:
    small = world(organisations=ORGANISATIONS)
    for organisation in ORGANISATIONS:
        feed = {"source": "canonical_consent", "organisation": organisation, "max_age": "365d"}
        workspaces.write_yaml(small.folder / "feeds" / f"provider-{organisation}.yaml", feed)
        workspaces.write_rows(small.folder / "landing" / f"provider-{organisation}" / "suppressed.csv", list(ROW), [ROW])
    small.profiles("""
        profile_id | organisation | email
        -----------+--------------+---------------------
        anna       | o1           | anna@post.example.at
        bert       | o1           | bert@post.example.at
        anna       | o2           | cora@post.example.at
    """)
    small.campaign("ours")
    small.campaign("theirs", organisation="o2", brand="b9")
    answer = small.run()
    assert answer.code == 0, answer.error
    small.decided("""
        profile | reasons
        --------+-----------------------
        anna    | opted_out_organisation
        bert    |
    """, "ours")  # fmt: skip
    small.decided("""
        profile | reasons
        --------+-----------------------
        anna    | opted_out_organisation
    """, "theirs")  # fmt: skip


@pytest.mark.parametrize(("channel", "who"), [("email", "anna"), ("sms", "bert")])
def test_a_list_that_two_registers_share_holds_for_both(world: Callable[..., World], channel: str, who: str) -> None:
    entries = ["anna@post.example.at", "+436641234568"]
    small = world(
        registers={f"dnc-{one}": {"channel": one, "use": "always", "entries": entries} for one in ("email", "sms")}, max_rejected="100%"
    )
    small.profiles("""
        profile_id | email                | phone
        -----------+----------------------+--------------
        anna       | anna@post.example.at | +436641234567
        bert       | bert@post.example.at | +436641234568
    """)
    small.campaign(channel=channel)
    small.run()
    excluded = {found.profile_id: found.reason for found in small.published().exclusions}
    assert excluded == {who: "registered"}


def test_two_loads_of_one_id_stop_everything_and_are_named(world: Callable[..., World]) -> None:
    """An older version, or a hand, may have laid them there: of which feed the rows are would be chance."""
    small = world()
    small.profiles("email\n-----\nanna@post.example.at")
    assert small.run().code == 0
    (load,) = (small.folder / "ledger" / "consent").iterdir()
    shutil.copytree(load, small.folder / "ledger" / "delivery" / load.name)
    answer = workspaces.presend(small.folder, "build")
    assert answer.code == 13
    assert answer.error["message"].startswith("two loads have one id, in the feeds consent and consent")
