"""Mails that programs write back for people: automatic replies and challenges; and the addresses to unsubscribe at."""

import re

from pipeline.messages.mime import Part

_AUTO_SUBJECT = re.compile(
    r"^\W*(out of (the )?office|auto(matic|mated)?[ -]?(repl|respon|answer)|autoreply|autoresponse|auto:|automatische (antwort|"
    r"abwesenheit)|"
    r"abwesen|ich bin (nicht im|abwesend)|urlaub|nicht im (b(ü|ue)ro|haus)|r[eé]ponse automatique|absence|absent du bureau|"
    r"automatisch antwoord|"
    r"afwezig|risposta automatica|fuori (sede|ufficio)|respuesta autom[aá]tica|fuera de (la )?oficina|resposta autom[aá]tica|"
    r"(i am |i'm )?(on |away on )?(vacation|holiday|annual leave|maternity leave)|away from (my|the) (office|desk|mail)|"
    r"vacation (reply|message|notice))"
)
_CHALLENGE = re.compile(
    r"verify (yourself|your (message|e-?mail|identity))|"
    r"(confirm|authenticate|release|approve)[^.\n]{0,60}(your |this |the )?(message|e-?mail|delivery)[^.\n]{0,60}(reply|click|link|"
    r"replying|clicking)|"
    r"(reply(ing)?|click(ing)?)[^.\n]{0,80}(so that|to (have|get|ensure|confirm|release|verify|authenticate|prove))[^.\n]{0,80}"
    r"(deliver|message|human|person|sender|guest ?list|white ?list)|"
    r"challenge[- /]?response|waiting (list|for your (confirmation|verification|approval))"
)
_CHALLENGER = re.compile(r"boxbe|spamarrest|spam arrest|knowspam|bluebottle|mailblocks|\btmda\b|sender verification")
_LEAVE = (
    r"un-?sub(scribe|scription)?|opt-?out|abmeld(en|ung)|abbestell(en|ung)|austrag(en|ung)|d[eé]sinscription|d[eé]sabonnement|"
    r"uitschrijv(en|ing)|afmeld(en|ing)|disiscri(zione|viti)|cancella(mi|zione)|bajas?|leave|signoff|remove|stop"
)
_UNSUBSCRIBE_ADDRESS = re.compile(
    rf"^(list-?|newsletter-?|nl-?)?({_LEAVE})([-+._=].*)?@"
    r"|^[^@]*[-+._](unsub(scribe)?|optout|opt-out|leave|signoff|abmeld(en|ung))([-+._=][^@]*)?@",
    re.IGNORECASE,
)
_CARRIED = re.compile(rf"(?:^|[-+._])(?:{_LEAVE})[-+._](?P<name>[^@]+?)(?:=|%40)(?P<domain>[^@=%]+\.[a-z][^@=%.]+)@", re.IGNORECASE)


def is_auto_reply(root: Part) -> bool:
    """Whether a program answered for a person (RFC 3834, and what older programs write)."""
    submitted = root.header("auto-submitted").lower()
    if submitted.startswith("auto-replied"):
        return True
    if root.header("precedence").lower() in ("auto_reply", "auto-reply") or root.header("x-autoreply") or root.header("x-autorespond"):
        return True
    return bool(root.header("x-auto-response-suppress") and submitted.startswith("auto")) or bool(_AUTO_SUBJECT.match(subject_words(root)))


def is_challenge(root: Part, text: str) -> bool:
    """Whether a system that names itself as one asks the sender to prove that he is human; some dress it as a delivery report."""
    return bool(_CHALLENGER.search(f"{root.header('from')}\n{root.header('subject')}\n{text[:4000]}".lower()))


def asks_to_confirm(text: str) -> bool:
    """Whether a text asks its reader to confirm that a message may be delivered."""
    return bool(_CHALLENGE.search(text[:4000].lower()))


def is_unsubscribe_address(address: str) -> bool:
    """Whether an address of ours is one to write to in order to be taken off."""
    return bool(_UNSUBSCRIBE_ADDRESS.search(address))


def carried_by(address: str) -> str:
    """Whom an address to unsubscribe at carries, `unsubscribe-anna=example.org@lists.example`, else the empty text."""
    found = _CARRIED.search(address)
    return f"{found['name']}@{found['domain']}" if found else ""


def subject_words(root: Part) -> str:
    """The subject in lower case, shortened."""
    return root.header("subject")[:300].lower()
