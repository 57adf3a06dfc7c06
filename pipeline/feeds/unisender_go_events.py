"""Unisender Go's (also UniOne's) webhooks: events by user, `{"auth": …, "events_by_user": [{"events": […]}]}`, or one event alone.

`hard_bounced` is any delivery that is given up, a full mailbox and a refusal as spam among them: with the webhook's
`delivery_info` switched on, the delivery status and the server's response tell which. Several statuses say that nothing was
sent because of an earlier failure: what Unisender suppresses for long is its restriction, what it skips for a few days is
nothing new. Statuses that the vendor names without a description are undetermined.
"""

from pipeline.feeds._vendor import (
    IGNORED,
    Field,
    Meaning,
    Shape,
    VendorFeed,
    bounce,
    complaint,
    delivered,
    opt_in,
    opt_out,
    quarantine,
    sent,
)
from pipeline.vocabulary import BounceClass, Via

FAILURES: dict[str, Meaning] = {
    **dict.fromkeys(("err_user_unknown", "err_user_inactive", "err_mailbox_discarded"), bounce(BounceClass.HARD)),
    "err_mailbox_full": bounce(BounceClass.SOFT, "mailbox_full"),
    **dict.fromkeys(("err_will_retry", "err_resend", "err_giveup", "err_destination_misconfigured"), bounce(BounceClass.SOFT)),
    **dict.fromkeys(("err_spam_rejected", "err_blacklisted", "err_too_large"), bounce(BounceClass.BLOCK)),
    **dict.fromkeys(
        ("err_domain_inactive", "err_delivery_failed", "err_unknown", "err_retry_letter", "err_dest_invalid", "err_not_available",
         "err_no_dns", "err_no_smtp"),
        bounce(BounceClass.UNDETERMINED),
    ),
    **dict.fromkeys(("err_unreachable", "skip_dup_unreachable"), quarantine("unreachable")),
    "err_unsubscribed": opt_out(),
    **dict.fromkeys(
        ("err_skip_letter", "skip_dup_temp_unreachable", "skip_dup_mailbox_full", "err_spam_skipped", "err_spam_removed",
         "err_lost", "err_internal", "err_src_invalid", "not_sent"),
        IGNORED,
    ),
}  # fmt: skip
"""Delivery status of a failure → what it says."""

EVENTS = Shape(
    name="events",
    fields=(
        Field("event_name", "transactional_email_status, or a spam block of the sender", is_required=True),
        Field("status", "what happened"),
        Field("email", "the recipient"),
        Field("event_time", "when it happened, UTC"),
        Field("delivery_status", "Unisender's own reading of a failure", pointer="delivery_info/delivery_status"),
        Field("destination_response", "what the mail server said", pointer="delivery_info/destination_response"),
        Field("project_id", "the project; look it up in `map:`"),
        Field("campaign_id", "a campaign id in the message's metadata", pointer="metadata/campaign_id"),
    ),
    records="""CASE WHEN json_exists(json, '$.events_by_user') THEN flatten(list_transform(
        json_extract(json, '$.events_by_user[*]'), lambda one: list_transform(
            json_extract(one, '$.events[*]'), lambda event: json_merge_patch(coalesce(event -> '$.event_data', '{}'::JSON),
                json_object('event_name', event ->> '$.event_name', 'project_id', one ->> '$.project_id')))
    )) END""",
    label="""CASE WHEN event_name = 'transactional_email_status'
        THEN concat_ws('/', status, CASE WHEN status IN ('hard_bounced', 'soft_bounced') THEN nullif(delivery_status, '') END)
        ELSE event_name END""",
    codes={
        "sent": sent(),
        "delivered": delivered(),
        "hard_bounced": bounce(BounceClass.HARD),
        **{f"hard_bounced/{status}": meaning for status, meaning in FAILURES.items()},
        "soft_bounced": bounce(BounceClass.SOFT),
        "soft_bounced/err_will_retry": bounce(BounceClass.SOFT),
        "soft_bounced/err_mailbox_full": bounce(BounceClass.SOFT, "mailbox_full"),
        "spam": complaint(),
        "unsubscribed": opt_out(Via.ONE_CLICK),
        "subscribed": opt_in(Via.PREFERENCE_LINK),
        "accepted": IGNORED,
        "opened": IGNORED,
        "clicked": IGNORED,
        "transactional_spam_block": IGNORED,
    },
    says={
        "occurred_at": "utc_written(event_time)",
        "address": "email",
        "channel": "'email'",
        "diagnostic": "destination_response",
        "campaign": "campaign_id",
        "scope_id": "project_id",
    },
)

FEED = VendorFeed(
    source="unisender_go_events",
    summary="Unisender Go (UniOne) webhooks: deliveries, bounces, complaints, unsubscribes (JSON)",
    shapes=(EVENTS,),
    traps=(
        "Without `delivery_info` a full mailbox and a refusal as spam are hard bounces like any other.",
        "`subscribed` is the owner who unsubscribed and took it back.",
        "There is no id of an event; the same event is sent again for a day until it is answered.",
    ),
    basis=(
        "https://docs.unione.io/en/web-api-ref#callback-format",
        "https://docs.unione.io/en/email-statuses",
        "https://godocs.unisender.ru/web-api-ref#callback-format",
        "https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/unisender_go.py",
    ),
)
