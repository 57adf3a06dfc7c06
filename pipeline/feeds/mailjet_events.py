"""Mailjet's event webhook: one event a request, or an array where events are grouped (version 2).

`sent` means that the mail server took the message. What a `bounce` says stands in `error`, and where that is empty in
`error_related_to`; `hard_bounce` tells whether it is for good. Errors about the sender, the content or Mailjet's own
machines are blocks whatever `hard_bounce` says. `blocked` is a message that Mailjet did not send: for what it knows of the
address a restriction, no new bounce. Why it blocked is not always told: then it counts as a restriction.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, bounce, complaint, delivered, opt_out, quarantine
from pipeline.vocabulary import BounceClass, Via

ADDRESS = ("user unknown", "mailbox inactive", "invalid domain", "no mail host", "recipient", "domain")
"""Errors about the address: hard where Mailjet says that they are for good."""

NOT_THE_ADDRESS = (
    *("relay/access denied", "sender blocked", "content blocked", "policy issue", "spam preblocked", "spam", "content"),
    *("system issue", "protocol issue", "connection issue", "system"),
)
"""Errors about the sender, the message or the connection."""

OWN_FAULT = ("duplicate in campaign", "bad or empty template", "error in template language")
"""What Mailjet never tried to send."""

KNOWN_BAD = {
    **dict.fromkeys(ADDRESS, quarantine("bounced")),
    "typofix": quarantine("invalid_address"),
    "quota exceeded": quarantine("mailbox_full"),
    "preblocked": quarantine("bounced"),
    "mailjet": quarantine(),
    "blacklisted": quarantine(),
    "spam reporter": quarantine("complained"),
}
"""What Mailjet knows of an address that it does not send to."""

VIEWS = {
    "bounce": bounce(BounceClass.UNDETERMINED),
    "bounce/hard": bounce(BounceClass.HARD),
    "bounce/soft": bounce(BounceClass.SOFT),
}
"""What Mailjet thinks of a bounce."""

ANYHOW = {
    **dict.fromkeys(NOT_THE_ADDRESS, bounce(BounceClass.BLOCK)),
    "typofix": bounce(BounceClass.HARD),
    "quota exceeded": bounce(BounceClass.SOFT, "mailbox_full"),
    "greylisted": IGNORED,
    **{error: KNOWN_BAD[error] for error in ("preblocked", "blacklisted", "spam reporter")},
    **dict.fromkeys(OWN_FAULT, IGNORED),
}
"""Errors that say more than that; what is greylisted is tried again."""

EVENTS = Shape(
    name="events",
    fields=(
        Field("email", "the recipient", is_required=True),
        Field("event", "what happened", is_required=True),
        Field("time", "when it happened, Unix seconds"),
        Field("hard_bounce", "of a bounce: whether it is for good"),
        Field("error", "of a bounce or a block: what went wrong", pointers=("error_related_to",)),
        Field("comment", "what the mail server said to a bounce"),
        Field("customcampaign", "the campaign's name"),
        Field("mj_campaign_id", "the campaign's number; 0 for none"),
        Field("mj_list_id", "the contact list; look it up in `map:`; 0 for none"),
    ),
    label="""concat_ws('/', event, CASE
        WHEN event = 'bounce' AND hard_bounce <> '' THEN CASE WHEN says_yes(hard_bounce) THEN 'hard' ELSE 'soft' END
        END, CASE WHEN event IN ('bounce', 'blocked') THEN nullif(trim(error), '') END)""",
    codes={
        "sent": delivered(),
        "open": IGNORED,
        "click": IGNORED,
        "spam": complaint(),
        "unsub": opt_out(Via.ONE_CLICK),
        **VIEWS,
        **{f"{view}/{error}": meaning for view, meaning in VIEWS.items() for error in ADDRESS},
        **{f"{view}/{error}": meaning for view in VIEWS for error, meaning in ANYHOW.items()},
        "bounce/hard/greylisted": bounce(BounceClass.SOFT),
        "blocked": quarantine(),
        **{f"blocked/{error}": meaning for error, meaning in KNOWN_BAD.items()},
        **dict.fromkeys((f"blocked/{error}" for error in NOT_THE_ADDRESS), bounce(BounceClass.BLOCK)),
        **dict.fromkeys((f"blocked/{error}" for error in (*OWN_FAULT, "greylisted")), IGNORED),
    },
    says={
        "occurred_at": "unix_time(time)",
        "address": "email",
        "channel": "'email'",
        "diagnostic": "comment",
        "campaign": "coalesce(nullif(customcampaign, ''), nullif(mj_campaign_id, '0'))",
        "scope_id": "nullif(mj_list_id, '0')",
        "reason_text": "coalesce(nullif(comment, ''), error)",
    },
)

FEED = VendorFeed(
    source="mailjet_events",
    summary="Mailjet event webhook: deliveries, bounces, blocks, complaints, unsubscribes (JSON)",
    shapes=(EVENTS,),
    traps=(
        "`sent` is the delivery; there is no event for the handing over.",
        "`blocked` was never sent: `preblocked` means that the address bounced for anybody at Mailjet lately.",
        "`blocked: true` in a bounce and `hard_bounce` are two things; only the latter speaks of the address.",
        "Events have no id; `MessageID` is the message's.",
    ),
    basis=(
        "https://documentation.mailjet.com/hc/en-us/articles/360043578154-Event-Tracking-API",
        "https://github.com/mailjet/api-documentation/blob/master/guides/_event-api.md",
        "https://documentation.mailjet.com/hc/en-us/articles/360043102273",
    ),
)
