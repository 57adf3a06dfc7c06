"""Runs commands in processes of their own that are killed with SIGKILL at an exact point, or at a moment.

An exact point is a *boundary*: where a step of the command begins or ends (`Progress.step`), or just before it changes a file or folder
of the workspace (Python tells every such change to its audit hooks). `python -m tests.faults.killing` waits for orders with everything
imported and forks for each, so that a kill costs the command's own time and not that of Python's start.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lib.workspaces import ROOT

CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.utime", "os.chmod")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, minus a signal's number; and the boundaries that it came by."""

    code: int
    boundaries: list[str]

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Killer:
    """The waiting process, and the orders to it."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "boundaries"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killing"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, folder: Path, *arguments: str, boundary: int | None = None, seconds: float | None = None) -> Ended:
        """Run the command on the workspace; kill it at the boundary of that number, or after so many seconds."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._log.write_text("")
        order = {"folder": str(folder), "arguments": arguments, "boundary": boundary, "seconds": seconds, "log": str(self._log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Ended(int(self._process.stdout.readline()), self._log.read_text().splitlines())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


def serve() -> None:
    """Carry out one order after the other: fork, wait or kill, answer how it ended."""
    import great_expectations  # noqa: F401
    import polars  # noqa: F401

    import expectations.audience  # noqa: F401 - everything that a command would import
    import pipeline.promises
    import pipeline.publishing  # noqa: F401
    from pipeline.feeds import adapters

    adapters()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_obey(order))
        if order["seconds"] is not None:
            time.sleep(order["seconds"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _obey(order: dict[str, Any]) -> int:
    from pipeline.cli import execute
    from pipeline.logs import Progress

    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND)
    workspace = os.path.abspath(order["folder"])
    passed = 0

    def come_by(what: str) -> None:
        nonlocal passed
        os.write(log, (what + "\n").encode())
        if passed == order["boundary"]:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    @contextmanager
    def step(_: Progress, name: str) -> Iterator[dict[str, int]]:
        come_by(f"before the step {name}")
        yield {}
        come_by(f"after the step {name}")

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING):
            path = os.fsdecode(arguments[0]) if isinstance(arguments[0], (str, bytes, os.PathLike)) else ""
            if os.path.abspath(path).startswith(workspace):
                come_by(f"{event} {os.path.relpath(path, workspace)}")

    Progress.step = step  # type: ignore[method-assign,assignment]
    sys.addaudithook(hear)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    return execute(["--workspace", order["folder"], "--json", *order["arguments"]])


if __name__ == "__main__":
    serve()
