"""Other companies' machines in tests: an S3 of moto's and an SFTP server of asyncssh's, each on 127.0.0.1 and a free port.

Both tell in which order files became visible, and can break a transfer off in its middle.
"""

import asyncio
import errno
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import asyncssh
import boto3
from fsspec.implementations.local import LocalFileSystem
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

BUCKET = "exchange"
PASSWORD = "s3cr3t-of-theirs"


@dataclass
class Server:
    """A place that Presend reaches as `url`, through the Airflow connection in `settings`, and a test through `write`, `read`, `names`."""

    url: str
    settings: dict[str, str]
    write: Callable[[str, bytes], None]
    read: Callable[[str], bytes]
    names: Callable[[], list[str]]
    folder: Path = Path()
    """Where it keeps its files, if that is a folder."""
    private_key: str = ""
    appeared: list[str] = field(default_factory=list)
    """Names in the order in which files appeared, as far as the server sees it."""
    breaks: str = ""
    """Transfers of files whose names end so are broken off in their middle, as long as this is set."""

    def is_broken_off(self, name: str) -> bool:
        """Whether this transfer is one that the test wants broken off."""
        return bool(self.breaks) and name.endswith(self.breaks)


@contextmanager
def s3_server(prefix: str = "their/prefix") -> Iterator[Server]:
    """An S3 with one bucket; Presend is given a prefix in it, and a connection with keys."""
    app = DomainDispatcherApplication(create_backend_app)
    server: Server

    def watched(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        key = environ["PATH_INFO"].encode("latin-1").decode().removeprefix(f"/{BUCKET}/{prefix}/")
        if environ["REQUEST_METHOD"] in ("GET", "PUT") and "list-type" not in environ["QUERY_STRING"] and server.is_broken_off(key):
            if environ["REQUEST_METHOD"] == "PUT":
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                raise ConnectionAbortedError("the test breaks it off")
            start_response("200 OK", [("Content-Length", "1000000"), ("ETag", '"x"')])
            return [b"half"]  # and the connection ends
        if environ["REQUEST_METHOD"] == "PUT":
            server.appeared.append(key)
        return app(environ, start_response)

    class Silent(WSGIRequestHandler):
        def log(self, *_: object) -> None:
            """Nothing: a test's output is its own."""

    http = make_server("127.0.0.1", 0, watched, threaded=True, request_handler=Silent)
    address = f"http://127.0.0.1:{http.server_port}"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key=PASSWORD)

    def names() -> list[str]:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
        return sorted(found["Key"].removeprefix(f"{prefix}/") for page in pages for found in page.get("Contents", []))

    connection = {"conn_type": "aws", "login": "key", "password": PASSWORD, "extra": {"endpoint_url": address, "region_name": "us-east-1"}}
    server = Server(
        f"s3://presend_s3@{BUCKET}/{prefix}",
        {"AIRFLOW_CONN_PRESEND_S3": json.dumps(connection)},
        lambda name, content: client.put_object(Bucket=BUCKET, Key=f"{prefix}/{name}", Body=content),
        lambda name: client.get_object(Bucket=BUCKET, Key=f"{prefix}/{name}")["Body"].read(),
        names,
    )
    try:
        client.create_bucket(Bucket=BUCKET)
        yield server
    finally:
        for name in names():
            client.delete_object(Bucket=BUCKET, Key=f"{prefix}/{name}")
        http.shutdown()
        http.server_close()


@contextmanager
def sftp_server(folder: Path) -> Iterator[Server]:
    """An SFTP server whose root is the folder; Presend is given `/upload` in it, and a connection with password and host key.

    `private_key` opens it as well.
    """
    upload = folder / "upload"
    upload.mkdir(parents=True, exist_ok=True)
    key, login = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    server: Server

    connections: list[asyncssh.SSHServerConnection] = []

    class Login(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            connections.append(conn)

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("presend", PASSWORD)

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            return key.public_data == login.public_data

    class Files(asyncssh.SFTPServer):
        def __init__(self, chan: Any) -> None:
            super().__init__(chan, chroot=bytes(folder))

        def _break_off(self, name: bytes) -> None:
            if server.is_broken_off(name.decode(errors="replace").removesuffix(".part")):
                self.channel.get_connection().abort()
                raise asyncssh.SFTPConnectionLost("the test breaks it off")

        def read(self, file_obj: Any, offset: int, size: int) -> bytes:
            self._break_off(file_obj.name)
            return super().read(file_obj, offset, size)  # type: ignore[return-value]

        def write(self, file_obj: Any, offset: int, data: bytes) -> int:
            self._break_off(file_obj.name)
            return super().write(file_obj, offset, data)  # type: ignore[return-value]

        def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
            super().posix_rename(oldpath, newpath)
            server.appeared.append(newpath.decode().removeprefix("/upload/"))

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen("127.0.0.1", 0, server_host_keys=[key], server_factory=Login, sftp_factory=Files)

    async def close() -> None:
        acceptor.close()
        for connection in connections:
            connection.abort()
            await connection.wait_closed()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(30)
    connection = {
        "conn_type": "sftp",
        "host": "127.0.0.1",
        "port": acceptor.get_port(),
        "login": "presend",
        "password": PASSWORD,
        "extra": {"host_key": key.export_public_key().decode().strip()},
    }

    server = _in_folder("sftp://presend_sftp@/upload", {"AIRFLOW_CONN_PRESEND_SFTP": json.dumps(connection)}, upload)
    server.private_key = login.export_private_key().decode()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(close(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@contextmanager
def folder_place(folder: Path) -> Iterator[Server]:
    """A mounted folder; a transfer to or from it breaks off as on a disk that fails."""
    folder.mkdir(parents=True)
    server = _in_folder(f"file://{folder}", {}, folder)
    copy = LocalFileSystem.cp_file

    def cp_file(self: LocalFileSystem, path1: str, path2: str, **options: Any) -> None:
        for path in (path1, path2):
            if server.is_broken_off(path.removesuffix(".part")):
                Path(path2).write_bytes(b"half")
                raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        copy(self, path1, path2, **options)

    with mock.patch.object(LocalFileSystem, "cp_file", cp_file):
        yield server


def _in_folder(url: str, settings: dict[str, str], folder: Path) -> Server:
    def write(name: str, content: bytes) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    def names() -> list[str]:
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))

    return Server(url, settings, write, lambda name: (folder / name).read_bytes(), names, folder)
