"""Brands and lists that belong to another organisation than when their rows were read: no consent moves to another controller (domain §1).

Nor does an opt-out leave the organisation that it reached. Only where the former owner is still configured: else it may be called
otherwise now.
"""

from collections import defaultdict
from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.errors import ConfigurationError
from pipeline.vocabulary import Named


def look(view: View) -> Iterator[Notice]:
    """A stop for both organisations of each brand or list that has moved."""
    names, organisations = view.configuration.names, view.configuration.organisations
    owners = {
        (kind, scope_id): organisation.id
        for organisation in organisations.values()
        for brand_id, brand in organisation.brands.items()
        for kind, scope_id in ((Named.BRAND, brand_id), *((Named.LIST, found.id) for found in brand.lists))
    }
    files: dict[tuple[Named, str, str], int] = defaultdict(int)
    for load in view.loads:
        for named, then in load.owners.items():
            kind, _, name = named.partition(" ")
            before = names.now(Named.ORGANISATION, then)
            files[Named(kind), names.now(Named(kind), name), before] += not load.is_refused
    for (kind, scope_id, before), count in sorted(files.items()):
        now = owners.get((kind, scope_id))
        if count and now is not None and before != now and before in organisations:
            for organisation in (before, now):
                yield Notice(
                    "moved",
                    f"the {kind} {scope_id} was of the organisation {before} when {count:,} files that name it were read, and is of {now}"
                    f" now: nobody consented to {now} there",
                    "presend.yaml",
                    f"Put it back below {before}; or give it another id below {now}, where it begins without consents.",
                    ConfigurationError,
                    organisation,
                )
