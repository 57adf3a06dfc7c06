"""What Airflow finds by the entry point group `airflow.plugins`: hooks that make the pools and write the notes."""

from airflow.plugins_manager import AirflowPlugin

from orchestration import notes, pools


class PresendListeners(AirflowPlugin):
    """Listens to Airflow's parts starting and to runs ending."""

    name = "presend_listeners"
    listeners = [pools, notes]
