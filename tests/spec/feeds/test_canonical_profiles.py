"""Profiles in our own plain format."""

from pathlib import Path

from tests.lib.feeds import land


def test_addresses_are_normalised_and_a_profile_keeps_one_that_cannot_be_read(tmp_path: Path) -> None:
    content = "profile_id,email,phone,country,first_name\np1,Anna@Müller.at,0664 1234567,,Anna\np2,nonsense,+31612345678,NL,Bert\n"
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content})
    landed.profiles("""
        profile_id | organisation | email_address         | email          | phone_number  | phone_line | first_name
        -----------+--------------+-----------------------+----------------+---------------+------------+-----------
        p1         | o1           | anna@xn--mller-kva.at | Anna@Müller.at | +436641234567 | mobile     | Anna
        p2         | o1           |                       | nonsense       | +31612345678  | mobile     | Bert
    """)


def test_any_other_column_is_an_attribute_and_a_flag_restricts(tmp_path: Path) -> None:
    content = "profile_id;E-Mail;email;Do not e-mail;Lieblingsstück\np1;;a@x.at;ja;Jedermann\np2;;b@x.at;nein;\n"
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content})
    landed.profiles("""
        profile_id | flags           | attributes['Lieblingsstück']
        -----------+-----------------+-----------------------------
        p1         | email:opted_out | Jedermann
        p2         |                 |
    """)


def test_only_a_plain_no_is_no_restriction(tmp_path: Path) -> None:
    plain = ["", "0", "false", "F", "no", "n", "off", "nein", "Falsch", "nee", "onwaar", "non", "faux"]
    flagged = ["1", "true", "yes", "ja", "perhaps", "o", "ne"]
    cells = list(enumerate([*plain, *flagged]))
    content = "\n".join(["profile_id,email,unsubscribed", *(f"p{number},{number}@x.at,{cell}" for number, cell in cells)])
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content})
    flags = [f"p{number} | {'any:opted_out' if cell in flagged else ''}" for number, cell in cells]
    landed.profiles("\n".join(["profile_id | flags", "-----------+------", *flags]))


def test_a_row_that_is_nobodys_is_rejected_and_an_operation_makes_it_no_snapshot(tmp_path: Path) -> None:
    content = "profile_id,organisation,email,operation\n,o1,a@x.at,upsert\np2,nobody,b@x.at,upsert\np3,o1,c@x.at,forget\np4,o1,,delete\n"
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content})
    assert landed.rejected == [(1, "profile_id_missing"), (2, "organisation_unknown"), (3, "operation_unknown")]
    assert [load["is_snapshot"] for load in landed.loads] == [False]
