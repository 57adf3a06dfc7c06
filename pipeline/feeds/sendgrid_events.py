"""SendGrid's event webhook: a JSON array of events, or one event a line.

`dropped` repeats what SendGrid's own suppression list says: the restriction is asserted, no new bounce is counted. Its
cause stands in `reason`, in some events in `type`. A `bounce` of type `blocked` is about the message or the sender, and
so is one whose classification says so; without a type it is a hard one, as public clients read it. `unsubscribe` is
global whatever group the message was sent to; only the group events speak of their group. `group_resubscribe` comes from
the owner's own mailbox.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, bounce, complaint, delivered, opt_in, opt_out, quarantine, sent
from pipeline.vocabulary import BounceClass, Via

EVENTS = Shape(
    name="events",
    fields=(
        Field("email", "the recipient", is_required=True),
        Field("timestamp", "when it happened, Unix seconds"),
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
        CASE event WHEN 'bounce' THEN nullif(type, '') WHEN 'dropped' THEN coalesce(nullif(reason, ''), nullif(type, '')) END,
        CASE WHEN event = 'bounce' AND type = 'bounce' THEN nullif(bounce_classification, '') END)""",
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
        "spamreport": complaint(),
        "unsubscribe": opt_out(Via.ONE_CLICK),
        "group_unsubscribe": opt_out(Via.ONE_CLICK),
        "group_resubscribe": opt_in(Via.PREFERENCE_LINK),
        "dropped": quarantine(),
        "dropped/bounced address": quarantine("bounced"),
        "dropped/bounce": quarantine("bounced"),
        "dropped/invalid": quarantine("invalid_address"),
        "dropped/spam reporting address": quarantine("complained"),
        "dropped/unsubscribed address": opt_out(),
        "dropped/blocked": IGNORED,
        "dropped/expired": IGNORED,
        "dropped/spam content": IGNORED,
        "dropped/invalid smtpapi header": IGNORED,
        "dropped/recipient list over package quota": IGNORED,
        "dropped/duplicate": IGNORED,
        "account_status_change": IGNORED,
    },
    says={
        "event_id": "sg_event_id",
        "occurred_at": "unix_time(timestamp)",
        "address": "email",
        "channel": "'email'",
        "status_code": "status",
        "diagnostic": "CASE WHEN event = 'bounce' THEN reason END",
        "campaign": "coalesce(nullif(campaign, ''), singlesend_name)",
        "scope_id": "CASE WHEN starts_with(event, 'group_') THEN asm_group_id END",
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
        "https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/sendgrid.py",
    ),
)
