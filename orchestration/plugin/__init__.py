"""The page "Audiences" in Airflow's UI: what Airflow finds by the entry point group `airflow.plugins`.

Every process of Airflow loads the plugin, and each task is one; only the API server asks for the application and so imports it.
"""

from typing import Any
from urllib.parse import urlsplit

from airflow.plugins_manager import AirflowPlugin

PREFIX = "/presend"


def base_path() -> str:
    """The path below which Airflow is reached, without a slash at its end: empty, unless a proxy serves other things too."""
    from airflow.configuration import conf

    return urlsplit(str(conf.get("api", "base_url", fallback="/"))).path.rstrip("/")


class PresendPages(AirflowPlugin):
    """Mounts the page beside Airflow's own API, and puts it into the UI's navigation."""

    name = "presend_pages"

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        """The application, below `/presend`."""
        from orchestration.plugin.app import app

        return [{"app": app, "url_prefix": PREFIX, "name": "Presend"}]

    @property
    def external_views(self) -> list[dict[str, Any]]:
        """The entry of the navigation; Airflow shows the page in a frame."""
        place = {"href": f"{base_path()}{PREFIX}/audiences", "url_route": "audiences", "destination": "nav", "nav_top_level": True}
        return [{"name": "Audiences", **place}]
