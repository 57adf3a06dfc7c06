"""HubSpot's communication preferences: answers of the API in its versions 1, 3 and 4, and tables of their fields.

An answer tells a state, so that UNSUBSCRIBED restricts and SUBSCRIBED says nothing. The answer to a change (version 4) has a
`setStatusSuccessReason`: with a time and a source besides it is an event, and its SUBSCRIBED an opt-in; `NO_STATUS_CHANGE` is
none. Who acted is free text there, so that both are an import's: such an opt-in needs a legal basis and an explanation to be
a consent, and lifts nothing. `NON_GDPR` is no legal basis. The subscription timeline (version 1) tells changes; it does not
tell in known words who subscribed somebody, so that only its restrictions are read.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Shape, VendorFeed, complaint, opt_in, quarantine
from pipeline.vocabulary import Actor, Via

UNSUBSCRIBED = {"unsubscribed": NO, "not_subscribed": NO}
STATUS_FIELDS = (
    Field("subscriberIdString", "the address", headers=("subscriber_id_string",), is_required=True),
    Field("status", "SUBSCRIBED, UNSUBSCRIBED or NOT_SPECIFIED", is_required=True),
    Field("timestamp", "when the status was set"),
    Field("subscriptionId", "the subscription type; look it up in `map:`", headers=("subscription_id",)),
    Field("businessUnitId", "the business unit, likewise", headers=("business_unit_id",)),
    Field("wideStatusType", "PORTAL_WIDE or BUSINESS_UNIT_WIDE: the status for all types", headers=("wide_status_type",)),
    Field("source", "where the status came from"),
    Field("legalBasis", "legal basis", headers=("legal_basis",)),
    Field("legalBasisExplanation", "its explanation", headers=("legal_basis_explanation",)),
)
STATUS_SAYS = {
    "occurred_at": "timestamp",
    "address": "subscriberIdString",
    "channel": "'email'",
    "scope_id": "CASE WHEN wideStatusType = 'PORTAL_WIDE' THEN '' ELSE coalesce(nullif(subscriptionId, ''), businessUnitId) END",
    "legal_basis": "nullif(legalBasis, 'NON_GDPR')",
    "explanation": "legalBasisExplanation",
    "reason_text": "source",
}
RESULTS = """CASE WHEN json_exists(json, '$.results') OR json_exists(json, '$.statuses') THEN flatten(list_transform(
        CASE WHEN json_exists(json, '$.results') THEN json_items(json -> '$.results') ELSE [json] END,
        lambda result: CASE
            WHEN json_exists(result, '$.statuses') THEN json_items(result -> '$.statuses')
            WHEN json_exists(result, '$.wideStatuses') THEN json_items(result -> '$.wideStatuses')
            ELSE [result] END)) END"""
"""The statuses in an answer: under `results`, in a batch's answer one level deeper."""

CHANGES = Shape(
    name="changes",
    records=RESULTS,
    fields=(
        *STATUS_FIELDS,
        Field(
            "setStatusSuccessReason",
            "what the request changed",
            headers=("set_status_success_reason",),
            is_required=True,
        ),
    ),
    label="""concat_ws('/', status, CASE
        WHEN status <> 'SUBSCRIBED' OR (timestamp <> '' AND source <> '') THEN nullif(setStatusSuccessReason, '') END)""",
    codes={
        **UNSUBSCRIBED,
        "unsubscribed/no_status_change": NO,
        "unsubscribed/requested_change_occurred": NO,
        "unsubscribed/unsubscribe_from_all_occurred": NO,
        "subscribed": IGNORED,
        "subscribed/no_status_change": IGNORED,
        "subscribed/requested_change_occurred": opt_in(Via.IMPORT, Actor.IMPORT),
        "subscribed/resubscribe_occurred": opt_in(Via.IMPORT, Actor.IMPORT),
        "not_specified": IGNORED,
    },
    unknown=NO,
    says=STATUS_SAYS,
)

STATUSES = Shape(
    name="statuses",
    records=RESULTS,
    fields=STATUS_FIELDS,
    label="status",
    codes={**UNSUBSCRIBED, "subscribed": IGNORED, "not_specified": IGNORED},
    unknown=NO,
    says=STATUS_SAYS,
    is_snapshot=True,
    is_of_those_named=True,
)

RECIPIENT = Shape(
    name="recipient",
    fields=(
        Field("recipient", "the address", is_required=True),
        Field("subscriptionStatuses", "id, status and source of the status of each subscription type", is_required=True),
    ),
    each="json_items(subscriptionStatuses)",
    label="item ->> '$.status'",
    codes={**UNSUBSCRIBED, "subscribed": IGNORED, "not_specified": IGNORED},
    unknown=NO,
    says={
        "address": "recipient",
        "channel": "'email'",
        "scope_id": """CASE item ->> '$.sourceOfStatus'
            WHEN 'PORTAL_WIDE_STATUS' THEN '' WHEN 'BRAND_WIDE_STATUS' THEN item ->> '$.brandId' ELSE item ->> '$.id' END""",
    },
    is_snapshot=True,
    is_of_those_named=True,
)

CONTACT = Shape(
    name="contact",
    fields=(
        Field("email", "the address", is_required=True),
        Field("unsubscribeFromPortal", "true: unsubscribed from all e-mail", is_required=True),
        Field("markedAsSpam", "true: a message was reported as spam"),
        Field("bounced", "true: a message bounced hard"),
        Field("subscriptionStatuses", "id, optState and updatedAt of each subscription type"),
    ),
    each="""list_filter([
            {'word': CASE WHEN says_yes(unsubscribeFromPortal) THEN 'unsubscribeFromPortal' END, 'list': '', 'at': ''},
            {'word': CASE WHEN says_yes(markedAsSpam) THEN 'markedAsSpam' END, 'list': '', 'at': ''},
            {'word': CASE WHEN says_yes(bounced) THEN 'bounced' END, 'list': '', 'at': ''}
        ] || list_transform(json_items(subscriptionStatuses), lambda s: {
            'word': coalesce(s ->> '$.optState', CASE WHEN s ->> '$.subscribed' = 'false' THEN 'OPT_OUT' END),
            'list': coalesce(s ->> '$.id', ''), 'at': coalesce(s ->> '$.updatedAt', '')}), lambda said: said.word IS NOT NULL)""",
    label="item.word",
    codes={
        "unsubscribefromportal": NO,
        "opt_out": NO,
        "opt_in": IGNORED,
        "not_opted": IGNORED,
        "markedasspam": complaint(),
        "bounced": quarantine("bounced"),
    },
    unknown=NO,
    says={"occurred_at": "unix_time(item.at)", "address": "email", "channel": "'email'", "scope_id": "item.list"},
    is_snapshot=True,
    is_of_those_named=True,
)

TIMELINE = Shape(
    name="timeline",
    records="CASE WHEN json_exists(json, '$.timeline') THEN json_items(json -> '$.timeline') END",
    fields=(
        Field("recipient", "the address", is_required=True),
        Field("timestamp", "when, Unix milliseconds"),
        Field("changes", "what changed: changeType, change, subscriptionId, causedByEvent", is_required=True),
    ),
    each="json_items(changes)",
    label="concat_ws('/', item ->> '$.changeType', item ->> '$.change')",
    codes={
        "subscription_status": NO,
        "subscription_status/unsubscribed": NO,
        "subscription_status/subscribed": IGNORED,
        "portal_status": NO,
        "portal_status/unsubscribed": NO,
        "portal_status/subscribed": IGNORED,
        "portal_bounce": quarantine("bounced"),
        "portal_bounce/bounced": quarantine("bounced"),
        "portal_spam_report": complaint(),
        "subscription_spam_report": complaint(),
    },
    unknown=NO,
    says={
        "event_id": "item ->> '$.causedByEvent.id'",
        "occurred_at": "unix_time(timestamp)",
        "address": "recipient",
        "channel": "'email'",
        "scope_id": "CASE WHEN starts_with(item ->> '$.changeType', 'PORTAL') THEN '' ELSE item ->> '$.subscriptionId' END",
    },
)

FEED = VendorFeed(
    source="hubspot_preferences",
    summary="HubSpot communication preferences: subscription statuses and their changes (JSON or CSV)",
    shapes=(CHANGES, STATUSES, RECIPIENT, CONTACT, TIMELINE),
    traps=(
        "SUBSCRIBED in a state is no opt-in; only the answer to a change is an event.",
        "`NO_STATUS_CHANGE`: nothing happened.",
        "Ids of subscription types and of business units stand in one `map:`.",
    ),
    basis=(
        "https://developers.hubspot.com/docs/api-reference/latest/communication-preferences/status/update-subscription",
        "https://developers.hubspot.com/docs/methods/email/email_subscriptions_overview",
    ),
)
