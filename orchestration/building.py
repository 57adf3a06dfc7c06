"""The task of the build: identity and state from the whole ledger, swapped in by one rename."""

from airflow.sdk import get_current_context

from orchestration import assets, lineage
from orchestration.notes import failing_once, say
from orchestration.progress import progress
from orchestration.wiring import clock, workspace


def build_warehouse() -> None:
    """Make the warehouse anew, as `presend build` does. Skipped where it is that of the ledger and the configuration already.

    The event of its asset tells the ledger's version, its files and the rows of each table.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from pipeline import warehouse
    from pipeline.config import load_configuration
    from pipeline.feeds import sources
    from pipeline.ledger import read_loads

    place = workspace()
    with failing_once():
        configuration = load_configuration(place, sources=sources())
        loads = read_loads(place)
        if warehouse.is_current(place, configuration, loads):
            say(f"Files in the ledger: {len(loads):,}; the warehouse shows them already.")
            raise AirflowSkipException("nothing new")
        report = warehouse.build(place, configuration, clock(), progress())
    say(f"Files in the ledger: {len(loads):,}. Rows: {', '.join(f'{rows:,} {table}' for table, rows in report.rows.items())}.")
    lineage.tell(read=[place.ledger / feed for feed in sorted({load.feed for load in loads})], written=place.warehouse)
    extra = {"ledger_version": report.ledger_version, "files": len(loads), "as_of": report.as_of.isoformat(), "rows": report.rows}
    get_current_context()["outlet_events"][assets.WAREHOUSE].extra.update(extra)
