"""A channel is one row of the vocabulary: what holds for texts holds for WhatsApp and RCS, each for itself (domain §1, §4, §5)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.vocabulary import ADDRESSED, Channel
from tests.lib.feeds import land
from tests.lib.workspaces import presend
from tests.lib.world import World

Worlds = Callable[..., World]
NUMBERS = [channel for channel in ADDRESSED if channel.kind == "phone"]


def test_the_channels_and_what_each_uses() -> None:
    assert [(str(channel), channel.kind, channel.needs_mobile) for channel in Channel] == [
        ("email", "email", False),
        ("sms", "phone", True),
        ("phone", "phone", False),
        ("whatsapp", "phone", True),
        ("rcs", "phone", True),
        ("post", "postal", False),
        ("any", None, False),
    ]


@pytest.mark.parametrize("channel", NUMBERS)
def test_a_no_holds_for_its_own_channel_and_one_for_any_channel_for_all(world: Worlds, channel: Channel) -> None:
    small = world()
    small.profiles("\n".join(["profile_id | phone", "---|---", *(f"{one} | {number_of(one)}" for one in ("any", "post", *NUMBERS))]))
    said = (f"2026-05-01 | opt_out | {number_of(one)} | {one}" for one in ("any", *NUMBERS))
    small.consents("\n".join(["occurred_at | action | address | channel", "---|---|---|---", *said]))
    small.campaign(channel=str(channel))
    small.decides("\n".join([
        "profile | reasons", "---|---", *(f"{one} | opted_out_organisation" for one in ("any", channel)),
        *(f"{one} |" for one in ("post", *NUMBERS) if one != channel),
    ]))  # fmt: skip


def number_of(name: str) -> str:
    """A mobile number for each word."""
    return f"+4366412345{10 + ['any', 'post', *NUMBERS].index(name)}"


@pytest.mark.parametrize("channel", NUMBERS)
def test_a_fixed_line_can_be_called_and_nothing_else_and_a_mailbox_is_no_number(world: Worlds, channel: Channel) -> None:
    small = world()
    small.profiles("""
        profile_id | email                | phone
        -----------+----------------------+---------------
        fixed      | anna@post.example.at | +4315123456
        mobile     | bert@post.example.at | +436641234567
        none       | cora@post.example.at |
        odd        | dora@post.example.at | 12 and a half
    """)
    small.campaign(channel=str(channel), seeds=["+4315123457", "+436641234568", "seed@office.example.at"])
    small.decides(f"""
        profile | reasons
        --------+----------------
        fixed   | {"address_invalid" if channel.needs_mobile else ""}
        mobile  |
        none    | address_missing
        odd     | address_invalid
    """)
    assert small.published().seeds == (["+436641234568"] if channel.needs_mobile else ["+4315123457", "+436641234568"])


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.RCS])
def test_a_dead_number_is_dead_on_its_channel_and_on_all_where_the_channel_is_any_or_unknown(world: Worlds, channel: Channel) -> None:
    other = Channel.RCS if channel is Channel.WHATSAPP else Channel.WHATSAPP
    small = world()
    small.profiles("""
        profile_id | phone
        -----------+--------------
        own        | +436641234561
        text       | +436641234562
        other      | +436641234563
        any        | +436641234564
        unknown    | +436641234565
    """)
    small.deliveries(f"""
        event_id | occurred_at | type      | address       | bounce_class | channel
        ---------+-------------+-----------+---------------+--------------+----------
        own      | 2026-05-01  | bounce    | +436641234561 | hard         | {channel}
        text     | 2026-05-01  | bounce    | +436641234562 | hard         | sms
        other    | 2026-05-01  | bounce    | +436641234563 | hard         | {other}
        any      | 2026-05-01  | bounce    | +436641234564 | hard         | any
        unknown  | 2026-05-01  | bounce    | +436641234565 | hard         | pigeon
    """)
    small.campaign(channel=str(channel))
    small.decides("""
        profile | reasons          | evidence
        --------+------------------+---------
        own     | quarantined_hard | own
        text    |                  |
        other   |                  |
        any     | quarantined_hard | any
        unknown | quarantined_hard | unknown
    """)


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.RCS])
def test_a_register_and_a_limit_are_of_a_channel(world: Worlds, channel: Channel) -> None:
    small = world(
        registers={"robinson": {"channel": str(channel), "use": "always", "entries": ["+43 664 1234561"]}},
        policy={"pressure": {"max_messages": 1, "per_days": 7}},
    )
    small.profiles("""
        profile_id | phone
        -----------+--------------
        listed     | +436641234561
        reached    | +436641234562
        texted     | +436641234563
    """)
    small.deliveries(f"""
        occurred_at          | type | address       | channel   | organisation
        ---------------------+------+---------------+-----------+-------------
        2026-05-30T10:00:00Z | sent | +436641234562 | {channel} | o1
        2026-05-30T10:00:00Z | sent | +436641234563 | sms       | o1
    """)
    small.campaign(channel=str(channel))
    small.campaign("text", channel="sms")
    small.decides("""
        profile | reasons
        --------+-----------
        listed  | registered
        reached | pressure
        texted  |
    """)
    small.decided("""
        profile | reasons
        --------+---------
        listed  |
        reached |
        texted  | pressure
    """, "text")  # fmt: skip


def test_a_yes_lifts_on_its_channel_alone_and_one_of_a_profile_means_the_number_that_it_had(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | phone
        -----------+--------------
        anna       | +436641234561
        bert       | +436641234562
        cora       | +436641234563
    """)
    small.consents("""
        occurred_at | action  | address       | profile_id | channel  | via
        ------------+---------+---------------+------------+----------+--------
        2026-05-01  | opt_out | +436641234561 |            | any      |
        2026-05-01  | opt_out | +436641234562 |            | any      |
        2026-05-01  | opt_out | +436641234563 |            | any      |
        2026-05-03  | opt_in  | +436641234561 |            | whatsapp | keyword
        2026-05-03  | opt_in  |               | bert       | whatsapp | keyword
        2026-05-03  | opt_in  | +436641234563 |            | sms      | keyword
    """)
    small.campaign(channel="whatsapp")
    small.campaign("text", channel="sms")
    small.decides("""
        profile | reasons
        --------+-----------------------
        anna    |
        bert    |
        cora    | opted_out_organisation
    """)
    small.decided("""
        profile | reasons
        --------+-----------------------
        anna    | opted_out_organisation
        bert    | opted_out_organisation
        cora    |
    """, "text")  # fmt: skip


def test_a_flag_is_of_its_channel_and_mobile_means_all_that_reach_one(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | phone         | no_whatsapp | no_texts | no_mobile
        -----------+---------------+-------------+----------+----------
        chat       | +436641234561 | yes         |          |
        text       | +436641234562 |             | yes      |
        mobile     | +436641234563 |             |          | yes
    """)
    for channel in NUMBERS:
        small.campaign(channel, channel=str(channel))
    small.run()
    out = {
        Channel.SMS: ("text", "mobile"),
        Channel.PHONE: ("mobile",),
        Channel.WHATSAPP: ("chat", "mobile"),
        Channel.RCS: ("text", "mobile"),
    }
    for channel, who in out.items():
        lines = (f"{one} | {'opted_out_organisation' if one in who else ''}" for one in ("chat", "text", "mobile"))
        small.decided("\n".join(["profile | reasons", "---|---", *lines]), channel)


def test_a_yes_by_post_says_of_no_number_that_it_may_be_used(world: Worlds) -> None:
    """No profile says where its letters go, so that such a yes names nobody."""
    small = world()
    small.profiles("""
        profile_id | phone
        -----------+--------------
        anna       | +436641234561
    """)
    small.consents("""
        occurred_at | action | profile_id | channel | via
        ------------+--------+------------+---------+-----
        2026-05-03  | opt_in | anna       | post    | form
        2026-05-03  | opt_in | anna       | rcs     | form
    """)
    small.run()
    small.holds("permission_placed", """
        kind
        -----
        phone
    """)  # fmt: skip


def test_a_word_that_is_no_channel_restricts_on_all_and_permits_on_none(tmp_path: Path) -> None:
    header = "event_id,occurred_at,action,channel,address,scope,scope_id,via\n"
    landed = land(tmp_path, "canonical_consent", {"c.csv": header + "\n".join((
        "1,2026-05-01,opt_out,WhatsApp,+436641234561,list,l1,", "2,2026-05-01,opt_in,rcs,+436641234562,list,l1,form",
        "3,2026-05-01,opt_out,pigeon,+436641234563,list,l1,", "4,2026-05-01,opt_in,pigeon,+436641234564,list,l1,form",
        "5,2026-05-01,opt_out,rcs,anna@x.at,list,l1,",
    ))})  # fmt: skip
    landed.consents("""
        event_id | action  | channel  | address
        ---------+---------+----------+--------------
        1        | opt_out | whatsapp | +436641234561
        2        | opt_in  | rcs      | +436641234562
        3        | opt_out | any      | +436641234563
        5        | opt_out | rcs      | anna@x.at
    """)
    assert landed.rejected == [(4, "channel_unknown")]
    assert landed.unknown == {"channel pigeon": 2}


def test_a_campaign_on_an_unknown_channel_is_told_the_known_ones(world: Worlds) -> None:
    small = world()
    small.campaign(channel="pigeon")
    answer = presend(small.folder, "check")
    assert answer.code == 10
    assert answer.error is not None and answer.error["remedy"] == "Use one of: email, phone, rcs, sms, whatsapp."
