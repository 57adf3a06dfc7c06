"""address_forbidden: on the workspace's list of forbidden addresses and domains."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_forbidden_are_addresses_in_any_spelling_and_domains_exactly(world: Worlds) -> None:
    small = world(forbidden={"addresses": ["Press@Post.example.at"], "domains": ["Rival.example.at"]})
    small.profiles("""
        email
        -------------------------
        press@post.example.at
        press+1@post.example.at
        anna@rival.example.at
        bert@mail.rival.example.at
    """)
    small.decides("""
        candidate                  | reasons           | detail
        ---------------------------+-------------------+------------------------
        press@post.example.at      | address_forbidden | address
        press+1@post.example.at    |                   |
        anna@rival.example.at      | address_forbidden | domain rival.example.at
        bert@mail.rival.example.at |                   |
    """)


def test_a_forbidden_domain_bars_no_text_message(world: Worlds) -> None:
    small = world(forbidden={"domains": ["rival.example.at"]})
    small.profiles("""
        profile_id | email                 | phone
        -----------+-----------------------+--------------
        anna       | anna@rival.example.at | +436641234567
    """)
    small.campaign(channel="sms")
    small.decides("""
        candidate     | reasons
        --------------+--------
        +436641234567 |
    """)
