"""A campaign's file that is used again, corrected or deleted: a run is asked as it was decided, and as its file is by now."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.lib import workspaces
from tests.lib.world import World

Worlds = Callable[..., World]
LATER = "2026-06-01T08:30:00+00:00"
OPT_OUT = """
    event_id | occurred_at          | action  | scope | scope_id | address               | via
    ---------+----------------------+---------+-------+----------+-----------------------+----------
    out      | 2026-06-01T08:10:00Z | opt_out | list  | l1       | anna@post.example.at  | one_click
"""


@pytest.fixture
def small(world: Worlds) -> World:
    """Anna and Bert are in a run of list l1."""
    small = world()
    small.profiles("""
        profile_id | email
        -----------+---------------------
        anna       | anna@post.example.at
        bert       | bert@post.example.at
    """)
    return small


def withdrawn(small: World) -> list[str]:
    """Whom the newest list of the run names."""
    (path,) = (small.folder / "outbox" / "o1" / "c1" / "withdrawn").glob("*.csv")
    return [line.split(",")[1] for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def recheck(small: World) -> dict[str, object]:
    run_id = small.published().manifest["run_id"]
    answer = workspaces.presend(small.folder, "recheck", run_id, "--as-of", LATER)
    assert answer.code == 0, answer.error
    return answer.document


CHANGES = [
    {"list": "l2"},
    {"list": None},
    {"message_class": "service", "no_advertising_attested_by": "Jo", "list": "l1"},
    {"brand": "b2", "list": "l3"},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_who_leaves_the_list_of_a_run_is_withdrawn_whatever_the_file_says_by_now(small: World, change: dict[str, object]) -> None:
    small.campaign(list="l1")
    assert small.run().code == 0
    small.campaign(**change)
    small.consents(OPT_OUT)
    small.arrives(as_of=LATER)
    assert recheck(small)["withdrawn"] == 1
    assert withdrawn(small) == ["anna"]


def test_who_is_out_by_a_correction_of_the_file_is_withdrawn_too(small: World) -> None:
    """Anna has left the list of the run; Bert is in the file that is left out since."""
    small.campaign(list="l1")
    assert small.run().code == 0
    (small.folder / "press.txt").write_text("bert@post.example.at\n", encoding="utf-8")
    small.campaign(list="l2", exclude_files=["press.txt"])
    small.consents(OPT_OUT)
    small.arrives(as_of=LATER)
    assert recheck(small)["withdrawn"] == 2
    assert sorted(withdrawn(small)) == ["anna", "bert"]


def test_a_run_whose_campaign_has_no_file_any_more_is_asked_and_explained_as_it_was(small: World) -> None:
    small.campaign(list="l1")
    small.consents(OPT_OUT.replace("anna", "bert").replace("2026-06-01T08:10", "2026-05-01T08:10"))
    assert small.run().code == 0
    run_id = small.published().manifest["run_id"]
    (small.folder / "campaigns" / "c1.yaml").unlink()
    small.consents(OPT_OUT)
    small.arrives(as_of=LATER)
    document = recheck(small)
    assert document["withdrawn"] == 1 and "there is no campaign 'c1'" in str(document["warnings"])
    answer = workspaces.presend(small.folder, "explain", "c1", "bert", "--run", run_id)
    assert (answer.code, answer.document["verdict"]) == (0, "excluded")


def test_a_fault_in_the_file_by_now_is_none_of_a_run_that_is_there(small: World) -> None:
    small.campaign(list="l1")
    assert small.run().code == 0
    small.campaign(list="nowhere")
    small.consents(OPT_OUT)
    small.arrives(as_of=LATER)
    document = recheck(small)
    assert document["withdrawn"] == 1 and "nowhere" in str(document["warnings"])
    answer = workspaces.presend(small.folder, "explain", "c1", "bert", "--run", str(small.published().manifest["run_id"]))
    assert (answer.code, answer.document["verdict"]) == (0, "audience")


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_waiting_run_is_not_released_to_who_has_left_its_list(small: World, change: dict[str, object]) -> None:
    """The file is another list's by now; a new run of that list waits, and Anna may have its message."""
    later = datetime.fromisoformat(LATER).isoformat()
    small.campaign(list="l1", approval="required")
    assert small.run().code == 14
    (waiting,) = _pending(small)
    small.campaign(approval="required", **change)
    small.consents(OPT_OUT)
    small.arrives(as_of=LATER)
    answer = workspaces.presend(small.folder, "approve", waiting, "--by", "Jo", "--as-of", later)
    assert (answer.code, "1 in the audience" in answer.error["message"]) == (13, True), answer.document
    assert len(_pending(small)) == 2


def test_a_recheck_before_changed_settings_were_read_says_so(small: World) -> None:
    """Publishing would stop: what the files say by the corrected settings is not known yet."""
    small.campaign(list="l1")
    assert small.run().code == 0
    workspaces.write_yaml(
        small.folder / "feeds" / "consent.yaml", {"source": "canonical_consent", "files": "*.csv", "max_age": "365d", "timezone": "UTC"}
    )
    assert "read under other settings than it has now" in str(recheck(small)["warnings"])


def _pending(small: World) -> list[str]:
    return sorted(path.name for path in Path(small.folder / "outbox" / "o1" / "c1" / "pending").iterdir())
