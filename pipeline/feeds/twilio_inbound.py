"""Messages that people send to a Twilio number: the webhook's form bodies, the message log as CSV, the API's list as JSON.

Twilio's own verdict (`OptOutType`) decides first; else a message that is a keyword and nothing else does, in whatever case and
punctuation. `YES` is no START here: it may answer any question. A START counts as written, and only with a time: the webhook
tells none, so what keeps the bodies must add one. What is no keyword goes to people (`review_message`): it may mean "no".
A STOP holds for the number or the messaging service that it was sent to; on another channel than SMS or RCS, for every channel.
"""

from pipeline.feeds._vendor import IGNORED, Field, Meaning, Shape, VendorFeed, opt_in, opt_out, review
from pipeline.vocabulary import Via

STOP = (
    *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"),  # Twilio's
    *("arret", "arrete", "arrett", "arrêt"),
    *(
        "stopp",
        "abmelden",
        "abmeldung",
        "abbestellen",
        "abbestellung",
        "kündigen",
        "kuendigen",
        "kündigung",
        "beenden",
        "ende",
        "austragen",
    ),
    *("afmelden", "afmelding", "uitschrijven", "stoppen", "opzeggen", "beëindigen", "einde"),
)
START = ("start", "unstop")
HELP = ("help", "info")
WORD = r"regexp_replace(lower(nfc_normalize(body)), '[^\p{L}\p{N}]+', '', 'g')"
"""The message in letters and digits only: `S.T.O.P!` is a STOP."""
AS_WRITTEN = r"regexp_replace(lower(body), '^[\s\p{Pi}\p{Pf}\p{Ps}\p{Pe}.!\x22'']+|[\s\p{Pi}\p{Pf}\p{Ps}\p{Pe}.!\x22'']+$', '', 'g')"
"""The message without space, quotes and full stops around it: what permits something must not be put together."""
IS_OUTBOUND = "starts_with(lower(trim(direction)), 'out') OR (direction = '' AND lower(status) NOT IN ('', 'received', 'receiving'))"
IS_SMS = "NOT regexp_matches(sender, '^[a-z]+:') OR regexp_matches(sender, '^(sms|rcs):')"


def _number(field: str) -> str:
    """SQL: the number without its channel; a plus that a form's decoding made a space is one again."""
    return rf"regexp_replace(regexp_replace({field}, '^[a-z]+:', ''), '^ +(\d)', '+\1')"


CODES: dict[str, Meaning] = {
    "outbound": IGNORED,
    "empty": IGNORED,
    "type/stop": opt_out(Via.KEYWORD),
    "type/help": IGNORED,
    "start": opt_in(Via.KEYWORD),
    "start/incomplete": review(),
    **{f"keyword/{word}": opt_out(Via.KEYWORD) for word in STOP},
    **{f"keyword/{word}": IGNORED for word in HELP},
    "text": review(),
}

SAYS = {
    "event_id": "sid",
    "occurred_at": "rfc2822_time(CASE WHEN regexp_matches(sent_at, '^[0-9]{4}-') THEN replace(sent_at, ' UTC', 'Z') ELSE sent_at END)",
    "address": _number("sender"),
    "channel": f"CASE WHEN {IS_SMS} THEN 'sms' ELSE split_part(sender, ':', 1) END",
    "scope_id": f"""CASE
        WHEN mapped_scope({_number("receiver")}) IS NULL AND mapped_scope(service) IS NOT NULL THEN service
        ELSE coalesce(nullif({_number("receiver")}, ''), service) END""",
    "body": "body",
}
LABEL = f"""CASE
    WHEN {IS_OUTBOUND} THEN 'outbound'
    WHEN code_of('type/' || opt_out_type) IS NOT NULL THEN 'type/' || lower(trim(opt_out_type))
    WHEN code_of('keyword/' || {WORD}) IS NOT NULL AND lower(trim(opt_out_type)) <> 'start' THEN 'keyword/' || {WORD}
    WHEN lower(trim(opt_out_type)) = 'start' OR {AS_WRITTEN} IN {START}
    THEN CASE WHEN sent_at <> '' AND ({IS_SMS}) THEN 'start' ELSE 'start/incomplete' END
    WHEN trim(body) = '' THEN 'empty'
    ELSE 'text' END"""
TIMES = ("DateSent", "SentDate", "date_sent", "timestamp", "received_at")


def _shape(name: str, sid: str, sender: str, receiver: str, service: str, body: str, sent_at: tuple[str, ...], records: str = "") -> Shape:
    """One of the forms, which differ in where things stand."""
    fields = (
        Field("sid", "the message's id", sid, ("MessageSid", "SmsSid")),
        Field("sender", "who wrote", sender, ("From",), is_required=True),
        Field("receiver", "our number; look it up in `map:`", receiver, ("To",)),
        Field("service", "our messaging service; look it up in `map:`", service, ("MessagingServiceSid", "messaging_service_sid")),
        Field("body", "what they wrote", body, ("Body",), is_required=True),
        Field("opt_out_type", "STOP, START or HELP (Advanced Opt-Out)", "OptOutType", ("OptOutType",)),
        Field("direction", "inbound, or outbound-…", "direction"),
        Field("status", "received, or what became of an outbound message", "status", ("SmsStatus",), pointers=("SmsStatus",)),
        Field("sent_at", "when it was sent; the webhook does not tell", sent_at[0], TIMES, pointers=sent_at[1:]),
    )
    return Shape(name, fields, label=LABEL, codes=CODES, says=SAYS, unknown=review(), records=records)


SHAPES = (
    _shape("webhook and message log", "MessageSid", "From", "To", "MessagingServiceSid", "Body", TIMES),
    _shape("API", "sid", "from", "to", "messaging_service_sid", "body", TIMES, records="""from_json(json -> '$.messages', '["JSON"]')"""),
    _shape("event stream", "data/messageSid", "data/from", "data/to", "data/messagingServiceSid", "data/body", ("data/timestamp",)),
)

FEED = VendorFeed(
    source="twilio_inbound",
    summary="Twilio inbound messages: STOP and START by keyword, free text for people to read",
    shapes=SHAPES,
    traps=(
        "The webhook tells no time: a STOP counts until it was received, a START is shown to people instead.",
        "`YES` opts in at Twilio; here it is free text unless `OptOutType` says START.",
        "A number in `map:` goes before its messaging service.",
        "Carriers stop some messages before Twilio sees them: the outbound error 21610 tells of those.",
    ),
    basis=(
        "https://www.twilio.com/docs/messaging/guides/webhook-request",
        "https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out.md",
        "https://support.twilio.com/hc/en-us/articles/223134027-Twilio-Support-for-Opt-out-Keywords-SMS-STOP-Filtering",
        "https://www.twilio.com/docs/proxy/opt-out-keywords",
        "https://www.twilio.com/docs/events/event-types/messaging/inbound-message",
    ),
)
