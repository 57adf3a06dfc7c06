"""The benchmark measures what it says: the invented world has its shares, the script keeps its rules, misses are told."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.generator import write_workspace
from benchmarks.run import SCRIPT, Measured, Result, measure, report, size

PROFILES = 20_000


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark")
    write_workspace(folder, PROFILES)
    return folder


def share(workspace: Path, feed: str, condition: str) -> float:
    return duckdb.execute(
        f"SELECT avg(coalesce({condition}, false)::INTEGER) FROM read_csv($file, all_varchar = true)",
        {"file": str(workspace / "landing" / feed / f"{feed}.csv")},
    ).fetchall()[0][0]


@pytest.mark.parametrize(
    ("feed", "condition", "expected"),
    [
        ("profiles", "organisation = 'ufer'", 0.80),
        ("profiles", "phone <> ''", 1 / 3),
        ("profiles", "email <> trim(lower(email))", 0.10),
        ("consent", "action = 'opt_out'", 0.20),
        ("consent", "action = 'opt_in'", 0.60),
        ("delivery", "bounce_class = 'hard'", 0.038),
    ],
)
def test_world_has_its_shares(workspace: Path, feed: str, condition: str, expected: float) -> None:
    assert share(workspace, feed, condition) == pytest.approx(expected, rel=0.1)


def test_same_size_gives_the_same_files(workspace: Path, tmp_path: Path) -> None:
    write_workspace(tmp_path, PROFILES)
    files = sorted(path.relative_to(workspace) for path in workspace.glob("landing/*/*.csv"))
    assert len(files) == 3
    for file in files:
        assert (tmp_path / file).read_bytes() == (workspace / file).read_bytes()


def test_script_writes_to_nobody_who_opted_out_last(workspace: Path) -> None:
    """The peer must be right about the plain cases, else its time is no measure."""
    measure([sys.executable, str(SCRIPT)], workspace)
    files = {name: str(workspace / "landing" / name / f"{name}.csv") for name in ("consent", "delivery")}
    audience = str(workspace / "script" / "audience.parquet")
    rows, addresses = duckdb.execute("SELECT count(*), count(DISTINCT address) FROM read_parquet($f)", {"f": audience}).fetchall()[0]
    assert 0.8 * PROFILES * 0.8 < rows == addresses
    wrong = duckdb.execute(
        """
        SELECT count(*) FROM read_parquet($audience) WHERE address IN (
            SELECT address FROM read_csv($delivery) WHERE type = 'complaint' OR bounce_class = 'hard'
            UNION ALL
            SELECT address FROM read_csv($consent) WHERE scope = 'group' OR scope_id IN ('ufer', 'galerie', 'galerie-newsletter')
            GROUP BY address HAVING bool_and(action = 'opt_out'))
        """,
        {"audience": audience, **files},
    ).fetchall()[0][0]
    assert wrong == 0


def test_failing_command_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        measure([sys.executable, "-c", "raise SystemExit(11)"], tmp_path)


def test_report_tells_a_missed_bound() -> None:
    second = Measured(10.0, 15.0, 2**30)
    result = Result(size("10m"), second, second, second, Measured(30.0, 30.0, 7 * 2**30), second, 9, 8, 1)
    page = report([result], 1)
    assert "10,000,000: ingest + build + publish, × script: 5.00, bound 4: missed by 25%" in page
    assert "a further campaign, × script: 1.00, bound 2: kept" in page
    assert "time on a core, ingest + build + publish, × script: 4.00" in page
    assert "peak memory, GiB: 7.00, bound 6: missed by 17%" in page
