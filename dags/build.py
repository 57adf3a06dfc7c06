"""
### Make identity and state, and swap the warehouse

The same as `presend build`, whenever the ledger has grown. Where the warehouse is already that of the ledger and the configuration,
nothing happens. Analysts go on reading the old one until the new one is complete.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import Asset, Param, dag, task

from pipeline.workspace import Workspace

WORKSPACE = Workspace(Path(os.environ.get("PRESEND_WORKSPACE") or "."))


@task(pool="presend_writer", outlets=[Asset("presend_warehouse")])
def build_warehouse(params: dict[str, Any] | None = None) -> str:
    """Build unless the warehouse is current; gives the version of the ledger that it shows."""
    from pipeline.config import load_configuration
    from pipeline.decision import as_utc
    from pipeline.feeds import adapters
    from pipeline.logs import Progress
    from pipeline.publishing import ensure_built

    given = (params or {}).get("as_of")
    as_of = as_utc(given) if given else datetime.now(UTC).replace(microsecond=0)
    configuration = load_configuration(WORKSPACE, sources=frozenset(adapters()))
    _, version = ensure_built(WORKSPACE, configuration, as_of, Progress(is_quiet=False))
    return version


@dag(
    dag_id="presend_build",
    schedule=[Asset("presend_ledger")],
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "presend", "retries": 2, "retry_delay": timedelta(minutes=1)},
    params={"as_of": Param(None, type=["null", "string"], description="the run's clock, e.g. 2026-11-25T07:00:00Z; none: now")},
    tags=["presend", "build"],
    doc_md=__doc__,
)
def presend_build() -> None:
    """One task: there is one warehouse."""
    build_warehouse()


presend_build()
