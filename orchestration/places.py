"""Places behind Airflow's connections: landing and outbox on other machines.

    PRESEND_LANDING=s3://presend_landing@bucket/prefix     where senders put files, below <feed>/
    PRESEND_OUTBOX=sftp://presend_sftp@/upload             where campaign teams collect, below <organisation>/<campaign>/

Before the `@` stands the id of an Airflow connection, which holds address and credentials; so it does in `deliver_to` of a campaign. The
workspace itself stays on a disk; places are mirrored (decision 0014): `fetching` copies from the one, `pipeline.delivering` to the others.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pipeline import places
from pipeline.config import ConfiguredCampaign, load_configuration
from pipeline.errors import ConfigurationError
from pipeline.places import PATIENCE, SFTP, ssh_options
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

LANDING, OUTBOX = "PRESEND_LANDING", "PRESEND_OUTBOX"


class Place(places.Place):
    """A place that an Airflow connection opens, or, where it names none, the machine's own role."""

    @classmethod
    def of(cls, variable: str, workspace: Workspace) -> "Place | None":
        """The place that the environment names; none: the workspace's own folder is all there is. Raises ConfigurationError."""
        url = os.environ.get(variable)
        if not url:
            return None
        place = cls(url, variable)
        place.require_outside(workspace, variable)
        return place

    @property
    def _remedy(self) -> str:
        return f"Look whether it is there and whether the connection {self._connection or '(none)'} may use it; it is tried again."

    def _open(self) -> "AbstractFileSystem":
        from airflow.sdk import BaseHook
        from airflow.sdk.exceptions import AirflowNotFoundException
        from airflow.sdk.io import get_fs

        options = dict(PATIENCE.get(self.scheme, {}))
        try:
            # Asked for here, because without it S3 would be tried without credentials.
            connection = BaseHook.get_connection(self._connection) if self._connection else None
            if self.scheme in SFTP:
                options |= _ssh_options(connection, self.url)
            return get_fs(self.scheme, self._connection or None, options)
        except AirflowNotFoundException:
            raise ConfigurationError(
                f"there is no connection {self._connection}", where=self.url, remedy="Make it in Airflow, or as AIRFLOW_CONN_…"
            ) from None
        except (ImportError, ValueError) as error:
            raise ConfigurationError(
                f"there is nothing that reaches {self.scheme}://: {type(error).__name__}",
                where=self.url,
                remedy="Install Airflow's provider for it, and look at the connection's extra.",
            ) from None


def is_anything_delivered(workspace: Workspace) -> bool:
    """Whether PRESEND_OUTBOX or a `deliver_to` names a place. A configuration with a fault, which other tasks tell of, names none."""
    campaigns: Iterable[ConfiguredCampaign] = ()
    with suppress(ConfigurationError):
        campaigns = load_configuration(workspace, feeds=()).campaigns.values()
    return Place.of(OUTBOX, workspace) is not None or any(campaign.destinations for campaign in campaigns)


def _ssh_options(connection: Any, where: str) -> dict[str, Any]:
    """What Airflow's provider leaves out: without these a host's key would never be asked for, and a private key be taken for a path."""
    extra = connection.extra_dejson if connection is not None else {}
    options = ssh_options()
    if str(extra.get("no_host_key_check", "")).lower() != "true":
        if not extra.get("host_key"):
            raise ConfigurationError(
                "the connection names no key of the host, so that anybody could answer in its place",
                where=where,
                remedy='Put "host_key": "ssh-ed25519 AAAA…" into its extra, as `ssh-keyscan HOST` prints it.',
            )
        options["known_hosts"] = f"* {extra['host_key']}\n".encode()
    if extra.get("private_key"):
        options["client_keys"] = [str(extra["private_key"]).encode()]
    return options
