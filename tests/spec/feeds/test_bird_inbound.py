"""Messages to an SMS channel at Bird."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land


def message(number: int, text: str, **more: Any) -> dict[str, Any]:
    sender = {"contact": {"id": "c", "identifierKey": "phonenumber", "identifierValue": f"+43664100000{number}"}}
    return {
        "id": f"m{number}",
        "channelId": "614208aa",
        "sender": sender,
        "body": {"type": "text", "text": {"text": text}},
        "direction": "incoming",
        "createdAt": "2026-04-02T09:00:00.736Z",
        **more,
    }


def test_a_stop_holds_for_the_channel_that_it_came_by(tmp_path: Path) -> None:
    landed = land(tmp_path, "bird_inbound", {
        "page.json": {"results": [message(1, "STOP"), message(2, "Hallo?"), message(3, "stop", direction="outgoing")]},
        "hook.json": {"service": "channels", "event": "sms.inbound", "payload": message(4, "Afmelden", channelId="other")},
        "start.ndjson": message(5, "START"),
    }, map={"614208aa": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.consents("""
        event_id | address       | channel | action  | scope        | scope_id | actor | occurred_from
        ---------+---------------+---------+---------+--------------+----------+-------+---------------------
        m1       | +436641000001 | sms     | opt_out | list         | l1       | owner | 2026-04-02T09:00:00Z
        m4       | +436641000004 | sms     | opt_out | organisation | o1       | owner | 2026-04-02T09:00:00Z
        m5       | +436641000005 | sms     | opt_in  | list         | l1       | owner | 2026-04-02T09:00:00Z
    """)
    landed.reviews("""
        event_id | address       | body
        ---------+---------------+-------
        m2       | +436641000002 | Hallo?
    """)
    assert landed.counts == (5, 4, 0, 1, 0)
