"""Abuse feedback reports (RFC 5965): who complained, as complaints or opt-outs."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from pipeline.messages.finding import (
    Finding,
    FindingKind,
    addresses_in,
    as_iso,
    header_addresses,
    receivers_of,
    typed_address,
    verp_address,
)
from pipeline.messages.mime import Part, read_fields
from pipeline.messages.replies import asked_for_by

REPORT_TYPE = "message/feedback-report"
NO_COMPLAINT = frozenset({"not-spam", "auth-failure", "dkim", "dmarc", "miscategorized"})
"""Feedback types that speak for the message or about its technique, not against it."""

OPT_OUTS = frozenset({"opt-out", "opt-out-list"})
"""Feedback types of the drafts before RFC 5965, still sent: the owner unsubscribed at the mailbox provider."""

FAULT_REDACTED = "recipient_redacted"

_REDACTED = re.compile(r"redact|removed|hidden|undisclosed|^x{3,}@|^\*+@|^anonymi|^[0-9a-f]{32,64}@", re.IGNORECASE)
_COMPLAINT = re.compile(r"(spam |abuse )?complaint about (message|mail|e-?mail)|(e-?mail )?abuse report|spam report", re.IGNORECASE)
_LINK = re.compile(r"<([^<>]+)>")
_NOTED = ("x-hmxmroriginalrecipient", "x-original-recipient", "x-original-rcpt-to", "x-recipient")
"""Fields in which providers note whom we wrote to."""

_DELIVERED = ("x-delivered-to", "x-rcpt-to", "x-original-to", "x-envelope-to", "envelope-to", "delivered-to")
"""Fields in which every server on the way notes whom it handed the message to: behind a forwarder that is somebody else."""


def report_part(root: Part) -> Part | None:
    """The feedback report inside a message, if it is one."""
    return next((part for part in root.walk() if part.content_type == REPORT_TYPE), None)


def read_feedback(root: Part, report: Part, original: Part | None) -> list[Finding]:
    """The complaints or opt-outs in a report; empty where it says something else, one with a fault where it names nobody."""
    fields, _ = read_fields("\n".join(line for line in report.text.split("\n") if line.strip()))
    feedback = str(fields.get("feedback-type") or "").strip().lower()
    if feedback in NO_COMPLAINT:
        return []
    kind = FindingKind.OPT_OUT if feedback in OPT_OUTS else FindingKind.COMPLAINT
    occurred_at = as_iso(root.header("date")) or as_iso(str(fields.get("arrival-date") or fields.get("received-date") or ""))
    named = [str(value) for name in ("original-rcpt-to", "removal-recipient") for value in fields.get_all(name) or ()]
    sent_as = [
        verp_address(address) for value in fields.get_all("original-mail-from") or () for address in addresses_in(str(value), is_field=True)
    ]
    found = _unredacted(map(typed_address, named)) or _unredacted(sent_as) or _unredacted(recipients_of_original(original))
    if not found:
        return [Finding(kind, occurred_at=occurred_at, label=feedback[:40], fault=FAULT_REDACTED)]
    return [Finding(kind, address=address, occurred_at=occurred_at, label=feedback[:40]) for address in found]


def _unredacted(addresses: Iterable[str]) -> list[str]:
    return [address for address in dict.fromkeys(addresses) if address and not _REDACTED.search(address)]


def recipients_of_original(original: Part | None) -> list[str]:
    """Whom the reported message was sent to: by its bounce address, what the provider noted, its To, the address to unsubscribe at.

    Whom servers on the way handed it to tells only where the `To` is redacted or missing.
    """
    if original is None:
        return []
    for sender in header_addresses(original, "return-path", "x-envelope-from", "errors-to"):
        if address := verp_address(sender):
            return [address]
    if noted := _first_noted(original, _NOTED):
        return noted
    receivers = receivers_of(original)
    shown = _unredacted(receivers)
    if len(receivers) == len(shown) == 1:
        return shown
    carried = _unredacted(address for address in _carried_to_unsubscribe(original) if not _is_senders(address, original))
    if len(carried) == 1:
        return carried
    return [] if shown and len(shown) == len(receivers) else _first_noted(original, _DELIVERED)


def _first_noted(original: Part, names: tuple[str, ...]) -> list[str]:
    noted = (_unredacted(header_addresses(original, name)) for name in names)
    return next((addresses[:1] for addresses in noted if addresses), [])


def _is_senders(address: str, original: Part) -> bool:
    """Whether an address is at the house of whoever sent the message: a link to unsubscribe names the list, too."""
    domain = address.lower().rpartition("@")[2]
    own = {sender.lower().rpartition("@")[2] for sender in header_addresses(original, "from", "sender", "reply-to")}
    return any(f".{domain}".endswith(f".{one}") or f".{one}".endswith(f".{domain}") for one in own)


def _carried_to_unsubscribe(original: Part) -> Iterator[str]:
    """Whom the addresses to unsubscribe at carry: `mailto:leave+anna=example.org@…`, `https://…?email=anna%40example.org`."""
    for link in _LINK.findall(original.header("list-unsubscribe")):
        before, _, asked = link.partition("?")
        for parameter in asked.split("&"):  # a plus sign is part of the address: no form was filled in
            yield from addresses_in(unquote(parameter.partition("=")[2]), is_field=True)
        if before[:7].lower() == "mailto:":
            yield from (verp_address(ours) or asked_for_by(ours) for ours in addresses_in(before[7:], is_field=True))
        else:
            yield from (address for part in before.split("/") for address in addresses_in(unquote(part), is_field=True))


def is_plain_complaint(root: Part, original: Part | None) -> bool:
    """Whether a provider's complaint came without the standard's report part: a field of Microsoft's junk reports, or the subject."""
    if original is None:
        return False
    return bool(original.header("x-hmxmroriginalrecipient") or _COMPLAINT.match(root.header("subject")[:200]))
