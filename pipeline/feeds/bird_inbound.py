"""Messages that people send to a number at Bird (formerly MessageBird): messages of an SMS channel in its Channels API.

The texts mean what `_sms` says. A STOP holds for the channel at Bird that it came by. Outgoing messages say nothing of anybody.
A webhook's message stands in its `payload`.
"""

from pipeline.feeds._sms import CODES, said
from pipeline.feeds._vendor import Field, Shape, VendorFeed, review

MAY_START = "created_at <> '' AND word(kind) = 'phonenumber'"

MESSAGES = Shape(
    name="messages",
    fields=(
        Field("sid", "the message's id", "id", is_required=True),
        Field("sender", "who wrote", "sender/contact/identifierValue", is_required=True),
        Field("kind", "what identifies the sender: phonenumber …", "sender/contact/identifierKey"),
        Field("channel_id", "the channel at Bird; look it up in `map:`", "channelId", is_required=True),
        Field("body", "what they wrote", "body/text/text"),
        Field("direction", "incoming or outgoing"),
        Field("created_at", "when it came", "createdAt"),
    ),
    records="""CASE
        WHEN json_type(json -> '$.results') = 'ARRAY' THEN json_items(json -> '$.results')
        WHEN json_type(json -> '$.payload') = 'OBJECT' THEN [json -> '$.payload'] END""",
    label=f"CASE WHEN word(direction) NOT LIKE 'out%' THEN {said(MAY_START)} END",
    codes=CODES,
    says={
        "event_id": "sid",
        "occurred_at": "created_at",
        "address": "sender",
        "channel": "CASE WHEN word(kind) = 'phonenumber' THEN 'sms' ELSE 'any' END",
        "scope_id": "channel_id",
        "body": "body",
    },
    unknown=review(),
)

FEED = VendorFeed(
    source="bird_inbound",
    summary="Bird (MessageBird) inbound SMS: STOP and START by keyword, free text for people to read (JSON)",
    shapes=(MESSAGES,),
    traps=(
        "`map:` names channels by Bird's ids, not by our numbers.",
        "A message does not tell that it came by WhatsApp: give the feed the messages of SMS channels only.",
        "MessageBird's REST API of old (`originator`, `recipient`) is another format, which is not read.",
    ),
    basis=("https://docs.bird.com/api/channels-api/supported-channels/programmable-sms/receiving-messages",),
)
