"""Resend's webhooks: one JSON object for each event of a message, a contact or the suppression list.

A message to several people gives an event for each of them that does not say whom it is about. Then a bounce is one of
nobody knows whom and stays undetermined, nobody counts as reached, and complaints and suppressions hold for all of them.
`bounce.message` is Resend's own standing text and not the mail server's; its talk of reputation must not make a block of every
bounce. Older payloads have nothing but that text. Who unsubscribed a contact is not told: it counts as an import.
"""

from pipeline.feeds._vendor import (
    IGNORED,
    NO,
    NO_CODE,
    Field,
    Shape,
    VendorFeed,
    auto_reply,
    bounce,
    complaint,
    delivered,
    no_code,
    quarantine,
    sent,
)
from pipeline.vocabulary import Actor, BounceClass

# Resend's own text beside it is always the same, and says nothing.
IS_NOTICE = no_code("bounce_type = 'Transient' AND bounce_sub_type IN ('', 'General')", "nullif(diagnostic_code, '[]')", "NULL")

EVENTS = Shape(
    name="events",
    fields=(
        Field("type", "what happened", is_required=True),
        Field("created_at", "when it happened, ISO 8601"),
        Field("recipients", "the recipients of a message, the address of a contact or a suppression", "data/to", pointers=("data/email",)),
        Field("bounce_type", "Permanent, Transient or Undetermined", pointer="data/bounce/type"),
        Field("bounce_sub_type", "what kind of bounce, as at Amazon SES", pointer="data/bounce/subType"),
        Field("bounce_message", "Resend's explanation of the bounce", pointer="data/bounce/message"),
        Field("diagnostic_code", "what the mail server said", pointer="data/bounce/diagnosticCode"),
        Field("origin", "why an address is suppressed", pointer="data/origin"),
        Field("unsubscribed", "whether the contact is unsubscribed", pointer="data/unsubscribed"),
        Field("audience_id", "the contact's audience; look it up in `map:`", pointer="data/audience_id"),
        Field("broadcast_id", "the broadcast that the message is of", pointer="data/broadcast_id"),
    ),
    each="CASE WHEN len(json_items(recipients)) > 0 THEN json_items(recipients) ELSE [NULL] END",
    label=f"""CASE
        WHEN len(json_items(recipients)) > 1 AND type IN ('email.bounced', 'email.delivered') THEN type || '/one of several'
        WHEN type = 'email.bounced' AND bounce_type <> '' THEN concat_ws('/', type, bounce_type, nullif(bounce_sub_type, ''), {IS_NOTICE})
        WHEN type = 'email.bounced' AND contains(bounce_message, 'suppressed sending') THEN type || '/suppressed'
        WHEN type = 'email.bounced' AND contains(bounce_message, 'hard bounce') THEN type || '/permanent'
        WHEN starts_with(type, 'contact.') AND unsubscribed = 'true' THEN type || '/unsubscribed'
        WHEN type = 'suppression.added' THEN concat_ws('/', type, nullif(origin, ''))
        ELSE type
    END""",
    codes={
        "email.sent": sent(),
        "email.delivered": delivered(),
        "email.delivered/one of several": IGNORED,
        "email.bounced": bounce(BounceClass.UNDETERMINED),
        "email.bounced/one of several": bounce(BounceClass.UNDETERMINED),
        "email.bounced/suppressed": quarantine(),
        "email.bounced/permanent": bounce(BounceClass.HARD),
        "email.bounced/permanent/general": bounce(BounceClass.HARD),
        "email.bounced/permanent/noemail": bounce(BounceClass.HARD),
        "email.bounced/permanent/suppressed": quarantine("bounced"),
        "email.bounced/permanent/onaccountsuppressionlist": quarantine(),
        "email.bounced/transient": bounce(BounceClass.SOFT),
        "email.bounced/transient/general": bounce(BounceClass.SOFT),
        **dict.fromkeys((f"email.bounced/transient/{NO_CODE}", f"email.bounced/transient/general/{NO_CODE}"), auto_reply()),
        "email.bounced/transient/mailboxfull": bounce(BounceClass.SOFT, "mailbox_full"),
        "email.bounced/transient/messagetoolarge": bounce(BounceClass.BLOCK),
        "email.bounced/transient/contentrejected": bounce(BounceClass.BLOCK),
        "email.bounced/transient/attachmentrejected": bounce(BounceClass.BLOCK),
        "email.bounced/undetermined": bounce(BounceClass.UNDETERMINED),
        "email.bounced/undetermined/undetermined": bounce(BounceClass.UNDETERMINED),
        "email.complained": complaint(),
        "email.suppressed": quarantine(),
        "suppression.added": quarantine(),
        "suppression.added/bounce": quarantine("bounced"),
        "suppression.added/complaint": quarantine("complained"),
        "suppression.added/manual": quarantine("manual", Actor.STAFF),
        "contact.created/unsubscribed": NO,
        "contact.updated/unsubscribed": NO,
        **dict.fromkeys(
            (
                "email.delivery_delayed", "email.delivered_delayed", "email.failed", "email.scheduled", "email.opened",
                "email.clicked", "email.received", "suppression.removed", "contact.created", "contact.updated", "contact.deleted",
                "contact.deleted/unsubscribed", "domain.created", "domain.updated", "domain.deleted",
            ),
            IGNORED,
        ),
    },
    says={
        "occurred_at": "created_at",
        "address": "item ->> '$'",
        "channel": "'email'",
        "diagnostic": "CASE WHEN len(json_items(recipients)) = 1 THEN diagnostic_code END",
        "campaign": "broadcast_id",
        "scope_id": "audience_id",
        "reason_text": "bounce_message",
    },
)  # fmt: skip

FEED = VendorFeed(
    source="resend_events",
    summary="Resend webhooks: deliveries, bounces, complaints, suppressions, unsubscribed contacts (JSON)",
    shapes=(EVENTS,),
    traps=(
        "An event of a message to several people does not say whom it is about.",
        "A bounce of the sub-type Suppressed or OnAccountSuppressionList repeats Resend's own list; it is no new bounce.",
        "`contact.updated` tells the contact's state after any change: somebody who is still unsubscribed is told so again.",
        "The event's id stands in the HTTP header `svix-id` only; the time and the recipient tell events apart.",
    ),
    basis=(
        "https://resend.com/docs/webhooks/event-types",
        "https://resend.com/docs/webhooks/emails/bounced",
        "https://resend.com/docs/dashboard/emails/email-bounces",
        "https://resend.com/docs/webhooks/suppressions/added",
        "https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/resend.py",
    ),
)
