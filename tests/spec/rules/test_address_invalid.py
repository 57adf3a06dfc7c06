"""address_invalid: it fails syntax (e-mail) or numbering plan (phone)."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_what_is_no_single_address_is_told_as_it_stands_and_never_guessed(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | email                                      | phone             | country
        -----------+--------------------------------------------+-------------------+--------
        anna       | Anna Muster <Anna@Post.example.at>         | 0664 1234567      |
        bert       | bert@post.example.at, cora@post.example.at | +43 1 5123456     |
        cora       | cora@post                                  | 0664 12           |
        dora       | dora@post.example.at oder Telefon          | 0151 23456789     | DE
        emil       | emil@käse.example.at                       | anrufen verboten! |
    """)
    small.campaign("mail")
    small.campaign("text", channel="sms")
    small.decides("""
        candidate                   | reasons         | detail
        ----------------------------+-----------------+-------------------------------------------
        anna@post.example.at        |                 |
        bert                        | address_invalid | bert@post.example.at, cora@post.example.at
        cora                        | address_invalid | cora@post
        dora                        | address_invalid | dora@post.example.at oder Telefon
        emil@xn--kse-qla.example.at |                 |
    """, "mail")  # fmt: skip
    # A fixed line takes no text message; a number is read with its profile's country.
    small.decided("""
        candidate      | reasons         | detail
        ---------------+-----------------+------------------
        +436641234567  |                 |
        bert           | address_invalid | +43 1 5123456
        cora           | address_invalid | 0664 12
        +4915123456789 |                 |
        emil           | address_invalid | anrufen verboten!
    """, "text")  # fmt: skip
