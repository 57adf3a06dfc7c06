"""The same ledger, configuration and `as_of` give the same bytes in ledger and outbox, and the same tables (domain §7, promise 5)."""

import csv
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.lib.company import MESSAGES, write_company
from tests.lib.snapshots import bytes_of, differing, snapshot
from tests.lib.workspaces import AS_OF, ROOT, presend, write_campaign, write_settings, write_yaml

from .conftest import Undisturbed


def test_a_second_workspace_with_the_same_files_becomes_the_same(undisturbed: Undisturbed, tmp_path: Path) -> None:
    write_company(tmp_path)
    for path in tmp_path.glob("landing/*/*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert presend(tmp_path, "run", "--as-of", AS_OF).code == 0
    assert differing(undisturbed.after_run, snapshot(tmp_path)) == []


def test_a_second_run_changes_nothing(undisturbed: Undisturbed, tmp_path: Path) -> None:
    write_company(tmp_path)
    for _ in range(2):
        assert presend(tmp_path, "run", "--as-of", AS_OF).code == 0
    assert differing(undisturbed.after_run, snapshot(tmp_path)) == []


def test_one_command_after_another_gives_what_run_gives(undisturbed: Undisturbed, tmp_path: Path) -> None:
    write_company(tmp_path)
    for command in (["ingest"], ["build"], ["publish", "a-news"], ["publish", "b-rest"]):
        answer = presend(tmp_path, *command, "--as-of", AS_OF)
        assert answer.code == 0, answer.error
    assert differing(undisturbed.after_run, snapshot(tmp_path)) == []


def test_the_warehouse_can_be_deleted(undisturbed: Undisturbed, tmp_path: Path) -> None:
    write_company(tmp_path)
    assert presend(tmp_path, "ingest", "--as-of", AS_OF).code == 0
    assert presend(tmp_path, "build", "--as-of", AS_OF).code == 0
    shutil.rmtree(tmp_path / "warehouse")
    shutil.rmtree(tmp_path / ".presend")
    assert presend(tmp_path, "run", "--as-of", AS_OF).code == 0
    assert differing(undisturbed.after_run, snapshot(tmp_path)) == []


def test_a_message_becomes_the_same_bytes_whatever_else_lands_beside_it(tmp_path: Path) -> None:
    """A run that was killed between two files loads the others in another round."""
    messages = sorted(MESSAGES.glob("*.eml"))[:6]
    made = []
    for name, rounds in (("at once", [messages]), ("in two rounds", [messages[:3], messages[3:]])):
        folder = tmp_path / name
        write_settings(folder, {})
        write_yaml(folder / "feeds" / "bounces.yaml", {"source": "mailbox", "organisation": "o1", "max_rejected": "100%"})
        (folder / "landing" / "bounces").mkdir()
        for landed in rounds:
            for message in landed:
                shutil.copy(message, folder / "landing" / "bounces")
            assert presend(folder, "ingest", "bounces", "--as-of", AS_OF).code == 0
        made.append(bytes_of(folder, "ledger", "rejected"))
    assert differing(made[0], made[1]) == []


@pytest.mark.slow
def test_the_number_of_threads_does_not_show(tmp_path: Path) -> None:
    made = []
    for threads in ("1", "2"):
        folder = tmp_path / threads
        write_many(folder, 300_000)
        # DuckDB decides by its threads how it cuts a file of this size, so each number gets a process of its own.
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "--workspace", str(folder), "--json", "run", "--as-of", AS_OF],
            cwd=ROOT, env={**os.environ, "PRESEND_THREADS": threads}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        made.append(bytes_of(folder, "ledger", "outbox"))
    assert differing(made[0], made[1]) == []


def write_many(folder: Path, profiles: int) -> None:
    """A workspace whose files are large enough for several threads, with one address twice now and then."""
    write_settings(folder, {"max_rejected": "1%"})
    write_campaign(folder, "c1", datetime.fromisoformat(AS_OF), {"columns": ["first_name"]})
    for kind, header, row in (
        ("profiles", ["profile_id", "organisation", "email", "first_name", "updated_at"], _profile),
        ("consent", ["event_id", "occurred_at", "action", "scope", "scope_id", "address"], _opt_out),
        ("delivery", ["event_id", "occurred_at", "type", "bounce_class", "address"], _bounce),
    ):
        with (folder / "landing" / kind / "all.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(row(number) for number in range(profiles if kind == "profiles" else profiles // 2))


def _profile(number: int) -> list[str]:
    return [f"p{number}", "o1", f"Person{number % 290_000}@post.example.at", f"Name {number}", "2026-01-01"]


def _opt_out(number: int) -> list[str]:
    return [
        f"c{number % 149_000}",
        "2026-03-01T10:00:00Z",
        "opt_out" if number % 7 == 0 else "opt_in",
        "brand",
        "b1",
        f"person{number * 3 % 290_000}@post.example.at",
    ]


def _bounce(number: int) -> list[str]:
    return [
        f"d{number}",
        "2026-03-01T10:00:00Z",
        "bounce",
        "hard" if number % 9 == 0 else "block",
        f"person{number * 7 % 290_000}@post.example.at",
    ]
