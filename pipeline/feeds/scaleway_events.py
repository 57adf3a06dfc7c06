"""Scaleway's webhooks of Transactional Email, as they come out of a topic (Topics and Events): the event is JSON text in the
`Message` of an SNS notification, or stands alone where delivery is raw.

`email_spam` says that the recipient's server took the message for spam: that is about the message, and no complaint. An
address on Scaleway's blocklist is restricted; the bounce that put it there is an event of its own. Scaleway tries again after
`email_deferred`, which is no bounce. It knows no unsubscribes.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, bounce, delivered, quarantine
from pipeline.vocabulary import BounceClass

EVENTS = Shape(
    name="events",
    fields=(
        Field("type", "what happened", is_required=True),
        Field("id", "the event's id, the same in every delivery of it"),
        Field("created_at", "when it happened, RFC 3339"),
        Field("email_to", "the recipient"),
        Field("email_response_code", "the mail server's reply code"),
        Field("email_response_message", "what the mail server said"),
        Field("email_error", "the same in older events"),
        Field("blocklist_type", "why the address is on the blocklist: mailbox_full or mailbox_not_found"),
        Field("blocklist_reason", "the same in words"),
    ),
    records="""[CASE
        WHEN json_type(json_in(json ->> '$.Message')) = 'OBJECT' THEN json_in(json ->> '$.Message')
        WHEN json_exists(json, '$.Type') THEN json_object('type', json ->> '$.Type')
        ELSE json
    END]""",
    label="concat_ws('/', type, CASE WHEN type IN ('email_blocklisted', 'blocklist_created') THEN nullif(blocklist_type, '') END)",
    codes={
        "email_delivered": delivered(),
        "email_dropped": bounce(BounceClass.HARD),
        "email_mailbox_not_found": bounce(BounceClass.HARD),
        "email_spam": bounce(BounceClass.BLOCK),
        "email_blocklisted": quarantine(),
        "email_blocklisted/mailbox_full": quarantine("blocklisted: mailbox full"),
        "email_blocklisted/mailbox_not_found": quarantine("blocklisted: mailbox not found"),
        "blocklist_created": quarantine(),
        "blocklist_created/mailbox_full": quarantine("blocklisted: mailbox full"),
        "blocklist_created/mailbox_not_found": quarantine("blocklisted: mailbox not found"),
        "email_queued": IGNORED,
        "email_deferred": IGNORED,
        "subscriptionconfirmation": IGNORED,
        "unsubscribeconfirmation": IGNORED,
    },
    says={
        "event_id": "id",
        "occurred_at": "created_at",
        "address": "email_to",
        "channel": "'email'",
        "status_code": "email_response_code",
        "diagnostic": "coalesce(nullif(email_response_message, ''), email_error)",
        "explanation": "blocklist_reason",
    },
)

FEED = VendorFeed(
    source="scaleway_events",
    summary="Scaleway Transactional Email webhooks: deliveries, bounces, blocklist (JSON, also in SNS notifications)",
    shapes=(EVENTS,),
    traps=(
        "`email_spam` is the mail server's judgement of the message, no complaint of its reader.",
        "`email_queued` comes before a message is sent; deliveries are what was sent.",
        "`email_blocklisted` repeats Scaleway's own list; it is no new bounce.",
    ),
    basis=(
        "https://www.scaleway.com/en/docs/transactional-email/reference-content/webhook-events-payloads",
        "https://www.scaleway.com/en/docs/transactional-email/api-cli/use-webhooks-with-sns-topics",
    ),
)
