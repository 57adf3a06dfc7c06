"""ActiveCampaign's webhooks."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.lib.feeds import land

AT = "2026-02-21T14:07:38-06:00"


def hook(number: int, kind: str, source: str = "public", list_id: str = "0", **more: Any) -> dict[str, Any]:
    contact = {"id": str(number), "email": f"{number}@x.at", "phone": f"+4366412345{number:02}", "tags": "", "ip": "127.0.0.1"}
    return {"type": kind, "date_time": AT, "initiated_from": source, "initiated_by": source, "list": list_id, "contact": contact} | more


def body(number: int, kind: str, source: str = "public", list_id: str = "0") -> str:
    told = {"type": kind, "date_time": AT, "initiated_from": source, "initiated_by": source, "list": list_id}
    return urlencode(told | {"contact[id]": number, "contact[email]": f"{number}@x.at", "contact[first_name]": "Ida"})


def test_where_an_unsubscription_was_made_tells_by_whom(tmp_path: Path) -> None:
    hooks = [
        hook(1, "unsubscribe", list_id="7"),
        hook(2, "unsubscribe", "admin"),
        hook(3, "unsubscribe", "api", "8"),
        hook(4, "unsubscribe", "moon"),
        hook(5, "bounce", "system"),
        hook(6, "bounce", "system", bounce={"error": "550 5.1.1 unknown"}),
        hook(7, "sms_reply", sms={"id": "1", "reply": "STOP", "result": "unsub"}),
        hook(8, "sms_reply", sms={"id": "2", "reply": "who is this", "result": "forward"}),
        hook(9, "subscribe"),
        hook(10, "open"),
        hook(11, "spam_report"),
    ]
    bodies = "\n".join([body(21, "unsubscribe", list_id="7"), body(22, "bounce", "system"), body(23, "click")])
    landed = land(tmp_path, "activecampaign_events", {
        "hooks.ndjson": "\n".join(map(json.dumps, hooks)), "bodies.txt": bodies + "\n",
    }, map={"7": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.consents("""
        address       | profile_id | channel | action  | actor  | via             | scope        | scope_id | occurred_from
        --------------+------------+---------+---------+--------+-----------------+--------------+----------+---------------------
        1@x.at        | 1          | email   | opt_out | owner  | preference_link | list         | l1       | 2026-02-21T20:07:38Z
        2@x.at        | 2          | email   | opt_out | staff  | manual          | organisation | o1       | 2026-02-21T20:07:38Z
        3@x.at        | 3          | email   | opt_out | import | import          | organisation | o1       | 2026-02-21T20:07:38Z
        4@x.at        | 4          | email   | opt_out | import | import          | organisation | o1       | 2026-02-21T20:07:38Z
        +436641234507 | 7          | sms     | opt_out | owner  | keyword         | organisation | o1       | 2026-02-21T20:07:38Z
        11@x.at       | 11         | any     | opt_out | import | import          | organisation | o1       | 2026-02-21T20:07:38Z
        21@x.at       | 21         | email   | opt_out | owner  | preference_link | list         | l1       | 2026-02-21T20:07:38Z
    """)
    landed.deliveries("""
        address | type   | bounce_class | occurred_from
        --------+--------+--------------+---------------------
        5@x.at  | bounce | undetermined | 2026-02-21T20:07:38Z
        6@x.at  | bounce | hard         | 2026-02-21T20:07:38Z
        22@x.at | bounce | undetermined | 2026-02-21T20:07:38Z
    """)
    landed.reviews("""
        address       | body
        --------------+------------
        +436641234508 | who is this
    """)
    assert landed.counts == (14, 11, 0, 3, 0)
