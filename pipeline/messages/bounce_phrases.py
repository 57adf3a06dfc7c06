"""The words of servers and postmasters, as patterns over lower-case text: what failed, for good or for now.

`hard` is said only where the text plainly says that the recipient is not there (domain §5 lets a status code overrule it).
"""

import re

from pipeline.delivery_status import LOOKED_AT, Said, enhanced_code, reply_code, said_in
from pipeline.server_texts import fold, phrases
from pipeline.vocabulary import BounceClass

_TEMPORARY = re.compile(
    r"temporar|try again|try later|tried for|retry|timed? ?out|time-out|connection (refused|reset|lost|dropped|closed|failed)|"
    r"too (long|many)|"
    r"(could not|couldn't|unable to|cannot|can't) (connect|establish|contact|reach)|network (is )?unreachable|no route to host|"
    r"message (has been )?expired|expired|too large|size limit|size exceed|exceeds? (the )?(maximum|size|limit)|loop|too many hops|"
    r"hop count|"
    r"greylist|graylist|deferred|delivery time|not accepting|load|busy|service unavailable|system (error|not|resources)|insufficient system"
)
_CLASSES = {Said.BLOCK: BounceClass.BLOCK, Said.FULL: BounceClass.SOFT, Said.GONE: BounceClass.HARD}

DELAY = re.compile(
    r"warning message only|(you )?do(n't| not) need to resend|still (be )?(trying|attempting|in the queue|queued)|will (continue|"
    r"keep|be) (to |on )?(try|retr|attempt)|"
    r"will (try|retry|be retried|be attempted|attempt|re-?attempt|re-?try)|(has|have) (been|not yet been) (delayed|delivered)|"
    r"delivery (is |has been |was )?(delayed|delay\b)|"
    r"could not (send|deliver) (your )?(message|mail) (for|in|within|after) (the )?(past|last)|not (yet )?been delivered (yet|after)|"
    r"no action is required|transient non-fatal|"
    r"(message|mail|delivery) (to [^ ]+ )?(is |was |has been )?(delayed|deferred)|delivery attempts will|"
    r"attempts? (to deliver )?will (continue|be)"
)
_NOT_YET = re.compile(
    r"(will|to) give up\b[^.\n]*|(if|when|falls|wenn) (the delivery|that|die zustellung)[^.\n]*|"
    r"could not be delivered for more than[^.]{0,40}(?=\.\s+(it|the message) will be retried)"
)
"""A warning's words about a failure that has not happened yet. They are cut up to the end of the sentence or the line."""
PERMANENT = re.compile(
    r"permanent(ly)? (fatal |failure|error)|fail(ed|ure) (permanently|permanent)|fatal error|giv(e|en|ing) up|gave up|g(ive|ave|"
    r"iven) up|i've given up|"
    r"(has|have) failed|delivery failed|undeliverable|unable to deliver|could(n't| not) be delivered|was not delivered|(has|"
    r"have) been returned|"
    r"final (warning|notice)|no further (attempts|delivery)|too long|\b5\.[0-7]\.\d{1,3}\b|\b55\d\b|message (has )?expired|"
    r"time limit exceeded|unzustellbar|endg(ü|ue)ltig|d[eé]finitive"
)
FAILURE = re.compile(
    r"undeliver|un-deliver|not deliver|n't deliver|not be (delivered|sent|reached)|n't be (delivered|sent|reached)|"
    r"cannot be (delivered|sent)|"
    r"fail|return(ed|ing)|reject|refus|bounce|unable|could ?n[o']t|cannot|can't|error|unknown|did not reach|didn't reach|not exist|"
    r"no such|invalid|"
    r"unzustellbar|zur(ü|ue)ck|nicht (zugestellt|ausgeliefert|zustellbar|erreicht)|konnte nicht|fehler|fehlgeschlagen|"
    r"n.a pas pu|[eé]chec|non remis|impossible|erreur|niet (worden )?(afgeleverd|bezorgd|verzonden)|onbestelbaar|mislukt|"
    r"no (se )?(pudo|ha podido|entreg)|devuelto|non (è|e') stato|impossibile|n[aã]o (foi )?(poss[ií]vel|entreg)|nie (mo[zż]na|"
    r"zosta[lł]a) dor|"
    r"エラー|できません|存在しない|不明|"
    r"无法|失败|退回|不存在|無法|problem|not known|not a valid|denied|blocked|inactive|no longer|not accept|"
    r"\bfull\b|exceed|quota|disabled|timed out|expired|gave up|given up|giving up|\b[45]\d\d[ -]"
)

ANSWER = re.compile(r"(?<![\w.-])[45][0-5]\d[ -]")
"""A reply code of a failure with what a server says behind it."""

_CODED = re.compile(r"\b([45])\d\d[ -]*[#'\"(<\[]*(?:rfc)? ?([45]\.[0-7]\.\d{1,3})\b|#([45]\.[0-7]\.\d{1,3})\b", re.IGNORECASE)


def plainly_failed(text: str) -> bool:
    """Whether a text says that a message could not be delivered, in words that can mean nothing else. Quoted lines do not count.

    It has to speak of messages at all: parcels cannot be delivered either.
    """
    own = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))
    folded = fold(own[:LOOKED_AT])
    return phrases("undelivered").search(folded) and phrases("message").search(folded)


def coded(text: str) -> str:
    """The enhanced status code in a server's words: one behind a reply code before any other."""
    pairs = [found.groups() for found in _CODED.finditer(text)]
    # "554 4.4.7 expired <421 4.4.2 timed out>": no server answers 554 with a 4; what it did answer agrees with itself.
    told = [alone or after for reply, after, alone in pairs if alone or reply == after[0]]
    # "#5.0.0 smtp; 550 5.4.1 …": a gateway's own code says nothing beside the other server's.
    detailed = [code for code in told if not code.endswith(".0.0")]
    if told:
        return (detailed or told)[0]
    return pairs[0][1] if pairs else enhanced_code(text)


def said_class(text: str) -> str:
    """The class that a text's own words tell: hard only where they plainly say that nobody is there."""
    if said := said_in(text):
        return _CLASSES[said]
    return BounceClass.SOFT if _TEMPORARY.search(text.lower()) else BounceClass.UNDETERMINED


def is_only_delay(text: str) -> bool:
    """Whether a text says that delivery goes on, and nowhere that it failed or that nobody is there; beside a 4xx that may pass."""
    words = _NOT_YET.sub(" ", text.lower())
    if PERMANENT.search(words) or said_in(words) is Said.GONE and not reply_code(words).startswith("4"):
        return False
    return bool(DELAY.search(words)) or phrases("delay").search(fold(words[:LOOKED_AT]))


def speaks_of_failure(text: str) -> bool:
    """Whether a text speaks of a failure at all, in whatever language."""
    return bool(FAILURE.search(text.lower())) or phrases("undelivered").search(fold(text[:LOOKED_AT]))
