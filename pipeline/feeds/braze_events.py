"""Braze's Currents: message engagement and subscription events in the form of its cloud storage and of its data shares.

An event's kind stands in `event_type`, or in the name of its file: the storage keeps a kind to a folder, and a share to a table
(`users.messages.email.Bounce…`, `USERS_MESSAGES_EMAIL_BOUNCE_SHARED…`). A file that tells it by neither is rejected, event by
event. Currents are Avro files: turn them into JSON or CSV first. What is no kind below is no event here, unless its name speaks of a "no".

A bounce is a hard one; as a drop it repeats a list of the service behind Braze. `Unsubscribe` is a click on the link or the
header in a message: the owner's. A changed state is the owner's where its source is a subscription page, a preference centre, an
unsubscribe header or an inbound message, and an import's else. A state that is subscribed again, whatever its source, permits
nothing here. A group's or the account's "no" about texts holds for texts, one about RCS for RCS and texts, one about WhatsApp
or another chat for every channel, one about push messages for nothing. An inbound message that Braze takes for no
keyword waits for people.
"""

from pipeline.feeds._vendor import (
    IGNORED,
    Field,
    Meaning,
    Shape,
    VendorFeed,
    bounce,
    complaint,
    delivered,
    opt_out,
    quarantine,
    review,
    sent,
)
from pipeline.vocabulary import Actor, BounceClass, Via

KIND = "regexp_replace(lower(trim({})), '[^a-z]+', '.', 'g')"
NAMED = r"regexp_extract({}, 'users\.(messages|behaviors)\.[a-z]+\.[a-z]+')"
TYPE = f"""coalesce(nullif({NAMED.format(KIND.format("event_type"))}, ''), nullif({KIND.format("event_type")}, ''),
    {NAMED.format(KIND.format("getvariable('file_name')"))})"""
STATES = ("users.behaviors.subscription.globalstatechange", "users.behaviors.subscriptiongroup.statechange")
SOURCE = "lower(regexp_replace(state_change_source, '[^A-Za-z]+', '', 'g'))"
"""Braze's sources, in its older form as letters."""
IS_OWNERS = (
    f"{SOURCE} IN ('p', 'e', 'i', 'subscriptionpage', 'preferencecenter', 'enhancedpreferencecenter', 'inboundmessage', 'inboundsms', \
'listunsubscribe')"
)
IS_INBOUND = f"{SOURCE} IN ('i', 'inboundmessage', 'inboundsms')"
IS_INBOUND_TEXT = "split_part(label, '/', 1) = 'inbound'"
IS_SMS = """(split_part(label, '/', 1) LIKE 'users.messages.sms.%' OR lower(channel) IN ('sms', 'mms'))"""
IS_RCS = f"(lower(channel) = 'rcs' OR ({IS_INBOUND_TEXT} AND {TYPE} LIKE 'users.messages.rcs.%'))"
IS_WHATSAPP = f"""(lower(channel) IN ('whats_app', 'whatsapp')
    OR ({IS_INBOUND_TEXT} AND {TYPE} LIKE 'users.messages.whatsapp.%'))"""
IS_TEXT = f"({IS_SMS} OR {IS_RCS} OR {IS_WHATSAPP} OR {IS_INBOUND_TEXT})"
CODES: dict[str, Meaning] = {
    "users.messages.email.send": sent(),
    "users.messages.email.delivery": delivered(),
    "users.messages.email.bounce": bounce(BounceClass.HARD),
    "users.messages.email.bounce/drop": quarantine("suppressed"),
    "users.messages.email.softbounce": bounce(BounceClass.SOFT),
    "users.messages.email.markasspam": complaint(),
    "users.messages.email.unsubscribe": opt_out(Via.ONE_CLICK),
    "users.messages.sms.send": sent(),
    "users.messages.sms.delivery": delivered(),
    "users.messages.sms.deliveryfailure": bounce(BounceClass.UNDETERMINED),
    "users.messages.sms.rejection": bounce(BounceClass.UNDETERMINED),
    "users.messages.sms.inboundreceive": review(),
    "users.messages.sms.inboundreceive/none": review(),
    "users.messages.sms.inboundreceive/unsubscribed": opt_out(Via.KEYWORD),
    "users.messages.sms.inboundreceive/subscribed": IGNORED,
    **dict.fromkeys(("inbound", "inbound/none"), review()),
    "inbound/unsubscribed": opt_out(Via.KEYWORD),
    "inbound/subscribed": IGNORED,
    "state": opt_out(None, None),
    "state/unsubscribed": opt_out(None, None),
    **dict.fromkeys(("state/subscribed", "state/opted in", "state/opt-in", "state/opted_in", "state/push", "other"), IGNORED),
    "no": opt_out(None, None),
}

EVENTS = Shape(
    name="events",
    fields=(
        Field("id", "the event's id", is_required=True),
        Field("time", "when it happened, Unix seconds", is_required=True),
        Field("event_type", "what happened; else the file's name tells it"),
        Field("user_id", "Braze's id of the user", is_required=True),
        Field("external_user_id", "your own id of the user"),
        Field("email_address", "the address"),
        Field(
            "phone_number",
            "the number",
            pointers=("to_phone_number", "user_phone_number"),
            headers=("to_phone_number", "user_phone_number"),
        ),
        Field("channel_identifier", "the user's address on the channel"),
        Field("channel", "of a changed state: email, sms, rcs, whats_app, push"),
        Field("subscription_status", "the state: Subscribed, Unsubscribed or Opted In"),
        Field(
            "subscription_group_id",
            "the subscription group; look it up in `map:`",
            pointers=("subscription_group_api_id",),
            headers=("subscription_group_api_id",),
        ),
        Field("state_change_source", "what changed the state"),
        Field("bounce_reason", "what the mail server said"),
        Field("is_drop", "true: the message was not sent at all"),
        Field("action", "what Braze took an inbound message for"),
        Field("message_body", "the inbound message", pointers=("quick_reply_text",), headers=("quick_reply_text",)),
        Field("campaign_name", "the campaign", pointers=("campaign_id",), headers=("campaign_id",)),
        Field("canvas_name", "the Canvas", pointers=("canvas_id",), headers=("canvas_id",)),
    ),
    label=f"""CASE
        WHEN {TYPE} = '' OR regexp_matches({TYPE}, '\\.(json|jsonl|ndjson|csv|txt)$') THEN 'kind not told'
        WHEN {TYPE} IN {STATES} AND lower(channel) LIKE '%push%' THEN 'state/push'
        WHEN {TYPE} IN {STATES} THEN 'state/' || lower(trim(subscription_status))
        WHEN {TYPE} = 'users.messages.email.bounce' AND says_yes(is_drop) THEN {TYPE} || '/drop'
        WHEN {TYPE} = 'users.messages.sms.inboundreceive' THEN concat_ws('/', {TYPE}, nullif(lower(trim(action)), ''))
        WHEN {TYPE} LIKE 'users.messages.%.inboundreceive' THEN concat_ws('/', 'inbound', nullif(lower(trim(action)), ''))
        WHEN code_of({TYPE}) IS NOT NULL THEN {TYPE}
        WHEN regexp_matches({TYPE}, 'unsubscri|optout|spam') THEN 'no/' || {TYPE}
        ELSE 'other' END""",
    codes=CODES,
    says={
        "event_id": "id",
        "occurred_at": "unix_time(time)",
        "address": f"""CASE WHEN {IS_TEXT} THEN coalesce(nullif(phone_number, ''), channel_identifier)
            ELSE coalesce(nullif(email_address, ''), nullif(channel_identifier, ''), phone_number) END""",
        "profile_id": "coalesce(nullif(external_user_id, ''), user_id)",
        "channel": f"""CASE WHEN {IS_SMS} THEN 'sms' WHEN {IS_RCS} THEN 'rcs' WHEN {IS_WHATSAPP} THEN 'whatsapp'
            WHEN regexp_matches(label, '^(no|inbound)(/|$)') OR (starts_with(label, 'state/') AND lower(channel) <> 'email') THEN ''
            ELSE 'email' END""",
        "scope_id": "subscription_group_id",
        "actor": f"CASE WHEN {IS_OWNERS} THEN '{Actor.OWNER}' ELSE '{Actor.IMPORT}' END",
        "via": f"""CASE WHEN {IS_INBOUND} THEN '{Via.KEYWORD}' WHEN {SOURCE} = 'listunsubscribe' THEN '{Via.ONE_CLICK}'
            WHEN {IS_OWNERS} THEN '{Via.PREFERENCE_LINK}' ELSE '{Via.IMPORT}' END""",
        "diagnostic": "bounce_reason",
        "campaign": "coalesce(nullif(campaign_name, ''), canvas_name)",
        "body": "message_body",
    },
    rcs_is_text=True,
)

FEED = VendorFeed(
    source="braze_events",
    summary="Braze Currents: message engagement and subscription events, turned from Avro into JSON or CSV",
    shapes=(EVENTS,),
    traps=(
        "Keep the kind of the events in the file's name, or add it as `event_type`: Currents tell it by the folder alone.",
        "A state that is changed through the API tells no `Unsubscribe`: take the subscription events besides.",
        "`Unsubscribe` is a click on the link; whoever then changes his mind on the page is opted out here all the same.",
        "A bounce with `is_drop` was never sent: it repeats a suppression.",
    ),
    basis=(
        "https://www.braze.com/docs/user_guide/data/distribution/braze_currents/event_glossary/message_engagement_events",
        "https://www.braze.com/docs/user_guide/data/distribution/braze_currents/event_glossary/customer_behavior_events",
        "https://www.braze.com/docs/user_guide/audience/segments/segment_extension/sql_segments/sql_segments_tables",
    ),
)
