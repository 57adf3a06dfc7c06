"""Every reason of a candidate with the event that it rests on, read from a decision's tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb

from pipeline.engines.local import instant_of
from pipeline.lifting import Behind, Rules
from pipeline.logs import masked, masked_name
from pipeline.outbox import instant_text
from pipeline.reasons import Basis, Reason
from pipeline.vocabulary import Scope


@dataclass(frozen=True)
class Exclusion:
    """One reason as a decision or a run's file gives it."""

    reason: Reason
    rank: int
    is_primary: bool
    reached_via: str | None
    scope_id: str | None
    source: str | None
    event_id: str | None
    evidence_at: datetime | None
    detail: str


@dataclass(frozen=True)
class Restriction:
    """A restriction that stands against a candidate."""

    restriction_no: int
    kind: str
    is_by_owner: bool
    scope: Scope
    scope_id: str
    occurred_from: datetime
    occurred_until: datetime
    paused_until: datetime | None
    source: str
    event_id: str | None


EXCLUSION_COLUMNS = """
reason, rank, is_primary, reached_via, scope_id, evidence_source, evidence_event_id, epoch_us(evidence_at), coalesce(detail, '')
"""


def exclusions_of(rows: Iterable[tuple[Any, ...]]) -> list[Exclusion]:
    """Rows of `EXCLUSION_COLUMNS`, by rank."""
    found = [Exclusion(Reason(row[0]), row[1], row[2], row[3], row[4], row[5], row[6], instant_of(row[7]), row[8]) for row in rows]
    return sorted(found, key=lambda exclusion: exclusion.rank)


_QUARANTINE_OF = """
SELECT
    quarantine_here.event_no,
    epoch_us(quarantine_standing.last_until),
    quarantine_standing.is_by_staff,
    CASE WHEN quarantine_standing.reason = 'quarantined_soft' THEN epoch_us(soft_state.ends_at) END
FROM candidate
INNER JOIN quarantine_standing ON candidate.address_key = quarantine_standing.address_key
INNER JOIN quarantine_here
    ON candidate.candidate_no = quarantine_here.candidate_no AND quarantine_standing.reason = quarantine_here.reason
LEFT JOIN soft_state
    ON quarantine_standing.address_key = soft_state.address_key AND quarantine_standing.channel = soft_state.channel
WHERE candidate.candidate_no = $candidate AND quarantine_standing.reason = $reason
"""
_OPTED_OUT = """
SELECT epoch_us(max(restriction_here.occurred_until)), count(*) FILTER (NOT restriction_here.is_by_owner)
FROM reached
INNER JOIN restriction_here ON reached.restriction_no = restriction_here.restriction_no
WHERE reached.candidate_no = $candidate AND restriction_here.kind IN ('opt_out', 'opt_out_confirm')
"""
_REGISTERS_OF = """
SELECT bool_or(use_when = 'always'), string_agg(DISTINCT register, ', ' ORDER BY register)
FROM register_here
WHERE candidate_no = $candidate
"""
_EDITION_OF = """
SELECT feed, file, epoch_us(received_at)
FROM register_entry
WHERE register IN (SELECT register FROM register_here WHERE candidate_no = $candidate)
ORDER BY received_at DESC, feed, file
LIMIT 1
"""
_LAST_CONSENT = """
SELECT arg_max(permission_no, (occurred_from, occurred_until))
FROM consent_given ANTI JOIN consent_ended USING (candidate_no, permission_no, scope_rank)
WHERE candidate_no = $candidate
"""


class Evidence:
    """What a decision's tables tell of one candidate beyond its exclusions."""

    def __init__(self, con: duckdb.DuckDBPyConnection, candidate_no: int, rules: Rules) -> None:
        self._con = con
        self._candidate = {"candidate": candidate_no}
        self._rules = rules
        self._pending = timedelta(days=rules.organisation.policy.pending_opt_out_days)
        self._standing = self._restrictions()

    def exclusions(self) -> list[Exclusion]:
        """The candidate's reasons, by rank."""
        return exclusions_of(self._rows(f"SELECT {EXCLUSION_COLUMNS} FROM exclusion WHERE candidate_no = $candidate"))

    def behind(self, exclusion: Exclusion) -> tuple[Behind, dict[str, Any] | None]:
        """All that stands behind the reason, and the event that is its evidence, with the file that it came from."""
        match exclusion.reason.spec.basis:
            case Basis.RESTRICTION:
                return self._behind_restriction(exclusion)
            case Basis.QUARANTINE:
                return self._behind_quarantine(exclusion)
            case Basis.CONSENT:
                return self._behind_consent(exclusion)
            case Basis.REGISTER:
                return self._behind_register(exclusion)
            case Basis.RECORD:
                return Behind(last_until=exclusion.evidence_at, detail=exclusion.detail), None

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._con.execute(query, self._candidate).fetchall()

    def _restrictions(self) -> list[Restriction]:
        rows = self._rows(
            """SELECT restriction_no, kind, is_by_owner, scope, scope_id, epoch_us(occurred_from), epoch_us(occurred_until),
            epoch_us(paused_until), source, event_id FROM standing WHERE candidate_no = $candidate
            ORDER BY occurred_from DESC, occurred_until DESC, source, event_id, restriction_no"""
        )
        return [_restriction(row) for row in rows]

    def _behind_restriction(self, exclusion: Exclusion) -> tuple[Behind, dict[str, Any] | None]:
        scope, kinds = exclusion.reason.spec.scope, exclusion.reason.spec.actions
        found = [one for one in self._standing if one.kind in kinds and scope in (None, one.scope) and self._counts(one)]
        names = (exclusion.source, exclusion.event_id, exclusion.evidence_at)
        named = [one for one in found if (one.source, one.event_id, one.occurred_from) == names]
        if not named:
            return Behind(scope, exclusion.evidence_at), None
        ends_at: datetime | None = None
        if exclusion.reason is Reason.OPT_OUT_PENDING:
            ends_at = max(one.occurred_until for one in found) + self._pending
        if exclusion.reason is Reason.PAUSED and all(one.paused_until for one in found):
            ends_at = max(one.paused_until for one in found if one.paused_until)
        behind = Behind(
            # What frees from all of them lies inside the narrowest.
            max((one.scope for one in found), key=list(Scope).index),
            max(one.occurred_until for one in found),
            any(one.is_by_owner for one in found),
            not all(one.is_by_owner for one in found),
            ends_at,
        )
        return behind, self._event(named[0].restriction_no)

    def _counts(self, one: Restriction) -> bool:
        """Whether the restriction is part of its reason: a pause that has not ended at the contact, a request that has not lapsed."""
        if one.kind == "pause":
            return one.paused_until is None or one.paused_until >= self._rules.campaign.contact_at
        return one.kind != "opt_out_request" or one.occurred_until + self._pending > self._rules.as_of

    def _behind_quarantine(self, exclusion: Exclusion) -> tuple[Behind, dict[str, Any] | None]:
        rows = self._con.execute(_QUARANTINE_OF, {**self._candidate, "reason": exclusion.reason.value}).fetchall()
        event_no, last_until, is_by_staff, ends_at = rows[0]
        behind = Behind(None, instant_of(last_until), not is_by_staff, is_by_staff, instant_of(ends_at))
        return behind, self._event(event_no)

    def _behind_consent(self, exclusion: Exclusion) -> tuple[Behind, dict[str, Any] | None]:
        """A new consent has to be later than every opt-out that would end it, and must be able to lift it."""
        opted_out = self._rows(_OPTED_OUT)
        last_until, by_staff = opted_out[0]
        event = None
        if exclusion.reason is Reason.CONSENT_UNCONFIRMED:
            event = self._event_of("SELECT min(permission_no) FROM consent_missing WHERE candidate_no = $candidate")
        if exclusion.reason is Reason.CONSENT_EXPIRED:
            event = self._event_of(_LAST_CONSENT)
        return Behind(last_until=instant_of(last_until), is_any_by_staff=bool(by_staff)), event

    def _behind_register(self, exclusion: Exclusion) -> tuple[Behind, dict[str, Any] | None]:
        ((is_always, registers),) = self._rows(_REGISTERS_OF)
        ((feed, file, received_at),) = self._rows(_EDITION_OF)
        event = {"source": exclusion.source, "event_id": None, "feed": feed, "file": file, "received_at": _text(received_at)}
        return Behind(is_register_always=is_always, detail=registers), event

    def _event_of(self, query: str) -> dict[str, Any] | None:
        ((event_no,),) = self._rows(query)
        return None if event_no is None else self._event(event_no)

    def _event(self, event_no: int) -> dict[str, Any] | None:
        return event_by_number(self._con, event_no, self._own_address())

    def _own_address(self) -> str | None:
        rows = self._rows("SELECT address FROM candidate_record WHERE candidate_no = $candidate")
        return None if not rows else rows[0][0]


_EVENT_NAMES = (
    "source", "event_id", "action", "channel", "actor", "via", "address", "profile_id", "scope", "occurred_from", "occurred_until", "until",
    "feed", "file", "row_number", "received_at", "explanation",
)  # fmt: skip
_CONSENT = """source, event_id, action, channel, actor, via, address, profile_id, scope, epoch_us(occurred_from), epoch_us(occurred_until),
epoch_us(paused_until), feed, file, row_number, epoch_us(received_at), explanation"""
_DELIVERY = """source, event_id, type, channel, actor, NULL, address, NULL, NULL, epoch_us(occurred_from), epoch_us(occurred_until),
NULL, feed, file, row_number, epoch_us(received_at), explanation"""


def event_by_number(con: duckdb.DuckDBPyConnection, event_no: int, own_address: str | None) -> dict[str, Any] | None:
    """The consent or delivery event of that number with the file it came from; None for a CRM's flag, which is no event of a file's own."""
    return _one_event(con, "event_no = $event", {"event": event_no}, own_address)


def event_by_name(con: duckdb.DuckDBPyConnection, exclusion: Exclusion, own_address: str | None) -> dict[str, Any] | None:
    """The event that a run's file names by source, id and time; None where it names none, or where several have that name."""
    if exclusion.event_id is None or exclusion.evidence_at is None:
        return None
    values = {"source": exclusion.source, "event": exclusion.event_id, "at": exclusion.evidence_at}
    return _one_event(con, "source = $source AND event_id = $event AND occurred_from = $at::TIMESTAMPTZ", values, own_address)


def _one_event(
    con: duckdb.DuckDBPyConnection, condition: str, values: Mapping[str, object], own_address: str | None
) -> dict[str, Any] | None:
    query = f"""SELECT {_CONSENT} FROM warehouse.consent_fact WHERE {condition}
    UNION ALL SELECT {_DELIVERY} FROM warehouse.delivery_fact WHERE {condition}"""
    rows = con.execute(query, dict(values)).fetchall()
    if len(rows) != 1:
        return None
    event = dict(zip(_EVENT_NAMES, rows[0], strict=True))
    for name in ("occurred_from", "occurred_until", "until", "received_at"):
        event[name] = _text(event[name])
    if event["explanation"] is not None:
        event["explanation"] = masked_name(event["explanation"])
    if event["address"] is not None and event["address"] != own_address:
        # The event of another address of the person: enough to recognise it, not enough to write to it.
        event["address"] = masked(event["address"])
    return event


def _text(micros: int | None) -> str | None:
    instant = instant_of(micros)
    return None if instant is None else instant_text(instant)


def _restriction(row: tuple[Any, ...]) -> Restriction:
    first, last = instant_of(row[5]), instant_of(row[6])
    assert first is not None and last is not None  # sql/checks/every_restriction_has_a_time
    return Restriction(row[0], row[1], row[2], Scope(row[3]), row[4], first, last, instant_of(row[7]), row[8], row[9])
