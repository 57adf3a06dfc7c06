"""Whose bounce it is: the subscriber is whom we wrote to, not whom a server in between names (domain §5 "Whose bounce").

A forwarder's report names the target of the forwarding. Whom we wrote to is told, in this order, by the bounce address that the report
came back to (VERP), by `Original-Recipient` (RFC 3461), by the receiver of the returned message, and only then by `Final-Recipient`.
"""

from dataclasses import replace

from pipeline.messages.finding import Finding, FindingKind, header_addresses, receivers_of, verp_address
from pipeline.messages.mime import Part

CAME_BACK_TO = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to", "resent-to", "cc")
"""Fields of a report with the address that it came back to."""

SENT_AS = ("return-path", "x-envelope-from", "x-envelope-sender", "errors-to", "sender")
"""Fields of a returned message with its envelope sender."""

MOST_RECIPIENTS = 20
"""Nobody's server reports more at once: one crafted mail must not quarantine four hundred people, and says nothing of anybody."""

_OF_MANY = ("list-unsubscribe", "list-unsubscribe-post", "x-presend-campaign", "x-campaign-id", "x-campaign", "feedback-id")
_SENDERS = ("from", "sender", "reply-to", "return-path", "errors-to")
_OWN = (*CAME_BACK_TO, "x-loop")


def carried_by(root: Part, original: Part | None) -> str:
    """Whom the bounce address carries; the empty text where it carries nobody."""
    came_back = header_addresses(root, *CAME_BACK_TO)
    sent = header_addresses(original, *SENT_AS) if original else []
    return next((carried for carried in map(verp_address, [*came_back, *sent]) if carried), "")


def only_receiver_of(root: Part, original: Part | None) -> str:
    """The one receiver whom a campaign's returned message names; empty where it names none or several, a mailing list or ourselves."""
    receivers = receivers_of(original) if original else []
    if original is None or len(receivers) != 1 or not is_campaign(original):
        return ""
    ours = {address.lower() for address in [*header_addresses(original, *_SENDERS), *header_addresses(root, *_OWN)]}
    return "" if receivers[0].lower() in ours else receivers[0]


def is_campaign(original: Part) -> bool:
    """Whether a returned message is one of many that each went to one person, and whose `To` therefore is whom it was sent to.

    A letter may have gone to others than those whom it names (Bcc, aliases, lists); a message that says how to leave its list but takes
    no answers to that list is a campaign's (RFC 2369, RFC 8058; mailbox providers have asked for it since 2024).
    """
    return bool(any(original.header(name) for name in _OF_MANY)) and not original.header("list-post")


def written_to(findings: list[Finding], root: Part, original: Part | None) -> list[Finding]:
    """The findings with bounces about whom we wrote to.

    A bounce address carries one recipient: whatever a report names beside him are his forwardings, and one finding tells of them.
    The returned message decides only where one delivery failed, and its fields did not name the original recipient.
    """
    bounces = [finding for finding in findings if finding.kind is FindingKind.BOUNCE]
    if not bounces or len(bounces) < len(findings) or len({finding.address.lower() for finding in bounces}) > MOST_RECIPIENTS:
        return findings
    if carried := carried_by(root, original):
        # Whom the report itself names is the recipient where the bounce address only has a token of its system before him.
        named = (finding.address for finding in bounces if finding.address)
        shorter = next((address for address in named if carried.lower().endswith(tuple(f"{sign}{address.lower()}" for sign in "-._="))), "")
        return [replace(bounces[0], address=shorter or carried, fault="")]
    if len(bounces) == 1 and not bounces[0].is_original and (receiver := only_receiver_of(root, original)):
        return [replace(bounces[0], address=receiver, fault="")]
    return findings
