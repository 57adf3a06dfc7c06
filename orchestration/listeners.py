"""What Airflow finds by the entry point group `airflow.plugins`: the pools are made, notes are kept, recurring campaigns are scheduled."""

from typing import Any

from airflow.plugins_manager import AirflowPlugin

from orchestration import notes, pools
from orchestration.windows import WindowTimetable


class PresendListeners(AirflowPlugin):
    """Listens to Airflow's parts starting and to what tasks say, and gives Airflow the timetable of campaigns that recur."""

    name = "presend_listeners"
    listeners = [pools]
    timetables = [WindowTimetable]

    @classmethod
    def on_load(cls, *_: Any, **__: Any) -> None:
        """Airflow has loaded the plugin, in whichever of its processes."""
        notes.keep()
