"""Messages of a bounce mailbox: delivery reports, complaints, automatic replies and unsubscriptions, read as findings."""

from pipeline.messages.files import is_mbox, split_messages
from pipeline.messages.finding import Finding, FindingKind, addresses_in
from pipeline.messages.reader import Reading, read_message, shortened
from pipeline.messages.requests import Request
from pipeline.messages.subscribers import MOST_RECIPIENTS

__all__ = [
    "MOST_RECIPIENTS", "Finding", "FindingKind", "Reading", "Request", "addresses_in", "is_mbox", "read_message", "shortened",
    "split_messages",
]  # fmt: skip
