"""
### Ask published audiences again

Between a publication and the delivery analysis people opt out. Whenever any feed's part of the ledger has grown, this does what
`presend recheck` does, for the newest run of each campaign whose delivery analysis is still ahead: the list of who is withdrawn is
written beside the run, and `latest.json` names it. The runs stay as they are. *Skipped* where no such run is older than the ledger.
"""

from airflow.sdk import DAG, AssetAny, task

from orchestration import assets, pools
from orchestration.ingesting import feeds_of
from orchestration.notices import FailureNotifier
from orchestration.rechecking import recheck_runs
from orchestration.wiring import DEFAULTS, PARAMS, workspace

FEEDS = feeds_of(workspace())

with DAG(
    dag_id="presend_recheck",
    schedule=AssetAny(*map(assets.feed, FEEDS)) if FEEDS else None,
    catchup=False,
    max_active_runs=1,
    default_args={**DEFAULTS, "on_failure_callback": FailureNotifier()},
    params=PARAMS,
    tags=["presend", "recheck", "group"],
    doc_md=__doc__,
):
    task(recheck_runs, pool=pools.WRITER, outlets=[assets.WITHDRAWN])()
