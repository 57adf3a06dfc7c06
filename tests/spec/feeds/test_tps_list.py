"""The UK's Telephone Preference Service as its full download."""

from pathlib import Path

from tests.lib.feeds import land

WITH_BLANKS = "0207 3787244\r\n01635 506160\r\n0191 5657153\r\n07860 338653\r\n"
WITHOUT_BLANKS = "02073787244 \r\n01635506160 \r\n+441915657153\r\nA0786033865\r\n"


def test_numbers_are_british_whatever_organisation_the_feed_belongs_to(tmp_path: Path) -> None:
    """The feed's organisation is Austrian; one line is no number."""
    landed = land(tmp_path, "tps_list", {"tps.txt": WITH_BLANKS, "tps2.txt": WITHOUT_BLANKS}, register={"id": "tps"})
    landed.register("""
        entry_kind | algorithm | value         | region
        -----------+-----------+---------------+-------
        address    | plain     | +442073787244 | GB
        address    | plain     | +441635506160 | GB
        address    | plain     | +441915657153 | GB
        address    | plain     | +447860338653 | GB
        address    | plain     | +442073787244 | GB
        address    | plain     | +441635506160 | GB
        address    | plain     | +441915657153 | GB
    """)
    assert landed.rejected == [(4, "entry_unreadable")]
