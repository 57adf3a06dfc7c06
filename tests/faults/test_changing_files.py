"""A landing file that is written to, cut, replaced or taken away while it is read waits for the next run; no row of it is loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lib.killing import Killer
from tests.lib.snapshots import damage, differing
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF, presend

FILE = "consent/forms.csv"


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"c-new,2026-05-01T10:00:00Z,opt_out,person1@post.example.at,organisation,o1,form\n")


def replace_by_shorter(path: Path) -> None:
    other = path.with_name(".other")
    other.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    other.replace(path)


HARMS: dict[str, Callable[[Path], None]] = {"cut": cut, "grown": grow, "replaced": replace_by_shorter, "taken away": Path.unlink}
IN_THE_NORMAL_SUITE = {("cut", "before"), ("grown", "after")}


@pytest.mark.parametrize(
    ("harm", "moment"),
    [
        pytest.param(harm, moment, marks=[] if (harm, moment) in IN_THE_NORMAL_SUITE else pytest.mark.slow)
        for harm in HARMS
        for moment in ("before", "after")
    ],
)
def test_a_file_that_changes_while_it_is_read_waits(
    harm: str, moment: str, stages: dict[str, Stage], killer: Killer, tmp_path: Path
) -> None:
    stage = stages["ingest"]
    folder = stage.copy(tmp_path / "company")
    path = folder / "landing" / FILE
    whole = path.read_bytes()
    boundary = boundaries(stage, killer, tmp_path).index(f"{moment} the step ingest {FILE}")
    ended = killer.run(folder, "ingest", "--as-of", AS_OF, boundary=boundary, meanwhile=lambda: HARMS[harm](path))
    assert ended.code == 0 and ended.document["waiting"] == [FILE], ended
    assert damage(folder) == []
    assert not list(folder.glob("ledger/consent/*/load.json"))
    answer = presend(folder, "publish", "a-news", "--as-of", AS_OF)
    assert answer.code == 12, "a campaign does not rest on half a file"
    path.write_bytes(whole)
    assert presend(folder, "ingest", "--as-of", AS_OF).code == 0
    # The chain tells in which order the loads came: this one came last here.
    found = {name: text for name, text in contents(folder).items() if not name.startswith("warehouse/")}
    assert differing(stage.after, found) == ["ledger/chain.jsonl: changed"]


_boundaries: list[str] = []


def boundaries(stage: Stage, killer: Killer, tmp_path: Path) -> list[str]:
    if not _boundaries:
        _boundaries.extend(killer.run(stage.copy(tmp_path / "trial"), "ingest", "--as-of", AS_OF).boundaries)
    return _boundaries
