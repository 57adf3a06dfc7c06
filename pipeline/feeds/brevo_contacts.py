"""Brevo's contacts: the CSV export, separated by semicolons, or the pages of the API.

Brevo blacklists a contact that unsubscribed, complained or bounced hard, and whomever staff blacklists; the export tells
neither which nor when. So it is an opt-out that is not attributed to the owner, and it counts since the first export in an
unbroken run that says it. An export without EMAIL_BLACKLISTED is refused: everybody in it would look free.
"""

from pipeline.feeds._vendor import NO, Field, Shape, VendorFeed, opt_out
from pipeline.vocabulary import Actor, Channel, Via

NO_SMS = opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.SMS)
CODES = {
    **{f"email_blacklisted{yes}": NO for yes in ("", "/yes", "/true", "/1", "/oui", "/ja", "/si", "/sí")},
    **{f"sms_blacklisted{yes}": NO_SMS for yes in ("", "/yes", "/true", "/1", "/oui", "/ja", "/si", "/sí")},
    "list_unsubscribed": NO,
}
CONTACT = "coalesce(nullif(id, ''), nullif(lower(trim(email)), ''), sms)"
# A number comes with its country's code and without the plus.
NUMBER = r"CASE WHEN regexp_full_match(trim(sms), '[1-9]\d{9,14}') THEN '+' || trim(sms) ELSE sms END"
FLAGS = """[
    {'word': 'email_blacklisted', 'said': email_blacklisted, 'id': ''}, {'word': 'sms_blacklisted', 'said': sms_blacklisted, 'id': ''}]"""
LISTS = "list_transform(json_items(list_unsubscribed), lambda list: {'word': 'list_unsubscribed', 'said': 'yes', 'id': list ->> '$'})"
SAYS = {
    "address": f"CASE WHEN item.word = 'sms_blacklisted' THEN {NUMBER} ELSE email END",
    "profile_id": CONTACT,
    "channel": "'email'",
    "scope_id": "item.id",
    "reason": "item.word",
}
LABEL = """CASE
    WHEN item.word = 'list_unsubscribed' THEN item.word
    WHEN says_yes(item.said) THEN item.word || '/' || trim(item.said) END"""
PROFILE = {
    "profile_id": CONTACT,
    "email": "email",
    "phone": NUMBER,
    "first_name": "first_name",
    "last_name": "last_name",
    "updated_at": r"local_written(modified, ['%d-%m-%Y %H:%M', '%d-%m-%Y %H:%M:%S'])",
    "external_id": "external_id",
}
FIRST_NAMES, LAST_NAMES = ("FIRSTNAME", "VORNAME", "PRENOM", "VOORNAAM"), ("LASTNAME", "NACHNAME", "NOM", "ACHTERNAAM")
EXPORT = Shape(
    name="export",
    fields=(
        Field("email", "the contact", headers=("E-MAIL",), is_required=True),
        Field("email_blacklisted", "Yes: no campaigns by e-mail", headers=("EMAIL_BLOCKLISTED",), is_required=True),
        Field("sms_blacklisted", "Yes: none by SMS", headers=("SMS_BLOCKLISTED",)),
        Field("id", "Brevo's id, where it was exported", headers=("CONTACT_ID",)),
        Field("external_id", "your own id", headers=("EXT_ID",)),
        Field("sms", "the mobile number"),
        Field("first_name", "an attribute; its name is the account's", headers=FIRST_NAMES),
        Field("last_name", "likewise", headers=LAST_NAMES),
        Field("modified", "when it was changed last", headers=("MODIFIED_TIME",)),
    ),
    each=FLAGS,
    label=LABEL,
    codes=CODES,
    says=SAYS,
    unknown=NO,
    profile=PROFILE,
    is_snapshot=True,
)
API_PAGES = Shape(
    name="contacts of the API",
    fields=(
        Field("email", "the contact", is_required=True),
        Field("email_blacklisted", "whether it gets no campaigns by e-mail", "emailBlacklisted", is_required=True),
        Field("sms_blacklisted", "whether it gets none by SMS", "smsBlacklisted"),
        Field("list_unsubscribed", "the lists that it left; look them up in `map:`", "listUnsubscribed"),
        Field("id", "Brevo's id"),
        Field("external_id", "your own id", "attributes/EXT_ID"),
        Field("sms", "the mobile number", "attributes/SMS"),
        Field("first_name", "an attribute", pointers=tuple(f"attributes/{name}" for name in FIRST_NAMES)),
        Field("last_name", "an attribute", pointers=tuple(f"attributes/{name}" for name in LAST_NAMES)),
        Field("modified", "when it was changed last", "modifiedAt"),
    ),
    records="""from_json(json -> '$.contacts', '["JSON"]')""",
    each=f"list_concat({FLAGS}, {LISTS})",
    label=LABEL,
    codes=CODES,
    says=SAYS,
    unknown=NO,
    profile=PROFILE,
    is_snapshot=True,
)

FEED = VendorFeed(
    source="brevo_contacts",
    summary="Brevo contacts: the CSV export or pages of the API (JSON)",
    shapes=(EXPORT, API_PAGES),
    traps=(
        "EMAIL_BLACKLISTED has no time and no reason: it counts since the first export of an unbroken run.",
        "Anything but a plain no in EMAIL_BLACKLISTED or SMS_BLACKLISTED is a yes.",
        "Without an exported id the address is the profile's id: a changed address is another profile.",
        "Dates are day first (DD-MM-YYYY) and have no offset; the zone is the feed's `timezone`.",
        "Pages of the API belong into one file, one page a line: a file is a whole snapshot.",
    ),
    basis=(
        "https://developers.brevo.com/reference/get-contacts",
        "https://developers.brevo.com/reference/request-contact-export",
        "https://help.brevo.com/hc/en-us/articles/5317448358034-Blocklist-unblock-or-resubscribe-contacts",
        "https://help.sendinblue.com/hc/en-us/articles/208773869-Import-a-blacklist-of-subscribers",
    ),
)
