"""Salesforce Marketing Cloud's subscribers: `Subscribers` of an extract, the _Subscribers and _ListSubscribers data views.

`Bounced` has bounced once or twice and is still mailed: an undetermined bounce, which counts as soft; what was hard comes
with its code in `sfmc_tracking`. `Held` (undeliverable) is mailed no more. Who unsubscribed somebody is not told, so it is
not taken for the owner's own doing. A deleted subscriber may have unsubscribed before, and is opted out.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Shape, VendorFeed, bounce, quarantine
from pipeline.vocabulary import BounceClass

STATUSES = {
    "active": IGNORED,
    "bounced": bounce(BounceClass.UNDETERMINED),
    "returned": bounce(BounceClass.UNDETERMINED),
    "held": quarantine("held"),
    "undeliverable": quarantine("held"),
    "unsubscribed": NO,
    "unsub": NO,
    "deleted": NO,
}
ADDRESS = "CASE WHEN contains(email, '@') THEN email WHEN contains(subscriber_key, '@') THEN subscriber_key ELSE '' END"
"""The key is an address only where no other key was chosen."""
PROFILE = f"CASE WHEN ({ADDRESS}) = '' THEN subscriber_key END"
"""A key without an address says at least whose "no" it is."""


def us_time(field: str) -> str:
    """A local time as the extracts write it, with or without seconds; ISO 8601 is left as it is."""
    formats = "['%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %I:%M %p', '%m/%d/%Y %H:%M']"
    return f"local_written({field}, {formats})"


SUBSCRIBERS = Shape(
    name="subscribers",
    fields=(
        Field("subscriber_key", "your key of the subscriber, by default the address", headers=("SubscriberKey",)),
        Field("email", "the subscriber", headers=("EmailAddress", "Email Address"), is_required=True),
        Field("status", "Active, Bounced, Held, Unsubscribed or Deleted", is_required=True),
        Field("date_held", "since when nothing is sent", headers=("DateHeld", "DateUndeliverable")),
        Field("date_unsubscribed", "when it was unsubscribed", headers=("DateUnsubscribed", "UnsubscribeDate")),
        Field("list_id", "of a list's subscribers: the list; look it up in `map:`", headers=("ListID",)),
    ),
    label="trim(status)",
    codes=STATUSES,
    says={
        "occurred_at": f"""CASE
            WHEN lower(label) IN ('unsubscribed', 'unsub') THEN {us_time("date_unsubscribed")}
            WHEN lower(label) IN ('held', 'undeliverable', 'bounced', 'returned') THEN {us_time("date_held")} END""",
        "address": ADDRESS,
        "profile_id": PROFILE,
        "channel": "'email'",
        "scope_id": "list_id",
        "reason": "lower(label)",
    },
    unknown=NO,
    is_snapshot=True,
)

FEED = VendorFeed(
    source="sfmc_subscribers",
    summary="Salesforce Marketing Cloud subscribers: the status of each (CSV or TAB)",
    shapes=(SUBSCRIBERS,),
    traps=(
        "`Bounced` is still mailed: it is no quarantine.",
        "SubscriberKey is mostly not the address, and one address can stand under several keys.",
        "Times are Central Standard Time, in summer too; dates are month first.",
        "The extract holds only subscribers with an event in its range: export all of them, or a quiet night breaks the run.",
    ),
    basis=(
        "https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/subscriberstatus.html",
        "https://help.salesforce.com/s/articleView?id=mktg.mc_as_data_view_subscribers.htm&language=en_US&type=5",
        "https://help.salesforce.com/apex/HTViewHelpDoc?id=mktg.mc_es_subscribers_with_enhanced_subscriber_features.htm",
    ),
    timezone="Etc/GMT+6",
)
