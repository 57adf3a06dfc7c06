"""Salesforce's contacts and leads, and the members of its campaigns: exports of the API (Data Loader's CSV, JSON) or of a report.

`HasOptedOutOfEmail` and `DoNotCall` tell neither who said it nor when: an import's "no". A file of contacts without the former is
refused, since a user who may not see the field exports none, and everybody would look free. A bounce is what `EmailBouncedReason`
says it is, at its own time. A merge deletes the records that it takes in and leaves `MasterRecordId` in them, the id of the one
that was kept; only an export of deleted records ("Export All", `queryAll`) shows it. Any other deleted record is gone.

A campaign's statuses are the organisation's own words: those that speak of opting out are a "no" to that campaign, the others
assert nothing. Reports write ids of 15 characters and the API 18: both are the one record, whose id is the longer form.
"""

from pipeline.feeds._crm import Flag, codes, said
from pipeline.feeds._vendor import IGNORED, NO, Field, Shape, VendorFeed, bounce, records_at
from pipeline.vocabulary import BounceClass, Channel

EMAIL = Field("email", "the address", "Email", is_required=True)
PHONE = Field("phone", "phone number", "Phone", ("Business Phone",))
MOBILE = Field("mobile_phone", "mobile number", "MobilePhone", ("MobilePhone", "Mobile", "Mobile Phone"))
FLAGS = (
    Flag("has_opted_out_of_email", "true: no e-mail", Channel.EMAIL, ("HasOptedOutOfEmail", "Email Opt Out"), "HasOptedOutOfEmail", True),
    Flag("do_not_call", "true: no calls", Channel.PHONE, ("DoNotCall", "Do Not Call"), "DoNotCall"),
    Flag("has_opted_out_of_fax", "true: no fax", None, ("HasOptedOutOfFax", "Fax Opt Out"), "HasOptedOutOfFax"),
)
NUMBER = "coalesce(nullif(mobile_phone, ''), phone)"
ADDRESSES = {Channel.EMAIL: "email", Channel.PHONE: "coalesce(nullif(phone, ''), mobile_phone)"}
RECORDS = records_at("records")
OPT_OUT_STATUS = r"opt(ed|s|ing)?[ _-]?out|unsubscri|abgemeldet|abmeldung|afgemeld|uitgeschreven|désabonn|desabonn|disiscri|baja"


def _mailing(name: str, meaning: str, contact: str, lead: str, *labels: str) -> Field:
    """A part of the address; of a contact it has another name than of a lead."""
    return Field(name, meaning, contact, (contact, lead, *labels), pointers=(lead,))


CONTACTS = Shape(
    name="contacts and leads",
    fields=(
        Field("id", "the record", "Id", ("Contact ID", "Lead ID"), is_required=True),
        EMAIL,
        *(flag.field for flag in FLAGS),
        Field("first_name", "first name", "FirstName", ("FirstName",)),
        Field("last_name", "last name", "LastName", ("LastName",)),
        PHONE,
        MOBILE,
        Field("birthdate", "date of birth", "Birthdate"),
        _mailing("street", "street", "MailingStreet", "Street", "Mailing Street"),
        _mailing("postal_code", "postal code", "MailingPostalCode", "PostalCode", "Mailing Zip/Postal Code", "Zip/Postal Code"),
        _mailing("city", "town", "MailingCity", "City", "Mailing City"),
        _mailing("country_code", "ISO country", "MailingCountryCode", "CountryCode", "Mailing Country Code", "Country Code"),
        _mailing("country", "country, where its code is not told", "MailingCountry", "Country", "Mailing Country"),
        Field("last_modified_date", "last change", "LastModifiedDate", ("LastModifiedDate",)),
        Field("is_deleted", "true: in the recycle bin", "IsDeleted", ("IsDeleted", "Deleted")),
        Field("master_record_id", "of a merged record: the one that was kept", "MasterRecordId", ("MasterRecordId",)),
        Field("email_bounced_reason", "what the mail server said", "EmailBouncedReason", ("EmailBouncedReason",)),
        Field("email_bounced_date", "when it bounced", "EmailBouncedDate", ("EmailBouncedDate",)),
    ),
    records=RECORDS,
    each=f"""{said(FLAGS, ADDRESSES)} || CASE
        WHEN trim(email_bounced_reason || email_bounced_date) <> '' THEN [{{'word': 'email bounced', 'address': email}}] ELSE [] END""",
    label="item.word",
    codes={**codes(FLAGS), "email bounced": bounce(BounceClass.UNDETERMINED)},
    says={
        "occurred_at": "CASE WHEN item.word = 'email bounced' THEN email_bounced_date END",
        "address": "item.address",
        "profile_id": "salesforce_id(id)",
        "channel": "'email'",
        "diagnostic": "email_bounced_reason",
    },
    unknown=NO,
    profile={
        "profile_id": "salesforce_id(id)",
        "email": "email",
        "phone": NUMBER,
        "first_name": "first_name",
        "last_name": "last_name",
        "birth_date": "birthdate",
        "street": "street",
        "postal_code": "postal_code",
        "city": "city",
        "country": "coalesce(nullif(trim(country_code), ''), country)",
        "updated_at": "last_modified_date",
        "merged_into": "salesforce_id(master_record_id)",
    },
    profile_when="NOT says_yes(is_deleted) OR trim(master_record_id) <> ''",
    is_snapshot=True,
)

MEMBERS = Shape(
    name="campaign members",
    fields=(
        Field("campaign_id", "the campaign; look it up in `map:`", "CampaignId", ("CampaignId",), is_required=True),
        Field("status", "the member's status, in your own words", "Status", ("Member Status",), is_required=True),
        Field("contact_id", "the contact", "ContactId", ("ContactId",)),
        Field("lead_id", "the lead, where there is no contact", "LeadId", ("LeadId",)),
        EMAIL,
        *(flag.field for flag in FLAGS),
        PHONE,
        MOBILE,
    ),
    records=RECORDS,
    each=f"""{said(FLAGS, ADDRESSES)} || [{{
        'word': CASE WHEN regexp_matches(lower(status), '{OPT_OUT_STATUS}') THEN 'opted out/' ELSE 'status/' END || status,
        'address': email}}]""",
    label="item.word",
    codes={**codes(FLAGS), "opted out": NO, "status": IGNORED, "status/sent": IGNORED, "status/responded": IGNORED},
    says={
        "address": "item.address",
        "profile_id": "salesforce_id(coalesce(nullif(contact_id, ''), lead_id))",
        "channel": "'email'",
        "scope_id": "CASE WHEN starts_with(item.word, 'opted out') THEN campaign_id END",
    },
    unknown=NO,
    is_snapshot=True,
    is_of_those_named=True,
)

FEED = VendorFeed(
    source="salesforce_contacts",
    summary="Salesforce contacts, leads and campaign members with their opt-outs and merges (CSV, JSON)",
    shapes=(MEMBERS, CONTACTS),
    traps=(
        "A file of contacts without `HasOptedOutOfEmail` is refused: a user without access to the field exports everybody as free.",
        "A merge shows in deleted records only: export them too (`queryAll`, or Export All), with `IsDeleted` and `MasterRecordId`.",
        "Contacts and leads are two exports: make two feeds of them, since a file is a whole snapshot.",
        "Reports write ids of 15 characters, the API 18: both are read as 18; an id whose capitals a spreadsheet has lost is another one.",
        "Dates of a report are the exporting user's; those of the API are UTC.",
    ),
    basis=(
        "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contact.htm",
        "https://developer.salesforce.com/docs/platform/field-reference/references/field-reference/salesforce-field-reference-contact.html",
        "https://developer.salesforce.com/docs/platform/api/guide/sforce-api-calls-merge.html",
        "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_campaignmember.htm",
    ),
)
