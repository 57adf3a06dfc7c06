"""Mailgun's events: webhooks (`event-data` with a signature), pages of the events API (`items`), and the form-encoded webhooks of old.

A `failed` of severity `temporary` is tried again and no event. A permanent one is Mailgun's own list speaking where its reason
begins with `suppress-`, or its code is 605 (bounced before), 606 (unsubscribed) or 607 (complained); `old` means that Mailgun
gave up, and 499, its own code, that a connection timed out. The `dropped` of old says both: with `hardfail` and a mail server's
code it is a bounce, with one of Mailgun's codes or without any it repeats a list. 625 ("poor list quality") is about the sender.
`rejected` is about the message or the account.

`id` is unique within a day only, which together with the event's time is enough; the signature's token is another one when a
delivery is repeated. An unsubscription names the mailing list, if the message came by one, else the sending domain.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, bounce, complaint, delivered, opt_out, quarantine, sent
from pipeline.vocabulary import BounceClass, Via

TEXT = "coalesce(nullif(message, ''), description)"
# Objects now, texts in the forms of old.
LIST_OR_DOMAIN = """coalesce(
    json_in(mailing_list) ->> '$.address', nullif(mailing_list, ''), json_in(domain) ->> '$.name', domain)"""

EVENTS = Shape(
    name="events",
    fields=(
        Field("event", "what happened", is_required=True),
        Field("recipient", "the recipient"),
        Field("timestamp", "when it happened, Unix seconds"),
        Field("id", "the event's id, unique within a day"),
        Field("severity", "of a failure: permanent or temporary"),
        Field("reason", "why it failed"),
        Field("reply_code", "the mail server's code, or one of Mailgun's own", pointer="delivery-status/code", pointers=("code",)),
        Field("enhanced_code", "enhanced status code", pointer="delivery-status/enhanced-code"),
        Field("message", "what the mail server said", pointer="delivery-status/message", pointers=("error", "notification")),
        Field("description", "what Mailgun says to it", pointer="delivery-status/description", pointers=("description",)),
        Field("mailing_list", "the mailing list; look it up in `map:`", pointer="mailing-list"),
        Field("domain", "the sending domain; look it up in `map:`"),
        Field("campaign", "a user variable of that name, else the campaign", "user-variables/campaign", pointers=("campaign-id",)),
    ),
    records="""CASE
        WHEN json_type(json -> '$."event-data"') = 'OBJECT' THEN [json -> '$."event-data"']
        WHEN json_type(json -> '$.items') = 'ARRAY' THEN json_items(json -> '$.items') END""",
    # Of a code and a reason the one that names a list of Mailgun's.
    label="""concat_ws('/', event, CASE WHEN event = 'failed' THEN nullif(severity, '') END, CASE
        WHEN event NOT IN ('failed', 'dropped') THEN NULL
        WHEN starts_with(reason, 'suppress-') THEN reason
        WHEN regexp_full_match(reply_code, '6[0-9]{2}|499') THEN reply_code
        WHEN event = 'dropped' AND reason = 'hardfail' AND reply_code = '' THEN NULL
        ELSE nullif(reason, '') END)""",
    codes={
        "accepted": sent(),
        "delivered": delivered(),
        "failed": bounce(BounceClass.UNDETERMINED),
        "failed/temporary": IGNORED,
        **{f"failed/temporary/{reason}": IGNORED for reason in ("generic", "greylisted", "espblock", "bounce", "old")},
        "failed/permanent": bounce(BounceClass.HARD),
        **{f"failed/permanent/{reason}": bounce(BounceClass.HARD) for reason in ("bounce", "delayed-bounce", "generic")},
        "failed/permanent/espblock": bounce(BounceClass.BLOCK),
        "failed/permanent/old": bounce(BounceClass.SOFT),
        **dict.fromkeys(("failed/permanent/602", "failed/permanent/499", "dropped/499"), bounce(BounceClass.SOFT)),
        "dropped": quarantine(),
        "dropped/hardfail": bounce(BounceClass.HARD),
        "dropped/old": bounce(BounceClass.SOFT),
        "dropped/602": bounce(BounceClass.SOFT),
        "bounced": bounce(BounceClass.HARD),
        "blocked": bounce(BounceClass.BLOCK),
        **dict.fromkeys(
            (f"{word}/{why}" for word in ("failed/permanent", "dropped") for why in ("suppress-bounce", "605")), quarantine("bounced")
        ),
        **dict.fromkeys(
            (f"{word}/{why}" for word in ("failed/permanent", "dropped") for why in ("suppress-complaint", "607")), quarantine("complained")
        ),
        **dict.fromkeys(
            (f"{word}/{why}" for word in ("failed/permanent", "dropped") for why in ("suppress-unsubscribe", "606")), opt_out()
        ),
        **dict.fromkeys(("failed/permanent/625", "dropped/625"), bounce(BounceClass.BLOCK)),
        "complained": complaint(),
        "unsubscribed": opt_out(Via.ONE_CLICK),
        **dict.fromkeys(("opened", "clicked", "unique_opened", "unique_clicked", "rejected", "stored", "trapped"), IGNORED),
        **dict.fromkeys(("list_member_uploaded", "list_member_upload_error", "list_uploaded", "email_validation"), IGNORED),
    },
    says={
        "event_id": "id",
        "occurred_at": "unix_time(timestamp)",
        "address": "recipient",
        "channel": "'email'",
        "status_code": "coalesce(nullif(enhanced_code, ''), reply_code)",
        "diagnostic": f"CASE WHEN event IN ('failed', 'dropped', 'bounced') THEN concat_ws(' ', nullif(reply_code, ''), {TEXT}) END",
        "campaign": "campaign",
        "scope_id": f"CASE WHEN event = 'unsubscribed' THEN {LIST_OR_DOMAIN} END",
        "reason_text": "description",
    },
)

FEED = VendorFeed(
    source="mailgun_events",
    summary="Mailgun webhooks and events API, also the form-encoded webhooks of old",
    shapes=(EVENTS,),
    traps=(
        "`id` is unique within a day only.",
        "A suppressed message arrives as `failed`/`permanent`: reason `suppress-…` or code 605, 606, 607. It is no new bounce.",
        "`failed`/`temporary` is a deferral: Mailgun tries again.",
        "The webhooks of old are form-encoded, and the sender's variables stand between Mailgun's fields.",
    ),
    basis=(
        "https://documentation.mailgun.com/docs/mailgun/user-manual/tracking-messages/tracking-failures",
        "https://documentation.mailgun.com/en/latest/api-events.html",
        "https://github.com/anymail/django-anymail/blob/main/anymail/webhooks/mailgun.py",
        "https://github.com/symfony/symfony/blob/7.1/src/Symfony/Component/Mailer/Bridge/Mailgun/RemoteEvent/MailgunPayloadConverter.php",
    ),
)
