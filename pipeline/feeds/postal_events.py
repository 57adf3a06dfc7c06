"""Postal's webhooks: one JSON object for each event, what happened being in `payload`; also a payload without its envelope.

`MessageDeliveryFailed` covers refusals as well as deliveries that were given up after the last try: the server's output
decides, and what was only given up is no hard bounce. `MessageBounced` is a bounce message for a message accepted before; it
holds nothing of what that message said, so that its class is undetermined. It can come under the name of `MessageDelayed`: the
payload tells. A held message is Postal's restriction only if the recipient is on its suppression list. Messages that Postal
itself received are nobody's bounce.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, bounce, delivered, quarantine
from pipeline.vocabulary import BounceClass

EVENTS = Shape(
    name="events",
    fields=(
        Field("event", "what happened", is_required=True),
        Field("uuid", "the webhook's id, the same in every delivery of it"),
        Field("happened_at", "when, Unix seconds", "payload/timestamp", pointers=("timestamp", "payload/bounce/timestamp")),
        Field("recipient", "the recipient", "payload/message/to", pointers=("payload/original_message/to",)),
        Field("direction", "outgoing, or incoming", "payload/message/direction", pointers=("payload/original_message/direction",)),
        Field("tag", "the message's tag", "payload/message/tag", pointers=("payload/original_message/tag",)),
        Field("bounce_id", "the bounce message's id", "payload/bounce/id"),
        Field("status", "Sent, SoftFail, HardFail or Held", "payload/status"),
        Field("details", "what Postal says", "payload/details"),
        Field("output", "what the mail server said", "payload/output"),
    ),
    records="""[CASE
        WHEN json_exists(json, '$.payload') OR NOT (json_exists(json, '$.message') OR json_exists(json, '$.original_message')) THEN json
        ELSE json_object('event', coalesce(json ->> '$.status', 'MessageBounced'), 'payload', json)
    END]""",
    label="""CASE
        WHEN direction = 'incoming' THEN NULL
        WHEN bounce_id <> '' THEN 'MessageBounced'
        WHEN status = 'Held' AND contains(details, 'suppression list') THEN 'Held/suppression list'
        WHEN status = 'HardFail' AND regexp_matches(details, '(?i)maximum number of (delivery )?attempts') THEN 'HardFail/given up'
        ELSE coalesce(nullif(status, ''), event)
    END""",
    codes={
        "Sent": delivered(),
        "MessageSent": delivered(),
        "HardFail": bounce(BounceClass.HARD),
        "HardFail/given up": bounce(BounceClass.SOFT),
        "MessageDeliveryFailed": bounce(BounceClass.UNDETERMINED),
        "MessageBounced": bounce(BounceClass.UNDETERMINED),
        "Bounced": bounce(BounceClass.UNDETERMINED),
        "Held/suppression list": quarantine(),
        "Held": IGNORED,
        "MessageHeld": IGNORED,
        "SoftFail": IGNORED,
        "MessageDelayed": IGNORED,
        "MessageLinkClicked": IGNORED,
        "MessageLoaded": IGNORED,
        "DomainDNSError": IGNORED,
        "SendLimitApproaching": IGNORED,
        "SendLimitExceeded": IGNORED,
    },
    says={
        "event_id": "uuid",
        "occurred_at": "unix_time(happened_at)",
        "address": "recipient",
        "channel": "'email'",
        "diagnostic": "concat_ws(' ', details, output)",
        "campaign": "tag",
    },
)

FEED = VendorFeed(
    source="postal_events",
    summary="Postal webhooks: deliveries, failures, bounces, held messages (JSON)",
    shapes=(EVENTS,),
    traps=(
        "`status` is Sent, SoftFail, HardFail or Held; the vendor's page shows the names of the events there.",
        "`MessageDelayed` is sent for every try; only the last one ends in a failure.",
        "Postal knows no complaints and no unsubscribes.",
    ),
    basis=(
        "https://docs.postalserver.io/developer/webhooks",
        "https://github.com/postalserver/docs/issues/81",
        "https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/postal.py",
    ),
)
