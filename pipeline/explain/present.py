"""The present ledger's answer about any instant: the campaign is decided as `publish` would, and the subject's part is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import duckdb

from pipeline.addresses import addresses_meant
from pipeline.config import Campaign, Configuration
from pipeline.decision import Decision, decided, inputs_of
from pipeline.explain.answer import AUDIENCE, EXCLUDED, NO_CANDIDATE, SEED, Finding, document_of, reason_document
from pipeline.explain.reasons import Evidence
from pipeline.explain.subject import Profile, Subject, describe, find_profiles, is_known, not_found, read_subject
from pipeline.lifting import Lift, Rules
from pipeline.logs import Progress
from pipeline.publishing import ensure_built
from pipeline.workspace import Workspace

SEED_NOTE = "it is one of the campaign's `seeds`; they are never counted"
_ASKED_IN_AUDIENCE = """
SELECT address FROM decision INNER JOIN candidate_record USING (candidate_no) INNER JOIN asked USING (address) WHERE is_audience
"""


def explain_at(
    workspace: Workspace, configuration: Configuration, campaign: Campaign, text: str, as_of: datetime, progress: Progress
) -> dict[str, Any]:
    """The answer about the instant `as_of`. Raises NotFound when neither warehouse nor campaign knows the subject."""
    subject = read_subject(text, configuration)
    _, version = ensure_built(workspace, configuration, as_of, progress)
    rules = Rules(configuration, campaign, as_of)
    with decided(workspace, configuration, inputs_of(workspace, configuration, campaign, as_of, version), progress) as decision:
        describe(decision.con, subject)
        findings = [_finding(decision, profile, rules) for profile in find_profiles(decision.con)]
        findings += _seeds(decision, subject, rules)
        if not findings:
            if not is_known(decision.con):
                raise not_found(subject)
            findings = [unheld(subject)]
    return document_of(campaign, subject, as_of, findings, ledger_version=version)


def unheld(subject: Subject) -> Finding:
    """An address, or an id, that only events name: no profile has it."""
    note = "no profile has it; what the events say of it is kept, and counts as soon as one does"
    if subject.addresses:
        return Finding(NO_CANDIDATE, address=subject.addresses[0], notes=(note,))
    return Finding(NO_CANDIDATE, profile_id=subject.text, organisation="no organisation", matched_by="profile_id", notes=(note,))


def _finding(decision: Decision, profile: Profile, rules: Rules) -> Finding:
    """What became of one profile."""
    row = [] if profile.profile_no is None else _candidate(decision.con, profile.profile_no)
    if profile.matched_by == "former_address" or not row:
        return _told(profile, NO_CANDIDATE, notes=(_why_no_candidate(profile, rules.campaign),))
    (address, is_audience), number = row[0], profile.profile_no
    assert number is not None  # a candidate is a profile that exists
    notes = ("it holds another spelling of the same mailbox",) if profile.matched_by == "mailbox" else ()
    if is_audience:
        return _told(profile, AUDIENCE, address, notes=notes)
    evidence = Evidence(decision.con, number, rules)
    reasons: list[dict[str, Any]] = []
    lifts: list[Lift] = []
    for exclusion in evidence.exclusions():
        behind, event = evidence.behind(exclusion)
        lifts.append(exclusion.reason.spec.least(behind, rules))
        reasons.append(reason_document(exclusion, event, lifts[-1]))
    return _told(profile, EXCLUDED, address, tuple(reasons), (*notes, *naming(lifts, rules)))


def _told(
    profile: Profile, verdict: str, address: str | None = None, reasons: tuple[dict[str, Any], ...] = (), notes: tuple[str, ...] = ()
) -> Finding:
    return Finding(verdict, address, profile.organisation, profile.profile_id, profile.person_id, profile.matched_by, reasons, notes)


def naming(lifts: Iterable[Lift], rules: Rules) -> tuple[str, ...]:
    """What holds for every event that would lift one of the reasons."""
    return (rules.naming,) if any(lift.is_by_event for lift in lifts) else ()


def _candidate(con: duckdb.DuckDBPyConnection, candidate_no: int) -> list[tuple[str | None, bool]]:
    return con.execute(
        "SELECT address, is_audience FROM decision INNER JOIN candidate_record USING (candidate_no) WHERE candidate_no = $no",
        {"no": candidate_no},
    ).fetchall()


def _why_no_candidate(profile: Profile, campaign: Campaign) -> str:
    """Why the profile is not among the campaign's candidates (domain §6)."""
    if profile.profile_no is None:
        return "it is gone from its CRM; every restriction that names it or its addresses stays"
    if profile.matched_by == "former_address":
        return f"it held the address and holds another now: presend explain {campaign.id} {profile.profile_id}"
    if profile.organisation != campaign.organisation:
        return f"it belongs to {profile.organisation}, and the campaign is {campaign.organisation}'s"
    return f"it does not meet the campaign's segment: {campaign.segment.text if campaign.segment else 'none'}"


def _seeds(decision: Decision, subject: Subject, rules: Rules) -> list[Finding]:
    """The subject as one of the campaign's control addresses: added, or why not."""
    country = [rules.organisation.country]
    listed = {address for text in rules.campaign.seeds for address in addresses_meant(text, country)} & set(subject.addresses)
    added = {address for (address,) in decision.con.execute("SELECT address FROM seed_address").fetchall()}
    in_audience = {address for (address,) in decision.con.execute(_ASKED_IN_AUDIENCE).fetchall()}
    left_out = "it is one of the campaign's `seeds`, left out because it is erased, forbidden or quarantined"
    return [
        Finding(SEED, address, notes=(SEED_NOTE,)) if address in added else Finding(NO_CANDIDATE, address, notes=(left_out,))
        for address in sorted(listed - in_audience)
    ]
