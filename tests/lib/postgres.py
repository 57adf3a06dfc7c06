"""A real PostgreSQL for tests: a server of its own in a folder of its own, on 127.0.0.1 and a free port, gone at the end.

with postgres() as url:
    with airflow_over(home, workspace, AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=url) as airflow:
        ...
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg2
import pytest

USER = DATABASE = "airflow"
SECONDS = 60.0


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database, as SQLAlchemy takes it, until the block ends. Skips the test where there is no PostgreSQL."""
    programs = _programs()
    # Beside pytest's own folders, which only their owner may enter: PostgreSQL does not run as root.
    folder = Path(tempfile.mkdtemp(prefix="presend-postgres-"))
    owner: dict[str, Any] = {}
    if os.getuid() == 0:
        owner = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        shutil.chown(folder, "nobody", "nogroup")
    password, port = secrets.token_hex(16), _free_port()
    data, server = folder / "data", None
    try:
        (folder / "password").write_text(password)
        make = [programs / "initdb", "-D", data, "-U", USER, "--auth", "scram-sha-256", "--pwfile", folder / "password", "--no-sync"]
        made = subprocess.run(make, cwd=folder, text=True, capture_output=True, timeout=SECONDS, **owner)
        assert made.returncode == 0, made.stderr
        with (folder / "log").open("wb") as log:
            serve = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"]
            server = subprocess.Popen(serve, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **owner)
        _make_database(server, folder / "log", port, password)
        yield f"postgresql+psycopg2://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # it ends its connections and stops
            server.wait(SECONDS)
        shutil.rmtree(folder)


def _programs() -> Path:
    """The folder of PostgreSQL's programs: Debian keeps those of a server off the PATH."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    with suppress(OSError, subprocess.CalledProcessError):
        folder = Path(subprocess.run(["pg_config", "--bindir"], check=True, capture_output=True, text=True).stdout.strip())
        if (folder / "initdb").is_file():
            return folder
    pytest.skip("there is no PostgreSQL: neither `initdb` nor `pg_config` finds one")


def _make_database(server: "subprocess.Popen[bytes]", log: Path, port: int, password: str) -> None:
    """Make the empty database as soon as the server takes connections."""
    until = monotonic() + SECONDS
    while True:
        assert server.poll() is None and monotonic() < until, log.read_text()
        with suppress(psycopg2.OperationalError):
            connection = psycopg2.connect(host="127.0.0.1", port=port, user=USER, password=password, dbname="postgres")
            break
        sleep(0.1)
    connection.autocommit = True  # a database is not made inside a transaction
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
