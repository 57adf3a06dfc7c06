"""Two commands at once, whichever they are: the second waits or exits 15, and in the end all is as if nobody had been in the way.

The first stands still in the middle of its work, with whatever locks it holds, until the second has ended.
"""

import json
from pathlib import Path

import pytest

from pipeline.workspace import Workspace
from tests.lib.killing import Ended, Killer
from tests.lib.snapshots import damage, differing
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF, Answer, presend

MIDDLE = {
    "ingest": "after the step ingest consent/forms.csv",
    "build": "before the step 3_state/restriction",
    "publish": "before the step validate",
    "run": "before the step 3_state/restriction",
}
"""Where the first stands still."""
WHILE_WRITING = {
    ("ingest", "ingest"), ("ingest", "run"), ("run", "build"), ("run", "publish"), ("run", "run"), ("build", "build"), ("build", "publish"),
    ("build", "run"), ("publish", "publish"), ("publish", "run"),
}  # fmt: skip
"""Pairs of which the second wants what the first holds."""
IN_THE_NORMAL_SUITE = {("ingest", "run"), ("publish", "run")}
PAIRS = [
    pytest.param(first, second, marks=[] if (first, second) in IN_THE_NORMAL_SUITE else pytest.mark.slow)
    for first in MIDDLE
    for second in MIDDLE
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_commands_at_once(
    first: str, second: str, stages: dict[str, Stage], killer: Killer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Workspace.lock.__wrapped__.__kwdefaults__, "wait_seconds", 0.3)  # type: ignore[attr-defined]
    stage = stages[first]
    boundaries = killer.run(stage.copy(tmp_path / "trial"), *stage.command, "--as-of", AS_OF).boundaries
    folder = stage.copy(tmp_path / "company")
    answers: list[Answer] = []

    def run_second() -> None:
        answers.append(presend(folder, *stages[second].command, "--as-of", AS_OF))
        assert damage(folder) == []

    ended: Ended = killer.run(folder, *stage.command, "--as-of", AS_OF, boundary=boundaries.index(MIDDLE[first]), meanwhile=run_second)
    assert ended.code == 0, ended.error
    if (first, second) in WHILE_WRITING:
        assert answers[0].code == 15 and answers[0].error["remedy"], answers[0].document
    else:
        # Beside an ingest there may be nothing yet to publish from.
        assert answers[0].code == 0 or (first, second, answers[0].code) == ("ingest", "publish", 12), answers[0].document
    assert damage(folder) == []
    if second in ("build", "run"):
        assert presend(folder, "build", "--as-of", AS_OF).code == 0  # what was published meanwhile stands in the warehouse, or does not
    assert presend(folder, "run", "--as-of", AS_OF).code == 0
    assert without_runs(differing(stages["run"].after, contents(folder))) == []
    undisturbed = stages["run"].copy(tmp_path / "undisturbed")
    assert presend(undisturbed, "run", "--as-of", AS_OF).code == 0
    assert chained(folder) == chained(undisturbed)
    assert manifests(folder) == manifests(undisturbed)


def without_runs(lines: list[str]) -> list[str]:
    """The differences beside what the order of arrival makes (compared apart), and the tables of published runs.

    Those tables hold the runs of before the last build, whichever that was.
    """
    tables = ("run", "decision", "exclusion", "audience_funnel")
    names = {"ledger/chain.jsonl", *(f"warehouse/{name}" for name in tables)}
    return [line for line in lines if (name := line.partition(":")[0]) not in names and not name.endswith("/manifest.json")]


def chained(folder: Path) -> list[tuple[str, str]]:
    """The loads that the ledger's chain names; two commands take in the files of two feeds in either order."""
    links = [json.loads(line) for line in (folder / "ledger" / "chain.jsonl").read_text(encoding="utf-8").splitlines()]
    return sorted((link["feed"], link["load_id"]) for link in links)


def manifests(folder: Path) -> dict[str, object]:
    """What the published runs say of themselves, beside the head of the chain that they rest on."""
    found = {
        path.relative_to(folder).as_posix(): json.loads(path.read_text(encoding="utf-8"))
        for path in folder.glob("outbox/*/*/*/manifest.json")
    }
    return {name: {key: value for key, value in manifest.items() if key != "ledger_head"} for name, manifest in found.items()}
