"""listmonk's subscribers: the CSV export, or the pages of the API.

`blocklisted` comes from an unsubscription with "from all lists", from bounces or complaints above listmonk's thresholds, or
from staff; neither form tells which, nor when. So it is an opt-out that is not attributed to the owner and counts since the
first file of an unbroken run that says it. `disabled` is staff's doing. A subscription, confirmed or not, asserts nothing.

The CSV knows no lists: whoever left a single list is `enabled` in it. The export of a list's unsubscribed looks the same
but for its name: keep `unsubscribed` in the name of such a file, or take the API.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Shape, VendorFeed, opt_out
from pipeline.vocabulary import Actor, Via

CODES = {
    "enabled": IGNORED,
    "disabled": opt_out(Via.MANUAL, Actor.STAFF),
    "blocklisted": NO,
    "blacklisted": NO,
    "list": NO,
    "list/unconfirmed": IGNORED,
    "list/confirmed": IGNORED,
    "list/unsubscribed": NO,
}
FIELDS = (
    Field("uuid", "the subscriber's id", is_required=True),
    Field("email", "the subscriber", is_required=True),
    Field("status", "enabled, disabled or blocklisted", is_required=True),
    Field("name", "the whole name"),
    Field("lists", "in the API: the lists with subscription_status; look their ids up in `map:`"),
    Field("updated_at", "when the subscriber was changed last; the CSV writes it as Go does"),
)
ITSELF = "[{'word': status, 'id': ''}]"
LEFT = "[{'word': 'list/unsubscribed', 'id': ''}]"
LISTS = "list_transform(json_items(lists), lambda list: {'word': 'list/' || (list ->> '$.subscription_status'), 'id': list ->> '$.id'})"
SUBSCRIBERS = """coalesce(
    from_json(json -> '$.data.results', '["JSON"]'), CASE WHEN json_type(json, '$.data') = 'OBJECT' THEN [json -> '$.data'] END)"""


def subscribers(name: str, each: str, *, records: str = "", file_names: tuple[str, ...] = ()) -> Shape:
    """Subscribers, and what each of them says."""
    return Shape(
        name=name,
        fields=FIELDS,
        records=records,
        each=each,
        label="item.word",
        codes=CODES,
        says={"address": "email", "profile_id": "uuid", "channel": "'email'", "scope_id": "item.id", "reason": "item.word"},
        unknown=NO,
        profile={
            "profile_id": "uuid",
            "email": "email",
            "first_name": "split_part(trim(name), ' ', 1)",
            "last_name": r"regexp_extract(trim(name), '^\S+\s+(.*)$', 1)",
            "updated_at": r"coalesce(nullif(regexp_extract(updated_at, '^[0-9-]+ [0-9:.]+ [+-]\d{4}'), ''), updated_at)",
        },
        file_names=file_names,
        is_snapshot=True,
    )


FEED = VendorFeed(
    source="listmonk_subscribers",
    summary="listmonk subscribers: the CSV export or pages of the API (JSON)",
    shapes=(
        subscribers("unsubscribed of a list", f"list_concat({ITSELF}, {LEFT})", file_names=("unsubscribed",)),
        subscribers("subscribers", f"list_concat({ITSELF}, {LISTS})", records=SUBSCRIBERS),
    ),
    traps=(
        "The CSV export has no lists: who left a list is `enabled` there.",
        "`blocklisted` has no time; `updated_at` changes with anything.",
        "Unknown statuses are opt-outs.",
        "Pages of the API belong into one file, one page a line: a file is a whole snapshot.",
    ),
    basis=(
        "https://github.com/knadh/listmonk/blob/master/cmd/subscribers.go",
        "https://listmonk.app/docs/apis/subscribers/",
        "https://github.com/knadh/listmonk/issues/2855",
        "https://github.com/knadh/listmonk/issues/738",
    ),
)
