"""Odoo's partners and mailing contacts, subscriptions to its mailing lists, and its blacklists of addresses and numbers: exports, or
answers of its API, whose names they share.

An address on the blacklist gets no mailing from any list; whether its owner or staff put it there is not told, so it is an import's
"no", as is `is_blacklisted` on a contact. A blacklist's row that is archived (`active` false) is none any more, and lifts nothing. A
subscription with `opt_out` is a "no" to its list, at `opt_out_datetime` (`unsubscription_date` before Odoo 17), again without its
author; it names the address and no contact, so that whoever stands in Odoo several times leaves the list with all of them.
`message_bounce` only counts. In answers of the API an empty field is `false`, and times are UTC.

Odoo's merge of partners leaves nothing in an export: what the lost partner said holds by its address and by its id.
"""

from pipeline.feeds._crm import Flag, codes, said
from pipeline.feeds._vendor import IGNORED, NO, Field, Shape, VendorFeed, records_at
from pipeline.vocabulary import Channel

FLAGS = (
    Flag("is_blacklisted", "the address is on the blacklist", Channel.EMAIL, ("Blacklist", "Is Blacklisted"), is_required=True),
    Flag("phone_sanitized_blacklisted", "the number is on the blacklist", Channel.SMS, ("Phone Blacklisted",)),
)
FILLED = "CASE WHEN word({0}) <> 'false' THEN {0} ELSE '' END"
"""A field that an answer of the API has as `false` is empty."""
EMAIL, PHONE, MOBILE = FILLED.format("email"), FILLED.format("phone"), FILLED.format("mobile")
NUMBER = f"coalesce(nullif({MOBILE}, ''), {PHONE})"
RECORDS = records_at("result")
"""The rows of a JSON-RPC answer."""

CONTACTS = Shape(
    name="contacts",
    fields=(
        Field("id", "the contact", headers=(".id", "External ID"), is_required=True),
        Field("email", "the address", is_required=True),
        *(flag.field for flag in FLAGS),
        Field("name", "the whole name", headers=("Display Name",)),
        Field("first_name", "first name, where Odoo divides them"),
        Field("last_name", "last name"),
        Field("mobile", "mobile number", headers=("Mobile",)),
        Field("phone", "phone number", headers=("Phone",)),
        Field("street", "street", headers=("Street",)),
        Field("zip", "postal code", headers=("Zip",)),
        Field("city", "town", headers=("City",)),
        Field("country_code", "ISO country", headers=("country_id/code", "Country/Country Code")),
        Field("country", "its name, where its code is not told", headers=("country_id", "Country")),
        Field("lang", "language", headers=("Language",)),
        Field("ref", "its id in another system", headers=("Reference",)),
        Field("write_date", "last change, UTC", headers=("Last Updated on",)),
        Field("active", "false: archived", headers=("Active",)),
    ),
    records=RECORDS,
    each=said(FLAGS, {Channel.EMAIL: EMAIL, Channel.SMS: NUMBER}),
    label="item.word",
    codes=codes(FLAGS),
    says={"address": "item.address", "profile_id": "id"},
    unknown=NO,
    profile={
        "profile_id": "id",
        "email": EMAIL,
        "phone": NUMBER,
        "first_name": "coalesce(nullif(first_name, ''), split_part(trim(name), ' ', 1))",
        "last_name": r"coalesce(nullif(last_name, ''), regexp_extract(trim(name), '^\S+\s+(.*)$', 1))",
        "street": FILLED.format("street"),
        "postal_code": FILLED.format("zip"),
        "city": FILLED.format("city"),
        "country": f"coalesce(nullif({FILLED.format('country_code')}, ''), {FILLED.format('country')})",
        "language": FILLED.format("lang"),
        "updated_at": "utc_written(write_date)",
        "external_id": FILLED.format("ref"),
    },
    profile_when="active = '' OR says_yes(active)",
    is_snapshot=True,
)

SUBSCRIPTIONS = Shape(
    name="subscriptions",
    fields=(
        Field("email", "the address of its contact", "contact_id/email", ("contact_id/email", "Contact/Email"), is_required=True),
        Field("list_id", "the list, in the API `[id, name]`; look it up in `map:`",
            headers=("list_id/.id", "list_id/id", "Mailing List", "Mailing List/ID"),
            is_required=True),
        Field("opt_out", "true: left the list", headers=("Opt Out",), is_required=True),
        Field("opt_out_datetime", "when, UTC", headers=("unsubscription_date", "Unsubscription Date"), pointers=("unsubscription_date",)),
    ),
    records=RECORDS,
    label="CASE WHEN says_yes(opt_out) THEN 'opt_out' ELSE 'subscribed' END",
    codes={"opt_out": NO, "subscribed": IGNORED},
    says={
        "occurred_at": f"utc_written({FILLED.format('opt_out_datetime')})",
        "address": "email",
        "channel": "'email'",
        "scope_id": "CASE WHEN starts_with(list_id, '[') THEN json_in(list_id) ->> '$[0]' ELSE list_id END",
    },
    is_snapshot=True,
)  # fmt: skip


def _blacklist(name: str, field: Field, channel: Channel) -> Shape:
    """The blacklist of addresses or of numbers."""
    return Shape(
        name=name,
        fields=(field, Field("active", "false: taken off again", headers=("Active",), is_required=True)),
        records=RECORDS,
        label="CASE WHEN active = '' OR says_yes(active) THEN 'blacklisted' ELSE 'archived' END",
        codes={"blacklisted": NO, "archived": IGNORED},
        says={"address": field.name, "channel": f"'{channel}'"},
        is_snapshot=True,
    )


FEED = VendorFeed(
    source="odoo_contacts",
    summary="Odoo partners and mailing contacts, list subscriptions and blacklists (CSV, XLSX, JSON)",
    shapes=(
        SUBSCRIPTIONS,
        CONTACTS,
        _blacklist("blacklist of addresses", Field("email", "the address", headers=("Email Address",), is_required=True), Channel.EMAIL),
        _blacklist("blacklist of numbers", Field("number", "the number", headers=("Phone Number",), is_required=True), Channel.SMS),
    ),
    traps=(
        "An export of contacts without `is_blacklisted` is refused; so is a blacklist without `active`.",
        "Leaving a list is in no contact: export the subscriptions as well, each with its list's id and its contact's e-mail.",
        "Take export-compatible names or English labels, and one row a record: a list inside of a row makes several of it.",
        "Partners and mailing contacts are two exports with the same numbers: make two feeds of them, and export `External ID`.",
    ),
    basis=(
        "https://github.com/odoo/odoo/blob/17.0/addons/mass_mailing/models/mailing_contact.py",
        "https://github.com/odoo/odoo/blob/saas-18.4/addons/mass_mailing/models/mailing_subscription.py",
        "https://github.com/odoo/odoo/blob/17.0/addons/mail/models/mail_blacklist.py",
        "https://documentation.invantive.com/2017R2/odoo-data-model/webhelp/odoo-connector-mail-thread_blacklist.html",
        "https://www.odoo.com/documentation/latest/applications/marketing/email_marketing/unsubscriptions.html",
    ),
)
