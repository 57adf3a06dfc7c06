"""What the feeds of text messages have in common: what an inbound message says.

A message that is a keyword is understood, in whatever case and punctuation, and with nothing beside it but what asks politely or
says of what (`Please stop`, `STOP SMS`). `YES` is no START: it may answer any question. A START counts as written, and only with a
time. What is no keyword goes to people (`review_message`): it may mean "no".
"""

from pipeline.feeds._vendor import IGNORED, Meaning, opt_in, opt_out, review
from pipeline.messages.keywords import MAY_MEAN_ELSE, STOP
from pipeline.vocabulary import Via

_POLITE = "please|pls|plz|kindly|bitte|svp|stp|merci|thanks|thank you|danke|graag|prego|per ?favore|grazie|por ?favor|gracias"
_ABOUT = (
    "now|me|all|it|sms|texts?|texting|messages?|msgs?|promotions?|promos?|marketing|offers?|alerts?|updates?|newsletters?|jetzt|sofort|"
    "alles|mich|nachrichten|werbung"
)
START = ("start", "unstop")
HELP = ("help", "info")


def word_of(body: str) -> str:
    """SQL for a message in letters and digits only: `S.T.O.P!` is a STOP."""
    return rf"regexp_replace(lower(nfc_normalize({body})), '[^\p{{L}}\p{{N}}]+', '', 'g')"


def keyword_of(body: str) -> str:
    """SQL for the keyword that a message is, without what may stand beside it; the whole message where it is none."""
    word = word_of(body)
    words = rf"trim(regexp_replace(lower(nfc_normalize({body})), '[^\p{{L}}\p{{N}}]+', ' ', 'g'))"
    asked = f"replace(regexp_replace({words}, '^(({_POLITE}) )+|( ({_POLITE}))+$', '', 'g'), ' ', '')"
    bare = f"replace(regexp_replace({words}, '^(({_POLITE}) )+|( ({_POLITE}|{_ABOUT}))+$', '', 'g'), ' ', '')"
    plain = tuple(one for one in STOP if one not in MAY_MEAN_ELSE)
    return f"CASE WHEN {word} IN {STOP} THEN {word} WHEN {asked} IN {STOP} THEN {asked} WHEN {bare} IN {plain} THEN {bare} ELSE {word} END"


def start_of(body: str, may_start: str) -> str:
    """SQL for the word of a message that is a START, as far as it can count; NULL for any other. Space, quotes and full stops around it
    do not matter: what permits something must not be put together."""
    around = r"[\s\p{Pi}\p{Pf}\p{Ps}\p{Pe}.!\x22'']+"
    written = f"regexp_replace(lower({body}), '^{around}|{around}$', '', 'g')"
    return f"CASE WHEN {written} IN {START} THEN CASE WHEN {may_start} THEN 'start' ELSE 'start/incomplete' END END"


WORD = keyword_of("body")
CODES: dict[str, Meaning] = {
    "empty": IGNORED,
    "start": opt_in(Via.KEYWORD),
    "start/incomplete": review(),
    **{f"keyword/{word}": opt_out(Via.KEYWORD) for word in STOP},
    **{f"keyword/{word}": IGNORED for word in HELP},
    "text": review(),
}
"""What the word of a message means."""


def said(may_start: str) -> str:
    """SQL for the word of the message in the field `body`. `may_start`: SQL for whether a START can count: with a time, and on a
    channel of ours."""
    return f"""CASE
    WHEN code_of('keyword/' || {WORD}) IS NOT NULL THEN 'keyword/' || {WORD}
    WHEN {start_of("body", may_start)} IS NOT NULL THEN {start_of("body", may_start)}
    WHEN trim(body) = '' THEN 'empty'
    ELSE 'text' END"""


def international(field: str) -> str:
    """SQL for a number that comes with its country's code and without the plus; a short code is left as it is."""
    return rf"CASE WHEN regexp_full_match(trim({field}), '[1-9]\d{{7,14}}') THEN '+' || trim({field}) ELSE {field} END"


def ours(field: str) -> str:
    """SQL for a number of ours as the feed's `map:` has it, with or without its plus."""
    return f"CASE WHEN mapped_scope({field}) IS NULL THEN {international(field)} ELSE {field} END"
