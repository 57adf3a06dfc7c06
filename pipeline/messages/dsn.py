"""Delivery status notifications (RFC 3464, RFC 6522, RFC 6533): the fields per recipient, as failed deliveries."""

import re
from collections.abc import Iterator

from pipeline.delivery_status import classify, enhanced_code, reply_code
from pipeline.messages.bounce_phrases import coded, said_class
from pipeline.messages.finding import Finding, FindingKind, as_iso, typed_address
from pipeline.messages.mime import Part, read_fields
from pipeline.vocabulary import BounceClass

REPORT_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
NO_FAILURE = frozenset({"delayed", "delivered", "relayed", "expanded", "deliverable"})
"""Actions that are no failure: a delay is no event (domain §2), the others say that the message went on."""

_BLOCKS = re.compile(r"\n[ \t]*\n+")
_IN_TEXT = re.compile(r"^[ \t>]*(?:Reporting-MTA|Final-Recipient|Original-Recipient)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_QUOTES = re.compile(r"^[ \t]*(?:> ?)+", re.MULTILINE)

Block = dict[str, str]


def status_blocks(root: Part, text: str) -> list[Block]:
    """The groups of fields about recipients in a message, from its delivery-status part, else from `text` where it shows them."""
    # A returned message may itself hold a report: that one is old. Only a report sent on as an attachment is read there.
    parts = [part for part in root.walk() if part.content_type in REPORT_TYPES] or [
        part for part in root.walk(into_embedded=True) if part.content_type in REPORT_TYPES
    ]
    blocks = [block for part in parts for block in _blocks(part.text)]
    if not any("final-recipient" in block or "original-recipient" in block for block in blocks):
        found = _IN_TEXT.search(text)
        if found and "final-recipient" in text.lower():
            blocks += _blocks(_QUOTES.sub("", text[found.start() :]))
    return blocks


def is_recipient(block: Block) -> bool:
    """Whether a group of fields is about a recipient (the first group is about the message)."""
    return not block.keys().isdisjoint({"final-recipient", "original-recipient", "x-actual-recipient"})


def _blocks(text: str) -> Iterator[Block]:
    current: Block = {}
    for chunk in _BLOCKS.split(text.strip("\n")):
        for name, value in read_fields(chunk.lstrip())[0].items():
            key = name.lower()
            # Some servers leave out the blank line between recipients.
            if key == "final-recipient" and key in current:
                yield current
                current = {}
            current.setdefault(key, " ".join(str(value).split()))
        if current:
            yield current
            current = {}


def recipient_of(block: Block) -> str:
    """Whom the sender wrote to: a forwarder's bounce names the original recipient beside the final one."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        if address := typed_address(block.get(name, "")):
            return address
    return ""


def is_failure(block: Block) -> bool:
    """Whether the group reports a failed delivery; without a readable Action its status code tells."""
    action = block.get("action", "").split(maxsplit=1)
    word = action[0].lower().strip(";,.()") if action else ""
    if word in NO_FAILURE:
        return False
    return word.startswith("fail") or not enhanced_code(block.get("status", "")).startswith("2")


def told_by(block: Block) -> str:
    """The field with the other server's words. Cisco's mail gateways (IronPort) write them into a field of their own."""
    return block.get("diagnostic-code", "") or block.get("x-supplementary-info", "").strip("<> ")


def says_why(block: Block) -> bool:
    """Whether the fields hold the other server's words. "X-Unix; 255" are none."""
    diagnostic = told_by(block)
    return len(diagnostic.rpartition(";")[2].strip()) > 5 or len(diagnostic) > 40


def finding_of(block: Block, about: str, words: str, occurred_at: str) -> Finding:
    """A failed delivery from its group of fields.

    `about` is what the message tells people about this recipient, `words` all that it tells where there is one recipient
    only; they are used where the fields are silent.
    """
    diagnostic = told_by(block)
    kind, separator, said = diagnostic.partition(";")
    diagnostic = said.strip() if separator and len(kind) < 20 else diagnostic
    given = block.get("status", "")
    status = enhanced_code(given.partition("(")[0]) or enhanced_code(given)
    is_told = says_why(block)
    status = _told(status, coded(diagnostic) if is_told else coded(about) or coded(words))
    text = diagnostic if is_told else about or words or diagnostic
    return Finding(
        FindingKind.BOUNCE,
        address=recipient_of(block),
        status_code=status or reply_code(diagnostic) or reply_code(about),
        diagnostic=text,
        bounce_class=said_class(text),
        occurred_at=as_iso(block.get("last-attempt-date", "")) or occurred_at,
        label=" ".join(filter(None, (block.get("action", "").lower()[:20], given[:40]))),
        is_original=bool(typed_address(block.get("original-recipient", ""))),
    )


def _told(status: str, words: str) -> str:
    """The status code of a failure from the Status field and from the code in the other server's words.

    The field is the reporting server's reading of those words: 5.1.1 over "552 5.2.2 over quota", 5.1.1 over "5.7.1 IP
    address blacklisted" and 5.0.0 over anything are common. So the words' own code stands, unless it says less, or says
    worse of the address than the field does.
    """
    if not status or not words or words.endswith(".0.0") or words[0] == "2":
        return status or words
    if status.endswith(".0.0"):
        return words if words[0] == status[0] else status
    if status.endswith(".0") and words.startswith(status[:-1]):
        return words  # the same subject, and its detail
    is_worse = classify(words, "", "")[0] is BounceClass.HARD and classify(status, "", "")[0] is not BounceClass.HARD
    return status if is_worse else words
