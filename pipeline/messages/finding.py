"""What a message says, before it becomes a row: findings, and the addresses and times that they are read from."""

import re
from dataclasses import dataclass
from email.utils import getaddresses, parsedate_to_datetime
from enum import StrEnum

from pipeline.messages.mime import Part

_LETTERS = (
    r"\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u1fff\u2c00-\u2dff\u3005-\u3007\u3041-\ufe2f\ufe70-\ufefe"
    r"\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffef"
)
"""Beyond ASCII, without the quotes and full stops that a sentence puts around an address („…“, «…», （…）。)."""
_LOCAL = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.\u2019{_LETTERS}-]"
"""A name may hold an apostrophe, too, as typewriters and typesetters write it (o'hara, o’hara)."""
_LABEL = rf"[A-Za-z0-9{_LETTERS}_-]+"
ADDRESS = re.compile(rf"(?<!{_LOCAL})((?:{_LOCAL}{{1,128}}|\"[^\"\s@<>]{{1,64}}\")@{_LABEL}(?:\.{_LABEL})*)")
"""An address inside a text. The look-behind keeps a search linear: a run of letters is tried from its start only."""
_GLUED = re.compile(r"^[\u3005-\u9fff\uac00-\ud7af]+(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])[\u3005-\u9fff\uac00-\ud7af]+$")
"""Words that a text writes to an address without a blank, in scripts that have none. In a field they are part of the address."""

_VERP = re.compile(
    r"^(?:"
    r"bounces?\+\d+-[0-9a-f]+-|"  # SendGrid: bounces+<account>-<hash>-anna=example.org
    r"bounce\+[0-9a-f]+\.[0-9a-f]+-|"  # Mailgun: bounce+<hash>.<hash>-anna=example.org
    r"bounce-mc\.[a-z0-9_]+\.[0-9]+-|"  # Mailchimp: bounce-mc.us1_<account>.<campaign>-anna=example.org
    r"[^=@+]*\+(?:\d+\+)?|"  # Postfix, Mailman, Sympa: list-bounces+anna=example.org, with the message's number bounces+17+anna=example.org
    r"[^=@]*-\d+-|"  # ezmlm, ActiveCampaign: list-return-17-anna=example.org
    r"(?:(?:bounces?|returns?|verp|errors?)[-._]{1,2}|b[-.])(?![-._]?\d+[-._])"  # Exim's manual: return-anna=example.org
    r")(?:[^=@]*-=)?"  # a token may follow: bounces+x7f-=anna=example.org
    r"([^@]+?)(?:={1,2}|%40)([^=@+%]+\.[A-Za-z][^=@+.]+)(?:={1,2}[^=@]+)?@|"
    # anna=example.org@bounces.…; a message's number, a list, or whoever is at the host's own domain is no recipient
    r"^(?!\d+[-._]|(?:news(?:letters?)?|list[ae]?|mailings?)=)"
    r"([^=@+]+)=([^=@+]+\.[A-Za-z][^=@+.]+)@(?!(?:[^@]+\.)?\4$)(?:bounces?|returns?|verp)[.-]",  # a bounce host's own
    re.IGNORECASE,
)
"""Addresses that carry the recipient of a message (VERP, Bernstein 1997), as the named systems document or send them."""

_TYPE_PREFIX = re.compile(r"^(?:smtp|rfc-?822|to|from|cc|addr|address|e?mail|user|rcpt|recipient)=+", re.IGNORECASE)
_SIGNED = re.compile(r"^(?:prvs=[^=@]*=|btv1==[^=@]*==|msprvs1=[^=@]*=)", re.IGNORECASE)
"""What BATV puts before a sender's address (draft-levine-smtp-batv; Barracuda, SparkPost): the address behind it is the one meant."""
_REWRITTEN = re.compile(
    r"^(?:[^@]*\+)?srs(?:0[=+-]|1[=+-][^=@]+=[^=@]+={1,2})[^=@]+=[^=@]+=(?P<host>[^=@]+)=(?P<name>[^@]+)@", re.IGNORECASE
)
"""A sender's address that a forwarder rewrote (SRS: hash, day, host and name): the original one stands in it."""
_MADE_BY_A_FORWARDER = re.compile(r"^(?:[^@]*\+)?srs[01]?[=+-]|^(?:prvs|btv1|msprvs1)=", re.IGNORECASE)
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


class FindingKind(StrEnum):
    """What one finding is."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    OPT_OUT = "opt_out"
    REVIEW = "review"
    """Somebody has to read the message: it may mean "no". `label` says why."""


@dataclass(frozen=True)
class Finding:
    """One thing that a message says about one address. `fault` instead of an address: it is said of nobody we can name."""

    kind: FindingKind
    address: str = ""
    status_code: str = ""
    diagnostic: str = ""
    bounce_class: str = ""
    occurred_at: str = ""
    label: str = ""
    fault: str = ""
    is_original: bool = False
    """Whether a report's own field says that the message was addressed to this recipient, and not only handed on to him."""


def addresses_in(text: str, *, is_field: bool = False) -> list[str]:
    """Every address in a text, in order, without the quotes and full stops that a sentence puts around it.

    `is_field`: the text is a field's value, in which no word is written to an address without a blank.
    """
    found: list[str] = []
    for match in ADDRESS.finditer(text):
        address = match.group(1) if is_field else _GLUED.sub("", match.group(1))
        if text[match.end() : match.end() + 1] == "’":
            address = address.removeprefix("’")
        found.append(_TYPE_PREFIX.sub("", address.strip("'`").rstrip(".").lstrip(".*")))
    return [address for address in found if is_address(address)]


def is_address(text: str) -> bool:
    """Whether it could be an address at all: a name and a domain with a dot."""
    name, _, domain = text.rpartition("@")
    return bool(name) and "." in domain.strip(".") and not domain.rpartition(".")[2].isdigit()


def header_addresses(part: Part, *names: str) -> list[str]:
    """The addresses in the named header fields, in order."""
    values = [value for name in names for value in part.all_headers(name)]
    # The library recurses into comments; nobody nests them in earnest.
    is_plain = sum(value.count("(") for value in values) < 100
    try:
        pairs = getaddresses(values) if is_plain else []
    except (IndexError, ValueError, AttributeError):  # the library's address parser on broken comments and groups
        pairs = []
    found = [address for _, address in pairs if is_address(address) and ADDRESS.fullmatch(address)]
    return found or [address for value in values for address in addresses_in(value, is_field=True)]


def receivers_of(original: Part) -> list[str]:
    """Whom a returned message names as its receivers; a mailing list that passed it on is none of them."""
    fields = ("x-beenthere", "list-post", "mailing-list", "x-mailing-list", "x-loop")
    lists = {address.lower() for address in header_addresses(original, *fields)}
    receivers = dict.fromkeys(header_addresses(original, "to", "cc"))
    return [address for address in receivers if address.lower() not in lists]


def typed_address(value: str) -> str:
    """The address in a DSN or ARF field such as `rfc822; <user@example.org>`; the empty text where there is none."""
    text = value.partition(";")[2] if ";" in value else value
    if "\\x{" in text:  # RFC 6533: utf-8-addr-xtext
        text = _HEX.sub(lambda match: chr(min(int(match.group(1), 16), 0x10FFFF)), text)
    if "@" not in text:
        text = text.replace("+40", "@").replace("=40", "@")
    found = addresses_in(text, is_field=True)
    if found:
        return found[0]
    # Odd, but named as the recipient: better rejected as unreadable than guessed from somewhere else.
    word = text.strip().strip("<>'\"")
    return word if "@" in word.strip("@") and len(word) <= 320 and not any(letter.isspace() for letter in word) else ""


def verp_address(address: str) -> str:
    """The recipient that a bounce address such as `bounces+anna=example.org@lists.example` carries, else the empty text."""
    rewritten = _REWRITTEN.match(address)
    plain = _SIGNED.sub("", f"{rewritten['name']}@{rewritten['host']}" if rewritten else address)
    found = None if _MADE_BY_A_FORWARDER.match(plain) else _VERP.match(plain)
    return f"{found[1] or found[3]}@{found[2] or found[4]}" if found else ""


def as_iso(date: str) -> str:
    """An RFC 5322 date as ISO 8601; without offset where the date has none; the empty text where it is unreadable."""
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    text = moment.isoformat()
    # RFC 5322 §3.3: -0000 is a time in UTC that says nothing about the local zone.
    return f"{text}+00:00" if moment.tzinfo is None and date.rstrip().endswith("-0000") else text


def message_id(part: Part) -> str:
    """The Message-ID without its brackets."""
    return part.header("message-id").strip("<> ")
