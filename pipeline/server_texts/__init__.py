"""What mail servers write about a failed delivery, by meaning: one table of phrases per meaning, in the languages that servers speak.

The tables were made from public lists and documentation, not from samples: the phrase lists of Sisimai (`Sisimai::Reason`, BSD-2-Clause),
PHP-Bounce-Handler (`bounce_responses.php`), CiviCRM's bounce patterns, ZoneMTA's `config/bounces.txt`, KumoMTA's community rules, the SMTP
Field Manual (smtpfieldmanual.com), RFC 3463, 5321, 7504 and 7505, and the manuals of Postfix, Exim, Sendmail, qmail, Exchange and Domino.

A line is a language, a phrase and where it was seen, two blanks or more apart; `wording` stands for the plain wording of a language that no
source was found for. In a phrase `(a|b)` are alternatives, `?` makes what stands before it optional, `*` is one word, `~` the rest of a
word, `…` at most 80 letters of whatever, `^` the end of a word, `$` the end of the text, `(¬a|b)` stands where neither follows, and
`{name}` for what the line `{name} = …` says. A phrase begins where a word begins, and ends anywhere: `ube` would be in every German text
with "über". Phrases are written without accents; `ä`, `ö`, `ü`, `ß` match `ae` and `a` too. Matching expects text that `fold` has made.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_BORDER = r"\s<>()\[\]'\",;:\u00ab\u00bb\u2000-\uffff"
_ADDRESS = re.compile(rf"(?<![^{_BORDER}])[^{_BORDER}]+@[^{_BORDER}]+")
"""An address in a text. It begins where a word does: tried at each letter, a megabyte without a blank would take hours.

Beside Chinese or Japanese words there is no blank, and beside typographic quotes neither: what they say is not part of the address.
"""

_LINK = re.compile(r"(?<![a-z])https?://([a-z0-9.-]+)[^\s<>\"')\]]*")
_HOST = re.compile(r"(?<![a-z0-9_.-])(?!resolver\.)(?:[a-z0-9_-]+\.)+([a-z0-9-]+)\.[a-z]{2,24}(?![a-z0-9_.-])")
"""A host's name; the label before the last says whose it is: `spamhaus` in `zen.spamhaus.org`, not `spam` in `spam.firma.example`."""

_PLAIN = str.maketrans({"’": "'", "‘": "'", "`": "'", "ł": "l", "ø": "o", "æ": "ae", "ı": "i", "đ": "d"})
_UMLAUTS = {"ä": "ae?", "ö": "oe?", "ü": "ue?", "ß": "(?:ß|ss)"}
_SIGNS = {"¬": "?!", "…": ".{0,80}?", "*": r"\S+", "~": r"\w*", "(": "(?:", ")": ")", "|": "|", "?": "?", "$": "$", "^": r"\b", " ": " "}
_MACRO = re.compile(r"\{[a-z_]+\}")
_REPEATED = re.compile(r"(\{\d,\d\})")
_OPTIONAL = re.compile(r"\?|\{0,\d\}")
_SIGNS_BEFORE = " !\"#*()<>[]{}-–—_=+~:;.,|/\\'【】「」『』"
_ANYTHING = "…*~$^¬"
_COLUMNS = re.compile(r" {2,}")


def fold(text: str) -> str:
    """A text as the phrases expect it: lower case, without accents, on one line, without addresses, of a link only whose it is.

    What stands inside of an address (`spam@`, `unknown@`), of a host's name or behind a link's host (`/policy/user-unknown`) says nothing.
    """
    text = _HOST.sub(r"\1", _LINK.sub(r"\1", _ADDRESS.sub("@", text.lower())))
    if not text.isascii():
        text = without_accents(text)
    return " ".join(text.split())


def without_accents(text: str) -> str:
    """A lower-case text without accents, and with plain apostrophes."""
    parts = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


class Phrases:
    """The phrases of one meaning, in buckets by the two letters that they may begin with: a word is compared with few of them."""

    def __init__(self, written: Iterable[str]) -> None:
        self._buckets: dict[str, list[re.Pattern[str]]] = {}
        self._anywhere: list[re.Pattern[str]] = []
        for phrase in map(str.lower, written):
            pattern = re.compile(_pattern(phrase), re.ASCII)
            openings = set(_openings(phrase, 2))
            if all(opening.isascii() and opening[:1].isalnum() and len(opening) == 2 for opening in openings):
                for opening in openings:
                    self._buckets.setdefault(opening, []).append(pattern)
            else:
                self._anywhere.append(pattern)
        self._words = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(self._buckets)))})", re.ASCII)

    def search(self, folded: str) -> bool:
        """Whether one of them stands in a text that `fold` has made."""
        for word in self._words.finditer(folded):
            for pattern in self._buckets[word.group()]:
                if pattern.match(folded, word.start()):
                    return True
        return any(pattern.search(folded) for pattern in self._anywhere)

    def begins(self, folded: str) -> bool:
        """Whether a text that `fold` has made begins with one of them, but for signs before its first letter."""
        text = folded.lstrip(_SIGNS_BEFORE)
        return any(pattern.match(text) for pattern in [*self._buckets.get(text[:2], ()), *self._anywhere])


@cache
def phrases(meaning: str) -> Phrases:
    """The phrases of a meaning: the table `<meaning>.txt` beside this module."""
    macros: dict[str, str] = {}
    written: list[str] = []
    for line in (Path(__file__).parent / f"{meaning}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("{") and " = " in line[:30]:
            name, _, phrase = line.partition(" = ")
            macros[name] = phrase
        elif line and not line.startswith("#"):
            written.append(_MACRO.sub(lambda found: macros[found.group()], _COLUMNS.split(line)[1]))
    return Phrases(written)


def _openings(phrase: str, letters: int) -> Iterator[str]:
    """Every way in which a phrase can begin, so many letters long; shorter where a sign for anything stands there."""
    if not phrase or not letters or phrase[0] in _ANYTHING:
        yield ""
        return
    end = _end_of_group(phrase) if phrase[0] == "(" else 1
    part, rest = phrase[:end], phrase[end:]
    if repeated := _OPTIONAL.match(rest):
        rest = rest[repeated.end() :]
        yield from _openings(rest, letters)
    if part[0] == "(":
        for choice in _choices(part[1:-1]):
            yield from _openings(choice + rest, letters)
    else:
        for tail in _openings(rest, letters - 1):
            yield without_accents(part) + tail
        if part in _UMLAUTS:
            yield f"{without_accents(part)}e"[:letters]


def _end_of_group(phrase: str) -> int:
    depth = 0
    for place, letter in enumerate(phrase):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            return place + 1
    raise ValueError(f"unbalanced parenthesis in the phrase {phrase!r}")


def _choices(group: str) -> list[str]:
    """The alternatives of a group, without its parentheses."""
    found, depth = [""], 0
    for letter in group:
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found


def _pattern(phrase: str) -> str:
    written = "".join(part if number % 2 else "".join(map(_letter, part)) for number, part in enumerate(_REPEATED.split(phrase.lower())))
    return written.replace("(?:?!", "(?!")


def _letter(letter: str) -> str:
    return _SIGNS.get(letter) or _UMLAUTS.get(letter) or re.escape(without_accents(letter))
