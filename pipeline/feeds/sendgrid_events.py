"""SendGrid's event webhook: a JSON array of events, or one event a line; also the console's export of the activity (CSV).

`dropped` repeats what SendGrid's own suppression list says: the restriction is asserted, no new bounce is counted. Its
cause stands in `reason`, in some events in `type`. A `bounce` of type `blocked` is about the message or the sender, and
so is one whose classification says so; without a type it is a hard one, as public clients read it. `unsubscribe` is
global whatever group the message was sent to; only the group events speak of their group. `group_resubscribe` comes from
the owner's own mailbox.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, bounce, complaint, delivered, opt_in, opt_out, quarantine, sent
from pipeline.vocabulary import BounceClass, Via

DROPPED = {
    "": quarantine(),
    "/bounced address": quarantine("bounced"),
    "/bounce": quarantine("bounced"),
    "/invalid": quarantine("invalid_address"),
    "/spam reporting address": quarantine("complained"),
    "/unsubscribed address": opt_out(),
    **dict.fromkeys(("/spam content", "/spam content (if spam checker app enabled)", "/invalid smtpapi header"), IGNORED),
    **dict.fromkeys(("/recipient list over package quota", "/duplicate", "/blocked", "/expired"), IGNORED),
}
"""Why SendGrid did not send."""

EVENTS = Shape(
    name="events",
    fields=(
        Field("email", "the recipient", is_required=True),
        Field("timestamp", "when it happened, Unix seconds; in the console's export ISO 8601", headers=("timestamp", "processed")),
        Field("event", "what happened", is_required=True),
        Field("sg_event_id", "the event's id, the same in every delivery of it"),
        Field("type", "of a bounce: bounce, blocked or expired"),
        Field("bounce_classification", "SendGrid's own reading of the bounce"),
        Field("status", "enhanced status code"),
        Field("reason", "what the mail server said, or why SendGrid dropped the message"),
        Field("response", "what the mail server said to a delivered or deferred message"),
        Field("asm_group_id", "the unsubscribe group; look it up in `map:`"),
        Field("campaign", "a custom argument of that name", headers=("campaign_id",)),
        Field("singlesend_name", "the name of the single send"),
    ),
    label="""concat_ws('/', event,
        CASE
            WHEN lower(event) = 'bounce' AND type = '' AND bounce_classification <> '' THEN 'bounce'
            WHEN lower(event) = 'bounce' THEN nullif(type, '')
            WHEN lower(event) IN ('dropped', 'drop') THEN coalesce(nullif(reason, ''), nullif(type, '')) END,
        CASE WHEN lower(event) = 'bounce' AND lower(type) IN ('bounce', '') THEN nullif(bounce_classification, '') END)""",
    codes={
        "processed": sent(),
        "delivered": delivered(),
        "deferred": IGNORED,
        "open": IGNORED,
        "click": IGNORED,
        "bounce": bounce(BounceClass.HARD),
        "bounce/bounce": bounce(BounceClass.HARD),
        "bounce/bounce/invalid address": bounce(BounceClass.HARD),
        "bounce/bounce/unclassified": bounce(BounceClass.HARD),
        "bounce/bounce/mailbox unavailable": bounce(BounceClass.UNDETERMINED),
        "bounce/bounce/technical": bounce(BounceClass.SOFT),
        "bounce/bounce/technical failure": bounce(BounceClass.SOFT),
        "bounce/bounce/content": bounce(BounceClass.BLOCK),
        "bounce/bounce/reputation": bounce(BounceClass.BLOCK),
        "bounce/bounce/frequency or volume too high": bounce(BounceClass.BLOCK),
        "bounce/blocked": bounce(BounceClass.BLOCK),
        "bounce/expired": bounce(BounceClass.SOFT),
        **dict.fromkeys(("blocked", "block"), bounce(BounceClass.BLOCK)),
        **dict.fromkeys(("spamreport", "spam_report", "spam report"), complaint()),
        "unsubscribe": opt_out(Via.ONE_CLICK),
        "group_unsubscribe": opt_out(Via.ONE_CLICK),
        "group_resubscribe": opt_in(Via.PREFERENCE_LINK),
        **{f"{word}{reason}": meaning for word in ("dropped", "drop") for reason, meaning in DROPPED.items()},
        "account_status_change": IGNORED,
    },
    says={
        "event_id": "sg_event_id",
        "occurred_at": "unix_time(timestamp)",
        "address": "email",
        "channel": "'email'",
        "status_code": "status",
        "diagnostic": "CASE WHEN lower(event) IN ('bounce', 'blocked', 'block') THEN reason END",
        "campaign": "coalesce(nullif(campaign, ''), singlesend_name)",
        "scope_id": "CASE WHEN starts_with(lower(event), 'group_') THEN asm_group_id END",
        "reason_text": "reason",
    },
)

FEED = VendorFeed(
    source="sendgrid_events",
    summary="SendGrid event webhook: deliveries, bounces, complaints, unsubscribes (JSON)",
    shapes=(EVENTS,),
    traps=(
        "A `bounce` of type `blocked` is no bounce of the address.",
        "`dropped` says that SendGrid suppressed the address before; it is no new bounce.",
        "`sg_message_id` is missing in asynchronous bounces; `sg_event_id` tells events apart.",
    ),
    basis=(
        "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event",
        "https://www.twilio.com/docs/sendgrid/ui/analytics-and-reporting/email-activity-feed",
        "https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/sendgrid.py",
    ),
)
