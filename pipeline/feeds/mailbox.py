"""A bounce mailbox: `.eml`, mbox or Maildir files with delivery reports, complaints and mailto unsubscriptions.

DSN per RFC 3464 and 6522, complaints per RFC 5965, unsubscriptions to a List-Unsubscribe address per RFC 2369; what follows
no standard is read with care. A message that is about none of them, a delay and a challenge are ignored.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipeline.delivery_status import classify
from pipeline.feeds._feed import Record, RowFeed, SourceFile
from pipeline.messages import MOST_RECIPIENTS, Finding, FindingKind, Reading, is_mbox, read_message, shortened, split_messages
from pipeline.vocabulary import Action, Actor, Channel, DeliveryType, Kind, Via

RAW_LIMIT = 2000
TOO_MANY = f"names more than {MOST_RECIPIENTS} recipients"


def read_records(file: SourceFile) -> Iterator[Record]:
    """One record per message, or per address that a message names; the running number counts records."""
    number = 0
    for content in split_messages(file.path):
        for record in _records(file, content, number + 1):
            number += 1
            yield record


def _holds_one_message(path: Path) -> bool:
    """Whether the file is one message: not an mbox, or one with a single message in it."""
    return not is_mbox(path) or next(islice(split_messages(path), 1, None), None) is None


def _records(file: SourceFile, content: bytes, number: int) -> Iterator[Record]:
    reading = read_message(content)
    if reading.fault:
        yield Record(number, None, fault=reading.fault, raw=_raw(content))
        return
    if not reading.findings:
        yield Record(number, None)
        return
    if len({finding.address.lower() for finding in reading.findings}) > MOST_RECIPIENTS:
        yield Record(number, Kind.REVIEW, _review(file, reading, "", reading.findings[0].occurred_at), vendor_label=TOO_MANY)
        return
    is_several = len(reading.findings) > 1
    for offset, finding in enumerate(reading.findings):
        if finding.fault:
            yield Record(number + offset, None, fault=finding.fault, raw=_raw(content), vendor_label=finding.label)
            continue
        event_id = f"{reading.message_id}#{finding.address}" if reading.message_id and is_several else reading.message_id
        if finding.kind is FindingKind.REVIEW:
            values = _review(file, reading, finding.address, finding.occurred_at)
            yield Record(number + offset, Kind.REVIEW, values, vendor_label=finding.label)
        elif finding.kind is FindingKind.OPT_OUT:
            yield Record(number + offset, Kind.CONSENT, _consent(file, reading, finding, event_id), vendor_label=finding.label)
        else:
            yield Record(number + offset, Kind.DELIVERY, _delivery(reading, finding, event_id), vendor_label=finding.label)


def _delivery(reading: Reading, finding: Finding, event_id: str) -> dict[str, str]:
    values = {
        "event_id": event_id,
        "occurred_at": finding.occurred_at,
        "type": DeliveryType(finding.kind.value).value,
        "channel": Channel.EMAIL.value,
        "address": finding.address,
        "campaign": reading.campaign,
        "actor": Actor.PROVIDER.value,
    }
    if finding.kind is not FindingKind.BOUNCE:
        return values
    diagnostic = shortened(finding.diagnostic)
    bounce_class, reason = classify(finding.status_code, diagnostic, finding.bounce_class)
    return values | {
        "bounce_class": bounce_class.value,
        "reason": reason,
        "status_code": finding.status_code,
        "diagnostic": diagnostic,
    }


def _consent(file: SourceFile, reading: Reading, finding: Finding, event_id: str) -> dict[str, str]:
    scope, scope_id = _scope(file, reading.receivers)
    return {
        "event_id": event_id,
        "occurred_at": finding.occurred_at,
        "action": Action.OPT_OUT.value,
        "channel": Channel.EMAIL.value,
        "address": finding.address,
        "scope": scope,
        "scope_id": scope_id,
        "actor": Actor.OWNER.value,
        # A report of type opt-out is the mailbox provider's own unsubscribe button.
        "via": (Via.ONE_CLICK if finding.label else Via.REPLY).value,
        "reason_text": reading.subject,
    }


def _review(file: SourceFile, reading: Reading, address: str, occurred_at: str) -> dict[str, str]:
    """A message for people to read: what it says, who wrote it, and what it would be from."""
    mapped = {name.lower() for name in file.feed.map}
    return {
        "event_id": reading.message_id,
        "occurred_at": occurred_at,
        "channel": Channel.EMAIL.value,
        "address": address,
        "scope_id": next((receiver for receiver in reading.receivers if receiver.lower() in mapped), ""),
        "body": "\n\n".join(filter(None, (reading.subject, reading.text))),
    }


def _scope(file: SourceFile, receivers: tuple[str, ...]) -> tuple[str, str]:
    """What an unsubscription is from: by the address written to (the feed's map), else the widest that the feed means."""
    targets = {name.lower(): target for name, target in file.feed.map.items()}
    for receiver in receivers:
        if target := targets.get(receiver.lower()):
            return str(target.scope), target.scope_id or ""
    return file.feed.widest_scope


def _raw(content: bytes) -> str:
    return content[:RAW_LIMIT].decode("utf-8", "replace").replace("\x00", "")


FEED = RowFeed(
    source="mailbox",
    kinds=(Kind.DELIVERY, Kind.CONSENT, Kind.REVIEW),
    read=read_records,
    summary="Bounce mailbox: delivery reports, complaints, mailto unsubscriptions (.eml, mbox, Maildir)",
    is_single_record=lambda file: _holds_one_message(file.path),
)
