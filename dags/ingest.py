"""
### Load what lands for one feed

The DAG wakes within seconds when a file lands in the feed's folder below `landing/`: Airflow's triggerer looks at it, without a worker's
slot. `ingest` does what `presend ingest FEED` does, and `accept` fails when a file was refused. A file that is in the ledger already is
not loaded again, so every task may be repeated; a run that finds nothing new is *skipped*, and wakes nobody.

A refused file fails once, without a retry: nobody but its sender can mend it. Until a better one comes, nothing is published that rests
on the feed.
"""

from airflow.sdk import DAG, get_parsing_context, task

from orchestration import assets, pools
from orchestration.ingesting import feeds_of, load_feed, require_accepted
from orchestration.landing import watcher_of
from orchestration.notices import FeedNotifier
from orchestration.wiring import DEFAULTS, INGEST, PARAMS, workspace
from pipeline.errors import ConfigurationError

WORKSPACE = workspace()
WANTED = get_parsing_context().dag_id  # a task's process reads its own DAG only

for name, feed in feeds_of(WORKSPACE).items():
    if WANTED not in (None, f"{INGEST}{name}"):
        continue
    # A feed whose file is wrong keeps its DAG, with nothing to wake it: its task says what is wrong, and it is seen to be missing.
    is_faulty = isinstance(feed, ConfigurationError)
    organisation = None if is_faulty else feed.organisation
    with DAG(
        dag_id=f"{INGEST}{name}",
        schedule=None if is_faulty else [assets.landing(name, [watcher_of(WORKSPACE, feed)])],
        catchup=False,
        max_active_runs=1,
        default_args={**DEFAULTS, "owner": organisation or "presend", "on_failure_callback": FeedNotifier(name)},
        params=PARAMS,
        tags=["presend", "ingest", "faulty" if is_faulty else organisation or "group"],
        doc_md=f"{__doc__}\n* **{feed}**" if is_faulty else f"{__doc__}\n`{feed.source}`, `landing/{name}/{feed.files}`",
    ) as found:
        loaded = task(load_feed, task_id="ingest", pool=pools.INGEST, outlets=[assets.feed(name)])(name)
        loaded >> task(require_accepted, task_id="accept", pool=pools.INGEST, trigger_rule="none_failed")(name)
    globals()[found.dag_id] = found  # where Airflow looks for it
