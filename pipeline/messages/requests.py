"""Whether a person asks to be taken off: a plain request, something that may mean "no" and that people must read, or neither.

Only the writer's own words count: not what is quoted below them, not the signature, and not the sentence by which every newsletter says
how to leave it. A subject is a request where it is nothing else: "Re: Stop Motion" is none.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from pipeline.messages.finding import ADDRESS, addresses_in, header_addresses, verp_address
from pipeline.messages.keywords import MAY_MEAN_ELSE, STOP
from pipeline.messages.mime import Part
from pipeline.messages.replies import asked_for_by, is_unsubscribe_address, subject_words
from pipeline.messages.request_words import (
    A_LIST,
    AN_ADDRESS,
    BESIDE,
    CEASE,
    COMPLAINS,
    CONTRARY,
    EVENT,
    FIRST_PERSON,
    FOOTER,
    GREETS,
    HINT,
    INVITES,
    IS_ABOUT,
    IS_ASKED_POLITELY,
    JOINS,
    LEAVE,
    LIST,
    MAIL,
    MISSED,
    MORE,
    NEGATED,
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
LOOKED_AT = 4000
FIRST_WORDS = 600
"""So much of a long text is looked at: what follows is somebody's newsletter rather than his own words."""


class Request(StrEnum):
    """What a message asks for. The last two wait for somebody to read them."""

    NONE = ""
    PLAIN = "plain"
    UNCLEAR = "may mean no"
    FOR_ANOTHER = "names another address"


_ANSWERED = "re|aw|fwd?|wg|antw|sv|tr|rv|r|vs|odp|pd|enc|res|ynt"
_REPLY = rf"(({_ANSWERED}) ?: ?)*"
_ONLY = re.compile(rf"^\W*+{_REPLY}\W*+(?>({BESIDE})\W+)*({NOUN})(?>\W+({BESIDE})\b)*\W*$")
"""Atomic groups: a word is read in one way, so that a long row of words is tried once."""
_SIGNATURE = re.compile(
    r"^\s*(--\s*$|(mit |ganz |sehr )?(freundlich\w*|beste\w*|liebe|viele|herzlich\w*|sch(ö|oe)ne) gr(ü|ue)(ß|ss)e?|mfg\b|lg\b|"
    r"(best|kind|warm|with kind)( regards| wishes)?[, ]*$|regards|sincerely|yours |cordialement|bien [àa] vous|met vriendelijke|groet|"
    r"hartelijke groet|"
    r"(cordiali|distinti) saluti|saluti|saludos|un saludo|atentamente|sent from |von meinem |gesendet (mit|von)|envoy[eé] de|verzonden|"
    r"inviato da|"
    r"enviado d|get outlook|pozdrawiam|z powa[zż]aniem|s pozdravem|atenciosamente|cumprimentos|wys[lł]ane z|odesl[aá]no z)",
    re.MULTILINE,
)
_QUOTE = re.compile(
    r"^(-{2,} ?(original|urspr|message d'origine|oorspronkelijk|forwarded|weitergeleitet|messaggio|mensaje)|_{10,}|"
    r"(am|on|le|op|il|el) [^\n]{5,160}(\n[^\n]{0,80})?(wrote|schrieb|a [eé]crit|schreef|ha scritto|escribi[oó])|"
    r"(w dniu|dnia|dne|em|den|pe) [^\n]{5,160}(\n[^\n]{0,80})?(napisa[lł]|pisze|napsal|escreveu|skrev|kirjoitti)|"
    r"(from|von|de|van|da|od) ?: |差出人 ?[:：]|\d{4}年[^\n]{5,120}[:：]$)",
    re.MULTILINE,
)
_REPLIED = re.compile(rf"\W*({_ANSWERED}) ?:")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？])|\n+")
_INNER_DOT = re.compile(r"(?<=\w)\.(?=\w)")
_BLANK = re.compile(r"[^\S\n]+")
_PLAIN_SIGNS = str.maketrans({"’": "'", "‘": "'", "`": "'", "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\u00ad": None})
"""What else a keyboard writes for an apostrophe, and signs that nobody sees."""
_POLITE = re.compile(rf"\b({BESIDE})\b|{GREETS.pattern}", re.IGNORECASE)
_PLEASE = re.compile(
    r"\b(please|pls|kindly|bitte|danke|thanks|thank you|svp|merci|graag|prego|grazie|por favor|gracias|prosz[eę]|pros[ií]m)\b"
)
_COMMAND = re.compile(r"^\W*(unsubscribe|unsub|signoff|sign off)[\s:=_-]+(?P<list>[\w.*-]+)\W*$")
"""What Majordomo, LISTSERV, Sympa and Mailman take for a command, and what our own links write into a subject."""
_LIST_SERVER = re.compile(r"(listserv|majordomo|sympa|listproc|ecartis|mailman|lyris)\b")
_FOR_COMMANDS = re.compile(r"-(request|leave|unsubscribe|signoff|off|owner)$")


def read_request(root: Part, text: str) -> Request:
    """What the message asks for, by its subject, its writer's own words, and the address of ours that it went to."""
    written = own_words(text)
    typed = as_typed(written)
    own = typed.lower()
    subject = as_read(subject_words(root))
    is_all_in_subject = bool(_ONLY.match(subject))
    title = "" if _REPLIED.match(subject) else subject  # the subject of an answer is ours
    if any(is_unsubscribe_address(address) for address in header_addresses(root, *OURS)):
        found = Request.PLAIN
    elif is_all_in_subject:
        is_doubted = NEGATED.search(own) or not STRONG.search(subject) and _is_about_something_else(typed)
        found = Request.UNCLEAR if is_doubted else Request.PLAIN
    elif _is_mass(root):
        found = Request.NONE
    elif _is_command(root, title) and _is_mere_politeness(typed) or _is_command(root, own):
        found = Request.PLAIN
    else:
        found = _request_in(typed, title)
    said = f"{subject_words(root) if is_all_in_subject or title else ''}\n{written.lower()}"
    return Request.FOR_ANOTHER if found is not Request.NONE and _names_another(root, said) else found


def as_read(text: str) -> str:
    """A text as the words are looked for in it, in lower case."""
    return as_typed(text).lower()


def as_typed(text: str) -> str:
    """A text with plain apostrophes and blanks, and without full stops inside of a sentence.

    Every address is the same two words, and `haus.example` is `haus-example`.
    """
    words = ADDRESS.sub(AN_ADDRESS, unicodedata.normalize("NFC", text))
    return _BLANK.sub(" ", _INNER_DOT.sub("-", words.translate(_PLAIN_SIGNS)))


def is_asked_on_leave(root: Part, text: str) -> bool:
    """Whether a mail with the subject of an absence notice asks for something itself.

    What only may mean "no" has to say more than notices do: "your mail is not read" is none.
    """
    request, own = read_request(root, text), as_read(own_words(text))
    return request is Request.PLAIN or request is not Request.NONE and bool(HINT.search(own) or PHRASE.search(own))


def is_request_by_subject(root: Part) -> bool:
    """Whether the subject is nothing but the request, and perhaps for whom. A mail program's button marks such mails as automatic."""
    return bool(_ONLY.match(as_read(subject_words(root))))


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


@lru_cache(maxsize=1000)
def _request_in(typed: str, title: str) -> Request:
    """The request in somebody's own words and title; a title is a first sentence, unless it says that the text asks something.

    A flood of forged mails says the same again and again: the same words are read once.
    """
    own = typed.lower()
    is_short = len(own) <= SHORT
    is_question = bool(IS_ABOUT.search(title) and own)
    heading = [] if is_question else _sentences(title)
    meant = [*heading, *(sentence for sentence in _sentences(own[:FIRST_WORDS]) if not _is_footer(sentence))]
    later = [sentence for sentence in _sentences(own[FIRST_WORDS:]) if FIRST_PERSON.search(sentence)]
    if is_question:
        later += _sentences(title)
    said = {Request.UNCLEAR if _is_mere_word(sentence, typed, meant) else _said_by(sentence, is_alone=True) for sentence in meant}
    said |= {_said_by(sentence, is_alone=False) for sentence in later}
    if Request.PLAIN in said:
        is_turned = any(TURNED.search(sentence) for sentence in [title, *meant])
        return Request.PLAIN if is_short and not is_turned else Request.UNCLEAR
    keyword = _keyword_of(own or title)
    if keyword in STOP:
        return Request.UNCLEAR if keyword in MAY_MEAN_ELSE else Request.PLAIN
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
        return Request.UNCLEAR if _may_be_missed(sentence) else Request.PLAIN
    return Request.UNCLEAR if is_alone and _may_mean_no(sentence) else Request.NONE


def _may_be_missed(sentence: str) -> bool:
    """Whether somebody may miss our mail rather than refuse it: "No newsletter any more?" is a question, "Can you send no more?" asks."""
    is_question = sentence.endswith("?") and not WISH.search(sentence) and not IS_ASKED_POLITELY.search(sentence)
    is_told = NOT_RECEIVED.search(sentence) and not PHRASE.search(sentence)
    return bool(is_told or MISSED.search(sentence) or is_question and NO_MORE.search(sentence))


def _is_mere_word(sentence: str, typed: str, meant: list[str]) -> bool:
    """Whether the sentence is one word that may mean anything, "Stop!", amid others that are about something else."""
    is_word = _ONLY.match(sentence) and not _means_our_mail(sentence) and not PHRASE.search(sentence)
    if not is_word or _is_mere_politeness(re.sub(re.escape(sentence), "", typed, count=1, flags=re.IGNORECASE)):
        return False
    return not any(_may_mean_no(other) for other in meant if other != sentence)


def _is_mere_politeness(typed: str) -> bool:
    """Whether a text holds nothing but politeness and a name: in one or two lines a few words with capital letters, or numbers."""
    lines = [_POLITE.sub(" ", line) for line in typed.split("\n")]
    left = [words for line in lines if (words := re.findall(r"\w+", line))]
    is_a_name = all(word[0].isupper() or word[0].isdigit() for words in left for word in words)
    return is_a_name and len(left) <= 2 and all(len(words) <= 3 for words in left)


def _keyword_of(text: str) -> str:
    """The letters of a text without its politeness: "stop all, please" is the keyword `stopall`."""
    return re.sub(r"[\W_]+", "", GREETS.sub(" ", _PLEASE.sub(" ", text)))


def _is_command(root: Part, words: str) -> bool:
    """Whether the words are what a list server takes for a command: to leave, with a list of ours or a token of ours behind it."""
    found = _COMMAND.match(words)
    if not found:
        return False
    names = [address.partition("@")[0].lower() for address in header_addresses(root, *OURS)]
    lists = {_FOR_COMMANDS.sub("", name) for name in names}
    is_token = any(letter.isdigit() for letter in found["list"])
    return is_token or found["list"].strip("-*.") in lists or any(_LIST_SERVER.match(name) for name in names)


def _asks(sentence: str) -> bool:
    """Whether its words together ask, whatever their order."""
    if JOINS.search(sentence) or NOT_RECEIVED.search(sentence) and not MORE.search(sentence):
        return False
    is_removal = REMOVE.search(sentence) and (A_LIST.search(sentence) or OWN_ADDRESS.search(sentence))
    return bool(WISH.search(sentence) and (is_removal or any(_is_end_of_mail(part) for part in sentence.split(","))))


def _is_end_of_mail(words: str) -> bool:
    is_about_mail = SEND.search(words) or LIST.search(words) or MAIL.search(words)
    return bool(is_about_mail and (CEASE.search(words) or NO_MORE.search(words)))


def _is_only_the_request(sentence: str) -> bool:
    """Whether the sentence, or a part of it between commas in words that mean our mail alone, is nothing else."""
    parts = [part for part in sentence.split(",") if _means_our_mail(part)]
    return any(_ONLY.match(part) for part in (sentence, *parts))


def _means_our_mail(words: str) -> bool:
    return bool(STRONG.search(words) or "abmeld" in words or "afmeld" in words)


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
    return bool(is_named or is_about_mail and any(words.search(sentence) for words in (NEGATION, REMOVE, LEAVE)))


def _is_footer(sentence: str) -> bool:
    return bool(FOOTER.search(sentence) and not FIRST_PERSON.search(sentence) and not COMPLAINS.search(sentence))


def _is_about_something_else(typed: str) -> bool:
    """Whether a text is more than politeness, and not about our mail: a flat, too, can be given notice of."""
    own = typed.lower()
    if _is_about_an_event(own):
        return True
    return not _is_mere_politeness(typed) and not any(words.search(own) for words in (LIST, MAIL, PHRASE, STRONG))


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
