"""What is known: the events, each once, and the profiles with their history (domain §2; contract §2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from .addresses import read_email, read_phone
from .flags import Flags
from .ids import read_id
from .rows import Consent, Delivery, Place, Profile, Row, read_consent, read_delivery
from .settings import Feed, Settings
from .times import BEGINNING, Interval, read_time

IDS = ("profile_id", "organisation", "external_id")


def _became(record: "Record") -> Profile | None:
    """The profile that a CRM has merged this one into."""
    organisation, own = record.profile
    heir = read_id(record.cells.get("merged_into", ""))
    return (organisation, heir) if heir and heir != own else None


def _list(record: "Record", column: str) -> list[str]:
    return [one.strip() for one in record.cells.get(column, "").split(";") if one.strip()]


@dataclass(frozen=True)
class Record:
    """One row of a profile feed."""

    profile: Profile
    feed: str
    cells: Row
    email: str | None
    phone: str | None
    written: Interval | None
    place: Place

    @property
    def updated(self) -> datetime | None:
        """When the record was changed, as far as it says."""
        return self.written.start if self.written else None

    def address(self, kind: str) -> str | None:
        """The readable address of a kind."""
        return self.email if kind == "email" else self.phone

    def raw(self, kind: str) -> str:
        """What stands in the cell of a kind."""
        return self.cells.get(kind, "").strip()


class Holding(NamedTuple):
    """Since when a profile is known to hold an address of a kind, and by a file of when; None: it is known to hold none."""

    since: datetime
    address: str | None
    is_there: bool
    received: datetime


@dataclass
class Arrival:
    """The newest files of a feed: when one was last loaded, and whether one refused since then is the newest."""

    loaded: datetime | None = None
    is_refused: bool = False


@dataclass
class Ledger:
    """Everything that was ingested."""

    settings: Settings
    received: datetime = BEGINNING
    consents: dict[tuple[object, ...], Consent] = field(default_factory=dict)
    deliveries: dict[tuple[object, ...], Delivery] = field(default_factory=dict)
    history: list[Record] = field(default_factory=list)
    merges: set[tuple[Profile, Profile]] = field(default_factory=set)
    """Profiles that their CRM has merged: (survivor, former)."""
    flags: Flags = field(default_factory=Flags)
    arrivals: dict[str, Arrival] = field(default_factory=dict)
    _present: dict[Profile, list[Record]] = field(default_factory=dict)
    _holdings: dict[tuple[Profile, str], list[Holding]] = field(default_factory=dict)
    _snapshots: dict[str, list[Record]] = field(default_factory=dict)

    def ingest(self, feed: Feed, file: str, rows: list[Row], received: datetime) -> bool:
        """Load one file; False where it is refused as a whole: too many of its rows are rejected, or it shrank."""
        self.received = max(self.received, received)
        arrival = self.arrivals.setdefault(feed.name, Arrival())
        places = [Place(received, file, number) for number, _ in enumerate(rows, 1)]
        read: list[object | None] = []
        for row, place in zip(rows, places, strict=True):
            if feed.name == "consent":
                read.append(read_consent(row, place, feed, self.settings))
            elif feed.name == "delivery":
                read.append(read_delivery(row, place, feed))
            elif feed.source == "canonical_profiles":
                read.append(self._read_profile(row, place, feed))
            else:
                read.append(row)
        if rows and read.count(None) / len(rows) > feed.max_rejected:
            arrival.is_refused = True
            return False
        if feed.source == "canonical_profiles" and self._has_shrunk(feed, [record for record in read if isinstance(record, Record)], rows):
            arrival.is_refused = True
            return False
        arrival.loaded, arrival.is_refused = received, False
        for event in read:
            # The same event twice is one event: the first arrival is it.
            if isinstance(event, Consent):
                self.consents.setdefault(event.identity(), event)
            elif isinstance(event, Delivery):
                self.deliveries.setdefault(event.identity(), event)
        if feed.source == "canonical_profiles":
            self._load_profiles(feed, [record for record in read if isinstance(record, Record)], rows, received)
        return True

    def _has_shrunk(self, feed: Feed, records: list[Record], rows: list[Row]) -> bool:
        """Whether a snapshot, beside the one before, is empty, has lost half of a hundred rows or more, or is older."""
        if any("operation" in row for row in rows):
            return False
        before, self._snapshots[feed.name] = self._snapshots.get(feed.name, []), records

        def is_less(now: int, then: int) -> bool:
            return then > 0 and (now == 0 or (then >= 100 and now < then / 2))

        def newest(told: list[Record]) -> datetime | None:
            times = [record.updated for record in told]
            return None if len(told) < 100 or None in times else max(time for time in times if time)

        has_shrunk = is_less(len(records), len(before))
        for name in {record.profile[0] for record in before}:
            now, then = (sum(one.profile[0] == name for one in told) for told in (records, before))
            # Of whom it says nothing, nothing is replaced, unless it speaks for its feed's own organisation.
            has_shrunk |= is_less(now, then) and (now > 0 or then >= 100 or name == feed.organisation)
        last, first = newest(records), newest(before)
        has_shrunk |= bool(last and first and last < first)
        if has_shrunk:
            self._snapshots[feed.name] = before
        return has_shrunk

    def _read_profile(self, row: Row, place: Place, feed: Feed) -> Record | None:
        cells = {name: str(value).strip() for name, value in row.items()}
        cells |= {name: read_id(str(row[name])) for name in IDS if name in row}
        organisation = cells.get("organisation") or feed.organisation
        if organisation not in self.settings.organisations or not cells.get("profile_id"):
            return None
        written = read_time(cells.get("updated_at", ""), feed.zone)
        return Record(
            profile=(organisation, cells["profile_id"]),
            feed=feed.name,
            cells=cells,
            email=read_email(cells.get("email", "")),
            phone=read_phone(cells.get("phone", "")),
            written=written,
            place=place,
        )

    def _load_profiles(self, feed: Feed, records: list[Record], rows: list[Row], received: datetime) -> None:
        """A file is its feed's snapshot of each organisation in it, unless it says row by row what to do."""
        kept = [record for record in records if record.cells.get("operation") != "delete" or _became(record)]
        self.history += kept
        for record in kept:
            organisation, _ = record.profile
            former = (replace(record, cells={}, phone=None, email=read_email(one)) for one in _list(record, "former_emails"))
            self.history += [one for one in former if one.email]
            self.merges |= {(record.profile, (organisation, read_id(one))) for one in _list(record, "merged_ids")}
            self.merges |= {(heir, record.profile) for heir in (_became(record),) if heir}
        self._lead_on()
        is_snapshot = not any("operation" in row for row in rows)
        named = self._named_by(records) | ({feed.organisation} if is_snapshot else set())
        self.flags.next_file(feed.name, named)
        for record in records:  # a row that deletes a profile may say a last "no"
            self.flags.read(feed.name, record.profile, record.cells, record.email, record.phone, record.written, record.place)
        before = {profile for profile, known in self._present.items() if known}
        if is_snapshot:
            for profile in before:
                if profile[0] in named:
                    self._forget(profile, feed)
        for record in records:
            if record.cells.get("operation") == "delete" or _became(record):
                self._forget(record.profile, feed)
            else:
                self._present.setdefault(record.profile, []).append(record)
            self._remember(record.profile, received)
        for profile in before:
            self._remember(profile, received)

    def _named_by(self, records: list[Record]) -> set[str]:
        """The organisations of a file's records."""
        return {record.profile[0] for record in records}

    def without(self, feed: Feed) -> None:
        """The feed is not configured any more: its profiles are no candidates; their history and their restrictions stay (domain §8)."""
        for profile in self._present:
            self._forget(profile, feed)

    def _forget(self, profile: Profile, feed: Feed) -> None:
        """The feed does not know the profile any more; another may."""
        self._present[profile] = [record for record in self._present.get(profile, ()) if record.feed != feed.name]

    def _remember(self, profile: Profile, received: datetime) -> None:
        """Note from when on a profile holds what it holds now: since its record was updated, as far as that can be."""
        record = self.record(profile)
        for kind in ("email", "phone"):
            held = self._holdings.setdefault((profile, kind), [])
            address = record.address(kind) if record else None
            if held and held[-1].address == address and held[-1].is_there == bool(record):
                continue
            since = min(record.updated, received) if record and record.updated else received
            if held and (not held[-1].is_there or (since, held[-1].received) < (held[-1].since, received)):
                since = received  # it came back, or contradicts what was known: certain only from now on
            held.append(Holding(since, address, bool(record), received))

    def record(self, profile: Profile) -> Record | None:
        """The record of a profile: the one updated last, then of the latest file, then the last row."""
        return max(self._present.get(profile, ()), key=lambda one: (one.updated or BEGINNING, one.place), default=None)

    def profiles(self) -> Iterator[Record]:
        """The records of all profiles that exist."""
        for profile in sorted(self._present):
            record = self.record(profile)
            if record:
                yield record

    def held_at(self, profile: Profile, kind: str, moment: datetime) -> str | None:
        """The address that the profile is known to have held at a moment (domain §3, permissive events that name only a profile)."""
        known = [holding for holding in self._holdings.get((profile, kind), ()) if holding.since <= moment]
        return known[-1].address if known else None

    def _lead_on(self) -> None:
        """Whoever became a profile that became another one has become the last."""
        while more := {(heir, former) for heir, one in self.merges for other, former in self.merges if one == other and heir != former}:
            if more <= self.merges:
                return
            self.merges |= more

    def told(self) -> list[Record]:
        """Everything that was said of profiles; what was said of a merged one was said of the survivor too."""
        inherited = [replace(one, profile=heir) for heir, former in self.merges for one in self.history if one.profile == former]
        return self.history + inherited

    def one_with(self, profiles: Iterable[Profile]) -> set[Profile]:
        """The profiles, and those that are one with them by a merge."""
        known = set(profiles)
        return known.union(*({heir, former} for heir, former in self.merges if heir in known or former in known))

    def held_until_receipt(self, profile: Profile, kind: str, received: datetime) -> set[str]:
        """Every address that the profile held up to a receipt, or, where none was known, the first that became known (domain §3)."""
        rows = [record for record in self.told() if record.profile == profile and record.address(kind)]
        known = {record.address(kind) for record in rows if record.place.received <= received}
        if not known and rows:
            first = min(record.place.received for record in rows)
            known = {record.address(kind) for record in rows if record.place.received == first}
        return {address for address in known if address}
