"""Messages that people send to a Twilio number, and what became of ours: webhooks' form bodies, the message log (CSV), the API (JSON).

Twilio's own verdict (`OptOutType`) decides first, else the text (`_sms`). The webhook tells no time, so that what keeps the bodies
must add one for a START to count. A STOP holds for the number or the messaging service that it was sent to, and for the channel that
it came by: SMS, RCS and with it SMS; on WhatsApp or another one, for every channel.

Of an outbound message the error 21610 says that its recipient has opted out, at Twilio or at the carrier: often nothing else
tells. So does 63014, that the recipient has blocked us on a channel such as WhatsApp, or opted out there. A number that does
not exist or cannot receive texts is a hard bounce, an unreachable handset a soft one. `failed` with another code is a request
that Twilio did not send on, and about the message or the account; `undelivered` with a code that is not known is undetermined.
What went out counts with a time only. Why a message by another channel than SMS or RCS failed says nothing of its number.
"""

from pipeline.feeds._sms import CODES as INBOUND
from pipeline.feeds._sms import said
from pipeline.feeds._vendor import IGNORED, Field, Meaning, Shape, VendorFeed, bounce, delivered, opt_out, review, sent
from pipeline.vocabulary import BounceClass, Channel, Via

IS_OUTBOUND = "starts_with(lower(trim(direction)), 'out') OR (direction = '' AND lower(status) NOT IN ('', 'received', 'receiving'))"
WAY = "CASE WHEN regexp_matches({0}, '^[a-z]+:') THEN split_part({0}, ':', 1) ELSE 'sms' END"
"""SQL: the channel that an address at Twilio is of."""
IS_OURS, IS_TEXT = f"needs_mobile({WAY})", f"{WAY} IN ('{Channel.SMS}', '{Channel.RCS}')"
REFUSED = (21610, 63014)
GONE, UNREACHABLE = (21211, 21614, 21635, 30005), (30003, 30006, 30008)
OURS = (
    *(30001, 30002, 30004, 30007, 30010, 30034),
    *(30018, 30019, 30022, 30023, 30024, 30027, 30032, 30033, 30035, 30044, 30450),  # registration, limits, size, verification, fraud
)
"""Twilio's error codes: the recipient refuses, the number is no mobile one, it could not be reached, it is about us."""


def _number(field: str) -> str:
    """SQL: the number without its channel; a plus that a form's decoding made a space is one again."""
    return rf"regexp_replace(regexp_replace({field}, '^[a-z]+:', ''), '^ +(\d)', '+\1')"


def _errors(word: str, otherwise: Meaning) -> dict[str, Meaning]:
    """What a status means by its error code."""
    return {
        f"outbound/{word}": otherwise,
        **dict.fromkeys((f"outbound/{word}/{code}" for code in REFUSED), opt_out()),
        **dict.fromkeys((f"outbound/{word}/{code}" for code in GONE), bounce(BounceClass.HARD)),
        **dict.fromkeys((f"outbound/{word}/{code}" for code in UNREACHABLE), bounce(BounceClass.SOFT)),
        **dict.fromkeys((f"outbound/{word}/{code}" for code in OURS), bounce(BounceClass.BLOCK)),
    }


CODES: dict[str, Meaning] = {
    **INBOUND,
    "type/stop": opt_out(Via.KEYWORD),
    "type/help": IGNORED,
    "outbound": IGNORED,
    "outbound/sent": sent(),
    "outbound/delivered": delivered(),
    **_errors("failed", bounce(BounceClass.BLOCK)),
    **_errors("undelivered", bounce(BounceClass.UNDETERMINED)),
}
MAY_START = f"sent_at <> '' AND {IS_OURS.format('sender')}"
# Twilio's START decides before a text that is a keyword.
WORDS = f"""CASE
    WHEN ({IS_OUTBOUND}) AND error_code NOT IN {tuple(map(str, REFUSED))} AND NOT {IS_OURS.format("receiver")} THEN ['outbound']
    WHEN ({IS_OUTBOUND}) AND lower(status) IN ('sent', 'delivered') THEN CASE
        WHEN sent_at = '' THEN ['outbound']
        WHEN lower(status) = 'delivered' THEN ['outbound/sent', 'outbound/delivered'] ELSE ['outbound/sent'] END
    WHEN ({IS_OUTBOUND}) AND error_code NOT IN {tuple(map(str, REFUSED))} AND NOT {IS_TEXT.format("receiver")} THEN ['outbound']
    WHEN {IS_OUTBOUND} THEN [concat_ws('/', 'outbound', nullif(lower(status), ''), nullif(nullif(error_code, '0'), ''))]
    WHEN code_of('type/' || opt_out_type) IS NOT NULL THEN ['type/' || lower(trim(opt_out_type))]
    WHEN lower(trim(opt_out_type)) = 'start' THEN [CASE WHEN {MAY_START} THEN 'start' ELSE 'start/incomplete' END]
    ELSE [{said(MAY_START)}] END"""


def _by_direction(outbound: str, inbound: str) -> str:
    """SQL: whom a message is about, or which of our numbers it came by."""
    return f"CASE WHEN starts_with(item, 'outbound') THEN {outbound} ELSE {inbound} END"


OTHERS, NUMBER = _by_direction("receiver", "sender"), _number(_by_direction("sender", "receiver"))
SAYS = {
    "event_id": "sid",
    "occurred_at": "rfc2822_time(CASE WHEN regexp_matches(sent_at, '^[0-9]{4}-') THEN replace(sent_at, ' UTC', 'Z') ELSE sent_at END)",
    "address": _number(OTHERS),
    "channel": WAY.format(OTHERS),
    "scope_id": f"""CASE
        WHEN mapped_scope({NUMBER}) IS NULL AND mapped_scope(service) IS NOT NULL THEN service
        ELSE coalesce(nullif({NUMBER}, ''), service) END""",
    "diagnostic": "error_message",
    "body": "body",
}
TIMES = ("DateSent", "SentDate", "date_sent", "timestamp", "received_at")


def _shape(name: str, sid: str, sender: str, receiver: str, service: str, body: str, sent_at: tuple[str, ...], records: str = "") -> Shape:
    """One of the forms, which differ in where things stand; status callbacks have no `body`."""
    fields = (
        Field("sid", "the message's id", sid, ("MessageSid", "SmsSid")),
        Field("sender", "who wrote", sender, ("From",), is_required=bool(body)),
        Field("receiver", "to whom; a number of ours is looked up in `map:`", receiver, ("To",), is_required=not body),
        Field("service", "our messaging service; look it up in `map:`", service, ("MessagingServiceSid", "messaging_service_sid")),
        Field("body", "what they wrote", body or "Body", ("Body",), is_required=bool(body)),
        Field("opt_out_type", "STOP, START or HELP (Advanced Opt-Out)", "OptOutType", ("OptOutType",)),
        Field("direction", "inbound, or outbound-…", "direction"),
        Field("status", "received, or what became of an outbound message", "status", ("SmsStatus", "MessageStatus"), is_required=not body,
            pointers=("MessageStatus", "SmsStatus")),
        Field("error_code", "why it was not delivered", "error_code", ("ErrorCode",), pointers=("ErrorCode",)),
        Field("error_message", "the same in words", "error_message", ("ErrorMessage",), pointers=("ErrorMessage",)),
        Field("sent_at", "when it was sent; the webhook does not tell", sent_at[0], TIMES, pointers=sent_at[1:]),
    )  # fmt: skip
    return Shape(name, fields, each=WORDS, label="item", codes=CODES, says=SAYS, unknown=review(), records=records, rcs_is_text=True)


SHAPES = (
    _shape("webhook and message log", "MessageSid", "From", "To", "MessagingServiceSid", "Body", TIMES),
    _shape("API", "sid", "from", "to", "messaging_service_sid", "body", TIMES, records="""from_json(json -> '$.messages', '["JSON"]')"""),
    _shape("event stream", "data/messageSid", "data/from", "data/to", "data/messagingServiceSid", "data/body", ("data/timestamp",)),
    _shape("status callbacks", "MessageSid", "From", "To", "MessagingServiceSid", "", TIMES),
)

FEED = VendorFeed(
    source="twilio_inbound",
    summary="Twilio messages: STOP and START by keyword, free text for people to read; of outbound ones error 21610 and the statuses",
    shapes=SHAPES,
    traps=(
        "The webhook tells no time: a STOP counts until it was received, a START is shown to people instead.",
        "`YES` opts in at Twilio; here it is free text unless `OptOutType` says START.",
        "A number in `map:` goes before its messaging service.",
        "Carriers stop some messages before Twilio sees them: only the outbound error 21610 tells of those, so export the whole log.",
        "A status callback tells no time either: only what failed counts of it.",
    ),
    basis=(
        "https://www.twilio.com/docs/messaging/guides/webhook-request",
        "https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out.md",
        "https://support.twilio.com/hc/en-us/articles/223134027-Twilio-Support-for-Opt-out-Keywords-SMS-STOP-Filtering",
        "https://www.twilio.com/docs/proxy/opt-out-keywords",
        "https://www.twilio.com/docs/events/event-types/messaging/inbound-message",
        "https://www.twilio.com/docs/messaging/api/message-resource",
        "https://www.twilio.com/docs/api/errors/21610",
        "https://www.twilio.com/docs/api/errors/63014.md",
        "https://www.twilio.com/docs/api/errors/30003.md",
        "https://www.twilio.com/docs/api/errors/30006.md",
    ),
)
