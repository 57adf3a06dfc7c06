"""Measure what Airflow adds to a campaign, from its window's opening to the published run, and write `airflow.md`.

    python -m benchmarks.airflow [--campaigns 5] [--database sqlite|postgresql]

A real Airflow (scheduler, DAG processor, triggerer, API server, LocalExecutor) publishes campaigns of a small workspace one after
another. Two peers, in turn with them: `presend publish` of the same campaign at the terminal, which is the work without Airflow, and a
DAG of as many empty tasks, which is Airflow without the work. Exit status 1 when a bound is missed.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.lib.airflow import ROOT, Airflow, airflow_over
from tests.lib.asked_world import CAMPAIGN, write_world
from tests.lib.postgres import postgres

RESULTS = Path(__file__).with_name("airflow.md")
TASKS = ("freshness", "decide", "validate", "publish")
WINDOW = timedelta(minutes=30)
NOTICED = timedelta(seconds=45)
"""So long before its window a campaign's file is written: Airflow has read its DAG by then."""
BOUND_SHARE = 0.25
"""Airflow's part of the shortest window for which the last quarter is not yet the time of alarms: two minutes."""
SHORTEST = timedelta(minutes=2)
PEER = """
from airflow.sdk import DAG, task

with DAG(dag_id="peer", schedule=None) as found:
    before = None
    for step in {tasks}:
        done = task(lambda: None, task_id=step)()
        if before:
            before >> done
        before = done
"""


@dataclass(frozen=True)
class Task:
    """A task of one DAG run: seconds until a slot's process had it, from when the one before had ended, and seconds at work."""

    waited: float
    worked: float


@dataclass(frozen=True)
class Run:
    """A DAG run: seconds from when it was due until it was made, and its tasks in order."""

    made_after: float
    tasks: tuple[Task, ...]

    @property
    def seconds(self) -> float:
        return self.made_after + sum(task.waited + task.worked for task in self.tasks)

    @property
    def waited(self) -> float:
        return self.made_after + sum(task.waited for task in self.tasks)


def run_of(airflow: Airflow, dag_id: str, run: dict[str, Any]) -> Run:
    """The DAG run as Airflow's own times tell it."""
    found = airflow.tasks(dag_id, run["dag_run_id"])
    assert run["state"] == "success", found
    due, made_at = _moment(run["run_after"]), _moment(run["queued_at"])
    tasks, before = [], made_at
    for name in TASKS:
        started, ended = _moment(found[name]["start_date"]), _moment(found[name]["end_date"])
        tasks.append(Task((started - before).total_seconds(), (ended - started).total_seconds()))
        before = ended
    return Run((made_at - due).total_seconds(), tuple(tasks))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def write_campaign(workspace: Path, name: str, opens_at: datetime) -> None:
    """The small campaign, with a window that opens then."""
    told = {**CAMPAIGN, "delivery_analysis_at": (opens_at + WINDOW).isoformat(), "publish_before": "30m"}
    (workspace / "campaigns" / f"{name}.yaml").write_text(json.dumps(told))


def command(workspace: Path, *arguments: str) -> float:
    """Seconds that the command takes at the terminal."""
    started = time.monotonic()
    subprocess.run([sys.executable, "-m", "pipeline", "--workspace", str(workspace), "--quiet", *arguments], check=True, cwd=ROOT)
    return time.monotonic() - started


def measure(folder: Path, campaigns: int, settings: dict[str, str]) -> tuple[list[Run], list[Run], list[float]]:
    """The campaigns' runs, those of empty tasks, and the seconds of `presend publish`."""
    workspace, apart = write_world(folder / "workspace"), write_world(folder / "apart")
    for each in (workspace, apart):
        (each / "campaigns" / "c.yaml").unlink()
        command(each, "ingest")
    dags = folder / "dags"
    dags.mkdir()
    (dags / "publish.py").write_text((ROOT / "dags" / "publish.py").read_text())
    (dags / "peer.py").write_text(PEER.format(tasks=TASKS))
    runs, empty, alone = [], [], []
    with airflow_over(folder / "airflow", workspace, dags, AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="False", **settings) as airflow:
        for number in range(campaigns):
            opens_at = (datetime.now(UTC) + NOTICED).replace(microsecond=0)
            dag_id = f"presend_publish_c{number}"
            write_campaign(workspace, f"c{number}", opens_at)
            airflow.unpause(dag_id)
            assert datetime.now(UTC) < opens_at, "Airflow has read the DAG too late"
            runs.append(run_of(airflow, dag_id, airflow.wait_for_run(dag_id, timeout=300)))
            empty.append(run_of(airflow, "peer", airflow.wait_for_run("peer", airflow.trigger("peer"))))
            # In a workspace that this Airflow does not know, and with a new file there too, which the warehouse does not know yet.
            write_campaign(apart, f"c{number}", datetime.now(UTC))
            alone.append(command(apart, "publish", f"c{number}"))
            print(f"{runs[-1].seconds:.1f} s in Airflow, {empty[-1].seconds:.1f} s empty, {alone[-1]:.1f} s alone", flush=True)
    return runs, empty, alone


def page(results: dict[str, tuple[list[Run], list[Run], list[float]]], load: float) -> str:
    """The page of results."""
    lines = [
        "# What Airflow adds to a campaign",
        "",
        "`python -m benchmarks.airflow` writes this page. A campaign of a workspace with a dozen profiles, so that next to nothing is",
        "left but processes that start: seconds from its window's opening to its published run, medians. `presend publish` is the same",
        "campaign at the terminal beside the idle Airflow; *empty* is a DAG of as many tasks that do nothing, started by hand.",
        "",
        f"Machine: {os.cpu_count()} cores, on average {load:.1f} processes at work, Python {platform.python_version()},"
        f" Airflow {version('apache-airflow')}, LocalExecutor.",
    ]
    for database, (runs, empty, alone) in results.items():
        lines += ["", f"## Airflow's database in {database}, {len(runs)} campaigns", "", "| | campaign | empty |", "| --- | ---: | ---: |"]
        rows = [("window opens → DAG run is made", [run.made_after for run in runs], [run.made_after for run in empty])]
        for number, name in enumerate(TASKS):
            rows.append((f"→ `{name}` starts", [run.tasks[number].waited for run in runs], [run.tasks[number].waited for run in empty]))
            rows.append((f"`{name}` works", [run.tasks[number].worked for run in runs], [run.tasks[number].worked for run in empty]))
        rows.append(("**in all**", [run.seconds for run in runs], [run.seconds for run in empty]))
        rows.append(("of it waiting for Airflow", [run.waited for run in runs], [run.waited for run in empty]))
        lines += [f"| {name} | {statistics.median(one):.1f} | {statistics.median(other):.1f} |" for name, one, other in rows]
        peer = statistics.median(alone)
        added = statistics.median(run.seconds for run in runs) - peer
        lines += [
            "",
            f"`presend publish` alone: {peer:.1f} s. Airflow adds {added:.1f} s, {added / SHORTEST.total_seconds():.0%} of a window of two"
            " minutes.",
        ]
    broken = missed(results)
    lines += ["", f"- at most {BOUND_SHARE:.0%} of a window of two minutes is Airflow's: {'; '.join(broken) or 'kept'}"]
    return "\n".join(lines) + "\n"


def missed(results: dict[str, tuple[list[Run], list[Run], list[float]]]) -> list[str]:
    """The bounds that were missed, in words."""
    added = {
        database: statistics.median(run.seconds for run in runs) - statistics.median(alone)
        for database, (runs, _, alone) in results.items()
    }
    return [f"{database}: {seconds:.0f} s" for database, seconds in added.items() if seconds > BOUND_SHARE * SHORTEST.total_seconds()]


@contextmanager
def database_of(name: str) -> Iterator[dict[str, str]]:
    """The settings of Airflow's database."""
    with postgres() if name == "PostgreSQL" else nullcontext() as url:
        yield {} if url is None else {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url}


def main() -> int:
    """Measure, write the page, and tell by the exit status whether the bounds were kept."""
    parser = argparse.ArgumentParser(description="Time what Airflow adds to a campaign.")
    parser.add_argument("--campaigns", type=int, default=5)
    parser.add_argument("--database", choices=("SQLite", "PostgreSQL"), action="append", help="both, if none is given")
    asked = parser.parse_args()
    results, loads = {}, []
    for name in asked.database or ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, database_of(name) as settings:
            results[name] = measure(Path(folder), asked.campaigns, settings)
            loads.append(os.getloadavg()[1])
    text = page(results, statistics.mean(loads))
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return 1 if missed(results) else 0


if __name__ == "__main__":
    sys.exit(main())
