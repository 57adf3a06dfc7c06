"""Didomi's consents: the batch export (a user with its events a line), or pages of the API's events (JSON).

An event is a choice of its user at its time: a purpose, a preference or a channel that is not enabled is the owner's "no", and of a
delegate staff's. What a user now refuses and no event of the file tells counts until it was received. Only what `map:` names
permits: a purpose that the user enabled and confirmed is a single opt-in, one that waits for approval (`pending_approval`) a request.
A delegate's "yes" permits nothing, nor does that to a channel: its purpose's own choice does.

The purposes of Didomi's own for cookies and advertising are no messages; any other that `map:` does not name stands for the whole
organisation. A channel's "no" is about every channel, since its id is the organisation's own. The user is named by the
organisation's id: an e-mail address, a number, or else the id of a profile.
"""

from pipeline.feeds._subject import address_in, profile_in
from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, opt_in, opt_out, records_at
from pipeline.vocabulary import Action, Actor, Via

COOKIES = (
    "cookies", "advertising_personalization", "analytics", "content_personalization", "ad_delivery", "content_delivery", "geolocation_data",
    "device_characteristics", "market_research", "improve_products", "select_basic_ads", "create_ads_profile", "select_personalized_ads",
    "create_content_profile", "select_personalized_content", "measure_ad_performance", "measure_content_performance",
    "use_limited_data_to_select_content", "geo_ads", "geo_marketing_studies",
)  # fmt: skip


def _choices(consents: str, event: str) -> str:
    """SQL: what a status of consents says, one struct a choice; `event` is the JSON around it."""

    def of(choice: str, scope: str, *, permits: bool = True) -> str:
        enabled = f"{choice} ->> '$.enabled'" if permits else f"nullif({choice} ->> '$.enabled', 'true')"
        return f"""{{'id': {scope}, 'said': {enabled}, 'objected': {choice} ->> '$.enabled_li', 'event': {event} ->> '$.id',
            'at': {event} ->> '$.created_at', 'status': {event} ->> '$.status', 'delegate': {event} ->> '$.delegate'}}"""

    def each(owner: str, path: str, name: str, scope: str, *, permits: bool = True) -> str:
        return f"list_transform(json_items({owner} -> '{path}'), lambda {name}: {of(name, scope, permits=permits)})"

    purposes = f"""list_transform(json_items({consents} -> '$.purposes'), lambda p: [{of("p", "p ->> '$.id'")}]
        || {each("p", "$.channels", "c", "p ->> '$.id'", permits=False)}
        || {each("p", "$.preferences", "f", "f ->> '$.id'")})"""
    return f"""{each(consents, "$.channels", "c", "''", permits=False)} || flatten({purposes})"""


OF_EVENTS = f"""flatten(list_transform(json_items(events), lambda e: {_choices("(e -> '$.consents')", "e")}))"""
OF_ONE = _choices(
    "json_in(consents)",
    "json_object('id', event_id, 'created_at', created_at, 'status', status, 'delegate', json_in(delegate))",
)
OF_STATE = _choices("json_in(state)", "json_in('{}')")


def _is_no(choice: str) -> str:
    return f"({choice}.said = 'false' OR {choice}.objected = 'false')"


OF_ONE_ID = f"""list_transform(list_filter({OF_EVENTS}, lambda c: c.id = now.id),
    lambda c: {{'at': c.at, 'is_no': coalesce({_is_no("c")}, false)}})"""
IS_TOLD = f"list_sort({OF_ONE_ID})[-1].is_no"
"""Whether the last event about what the state refuses is that refusal."""
CONSENTS = Shape(
    name="users and events",
    fields=(
        Field("organization_user_id", "who the user is to you: address, number or id", "user/organization_user_id", is_required=True),
        Field("state", "what the user consents to now", "user/consents"),
        Field("events", "in the export: its choices", "events"),
        Field("event_id", "in the API: one choice", "id"),
        Field("created_at", "when it was made"),
        Field("status", "confirmed or pending_approval"),
        Field("delegate", "who made it for the user"),
        Field("consents", "what was chosen; look the purposes' ids up in `map:`", "consents"),
    ),
    records=records_at("data"),
    each=f"""CASE
        WHEN consents <> '' THEN {OF_ONE}
        ELSE {OF_EVENTS} || list_filter({OF_STATE}, lambda now: {_is_no("now")} AND NOT coalesce({IS_TOLD}, false)) END""",
    label=f"""CASE
        WHEN item.id IN {COOKIES} AND mapped_scope(item.id) IS NULL THEN 'cookies'
        WHEN {_is_no("item")} THEN CASE WHEN item.delegate IS NULL THEN 'refused' ELSE 'refused/delegate' END
        WHEN item.delegate IS NOT NULL OR item.at IS NULL OR mapped_scope(item.id) IS NULL THEN 'enabled'
        WHEN item.said = 'true'
        THEN CASE item.status
            WHEN 'confirmed' THEN 'enabled/by the user' WHEN 'pending_approval' THEN 'enabled/pending' ELSE 'enabled' END END""",
    codes={
        "cookies": IGNORED,
        "refused": opt_out(Via.PREFERENCE_LINK),
        "refused/delegate": opt_out(Via.MANUAL, Actor.STAFF),
        "enabled": IGNORED,
        "enabled/by the user": opt_in(Via.FORM),
        "enabled/pending": opt_in(Via.FORM, action=Action.OPT_IN_REQUEST),
    },
    says={
        "event_id": "item.event",
        "occurred_at": "item.at",
        "address": address_in("organization_user_id"),
        "profile_id": profile_in("organization_user_id"),
        "scope_id": "item.id",
        "reason_text": "item.id",
    },
)

FEED = VendorFeed(
    source="didomi_consents",
    summary="Didomi consents: the batch export of users and events, or pages of events (JSON)",
    shapes=(CONSENTS,),
    traps=(
        'Name every purpose in `map:`: one that is not there, but for Didomi\'s own about cookies, is a "no" to the whole organisation.',
        "Guests are in no export: a user without `organization_user_id` can be nobody here.",
        "Read a partition once its `_SUCCESS` is there, and all of its files.",
    ),
    basis=(
        "https://developers.didomi.io/integrations/generic-integrations/batch-export",
        "https://support.didomi.io/understand-batch-export-content",
        "https://developers.didomi.io/api-and-platform/consents/events/consent-event-schema",
        "https://developers.didomi.io/api-and-platform/consents/users/users-schema",
    ),
)
