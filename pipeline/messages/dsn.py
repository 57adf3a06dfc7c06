"""Delivery status notifications (RFC 3464, RFC 6522, RFC 6533): the fields per recipient, as failed deliveries."""

import re
from collections.abc import Iterator
from email.parser import HeaderParser

from pipeline.delivery_status import enhanced_code, reply_code
from pipeline.messages.bounce_phrases import said_class
from pipeline.messages.finding import Finding, FindingKind, as_iso, typed_address
from pipeline.messages.mime import Part

REPORT_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
NO_FAILURE = frozenset({"delayed", "delivered", "relayed", "expanded", "deliverable"})
"""Actions that are no failure: a delay is no event (domain §2), the others say that the message went on."""

_PARSER = HeaderParser()
_BLOCKS = re.compile(r"\n[ \t]*\n+")
_IN_TEXT = re.compile(r"^[ \t>]*(?:Reporting-MTA|Final-Recipient|Original-Recipient)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_BLOCK_LIMIT = 1000

Block = dict[str, str]


def status_blocks(root: Part, text: str) -> list[Block]:
    """The groups of fields about recipients in a message, from its delivery-status part, else from `text` where it shows them."""
    parts = [part for part in root.walk() if part.content_type in REPORT_TYPES]
    blocks = [block for part in parts for block in _blocks(part.text)]
    if not any("final-recipient" in block or "original-recipient" in block for block in blocks):
        found = _IN_TEXT.search(text)
        if found and "final-recipient" in text.lower():
            blocks += _blocks(text[found.start() :])
    return blocks


def is_recipient(block: Block) -> bool:
    """Whether a group of fields is about a recipient (the first group is about the message)."""
    return not block.keys().isdisjoint({"final-recipient", "original-recipient", "x-actual-recipient"})


def _blocks(text: str) -> Iterator[Block]:
    current: Block = {}
    for chunk in _BLOCKS.split(text.strip("\n"))[:_BLOCK_LIMIT]:
        lines = [line[1:].lstrip() if line.startswith(">") else line for line in chunk.split("\n")]
        lines[0] = lines[0].lstrip()
        for name, value in _PARSER.parsestr("\n".join(lines) + "\n\n").items():
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


def finding_of(block: Block, words: str, occurred_at: str) -> Finding:
    """A failed delivery from its group of fields; `words` is what the message says to people, used where the fields are silent."""
    diagnostic = block.get("diagnostic-code", "")
    kind, separator, said = diagnostic.partition(";")
    diagnostic = said.strip() if separator and len(kind) < 20 else diagnostic
    status = enhanced_code(block.get("status", "").partition("(")[0]) or enhanced_code(block.get("status", ""))
    finer = enhanced_code(diagnostic) or ("" if diagnostic else enhanced_code(words))
    # x.0.0 says no more than "permanent" or "temporary"; the server's own words may say it finer.
    if finer and (not status or (status.endswith(".0.0") and finer[0] == status[0])):
        status = finer
    return Finding(
        FindingKind.BOUNCE,
        address=recipient_of(block),
        status_code=status or reply_code(diagnostic),
        diagnostic=diagnostic or words,
        bounce_class=said_class(diagnostic or words),
        occurred_at=as_iso(block.get("last-attempt-date", "")) or occurred_at,
        label=" ".join(filter(None, (block.get("action", "").lower()[:20], block.get("status", "")[:40]))),
    )
