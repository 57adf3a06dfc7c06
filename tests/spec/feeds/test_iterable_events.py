"""Iterable's events: system webhooks and exports."""

import json
from pathlib import Path
from typing import Any

from tests.lib.feeds import land


def hook(number: int, name: str, **fields: Any) -> dict[str, Any]:
    told = {"createdAt": "2026-02-21 20:07:38 +00:00", "email": f"{number}@x.at", "campaignName": "May", "messageId": f"m{number}"}
    return {"email": f"{number}@x.at", "userId": f"u{number}", "eventName": name, "dataFields": told | fields}


def test_webhooks_tell_bounces_complaints_and_who_left_what(tmp_path: Path) -> None:
    hooks = [
        hook(1, "emailSend"),
        hook(2, "emailBounce", recipientState="HardBounce"),
        hook(3, "emailBounce", recipientState="SoftBounce"),
        hook(4, "emailBounce"),
        hook(5, "emailComplaint", recipientState="Complaint"),
        hook(6, "emailUnSubscribe", unsubSource="EmailLink", channelIds=[27447], messageTypeIds=[], emailListIds=[]),
        hook(7, "emailUnSubscribe", unsubSource="ApiCall", channelIds=[], messageTypeIds=[31082], emailListIds=[5]),
        hook(8, "emailUnSubscribe"),
        hook(9, "hostedUnsubscribeClick"),
        hook(10, "smsReceived", fromPhoneNumber="+436641234510", smsMessage="no more please"),
        hook(11, "smsSend", toPhoneNumber="+436641234511"),
        hook(12, "pushOptOut"),
        hook(13, "emailOpen"),
        hook(14, "bought a ticket"),
        hook(15, "emailSubscribe", emailListIds=[5]),
    ]
    placed = {"channel/27447": {"scope": "brand", "scope_id": "b1"}, "list/5": {"scope": "list", "scope_id": "l1"}}
    landed = land(tmp_path, "iterable_events", {"hooks.ndjson": "\n".join(map(json.dumps, hooks))}, map=placed)
    landed.deliveries("""
        address       | channel | type      | bounce_class | campaign | occurred_from
        --------------+---------+-----------+--------------+----------+---------------------
        1@x.at        | email   | sent      |              | May      | 2026-02-21T20:07:38Z
        2@x.at        | email   | bounce    | hard         | May      | 2026-02-21T20:07:38Z
        3@x.at        | email   | bounce    | soft         | May      | 2026-02-21T20:07:38Z
        4@x.at        | email   | bounce    | undetermined | May      | 2026-02-21T20:07:38Z
        5@x.at        | email   | complaint |              | May      | 2026-02-21T20:07:38Z
        +436641234511 | sms     | sent      |              | May      | 2026-02-21T20:07:38Z
    """)
    landed.consents("""
        address | profile_id | channel | action  | actor  | scope        | scope_id | reason_text
        --------+------------+---------+---------+--------+--------------+----------+------------
        6@x.at  | u6         | email   | opt_out | owner  | brand        | b1       | EmailLink
        7@x.at  | u7         | any     | opt_out | import | organisation | o1       | ApiCall
        7@x.at  | u7         | any     | opt_out | import | list         | l1       | ApiCall
        8@x.at  | u8         | any     | opt_out | import | organisation | o1       |
        9@x.at  | u9         | email   | opt_out | owner  | organisation | o1       |
        12@x.at | u12        | any     | opt_out | import | organisation | o1       |
    """)
    landed.reviews("""
        address       | body
        --------------+---------------
        +436641234510 | no more please
    """)
    assert landed.counts == (15, 12, 0, 3, 0)
    assert set(landed.unknown) == {
        "code emailunsubscribe/apicall",
        "code emailunsubscribe/apicall; scope list message_type/31082",
        "code no/pushoptout",
    }


def test_an_export_is_named_by_its_file_or_by_its_rows(tmp_path: Path) -> None:
    at = "2026-02-21 20:07:38 +00:00"
    landed = land(tmp_path, "iterable_events", {
        "emailBounce-2026.csv": f"createdAt,campaignId,email,recipientState\n{at},7,a@x.at,HardBounce\n{at},7,b@x.at,SoftBounce\n",
        "export.json": {"createdAt": at, "campaignId": 7, "email": "c@x.at", "eventName": "emailComplaint"},
        "emails.json": {"createdAt": at, "campaignId": 7, "email": "d@x.at"},
    })  # fmt: skip
    landed.deliveries("""
        address | type      | bounce_class | campaign
        --------+-----------+--------------+---------
        a@x.at  | bounce    | hard         | 7
        b@x.at  | bounce    | soft         | 7
        c@x.at  | complaint |              | 7
    """)
    assert landed.rejected == [(1, "code_unknown")]
