"""Files whose records have several of a vendor's shapes: a queue or a log collected what arrived, and each record is read by its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.lib.feeds import land

HEARD = {"originationNumber": "+436641000001", "destinationNumber": "+43720000001", "messageBody": "Danke", "inboundMessageId": "in-1"}
TOLD = {"eventTimestamp": 1775120400000, "originationPhoneNumber": "+43720000001"}
OPTED_OUT = {**TOLD, "eventType": "TEXT_OPTED_OUT", "destinationPhoneNumber": "+436641000002", "messageId": "out-2"}
INVALID = {**TOLD, "eventType": "TEXT_INVALID", "destinationPhoneNumber": "+436641000003", "messageId": "out-3"}
LISTED = {"OptedOutNumbers": [{"OptedOutNumber": "+436641000004", "OptedOutTimestamp": 1775120400}]}
OURS = {"+43720000001": {"scope": "brand", "scope_id": "b1"}}


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def sns(message: dict[str, Any]) -> dict[str, str]:
    return {"Type": "Notification", "Message": json.dumps(message), "Timestamp": "2026-04-02T09:00:00.135Z"}


@pytest.mark.parametrize(("content", "number"), [
    pytest.param(lines(HEARD, OPTED_OUT, INVALID), 2, id="a line each"),
    pytest.param(lines(OPTED_OUT, INVALID, HEARD), 1, id="the other first"),
    pytest.param([HEARD, OPTED_OUT, INVALID], 2, id="in one list"),
    pytest.param({"Records": [{"body": json.dumps(sns(one))} for one in (HEARD, OPTED_OUT, INVALID)]}, 2, id="in one envelope"),
    pytest.param(lines(*[{**HEARD, "inboundMessageId": f"in-{n}"} for n in range(2000)], OPTED_OUT, INVALID), 2001, id="behind many"),
])  # fmt: skip
def test_an_opt_out_among_messages_is_read_wherever_it_stands(tmp_path: Path, content: Any, number: int) -> None:
    landed = land(tmp_path, "aws_sms", {"queue.json": content}, map=OURS)
    landed.consents(f"""
        event_id             | address       | action  | scope_id | record_number
        ---------------------+---------------+---------+----------+--------------
        out-2/TEXT_OPTED_OUT | +436641000002 | opt_out | b1       | {number}
    """)
    landed.deliveries("""
        event_id           | address       | type   | bounce_class
        -------------------+---------------+--------+-------------
        out-3/TEXT_INVALID | +436641000003 | bounce | hard
    """)
    rows, loaded, duplicate, ignored, rejected = landed.counts
    assert (rows, duplicate, ignored, rejected) == (loaded, 0, 0, 0)


def test_a_stop_of_twilios_event_stream_beside_a_message_of_the_webhook_is_an_opt_out(tmp_path: Path) -> None:
    said = {"From": "+436641000001", "To": "+43720000001", "MessageSid": "SM1", "Body": "hello"}
    stream = {"from": "+436641000002", "to": "+43720000001", "messageSid": "SM2", "body": "STOP", "timestamp": "2026-04-02T09:00:00Z"}
    landed = land(tmp_path, "twilio_inbound", {"log.json": [said, {"type": "com.twilio.messaging", "data": stream}]}, map=OURS)
    landed.consents("""
        event_id | address       | action  | scope_id
        ---------+---------------+---------+---------
        SM2      | +436641000002 | opt_out | b1
    """)
    landed.reviews("""
        event_id | body
        ---------+------
        SM1      | hello
    """)


def test_a_record_that_has_no_shape_and_says_nothing_is_rejected_with_that_reason(tmp_path: Path) -> None:
    unknown = {"messageId": "x", "destinationPhoneNumber": "+436641000009", "somethingNew": "OPTED_OUT"}
    landed = land(tmp_path, "aws_sms", {"queue.json": lines(HEARD, unknown, OPTED_OUT), "one.json": lines(HEARD, unknown)}, map=OURS)
    assert landed.rejected == [(2, "fields_missing"), (2, "fields_missing")]
    assert landed.counts == (5, 3, 0, 0, 2)


BOUNCED = {"created": 1775120400, "email": "a@x.at", "reason": "550 5.1.1", "status": "5.1.1"}
LEFT = {"created": 1775120400, "email": "b@x.at"}
CHANGED = {"contact": {"id": 1}, "channel": "email", "new_status": "unsubscribed"}


@pytest.mark.parametrize(("source", "content"), [
    ("aws_sms", lines(LISTED, OPTED_OUT)),
    ("sendgrid_suppressions", lines([BOUNCED], [LEFT])),
    ("mailgun_suppressions", lines({"items": [{"address": "a@x.at", "code": "550"}]}, {"items": [{"address": "b@x.at", "tags": ["*"]}]})),
    ("mautic_contacts", lines({"mautic.lead_channel_subscription_changed": [CHANGED]}, {"lead_id": 2, "reason": 1, "channel": "email"})),
])  # fmt: skip
def test_a_whole_list_beside_something_else_is_refused_for_its_silence_would_speak_for_the_other(
    tmp_path: Path, source: str, content: str
) -> None:
    landed = land(tmp_path, source, {"all.json": content})
    assert landed.code == 11
    assert "put each into a file of its own" in str(landed.document)
