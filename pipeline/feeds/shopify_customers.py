"""Shopify's customers: the CSV export, answers of the REST API, or lines of a bulk operation of the GraphQL API.

The APIs tell an unsubscription (`UNSUBSCRIBED`, with the time) from a customer who never subscribed, who says nothing. The export
does not: "no" in "Accepts … Marketing" may be either, and is taken for the "no" that it may be, since the first file of an
unbroken run that says it. By whom is not told. A subscription permits nothing: a snapshot's yes is never read. An erased
customer (`REDACTED`) is out of everything, an invalid address is a quarantine. WhatsApp's "no" is about every channel.

A file without the column, or the state, of e-mail marketing is refused.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, opt_out, quarantine, records_at
from pipeline.vocabulary import Actor, Channel, Via

NO_EMAIL = opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.EMAIL)
NO_SMS = opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.SMS)
SAYS_NOTHING = ("subscribed", "not_subscribed", "pending")
CODES: dict[str, Meaning] = {
    "email": NO_EMAIL,
    "email/unsubscribed": NO_EMAIL,
    "email/no": NO_EMAIL,
    "email/invalid": quarantine("invalid_address"),
    "email/redacted": NO,
    "sms": NO_SMS,
    "sms/unsubscribed": NO_SMS,
    "sms/no": NO_SMS,
    "sms/redacted": NO_SMS,
    "whatsapp": NO,
    "whatsapp/no": NO,
    **{f"{channel}/{word}": IGNORED for channel in ("email", "sms", "whatsapp") for word in (*SAYS_NOTHING, "yes")},
}
# Shopify writes an apostrophe before what a spreadsheet would take for a number.
PLAIN = "ltrim(trim({}), '''')"
PLACE = {"street": "concat_ws(', ', nullif(address1, ''), nullif(address2, ''))", "city": "city", "country": "country"}
SAYS = {
    "address": f"CASE WHEN item.word LIKE 'email/%' THEN email ELSE {PLAIN.format('phone')} END",
    "profile_id": PLAIN.format("id"),
    "channel": "CASE WHEN item.word LIKE 'whatsapp/%' THEN 'whatsapp' END",
    "occurred_at": "item.at",
    "reason": "lower(split_part(item.word, '/', 2))",
}


def _said(**words: tuple[str, str]) -> str:
    """SQL: what is said about each channel, from its state and the state's time."""
    each = (
        f"""{{'word': '{channel}/' || lower(nullif(trim({state}), '')),
            'at': CASE WHEN lower({state}) = 'unsubscribed' THEN {at} ELSE '' END}}"""
        for channel, (state, at) in words.items()
    )
    return f"list_filter([{', '.join(each)}], lambda said: said.word IS NOT NULL)"


def _state(name: str, meaning: str, *pointers: str, is_required: bool = False) -> Field:
    return Field(name, meaning, pointers[0], pointers=pointers[1:], is_required=is_required)


EXPORT = Shape(
    name="export",
    fields=(
        Field("id", "the customer", headers=("Customer ID",), is_required=True),
        Field("email", "the address", is_required=True),
        Field("accepts_email", "yes or no", headers=("Accepts Email Marketing", "Accepts Marketing"), is_required=True),
        Field("accepts_sms", "yes or no", headers=("Accepts SMS Marketing",)),
        Field("accepts_whatsapp", "yes or no", headers=("Accepts WhatsApp Marketing",)),
        Field("phone", "the number"),
        Field("first_name", "first name"),
        Field("last_name", "last name"),
        Field("address1", "street", headers=("Default Address Address1",)),
        Field("address2", "its second line", headers=("Default Address Address2",)),
        Field("zip", "postal code", headers=("Default Address Zip",)),
        Field("city", "town", headers=("Default Address City",)),
        Field("country", "country", headers=("Default Address Country Code", "Country Code")),
    ),
    each=_said(email=("accepts_email", "''"), sms=("accepts_sms", "''"), whatsapp=("accepts_whatsapp", "''")),
    label="item.word",
    codes=CODES,
    says=SAYS,
    unknown=NO_EMAIL,
    profile={
        "profile_id": PLAIN.format("id"),
        "email": "email",
        "phone": PLAIN.format("phone"),
        "first_name": "first_name",
        "last_name": "last_name",
        "postal_code": PLAIN.format("zip"),
        **PLACE,
    },
    is_snapshot=True,
)
API = Shape(
    name="api",
    fields=(
        Field("id", "the customer", is_required=True),
        _state(
            "email_state",
            "the state of e-mail marketing",
            "email_marketing_consent/state",
            "emailMarketingConsent/marketingState",
            "defaultEmailAddress/marketingState",
            is_required=True,
        ),
        _state(
            "email_at",
            "since when",
            "email_marketing_consent/consent_updated_at",
            "emailMarketingConsent/consentUpdatedAt",
            "defaultEmailAddress/marketingUpdatedAt",
        ),
        _state(
            "sms_state",
            "the state of marketing by text",
            "sms_marketing_consent/state",
            "smsMarketingConsent/marketingState",
            "defaultPhoneNumber/marketingState",
        ),
        _state(
            "sms_at",
            "since when",
            "sms_marketing_consent/consent_updated_at",
            "smsMarketingConsent/consentUpdatedAt",
            "defaultPhoneNumber/marketingUpdatedAt",
        ),
        _state("email", "the address", "email", "defaultEmailAddress/emailAddress"),
        _state("phone", "the number", "phone", "defaultPhoneNumber/phoneNumber"),
        _state("first_name", "first name", "first_name", "firstName"),
        _state("last_name", "last name", "last_name", "lastName"),
        _state("address1", "street", "default_address/address1", "defaultAddress/address1"),
        _state("address2", "its second line", "default_address/address2", "defaultAddress/address2"),
        _state("zip", "postal code", "default_address/zip", "defaultAddress/zip"),
        _state("city", "town", "default_address/city", "defaultAddress/city"),
        _state("country", "country", "default_address/country_code", "defaultAddress/countryCodeV2"),
        _state("language", "language", "locale"),
        _state("updated", "when the customer was changed last", "updated_at", "updatedAt"),
    ),
    records=records_at("customers"),
    each=_said(email=("email_state", "email_at"), sms=("sms_state", "sms_at")),
    label="item.word",
    codes=CODES,
    says={**SAYS, "profile_id": "regexp_extract(id, '[0-9]*$')"},
    unknown=NO_EMAIL,
    profile={
        "profile_id": "regexp_extract(id, '[0-9]*$')",
        "email": "email",
        "phone": "phone",
        "first_name": "first_name",
        "last_name": "last_name",
        "postal_code": "zip",
        **PLACE,
        "language": "language",
        "updated_at": "updated",
    },
    # A bulk operation writes the objects inside of a customer on lines of their own.
    profile_when="regexp_matches(id, '^([0-9]+|gid://shopify/Customer/[0-9]+)$')",
    reads_otherwise="^(email_?marketing_?consent|sms_?marketing_?consent)$",
    is_snapshot=True,
)

FEED = VendorFeed(
    source="shopify_customers",
    summary="Shopify customers with their marketing states: the export (CSV), the REST API or a bulk operation (JSON)",
    shapes=(EXPORT, API),
    traps=(
        'In the export "no" also stands for customers who never subscribed: take the API where only an unsubscription shall restrict.',
        "The export writes an apostrophe before ids, numbers and postal codes.",
        "A customer's id is the number at the end of GraphQL's `gid://shopify/Customer/…`: both APIs and the export agree in it.",
        "Answers of the REST API belong into one file, one page a line: a file is a whole snapshot.",
    ),
    basis=(
        "https://help.shopify.com/en/manual/customers/import-export-customers",
        "https://shopify.dev/docs/api/admin-rest/latest/resources/customer",
        "https://shopify.dev/docs/api/admin-graphql/unstable/enums/customeremailmarketingstate",
        "https://shopify.dev/docs/api/admin-graphql/unstable/input-objects/CustomerEmailMarketingConsentInput",
        "https://shopify.dev/docs/api/admin-graphql/2024-04/objects/CustomerEmailAddress",
    ),
)
