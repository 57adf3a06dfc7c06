"""Postmark's suppression list of one message stream: the answer of its dump (`{"Suppressions": […]}`), or the same as CSV.

The dump does not say whose stream it is. Where nobody added a `MessageStream`, the file's name up to the first dot is
tried as the stream's id (`newsletters.json`, `newsletters.2026-10-18.csv`), if `map:` knows it. A `SpamComplaint` is the
owner's complaint, a `ManualSuppression` an unsubscribe by the recipient or an entry by staff, as `Origin` tells. The
headers of an exported CSV are not documented: the API's names, with or without blanks, are read, and so are its words.
"""

from pipeline.feeds._vendor import Field, Shape, VendorFeed, complaint, opt_out, quarantine
from pipeline.vocabulary import Actor, Via

SUPPRESSIONS = Shape(
    name="suppressions of a stream",
    is_snapshot=True,
    records="CASE WHEN json_exists(json, '$.Suppressions') THEN json_items(json ->> 'Suppressions') END",
    fields=(
        Field("EmailAddress", "the suppressed address", headers=("Email address", "Email", "Recipient"), is_required=True),
        Field("SuppressionReason", "why", headers=("Suppression reason", "Reason")),
        Field("Origin", "by whom: Recipient, Customer or Admin"),
        Field("CreatedAt", "when it was suppressed", headers=("Created at", "Suppressed at", "Date")),
        Field("MessageStream", "the message stream; look it up in `map:`", headers=("Message stream", "Stream")),
    ),
    label="""concat_ws('/', coalesce(nullif(replace(SuppressionReason, ' ', ''), ''), 'suppressed'),
        CASE WHEN lower(replace(SuppressionReason, ' ', '')) = 'manualsuppression' THEN nullif(Origin, '') END)""",
    codes={
        "hardbounce": quarantine("bounced"),
        "spamcomplaint": complaint(),
        "manualsuppression": opt_out(Via.MANUAL, Actor.STAFF),
        "manualsuppression/recipient": opt_out(Via.ONE_CLICK),
        "manualsuppression/customer": opt_out(Via.MANUAL, Actor.STAFF),
        "manualsuppression/admin": opt_out(Via.MANUAL, Actor.STAFF),
        "suppressed": quarantine(),
    },
    unknown=quarantine(),
    says={
        "occurred_at": "CreatedAt",
        "address": "EmailAddress",
        "channel": "'email'",
        "scope_id": """CASE
            WHEN MessageStream <> '' THEN MessageStream
            WHEN mapped_scope(split_part(getvariable('file_name'), '.', 1)) IS NOT NULL THEN split_part(getvariable('file_name'), '.', 1)
            END""",
        "reason_text": "SuppressionReason",
    },
)

FEED = VendorFeed(
    source="postmark_suppressions",
    summary="Postmark suppression list of a message stream: unsubscribes, hard bounces, complaints (JSON, CSV)",
    shapes=(SUPPRESSIONS,),
    traps=(
        "`ManualSuppression` by `Recipient` is an unsubscribe.",
        "The dump does not name its stream: name the file after it, or have one feed a brand.",
        "An address that is no longer in the dump was reactivated by staff: that lifts nothing.",
    ),
    basis=("https://postmarkapp.com/developer/api/suppressions-api",),
)
