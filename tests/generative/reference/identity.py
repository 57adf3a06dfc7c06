"""Who is one person (domain §3 "Who is one person")."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from .addresses import is_fixed_line, mailbox_of
from .ledger import Ledger, Record
from .rows import Profile


@dataclass
class Persons:
    """Profiles in groups; each group is one person, called by its smallest profile."""

    _parent: dict[Profile, Profile] = field(default_factory=dict)

    def of(self, profile: Profile) -> Profile:
        """The person of a profile; a profile that nobody knows is its own."""
        while self._parent.get(profile, profile) != profile:
            profile = self._parent[profile]
        return profile

    def unite(self, records: Iterable[Record], kinds: Iterable[str]) -> "Persons":
        """Make one person of all that share a key of a kind that counts."""
        sharing: dict[Hashable, set[Profile]] = defaultdict(set)
        for record in records:
            for kind, key in keys_of(record).items():
                if kind in kinds:
                    sharing[kind, key].add(record.profile)
        for profiles in sharing.values():
            for profile in profiles:
                smaller, larger = sorted((self.of(profile), self.of(min(profiles))))
                self._parent[larger] = smaller
        return self


def keys_of(record: Record) -> dict[str, Hashable]:
    """The certain keys of one profile row: external id, mailbox, mobile number with a name."""
    keys: dict[str, Hashable] = {}
    if record.cells.get("external_id"):
        keys["external_id"] = (record.profile[0], record.cells["external_id"])
    if record.email:
        keys["mailbox"] = mailbox_of(record.email)
    if record.phone and not is_fixed_line(record.phone):
        first, last = (record.cells.get(name, "").casefold() for name in ("first_name", "last_name"))
        keys["mobile_name"] = (record.phone, last, first[:1])
    return keys


@dataclass
class Identity:
    """Persons now and ever, and who ever held what."""

    ledger: Ledger
    keys: Iterable[str]
    """The kinds of key that make one person (`identity.keys`)."""
    ever: Persons = field(init=False)
    now: Persons = field(init=False)
    holders: defaultdict[str, set[Profile]] = field(init=False)
    mailboxes: defaultdict[Profile, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.ever = Persons().unite(self.ledger.history, self.keys)
        self.now = Persons().unite(self.ledger.profiles(), self.keys)
        self.holders = defaultdict(set)
        self._by_mailbox: dict[str, set[Profile]] = defaultdict(set)
        self.mailboxes = defaultdict(set)
        for record in self.ledger.history:
            for address in (record.email, record.phone):
                if address:
                    self.holders[address].add(record.profile)
                    self._by_mailbox[mailbox_of(address)].add(record.profile)
                    self.mailboxes[self.ever.of(record.profile)].add(mailbox_of(address))

    def persons_behind(self, address: str) -> set[Profile]:
        """The persons who hold or have held an address in any spelling."""
        return {self.ever.of(profile) for profile in self._by_mailbox.get(mailbox_of(address), ())}
