"""Klaviyo's events: the bodies of its system webhooks, or pages of the events API with `include=profile,metric`.

The address stands in the profile that a page includes, and is the profile's present one. Without it an opt-out is the profile's,
and a bounce is nobody's. Metrics are called by their topics or by their names; any other one is the shop's own and no event, unless
its name speaks of a "no". Nothing says who made an unsubscription, so it is not taken for the owner's own. "Updated email
preferences" does not tell what was changed: `klaviyo_profiles` does. Who subscribes permits nothing here.

"Received" is a delivery. "Dropped" is a suppression of the service behind Klaviyo. Messages that were received by telephone say
nothing: inbound and outbound ones have been called alike.
"""

from dataclasses import replace

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, bounce, complaint, delivered, opt_out, quarantine
from pipeline.vocabulary import Actor, BounceClass, Channel, Via

NO_SMS = opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.SMS)
CODES: dict[str, Meaning] = {
    "received_email": delivered(),
    "bounced_email": bounce(BounceClass.UNDETERMINED),
    "bounced_email/hard": bounce(BounceClass.HARD),
    "bounced_email/soft": bounce(BounceClass.SOFT),
    "dropped_email": quarantine("suppressed"),
    "marked_email_as_spam": complaint(),
    "unsubscribed": NO,
    "unsubscribed_from_email_marketing": NO,
    "unsubscribed_from_list": NO,
    "manually_suppressed_from_email_marketing": opt_out(Via.MANUAL, Actor.STAFF),
    "no": NO,
    "other": IGNORED,
    **{
        f"unsubscribed_from_{channel}_{kind}": NO_SMS
        for channel in ("sms", "text_messaging")
        for kind in ("marketing", "transactional")
    },
    **{
        f"failed_to_deliver_{what}": replace(bounce(BounceClass.UNDETERMINED), channel=Channel.SMS)
        for what in ("sms", "text_message", "automated_response_sms", "automated_response_text_message")
    },
    **dict.fromkeys(
        (
            "opened_email", "clicked_email", "merged_profile", "updated_email_preferences", "subscribed_to_list",
            "subscribed_to_email_marketing", "manually_unsuppressed_from_email_marketing", "subscribed_to_back_in_stock",
            "sent_sms", "received_sms", "clicked_sms", "sent_text_message", "received_text_message", "clicked_text_message",
            "received_automated_response_sms", "received_automated_response_text_message", "subscribed_to_sms_marketing",
            "subscribed_to_text_messaging_marketing", "subscribed_to_text_messaging_transactional",
            "received_push", "opened_push", "bounced_push",
        ),
        IGNORED,
    ),
}  # fmt: skip
# A page includes profiles and metrics once for all its events, so that they are read once; a webhook does with each event.
PAGE = """list_transform([json_items(json -> '$.included')],
    lambda i: {'items': i, 'keys': list_transform(i, lambda x: concat_ws('/', x ->> '$.type', x ->> '$.id'))})"""


def _included(kind: str) -> str:
    """SQL: what is included of a kind with an event, in its webhook or on its page."""
    of = f"relationships.{kind}.data.id"
    own = f"""list_filter(json_items(e -> '$.payload.included'),
        lambda x: x ->> '$.type' = '{kind}' AND x ->> '$.id' = e ->> '$.payload.data.{of}')[1]"""
    on_page = f"page.items[list_position(page.keys, '{kind}/' || (e ->> '$.{of}'))]"
    return f"CASE WHEN json_exists(e, '$.payload') THEN {own} ELSE {on_page} END"


WORD = "replace(regexp_replace(lower(trim(coalesce(nullif(metric, ''), topic))), '^event:klaviyo\\.', ''), ' ', '_')"
IS_TEXT = "regexp_matches(lower(label), 'sms|text_messag')"

EVENTS = Shape(
    name="events",
    fields=(
        Field("type", "event", is_required=True),
        Field("id", "the event's id"),
        Field("uuid", "another id of it", pointer="attributes/uuid"),
        Field("topic", "what happened, as the webhooks call it"),
        Field("metric", "what happened, as the API calls it", pointer="metric/attributes/name"),
        Field("happened_at", "when it happened", pointer="attributes/datetime", pointers=("attributes/timestamp",)),
        Field("properties", "the event's own properties", pointer="attributes/event_properties", is_required=True),
        Field("profile_id", "the profile", pointer="relationships/profile/data/id", pointers=("profile/id",)),
        Field("email", "its address", pointer="profile/attributes/email"),
        Field("phone_number", "its number", pointer="profile/attributes/phone_number"),
    ),
    records=f"""CASE WHEN json_exists(json, '$.data') THEN list_transform({PAGE}, lambda page: list_transform(json_items(json -> '$.data'),
        lambda e: json_merge_patch(coalesce(e -> '$.payload.data', e), json_object('topic', e ->> '$.topic',
            'profile', {_included("profile")}, 'metric', {_included("metric")}))))[1] END""",
    label=f"""CASE
        WHEN {WORD} = '' THEN 'kind not told'
        WHEN {WORD} = 'bounced_email' THEN concat_ws('/', {WORD}, nullif(json_in(properties) ->> '$."Bounce Type"', ''))
        WHEN code_of({WORD}) IS NOT NULL THEN {WORD}
        WHEN regexp_matches({WORD}, 'unsubscri|opt(ed)?_?-?out|suppress|spam') THEN 'no/' || {WORD}
        ELSE 'other' END""",
    codes=CODES,
    says={
        "event_id": "coalesce(nullif(id, ''), uuid)",
        "occurred_at": "unix_time(happened_at)",
        "address": f"CASE WHEN {IS_TEXT} THEN phone_number ELSE email END",
        "profile_id": "profile_id",
        "channel": f"CASE WHEN {IS_TEXT} THEN 'sms' WHEN starts_with(lower(label), 'no/') THEN '' ELSE 'email' END",
        "scope_id": """CASE WHEN lower(label) = 'unsubscribed_from_list' THEN json_in(properties) ->> '$.List' END""",
        "campaign": """json_in(properties) ->> '$."Campaign Name"'""",
        "reason_text": "json_in(properties) ->> '$.Method'",
    },
)

FEED = VendorFeed(
    source="klaviyo_events",
    summary="Klaviyo events: system webhooks, or pages of the events API with `include=profile,metric` (JSON)",
    shapes=(EVENTS,),
    traps=(
        "A page of the API without `include=profile,metric` names neither the address nor what happened, and is rejected.",
        "The address is the profile's present one, not the one that the message went to.",
        "A list is called by its name: `map:` its name.",
        "SMS metrics were renamed to text messages in July 2026; both are read.",
        "`Updated email preferences` does not tell what was changed: take `klaviyo_profiles` besides.",
    ),
    basis=(
        "https://developers.klaviyo.com/en/docs/working_with_system_webhooks",
        "https://developers.klaviyo.com/en/reference/get_events",
        "https://help.klaviyo.com/hc/en-us/articles/360036974872",
        "https://github.com/singer-io/tap-klaviyo/blob/master/tap_klaviyo/__init__.py",
        "https://community.klaviyo.com/analytics-and-deliverability-72/how-do-you-clean-bounces-from-your-account-362",
    ),
)
