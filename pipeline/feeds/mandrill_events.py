"""Mandrill's webhooks (Mailchimp Transactional): a form with one field, `mandrill_events`, that holds a JSON array.

Message events name their kind in `event`, changes of the lists in `type` and `action`. `bgtools_code` is the bounce
classifier's code (BoogieTools): where it says more than hard or soft, the label has it. `reject` is a message that Mandrill did not
send; `msg.reject.reason` says why, and where it is missing it counts as a restriction. An entry for a soft
bounce ends by itself within days, and the bounce was told before: it is no restriction of its own. An entry that is
taken from the denylist lifts nothing: it expired, or staff did it.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, auto_reply, bounce, complaint, delivered, opt_out, quarantine, sent
from pipeline.vocabulary import Actor, BounceClass, Via

BOUNCE_CODES = {
    "22": bounce(BounceClass.SOFT, "mailbox_full"),
    **dict.fromkeys(("23", "50", "51", "52", "53", "54"), bounce(BounceClass.BLOCK)),
    "60": auto_reply(),
    "80": IGNORED,
    "90": opt_out(Via.REPLY),
    "100": IGNORED,
}
"""The classifier's codes that say more than hard or soft."""

REASONS = {
    "hard-bounce": quarantine("bounced"),
    "soft-bounce": IGNORED,
    "spam": quarantine("complained"),
    "unsub": opt_out(Via.ONE_CLICK),
    "custom": opt_out(Via.MANUAL, Actor.STAFF),
    "manual": opt_out(Via.MANUAL, Actor.STAFF),
    "manual edit": opt_out(Via.MANUAL, Actor.STAFF),
}
"""Why an address is on the denylist."""

OWN_FAULT = ("invalid-sender", "test-mode-limit", "unsigned", "rule")
"""Why a message was not sent for the sender's own sake."""

EVENTS = Shape(
    name="events",
    records="CASE WHEN json_in(json ->> 'mandrill_events') IS NOT NULL THEN json_items(json ->> 'mandrill_events') END",
    fields=(
        Field("event", "what happened, or which list changed", pointers=("type",), is_required=True),
        Field("action", "of a list: add, change or remove"),
        Field("ts", "when it happened, Unix seconds", pointers=("msg/ts",)),
        Field("recipient", "the recipient", pointer="msg/email", pointers=("reject/email", "entry/email")),
        Field("reason", "why the message or the address was rejected", pointer="msg/reject/reason", pointers=("reject/reason",)),
        Field("diag", "what the mail server said", pointer="msg/diag"),
        Field("bounce_description", "the bounce in a word", pointer="msg/bounce_description"),
        Field("bgtools_code", "the bounce classifier's code", pointer="msg/bgtools_code"),
        Field("detail", "the note of a list's entry", pointer="reject/detail"),
        Field("subaccount", "the subaccount; look it up in `map:`", pointer="msg/subaccount", pointers=("reject/subaccount",)),
        Field("campaign", "the campaign, where the sender put it into the metadata", pointer="msg/metadata/campaign"),
    ),
    label=f"""CASE
        WHEN event IN ('hard_bounce', 'soft_bounce') AND bgtools_code IN ({", ".join(f"'{code}'" for code in BOUNCE_CODES)})
        THEN event || '/' || bgtools_code
        WHEN event = 'reject' THEN concat_ws('/', event, nullif(reason, ''))
        WHEN event IN ('blacklist', 'denylist') THEN concat_ws('/', event, CASE
            WHEN action = 'remove' THEN action
            ELSE nullif(reason, '') END)
        ELSE event END""",
    codes={
        "send": sent(),
        "delivered": delivered(),
        **dict.fromkeys(("deferral", "open", "click", "inbound", "whitelist", "safelist", "allowlist"), IGNORED),
        "hard_bounce": bounce(BounceClass.HARD),
        "soft_bounce": bounce(BounceClass.SOFT),
        **{f"{event}/{code}": meaning for event in ("hard_bounce", "soft_bounce") for code, meaning in BOUNCE_CODES.items()},
        "spam": complaint(),
        "unsub": opt_out(Via.ONE_CLICK),
        "reject": quarantine(),
        "reject/invalid": quarantine("invalid_address"),
        **dict.fromkeys((f"reject/{reason}" for reason in OWN_FAULT), IGNORED),
        "blacklist": quarantine(),
        "denylist": quarantine(),
        "blacklist/remove": IGNORED,
        "denylist/remove": IGNORED,
        **{f"{event}/{reason}": meaning for event in ("reject", "blacklist", "denylist") for reason, meaning in REASONS.items()},
    },
    says={
        "occurred_at": "unix_time(ts)",
        "address": "recipient",
        "channel": "'email'",
        "diagnostic": "CASE WHEN event IN ('hard_bounce', 'soft_bounce') THEN concat_ws(' ', diag, bounce_description) END",
        "campaign": "campaign",
        "scope_id": "subaccount",
        "reason_text": "coalesce(nullif(diag, ''), nullif(detail, ''), nullif(bounce_description, ''), reason)",
    },
)

FEED = VendorFeed(
    source="mandrill_events",
    summary="Mandrill webhooks: deliveries, bounces, rejects, complaints, unsubscribes, changes of the denylist (form, JSON)",
    shapes=(EVENTS,),
    traps=(
        "The body is a form; the JSON stands in its field `mandrill_events`.",
        "`_id` is the message's id and the same for all its events.",
        "`reject` was never sent: it repeats the denylist, a rule, or the account's limits.",
        "The lists of a subaccount are its own.",
    ),
    basis=(
        "https://mandrill.zendesk.com/hc/en-us/articles/360038740594-Webhook-Format",
        "https://mandrill.zendesk.com/hc/en-us/articles/205583307-Message-Event-Webhook-Format",
        "https://mandrill.zendesk.com/hc/en-us/articles/360039233253",
        "https://mandrillapp.com/api/docs/rejects.JSON.html",
        "https://boogietools.com/Products/Linux/BounceStudioAPI/Email-Bounce-Boogie-Bounce-API-Categories.asp",
    ),
)
