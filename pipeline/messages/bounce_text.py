"""Bounces that follow no standard: whom and what a text says failed (qmail, exim, postfix, sendmail, Exchange, Domino and their kin).

No list of vendors: nearly all of them write the failed address alone on a line, before a colon, in an SMTP dialogue or
behind a label, and the reason next to it. Lines of such shapes are stronger evidence than an address in running text.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from pipeline.delivery_status import reply_code
from pipeline.messages.bounce_phrases import ANSWER, FAILURE, coded, is_only_delay, said_class, speaks_of_failure
from pipeline.messages.finding import ADDRESS, Finding, FindingKind, addresses_in, header_addresses, receivers_of, verp_address
from pipeline.messages.mime import TEXT_LIMIT, Part

_LINE_LIMIT = 2000

_ORIGINAL = re.compile(
    r"^[\s>|]*(-{2,}|={3,}|_{3,}|\*{3,}|#{3,})?[\s>|]*(this is a copy of |below (this line )?is |begin(ning)? of |start of |"
    r"attached is )?(a copy of )?"
    r"(the |your |following )*(original|unsent|returned|undelivered|unzustellbare|urspr(ü|ue)ngliche|message d'origine|oorspronkelijke?)"
    r" ?(message|mail|e-?mail|text|nachricht|bericht|header)?\b.{0,40}(follow|below|copy|-{2,}|={3,}|_{3,}|:\s*$|attached|header)|"
    r"^[\s>|]*(-{2,}|={3,}|_{3,}) ?((a |the )?copy of|this is (a|the) copy|below this line|the (header|text|body|message)|(message|"
    r"mail) (header|text|body|content)|"
    r"included is|(original|returned|unsent|undelivered) (message|mail)|urspr|message d'origine|forwarded|transcript of message|"
    r"headers? (of|follow)).*|"
    r"^[\s>|]*(message headers?|(the )?(text|header|headers|body|content|first \d+ (lines|bytes)) of (the |your )?(original |"
    r"returned )?(message|mail|e-?mail))"
    r".{0,30}(follow|:)|^[\s>|]*original message (follows|headers?)|^(received|x-received|return-path|message-id|dkim-signature|"
    r"mime-version|x-originating-ip):",
    re.IGNORECASE,
)
_MAY_BE_ORIGINAL = re.compile(r"[\s>|]*[-=_*#]{2}|(?=.*(?:message|mail|text|nachricht|bericht|header))|[a-z-]{7,16}:", re.IGNORECASE)
_ALONE = re.compile(
    rf"^[\s*>|·•-]*(?:\d+[.)] )?[<(\[\"']?{ADDRESS.pattern}[>)\]\"']?[\s:.;,*]*"
    r"(?:\((?:expanded|generated|reason|ultimately|was|originally|failed)[^)]*\)?:?)?\s*$"
)
_BEFORE_REASON = re.compile(
    rf"^[\s*>|-]*(?:c=[^@]{{0,200}}smtp=)?[<(\[\"']?{ADDRESS.pattern}[>)\]\"']?\s*"
    r"(?:\([^)]*\))?\s*(?::|\.\.\.|- |;|,|\s{2,}|\t| on \d| on [a-z]{3},)",
    re.IGNORECASE,
)
_COLON = re.compile(rf"^\s*<{ADDRESS.pattern}>:")
_DIALOGUE = re.compile(
    r"rcpt to\s*:?\s*[<(]|^\s*<<<|remote server returned '|\b[45]\d\d[ -](?:#?\(?[45]\.\d\.\d+\)?[ -:]*)?[<(\[]", re.IGNORECASE
)
_LABEL = re.compile(
    r"^[\s*>|-]*(?:(?:failed|final|original|intended|your message) )?(?:recipients?|to|rcpt|rcpt to|recipient address|"
    r"e-?mail(?: address)?|address|user|mailbox|"
    r"empf(?:ä|ae)nger|an|adresse|destinataire|pour|[àa]|ontvanger|aan|sent to|delivered to|mail to|addressed to|undeliverable to)"
    r"(?:\(s\)|s)?(?: name| address)?\s*:\s*",
    re.IGNORECASE,
)
_NAMES_FOLLOW = re.compile(r"to the following recipients? could not be delivered", re.IGNORECASE)
_NAME = re.compile(r"^\s*[A-Za-z0-9._-]{3,64}\s*$")
_NOT_DELIVERED = re.compile(
    r"(unable to|could ?n[o']t|can ?not|can't|failed to|not) (be )?(deliver|sent|send|reach)\w*( (it|your|this|the|a|mail|e-?mail|"
    r"message|following)){0,3} (to|for)\b|"
    r"deliver\w* (to|for)\b.{0,100}\bfail|(quota|mailbox full|full|storage).{0,40} (for|of)\b|returned from|undeliverable (to|mail)"
)
_INTRO = re.compile(
    r"(following|these|this|below|recipient|address|delivered to|deliver(ed)? (it|your (mail|message)) to|folgende|suivant|"
    r"volgende|an folgende|addressee|users?)[^.]{0,120}[:.]?\s*$",
    re.IGNORECASE,
)
_TO_FIELD = re.compile(r"^\s*(to|an|[àa]|aan|para|cc)\s*:", re.IGNORECASE)
_OTHER_FIELD = re.compile(r"^\s*(subject|betreff|objet|onderwerp|asunto|oggetto|sent|gesendet|date|datum|from|von|cc)\s*:", re.IGNORECASE)
_OWN_FIELDS = ("from", "sender", "reply-to", "return-path", "to", "delivered-to", "x-loop")
_SECTION = re.compile(r"^\s*-{3,} ?.* ?-{3,}\s*$")
_ASIDE = re.compile(
    r"(mail from|from|sender|message-id|msgid|\bid)\s*[:=]?\s*<?$|"
    r"\b(hello|hi|dear|hallo|bonjour|hola|ciao)\s*<?$|"
    r"\b(contact|write to|assistance|help|questions?|instead|new (e-?mail )?address|neue adresse|wenden sie sich|kontakt|contactez|"
    r"nouvelle adresse|schreiben sie|verwenden sie|please use|[eé]crivez|utilisez|escriba|schrijf naar|scriva a)\b[^@]{0,60}$",
    re.IGNORECASE,
)
"""What stands before an address that did not fail: the sender's, or one to write to instead."""

_SERVANT = re.compile(
    r"^(postmaster|mailer-?daemon|mail-?daemon|abuse|support|helpdesk|hostmaster|webmaster|no-?reply|root)@", re.IGNORECASE
)


@dataclass(frozen=True)
class _Mention:
    """An address in a text: where, and how strongly the line's shape says that it is the one that failed (0 strongest)."""

    line: int
    address: str
    rank: int


def report_lines(text: str) -> tuple[list[str], list[str]]:
    """The lines that a server wrote, and those of the message that it returns behind them."""
    text = text[:TEXT_LIMIT]
    lines = [line.rstrip()[:_LINE_LIMIT] for line in text.split("\n")]
    is_told = False
    for number, line in enumerate(lines):
        # A report may begin with its own title in dashes: nothing is returned before anything was told.
        if is_told and _MAY_BE_ORIGINAL.match(line) and _ORIGINAL.search(line):
            return lines[:number], lines[number:]
        is_told = is_told or "@" in line or bool(FAILURE.search(line.lower()))
    return lines, []


def read_text(root: Part, lines: list[str], original: Part | None, occurred_at: str) -> list[Finding]:
    """The failed deliveries that a text tells; empty where it tells none, or names nobody."""
    words = "\n".join(lines)
    if is_only_delay(f"{root.header('subject')}\n{words}"):
        return []
    own = {address.lower() for address in header_addresses(root, *_OWN_FIELDS)}
    mentions = _mentions(lines)
    foreign = [mention for mention in mentions if mention.address.lower() not in own]
    clear = [mention for mention in mentions if mention.rank <= 1]
    chosen = (
        _named_by_header(root, mentions)
        or _choose(foreign, original)
        or _choose(clear, original)
        or _screen_names(root, lines)
        or _only_receiver(root, original, words)
    )
    starts = sorted({line for _, line in chosen if line is not None})
    return [
        _finding(address, _reason_for(lines, line, starts) if line is not None else words, words, occurred_at, len(chosen) == 1)
        for address, line in _distinct(chosen)
    ]


def _named_by_header(root: Part, mentions: list[_Mention]) -> list[tuple[str, int | None]]:
    """The failed recipients by the field that exim and Gmail add; the text wins where it plainly names others."""
    failed = [address for value in root.all_headers("x-failed-recipients") for address in addresses_in(value, is_field=True)]
    lines = {mention.address.lower(): mention.line for mention in reversed(mentions)}
    if not any(address.lower() in lines for address in failed) and any(mention.rank == 0 for mention in mentions):
        return []
    return [(address, lines.get(address.lower())) for address in failed]


def reason_about(lines: list[str], address: str, others: list[str]) -> str:
    """What a report's text says about one of its recipients, on one line; the empty text where it does not name the recipient."""
    starts = [number for number, line in enumerate(lines) if "@" in line and any(one and one in line.lower() for one in others)]
    own = [number for number in starts if address in lines[number].lower()]
    if not own:
        return ""
    told = (" ".join(_reason_for(lines, number, [start for start in starts if start not in own]).split()) for number in own)
    return next((text for text in told if coded(text) or said_class(_without_addresses(text)) != "undetermined"), "")


def _distinct(chosen: list[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    first: dict[str, tuple[str, int | None]] = {}
    for address, line in chosen:
        first.setdefault(address.lower(), (address, line))
    return list(first.values())


def _mentions(lines: list[str]) -> list[_Mention]:
    mentions: list[_Mention] = []
    is_delay_section = False
    for number, line in enumerate(lines):
        if _SECTION.match(line):
            is_delay_section = "transient" in line.lower() or "delay" in line.lower()
        if "@" not in line or is_delay_section:
            continue
        rank = _rank(lines, number)
        for address in addresses_in(_before_answer(line)) if rank == 0 else addresses_in(line):
            if not (_SERVANT.match(address) and rank > 0 or _ASIDE.search(line[: line.find(address)])):
                mentions.append(_Mention(number, address, rank))
    return mentions


def _rank(lines: list[str], number: int) -> int:
    line = lines[number]
    if _is_continued(lines, number):
        return 4
    if line.lstrip().startswith(">>>"):
        return 2  # what the reporting server said itself, of recipients that were taken too
    if _TO_FIELD.match(line) and any(_OTHER_FIELD.match(one) for one in lines[number + 1 : number + 4]):
        return 5  # the header of the returned message, shown as text
    around = " ".join(lines[max(0, number - 4) : number + 5]).lower()
    if _ALONE.match(line) or _BEFORE_REASON.match(line) or _LABEL.match(line):
        before = next((one for one in reversed(lines[:number]) if one.strip() and "@" not in one), "")
        return 0 if _COLON.match(line) or speaks_of_failure(around) or _INTRO.search(before) else 2
    if _DIALOGUE.search(line) or said_class(_without_addresses(line)) == "hard" or _NOT_DELIVERED.search(line.lower()):
        return 1
    return 2 if speaks_of_failure(line) else 3 if speaks_of_failure(around) else 4


def _before_answer(line: str) -> str:
    """A line that begins with the failed address, without the other server's answer, which may name it otherwise."""
    answer = ANSWER.search(line)
    return line[: answer.start()] if answer and "@" in line[: answer.start()] else line


def _is_continued(lines: list[str], number: int) -> bool:
    """Whether the line goes on with what a server said about an address that stands before a colon, and at the margin, above it."""
    if not lines[number][:1].isspace():
        return False
    for line in reversed(lines[max(0, number - 6) : number]):
        if not line[:1].isspace():
            return bool(_COLON.match(line))
    return False


def _choose(mentions: list[_Mention], original: Part | None) -> list[tuple[str, int | None]]:
    """The mentions of the strongest shape; in running text only a single address, or those that the returned message went to."""
    if not mentions:
        return []
    best = min(mention.rank for mention in mentions)
    strongest = [mention for mention in mentions if mention.rank == best]
    if best >= 2:
        receivers = {address.lower() for address in header_addresses(original, "to", "cc", "envelope-to")} if original else set()
        known = [mention for mention in mentions if mention.address.lower() in receivers]
        names = {mention.address.lower() for mention in strongest}
        if known:
            strongest = known
        elif len(names) > 1:
            return []
    return [(mention.address, mention.line) for mention in strongest]


def _screen_names(root: Part, lines: list[str]) -> list[tuple[str, int | None]]:
    """Recipients whom their own provider names without its domain, one a line (AOL: "because they are not accepting mail from …")."""
    domains = [address.rpartition("@")[2] for address in header_addresses(root, "from") if _SERVANT.match(address)]
    start = next((number for number, line in enumerate(lines) if _NAMES_FOLLOW.search(line)), None)
    if start is None or not domains:
        return []
    named = takewhile(
        lambda row: _NAME.match(row[1]), ((number, line) for number, line in enumerate(lines) if number > start and line.strip())
    )
    return [(f"{line.strip()}@{domains[0]}", number) for number, line in named]


def _only_receiver(root: Part, original: Part | None, words: str) -> list[tuple[str, int | None]]:
    """Where a text names nobody: whom the bounce address carries, or the one receiver of the returned message."""
    if not speaks_of_failure(words):
        return []
    for receiver in header_addresses(root, "to", "delivered-to", "x-original-to"):
        if address := verp_address(receiver):
            return [(address, None)]
    receivers = receivers_of(original) if original else []
    return [(receivers[0], None)] if len(receivers) == 1 else []


def _reason_for(lines: list[str], line: int, starts: list[int]) -> str:
    """The words about the address on a line: up to the next failed address, at most a screenful."""
    after = next((start for start in starts if start > line), len(lines))
    return "\n".join(lines[line : min(after, line + 15)])


def _finding(address: str, reason: str, words: str, occurred_at: str, is_only_one: bool) -> Finding:
    """A failed delivery; where the lines about one address say nothing, the whole text counts."""
    status = _code(reason)
    said = said_class(_without_addresses(reason))
    if said == "undetermined" and not status:
        status = _code(words)
        said = said_class(_without_addresses(words))
    elif is_only_one and not status:
        status = _code(words)
    if is_only_one and said == "undetermined":
        said = said_class(_without_addresses(words))
    return Finding(
        FindingKind.BOUNCE,
        address=address,
        status_code=status,
        diagnostic=" ".join(reason.split()),
        bounce_class=said,
        occurred_at=occurred_at,
        label="text",
    )


def _code(text: str) -> str:
    """A status code in a server's words, else its reply code."""
    return coded(text) or reply_code(text)


def _without_addresses(text: str) -> str:
    """The text without what stands inside addresses: `spam@` and `unknown@` say nothing."""
    return ADDRESS.sub("a@b", text)
