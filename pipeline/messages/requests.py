"""Whether a person asks to be taken off: a plain request, something that may mean "no" and that people must read, or neither.

Only the writer's own words count: not what is quoted below them, not the signature, and not the sentence by which every newsletter says
how to leave it. A subject is a request where it is nothing else: "Re: Stop Motion" is none.
"""

import re
from enum import StrEnum

from pipeline.messages.finding import addresses_in, header_addresses, verp_address
from pipeline.messages.mime import Part
from pipeline.messages.replies import is_unsubscribe_address, subject_words

OURS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
"""Fields with the addresses of ours that a message went to."""
SHORT = 500
"""So many letters at most are a request and nothing else."""
LOOKED_AT = 4000
FIRST_WORDS = 600
"""So much of a long text is looked at: what follows is somebody's newsletter rather than his own words."""


class Request(StrEnum):
    """What a message asks for. The last two wait for somebody to read them."""

    NONE = ""
    PLAIN = "plain"
    UNCLEAR = "may mean no"
    FOR_ANOTHER = "names another address"


_NOUN = (
    r"unsubscribe|unsubscription|un-subscribe|unsub|opt[- ]?out|remove|stop|signoff|sign off|cancel|cancellation|take me off|leave|"
    r"abmelden|abmeldung|abbestellen|abbestellung|austragen|austragung|l(ö|oe)schen|l(ö|oe)schung|k(ü|ue)ndigen|k(ü|ue)ndigung|widerruf|"
    r"widerspruch|abo k(ü|ue)ndigen|d[eé]sinscription|d[eé]sabonnement|d[eé]sabonner|d[eé]sinscrire|uitschrijven|uitschrijving|afmelden|"
    r"afmelding|disiscrizione|disiscrivi(mi|temi)?|cancellami|cancellatemi|cancellazione|annulla iscrizione|baja|darme de baja|cancelar|"
    r"odhl[aá]sit|wypisz|leiratkoz[aá]s"
)
_BESIDE = (
    r"please|pls|kindly|bitte|danke|thanks?|thank you|merci|bedankt|grazie|gracias|s'il vous pla[iî]t|svp|alstublieft|aub|graag|per favore|"
    r"por favor|me|mich|mij|us|uns|from|off|of|the|your|this|all|any|my|e-?mails?|mails?|mailings?|mailing ?list|list|liste|lists|"
    r"newsletters?|"
    r"subscription|vom|von|aus|dem|den|der|die|das|allen?|ihrem|eurem|ihren?|diese[mnrs]?|verteiler|rundbrief|werbung|mein(e[mnrs]?)?|"
    r"zum|zur|"
    r"f(ü|ue)r|nu|now|sofort|immediately|de|du|la|le|les|vos|votre|des|lettre|infolettre|l|a|à|van|voor|uw|jullie|nieuwsbrief|"
    r"nieuwsbrieven|"
    r"dalla|dal|della|del|vostra|iscrizione|lista|bolet[ií]n|suscripci[oó]n|correos?|address|adresse|abo|!|und|and"
)
_REPLY = r"((re|aw|fwd?|wg|antw|sv|tr|rv|r|vs) ?: ?)*"
_ONLY = re.compile(rf"^\W*{_REPLY}\W*(({_BESIDE})\W+)*({_NOUN})(\W+({_BESIDE}))*\W*$")
_PHRASE = re.compile(
    # English
    r"\b(unsubscribe|remove|take|delete) (me|us|my (e-?mail|address|name|data|account))\b|"
    r"(take|remove|delete)[^.\n]{0,40} (off|from) [^.\n]{0,30}(list|database|newsletter|mailings?)|"
    r"(want|like|wish|ask|need) to (unsubscribe|be (removed|taken off|deleted|unsubscribed)|opt out)|"
    r"\bstop (sending|mailing|e-?mailing|spamming|contacting|writing)|no more (e-?mails?|mails?|newsletters?|messages|advertising|spam)|"
    r"(do not|don'?t|never) (ever )?(send|e-?mail|mail|contact|write to|write|spam) (me|us|any|anything|again)\b|"
    r"(do not|don'?t|no longer) (want|wish)( to)? (receive|get|hear|be contacted|any|your)|cancel (my|the|this) (subscription|newsletter)|"
    r"\bi (hereby )?(opt out|unsubscribe|object to|withdraw my|revoke my)|leave me alone|"
    # German
    r"(nimm|nehmt|nehmen|streich\w*|l(ö|oe)sch\w*|entfern\w*|trag\w*|meld\w*)\b[^.\n]{0,20}\b(mich|uns|meine[nr]?|unsere)\b[^.\n]{0,60}"
    r"\b(aus|ab|vom|von|heraus|raus|l(ö|oe)schen|streichen|entfernen|abmelden|austragen)\b|"
    r"\b(mich|uns|mein\w*)\b[^.\n]{0,80}(abmelden|austragen|abbestellen|l(ö|oe)schen|streichen|entfernen|herausnehmen|rausnehmen)|"
    r"(aus|von)\b[^.\n]{0,30}(verteiler|liste|datenbank|adressen)\w*[^.\n]{0,20}(nehmen|streichen|l(ö|oe)schen|entfernen|austragen)|"
    r"(newsletter|rundbrief|mailing|e-?mails?|mails?)\w*[^.\n]{0,30}(abbestellen|abmelden|abbestelle|k(ü|ue)ndigen|k(ü|ue)ndige|"
    r"einstellen)|"
    r"(keine(rlei)?|kein|nie wieder|nie mehr|nicht mehr|nicht l(ä|ae)nger)\b[^.\n]{0,40}"
    r"\b(e-?mails?|mails?|newsletter|werbe\w*|werbung|zusendung\w*|zuschicken|zusenden|angeschrieben|kontaktieren|anschreiben)\b|"
    r"(widerspreche|widerrufe)\b[^.\n]{0,80}|melde mich\b[^.\n]{0,40}\bab\b|bestelle\b[^.\n]{0,40}\bab\b|lasst? (mich|uns) in ruhe|"
    # Dutch
    r"(schrijf|haal|meld|verwijder)\b[^.\n]{0,20}\b(mij|me|ons|mijn)\b[^.\n]{0,50}\b(uit|af|van|lijst|bestand)|"
    r"(wil|willen|graag)\b[^.\n]{0,50}(uitschrijven|afmelden|uitgeschreven|afgemeld)|stop met (mailen|sturen|het sturen)|"
    r"(geen|niet meer|nooit meer)\b[^.\n]{0,40}(e-?mails?|mails?|nieuwsbrie\w+|reclame)\b|"
    # French
    r"(d[eé]sinscri\w+|d[eé]sabonne\w*|retire\w*|supprime\w*|enleve\w*|enlève\w*|radie\w*)[ -](moi|nous|mon|mes|notre)\b|"
    r"\b(me|nous) (d[eé]sinscrire|d[eé]sabonner|retirer|supprimer|radier)|\bplus (recevoir|re[cç]evoir|d'e-?mails?|de mails?|"
    r"de newsletters?)|"
    r"(arr[eê]tez|cessez) de m|(arr[eê]tez|cessez) (vos|d'envoyer|de nous)|"
    # Italian
    r"\b(cancella|rimuovi|togli|elimina|disiscrivi)(mi|ci)\b|\b(cancellate|rimuovete|togliete|eliminate|disiscrivete)(mi|ci)\b|"
    r"non (voglio|desidero|vorrei|intendo)( più| piu)? (ricevere|essere)|non (inviate|mandate|scrivete|contattate)(mi|ci)\b|"
    r"(voglio|vorrei|desidero) (disiscrivermi|cancellarmi|cancellare la)|"
    # Spanish
    r"\b(dar|den|de|da|dad)(me|nos) de baja|(quiero|deseo) (darme de baja|la baja)|no (quiero|deseo|queremos)( m[aá]s)? (recibir|m[aá]s|"
    r"que me)|"
    r"no (me |nos )?(env[ií]en?|manden?|escriban?|contacten?)\b|\b(elim[ií]n|b[oó]rr|qu[ií]t)\w*(me|nos)\b|cancelar (mi |"
    r"la )?suscripci[oó]n|"
    r"(dejen|deje|dejad) de (enviar|mandar|escribir)"
)
_TURNED = re.compile(
    r"\b(how|wie|hoe|comment|come posso|c[oó]mo|if|falls|wenn|sofern|whether|ob|als ik|si je|se non|warum|why|waarom|pourquoi)\b|"
    r"(nicht|not|don'?t|niet|ne pas|non) (mehr )?(abmelden|austragen|l(ö|oe)schen|abbestellen|unsubscribe|remove|uitschrijven|afmelden)|"
    r"(abmelden|abbestellen|austragen) (nicht|m(ö|oe)chte ich (mich )?nicht)"
)
"""What makes of a request a question, a condition or its contrary."""
_HINT = re.compile(
    r"abmeld|abbestell|austrag|abgemeldet|verteiler|unsubscrib|opt(ed)?[- ]?out|uitschrij|uitgeschreven|afmeld|d[eé]sinscri|d[eé]sabonn|"
    r"disiscri|"
    r"de baja\b|\bspam\b|bel(ä|ae)stig|harass|dsgvo|gdpr|rgpd|datenschutz|rechtsanwalt|\banwalt|lawyer|abmahn|anzeige erstatten|"
    r"(daten|adresse|konto|data|address|account|donn[eé]es|gegevens|dati|datos)\b[^.\n]{0,30}(l(ö|oe)sch|delet|eras|remov|supprim|effac|"
    r"verwijder|"
    r"cancell|elimin|borr)|(l(ö|oe)sch|delet|eras|remov|supprim|effac|verwijder|cancell|elimin|borr)\w*[^.\n]{0,30}"
    r"\b(daten|adresse|konto|data|address|account|donn[eé]es|gegevens|dati|datos)\b|"
    r"kein interesse|no(t)? (longer )?interest|geen interesse|pas int[eé]ress|non (sono )?interessat|no (me )?interesa|"
    r"nicht mehr\b[^.\n]{0,40}schreib|"
    r"verstorben|gestorben|deceased|passed away|has died|overleden|d[eé]c[eé]d[eé]|decedut|fallecid"
)
_FOOTER = re.compile(
    r"\b(klick\w*|click|clic|cliquez|cliquer|clicca\w*|klik\w*|link|hier|here|ici|aqu[ií]|qui)\b|\b(if|wenn|falls|sollten|si|als|"
    r"se) (you|sie|vous|"
    r"u|je|desideri|desea|no desea|quieres)\b|\b(you|sie|vous|u) (can|may|are|received?|receive|k(ö|oe)nnen|erhalten|bekommen|recevez|"
    r"ontvangt|"
    r"kunt)\b|\b(to unsubscribe|um sich|pour vous|om u|per (cancellarti|disiscriverti|non)|para darse)\b|https?:|www\."
)
_FIRST_PERSON = re.compile(r"\b(ich|mich|mir|mein\w*|i|me|my|mij|ik|mijn|je|moi|mon|mes|io|mi|yo|mis)\b")
_SIGNATURE = re.compile(
    r"^\s*(--\s*$|(mit |ganz |sehr )?(freundlich\w*|beste\w*|liebe|viele|herzlich\w*|sch(ö|oe)ne) gr(ü|ue)(ß|ss)e?|mfg\b|lg\b|"
    r"(best|kind|warm|with kind)( regards| wishes)?[, ]*$|regards|sincerely|yours |cordialement|bien [àa] vous|met vriendelijke|groet|"
    r"hartelijke groet|"
    r"(cordiali|distinti) saluti|saluti|saludos|un saludo|atentamente|sent from |von meinem |gesendet (mit|von)|envoy[eé] de|verzonden|"
    r"inviato da|"
    r"enviado desde|get outlook)",
    re.MULTILINE,
)
_QUOTE = re.compile(
    r"^(-{2,} ?(original|urspr|message d'origine|oorspronkelijk|forwarded|weitergeleitet|messaggio|mensaje)|_{10,}|"
    r"(am|on|le|op|il|el) [^\n]{5,160}(\n[^\n]{0,80})?(wrote|schrieb|a [eé]crit|schreef|ha scritto|escribi[oó])|"
    r"(from|von|de|van|da) ?: )",
    re.MULTILINE,
)
_REPLIED = re.compile(r"\W*(re|aw|fwd?|wg|antw|sv|tr|rv|r|vs) ?:")
_SENTENCE = re.compile(r"[.!?;\n]+(?=\s|$)|\n+")


def read_request(root: Part, text: str) -> Request:
    """What the message asks for, by its subject, its writer's own words, and the address of ours that it went to."""
    own = own_words(text).lower()
    subject = subject_words(root)
    title = "" if _REPLIED.match(subject) else subject  # the subject of an answer is ours
    is_asked_by_address = any(is_unsubscribe_address(address) for address in header_addresses(root, *OURS))
    found = Request.PLAIN if is_request_by_subject(root) or is_asked_by_address else _request_in(own, title, is_mass=_is_mass(root))
    return Request.FOR_ANOTHER if found is not Request.NONE and _names_another(root, own) else found


def is_request_by_subject(root: Part) -> bool:
    """Whether the subject is nothing but the request. A mail program's unsubscribe button marks such mails as automatic."""
    return bool(_ONLY.match(subject_words(root)))


def subscriber_of(root: Part) -> str:
    """Who asks: whom the address of ours carries that the message went to, else the sender; empty where neither can be read."""
    carried = (verp_address(address) for address in header_addresses(root, *OURS))
    senders = header_addresses(root, "from") or header_addresses(root, "sender", "reply-to")
    return next((address for address in carried if address), senders[0] if senders else "")


def own_words(text: str) -> str:
    """What the writer wrote himself: without quoted lines, whatever follows the line that announces them, and the signature."""
    lines = (line for line in text[:LOOKED_AT].split("\n") if not line.lstrip().startswith((">", "|")))
    words = "\n".join(lines)
    for pattern in (_QUOTE, _SIGNATURE):
        found = pattern.search(words.lower())
        words = words[: found.start()] if found else words
    return words.strip()


def _request_in(own: str, title: str, *, is_mass: bool) -> Request:
    """The request in somebody's own words and title, in lower case."""
    if is_mass:
        return Request.NONE
    is_short = len(own) <= SHORT
    meant = [sentence for sentence in _sentences(own[:FIRST_WORDS]) if not _FOOTER.search(sentence) or _FIRST_PERSON.search(sentence)]
    later = [sentence for sentence in _sentences(own[FIRST_WORDS:]) if _FIRST_PERSON.search(sentence)]
    is_said = any(_ONLY.match(sentence) for sentence in meant) or any(_PHRASE.search(sentence) for sentence in [title, *meant, *later])
    if is_said:
        is_turned = any(_TURNED.search(sentence) for sentence in [title, *meant])
        return Request.PLAIN if is_short and not is_turned else Request.UNCLEAR
    return Request.UNCLEAR if any(_HINT.search(sentence) for sentence in meant) else Request.NONE


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]


def _is_mass(root: Part) -> bool:
    """Whether a program sent it to many: somebody else's newsletter, which says how to leave it."""
    return bool(root.header("list-unsubscribe") or root.header("list-id") or root.header("precedence").lower() in ("bulk", "list"))


def _names_another(root: Part, own: str) -> bool:
    known = {address.lower() for address in header_addresses(root, *OURS, "from", "sender", "reply-to")} | {subscriber_of(root).lower()}
    return any(address.lower() not in known for address in addresses_in(own))
