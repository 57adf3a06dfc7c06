"""HubSpot's e-mail events, API v1: pages `{"events": […]}`, or one event a line.

`DROPPED` and `SUPPRESSED` repeat what HubSpot knew of the address: its restriction is asserted, no new bounce is counted;
reasons of the sender's account or of this one message say nothing. Who unsubscribed before is not told, so that such an
opt-out is an import's. Two public readings of the bounce categories disagree: only an unknown user and a global bounce are
hard here. `STATUSCHANGE` lists the state of every subscription and not what was changed: its SUBSCRIBED is no opt-in.
An `UNBOUNCE` releases nothing here: that is for staff.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, bounce, complaint, delivered, opt_out, quarantine, sent
from pipeline.vocabulary import Actor, BounceClass, Via

BOUNCES = {
    "unknown_user": bounce(BounceClass.HARD),
    "hubspot_global_bounce": bounce(BounceClass.HARD),
    "mailbox_full": bounce(BounceClass.SOFT, "mailbox_full"),
    **dict.fromkeys(
        ("dns_failure", "greylisting", "isp_misconfiguration", "mailbox_misconfiguration", "temporary_problem", "throttled", "timeout"),
        bounce(BounceClass.SOFT),
    ),
    **dict.fromkeys(
        ("content", "dmarc", "domain_reputation", "filtered", "ip_reputation", "policy", "sending_domain_misconfiguration", "spam"),
        bounce(BounceClass.BLOCK),
    ),
    "uncategorized": bounce(BounceClass.UNDETERMINED),
}
"""Bounce category → class."""

DROPS: dict[str, Meaning] = {
    "previously_bounced": quarantine("bounced"),
    "recipient_previously_bounced_globally": quarantine("bounced"),
    "recipient_previously_bounced_on_portal": quarantine("bounced"),
    "undeliverable": quarantine("undeliverable"),
    "invalid_to_address": quarantine("invalid_address"),
    "previous_spam": quarantine("complained"),
    "previously_marked_as_spam": quarantine("complained"),
    "quarantined_address": quarantine("quarantined"),
    "address_list_bombed": quarantine("list_bombed"),
    **dict.fromkeys(
        ("blocked_address", "blocked_domain", "globally_blocked_recipient_address", "globally_blocked_recipient_domain"),
        quarantine("blocked"),
    ),
    **dict.fromkeys(
        (
            "address_opted_out",
            "previously_unsubscribed_brand",
            "previously_unsubscribed_business_unit",
            "previously_unsubscribed_message",
            "previously_unsubscribed_message_gdpr",
            "previously_unsubscribed_portal",
            "previously_unsubscribed_portal_gdpr",
            "unsubscribed_personal",
            "unsubscribed_portal",
        ),
        NO,
    ),
    # No restriction of the address: a choice of this send, a missing consent, or a fault of the sender's.
    **dict.fromkeys(
        (
            "address_only_accepted_on_prod", "attachment_download_queue_full", "brand_recipient_fatigue_suppressed", "campaign_cancelled",
            "cancelled_abuse", "corrupt_input", "email_disabled", "email_unconfirmed", "gdpr_doi_enabled", "graymail_suppressed",
            "hubl_limit_exceeded", "idempotent_fail", "idempotent_ignore", "invalid_app_id_attribution", "invalid_from_address",
            "low_contact_quality_score", "missing_content", "missing_required_parameter", "missing_template_properties", "mta_ignore",
            "non_marketable_contact", "portal_authentication_failure", "portal_expired", "portal_missing_marketing_scope",
            "portal_not_authorized_for_application", "portal_over_limit", "portal_suspended", "rate_limited", "rate_limited_by_client",
            "rate_limited_by_provider", "recipient_fatigue_suppressed", "send_as_permissions_denied", "template_render_exception",
            "throttled", "too_many_recipients", "ubb_governance_missing", "unconfigured_sending_domain", "validation_failed",
        ),
        IGNORED,
    ),
}  # fmt: skip
"""Why HubSpot did not send → what that says of the address."""

EVENTS = Shape(
    name="events",
    records="CASE WHEN json_exists(json, '$.events') THEN json_items(json -> '$.events') END",
    fields=(
        Field("type", "what happened", is_required=True),
        Field("created", "when, Unix milliseconds", is_required=True),
        Field("id", "with `created` the event's identity"),
        Field("recipient", "the address; an UNBOUNCE may have none"),
        Field("category", "HubSpot's guess at the kind of a bounce"),
        Field("status", "enhanced status code of a bounce"),
        Field("response", "what the mail server said"),
        Field("dropReason", "why a message was dropped", headers=("drop_reason",)),
        Field("suppressedReason", "why a message was suppressed", headers=("suppressed_reason",)),
        Field("portalSubscriptionStatus", "of a STATUSCHANGE: for all e-mail", headers=("portal_subscription_status",)),
        Field("subscriptions", "of a STATUSCHANGE: id and status of each subscription type"),
        Field("requestedBy", "of a STATUSCHANGE: the user who made it for the recipient", headers=("requested_by",)),
        Field("emailCampaignId", "the mailing", headers=("email_campaign_id",)),
    ),
    each="""CASE WHEN type = 'STATUSCHANGE' THEN
            [{'status': portalSubscriptionStatus, 'list': ''}] || list_transform(json_items(subscriptions),
                lambda s: {'status': coalesce(s ->> '$.status', ''), 'list': coalesce(s ->> '$.id', '')})
        ELSE [{'status': '', 'list': ''}] END""",
    label="""CASE WHEN type = 'STATUSCHANGE' AND item.status = '' THEN 'STATUSCHANGE/none'
        ELSE concat_ws('/', type, CASE type
            WHEN 'BOUNCE' THEN nullif(category, '')
            WHEN 'STATUSCHANGE' THEN item.status || CASE WHEN requestedBy <> '' THEN '/by user' ELSE '' END
            ELSE nullif(coalesce(nullif(dropReason, ''), suppressedReason), '') END) END""",
    codes={
        "sent": sent(),
        "delivered": delivered(),
        **dict.fromkeys(("processed", "deferred", "open", "click", "print", "forward", "unbounce"), IGNORED),
        "bounce": bounce(BounceClass.UNDETERMINED),
        **{f"bounce/{category}": meaning for category, meaning in BOUNCES.items()},
        "spamreport": complaint(),
        "statuschange": opt_out(Via.ONE_CLICK),
        "statuschange/unsubscribed": opt_out(Via.ONE_CLICK),
        "statuschange/unsubscribed/by user": opt_out(Via.MANUAL, Actor.STAFF),
        **dict.fromkeys(("statuschange/subscribed", "statuschange/subscribed/by user", "statuschange/none"), IGNORED),
        **{
            f"{kind}{reason and '/' + reason}": meaning
            for kind in ("dropped", "suppressed", "mta_dropped")
            for reason, meaning in {"": quarantine(), **DROPS}.items()
        },
    },
    says={
        "event_id": "nullif(concat_ws('/', nullif(id, ''), created), created)",
        "occurred_at": "unix_time(created)",
        "address": "recipient",
        "channel": "'email'",
        "status_code": "CASE WHEN type = 'BOUNCE' THEN status END",
        "diagnostic": "CASE WHEN type = 'BOUNCE' THEN response END",
        "campaign": "emailCampaignId",
        "scope_id": "CASE WHEN starts_with(dropReason || suppressedReason, 'PREVIOUSLY_UNSUBSCRIBED_MESSAGE') THEN emailCampaignId "
        "ELSE item.list END",
    },
)

FEED = VendorFeed(
    source="hubspot_email_events",
    summary="HubSpot e-mail events: deliveries, bounces, complaints, status changes (JSON, API v1)",
    shapes=(EVENTS,),
    traps=(
        "`id` tells events apart only together with `created`.",
        "`PREVIOUSLY_UNSUBSCRIBED_MESSAGE` does not name the subscription: `map:` the campaign's id, or it is an opt-out from everything.",
        "A STATUSCHANGE lists the state of all subscriptions: SUBSCRIBED in it is not read as an opt-in.",
    ),
    basis=(
        "https://developers.hubspot.com/docs/api-reference/legacy/email-analytics-v1/guide",
        "https://developers.hubspot.com/docs/methods/email/email_events_overview",
        "https://knowledge.hubspot.com/marketing-email/how-can-i-send-an-email-to-a-contact-that-has-previously-bounced",
    ),
)
