"""A clock that was set back is refused before anything happens."""

from pathlib import Path

import pytest

from tests.lib.snapshots import differing
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF, presend

EARLIER = AS_OF.replace("T08:00", "T07:59")


@pytest.mark.parametrize("command", [("ingest",), ("ingest", "--dry-run"), ("run",)])
def test_a_clock_that_was_set_back_is_refused(command: tuple[str, ...], stages: dict[str, Stage], tmp_path: Path) -> None:
    folder = stages["publish"].copy(tmp_path / "company")
    later = folder / "landing" / "consent" / "later.csv"
    later.write_bytes((folder / "landing" / "consent" / "forms.csv").read_bytes())
    before = contents(folder)
    answer = presend(folder, *command, "--as-of", EARLIER)
    assert answer.code == 2
    assert AS_OF in answer.error["message"] and answer.error["remedy"]
    assert differing(before, contents(folder)) == []
    later.unlink()
    assert presend(folder, "run", "--as-of", AS_OF).code == 0
    assert differing(stages["run"].after, contents(folder)) == []


def test_a_campaign_decided_by_a_clock_before_its_feeds_arrived_asks_the_present_ledger(stages: dict[str, Stage], tmp_path: Path) -> None:
    folder = stages["publish"].copy(tmp_path / "company")
    assert presend(folder, "publish", "a-news", "--as-of", EARLIER).code == 0
    assert presend(folder, "run", "--as-of", AS_OF).code == 0
    latest = folder / "outbox" / "o1" / "a-news" / "latest.json"
    assert "20260601T080000Z" in latest.read_text()
    assert presend(folder, "publish", "a-news", "--as-of", EARLIER).code == 0
    assert "20260601T080000Z" in latest.read_text(), "an older run does not become the newest"
