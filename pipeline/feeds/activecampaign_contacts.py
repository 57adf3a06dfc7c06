"""ActiveCampaign's contacts: pages of the API with `include=contactLists`, or pages of the contact lists alone.

A contact's "no" is a list's: the status of each of its lists is 0 unconfirmed, 1 active, 2 unsubscribed, 3 bounced; 91 is a
subscription that was taken away; what it was before is unknown. When and by whom is not told. A page of contacts
without their lists is refused: everybody would look free. A hard bounce is ActiveCampaign's own restriction and no new bounce.
The CSV export is left out: no public page settles its columns.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, quarantine, records_at

STATUSES: dict[str, Meaning] = {
    "list": NO,
    "list/0": IGNORED,
    "list/1": IGNORED,
    "list/2": NO,
    "list/3": quarantine("bounced"),
    "list/91": NO,
}
CODES = {**STATUSES, "bounced hard": quarantine("bounced")}
# A sideloaded list names its contact; those of a page are read once, and a contact's found by its id.
LISTS = """list_transform([list_transform(json_items(json -> '$.contactLists'), lambda l: {'of': l ->> '$.contact', 'list': l})],
    lambda every: {'told': json_exists(json, '$.contactLists'), 'every': every})"""
OWN = """list_transform(list_filter(page.every, lambda l: l.of = c.id), lambda l: l.list)"""
WITH_LISTS = f"""CASE WHEN json_type(json -> '$.contacts') = 'ARRAY' THEN list_transform({LISTS}, lambda page:
    list_transform(list_transform(json_items(json -> '$.contacts'), lambda c: {{'id': c ->> '$.id', 'contact': c}}), lambda c:
        json_merge_patch(c.contact, CASE WHEN page.told THEN json_object('contactLists', {OWN}) ELSE '{{}}' END)))[1] END"""

CONTACTS = Shape(
    name="contacts",
    fields=(
        Field("id", "the contact", is_required=True),
        Field("email", "the address", is_required=True),
        Field("lists", "its lists with their status; look their ids up in `map:`", "contactLists", is_required=True),
        Field("first_name", "first name", "firstName"),
        Field("last_name", "last name", "lastName"),
        Field("phone", "the number"),
        Field("bounced_hard", "how often it bounced hard"),
        Field("deleted", "1: deleted"),
        Field("updated", "when the contact was changed last", "udate"),
    ),
    records=WITH_LISTS,
    each="""list_filter([{'word': CASE WHEN says_yes(bounced_hard) THEN 'bounced hard' END, 'list': ''}]
        || list_transform(json_items(lists), lambda l: {'word': 'list/' || coalesce(l ->> '$.status', ''), 'list': l ->> '$.list'}),
        lambda said: said.word IS NOT NULL)""",
    label="item.word",
    codes=CODES,
    says={"address": "email", "profile_id": "id", "channel": "'email'", "scope_id": "item.list"},
    unknown=NO,
    profile={
        "profile_id": "id",
        "email": "email",
        "phone": "phone",
        "first_name": "first_name",
        "last_name": "last_name",
        "updated_at": "updated",
    },
    profile_when="NOT says_yes(deleted)",
    is_snapshot=True,
)
CONTACT_LISTS = Shape(
    name="contact lists",
    fields=(
        Field("contact", "the contact", is_required=True),
        Field("list_id", "the list; look it up in `map:`", "list", is_required=True),
        Field("status", "0 unconfirmed, 1 active, 2 unsubscribed, 3 bounced", is_required=True),
        Field("reason", "why somebody left it", "unsubreason"),
    ),
    records=records_at("contactLists"),
    label="'list/' || status",
    # A bounce without an address would be nobody's.
    codes={**STATUSES, "list/3": IGNORED},
    says={"profile_id": "contact", "channel": "'email'", "scope_id": "list_id", "reason_text": "reason"},
    unknown=NO,
    is_snapshot=True,
)

FEED = VendorFeed(
    source="activecampaign_contacts",
    summary="ActiveCampaign contacts with the status of their lists: pages of the API (JSON)",
    shapes=(CONTACTS, CONTACT_LISTS),
    traps=(
        "Ask for `include=contactLists`: a contact alone does not say what it left.",
        "Pages of contact lists name contacts by their ids and tell of no bounces: they add to the contacts.",
        "The API writes its own `udate` for the contact and for each of its lists.",
        "Pages of the API belong into one file, one page a line: a file is a whole snapshot.",
    ),
    basis=(
        "https://developers.activecampaign.com/reference/list-all-contacts",
        "https://github.com/singer-io/tap-activecampaign/tree/master/tap_activecampaign/schemas",
        "https://help.activecampaign.com/hc/en-us/articles/360021838379-API-contact-with-91-as-list-subscription-status",
    ),
)
