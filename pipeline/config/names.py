"""What things are called now: ids that the configuration has, and what they were called before (`formerly`, domain §8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.config.feed import FeedConfig
from pipeline.config.organisations import Organisation, Register
from pipeline.vocabulary import Named


@dataclass(frozen=True)
class Names:
    """The ids of a configuration by kind. A list, a brand and an organisation may bear one name: each kind has its own."""

    ids: dict[Named, frozenset[str]]
    former: dict[tuple[Named, str], str] = field(default_factory=dict)
    """(kind, a name of before) → the id of now."""
    first: dict[tuple[Named, str], str] = field(default_factory=dict)
    """(kind, the id of now) → the oldest name, by which things are the same before and after they are renamed."""

    @classmethod
    def of(cls, organisations: Mapping[str, Organisation], registers: Mapping[str, Register], feeds: Mapping[str, FeedConfig]) -> "Names":
        """The names in these settings."""
        named = [
            *_named(organisations),
            *((Named.REGISTER, name, register.formerly) for name, register in registers.items()),
            *((Named.FEED, name, feed.formerly) for name, feed in feeds.items()),
        ]
        return cls(
            {kind: frozenset(name for found, name, _ in named if found is kind) for kind in Named},
            {(kind, old): name for kind, name, formerly in named for old in formerly},
            {(kind, name): formerly[0] for kind, name, formerly in named if formerly},
        )

    def now(self, kind: Named, name: str) -> str:
        """What something is called now; a name that nobody knows stays as it is."""
        return self.former.get((kind, name), name)

    def oldest(self, kind: Named, name: str) -> str:
        """What something was called first."""
        return self.first.get((kind, name), name)

    def every(self, kind: Named, name: str) -> tuple[str, ...]:
        """The name, and all that the thing which is called so now was called before."""
        return name, *(old for (found, old), now in self.former.items() if (found, now) == (kind, name))

    def knows(self, kind: Named, name: str) -> bool:
        """Whether the configuration has the id, or says that it is called otherwise now."""
        return self.now(kind, name) in self.ids[kind]


def _named(organisations: Mapping[str, Organisation]) -> Iterator[tuple[Named, str, tuple[str, ...]]]:
    for name, organisation in organisations.items():
        yield Named.ORGANISATION, name, organisation.formerly
        for brand_id, brand in organisation.brands.items():
            yield Named.BRAND, brand_id, brand.formerly
            yield from ((Named.LIST, found.id, found.formerly) for found in brand.lists)
