"""What a failed delivery says about the address: the bounce's class from its codes, its text and the vendor's own word.

The order is domain §5, "status code over vendor label": an enhanced status code (RFC 3463) decides; without one the
text and the vendor's label do. The patterns expect lower-case text, and have no look-around and no back-references, so that a
hostile text costs little. The ledger and the message reader both use them.
"""

import re

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

BLOCK_TEXT = (
    r"\b(?:"
    r"spamhaus|spamcop|sorbs|barracuda|dnsbl|uribl|surbl|antispam|blacklist|black list|black-list|blocklist|block list|block-list|"
    r"deny ?list|"
    r"\brbl\b|\bspam\b|spam[- ]?(content|filter|message|detect|score|like)|unsolicited|bulk (e-?)?mail|junk mail|"
    r"reputation|not rfc ?-?2822|content (rejected|filter|policy|restriction|denied)|message content|"
    r"(message|mail|e-mail|email|content|attachment|transmission) (was |has been |is |)(rejected|refused|blocked|denied|quarantined) "
    r"(due to|because of|for|by|as) (a |the |our |local |)(content|policy|security|organi[sz]ation|spam|virus|suspicious)|"
    r"(local|security|organi[sz]ational|administrative|delivery|anti-?spam|content|message|dmarc|recipient|site|our) polic(y|ies)|"
    r"(by|under|due to|because of|against|per|header based) [^.]{0,60}\bpolic(y|ies)|policy (violation|reasons?|reject|"
    r"restriction)|for policy|violat(es|ed|ion)|"
    r"virus|malware|phishing|dmarc|\bdkim\b|\bspf\b|sender policy framework|"
    r"relay(ing)? (access )?(is )?(denied|not (permitted|allowed))|unable to relay|not permitted to relay|relaying (denied|prohibited)|"
    r"sender (address )?(rejected|denied|blocked|verify failed)|(reverse dns|ptr record|rdns)|"
    r"blocked (using|by|for|due)|(ip|ip address|host|server|domain|network|sender|client)( \S+)? (is |was |has been |)(blocked|"
    r"banned|listed|denied)"
    r")"
)
"""Reputation, policy and content: about the sender or the message, never about the address."""

FULL_TEXT = (
    r"\b(?:"
    r"(mail ?box|mail ?folder|inbox|account|storage|user|recipient|mail ?drop|mailfolder)('s)?( \S+)?( is| has| was|"
    r" are)?( currently| temporarily)?"
    r" (full|over ?quota|over its quota|exceeded|out of space|out of storage)|"
    r"(over|exceed(s|ed|ing)?|exceeds|reached|above|beyond|insufficient|out of|enough|hit)( the| its| his| her| their| your|"
    r" allowed| storage| disk|"
    r" mailbox| mail| maximum| user's| user| account| allocated){0,4} (quota|mailbox size|disk space|storage( space| limit|"
    r" allocation)?|space limit)|"
    r"quota (is )?(exceeded|full|violation|reached|limit)|over ?quota|overquota|quota[- ]exceeded|disk quota|quota error|"
    r"mailbox (size )?(limit )?(exceeded|full)|mailboxfull|mailbox_full|not enough (storage|disk) space|full mailbox|"
    r"too (many|much) (messages|mail|data) (in|on) (the |this |his )?mailbox|out of disk space|"
    r"postfach (ist )?(voll|.{0,20}ueberfuellt|.{0,20}überfüllt)|speicherplatz.{0,40}(erschöpft|überschritten|voll)|"
    r"bo[iî]te.{0,30}(pleine|satur)|quota.{0,30}(d[eé]pass|overschreden|überschritten)|(mailbox|postbus|postvak).{0,20}\bvol\b|"
    r"(casilla|buz[oó]n|bandeja).{0,20}llen[ao]|casella.{0,20}piena"
    r")"
)
"""The mailbox is full."""

_WHO = (
    r"(user|recipient|address|mailbox|account|e-?mail( address| account)?|addressee|person|alias|mail ?drop|"
    r"destination|receiver|name)(\(s\)|s)?"
)
GONE_TEXT = (
    r"\b(?:"
    rf"(unknown|unrecognized|unrouteable|unroutable|undefined|nonexistent|non-existent|invalid|illegal|inactive|deactivated|"
    rf"disabled|unavailable) "
    rf"(or (invalid|unknown|illegal) |local |virtual |destination |remote |mail |smtp |final |rcpt )?{_WHO}|"
    rf"no such ({_WHO}|person|domain|host|local|mail)|no ({_WHO}|local \w+|mail ?box|such) (here|by|with|of|found|named|available|exists)|"
    rf"{_WHO}['\"]?( [^ ]{{1,80}}@[^ ]{{1,80}}| <[^>]{{1,80}}>|,? [\w.'-]{{1,40}},?)?( name| part| specified| you (have )?\w+)?['\":,]? ?"
    r"(- )?(is |was |are |has been |have been |currently |either |)(unknown|not known|not found|not recognized|not recogni[sz]ed|"
    r"invalid|not valid|"
    r"inactive|not active|no longer (active|valid|available|in use|used|exists?|on)|not exists?|non-existent|nonexistent|disabled|"
    r"deactivated|discontinued|"
    r"deleted|closed|terminated|expired|suspended|cancell?ed|removed|not listed|not (a )?(valid|known)|does ?n[o']t exists?|"
    r"doesn.t exist|don't exist|"
    r"do not exist|did not exist|not present|not available|undeliverable|not our customer|unavailable|could not be found|"
    r"cannot be found|was not found|lookup fail)|"
    r"(does not|doesn.?t|do not|did not|not|no longer) (have an? [^ ]{1,60} account|have an account|a (known|valid) (user|"
    r"recipient|address)|exists?( |\.|,|$)|listed in|"
    r"(a )?registered|found in|in (the|our) (directory|system|database)|recogni[sz]ed as)|"
    r"no mailbox|no valid (recipient|user|address|mailbox)|mailbox not found|mailbox unavailable|not a valid (mailbox|user|"
    r"recipient|address|e-?mail)|user not known|not a user|isn't a (user|valid)|"
    r"user unknown|unknown user|unknown recipient|unknown address|unknown local|user doesn|user does not|not a local (user|address)|"
    r"address rejected: (undeliverable|no such|unknown|user|does not|not found)|bad (destination )?(mailbox|email) address|"
    r"(addressee|recipient|user|account) (is )?(no longer|left|not here|gone)|has left (the|our)|no longer (works|employed|with|has an)|"
    r"account (that you tried to reach )?(has been |is |was )?(disabled|closed|inactive|deactivated|terminated|deleted|suspended)|"
    r"(account|mailbox|user|address) [^ ]{1,80} (is |has been )?(disabled|closed|inactive|deactivated|deleted)|"
    r"(host|domain)( name)? (unknown|not found|does not exist|doesn't exist|has no mail|is unknown)|unknown (host|domain)|"
    r"(couldn't|could not|can't|cannot) find (any|a) host|"
    r"name or service not known|nxdomain|domain name not found|host or domain name not found|unrouteable (mail )?domain|"
    r"no such (host|domain)|"
    r"illegal host/domain|bad destination (host|system)|unrouteable address|invalid domain|unresolvable (host|domain)|"
    r"domain [^ ]{1,80} (does not exist|doesn't exist|(could not|couldn't|can't|cannot) be found)|"
    r"(benutzer|empf(ä|ae)nger|adressat|postfach|e-?mail-?adresse|adresse|konto|mailbox)[^.]{0,60}(unbekannt|existiert nicht|"
    r"nicht vorhanden|"
    r"nicht gefunden|ung(ü|ue)ltig|gel(ö|oe)scht|deaktiviert|gesperrt)|unbekannte[rns]? (benutzer|empf|adress)|"
    r"kein (solcher )?(benutzer|empf(ä|ae)nger|postfach)|"
    r"(utilisateur|destinataire|adresse|compte|bo[iî]te)[^.]{0,60}(inconnue?|n.existe pas|introuvable|invalide|d[eé]sactiv[eé]e?)|"
    r"(gebruiker|ontvanger|adres|postvak|mailbox)[^.]{0,60}(onbekend|bestaat niet|niet gevonden|ongeldig)|"
    r"(usuario|destinatario|direcci[oó]n|cuenta|utente|indirizzo|casella)[^.]{0,60}(desconocid|no existe|sconosciut|inesistente|"
    r"non esiste|inv[aá]lid)|"
    r"nieznany (u[zż]ytkownik|odbiorca)|nie istnieje|u[zż]ytkownik nieznany"
    r")"
)
"""The recipient, or the whole domain, plainly is not there."""

ADDRESS_TEXT = r"(?<![^\s<>()\[\]'\",;])[^\s<>()\[\]'\",;]+@[^\s<>()\[\]'\",;]+"
"""An address in a text; it is taken out before the patterns above are tried: `spam@` and `unknown@` say nothing.

It begins where a word does: tried at each letter, a megabyte without a blank would take hours.
"""

_GONE = re.compile(GONE_TEXT, re.ASCII)
_ADDRESS = re.compile(ADDRESS_TEXT, re.ASCII)
_FULL = re.compile(FULL_TEXT, re.ASCII)
_BLOCK = re.compile(BLOCK_TEXT, re.ASCII)
_ENHANCED = re.compile(ENHANCED_CODE, re.ASCII)
_REPLY = re.compile(REPLY_CODE, re.ASCII)

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


def classify(status_code: str, diagnostic: str, bounce_class: str) -> tuple[BounceClass, str]:
    """The class of a bounce and its reason (`mailbox_full` or empty) after domain §5.

    `status_code` holds x.y.z or a reply code, `diagnostic` the server's words, `bounce_class` the vendor's own class.
    """
    text = _ADDRESS.sub("", diagnostic.lower())
    code = enhanced_code(status_code) or enhanced_code(text)
    reply = reply_code(status_code) or reply_code(text)
    label = BounceClass(bounce_class) if bounce_class in set(BounceClass) else BounceClass.UNDETERMINED
    by_code, reason = _class_of_code(code)
    classes = [by_code or label]
    if by_code is not None and reply.startswith("4"):
        classes.append(BounceClass.SOFT)
    if not reason and by_code not in (BounceClass.HARD, BounceClass.BLOCK) and _FULL.search(text):
        classes, reason = [BounceClass.SOFT], MAILBOX_FULL
    elif not reason and _BLOCK.search(text) and not _GONE.search(text):
        # Our own bad reputation must not empty our list: such a text is milder than any code.
        classes.append(BounceClass.BLOCK)
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
