"""Connected components over shared keys: the one Python step between the SQL files.

Only keys that more than one profile shares are edges, so the work grows with the people who have several profiles, not
with all profiles. SciPy's compiled search does it; the alternatives are weighed in docs/decisions.
"""

import duckdb


def find_components(con: duckdb.DuckDBPyConnection, edges: str, target: str) -> int:
    """Create `target` (profile_key, component) from `edges` (identity_key, profile_key); gives the number of profiles.

    `edges` and `target` are names of our own tables. Profiles with no shared key are not in it.
    """
    con.execute(
        f"""CREATE OR REPLACE TEMPORARY TABLE member AS
        SELECT profile_key, row_number() OVER (ORDER BY profile_key) - 1 AS number FROM (SELECT DISTINCT profile_key FROM {edges})"""
    )
    ((count,),) = con.execute("SELECT count(*)::INTEGER FROM member").fetchall()
    if count == 0:
        con.execute(f"CREATE TABLE {target} (profile_key DECIMAL(38, 0), component INTEGER)")
        return 0
    import numpy as np
    import pyarrow as pa
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = con.sql(
        f"""SELECT member.number AS one, first_member.number AS other
        FROM {edges} AS edge
        INNER JOIN (SELECT identity_key, min(profile_key) AS profile_key FROM {edges} GROUP BY identity_key) AS anchor USING (identity_key)
        INNER JOIN member ON member.profile_key = edge.profile_key
        INNER JOIN member AS first_member ON first_member.profile_key = anchor.profile_key"""
    ).to_arrow_table()
    one, other = pairs["one"].to_numpy(), pairs["other"].to_numpy()
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    found = pa.table({"number": pa.array(np.arange(count, dtype=np.int64)), "component": pa.array(labels.astype(np.int32))})
    con.register("found_component", found)
    try:
        con.execute(
            f"CREATE TABLE {target} AS SELECT member.profile_key, found_component.component FROM found_component INNER JOIN member USING (number)"
        )
    finally:
        con.unregister("found_component")
    return count
