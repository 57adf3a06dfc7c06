"""
### Look after the workspace, every day

Five checks side by side, each of which fails with the names of what is wrong: the configuration (`presend check`), the ledger against its
hashes, the runs published lately (`presend verify`), whether the campaigns of the next day have what they rest on (`presend status`), and
whether one of the last two days was missed: a DAG that is switched off tells nobody. What killed processes left half done is removed.
Where `deliver_to` or `PRESEND_OUTBOX` names a place, what is not there yet is delivered: runs and withdrawn lists made at a terminal too.
Nothing here changes what is decided.
"""

from datetime import UTC, datetime

from airflow.sdk import DAG, task

from orchestration import maintaining, pools
from orchestration.notices import FailureNotifier
from orchestration.places import is_anything_delivered
from orchestration.wiring import DEFAULTS, PARAMS, workspace

with DAG(
    dag_id="presend_maintenance",
    schedule="0 4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={**DEFAULTS, "on_failure_callback": FailureNotifier()},
    params=PARAMS,
    tags=["presend", "maintenance", "group"],
    doc_md=__doc__,
):
    for check in (maintaining.check_configuration, maintaining.check_ledger, maintaining.check_readiness):
        task(check, pool=pools.INGEST)()
    missed = task(maintaining.check_missed, pool=pools.INGEST, trigger_rule="all_done")()
    if is_anything_delivered(workspace()):
        task(maintaining.deliver_runs)() >> missed
    for work in (maintaining.verify_runs, maintaining.clear_leftovers):
        task(work, pool=pools.WRITER)()
