"""The invented people's names, streets and towns, in German and Dutch spelling.

Every combination is drawn by chance; mail domains end in `.example` (RFC 2606) – and the one
big provider's addresses have a form that it never gives out – so that no address of the demo can be anybody's.
"""

from typing import NamedTuple


class Place(NamedTuple):
    """A town with the country's code and one of its postal codes."""

    country: str
    postal_code: str
    city: str


GERMAN_FIRST = (
    "Anna", "Barbara", "Brigitte", "Dörte", "Elisabeth", "Eva", "Franziska", "Gisela", "Hannelore", "Ingrid", "Jana", "Käthe", "Lena",
    "Magdalena", "Maria", "Renate", "Sabine", "Theresa", "Ursula", "Veronika", "Andreas", "Björn", "Christoph", "Dominik", "Erich",
    "Florian", "Georg", "Günter", "Hans-Peter", "Jörg", "Jürgen", "Karl", "Lukas", "Matthias", "Michael", "Norbert", "Rüdiger",
    "Sören", "Stefan", "Thomas", "Ulrich", "Walter", "Wolfgang", "Götz",
)  # fmt: skip

GERMAN_LAST = (
    "Aigner", "Bäcker", "Böhm", "Brandstätter", "Ebner", "Fröhlich", "Fürst", "Gruber", "Groß", "Grünwald", "Haas", "Höfer", "Huber",
    "Jäger", "Kern", "Königsberger", "Kühn", "Lechner", "Leitner", "Löwenstein", "Maier", "Meißner", "Moser", "Müller", "Öttl",
    "Pichler", "Preiß", "Reiter", "Rößler", "Schäfer", "Schröder", "Schütz", "Seidl", "Strauß", "Steinböck", "Süß", "Übelacker",
    "Wagner", "Wallner", "Weiß", "Wiesinger", "Wölfl", "Zöchling", "Gruber-Weiß",
)  # fmt: skip

DUTCH_FIRST = (
    "Anouk", "Britt", "Daniëlle", "Eefje", "Femke", "Fleur", "Hanneke", "IJsbrand", "Jeroen", "Joost", "Koen", "Lieke", "Loïs",
    "Maartje", "Marijke", "Matthijs", "Mies", "Noor", "Pieter", "René", "Roos", "Sanne", "Sjoerd", "Thijs", "Wouter", "Zoë",
)  # fmt: skip

DUTCH_LAST = (
    "van der Berg", "van den Broek", "de Bruijn", "van Dijk", "Dijkstra", "ter Horst", "van 't Hoff", "Huijsmans", "IJsselstein",
    "Janssen", "de Jong", "Kuijpers", "van der Meer", "Mulder", "op den Akker", "Peeters", "van Rijn", "Ruijter", "Smeets",
    "van der Velden", "de Vries", "Wijnands", "van Zuijlen",
)  # fmt: skip

GERMAN_STREETS = (
    "Hauptstraße", "Bahnhofstraße", "Am Anger", "Kirchengasse", "Mühlweg", "Untere Donaulände", "Schloßplatz", "Grünangergasse",
    "Weinberggasse", "Dr.-Körner-Straße", "Äußere Zeile", "An der Fürstenwiese", "Obere Landstraße", "Kellergasse",
)  # fmt: skip

DUTCH_STREETS = ("Nieuwe Kade", "Dorpsstraat", "'s-Gravelandseweg", "IJsselkade", "Oude Gracht", "Koninginnelaan", "Prins Hendrikplein")

PLACES = (
    Place("AT", "3500", "Krems an der Donau"),
    Place("AT", "3100", "St. Pölten"),
    Place("AT", "3390", "Melk"),
    Place("AT", "3430", "Tulln"),
    Place("AT", "2340", "Mödling"),
    Place("AT", "1070", "Wien"),
    Place("AT", "1190", "Wien"),
    Place("AT", "4020", "Linz"),
    Place("AT", "8010", "Graz"),
    Place("AT", "5020", "Salzburg"),
    Place("AT", "3910", "Zwettl"),
    Place("DE", "80331", "München"),
    Place("DE", "94032", "Passau"),
    Place("DE", "50667", "Köln"),
    Place("NL", "3511 AB", "Utrecht"),
    Place("NL", "5211 DK", "'s-Hertogenbosch"),
    Place("NL", "1972 EC", "IJmuiden"),
    Place("NL", "2513 AA", "Den Haag"),
)

MAIL_DOMAINS = ("post.example", "donaumail.example", "web-at.example", "kabelnetz.example", "postvak.example", "uni.example")
TRICKY_DOMAINS = ("müller-reisen.example", "bücher-groß.example")
FREE_MAIL = "gmail.com"
FORBIDDEN_DOMAIN = "wegwerf.example"

SHOWS = ("Die Brücke", "Winterreise", "Der Wasserträger", "Het Verdriet", "Fräulein Else tanzt", "Nacht über Krems")

PASTE_GUARD = "=1+1"
"""A cell that a spreadsheet would calculate; publication neutralises it in CSV."""

_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ë": "e", "é": "e", "ï": "i"})


def without_umlauts(text: str) -> str:
    """A name as it is typed where umlauts do not work: Groß → Gross, Jürgen → Juergen, Zoë → Zoe."""
    return text.translate(_PLAIN)
