"""Files that are read and judged together are the same files, byte for byte, under the same verdict, when a kill has parted them."""

import json
from pathlib import Path

import pytest

from pipeline.ledger import read_loads
from pipeline.workspace import Workspace
from tests.lib.killing import Killer
from tests.lib.snapshots import bytes_of, differing
from tests.lib.workspaces import AS_OF, presend, write_settings, write_yaml

MANY = 4


def write_small_files(folder: Path, max_rejected: str) -> None:
    """Single events of a vendor, a file each; one in four cannot be read, and one says more than the others."""
    write_settings(folder, {"max_rejected": "0%"})
    write_yaml(folder / "feeds" / "events.yaml", {"source": "sendgrid_events", "organisation": "o1", "max_rejected": max_rejected})
    (folder / "landing" / "events").mkdir(parents=True)
    for number in range(MANY):
        address = "nobody knows" if number == 2 else f"person{number}@post.example.at"
        event = {"email": address, "event": "bounce", "timestamp": 1767225600 + number, "sg_event_id": f"e{number}"}
        if number == 0:
            event |= {"status": "5.1.1", "reason": "550 5.1.1 unknown"}
        (folder / "landing" / "events" / f"{number}.json").write_text(json.dumps([event]))


@pytest.mark.parametrize(("max_rejected", "code"), [("30%", 0), ("10%", 11)], ids=["accepted", "refused"])
def test_whatever_a_kill_has_left_is_read_and_judged_as_with_the_others(
    max_rejected: str, code: int, killer: Killer, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    write_small_files(whole, max_rejected)
    ended = killer.run(whole, "ingest", "events", "--as-of", AS_OF)
    assert ended.code == code, ended.error
    kept = [number for number, what in enumerate(ended.boundaries) if what.startswith("os.rename ledger/events/.unfinished")]
    assert len(kept) == MANY
    for number in kept[1:]:
        folder = tmp_path / f"killed-{number}"
        write_small_files(folder, max_rejected)
        assert killer.run(folder, "ingest", "events", "--as-of", AS_OF, boundary=number).was_killed
        assert presend(folder, "ingest", "events", "--as-of", AS_OF).code == code
        loads = read_loads(Workspace(folder))
        assert len(loads) == MANY and all(load.is_refused == bool(code) for load in loads)
        if not code:  # a refusal tells of how many it judged
            assert differing(bytes_of(whole, "ledger", "rejected"), bytes_of(folder, "ledger", "rejected")) == []
