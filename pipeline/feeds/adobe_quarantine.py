"""Adobe Campaign's addresses in quarantine (`nms:address`), as a workflow extracts them: v7, v8 and Standard.

`With errors` (`Erroneous`) excludes nobody at Adobe either. `Denylisted` is what a spam report, or a STOP by SMS, makes of an
address; it may also be an imported list, which nothing tells: a complaint is the stricter reading. Of the status's numbers
only 2, valid, is documented: any other is a quarantine. Device tokens are no addresses of ours. The date of the error is the
restriction's; `lastModified` is not. The table is the whole truth of its day: what is valid, or missing, lifts nothing.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, complaint, opt_out, quarantine
from pipeline.vocabulary import Channel, Via

VALID = ("2", "valid", "gültig", "valide")
ALLOWED = (
    "on allow list",
    "on allowlist",
    "allowlisted",
    "whitelisted",
    "gesondert zugelassen",
    "auf zulassungsliste",
    "sur liste autorisée",
)
WITH_ERRORS = ("with errors", "erroneous", "mit fehlern", "fehlerhaft", "en erreur")
QUARANTINED = ("quarantine", "in quarantine", "quarantäne", "in quarantäne", "unter quarantäne", "quarantaine", "en quarantaine")
DENYLISTED = (
    "denylisted",
    "on denylist",
    "on block list",
    "blacklisted",
    "on blacklist",
    "auf blockierungsliste",
    "auf die blockierungsliste gesetzt",
    "auf der schwarzen liste",
    "sur liste bloquée",
    "placé sur la liste bloquée",
    "placée sur la liste bloquée",
)
TIMES = "['%Y/%m/%d %H:%M:%S', '%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M']"

ADDRESSES = Shape(
    name="addresses",
    fields=(
        Field("address", "the address or number", headers=("@address", "E-Mail", "Email", "Adresse"), is_required=True),
        Field("status", "the quarantine's status", headers=("@status", "Statut"), is_required=True),
        Field("channel", "e-mail, SMS or mobile app", headers=("@channel", "type", "@type", "Kanal", "Canal")),
        Field("reason", "why", headers=("quarantineReason", "@quarantineReason", "Error reason", "Fehlerursache", "Raison de l'erreur")),
        Field(
            "text", "what the server said", headers=("quarantineText", "@quarantineText", "Error text", "Fehlertext", "Texte de l'erreur")
        ),
        Field("date", "when it failed", headers=("quarantineDate", "@quarantineDate", "Error date", "Fehlerdatum", "Date de l'erreur")),
    ),
    label="""CASE WHEN regexp_matches(lower(channel), 'push|mobile app|ios|android|application mobile') THEN 'device/' || trim(status)
        ELSE concat_ws('/', trim(status), CASE WHEN NOT contains(address, '@') THEN 'sms' END) END""",
    codes={
        "device": IGNORED,
        **dict.fromkeys((*VALID, *ALLOWED, *WITH_ERRORS), IGNORED),
        **dict.fromkeys(QUARANTINED, quarantine()),
        **dict.fromkeys(DENYLISTED, complaint()),
        **{f"device/{word}": IGNORED for word in (*VALID, *QUARANTINED, *DENYLISTED)},
        **{f"{word}/sms": IGNORED for word in (*VALID, *ALLOWED, *WITH_ERRORS)},
        **{f"{word}/sms": quarantine() for word in QUARANTINED},
        **{f"{word}/sms": opt_out(Via.KEYWORD, channel=Channel.SMS) for word in DENYLISTED},
    },
    unknown=quarantine(),
    says={
        "occurred_at": f"local_written(date, {TIMES})",
        "address": "address",
        "channel": "CASE WHEN contains(address, '@') THEN 'email' ELSE 'sms' END",
        "reason": "reason",
        "reason_text": "reason",
        "diagnostic": "text",
    },
    is_snapshot=True,
)

FEED = VendorFeed(
    source="adobe_quarantine",
    summary="Adobe Campaign quarantine: addresses and numbers that it does not write to (extract file)",
    shapes=(ADDRESSES,),
    traps=(
        "`With errors` is no quarantine, and `Valid` lifts none.",
        "A number that is denylisted has replied STOP; an address has reported spam.",
        "Adobe compares addresses with their case, so that one may stand in the file twice.",
    ),
    basis=(
        "https://experienceleague.adobe.com/en/docs/campaign/campaign-v8/send/monitor/quarantines",
        "https://experienceleague.adobe.com/en/docs/campaign-classic/using/sending-messages/monitoring-deliveries/"
        "understanding-quarantine-management",
        "https://experienceleague.adobe.com/de/docs/campaign-web/v8/audiences/quarantine",
    ),
)
