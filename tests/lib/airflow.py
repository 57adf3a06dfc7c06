"""A real Airflow for tests: scheduler, DAG processor, triggerer and API server over a workspace, and a client of its REST API.

    with airflow_over(tmp_path / "airflow", workspace) as airflow:
        airflow.unpause("presend_build")
        airflow.trigger("presend_build")
        run = airflow.wait_for_run("presend_build")

Each component is a process of its own, so that a test can kill one and start it again. At the end every process is gone, also those
that outlived their parents.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

ROOT = Path(__file__).parents[2]
COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
FINISHED = ("success", "failed")
START_SECONDS = 180.0
"""A machine that does much besides takes a minute; an idle one twenty seconds."""

Found = TypeVar("Found")


class Airflow:
    """A running Airflow; its methods speak to the REST API and raise AssertionError for an answer that is none."""

    def __init__(self, home: Path, workspace: Path, dags: Path, settings: Mapping[str, str]) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.port = _free_port()
        self.environment = {**os.environ, **_settings(home, workspace, dags, self.port), **settings}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._sessions: set[int] = set()
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30, trust_env=False)

    # Components

    def start(self, *components: str) -> None:
        """Start the components (none: all that do not run) and wait until they are healthy."""
        for component in components or COMPONENTS:
            if component not in self._processes:
                self._processes[component] = self._started(component)
        self.wait_until(self._is_healthy, START_SECONDS, "Airflow to be healthy")
        self._client.headers["Authorization"] = f"Bearer {self._token()}"

    def kill(self, component: str) -> None:
        """End the component and what it started with SIGKILL, as a machine that fails does."""
        process = self._processes.pop(component)
        parent = psutil.Process(process.pid)
        _kill([parent, *parent.children(recursive=True)])
        process.wait(30)

    def stop(self) -> None:
        """End every component and whatever one of them started, also after its own end."""
        self._client.close()
        while left := self.processes():
            _kill(left)
            for process in self._processes.values():
                process.poll()

    def processes(self) -> list[psutil.Process]:
        """All processes of this Airflow: those of the components' sessions, and their descendants that made sessions of their own."""
        found: dict[int, psutil.Process] = {}
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                if os.getsid(process.pid) in self._sessions and process.status() != psutil.STATUS_ZOMBIE:
                    found[process.pid] = process
                    found.update({child.pid: child for child in process.children(recursive=True)})
        return list(found.values())

    def run_command(self, *arguments: str) -> str:
        """What `airflow …` prints."""
        command = [sys.executable, "-m", "airflow", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def log(self, component: str) -> str:
        """What the component has printed so far."""
        return (self.home / f"{component}.log").read_text(encoding="utf-8", errors="replace")

    def _started(self, component: str) -> subprocess.Popen[bytes]:
        arguments = ["--workers", "1", "--host", "127.0.0.1", "--port", str(self.port)] if component == "api-server" else []
        with (self.home / f"{component}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "airflow", component, *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._sessions.add(process.pid)
        return process

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    def passwords(self) -> dict[str, str]:
        """User → password, where the settings name users: `AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS`."""
        return dict(json.loads((self.home / "simple_auth_manager_passwords.json.generated").read_text(encoding="utf-8")))

    def _token(self) -> str:
        """That of everybody, who is an admin, or of the first user where the settings name some."""
        if self.environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"] == "True":
            return str(self._get("/auth/token")["access_token"])
        user, password = next(iter(self.passwords().items()))
        return str(self._ask("POST", "/auth/token", {"username": user, "password": password})["access_token"])

    def _is_healthy(self) -> bool:
        for component, process in self._processes.items():
            assert process.poll() is None, f"{component} ended:\n{self.log(component)[-3000:]}"
        with suppress(httpx.TransportError):
            health = self._client.get("/api/v2/monitor/health")
            names = [name.replace("-", "_") for name in self._processes if name != "api-server"]
            return health.status_code == 200 and all(health.json()[name]["status"] == "healthy" for name in names)
        return False

    # DAGs and their runs

    def unpause(self, dag_id: str, *, is_paused: bool = False) -> None:
        """Switch a DAG on (or off), as soon as the DAG processor has found it."""
        self.wait_until(lambda: dag_id in self.dags(), 120, f"DAG {dag_id}")
        self._ask("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": is_paused})

    def dags(self) -> dict[str, dict[str, Any]]:
        """The DAGs that Airflow knows, by id."""
        return {str(dag["dag_id"]): dag for dag in self._get("/api/v2/dags?limit=1000")["dags"]}

    def import_errors(self) -> list[dict[str, Any]]:
        """The DAG files that could not be read."""
        return list(self._get("/api/v2/importErrors")["import_errors"])

    def trigger(self, dag_id: str, conf: Mapping[str, object] | None = None) -> str:
        """Start a run by hand; gives its id."""
        return str(self._ask("POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": dict(conf or {})})["dag_run_id"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """The DAG's runs, oldest first."""
        return list(self._get(f"/api/v2/dags/{dag_id}/dagRuns?order_by=run_after&limit=1000")["dag_runs"])

    def wait_for_run(self, dag_id: str, run_id: str | None = None, *, count: int = 1, timeout: float = 120) -> dict[str, Any]:
        """The run, or the DAG's `count`th one, when it has ended; `["state"]` says how."""

        def ended() -> dict[str, Any] | None:
            runs = self.runs(dag_id)
            chosen = runs[count - 1 : count] if run_id is None else [run for run in runs if run["dag_run_id"] == run_id]
            return next((run for run in chosen if run["state"] in FINISHED), None)

        return self.wait_until(ended, timeout, f"run {run_id or count} of {dag_id}")

    def tasks(self, dag_id: str, run_id: str) -> dict[str, dict[str, Any]]:
        """The run's task instances by task: `state`, `note`, `try_number`, `queued_when`, `start_date`, …"""
        found = self._get(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances")["task_instances"]
        return {str(task["task_id"]): task for task in found}

    def wait_for_task(self, dag_id: str, run_id: str, task_id: str, state: str, *, timeout: float = 120) -> dict[str, Any]:
        """The task instance when it is in the state."""

        def arrived() -> dict[str, Any] | None:
            task = self.tasks(dag_id, run_id).get(task_id)
            return task if task is not None and task["state"] == state else None

        return self.wait_until(arrived, timeout, f"{dag_id}.{task_id} to be {state}")

    def clear(self, dag_id: str, run_id: str, *task_ids: str) -> None:
        """Let the tasks of a run (none: all) be done again."""
        asked = {"dry_run": False, "dag_run_id": run_id, "only_failed": False, "reset_dag_runs": True}
        self._ask("POST", f"/api/v2/dags/{dag_id}/clearTaskInstances", {**asked, **({"task_ids": list(task_ids)} if task_ids else {})})

    def question(self, dag_id: str, run_id: str, task_id: str) -> dict[str, Any]:
        """What a task that waits for a person asks: `subject`, `body`, `options`."""
        return dict(self._get(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1/hitlDetails"))

    def answer(self, dag_id: str, run_id: str, task_id: str, option: str, values: Mapping[str, object] | None = None) -> None:
        """Answer a task that waits for a person. A pause first: an answer at once meets a race of the scheduler's."""
        self.wait_for_task(dag_id, run_id, task_id, "awaiting_input")
        time.sleep(3)
        place = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1/hitlDetails"
        self._ask("PATCH", place, {"chosen_options": [option], "params_input": dict(values or {})})

    # Assets and the rest

    def asset_events(self, name: str) -> list[dict[str, Any]]:
        """The events of the asset of that name, oldest first; `["extra"]` holds its metadata."""
        assets = self._get(f"/api/v2/assets?name_pattern={name}&limit=1000")["assets"]
        ids = [asset["id"] for asset in assets if asset["name"] == name]
        if not ids:
            return []
        return list(self._get(f"/api/v2/assets/events?asset_id={ids[0]}&order_by=timestamp&limit=1000")["asset_events"])

    def pools(self) -> dict[str, int]:
        """Pool → slots."""
        return {str(pool["name"]): int(pool["slots"]) for pool in self._get("/api/v2/pools")["pools"]}

    def wait_until(self, condition: Callable[[], Found | None], timeout: float, what: str) -> Found:
        """What the condition gives as soon as it is something. Raises AssertionError, with the ends of the logs, when it never is."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.25)
        ends = "".join(f"\n--- {name}\n{self.log(name)[-1500:]}" for name in COMPONENTS if (self.home / f"{name}.log").is_file())
        raise AssertionError(f"waited {timeout:.0f} s for {what}{ends}")

    def _get(self, place: str) -> Any:
        return self._ask("GET", place)

    def _ask(self, method: str, place: str, document: Mapping[str, object] | None = None) -> Any:
        answer = self._client.request(method, place, content=None if document is None else json.dumps(document),
                                      headers={"Content-Type": "application/json"})  # fmt: skip
        assert answer.is_success, f"{method} {place}: {answer.status_code} {answer.text[:2000]}"
        return answer.json() if answer.content else None


@contextmanager
def airflow_over(home: Path, workspace: Path, dags: Path = ROOT / "dags", **settings: str) -> Iterator[Airflow]:
    """An Airflow with an empty database in `home`, whose DAGs are in `dags` and work on `workspace`; further settings are
    environment variables. It ends with the block, with every process that it started."""
    airflow = Airflow(home, workspace, dags, settings)
    try:
        airflow.run_command("db", "migrate")
        airflow.start()
        yield airflow
    finally:
        airflow.stop()


def _settings(home: Path, workspace: Path, dags: Path, port: int) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__MAXIMUM_PAGE_LIMIT": "1000",  # what is asked for below; the default of 100 would cut it silently
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__API__SECRET_KEY": secrets.token_hex(32),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "10",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        # What a killed scheduler leaves is taken up soon, not after five minutes.
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "15",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(_free_port()),
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(_free_port()),
        "PRESEND_WORKSPACE": str(workspace),
        "PYTHONPATH": str(ROOT),
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(processes, timeout=30)
