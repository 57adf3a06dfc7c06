"""Klaviyo's profiles: pages of the API with their subscriptions, or the CSV export of a list or segment.

A "no" is a consent of UNSUBSCRIBED, a suppression, or a list's suppression. Klaviyo says who did it for USER_SUPPRESSED alone:
people of the company, or an import from another system. `consent_timestamp` may be that of the subscription, so that an
unsubscription counts since the first file of an unbroken run that says it; a suppression has a time of its own. SUBSCRIBED
permits nothing, whatever its method and `double_optin` say: a snapshot's yes is never read. A profile that may not get e-mail,
and nothing says why, is restricted as Klaviyo restricts it. WhatsApp has its own consent, whose "no" is about every channel.

The export knows no list suppressions and no times. It is refused without "Email Marketing Consent" and "Email Suppressions":
everybody in it would look free. The API leaves the subscriptions out unless they are asked for, and is refused without them.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, complaint, opt_out, quarantine
from pipeline.vocabulary import Actor, Channel, Via

NO_SMS = opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.SMS)
REASONS: dict[str, Meaning] = {
    "hard_bounce": quarantine("bounced"),
    "invalid_email": quarantine("invalid_address"),
    "spam_complaint": complaint(),
    "unsubscribe": NO,
    "unsubscribed": NO,
    "user_suppressed": opt_out(Via.MANUAL, Actor.STAFF),
}
CODES: dict[str, Meaning] = {
    "email": NO,
    "email/subscribed": IGNORED,
    "email/never_subscribed": IGNORED,
    "email/unsubscribed": NO,
    "email/cannot receive": quarantine("suppressed"),
    "suppressed": NO,
    **{f"suppressed/{reason}": meaning for reason, meaning in REASONS.items()},
    "sms": NO_SMS,
    "sms/subscribed": IGNORED,
    "sms/never_subscribed": IGNORED,
    "sms/unsubscribed": NO_SMS,
    "whatsapp": NO,
    "whatsapp/subscribed": IGNORED,
    "whatsapp/never_subscribed": IGNORED,
    "whatsapp/unsubscribed": NO,
}
SAYS = {
    "address": "CASE WHEN starts_with(item.word, 'sms') OR starts_with(item.word, 'whatsapp') THEN phone_number ELSE email END",
    "profile_id": "id",
    "channel": "CASE WHEN starts_with(item.word, 'whatsapp') THEN 'whatsapp' ELSE 'email' END",
    "occurred_at": "item.at",
    "scope_id": "item.list",
    "reason": "CASE WHEN starts_with(item.word, 'suppressed') THEN lower(split_part(item.word, '/', 2)) END",
}
PROFILE = {
    "profile_id": "id",
    "email": "email",
    "phone": "phone_number",
    "first_name": "first_name",
    "last_name": "last_name",
    "street": "concat_ws(', ', nullif(address1, ''), nullif(address2, ''))",
    "postal_code": "zip",
    "city": "city",
    "country": "country",
    "updated_at": "updated",
    "external_id": "external_id",
}


def _said(word: str, at: str = "''", list_id: str = "''") -> str:
    return f"{{'word': {word}, 'at': coalesce({at}, ''), 'list': coalesce({list_id}, '')}}"


def _subscription(path: str) -> str:
    return f"json_in(subscriptions) ->> '$.{path}'"


CONSENTS = (
    "email.marketing",
    "sms.marketing",
    "sms.transactional",
    "whatsapp.marketing",
    "whatsapp.transactional",
    "whatsapp.conversational",
)
CANNOT = f"""CASE WHEN ({_subscription("email.marketing.can_receive_email_marketing")}) = 'false'
    AND coalesce(({_subscription("email.marketing.consent")}) <> 'UNSUBSCRIBED', true)
    AND len(json_items({_subscription("email.marketing.suppression")})) = 0 THEN 'email/cannot receive' END"""
SUPPRESSIONS, LISTS = (
    f"""list_transform(json_items({_subscription(f"email.marketing.{name}")}), lambda s: {
        _said("concat_ws('/', 'suppressed', s ->> '$.reason')", "s ->> '$.timestamp'", "s ->> '$.list_id'")
    })"""
    for name in ("suppression", "list_suppressions")
)
API = Shape(
    name="api",
    fields=(
        Field("id", "the profile", is_required=True),
        Field("subscriptions", "consent and suppressions: ask for `additional-fields[profile]=subscriptions`", is_required=True),
        Field("email", "the address"),
        Field("phone_number", "the number"),
        Field("external_id", "your own id"),
        Field("first_name", "first name"),
        Field("last_name", "last name"),
        Field("address1", "street", pointer="location/address1"),
        Field("address2", "its second line", pointer="location/address2"),
        Field("zip", "postal code", pointer="location/zip"),
        Field("city", "town", pointer="location/city"),
        Field("country", "country", pointer="location/country"),
        Field("updated", "when it was changed last"),
    ),
    records="""CASE WHEN json_exists(json, '$.data') THEN list_transform(json_items(json -> '$.data'),
        lambda p: json_merge_patch(coalesce(p -> '$.attributes', '{}'), json_object('id', p ->> '$.id'))) END""",
    each=f"""list_filter(list_distinct([
            {", ".join(_said(f"'{path.split('.')[0]}/' || ({_subscription(f'{path}.consent')})") for path in CONSENTS)}, {_said(CANNOT)}
        ]) || {SUPPRESSIONS} || {LISTS}, lambda said: said.word IS NOT NULL)""",
    label="item.word",
    codes=CODES,
    says=SAYS,
    unknown=NO,
    profile=PROFILE,
    reads_otherwise="^(email|sms|whatsapp|mobile_push)$",
    is_snapshot=True,
)
SUPPRESSED_CELL = """CASE WHEN says_yes(suppressions) THEN CASE WHEN regexp_matches(suppressions, '[A-Za-z]')
    THEN list_filter(regexp_split_to_array(suppressions, '[^A-Za-z_]+'), lambda w: w <> '') ELSE [''] END END"""
"""The reasons in the cell; a "yes" in it that is none is a suppression without its reason."""
EXPORT = Shape(
    name="export",
    fields=(
        Field("id", "the profile", headers=("Klaviyo ID",), is_required=True),
        Field("consent", "SUBSCRIBED, UNSUBSCRIBED or NEVER_SUBSCRIBED", headers=("Email Marketing Consent",), is_required=True),
        Field("suppressions", "why Klaviyo sends no e-mail; empty: it does", headers=("Email Suppressions",), is_required=True),
        Field("sms_consent", "likewise for text messages", headers=("SMS Marketing Consent",)),
        Field("whatsapp_consent", "likewise for WhatsApp", headers=("WhatsApp Marketing Consent",)),
        Field("email", "the address", is_required=True),
        Field("phone_number", "the number"),
        Field("external_id", "your own id"),
        Field("first_name", "first name"),
        Field("last_name", "last name"),
        Field("address1", "street", headers=("Address",)),
        Field("address2", "its second line", headers=("Address 2",)),
        Field("zip", "postal code", headers=("Zip Code",)),
        Field("city", "town"),
        Field("country", "country"),
        Field("updated", "when it was changed last", headers=("Profile Updated On",)),
    ),
    each=f"""list_filter([
            {_said("'email/' || nullif(trim(consent), '')")},
            {_said("'sms/' || nullif(trim(sms_consent), '')")},
            {_said("'whatsapp/' || nullif(trim(whatsapp_consent), '')")}
        ] || list_transform(coalesce({SUPPRESSED_CELL}, []), lambda word: {_said("concat_ws('/', 'suppressed', nullif(word, ''))")}),
        lambda said: said.word IS NOT NULL)""",
    label="item.word",
    codes=CODES,
    says=SAYS,
    unknown=NO,
    profile=PROFILE,
    is_snapshot=True,
)

FEED = VendorFeed(
    source="klaviyo_profiles",
    summary="Klaviyo profiles with consent and suppressions: pages of the API (JSON) or the export of a list or segment (CSV)",
    shapes=(API, EXPORT),
    traps=(
        "The API tells subscriptions only when asked: `additional-fields[profile]=subscriptions`.",
        "A profile can be SUBSCRIBED and suppressed at the same time.",
        "USER_SUPPRESSED also stands for those who were suppressed in the system before Klaviyo.",
        "The export of one list holds its members only: export a segment of everybody, or use `klaviyo_suppressions` besides.",
        "Pages of the API belong into one file, one page a line: a file is a whole snapshot.",
    ),
    basis=(
        "https://developers.klaviyo.com/en/reference/get_profiles",
        "https://raw.githubusercontent.com/klaviyo/openapi/main/openapi/stable/apis/get_profiles.json",
        "https://developers.klaviyo.com/en/docs/collect_email_and_sms_consent_via_api",
        "https://help.klaviyo.com/hc/en-us/articles/115005246108-Understanding-suppressed-email-profiles",
        "https://help.klaviyo.com/hc/en-us/articles/115005078687",
    ),
)
