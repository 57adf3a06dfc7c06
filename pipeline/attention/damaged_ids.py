"""Profile ids that a spreadsheet or a program has written otherwise, so that an opt-out restricts nobody by them."""

from collections.abc import Iterator

import duckdb

from pipeline.attention._notice import Notice, View
from pipeline.logs import masked_name

KIND = "damaged_id"
_REMEDY = "Write the profile ids as text, in the one form that the profiles have, and land the file again."
_DAMAGED = """
SELECT organisation, profile_id IS NULL AS is_rounded, count(*), sum(events)::BIGINT, sum(profiles)::BIGINT,
    min(written_id), min_by(profile_id, written_id)
FROM id_damaged
GROUP BY ALL
ORDER BY ALL
"""


def look(view: View) -> Iterator[Notice]:
    """Notices per organisation, as the warehouse has them; before the first build, or where an older version built it, there are none."""
    if not view.workspace.warehouse.is_file():
        return
    try:
        with duckdb.connect(str(view.workspace.warehouse), read_only=True) as con:
            rows = con.execute(_DAMAGED).fetchall()
    except duckdb.Error:  # no warehouse of this version: the next build replaces it, and nothing is published before
        return
    for organisation, is_rounded, ids, events, profiles, written, profile_id in rows:
        of = f" of {organisation}" if organisation else ""
        if is_rounded:
            message = (
                f"{ids:,} profile ids{of} are numbers that were rounded, such as {masked_name(written)}: {events:,} restrictions and "
                f"{profiles:,} profiles bear one, and different people may share it"
            )
        else:
            message = (
                f"{events:,} restrictions name {ids:,} profile ids{of} that no profile has, one of them {masked_name(written)}; "
                f"written otherwise, as {masked_name(profile_id)}, there is one: by its id, it is not restricted"
            )
        yield Notice(KIND, message, where=f"profiles{of}", remedy=_REMEDY, organisation=organisation)
