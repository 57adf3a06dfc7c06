"""WhatsApp, as Meta's Cloud API tells it in webhooks: preferences of its users, messages from them, and statuses of ours.

A user who stops marketing messages in WhatsApp (`user_preferences`, `stop`) has opted out, and so has one for whom a message
fails with 131050, whichever of its errors that is; who resumes them is shown to people. A message is a STOP as `_sms` has it,
also by the text of a button, by what the button means to us (`payload`, `id`) whatever it is called, or below a picture;
everything else that was written goes to people. A "no" holds for every channel, a START for WhatsApp, both for the number of ours
that they were said to.

A status of a message counts for WhatsApp alone: a person without WhatsApp can still read texts. 131026 says that a number could not
be reached, for one of many causes. Any other failure is about the message or about us.
"""

from pipeline.feeds._sms import CODES, HELP, keyword_of, start_of
from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, bounce, delivered, opt_out, review, sent
from pipeline.vocabulary import BounceClass, Channel, Via

BODY = """coalesce(item.said ->> '$.text.body', item.said ->> '$.button.text', item.said ->> '$.interactive.button_reply.title',
    item.said ->> '$.interactive.list_reply.title', item.said ->> '$.image.caption', item.said ->> '$.video.caption',
    item.said ->> '$.document.caption', item.said ->> '$.detail', '')"""
CHOSEN = """coalesce(item.said ->> '$.button.payload', item.said ->> '$.interactive.button_reply.id',
    item.said ->> '$.interactive.list_reply.id', '')"""
"""What we ourselves wrote behind the button."""
KEYWORD, OF_CHOICE = (f"'keyword/' || {keyword_of(body)}" for body in (BODY, CHOSEN))
ERROR = """CASE WHEN list_contains(item.said ->> '$.errors[*].code', '131050') THEN '131050' ELSE item.said ->> '$.errors[0].code' END"""
STARTS = start_of("item.said ->> '$.text.body'", "(item.said ->> '$.timestamp') <> ''")
"""What was typed, and no button's text."""
HELPS = tuple(f"keyword/{word}" for word in HELP)
WHO = "coalesce(item.said ->> '$.wa_id', item.said ->> '$.recipient_id', item.said ->> '$.from', '')"

CHANGES = Shape(
    name="webhooks",
    fields=(
        Field("messaging_product", "whatsapp", is_required=True),
        Field("our_number", "our number; look it up in `map:`", "metadata/display_phone_number"),
        Field("our_id", "its id at Meta, where `map:` has that", "metadata/phone_number_id"),
        Field("messages", "what people wrote"),
        Field("statuses", "what became of our messages"),
        Field("user_preferences", "who stops or resumes marketing messages"),
    ),
    records="CASE WHEN json_type(json -> '$.entry') = 'ARRAY' THEN json -> '$.entry[*].changes[*].value' END",
    each="""list_transform(json_items(user_preferences), lambda said: {'kind': 'preference', 'said': said})
        || list_transform(json_items(statuses), lambda said: {'kind': 'status', 'said': said})
        || list_transform(json_items(messages), lambda said: {'kind': 'message', 'said': said})""",
    label=f"""CASE
        WHEN item.kind = 'preference' THEN concat_ws('/', 'preference', item.said ->> '$.value')
        WHEN item.kind = 'status' THEN concat_ws('/', 'status', item.said ->> '$.status', {ERROR})
        WHEN code_of({KEYWORD}) IS NOT NULL AND {KEYWORD} NOT IN {HELPS} THEN {KEYWORD}
        WHEN code_of({OF_CHOICE}) IS NOT NULL AND {OF_CHOICE} NOT IN {HELPS} THEN {OF_CHOICE}
        WHEN code_of({KEYWORD}) IS NOT NULL THEN {KEYWORD}
        WHEN {STARTS} IS NOT NULL THEN {STARTS}
        WHEN trim({BODY}) <> '' THEN 'text'
        WHEN item.kind = 'message' THEN 'empty' END""",
    codes={
        **CODES,
        "preference": opt_out(Via.PREFERENCE_LINK),
        "preference/stop": opt_out(Via.PREFERENCE_LINK),
        "preference/resume": review(),
        "status": IGNORED,
        "status/failed": bounce(BounceClass.BLOCK),
        "status/sent": sent(),
        **dict.fromkeys(("status/delivered", "status/read"), delivered()),
        "status/failed/131026": bounce(BounceClass.UNDETERMINED),
        "status/failed/131050": opt_out(Via.PREFERENCE_LINK),
    },
    says={
        "event_id": "concat_ws('/', item.said ->> '$.id', item.said ->> '$.status')",
        "occurred_at": "unix_time(item.said ->> '$.timestamp')",
        "address": f"CASE WHEN starts_with({WHO}, '+') THEN {WHO} ELSE '+' || {WHO} END",
        "channel": f"'{Channel.WHATSAPP}'",
        "scope_id": r"""CASE
            WHEN mapped_scope(our_id) IS NOT NULL THEN our_id
            WHEN mapped_scope(our_number) IS NOT NULL OR our_number = '' THEN coalesce(nullif(our_number, ''), our_id)
            ELSE '+' || regexp_replace(our_number, '\D', '', 'g') END""",
        "body": BODY,
        "reason_text": "item.said ->> '$.detail'",
    },
    unknown=review(),
)

FEED = VendorFeed(
    source="whatsapp_cloud",
    summary="WhatsApp Cloud API webhooks: who stops marketing messages, STOP by keyword, free text for people to read (JSON)",
    shapes=(CHANGES,),
    traps=(
        'A "no" on WhatsApp holds for every channel; a START there lifts it for WhatsApp alone.',
        "Of what failed only two codes count: the recipient has stopped marketing messages (131050), or could not be reached (131026).",
        "`map:` may name our number by its digits or by Meta's `phone_number_id`.",
        "Subscribe to `user_preferences` beside `messages`: who stops in WhatsApp's settings writes no message.",
    ),
    basis=(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/user_preferences",
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages",
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
    ),
)
