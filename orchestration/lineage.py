"""What a task has read and written, for whoever draws lineage from Airflow, e.g. its OpenLineage provider.

Folders and the warehouse, as `file://` datasets: landing/<feed> → ledger/<feed> → warehouse → outbox/<organisation>/<campaign>. Airflow's
collector takes them only where somebody reads them; without one nothing is kept. Presend's assets have names and no places, which lineage
needs.
"""

from collections.abc import Iterable
from pathlib import Path

from airflow.sdk import get_current_context


def tell(*, read: Iterable[Path], written: Path) -> None:
    """The running task has read and written these places."""
    from airflow.sdk.lineage import get_hook_lineage_collector

    collector, task = get_hook_lineage_collector(), get_current_context()["ti"].task
    for path in read:
        collector.add_input_asset(task, scheme="file", asset_kwargs={"path": str(path)})
    collector.add_output_asset(task, scheme="file", asset_kwargs={"path": str(written)})
