"""Consent events in our own plain format."""

from hashlib import md5
from pathlib import Path

from tests.lib.feeds import land

HEADER = "event_id,occurred_at,action,channel,address,profile_id,scope,scope_id,actor,via,until\n"


def test_an_event_says_who_what_where_and_when(tmp_path: Path) -> None:
    lines = [
        "1,2026-05-01T10:00:00Z,opt_in_confirm,email,Anna@X.at,,list,l1,,form,",
        "2,2026-05-01,opt_out,,b@x.at,,organisation,o1,staff,manual,",
        "3,2026-05-01 10:00,pause,email,,p3,brand,b1,,preference_link,2026-07-01",
    ]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    landed.consents("""
        event_id | action         | channel | address   | profile_id | scope        | actor | occurred_from        | occurred_until
        ---------+----------------+---------+-----------+------------+--------------+-------+----------------------+---------------------
        1        | opt_in_confirm | email   | anna@x.at |            | list         | owner | 2026-05-01T10:00:00Z | 2026-05-01T10:00:00Z
        2        | opt_out        | any     | b@x.at    |            | organisation | staff | 2026-04-30T22:00:00Z | 2026-05-01T21:59:59Z
        3        | pause          | email   |           | p3         | brand        | owner | 2026-05-01T08:00:00Z | 2026-05-01T08:00:59Z
    """)


def test_what_is_unknown_restricts_and_never_permits(tmp_path: Path) -> None:
    lines = [
        "1,2026-05-01,leave,email,a@x.at,,list,l1,,,",
        "2,2026-05-01,opt_out,email,b@x.at,,list,nowhere,,,",
        "3,2026-05-01,opt_in,email,c@x.at,,list,nowhere,,form,",
        "4,some day,opt_out,email,d@x.at,,list,l1,,,",
        "5,some day,opt_in,email,e@x.at,,list,l1,,form,",
    ]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    landed.consents("""
        event_id | action  | scope        | scope_id | occurred_from
        ---------+---------+--------------+----------+---------------------
        1        | opt_out | list         | l1       | 2026-04-30T22:00:00Z
        2        | opt_out | organisation | o1       | 2026-04-30T22:00:00Z
        4        | opt_out | list         | l1       | 0001-01-01T00:00:00Z
    """)
    assert landed.rejected == [(3, "scope_unknown"), (5, "time_unusable")]
    assert landed.unknown == {"action leave": 1, "scope list nowhere": 2}


def test_a_cell_is_filled_by_any_letter_and_by_no_blank(tmp_path: Path) -> None:
    """A channel that is not known restricts on all; one that is blank, too."""
    lines = [
        "1,2026-05-01,opt_out,électronique,a@x.at,,list,l1,,,",
        "2,2026-05-01,opt_out,~,b@x.at,,list,l1,,,",
        "3,2026-05-01,opt_out,  ,c@x.at,,list,l1,,,",
        "4,2026-05-01,opt_out,email,d@x.at,,list,l1,,,",
    ]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    landed.consents("""
        event_id | channel
        ---------+--------
        1        | any
        2        | any
        3        | any
        4        | email
    """)


def test_a_number_of_no_organisation_is_read_at_home_where_the_group_has_one_country(tmp_path: Path) -> None:
    lines = ["1,2026-05-01,opt_out,sms,0664 1234567,,group,,,,", "2,2026-05-01,opt_out,sms,tel:+43-664-1234567,,group,,,,"]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)}, organisation=None)
    landed.consents("""
        event_id | address       | scope
        ---------+---------------+------
        1        | +436641234567 | group
        2        | +436641234567 | group
    """)


def test_an_address_has_the_key_that_older_ledgers_hold(tmp_path: Path) -> None:
    """Of its text's MD5 the upper 126 bits, least byte first: keys are compared across years, and never change."""
    key = int.from_bytes(md5(b"anna@x.at", usedforsecurity=False).digest(), "little") >> 2
    landed = land(tmp_path, "canonical_consent", {"c.csv": f"{HEADER}1,2026-05-01,opt_out,email,Anna@x.at,,list,l1,,,"})
    landed.consents(f"address_key\n---\n{key}")


def test_another_spelling_has_the_key_of_its_mailbox_and_a_number_has_none(tmp_path: Path) -> None:
    addresses = ["anna@x.at", "anna+news@x.at", "+43 664 1234567"]
    lines = [f"{number},2026-05-01,opt_out,any,{address},,list,l1,,," for number, address in enumerate(addresses, 1)]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    landed.consents("""
        event_id | address        | (mailbox_key = address_key)
        ---------+----------------+----------------------------
        1        | anna@x.at      | true
        2        | anna+news@x.at | false
        3        | +436641234567  |
    """)


def test_who_is_named_by_what_cannot_be_read_is_not_nobody(tmp_path: Path) -> None:
    """A row that names nobody at all has another reason; with a profile beside it, a restriction counts for that."""
    lines = [
        "1,2026-05-01,opt_out,email,ärgerlich,,list,l1,,,",
        "2,2026-05-01,opt_out,email,~,,list,l1,,,",
        "3,2026-05-01,opt_out,email,  ,,list,l1,,,",
        "4,2026-05-01,opt_out,email,ärgerlich,p4,list,l1,,,",
    ]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    assert landed.rejected == [(1, "address_unreadable"), (2, "address_unreadable"), (3, "nobody_named")]
    landed.consents("""
        event_id | address | raw_address | profile_id
        ---------+---------+-------------+-----------
        4        |         | ärgerlich   | p4
    """)


def test_an_event_twice_in_a_file_counts_once(tmp_path: Path) -> None:
    line = "1,2026-05-01,opt_out,email,a@x.at,,list,l1,,,"
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + f"{line}\n{line}\n"})
    assert landed.counts == (2, 1, 1, 0, 0)
