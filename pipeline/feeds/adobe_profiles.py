"""Adobe Campaign's profiles: the file of an "Extract file" workflow, or an answer of the Standard API.

The columns are the workflow's choice, by internal names or by labels of the client's language; English labels are
documented, German and French ones are what was found or is likely, and any other column whose header says "no longer
contact" in one of the three restricts every channel. The denylist flags are the profile's and not an address's; who set
them is not told, so that they are an import's. Fax and push are no channels of ours. `ccpaOptOut` refuses the sale of data:
nobody says what it means for messages, so that it is read as a "no" to all of them. A file is taken for the whole of the
profiles; an incremental extract (by `lastModified`) needs a column `operation` (upsert or delete).
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, opt_out
from pipeline.vocabulary import Actor, Channel, Via

FLAGS: dict[str, tuple[Channel | None, str, tuple[str, ...]]] = {
    "blackList": (
        Channel.ANY,
        "coalesce(nullif(trim(email), ''), nullif(trim(mobilePhone), ''), phone)",
        (
            "No longer contact (by any channel)",
            "No longer contact",
            "Nicht mehr kontaktieren (über alle Kanäle)",
            "Nicht mehr kontaktieren",
            "Ne plus contacter (tous canaux)",
            "Ne plus contacter",
        ),
    ),
    "blackListEmail": (
        Channel.EMAIL,
        "email",
        (
            "No longer contact by email",
            "Nicht mehr per E-Mail kontaktieren",
            "Nicht mehr kontaktieren (E-Mail)",
            "Ne plus contacter par email",
            "Ne plus contacter par e-mail",
        ),
    ),
    "blackListMobile": (
        Channel.SMS,
        "mobilePhone",
        ("No longer contact by SMS", "Nicht mehr per SMS kontaktieren", "Nicht mehr kontaktieren (SMS)", "Ne plus contacter par SMS"),
    ),
    "blackListPhone": (
        Channel.PHONE,
        "coalesce(nullif(trim(phone), ''), mobilePhone)",
        (
            "No longer contact by phone",
            "Nicht mehr per Telefon kontaktieren",
            "Nicht mehr telefonisch kontaktieren",
            "Ne plus contacter par téléphone",
        ),
    ),
    "blackListPostalMail": (
        Channel.POST,
        "''",
        (
            "No longer contact by direct mail",
            "Nicht mehr per Briefpost kontaktieren",
            "Nicht mehr per Post kontaktieren",
            "Ne plus contacter par courrier",
        ),
    ),
    "blackListFax": (None, "''", ("No longer contact by fax", "Nicht mehr per Fax kontaktieren", "Ne plus contacter par fax")),
    "blackListPushnotification": (None, "''", ("No longer contact by push notification",)),
    "ccpaOptOut": (Channel.ANY, "email", ("CCPA Opt-Out", "CCPA Opt-out status")),
}
"""A flag → the channel that it closes, the address that it names, its labels."""
NO_CONTACT_HEADER = "no longer contact|nicht mehr .*kontaktieren|ne plus contacter|(deny|block|black) ?list|blockierungsliste|liste bloquée"


def _field(name: str, meaning: str, *labels: str, pointer: str = "", is_required: bool = False) -> Field:
    """A field by its internal name, with and without the sign of an attribute, or by its labels."""
    return Field(name, meaning, pointer=pointer, headers=(f"@{name}", *labels), is_required=is_required)


FIELDS = (
    _field("PKey", "the profile", "id", "@id", "Primary key", "Recipient ID", "Primärschlüssel", "Clé primaire"),
    _field("externalId", "its id in another system", "External ID", "Externe ID", "Externe Kennung", "Identifiant externe"),
    _field("email", "e-mail address", "E-Mail", "E-Mail-Adresse", "Adresse e-mail", is_required=True),
    _field("mobilePhone", "mobile number", "Mobile", "Mobile phone", "Mobiltelefon", "Téléphone mobile", "Portable"),
    _field("phone", "phone number", "Phone", "Telefon", "Téléphone"),
    _field("firstName", "first name", "First name", "Vorname", "Prénom"),
    _field("lastName", "last name", "Last name", "Nachname", "Nom"),
    _field("birthDate", "date of birth", "Birth date", "Date of birth", "Geburtsdatum", "Date de naissance"),
    _field("address3", "number and street", "[location/@address3]", "Address 3 (number and street)", pointer="location/address3"),
    _field("zipCode", "postal code", "[location/@zipCode]", "Postleitzahl", "PLZ", "Code postal", pointer="location/zipCode"),
    _field("city", "town", "[location/@city]", "Ort", "Stadt", "Ville", pointer="location/city"),
    _field(
        "countryCode", "ISO country", "[location/@countryCode]", "Country code", "Ländercode", "Code pays", pointer="location/countryCode"
    ),
    _field("language", "language", "Sprache", "Langue"),
    _field("lastModified", "last change, local time", "Modification date", "Last modified", "Änderungsdatum", "Date de modification"),
    *(_field(name, "1: the denylist's flag", *labels) for name, (_, _, labels) in FLAGS.items()),
)
SAID = ", ".join(
    f"{{'word': CASE WHEN says_yes({name}) THEN '{name}' END, 'address': {address}}}" for name, (_, address, _) in FLAGS.items()
)
TIMES = "['%Y/%m/%d %H:%M:%S', '%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y']"


def _shape(name: str, *fields: Field, is_snapshot: bool) -> Shape:
    operation = {"operation": "operation"} if fields else {}
    return Shape(
        name=name,
        records="CASE WHEN json_exists(json, '$.content') THEN json_items(json -> '$.content') END",
        fields=(*FIELDS, *fields),
        each=f"""list_filter([{SAID}] || list_transform(list_filter(coalesce(map_entries(others), []),
                lambda o: says_yes(o.value) AND regexp_matches(lower(o.key), '{NO_CONTACT_HEADER}')),
            lambda o: {{'word': 'no longer contact/' || o.key, 'address': coalesce(nullif(trim(email), ''), mobilePhone)}}),
            lambda said: said.word IS NOT NULL)""",
        label="item.word",
        codes={
            "no longer contact": opt_out(Via.IMPORT, Actor.IMPORT, channel=Channel.ANY),
            **{
                flag.lower(): opt_out(Via.IMPORT, Actor.IMPORT, "ccpa" if flag == "ccpaOptOut" else "", channel) if channel else IGNORED
                for flag, (channel, _, _) in FLAGS.items()
            },
        },
        says={"address": "item.address", "profile_id": "coalesce(nullif(trim(PKey), ''), externalId)"},
        profile={
            "profile_id": "coalesce(nullif(trim(PKey), ''), externalId)",
            "email": "email",
            "phone": "coalesce(nullif(trim(mobilePhone), ''), phone)",
            "first_name": "firstName",
            "last_name": "lastName",
            "birth_date": "birthDate",
            "street": "address3",
            "postal_code": "zipCode",
            "city": "city",
            "country": "countryCode",
            "language": "language",
            "updated_at": f"local_written(lastModified, {TIMES})",
            "external_id": "externalId",
            **operation,
        },
        reads_otherwise=NO_CONTACT_HEADER,
        is_snapshot=is_snapshot,
    )


CHANGES = _shape("changes", Field("operation", "upsert or delete", is_required=True), is_snapshot=False)
PROFILES = _shape("profiles", is_snapshot=True)

FEED = VendorFeed(
    source="adobe_profiles",
    summary="Adobe Campaign profiles with their denylist flags (extract file, or JSON of the Standard API)",
    shapes=(CHANGES, PROFILES),
    traps=(
        "A file without a column `operation` is the whole: an incremental extract would make the other profiles vanish.",
        "The flags belong to the profile: a new address of it is not free.",
        "The order of day and month behind a slash is not guessed: extract times as `YYYY/MM/DD hh:mm:ss`.",
    ),
    basis=(
        "https://experienceleague.adobe.com/en/docs/campaign/campaign-v8/send/monitor/quarantines",
        "https://experienceleague.adobe.com/docs/campaign-classic/using/configuring-campaign-classic/api/data-oriented-apis.html",
        "https://github.com/AdobeDocs/campaign-classic.de-DE",
    ),
)
