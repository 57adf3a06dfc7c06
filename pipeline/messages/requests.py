"""Whether a person asks to be taken off: a plain request, something that may mean "no" and that people must read, or neither.

Only the writer's own words count: not what is quoted below them, not the signature, and not the sentence by which every newsletter says
how to leave it. A subject is a request where it is nothing else: "Re: Stop Motion" is none.
"""

import re
from enum import StrEnum

from pipeline.messages.finding import ADDRESS, addresses_in, header_addresses, verp_address
from pipeline.messages.mime import Part
from pipeline.messages.replies import asked_for_by, is_unsubscribe_address, subject_words
from pipeline.messages.request_words import (
    BESIDE,
    CEASE,
    COMPLAINS,
    CONTRARY,
    EVENT,
    FIRST_PERSON,
    FOOTER,
    HINT,
    INVITES,
    JOINS,
    LIST,
    MAIL,
    MORE,
    NEGATION,
    NO_MORE,
    NOT_RECEIVED,
    NOUN,
    OF_AN_EVENT,
    OWN_ADDRESS,
    PHRASE,
    REMOVE,
    SEND,
    STRONG,
    TURNED,
    WISH,
)

OURS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
"""Fields with the addresses of ours that a message went to."""
SHORT = 500
"""So many letters at most are a request and nothing else."""
GREETING = 60
"""So many letters may be mere politeness below a subject that asks."""
LOOKED_AT = 4000
FIRST_WORDS = 600
"""So much of a long text is looked at: what follows is somebody's newsletter rather than his own words."""


class Request(StrEnum):
    """What a message asks for. The last two wait for somebody to read them."""

    NONE = ""
    PLAIN = "plain"
    UNCLEAR = "may mean no"
    FOR_ANOTHER = "names another address"


_REPLY = r"((re|aw|fwd?|wg|antw|sv|tr|rv|r|vs) ?: ?)*"
_ONLY = re.compile(rf"^\W*+{_REPLY}\W*+(?>({BESIDE})\W+)*({NOUN})(?>\W+({BESIDE})\b)*\W*$")
"""Atomic groups: a word is read in one way, so that a long row of words is tried once."""
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
    if any(is_unsubscribe_address(address) for address in header_addresses(root, *OURS)):
        found = Request.PLAIN
    elif is_request_by_subject(root):
        found = Request.PLAIN if STRONG.search(subject) or not _is_about_something_else(own) else Request.UNCLEAR
    else:
        found = _request_in(own, title, is_mass=_is_mass(root))
    said = f"{subject if is_request_by_subject(root) else title}\n{own}"
    return Request.FOR_ANOTHER if found is not Request.NONE and _names_another(root, said) else found


def is_asked_on_leave(root: Part, text: str) -> bool:
    """Whether a mail with the subject of an absence notice asks for something itself.

    What only may mean "no" has to say more than notices do: "your mail is not read" is none.
    """
    request, own = read_request(root, text), own_words(text).lower()
    return request is Request.PLAIN or request is not Request.NONE and bool(HINT.search(own) or PHRASE.search(own))


def is_request_by_subject(root: Part) -> bool:
    """Whether the subject is nothing but the request, and perhaps for whom. A mail program's button marks such mails as automatic."""
    return bool(_ONLY.match(ADDRESS.sub(" ", subject_words(root))))


def subscriber_of(root: Part) -> str:
    """Who asks: whom the address of ours carries that the message went to, else the sender; empty where neither can be read."""
    carried = (verp_address(address) or asked_for_by(address) for address in header_addresses(root, *OURS))
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
    meant = [sentence for sentence in _sentences(own[:FIRST_WORDS]) if not _is_footer(sentence)]
    later = [sentence for sentence in _sentences(own[FIRST_WORDS:]) if FIRST_PERSON.search(sentence)]
    said = {_said_by(sentence, is_alone=sentence in meant) for sentence in [*_sentences(title), *meant, *later]}
    if Request.PLAIN in said:
        is_turned = any(TURNED.search(sentence) for sentence in [title, *meant])
        return Request.PLAIN if is_short and not is_turned else Request.UNCLEAR
    return Request.UNCLEAR if Request.UNCLEAR in said else Request.NONE


def _said_by(sentence: str, *, is_alone: bool) -> Request:
    """What one sentence says; `is_alone`: it is the writer's beginning, in which a mere word is a request."""
    sentence = CONTRARY.sub(" ", sentence)
    is_asked = bool(PHRASE.search(sentence) or is_alone and (_is_only_the_request(sentence) or _asks(sentence)))
    if _is_about_an_event(sentence):
        rest = EVENT.sub(" ", sentence)
        may_be_ours = not OF_AN_EVENT.search(sentence) or any(words.search(rest) for words in (SEND, STRONG, INVITES))
        return Request.UNCLEAR if is_asked and may_be_ours else Request.NONE
    if is_asked:
        may_be_missed = NOT_RECEIVED.search(sentence) and not PHRASE.search(sentence)
        return Request.UNCLEAR if may_be_missed else Request.PLAIN
    return Request.UNCLEAR if is_alone and _may_mean_no(sentence) else Request.NONE


def _asks(sentence: str) -> bool:
    """Whether its words together ask, whatever their order."""
    if JOINS.search(sentence) or NOT_RECEIVED.search(sentence) and not MORE.search(sentence):
        return False
    is_removal = REMOVE.search(sentence) and (LIST.search(sentence) or OWN_ADDRESS.search(sentence))
    return bool(WISH.search(sentence) and (is_removal or any(_is_end_of_mail(part) for part in sentence.split(","))))


def _is_end_of_mail(words: str) -> bool:
    is_about_mail = SEND.search(words) or LIST.search(words) or MAIL.search(words)
    return bool(is_about_mail and (CEASE.search(words) or NO_MORE.search(words)))


def _is_only_the_request(sentence: str) -> bool:
    """Whether the sentence, or a part of it between commas in words that mean our mail alone, is nothing else."""
    parts = [part for part in sentence.split(",") if STRONG.search(part) or "abmeld" in part or "afmeld" in part]
    return any(_ONLY.match(part) for part in (sentence, *parts))


def _may_mean_no(sentence: str) -> bool:
    """Whether people have to read it: it speaks of leaving, or of our mail with some negation.

    Somebody who wants to join asks for the contrary unless he negates it, and a mail that is missed is no "no" without a hint at one.
    """
    if JOINS.search(sentence) and not NEGATION.search(sentence):
        return False
    if NOT_RECEIVED.search(sentence) and not HINT.search(sentence):
        return False
    is_about_mail = LIST.search(sentence) or MAIL.search(sentence)
    is_named = HINT.search(sentence) or any(_ONLY.match(part) or _is_end_of_mail(part) for part in sentence.split(","))
    return bool(is_named or is_about_mail and (NEGATION.search(sentence) or REMOVE.search(sentence)))


def _is_footer(sentence: str) -> bool:
    return bool(FOOTER.search(sentence) and not FIRST_PERSON.search(sentence) and not COMPLAINS.search(sentence))


def _is_about_something_else(own: str) -> bool:
    """Whether a text is long enough to tell what it is about, and that is not our mail: a flat, too, can be given notice of."""
    if _is_about_an_event(own):
        return True
    return len(own) > GREETING and not any(words.search(own) for words in (LIST, MAIL, PHRASE, STRONG))


def _is_about_an_event(text: str) -> bool:
    """Whether the text cancels something else than our mail, an event or a booking, and names no mail and no list."""
    rest = EVENT.sub(" ", text)
    return rest != text and not LIST.search(rest) and not MAIL.search(rest)


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]


def _is_mass(root: Part) -> bool:
    """Whether a program sent it to many: somebody else's newsletter, which says how to leave it."""
    return bool(root.header("list-unsubscribe") or root.header("list-id") or root.header("precedence").lower() in ("bulk", "list"))


def _names_another(root: Part, own: str) -> bool:
    known = {address.lower() for address in header_addresses(root, *OURS, "from", "sender", "reply-to")} | {subscriber_of(root).lower()}
    return any(address.lower() not in known for address in addresses_in(own))
