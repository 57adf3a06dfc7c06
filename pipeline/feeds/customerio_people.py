"""Customer.io's people: an export as CSV, or answers of the API (`/v1/customers/attributes`, a customer's own attributes).

`unsubscribed` is the no to everything, on every channel; `cio_subscription_preferences` holds the topics and channels that
somebody chose or left, as JSON text. Neither tells since when nor by whom. A topic's key (`topic_4`) is looked up in `map:`. A
"no" to WhatsApp is about every channel. A topic or channel that was chosen permits nothing. An export without `unsubscribed` is
refused: everybody would look free.
"""

from pipeline.feeds._vendor import NO, Field, Meaning, Shape, VendorFeed, opt_out
from pipeline.vocabulary import Actor, Channel, Via

CODES: dict[str, Meaning] = {
    "unsubscribed": NO,
    "topic": NO,
    "channel": NO,
    "channel/email": opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.EMAIL),
    "channel/sms": opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.SMS),
    "channel/whatsapp": NO,
}


def left(preferences: str, kind: str) -> str:
    """SQL: the keys of the topics or channels (`kind`, in the plural) that are not true in a JSON text of preferences."""
    chosen = f"json_in({preferences}) -> '$.{kind}'"
    # `~1` and `~0`: a key is looked up by a JSON pointer.
    value = f"json_extract_string({chosen}, '/' || replace(replace(key, '~', '~0'), '/', '~1'))"
    return f"list_filter(coalesce(json_keys({chosen}), []), lambda key: {value} IS DISTINCT FROM 'true')"


SAID = f"""list_filter([
        {{'word': CASE WHEN says_yes(unsubscribed) THEN 'unsubscribed' END, 'topic': ''}}
    ] || list_transform({left("preferences", "topics")}, lambda key: {{'word': 'topic', 'topic': key}})
    || list_transform(list_filter({left("preferences", "channels")}, lambda key: NOT regexp_matches(lower(key), 'push|in_app')),
        lambda key: {{'word': 'channel/' || lower(key), 'topic': ''}}),
    lambda said: said.word IS NOT NULL)"""


def _people(name: str, prefix: str = "", *, records: str = "") -> Shape:
    """People whose attributes stand below `prefix`."""

    def attribute(field: str, meaning: str, *keys: str, is_required: bool = False) -> Field:
        first, *more = (f"{prefix}{key}" for key in keys or (field,))
        return Field(field, meaning, first, keys, pointers=tuple(more), is_required=is_required)

    person = "coalesce(nullif(id, ''), nullif(cio_id, ''), nullif(lower(trim(email)), ''))"
    return Shape(
        name=name,
        fields=(
            attribute("email", "the address", is_required=True),
            Field("unsubscribed", "true: unsubscribed from everything", is_required=True, pointers=(f"{prefix}unsubscribed",)),
            attribute(
                "preferences", "topics and channels, as JSON text", "cio_subscription_preferences", "_cio_subscription_preferences_computed"
            ),
            Field("id", "your own id of the person", pointers=("identifiers/id",)),
            Field("cio_id", "Customer.io's id", pointers=("identifiers/cio_id", f"{prefix}cio_id")),
            attribute("phone", "the number"),
            attribute("first_name", "first name", "first_name", "firstname"),
            attribute("last_name", "last name", "last_name", "lastname"),
            attribute("city", "town"),
            attribute("country", "country"),
            attribute("language", "language", "language", "cio_language"),
        ),
        records=records,
        each=SAID,
        label="item.word",
        codes=CODES,
        says={
            "address": "CASE WHEN item.word IN ('channel/sms', 'channel/whatsapp') THEN phone ELSE email END",
            "profile_id": person,
            "channel": "CASE item.word WHEN 'topic' THEN 'email' WHEN 'channel/whatsapp' THEN 'whatsapp' END",
            "scope_id": "item.topic",
        },
        unknown=NO,
        profile={
            "profile_id": person,
            "email": "email",
            "phone": "phone",
            "first_name": "first_name",
            "last_name": "last_name",
            "city": "city",
            "country": "country",
            "language": "language",
        },
        is_snapshot=True,
    )


CUSTOMERS = """CASE WHEN json_type(json -> '$.customers') = 'ARRAY' THEN json_items(json -> '$.customers')
    WHEN json_type(json -> '$.customer') = 'OBJECT' THEN [json -> '$.customer'] END"""

FEED = VendorFeed(
    source="customerio_people",
    summary="Customer.io people with their subscriptions: an export (CSV) or answers of the API (JSON)",
    shapes=(_people("export"), _people("api", "attributes/", records=CUSTOMERS)),
    traps=(
        "Export the attributes `unsubscribed` and `cio_subscription_preferences` with the others.",
        "Topics are keys (`topic_4`), not names: `map:` them.",
        "A suppressed person is deleted from the people: `customerio_events` tells of bounces and complaints.",
        "Answers of the API belong into one file, one answer a line: a file is a whole snapshot.",
    ),
    basis=(
        "https://docs.customer.io/api/app/#operation/getPersonAttributes",
        "https://docs.customer.io/journeys/subscriptions/",
        "https://github.com/dailydotdev/daily-api/blob/main/__tests__/common/mailing.ts",
        "https://github.com/singer-io/tap-customerio",
    ),
)
