"""Messages that people send to a Sinch number: callbacks of the SMS API (`mo_text`), or pages of its list of inbounds.

The texts mean what `_sms` says; a binary or media message goes to people. A STOP holds for the number that it was sent to. Numbers may
lack their plus.
"""

from pipeline.feeds._sms import CODES, international, ours, said
from pipeline.feeds._vendor import Field, Shape, VendorFeed, records_at, review

SENT_AT = "coalesce(nullif(sent_at, ''), received_at)"
MAY_START = f"{SENT_AT} <> ''"

INBOUNDS = Shape(
    name="inbounds",
    fields=(
        Field("sid", "the message's id", "id", is_required=True),
        Field("type", "mo_text, mo_binary or mo_media", is_required=True),
        Field("sender", "who wrote", "from", is_required=True),
        Field("receiver", "our number; look it up in `map:`", "to", is_required=True),
        Field("body", "what they wrote; of a binary message in Base64"),
        Field("sent_at", "when it left the handset, where the operator tells", pointers=("send_at",)),
        Field("received_at", "when Sinch received it"),
    ),
    records=records_at("inbounds"),
    # The delivery reports that go to the same address are no messages.
    label=f"CASE WHEN word(type) = 'mo_text' THEN {said(MAY_START)} WHEN starts_with(type, 'mo_') THEN 'text' END",
    codes=CODES,
    says={
        "event_id": "sid",
        "occurred_at": SENT_AT,
        "address": international("sender"),
        "channel": "'sms'",
        "scope_id": ours("receiver"),
        "body": "body",
    },
    unknown=review(),
)

FEED = VendorFeed(
    source="sinch_inbound",
    summary="Sinch inbound SMS: STOP and START by keyword, free text for people to read (JSON)",
    shapes=(INBOUNDS,),
    traps=(
        "Pages of the list belong into one file, one page a line, or one file each: messages are events, and the same one counts once.",
    ),
    basis=(
        "https://developers.sinch.com/docs/sms/api-reference/sms/tag/Webhooks/",
        "https://developers.sinch.com/docs/sms/api-reference/sms/tag/Inbounds/",
        "https://developers.sinch.com/sdk/sinch-sdk-node/1.3.0/interfaces/Sms.MOText.html",
    ),
)
