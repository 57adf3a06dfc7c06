"""Who is one person (domain §3 "Who is one person")."""

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from .addresses import is_fixed_line, mailbox_of
from .ids import says_nothing
from .ledger import Ledger, Record
from .rows import Profile

Key = tuple[str, Hashable]
"""A kind of key, and what it is."""


@dataclass
class Persons:
    """Profiles in groups; each group is one person, called by its smallest profile."""

    _parent: dict[Profile, Profile] = field(default_factory=dict)

    def of(self, profile: Profile) -> Profile:
        """The person of a profile; a profile that nobody knows is its own."""
        while self._parent.get(profile, profile) != profile:
            profile = self._parent[profile]
        return profile

    def unite(self, records: Iterable[Record], keys: Container[Key]) -> "Persons":
        """Make one person of all that share a key that counts."""
        for profiles in holders_of(records, keys).values():
            for profile in profiles:
                smaller, larger = sorted((self.of(profile), self.of(min(profiles))))
                self._parent[larger] = smaller
        return self


def holders_of(records: Iterable[Record], keys: Container[Key] | None = None) -> dict[Key, set[Profile]]:
    """Who holds each key."""
    sharing: dict[Key, set[Profile]] = defaultdict(set)
    for record in records:
        for key in keys_of(record).items():
            if keys is None or key in keys:
                sharing[key].add(record.profile)
    return sharing


def keys_of(record: Record) -> dict[str, Hashable]:
    """The certain keys of one profile row: external id, mailbox, mobile number with a name. What says nothing is none."""
    keys: dict[str, Hashable] = {}
    if not says_nothing(record.cells.get("external_id", "")):
        keys["external_id"] = (record.profile[0], record.cells["external_id"])
    if record.email:
        keys["mailbox"] = mailbox_of(record.email)
    if record.phone and not is_fixed_line(record.phone):
        names = (record.cells.get(name, "") for name in ("first_name", "last_name"))
        first, last = ("" if says_nothing(name) else name.casefold() for name in names)
        keys["mobile_name"] = (record.phone, last, first[:1])
    return keys


@dataclass
class Identity:
    """Persons now and ever, and who ever held what."""

    ledger: Ledger
    limits: Mapping[str, int]
    """The kinds of key that make one person (`identity.keys`), with how many profiles may hold one."""
    ever: Persons = field(init=False)
    now: Persons = field(init=False)
    holders: defaultdict[str, set[Profile]] = field(init=False)
    mailboxes: defaultdict[Profile, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        told = self.ledger.told()
        ever = holders_of(told)
        keys = {(kind, key) for (kind, key), profiles in ever.items() if len(profiles) <= self.limits.get(kind, 0)}
        keys -= {("mailbox", mailbox) for mailbox in self.placeholders(key for kind, key in keys if kind == "mailbox")}
        self.ever = Persons().unite(told, keys)
        self.now = Persons().unite(self.ledger.profiles(), keys)
        self.holders = defaultdict(set)
        self._by_mailbox: dict[str, set[Profile]] = defaultdict(set)
        self.mailboxes = defaultdict(set)
        for record in told:
            for address in (record.email, record.phone):
                if address:
                    self.holders[address].add(record.profile)
                    self._by_mailbox[mailbox_of(address)].add(record.profile)
                    self.mailboxes[self.ever.of(record.profile)].add(mailbox_of(address))

    def placeholders(self, mailboxes: Iterable[Hashable]) -> set[str]:
        """The mailboxes that say "none" and are forbidden."""
        forbidden = self.ledger.settings.scenario.get("forbidden", {})
        found = set()
        for mailbox in map(str, mailboxes):
            local, _, domain = mailbox.partition("@")
            if says_nothing(local) and (mailbox in forbidden.get("addresses", ()) or domain in forbidden.get("domains", ())):
                found.add(mailbox)
        return found

    def persons_behind(self, address: str) -> set[Profile]:
        """The persons who hold or have held an address in any spelling."""
        return {self.ever.of(profile) for profile in self._by_mailbox.get(mailbox_of(address), ())}
