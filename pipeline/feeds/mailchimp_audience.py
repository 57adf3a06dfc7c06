"""Mailchimp's audience export, a zip of one CSV file per status, the members that its API gives, and the bodies of its webhooks.

The status stands in the file's name (`subscribed_…`, `unsubscribed_…`, `cleaned_…`, `nonsubscribed_…`); the unsubscribed and
the cleaned have a column of their own besides. A file that tells its status by neither is refused: it would make subscribers
of everybody in it. A subscription asserts nothing, nor do OPTIN_TIME and CONFIRM_TIME (an import fills them too).

Restrictive where the vendor says too little: an unsubscription without a campaign may be an administrator's and is not taken
for the owner's; an archived member may have unsubscribed before, and is opted out. A webhook's `subscribe` does not tell who
subscribed, the member or an import: it permits nothing.
"""

from dataclasses import replace

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, complaint, opt_out, quarantine
from pipeline.vocabulary import Actor, Channel, Via

CODES: dict[str, Meaning] = {
    "subscribed": IGNORED,
    "nonsubscribed": IGNORED,
    "transactional": IGNORED,
    "pending": IGNORED,
    "unsubscribed": NO,
    "unsubscribed/campaign": opt_out(Via.ONE_CLICK),
    "unsubscribed/abuse": complaint(),
    "archived": NO,
    "cleaned": quarantine("bounced"),
    "sms": opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.SMS),
    "sms/unsubscribed": opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.SMS),
    "sms/subscribed": IGNORED,
    "sms/non-subscribed": IGNORED,
    "sms/nonsubscribed": IGNORED,
    "sms/pending": IGNORED,
}
FIRST_NAMES = ("First Name", "FNAME", "Vorname", "Voornaam", "Prénom")
LAST_NAMES = ("Last Name", "LNAME", "Nachname", "Familienname", "Achternaam", "Nom")
PHONES = ("Phone Number", "Telefonnummer", "Telefon", "Telefoonnummer")
EMAIL = Field("email", "the member", "email_address", is_required=True, headers=(
    "Email Address", "E-Mail Address", "E-Mail", "E-Mail-Adresse", "E-mailadres", "Adresse e-mail", "EMAIL",
))  # fmt: skip
UNSUBSCRIBED_AT = Field("unsub_time", "when the member unsubscribed")
CLEANED_AT = Field("clean_time", "when Mailchimp gave the address up")
STATUS = Field("status", "in the API: the member's status")
AUDIENCE = Field("list_id", "in the API: the audience; look it up in `map:`")
FIELDS = (
    EMAIL,
    UNSUBSCRIBED_AT,
    CLEANED_AT,
    Field("unsub_campaign_id", "the campaign whose link was used"),
    Field("unsub_campaign_title", "its name"),
    Field("clean_campaign_title", "the campaign that bounced"),
    Field("unsub_reason", "why, as the member or Mailchimp says", "unsubscribe_reason"),
    Field("unsub_reason_other", "why, in the member's words"),
    Field("euid", "Mailchimp's id of the member", "unique_email_id"),
    Field("leid", "the member's id in the audience", "web_id"),
    Field("first_name", "a merge field; its label is the audience's", "merge_fields/FNAME", FIRST_NAMES),
    Field("last_name", "likewise", "merge_fields/LNAME", LAST_NAMES),
    Field("phone", "likewise", "merge_fields/PHONE", PHONES),
    Field("sms_phone", "the number for text messages", "sms_phone_number", ("SMS Phone Number",)),
    Field("sms_status", "whether it may be used", "sms_subscription_status", ("SMS_MARKETING_STATUS",)),
    Field("last_changed", "when anything about the member changed last"),
    Field("language", "the member's language"),
    STATUS,
    AUDIENCE,
)
MEMBER = "coalesce(nullif(euid, ''), nullif(leid, ''), lower(trim(email)))"
# Excel's apostrophe keeps a number text.
NUMBER = "ltrim({}, '''')"
UNSUBSCRIBED = """'unsubscribed' || CASE
    WHEN contains(lower(unsub_reason), 'abuse') THEN '/abuse'
    WHEN unsub_campaign_id || unsub_campaign_title <> '' THEN '/campaign'
    ELSE '' END"""
SMS = "CASE WHEN sms_status <> '' THEN 'sms/' || sms_status END"


def members(name: str, label: str, *, file_names: tuple[str, ...] = (), required: tuple[Field, ...] = (), records: str = "") -> Shape:
    """The members of one status, by the file's name or by a column that only they have."""
    fields = tuple(replace(field, is_required=field in (EMAIL, *required)) for field in FIELDS)
    return Shape(
        name=name,
        fields=fields,
        records=records,
        each="['email', 'sms']",
        label=f"""CASE
            WHEN item = 'sms' THEN {SMS} WHEN unsub_time <> '' THEN {UNSUBSCRIBED} WHEN clean_time <> '' THEN 'cleaned' ELSE {label} END""",
        codes=CODES,
        says={
            "occurred_at": "CASE WHEN item = 'sms' THEN '' WHEN label = 'cleaned' THEN clean_time ELSE unsub_time END",
            "address": f"CASE WHEN item = 'sms' THEN {NUMBER.format('sms_phone')} ELSE email END",
            "profile_id": MEMBER,
            "channel": "'email'",
            "scope_id": "list_id",
            "campaign": "CASE WHEN label = 'cleaned' THEN clean_campaign_title ELSE unsub_campaign_title END",
            "reason_text": "concat_ws(': ', nullif(unsub_reason, ''), nullif(unsub_reason_other, ''))",
        },
        unknown=NO,
        profile={
            "profile_id": MEMBER,
            "email": "email",
            "phone": NUMBER.format("coalesce(nullif(phone, ''), sms_phone)"),
            "first_name": "first_name",
            "last_name": "last_name",
            "language": "language",
            "updated_at": "last_changed",
        },
        file_names=file_names,
        is_snapshot=True,
    )


def _body(name: str, meaning: str, path: str, *, is_required: bool = False) -> Field:
    """A field of a webhook's `data`: nested in JSON, with brackets in a form-encoded body."""
    return Field(name, meaning, f"data/{path}", pointers=(f"data[{path}]",), is_required=is_required)


WEBHOOK = Shape(
    name="webhook",
    fields=(
        Field("type", "subscribe, unsubscribe, profile, upemail, cleaned or campaign", is_required=True),
        Field("fired_at", "when it happened", is_required=True),
        _body("email", "the member", "email"),
        _body("action", "of an unsubscription: unsub, or delete", "action"),
        _body("reason", "manual or abuse; of a cleaned address hard or abuse", "reason"),
        _body("campaign_id", "the campaign whose link was used, or that bounced", "campaign_id"),
        _body("member", "Mailchimp's id of the member", "id"),
        _body("list_id", "the audience; look it up in `map:`", "list_id"),
    ),
    label="""'hook/' || lower(trim(type)) || CASE
        WHEN lower(trim(reason)) = 'abuse' THEN '/abuse'
        WHEN lower(trim(type)) = 'unsubscribe' AND campaign_id <> '' THEN '/campaign'
        ELSE '' END""",
    codes={
        "hook/unsubscribe": NO,
        "hook/unsubscribe/campaign": opt_out(Via.ONE_CLICK),
        "hook/unsubscribe/abuse": complaint(),
        "hook/cleaned": quarantine("bounced"),
        "hook/cleaned/abuse": complaint(),
        **{f"hook/{word}": IGNORED for word in ("subscribe", "profile", "upemail", "campaign")},
    },
    says={
        "event_id": "md5(concat_ws('/', type, list_id, member, email, fired_at))",
        "occurred_at": "fired_at",
        "address": "email",
        "channel": "'email'",
        "scope_id": "list_id",
        "campaign": "campaign_id",
        "reason_text": "concat_ws(': ', nullif(action, ''), nullif(reason, ''))",
    },
    unknown=NO,
)

FEED = VendorFeed(
    source="mailchimp_audience",
    summary="Mailchimp audience export: the zip of its CSV files by status, members of the API (JSON), or the bodies of webhooks",
    # The first name that fits counts: `unsubscribed_` has `subscribed_` in it.
    shapes=(
        members("unsubscribed", UNSUBSCRIBED, file_names=("unsubscribed",)),
        members("cleaned", "'cleaned'", file_names=("cleaned",)),
        members("nonsubscribed", "'nonsubscribed'", file_names=("nonsubscribed", "non-subscribed", "non_subscribed")),
        members("subscribed", "'subscribed'", file_names=("subscribed",)),
        members("unsubscribed", UNSUBSCRIBED, required=(UNSUBSCRIBED_AT,)),
        members("cleaned", "'cleaned'", required=(CLEANED_AT,)),
        members(
            "members",
            f"CASE WHEN lower(status) = 'unsubscribed' THEN {UNSUBSCRIBED} ELSE status END",
            required=(STATUS, AUDIENCE),
            records="""from_json(json -> '$.members', '["JSON"]')""",
        ),
        WEBHOOK,
    ),
    traps=(
        "The status of a row is in its file's name: never rename the files of an export.",
        "OPTIN_TIME and CONFIRM_TIME are filled by imports too; they prove no consent.",
        "Labels of merge fields are the audience's own: rename a column that is not in the list above, or it becomes an attribute.",
        "Times have no offset; the zone is the feed's `timezone`.",
        "Cleaned addresses bounced, hard or again and again: they come back as quarantine, not as new bounces.",
        "Webhooks: one form-encoded body a line, or JSON; a changed address (`upemail`) and a subscription are told by the next export.",
        "Pages of the API belong into one file, one page a line: a file is a whole snapshot.",
    ),
    basis=(
        "https://mailchimp.com/help/view-unsubscribed-contacts/",
        "http://kb.mailchimp.com/lists/managing-subscribers/view-unsubscribed-and-cleaned-addresses",
        "http://ginkgo.st/~ca/roadmap/mailchimp-and-civicrm-overview/notes-on-mailchimp-data-exports",
        "https://github.com/knadh/listmonk/issues/2363",
        "https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/",
        "https://github.com/veda-consulting-company/uk.co.vedaconsulting.mailchimp/issues/277",
    ),
)
