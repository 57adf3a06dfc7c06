"""Messages that people send to a Vonage number: webhooks of the SMS API (JSON, form bodies, a query's parameters) and of the Messages API.

The texts mean what `_sms` says, also that of a button, of an answer chosen from a list, and below a picture. Both tell a time, the
SMS API in UTC without saying so. A STOP holds for the number that it was sent to; on another channel than SMS, MMS or RCS, for
every channel. A part of a long message is no message: it goes to people.
"""

from pipeline.feeds._sms import CODES, international, ours, said
from pipeline.feeds._vendor import Field, Shape, VendorFeed, review

IS_SMS = "word(channel) IN ('', 'sms', 'mms', 'rcs')"
BODY = ("text", "button/text", "reply/title", "image/caption")
BODY_OF_OLD = ("message/content/text", "message/content/image/caption")
MAY_START = f"sent_at <> '' AND {IS_SMS}"


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
            "channel": f"CASE WHEN {IS_SMS} THEN 'sms' ELSE channel END",
            "scope_id": ours("receiver"),
            "body": "body",
        },
        unknown=review(),
    )


FEED = VendorFeed(
    source="vonage_inbound",
    summary="Vonage inbound messages: STOP and START by keyword, free text for people to read",
    shapes=(
        _shape("SMS API", "messageId", "msisdn", "message-timestamp"),
        # Version 0.1 has objects where the present one has texts.
        _shape("Messages API of old", "message_uuid", "from/number", "timestamp", "to/number", BODY_OF_OLD, "from/type"),
        _shape("Messages API", "message_uuid", "from", "timestamp"),
    ),
    traps=(
        "Numbers come without a plus; `map:` may have ours either way.",
        "A long message comes in parts: a STOP at its end is read by people.",
        "Vonage's own opt-out of short codes in the USA tells nobody: keep what the webhook gets.",
    ),
    basis=(
        "https://developer.vonage.com/messaging/sms/guides/inbound-sms",
        "https://developer.vonage.com/api/v1/developer/api/file/messages?format=json&vendorId=vonage",
        "https://developer.vonage.com/en/vcr/providers/messages",
        "https://github.com/Vonage/vonage-java-sdk/blob/main/src/main/java/com/vonage/client/messages/InboundMessage.java",
    ),
)
