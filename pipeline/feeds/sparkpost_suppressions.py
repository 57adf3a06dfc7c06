"""SparkPost's suppression list: the answer of its API (`{"results": […]}`), or a table with the same columns.

A recipient stands there once per type, `transactional` or `non_transactional`; older answers and tables have a flag for
each instead, and no restriction where both are false. `source` says how the entry came about. `Compliance` is a wish of
the owner's that SparkPost's people wrote down; like `Manually Added` it counts as entered by staff, the hardest to lift.
A table without a source says no more than "suppressed". An entry for a mailing list or a subaccount is for that alone.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, complaint, opt_out, quarantine
from pipeline.vocabulary import Actor, Via

SUPPRESSIONS = Shape(
    name="suppression list",
    is_snapshot=True,
    records="CASE WHEN json_exists(json, '$.results') THEN json_items(json ->> 'results') END",
    fields=(
        Field("recipient", "the suppressed address", headers=("email", "email_address"), is_required=True),
        Field("source", "how it came onto the list"),
        Field("type", "which messages it is held back from"),
        Field("transactional", "in older forms: whether from transactional messages"),
        Field("non_transactional", "in older forms: whether from all others"),
        Field("description", "the explanation"),
        Field("list_id", "the mailing list, where the entry is for one; look it up in `map:`"),
        Field("subaccount_id", "the subaccount; look it up in `map:`"),
        Field("created", "when the entry was made"),
    ),
    label="""CASE
        WHEN type = '' AND transactional <> '' AND NOT says_yes(transactional) AND NOT says_yes(non_transactional) THEN 'not suppressed'
        ELSE coalesce(nullif(replace(source, '_', ' '), ''), 'suppressed') END""",
    codes={
        "spam complaint": complaint(),
        "list unsubscribe": opt_out(Via.ONE_CLICK),
        "unsubscribe link": opt_out(Via.ONE_CLICK),
        "link unsubscribe": opt_out(Via.ONE_CLICK),
        "bounce rule": quarantine("bounced"),
        "manually added": opt_out(Via.MANUAL, Actor.STAFF),
        "compliance": opt_out(Via.MANUAL, Actor.STAFF),
        "suppressed": quarantine(),
        "not suppressed": IGNORED,
    },
    unknown=quarantine(),
    says={
        "occurred_at": "created",
        "address": "recipient",
        "channel": "'email'",
        "scope_id": "coalesce(nullif(list_id, ''), subaccount_id)",
        "reason_text": "description",
    },
)

FEED = VendorFeed(
    source="sparkpost_suppressions",
    summary="SparkPost suppression list: unsubscribes, bounces, complaints, entries by staff (JSON, CSV)",
    shapes=(SUPPRESSIONS,),
    traps=(
        "The same recipient stands there for transactional and for other messages.",
        "`updated` is not when the restriction began; `created` is.",
        "Subaccounts inherit nothing from each other or from the account.",
        "SparkPost's list across all customers is not in the API; its word comes with the bounce.",
    ),
    basis=(
        "https://developers.sparkpost.com/api/suppression-list/",
        "https://support.sparkpost.com/docs/user-guide/using-suppression-lists",
    ),
)
