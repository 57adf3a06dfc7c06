"""Connected components over shared keys: the one Python step between the SQL files.

Only keys that more than one profile shares are edges, so the work grows with the people who have several profiles, not
with all profiles. SciPy's compiled search does it; the alternatives are weighed in docs/decisions.
"""

from pathlib import Path

import duckdb

from pipeline.engines.local import quoted, scratch_folder


def find_components(con: duckdb.DuckDBPyConnection, edges: str, target: str, scratch: Path) -> int:
    """Create `target` (profile_key, component) from `edges` (identity_key, profile_key); gives the number of profiles.

    `edges` and `target` are names of our own tables. Profiles with no shared key are not in it.
    """
    con.execute(
        f"""CREATE OR REPLACE TEMPORARY TABLE member AS
        SELECT profile_key, row_number() OVER (ORDER BY profile_key) - 1 AS number FROM (SELECT DISTINCT profile_key FROM {edges})"""
    )
    count = int(con.execute("SELECT count(*) FROM member").fetchall()[0][0])
    if count == 0:
        con.execute(f"CREATE TABLE {target} (profile_key DECIMAL(38, 0), component INTEGER)")
        return 0
    import numpy as np
    import polars as pl
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    with scratch_folder(scratch) as folder:
        pairs, found = folder / "pairs.parquet", folder / "components.parquet"
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
            f"""CREATE TABLE {target} AS
            SELECT member.profile_key, found.component FROM read_parquet({quoted(found)}) AS found INNER JOIN member USING (number)"""
        )
    return count
