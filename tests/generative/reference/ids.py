"""Ids, countries and cells that hold nothing, as domain §8 reads them; only as far as worlds write them."""

import unicodedata

COUNTRIES = {"AT": "AT", "AUT": "AT", "ÖSTERREICH": "AT", "DE": "DE", "DEU": "DE", "D": "DE", "GERMANY": "DE", "GB": "GB", "UK": "GB"}
NOTHING = {"", "na", "none", "null", "nan", "unknown", "undefined", "keine", "unbekannt", "ka", "test", "noreply"}


def read_id(text: str) -> str:
    """An id without what surrounds it and what cannot be seen in it, in NFC."""
    seen = "".join(
        " " if letter.isspace() or unicodedata.category(letter) == "Zs" else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf")
    )
    return unicodedata.normalize("NFC", seen).strip()


def read_country(text: str) -> str:
    """The country in two letters; empty where ISO 3166 knows none."""
    return COUNTRIES.get(text.strip().upper(), "")


def is_unknown_country(text: str) -> bool:
    """Whether something is written there that is no country."""
    return not says_nothing(text) and not read_country(text)


def says_nothing(text: str) -> bool:
    """Whether a cell says that it holds nothing; punctuation and case say nothing either."""
    word = "".join(letter for letter in text.casefold() if letter.isalnum())
    return word in NOTHING or not word.strip("0") or (len(word) > 1 and not word.strip("x")) or (len(word) > 4 and not word.strip("9"))
