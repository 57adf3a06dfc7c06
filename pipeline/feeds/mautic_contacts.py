"""Mautic's contacts: pages of the API, webhooks of a changed subscription, and its tables of do-not-contact entries and of merges.

A do-not-contact entry has a channel, a time and a reason: 1, the contact unsubscribed itself; 2, a message bounced, and Mautic
sends none any more; 3, somebody did it by hand. An unknown reason is an import's "no"; an unknown channel is every one. That an
entry is gone, or a status `contactable`, lifts nothing. Mautic exports contacts without their entries: a file of contacts that
has no `doNotContact` is refused, since everybody in it would look free.

A merge deletes a contact and leaves a row in `contact_merge_records`: `contact_id` has taken in `merged_id`.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, opt_out, quarantine
from pipeline.vocabulary import Actor, Via

OWN, BOUNCED, BY_HAND = opt_out(Via.ONE_CLICK), quarantine("bounced"), opt_out(Via.MANUAL, Actor.STAFF)
CODES: dict[str, Meaning] = {
    "push": IGNORED,
    **dict.fromkeys(("dnc", "dnc/"), NO),
    **dict.fromkeys(("dnc/1", "dnc/unsubscribed"), OWN),
    **dict.fromkeys(("dnc/2", "dnc/bounced"), BOUNCED),
    **dict.fromkeys(("dnc/3", "dnc/manual"), BY_HAND),
    **dict.fromkeys(("dnc/0", "dnc/contactable"), IGNORED),
}


def _entry(reason: str, channel: str) -> str:
    """SQL for the word of a do-not-contact entry; a push notification is no channel of ours."""
    return f"CASE WHEN word({channel}) IN ('notification', 'push', 'browser') THEN 'push' ELSE 'dnc/' || coalesce({reason}, '') END"


CONTACTS = Shape(
    name="contacts",
    fields=(
        Field("id", "the contact", is_required=True),
        Field("do_not_contact", "its do-not-contact entries", "doNotContact", ("doNotContact", "Do not contact"), is_required=True),
        Field("email", "the address", "fields/all/email"),
        Field("mobile", "mobile number", "fields/all/mobile"),
        Field("phone", "phone number", "fields/all/phone"),
        Field("firstname", "first name", "fields/all/firstname"),
        Field("lastname", "last name", "fields/all/lastname"),
        Field("address1", "street", "fields/all/address1"),
        Field("zipcode", "postal code", "fields/all/zipcode"),
        Field("city", "town", "fields/all/city"),
        Field("country", "country", "fields/all/country"),
        Field("preferred_locale", "language", "fields/all/preferred_locale"),
        Field("date_modified", "last change", "dateModified", pointers=("dateAdded",)),
    ),
    records="""CASE json_type(json -> '$.contacts')
        WHEN 'OBJECT' THEN json -> '$.contacts.*' WHEN 'ARRAY' THEN json_items(json -> '$.contacts')
        ELSE CASE WHEN json_type(json -> '$.contact') = 'OBJECT' THEN [json -> '$.contact'] END END""",
    each="CASE WHEN says_yes(do_not_contact) THEN json_items(do_not_contact) ELSE [] END",
    label=_entry("item ->> '$.reason'", "item ->> '$.channel'"),
    codes=CODES,
    says={
        "occurred_at": "item ->> '$.dateAdded'",
        "address": "CASE WHEN needs_mobile(word(item ->> '$.channel')) THEN coalesce(nullif(mobile, ''), phone) ELSE email END",
        "profile_id": "id",
        "channel": "coalesce(item ->> '$.channel', 'any')",
        "reason_text": "item ->> '$.comments'",
    },
    unknown=NO,
    profile={
        "profile_id": "id",
        "email": "email",
        "phone": "coalesce(nullif(mobile, ''), phone)",
        "first_name": "firstname",
        "last_name": "lastname",
        "street": "address1",
        "postal_code": "zipcode",
        "city": "city",
        "country": "country",
        "language": "preferred_locale",
        "updated_at": "date_modified",
    },
    is_snapshot=True,
)

CHANGES = Shape(
    name="webhooks",
    fields=(
        Field("new_status", "contactable, unsubscribed, bounced or manual", is_required=True),
        Field("channel", "email or sms", is_required=True),
        Field("contact_id", "the contact", "contact/id"),
        Field("email", "the address", "contact/fields/core/email/value", pointers=("contact/fields/all/email",)),
        Field(
            "number",
            "mobile number, else phone number",
            "contact/fields/core/mobile/value",
            pointers=("contact/fields/all/mobile", "contact/fields/core/phone/value", "contact/fields/all/phone"),
        ),
        Field("timestamp", "when it changed"),
    ),
    records="""CASE WHEN json_exists(json, '$."mautic.lead_channel_subscription_changed"')
        THEN json_items(json -> '$."mautic.lead_channel_subscription_changed"') END""",
    label=f"CASE WHEN new_status <> '' THEN {_entry('new_status', 'channel')} END",
    codes=CODES,
    says={
        "occurred_at": "timestamp",
        "address": "CASE WHEN needs_mobile(word(channel)) THEN number ELSE email END",
        "profile_id": "contact_id",
        "channel": "channel",
    },
    unknown=NO,
)

ENTRIES = Shape(
    name="do-not-contact entries",
    fields=(
        Field("lead_id", "the contact", is_required=True),
        Field("reason", "1: unsubscribed, 2: bounced, 3: by hand", is_required=True),
        Field("channel", "email or sms", is_required=True),
        Field("date_added", "since when, UTC"),
        Field("comments", "what is said of it"),
    ),
    label=_entry("reason", "channel"),
    # A bounce's row names no address that could be kept from messages: the contact is.
    codes={**CODES, **dict.fromkeys(("dnc/2", "dnc/bounced"), NO)},
    says={"occurred_at": "utc_written(date_added)", "profile_id": "lead_id", "channel": "channel", "reason_text": "comments"},
    unknown=NO,
    is_snapshot=True,
)

MERGES = Shape(
    name="merges",
    fields=(
        Field("contact_id", "the contact that remains", is_required=True),
        Field("merged_id", "the contact that it has taken in", is_required=True),
    ),
    label="NULL",
    codes={},
    says={},
    profile={"profile_id": "merged_id", "merged_into": "contact_id"},
)

FEED = VendorFeed(
    source="mautic_contacts",
    summary="Mautic contacts with their do-not-contact entries; also webhooks and the tables of entries and merges (JSON, CSV)",
    shapes=(CHANGES, MERGES, ENTRIES, CONTACTS),
    traps=(
        "An export of contacts without `doNotContact` is refused: take the API without `minimal`, which leaves the entries out.",
        "Pages of the API belong into one file, one page a line: a file is a whole snapshot.",
        "A merged contact is gone from the API: export the table `contact_merge_records` as well.",
        "A webhook without `timestamp` tells no time: what it says counts until it was received.",
    ),
    basis=(
        "https://github.com/mautic/developer-documentation-new/blob/main/docs/rest_api/contacts.rst",
        "https://github.com/mautic/mautic/blob/7.x/app/bundles/LeadBundle/Entity/DoNotContact.php",
        "https://github.com/mautic/mautic/blob/7.x/app/bundles/LeadBundle/Entity/MergeRecord.php",
        "https://github.com/mautic/mautic/blob/7.x/app/bundles/LeadBundle/LeadEvents.php",
    ),
)
