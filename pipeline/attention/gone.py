"""What the ledger names and the configuration does not, without a word that it is called otherwise (domain §8)."""

from collections import Counter
from collections.abc import Iterator

import duckdb

from pipeline.attention._notice import Notice, View
from pipeline.config.references import formerly
from pipeline.engines.local import quoted
from pipeline.ledger.loads import Load, folder_of
from pipeline.vocabulary import Kind, Named

MEANING = {
    Named.ORGANISATION: "what restricts there restricts in the whole group, and consents there permit nothing",
    Named.BRAND: "what restricts there restricts in its whole organisation (else the group), and consents there permit nothing",
    Named.LIST: "what restricts there restricts in its whole organisation (else the group), and consents there permit nothing",
    Named.REGISTER: "its last edition restricts always, on every channel, and never grows stale",
}
UNCOUNTED = {
    Kind.PROFILE: "SELECT 'organisation ' || organisation FROM read_parquet([{files}]) WHERE fault IS NULL",
    Kind.CONSENT: "SELECT scope || ' ' || scope_id FROM read_parquet([{files}]) WHERE fault IS NULL AND scope_id NOT IN ('', '*')",
    Kind.DELIVERY: "SELECT 'organisation ' || organisation FROM read_parquet([{files}]) WHERE fault IS NULL AND is_known_organisation",
    Kind.REGISTER: "SELECT 'register ' || register FROM read_parquet([{files}]) WHERE fault IS NULL",
}
"""What rows name that an older version wrote, which did not count it in load.json."""


def look(view: View) -> Iterator[Notice]:
    """One warning for each id that only the ledger knows, with the number of its rows."""
    names = view.configuration.names
    loads = [load for load in view.loads if not load.is_refused]
    contents = [load for load in loads if load.content == load.load_id]
    counted: Counter[str] = Counter()
    for load in contents:
        counted.update(load.names or {})
    counted.update(_uncounted(view, [load for load in contents if load.names is None]))
    for told, rows in sorted(counted.items()):
        kind, _, name = told.partition(" ")
        if rows and not names.knows(Named(kind), name):
            yield Notice(
                "gone",
                f"{rows:,} rows of the ledger name the {kind} {name}, which is not configured: {MEANING[Named(kind)]}",
                where="presend.yaml",
                remedy=f"If it is called otherwise now, write in presend.yaml {formerly(kind, name)}.",
            )
    silent = [load for load in loads if not names.knows(Named.FEED, load.feed)]
    for feed in sorted({load.feed for load in silent}):
        own = [load for load in silent if load.feed == feed]
        rows = sum(load.loaded for load in own)
        yield Notice(
            "gone",
            f"the feed {feed} is not configured: its {len(own):,} files ({rows:,} rows) still restrict, and its profiles are no candidates",
            where=f"feeds/{feed}.yaml",
            remedy=f"If another feed goes on with it, write `formerly: [{feed}]` into that feed's file.",
        )


def _uncounted(view: View, loads: list[Load]) -> Counter[str]:
    parts = [
        query.format(files=", ".join(quoted(file) for file in files))
        for kind, query in UNCOUNTED.items()
        if (files := [folder_of(view.workspace, load.load_id, load.feed) / f"{kind}.parquet" for load in loads if load.kinds.get(kind)])
    ]
    if not parts:
        return Counter()
    with duckdb.connect() as con:
        query = f"SELECT name, count(*) FROM ({' UNION ALL '.join(parts)}) AS told (name) WHERE name IS NOT NULL GROUP BY name"
        return Counter(dict(con.execute(query).fetchall()))
