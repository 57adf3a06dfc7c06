"""Measure the product against the hand-written script, each command a process of its own, and write `results.md`.

    python -m benchmarks.run 100k 1m 10m [--repeats 3] [--folder DIR]

A second says something about a machine, a ratio about the product: every figure that is judged is a multiple of the
script's time, measured in turn on the same machine and files. Exit status 1 when a bound is missed.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from benchmarks.generator import AS_OF, CAMPAIGN, FURTHER_CAMPAIGN, SMALLEST, write_workspace

RESULTS = Path(__file__).with_name("results.md")
SCRIPT = Path(__file__).with_name("script.py")
MULTIPLES = {"k": 1_000, "m": 1_000_000}

FIRST_CAMPAIGN_BOUND = 4.0
FURTHER_CAMPAIGN_BOUND = 2.0
MEMORY_BOUND = 6 * 2**30


@dataclass(frozen=True)
class Measured:
    """One process: wall time, the time of all its threads on a core, and the peak of its resident memory."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Result:
    """All processes of one size. `only_script` counts addresses that the script would mail and the product excludes."""

    profiles: int
    script: Measured
    ingest: Measured
    build: Measured
    publish: Measured
    further: Measured
    script_audience: int
    audience: int
    only_script: int

    @property
    def first_campaign(self) -> float:
        """The product's first campaign from files to outbox, in multiples of the script."""
        return (self.ingest.seconds + self.build.seconds + self.publish.seconds) / self.script.seconds

    @property
    def further_campaign(self) -> float:
        """Another campaign on the built warehouse, in multiples of the script."""
        return self.further.seconds / self.script.seconds

    @property
    def work(self) -> float:
        """The first campaign in multiples of the script's time on a core: what a busy machine does not change."""
        return (self.ingest.cpu_seconds + self.build.cpu_seconds + self.publish.cpu_seconds) / self.script.cpu_seconds

    @property
    def peak_bytes(self) -> int:
        """The largest process of the product."""
        return max(process.peak_bytes for process in (self.ingest, self.build, self.publish, self.further))

    @property
    def bounds(self) -> tuple[tuple[str, float, float], ...]:
        """What is judged: name, figure, bound."""
        return (
            ("ingest + build + publish, × script", self.first_campaign, FIRST_CAMPAIGN_BOUND),
            ("a further campaign, × script", self.further_campaign, FURTHER_CAMPAIGN_BOUND),
            ("peak memory, GiB", self.peak_bytes / 2**30, MEMORY_BOUND / 2**30),
        )


def measure(command: Sequence[str], folder: Path) -> Measured:
    """Run a command in a folder to its end. Raises CalledProcessError when it fails; its stderr is shown."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    # wait4 tells the usage of this very child; getrusage(RUSAGE_CHILDREN) would keep the largest of all before it.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def compile_imports() -> None:
    """Have Python keep the compiled form of all that a command imports, as it does wherever Presend is installed and used."""
    modules = "great_expectations, polars, pipeline.cli, pipeline.publishing, pipeline.engines.gx_dialect"
    subprocess.run([sys.executable, "-c", f"import {modules}"], env=_environment(), check=True, stderr=subprocess.DEVNULL)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def median(runs: Sequence[Measured]) -> Measured:
    """The middle times and the largest memory."""
    return Measured(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.cpu_seconds for run in runs),
        max(run.peak_bytes for run in runs),
    )


def run_size(folder: Path, profiles: int, repeats: int, say: Callable[[str], None]) -> Result:
    """Measure one size in a workspace that is written first, or taken as it is when the folder holds one already."""
    if not (folder / "presend.yaml").exists():
        say(f"{profiles:,} profiles: writing the workspace")
        write_workspace(folder, profiles)
    compile_imports()
    presend = [sys.executable, "-m", "pipeline", "--workspace", str(folder), "--quiet"]
    commands = {
        "script": [sys.executable, str(SCRIPT)],
        "ingest": [*presend, "ingest", "--as-of", AS_OF],
        "build": [*presend, "build", "--as-of", AS_OF],
        "publish": [*presend, "publish", CAMPAIGN, "--as-of", AS_OF],
        "further": [*presend, "publish", FURTHER_CAMPAIGN, "--as-of", AS_OF],
    }
    runs: dict[str, list[Measured]] = {name: [] for name in commands}
    for _ in range(repeats):
        for output in ("script", "ledger", "warehouse", "outbox", "rejected", ".presend"):
            shutil.rmtree(folder / output, ignore_errors=True)
        for name, command in commands.items():
            runs[name].append(measure(command, folder))
            last = runs[name][-1]
            memory = f"{last.peak_bytes / 2**30:.2f} GiB"
            say(f"{profiles:,} profiles: {name} {last.seconds:.1f} s, {last.cpu_seconds:.1f} s on a core, {memory}")
    by_script, by_product = f"{folder}/script/audience.parquet", f"{folder}/outbox/*/{CAMPAIGN}/*/audience.parquet"
    counts = duckdb.execute(
        """
        SELECT
            (SELECT count(*) FROM read_parquet($script)), (SELECT count(*) FROM read_parquet($product)),
            (SELECT count(*) FROM read_parquet($script) AS script ANTI JOIN read_parquet($product) AS product USING (address))
        """,
        {"script": by_script, "product": by_product},
    ).fetchall()[0]
    script, ingest, build, publish, further = (median(runs[name]) for name in commands)
    return Result(profiles, script, ingest, build, publish, further, *counts)


def report(results: Sequence[Result], repeats: int) -> str:
    """The page `results.md`."""
    lines = [
        "# Presend against a hand-written script",
        "",
        "`python -m benchmarks.run` writes this page. The script (`script.sql`) makes one campaign from the landing files and nothing",
        "else; Presend loads the ledger, resolves persons, keeps every reason with its evidence, validates and publishes. Times include",
        f"starting Python and all imports (modules compiled before) and are the median of {repeats} run(s); peak memory is the",
        "largest process's resident set.",
        "",
        f"Machine: {os.cpu_count()} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB,"
        f" Python {platform.python_version()}, DuckDB {version('duckdb')}.",
        "",
        "| profiles | script | ingest | build | publish | together, × script | further campaign, × script | peak, script | peak, Presend |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {each.profiles:,} | {each.script.seconds:.1f} s | {each.ingest.seconds:.1f} s | {each.build.seconds:.1f} s"
        f" | {each.publish.seconds:.1f} s | {each.first_campaign:.2f} | {each.further_campaign:.2f}"
        f" | {each.script.peak_bytes / 2**30:.2f} GiB | {each.peak_bytes / 2**30:.2f} GiB |"
        for each in results
    ]
    lines += ["", "The bounds hold for ten million profiles; smaller sizes pay the imports with less work to set against them.", ""]
    for each in results:
        for name, figure, bound in each.bounds:
            verdict = "kept" if figure <= bound else f"missed by {figure / bound - 1:.0%}"
            lines.append(f"- {each.profiles:,}: {name}: {figure:.2f}, bound {bound:.0f}: {verdict}")
        lines.append(f"- {each.profiles:,}: time on a core, ingest + build + publish, × script: {each.work:.2f}")
    lines += [
        "",
        "What the script costs otherwise: addresses that it would write to and Presend excludes (other spellings and other addresses of",
        "people who opted out, a second message to one person).",
        "",
    ]
    lines += [
        f"- {each.profiles:,}: script {each.script_audience:,} addresses, Presend {each.audience:,}, only the script's {each.only_script:,}"
        for each in results
    ]
    return "\n".join(lines) + "\n"


def size(text: str) -> int:
    """`100k`, `1m` or a plain number of profiles. Raises ValueError for anything else."""
    factor = MULTIPLES.get(text[-1:].lower())
    profiles = int(text[:-1]) * factor if factor else int(text)
    if profiles < SMALLEST:
        raise ValueError(f"{text}: fewer than {SMALLEST} profiles")
    return profiles


def main() -> int:
    """Measure the sizes that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="+", type=size, help="profiles: 100k, 1m, 10m")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keeps the workspaces, one folder per size, for the next measurement")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    folder = arguments.folder.resolve() if arguments.folder else Path(tempfile.mkdtemp(prefix="presend-benchmark-"))
    try:
        results = [
            run_size(folder / str(profiles), profiles, arguments.repeats, lambda line: print(line, file=sys.stderr, flush=True))
            # Small first: Linux counts the parent's memory at the start of a child as the child's.
            for profiles in sorted(arguments.sizes)
        ]
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)
    page = report(results, arguments.repeats)
    arguments.results.write_text(page)
    print(page)
    largest = max(results, key=lambda each: each.profiles)
    return 0 if all(figure <= bound for _, figure, bound in largest.bounds) else 1


if __name__ == "__main__":
    sys.exit(main())
