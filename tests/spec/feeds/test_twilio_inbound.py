"""Messages to a Twilio number, what people must read of them, and what became of messages from it."""

import json
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import pytest

from pipeline.messages.keywords import STOP
from tests.lib.feeds import land
from tests.lib.workspaces import presend

BRAND = {"+43720000001": {"scope": "brand", "scope_id": "b1"}, "MG2": {"scope": "list", "scope_id": "l3"}}


def message(number: int, body: str, **more: str) -> dict[str, str]:
    return {
        "MessageSid": f"SM{number}",
        "From": f"+43664100{number:04}",
        "To": "+43720000001",
        "Body": body,
        "SmsStatus": "received",
        **more,
    }


def bodies(*messages: dict[str, str]) -> str:
    return "\n".join(map(urlencode, messages))


def test_a_stop_in_a_form_body_is_final_for_what_its_number_or_service_stands_for(tmp_path: Path) -> None:
    content = bodies(
        message(1, "STOP"),
        message(2, " “s.t.o.p!” \n"),
        message(3, "Abmelden.", To="+43720000009"),
        message(4, "Afmelden", To="+43720000009", MessagingServiceSid="MG2"),
        message(5, "Ku\u0308ndigen"),
        message(6, "Opt-Out"),
        message(6, "Opt-Out"),
        message(7, "help"),
        message(8, "", NumMedia="1"),
        message(9, "Reply STOP to end", SmsStatus="sent"),
    )
    landed = land(tmp_path, "twilio_inbound", {"bodies.txt": content}, map=BRAND)
    landed.consents("""
        event_id | address       | channel | action  | scope        | scope_id | actor | via     | vendor_label
        ---------+---------------+---------+---------+--------------+----------+-------+---------+-------------------
        SM1      | +436641000001 | sms     | opt_out | brand        | b1       | owner | keyword | keyword/stop
        SM2      | +436641000002 | sms     | opt_out | brand        | b1       | owner | keyword | keyword/stop
        SM3      | +436641000003 | sms     | opt_out | organisation | o1       | owner | keyword | keyword/abmelden
        SM4      | +436641000004 | sms     | opt_out | list         | l3       | owner | keyword | keyword/afmelden
        SM5      | +436641000005 | sms     | opt_out | brand        | b1       | owner | keyword | keyword/kündigen
        SM6      | +436641000006 | sms     | opt_out | brand        | b1       | owner | keyword | keyword/optout
        SM6      | +436641000006 | sms     | opt_out | brand        | b1       | owner | keyword | keyword/optout
    """)
    assert landed.counts == (10, 6, 1, 3, 0)


def test_a_number_is_read_as_what_it_is_however_the_operator_writes_it(tmp_path: Path) -> None:
    senders = ["whatsapp:+5215512345678", "whatsapp:+5491123456789", "+541123456780", "+5215512345679", "00436641000009"]
    content = bodies(*(message(number, "STOP", From=sender) for number, sender in enumerate(senders, start=1)))
    landed = land(tmp_path, "twilio_inbound", {"bodies.txt": content}, map=BRAND)
    landed.consents("""
        event_id | address        | vendor_label
        SM1      | +525512345678  | keyword/stop
        SM2      | +5491123456789 | keyword/stop
        SM3      | +5491123456780 | keyword/stop
        SM4      | +525512345679  | keyword/stop
        SM5      | +436641000009  | keyword/stop
    """)


POLITE = (
    "Please stop",
    "STOP, bitte!",
    "Stop all SMS",
    "Stop promotions",
    "stop texting me",
    "Unsubscribe me",
    "baja por favor",
    "Bitte keine SMS mehr",
)
LONGER = (
    *("please stop by tomorrow", "stop motion", "Do not stop", "START please", "help please", "The end", "please", "sms", "stop start"),
    *("Cancel it", "End now", "remove message", "cancel update", "finit", "stop itall"),
)


def test_every_keyword_is_understood_in_capitals_with_politeness_beside_it_and_nothing_else(tmp_path: Path) -> None:
    messages = [message(number, word.upper()) for number, word in enumerate([*STOP, *POLITE])]
    messages += [message(1000 + number, words) for number, words in enumerate(LONGER)]
    landed = land(tmp_path, "twilio_inbound", {"bodies.json": messages}, map=BRAND)
    (load,) = landed.loads
    assert load["says"] == {"opt_out": len(STOP) + len(POLITE), "review": len(LONGER)} and not load["unknown"]


def test_twilios_verdict_decides_before_the_text_and_a_start_needs_a_time_and_its_very_word(tmp_path: Path) -> None:
    at = {"date_sent": "Thu, 02 Apr 2026 09:00:00 +0000"}
    landed = land(tmp_path, "twilio_inbound", {"messages.json": [
        message(1, "basta", OptOutType="STOP"),
        message(2, "STOP", OptOutType="START", **at),
        message(3, "START", OptOutType="HELP", **at),
        message(4, "'Start.'", **at),
        message(5, "UNSTOP", **at),
        message(6, "START"),
        message(7, "Start?", **at),
        message(8, "YES", **at),
        message(9, "St art", **at),
        message(10, "START", From="whatsapp:+436641000010", **at),
        message(11, "STOP", From="whatsapp:+436641000011"),
        message(12, "STOP", From="rcs:+436641000012"),
        message(13, "quit", OptOutType="SOMETHING NEW"),
    ]}, map=BRAND)  # fmt: skip
    landed.consents("""
        event_id | address       | channel | action  | via     | vendor_label | occurred_from
        ---------+---------------+---------+---------+---------+--------------+---------------------
        SM1      | +436641000001 | sms     | opt_out | keyword | type/stop    | 0001-01-01T00:00:00Z
        SM2      | +436641000002 | sms     | opt_in  | keyword | start        | 2026-04-02T09:00:00Z
        SM4      | +436641000004 | sms     | opt_in  | keyword | start        | 2026-04-02T09:00:00Z
        SM5      | +436641000005 | sms     | opt_in  | keyword | start        | 2026-04-02T09:00:00Z
        SM10     | +436641000010 | whatsapp | opt_in | keyword | start        | 2026-04-02T09:00:00Z
        SM11     | +436641000011 | any      | opt_out | keyword | keyword/stop | 0001-01-01T00:00:00Z
        SM12     | +436641000012 | rcs     | opt_out | keyword | keyword/stop | 0001-01-01T00:00:00Z
        SM12     | +436641000012 | sms     | opt_out | keyword | keyword/stop | 0001-01-01T00:00:00Z
        SM13     | +436641000013 | sms     | opt_out | keyword | keyword/quit | 0001-01-01T00:00:00Z
    """)
    landed.reviews("""
        event_id | channel | body   | vendor_label
        ---------+---------+--------+-----------------
        SM6      | sms     | START  | start/incomplete
        SM7      | sms     | Start? | text
        SM8      | sms     | YES    | text
        SM9      | sms     | St art | text
    """)
    assert landed.counts == (13, 12, 0, 1, 0)


LOG = """From,To,Body,Status,SentDate,ApiVersion,NumSegments,ErrorCode,AccountSid,Sid,Direction,Price,PriceUnit
+436641000001,+43720000001,Stop,received,2026-04-02T09:00:00Z,2010-04-01,1,,AC1,SM1,inbound,,USD
+43720000001,+436641000002,stop,delivered,2026-04-02T09:00:00Z,2010-04-01,1,,AC1,SM2,outbound-api,,USD
+436641000003,+43720000001,"bitte nicht
mehr schreiben",received,2026-04-02 09:00:00 UTC,2010-04-01,1,,AC1,SM3,inbound,,USD
INFO,+43720000001,Ihr Paket,received,2026-04-02 09:00:00,2010-04-01,1,,AC1,SM4,inbound,,USD
"""
API = {"messages": [
    {"sid": "SM5", "from": "+436641000005", "to": "+43720000001", "body": "Ende", "direction": "inbound", "status": "received",
     "date_sent": "Thu, 02 Apr 2026 09:00:00 +0000", "messaging_service_sid": None},
    {"sid": "SM6", "from": "+43720000001", "to": "+436641000006", "body": "stop", "direction": "outbound-reply", "status": "sent"},
]}  # fmt: skip
EVENT = {"type": "com.twilio.messaging.inbound-message.received", "data": {
    "messageSid": "SM7", "from": "+436641000007", "to": "+43720000001", "body": "End", "timestamp": "2026-04-02T09:00:00.000Z",
}}  # fmt: skip


def test_the_log_as_csv_and_the_apis_lists_read_alike_and_an_outbound_stop_is_none(tmp_path: Path) -> None:
    landed = land(tmp_path, "twilio_inbound", {"log.csv": LOG, "api.json": API, "stream.ndjson": json.dumps(EVENT)}, map=BRAND)
    landed.consents("""
        event_id | address       | action  | scope_id | occurred_from
        ---------+---------------+---------+----------+---------------------
        SM1      | +436641000001 | opt_out | b1       | 2026-04-02T09:00:00Z
        SM5      | +436641000005 | opt_out | b1       | 2026-04-02T09:00:00Z
        SM7      | +436641000007 | opt_out | b1       | 2026-04-02T09:00:00Z
    """)
    landed.reviews("""
        event_id | address       | raw_address | scope | scope_id | occurred_from        | record_number
        ---------+---------------+-------------+-------+----------+----------------------+--------------
        SM3      | +436641000003 |             | brand | b1       | 2026-04-02T09:00:00Z | 3
        SM4      |               | INFO        | brand | b1       | 2026-04-02T07:00:00Z | 4
    """)
    landed.deliveries("""
        event_id | address       | type
        ---------+---------------+----------
        SM2      | +436641000002 | sent
        SM2      | +436641000002 | delivered
    """)
    assert landed.counts == (7, 6, 0, 1, 0)


OUTBOUND = """From,To,Status,SentDate,ErrorCode,ErrorMessage,Sid,Direction,Body
+43720000001,+436641000001,failed,2026-04-02T09:00:00Z,21610,Attempt to send to unsubscribed recipient,SM1,outbound-api,x
+43720000009,+436641000002,undelivered,2026-04-02T09:00:00Z,21610,,SM2,outbound-api,x
+43720000001,+436641000003,undelivered,2026-04-02T09:00:00Z,30003,Unreachable destination handset,SM3,outbound-api,x
+43720000001,+436641000004,undelivered,2026-04-02T09:00:00Z,30005,Unknown destination handset,SM4,outbound-api,x
+43720000001,+436641000005,undelivered,2026-04-02T09:00:00Z,30007,Message filtered,SM5,outbound-api,x
+43720000001,+436641000006,undelivered,2026-04-02T09:00:00Z,39999,,SM6,outbound-api,x
+43720000001,+436641000007,failed,2026-04-02T09:00:00Z,20429,,SM7,outbound-api,x
+43720000001,+436641000010,undelivered,2026-04-02T09:00:00Z,30032,Toll-Free Number Has Not Been Verified,SM10,outbound-api,x
+43720000001,+436641000008,queued,,0,,SM8,outbound-api,x
+43720000001,whatsapp:+436641000009,delivered,2026-04-02T09:00:00Z,0,,SM9,outbound-api,x
"""
CALLBACKS = """\
MessageSid=SM11&MessageStatus=undelivered&ErrorCode=21610&To=%2B436641000011&From=%2B43720000001
MessageSid=SM12&MessageStatus=delivered&To=%2B436641000012&From=%2B43720000001
"""


def test_an_unsubscribed_recipient_is_an_opt_out_from_the_number_and_an_unreachable_handset_is_none(tmp_path: Path) -> None:
    landed = land(tmp_path, "twilio_inbound", {"log.csv": OUTBOUND, "status.txt": CALLBACKS}, map=BRAND)
    landed.consents("""
        event_id | address       | channel | action  | scope        | scope_id | actor | occurred_from
        ---------+---------------+---------+---------+--------------+----------+-------+---------------------
        SM1      | +436641000001 | sms     | opt_out | brand        | b1       | owner | 2026-04-02T09:00:00Z
        SM2      | +436641000002 | sms     | opt_out | organisation | o1       | owner | 2026-04-02T09:00:00Z
        SM11     | +436641000011 | sms     | opt_out | brand        | b1       | owner | 0001-01-01T00:00:00Z
    """)
    landed.deliveries("""
        event_id | address       | channel | type   | bounce_class
        ---------+---------------+---------+--------+-------------
        SM3      | +436641000003 | sms     | bounce | soft
        SM4      | +436641000004 | sms     | bounce | hard
        SM5      | +436641000005 | sms     | bounce | block
        SM6      | +436641000006 | sms     | bounce | undetermined
        SM7      | +436641000007 | sms     | bounce | block
        SM9      | +436641000009 | whatsapp | sent   |
        SM9      | +436641000009 | whatsapp | delivered |
        SM10     | +436641000010 | sms     | bounce | block
    """)
    assert landed.counts == (12, 10, 0, 2, 0)


def test_whoever_blocked_us_on_whatsapp_or_another_chat_or_opted_out_there_is_out_everywhere(
    tmp_path: Path,
) -> None:
    def callback(number: int, code: int, channel: str = "whatsapp:") -> dict[str, str]:
        told = {"MessageSid": f"SM{number}", "MessageStatus": "undelivered", "ErrorCode": str(code)}
        return {**told, "To": f"{channel}+43664100000{number}", "From": f"{channel}+43720000001"}

    landed = land(
        tmp_path,
        "twilio_inbound",
        {"callbacks.json": [callback(1, 63014), callback(2, 63024), callback(3, 63014, ""), callback(4, 63014, "messenger:")]},
        map=BRAND,
    )
    landed.consents("""
        event_id | address       | channel | action  | scope_id
        ---------+---------------+---------+---------+---------
        SM1      | +436641000001 | any      | opt_out | b1
        SM3      | +436641000003 | sms     | opt_out | b1
        SM4      | +436641000004 | any     | opt_out | b1
    """)
    assert landed.unknown == {"channel messenger": 1}
    assert landed.counts == (4, 3, 0, 1, 0)


@pytest.mark.parametrize("content", [[{"MessageSid": "SM1", "MessageStatus": "sent"}], {"messages": [{"sid": "SM1"}]}])
def test_a_file_without_messages_is_refused(tmp_path: Path, content: object) -> None:
    (load,) = land(tmp_path, "twilio_inbound", {"other.json": content}).loads
    assert load["is_refused"]


def test_free_text_is_counted_once_and_found_in_the_warehouse_by_those_who_read_it(tmp_path: Path) -> None:
    text = message(1, "lasst mich in Ruhe")
    files = {"1.txt": bodies(text, message(2, "STOP")), "2.txt": bodies(message(3, "END"), text), "3.txt": bodies(message(4, "was?"))}
    landed = land(tmp_path, "twilio_inbound", files, map=BRAND)
    assert [load["says"] for load in landed.loads] == [{"opt_out": 1, "review": 1}, {"opt_out": 1, "review": 1}, {"review": 1}]
    assert presend(tmp_path, "build", "--as-of", "2026-06-01T09:00:00Z").code == 0
    with duckdb.connect(str(tmp_path / "warehouse" / "presend.duckdb"), read_only=True) as con:
        found = con.execute(
            "SELECT message_id, address, body, feed, file, row_number, scope_id FROM review_message ORDER BY ALL"
        ).fetchall()
        counts = con.execute("SELECT rows, loaded, duplicate FROM feed_file ORDER BY file").fetchall()
    assert found == [
        ("SM1", "+436641000001", "lasst mich in Ruhe", "twilio_inbound", "1.txt", 1, "b1"),
        ("SM4", "+436641000004", "was?", "twilio_inbound", "3.txt", 1, "b1"),
    ]
    assert counts == [(2, 2, 0), (2, 1, 1), (1, 1, 0)]
    status = presend(tmp_path, "status", "--as-of", "2026-06-01T09:00:00Z")
    assert status.document["to_review"] == 2
