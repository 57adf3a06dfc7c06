"""Salesforce Marketing Cloud's tracking extract: a zip of one table (CSV or TAB) for each kind of event.

The file's name tells what it holds, EventType tells it where a file was renamed. Opens, clicks, jobs and lists hold no
event of ours. Times are Central Standard Time without daylight saving and month first. Bounces carry the reply code, which
decides before the category. Complaints also come as unsubscriptions whose reason names them.

Restrictive where the vendor says too little: a change of status to `Active` lifts nothing (whose doing it was is not told),
and a reason in NotSent that is not known is rejected. Exclusions that are about one send (a filter, a suppression list of
that send) assert nothing.
"""

from dataclasses import replace

from pipeline.feeds._vendor import IGNORED, NO, Field, Shape, VendorFeed, bounce, complaint, opt_out, quarantine, sent
from pipeline.feeds.sfmc_subscribers import ADDRESS, PROFILE, STATUSES, us_time
from pipeline.vocabulary import BounceClass, Via

CODES = {
    "sent": sent(),
    "open": IGNORED,
    "opens": IGNORED,
    "click": IGNORED,
    "clicks": IGNORED,
    "conversion": IGNORED,
    "survey": IGNORED,
    "forward": IGNORED,
    "bounce": bounce(BounceClass.UNDETERMINED),
    "bounce/hard": bounce(BounceClass.HARD),
    "bounce/soft": bounce(BounceClass.SOFT),
    "bounce/soft/mailbox full": bounce(BounceClass.SOFT, "mailbox_full"),
    "bounce/block": bounce(BounceClass.BLOCK),
    "bounce/technical": bounce(BounceClass.SOFT),
    "bounce/unknown": bounce(BounceClass.UNDETERMINED),
    "hardbounce": bounce(BounceClass.HARD),
    "softbounce": bounce(BounceClass.SOFT),
    "blockbounce": bounce(BounceClass.BLOCK),
    "otherbounce": bounce(BounceClass.UNDETERMINED),
    "complaint": complaint(),
    "spamcomplaint": complaint(),
    "unsubscribe": opt_out(Via.ONE_CLICK),
    "unsubscribe/complaint": complaint(),
    "notsent/unsubscribed": NO,
    "notsent/unsubscribed master": NO,
    "notsent/account level opt out": NO,
    "notsent/list level opt out": NO,
    "notsent/global unsubscribe": NO,
    "notsent/subscriber deleted": NO,
    "notsent/held": quarantine("held"),
    "notsent/undeliverable": quarantine("held"),
    "notsent/bounced": quarantine("bounced"),
    "notsent/list detective exclusion": quarantine("invalid_address"),
    "notsent/domain exclusion": IGNORED,
    "notsent/excluded by send time filter": IGNORED,
    "notsent/suppression list exclusion": IGNORED,
    **{f"status/{status}": meaning for status, meaning in STATUSES.items()},
}
KEY = Field("subscriber_key", "your key of the subscriber, by default the address", headers=("SubscriberKey",))
EMAIL = Field("email", "the subscriber's address", headers=("EmailAddress", "Email Address"))
DATE = Field("event_date", "when it happened", headers=("EventDate",), is_required=True)
TYPE = Field("event_type", "what happened", headers=("EventType",), is_required=True)
JOB = Field("send_id", "the send", headers=("SendID", "JobID"))
FIELDS = (
    KEY,
    EMAIL,
    DATE,
    JOB,
    Field("list_id", "the list that was sent to; look it up in `map:`", headers=("ListID",)),
    Field("triggered_send_key", "the triggered send", headers=("TriggeredSendExternalKey",)),
    Field("category", "of a bounce: Hard, Soft, Block, Technical/Other or Unknown bounce", headers=("BounceCategory", "BounceType")),
    Field("category_id", "of a bounce: 1 hard, 2 soft, 3 block", headers=("BounceCategoryID",)),
    Field("subcategory", "of a bounce", headers=("BounceSubcategory", "BounceSubcategoryID")),
    Field("smtp_code", "of a bounce: the reply code", headers=("SMTPCode",)),
    Field("bounce_reason", "of a bounce: what the mail server said", headers=("BounceReason", "SMTPBounceReason", "SMTPReason")),
    Field("reason", "why nothing was sent, or why somebody unsubscribed", headers=("UnsubReason",)),
)
BOUNCE = """concat_ws('/', 'bounce', coalesce(
        nullif(regexp_extract(lower(category), '^\\s*(hard|soft|block|technical|unknown)', 1), ''),
        CASE trim(category_id) WHEN '1' THEN 'hard' WHEN '2' THEN 'soft' WHEN '3' THEN 'block' END,
        nullif(trim(category), '')),
    CASE WHEN lower(trim(subcategory)) IN ('mailbox full', '3001') THEN 'mailbox full' END)"""
UNSUBSCRIBE = r"CASE WHEN regexp_matches(lower(reason), 'spam|complain') THEN 'unsubscribe/complaint' ELSE 'unsubscribe' END"
NOT_SENT = "'notsent/' || trim(reason)"
BY_TYPE = f"""CASE lower(replace(trim(event_type), ' ', ''))
    WHEN 'bounce' THEN {BOUNCE} WHEN 'notsent' THEN {NOT_SENT}
    WHEN 'unsubscribe' THEN {UNSUBSCRIBE} WHEN 'unsub' THEN {UNSUBSCRIBE}
    ELSE lower(replace(trim(event_type), ' ', '')) END"""


def events(name: str, label: str, *file_names: str, fields: tuple[Field, ...] = FIELDS) -> Shape:
    """The events of one table."""
    return Shape(
        name=name,
        fields=fields,
        label=label,
        codes=CODES,
        says={
            "occurred_at": us_time("event_date"),
            "address": ADDRESS,
            "profile_id": PROFILE,
            "channel": "'email'",
            "status_code": "CASE WHEN label LIKE '%bounce%' THEN smtp_code END",
            "diagnostic": "CASE WHEN label LIKE '%bounce%' THEN bounce_reason END",
            "campaign": "coalesce(nullif(triggered_send_key, ''), send_id)",
            "scope_id": "CASE WHEN lower(label) IN ('unsubscribe', 'notsent/list level opt out') THEN list_id ELSE '' END",
            "reason_text": "reason",
        },
        file_names=file_names,
    )


STATUS_CHANGES = Shape(
    name="status changes",
    fields=(
        KEY,
        EMAIL,
        Field("new_status", "the status from now on", headers=("NewStatus",), is_required=True),
        Field("event_date", "when it changed", headers=("DateChanged", "EventDate"), is_required=True),
    ),
    label="'status/' || trim(new_status)",
    codes={**{word: meaning for word, meaning in CODES.items() if word.startswith("status/")}, "status": NO},
    says={
        "occurred_at": us_time("event_date"),
        "address": ADDRESS,
        "profile_id": PROFILE,
        "channel": "'email'",
        "reason": "lower(trim(new_status))",
    },
    file_names=("statuschange", "status change"),
)
NO_EVENTS = Shape(
    name="no events",
    fields=(JOB,),
    label="'no event'",
    codes={"no event": IGNORED},
    says={},
    file_names=(
        "opens", "clicks", "sendjobs", "senddata", "sendimpression", "conversions", "surveys", "attributes", "lists", "listmembership",
        "subscribers", "joblinks",
    ),
)  # fmt: skip

FEED = VendorFeed(
    source="sfmc_tracking",
    summary="Salesforce Marketing Cloud tracking extract: the zip of its tables (CSV or TAB)",
    # The first name that fits counts: `notsent` has `sent` in it.
    shapes=(
        events("bounces", BOUNCE, "bounce"),
        events("unsubscriptions", UNSUBSCRIBE, "unsub"),
        events("complaints", "'complaint'", "complaint"),
        events("not sent", NOT_SENT, "notsent"),
        STATUS_CHANGES,
        NO_EVENTS,
        events("sent", "'sent'", "sent"),
        replace(STATUS_CHANGES, file_names=()),
        events("events", BY_TYPE, fields=(*FIELDS, TYPE)),
    ),
    traps=(
        "Times are Central Standard Time, in summer too, and month first: name another `timezone` if yours are not.",
        "ListID is the list that the send went to: map the lists, or an unsubscription counts for the whole organisation.",
        "Unsubs holds only what came from a send: extract StatusChanges too. Its unsubscriptions count for the whole organisation.",
        "SubscriberKey is mostly not the address, and one address can stand under several keys.",
        "Subscribers in the zip covers a range only and is not read here: feed all of them to `sfmc_subscribers`.",
        "The vendor keeps the data for six months.",
    ),
    basis=(
        "https://help.salesforce.com/s/articleView?id=mktg.mc_as_tracking_extract.htm&language=en_US&type=5",
        "https://help.salesforce.com/s/articleView?id=mktg.mc_as_bounces.htm&language=en_US&type=5",
        "https://help.salesforce.com/s/articleView?id=mktg.mc_as_data_view_unsubscribe.htm&language=en_US&type=5",
        "https://help.salesforce.com/s/articleView?id=mktg.mc_as_data_view_complaint.htm&language=en_US&type=5",
        "https://help.salesforce.com/s/articleView?id=002186626&language=fr&type=1",
        "https://life-improver.com/salesforce/salesforce-need-details-on-the-reason-data-found-in-tracking-extract-notsent-file/",
    ),
    timezone="Etc/GMT+6",
)
