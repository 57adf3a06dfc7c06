"""A person's id is a text that a spreadsheet leaves alone. Runs of older versions keep theirs, and are verified all the same."""

import csv
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from tests.lib.workspaces import presend
from tests.lib.world import World

pytestmark = pytest.mark.gate

WITHOUT = ["address_missing", "address_invalid", "opted_out_organisation"]


def written_by_an_older_version(run: Path) -> None:
    """The run as it was before the id became a text: digits alone, and the manifest of those bytes."""
    for path in sorted(run.glob("*.parquet")):
        with duckdb.connect() as con:
            con.execute(f"CREATE TABLE old AS SELECT * REPLACE (ltrim(person_id, 'p') AS person_id) FROM '{path}'")
            con.execute(f"COPY old TO '{path}' (FORMAT parquet)")
    table = run / "audience.csv"
    table.write_text(re.sub(r",p(\d+),", r",\1,", table.read_text()))
    manifest = json.loads((run / "manifest.json").read_text())
    for file in manifest["files"]:
        content = (run / file["name"]).read_bytes()
        file |= {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    (run / "manifest.json").write_text(json.dumps(manifest))


def test_spouses_with_one_address_both_get_the_notice_and_their_ids_are_texts(world: Callable[..., World]) -> None:
    small = world(matrix={"service": WITHOUT})
    small.profiles("""
        profile_id | email
        anna       | home@x.at
        bert       | home@x.at
        carl       |
    """)
    small.campaign("c1", message_class="service", no_advertising_attested_by="Legal", one_message_per="address")
    small.run()
    run = small.published()
    assert [(row["address"], row["profile_id"]) for row in run.audience] == [("home@x.at", "anna"), ("home@x.at", "bert")]
    assert all(re.fullmatch(r"p\d+", row["person_id"]) for row in run.audience)
    assert presend(small.folder, "verify", str(run.path)).code == 0
    written_by_an_older_version(run.path)
    answer = presend(small.folder, "verify", str(run.path))
    assert answer.code == 0, answer.error
    assert any("the very ones" in line for line in answer.document["checked"])
    presend(small.folder, "build")
    small.holds("(SELECT profile_id, person_id SIMILAR TO 'p[0-9]+' AS is_text FROM decision)", """
        profile_id | is_text
        anna       | true
        bert       | true
        carl       | true
    """)  # fmt: skip
    with (run.path / "audience.csv").open() as file:
        assert all(row["person_id"].isdigit() for row in csv.DictReader(file))
