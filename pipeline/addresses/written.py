"""What people write for an address where they type it by hand: in the configuration, and in files that somebody made for a campaign.

A feed's cell has to be an address; such a text has to mean one, plainly: `mailto:jane@x.at`, `jane (at) x.at`, `jane@x.at;`. What
stays unread is for whoever asks to refuse, never to pass over.
"""

import re
from collections.abc import Iterable

from pipeline.addresses.emails import read_email
from pipeline.addresses.phones import read_phone

_MAILTO = re.compile(r"<?\s*mailto:/*(?P<address>[^?<>]*)(?:\?[^<>]*)?\s*>?", re.IGNORECASE)
_AT = re.compile(r"\s*(?:[(\[{<]\s*(?:at|ät|@)\s*[)\]}>]|\s(?:at|AT)\s)\s*")
_DOT = re.compile(r"\s*(?:[(\[{<]\s*(?:dot|punkt|\.)\s*[)\]}>]|\s(?:dot|punkt|DOT|PUNKT)\s)\s*", re.IGNORECASE)
_ABROAD = re.compile(r"\(?00[1-9][0-9 ()./-]*")
_WILD = re.compile(r"[*%][^@]*@")
"""What people write for "any": `*@x.at` means a domain, and is nobody's address."""
_WITHIN = re.compile(r"[^\s<>\"'(),;:|\[\]{}]+@[^\s<>\"'(),;:|\[\]{}]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:/*|//", re.IGNORECASE)
_ENDS = " \t;,."


def addresses_meant(text: str, countries: Iterable[str]) -> set[str]:
    """The addresses that the text means: one e-mail address, or a number as each country reads it; none where it means neither."""
    mailto = _MAILTO.fullmatch(text.strip(_ENDS))
    plain = (mailto["address"].replace("%40", "@") if mailto else text).strip().rstrip(_ENDS)
    if "@" not in plain and _AT.search(plain):
        plain = _DOT.sub(".", _AT.sub("@", plain, count=1))
    elif _AT.search(plain):
        plain = _DOT.sub(".", _AT.sub("@", plain))
    if "@" in plain:
        email = None if _WILD.search(plain) else read_email(plain)
        return {email.address} if email else set()
    phones = [read_phone(plain, country) for country in countries]
    if not any(phones) and _ABROAD.fullmatch(plain):
        phones = [read_phone(f"+{plain.lstrip('(')[2:]}", None)]
    return {phone.number for phone in phones if phone}


def addresses_within(text: str, countries: Iterable[str]) -> set[str]:
    """The addresses that the text means or holds: a cell of a file may hold several, and words beside them."""
    if meant := addresses_meant(text, countries):
        return meant
    found = [addresses_meant(part, ()) for part in _WITHIN.findall(text)]
    return set().union(*found) if all(found) else set()


def looks_like_an_address(text: str) -> bool:
    """Whether somebody meant an e-mail address by the text, readable or not."""
    return "@" in text or bool(_AT.search(text) and _DOT.search(text))


def domain_meant(text: str) -> str | None:
    """The e-mail domain that the text means, exactly: `@x.at`, `*@x.at`, `https://x.at/`, `X.AT.` are `x.at`.

    None where it means none, or more than one: `*.x.at` are all domains below, and those are not matched. `www.x.at` is a web site's name,
    and whoever writes it means the domain of the e-mail addresses, which may be another one.
    """
    bare = _SCHEME.sub("", text.strip(), count=1).partition("/")[0].partition("?")[0].partition(":")[0]
    bare = bare.removeprefix("*").rstrip(_ENDS) if bare.startswith("*@") else bare.rstrip(_ENDS)
    email = read_email(f"x@{bare.removeprefix('@')}")
    return email.address.partition("@")[2] if email and "*" not in bare and not bare.lower().startswith("www.") else None
