"""WhatsApp's preferences, messages and statuses, as Meta's Cloud API tells them."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "1775120400"


def hook(**value: Any) -> dict[str, Any]:
    ours = {"display_phone_number": "43720000001", "phone_number_id": "106540352242922"}
    value = {"messaging_product": "whatsapp", "metadata": ours, **value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}


def wish(number: int, value: str) -> dict[str, Any]:
    return {"wa_id": f"43664100000{number}", "detail": f"User requested to {value}", "category": "marketing_messages", "value": value,
        "timestamp": int(AT)}  # fmt: skip


def message(number: int, **content: Any) -> dict[str, Any]:
    return {"from": f"43664100000{number}", "id": f"w{number}", "timestamp": AT, **content}


def status(number: int, word: str, *codes: int) -> dict[str, Any]:
    found = {"id": f"s{number}", "status": word, "timestamp": AT, "recipient_id": f"43664100000{number}"}
    return found | ({"errors": [{"code": code, "title": "…"} for code in codes]} if codes else {})


def test_who_stops_marketing_messages_or_writes_stop_is_out_everywhere_and_who_writes_start_is_in_on_whatsapp(tmp_path: Path) -> None:
    landed = land(tmp_path, "whatsapp_cloud", {"hooks.json": [
        hook(user_preferences=[wish(1, "stop")]),
        hook(user_preferences=[wish(2, "resume")]),
        hook(user_preferences=[wish(0, "stop") | {"value": None}]),
        hook(messages=[
            message(3, type="text", text={"body": "Stop!"}), message(4, type="button", button={"text": "STOP", "payload": "x"}),
            message(5, type="text", text={"body": "Start"}), message(6, type="image", image={"id": "i"}),
        ]),
        hook(messages=[message(10, type="image", image={"id": "i", "caption": "Stop"})]),
        hook(statuses=[
            status(7, "failed", 131050), status(8, "failed", 131026), status(9, "delivered"), status(11, "failed", 131049),
            status(12, "sent"), status(13, "pending"),
        ]),
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "other", "value": {"event": "APPROVED"}}]}]},
    ]}, map={"+43720000001": {"scope": "brand", "scope_id": "b1"}})  # fmt: skip
    landed.consents("""
        address       | channel  | action  | scope | scope_id | actor | via             | occurred_from        | vendor_label
        --------------+----------+---------+-------+----------+-------+-----------------+----------------------+---------------------
        +436641000000 | any      | opt_out | brand | b1       | owner | preference_link | 2026-04-02T09:00:00Z | preference
        +436641000001 | any      | opt_out | brand | b1       | owner | preference_link | 2026-04-02T09:00:00Z | preference/stop
        +436641000003 | any      | opt_out | brand | b1       | owner | keyword         | 2026-04-02T09:00:00Z | keyword/stop
        +436641000004 | any      | opt_out | brand | b1       | owner | keyword         | 2026-04-02T09:00:00Z | keyword/stop
        +436641000005 | whatsapp | opt_in  | brand | b1       | owner | keyword         | 2026-04-02T09:00:00Z | start
        +4366410000010 | any      | opt_out | brand | b1       | owner | keyword         | 2026-04-02T09:00:00Z | keyword/stop
        +436641000007 | any      | opt_out | brand | b1       | owner | preference_link | 2026-04-02T09:00:00Z | status/failed/131050
    """)
    landed.reviews("""
        address       | body                     | vendor_label
        --------------+--------------------------+------------------
        +436641000002 | User requested to resume | preference/resume
    """)
    landed.deliveries("""
        address        | channel  | type      | bounce_class
        ---------------+----------+-----------+-------------
        +436641000008  | whatsapp | bounce    | undetermined
        +436641000009  | whatsapp | delivered |
        +4366410000011 | whatsapp | bounce    | block
        +4366410000012 | whatsapp | sent      |
    """)
    assert landed.counts == (7, 6, 0, 1, 0)


def test_a_button_that_means_stop_to_us_is_a_stop_whatever_it_is_called_and_every_error_is_looked_at(tmp_path: Path) -> None:
    landed = land(tmp_path, "whatsapp_cloud", {"hooks.json": [
        hook(messages=[
            message(1, type="button", button={"text": "Nicht mehr schreiben", "payload": "STOP"}),
            message(2, type="interactive", interactive={"type": "button_reply", "button_reply": {"id": "stop", "title": "Das war's"}}),
            message(3, type="interactive", interactive={"type": "list_reply", "list_reply": {"id": "STOP", "title": "Keine Lust"}}),
            message(4, type="button", button={"text": "Stop", "payload": "help"}),
            message(5, type="button", button={"text": "Mehr erfahren", "payload": "START"}),
        ]),
        hook(statuses=[status(6, "failed", 131026, 131050)]),
    ]}, map={"+43720000001": {"scope": "brand", "scope_id": "b1"}})  # fmt: skip
    landed.consents("""
        address       | action  | scope_id | vendor_label
        --------------+---------+----------+---------------------
        +436641000001 | opt_out | b1       | keyword/stop
        +436641000002 | opt_out | b1       | keyword/stop
        +436641000003 | opt_out | b1       | keyword/stop
        +436641000004 | opt_out | b1       | keyword/stop
        +436641000006 | opt_out | b1       | status/failed/131050
    """)
    landed.reviews("""
        address       | body
        --------------+--------------
        +436641000005 | Mehr erfahren
    """)
