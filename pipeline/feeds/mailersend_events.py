"""MailerSend's webhooks: one JSON object for each activity of a message.

There are two payloads: version 1 holds the message in `data.email` and what happened in `data.morph`, version 2 is flat, with
`data.recipient` and `data.meta`. The name of an event stands in `type` with `activity.` before it. MailerSend hardly ever
sends the server's own words; where it does, they decide. Why an address is suppressed is free text: the address is
quarantined, whatever the text says.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, bounce, complaint, delivered, opt_out, quarantine, sent
from pipeline.vocabulary import BounceClass, Via

EVENTS = Shape(
    name="activities",
    fields=(
        Field("type", "what happened, `activity.hard_bounced`", is_required=True),
        Field("domain_id", "the sending domain's id; look it up in `map:`"),
        Field("event_id", "the activity's id, the same in every delivery of it", pointer="data/id"),
        Field("happened_at", "when, UTC", "data/created_at", pointers=("created_at",)),
        Field("email", "the recipient", "data/email/recipient/email", pointers=("data/recipient",)),
        Field("bounce_code", "the mail server's code (version 2)", "data/meta/bounce_code"),
        Field("bounce_reason", "why it bounced", "data/meta/bounce_reason", pointers=("data/meta/reject_reason", "data/morph/reason")),
        Field("suppression_reason", "why the address is suppressed (version 2)", "data/meta/suppression_reason"),
        Field("said_reason", "why somebody unsubscribed", "data/morph/readable_reason",
              pointers=("data/meta/unsubscribe_reason", "data/morph/reason")),
    ),
    label="regexp_replace(type, '^activity[.]', '')",
    codes={
        "sent": sent(),
        "delivered": delivered(),
        "soft_bounced": bounce(BounceClass.SOFT),
        "hard_bounced": bounce(BounceClass.HARD),
        "spam_complaint": complaint(),
        "spam_complaints": complaint(),
        "unsubscribed": opt_out(Via.ONE_CLICK),
        "suppressed": quarantine(),
        "recipient.on_hold_added": quarantine("on_hold"),
        **dict.fromkeys(
            (
                "queued", "deferred", "opened", "opened_unique", "clicked", "clicked_unique", "survey_opened", "survey_submitted",
                "recipient.on_hold_removed", "inbound.message", "inbound_message.rejected", "inbound_forward.failed",
                "sender_identity.verified", "maintenance.start", "maintenance.end", "email_single.verified", "email_list.verified",
                "bulk_email.completed", "sms.sent", "sms.delivered", "sms.failed", "webhook.test",
            ),
            IGNORED,
        ),
    },
    says={
        "event_id": "event_id",
        "occurred_at": "utc_written(happened_at)",
        "address": "email",
        "channel": "'email'",
        "status_code": "bounce_code",
        "diagnostic": "bounce_reason",
        "reason": "suppression_reason",
        "scope_id": "domain_id",
        "reason_text": "said_reason",
    },
)  # fmt: skip

FEED = VendorFeed(
    source="mailersend_events",
    summary="MailerSend webhooks: deliveries, bounces, complaints, unsubscribes (JSON, both versions of the payload)",
    shapes=(EVENTS,),
    traps=(
        "`data.meta` is an empty list, not an object, when there is nothing in it.",
        "`deferred` is no bounce: MailerSend tries again and tells the end of it.",
        "An address that is taken off hold is not released: only your own staff can do that.",
    ),
    basis=(
        "https://developers.mailersend.com/api/v1/webhooks.html",
        "https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/mailersend.py",
    ),
)
