"""Places: folders, buckets and servers that files are fetched from or delivered to – what fsspec reaches.

    file:///mnt/exchange          a folder of this machine, mounted or not
    s3://bucket/prefix            S3 and what speaks like it; gs:// and abfs:// likewise
    sftp://host[:port]/folder     SFTP; host keys are asked for, as ssh does

Secrets stand in no address. Here they come from the environment: what each library reads itself (AWS_…, ~/.ssh), and the variables of
fsspec (FSSPEC_S3_KEY, FSSPEC_SFTP_USERNAME, …). A word before an `@` is a connection of Airflow's: `orchestration.places` opens those.
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
from pipeline.errors import ConfigurationError, PlaceNotReached, PresendError
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

LOCAL, SFTP = ("file", "local"), ("sftp", "ssh")
WITH_FOLDERS = (*LOCAL, *SFTP)
"""Places that have real folders and write a file bit by bit. The others are object stores, where a file appears at once and complete."""
FORM = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?:(?P<connection>[^@/]*)@)?(?P<path>.*)", re.DOTALL)
PATIENCE: dict[str, dict[str, Any]] = {
    "s3": {"connect_timeout": 10, "read_timeout": 30, "retries": {"max_attempts": 0}},
    "sftp": {"connect_timeout": 20, "login_timeout": 20, "keepalive_interval": 15},
}
"""How long a library waits for what does not answer: it must hold nobody for ever. The S3 library tries again by itself, five times."""
EXTRAS = {
    **dict.fromkeys(("s3", "s3a"), "deliver-s3"),
    **dict.fromkeys(SFTP, "deliver-sftp"),
    **dict.fromkeys(("gs", "gcs"), "deliver-gcs"),
    **dict.fromkeys(("abfs", "abfss", "az"), "deliver-azure"),
}
"""Scheme → the extra of pyproject.toml that brings its library."""
_CHUNK = 4 << 20
_opened: "dict[str, AbstractFileSystem]" = {}
_opening = Lock()


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
    """A folder somewhere else. Whatever fails raises PlaceNotReached, or ConfigurationError where no waiting mends it; neither
    holds a file's name, which may be an address, nor a secret."""

    def __init__(self, url: str, where: str = "") -> None:
        found = FORM.fullmatch(url)
        if found is None or any(secret in url for secret in ("?", "#")) or ":" in url.partition("://")[2].rpartition("@")[0]:
            # Not quoted: it may hold a password.
            raise ConfigurationError(
                "this is no place",
                where=where,
                remedy="Write it as s3://bucket/prefix or file:///folder; secrets belong into the environment or Airflow's connection.",
            )
        self.url = url.rstrip("/")
        self.scheme = found["scheme"]
        self.has_folders = self.scheme in WITH_FOLDERS
        self._connection = found["connection"]
        self._path = found["path"]
        if ".." in self._path.split("/"):
            raise ConfigurationError("the place leaves its folder", where=where, remedy="Write its path without `..`.")
        if self.scheme in LOCAL and not self._path.startswith("/"):
            raise ConfigurationError("the folder has no absolute path", where=where, remedy="Write three strokes: file:///mnt/exchange.")

    def require_outside(self, workspace: Workspace, where: str) -> None:
        """Raise ConfigurationError for a folder in the workspace: what is copied there would be taken for the workspace's own."""
        if self.scheme in LOCAL and Path(self._path).resolve().is_relative_to(workspace.root.resolve()):
            raise ConfigurationError("the place lies in the workspace", where=where, remedy="Leave it unset, or name another folder.")

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
        """Copy a file of this machine, or a small content, to the place; a file of that name is replaced. Gives the file at the place.

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
                raise PlaceNotReached(f"a file did not arrive whole at {self.url}", remedy="Try it again.")
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
            raise PlaceNotReached(f"{self.url} cannot be used: {said}", remedy=self._remedy) from None

    @property
    def _remedy(self) -> str:
        return "Look whether it is there, and whether the environment holds what opens it."

    @property
    def _key(self) -> str:
        """What one opened file system serves: everything behind the same door."""
        host = self._path.partition("/")[0] if self.scheme in SFTP else ""
        return f"{type(self).__module__} {self.scheme}://{self._connection}@{host}"

    def _file_system(self) -> "AbstractFileSystem":
        """One for all who use the connection in this process: it is safe between threads, and opening one takes its time."""
        with _opening:
            if self._key not in _opened:
                from fsspec.dircache import DirCache  # type: ignore[import-untyped]

                fs = self._open()
                fs.dircache = DirCache(use_listings_cache=False)  # else a look sees what the first one saw
                fs.clear_instance_cache()  # ours is kept here; the library would keep every one
                _opened[self._key] = fs
            return _opened[self._key]

    def _open(self) -> "AbstractFileSystem":
        """The file system behind the place, by what the environment holds. Raises ConfigurationError where it cannot be told."""
        if self._connection:
            raise ConfigurationError(
                "the word before the @ is a connection of Airflow's, and there is no Airflow here",
                where=self.url,
                remedy="Leave it to the campaign's DAG, or write the place without it and put what opens it into the environment.",
            )
        try:
            kind = _file_system_of(self.scheme)
        except (ImportError, ValueError):
            raise ConfigurationError(
                f"there is nothing that reaches {self.scheme}://", where=self.url, remedy=_missing(self.scheme)
            ) from None
        told = _told_by_environment(self.scheme)
        if self.scheme in SFTP:
            return kind(**_server(self._path, self.url), **(ssh_options() | {"known_hosts": ()} | PATIENCE["sftp"] | told))
        patience = {"config_kwargs": PATIENCE["s3"]} if EXTRAS.get(self.scheme) == EXTRAS["s3"] else {}
        return kind(**(patience | told))


def ssh_options() -> dict[str, Any]:
    """The options that every SFTP place gives to the SSH library. Its log leaves out names of files, since these may be addresses."""
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    return {"skip_instance_cache": True, "sftp_client_kwargs": {"path_errors": "surrogateescape"}}


def _file_system_of(scheme: str) -> Any:
    """The class that reaches such places. Raises ImportError without its library, ValueError where fsspec knows none."""
    if scheme in SFTP:  # fsspec's own takes any host key
        from sshfs import SSHFileSystem  # type: ignore[import-untyped]

        return SSHFileSystem
    from fsspec import get_filesystem_class

    return get_filesystem_class(scheme)


def _missing(scheme: str) -> str:
    if extra := EXTRAS.get(scheme):
        return f"Install what does: pip install 'presend[{extra}]'."
    return f"Write one of {', '.join(f'{known}://' for known in ('file', *EXTRAS))}."


def _told_by_environment(scheme: str) -> dict[str, Any]:
    """What fsspec's own variables say of such places, read now: fsspec itself read them when it was imported."""
    from fsspec.config import set_conf_env  # type: ignore[import-untyped]

    told: dict[str, dict[str, Any]] = {}
    set_conf_env(told, os.environ)
    return told.get(scheme, {})


def _server(path: str, url: str) -> dict[str, Any]:
    """Host and port of an SFTP place."""
    host, _, port = path.partition("/")[0].partition(":")
    if not host or not (port or "22").isdigit():
        raise ConfigurationError("the place names no server", where=url, remedy="Write it as sftp://sftp.example.org/folder.")
    return {"host": host, "port": int(port or 22)}


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


def _walk(fs: "AbstractFileSystem", folder: str) -> Iterator[dict[str, Any]]:
    """What lies below a folder. The library's own walk leaves out silently what it may not list."""
    for entry in fs.ls(folder, detail=True):
        if entry["type"] == "directory" and not entry.get("islink"):
            yield from _walk(fs, entry["name"].rstrip("/"))
        else:
            yield entry


def _remote(entry: dict[str, Any], name: str) -> RemoteFile:
    changed_at = next(
        (found for key in ("LastModified", "last_modified", "updated", "mtime", "created") if (found := entry.get(key))), None
    )
    if isinstance(changed_at, float | int):
        changed_at = datetime.fromtimestamp(changed_at, UTC)
    elif isinstance(changed_at, str):
        changed_at = datetime.fromisoformat(changed_at)
    etag = str(entry.get("ETag") or entry.get("etag") or "").strip('"')
    return RemoteFile(name, int(entry["size"]), etag or str(changed_at), changed_at)
