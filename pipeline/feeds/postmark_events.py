"""Postmark's webhooks, one object a request, and the answers of its bounces API (`{"Bounces": […]}`).

`RecordType` tells what happened; the older bounce, delivery and open hooks have none and are told by their fields. What a
`Bounce` says stands in `Type`. The server's words are in `Details`; `Description` is Postmark's own explanation of the
type and no diagnosis. `Inactive` is not read: what Postmark suppresses is told by `SubscriptionChange` and by the dump.
A reactivation says `SuppressSending: false` and no reason; the page knows it as an act of staff, so it lifts nothing
here: staff release an address in our ledger, with an explanation.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, auto_reply, bounce, complaint, delivered, opt_out, quarantine
from pipeline.vocabulary import Actor, BounceClass, Via

RECORD = """coalesce(nullif(RecordType, ''), CASE
    WHEN Type <> '' THEN 'Bounce'
    WHEN DeliveredAt <> '' THEN 'Delivery'
    WHEN SuppressSending <> '' THEN 'SubscriptionChange'
    WHEN ReceivedAt <> '' THEN 'Open'
    ELSE 'untyped' END)"""
"""The record's type; the hooks before `RecordType` are told by what they hold."""

EVENTS = Shape(
    name="webhooks",
    records="CASE WHEN json_exists(json, '$.Bounces') THEN json_items(json ->> 'Bounces') END",
    fields=(
        Field("recipient", "the recipient", pointer="Email", pointers=("Recipient",), is_required=True),
        Field("RecordType", "what the record is; missing in older hooks"),
        Field("ID", "the bounce's id, the same in every delivery of it"),
        Field("Type", "of a bounce: its type"),
        Field("Details", "what the mail server said"),
        Field("Description", "what the type means, in Postmark's words"),
        Field("BouncedAt", "when it bounced or was reported"),
        Field("DeliveredAt", "when it was delivered"),
        Field("ChangedAt", "when the suppression began or ended"),
        Field("ReceivedAt", "when it was opened or clicked"),
        Field("SuppressSending", "whether the suppression began (true) or ended (false)"),
        Field("SuppressionReason", "why it began"),
        Field("Origin", "by whom: Recipient, Customer or Admin"),
        Field("MessageStream", "the message stream; look it up in `map:`"),
        Field("Tag", "the message's tag"),
        Field("campaign", "the campaign, where the sender put it into the metadata", pointer="Metadata/campaign"),
    ),
    label=f"""concat_ws('/', {RECORD}, CASE {RECORD}
        WHEN 'Bounce' THEN concat_ws('/', nullif(Type, ''), CASE WHEN contains(Details, 'marked as inactive') THEN 'inactive' END)
        WHEN 'SubscriptionChange' THEN CASE
            WHEN lower(SuppressSending) = 'false' THEN 'reactivated'
            ELSE concat_ws('/', nullif(SuppressionReason, ''), CASE SuppressionReason WHEN 'ManualSuppression' THEN nullif(Origin, '') END)
        END END)""",
    codes={
        "delivery": delivered(),
        "open": IGNORED,
        "click": IGNORED,
        "inbound": IGNORED,
        "spamcomplaint": complaint(),
        "subscriptionchange": quarantine(),
        "subscriptionchange/hardbounce": quarantine("bounced"),
        "subscriptionchange/spamcomplaint": complaint(),
        "subscriptionchange/manualsuppression": opt_out(Via.MANUAL, Actor.STAFF),
        "subscriptionchange/manualsuppression/recipient": opt_out(Via.ONE_CLICK),
        "subscriptionchange/manualsuppression/customer": opt_out(Via.MANUAL, Actor.STAFF),
        "subscriptionchange/manualsuppression/admin": opt_out(Via.MANUAL, Actor.STAFF),
        "subscriptionchange/reactivated": IGNORED,
        "bounce": bounce(BounceClass.UNDETERMINED),
        "bounce/hardbounce": bounce(BounceClass.HARD),
        "bounce/bademailaddress": bounce(BounceClass.HARD),
        "bounce/softbounce": bounce(BounceClass.SOFT),
        "bounce/dnserror": bounce(BounceClass.SOFT),
        "bounce/unknown": bounce(BounceClass.UNDETERMINED),
        "bounce/transient": IGNORED,
        "bounce/blocked": bounce(BounceClass.BLOCK),
        "bounce/spamnotification": bounce(BounceClass.BLOCK),
        "bounce/virusnotification": bounce(BounceClass.BLOCK),
        "bounce/dmarcpolicy": bounce(BounceClass.BLOCK),
        "bounce/spamcomplaint": complaint(),
        "bounce/unsubscribe": opt_out(Via.REPLY),
        "bounce/manuallydeactivated": quarantine("manual", Actor.STAFF),
        "bounce/unconfirmed": quarantine("unconfirmed"),
        "bounce/smtpapierror/inactive": quarantine(),
        "bounce/smtpapierror": IGNORED,
        "bounce/templaterenderingfailed": IGNORED,
        "bounce/inbounderror": IGNORED,
        "bounce/openrelaytest": IGNORED,
        "bounce/challengeverification": IGNORED,
        "bounce/subscribe": IGNORED,
        "bounce/autoresponder": auto_reply(),
        "bounce/addresschange": auto_reply(),
    },
    says={
        "event_id": "ID",
        "occurred_at": "coalesce(nullif(BouncedAt, ''), nullif(DeliveredAt, ''), nullif(ChangedAt, ''), ReceivedAt)",
        "address": "recipient",
        "channel": "'email'",
        "diagnostic": f"CASE WHEN {RECORD} = 'Bounce' THEN Details END",
        "campaign": "coalesce(nullif(campaign, ''), Tag)",
        "scope_id": "MessageStream",
        "reason_text": "coalesce(nullif(Details, ''), Description)",
    },
)

FEED = VendorFeed(
    source="postmark_events",
    summary="Postmark webhooks and bounces API: deliveries, bounces, complaints, changes of the suppression list (JSON)",
    shapes=(EVENTS,),
    traps=(
        "`ManualSuppression` is what an unsubscribe by the recipient is called; only `Origin` tells it from staff.",
        "The suppression that a hard bounce sets off arrives beside the bounce: a restriction, and no second bounce.",
        "`Recipient` here is `Email` there; `SuppressionReason` and `MessageID` may be null.",
        "A `SpamNotification` is a filter's word about the message, a `SpamComplaint` is the owner's.",
        "A reactivation by staff or API lifts nothing; release the address with an explanation.",
    ),
    basis=(
        "https://postmarkapp.com/email-webhooks",
        "https://postmarkapp.com/developer/webhooks/subscription-change-webhook",
        "https://postmarkapp.com/developer/api/bounce-api",
        "https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/postmark.py",
    ),
)
