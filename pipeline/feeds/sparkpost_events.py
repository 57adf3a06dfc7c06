"""SparkPost's webhooks (an array of `{"msys": {"message_event": {…}}}`) and the answers of its events API (`{"results": […]}`).

What a bounce is stands in `bounce_class`; it rides on `bounce` and on `out_of_band` alike, and some classes are no
bounces: with 25 and 26 SparkPost held the message back, 60 is an absence notice, 80 and 90 are requests by mail, 100 is
a challenge. "… address was suppressed due to customer policy" repeats SparkPost's own suppression list, whichever event
it comes in: the restriction is asserted, nothing bounced. Class 25 without those words is read in the same way, since
SparkPost counts it among the suppressing ones. `{"msys": {}}` is a test call. Lists of a subaccount are its own.
"""

from pipeline.feeds._vendor import (
    IGNORED,
    Field,
    Meaning,
    Shape,
    VendorFeed,
    auto_reply,
    bounce,
    complaint,
    delivered,
    opt_out,
    quarantine,
    sent,
)
from pipeline.vocabulary import BounceClass, Via

BOUNCE_CLASSES = {
    "1": bounce(BounceClass.UNDETERMINED),
    "10": bounce(BounceClass.HARD),
    "20": bounce(BounceClass.SOFT),
    "21": bounce(BounceClass.SOFT),
    "22": bounce(BounceClass.SOFT, "mailbox_full"),
    "23": bounce(BounceClass.SOFT),
    "24": bounce(BounceClass.SOFT),
    "25": quarantine(),
    "26": quarantine(),
    "30": bounce(BounceClass.HARD),
    "40": bounce(BounceClass.SOFT),
    "50": bounce(BounceClass.BLOCK),
    "51": bounce(BounceClass.BLOCK),
    "52": bounce(BounceClass.BLOCK),
    "53": bounce(BounceClass.BLOCK),
    "54": bounce(BounceClass.BLOCK),
    "60": auto_reply(),
    "70": bounce(BounceClass.SOFT),
    "80": IGNORED,
    "90": opt_out(Via.REPLY),
    "100": IGNORED,
}
"""SparkPost's table of bounce classification codes."""

SUPPRESSED: dict[str, Meaning] = {
    "suppressed": quarantine(),
    "suppressed/bounce rule": quarantine("bounced"),
    "suppressed/spam complaint": quarantine("complained"),
    "suppressed/list unsubscribe": opt_out(),
    "suppressed/link unsubscribe": opt_out(),
    "suppressed/unsubscribe link": opt_out(),
}
"""What the words "was suppressed due to … policy" go on to say."""

OTHERS = (
    *("delay", "open", "initial_open", "click", "amp_open", "amp_initial_open", "amp_click", "generation_failure", "sms_status"),
    *("relay_message", "relay_injection", "relay_rejection", "relay_delivery", "relay_tempfail", "relay_permfail"),
    *("ab_test_completed", "ab_test_cancelled", "success", "error"),
)
"""Types that say nothing about an address; the last two are those of an upload of events."""

EVENTS = Shape(
    name="webhooks and the events API",
    records="""CASE
        WHEN len(json_extract(json, '$.msys.*')) > 0 THEN json_extract(json, '$.msys.*')
        WHEN json_exists(json, '$.results') THEN json_items(json ->> 'results') END""",
    fields=(
        Field(
            "recipient",
            "the recipient; `{}` in a test call",
            "raw_rcpt_to",
            ("raw_rcpt_to", "rcpt_to"),
            pointers=("rcpt_to", "msys"),
            is_required=True,
        ),
        Field("type", "what happened"),
        Field("bounce_class", "SparkPost's code for the kind of bounce"),
        Field("raw_reason", "what the mail server said, or why SparkPost did not send", pointers=("reason",)),
        Field("error_code", "the mail server's reply code"),
        Field("timestamp", "when it happened, Unix seconds; in the events API ISO 8601"),
        Field("event_id", "the event's id"),
        Field("fbtype", "of a complaint: its feedback type"),
        Field("campaign_id", "the campaign"),
        Field("subaccount_id", "the subaccount; look it up in `map:`"),
        Field("webhook_id", "of an incoming message, which has no type"),
    ),
    label="""CASE
        WHEN recipient = '{}' THEN NULL
        WHEN contains(lower(raw_reason), 'address was suppressed due to') THEN concat_ws('/', 'suppressed', nullif(
            regexp_extract(lower(raw_reason), 'bounce rule|spam complaint|list unsubscribe|link unsubscribe|unsubscribe link'), ''))
        WHEN type = '' AND bounce_class = '' THEN CASE WHEN webhook_id = '' THEN 'untyped' ELSE 'relay_message' END
        WHEN type IN ('', 'bounce', 'out_of_band') THEN concat_ws('/', coalesce(nullif(type, ''), 'bounce'), nullif(bounce_class, ''))
        WHEN type = 'spam_complaint' AND lower(fbtype) = 'not-spam' THEN 'spam_complaint/not-spam'
        ELSE type END""",
    codes={
        "injection": sent(),
        "delivery": delivered(),
        "bounce": bounce(BounceClass.UNDETERMINED),
        "out_of_band": bounce(BounceClass.UNDETERMINED),
        **{f"{kind}/{number}": meaning for kind in ("bounce", "out_of_band") for number, meaning in BOUNCE_CLASSES.items()},
        **SUPPRESSED,
        "policy_rejection": bounce(BounceClass.BLOCK),
        "generation_rejection": bounce(BounceClass.BLOCK),
        "spam_complaint": complaint(),
        "spam_complaint/not-spam": IGNORED,
        "list_unsubscribe": opt_out(Via.ONE_CLICK),
        "link_unsubscribe": opt_out(Via.ONE_CLICK),
        **dict.fromkeys(OTHERS, IGNORED),
    },
    says={
        "event_id": "event_id",
        "occurred_at": "unix_time(timestamp)",
        "address": "recipient",
        "channel": "'email'",
        "status_code": "CASE WHEN type NOT IN ('injection', 'delivery') THEN error_code END",
        "diagnostic": "raw_reason",
        "campaign": "campaign_id",
        "scope_id": "subaccount_id",
        "reason_text": "raw_reason",
    },
)

FEED = VendorFeed(
    source="sparkpost_events",
    summary="SparkPost webhooks and events API: deliveries, bounces, complaints, unsubscribes (JSON)",
    shapes=(EVENTS,),
    traps=(
        "A suppressed recipient arrives as a `bounce` of class 25 with 554 5.7.1; nothing was sent and nothing bounced.",
        "Class 21 is a failure of DNS and class 70 a delay that ran out: soft, although the event says `bounce`.",
        "A webhook writes `timestamp` in Unix seconds, the events API in ISO 8601.",
        "`rcpt_to` is lower case; `raw_rcpt_to` is the address as it was given.",
    ),
    basis=(
        "https://developers.sparkpost.com/api/webhooks/",
        "https://developers.sparkpost.com/api/events/",
        "https://support.sparkpost.com/docs/deliverability/bounce-classification-codes",
        "https://support.sparkpost.com/docs/user-guide/using-suppression-lists",
        "https://support.sparkpost.com/docs/tech-resources/preparing-for-async-suppressions",
    ),
)
