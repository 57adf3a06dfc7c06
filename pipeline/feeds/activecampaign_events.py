"""ActiveCampaign's webhooks: form-encoded bodies one a line, as they are sent, or the JSON that a receiver made of them.

An unsubscription is the owner's where it was `initiated_from` the public pages, staff's where from the administration, and an
import's else. A bounce does not say of which kind it is: it is undetermined, unless a status code stands in it. The answer to a
text that ActiveCampaign took for "unsub" is an opt-out from texts; any other waits for people, unless it is "resub" or
"subscribe". A subscription permits nothing. What is no kind below is no event here, unless its name speaks of a "no".
"""

from dataclasses import replace

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, bounce, opt_out, review
from pipeline.vocabulary import Actor, BounceClass, Channel, Via

TYPE = "lower(trim(type))"
CODES: dict[str, Meaning] = {
    "unsubscribe": NO,
    "unsubscribe/public": opt_out(Via.PREFERENCE_LINK),
    "unsubscribe/admin": opt_out(Via.MANUAL, Actor.STAFF),
    "unsubscribe/api": NO,
    "unsubscribe/system": NO,
    "bounce": bounce(BounceClass.UNDETERMINED),
    "sms_reply": replace(review(), channel=Channel.SMS),
    "sms_reply/unsub": opt_out(Via.KEYWORD, channel=Channel.SMS),
    "sms_reply/resub": IGNORED,
    "sms_reply/subscribe": IGNORED,
    "sms_unsub": opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.SMS),
    "no": NO,
    "other": IGNORED,
}


def _in_contact(name: str, meaning: str, key: str) -> Field:
    return Field(name, meaning, f"contact/{key}", (f"contact[{key}]",), pointers=(f"contact[{key}]",))


EVENTS = Shape(
    name="events",
    fields=(
        Field("type", "what happened", is_required=True),
        Field("date_time", "when it happened, ISO 8601", is_required=True),
        Field("initiated_from", "where: public, admin, api, system", is_required=True),
        Field("list_id", "the list, 0 is none; look it up in `map:`", "list", ("list",)),
        _in_contact("contact_id", "the contact", "id"),
        _in_contact("email", "its address", "email"),
        _in_contact("phone", "its number", "phone"),
        Field("reason", "why somebody left", "unsubscribe/reason", pointers=("unsubscribe[reason]", "reason")),
        Field("bounce_text", "what the mail server said", "bounce/error", pointers=("bounce[error]", "error")),
        Field("reply", "the answer to a text", "sms/reply", pointers=("sms[reply]",)),
        Field("result", "what ActiveCampaign took it for", "sms/result", pointers=("sms[result]",)),
    ),
    label=f"""CASE
        WHEN {TYPE} = '' THEN 'kind not told'
        WHEN {TYPE} = 'unsubscribe' THEN concat_ws('/', {TYPE}, nullif(lower(trim(initiated_from)), ''))
        WHEN {TYPE} = 'sms_reply' THEN concat_ws('/', {TYPE}, nullif(lower(trim(result)), ''))
        WHEN code_of({TYPE}) IS NOT NULL THEN {TYPE}
        WHEN regexp_matches({TYPE}, 'unsub|opt_?-?out|spam|abuse') THEN 'no/' || {TYPE}
        ELSE 'other' END""",
    codes=CODES,
    says={
        "occurred_at": "date_time",
        "address": "CASE WHEN starts_with(label, 'sms') THEN phone ELSE email END",
        "profile_id": "contact_id",
        "channel": "CASE WHEN starts_with(label, 'sms') THEN 'sms' WHEN starts_with(label, 'no/') THEN '' ELSE 'email' END",
        "scope_id": "CASE WHEN list_id <> '0' THEN list_id END",
        "reason_text": "reason",
        "diagnostic": "bounce_text",
        "body": "reply",
    },
)

FEED = VendorFeed(
    source="activecampaign_events",
    summary="ActiveCampaign webhooks: unsubscriptions, bounces, answers to texts (form bodies, JSON)",
    shapes=(EVENTS,),
    traps=(
        "Webhooks are never repeated: what a receiver misses only `activecampaign_contacts` tells.",
        "A webhook may be delivered more than once.",
        "An unsubscription of a list is one of the whole organisation until `map:` says which list it is.",
        "A webhook fires for the sources that it was set up with: choose all four.",
    ),
    basis=(
        "https://developers.activecampaign.com/page/webhooks",
        "https://github.com/QCCareerSchool-Org/activecampaign-webhooks/tree/main/src/domain/activecampaign",
        "https://github.com/activepieces/activepieces/tree/main/packages/pieces/community/activecampaign/src/lib/triggers",
    ),
)
