"""
### Make identity and state, and swap the warehouse

The same as `presend build`, whenever any feed's part of the ledger has grown: no feed waits for another. Where the warehouse is already
that of the ledger and the configuration, the task is *skipped*. Analysts go on reading the old one until the new one is complete.
"""

from airflow.sdk import DAG, AssetAny, task

from orchestration import assets, pools
from orchestration.building import build_warehouse
from orchestration.ingesting import feeds_of
from orchestration.notices import FailureNotifier
from orchestration.wiring import DEFAULTS, PARAMS, workspace

FEEDS = feeds_of(workspace())

with DAG(
    dag_id="presend_build",
    schedule=AssetAny(*map(assets.feed, FEEDS)) if FEEDS else None,
    catchup=False,
    max_active_runs=1,
    default_args={**DEFAULTS, "on_failure_callback": FailureNotifier()},
    params=PARAMS,
    tags=["presend", "build", "group"],
    doc_md=__doc__,
):
    task(build_warehouse, pool=pools.WRITER, outlets=[assets.WAREHOUSE])()
