"""SendGrid's suppression lists: bounces, blocks, invalid addresses, spam reports, global and group unsubscribes.

As the API gives them (JSON arrays of objects, a group's list as plain addresses) and as the console exports them (CSV). Two
lists look alike, so the file's name tells first which list it is (`bounce`, `block`, `invalid`, `spam`, `group`, `unsub`
anywhere in it), then its fields do; what neither tells is a global unsubscription. A group's list names the group nowhere:
the first number behind `group` in the file's name is looked up in the feed's `map:`.

Everything but a block is suppressed by SendGrid already and no new bounce; blocks are not, and count against nobody unless
their status code says that the address is gone. An invalid address that nobody can mail at all is left out. How somebody got
on an unsubscribe list is not told.
"""

from dataclasses import replace

from pipeline.feeds._vendor import IGNORED, Field, Meaning, Shape, VendorFeed, bounce, complaint, opt_out, quarantine
from pipeline.vocabulary import BounceClass

FIELDS = (
    Field("email", "the suppressed address", headers=("e-mail", "email_address"), is_required=True),
    Field("created", "since when, Unix seconds", headers=("created_at",), pointers=("created_at",)),
    Field("reason", "what the mail server said"),
    Field("status", "enhanced status code"),
    Field("ip", "where a spam report is from"),
    Field("group_id", "the unsubscribe group; look it up in `map:`"),
)
GROUP_IN_NAME = "regexp_extract(lower(getvariable('file_name')), 'group[^0-9]*([0-9]+)', 1)"
IS_USABLE = "CASE WHEN email_in(email) IS NULL AND trim(email) <> '' THEN 'invalid/unusable' ELSE 'invalid' END"


def _list(name: str, meaning: Meaning, *needed: str, label: str = "", file_names: tuple[str, ...] = (), **codes: Meaning) -> Shape:
    """One list, told by its file's name, or by the fields that it needs besides the address."""
    return Shape(
        name=name,
        fields=tuple(replace(field, is_required=field.is_required or field.name in needed) for field in FIELDS),
        file_names=file_names,
        is_snapshot=True,
        # A group's list is an array of addresses and not of objects.
        records="CASE WHEN json_type(json) = 'VARCHAR' THEN [json_object('email', json ->> '$')] ELSE [json] END",
        label=label or f"'{name}'",
        codes={name: meaning, **{f"{name}/{special}": code for special, code in codes.items()}},
        says={
            "occurred_at": "unix_time(created)",
            "address": "email",
            "channel": "'email'",
            "status_code": "status",
            "diagnostic": "reason",
            "scope_id": f"coalesce(nullif(group_id, ''), {GROUP_IN_NAME})",
        },
    )


BOUNCES = _list("bounces", quarantine("bounced"), "status", "reason")
BLOCKS = _list("blocks", bounce(BounceClass.BLOCK), file_names=("block",))
INVALID = _list("invalid", quarantine("invalid_address"), "reason", label=IS_USABLE, unusable=IGNORED)
SPAM_REPORTS = _list("spam_reports", complaint(), "ip")
GROUPS = _list("groups", opt_out(), "group_id")
UNSUBSCRIBES = _list("unsubscribes", opt_out())
ADDRESSES = replace(
    UNSUBSCRIBES,
    name="addresses",
    fields=FIELDS[:1],
    says={"address": "email", "channel": "'email'", "scope_id": GROUP_IN_NAME},
    is_headless=True,
)


def _named(shape: Shape, *file_names: str) -> Shape:
    """The same list where its file's name tells it: nothing but the address is needed."""
    return replace(shape, fields=FIELDS, file_names=file_names)


FEED = VendorFeed(
    source="sendgrid_suppressions",
    summary="SendGrid suppression lists: bounces, blocks, invalid addresses, spam reports, unsubscribes (JSON, CSV)",
    shapes=(
        _named(GROUPS, "group"),
        _named(UNSUBSCRIBES, "unsub"),
        _named(BOUNCES, "bounce"),
        BLOCKS,
        _named(INVALID, "invalid"),
        _named(SPAM_REPORTS, "spam"),
        GROUPS,
        BOUNCES,
        INVALID,
        SPAM_REPORTS,
        UNSUBSCRIBES,
        ADDRESSES,
    ),
    traps=(
        "Blocks and bounces have the same fields: without `block` in its file's name a list of blocks is read as bounces.",
        "A group's list holds addresses only, without time and without the group: put the group's number into the file's name.",
        "An unsubscription of a group is one of the whole organisation until `map:` says which list the group is.",
        "SendGrid does not suppress blocked addresses.",
    ),
    basis=(
        "https://www.twilio.com/docs/sendgrid/api-reference/bounces-api/retrieve-all-bounces",
        "https://www.twilio.com/docs/sendgrid/api-reference/blocks-api/retrieve-all-blocks",
        "https://www.twilio.com/docs/sendgrid/api-reference/suppressions-suppressions/retrieve-all-suppressions",
        "https://docs.rs/crate/sendgrid-api/0.7.0/source/src/suppressions.rs",
    ),
)
