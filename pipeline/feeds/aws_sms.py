"""AWS End User Messaging, Amazon Pinpoint's successor for texts: inbound messages, message events, and the list of opted-out numbers.

Inbound messages come by SNS, whose envelope tells the time; raw, a message has none, and a START waits for people. The texts mean
what `_sms` says; a STOP holds for the number that it was sent to. The list tells whether the recipient opted out himself. Whoever
is not on it any more is not freed.

`TEXT_SUCCESSFUL` is the carrier's word, and that of some countries for a delivery: it counts as sent, and only a `TEXT_DELIVERED`
tells that the number works. EventBridge names no recipient: of its events only failures are shown, as rejected rows.
"""

from pipeline.feeds._aws import opened
from pipeline.feeds._sms import CODES as INBOUND
from pipeline.feeds._sms import international, ours, said
from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, bounce, delivered, opt_out, records_at, review, sent
from pipeline.vocabulary import BounceClass, Channel, Via

IS_EVENT = "json_exists(one, '$.inboundMessageId') OR json_exists(one, '$.eventType')"
WITH_TIME = "json_merge_patch(json_in(one ->> '$.Message'), json_object('published_at', coalesce(one ->> '$.Timestamp', '')))"

INBOUNDS = Shape(
    name="inbound messages",
    fields=(
        Field("sid", "the message's id", "inboundMessageId", is_required=True),
        Field("sender", "who wrote", "originationNumber", is_required=True),
        Field("receiver", "our number; look it up in `map:`", "destinationNumber", is_required=True),
        Field("body", "what they wrote", "messageBody", is_required=True),
        Field("published_at", "when SNS published it"),
    ),
    records=opened(IS_EVENT, WITH_TIME),
    label=said("published_at <> ''"),
    codes=INBOUND,
    says={
        "event_id": "sid",
        "occurred_at": "published_at",
        "address": international("sender"),
        "channel": "'sms'",
        "scope_id": ours("receiver"),
        "body": "body",
    },
    unknown=review(),
)

KIND = "regexp_extract(lower(trim(event)), '^(text|media|rcs)_(.+)$', 2)"
STATUSES: dict[str, Meaning] = {
    "successful": sent(),
    "delivered": delivered(),
    "opted_out": opt_out(),
    "invalid": bounce(BounceClass.HARD),
    **dict.fromkeys(("unreachable", "carrier_unreachable", "ttl_expired"), bounce(BounceClass.SOFT)),
    **dict.fromkeys(("blocked", "carrier_blocked", "protect_blocked", "spam", "invalid_message"), bounce(BounceClass.BLOCK)),
    "unknown": bounce(BounceClass.UNDETERMINED),
    **dict.fromkeys(("queued", "pending", "other"), IGNORED),
}
EVENTS = Shape(
    name="message events",
    fields=(
        Field("event", "what became of a message, `TEXT_…`, `MEDIA_…` or `RCS_…`; calls say nothing", "eventType", is_required=True),
        Field("happened_at", "when, Unix milliseconds", "eventTimestamp", is_required=True),
        Field("sid", "the message's id", "messageId"),
        Field("receiver", "the recipient", "destinationPhoneNumber"),
        Field("sender", "our number; look it up in `map:`", "originationPhoneNumber"),
        Field("status", "the same as a word", "messageStatus"),
        Field("status_text", "the same in a sentence", "messageStatusDescription"),
    ),
    records=opened(IS_EVENT),
    label=f"""CASE
        WHEN {KIND} = '' THEN 'other'
        WHEN lower(trim(status)) = 'opted_out' THEN 'opted_out'
        WHEN receiver = '' AND {KIND} IN ('successful', 'delivered') THEN 'other'
        ELSE {KIND} END""",
    codes=STATUSES,
    says={
        "event_id": "concat_ws('/', sid, event)",
        "occurred_at": "unix_time(happened_at)",
        "address": international("receiver"),
        "channel": f"CASE WHEN starts_with(lower(trim(event)), 'rcs_') THEN '{Channel.RCS}' ELSE '{Channel.SMS}' END",
        "scope_id": ours("sender"),
        "diagnostic": "status_text",
    },
    unknown=bounce(BounceClass.UNDETERMINED),
    rcs_is_text=True,
)

OPTED_OUT = Shape(
    name="opted-out numbers",
    fields=(
        Field("number", "the number", "OptedOutNumber", is_required=True),
        Field("opted_out_at", "since when, Unix seconds or ISO 8601", "OptedOutTimestamp", is_required=True),
        Field("is_by_owner", "whether the recipient opted out himself", "EndUserOptedOut"),
    ),
    records=records_at("OptedOutNumbers"),
    label="CASE WHEN says_yes(is_by_owner) THEN 'by the owner' ELSE 'listed' END",
    codes={"by the owner": opt_out(Via.KEYWORD), "listed": NO},
    says={"occurred_at": "unix_time(opted_out_at)", "address": international("number"), "channel": "'sms'"},
    unknown=NO,
    is_snapshot=True,
)

FEED = VendorFeed(
    source="aws_sms",
    summary="AWS End User Messaging (Amazon Pinpoint's successor): inbound SMS, message events, opted-out numbers (JSON)",
    shapes=(INBOUNDS, EVENTS, OPTED_OUT),
    traps=(
        "`Message` in SNS's envelope is JSON as text; with raw delivery a message has no time, and a START is shown to people instead.",
        "The list of opted-out numbers (`describe-opted-out-numbers`) comes in pages: put all of them into one file, one page a line.",
        "EventBridge leaves the recipient's number out: take SNS or Firehose for the events.",
    ),
    basis=(
        "https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html",
        "https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html",
        "https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html",
        "https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_DescribeOptedOutNumbers.html",
    ),
)
