"""Amazon SES: notifications of an identity (`notificationType`) and events of a configuration set (`eventType`).

Read as SNS delivers them (the event is the JSON text in `Message`), raw, as EventBridge does (in `detail`), as a Lambda function or
an SQS queue keeps them (`Records`, `Messages`), and as Kinesis and Firehose hand them on (`records`, in Base64). One notification may
name several recipients: each is a row.

A bounce whose sub-type says "suppressed" repeats a list of Amazon's. `not-spam` takes a complaint back and `auth-failure` is
about the sender: both are no complaint, and the first lifts nothing. A message that is too large or rejected for what is
in it says nothing about the address. `UnsubscribedRecipient` is known from client code only and read as the "no" that it
names. A `Subscription` event holds every topic's status, changed or not: an `OptIn` is a yes only where the event itself says
that it was an `OptOut` before.
"""

from pipeline.feeds._aws import opened
from pipeline.feeds._vendor import (
    IGNORED,
    NO_CODE,
    Field,
    Shape,
    VendorFeed,
    auto_reply,
    bounce,
    complaint,
    delivered,
    no_code,
    opt_in,
    opt_out,
    quarantine,
    sent,
)
from pipeline.vocabulary import BounceClass, Via

STATUS_BEFORE = """list_filter(json_items(topics_before), lambda old: (old ->> '$.topicName') = (item ->> '$.topicName'))[1]
    ->> '$.subscriptionStatus'"""

IS_NOTICE = no_code(
    "bounce_type = 'Transient' AND bounce_sub_type IN ('', 'General')", "item ->> '$.status'", "item ->> '$.diagnosticCode'"
)

SUB_TYPE = """CASE
    WHEN lower({0}) IN ('suppressed', 'onaccountsuppressionlist') THEN {0}
    WHEN contains(lower({0}), 'suppress') THEN 'suppressed by Amazon' ELSE nullif({0}, '') END"""
"""A sub-type; whatever list of Amazon's it names (a tenant's, that of validated addresses), nothing was sent."""

EVENTS = Shape(
    name="events",
    fields=(
        Field(
            "event", "what happened, or what SNS itself has to say", "eventType", is_required=True, pointers=("notificationType", "Type")
        ),
        Field("sns_message", "the text in SNS's envelope", "Message"),
        Field(
            "happened_at",
            "when",
            "bounce/timestamp",
            pointers=("complaint/timestamp", "delivery/timestamp", "subscription/timestamp", "mail/timestamp"),
        ),
        Field(
            "feedback_id",
            "the id of a bounce or complaint, else the message's",
            "bounce/feedbackId",
            pointers=("complaint/feedbackId", "mail/messageId"),
        ),
        Field(
            "recipients",
            "whom it is about",
            "bounce/bouncedRecipients",
            pointers=("complaint/complainedRecipients", "delivery/recipients"),
        ),
        Field("destination", "all recipients of the message", "mail/destination"),
        Field("campaign", "the message tag of that name", "mail/tags/campaign"),
        Field("bounce_type", "Permanent, Transient or Undetermined", "bounce/bounceType"),
        Field("bounce_sub_type", "why", "bounce/bounceSubType"),
        Field("complaint_sub_type", "OnAccountSuppressionList: nothing was sent", "complaint/complaintSubType"),
        Field("feedback_type", "what kind of complaint", "complaint/complaintFeedbackType"),
        Field("contact_list", "the contact list; look it up in `map:`", "subscription/contactList"),
        Field("unsubscribe_all", "everything is unsubscribed", "subscription/newTopicPreferences/unsubscribeAll"),
        Field("topics", "topics and their status; look a topic up in `map:`", "subscription/newTopicPreferences/topicSubscriptionStatus"),
        Field("topics_before", "their status before", "subscription/oldTopicPreferences/topicSubscriptionStatus"),
    ),
    records=opened("json_exists(one, '$.mail')"),
    each="""coalesce(nullif(
        CASE event
            WHEN 'Send' THEN json_items(destination)
            WHEN 'Subscription' THEN CASE WHEN unsubscribe_all = 'true' THEN [] ELSE json_items(topics) END
            ELSE json_items(recipients) END, []), [NULL])""",
    label=f"""CASE event
        WHEN 'Bounce' THEN concat_ws('/', 'Bounce', nullif(bounce_type, ''), {SUB_TYPE.format("bounce_sub_type")}, {IS_NOTICE})
        WHEN 'Complaint' THEN concat_ws('/', 'Complaint', coalesce({SUB_TYPE.format("complaint_sub_type")}, nullif(feedback_type, '')))
        WHEN 'Subscription' THEN concat_ws('/',
            'Subscription', coalesce(item ->> '$.subscriptionStatus', CASE WHEN unsubscribe_all = 'false' THEN 'OptIn' END),
            CASE WHEN (item ->> '$.subscriptionStatus') = 'OptIn' THEN {STATUS_BEFORE} END)
        WHEN 'Notification' THEN
            CASE WHEN starts_with(sns_message, 'Successfully validated SNS topic') THEN 'Notification/validated' ELSE 'Notification' END
        ELSE event END""",
    codes={
        "send": sent(),
        "delivery": delivered(),
        "bounce": bounce(BounceClass.UNDETERMINED),
        "bounce/undetermined": bounce(BounceClass.UNDETERMINED),
        "bounce/undetermined/undetermined": bounce(BounceClass.UNDETERMINED),
        "bounce/permanent": bounce(BounceClass.HARD),
        "bounce/permanent/general": bounce(BounceClass.HARD),
        "bounce/permanent/noemail": bounce(BounceClass.HARD),
        "bounce/permanent/suppressed": quarantine("bounced"),
        "bounce/permanent/onaccountsuppressionlist": quarantine(),
        "bounce/permanent/suppressed by amazon": quarantine(),
        "bounce/permanent/unsubscribedrecipient": opt_out(),
        "bounce/transient": bounce(BounceClass.SOFT),
        "bounce/transient/general": bounce(BounceClass.SOFT),
        **dict.fromkeys((f"bounce/transient/{NO_CODE}", f"bounce/transient/general/{NO_CODE}"), auto_reply()),
        "bounce/transient/mailboxfull": bounce(BounceClass.SOFT, "mailbox_full"),
        "bounce/transient/messagetoolarge": bounce(BounceClass.BLOCK),
        "bounce/transient/contentrejected": bounce(BounceClass.BLOCK),
        "bounce/transient/attachmentrejected": bounce(BounceClass.BLOCK),
        **dict.fromkeys(("complaint", *(f"complaint/{kind}" for kind in ("abuse", "fraud", "other", "virus"))), complaint()),
        "complaint/onaccountsuppressionlist": quarantine("complained"),
        "complaint/suppressed by amazon": quarantine("complained"),
        **dict.fromkeys(("complaint/not-spam", "complaint/auth-failure"), IGNORED),
        "subscription": opt_out(Via.ONE_CLICK),
        "subscription/optout": opt_out(Via.ONE_CLICK),
        "subscription/optin/optout": opt_in(Via.PREFERENCE_LINK),
        **dict.fromkeys(("subscription/optin", "subscription/optin/optin"), IGNORED),
        **dict.fromkeys(("open", "click", "reject", "rendering failure", "deliverydelay", "received"), IGNORED),
        **dict.fromkeys(("amazonsnssubscriptionsucceeded", "subscriptionconfirmation", "unsubscribeconfirmation"), IGNORED),
        "notification/validated": IGNORED,
    },
    says={
        "event_id": "feedback_id",
        "occurred_at": "happened_at",
        # A letter to a contact list has one recipient, and so has the event about its preferences.
        "address": """CASE
            WHEN event = 'Subscription' THEN json_items(destination)[1] ->> '$'
            WHEN json_type(item) = 'VARCHAR' THEN item ->> '$'
            ELSE item ->> '$.emailAddress' END""",
        "channel": "'email'",
        "status_code": "item ->> '$.status'",
        "diagnostic": "item ->> '$.diagnosticCode'",
        "campaign": "json_items(campaign)[1] ->> '$'",
        "scope_id": "coalesce(item ->> '$.topicName', contact_list)",
    },
)

FEED = VendorFeed(
    source="ses_events",
    summary="Amazon SES bounces, complaints, deliveries and list subscriptions, by SNS, SQS or EventBridge (JSON)",
    shapes=(EVENTS,),
    traps=(
        "`Message` in SNS's envelope is JSON as text; raw delivery leaves the envelope out.",
        "One notification can hold several recipients; its `feedbackId` is the same for all.",
        "A complaint names everybody at that provider who may have complained.",
        "`Permanent` with `Suppressed` or `OnAccountSuppressionList` is Amazon's list speaking, not a mail server.",
        "`Transient`/`General` is an absence notice unless it bears a status code or the server's text.",
    ),
    basis=(
        "https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html",
        "https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html",
        "https://docs.aws.amazon.com/ses/latest/dg/sending-email-subscription-management.html",
    ),
)
