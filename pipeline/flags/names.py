"""Reads the name of a column: is it a CRM flag (domain §8 "Flags"), on which channels, or does it say consent?"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from pipeline.flags.business import is_order_of_business, is_thing
from pipeline.flags.damage import spellings_of
from pipeline.flags.words import (
    ALONE,
    ASKED,
    BEING,
    BETWEEN,
    CHANNELS,
    COURSES,
    ELECTRONIC,
    ENROLMENT,
    GLUED,
    HEAD_ENDINGS,
    HEADS,
    JOINED,
    LEADING,
    LEAVING,
    LISTS,
    NEGATING,
    NO_ADVERTISING,
    OF_DATA,
    ORDERS,
    OUT_OF,
    POST_BY_MAIL,
    REACHABLE,
    REVOKING,
    ROLE,
    SAID_NO,
    SAID_YES,
    SIGN,
    THROUGH,
    TRAILING,
    Role,
)
from pipeline.vocabulary import AddressKind, Channel

LONGEST_NAME = 200
"""A longer header is a text, and nobody's name for a column."""
NUMBERS = frozenset(str(channel) for channel in Channel if channel.kind is AddressKind.PHONE)
_APOSTROPHE = re.compile(r"(?<=n)['\u2019\u00b4`]t\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LETTERS = str.maketrans({"ß": "ss", "ẞ": "SS", "ø": "o", "æ": "ae", "œ": "oe", "Œ": "OE", "†": " deceased ", "✝": " deceased "})


class FlagReason(StrEnum):
    """What a column's filled cell says."""

    OPTED_OUT = "opted_out"
    DECEASED = "deceased"
    CONSENT = "consent"


@dataclass(frozen=True)
class Meaning:
    """What a column's name says: a "no" on these channels, or consent, which permits nothing."""

    reason: FlagReason
    channels: tuple[str, ...] = ("any",)
    unless: tuple[str, ...] = ()
    """Cells that say nothing, in lower case: of a column of states, which every other state excludes."""
    counts_no: bool = False
    """Whether a plain "no" is one of those states (`subscribed: false`); of a column that asks for a "no" it is none (`blocked: false`)."""

    @property
    def is_flag(self) -> bool:
        return self.reason is not FlagReason.CONSENT

    @property
    def flags(self) -> tuple[str, ...]:
        """The texts by which the ledger's rows name it: `email:opted_out`."""
        return tuple(f"{channel}:{self.reason}" for channel in self.channels) if self.is_flag else ()


CONSENT = Meaning(FlagReason.CONSENT)


@lru_cache(maxsize=10_000)
def meaning_of(name: str) -> Meaning | None:
    """What a column of this name says about a "no"; None where it says nothing.

    A name that a wrong encoding has damaged says what its repaired spellings say: any "no" of them is a "no".
    """
    said = [meaning for spelling in spellings_of(name[:LONGEST_NAME], _is_known) if (meaning := _said(_words(spelling))) is not None]
    return next((meaning for meaning in said if meaning.is_flag), said[0] if said else None)


def _said(words: list[str]) -> Meaning | None:
    roles = [ROLE.get(word) for word in words]
    has = set(roles)
    is_known = None not in has
    if Role.MACHINERY in has and THROUGH.isdisjoint(words):
        return None
    if Role.REFUSED in has:
        return _refusal(words, roles)
    if is_known and (_is_refusal(words, roles) or _is_removal(words, roles)) or _is_order(words, roles) or _is_revocation(words, roles):
        return _on_its_channels(words)
    if _is_blocked(words, roles) or _is_alone(words):
        return _on_its_channels(words)
    if is_known and Role.DEAD in has and not _is_negated(words, roles, Role.DEAD) and _is_death(words):
        return Meaning(FlagReason.DECEASED)
    return CONSENT if Role.CONSENT in has or is_known and _is_permission(words, has) else None


def channels_of(name: str) -> tuple[str, ...]:
    """The channels of ours that a column's name says; all of them where it says none, none where it says only such as are not ours."""
    meaning = _on_its_channels(_words(name))
    return meaning.channels if meaning is not None else ()


def is_of_messages(name: str) -> bool:
    """Whether every word of the name is known, and one of them is a message: `Werbung per E-Mail`."""
    roles = [ROLE.get(word) for word in _words(name)]
    return None not in roles and Role.CONTACT in roles


def may_be_email(name: str) -> bool:
    """Whether English `mail` is a letter in the name only because another column is about e-mail: `no_mail`, but not "postal mail"."""
    words = _words(name)
    return not {"direct", "postal", "post"} & set(words) and any(
        tuple(words[place : place + len(by_mail)]) == by_mail for by_mail in POST_BY_MAIL for place in range(len(words))
    )


def _refusal(words: list[str], roles: list[Role | None]) -> Meaning | None:
    """What a word that is a whole "no" says: "not opted out" is a "yes", that one may opt out, or leaves a course, is neither."""
    if _is_negated(words, roles, Role.REFUSED):
        return CONSENT
    if Role.MAY in roles and Role.NOT not in roles:
        return None
    refused = {word for word, role in zip(words, roles, strict=True) if role is Role.REFUSED}
    if refused <= LEAVING and not COURSES.isdisjoint(words) and Role.CONTACT not in roles:
        return None
    return _on_its_channels(words)


def _is_refusal(words: list[str], roles: list[Role | None]) -> bool:
    """Whether known words say a "no" together: blocked; no e-mail; consent revoked; contact not allowed."""
    if Role.BLOCKED in roles:
        blocked = {word for word, role in zip(words, roles, strict=True) if role is Role.BLOCKED}
        return not blocked <= HEADS and not _is_negated(words, roles, Role.BLOCKED)
    meant = {Role.CONTACT, Role.CONSENT}
    if not BEING.isdisjoint(words) or Role.MAY in roles:
        meant.add(Role.DONE)
    if Role.WITHDRAWN in roles:
        is_meant = not meant.isdisjoint(roles) or not ENROLMENT.isdisjoint(words)
        return is_meant and not _is_negated(words, roles, Role.WITHDRAWN)
    if Role.REVOKED in roles and not ENROLMENT.isdisjoint(words):
        return True
    for place, (word, role) in enumerate(zip(words, roles, strict=True)):
        if role is not Role.NOT or (word == "no" and words[place + 1 : place + 2] == ["of"]):
            continue
        before = words[place - 1] if place else ""
        if word in TRAILING and ROLE.get(before) is Role.CONTACT and before not in TRAILING[word]:
            return True
        if not meant.isdisjoint(roles[place + 1 :] if word in LEADING else roles):
            return True
    return False


def _is_removal(words: list[str], roles: list[Role | None]) -> bool:
    """Whether known words say that somebody asks for his data's erasure, or was taken off a list: a list of wishes is another."""
    if not ASKED.isdisjoint(words) and (Role.ERASED in roles or Role.WITHDRAWN in roles and not OF_DATA.isdisjoint(words)):
        return True
    removed = {Role.WITHDRAWN, Role.ERASED, Role.REVOKED}
    off_a_list = not OUT_OF.isdisjoint(words) and not LISTS.isdisjoint(words) and {"wish", "wunsch"}.isdisjoint(words)
    return off_a_list and not removed.isdisjoint(roles) and not any(_is_negated(words, roles, role) for role in removed)


def _is_revocation(words: list[str], roles: list[Role | None]) -> bool:
    """Whether the name says that a permission is gone, whatever stands beside both: else it would be reported as one."""
    if Role.CONSENT not in roles or REVOKING.isdisjoint(words):
        return False
    said = {ROLE[word] for word in words if word in REVOKING}
    return not any(_is_negated(words, roles, role) for role in said)


def _is_order(words: list[str], roles: list[Role | None]) -> bool:
    """Whether the name tells not to do something, in so many words beside each other, and it is no business with things."""
    if not NO_ADVERTISING.isdisjoint(pairwise(words)):
        return True
    said = [(word, role) for word, role in zip(words, roles, strict=True) if word not in BETWEEN]
    for place, (word, role) in enumerate(said):
        before = tuple(each for each, _ in said[:place])
        verb = next((verb for order, verb in ORDERS.items() if before[-len(order) :] == order), None)
        if verb is None:
            continue
        if role is Role.CONTACT or role in (None, Role.SUBSCRIPTION) and re.fullmatch(verb, word) and not is_order_of_business(word):
            return True
    return False


def _is_blocked(words: list[str], roles: list[Role | None]) -> bool:
    """Whether something is blocked, whatever it is: a thing of business only where a word for messages stands beside it."""
    if HEADS.isdisjoint(words) or _is_negated(words, roles, Role.BLOCKED):
        return False
    return Role.CONTACT in roles or not any(map(is_thing, words))


def _is_alone(words: list[str]) -> bool:
    """Whether the name is a word that is a "no" by itself, and nothing else: `STOP`, but no stop by its name."""
    return not ALONE.isdisjoint(words) and set(words) <= ALONE | SIGN


def _is_negated(words: list[str], roles: list[Role | None], what: Role) -> bool:
    """Whether the word before such a word is a "not", known words that say nothing left aside."""
    saying = [(word, role) for word, role in zip(words, roles, strict=True) if role is not Role.KNOWN]
    return any(role is what and before in NEGATING for (before, _), (_, role) in zip(saying, saying[1:], strict=False))


def _is_death(words: list[str]) -> bool:
    """Nobody has died of a dead letter; and Dutch `tot` is "until", unless nothing or only "is" stands beside it."""
    return not any(word in CHANNELS for word in words) and ("tot" not in words or set(words) <= {"tot", "is", "ist"})


def _is_permission(words: list[str], has: set[Role | None]) -> bool:
    """Whether known words say a "yes" together: may be contacted; subscribed to the newsletter; newsletter."""
    if not REACHABLE.isdisjoint(words) or words[:1] in (["newsletter"], ["nieuwsbrief"], ["infolettre"], ["boletin"]):
        return True
    return not has.isdisjoint({Role.MAY, Role.SUBSCRIPTION}) and not has.isdisjoint({Role.CONTACT, Role.DONE})


def _on_its_channels(words: list[str]) -> Meaning | None:
    """A "no" on the channels that the name says, on all of them where it says none; None where it says only such as are not ours."""
    said = {channel for word in words for channel in CHANNELS.get(word, ())}
    if not ELECTRONIC.isdisjoint(words) and said & {"email", "post"}:
        said -= {"post"}
    elif "postal" in words or "post" in words:
        said -= {"email"} if said.isdisjoint(NUMBERS) and not {"email", "emails", "newsletter"} & set(words) else set()
    elif any(words[place : place + len(by_mail)] == list(by_mail) for by_mail in POST_BY_MAIL for place in range(len(words))):
        said -= {"email"} if not {"email", "emails", "newsletter"} & set(words) else set()
    ours = sorted(said - {"other"})
    if said and not ours:
        return None
    return Meaning(FlagReason.OPTED_OUT, tuple(ours) or ("any",))


def _words(name: str) -> list[str]:
    """The folded words of a name: camelCase, blanks and signs divide them, and so do words written as one. A dagger is a death."""
    text = _APOSTROPHE.sub("t", name[:LONGEST_NAME]).translate(_LETTERS)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    found: list[str] = []
    for piece in re.split(r"[\W\d_]+", plain):
        whole = piece.lower()
        found += [whole] if whole in ROLE else [part for word in _WORD.findall(piece) for part in _parts(word.lower())]
    return _without_choice(_joined(found))


def _without_choice(words: list[str]) -> list[str]:
    """The words without a "no" that stands beside a "yes": `Newsletter (ja/nein)` says what the cells are."""
    if SAID_YES.isdisjoint(words) or SAID_NO.isdisjoint(words):
        return words
    return [word for place, word in enumerate(words) if word not in SAID_NO or SAID_YES.isdisjoint(words[max(0, place - 2) : place + 3])]


def _joined(words: list[str]) -> list[str]:
    found: list[str] = []
    for word in words:
        if found and (found[-1], word) in JOINED:
            found[-1] = JOINED[found[-1], word]
        else:
            found.append(word)
    return found


@lru_cache(maxsize=10_000)
def _parts(word: str) -> tuple[str, ...]:
    """The word itself where it is known, else the fewest known words that it is made of, else what it is at its end, else itself."""
    if word in ROLE or len(word) > 60:
        return (word,)
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 20), end):
            before = best[start]
            if before is not None and word[start:end] in GLUED and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                best[end] = (*before, word[start:end])
    return best[-1] or next(((word.removesuffix(head), head) for head in HEAD_ENDINGS if word.endswith(head)), (word,))


def _is_known(word: str) -> bool:
    """Whether every word that this one is made of says something here."""
    return all(part in ROLE or is_thing(part) for part in _words(word))
