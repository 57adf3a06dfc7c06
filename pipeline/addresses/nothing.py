"""Words with which people and exports say that a cell holds nothing: `n/a`, `-`, `null`, `unbekannt`, `00000` (domain §8).

They are compared without case, accents and punctuation, so that `N/A`, `n.a.` and `(na)` are one word. What says nothing is no key: it
makes nobody one person.
"""

import re
import unicodedata
from collections.abc import Iterable

from pipeline.addresses.emails import mailbox_of, read_email

_WORDS = (
    "na none null nil nan nul void empty blank missing unknown undefined undef unspecified unassigned notset notavailable "
    "notapplicable notgiven notprovided noid noname noemail nomail nophone novalue nothing nobody no false test tests testing dummy "
    "sample default placeholder anonymous guest noreply donotreply tbd tba todo keine keiner kein keines keineangabe keineangaben "
    "keineemail keinemail keinname keineid ka unbekannt leer ohne ohneangabe nein falsch entfallt nichtvorhanden nichtangegeben "
    "nichtbekannt nichtverfugbar unbenannt anonym gast niemand geen geenemail onbekend leeg nvt nietbekend nietopgegeven anoniem nee "
    "aucun aucune inconnu inconnue neant vide nonrenseigne nondisponible sansobjet anonyme personne nessuno nessuna sconosciuto "
    "sconosciuta ignoto vuoto nondisponibile anonimo nd ninguno ninguna desconocido desconocida nulo vacio sindatos sinemail noaplica "
    "nodisponible nv nn oa nb onb nc sn ref value objectobject nullnull nichtzugeordnet ohnenummer keinenummer diverse sieheoben sinid "
    "sinnumero laufkunde barverkauf walkin noneyet notyet nochkeine nochkeiner nochnicht nognietbekend pasencore ancoranessuno aunno "
)
WORDS = frozenset(_WORDS.split())
"""Without case, accents and punctuation; English, German, Dutch, French, Italian, Spanish."""
_FORMULAS = "#WERT! #BEZUG! #ZAHL! #NAME? #DIV/0! #NUM! #VALEUR! #NOM? #NOMBRE! #WAARDE! #VALORE! #VALOR! #¡VALOR!"
PROGRAMS = frozenset({"\\N", "-1", "TRUE", "True", "true", "WAHR", *_FORMULAS.split()})
"""How programs write that there is nothing: databases in their exports, lists in front of their first entry, spreadsheets where a
formula failed or where a tick stands."""
FILLER = "0*|9{5,}|x{2,}"
"""What is typed to get past a field that must be filled. Nothing at all, once the punctuation is gone, is filler too."""
_OWN = (
    "kunden|kunde|kund|kundin|debitor|debitoren|mitglieds|mitglieder|personen|konto|benutzer|besucher|externe|interne|customer|client|member|"
    "membership|account|user|contact|crm|external|klant|klanten|relatie|lid|cliente|adherent|compte|utente|socio|tessera"
)
NO_ID = (
    f"(no|non|not|without|keine?|ohne|geen|zonder|sans|pasde|aucun|senza|nessun|sin|ningun)({_OWN})?"
    f"(id|ids|nr|nro|no|num|number|nummer|numero|numer|code|codice|codigo|key|kennung|{_OWN})(de)?({_OWN})?"
    "|neu|neue[rs]?|new|nieuwe?|nouveau|nouvelle|nuov[oa]|nuev[oa]|neukund(e|in)|(new|neu|nieuwe?)(customer|client|klant|member|kund(e|in))|"
    "pending|folgt|ausstehend"
)
"""What stands for an id that there is none yet: `keine Kundennr.`, `sin número de cliente`, `neu`. People can be called `Neu`."""
_SEPARATORS = ("", "-", ".", "_")


def macros() -> Iterable[str]:
    """The macros of this module: `says_nothing(content)`, false for NULL."""
    words, programs = (", ".join(f"'{word}'" for word in sorted(each)) for each in (WORDS, PROGRAMS))
    yield r"letters_alone(content) AS lower(strip_accents(regexp_replace(content, '[^\pL\pN]', '', 'g')))"
    yield f"""says_nothing(content) AS CASE
        WHEN content IS NULL OR strlen(content) > 40 THEN false
        WHEN content IN ({programs}) THEN true
        ELSE letters_alone(content) IN ({words}) OR regexp_full_match(letters_alone(content), '{FILLER}') END"""
    yield f"""is_no_id(content) AS says_nothing(content) OR regexp_full_match(letters_alone(left(content, 80)), '{NO_ID}')"""


def says_nothing(content: str) -> bool:
    """Whether a text says that there is nothing."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", content) if letter.isalnum()).lower()
    return content in PROGRAMS or plain in WORDS or re.fullmatch(FILLER, plain) is not None


def placeholder_mailboxes(addresses: Iterable[str], domains: Iterable[str]) -> set[str]:
    """The mailboxes that stand for "none" (`keine@example.at`) among forbidden addresses, and at forbidden domains."""
    likely = (text for text in addresses if says_nothing(text.rpartition("<")[2].partition("@")[0]))
    found = {email.mailbox for email in map(read_email, likely) if email is not None}
    written = WORDS | {f"{word[:2]}{separator}{word[2:]}" for word in WORDS if word.startswith("no") for separator in _SEPARATORS}
    written |= {f"do{separator}not{separator}reply" for separator in _SEPARATORS} | {"0", "00", "000", "xx", "xxx"}
    written |= {f"keine{separator}email" for separator in _SEPARATORS}
    return found | {mailbox_of(f"{local}@{domain}") for domain in domains for local in written}
