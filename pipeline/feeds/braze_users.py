"""Braze's users: the export of a segment (one JSON object a line) or of single users, with `email_subscribe` among its fields.

The id of a user is `external_id`, else `braze_id`. Only what is set is exported, so that one of the first thousand users
has to have `email_subscribe`; an export without it is refused: everybody in it would look free. `unsubscribed` counts since
`email_unsubscribed_at`, else since the first file of an unbroken run that says it. `opted_in` permits nothing: a snapshot's yes is
never read. The export does not say who unsubscribed a user. Subscription groups are not exported, hard bounces stand elsewhere.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Shape, VendorFeed, records_at

USER = "coalesce(nullif(external_id, ''), braze_id)"

USERS = Shape(
    name="users",
    fields=(
        Field("email_subscribe", "opted_in, subscribed or unsubscribed", is_required=True),
        Field("email_unsubscribed_at", "since when"),
        Field("external_id", "your own id of the user", headers=("user_id",)),
        Field("braze_id", "Braze's id"),
        Field("email", "the address"),
        Field("phone", "the number"),
        Field("first_name", "first name"),
        Field("last_name", "last name"),
        Field("dob", "date of birth"),
        Field("home_city", "town"),
        Field("country", "country"),
        Field("language", "language"),
    ),
    records=records_at("users"),
    label="'email/' || nullif(trim(email_subscribe), '')",
    codes={
        "email": NO,
        "email/unsubscribed": NO,
        "email/subscribed": IGNORED,
        "email/opted_in": IGNORED,
    },
    says={
        "occurred_at": "email_unsubscribed_at",
        "address": "email",
        "profile_id": USER,
        "channel": "'email'",
    },
    unknown=NO,
    profile={
        "profile_id": USER,
        "email": "email",
        "phone": "phone",
        "first_name": "first_name",
        "last_name": "last_name",
        "birth_date": "dob",
        "city": "home_city",
        "country": "country",
        "language": "language",
    },
    is_snapshot=True,
)

FEED = VendorFeed(
    source="braze_users",
    summary="Braze users: the export of a segment or of single users (JSON)",
    shapes=(USERS,),
    traps=(
        "Ask for `email_subscribe`, `email_unsubscribed_at`, `external_id` and `braze_id` in `fields_to_export`.",
        "An export of a segment is many files, 5,000 users each: lay them in as one archive and say `parts: true`.",
        "Subscription groups are not in the export: `braze_events` tells who leaves one.",
        "A custom attribute whose name says a no is a flag of the user.",
    ),
    basis=(
        "https://www.braze.com/docs/api/endpoints/export/user_data/post_users_segment",
        "https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier",
        "https://github.com/braze-inc/braze-docs/blob/develop/_docs/_api/endpoints/export/user_data/post_users_segment.md",
    ),
)
