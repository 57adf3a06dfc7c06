"""A published run's own answer, from its own files: what that version of the ledger said, whatever has become known since.

The files hold every reason with its evidence. What would lift a reason is worked out from that evidence and the policy as it is now;
the event's place in a feed file, and the end of its interval, come from the ledger, from which nothing ever goes.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import duckdb

from pipeline import built, outbox, warehouse
from pipeline.config import Configuration
from pipeline.engines.local import quoted
from pipeline.explain.answer import AUDIENCE, EXCLUDED, NO_CANDIDATE, SEED, Finding, document_of, reason_document
from pipeline.explain.present import SEED_NOTE, naming, unheld
from pipeline.explain.reasons import EXCLUSION_COLUMNS, Exclusion, event_by_name, exclusions_of
from pipeline.explain.subject import Profile, describe, find_profiles, is_known, not_found, read_subject
from pipeline.lifting import Behind, Lift, Rules
from pipeline.logs import Progress
from pipeline.outbox import Run
from pipeline.publication import EXCLUSIONS, check_files
from pipeline.publishing import ensure_built
from pipeline.reasons import Reason
from pipeline.vocabulary import Scope
from pipeline.workspace import Workspace

_STAFF_MADE = frozenset({Reason.QUARANTINED_MANUAL})


def explain_run(
    workspace: Workspace, configuration: Configuration, rules: Rules, run: Run, text: str, progress: Progress
) -> dict[str, Any]:
    """The answer of the run under its own rules; `configuration` is today's.

    Raises ValidationFailed when its files were changed, NotFound when nothing at all is known of the subject.
    """
    check_files(run)
    subject = read_subject(text, configuration)
    if not built.is_as_built(workspace):
        ensure_built(workspace, configuration, run.as_of, progress)
    with warehouse.opened(workspace) as con:
        describe(con, subject)
        findings = _in_files(con, run, rules)
        if not findings:
            profiles = find_profiles(con)
            if not profiles and not is_known(con):
                raise not_found(subject)
            findings = [_left_out(profile, run) for profile in profiles] or [unheld(subject)]
    return document_of(rules.campaign, subject, run.as_of, findings, ledger_version=str(run.manifest["ledger_version"]), run_id=run.run_id)


def _in_files(con: duckdb.DuckDBPyConnection, run: Run, rules: Rules) -> list[Finding]:
    """The subject's rows in the run's audience and exclusions."""
    is_asked = "(address IN (SELECT address FROM asked) OR profile_id IN (SELECT content FROM asked_text WHERE content <> ''))"
    published = con.execute(
        f"""SELECT coalesce(profile_id, ''), coalesce(CAST(person_id AS VARCHAR), ''), address, is_seed FROM {outbox.audience_rows(run)}
        WHERE {is_asked} ORDER BY is_seed, address"""
    ).fetchall()
    findings = [_published(run, *row) for row in published]
    rows = con.execute(
        f"""SELECT profile_id, person_id, address, {EXCLUSION_COLUMNS} FROM read_parquet({quoted(run.path / EXCLUSIONS)})
        WHERE {is_asked} OR (address = '' AND detail IN (SELECT content FROM asked_text)) ORDER BY profile_id, rank"""
    ).fetchall()
    for profile_id in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == profile_id]
        findings.append(_excluded(con, run, rules, own[0][:3], exclusions_of(row[3:] for row in own)))
    return findings


def _published(run: Run, profile_id: str, person_id: str, address: str, is_seed: bool) -> Finding:
    if is_seed:
        return Finding(SEED, address=address, matched_by="run", notes=(SEED_NOTE,))
    return Finding(AUDIENCE, address, run.organisation, profile_id, person_id, "run")


def _excluded(con: duckdb.DuckDBPyConnection, run: Run, rules: Rules, who: tuple[str, str, str], exclusions: list[Exclusion]) -> Finding:
    """One excluded candidate of the run."""
    profile_id, person_id, address = who
    reasons: list[dict[str, Any]] = []
    lifts: list[Lift] = []
    opted_out: list[Behind] = []
    for exclusion in exclusions:
        event = event_by_name(con, exclusion, address)
        behind = _behind(exclusion, event, rules)
        if exclusion.reason.spec.scope is not None:
            opted_out.append(behind)
        if exclusion.reason is Reason.NO_CONSENT and opted_out:  # reasons come by rank: every opt-out before it
            latest = max((one.last_until for one in opted_out if one.last_until), default=None)
            behind = replace(behind, last_until=latest, is_any_by_staff=any(one.is_any_by_staff for one in opted_out))
        lifts.append(exclusion.reason.spec.least(behind, rules))
        reasons.append(reason_document(exclusion, event, lifts[-1]))
    return Finding(EXCLUDED, address or None, run.organisation, profile_id, person_id, "run", tuple(reasons), naming(lifts, rules))


def _behind(exclusion: Exclusion, event: dict[str, Any] | None, rules: Rules) -> Behind:
    """What the file and its evidence's event tell of the restriction."""
    told = event or {}
    is_by_staff = exclusion.detail.startswith("by staff") or exclusion.reason in _STAFF_MADE
    last_until = _instant(told.get("occurred_until")) or exclusion.evidence_at
    scope = exclusion.reason.spec.scope or (Scope(told["scope"]) if told.get("scope") in list(Scope) else None)
    ends_at = _instant(told.get("until")) if exclusion.reason is Reason.PAUSED else None
    if exclusion.reason is Reason.OPT_OUT_PENDING and last_until is not None:
        ends_at = last_until + timedelta(days=rules.organisation.policy.pending_opt_out_days)
    register = rules.configuration.registers.get(exclusion.detail)
    is_always = register is None or register.use == "always"
    return Behind(scope, last_until, not is_by_staff, is_by_staff, ends_at, is_always, exclusion.detail)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _left_out(profile: Profile, run: Run) -> Finding:
    note = (
        f"it belongs to {profile.organisation}, and the run is {run.organisation}'s"
        if profile.organisation != run.organisation
        else "the run knew no such profile, or it did not meet the segment then"
    )
    return Finding(NO_CANDIDATE, None, profile.organisation, profile.profile_id, profile.person_id, profile.matched_by, (), (note,))
