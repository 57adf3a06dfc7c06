"""Mailgun's suppression lists: bounces, unsubscribes, complaints; the allowlist says nothing that counts here.

Pages of the API (`items`) and CSV. The file's name tells first which list it is (`bounce`, `unsub`, `complain`, `allow` or
`white` anywhere in it), then the fields do: a code or an error is a bounce, tags are an unsubscription, and an address with
nothing but a time is a complaint, the strongest reading and the one list that looks so. A bounce on the list repeats what
Mailgun suppresses already and is no new one.

An unsubscription holds tags, `*` for everything sent from the domain; each tag is looked up in the feed's `map:`. Which domain
it was is nowhere in the data: have one feed for each. How somebody got on the list is not told.
"""

from dataclasses import replace

from pipeline.feeds._vendor import IGNORED, Field, Meaning, Shape, VendorFeed, complaint, opt_out, quarantine, records_at

FIELDS = (
    Field("address", "the suppressed address", headers=("email", "recipient")),
    Field("created_at", "since when, RFC 2822", headers=("created", "createdAt"), pointers=("createdAt",)),
    Field("reply_code", "the mail server's reply code", pointer="code", headers=("code",)),
    Field("error", "what the mail server said"),
    Field("tags", "what was unsubscribed, `*` for everything", headers=("tag",), pointers=("tag",)),
    Field("type", "of an allowed one: domain or address"),
    Field("value", "the allowed domain or address"),
)


def _list(name: str, meaning: Meaning, *needed: str) -> Shape:
    """One list, told by the fields that it needs."""
    return Shape(
        name=name,
        fields=tuple(replace(field, is_required=field.name in needed) for field in FIELDS),
        is_snapshot=True,
        records=records_at("items"),
        label=f"'{name}'",
        codes={name: meaning},
        says={
            "occurred_at": "rfc2822_time(created_at)",
            "address": "address",
            "channel": "'email'",
            "status_code": "reply_code",
            "diagnostic": "error",
        },
    )


BOUNCES = _list("bounces", quarantine("bounced"), "address", "reply_code")
ERRORS = _list("bounces", quarantine("bounced"), "address", "error")
COMPLAINTS = _list("complaints", complaint(), "address")
ALLOWED = _list("allowed", IGNORED, "value", "type")
UNSUBSCRIBES = _list("unsubscribes", opt_out(), "address", "tags")
# A list of texts as JSON or as a cell: a row for each tag, one without a tag where there is none.
UNSUBSCRIBES = replace(
    UNSUBSCRIBES,
    each="""string_split(regexp_replace(tags, '[\\[\\]"]', '', 'g'), ',')""",
    says={**UNSUBSCRIBES.says, "scope_id": "nullif(trim(item), '*')"},
)


def _named(shape: Shape, *file_names: str) -> Shape:
    """The same list where its file's name tells it: nothing but whom it is about is needed."""
    needed = "value" if shape is ALLOWED else "address"
    return replace(shape, file_names=file_names, fields=tuple(replace(field, is_required=field.name == needed) for field in FIELDS))


FEED = VendorFeed(
    source="mailgun_suppressions",
    summary="Mailgun suppression lists: bounces, unsubscribes, complaints (JSON, CSV)",
    shapes=(
        _named(BOUNCES, "bounce"),
        _named(UNSUBSCRIBES, "unsub"),
        _named(COMPLAINTS, "complain"),
        _named(ALLOWED, "allow", "white"),
        BOUNCES,
        ERRORS,
        UNSUBSCRIBES,
        ALLOWED,
        COMPLAINTS,
    ),
    traps=(
        "Lists are kept for each sending domain, and the domain is not in them.",
        "`*` among the tags is everything; another tag unsubscribes from messages with that tag only.",
        "An address on the allowlist is not one that may be mailed: it only never gets on the bounce list.",
    ),
    basis=(
        "https://documentation.mailgun.com/en/latest/api-suppressions.html",
        "https://help.mailgun.com/hc/en-us/articles/360012287493-Suppressions-Bounces-Complaints-Unsubscribes-Whitelists",
    ),
)
