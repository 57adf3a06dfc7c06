"""Measure how long Airflow takes to read the DAG files of a workspace, and write `dags.md`.

    python -m benchmarks.dags [--feeds 50] [--campaigns 500] [--repeats 3]

The peer is a file that makes as many DAGs with as many empty tasks and reads nothing: what Airflow itself costs. Each file is read by a
process of its own, as the DAG processor does, with Airflow imported before. Airflow gives up on a file after
`dagbag_import_timeout`. Exit status 1 when a bound is missed.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("dags.md")
LIMIT = 30.0
"""Airflow's default for `dagbag_import_timeout`, in seconds."""
BOUND_SHARE, BOUND_RATIO = 0.5, 5.0

READ = """
import json, sys, time
import airflow.sdk
from airflow.dag_processing.dagbag import DagBag
started = time.perf_counter()
bag = DagBag(sys.argv[1])
seconds = time.perf_counter() - started
assert not bag.import_errors, bag.import_errors
print(json.dumps([seconds, len(bag.dags), sum(len(dag.tasks) for dag in bag.dags.values())]))
"""
PEER = """
from airflow.sdk import DAG, task

for number in range({dags}):
    with DAG(dag_id=f"peer_{{number}}", schedule=None) as found:
        before = None
        for step in range({tasks}):
            done = task(lambda: None, task_id=f"step_{{step}}")()
            if before:
                before >> done
            before = done
    globals()[found.dag_id] = found
"""


@dataclass(frozen=True)
class Read:
    """What reading one DAG file took, and what it held."""

    name: str
    seconds: float
    dags: int
    tasks: int
    peer_seconds: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.peer_seconds

    @property
    def share(self) -> float:
        return self.seconds / LIMIT


def write_workspace(folder: Path, feeds: int, campaigns: int) -> Path:
    """A workspace of ten organisations with so many feeds and campaigns, all different, with segments to parse."""
    (folder / "feeds").mkdir(parents=True)
    (folder / "campaigns").mkdir()
    organisations = {
        f"o{number}": {"country": "AT", "timezone": "Europe/Vienna", "brands": {f"b{number}": {"lists": [f"l{number}"]}}}
        for number in range(10)
    }
    (folder / "presend.yaml").write_text(json.dumps({"organisations": organisations}))
    for number in range(feeds):
        feed = {"source": "canonical_consent", "organisation": f"o{number % 10}", "files": "*.csv", "max_age": "26h"}
        (folder / "feeds" / f"feed{number}.yaml").write_text(json.dumps(feed))
    for number in range(campaigns):
        owner = number % 10
        campaign = {
            "organisation": f"o{owner}",
            "brand": f"b{owner}",
            "list": f"l{owner}",
            "channel": "email",
            "message_class": "marketing",
            "segment": f"country = 'AT' and postal_code like '{number:04d}%' and language in ('de', 'en')",
            "delivery_analysis_at": f"2030-01-{1 + number % 28:02d}T09:00:00+01:00",
            "columns": ["first_name", "last_name"],
        }
        (folder / "campaigns" / f"campaign{number}.yaml").write_text(json.dumps(campaign))
    return folder


def read(file: Path, workspace: Path, home: Path, repeats: int) -> tuple[float, int, int]:
    """The median of the seconds that reading the file took, its DAGs and tasks."""
    settings = {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "PRESEND_WORKSPACE": str(workspace)}
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    found = []
    for _ in range(repeats):
        done = subprocess.run([sys.executable, "-c", READ, str(file)], env=environment, check=True, capture_output=True, text=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return statistics.median([seconds for seconds, _, _ in found]), found[0][1], found[0][2]


def compare(folder: Path, feeds: int, campaigns: int, repeats: int) -> list[Read]:
    """Each DAG file beside a peer of as many DAGs and tasks."""
    workspace = write_workspace(folder / "workspace", feeds, campaigns)
    results = []
    for file in sorted((ROOT / "dags").glob("*.py")):
        seconds, dags, tasks = read(file, workspace, folder / "home", repeats)
        peer = folder / f"peer_{file.name}"
        peer.write_text(PEER.format(dags=dags, tasks=round(tasks / dags)))
        results.append(Read(file.name, seconds, dags, tasks, read(peer, workspace, folder / "home", repeats)[0]))
    return results


def missed(results: list[Read]) -> list[str]:
    """The bounds that were missed, in words."""
    too_long = [f"{one.name}: {one.share:.0%} of Airflow's limit, allowed {BOUND_SHARE:.0%}" for one in results if one.share > BOUND_SHARE]
    # A file of one DAG measures the workspace's configuration and nothing else.
    too_dear = [
        f"{one.name}: {one.ratio:.1f} times the peer, allowed {BOUND_RATIO:g}"
        for one in results
        if one.dags > 1 and one.ratio > BOUND_RATIO
    ]
    return [*too_long, *too_dear]


def page(results: list[Read], feeds: int, campaigns: int, repeats: int) -> str:
    """The page of results."""
    lines = [
        "# Reading the DAG files",
        "",
        f"`python -m benchmarks.dags` writes this page: a workspace of {feeds} feeds and {campaigns} campaigns. The peer makes",
        "as many DAGs with as many empty tasks and reads no configuration. Airflow gives up on a file after"
        f" {LIMIT:g} s. Median of {repeats} run(s).",
        "",
        f"Machine: {os.cpu_count()} cores, Python {platform.python_version()}, Airflow {version('apache-airflow')}.",
        "",
        "| file | DAGs | tasks | seconds | × peer | of Airflow's limit |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(f"| {one.name} | {one.dags} | {one.tasks} | {one.seconds:.2f} | {one.ratio:.1f} | {one.share:.0%} |" for one in results),
        "",
    ]
    broken = missed(results)
    bounds = f"at most {BOUND_SHARE:.0%} of the limit, and {BOUND_RATIO:g} times the peer where a file makes many"
    lines.append(f"- {bounds}: {'; '.join(broken) or 'kept'}")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, write the page, and tell by the exit status whether the bounds were kept."""
    parser = argparse.ArgumentParser(description="Time Airflow's reading of the DAG files.")
    parser.add_argument("--feeds", type=int, default=50)
    parser.add_argument("--campaigns", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = compare(Path(folder), asked.feeds, asked.campaigns, asked.repeats)
    text = page(results, asked.feeds, asked.campaigns, asked.repeats)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return 1 if missed(results) else 0


if __name__ == "__main__":
    sys.exit(main())
