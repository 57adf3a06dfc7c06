"""Odoo's contacts, list subscriptions and blacklists."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

LISTS = {"7": {"scope": "list", "scope_id": "l1"}}

SUBSCRIPTIONS = """\
contact_id/email,list_id/.id,opt_out,unsubscription_date
a@x.at,7,True,2026-02-01 09:00:00
b@x.at,7,False,
"""


def partner(number: int, email: str | bool, **more: Any) -> dict[str, Any]:
    plain = {"mobile": False, "phone": False, "zip": False, "country_code": "AT", "active": True}
    return {"id": number, "name": f"Anna Maria Berger{number}", "email": email, "is_blacklisted": False, **plain, **more}


def test_blacklisted_contacts_are_out_on_their_channel_and_archived_ones_are_no_profiles(tmp_path: Path) -> None:
    landed = land(tmp_path, "odoo_contacts", {
        "partners.json": {"jsonrpc": "2.0", "id": 1, "result": [
            partner(1, "a@x.at", mobile="0664 1111111", zip="4020", write_date="2026-03-01 09:00:00"),
            partner(2, "b@x.at", is_blacklisted=True, phone="+43 1 7201111", phone_sanitized_blacklisted=True),
            partner(3, False),
            partner(4, "d@x.at", is_blacklisted=True, active=False),
        ]},
        "z-short.csv": "id,name,email\n1,A,a@x.at\n",
    })  # fmt: skip
    landed.consents("""
        address     | profile_id | action  | channel | actor  | is_standing | vendor_label
        ------------+------------+---------+---------+--------+-------------+----------------------------
        b@x.at      | 2          | opt_out | email   | import | true        | is_blacklisted
        +4317201111 | 2          | opt_out | sms     | import | true        | phone_sanitized_blacklisted
        d@x.at      | 4          | opt_out | email   | import | true        | is_blacklisted
    """)
    landed.profiles("""
        profile_id | email_address | phone_number  | first_name | last_name     | postal_code | updated_at
        -----------+---------------+---------------+------------+---------------+-------------+---------------------
        1          | a@x.at        | +436641111111 | Anna       | Maria Berger1 | 4020        | 2026-03-01T09:00:00Z
        2          | b@x.at        | +4317201111   | Anna       | Maria Berger2 |             |
        3          |               |               | Anna       | Maria Berger3 |             |
    """)
    assert [load["file"] for load in landed.loads if load["is_refused"]] == ["z-short.csv"]


def test_who_left_a_list_is_out_of_it_alone_and_the_blacklists_are_for_all(tmp_path: Path) -> None:
    landed = land(tmp_path, "odoo_contacts", {
        "subscriptions.csv": SUBSCRIPTIONS,
        "subscriptions.json": [
            {"contact_id": {"email": "c@x.at"}, "list_id": [7, "News"], "opt_out": True, "opt_out_datetime": "2026-02-01 09:00:00"},
            {"contact_id": {"email": "d@x.at"}, "list_id": [8, "New"], "opt_out": True, "opt_out_datetime": False},
        ],
        "blacklist.csv": "Email Address,Active\ne@x.at,True\nf@x.at,False\ng@x.at,\n",
        "phones.csv": "number,active\n+436641234567,True\n",
    }, map=LISTS)  # fmt: skip
    landed.consents("""
        address       | action  | channel | scope        | scope_id | actor  | occurred_from
        --------------+---------+---------+--------------+----------+--------+---------------------
        a@x.at        | opt_out | email   | list         | l1       | import | 2026-02-01T09:00:00Z
        c@x.at        | opt_out | email   | list         | l1       | import | 2026-02-01T09:00:00Z
        d@x.at        | opt_out | email   | organisation | o1       | import | 2026-06-01T08:00:00Z
        e@x.at        | opt_out | email   | organisation | o1       | import | 2026-06-01T08:00:00Z
        g@x.at        | opt_out | email   | organisation | o1       | import | 2026-06-01T08:00:00Z
        +436641234567 | opt_out | sms     | organisation | o1       | import | 2026-06-01T08:00:00Z
    """)
    assert landed.counts == (8, 6, 0, 2, 0)


def test_the_country_is_the_code_or_where_none_is_told_the_name(tmp_path: Path) -> None:
    text = "id,name,email,is_blacklisted,mobile,Country\n7,Anna Berger,a@x.at,False,0171 1234567,Germany\n"
    landed = land(tmp_path, "odoo_contacts", {"partners.csv": text})
    landed.profiles("""
        profile_id | region | phone_number
        -----------+--------+--------------
        7          | DE     | +491711234567
    """)
