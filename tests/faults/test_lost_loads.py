"""Nothing that a run knew is lost unnoticed: it stops every publication, and comes back from its landing file as it was received, or a
person says that it may be missing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger import Load, read_loads
from pipeline.workspace import Workspace
from tests.lib.killing import Killer
from tests.lib.snapshots import bytes_of, differing
from tests.lib.workspaces import Answer, presend, publication
from tests.lib.world import World

NEXT = "2026-06-02T08:00:00+00:00"
LATER = "2026-06-02T08:10:00+00:00"
JANE, BOB = "jane@post.example.at", "bob@post.example.at"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of two days: Jane opts out on the second, and a run knew it; `yesterday` is its state before."""
    world = World(tmp_path_factory.mktemp("lived") / "today")
    world.profiles(f"email\n{JANE}\n{BOB}")
    world.campaign(delivery_analysis_at="2026-06-03T08:00:00+00:00", publish_before="72h")
    assert world.run().code == 0
    shutil.copytree(world.folder, world.folder.with_name("yesterday"))
    world.consents(f"address | action  | occurred_at\n{JANE} | opt_out | 2026-06-01T10:00:00Z")
    assert world.run(NEXT).code == 0
    assert world.published().addresses == [BOB]
    return world.folder


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "company"))


def page(folder: Path, feed: str = "consent", name: str = "001") -> Path:
    (found,) = folder.glob(f"ledger/{feed}/{name}*/load.json")
    return found


def edit(path: Path, **values: Any) -> None:
    """Change load.json, its checksum too."""
    load = Load.from_json(path.read_text())
    changed = Load(**{**{name: getattr(load, name) for name in load.__dataclass_fields__}, **values})
    path.write_text(changed.to_json())


def delete_the_load(folder: Path) -> None:
    shutil.rmtree(page(folder).parent)


def delete_the_feeds_folder(folder: Path) -> None:
    shutil.rmtree(folder / "ledger" / "consent")


def say_it_was_empty(folder: Path) -> None:
    edit(page(folder), kinds={}, files=())


def say_it_was_refused(folder: Path) -> None:
    edit(page(folder), is_refused=True)


def say_it_came_later(folder: Path) -> None:
    edit(page(folder), received_at=Load.from_json(page(folder, name="000").read_text()).received_at)


def restore_yesterdays_ledger(folder: Path, lived: Path) -> None:
    shutil.rmtree(folder / "ledger")
    shutil.copytree(lived.with_name("yesterday") / "ledger", folder / "ledger")


def cut_the_chain_too(folder: Path) -> None:
    delete_the_load(folder)
    chain = folder / "ledger" / "chain.jsonl"
    chain.write_text("".join(line for line in chain.read_text().splitlines(keepends=True) if "/001.csv" not in line and '"001' not in line))


def stopped(folder: Path, *command: str) -> Answer:
    before = bytes_of(folder, "outbox")
    answer = presend(folder, *(command or ("publish", "c1")), "--as-of", LATER)
    assert answer.code == 13, answer.document
    assert answer.error["remedy"] and differing(before, bytes_of(folder, "outbox")) == []
    return answer


def is_as_before(folder: Path, lived: Path) -> None:
    """Jane is out, the ledger is the very one, and publication goes on."""
    answer = presend(folder, "publish", "c1", "--as-of", LATER)
    assert answer.code == 0, answer.error
    assert publication(folder, "c1", "o1").addresses == [BOB]


HARMS: list[Callable[[Path], None]] = [
    delete_the_load, delete_the_feeds_folder, say_it_was_empty, say_it_was_refused, say_it_came_later, cut_the_chain_too,
]  # fmt: skip


@pytest.mark.parametrize("harm", HARMS, ids=lambda found: found.__name__)
def test_what_is_lost_stops_and_is_made_again_from_its_landing_file(harm: Callable[[Path], None], folder: Path, lived: Path) -> None:
    before = bytes_of(folder, "ledger")
    harm(folder)
    answer = stopped(folder)
    assert answer.error["where"].startswith("ledger/consent") and "presend ingest consent" in answer.error["remedy"]
    assert presend(folder, "ingest", "--as-of", LATER).code == 0
    assert [name for name in differing(before, bytes_of(folder, "ledger")) if "chain" not in name] == []
    assert presend(folder, "check").document["notices"] == []


@pytest.mark.parametrize("harm", [delete_the_load, delete_the_feeds_folder, cut_the_chain_too], ids=lambda found: found.__name__)
def test_where_the_landing_file_is_gone_too_a_person_says_that_it_may_be_missing(harm: Callable[[Path], None], folder: Path) -> None:
    harm(folder)
    for path in (folder / "landing" / "consent").iterdir():
        path.unlink()
    assert presend(folder, "ingest", "--as-of", LATER).code == 0
    answer = stopped(folder)
    assert "--accept-loss" in answer.error["remedy"] and "@" not in json.dumps(answer.document)
    name = answer.error["remedy"].partition("--accept-loss ")[2].partition(" ")[0]
    assert presend(folder, "ingest", "--accept-loss", name, "--as-of", LATER).code == 2
    assert presend(folder, "ingest", "--accept-loss", "another", "--by", "Kim", "--as-of", LATER).code == 16
    assert presend(folder, "ingest", "--accept-loss", "consent", "--by", "Kim", "--as-of", LATER).code == 0
    assert not [notice for notice in presend(folder, "check").document["notices"] if notice["kind"] == "lost"]
    said = [json.loads(line) for line in (folder / "ledger" / "waivers.jsonl").read_text().splitlines()]
    assert {(waiver["kind"], waiver["feed"], waiver["by"]) for waiver in said} == {("accepted_loss", "consent", "Kim")}


def test_a_ledger_of_yesterday_beside_the_outbox_of_today_is_named_and_completed(folder: Path, lived: Path) -> None:
    before = {load.load_id: load.received_at for load in read_loads(Workspace(folder))}
    restore_yesterdays_ledger(folder, lived)
    for command in (("publish", "c1"), ("run",)):
        if command == ("publish", "c1"):
            assert "presend ingest consent" in stopped(folder).error["remedy"]
        else:
            assert presend(folder, *command, "--as-of", LATER).code == 0, "its ingest completes the ledger"
    assert {load.load_id: load.received_at for load in read_loads(Workspace(folder))} == before
    is_as_before(folder, lived)


def test_an_outbox_of_yesterday_beside_a_newer_ledger_is_no_loss(folder: Path, lived: Path) -> None:
    shutil.rmtree(folder / "outbox")
    shutil.copytree(lived.with_name("yesterday") / "outbox", folder / "outbox")
    is_as_before(folder, lived)


@pytest.mark.parametrize("how", ["deleted", "cut", "changed", "reordered", "written anew"])
def test_a_chain_that_is_not_what_was_written_stops_until_an_ingest_has_compared(how: str, folder: Path, lived: Path) -> None:
    chain = folder / "ledger" / "chain.jsonl"
    lines = chain.read_text().splitlines(keepends=True)
    if how == "deleted":
        chain.unlink()
    elif how == "written anew":  # a chain of its own, in which everything fits
        older = folder.with_name("older")
        shutil.copytree(folder, older, ignore=shutil.ignore_patterns("outbox", "chain.jsonl"))
        edit(page(older, "profiles", "000"), bytes=1)
        assert presend(older, "build", "--as-of", LATER).code == 0
        shutil.copy(older / "ledger" / "chain.jsonl", chain)
    else:
        chain.write_text(
            "".join({"cut": lines[:-1], "changed": [lines[0].replace("000", "001"), *lines[1:]], "reordered": lines[::-1]}[how])
        )
    answer = stopped(folder)
    if how in ("changed", "reordered"):
        assert answer.error["where"] == "ledger/chain.jsonl:1"
        assert presend(folder, "ingest", "--as-of", LATER).code == 0, "what is new is loaded all the same"
        stopped(folder)
        chain.unlink()
    assert presend(folder, "ingest", "--as-of", LATER).code == 0
    assert presend(folder, "check").document["notices"] == []


def test_two_loads_that_were_swapped_are_named(folder: Path) -> None:
    one, other, between = page(folder).parent, page(folder, name="000").parent, folder / "between"
    one.rename(between)
    other.rename(one)
    between.rename(other)
    assert stopped(folder).error["where"].startswith("ledger/consent/")


def test_the_rows_of_two_loads_that_were_swapped_are_named(folder: Path) -> None:
    one, other = page(folder).with_name("consent.parquet"), page(folder, "profiles", "000").with_name("profile.parquet")
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    assert stopped(folder).error["where"].startswith("ledger/")


def test_a_workspace_that_moved_to_another_machine_goes_on(folder: Path, lived: Path, tmp_path: Path) -> None:
    moved = Path(
        shutil.copytree(
            folder, tmp_path / "other" / "machine", ignore=shutil.ignore_patterns(".presend", "warehouse"), copy_function=shutil.copyfile
        )
    )
    is_as_before(moved, lived)


def test_a_waiting_run_knew_it_too_and_other_campaigns_are_stopped(lived: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(lived.with_name("yesterday"), tmp_path / "company"))
    world = World(folder)
    for name, approval in (("w1", "required"), ("other", "none")):
        world.campaign(name, approval=approval, delivery_analysis_at="2026-06-03T08:00:00+00:00", publish_before="72h")
    shutil.copytree(lived / "landing", folder / "landing", dirs_exist_ok=True)
    assert presend(folder, "ingest", "--as-of", NEXT).code == 0
    assert presend(folder, "publish", "w1", "--as-of", NEXT).code == 14
    delete_the_load(folder)
    chain = folder / "ledger" / "chain.jsonl"
    chain.write_text("".join(chain.read_text().splitlines(keepends=True)[:-1]))
    answer = stopped(folder, "publish", "other")
    campaigns = {found["campaign"]: found for found in presend(folder, "status", "--as-of", LATER).document["campaigns"]}
    assert campaigns["other"]["blocked_by"] == [answer.error["message"]]


def test_withdrawn_lists_and_approvals_do_not_rest_on_a_ledger_that_lost_something(folder: Path) -> None:
    run_id = publication(folder, "c1", "o1").path.name
    delete_the_load(folder)
    stopped(folder, "recheck", run_id)


def test_a_workspace_of_a_version_without_chain_gets_one(folder: Path, lived: Path) -> None:
    (folder / "ledger" / "chain.jsonl").unlink()
    for path in folder.glob("outbox/*/*/*/manifest.json"):
        path.write_text(json.dumps({name: value for name, value in json.loads(path.read_text()).items() if name != "ledger_head"}))
    is_as_before(folder, lived)
    assert len((folder / "ledger" / "chain.jsonl").read_text().splitlines()) == len(read_loads(Workspace(folder)))
    head = presend(folder, "status").document["warehouse"]["ledger_head"]
    assert publication(folder, "c1", "o1").manifest["ledger_head"] == head


def test_what_only_a_run_without_head_knew_is_missed_too(folder: Path) -> None:
    (folder / "ledger" / "chain.jsonl").unlink()
    for path in folder.glob("outbox/*/*/*/manifest.json"):
        path.write_text(json.dumps({name: value for name, value in json.loads(path.read_text()).items() if name != "ledger_head"}))
    delete_the_load(folder)
    assert stopped(folder).error["where"] == "ledger/consent"


def test_a_refused_file_that_is_taken_later_is_no_loss(folder: Path) -> None:
    """Its load.json says something else then, under the same id."""
    feed = folder / "feeds" / "consent.yaml"
    (folder / "landing" / "consent" / "bad.csv").write_text("occurred_at,action,address,scope,scope_id\nsome day,opt_in,nobody,list,l1\n")
    assert presend(folder, "ingest", "--as-of", LATER).code == 11
    settings = json.loads(feed.read_text())
    feed.write_text(json.dumps({**settings, "max_rejected": "100%"}))
    assert presend(folder, "ingest", "--as-of", LATER).code == 0
    assert presend(folder, "check").document["notices"] == []


def test_a_load_that_a_killed_ingest_left_out_of_the_chain_is_taken_into_it(folder: Path, killer: Killer, tmp_path: Path) -> None:
    (folder / "landing" / "consent" / "new.csv").write_text(
        f"occurred_at,action,address,scope,scope_id\n2026-06-01T10:00:00Z,opt_out,{BOB},list,l1\n"
    )
    trial = Path(shutil.copytree(folder, tmp_path / "trial"))
    boundaries = killer.run(trial, "ingest", "--as-of", LATER).boundaries
    writing = [number for number, what in enumerate(boundaries) if "chain.jsonl" in what]
    for number in (writing[0], writing[-1]):
        killed = Path(shutil.copytree(folder, tmp_path / f"killed-{number}"))
        assert killer.run(killed, "ingest", "--as-of", LATER, boundary=number).was_killed
        assert page(killed, name="new").is_file() and "new.csv" not in (killed / "ledger" / "chain.jsonl").read_text()
        assert presend(killed, "ingest", "--as-of", LATER).code == 0
        assert differing(bytes_of(trial, "ledger"), bytes_of(killed, "ledger")) == []


def test_a_former_reading_does_not_make_up_for_the_later_one(folder: Path) -> None:
    """A list became known, its rows were read anew, and that reading is gone: the one from before would count again, unseen."""
    (folder / "landing" / "consent" / "new.csv").write_text(
        f"occurred_at,action,address,scope,scope_id\n2026-06-01T10:00:00Z,opt_out,{BOB},list,letters\n"
    )
    assert presend(folder, "ingest", "--as-of", NEXT).code == 0
    settings = folder / "presend.yaml"
    settings.write_text(settings.read_text().replace('"l2"', '"l2", "letters"', 1))
    assert presend(folder, "ingest", "--as-of", NEXT).code == 0
    (later,) = (path for path in (folder / "ledger" / "consent").glob("new-csv-*") if path.name.count("-") == 4)
    shutil.rmtree(later)
    assert "presend ingest consent" in stopped(folder).error["remedy"]
    assert presend(folder, "ingest", "--as-of", LATER).code == 0
    assert presend(folder, "check").document["notices"] == []


def test_what_is_lost_is_named_before_what_was_read_under_other_settings(folder: Path) -> None:
    """Whoever let the remaining file stay as it was read would not learn that another one is gone."""
    consent = folder / "landing" / "consent"
    (consent / "new.csv").write_text(f"occurred_at,action,address,scope,scope_id\n2026-06-01T10:00:00Z,opt_out,{BOB},list,l1\n")
    assert presend(folder, "ingest", "--as-of", NEXT).code == 0
    for path in consent.iterdir():
        path.unlink()
    feed = folder / "feeds" / "consent.yaml"
    feed.write_text(json.dumps({**json.loads(feed.read_text()), "timezone": "America/New_York"}))
    assert presend(folder, "publish", "c1", "--as-of", NEXT).code == 10
    delete_the_load(folder)
    assert stopped(folder).error["where"].startswith("ledger/consent/")
