"""AWS End User Messaging's texts, events and opted-out numbers."""

import json
from pathlib import Path

from tests.lib.feeds import land

TO = {"+43720000001": {"scope": "brand", "scope_id": "b1"}}


def inbound(number: int, body: str) -> dict[str, str]:
    return {
        "originationNumber": f"+43664100000{number}",
        "destinationNumber": "+43720000001",
        "messageKeyword": "KEYWORD_1",
        "messageBody": body,
        "inboundMessageId": f"in-{number}",
    }


def sns(message: dict[str, str]) -> dict[str, str]:
    return {"Type": "Notification", "Message": json.dumps(message), "Timestamp": "2026-04-02T09:00:00.135Z"}


def event(number: int, kind: str, **more: object) -> dict[str, object]:
    return {
        "eventType": kind,
        "eventVersion": "1.0",
        "eventTimestamp": 1775120400000,
        "isFinal": True,
        "originationPhoneNumber": "+43720000001",
        "destinationPhoneNumber": f"+43664100000{number}",
        "messageId": f"out-{number}",
        "messageStatus": kind.partition("_")[2],
        "messageStatusDescription": "as the carrier says",
        **more,
    }


def test_a_stop_holds_for_our_number_and_a_start_needs_the_time_of_the_envelope(tmp_path: Path) -> None:
    landed = land(tmp_path, "aws_sms", {
        "notifications.json": [sns(inbound(1, "Stop")), sns(inbound(2, "START")), sns(inbound(3, "Wann beginnt es?"))],
        "queue.json": {"Records": [{"Sns": sns(inbound(4, "STOP"))}, {"body": json.dumps(sns(inbound(5, "stop.")))}]},
        "polled.json": {"Messages": [{"Body": json.dumps(sns(inbound(8, "STOP")))}]},
        "raw.ndjson": [inbound(6, "STOP"), inbound(7, "START")],
    }, map=TO)  # fmt: skip
    landed.consents("""
        event_id | address       | channel | action  | scope | scope_id | occurred_from        | via
        ---------+---------------+---------+---------+-------+----------+----------------------+--------
        in-1     | +436641000001 | sms     | opt_out | brand | b1       | 2026-04-02T09:00:00Z | keyword
        in-2     | +436641000002 | sms     | opt_in  | brand | b1       | 2026-04-02T09:00:00Z | keyword
        in-4     | +436641000004 | sms     | opt_out | brand | b1       | 2026-04-02T09:00:00Z | keyword
        in-5     | +436641000005 | sms     | opt_out | brand | b1       | 2026-04-02T09:00:00Z | keyword
        in-8     | +436641000008 | sms     | opt_out | brand | b1       | 2026-04-02T09:00:00Z | keyword
        in-6     | +436641000006 | sms     | opt_out | brand | b1       | 0001-01-01T00:00:00Z | keyword
    """)
    landed.reviews("""
        event_id | address       | body
        ---------+---------------+------------------
        in-3     | +436641000003 | Wann beginnt es?
        in-7     | +436641000007 | START
    """)
    assert landed.counts == (8, 8, 0, 0, 0)


def test_what_became_of_a_message_is_about_the_number_the_message_or_the_way(tmp_path: Path) -> None:
    bridge = {"detail-type": "Text Message Delivery Status Updated", "source": "aws.sms-voice"}
    unnamed = {name: value for name, value in event(9, "TEXT_DELIVERED").items() if name != "destinationPhoneNumber"}
    landed = land(tmp_path, "aws_sms", {
        "events.ndjson": [
            event(1, "TEXT_SUCCESSFUL"), event(1, "TEXT_DELIVERED"), event(2, "TEXT_INVALID"), event(3, "TEXT_UNREACHABLE"),
            event(4, "MEDIA_CARRIER_BLOCKED"), event(5, "TEXT_UNKNOWN"), event(6, "TEXT_BLOCKED", messageStatus="OPTED_OUT"),
            event(7, "TEXT_PENDING"), event(8, "VOICE_COMPLETED"), event(8, "TEXT_SOMETHING_NEW"),
            event(9, "RCS_DELIVERED"), event(0, "RCS_BLOCKED", messageStatus="OPTED_OUT"),
        ],
        "bridge.json": [{**bridge, "detail": unnamed}, {**bridge, "detail": {**unnamed, "eventType": "TEXT_INVALID"}}],
    }, map=TO)  # fmt: skip
    landed.deliveries("""
        event_id                     | address       | channel | type      | bounce_class | occurred_from
        -----------------------------+---------------+---------+-----------+--------------+---------------------
        out-1/TEXT_SUCCESSFUL        | +436641000001 | sms     | sent      |              | 2026-04-02T09:00:00Z
        out-1/TEXT_DELIVERED         | +436641000001 | sms     | delivered |              | 2026-04-02T09:00:00Z
        out-2/TEXT_INVALID           | +436641000002 | sms     | bounce    | hard         | 2026-04-02T09:00:00Z
        out-3/TEXT_UNREACHABLE       | +436641000003 | sms     | bounce    | soft         | 2026-04-02T09:00:00Z
        out-4/MEDIA_CARRIER_BLOCKED  | +436641000004 | sms     | bounce    | block        | 2026-04-02T09:00:00Z
        out-5/TEXT_UNKNOWN           | +436641000005 | sms     | bounce    | undetermined | 2026-04-02T09:00:00Z
        out-8/TEXT_SOMETHING_NEW     | +436641000008 | sms     | bounce    | undetermined | 2026-04-02T09:00:00Z
        out-9/RCS_DELIVERED          | +436641000009 | rcs     | delivered |              | 2026-04-02T09:00:00Z
    """)
    landed.consents("""
        address       | channel | action  | scope_id
        --------------+---------+---------+---------
        +436641000006 | sms     | opt_out | b1
        +436641000000 | rcs     | opt_out | b1
        +436641000000 | sms     | opt_out | b1
    """)
    assert landed.unknown == {"code something_new": 1}
    assert landed.counts == (14, 10, 0, 3, 1)


def test_the_list_of_opted_out_numbers_tells_who_did_it_and_since_when(tmp_path: Path) -> None:
    def listed(number: int, at: object, **more: object) -> dict[str, object]:
        return {"OptedOutNumber": f"+43664100000{number}", "OptedOutTimestamp": at, **more}

    page = {"OptOutListName": "Default", "OptedOutNumbers": [
        listed(1, 1775120400.13, EndUserOptedOut=True), listed(2, "2026-04-02T11:00:00+02:00", EndUserOptedOut=False),
        listed(3, 1775120400),
    ]}  # fmt: skip
    landed = land(tmp_path, "aws_sms", {"page.json": page})
    landed.consents("""
        address       | channel | action  | scope        | actor  | via     | occurred_from
        --------------+---------+---------+--------------+--------+---------+---------------------
        +436641000001 | sms     | opt_out | organisation | owner  | keyword | 2026-04-02T09:00:00Z
        +436641000002 | sms     | opt_out | organisation | import | import  | 2026-04-02T09:00:00Z
        +436641000003 | sms     | opt_out | organisation | import | import  | 2026-04-02T09:00:00Z
    """)
    assert landed.counts == (3, 3, 0, 0, 0)
