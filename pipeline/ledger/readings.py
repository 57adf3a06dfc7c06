"""Under which settings a feed's files are read, and which loads were read under others (domain §8 "Settings change")."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from pipeline.config import Configuration, FeedConfig, Names
from pipeline.feeds import adapters
from pipeline.feeds._vendor import VendorFeed
from pipeline.ledger.editions import edition_of, is_whole_state, standing
from pipeline.ledger.loads import Load, order_of
from pipeline.ledger.waivers import Waiver, WaiverKind
from pipeline.vocabulary import Kind, Named

NOT_READ_BY = frozenset(
    {"id", "files", "max_age", "required", "max_rejected", "max_shrink", "parts", "formerly", "timezone", "is_timezone_named"}
)
"""Settings that do not decide how a row is read; the zone counts as the one that it comes to, and `parts` for what is in force."""
FIRST_SETTINGS = frozenset(
    {"source", "organisation", "brand", "files", "timezone", "max_age", "required", "max_rejected", "map", "register_format", "id",
     "is_timezone_named"}
)  # fmt: skip
"""The settings in the fingerprint of a load that names no reading: an older version wrote it."""


@dataclass(frozen=True)
class Reading:
    """How a feed's files are read now: its settings, the ids that are known, and the default regions of organisations."""

    feed: FeedConfig
    fingerprint: str
    scopes: str
    organisation: str
    """The feed's organisation by its first name; empty where it has none."""
    regions: Mapping[str, tuple[str, str]]
    """`organisation o1`, `list l1`, … by every name → the organisation's first name and its region."""
    names: Names

    @classmethod
    def of(cls, configuration: Configuration, feed: FeedConfig) -> "Reading":
        """The feed's reading under this configuration. It is the same after something was renamed, with a word (`formerly`)."""
        names = configuration.names
        settings = feed.model_dump(mode="json", exclude=set(NOT_READ_BY), exclude_defaults=True)
        for kind in (Named.ORGANISATION, Named.BRAND):
            if settings.get(str(kind)):
                settings[str(kind)] = names.oldest(kind, settings[str(kind)])
        if "register_format" in settings:
            settings["register_format"]["id"] = names.oldest(Named.REGISTER, settings["register_format"]["id"])
        targets = {vendor_id: (str(target.scope), target.scope_id) for vendor_id, target in feed.map.items()}
        settings["map"] = {
            vendor_id: (scope, names.oldest(Named(scope), scope_id) if scope in list(Named) else "")
            for vendor_id, (scope, scope_id) in targets.items()
        }
        settings |= {"zone": zone_of(feed), "region": region_of(configuration, feed)}
        regions = dict(_regions(configuration))
        return cls(feed, _sha256(settings), _sha256(sorted(regions)), settings.get("organisation") or "", regions, names)

    def of_load(self, load: Load) -> Load:
        """The load, with how it was read."""
        named = [*(load.names or ()), *(f"{Named.ORGANISATION} {name}" for name in load.organisations)]
        regions = dict(self.regions[name] for name in named if name in self.regions)
        owners = {name: self.regions[name][0] for name in named if name in self.regions and not name.startswith(f"{Named.ORGANISATION} ")}
        return replace(
            load,
            reading=self.fingerprint,
            regions=dict(sorted(regions.items())),
            owners=dict(sorted(owners.items())),
            feed_organisation=self.organisation,
            scopes=self.scopes if _missed(load) else "",
        )

    def is_former(self, load: Load) -> bool:
        """Whether the load was read under other settings than these. What was refused is tried again anyway."""
        if load.is_refused:
            return False
        if not load.reading:
            own = self.feed.model_copy(update={"id": load.feed}).model_dump_json(include=set(FIRST_SETTINGS))
            return load.feed_sha256 not in ("", sha256(own.encode()).hexdigest())
        return load.reading != self.fingerprint or any(self._region_of.get(name, region) != region for name, region in load.regions.items())

    @cached_property
    def _region_of(self) -> dict[str, str]:
        return dict(self.regions.values())

    def former(self, loads: Iterable[Load]) -> list[Load]:
        """The feed's loads that were read otherwise than its settings say now, or as whole editions though they are parts by now."""
        loads = list(loads)
        apart = self._apart(loads)
        return [load for load in loads if self.is_former(load) or load.load_id in apart]

    def _apart(self, loads: list[Load]) -> set[str]:
        """The files of the ingest that brought what is in force, where each of several replaced the one before: they are parts by now."""
        if not self.feed.parts:
            return set()
        together: dict[tuple[object, ...], list[Load]] = defaultdict(list)
        for load in loads:
            if is_whole_state(load) and not load.is_refused:
                together[edition_of(load)].append(load)
        newest = [together[edition_of(edition[0])] for edition in self._standing(loads)]
        return {load.load_id for found in newest if len(found) > 1 and not all(load.is_part for load in found) for load in found}

    def _standing(self, loads: Iterable[Load]) -> list[list[Load]]:
        return standing((load for load in sorted(loads, key=order_of) if not load.is_refused), self.names)

    def is_behind(self, load: Load) -> bool:
        """Whether reading its file anew could tell more: the settings were others, or ids have come that its rows missed."""
        return self.is_former(load) or bool(load.scopes and load.scopes != self.scopes and not load.is_refused)

    def left(self, loads: Iterable[Load], waivers: Iterable[Waiver]) -> list[Load]:
        """The feed's loads that count, were read under other settings, and of which nobody has said that they may stay so."""
        own = [load for load in loads if load.feed in self.feed.names]
        in_force = {load.load_id for edition in self._standing(own) for load in edition} | self._apart(own)
        words = [waiver for waiver in waivers if waiver.kind is WaiverKind.KEPT_FORMER and waiver.feed in self.feed.names]
        kept = {(waiver.subject, waiver.sha256) for waiver in words}
        return [
            load
            for load in self.former(own)
            if (self.fingerprint, load.sha256) not in kept and (Kind.REGISTER not in load.kinds or load.load_id in in_force)
        ]


def zone_of(feed: FeedConfig) -> str:
    """The zone of times without an offset: the one that the feed's file names, else the vendor's, else the organisation's."""
    adapter = adapters()[feed.source]
    vendor_zone = adapter.timezone if isinstance(adapter, VendorFeed) else ""
    return feed.timezone if feed.is_timezone_named else vendor_zone or feed.timezone


def region_of(configuration: Configuration, feed: FeedConfig) -> str | None:
    """The default region of a register's or an event's numbers: the register's own country, else the feed's organisation's, else the only
    one there is. Of a register of several countries nobody knows whose number it is."""
    organisations = configuration.organisations
    own = configuration.registers.get(feed.register_format.id) if feed.register_format else None
    if own and own.countries:
        return own.countries[0] if len(own.countries) == 1 else None
    if feed.organisation is not None:
        return organisations[feed.organisation].country
    countries = {organisation.country for organisation in organisations.values()}
    return countries.pop() if len(countries) == 1 else None


def _regions(configuration: Configuration) -> Iterable[tuple[str, tuple[str, str]]]:
    names = configuration.names
    for organisation in configuration.organisations.values():
        told = (names.oldest(Named.ORGANISATION, organisation.id), organisation.country)
        yield from ((f"{Named.ORGANISATION} {name}", told) for name in (organisation.id, *organisation.formerly))
        for brand_id, brand in organisation.brands.items():
            yield from ((f"{Named.BRAND} {name}", told) for name in (brand_id, *brand.formerly))
            yield from ((f"{Named.LIST} {name}", told) for found in brand.lists for name in (found.id, *found.formerly))


def _missed(load: Load) -> bool:
    """Whether rows named an organisation or a scope that nobody had configured."""
    words = [word for told in load.unknown for word in told.split("; ")]
    return bool({"organisation_unknown", "scope_unknown"} & load.faults.keys()) or any(
        word.startswith(("scope ", "organisation ")) or word == "other words" for word in words
    )


def _sha256(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
