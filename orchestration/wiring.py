"""What every DAG of Presend has: its workspace, its clock, and the settings of its tasks."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import Param, get_current_context

from pipeline.durable import UMASK
from pipeline.workspace import Workspace

INGEST = "presend_ingest_"
PUBLISH = "presend_publish_"
"""How the ids of a feed's and of a campaign's DAG begin."""
PARAMS = {"as_of": Param(None, type=["null", "string"], description="the run's clock, e.g. 2026-11-25T07:00:00Z; none: now")}


def close_to_others(_context: object) -> None:
    """What a task writes is readable for its owner and group, never for others, as what a command writes."""
    os.umask(UMASK)


DEFAULTS: dict[str, Any] = {"owner": "presend", "retries": 2, "retry_delay": timedelta(minutes=1), "pre_execute": close_to_others}
"""Retries cure a lost worker or another writer; what only people can mend fails at once."""
if queue := os.environ.get("PRESEND_QUEUE"):
    DEFAULTS["queue"] = queue  # where an executor has queues: the one whose workers see the workspace


def workspace() -> Workspace:
    """The workspace that `PRESEND_WORKSPACE` names, else the current folder."""
    return Workspace(Path(os.environ.get("PRESEND_WORKSPACE") or ".").resolve())


def clock(context: Any = None) -> datetime:
    """The moment that the run was given, else now, in whole seconds; of the running task where no context is given.

    Raises UsageError for a text that is no moment, or one ahead of the machine's clock.
    """
    from pipeline import clock as machine

    given = (context or get_current_context())["params"].get("as_of")
    if given is None:
        return machine.now()
    from pipeline.decision import as_utc

    moment = as_utc(given)
    machine.require_come(moment)
    return moment
