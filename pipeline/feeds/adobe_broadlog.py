"""Adobe Campaign's delivery and exclusion logs (`broadLogRcp`, `excludeLogRcp`), as a workflow extracts them.

Reason and type of a failure decide, by number, internal name or label; without a reason the status does. `Denylisted` and
`in quarantine` say what Adobe knew before it sent: a restriction, no new bounce. An error of type "Ignored" counts nothing.
`Refused` is hard nowhere: by SMS every unqualified error is called so, and by e-mail it comes from filters too. Neither is
`Unreachable`, which may be the sender's own relay. Of the status's numbers only 6 (pending) and 7 (cancelled) are
documented: a row that has another one and no reason is rejected. The texts of SMS reports hold codes that are not SMTP's.
"""

from pipeline.feeds._vendor import IGNORED, NO, Field, Meaning, Shape, VendorFeed, bounce, delivered, quarantine, sent
from pipeline.vocabulary import BounceClass

IGNORED_TYPE = "ignored|ignoriert|ignoré"
REASONS: dict[tuple[str, ...], Meaning] = {
    ("1", "unknownuser", "user unknown", "unbekannter nutzer", "unbekannter benutzer", "utilisateur inconnu"): bounce(BounceClass.HARD),
    ("2", "invaliddomain", "invalid domain", "ungültige domain", "domaine invalide"): bounce(BounceClass.SOFT),
    ("3", "unreachable", "unerreichbar", "inatteignable"): bounce(BounceClass.SOFT),
    ("4", "disabled", "account disabled", "konto deaktiviert", "compte désactivé"): bounce(BounceClass.SOFT),
    ("5", "mailboxfull", "mailbox full", "postfach voll", "boîte pleine"): bounce(BounceClass.SOFT, "mailbox_full"),
    ("20", "refused", "zurückgewiesen", "abgelehnt", "refusé", "refusés"): bounce(BounceClass.UNDETERMINED),
    (
        "8",
        "blacklisted",
        "denylisted address",
        "blacklisted address",
        "address on denylist",
        "adresse, die auf die blockierungsliste gesetzt wurde",
        "adresse auf blockierungsliste",
        "adresse placée sur la liste bloquée",
        "adresse sur liste bloquée",
    ): NO,
    ("9", "quarantine", "address in quarantine", "quarantined address", "adresse in quarantäne", "adresse en quarantaine"): quarantine(),
    ("6", "notconnected", "not connected", "nicht angemeldet", "non connecté"): IGNORED,
    ("7", "addressundefined", "address not specified", "adresse nicht angegeben", "adresse non renseignée"): IGNORED,
    ("10", "duplicate", "double", "doppelt"): IGNORED,
    ("11", "excluded by a sql rule", "von einer sql-regel ausgeschlossen", "exclu par une règle sql"): IGNORED,
    ("12", "excluded after arbitration", "ausgeschlossen nach schlichtung", "exclu par un arbitrage"): IGNORED,
    ("14", "bad-quality address", "adresse schlechter qualität", "adresse de mauvaise qualité"): IGNORED,
    ("15", "unqualified address", "adresse nicht qualifiziert", "adresse non qualifiée"): IGNORED,
    ("16", "not eligible for the offers", "kommt nicht für die angebote infrage", "non éligible aux offres"): IGNORED,
    ("17", "target limited in size", "größe der zielgruppe begrenzt", "cible limitée en taille"): IGNORED,
    ("25", "errorignored", "error ignored", "fehler ignoriert", "erreur ignorée"): IGNORED,
    ("127", "control address", "kontrollgruppenadresse", "adresse témoin"): IGNORED,
}
"""Number, internal name and labels of a failure's reason → what it says."""
HARD = tuple(word for words in REASONS if words[0] in ("2", "4") for word in words)
"""Reasons that are soft by themselves, and hard where the failure's type says so."""

CODES: dict[str, Meaning] = {
    **{word: meaning for words, meaning in REASONS.items() for word in words},
    **{f"{word}/hard": bounce(BounceClass.HARD) for word in HARD},
    "ignored": IGNORED,
    **dict.fromkeys(("status/sent", "status/gesendet", "status/envoyé", "status/envoyés"), sent()),
    **dict.fromkeys(("status/received", "status/received on mobile", "status/erhalten", "status/auf mobiltelefon erhalten"), delivered()),
    **dict.fromkeys(("status/reçu", "status/reçu sur le mobile"), delivered()),
    **dict.fromkeys(
        ("status/failed", "status/fehlgeschlagen", "status/en échec", "status/échec", "status/echec"), bounce(BounceClass.UNDETERMINED)
    ),
    **dict.fromkeys(
        (
            "status/6", "status/7", "status/ignored", "status/ignoriert", "status/ignoré", "status/pending", "status/ausstehend",
            "status/en attente", "status/not applicable", "status/nicht anwendbar", "status/non applicable", "status/delivery canceled",
            "status/delivery cancelled", "status/versand abgebrochen", "status/diffusion annulée", "status/prepared", "status/vorbereitet",
            "status/préparé", "status/taken into account by the service provider", "status/vom dienstleister berücksichtigt",
            "status/pris en compte par le fournisseur de services", "status/sent to the service provider",
            "status/dem dienstleister übermittelt", "status/transmis au prestataire",
        ),
        IGNORED,
    ),
}  # fmt: skip


def _shape(name: str, *, needs_status: bool) -> Shape:
    return Shape(
        name=name,
        fields=(
            Field("address", "the address or number", headers=("@address", "Adresse", "E-Mail", "Email"), is_required=True),
            Field("status", "what became of the message", headers=("@status", "Statut"), is_required=needs_status),
            Field(
                "failureReason",
                "why it failed, number or label",
                headers=(
                    "@failureReason",
                    "[msg/@failureReason]",
                    "Failure reason",
                    "Reason",
                    "Grund des Fehlschlagens",
                    "Raison de l'échec",
                ),
                is_required=not needs_status,
            ),
            Field(
                "failureType",
                "Hard, Soft, Ignored or undefined",
                headers=("@failureType", "[msg/@failureType]", "Failure type", "Typ des Fehlschlagens", "Type de l'échec"),
            ),
            Field("eventDate", "when", headers=("@eventDate", "Event date", "Date", "Ereignisdatum", "Datum", "Date de l'événement")),
            Field("text", "what the server said", headers=("[msg/@text]", "Description", "Beschreibung")),
            Field("delivery", "the delivery", headers=("[delivery/@label]", "delivery-id", "@delivery-id", "Versand", "Diffusion")),
            Field("id", "the log's row", headers=("@id", "PKey", "Primary key", "Primärschlüssel", "Clé primaire")),
        ),
        label=f"""CASE
            WHEN lower(trim(failureReason)) IN ('', '0', 'undefined', 'not defined', 'unbestimmt', 'non définie', 'indéfinie')
            THEN 'status/' || trim(status)
            WHEN regexp_matches(lower(failureType), '{IGNORED_TYPE}')
                AND NOT regexp_matches(lower(trim(failureReason)), '^[89]$|denylist|blacklist|blockierungsliste|liste bloquée|quarant')
            THEN 'ignored'
            WHEN starts_with(lower(trim(failureType)), 'hard') AND lower(trim(failureReason)) IN {HARD} THEN trim(failureReason) || '/hard'
            ELSE replace(trim(failureReason), '/', ' ')
        END""",
        codes=CODES,
        says={
            "event_id": "id",
            "occurred_at": "local_written(eventDate, ['%Y/%m/%d %H:%M:%S', '%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M'])",
            "address": "address",
            "channel": "CASE WHEN contains(address, '@') THEN 'email' ELSE 'sms' END",
            "diagnostic": "CASE WHEN contains(address, '@') THEN text END",
            "campaign": "delivery",
            "reason_text": "text",
        },
    )


DELIVERIES = _shape("deliveries", needs_status=True)
EXCLUSIONS = _shape("exclusions", needs_status=False)

FEED = VendorFeed(
    source="adobe_broadlog",
    summary="Adobe Campaign delivery and exclusion logs: sent, failed and excluded messages (extract file)",
    shapes=(DELIVERIES, EXCLUSIONS),
    traps=(
        "`Sent` means handed over; only `Received on mobile` means that it arrived.",
        "A row of the log is rewritten when its message fails later: extract by event date, and a few days back.",
        "Denylisted and quarantined addresses are exclusions and no bounces.",
    ),
    basis=(
        "https://experienceleague.adobe.com/en/docs/campaign/campaign-v8/send/monitor/delivery-failures",
        "https://experienceleague.adobe.com/en/docs/campaign/campaign-v8/send/monitor/delivery-statuses",
        "https://experienceleaguecommunities.adobe.com/t5/adobe-campaign-classic-questions/how-to-see-reasons-of-exclusions/m-p/320836",
    ),
)
