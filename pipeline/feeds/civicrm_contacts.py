"""CiviCRM's contacts: the CSV of an export, or answers of its API (versions 3 and 4); and the activities that tell its merges.

The flags tell neither who set them nor when: an import's "no". `is_opt_out` and `do_not_email` are both about e-mail, "do not
trade" is about handing the record to others, and no message. An address is on hold because it bounced (1) or opted out (2): the
first is CiviCRM's own quarantine, the second a "no"; `hold_date` tells since when. A hold of another kind is a quarantine.
A file without the two flags of e-mail is refused: everybody in it would look free.

A merge shows in no field of a contact. CiviCRM writes an activity for it, "Contact Merged" at the contact that was kept and
"Contact Deleted by Merge" at the other one, with the ids in the subject; a file of such activities lies beside the contacts.
"""

from pipeline.feeds._crm import Flag, codes, said
from pipeline.feeds._vendor import NO, Field, Shape, VendorFeed, opt_out, quarantine
from pipeline.vocabulary import Actor, Channel, Via

FLAGS = (
    Flag("is_opt_out", "no bulk mail", Channel.EMAIL, ("No Bulk Emails (User Opt Out)", "Is Opt Out"), is_required=True),
    Flag("do_not_email", "no e-mail", Channel.EMAIL, ("Do Not Email",), is_required=True),
    Flag("do_not_phone", "no calls", Channel.PHONE, ("Do Not Phone",)),
    Flag("do_not_sms", "no texts", Channel.SMS, ("Do Not Sms",)),
    Flag("do_not_mail", "no letters", Channel.POST, ("Do Not Mail",)),
    Flag("do_not_trade", "not to be handed to others", None, ("Do Not Trade",)),
)
OPTED_OUT = opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.EMAIL)
RECORDS = """CASE json_type(json -> '$.values')
    WHEN 'ARRAY' THEN json_items(json -> '$.values') WHEN 'OBJECT' THEN json -> '$.values.*' END"""


def _primary(name: str, meaning: str, group: str, *labels: str) -> Field:
    """A field of the primary address, number or mailbox, which version 4 of the API names by its group."""
    return Field(name, meaning, f"{group}_primary.{name}", labels, pointers=(name,))


CONTACTS = Shape(
    name="contacts",
    fields=(
        Field("contact_id", "the contact", "id", ("Contact ID", "id", "Internal Contact ID"), is_required=True, pointers=("contact_id",)),
        Field("email", "the address", "email_primary.email", ("Primary Email",), is_required=True, pointers=("email",)),
        *(flag.field for flag in FLAGS),
        Field("on_hold", "1: bounced, 2: opted out", "email_primary.on_hold", ("On Hold",),
            pointers=("email_primary.on_hold:name", "on_hold", "email_primary.on_hold:label")),
        _primary("hold_date", "since when it is on hold", "email", "Hold Date"),
        Field("first_name", "first name", headers=("First Name",)),
        Field("last_name", "last name", headers=("Last Name",)),
        Field("birth_date", "date of birth", headers=("Birth Date",)),
        _primary("phone", "phone number", "phone", "Primary Phone"),
        _primary("street_address", "street", "address", "Street Address"),
        _primary("postal_code", "postal code", "address", "Postal Code"),
        _primary("city", "town", "address", "City"),
        Field("country", "country", "address_primary.country_id:abbr", pointers=("address_primary.country_id:label", "country")),
        Field("preferred_language", "language", headers=("Preferred Language",)),
        Field("external_identifier", "its id in another system", headers=("External Identifier",)),
        Field("modified_date", "last change, local time", headers=("Modified Date",)),
        Field("is_deleted", "1: in the trash", headers=("Contact is in Trash", "Deleted"), pointers=("contact_is_deleted",)),
    ),
    records=RECORDS,
    each=f"""{said(FLAGS, {Channel.EMAIL: "email", Channel.PHONE: "phone", Channel.SMS: "phone"})}
        || CASE WHEN says_yes(on_hold) THEN [{{'word': 'on hold/' || on_hold, 'address': email}}] ELSE [] END""",
    label="item.word",
    codes={
        **codes(FLAGS),
        "on hold": quarantine("held"),
        **dict.fromkeys(("on hold/1", "on hold/on hold bounce"), quarantine("bounced")),
        **dict.fromkeys(("on hold/2", "on hold/on hold opt out"), OPTED_OUT),
    },
    says={
        "occurred_at": "CASE WHEN starts_with(item.word, 'on hold') THEN hold_date END",
        "address": "item.address",
        "profile_id": "contact_id",
        "channel": "'email'",
    },
    unknown=NO,
    profile={
        "profile_id": "contact_id",
        "email": "email",
        "phone": "phone",
        "first_name": "first_name",
        "last_name": "last_name",
        "birth_date": "birth_date",
        "street": "street_address",
        "postal_code": "postal_code",
        "city": "city",
        "country": "country",
        "language": "preferred_language",
        "updated_at": "modified_date",
        "external_id": "external_identifier",
    },
    profile_when="NOT says_yes(is_deleted)",
    is_snapshot=True,
)  # fmt: skip

IDS = r"regexp_extract_all(subject, '\d+')"
MERGES = Shape(
    name="merges",
    fields=(
        Field("activity_type", "Contact Merged, or Contact Deleted by Merge", "activity_type_id:name",
            ("Activity Type", "activity_type_id:name"), is_required=True, pointers=("activity_type", "activity_name")),
        Field("subject", "what was merged, and into what", headers=("Activity Subject",), is_required=True),
        Field("target_contact_id", "whom the activity is about", headers=("Target Contact ID", "Target Contact")),
    ),
    records=RECORDS,
    label="NULL",
    codes={},
    says={},
    profile={
        "profile_id": f"{IDS}[1]",
        "merged_into": f"""CASE
            WHEN len({IDS}) > 1 THEN {IDS}[2]
            WHEN word(activity_type) = 'contact merged' THEN regexp_extract(target_contact_id, '\\d+') END""",
    },
    profile_when=f"word(activity_type) IN ('contact merged', 'contact deleted by merge') AND len({IDS}) > 0",
)  # fmt: skip

FEED = VendorFeed(
    source="civicrm_contacts",
    summary="CiviCRM contacts with their flags and holds; also the activities that tell merges (CSV, JSON)",
    shapes=(MERGES, CONTACTS),
    traps=(
        "A file without `is_opt_out` and `do_not_email` is refused: export all primary fields, or choose both.",
        "A merge shows in activities only: export those of the types Contact Merged and Contact Deleted by Merge, their types in English.",
        "An export holds the primary address: a flag reaches the others by the contact.",
        "The contacts of the trash are in no export by default; what they said before stays.",
    ),
    basis=(
        "https://github.com/civicrm/civicrm-core/blob/master/schema/Contact/Contact.entityType.php",
        "https://github.com/civicrm/civicrm-core/blob/master/schema/Core/Email.entityType.php",
        "https://github.com/civicrm/civicrm-core/blob/master/CRM/Dedupe/Merger.php",
        "https://github.com/civicrm/civicrm-core/blob/master/api/v3/Contact.php",
    ),
)
