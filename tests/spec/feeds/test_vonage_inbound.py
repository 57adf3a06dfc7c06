"""Messages to a Vonage number, by the SMS API and the Messages API."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.lib.feeds import land

OURS = {"43720000001": {"scope": "brand", "scope_id": "b1"}, "+43720000002": {"scope": "brand", "scope_id": "b2"}}


def sms(number: int, text: str, **more: str) -> dict[str, str]:
    at = {"message-timestamp": "2026-04-02 09:00:00"}
    return {"msisdn": f"43664100000{number}", "to": "43720000001", "messageId": f"A{number}", "type": "text", "text": text, **at, **more}


def message(number: int, text: str, channel: str = "sms") -> dict[str, str]:
    at = {"timestamp": "2026-04-02T09:00:00.000Z", "message_uuid": f"B{number}"}
    return {"from": f"43664100000{number}", "to": "43720000001", "channel": channel, "message_type": "text", "text": text, **at}


def of_old(number: int, text: str, kind: str = "sms") -> dict[str, Any]:
    """Version 0.1 of the Messages API."""
    ends = {"from": {"type": kind, "number": f"43664300000{number}"}, "to": {"type": kind, "number": "43720000001"}}
    content = {"message": {"content": {"type": "text", "text": text}}}
    return {"message_uuid": f"D{number}", **ends, **content, "timestamp": "2026-04-02T09:00:00.000Z"}


def chosen(number: int, **content: dict[str, str]) -> dict[str, Any]:
    (kind,) = content
    at = {"timestamp": "2026-04-02T09:00:00.000Z", "message_uuid": f"C{number}"}
    return {"from": f"43664200000{number}", "to": "43720000001", "channel": "whatsapp", "message_type": kind, **content, **at}


def test_both_apis_tell_stop_and_start_with_their_time_and_the_number_written_to(tmp_path: Path) -> None:
    landed = land(tmp_path, "vonage_inbound", {
        "sms.json": [
            sms(1, "STOP"), sms(2, "start", to="43720000002"), sms(3, "was?", to="43720000009"), sms(4, "stop", **{"concat-part": "2"}),
        ],
        "form.txt": urlencode(sms(5, "Abmelden")) + "\n",
        "chosen.json": [
            chosen(1, button={"text": "Stop", "payload": "x"}), chosen(2, reply={"id": "1", "title": "STOP"}),
            chosen(3, image={"url": "https://x.at/1.png", "caption": "stop"}), chosen(4, image={"url": "https://x.at/1.png"}),
        ],
        "old.json": [of_old(1, "STOP"), of_old(2, "Stop, please", "whatsapp"), of_old(3, "wann?")],
        "messages.json": [message(6, "Stop!"), message(7, "stop", "whatsapp"), message(8, "start", "whatsapp"), message(9, "help")],
    }, map=OURS)  # fmt: skip
    landed.consents("""
        event_id | address       | channel | action  | scope | scope_id | actor | via     | occurred_from
        ---------+---------------+---------+---------+-------+----------+-------+---------+---------------------
        A1       | +436641000001 | sms     | opt_out | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
        A2       | +436641000002 | sms     | opt_in  | brand | b2       | owner | keyword | 2026-04-02T09:00:00Z
        A5       | +436641000005 | sms     | opt_out | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
        B6       | +436641000006 | sms     | opt_out | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
        C1       | +436642000001 | any      | opt_out | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
        C2       | +436642000002 | any      | opt_out | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
        C3       | +436642000003 | any      | opt_out | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
        B7       | +436641000007 | any      | opt_out | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
        B8       | +436641000008 | whatsapp | opt_in | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
        D1       | +436643000001 | sms     | opt_out | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
        D2       | +436643000002 | any      | opt_out | brand | b1       | owner | keyword | 2026-04-02T09:00:00Z
    """)
    landed.reviews("""
        event_id | address       | body  | scope | scope_id
        ---------+---------------+-------+-------+-------------
        A3       | +436641000003 | was?  |       | +43720000009
        A4/2     | +436641000004 | stop  | brand | b1
        D3       | +436643000003 | wann? | brand | b1
    """)
    assert landed.counts == (16, 14, 0, 2, 0)


def receipt(number: int, status: str, code: int, **more: str) -> dict[str, str]:
    """The SMS API's delivery receipt: `msisdn` is the recipient, `to` our number."""
    told = {"status": status, "err-code": str(code), "message-timestamp": "2026-04-02 09:00:00", "messageId": f"R{number}"}
    return {"msisdn": f"43664100000{number}", "to": "43720000001", **told, **more}


def status(number: int, word: str, title: int | None = None, channel: str = "sms") -> dict[str, Any]:
    error = {"error": {"title": title, "detail": "why"}} if title else {}
    told = {"status": word, "channel": channel, "timestamp": "2026-04-02T09:00:00Z", "message_uuid": f"M{number}"}
    return {"to": f"43664200000{number}", "from": "43720000001", **told, **error}


def test_a_receipt_tells_who_has_opted_out_and_whose_number_is_gone(tmp_path: Path) -> None:
    old = {"message_uuid": "O1", "to": {"type": "sms", "number": "436643000001"}, "from": {"type": "sms", "number": "43720000001"},
        "timestamp": "2026-04-02T09:00:00Z", "status": "rejected", "error": {"code": 1240, "reason": "opted out"}}  # fmt: skip
    landed = land(tmp_path, "vonage_inbound", {
        "receipts.json": [
            sms(9, "hallo"), receipt(1, "failed", 9), receipt(2, "rejected", 9), receipt(3, "failed", 3), receipt(4, "failed", 2),
            receipt(5, "rejected", 6), receipt(6, "delivered", 0), receipt(7, "accepted", 0), receipt(8, "failed", 1),
            receipt(9, "expired", 1),
        ],
        "form.txt": urlencode(receipt(0, "failed", 9)) + "\n",
        "statuses.json": [
            status(1, "rejected", 1240), status(2, "rejected", 1240, "whatsapp"), status(3, "rejected", 1000), status(4, "submitted"),
            status(5, "delivered"), status(6, "rejected", 9999), status(7, "read", channel="whatsapp"),
            status(8, "rejected", 1000, "whatsapp"), status(9, "rejected", 1000, "rcs"), status(0, "rejected", 1240, "rcs"), old,
        ],
    }, map=OURS)  # fmt: skip
    landed.consents("""
        event_id    | address       | channel  | action  | scope | scope_id | actor | occurred_from
        ------------+---------------+----------+---------+-------+----------+-------+---------------------
        R0/failed   | +436641000000 | sms      | opt_out | brand | b1       | owner | 2026-04-02T09:00:00Z
        R1/failed   | +436641000001 | sms      | opt_out | brand | b1       | owner | 2026-04-02T09:00:00Z
        R2/rejected | +436641000002 | sms      | opt_out | brand | b1       | owner | 2026-04-02T09:00:00Z
        M1/rejected | +436642000001 | sms      | opt_out | brand | b1       | owner | 2026-04-02T09:00:00Z
        M2/rejected | +436642000002 | any      | opt_out | brand | b1       | owner | 2026-04-02T09:00:00Z
        M0/rejected | +436642000000 | rcs      | opt_out | brand | b1       | owner | 2026-04-02T09:00:00Z
        M0/rejected | +436642000000 | sms      | opt_out | brand | b1       | owner | 2026-04-02T09:00:00Z
        O1/rejected | +436643000001 | sms      | opt_out | brand | b1       | owner | 2026-04-02T09:00:00Z
    """)
    landed.deliveries("""
        event_id     | address       | channel | type      | bounce_class
        -------------+---------------+---------+-----------+-------------
        R3/failed    | +436641000003 | sms     | bounce    | hard
        R4/failed    | +436641000004 | sms     | bounce    | soft
        R5/rejected  | +436641000005 | sms     | bounce    | block
        R6/delivered | +436641000006 | sms     | sent      |
        R6/delivered | +436641000006 | sms     | delivered |
        R8/failed    | +436641000008 | sms     | bounce    | undetermined
        R9/expired   | +436641000009 | sms     | bounce    | soft
        M3/rejected  | +436642000003 | sms     | bounce    | block
        M5/delivered | +436642000005 | sms     | sent      |
        M5/delivered | +436642000005 | sms     | delivered |
        M6/rejected  | +436642000006 | sms     | bounce    | undetermined
        M7/read      | +436642000007 | whatsapp | sent      |
        M7/read      | +436642000007 | whatsapp | delivered |
        M9/rejected  | +436642000009 | rcs     | bounce    | block
    """)
    assert landed.unknown == {"code failed/9999": 1}
