"""Connected components over shared keys: the one Python step between the SQL files.

Only keys that more than one profile shares are edges, so the work grows with the people who have several profiles, not
with all profiles. SciPy's compiled search does it; the alternatives are weighed in docs/decisions.
"""

from functools import partial
from pathlib import Path

import duckdb

from pipeline.engines.local import quoted
from pipeline.sources import COMPONENT_EVER, COMPONENT_NOW, Source
from pipeline.steps import Filled


def find_components(con: duckdb.DuckDBPyConnection, *, edges: str, target: Source) -> int:
    """Make `target` from `edges` (identity_key, profile_key), a table of our own; gives the number of profiles.

    Profiles with no shared key are not in it.
    """
    target.create(con)
    con.execute(
        f"""CREATE OR REPLACE TEMPORARY TABLE member AS
        SELECT profile_key, row_number() OVER (ORDER BY profile_key) - 1 AS number FROM (SELECT DISTINCT profile_key FROM {edges})"""
    )
    count = int(con.execute("SELECT count(*) FROM member").fetchall()[0][0])
    if count == 0:
        return 0
    import numpy as np
    import polars as pl
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    # Where the engine spills: the folder ends with it.
    ((spill,),) = con.execute("SELECT current_setting('temp_directory')").fetchall()
    pairs, found = Path(spill) / f"{edges}.parquet", Path(spill) / f"{target.name}.parquet"
    con.execute(
        f"""COPY (
            SELECT member.number AS one, first_member.number AS other
            FROM {edges} AS edge
            INNER JOIN (
                SELECT identity_key, min(profile_key) AS profile_key FROM {edges} GROUP BY identity_key
            ) AS anchor USING (identity_key)
            INNER JOIN member ON member.profile_key = edge.profile_key
            INNER JOIN member AS first_member ON first_member.profile_key = anchor.profile_key
        ) TO {quoted(pairs)} (FORMAT parquet)"""
    )
    graph_edges = pl.read_parquet(pairs)
    one, other = graph_edges["one"].to_numpy(), graph_edges["other"].to_numpy()
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    pl.DataFrame({"number": np.arange(count, dtype=np.int64), "component": labels.astype(np.int32)}).write_parquet(found)
    con.execute(
        f"""INSERT INTO {target.target}
        SELECT member.profile_key, found.component FROM read_parquet({quoted(found)}) AS found INNER JOIN member USING (number)"""
    )
    return count


FILLED = (
    Filled(COMPONENT_EVER.name, ("shared_key_ever",), partial(find_components, edges="shared_key_ever", target=COMPONENT_EVER)),
    Filled(COMPONENT_NOW.name, ("shared_key_now",), partial(find_components, edges="shared_key_now", target=COMPONENT_NOW)),
)
"""What Python fills between the steps of 2_identity: the components over the keys ever held, and over those held now."""
