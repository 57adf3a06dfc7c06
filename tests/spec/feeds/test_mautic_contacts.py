"""Mautic's contacts, webhooks, do-not-contact entries and merges."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

ENTRIES = """\
id,lead_id,date_added,reason,channel,channel_id,comments
1,52,2026-02-01 09:00:00,1,email,,
2,53,2026-02-01 09:00:00,2,email,,
"""


def contact(number: int, *entries: dict[str, Any], **fields: str) -> dict[str, Any]:
    return {"id": number, "fields": {"all": {"email": f"c{number}@x.at", **fields}}, "doNotContact": list(entries)}


def test_a_do_not_contact_entry_says_who_and_on_which_channel(tmp_path: Path) -> None:
    page = {"total": "3", "contacts": {
        "47": contact(47,
            {"id": 1, "reason": 1, "channel": "email", "dateAdded": "2026-02-01T09:00:00+00:00", "comments": "too much"},
            {"id": 2, "reason": 3, "channel": "sms"},
            firstname="Anna", mobile="+436641111111") | {"dateModified": "2026-03-01T09:00:00+00:00"},
        "48": contact(48,
            {"reason": 2, "channel": "email"}, {"reason": 7, "channel": "email"}, {"reason": 0, "channel": "email"},
            {"reason": 1, "channel": "notification"}, {"reason": 3, "channel": "carrier pigeon"}),
        "49": contact(49),
    }}  # fmt: skip
    landed = land(tmp_path, "mautic_contacts", {
        "page.json": page,
        "table.csv": "id,email,Do not contact\n60,c60@x.at,0\n61,c61@x.at,No\n62,c62@x.at,1\n",
        "z-export.csv": "id,email\n47,c47@x.at\n",
    })  # fmt: skip
    landed.consents("""
        address       | profile_id | action  | channel | actor  | via       | occurred_from        | is_standing | reason_text
        --------------+------------+---------+---------+--------+-----------+----------------------+-------------+------------
        c47@x.at      | 47         | opt_out | email   | owner  | one_click | 2026-02-01T09:00:00Z | false       | too much
        +436641111111 | 47         | opt_out | sms     | staff  | manual    | 2026-06-01T08:00:00Z | true        |
        c48@x.at      | 48         | opt_out | email   | import | import    | 2026-06-01T08:00:00Z | true        |
        c48@x.at      | 48         | opt_out | any     | staff  | manual    | 2026-06-01T08:00:00Z | true        |
        c62@x.at      | 62         | opt_out | any     | import | import    | 2026-06-01T08:00:00Z | true        |
    """)
    landed.deliveries("""
        address  | type       | reason  | channel
        ---------+------------+---------+--------
        c48@x.at | quarantine | bounced | email
    """)
    landed.profiles("""
        profile_id | email_address | phone_number  | first_name | updated_at
        -----------+---------------+---------------+------------+---------------------
        47         | c47@x.at      | +436641111111 | Anna       | 2026-03-01T09:00:00Z
        48         | c48@x.at      |               |            |
        49         | c49@x.at      |               |            |
        60         | c60@x.at      |               |            |
        61         | c61@x.at      |               |            |
        62         | c62@x.at      |               |            |
    """)
    assert landed.unknown == {"code dnc/7": 1, "channel carrier pigeon": 1}
    assert [load["file"] for load in landed.loads if load["is_refused"]] == ["z-export.csv"]


def test_a_webhook_tells_a_changed_subscription_and_contactable_lifts_nothing(tmp_path: Path) -> None:
    def change(number: int, status: str, **more: Any) -> dict[str, Any]:
        who = {"id": number, "fields": {"core": {"email": {"value": f"c{number}@x.at"}}}}
        return {"contact": who, "channel": "email", "old_status": "contactable", "new_status": status, **more}

    landed = land(tmp_path, "mautic_contacts", {"hooks.ndjson": {
        "mautic.lead_channel_subscription_changed": [
            change(1, "unsubscribed", timestamp="2026-02-01T09:00:00+00:00"), change(2, "manual"), change(3, "bounced"),
            change(4, "contactable"), change(5, "hidden"),
            change(6, "unsubscribed", channel="sms", contact={"id": 6, "fields": {"core": {"phone": {"value": "+436641111166"}}}}),
            change(7, "unsubscribed", channel="sms", contact={"id": 7, "fields": {"all": {"phone": "+436641111167"}}}),
        ],
        "mautic.lead_points_change": [{"points": {}}],
    }})  # fmt: skip
    landed.consents("""
        address       | profile_id | actor  | via       | occurred_from        | vendor_label
        --------------+------------+--------+-----------+----------------------+-----------------
        c1@x.at       | 1          | owner  | one_click | 2026-02-01T09:00:00Z | dnc/unsubscribed
        c2@x.at       | 2          | staff  | manual    | 0001-01-01T00:00:00Z | dnc/manual
        c5@x.at       | 5          | import | import    | 0001-01-01T00:00:00Z | dnc/hidden
        +436641111166 | 6          | owner  | one_click | 0001-01-01T00:00:00Z | dnc/unsubscribed
        +436641111167 | 7          | owner  | one_click | 0001-01-01T00:00:00Z | dnc/unsubscribed
    """)
    landed.deliveries("""
        address | type       | reason
        --------+------------+--------
        c3@x.at | quarantine | bounced
    """)
    assert landed.counts == (7, 6, 0, 1, 0)


def test_the_tables_tell_entries_by_contact_and_merges(tmp_path: Path) -> None:
    landed = land(tmp_path, "mautic_contacts", {
        "dnc.csv": ENTRIES,
        "merges.csv": "id,contact_id,date_added,merged_id,name\n1,47,2026-01-01 00:00:00,12,Anna\n",
    })  # fmt: skip
    landed.consents("""
        profile_id | actor  | channel | occurred_from
        -----------+--------+---------+---------------------
        52         | owner  | email   | 2026-02-01T09:00:00Z
        53         | import | email   | 2026-02-01T09:00:00Z
    """)
    landed.former("""
        operation | profile_id | external_id
        ----------+------------+------------
        merged    | 12         | 47
    """)
