"""`presend verify` asks the ledger: whoever forged a run so that its files fit is found, and what could not be asked is told."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import outbox, publication
from pipeline.cli import invoke
from pipeline.ledger import Load
from pipeline.workspace import Workspace
from tests.lib.asked_world import AS_OF, CONSENT, SETTINGS, asked, land, run_id_of, write_world

LATE = f"{CONSENT.splitlines()[0]}\nl1,2026-05-01T10:00:00Z,opt_out,email,anna@post.example,,ufer,list,news,owner,form\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_world(tmp_path_factory.mktemp("promises"))
    code, done = asked(folder, "run", "--as-of", AS_OF)
    assert code == 0, done
    return folder


@pytest.fixture
def world(published: Path, tmp_path: Path) -> Path:
    """A workspace with a published run, to be changed."""
    return Path(shutil.copytree(published, tmp_path / "w"))


def run_dir(world: Path) -> Path:
    return world / "outbox" / "ufer" / "c" / run_id_of(world)


def verified(world: Path) -> tuple[int, dict[str, Any]]:
    code, document = asked(world, "verify", str(run_dir(world)))
    return code, dict(document)


def forge(world: Path, name: str, query: str) -> None:
    """Write a file of the run anew from a query over the `old` one, and make the manifest fit."""
    path, con = run_dir(world) / name, duckdb.connect()
    con.execute(f"CREATE TABLE old AS FROM '{path}'")
    ((rows,),) = con.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)").fetchall()
    manifest = json.loads((run_dir(world) / "manifest.json").read_text())
    entries = {entry["name"]: entry["rows"] for entry in manifest["files"]} | {name: rows}
    manifest["files"] = publication._describe(run_dir(world), entries)
    (run_dir(world) / "manifest.json").write_text(json.dumps(manifest))


def test_a_run_is_decided_again_and_is_the_same(world: Path) -> None:
    code, document = verified(world)
    assert (code, document["verified"], document["unchecked"]) == (0, True, [])
    assert len(document["checked"]) == 2


def test_the_ledger_of_then_is_found_again(world: Path) -> None:
    """What came later does not count against the run, which is decided again over what it saw."""
    land(world, "consent", "late.csv", LATE)
    assert asked(world, "ingest", "--as-of", "2026-06-02T07:00:00Z")[0] == 0
    code, document = verified(world)
    assert (code, document["unchecked"]) == (0, [])


def test_a_run_of_a_later_backfill_is_found_again(world: Path) -> None:
    """A run about the past, over a ledger that knew more."""
    land(world, "consent", "late.csv", LATE)
    assert asked(world, "ingest", "--as-of", "2026-06-02T07:00:00Z")[0] == 0
    assert asked(world, "publish", "c", "--as-of", "2026-06-01T07:30:00Z")[0] == 0
    assert run_id_of(world).startswith("20260601T073000Z")
    code, document = verified(world)
    assert (code, document["unchecked"]) == (0, [])


def test_a_forged_reason_is_found_although_everything_else_fits(world: Path) -> None:
    forge(world, "exclusions.parquet", "SELECT * REPLACE (coalesce(evidence_event_id, '') || 'x' AS evidence_event_id) FROM old")
    code, document = verified(world)
    assert code == 13 and "exclusions are not the ones that the same inputs give" in document["error"]["message"]


def change_segment(world: Path) -> None:
    settings = world / "campaigns" / "c.yaml"
    settings.write_text(settings.read_text().replace("country = 'AT'", "country = 'DE'"))


def forget_forbidden(world: Path) -> None:
    settings = world / "presend.yaml"
    settings.write_text(json.dumps({name: value for name, value in json.loads(settings.read_text()).items() if name != "forbidden"}))


def damage_settings(world: Path) -> None:
    (world / "presend.yaml").write_text("organisations: 7")


def end_campaign(world: Path) -> None:
    (world / "campaigns" / "c.yaml").unlink()


@pytest.mark.parametrize("change", [change_segment, forget_forbidden, damage_settings, end_campaign], ids=lambda found: found.__name__)
def test_a_run_is_decided_again_by_the_configuration_that_it_kept(change: Callable[[Path], None], world: Path) -> None:
    change(world)
    code, document = verified(world)
    assert (code, document["unchecked"], len(document["checked"])) == (0, [], 2)


def test_the_configuration_of_a_run_holds_nobodys_address(world: Path) -> None:
    text = (run_dir(world) / "configuration.json").read_text()
    kept = json.loads(text)
    assert "@" not in text and kept["withheld"] == ["campaigns/c.yaml: seeds", "presend.yaml: forbidden.addresses"]
    assert sorted(kept["documents"]) == [
        "campaigns/c.yaml",
        "feeds/consent.yaml",
        "feeds/delivery.yaml",
        "feeds/profiles.yaml",
        "presend.yaml",
    ]


def test_somebody_forbidden_who_was_forged_into_the_audience_is_found(world: Path) -> None:
    """Though the run kept no more of the forbidden address than its hash, and the workspace has forgotten it."""
    forget_forbidden(world)
    forge(world, "exclusions.parquet", "SELECT * FROM old WHERE address <> 'never@post.example'")
    row = "'never@post.example' AS address, 'p7' AS profile_id"
    query = f"SELECT * FROM (FROM old UNION ALL SELECT * REPLACE ({row}) FROM old WHERE profile_id = 'p1') ORDER BY is_seed, address"
    forge(world, "audience.parquet", query)
    (run_dir(world) / "audience.csv").unlink()
    manifest = json.loads((run_dir(world) / "manifest.json").read_text())
    manifest["files"] = [entry for entry in manifest["files"] if entry["name"] != "audience.csv"]
    manifest["counts"] |= {"audience": manifest["counts"]["audience"] + 1, "excluded": manifest["counts"]["excluded"] - 1}
    for name in ("reasons", "excluded_by_reason"):
        manifest[name].pop("address_forbidden")
    (run_dir(world) / "manifest.json").write_text(json.dumps(manifest))
    code, document = verified(world)
    assert code == 13 and "1 of the audience are excluded when the run is decided again: address_forbidden" in document["error"]["message"]


def rewrite(world: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the configuration that the run kept, and make the manifest fit."""
    path = run_dir(world) / "configuration.json"
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))
    manifest = json.loads((run_dir(world) / "manifest.json").read_text())
    manifest["files"] = publication._describe(run_dir(world), {entry["name"]: entry["rows"] for entry in manifest["files"]})
    (run_dir(world) / "manifest.json").write_text(json.dumps(manifest))


def test_a_forged_configuration_is_found(tmp_path: Path) -> None:
    """Where nothing of it was withheld, the run's id tells that it is another."""
    world = write_world(tmp_path / "w", settings={"forbidden": {}}, campaign={"seeds": []})
    assert asked(world, "run", "--as-of", AS_OF)[0] == 0
    rewrite(world, lambda value: value["documents"]["presend.yaml"]["policy"].update(double_opt_in="optional"))
    code, document = verified(world)
    assert code == 13 and "configuration.json is not the configuration" in document["error"]["message"]


def keep_nothing(world: Path) -> None:
    """As a version did that kept no configuration."""
    (run_dir(world) / "configuration.json").unlink()
    manifest = json.loads((run_dir(world) / "manifest.json").read_text())
    manifest["files"] = [entry for entry in manifest["files"] if entry["name"] != "configuration.json"]
    (run_dir(world) / "manifest.json").write_text(json.dumps(manifest))


def test_a_run_that_kept_no_configuration_is_asked_by_the_present_one(world: Path) -> None:
    keep_nothing(world)
    assert verified(world)[1]["unchecked"] == []
    change_segment(world)
    code, document = verified(world)
    assert code == 0 and "the configuration" in document["unchecked"][0]
    assert document["checked"] == ["nobody in the audience stood under a restriction that had been received by then"]


def test_the_very_same_inputs_spelt_otherwise_are_the_same_run(world: Path) -> None:
    """Another campaign, or a default written out, changes the file of the settings and nothing that was decided."""
    settings = world / "campaigns" / "c.yaml"
    (world / "campaigns" / "other.yaml").write_text(settings.read_text())
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "holdout": 0}))
    before = (run_dir(world) / "configuration.json").read_bytes()
    assert asked(world, "publish", "c", "--as-of", AS_OF)[0] == 0
    assert (run_dir(world) / "configuration.json").read_bytes() == before


def test_a_restriction_that_only_the_present_policy_knows_is_no_fault(world: Path) -> None:
    keep_nothing(world)
    settings = world / "presend.yaml"
    settings.write_text(
        json.dumps({**json.loads(settings.read_text()), "policy": {"consent_required": "none", "opt_out_reach": "profile"}})
    )
    assert verified(world)[0] == 0
    land(world, "consent", "late.csv", LATE)
    loaded = world / "ledger" / "consent"
    assert asked(world, "ingest", "--as-of", "2026-06-02T07:00:00Z")[0] == 0
    _receive_at(loaded, "late", AS_OF)
    code, document = verified(world)
    assert code == 0 and any("opted_out_list" in what for what in document["unchecked"])


def test_a_restriction_that_was_received_by_then_is_a_fault(world: Path) -> None:
    """A ledger whose history was changed: the run's version is gone, the promise is asked of what is there."""
    land(world, "consent", "late.csv", LATE)
    assert asked(world, "ingest", "--as-of", "2026-06-02T07:00:00Z")[0] == 0
    _receive_at(world / "ledger" / "consent", "late", AS_OF)
    code, document = verified(world)
    assert code == 13 and "1 of the audience are restricted" in document["error"]["message"] and "@" not in json.dumps(document)


def _receive_at(folder: Path, name: str, as_of: str) -> None:
    (path,) = folder.glob(f"{name}*/load.json")
    path.write_text(replace(Load.from_json(path.read_text()), received_at=datetime.fromisoformat(as_of)).to_json())


def test_a_run_that_was_handed_on_is_checked_without_a_ledger(world: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(run_dir(world), tmp_path / "elsewhere" / run_id_of(world)))
    code, text = invoke(["--workspace", str(tmp_path), "verify", str(copied)])
    assert code == 0 and "could not be checked: the promises" in text
    code, document = asked(world, "verify", str(copied))
    assert (code, document["unchecked"]) == (0, [])


def test_a_faulty_configuration_is_told(world: Path) -> None:
    keep_nothing(world)
    (world / "presend.yaml").write_text("organisations: 7")
    code, document = verified(world)
    assert code == 0 and "configuration" in document["unchecked"][0]


def test_the_scratch_folder_is_left_empty(world: Path) -> None:
    land(world, "consent", "late.csv", LATE)
    assert asked(world, "ingest", "--as-of", "2026-06-02T07:00:00Z")[0] == 0
    assert verified(world)[0] == 0
    assert not list(Workspace(world).scratch.glob("verify-*"))
    assert outbox.read_run(run_dir(world)).run_id == run_id_of(world)


def test_lists_that_are_not_written_in_the_order_of_their_names_hold(tmp_path: Path) -> None:
    brand = {"lists": {"news": None, "members": {"formerly": ["friends"]}, "archive": None}}
    settings = {"organisations": {**SETTINGS["organisations"], "ufer": {**SETTINGS["organisations"]["ufer"], "brands": {"galerie": brand}}}}
    folder = write_world(tmp_path / "w", settings=settings)
    assert asked(folder, "run", "--as-of", AS_OF)[0] == 0
    code, document = verified(folder)
    assert (code, document["verified"], document["unchecked"]) == (0, True, [])
