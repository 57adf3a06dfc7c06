"""Customer.io's reporting webhooks, one body a line; each has an `object_type` and a `metric`.

A bounce is a hard one unless the mail server's code says otherwise: Customer.io tells a deferral apart. "Dropped" repeats its list
of suppressions, or that of the service behind it. An unsubscription in the message (`email`) is the owner's; of a person's
(`customer`) nothing tells by whom. Preferences that changed hold the topics and channels that are left as JSON text; what is
chosen in them permits nothing, nor does "subscribed". Push, in-app, Slack and webhook messages say nothing here.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, bounce, complaint, delivered, opt_out, quarantine, sent
from pipeline.feeds.customerio_people import left
from pipeline.vocabulary import BounceClass, Via

METRIC = "concat_ws('/', lower(trim(object_type)), lower(trim(metric)))"
PREFERENCES = "customer/cio_subscription_preferences_changed"
CODES: dict[str, Meaning] = {
    "email/sent": sent(),
    "email/delivered": delivered(),
    "email/bounced": bounce(BounceClass.HARD),
    "email/dropped": quarantine("suppressed"),
    "email/suppressed": quarantine("suppressed"),
    "email/spammed": complaint(),
    "email/unsubscribed": opt_out(Via.ONE_CLICK),
    "sms/sent": sent(),
    "sms/delivered": delivered(),
    "sms/bounced": bounce(BounceClass.UNDETERMINED),
    "sms/undelivered": bounce(BounceClass.UNDETERMINED),
    "sms/unsubscribed": opt_out(Via.KEYWORD),
    "customer/unsubscribed": NO,
    PREFERENCES: IGNORED,
    f"{PREFERENCES}/topic": NO,
    f"{PREFERENCES}/channel": NO,
    "no": NO,
    **dict.fromkeys(("customer", "email", "sms", "push", "in_app", "slack", "webhook", "whatsapp"), IGNORED),
    **{
        f"{kind}/{metric}": IGNORED
        for kind in ("email", "sms")
        for metric in ("drafted", "attempted", "opened", "human_opened", "clicked", "human_clicked", "converted", "deferred", "failed")
    },
    "email/undeliverable": IGNORED,
    "email/subscribed": IGNORED,
    "customer/subscribed": IGNORED,
}
IS_TEXT = "(starts_with(label, 'sms/') OR lower(item.channel) IN ('sms', 'whatsapp'))"

EVENTS = Shape(
    name="events",
    fields=(
        Field("object_type", "what it is about: email, sms, customer", is_required=True),
        Field("metric", "what happened", is_required=True),
        Field("event_id", "the event's id"),
        Field("timestamp", "when it happened, Unix seconds", is_required=True),
        Field("recipient", "the address or number", "data/recipient"),
        Field("email_address", "the person's address", "data/email_address", pointers=("data/identifiers/email",)),
        Field("customer_id", "your own id of the person", "data/customer_id", pointers=("data/identifiers/id", "data/identifiers/cio_id")),
        Field("failure_message", "what the mail server said", "data/failure_message"),
        Field("content", "of changed preferences: topics and channels, as JSON text", "data/content"),
        Field(
            "campaign",
            "the campaign",
            "data/campaign_id",
            pointers=("data/broadcast_id", "data/newsletter_id", "data/transactional_message_id"),
        ),
    ),
    each=f"""CASE WHEN {METRIC} = '{PREFERENCES}' THEN
            list_transform({left("content", "topics")}, lambda key: {{'word': 'topic', 'topic': key, 'channel': 'email'}})
            || list_transform({left("content", "channels")}, lambda key: {{'word': 'channel', 'topic': '', 'channel': key}})
            || [{{'word': '', 'topic': '', 'channel': ''}}]
        ELSE [{{'word': '', 'topic': '', 'channel': ''}}] END""",
    label=f"""CASE
        WHEN {METRIC} = '{PREFERENCES}' AND regexp_matches(lower(item.channel), 'push|in_app') THEN NULL
        WHEN item.word <> '' THEN {METRIC} || '/' || item.word
        WHEN code_of({METRIC}) IS NULL AND regexp_matches({METRIC}, 'unsubscri|spam|complain') THEN 'no/' || {METRIC}
        ELSE {METRIC} END""",
    codes=CODES,
    says={
        "event_id": "event_id",
        "occurred_at": "unix_time(timestamp)",
        "address": f"""CASE WHEN {IS_TEXT} THEN CASE WHEN starts_with(label, 'sms/') THEN recipient END
            ELSE coalesce(nullif(recipient, ''), email_address) END""",
        "profile_id": "customer_id",
        "channel": f"""CASE WHEN lower(item.channel) = 'whatsapp' THEN 'whatsapp' WHEN {IS_TEXT} THEN 'sms'
            WHEN starts_with(label, 'email/') OR lower(item.channel) = 'email' THEN 'email' END""",
        "scope_id": "item.topic",
        "diagnostic": "failure_message",
        "campaign": "campaign",
    },
)

FEED = VendorFeed(
    source="customerio_events",
    summary="Customer.io reporting webhooks: messages, unsubscriptions, changed preferences (JSON)",
    shapes=(EVENTS,),
    traps=(
        "`customer_unsubscribed` is about every channel; who unsubscribed the person is not told.",
        "Changed preferences tell the whole choice, not the change: a topic that was left long ago is told again.",
        "A failed or deferred message is no bounce.",
        "Topics are keys (`topic_4`), not names: `map:` them.",
    ),
    basis=(
        "https://docs.customer.io/api/webhooks",
        "https://docs.customer.io/integrations/api/app/tag/reporting-webhooks/createWebhook/",
        "https://github.com/rudderlabs/rudder-transformer/blob/develop/test/integrations/sources/customerio/data.ts",
        "https://github.com/rudderlabs/rudder-transformer/blob/develop/src/sources/customerio/config.js",
    ),
)
