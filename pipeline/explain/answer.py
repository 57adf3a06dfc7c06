"""The answer to a question: one JSON document, and the same as lines for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.config import Campaign
from pipeline.explain.reasons import Exclusion
from pipeline.explain.subject import Subject
from pipeline.lifting import Lift
from pipeline.outbox import instant_text

AUDIENCE, SEED, EXCLUDED, NO_CANDIDATE = "audience", "seed", "excluded", "no_candidate"
VERDICTS = (AUDIENCE, SEED, EXCLUDED, NO_CANDIDATE)
"""What can become of somebody; of several profiles with one address, the first of these that occurs is the address's."""


@dataclass(frozen=True)
class Finding:
    """What became of one profile, or of an address without one."""

    verdict: str
    address: str | None = None
    organisation: str | None = None
    profile_id: str | None = None
    person_id: str | None = None
    matched_by: str = "address"
    reasons: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def document(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "organisation": self.organisation,
            "profile_id": self.profile_id,
            "person_id": self.person_id,
            "address": self.address,
            "matched_by": self.matched_by,
            "reasons": list(self.reasons),
            "notes": list(self.notes),
        }


def reason_document(exclusion: Exclusion, event: Mapping[str, Any] | None, lift: Lift) -> dict[str, Any]:
    """One reason: what it means, how it reached the candidate, what it rests on, what would lift it."""
    at = None if exclusion.evidence_at is None else instant_text(exclusion.evidence_at)
    told = {"source": exclusion.source, "event_id": exclusion.event_id, "occurred_from": at}
    evidence = {**told, **(event or {})}
    return {
        "reason": str(exclusion.reason),
        "rank": exclusion.rank,
        "is_primary": exclusion.is_primary,
        "meaning": exclusion.reason.spec.meaning,
        "reached_via": exclusion.reached_via,
        "scope_id": exclusion.scope_id,
        "detail": exclusion.detail,
        "evidence": None if all(value is None for value in evidence.values()) else evidence,
        "lift": lift.document,
    }


def document_of(
    campaign: Campaign, subject: Subject, as_of: datetime, findings: Iterable[Finding], *, ledger_version: str, run_id: str | None = None
) -> dict[str, Any]:
    """The whole answer."""
    found = [finding.document for finding in findings]
    return {
        "campaign": campaign.id,
        "organisation": campaign.organisation,
        "channel": str(campaign.channel),
        "message_class": str(campaign.message_class),
        "as_of": instant_text(as_of),
        "run_id": run_id,
        "ledger_version": ledger_version,
        "subject": subject.text,
        "addresses": list(subject.addresses),
        "verdict": min((finding["verdict"] for finding in found), key=VERDICTS.index),
        "found": found,
    }


def lines_of(document: Mapping[str, Any]) -> list[str]:
    """The document as a person reads it."""
    asked = f"in run {document['run_id']}" if document["run_id"] else f"at {document['as_of']}, by the present ledger"
    lines = [f"{document['campaign']} ({document['organisation']}, {document['message_class']}, {document['channel']}) {asked}"]
    for finding in document["found"]:
        lines += ["", _headline(finding), *(f"  {note}" for note in finding["notes"])]
        for reason in finding["reasons"]:
            lines += _reason_lines(reason)
    return lines


_SAID = {
    AUDIENCE: "is in the audience",
    SEED: "gets the message as a control address",
    EXCLUDED: "is excluded",
    NO_CANDIDATE: "is no candidate",
}


def _headline(finding: Mapping[str, Any]) -> str:
    who = [] if finding["profile_id"] is None else [f"profile {finding['profile_id']} of {finding['organisation']}"]
    if finding["address"]:
        who.insert(0, str(finding["address"]))
    count = len(finding["reasons"])
    why = f", {count} reason{'s' if count > 1 else ''}" if count else ""
    return f"{', '.join(who)}: {_SAID[finding['verdict']]}{why}"


def _reason_lines(reason: Mapping[str, Any]) -> list[str]:
    scope = f", scope {reason['scope_id']}" if reason["scope_id"] else ""
    via = f" (reached via {reason['reached_via']}{scope})" if reason["reached_via"] else ""
    detail = f": {reason['detail']}" if reason["detail"] else ""
    lines = [f"  {reason['rank']} {reason['reason']}: {reason['meaning']}{via}{detail}"]
    if reason["evidence"]:
        lines.append(f"     evidence:  {_evidence_line(reason['evidence'])}")
    lines.append(f"     lifted by: {reason['lift']['text']}")
    return lines


def _evidence_line(evidence: Mapping[str, Any]) -> str:
    said = [str(evidence.get("source") or ""), str(evidence.get("event_id") or "")]
    if evidence.get("action"):
        by = f" by {evidence['actor']}" if evidence.get("actor") else ""
        said.append(f"{evidence['action']}{by}")
    if evidence.get("occurred_from"):
        has_beginning = not evidence["occurred_from"].startswith("0001-01-01")
        said.append(f"at {evidence['occurred_from']}" if has_beginning else "at a time that cannot be read")
    if evidence.get("address"):
        said.append(f"for {evidence['address']}")
    if evidence.get("profile_id"):
        said.append(f"for profile {evidence['profile_id']}")
    if evidence.get("explanation"):
        said.append(f"({evidence['explanation']})")
    if evidence.get("file"):
        row = f" row {evidence['row_number']}" if evidence.get("row_number") else ""
        said.append(f"(landing/{evidence['feed']}/{evidence['file']}{row})")
    return " ".join(part for part in said if part)
