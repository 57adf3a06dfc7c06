"""E-mail addresses, one value at a time, by `email-validator` (domain §1 "An address").

What the library leaves open is decided here:

* a display name and angle brackets are dropped, whatever letters the name is written in; a name with an unquoted `@`, `,`, `;` or `:`
  would be a second address or a group, so the text is not one mailbox;
* quoted local parts are valid, and written with the fewest quotes (RFC 5321 §4.1.2: all quoted forms are equivalent);
* reserved domains (`.test`, `.local`, …) are a matter of policy, not of syntax: they are valid. A domain without a dot is not;
* a local part of nothing but `*` or `%` is how people write "any", and is nobody's: it is refused. Beside other letters both are valid;
* comments and domain literals (`[192.0.2.1]`) are refused;
* U+FFFD stands where a letter could not be read, and is none itself.
"""

import re
import unicodedata
from dataclasses import dataclass

import email_validator
import idna

from pipeline.addresses.cells import without_surroundings

GMAIL = "gmail.com"
GMAIL_DOMAINS = (GMAIL, "googlemail.com")
"""One mail service, which ignores dots in the local part (domain §3)."""

_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"'
_COMMENT = r"\([^()\x00-\x1f\x7f]*\)"
_WORDS = r'[^"()<>@,;:\\\[\]\x00-\x1f\x7f]'
_NAMED = re.compile(rf"(?:{_QUOTED}|{_COMMENT}|{_WORDS})*<(?P<address>[^<>]*)>", re.DOTALL)

_DOT = "[.\u3002\uff0e\uff61]"  # IDNA takes all of these for dots
_RESERVED = re.compile(rf"{_DOT}({'|'.join(map(re.escape, email_validator.SPECIAL_USE_DOMAIN_NAMES))})$", re.IGNORECASE)
UNREAD = "\ufffd"
_LONGEST_CELL = 2000
"""Longer texts hold no address: one has at most 254 characters, and a name in front of it is never that long."""


@dataclass(frozen=True)
class Email:
    """One address in its normal form, and the mailbox that it is a spelling of."""

    address: str
    mailbox: str


def read_email(raw: str) -> Email | None:
    """The one mailbox that the text holds; None when it holds none, more than one, or anything beside it."""
    text = without_surroundings(raw)
    if len(text) > _LONGEST_CELL:
        return None
    if text.endswith(">"):
        named = _NAMED.fullmatch(text)
        if named is None:
            return None
        text = without_surroundings(named["address"])
    address = _normalised(text) if UNREAD not in text else None
    if address is not None and not address.isascii():
        # Lower case can make a letter longer or composable. Only a text that is its own normal form is an address.
        address = _normalised(address)
    return None if address is None else Email(address, mailbox_of(address))


def _normalised(text: str) -> str | None:
    reserved = _RESERVED.search(text)
    if reserved:
        # The library refuses reserved domains by name, after everything else. A name of the same length that nobody
        # reserved has the same syntax.
        text = text[: reserved.start(1)] + "x" * len(reserved[1])
    try:
        parts = email_validator.validate_email(text, check_deliverability=False, allow_quoted_local=True)
    except email_validator.EmailNotValidError:
        return None
    local = unicodedata.normalize("NFC", parts.local_part.lower())
    domain = parts.ascii_domain
    if not local.strip('*%."'):
        return None
    if reserved:
        domain = domain[: -len(reserved[1])] + reserved[1].lower()
    return f"{local}@{domain}"


def mailbox_of(address: str) -> str:
    """The mailbox that a normalised address is a spelling of (domain §3): without `+tag`, at Gmail also without dots.

    An empty rest keeps the whole local part. A quoted local part is no place for a tag: it stays as it is.
    """
    local, _, domain = address.rpartition("@")
    if local.startswith('"'):
        return address
    local = local.partition("+")[0] or local
    if domain in GMAIL_DOMAINS:
        return f"{local.replace('.', '')}@{GMAIL}"
    return f"{local}@{domain}"


def unicode_form(address: str) -> str:
    """A normalised address with its domain in Unicode, as people write it (`huber@xn--mller-kva.at` → `huber@müller.at`).

    For pages that people read, and for registers that hash the Unicode form.
    """
    local, _, domain = address.rpartition("@")
    return f"{local}@{idna.decode(domain)}" if "xn--" in domain else address
