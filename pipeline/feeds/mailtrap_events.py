"""Mailtrap's webhooks of its sending service: `{"events": […]}`, or one event a line.

`reject` has two meanings: a recipient on Mailtrap's suppression list, which is its restriction and no new bounce, and a domain
of the sender that was not verified, which says nothing about anybody. The bounce category tells which bounces are about the
message or the sender. Opt-outs and suppressions hold for one sending domain at Mailtrap.
"""

from pipeline.feeds._vendor import (
    IGNORED,
    NO_CODE,
    Field,
    Meaning,
    Shape,
    VendorFeed,
    auto_reply,
    bounce,
    complaint,
    delivered,
    no_code,
    opt_out,
    quarantine,
)
from pipeline.vocabulary import BounceClass, Via

CATEGORIES = {
    "badrecipient": BounceClass.HARD,
    **dict.fromkeys(("transientfail", "greylisting", "timeout", "overquota"), BounceClass.SOFT),
    **dict.fromkeys(("badsender", "block", "content", "relayfail", "spam", "spam_gmail", "serverpolicy"), BounceClass.BLOCK),
    **dict.fromkeys(("dnsfail", "generalfail", "other", "serverfail", "verifyfail"), BounceClass.UNDETERMINED),
}
"""Bounce category → what it says about the address."""


def _soft(category: BounceClass) -> Meaning:
    """Of a temporary failure the category can say no more than that the address is not to blame."""
    return bounce(BounceClass.BLOCK if category is BounceClass.BLOCK else BounceClass.SOFT)


IS_NOTICE = no_code("bounce_category = 'transientfail'", "response_code", "response")

EVENTS = Shape(
    name="events",
    fields=(
        Field("event", "what happened", is_required=True),
        Field("email", "the recipient"),
        Field("timestamp", "when it happened, Unix seconds"),
        Field("event_id", "the event's id, the same in every delivery of it"),
        Field("sending_domain_name", "the sending domain; look it up in `map:`"),
        Field("bounce_category", "Mailtrap's own reading of the bounce"),
        Field("response_code", "the mail server's reply code"),
        Field("response", "what the mail server said"),
        Field("reason", "why a message was rejected or suspended"),
        Field("campaign", "the custom variable of that name, else the category", "custom_variables/campaign", pointers=("category",)),
    ),
    records="from_json(json_extract(json, '$.events'), '[\"JSON\"]')",
    label=f"""CASE WHEN NOT starts_with(event, 'activity_log.') THEN concat_ws('/', event, CASE
        WHEN event = 'soft bounce' THEN nullif(concat_ws('/', nullif(bounce_category, ''), {IS_NOTICE}), '')
        WHEN event = 'bounce' THEN nullif(bounce_category, '')
        WHEN event = 'reject' AND contains(lower(reason), 'suppression list')
        THEN concat_ws('/', 'suppression list', nullif(regexp_extract(reason, 'Reason: *(.+)', 1), ''))
    END) END""",
    codes={
        "delivery": delivered(),
        "bounce": bounce(BounceClass.HARD),
        **{f"bounce/{category}": bounce(bounce_class) for category, bounce_class in CATEGORIES.items()},
        "soft bounce": bounce(BounceClass.SOFT),
        **{f"soft bounce/{category}": _soft(bounce_class) for category, bounce_class in CATEGORIES.items()},
        f"soft bounce/transientfail/{NO_CODE}": auto_reply(),
        "spam": complaint(),
        "unsubscribe": opt_out(Via.ONE_CLICK),
        "reject": IGNORED,
        "reject/suppression list": quarantine(),
        "reject/suppression list/unsubscription": opt_out(),
        "suspension": IGNORED,
        "open": IGNORED,
        "click": IGNORED,
        "inbound.message_received": IGNORED,
    },
    says={
        "event_id": "event_id",
        "occurred_at": "unix_time(timestamp)",
        "address": "email",
        "channel": "'email'",
        "status_code": "response_code",
        "diagnostic": "response",
        "campaign": "campaign",
        "scope_id": "sending_domain_name",
        "reason": "CASE WHEN event = 'reject' THEN reason END",
        "reason_text": "reason",
    },
)

FEED = VendorFeed(
    source="mailtrap_events",
    summary="Mailtrap webhooks: deliveries, bounces, complaints, unsubscribes (JSON)",
    shapes=(EVENTS,),
    traps=(
        "`reject` means a suppressed recipient or an unverified domain of the sender; its reason tells which.",
        "A `bounce` of the category spam, content or policy is no bounce of the address.",
        "`soft bounce` is tried again ten times; each try counts, but only once a day.",
    ),
    basis=(
        "https://docs.mailtrap.io/email-api-smtp/advanced/webhooks",
        "https://docs.mailtrap.io/email-api-smtp/analytics/statuses-and-events",
        "https://docs.mailtrap.io/email-api-smtp/bounce-categorization",
    ),
)
