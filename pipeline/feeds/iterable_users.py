"""Iterable's users: the export of the data type `user` (one JSON object a line, or CSV).

Somebody who leaves a channel or a message type stands in `unsubscribedChannelIds` or `unsubscribedMessageTypeIds`; neither tells
since when nor by whom. Channels and message types are e-mail, text or push, and the export does not tell which: such a "no" is
one for every channel. Their ids are numbers of kinds of their own: `map:` them as `channel/4711` and `message_type/4711`.
Subscriptions to lists and to message types permit nothing. An export without the two lists is refused: everybody would look free.
"""

from pipeline.feeds._vendor import NO, Field, Shape, VendorFeed

USER = "coalesce(nullif(user_id, ''), nullif(lower(trim(email)), ''))"


def ids(field: str, kind: str) -> str:
    """SQL: the numbers of a field, `[4711, 12]` or `4711,12`, as ids to map."""
    return f"list_transform(list_distinct(regexp_extract_all({field}, '[0-9]+')), lambda id: '{kind}/' || id)"


USERS = Shape(
    name="users",
    fields=(
        Field("email", "the address", is_required=True),
        Field("channels", "the channels that the user left", "unsubscribedChannelIds", ("unsubscribedChannelIds",), is_required=True),
        Field(
            "message_types",
            "the message types that the user left",
            "unsubscribedMessageTypeIds",
            ("unsubscribedMessageTypeIds",),
            is_required=True,
        ),
        Field("user_id", "your own id of the user", "userId", ("userId",)),
        Field("phone", "the number", "phoneNumber", ("phoneNumber",)),
        Field("first_name", "first name", "firstName", ("firstName",)),
        Field("last_name", "last name", "lastName", ("lastName",)),
        Field("city", "town"),
        Field("zip", "postal code"),
        Field("country", "country"),
        Field("language", "language"),
        Field("updated", "when the profile was changed last", "profileUpdatedAt", ("profileUpdatedAt",)),
    ),
    each=f"list_concat({ids('channels', 'channel')}, {ids('message_types', 'message_type')})",
    label="split_part(item, '/', 1)",
    codes={"channel": NO, "message_type": NO},
    says={"address": "email", "profile_id": USER, "scope_id": "item"},
    profile={
        "profile_id": USER,
        "email": "email",
        "phone": "phone",
        "first_name": "first_name",
        "last_name": "last_name",
        "postal_code": "zip",
        "city": "city",
        "country": "country",
        "language": "language",
        "updated_at": "updated",
    },
    is_snapshot=True,
)

FEED = VendorFeed(
    source="iterable_users",
    summary="Iterable users with the channels and message types that they left: the export of users (JSON, CSV)",
    shapes=(USERS,),
    traps=(
        "Export all users (`range=All`): a range holds those only who changed in it, and a file is a whole snapshot.",
        "Bounces and complaints are not in the export: `iterable_events` tells them.",
        "A channel's \"no\" is about every channel here, for Iterable's channels may be e-mail, text or push.",
        "Where a project has no user ids the address is the profile's id: a changed address is another profile.",
    ),
    basis=(
        "https://api.iterable.com/api/docs#export_exportDataJson",
        "https://github.com/singer-io/tap-iterable/blob/master/tap_iterable/schemas/users.json",
    ),
)
