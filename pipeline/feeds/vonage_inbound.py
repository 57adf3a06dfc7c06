"""Messages that people send to a Vonage number, and what became of ours: webhooks of the SMS API (JSON, form bodies, a query's parameters)
and of the Messages API.

The texts mean what `_sms` says, also that of a button, of an answer chosen from a list, and below a picture. Both tell a time, the
SMS API in UTC without saying so. A STOP holds for the number that it was sent to, and for the channel that it came by: SMS (with MMS),
RCS and with it SMS; on WhatsApp or another one, for every channel. A part of a long message is no message: it goes to people.

A receipt of the SMS API tells by its `err-code`, a status of the Messages API by its error's `title`, why a message failed: 9 and 1240
say that its recipient has opted out of what our number sends. A number that is not active any more or barred is a hard bounce, a handset
that is away or busy a soft one, what a filter stopped is about us, and all else is undetermined. What went out counts with a time only.
Of a message by WhatsApp it does not count why it failed, of one by a channel that is none of ours only the opt-out does.
"""

from pipeline.feeds._sms import CODES, international, ours, said
from pipeline.feeds._vendor import IGNORED, Field, Meaning, Shape, VendorFeed, bounce, delivered, opt_out, quarantine, review, sent
from pipeline.vocabulary import BounceClass, Channel

WAY = f"CASE WHEN word(channel) IN ('', 'mms') THEN '{Channel.SMS}' ELSE word(channel) END"
IS_OURS, IS_TEXT = f"needs_mobile({WAY})", f"{WAY} IN ('{Channel.SMS}', '{Channel.RCS}')"
BODY = ("text", "button/text", "reply/title", "image/caption")
BODY_OF_OLD = ("message/content/text", "message/content/image/caption")
MAY_START = f"sent_at <> '' AND {IS_OURS}"


def _shape(
    name: str, sid: str, sender: str, sent_at: str, receiver: str = "to", body: tuple[str, ...] = BODY, channel: str = "channel"
) -> Shape:
    return Shape(
        name=name,
        fields=(
            Field("sid", "the message's id", sid, is_required=True),
            Field("sender", "who wrote", sender, is_required=True),
            Field("receiver", "our number; look it up in `map:`", receiver, ("to",), is_required=True),
            Field("body", "what they wrote", body[0], ("text",), pointers=body[1:]),
            Field("channel", "of the Messages API: sms, mms, rcs, whatsapp …", channel),
            Field("part", "of a long message: which part it is", "concat-part"),
            Field("sent_at", "when it was received", sent_at),
        ),
        label=f"CASE WHEN part <> '' THEN 'text' ELSE {said(MAY_START)} END",
        codes=CODES,
        says={
            "event_id": "concat_ws('/', sid, nullif(part, ''))",
            "occurred_at": "utc_written(sent_at)",
            "address": international("sender"),
            "channel": WAY,
            "scope_id": ours("receiver"),
            "body": "body",
        },
        unknown=review(),
        rcs_is_text=True,
    )


GONE, UNREACHABLE, UNTOLD = (3, 4), (2, 5, 7, 8, 15), (1, 11, 12, 13, 14, 53, 99)
OURS = (
    *(6, 10, 16, 50, 51, 52, 54),
    *(1000, 1010, 1020, 1021, 1022, 1030, 1060, 1070, 1080, 1090, 1100, 1120, 1130, 1140, 1150, 1160),
)
"""Codes of the SMS API, and those above a thousand of the Messages API: the number is not active or barred, it could not be reached,
nobody knows, it is about us or the message."""
OPTED_OUT = 1240
"""The Messages API's 9."""
RECEIPTS: dict[str, Meaning] = {
    "on its way": IGNORED,
    "sent": sent(),
    "delivered": delivered(),
    "failed": bounce(BounceClass.UNDETERMINED),
    "expired": bounce(BounceClass.SOFT),
    **dict.fromkeys(("failed/9", f"failed/{OPTED_OUT}"), opt_out()),
    "failed/1050": quarantine(),  # "blacklisted" at Vonage
    **dict.fromkeys((f"failed/{code}" for code in UNTOLD), bounce(BounceClass.UNDETERMINED)),
    **dict.fromkeys((f"failed/{code}" for code in GONE), bounce(BounceClass.HARD)),
    **dict.fromkeys((f"failed/{code}" for code in UNREACHABLE), bounce(BounceClass.SOFT)),
    **dict.fromkeys((f"failed/{code}" for code in OURS), bounce(BounceClass.BLOCK)),
}
BECAME = f"""CASE
    WHEN error IN ('9', '{OPTED_OUT}') THEN ['failed/' || error]
    WHEN NOT {IS_OURS} THEN ['on its way']
    WHEN word(status) IN ('delivered', 'read') THEN CASE WHEN sent_at = '' THEN ['on its way'] ELSE ['sent', 'delivered'] END
    WHEN word(status) IN ('accepted', 'buffered', 'submitted') THEN ['on its way']
    WHEN NOT ({IS_TEXT}) THEN ['on its way']
    WHEN word(status) = 'expired' AND error IN ('', '0', '1') THEN ['expired']
    ELSE [concat_ws('/', 'failed', nullif(error, ''))] END"""


def _receipts(
    name: str, sid: str, receiver: str, sent_at: str, code: str, sender: str, channel: str = "channel", *, is_of_sms: bool
) -> Shape:
    """What became of our messages."""
    return Shape(
        name=name,
        fields=(
            Field("sid", "the message's id", sid, is_required=True),
            Field("receiver", "the recipient", receiver, is_required=True),
            Field("status", "what became of it", is_required=True),
            Field("error", "why it failed", code, is_required=is_of_sms, pointers=() if is_of_sms else ("error/code",)),
            Field("error_text", "the same in words", "error/detail", pointers=("error/reason",)),
            Field("sender", "our number; look it up in `map:`", sender),
            Field("channel", "of the Messages API: sms, mms, rcs, whatsapp …", channel),
            Field("sent_at", "when Vonage sent it", sent_at),
        ),
        each=BECAME,
        label="item",
        codes=RECEIPTS,
        says={
            "event_id": "concat_ws('/', sid, status)",
            "occurred_at": "utc_written(sent_at)",
            "address": international("receiver"),
            "channel": WAY,
            "scope_id": ours("sender"),
            "diagnostic": "error_text",
        },
        unknown=bounce(BounceClass.UNDETERMINED),
        rcs_is_text=True,
    )


FEED = VendorFeed(
    source="vonage_inbound",
    summary="Vonage inbound messages: STOP and START by keyword, free text for people to read; of ours who has opted out, and the receipts",
    shapes=(
        _receipts("SMS API's receipts", "messageId", "msisdn", "message-timestamp", "err-code", "to", is_of_sms=True),
        _receipts(
            "Messages API's statuses of old",
            "message_uuid",
            "to/number",
            "timestamp",
            "error/title",
            "from/number",
            "to/type",
            is_of_sms=False,
        ),
        _receipts("Messages API's statuses", "message_uuid", "to", "timestamp", "error/title", "from", is_of_sms=False),
        _shape("SMS API", "messageId", "msisdn", "message-timestamp"),
        # Version 0.1 has objects where the present one has texts.
        _shape("Messages API of old", "message_uuid", "from/number", "timestamp", "to/number", BODY_OF_OLD, "from/type"),
        _shape("Messages API", "message_uuid", "from", "timestamp"),
    ),
    traps=(
        "Numbers come without a plus; `map:` may have ours either way.",
        "A long message comes in parts: a STOP at its end is read by people.",
        "Vonage's own opt-out of short codes in the USA tells nobody at once: keep the receipts, which tell it of the next message.",
        "Receipts do not say that a message was sent until it is delivered.",
    ),
    basis=(
        "https://developer.vonage.com/messaging/sms/guides/inbound-sms",
        "https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts",
        "https://developer.vonage.com/en/opt-out-assist/guides/messaging-opted-out-numbers",
        "https://api.support.vonage.com/hc/en-us/articles/204014733-Vonage-SMS-Delivery-Error-Codes-and-Descriptions",
        "https://developer.vonage.com/en/messages/concepts/messages-status-callbacks",
        "https://developer.vonage.com/en/api-errors/messages",
        "https://developer.vonage.com/api/v1/developer/api/file/messages?format=json&vendorId=vonage",
        "https://developer.vonage.com/en/vcr/providers/messages",
        "https://github.com/Vonage/vonage-java-sdk/blob/main/src/main/java/com/vonage/client/messages/InboundMessage.java",
    ),
)
