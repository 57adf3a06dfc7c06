"""What a task has to say to whoever opens it in Airflow's page: its note.

A task cannot write to Airflow's database, so it leaves the text as an XCom, and whoever stores that (the API server) makes it the
task's note: also while the task waits, and again when it is repeated.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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

    Another writer, or another machine that is away, is let through: a retry meets it no more.
    """
    from airflow.sdk.exceptions import AirflowFailException

    from pipeline.errors import AnotherWriter, PlaceNotReached, PresendError

    with without_rows():
        try:
            yield
        except (AnotherWriter, PlaceNotReached) as error:
            say(str(error))
            raise
        except PresendError as error:
            say(str(error))
            raise AirflowFailException(str(error)) from error


@contextmanager
def without_rows() -> Iterator[None]:
    """Keep out of Airflow's log what may quote a row: of an error that nobody foresaw its text, of Presend's own what they come from.

    The places in the code stay. `PRESEND_DEBUG` in the environment lets everything through.
    """
    from airflow.sdk.exceptions import AirflowException

    from pipeline.errors import PresendError, refusal_of_the_system

    try:
        yield
    except (AirflowException, PresendError) as error:
        known = error.__cause__ if isinstance(error, AirflowException) else error
        if known is not None:
            known.__cause__ = None
        raise
    except Exception as error:
        if os.environ.get("PRESEND_DEBUG"):
            raise
        told = refusal_of_the_system(error, where="") or PresendError(
            f"the task stopped with an unexpected {type(error).__name__}", remedy="Set PRESEND_DEBUG=1 to see the whole error."
        )
        raise told.with_traceback(error.__traceback__) from None


def keep() -> None:
    """Make notes of what tasks say, in this process, if it is one that stores XComs.

    The models are not imported for it: a task may not have them, and most processes that load plugins have no use for them.
    """
    from sqlalchemy import event
    from sqlalchemy.orm import Mapper

    event.listen(Mapper, "after_configured", _listen)
    if "airflow.models.xcom" in sys.modules:
        _listen()


def _listen() -> None:
    from airflow.models.xcom import XComModel
    from sqlalchemy import event

    if not event.contains(XComModel, "after_insert", _copy):
        event.listen(XComModel, "after_insert", _copy)


def _copy(_mapper: Any, connection: Any, xcom: Any) -> None:
    """Make an XCom the note of its task instance, in the same transaction. Other projects' DAGs are left alone."""
    from airflow.models.taskinstance import TaskInstance, TaskInstanceNote
    from airflow.models.xcom import XComModel
    from sqlalchemy import delete, insert, select

    if xcom.key != KEY or not xcom.dag_id.startswith("presend_"):
        return
    place = (getattr(TaskInstance, name) == getattr(xcom, name) for name in ("dag_id", "run_id", "task_id", "map_index"))
    ti_id = connection.scalar(select(TaskInstance.id).where(*place))
    connection.execute(delete(TaskInstanceNote).where(TaskInstanceNote.ti_id == ti_id))
    connection.execute(insert(TaskInstanceNote).values(ti_id=ti_id, content=str(XComModel.deserialize_value(xcom))))
