"""Braze's lists of hard bounces and of unsubscriptions, as the API gives them (`/email/hard_bounces`, `/email/unsubscribes`).

Both are asked for by a range of days, so that a file says only what happened in it: they are events with times of their own.
A hard bounce is Braze's own restriction and no new bounce. By whom somebody was unsubscribed is not told.
"""

from pipeline.feeds._vendor import NO, Field, Shape, VendorFeed, quarantine, records_at

ENTRIES = records_at("emails")
HARD_BOUNCES = Shape(
    name="hard bounces",
    fields=(
        Field("email", "the address", is_required=True),
        Field("hard_bounced_at", "when it bounced", is_required=True),
    ),
    records=ENTRIES,
    label="'hard bounced'",
    codes={"hard bounced": quarantine("bounced")},
    says={"address": "email", "channel": "'email'", "occurred_at": "hard_bounced_at"},
)
UNSUBSCRIBES = Shape(
    name="unsubscribes",
    fields=(
        Field("email", "the address", is_required=True),
        Field("unsubscribed_at", "when it was unsubscribed", is_required=True),
    ),
    records=ENTRIES,
    label="'unsubscribed'",
    codes={"unsubscribed": NO},
    says={"address": "email", "channel": "'email'", "occurred_at": "unsubscribed_at"},
)

FEED = VendorFeed(
    source="braze_suppressions",
    summary="Braze hard bounces and unsubscriptions: answers of the API (JSON)",
    shapes=(HARD_BOUNCES, UNSUBSCRIBES),
    traps=(
        "An answer holds 500 addresses at most: ask on with `offset` until one is not full.",
        "The lists are of single addresses; spam reports stand in `braze_events`.",
    ),
    basis=(
        "https://www.braze.com/docs/api/endpoints/email/get_list_hard_bounces",
        "https://www.braze.com/docs/api/endpoints/email/get_query_unsubscribed_email_addresses",
    ),
)
