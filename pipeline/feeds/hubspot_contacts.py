"""HubSpot's contacts: the CSV export with its labels, answers of the contacts API, and two exports of the e-mail tool.

Headers are labels in the language of the user who exports: English ones are documented, German and Dutch ones are what was
found or is likely, and any other column whose header speaks of opting out restricts as well. Who opted out is not told, so
that it is an import's "no". `Unsubscribed from all email` is about the current address; the contact's additional addresses
are taken to be meant too. A hard bounce, an invalid, quarantined or ineligible address is HubSpot's own restriction and no
new bounce. "Email hard bounce reason" stands in the header twice. Counts of bounces, the double opt-in's state and a
recipient's fatigue say nothing here. In the recipients' export `Sent At` is in the exporter's time zone and the time of no
unsubscription; the export of unsubscribes and bounces has a column for each subscription type.
"""

from pipeline.feeds._vendor import NO, Field, Shape, VendorFeed, complaint, opt_out, quarantine
from pipeline.feeds.hubspot_email_events import BOUNCES, DROPS
from pipeline.vocabulary import Via

EMAIL_LABELS = ("E-Mail", "E-Mail-Adresse", "E-mailadres", "Email address")
CONTACT_FIELDS = (
    Field("hs_object_id", "the contact", headers=("Record ID", "Record ID - Contact", "Contact ID", "Datensatz-ID", "Record-ID")),
    Field("email", "the current address", headers=EMAIL_LABELS),
    Field("firstname", "first name", headers=("First Name", "Vorname", "Voornaam")),
    Field("lastname", "last name", headers=("Last Name", "Nachname", "Achternaam")),
    Field("mobilephone", "mobile number", headers=("Mobile Phone Number", "Mobiltelefonnummer", "Handynummer", "Mobiel telefoonnummer")),
    Field("phone", "phone number", headers=("Phone Number", "Telefonnummer", "Telefoonnummer")),
    Field("date_of_birth", "date of birth", headers=("Date of birth", "Geburtsdatum", "Geboortedatum")),
    Field("address", "street", headers=("Street Address", "Straße", "Straße und Hausnummer", "Postanschrift", "Adres", "Straat")),
    Field("zip", "postal code", headers=("Postal Code", "Postleitzahl", "Postcode")),
    Field("city", "town", headers=("City", "Stadt", "Ort", "Plaats", "Stad")),
    Field("country", "country", headers=("Country/Region", "Land/Region", "Land", "Land/regio")),
    Field("hs_language", "language", headers=("Preferred language", "Bevorzugte Sprache", "Voorkeurstaal")),
    Field(
        "lastmodifieddate",
        "last change, local time in a CSV",
        headers=("Last Modified Date", "Datum der letzten Änderung", "Laatst gewijzigd op"),
    ),
    Field(
        "hs_additional_emails",
        "further addresses, semicolons between them",
        headers=("Additional email addresses", "Zusätzliche E-Mail-Adressen", "Aanvullende e-mailadressen", "Extra e-mailadressen"),
    ),
    Field(
        "hs_merged_object_ids",
        "contacts that were merged into this one, semicolons between them",
        headers=("Merged record IDs", "Merged contact IDs", "Merged object IDs", "IDs der zusammengeführten Datensätze"),
    ),
    Field(
        "hs_calculated_merged_vids",
        "the same in an older form, each with a colon and the time of the merge",
        headers=("Merged vids", "Calculated merged vids", "Merged contact IDs with timestamps of the merges"),
    ),
    Field(
        "hs_email_optout",
        "yes: unsubscribed from all e-mail",
        headers=(
            "Unsubscribed from all email",
            "Von allen E-Mails abgemeldet",
            "Abgemeldet von allen E-Mails",
            "Afgemeld voor alle e-mail",
            "Uitgeschreven van alle e-mail",
            "Uitgeschreven voor alle e-mail",
        ),
    ),
    Field(
        "hs_email_bad_address",
        "yes: no valid address",
        headers=("Invalid email address", "Ungültige E-Mail-Adresse", "Ongeldig e-mailadres"),
    ),
    Field(
        "hs_email_hard_bounce_reason",
        "why the address bounced hard; empty: it did not",
        headers=(
            "Email hard bounce reason",
            "hs_email_hard_bounce_reason_enum",
            "E-Mail-Hard-Bounce-Grund",
            "Grund für Hard Bounce der E-Mail",
            "Reden harde bounce e-mail",
        ),
    ),
    Field("hs_email_is_ineligible", "yes: HubSpot sends it nothing", headers=("Is globally ineligible",)),
    Field(
        "hs_email_quarantined",
        "yes: quarantined by HubSpot",
        headers=("Email Address Quarantined", "E-Mail-Adresse in Quarantäne", "E-mailadres in quarantaine"),
    ),
    Field(
        "hs_email_quarantined_reason",
        "why HubSpot quarantined it",
        headers=("Email address automated quarantine reason", "Email address quarantine reason", "hs_email_customer_quarantined_reason"),
    ),
    Field("hs_quarantined_emails", "quarantined addresses of the contact, in free text", headers=("Quarantined Emails",)),
)
OPT_OUT_HEADER = r"opt(ed|s|ing)?[ _-]?outs?([^a-z]|$)|unsubscribed|abgemeldet|deaktiviert|afgemeld|uitgeschreven"
NO_OPT_OUT_HEADER = r"\b(reason|survey|date|time|number|grund|umfrage|datum|zeit|anzahl|reden|aantal)\b"
"""In front of a colon: what stands behind it is a subscription's name."""
ADDRESSES = r"[^\s,;:()<>\"'']+@[^\s,;:()<>\"'']+"


def _said(value: str, others: str) -> str:
    """What a contact's columns say, one struct a saying; `value` finds a property, with its name for `{}`, `others` a MAP of the rest."""

    def of(name: str) -> str:
        return value.format(name)

    def said(condition: str, word: str, address: str = of("email")) -> str:
        return f"{{'word': CASE WHEN {condition} THEN {word} END, 'list': '', 'address': {address}, 'why': ''}}"

    def each_address(text: str, condition: str, word: str) -> str:
        return f"""list_transform(regexp_extract_all({text}, '{ADDRESSES}'), lambda a: {said(condition, word, "a")})"""

    quarantined = of("hs_email_quarantined")
    flags = ", ".join(
        (
            said(f"says_yes({of('hs_email_optout')})", "'unsubscribed from all email'"),
            said(f"says_yes({of('hs_email_bad_address')})", "'invalid email address'"),
            said(f"trim({of('hs_email_hard_bounce_reason')}) <> ''", f"'hard bounce/' || {of('hs_email_hard_bounce_reason')}"),
            said(f"says_yes({of('hs_email_is_ineligible')})", "'globally ineligible'"),
            said(f"says_yes({quarantined}) OR ({quarantined} = '' AND {of('hs_email_quarantined_reason')} <> '')", "'quarantined'"),
        )
    )
    return f"""list_filter([{flags}]
        || {each_address(of("hs_additional_emails"), f"says_yes({of('hs_email_optout')})", "'unsubscribed from all email'")}
        || {each_address(of("hs_quarantined_emails"), "true", "'quarantined'")}
        || list_transform(list_filter(coalesce(map_entries({others}), []), lambda o:
                says_yes(o.value) AND o.key <> 'hs_email_optout' AND regexp_matches(lower(o.key), '{OPT_OUT_HEADER}')
                AND NOT regexp_matches(replace(split_part(lower(o.key), ':', 1), '_', ' '), '{NO_OPT_OUT_HEADER}')),
            lambda o: {{'word': 'opted out of email', 'list': CASE
                    WHEN contains(o.key, ':') THEN trim(split_part(o.key, ':', 2)) ELSE replace(o.key, 'hs_email_optout_', '') END,
                'address': {of("email")}, 'why': o.key}}),
        lambda said: said.word IS NOT NULL)"""


CODES = {
    "unsubscribed from all email": NO,
    "opted out of email": NO,
    "invalid email address": quarantine("invalid_address"),
    "hard bounce": quarantine("bounced"),
    **{f"hard bounce/{reason}": quarantine("bounced") for reason in BOUNCES},
    "globally ineligible": quarantine("ineligible"),
    "quarantined": quarantine("quarantined"),
}
SAYS = {"address": "item.address", "channel": "'email'", "scope_id": "item.list", "reason_text": "item.why"}
PROFILE = {
    "email": "email",
    "phone": "coalesce(nullif(trim(mobilephone), ''), phone)",
    "first_name": "firstname",
    "last_name": "lastname",
    "birth_date": "date_of_birth",
    "street": "address",
    "postal_code": "zip",
    "city": "city",
    "country": "country",
    "language": "hs_language",
    "updated_at": "lastmodifieddate",
    "former_emails": "hs_additional_emails",
}
MERGED = r"concat_ws(';', {}, regexp_replace({}, ':\d+', '', 'g'))"
"""The merged contacts in both forms."""
IN_JSON = "coalesce(json_in(properties) ->> '$.{}', '')"

RECIPIENTS = Shape(
    name="recipients",
    fields=(
        Field("recipient", "the address", headers=("Empfänger", "Ontvanger"), is_required=True),
        Field("not_sent_reason", "why HubSpot sent nothing", is_required=True),
        Field("sent_at", "when it was sent, in the exporter's time zone", headers=("Sent At (Your time zone)",)),
        Field("bounce", "TRUE: it bounced"),
        Field("bounce_reason", "kind of the bounce"),
        Field("spam_report", "TRUE: reported as spam"),
        Field("unsubscribed", "TRUE: unsubscribed by this message's link"),
    ),
    each="""list_filter([
            CASE WHEN trim(not_sent_reason) <> '' THEN 'not sent/' || trim(not_sent_reason) END,
            CASE WHEN says_yes(bounce) OR trim(bounce_reason) <> '' THEN concat_ws('/', 'bounce', nullif(trim(bounce_reason), '')) END,
            CASE WHEN says_yes(spam_report) THEN 'spam report' END,
            CASE WHEN says_yes(unsubscribed) THEN 'unsubscribed' END], lambda word: word IS NOT NULL)""",
    label="item",
    codes={
        "not sent": quarantine(),
        **{f"not sent/{reason}": meaning for reason, meaning in DROPS.items()},
        "bounce": BOUNCES["uncategorized"],
        **{f"bounce/{category}": meaning for category, meaning in BOUNCES.items()},
        "spam report": complaint(),
        "unsubscribed": opt_out(Via.ONE_CLICK),
    },
    says={
        "address": "recipient",
        "channel": "'email'",
        "occurred_at": "CASE WHEN split_part(item, '/', 1) IN ('bounce', 'not sent') THEN sent_at END",
    },
)

UNSUBSCRIBES = Shape(
    name="unsubscribes",
    fields=(
        Field("email", "the address", headers=(*EMAIL_LABELS, "Recipient")),
        Field("portal_unsubscribe", "TRUE: unsubscribed from all e-mail", is_required=True),
        Field("portal_bounce", "TRUE: bounced hard", is_required=True),
        Field("portal_spam_report", "TRUE: reported as spam"),
        Field("global_bounce", "TRUE: bounced hard for several customers of HubSpot"),
    ),
    each="""list_filter([
            {'word': CASE WHEN says_yes(portal_unsubscribe) THEN 'portal unsubscribe' END, 'list': ''},
            {'word': CASE WHEN says_yes(portal_bounce) THEN 'portal bounce' END, 'list': ''},
            {'word': CASE WHEN says_yes(global_bounce) THEN 'global bounce' END, 'list': ''},
            {'word': CASE WHEN says_yes(portal_spam_report) THEN 'portal spam report' END, 'list': ''}
        ] || list_transform(
            list_filter(coalesce(map_entries(others), []), lambda o: word(o.value) IN ('true', 'yes', '1', 'wahr', 'ja', 'waar')),
            lambda o: {'word': 'unsubscribed from type', 'list': o.key}), lambda said: said.word IS NOT NULL)""",
    label="item.word",
    codes={
        "portal unsubscribe": NO,
        "unsubscribed from type": NO,
        "portal bounce": quarantine("bounced"),
        "global bounce": quarantine("bounced"),
        "portal spam report": complaint(),
    },
    says={"address": "email", "channel": "'email'", "scope_id": "item.list"},
    is_snapshot=True,
)

CONTACTS = Shape(
    name="contacts",
    fields=tuple(
        Field(field.name, field.meaning, headers=field.headers, is_required=field.name in ("hs_object_id", "email"))
        for field in CONTACT_FIELDS
    ),
    each=_said("{}", "others"),
    label="item.word",
    codes=CODES,
    unknown=NO,
    says={**SAYS, "profile_id": "hs_object_id"},
    profile={
        "profile_id": "hs_object_id",
        **PROFILE,
        "merged_ids": MERGED.format("hs_merged_object_ids", "hs_calculated_merged_vids"),
    },
    reads_otherwise=OPT_OUT_HEADER,
    is_snapshot=True,
)

API = Shape(
    name="api",
    records="CASE WHEN json_exists(json, '$.results') THEN json_items(json -> '$.results') END",
    fields=(
        Field("id", "the contact", is_required=True),
        Field("properties", "its properties by their internal names", is_required=True),
        Field("archived", "true: deleted"),
    ),
    each=_said(IN_JSON, "TRY_CAST(json_in(properties) AS MAP(VARCHAR, VARCHAR))"),
    label="item.word",
    codes=CODES,
    unknown=NO,
    says={**SAYS, "profile_id": "id"},
    profile={
        "profile_id": "id",
        **{name: IN_JSON.format(column) for name, column in PROFILE.items() if name != "phone"},
        "phone": f"coalesce(nullif({IN_JSON.format('mobilephone')}, ''), {IN_JSON.format('phone')})",
        "merged_ids": MERGED.format(IN_JSON.format("hs_merged_object_ids"), IN_JSON.format("hs_calculated_merged_vids")),
    },
    profile_when="NOT says_yes(archived)",
    reads_otherwise=OPT_OUT_HEADER,
    is_snapshot=True,
)

FEED = VendorFeed(
    source="hubspot_contacts",
    summary="HubSpot contacts with their e-mail properties; also the exports of recipients and of unsubscribes (CSV, JSON)",
    shapes=(RECIPIENTS, UNSUBSCRIBES, CONTACTS, API),
    traps=(
        "The labels of the header follow the exporting user's language, and one of them stands in it twice.",
        "An opt-out from a type is headed by the type's name in a CSV and by its id in the API: `map:` what you export.",
        "A merged contact is gone from the export: export `Merged record IDs` and `Additional email addresses` with the others.",
        "`Unsubscribed from all email` is about the current address: a changed address does not show it any more.",
        "`Sent At` of the recipients' export is in the exporter's time zone: say it in `timezone:`.",
    ),
    basis=(
        "https://knowledge.hubspot.com/properties/hubspots-default-contact-properties",
        "https://knowledge.hubspot.com/articles/kcs_article/contacts/"
        "what-do-the-columns-mean-in-csv-i-receive-when-i-export-unsubscribes-and-bounces",
        "https://knowledge.hubspot.com/contacts/how-can-i-see-if-a-contact-opted-out-of-email-communication",
    ),
)
