"""MailPoet's subscribers: the export of the WordPress plugin (CSV, XLSX), a row for each list that a subscriber is or was on.

`Global status` is the site's: unsubscribed from everything, bounced, inactive (who has opened nothing for long, and says nothing
by it), unconfirmed, subscribed. `List status` is the status on the list that the row is about; the list is told by its name. When
and by whom is not told; the times of subscription and confirmation say nothing of a "no", and permit nothing.

The fields are chosen at the export, and an export without both statuses is refused. Its headers follow the language of
WordPress: the English ones are read. Rows of "Not In Segment" tell what somebody left, but not which list it was.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Shape, VendorFeed, quarantine

STATUSES = {
    "": NO,
    "/subscribed": IGNORED,
    "/unconfirmed": IGNORED,
    "/inactive": IGNORED,
    "/unsubscribed": NO,
    "/bounced": quarantine("bounced"),
}
PERSON = "lower(trim(email))"

EXPORT = Shape(
    name="export",
    fields=(
        Field("email", "the subscriber", headers=("E-Mail", "E-mail"), is_required=True),
        Field("global_status", "subscribed, unconfirmed, unsubscribed, inactive or bounced", is_required=True),
        Field("list_status", "the same on the row's list", is_required=True),
        Field("list", "the list's name; look it up in `map:`"),
        Field("first_name", "first name"),
        Field("last_name", "last name"),
    ),
    each="""list_filter([
            {'word': 'global/' || nullif(trim(global_status), ''), 'list': ''},
            {'word': 'list/' || nullif(trim(list_status), ''), 'list': "list"}], lambda said: said.word IS NOT NULL)""",
    label="item.word",
    codes={f"{of}{status}": meaning for of in ("global", "list") for status, meaning in STATUSES.items()},
    says={"address": "email", "profile_id": PERSON, "channel": "'email'", "scope_id": "item.list"},
    unknown=NO,
    profile={"profile_id": PERSON, "email": "email", "first_name": "first_name", "last_name": "last_name"},
    is_snapshot=True,
)

FEED = VendorFeed(
    source="mailpoet_subscribers",
    summary="MailPoet subscribers: the export of the WordPress plugin, with both statuses (CSV, XLSX)",
    shapes=(EXPORT,),
    traps=(
        "Choose `List status` and `Global status` at the export; a sheet for each list (XLSX of several lists) is not read.",
        "A list is called by its name, its words' first letters in capitals: `map:` it so.",
        "Leave subscribers without a list out: their rows name no list, and are opt-outs of the whole organisation.",
        "The address is the profile's id: a changed address is another profile.",
        "A quote inside a cell is written with a backslash.",
    ),
    basis=(
        "https://github.com/mailpoet/mailpoet/blob/trunk/mailpoet/lib/Subscribers/ImportExport/Export/Export.php",
        "https://github.com/mailpoet/mailpoet/blob/trunk/mailpoet/lib/Subscribers/ImportExport/ImportExportFactory.php",
        "https://github.com/mailpoet/mailpoet/blob/trunk/mailpoet/lib/Subscribers/ImportExport/ImportExportRepository.php",
    ),
)
