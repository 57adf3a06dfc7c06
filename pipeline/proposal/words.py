"""What people call our columns in their exports, in six languages: the words by which `presend init --from` places a column.

Names are folded before they are looked up (`folded`): lower case, no accents, letters and digits only. The words of a column stand in
the order in which they are preferred where a file has several.
"""

import re
import unicodedata
from collections.abc import Mapping

_LETTERS = str.maketrans({"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"})
_PREFIX = re.compile(
    r"^(contact|customer|kunden?|kontakt|person|subscriber|recipient|empfaenger|member|mitglieds?|client|cliente|user|klant)(?=.)"
)
"""Whose it is need not be said: everything in the file is the contact's."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PROFILE: Mapping[str, tuple[str, ...]] = {
    "profile_id": _words(
        "profileid contactid customerid kundennummer kundennr kundenid kontaktid personid personenid personennummer recordid"
        " memberid mitgliedsnummer constituentid donorid subscriberid subscriberkey userid clientid numeroclient idclient"
        " codicecliente idcliente"
        " klantnummer klantid relatienummer adressnummer nummer number nr id uuid guid key"
    ),
    "email": _words(
        "email emailaddress emailadresse mailadresse mail emailprivat emailprivate privatemail primaryemail emailprimary email1"
        " email1value emailwork adresseemail adressemail courriel adressecourriel correoelectronico correo direccioncorreo posta"
        " postaelettronica indirizzoemail emailadres mailadres epost workemail homeemail businessemail"
    ),
    "phone": _words(
        "mobilephone mobile mobil mobilnummer mobiltelefon handy handynummer mobilephonenumber mobilenumber cellphone cell gsm"
        " portable telephoneportable cellulare movil telefonomovil mobiel smsnumber sms whatsapp phonemobile phone phonenumber"
        " telefon telefonnummer tel telnr rufnummer telephone numerotelephone telefono numeroditelefono telefoonnummer telefoon"
        " phone1 phone1value primaryphone homephone"
    ),
    "first_name": _words("firstname vorname fname givenname forename prenom nome nombre voornaam namefirst"),
    "last_name": _words(
        "lastname nachname familienname zuname lname surname familyname nomdefamille nom cognome apellido apellidos achternaam namelast"
    ),
    "birth_date": _words(
        "birthdate birthday geburtsdatum geburtstag dateofbirth dob gebdatum geburtsdat datedenaissance naissance datadinascita"
        " datanascita fechadenacimiento fechanacimiento geboortedatum"
    ),
    "street": _words(
        "street strasse strassehausnr strassehausnummer strasseundhausnummer streetaddress address addressline1 address1"
        " adresse adresse1 anschrift rue via indirizzo calle direccion straat straatnaam adres mailingstreet billingstreet"
        " shippingaddress1 defaultaddress1 defaultaddressaddress1 homestreet homeaddress1 address1street"
    ),
    "postal_code": _words(
        "postalcode plz postleitzahl zip zipcode postcode postal zippostalcode codepostal cap codicepostale codigopostal"
        " mailingpostalcode mailingzip mailingzippostalcode billingpostalcode billingzip defaultaddresszip homepostalcode homezip"
        " address1postalcode"
    ),
    "city": _words(
        "city ort stadt wohnort town locality ville citta localita comune ciudad localidad poblacion plaats woonplaats stad"
        " mailingcity billingcity defaultaddresscity homecity address1city"
    ),
    "country": _words(
        "country countrycode land laendercode landcode staat countryregion countryiso pays paese nazione pais mailingcountry"
        " billingcountry defaultaddresscountrycode homecountry homecountryregion address1country"
    ),
    "language": _words(
        "language sprache lang locale preferredlanguage languagecode sprachcode korrespondenzsprache langue lingua idioma taal"
        " preferredlocale"
    ),
    "updated_at": _words(
        "updatedat lastmodified lastmodifieddate modifiedat modified modifiedtime modifieddate lastchanged lastchange"
        " lastupdated lastupdatedon lastupdate updated updatetime changedat geaendertam geaendert aenderungsdatum letzteaenderung"
        " zuletztgeaendert aktualisiertam aktualisiert dateupdated datemodified writedate modifiele datedemodification"
        " modificatoil datamodifica fechademodificacion fechamodificacion gewijzigdop laatstgewijzigd"
    ),
    "external_id": _words("externalid externalidentifier externeid extid"),
    "merged_ids": _words("mergedids mergedobjectids mergedrecordids mergedcontactids"),
    "former_emails": _words("formeremails additionalemails additionalemailaddresses formeremailaddresses weitereemails"),
}
"""Our columns of a profile → folded names. A column that is none of them stays an attribute."""

EVENT: Mapping[str, tuple[str, ...]] = {
    "event_id": _words("eventid id ereignisid messageid uuid"),
    "occurred_at": _words(
        "occurredat eventdate eventtime timestamp date datum time zeit zeitpunkt zeitstempel datetime createdat created"
        " createddate createdtime erstelltam unsubscribedat unsubscribedate unsubscribetime dateunsubscribed optoutdate optoutat"
        " abgemeldetam abmeldedatum abmeldungam desinscritle datededesinscription uitgeschrevenop afmelddatum fechadebaja"
        " bouncedat bouncedate firedat suppressedat addedat added addedtime dateadded consentdate einwilligungam"
        " einwilligungsdatum optindate optinat fecha data"
    ),
    "address": _words(
        "address emailaddress email emailadresse mail mailadresse recipient recipientemail rcpt to empfaenger adresse phone"
        " phonenumber mobile telefon telefonnummer handy handynummer rufnummer courriel correo correoelectronico emailadres"
    ),
    "profile_id": PROFILE["profile_id"][:-6],
    "reason_text": _words("reason reasontext grund abmeldegrund unsubscribereason comment kommentar bemerkung motif motivo reden"),
    "campaign": _words("campaign campaignid kampagne campaignname mailing mailingid newsletter campagne campana campagna"),
    "status_code": _words("statuscode smtpcode code status errorcode"),
    "diagnostic": _words(
        "diagnostic diagnosticcode error errormessage bouncereason smtpresponse response reason text message fehler fehlertext"
    ),
    "bounce_class": _words("bounceclass bouncetype bouncecategory class type typ kategorie bounceart"),
    "action": _words("action aktion event eventtype ereignis subscriptionstatus"),
    "type": _words("type eventtype event ereignis"),
}
"""Our columns of consents and deliveries → folded names."""

FILE_SAYS: Mapping[str, str] = {
    "register": "robinson ecg register donotcall dnc tps ctps bellmenietregister infofilter postfilter",
    "bounce": "bounce bounces bounced hardbounce hardbounces softbounce softbounces ruecklaeufer undelivered unzustellbar",
    "opt_out": "unsub unsubs unsubscribe unsubscribed unsubscribes optout optouts abmeldung abmeldungen abgemeldet austragungen suppression"
    " suppressions suppressed blacklist blocklist sperrliste gesperrt desinscrits desinscription uitschrijvingen afmeldingen bajas",
}
"""What the name of a file says of everybody in it."""


ACTIVE = frozenset(
    _words(
        "aktiv aktive aktiver active actif active activo activa attivo attiva actief subscribed angemeldet abonniert abonne abonnee"
        " ingeschreven aangemeld geabonneerd iscritto iscritta suscrito suscrita inscrit inscrite optin optedin implicit explicit implied"
        " express"
    )
)
"""Cells that plainly do not refuse, folded. They count only as whole cells: a word beside them may take them back (`opt-in pending`)."""
PLAIN_YES = frozenset(_words("1 true t yes y ja j wahr oui vrai si vero verdadero waar x on checked")) | ACTIVE
"""Cells that plainly say the "yes" that their column asks for, folded."""
PLAIN_NO = frozenset(_words("0 false f no n nein falsch nee non faux falso onwaar off unchecked"))
"""Cells that plainly say the "no" instead, folded."""
GONE = frozenset(
    _words(
        "bounced cleaned cancelled canceled complained complaint spam junk removed deleted inactive inaktiv inaktive inactif"
        " inattivo inactivo inactief gekuendigt storniert geloescht supprime eliminato eliminado verwijderd blocked gesperrt"
    )
)
"""What systems call those whom they write to no more, whole and folded."""
ENDED = frozenset(_words("deactivated deactivatedat deaktiviert deaktiviertam complained complainedat spamcomplaint removedat removedon"))
"""Columns of a list's export that are filled where somebody is written to no more, folded; no flag by themselves."""
STATE = _words("status state zustand etat statut stato estado")
"""How the name of a column of states ends, folded."""


def folded(name: str) -> str:
    """A column's name as it is looked up."""
    text = name.strip().casefold().translate(_LETTERS)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "", plain)


def rank(name: str, words: tuple[str, ...]) -> int | None:
    """How good a name is for a column, 0 being best; None where it is none of the words. A path in JSON counts by its last part too."""
    for text in dict.fromkeys((name, name.rpartition("/")[2])):
        own = folded(text)
        for form in (own, _PREFIX.sub("", own)):
            if form in words:
                return words.index(form)
    return None


def file_says(name: str) -> str:
    """`register`, `bounce`, `opt_out`, or nothing, by the words of a file's name."""
    parts = {folded(part) for part in re.split(r"[\W_\d]+", name)} | {folded(name.rsplit(".", 1)[0])}
    return next((meaning for meaning, words in FILE_SAYS.items() if not parts.isdisjoint(words.split())), "")
