"""The decision: who is a candidate, what speaks against whom, who is left (domain §6)."""

import hashlib
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from pipeline.reasons import Reason
from pipeline.vocabulary import Action, MessageClass, ReachedVia

from .addresses import is_fixed_line, is_for_mobiles, read_address
from .case import OPT_OUTS, Candidate, Case, Reached, latest, since_of
from .consent import consent_reason, standing_consents
from .contacts import is_under_pressure, reached_limit
from .ids import is_unknown_country, read_country
from .lifts import Row, is_lifted
from .quarantine import quarantine_of
from .rows import Profile
from .segments import meets
from .settings import Campaign, Register

OPTED_OUT = [Reason.OPTED_OUT_GROUP, Reason.OPTED_OUT_ORGANISATION, Reason.OPTED_OUT_BRAND, Reason.OPTED_OUT_LIST]


class Evidence(NamedTuple):
    """What a reason rests on; empty where no event says it."""

    event_id: str = ""
    source: str = ""
    reached_via: str = ""
    at: datetime | None = None


@dataclass
class Verdict:
    """A candidate and everything that speaks against it."""

    candidate: Candidate
    reasons: dict[Reason, Evidence] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """As in exclusions: empty where there is none or an invalid one."""
        return self.candidate.address or ""

    @property
    def primary(self) -> Reason | None:
        """The reason with the smallest rank."""
        return min(self.reasons, key=lambda reason: reason.spec.rank, default=None)


@dataclass(frozen=True)
class Run:
    """What was published: campaign and audience as (profile, address), and the seeds."""

    campaign: Campaign
    as_of: datetime
    audience: tuple[tuple[Profile, str], ...]
    seeds: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    gave_way_to: frozenset[str] = frozenset()
    """Campaigns that had been published at the same moment, before it."""


def decide(case: Case) -> Run:
    """Collect the row-wise reasons of every candidate, then the set-wise ones of the survivors, in order."""
    applicable = case.settings.applicable(case.campaign.message_class, case.campaign.organisation)
    if is_nobodys(case.campaign):
        applicable |= case.settings.applicable(MessageClass.MARKETING, case.campaign.organisation)
    verdicts = []
    for candidate in candidates(case):
        reasons = row_wise(case, candidate)
        verdicts.append(Verdict(candidate, {reason: why for reason, why in reasons.items() if reason in applicable}))
    for reason, step in SET_WISE:
        if reason in applicable:
            survivors = [verdict for verdict in verdicts if not verdict.reasons]
            for verdict, why in step(case, survivors):
                verdict.reasons[reason] = why
    audience = [(verdict.candidate.profile, verdict.address) for verdict in verdicts if not verdict.reasons]
    taken = {address for _, address in audience}
    before = frozenset(
        name
        for (name, channel, _), run in case.planned.items()
        if channel == case.campaign.channel and run.as_of == case.as_of and case.campaign.name not in run.gave_way_to
    )
    return Run(case.campaign, case.as_of, tuple(audience), tuple(seeds(case, taken)), tuple(verdicts), before - {case.campaign.name})


def plan(planned: dict[tuple[str, str, datetime], Run], run: Run) -> None:
    """A campaign's new audience replaces those before it that have not gone out (domain §8 "Frequency and pressure")."""
    campaign = run.campaign
    for key, before in list(planned.items()):
        if key[:2] == (campaign.name, campaign.channel) and run.as_of < before.campaign.delivery_analysis_at:
            del planned[key]
    planned[campaign.name, campaign.channel, run.as_of] = run


def is_nobodys(campaign: Campaign) -> bool:
    """A one_to_one message needs a person who sends it (domain §8); without one it is decided as marketing."""
    return campaign.message_class == MessageClass.ONE_TO_ONE and not campaign.sent_by


def candidates(case: Case) -> list[Candidate]:
    """The profiles of the campaign's organisation that meet the segment."""
    found = []
    for record in case.ledger.profiles():
        if record.profile[0] == case.campaign.organisation and meets(case.campaign.segment, record.cells):
            address = record.address(case.kind)
            if address and is_for_mobiles(case.campaign.channel) and is_fixed_line(address):
                address = None
            found.append(Candidate(record.profile, address, record))
    return found


def row_wise(case: Case, candidate: Candidate) -> dict[Reason, Evidence]:
    """The reasons of ranks 10 to 55."""
    reasons: dict[Reason, Evidence] = {}
    if candidate.address is None:
        raw = candidate.record.raw(case.kind) if candidate.record else ""
        reasons[Reason.ADDRESS_INVALID if raw else Reason.ADDRESS_MISSING] = Evidence()
        # Without an address only opt-outs that name the profile are collected.
        return reasons | opted_out(case, candidate, is_by_name=True)
    if is_forbidden(case, candidate.address):
        reasons[Reason.ADDRESS_FORBIDDEN] = Evidence()
    for reason, delivery in quarantine_of(case, candidate).items():
        reasons[reason] = Evidence(delivery.event_id, delivery.source, ReachedVia.ADDRESS, delivery.start)
    reasons |= opted_out(case, candidate)
    if case.policy["pending_opt_out"] == "hold":
        pending = [one for one in case.reaching(candidate, Action.OPT_OUT_REQUEST) if is_pending(case, one, candidate)]
        if pending:
            reasons[Reason.OPT_OUT_PENDING] = _evidence(latest(pending))
    if any(is_registered(case, register, candidate) for register in case.settings.registers.values()):
        reasons[Reason.REGISTERED] = Evidence()
    consent = consent_reason(case, candidate)
    if consent:
        reason, event = consent
        reasons[reason] = Evidence(event.event_id, event.source, "", event.start) if event else Evidence()
    paused = [one for one in case.reaching(candidate, Action.PAUSE) if is_paused(case, one, candidate)]
    if paused:
        reasons[Reason.PAUSED] = _evidence(latest(paused))
    if is_excluded_audience(case, candidate):
        reasons[Reason.EXCLUDED_AUDIENCE] = Evidence()
    return reasons


def _evidence(reached: Reached) -> Evidence:
    return Evidence(reached.event.event_id, reached.event.source, reached.via, reached.event.start)


def opted_out(case: Case, candidate: Candidate, *, is_by_name: bool = False) -> dict[Reason, Evidence]:
    """The standing opt-outs at each scope of the campaign's path; by name: only those that name the profile."""
    standing: dict[Reason, list[Reached]] = {}
    if is_by_name:
        named = [event for event in case.consents if event.action in OPT_OUTS and candidate.profile in event.profiles]
        covering = [event for event in named if case.is_on_channel(event) and case.path_covering(event) is not None]
        reaching = [Reached(event, ReachedVia.PROFILE) for event in covering]
    else:
        reaching = case.reaching(candidate, *OPT_OUTS)
    for reached in reaching:
        scope = case.path_covering(reached.event)
        # What lifts frees an address: where there is none, nothing is freed.
        if scope is not None and (is_by_name or not is_lifted(case, reached.event, Row.OPT_OUT, candidate)):
            standing.setdefault(OPTED_OUT[len(scope)], []).append(reached)
    return {reason: _evidence(latest(reached)) for reason, reached in standing.items()}


def is_pending(case: Case, reached: Reached, candidate: Candidate) -> bool:
    """A double opt-out holds from the request until the owner cancels or opts in, or the days pass unconfirmed (domain §4)."""
    request = reached.event
    if request.end + timedelta(days=case.policy["pending_opt_out_days"]) <= case.as_of:
        return False
    for confirmation, _ in case.reaching(candidate, Action.OPT_OUT_CONFIRM):
        is_of_it = case.path_covering(confirmation) == case.path_covering(request) and confirmation.start >= request.start
        if is_of_it and not is_lifted(case, confirmation, Row.OPT_OUT, candidate):
            return False  # confirmed: it is an opt-out now
    return not is_lifted(case, request, Row.PENDING, candidate)


def is_paused(case: Case, reached: Reached, candidate: Candidate) -> bool:
    """A pause covers the moment of contact; without an end it lasts until resumed."""
    pause = reached.event
    if pause.pause_end is not None and pause.pause_end < case.campaign.contact_at:
        return False
    return not is_lifted(case, pause, Row.PAUSE, candidate)


def is_forbidden(case: Case, address: str) -> bool:
    """Forbidden addresses and domains match exactly, without case, no sub-domains."""
    forbidden = case.settings.scenario.get("forbidden", {})
    addresses = {one.strip().lower() for one in forbidden.get("addresses", ())}
    domains = {one.strip().lower() for one in forbidden.get("domains", ())}
    return address in addresses or address.rpartition("@")[2] in domains


def is_registered(case: Case, register: Register, candidate: Candidate) -> bool:
    """On a register in force for channel and country, unless a consent stands and the register's use gives way to it."""
    assert candidate.address and candidate.record
    written = candidate.record.cells.get("country", "")
    country = read_country(written) or case.settings.country(case.campaign.organisation)
    is_elsewhere = register.countries and country not in register.countries and not is_unknown_country(written)
    if register.channel != case.campaign.channel or is_elsewhere:
        return False
    entries = [candidate.address, "@" + candidate.address.rpartition("@")[2]]
    if register.algorithm != "plain":
        entries = [hashlib.new(register.algorithm, entry.encode()).hexdigest() for entry in entries]
    if not register.entries.intersection(entries):
        return False
    return register.use == "always" or not standing_consents(case, candidate)[0]


def is_excluded_audience(case: Case, candidate: Candidate) -> bool:
    """On the newest published audience of a campaign that this one leaves out, by address or by person."""
    person = case.identity.ever.of(candidate.profile)
    for name in case.campaign.exclude:
        run = case.published.get(name)
        for profile, address in run.audience if run else ():
            persons = {case.identity.ever.of(one) for one in {profile} | case.identity.holders.get(address, set())}
            if profile == ("", "") and "mailbox" in case.settings.key_limits:  # in a file: any spelling of the mailbox
                persons |= case.identity.persons_behind(address)
            if address == candidate.address or person in persons:
                return True
    return False


def seeds(case: Case, taken: set[str]) -> list[str]:
    """Control addresses, unless invalid, forbidden, quarantined or in the audience already (contract §1).

    An owner's form frees an address for the campaigns that it covers, but its status stays as it is (domain §4):
    a seed looks at the status.
    """
    by_status = copy(case)
    by_status.consents = []
    found: list[str] = []
    for raw in case.campaign.seeds:
        address = read_address(raw, case.campaign.channel)
        if not address or address in taken or address in found or is_forbidden(case, address):
            continue
        if is_for_mobiles(case.campaign.channel) and is_fixed_line(address):
            continue
        if not quarantine_of(by_status, Candidate(("", ""), address, None)):
            found.append(address)
    return found


def _winner_first(case: Case, verdict: Verdict) -> tuple[float, float, bytes]:
    """Latest consent, then latest profile update, then smallest profile id, bytewise."""
    candidate = verdict.candidate
    assert candidate.record
    consent = max((event.start for event in standing_consents(case, candidate)[0]), default=None)
    return (-_seconds(consent), -_seconds(candidate.record.updated), candidate.profile[1].encode())


def _seconds(moment: datetime | None) -> float:
    return (since_of(moment) - since_of(None)).total_seconds()


Step = Callable[[Case, list[Verdict]], list[tuple[Verdict, Evidence]]]


def _losers(case: Case, verdicts: list[Verdict], key: Callable[[Verdict], object]) -> list[tuple[Verdict, Evidence]]:
    groups: dict[object, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(key(verdict), []).append(verdict)
    return [
        (verdict, Evidence())
        for group in groups.values()
        if len(group) > 1
        for verdict in sorted(group, key=lambda one: _winner_first(case, one))[1:]
    ]


def duplicate_addresses(case: Case, verdicts: list[Verdict]) -> list[tuple[Verdict, Evidence]]:
    """Another surviving candidate of the same address won."""
    return _losers(case, verdicts, lambda verdict: verdict.address)


def duplicate_persons(case: Case, verdicts: list[Verdict]) -> list[tuple[Verdict, Evidence]]:
    """Another address of the same person won; here a person is by the keys held now."""
    if case.campaign.one_message_per != "person":
        return []
    return _losers(case, verdicts, lambda verdict: case.identity.now.of(verdict.candidate.profile))


def limited(case: Case, verdicts: list[Verdict]) -> list[tuple[Verdict, Evidence]]:
    """The owner's own limit is reached."""
    found = [(verdict, reached_limit(case, verdict.candidate)) for verdict in verdicts]
    return [(verdict, _evidence(limit)) for verdict, limit in found if limit]


def under_pressure(case: Case, verdicts: list[Verdict]) -> list[tuple[Verdict, Evidence]]:
    """The organisation's limit is reached."""
    return [(verdict, Evidence()) for verdict in verdicts if is_under_pressure(case, verdict.candidate)]


SET_WISE: list[tuple[Reason, Step]] = [
    (Reason.DUPLICATE_ADDRESS, duplicate_addresses),
    (Reason.DUPLICATE_PERSON, duplicate_persons),
    (Reason.FREQUENCY, limited),
    (Reason.PRESSURE, under_pressure),
]
