"""The main job on real input: invented people with known duplicates as the CRM's export, real bounce messages as a mailbox.

Both are public samples of others, beside the checkout. Nothing of them may show here, so every comparison is of numbers.
"""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.lib.company import land_csv
from tests.lib.snapshots import damage
from tests.lib.workspaces import ROOT, presend, publication, write_campaign, write_settings, write_yaml

DATA = ROOT.parent / "shared" / "data"
AS_OF = datetime(2030, 1, 1, 8, tzinfo=UTC)
LEAST = 0.85
"""Of the expected recipients, and of the strict classes, at least so many are read as they should be."""

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the public samples are not beside this checkout")


def test_from_landing_files_to_a_published_audience(tmp_path: Path) -> None:
    people = crm_export()
    bounced = expected_recipients()
    write_settings(tmp_path, {"quarantine": {"soft_threshold": 1, "mailbox_full_days": 36500}})
    land_csv(
        tmp_path / "landing" / "profiles" / "crm.csv", [*people, *(profile(number, address) for number, address in enumerate(bounced))]
    )
    land_csv(tmp_path / "landing" / "consent" / "forms.csv", opt_outs(people))
    (tmp_path / "landing" / "delivery" / "none.csv").write_text("event_id,occurred_at,type,address\n", encoding="utf-8")
    messages = land_messages(tmp_path)
    write_campaign(tmp_path, "news", AS_OF, {"columns": ["first_name", "last_name", "city"]})
    answer = presend(tmp_path, "run", "--as-of", AS_OF.isoformat())
    assert answer.code == 0, answer.error
    assert damage(tmp_path) == []

    published = publication(tmp_path, "news")
    counts, manifest = published.manifest["counts"], published.manifest
    persons = {row["external_id"] for row in people}
    silent = {row["external_id"] for row in people if int(row["external_id"]) % 10 == 0}
    assert counts["candidates"] == len(people) + len(bounced) == counts["audience"] + counts["excluded"]
    assert sum(manifest["excluded_by_reason"].values()) == counts["excluded"]
    assert manifest["reasons"]["opted_out_organisation"] >= len([row for row in people if row["external_id"] in silent])

    # Of each person of the CRM who did not object exactly one record is in the audience.
    made = [row for row in published.audience if row["address"].endswith("@febrl.example.at")]
    assert len(made) == len(persons) - len(silent)
    assert {row["profile_id"] for row in made} <= {row["profile_id"] for row in people if row["external_id"] not in silent}
    with duckdb.connect(str(tmp_path / "warehouse" / "presend.duckdb"), read_only=True) as con:
        row = con.execute("SELECT count(DISTINCT person_id) FROM person WHERE profile_id LIKE 'rec-%'").fetchall()
    assert row == [(len(persons),)]

    assert_messages_were_read(published.exclusions, bounced)
    assert_files_add_up(manifest, messages, len(people) + len(bounced))
    assert presend(tmp_path, "verify", str(published.path)).code == 0


def crm_export() -> list[dict[str, str]]:
    """The people as a CRM would export them: every record of one human has that human's mailbox, in a spelling of its own."""
    with (DATA / "linkage" / "febrl" / "dataset3.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, skipinitialspace=True))
    assert len(found) == 5000
    export = []
    for row in found:
        _, human, kind, *number = row["rec_id"].split("-")
        tag = "" if kind == "org" else f"+{kind}{''.join(number)}"
        export.append(
            {
                "profile_id": row["rec_id"],
                "organisation": "o1",
                "email": f"Human{human}{tag}@FEBRL.example.at",
                "first_name": row["given_name"],
                "last_name": row["surname"],
                "street": f"{row['street_number']} {row['address_1']}".strip(),
                "postal_code": row["postcode"],
                "city": row["suburb"],
                "country": "AU",
                "updated_at": "2029-01-01T00:00:00Z",
                "external_id": human,
            }
        )
    return export


def profile(number: int, address: str) -> dict[str, str]:
    """Somebody whose mail came back."""
    return {"profile_id": f"bounced-{number}", "organisation": "o1", "email": address, "updated_at": "2029-01-01T00:00:00Z"}


def opt_outs(people: list[dict[str, str]]) -> list[dict[str, str]]:
    """Every tenth human objects, on the last of that human's records alone."""
    last = {row["external_id"]: row for row in people}
    return [
        {
            "event_id": f"no-{human}",
            "occurred_at": (AS_OF - timedelta(days=30)).isoformat(),
            "action": "opt_out",
            "address": row["email"],
            "scope": "organisation",
            "scope_id": "o1",
        }
        for human, row in sorted(last.items())
        if int(human) % 10 == 0
    ]


def expected_recipients() -> dict[str, str | None]:
    """Whom the messages are about, and the class that is beyond doubt; who is named in several ways is left out."""
    rows = [json.loads(line) for line in (DATA / "bounces" / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    classes: dict[str, set[str | None]] = {}
    for row in rows:
        sure = row["accepted"][0] if row["accepted"] and len(row["accepted"]) == 1 and row["strict_class"] != "other" else None
        if row["recipient"] and row["confidence"] != "low" and not row["delay_notice"] and not row["recipient_redacted"]:
            classes.setdefault(row["recipient"].lower(), set()).add(sure)
    return {address: found.pop() for address, found in sorted(classes.items()) if len(found) == 1 and "@" in address and " " not in address}


def land_messages(folder: Path) -> int:
    """Every message as a file of its own; returns how many."""
    write_yaml(folder / "feeds" / "bounces.yaml", {"source": "mailbox", "organisation": "o1", "max_rejected": "20%"})
    landing = folder / "landing" / "bounces"
    landing.mkdir(parents=True)
    messages = sorted(path for path in (DATA / "bounces" / "messages").rglob("*") if path.is_file())
    for number, path in enumerate(messages):
        (landing / f"{number:04}.eml").write_bytes(path.read_bytes())
    assert len(messages) > 400
    return len(messages)


def assert_messages_were_read(exclusions: list[Any], bounced: dict[str, str | None]) -> None:
    reasons: dict[str, set[str]] = {}
    for found in exclusions:
        if found.profile_id.startswith("bounced-"):
            reasons.setdefault(found.who, set()).add(found.reason)
    wanted = {"hard": "quarantined_hard", "complaint": "complaint"}
    sure = {address: wanted[word] for address, word in bounced.items() if word in wanted}
    # Numbers only: a failing assertion shows what it compares.
    known, right = len(sure), sum(reason in reasons.get(address, set()) for address, reason in sure.items())
    seen = sum(address in reasons for address in sure)
    assert known > 40
    assert seen >= LEAST * known
    assert right >= LEAST * known


def assert_files_add_up(manifest: dict[str, Any], messages: int, profiles: int) -> None:
    by_feed: dict[str, list[dict[str, Any]]] = {}
    for entry in manifest["feeds"]:
        by_feed.setdefault(entry["feed"], []).append(entry)
        assert entry["rows"] == entry["loaded"] + entry["duplicate"] + entry["ignored"] + entry["rejected"]
        assert len(entry["sha256"]) == 64
    assert len(by_feed["bounces"]) in (1, messages), "each file, or the newest"
    assert by_feed["profiles"][0]["loaded"] == profiles
    assert manifest["validation"]
