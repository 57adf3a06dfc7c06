"""A warehouse that somebody wrote to since it was built: nothing of it is used, and the next command builds it again from the ledger."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.built import was_changed


def look(view: View) -> Iterator[Notice]:
    """One notice, as long as the changed file is there."""
    if was_changed(view.workspace):
        yield Notice(
            "changed_warehouse",
            "the warehouse was changed after it was built; nothing of it is used, and it is built again from the ledger",
            where=view.workspace.warehouse.relative_to(view.workspace.root).as_posix(),
            remedy="Open it with `duckdb -readonly`; `presend build` makes it anew now.",
        )
