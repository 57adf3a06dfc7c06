"""What a failed delivery says about the address: the bounce's class from its codes, its text and the vendor's own word.

The order is domain §5: a text that plainly speaks of the sender or of a full mailbox goes before any code; an enhanced status code
(RFC 3463) before the vendor's label; a text that plainly says that nobody is there makes a code without detail hard. What texts say
stands in the tables of `server_texts/`. The ledger and the message reader both use this.
"""

import re
from enum import StrEnum
from functools import lru_cache

from pipeline.server_texts import fold, phrases
from pipeline.vocabulary import BounceClass

ENHANCED_CODE = r"(?:^|[^0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:$|[^0-9.]|\.$|\.[^0-9])"
"""An enhanced status code; the edges keep IP addresses and versions of four numbers out."""

REPLY_CODE = r"(?:^|[\s;:<>'\"(\[/,])([45][0-5][0-9])(?:$|[\s\-:;,)\]#>'\"])"
"""An SMTP reply code: a word of its own, so that no part of an id, a date or an IP address is taken for one."""

GONE_CODES = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
"""Codes that mean that the address is gone (domain §5)."""

BLOCK_SUBJECTS = frozenset({"6", "7"})
"""Permanent codes of these subjects speak of the message or its sender, not of the address."""

SOFT_SUBJECTS = frozenset({"3", "4", "5"})
"""Permanent codes of these subjects are about a system, its network or the protocol: they may pass."""

_SENDER = r"(?<!an den )(?<!a l')(?<!al )(?<!aan de )(absender|expediteur|remitente|remetente|mittente|afzender|nadawc)"
_RECIPIENT = "empfanger|benutzer|postfach|konto|mailbox|destinat|utilisateur|usuario|utente|ontvanger|gebruiker|odbiorc"
_UNSURE = re.compile(
    r"temporar|\b(may|might) (not |no longer )?(exist|be)|found, try again|again later|later again|"
    r"(sender|sender's|your|from) (address|domain)|domain of sender|"
    rf"\b(adres|direcc|endere|indirizz|domain|domen|domin)[^.:;]{{0,20}}{_SENDER}|"
    rf"{_SENDER}(?:(?!{_RECIPIENT})[^.:;]){{0,60}}"
    r"\b(n'|(nicht|pas|no|nao|non|niet|nie)\b|unbekannt|ungultig|existiert|inconnu|invalid|desco|sconosciut|onbekend|ongeldig)|"
    r"\bip-adres|\b(adresse|direccion|indirizzo|endereco|adres) ip\b|发件人(没有|邮箱|地址)|"
    r"\bpass(wort|word)|kennwort|mot de passe|contrasena|(?<!im )\banhang"
)
"""What makes a text about a missing address less than plain, or one about somebody else's."""

_ACCESS_DENIED = re.compile(r"recipient address(es)? rejected ?: access denied")
"""Exchange Online's words, with 5.4.1, for a recipient that its directory does not know (Microsoft's list of error codes)."""

_WITHOUT_DETAIL = re.compile(r"|5\.0\.(?:0|350)|5\.1\.0")
"""Codes that leave it to the text what is the matter (domain §5); Exchange Online puts 5.0.350 around another server's answer."""

LOOKED_AT = 8000
"""What a server says stands at the beginning; so much of it is looked at."""

REMEMBERED = 4096
LONG = 1000
"""Longer texts are not remembered: a hostile mailbox would fill the memory with them."""

_ENHANCED = re.compile(ENHANCED_CODE, re.ASCII)
_REPLY = re.compile(REPLY_CODE, re.ASCII)


_NOBODY = re.compile(
    r"\bunbekannt|existiert nicht|nicht (bekannt|gefunden|vorhanden)|gibt es nicht|inconnu|n'existe|introuvable|onbekend|bestaat niet|"
    r"desconocid|desconhecid|n[ao]o? existe|sconosciut|inesistente|non esiste|nieznan|nie istnieje|unknown|not (exist|found)|no such|"
    r"\b5\.1\.(1|2|3|6|10)\b"
)
"""What a text, or the code in it, says plainly though it names a server that refused."""


class Said(StrEnum):
    """What a server's words plainly say, whatever code stands beside them. Each has its table of phrases in `server_texts/`."""

    BLOCK = "block"
    FULL = "full"
    GONE = "gone"


_MILDNESS = {bounce_class: place for place, bounce_class in enumerate(BounceClass)}

MAILBOX_FULL = "mailbox_full"
"""The one reason that has a meaning of its own (domain §5)."""


def enhanced_code(text: str) -> str:
    """The first enhanced status code in a text, or the empty text."""
    found = _ENHANCED.search(text)
    return found.group(1) if found else ""


def reply_code(text: str) -> str:
    """The first SMTP reply code of failure in a text, or the empty text."""
    found = _REPLY.search(text)
    return found.group(1) if found else ""


def said_in(text: str) -> Said | None:
    """What a text plainly says; None where it says nothing of the kind. Of two things, it is the milder: our own bad name first."""
    return _said(fold(text[:LOOKED_AT]))


def _said(folded: str) -> Said | None:
    return _remembered(folded) if len(folded) <= LONG else _said_in(folded)


def _said_in(folded: str) -> Said | None:
    for said in Said:
        if said is Said.GONE and phrases("refused").search(folded) and not _NOBODY.search(folded):
            return Said.BLOCK
        if phrases(said).search(folded):
            return None if said is Said.GONE and _UNSURE.search(folded) else said
    return None


_remembered = lru_cache(maxsize=REMEMBERED)(_said_in)


def classify(status_code: str, diagnostic: str, bounce_class: str) -> tuple[BounceClass, str]:
    """The class of a bounce and its reason (`mailbox_full` or empty) after domain §5.

    `status_code` holds x.y.z or a reply code, `diagnostic` the server's words, `bounce_class` the vendor's own class.
    """
    text = fold(diagnostic[:LOOKED_AT])
    said = _said(text)
    if said is Said.BLOCK:
        return BounceClass.BLOCK, ""
    if said is Said.FULL:
        return BounceClass.SOFT, MAILBOX_FULL
    code = enhanced_code(status_code) or enhanced_code(text)
    reply = reply_code(status_code) or reply_code(text)
    label = BounceClass(bounce_class) if bounce_class in set(BounceClass) else BounceClass.UNDETERMINED
    by_code, reason = _class_of_code(code)
    if (
        said is Said.GONE
        and _WITHOUT_DETAIL.fullmatch(code)
        and not reply.startswith("4")
        or code == "5.4.1"
        and _ACCESS_DENIED.search(text)
    ):
        by_code = BounceClass.HARD
    classes = [by_code or label]
    if by_code is not None and reply.startswith("4"):
        classes.append(BounceClass.SOFT)
    return min(classes, key=lambda one: _MILDNESS[one]), reason


def _class_of_code(code: str) -> tuple[BounceClass | None, str]:
    """What an enhanced status code alone says; None when there is none that speaks of a failure."""
    if not code or code.startswith("2"):
        return None, ""
    digit, subject, detail = code.split(".")
    if (subject, detail) == ("2", "2"):
        return BounceClass.SOFT, MAILBOX_FULL
    if digit == "4":
        return BounceClass.SOFT, ""
    if code in GONE_CODES:
        return BounceClass.HARD, ""
    if subject in BLOCK_SUBJECTS:
        return BounceClass.BLOCK, ""
    if subject in SOFT_SUBJECTS:
        return BounceClass.SOFT, ""
    return BounceClass.UNDETERMINED, ""
