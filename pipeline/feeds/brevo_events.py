"""Brevo's webhooks, of transactional mails and of campaigns, one JSON object each; also the API's list of events.

The three sources spell the same event in three ways (`hard_bounce`, `hardBounce`, `hardBounces`). `ts_epoch` and `ts_event` are
UTC; `ts` is shifted by the account's zone and not read; `date` and `date_event` are local and stand in only where there is nothing
else. `blocked` says that Brevo keeps the address from being mailed: its restriction, and no bounce. That a contact was added
to a list is nobody's consent: imports and automations do it too. What `list_id` of an unsubscribe covers is not told: lists
that are not mapped mean everything.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, bounce, complaint, delivered, opt_out, quarantine, sent
from pipeline.vocabulary import BounceClass, Via

EVENTS = Shape(
    name="events",
    fields=(
        Field("event", "what happened", is_required=True),
        Field("email", "the recipient"),
        Field("ts_epoch", "when it happened, Unix milliseconds"),
        Field("ts_event", "when it happened, Unix seconds"),
        Field("date_event", "when it happened, in the account's zone"),
        Field("date", "when it happened, in the zone of Paris"),
        Field("reason", "what the mail server said, or why Brevo did not send"),
        Field("list_id", "the lists of an unsubscribe; look them up in `map:`"),
        Field("campaign", "the campaign's name, else its id", "campaign name", pointers=("camp_id",)),
    ),
    records="from_json(json_extract(json, '$.events'), '[\"JSON\"]')",
    each="CASE WHEN starts_with(event, 'unsubscribe') AND len(json_items(list_id)) > 0 THEN json_items(list_id) ELSE [NULL] END",
    label="concat_ws('/', event, CASE WHEN event = 'blocked' THEN nullif(regexp_extract(reason, 'due to (.+)', 1), '') END)",
    codes={
        **dict.fromkeys(("request", "requests", "sent"), sent()),
        "delivered": delivered(),
        **dict.fromkeys(("hard_bounce", "hardBounce", "hardBounces", "hard_bounced"), bounce(BounceClass.HARD)),
        **dict.fromkeys(("invalid_email", "invalid", "invalidEmail"), bounce(BounceClass.HARD, "invalid_address")),
        **dict.fromkeys(("soft_bounce", "softBounce", "softBounces", "soft_bounced"), bounce(BounceClass.SOFT)),
        **dict.fromkeys(("bounce", "bounces"), bounce(BounceClass.UNDETERMINED)),
        **dict.fromkeys(("spam", "complaint"), complaint()),
        **dict.fromkeys(("unsubscribe", "unsubscribed"), opt_out(Via.ONE_CLICK)),
        "blocked": quarantine(),
        "blocked/blacklist user": quarantine("blocklisted"),
        "blocked/unsubscribed user": opt_out(),
        **dict.fromkeys(
            (
                "deferred", "error", "opened", "open", "unique_opened", "uniqueOpened", "first_opening", "proxy_open", "proxyOpen",
                "unique_proxy_open", "uniqueProxyOpen", "loadedByProxy", "loaded_by_proxy", "click", "clicks", "clicked", "reply",
                "list_addition", "listAddition", "contact_updated", "contactUpdated", "contact_deleted", "contactDeleted",
                "inboundEmailProcessed", "unique_coupon_sent",
            ),
            IGNORED,
        ),
    },
    says={
        "occurred_at": "coalesce(nullif(unix_time(ts_epoch), ''), nullif(unix_time(ts_event), ''), nullif(date_event, ''), date)",
        "address": "email",
        "channel": "'email'",
        "diagnostic": "reason",
        "campaign": "campaign",
        "scope_id": "item ->> '$'",
        "reason_text": "reason",
    },
)  # fmt: skip

FEED = VendorFeed(
    source="brevo_events",
    summary="Brevo webhooks, transactional and marketing: deliveries, bounces, complaints, unsubscribes (JSON)",
    shapes=(EVENTS,),
    traps=(
        "There is no id of an event: the time, the event and the recipient tell events apart.",
        "`ts` is a Unix time that is shifted by the account's zone; `ts_epoch` and `ts_event` are right.",
        "`blocked` is Brevo's own list and no new bounce; `deferred` and `error` are no bounces either.",
        "`list_addition` is no opt-in.",
    ),
    basis=(
        "https://developers.brevo.com/docs/transactional-webhooks",
        "https://developers.brevo.com/docs/marketing-webhooks",
        "https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/brevo.py",
    ),
    timezone="Europe/Paris",
)
