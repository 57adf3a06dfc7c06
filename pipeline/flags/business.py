"""What business does with things: beside such a word, "do not" and "blocked" are about a thing and not about writing to somebody.

Words are folded as those of `words.py` are. Whatever is not listed excludes, so the lists hold only what is plainly of business.
"""

import re


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


VERBS = _each("""
    modify edit change update delete remove merge sync synchronize import export archive overwrite print ship deliver dispatch
    sell trade resell buy purchase order book reserve bill invoice charge pay refund discount tax dun credit debit round stack bend fold
    split substitute replace translate track cache index publish display show hide enter fill know care apply match resuscitate smoke
    attend come renew extend cancel close open assign allocate auto sort
    andern aendern bearbeiten veraendern verandern ausfuellen ausfullen loeschen loschen exportieren importieren
    synchronisieren ubertragen uebertragen drucken ausdrucken anzeigen liefern ausliefern beliefern verkaufen
    kaufen bestellen buchen verbuchen reservieren fakturieren verrechnen berechnen abrechnen mahnen bezahlen zahlen abbuchen einziehen
    rabattieren knicken falten stapeln rauchen verlangern verlaengern kundigen kuendigen zusammenfuhren zusammenfuehren
    kommen teilnehmen gehen wissen
    wijzigen bewerken invullen verwijderen exporteren importeren afdrukken printen tonen leveren verkopen kopen
    bestellen boeken factureren aanmanen betalen incasseren vouwen stapelen roken verlengen samenvoegen
    modifier changer remplir supprimer exporter importer imprimer afficher livrer vendre acheter commander reserver
    facturer payer prelever plier fumer renouveler fusionner savoir
""")
"""What an order forbids without a word about messages: "do not ship", "(nicht ändern)"."""

NO_VERBS = _each("""
    vorhanden erschienen vergeben bestanden verstanden vorgesehen verschoben begonnen entschieden unterschrieben bekommen empfangen
    erhalten enthalten zugewiesen erwiesen besetzten aktiven zahlenden anwesenden zusammen neben offen eigen zufrieden willkommen unten
    oben hinten innen aussen draussen morgen abonnenten firmen
    verschenen ontvangen gekomen bekomen verlopen voldaan bestaan samen open boven beneden binnen buiten alleen
""")
"""What ends as a German or Dutch verb does and says what was or is: "nicht erschienen" is a missed visit."""

_THINGS = re.compile(
    # German
    "zahl|auszahl|bezahl|liefer|auslief|mahn|buch|verbuch|auftrag|kredit|faktu|rechnung|verrechn|bestell|konto|konten|login|zugang|zugriff|"
    "passwort|kennwort|portal|karte|ticket|platz|platze|plaetze|sitz|sitzplatz|rabatt|skonto|bonus|gutschein|preis|lager|material|waren|"
    "einkauf|verkauf|lastschrift|einzug|bank|sepa|iban|urlaub|wegfahr|strasse|druck|export|import|anderung|aenderung|bearbeit|budget|reservier|"
    "provision|steuer|punkte|mandat|tal$|sim$|ip$|"
    # English
    "pay|deliver|dun|credit|debit|seat|logon|signin|order|account|bill|invoice|book|reserv|purchas|sale|card|access|password|price|"
    "discount|refund|stock|inventor|product|item|tax|voucher|checkout|cart|warehouse|room|"
    # Dutch
    "betaal|betaling|lever|krediet|rekening|kaart|plaats|stoel|toegang|prijs|aanman|"
    # French
    "paiement|livraison|compte|commande|facture|carte|place|siege|prix|acces|relances?$|billet|"
    # Italian
    "pagament|consegn|ordin|fattur|posto$|posti$|accesso|bigliett|prezz|magazzin|conto$|conti$|"
    # Spanish
    "pago|entrega|cuenta|pedido|factur|tarjeta|asiento|butaca|localidad|entrada|precio"
)
"""The beginnings of words for things that are blocked in business; German words are often made of several."""


def is_thing(word: str) -> bool:
    """Whether a word is about what business blocks, such as payment, delivery, a seat or an account."""
    return _THINGS.match(word) is not None


def is_order_of_business(word: str) -> bool:
    """Whether "do not" in front of this word is about a thing, or no order at all."""
    return word in VERBS or word in NO_VERBS or is_thing(word)
