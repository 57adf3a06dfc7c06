"""Klaviyo's suppressed profiles: the API's profiles with a filter on `subscriptions.email.marketing`, or their export.

The forms are those of `klaviyo_profiles`; whoever stands in them is no candidate by that, so that they may be a part of the
profiles. A file whose name speaks of suppression and that gives no reason restricts everybody in it: it is the list that can
be downloaded below "View suppressed profiles", of which no public page settles more than the address.
"""

from dataclasses import replace

from pipeline.feeds._vendor import NO, Field, Shape, VendorFeed
from pipeline.feeds.klaviyo_profiles import API, CODES, EXPORT

ADDRESSES = Shape(
    name="addresses",
    fields=(
        Field("email", "the suppressed address", is_required=True),
        Field("reason", "why, in the API's words", headers=("Suppression Reason", "Email Suppressions")),
    ),
    file_names=("suppress",),
    label="concat_ws('/', 'suppressed', nullif(trim(reason), ''))",
    codes={label: meaning for label, meaning in CODES.items() if label.startswith("suppressed")},
    says={"address": "email", "channel": "'email'", "reason": "lower(reason)"},
    unknown=NO,
    is_snapshot=True,
)

FEED = VendorFeed(
    source="klaviyo_suppressions",
    summary="Klaviyo suppressed profiles: pages of the API (JSON), the export of a segment, or a list of addresses (CSV)",
    shapes=(
        replace(API, profile={}, file_names=("suppress",)),
        replace(EXPORT, profile={}, file_names=("suppress",)),
        ADDRESSES,
        replace(API, profile={}),
        replace(EXPORT, profile={}),
    ),
    traps=(
        "Keep `suppress` in the name of a list of addresses: without it and without a reason nothing tells what the list is.",
        "Unsubscribed profiles are unreachable without being suppressed: take them into the filter or the segment.",
        "Suppressions of a single list are told by the API only.",
        "Pages of the API belong into one file, one page a line: a file is a whole snapshot.",
    ),
    basis=(
        "https://developers.klaviyo.com/en/reference/get_profiles",
        "https://help.klaviyo.com/hc/en-us/articles/24312135764251",
        "https://github.com/singer-io/tap-klaviyo/blob/master/tap_klaviyo/__init__.py",
    ),
)
