"""A scenario's configuration with every default filled in (contract §1, tests/scenarios/README.md)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.reasons import MATRIX, Reason
from pipeline.vocabulary import MessageClass

from .times import read_duration, read_share

Path = tuple[str, ...]
"""A scope as the way to it: () the group, (organisation,), (organisation, brand), (organisation, brand, list)."""

DEFAULT_ORGANISATIONS = {
    "o1": {"brands": {"b1": {"lists": ["l1", "l2"]}, "b2": {"lists": ["l3"]}}},
    "o2": {"brands": {"b9": {"lists": ["l9"]}}},
}
DEFAULT_POLICY: dict[str, Any] = {
    "opt_out_reach": "person",
    "consent_required": "none",  # the scenarios' default; the product's is any
    "double_opt_in": "optional",  # likewise; required
    "consent_valid_days": None,
    "staff_resubscribe": "never",
    "resubscribe_reach": "selected",
    "pending_opt_out": "hold",
    "pending_opt_out_days": 14,
    "service_respects": [],
    "pressure": None,
    "crm_flags": "restrict",
}
KIND = {"shop": "profiles"}
"""What a feed holds that is not named after it: a second feed of profiles beside the CRM's."""
PROFILE_FEEDS = ("profiles", "shop")
FEEDS = (*PROFILE_FEEDS, "consent", "delivery")
DEFAULT_LIMITS = {"external_id": 10, "mailbox": 50, "mobile_name": 10}
"""The keys that make one person, and how many profiles may hold one."""
DEFAULT_QUARANTINE = {"soft_threshold": 5, "soft_reset_days": 10, "mailbox_full_days": 30, "release_on_confirmed_opt_in": True}


@dataclass(frozen=True)
class Feed:
    """One feed's settings; `register` is the id of the register that it carries."""

    name: str
    source: str
    zone: ZoneInfo
    max_age: timedelta
    max_rejected: float
    organisation: str = ""
    is_required: bool = True
    register: str = ""


@dataclass(frozen=True)
class Register:
    """A third party's list: its one edition, and when it is in force."""

    name: str
    channel: str
    countries: tuple[str, ...]
    use: str
    algorithm: str
    entries: frozenset[str]


@dataclass(frozen=True)
class Campaign:
    """One campaign, with its scope as a path."""

    name: str
    organisation: str
    path: Path
    channel: str
    message_class: MessageClass
    delivery_analysis_at: datetime
    contact_at: datetime
    publish_before: timedelta
    segment: str | None
    one_message_per: str
    exclude: tuple[str, ...]
    exclude_optional: tuple[str, ...]
    sent_by: str
    most_candidates: int | None
    seeds: tuple[str, ...]
    minimum_audience: int
    maximum_change: float


@dataclass
class Settings:
    """The workspace's configuration."""

    scenario: dict[str, Any]
    organisations: dict[str, Any] = field(init=False)
    paths: dict[tuple[str, str], Path] = field(init=False)
    quarantine: dict[str, Any] = field(init=False)
    key_limits: dict[str, int] = field(init=False)
    feeds: dict[str, Feed] = field(init=False)
    registers: dict[str, Register] = field(init=False)

    def __post_init__(self) -> None:
        scenario = self.scenario
        self.organisations = scenario.get("organisations", DEFAULT_ORGANISATIONS)
        self.paths = {}
        for organisation, what in self.organisations.items():
            self.paths["organisation", organisation] = (organisation,)
            for brand, lists in what["brands"].items():
                self.paths["brand", brand] = (organisation, brand)
                for name in lists.get("lists", []):
                    self.paths["list", name] = (organisation, brand, name)
        self.quarantine = DEFAULT_QUARANTINE | scenario.get("quarantine", {})
        identity = scenario.get("identity", {})
        limits = DEFAULT_LIMITS | identity.get("max_profiles_per_key", {})
        self.key_limits = {kind: limits[kind] for kind in identity.get("keys", DEFAULT_LIMITS)}
        zone = scenario.get("timezone", "Europe/Vienna")
        self.feeds = {}
        for name in ("profiles", "consent", "delivery", *scenario.get("feeds", {})):
            given = {
                "timezone": zone,
                "max_age": scenario.get("max_age", "365d"),
                "max_rejected": scenario.get("max_rejected", "0%"),
                **scenario.get("feeds", {}).get(name, {}),
            }
            self.feeds[name] = Feed(
                name=name,
                source=f"canonical_{KIND.get(name, name)}",
                zone=ZoneInfo(given["timezone"]),
                max_age=read_duration(given["max_age"]),
                max_rejected=read_share(given["max_rejected"]),
                organisation=given.get("organisation", ""),
                is_required=given.get("required", True),
            )
        self.registers = {}
        for name, register in scenario.get("registers", {}).items():
            self.registers[name] = Register(
                name=name,
                channel=register["channel"],
                countries=tuple(register.get("countries", ())),
                use=register["use"],
                algorithm=register.get("algorithm", "plain"),
                entries=frozenset(entry.strip().lower() for entry in register["entries"]),
            )
            # Of the feed's and the register's own max_age the smaller one holds.
            self.feeds[name] = Feed(
                name=name,
                source="canonical_register",
                zone=ZoneInfo(zone),
                max_age=min(read_duration("365d"), read_duration(register.get("max_age", "365d"))),
                max_rejected=0.001,
                register=name,
            )

    def policy(self, organisation: str) -> dict[str, Any]:
        """The campaign's organisation's policy: every policy is that one (domain §6 "Small print")."""
        policy: dict[str, Any] = DEFAULT_POLICY | self.scenario.get("policy", {}) | self.organisations[organisation].get("policy", {})
        return policy

    def country(self, organisation: str) -> str:
        """Where an organisation's profiles live unless they say otherwise."""
        return str(self.organisations[organisation].get("country", "AT"))

    def applicable(self, message_class: MessageClass, organisation: str) -> frozenset[Reason]:
        """The reasons that apply to a message class: the matrix of domain §6, with the policy's cells."""
        reasons = set(MATRIX[message_class])
        if message_class == MessageClass.SERVICE:
            respected = self.policy(organisation)["service_respects"]
            if "group" in respected:
                reasons.add(Reason.OPTED_OUT_GROUP)
            if "organisation" in respected:
                reasons.add(Reason.OPTED_OUT_ORGANISATION)
        return frozenset(reasons)

    def campaign(self, name: str, given: dict[str, Any]) -> Campaign | None:
        """A campaign file read; None where it is a configuration error (domain §6: unknown scope, post, …)."""
        organisation, brand, list_name = given["organisation"], given["brand"], given.get("list")
        path: Path | None = self.paths.get(("list", list_name)) if list_name else self.paths.get(("brand", brand))
        if path is None or path[:2] != (organisation, brand) or given["channel"] == "post":
            return None
        if given["message_class"] == "service" and not given.get("no_advertising_attested_by"):
            return None
        asks_for_consent = Reason.NO_CONSENT in self.applicable(MessageClass(given["message_class"]), organisation)
        if self.policy(organisation)["consent_required"] == "list" and asks_for_consent and not list_name:
            return None
        if given.get("holdout") or given.get("capacity") or given.get("exclude_files"):
            raise NotImplementedError("holdout, capacity and exclude_files are not for the reference: the first two hang on a secret key")
        analysis = datetime.fromisoformat(given["delivery_analysis_at"])
        contact = datetime.fromisoformat(given["contact_at"]) if given.get("contact_at") else analysis
        return Campaign(
            name=name,
            organisation=organisation,
            path=path,
            channel=given["channel"],
            message_class=MessageClass(given["message_class"]),
            delivery_analysis_at=analysis,
            contact_at=contact,
            publish_before=read_duration(given.get("publish_before", "2h")),
            segment=given.get("segment"),
            one_message_per=given.get("one_message_per", "person"),
            exclude=(*given.get("exclude", ()), *given.get("exclude_optional", ())),
            exclude_optional=tuple(given.get("exclude_optional", ())),
            sent_by=given.get("sent_by", ""),
            most_candidates=most_candidates(given),
            seeds=tuple(given.get("seeds", ())),
            minimum_audience=given.get("minimum_audience", 1),
            maximum_change=read_share(given.get("maximum_change", "50%")),
        )


def most_candidates(given: dict[str, Any]) -> int | None:
    """A one_to_one message is for few, unless somebody attests that it advertises nothing (domain §8)."""
    if given["message_class"] != "one_to_one" or given.get("no_advertising_attested_by"):
        return None
    return int(given.get("one_to_one_maximum", 10))


def covers(path: Path, campaign: Path) -> bool:
    """A scope covers a campaign when it lies on the campaign's path (domain §1 "Scopes")."""
    return campaign[: len(path)] == path


def is_inside(path: Path, other: Path) -> bool:
    """Whether a scope is another scope or lies inside it."""
    return path[: len(other)] == other
