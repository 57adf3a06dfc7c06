"""What a task has to say to whoever opens it in Airflow's page: its note.

A task cannot write to Airflow's database, so it leaves the text as an XCom, and the scheduler makes it the task's note when the run
has ended.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from airflow.listeners import hookimpl
from airflow.sdk import get_current_context

KEY = "note"
LONGEST = 1000
"""Airflow keeps so many characters of a note."""


def say(text: str) -> None:
    """Make the text the note of the task that runs; the last one counts."""
    get_current_context()["ti"].xcom_push(KEY, text[:LONGEST])


@contextmanager
def failing_once() -> Iterator[None]:
    """Fail the task without a retry, and with the reason in its note, for an error that only people can mend.

    Another writer is let through: a retry meets it no more.
    """
    from airflow.sdk.exceptions import AirflowFailException

    from pipeline.errors import AnotherWriter, PresendError

    try:
        yield
    except AnotherWriter as error:
        say(str(error))
        raise
    except PresendError as error:
        say(str(error))
        raise AirflowFailException(str(error)) from None


@hookimpl
def on_dag_run_success(dag_run: Any, msg: str) -> None:
    """The scheduler tells that a run has ended well."""
    write_notes(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: Any, msg: str) -> None:
    """The scheduler tells that a run has failed."""
    write_notes(dag_run)


def write_notes(dag_run: Any) -> None:
    """Make what the run's tasks have said their notes, in the scheduler's own transaction. Other projects' DAGs are left alone."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    if session is None or not dag_run.dag_id.startswith("presend_"):
        return
    said = session.scalars(
        select(XComModel).where(XComModel.dag_id == dag_run.dag_id, XComModel.run_id == dag_run.run_id, XComModel.key == KEY)
    )
    texts = {(xcom.task_id, xcom.map_index): str(XComModel.deserialize_value(xcom)) for xcom in said}
    for instance in dag_run.get_task_instances(session=session):
        text = texts.get((instance.task_id, instance.map_index))
        written = instance.task_instance_note
        if text is not None and (written is None or written.user_id is None):  # what a person wrote stays
            instance.note = text
