"""Landing and outbox on other machines: what Airflow's object storage paths reach – S3, SFTP, GCS, Azure, a mounted folder.

    PRESEND_LANDING=s3://presend_landing@bucket/prefix     where senders put files, below <feed>/
    PRESEND_OUTBOX=sftp://presend_sftp@/upload             where campaign teams collect, below <organisation>/<campaign>/

Before the `@` stands the id of an Airflow connection, which holds address and credentials. The workspace itself stays on a disk; these
two places are mirrored (decision 0014): `fetching` copies from the one, `delivering` to the other.
"""

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from pipeline import durable
from pipeline.errors import ConfigurationError, PresendError
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

LANDING, OUTBOX = "PRESEND_LANDING", "PRESEND_OUTBOX"
WITH_FOLDERS = ("file", "local", "sftp", "ssh")
"""Places that have real folders and write a file bit by bit. The others are object stores, where a file appears at once and complete."""
FORM = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?:(?P<connection>[^@/]*)@)?(?P<path>.*)", re.DOTALL)
# What does not answer must not hold a thread of the triggerer for ever. The S3 library tries again by itself, five times.
OPTIONS: dict[str, dict[str, Any]] = {
    "s3": {"connect_timeout": 10, "read_timeout": 30, "retries": {"max_attempts": 0}},
    "sftp": {"connect_timeout": 20, "login_timeout": 20, "keepalive_interval": 15},
}
_CHUNK = 4 << 20
_opened: "dict[str, AbstractFileSystem]" = {}
_opening = Lock()


class PlaceNotReached(PresendError):
    """Another machine did not do what it was asked for. Trying again may help."""


@dataclass(frozen=True)
class RemoteFile:
    """A file at a place: its name below the folder that was listed, and what tells it from an earlier one of that name."""

    name: str
    size: int
    stamp: str
    """The store's ETag where it gives one, else the time of the last change."""
    changed_at: datetime | None

    @property
    def version(self) -> list[Any]:
        """Size and stamp, as a record keeps them."""
        return [self.size, self.stamp]


class Place:
    """A folder on another machine. Whatever fails raises PlaceNotReached, or ConfigurationError where no waiting mends it; neither
    holds a file's name, which may be an address, nor a secret."""

    def __init__(self, url: str, variable: str = "") -> None:
        found = FORM.fullmatch(url)
        if found is None or ":" in (found["connection"] or ""):
            # Not quoted: it may hold a password.
            raise ConfigurationError(
                "this is no place", where=variable, remedy="Write it as s3://CONNECTION@bucket/prefix; secrets belong into the connection."
            )
        self.url = url.rstrip("/")
        self.scheme = found["scheme"]
        self.has_folders = self.scheme in WITH_FOLDERS
        self._connection = found["connection"]
        self._path = found["path"]

    @classmethod
    def of(cls, variable: str, workspace: Workspace) -> "Place | None":
        """The place that the environment names; none: the workspace's own folder is all there is. Raises ConfigurationError."""
        url = os.environ.get(variable)
        if not url:
            return None
        place = cls(url, variable)
        if place.scheme in ("file", "local") and Path(place._path).resolve().is_relative_to(workspace.root):
            raise ConfigurationError("the place lies in the workspace", where=variable, remedy="Leave it unset, or name another folder.")
        return place

    def __str__(self) -> str:
        return self.url

    def files(self, folder: str) -> list[RemoteFile]:
        """The files below the folder, by name, as they are at this moment; none where there is no such folder yet. Links are left out."""
        with self._reached() as (fs, root):
            top = f"{root}/{folder}"
            try:
                found = list(_walk(fs, top)) if self.has_folders else list(fs.find(top, detail=True).values())
            except FileNotFoundError:
                if not fs.exists(root):  # a bucket that is gone must not look like one without files
                    raise
                return []
            # A key "folder/" is what some tools make for an empty folder.
            files = [entry for entry in found if entry["type"] == "file" and not entry.get("islink") and entry["name"].rstrip("/") != top]
            files = [entry for entry in files if not (entry["name"].endswith("/") and not entry["size"])]
            return sorted((_remote(entry, entry["name"][len(top) + 1 :]) for entry in files), key=lambda file: file.name)

    def find(self, name: str) -> RemoteFile | None:
        """The file as it is at this moment; None where there is none."""
        with self._reached() as (fs, root):
            try:
                return _remote(fs.info(f"{root}/{name}"), name)
            except FileNotFoundError:
                return None

    def get(self, name: str, target: Path) -> None:
        """Copy the file to a path on this machine."""
        with self._reached() as (fs, root):
            fs.get_file(f"{root}/{name}", str(target))

    def read(self, name: str) -> bytes | None:
        """The content of a small file; None where there is none."""
        with self._reached() as (fs, root):
            try:
                return bytes(fs.cat_file(f"{root}/{name}"))
            except FileNotFoundError:
                return None

    def sha256(self, name: str) -> str:
        """What the file's content hashes to; it is read for it."""
        digest = hashlib.sha256()
        with self._reached() as (fs, root), fs.open(f"{root}/{name}", "rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def put(self, source: Path | bytes, name: str) -> RemoteFile:
        """Copy a file of this machine, or a small content, there, over one of that name; gives what stands there then.

        Whoever looks sees the old one or the new one, whole.
        """
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        with self._reached() as (fs, root):
            target = f"{root}/{name}"
            folder, _, base = target.rpartition("/")
            written = f"{folder}/.{base}.part" if self.has_folders else target
            if self.has_folders:
                fs.makedirs(folder, exist_ok=True)
            if isinstance(source, bytes):
                fs.pipe_file(written, source)
            else:
                fs.put_file(str(source), written)
            if self.has_folders:
                fs.mv(written, target)
            found = _remote(fs.info(target), name)
            if found.size != size:
                raise PlaceNotReached(f"a file did not arrive whole at {self.url}", remedy="It is tried again.")
            return found

    @contextmanager
    def _reached(self) -> "Iterator[tuple[AbstractFileSystem, str]]":
        """The file system and the place's path in it."""
        try:
            fs = self._file_system()
            yield fs, fs._strip_protocol(f"{self.scheme}://{self._path}").rstrip("/")
        except PresendError:
            raise
        except Exception as error:  # noqa: BLE001 - each library has its own; their texts quote names and addresses
            with _opening:
                _opened.pop(self._key, None)  # a connection that was cut is not mended by its object
            said = getattr(error, "strerror", None) or type(error).__name__
            remedy = f"Look whether it is there and whether the connection {self._connection or '(none)'} may use it; it is tried again."
            raise PlaceNotReached(f"{self.url} cannot be used: {said}", remedy=remedy) from None

    @property
    def _key(self) -> str:
        return f"{self.scheme}://{self._connection}"

    def _file_system(self) -> "AbstractFileSystem":
        """One for all who use the connection in this process: it is safe between threads, and opening one takes its time."""
        with _opening:
            if self._key not in _opened:
                _opened[self._key] = self._open()
            return _opened[self._key]

    def _open(self) -> "AbstractFileSystem":
        from airflow.sdk import BaseHook
        from airflow.sdk.exceptions import AirflowNotFoundException
        from airflow.sdk.io import get_fs
        from fsspec.dircache import DirCache  # type: ignore[import-untyped]

        options = dict(OPTIONS.get(self.scheme, {}))
        try:
            # Asked for here, because without it S3 would be tried without credentials.
            connection = BaseHook.get_connection(self._connection) if self._connection else None
            if self.scheme in ("sftp", "ssh"):
                logging.getLogger("asyncssh").setLevel(logging.WARNING)  # it tells the names of files, which may be addresses
                options |= _ssh_options(connection, self.url)
            fs = get_fs(self.scheme, self._connection or None, options)
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
        fs.dircache = DirCache(use_listings_cache=False)  # else a look sees what the first one saw
        fs.clear_instance_cache()  # ours is kept above; the library would keep every one
        return fs


class Record:
    """What is known of the files at a place, by name. It may be lost: then what is there is looked at, or copied, once more."""

    def __init__(self, workspace: Workspace, place: Place, name: str) -> None:
        # Another place begins anew, under the same names.
        self._path = workspace.scratch / "places" / hashlib.sha256(place.url.encode()).hexdigest()[:16] / f"{name}.json"
        self.known: dict[str, Any] = {}
        try:
            self.known = dict(json.loads(self._path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return

    def save(self) -> None:
        """Keep what is known now; the caller holds the lock of who writes it."""
        durable.write(self._path, json.dumps(self.known))


def _ssh_options(connection: Any, where: str) -> dict[str, Any]:
    """What Airflow's provider leaves out: without these a host's key would never be asked for, and a private key be taken for a path."""
    extra = connection.extra_dejson if connection is not None else {}
    options: dict[str, Any] = {"skip_instance_cache": True, "sftp_client_kwargs": {"path_errors": "surrogateescape"}}
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


def _walk(fs: "AbstractFileSystem", folder: str) -> Iterator[dict[str, Any]]:
    """What lies below a folder. The library's own walk leaves out silently what it may not list."""
    for entry in fs.ls(folder, detail=True):
        if entry["type"] == "directory" and not entry.get("islink"):
            yield from _walk(fs, entry["name"].rstrip("/"))
        else:
            yield entry


def _remote(entry: dict[str, Any], name: str) -> RemoteFile:
    changed_at = next((found for key in ("LastModified", "last_modified", "updated", "mtime") if (found := entry.get(key))), None)
    if isinstance(changed_at, float | int):
        changed_at = datetime.fromtimestamp(changed_at, UTC)
    elif isinstance(changed_at, str):
        changed_at = datetime.fromisoformat(changed_at)
    etag = str(entry.get("ETag") or entry.get("etag") or "").strip('"')
    return RemoteFile(name, int(entry["size"]), etag or str(changed_at), changed_at)
