"""
### Load what is new in `landing/`

One task per feed of the workspace (`PRESEND_WORKSPACE`), each the same as `presend ingest FEED`. A file that is in the ledger already is
not loaded again, so every task may be repeated. A feed without a new file is *skipped*, and wakes nobody.

A file that was refused fails its task once, without a retry: nobody but its sender can mend it. Until a better one comes, nothing is
published that rests on the feed.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import Asset, Param, dag, task

from pipeline.config import load_configuration
from pipeline.workspace import Workspace

WORKSPACE = Workspace(Path(os.environ.get("PRESEND_WORKSPACE") or "."))
FEEDS = sorted(load_configuration(WORKSPACE, campaigns=()).feeds)


@task(pool="presend_writer", outlets=[Asset("presend_ledger")])
def ingest_feed(feed: str, params: dict[str, Any] | None = None) -> dict[str, int]:
    """Load the feed's new files; gives what became of their rows."""
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

    from pipeline.decision import as_utc
    from pipeline.feeds import adapters
    from pipeline.ledger import ingest
    from pipeline.logs import Progress
    from pipeline.publishing import refusal

    given = (params or {}).get("as_of")
    as_of = as_utc(given) if given else datetime.now(UTC).replace(microsecond=0)
    configuration = load_configuration(WORKSPACE, sources=frozenset(adapters()), campaigns=())
    report = ingest(WORKSPACE, configuration, as_of, [feed], Progress(is_quiet=False))
    if report.refused:
        raise AirflowFailException(str(refusal(report.refused)))
    if not report.loads:
        raise AirflowSkipException("nothing new")
    return {name: sum(getattr(load, name) for load in report.loads) for name in ("rows", "loaded", "duplicate", "ignored", "rejected")}


@dag(
    dag_id="presend_ingest",
    schedule="*/15 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "presend", "retries": 2, "retry_delay": timedelta(minutes=1)},
    params={"as_of": Param(None, type=["null", "string"], description="the run's clock, e.g. 2026-11-25T07:00:00Z; none: now")},
    tags=["presend", "ingest"],
    doc_md=__doc__,
)
def presend_ingest() -> None:
    """One task per feed, side by side as far as the pool lets them."""
    for feed in FEEDS:
        ingest_feed.override(task_id=f"ingest_{feed}")(feed)


presend_ingest()
