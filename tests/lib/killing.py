"""Runs commands in processes of their own that are stopped at an exact point, or killed at a moment.

An exact point is a *boundary*: where a step of the command begins or ends (`Progress.step`), or just before it changes a file or folder
of the workspace (Python tells every such change to its audit hooks). `python -m tests.lib.killing` waits for orders with everything
imported and forks for each, so that a kill costs the command's own time and not that of Python's start.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lib.workspaces import ROOT

CHANGES = (
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.utime", "os.chmod", "pipeline.exchange",
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, or minus the signal's number; what it answered; and the boundaries that it came by."""

    code: int
    document: dict[str, Any]
    boundaries: list[str]

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL

    @property
    def error(self) -> dict[str, Any]:
        return dict(self.document.get("error", {}))


class Killer:
    """The process that waits for orders."""

    def __init__(self, folder: Path) -> None:
        self._log, self._output = folder / "boundaries", folder / "output"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lib.killing"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self,
        folder: Path,
        *arguments: str,
        boundary: int | None = None,
        meanwhile: Callable[[], object] | None = None,
        seconds: float | None = None,
    ) -> Ended:
        """Run the command on the workspace; kill it at the boundary of that number, or after so many seconds.

        With `meanwhile` it is not killed at the boundary, but stands still there until that is done.
        """
        stop = signal.SIGKILL if meanwhile is None else signal.SIGSTOP
        order = {"folder": str(folder), "arguments": arguments, "boundary": boundary, "signal": stop, "seconds": seconds}
        self._log.write_text("")
        self._output.write_text("")
        answer = self._ask(json.dumps({**order, "log": str(self._log), "output": str(self._output)}))
        if answer == "stopped":
            assert meanwhile is not None
            try:
                meanwhile()
            finally:
                answer = self._ask("go on")
        said = self._output.read_text(encoding="utf-8")
        return Ended(int(answer), json.loads(said) if said.strip() else {}, self._log.read_text().splitlines())

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

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
    while line := sys.stdin.readline():
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_obey(order))
        if order["seconds"] is not None:
            time.sleep(order["seconds"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            print("stopped", flush=True)
            sys.stdin.readline()
            os.kill(child, signal.SIGCONT)
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
            os.kill(os.getpid(), order["signal"])
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
    for stream, name in ((0, os.devnull), (1, order["output"]), (2, os.devnull)):
        os.dup2(os.open(name, os.O_RDWR), stream)
    code = execute(["--workspace", order["folder"], "--json", *order["arguments"]])
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    serve()
