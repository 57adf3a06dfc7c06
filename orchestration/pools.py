"""The pools that Presend's tasks run in, made whenever a part of Airflow starts: a task in a pool that is not there waits for ever."""

from typing import Any

from airflow.listeners import hookimpl

WRITER = "presend_writer"
"""One slot: what builds the warehouse or decides takes the machine's memory once."""
INGEST = "presend_ingest"
"""Feeds are loaded side by side, each under a lock of its own; so many at once."""

POOLS = {WRITER: (1, "Presend: build and publish, one at a time"), INGEST: (4, "Presend: feeds that are loaded side by side")}


@hookimpl
def on_starting(component: Any) -> None:
    """Make the pools that are missing when a scheduler, DAG processor or triggerer starts; slots that somebody has set stay."""
    from airflow.sdk.execution_time.task_runner import TaskRunnerMarker

    if not isinstance(component, TaskRunnerMarker):  # a task has no database
        ensure_pools()


def ensure_pools() -> None:
    """Make the pools that are missing in Airflow's database."""
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session
    from sqlalchemy import select
    from sqlalchemy.exc import IntegrityError

    for name, (slots, description) in POOLS.items():
        try:
            with create_session() as session:
                if session.scalar(select(Pool.id).where(Pool.pool == name)) is None:
                    session.add(Pool(pool=name, slots=slots, description=description, include_deferred=False))
        except IntegrityError:  # another component that starts at the same moment has made it
            continue
