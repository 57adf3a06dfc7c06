"""Messages to a Sinch number."""

from pathlib import Path

from tests.lib.feeds import land


def inbound(number: int, body: str, **more: str) -> dict[str, str]:
    at = {"received_at": "2026-04-02T09:00:00.135Z"}
    return {"type": "mo_text", "id": f"S{number}", "from": f"43664100000{number}", "to": "43720000001", "body": body, **at, **more}


def test_texts_are_understood_other_messages_are_read_by_people_and_reports_are_nothing(tmp_path: Path) -> None:
    landed = land(tmp_path, "sinch_inbound", {
        "page.json": {"page": 0, "inbounds": [inbound(1, "stop"), inbound(2, "U1RPUA==", type="mo_binary"), inbound(3, "Wann?")]},
        "callbacks.json": [
            inbound(1, "stop"), inbound(4, "START", sent_at="2026-04-02T08:59:00Z"), {"type": "delivery_report_sms", "batch_id": "x"},
        ],
    }, map={"+43720000001": {"scope": "brand", "scope_id": "b1"}})  # fmt: skip
    landed.consents("""
        event_id | address       | channel | action  | scope | scope_id | occurred_from
        ---------+---------------+---------+---------+-------+----------+---------------------
        S1       | +436641000001 | sms     | opt_out | brand | b1       | 2026-04-02T09:00:00Z
        S1       | +436641000001 | sms     | opt_out | brand | b1       | 2026-04-02T09:00:00Z
        S4       | +436641000004 | sms     | opt_in  | brand | b1       | 2026-04-02T08:59:00Z
    """)
    landed.reviews("""
        event_id | address       | body
        ---------+---------------+---------
        S2       | +436641000002 | U1RPUA==
        S3       | +436641000003 | Wann?
    """)
    assert landed.counts == (6, 5, 0, 1, 0)
