"""Invented people, and the many ways in which their names, addresses and numbers get typed into a CRM."""

from dataclasses import dataclass, replace
from random import Random

from pipeline.demo import names
from pipeline.demo.names import Place


@dataclass(frozen=True)
class Human:
    """One invented person as they are; what a CRM makes of them is spelled by the functions below."""

    number: int
    first_name: str
    last_name: str
    birth_date: str
    street: str
    place: Place
    language: str
    email: str
    phone: str

    @property
    def has_mobile(self) -> bool:
        return is_mobile(self.phone)


_MOBILE_PREFIXES = {"AT": ("664", "676", "660", "699"), "DE": ("1512", "1702", "1601"), "NL": ("61", "62", "64")}
_FIXED_PREFIXES = {"AT": ("2732", "2742", "1"), "DE": ("89", "851"), "NL": ("30", "73")}
_CALLING_CODES = {"AT": "43", "DE": "49", "NL": "31"}
_MOBILE_STARTS = tuple(f"+{_CALLING_CODES[country]}{prefix}" for country, prefixes in _MOBILE_PREFIXES.items() for prefix in prefixes)


def is_mobile(number: str) -> bool:
    """Is this E.164 number of the demo a mobile one?"""
    return number.startswith(_MOBILE_STARTS)


def invent(rng: Random, number: int, *, is_dutch: bool) -> Human:
    """A new person; `number` makes their addresses unlike everybody else's."""
    first = rng.choice(names.DUTCH_FIRST if is_dutch else names.GERMAN_FIRST)
    last = rng.choice(names.DUTCH_LAST if is_dutch else names.GERMAN_LAST)
    place = rng.choice(names.PLACES[14:] if is_dutch else names.PLACES[:14])
    street = rng.choice(names.DUTCH_STREETS if is_dutch else names.GERMAN_STREETS)
    return Human(
        number=number,
        first_name=first,
        last_name=last,
        birth_date=f"{rng.randint(1938, 2006)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        street=f"{street} {rng.randint(1, 140)}",
        place=place,
        language="nl" if is_dutch else "de",
        email=invent_email(rng, first, last, number),
        phone=invent_phone(rng, place.country, number, is_fixed=rng.random() < 0.25),
    )


def invent_email(rng: Random, first: str, last: str, number: int) -> str:
    """An address made from a name, as its owner writes it; never the same for two numbers."""
    first, last = (part.lower().replace(" ", "").replace("'", "") for part in (first, last))
    if rng.random() > 0.01:  # few dare to have an umlaut before the @
        first, last = names.without_umlauts(first), names.without_umlauts(last)
    local = rng.choice((f"{first}.{last}{number}", f"{last}{number}", f"{first[0]}.{last}{number}", f"{first}_{number}"))
    chance = rng.random()
    if chance < 0.04:  # a provider that ignores dots; it gives out no address with a hyphen, so this one is nobody's
        return f"demo-{names.without_umlauts(first)}.{number}@{names.FREE_MAIL}"
    return f"{local}@{rng.choice(names.TRICKY_DOMAINS if chance > 0.99 else names.MAIL_DOMAINS)}"


def invent_phone(rng: Random, country: str, number: int, *, is_fixed: bool = False) -> str:
    """A number in E.164 that its country's numbering plan accepts."""
    prefix = rng.choice((_FIXED_PREFIXES if is_fixed else _MOBILE_PREFIXES)[country])
    return f"+{_CALLING_CODES[country]}{prefix}{2_000_000 + number * 7919 % 7_000_000}"


def moved(rng: Random, human: Human, number: int, *, has_new_phone: bool = False) -> Human:
    """The same person with another e-mail address, on request with another mobile number too."""
    other = replace(human, email=invent_email(rng, human.first_name, human.last_name, number))
    return replace(other, phone=invent_phone(rng, human.place.country, human.number + 3_000_000)) if has_new_phone else other


def spelled_email(rng: Random, address: str) -> str:
    """An address as it stands in an export: mostly clean, sometimes with capitals, space or a display name around it."""
    chance = rng.random()
    if chance < 0.90:
        return address
    local, _, domain = address.partition("@")
    if chance < 0.94:
        return f"{local.title()}@{domain}"
    if chance < 0.97:
        return f" {address} "
    if chance < 0.99:
        return f"{local}@{domain.upper()}"
    return f'"{local.split(".")[0].title()}" <{address}>'


def spelled_phone(rng: Random, number: str) -> str:
    """A number as people write it: international, national, with slashes, brackets and spaces."""
    code, rest = number[1:3], number[3:]
    head, tail = rest[:3], rest[3:]
    return rng.choice(
        (
            number,
            f"0{head}/{tail[:3]} {tail[3:]}",
            f"(0{head}) {tail}",
            f"0{head}-{tail}",
            f"+{code} {head} {tail}",
            f"00{code}{rest}",
            f"+{code} (0){head} {tail[:3]} {tail[3:]}",
        )
    )


UNREADABLE_EMAILS = ("keine", "huber.maria(at)post.example", "a@b@post.example", "eins@post.example; zwei@post.example", "name@", "n.n.")
UNREADABLE_PHONES = ("kein Telefon", "0664 12", "n/a", "auf Anfrage", "12345", "+99 123 456")


def misspelled(rng: Random, human: Human) -> Human:
    """The same person as another organisation knows them: no umlauts, an initial, all capitals, or just the same."""
    chance = rng.random()
    if chance < 0.25:
        return replace(human, first_name=names.without_umlauts(human.first_name), last_name=names.without_umlauts(human.last_name))
    if chance < 0.35:
        return replace(human, first_name=f"{human.first_name[0]}.")
    if chance < 0.45:
        return replace(human, last_name=human.last_name.replace("ß", "ss").upper())
    return human
