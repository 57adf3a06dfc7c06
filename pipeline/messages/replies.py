"""Mails that people or their programs write back: automatic replies, challenges, unsubscriptions to a List-Unsubscribe address."""

import re

from pipeline.messages.finding import header_addresses
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
_UNSUBSCRIBE_WORDS = (
    r"(please |bitte |pls |kindly )?(me |mich )?(unsubscribe|un-subscribe|unsub|opt[- ]?out|remove( me)?|take me off|stop|signoff|"
    r"sign off|cancel subscription|"
    r"abmelden|abmeldung|abbestellen|abbestellung|austragen|newsletter (abmelden|abbestellen|abmeldung|k(ü|ue)ndigen)|k(ü|"
    r"ue)ndigung|widerruf|"
    r"d[eé]sinscription|d[eé]sabonner|d[eé]sinscrire|me d[eé]sinscrire|uitschrijven|uitschrijving|afmelden|afmelding|"
    r"cancellami|disiscrivi(mi)?|disiscrizione|cancellazione|annulla iscrizione|baja|darme de baja|cancelar( suscripci[oó]n)?|"
    r"odhl[aá]sit|wypisz|leiratkoz[aá]s)"
)
_UNSUBSCRIBE = re.compile(rf"^\W*((re|aw|fwd?|wg|antw|sv|tr|rv) ?: ?)*\W*{_UNSUBSCRIBE_WORDS}\b")
_ONLY_UNSUBSCRIBE = re.compile(rf"^\W*{_UNSUBSCRIBE_WORDS}\W*$")
_UNSUBSCRIBE_PHRASE = re.compile(
    r"(unsubscribe|remove|take) me\b|(want|like|wish) to (unsubscribe|be removed|opt out)|(me|mich) (bitte )?(vom|aus|"
    r"von)[^.\n]{0,60}(abmelden|austragen|l(ö|oe)schen|streichen)|"
    r"stop (sending|mailing|e-?mailing)|no more (e-?mails|mails|newsletters?)|(keine|nie wieder|nicht mehr)[^.\n]{0,30}(e-?mails?|"
    r"newsletter|werbung|zusendung)|"
    r"widerspreche[^.\n]{0,80}(werbung|verarbeitung|nutzung|zusendung)|(ne )?plus recevoir|(geen|niet meer)[^.\n]{0,30}(e-?mails?|"
    r"nieuwsbrie)"
)
_UNSUBSCRIBE_ADDRESS = re.compile(
    r"^(list-?|newsletter-?|nl-?)?(unsub(scribe)?|un-subscribe|optout|opt-out|abmeld(en|ung)|abbestell(en|ung)|desinscription|"
    r"uitschrijven|afmelden|leave|remove)([-+._=].*)?@"
    r"|^[^@]*[-+._](unsub(scribe)?|optout|opt-out|leave|signoff|abmeld(en|ung))([-+._=][^@]*)?@",
    re.IGNORECASE,
)


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


def is_plain_unsubscription(root: Part) -> bool:
    """Whether the subject is nothing but the request. A mail program's unsubscribe button marks such mails as automatic."""
    return bool(_ONLY_UNSUBSCRIBE.match(subject_words(root)))


def is_unsubscription(root: Part, text: str) -> bool:
    """Whether a person asks to be taken off: by the subject, by the first words, or by writing to an unsubscribe address at all."""
    if _UNSUBSCRIBE.match(subject_words(root)):
        return True
    first = next((line for line in text.lower().split("\n") if line.strip(" \t>*-_")), "")[:200]
    own_words = "\n".join(line for line in text[:4000].lower().split("\n") if not line.lstrip().startswith((">", "|")))
    own_words = own_words[: _quote_start(own_words)]
    if _UNSUBSCRIBE.match(first) and len(first) < 60 or _UNSUBSCRIBE_PHRASE.search(own_words):
        return True
    receivers = header_addresses(root, "to", "cc", "delivered-to", "x-original-to", "envelope-to")
    return any(_UNSUBSCRIBE_ADDRESS.search(address) for address in receivers)


def subject_words(root: Part) -> str:
    """The subject in lower case, shortened."""
    return root.header("subject")[:300].lower()


_QUOTE = re.compile(
    r"^(-{2,} ?(original|urspr|message d'origine|oorspronkelijk|forwarded|weitergeleitet)|(am|on|le|op|il) [^\n]{5,120}(wrote|"
    r"schrieb|a [eé]crit|schreef|ha scritto)|"
    r"(from|von|de|van) ?: )",
    re.MULTILINE,
)


def _quote_start(text: str) -> int:
    found = _QUOTE.search(text)
    return found.start() if found else len(text)
