"""DAGs that are run in the test's own process, without a scheduler."""

from pathlib import Path
from typing import Any

DAGS = Path(__file__).parents[2] / "dags"


class Ran:
    """A run that has ended: its state, its tasks' states, and what they said. Without `as_of` the tasks' clock is now."""

    def __init__(self, dag_id: str, as_of: str | None) -> None:
        from airflow.dag_processing.dagbag import DagBag

        bag = DagBag(DAGS)
        assert bag.import_errors == {}
        dag = bag.dags[dag_id]
        dag.deadline = None  # `dag.test()` of Airflow 3.3.2 cannot end a run that has one
        for task in dag.tasks:
            task.on_failure_callback = task.on_retry_callback = []
        self.run = dag.test(run_conf={"as_of": as_of})
        self.tasks = {task.task_id: str(task.state) for task in self.run.get_task_instances()}
        self.said = {task.task_id: task.xcom_pull(task_ids=task.task_id, key="note") for task in self.run.get_task_instances()}

    @property
    def state(self) -> str:
        return str(self.run.state)

    def event(self, asset: str) -> dict[str, Any]:
        """What the event of the asset tells that this run has made."""
        from airflow.models.asset import AssetEvent, AssetModel
        from airflow.utils.session import create_session
        from sqlalchemy import select

        with create_session() as session:
            ((extra,),) = session.execute(
                select(AssetEvent.extra)
                .join(AssetModel, AssetModel.id == AssetEvent.asset_id)
                .where(AssetModel.name == asset, AssetEvent.source_run_id == self.run.run_id)
            ).all()
        return dict(extra)
