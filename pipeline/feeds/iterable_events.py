"""Iterable's events: the bodies of its system webhooks, or the export of its events (one JSON object a line, or CSV).

A webhook keeps an event's own fields in `dataFields`, an export beside the others. An export of one data type may leave the name
out: then it is looked for in the file's name (`emailBounce…`). A bounce is hard or soft by `recipientState`.

An unsubscription names channels, message types and lists, to be mapped as `channel/4711`, `message_type/4711`, `list/4711`; one
that names none is about everything. It is the owner's where `unsubSource` says that a link in a mail was used, else nothing
tells by whom, nor on which channel: then it holds for all of them. A message that somebody sends to a number waits for people, for
nothing tells whether Iterable took it for a STOP. Skipped messages say why, but not in words that public pages settle. Custom
events are no events here, unless their name speaks of a "no".
"""

from dataclasses import replace

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, bounce, complaint, opt_out, review, sent
from pipeline.feeds.iterable_users import ids
from pipeline.vocabulary import BounceClass, Channel, Via

KINDS = "(email|sms|push|inapp)(sendskip|send|bounce|complaint|unsubscribe|subscribe|open|click|received|uninstall)|hostedunsubscribeclick"
NAME = f"lower(coalesce(nullif(trim(event_name), ''), regexp_extract(lower(getvariable('file_name')), '{KINDS}')))"
STATE = "lower(trim(recipient_state))"
CODES: dict[str, Meaning] = {
    "emailsend": sent(),
    "emailbounce": bounce(BounceClass.UNDETERMINED),
    "emailbounce/hardbounce": bounce(BounceClass.HARD),
    "emailbounce/softbounce": bounce(BounceClass.SOFT),
    "emailcomplaint": complaint(),
    "emailunsubscribe": NO,
    "emailunsubscribe/emaillink": opt_out(Via.ONE_CLICK),
    "hostedunsubscribeclick": opt_out(Via.ONE_CLICK),
    "smssend": replace(sent(), channel=Channel.SMS),
    "smsbounce": replace(bounce(BounceClass.UNDETERMINED), channel=Channel.SMS),
    "smsreceived": review(),
    "no": NO,
    "other": IGNORED,
}
CHANNELS, MESSAGE_TYPES, LISTS = ids("channel_ids", "channel"), ids("message_type_ids", "message_type"), ids("list_ids", "list")
SCOPES = f"list_concat({CHANNELS}, {MESSAGE_TYPES}, {LISTS})"


def _field(name: str, meaning: str, key: str, *, is_required: bool = False) -> Field:
    return Field(name, meaning, f"dataFields/{key}", (key,), pointers=(key,), is_required=is_required)


EVENTS = Shape(
    name="events",
    fields=(
        Field("email", "the address", is_required=True, pointers=("dataFields/email",)),
        Field("event_name", "what happened; else the file's name tells it", "eventName", ("eventName", "_type"), pointers=("_type",)),
        Field("user_id", "your own id of the user", "userId", ("userId",)),
        _field("created_at", "when it happened", "createdAt", is_required=True),
        _field("message_id", "the message", "messageId"),
        _field("recipient_state", "of a bounce: HardBounce or SoftBounce", "recipientState"),
        _field("campaign", "the campaign", "campaignName"),
        _field("campaign_id", "the campaign's id", "campaignId"),
        _field("channel_ids", "the channels that somebody left", "channelIds"),
        _field("message_type_ids", "the message types that somebody left", "messageTypeIds"),
        _field("list_ids", "the lists that somebody left", "emailListIds"),
        _field("source", "how somebody left", "unsubSource"),
        _field("bounce_message", "what the mail server said", "bounceMessage"),
        _field("to_number", "the number that a text went to", "toPhoneNumber"),
        _field("from_number", "the number that a text came from", "fromPhoneNumber"),
        _field("text", "the text", "smsMessage"),
    ),
    each=f"CASE WHEN {NAME} = 'emailunsubscribe' AND len({SCOPES}) > 0 THEN {SCOPES} ELSE [''] END",
    label=f"""CASE
        WHEN {NAME} = '' THEN 'kind not told'
        WHEN {NAME} = 'emailbounce' THEN concat_ws('/', {NAME}, nullif({STATE}, ''))
        WHEN {NAME} = 'emailunsubscribe' THEN concat_ws('/', {NAME}, nullif(lower(trim(source)), ''))
        WHEN {NAME} = 'smsbounce' AND trim(to_number) = '' THEN 'other'
        WHEN code_of({NAME}) IS NOT NULL THEN {NAME}
        WHEN regexp_matches({NAME}, 'unsubscri|opt_?-?out|complaint|spam') THEN 'no/' || {NAME}
        ELSE 'other' END""",
    codes=CODES,
    says={
        "occurred_at": "created_at",
        "address": """CASE WHEN label = 'smsreceived' THEN from_number WHEN starts_with(label, 'sms') THEN to_number ELSE email END""",
        "profile_id": "coalesce(nullif(user_id, ''), nullif(lower(trim(email)), ''))",
        "channel": """CASE WHEN starts_with(label, 'sms') THEN 'sms'
            WHEN label <> 'emailunsubscribe/emaillink' AND split_part(label, '/', 1) IN ('emailunsubscribe', 'no') THEN ''
            ELSE 'email' END""",
        "scope_id": "item",
        "diagnostic": "bounce_message",
        "campaign": "coalesce(nullif(campaign, ''), campaign_id)",
        "reason_text": "source",
        "body": "text",
    },
)

FEED = VendorFeed(
    source="iterable_events",
    summary="Iterable events: system webhooks, or the export of events (JSON, CSV)",
    shapes=(EVENTS,),
    traps=(
        "An export of one data type may not name it: keep the data type in the file's name (`emailBounce.json`).",
        "Channels, message types and lists have numbers of their own: `map:` them as `channel/…`, `message_type/…`, `list/…`.",
        "A text's bounce mostly does not name the number, and is nobody's then: take the provider's own feed.",
        "Deliveries are not told by Iterable: a soft bounce is not forgotten by one.",
    ),
    basis=(
        "https://support.iterable.com/hc/en-us/articles/208013936-System-Webhooks",
        "https://api.iterable.com/api/docs#export_exportDataJson",
        "https://github.com/rudderlabs/rudder-transformer/blob/develop/test/integrations/sources/iterable/data.ts",
        "https://github.com/singer-io/tap-iterable/tree/master/tap_iterable/schemas",
    ),
)
