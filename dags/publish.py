"""
### Decide, validate and publish one campaign

The same as `presend publish CAMPAIGN`, from the moment on at which the campaign's window opens. What stops it – a feed that is stale, a
gate that says no – is tried again every fifteen minutes until the window closes; each time is decided anew, so that whoever opts out
meanwhile is left out. Where the campaign asks for an approval, the run waits in `pending/` for `presend approve`.

A scheduler that was down when the window opened publishes when it is back; after the delivery analysis the task fails, because a file
that comes then reaches nobody.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, Param, task
from airflow.timetables.events import EventsTimetable  # the one of airflow.sdk 3.3.2 cannot be read back from the database

from pipeline.config import load_configuration
from pipeline.workspace import Workspace

AGAIN = timedelta(minutes=15)
WORKSPACE = Workspace(Path(os.environ.get("PRESEND_WORKSPACE") or "."))
CONFIGURATION = load_configuration(WORKSPACE)


@task(pool="presend_writer")
def publish_campaign(campaign: str, params: dict[str, Any] | None = None) -> str:
    """Publish the campaign; gives the id of its run, or what it waits for."""
    from pipeline.decision import as_utc
    from pipeline.errors import WaitingForApproval
    from pipeline.feeds import adapters
    from pipeline.logs import Progress
    from pipeline.publishing import publish

    given = (params or {}).get("as_of")
    as_of = as_utc(given) if given else datetime.now(UTC).replace(microsecond=0)
    configuration = load_configuration(WORKSPACE, sources=frozenset(adapters()))
    try:
        return publish(WORKSPACE, configuration, campaign, as_of, Progress(is_quiet=False)).run_id
    except WaitingForApproval as waiting:  # the run is complete: nothing is left to do here
        return str(waiting)


for name in sorted({*CONFIGURATION.campaigns, *CONFIGURATION.campaign_faults}):
    # A campaign whose file is wrong keeps its DAG, without a schedule: its task says what is wrong, and it is seen to be missing.
    campaign = CONFIGURATION.campaigns.get(name)
    faults = "".join(f"\n* **{fault}**" for fault in CONFIGURATION.campaign_faults.get(name, ()))
    with DAG(
        dag_id=f"presend_publish_{name}",
        schedule=EventsTimetable([campaign.window_opens_at]) if campaign else None,
        start_date=campaign.window_opens_at if campaign else None,
        catchup=True,
        max_active_runs=1,
        default_args={"owner": campaign.organisation if campaign else "presend"},
        params={"as_of": Param(None, type=["null", "string"], description="the run's clock, e.g. 2026-11-25T07:00:00Z; none: now")},
        tags=["presend", "publish", *([campaign.organisation] if campaign else ["faulty"])],
        doc_md=f"{__doc__}{faults}",
    ) as found:
        retries = campaign.publish_before // AGAIN if campaign else 0
        publish_campaign.override(retries=retries, retry_delay=AGAIN)(name)
    globals()[found.dag_id] = found  # where Airflow looks for it
