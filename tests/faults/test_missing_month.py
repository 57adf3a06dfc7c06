"""A month without feeds: nothing is published from old news. Then all files come at once, and it is as if each had come on its day."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.lib.workspaces import AS_OF, Publication, land, presend, publication, write_campaign, write_settings

DAYS = 30
FIRST_DAY = datetime.fromisoformat(AS_OF)
LAST_DAY = FIRST_DAY + timedelta(days=DAYS)
PEOPLE = [{"profile_id": f"p{number}", "email": f"person{number}@post.example.at"} for number in range(40)]


def day_of_events(day: int) -> dict[str, list[dict[str, str]]]:
    """Opt-outs and opt-ins that undo each other, soft bounces of one address, day after day."""
    at = (FIRST_DAY + timedelta(days=day, hours=-2)).isoformat()
    action = "opt_out" if day % 3 else "opt_in"
    return {
        "consent": [
            {"occurred_at": at, "action": action, "address": PEOPLE[number]["email"], "scope": "brand", "scope_id": "b1", "via": "form"}
            for number in (day, 35)
        ],
        "delivery": [
            {"occurred_at": at, "type": "bounce", "address": PEOPLE[36]["email"], "bounce_class": "soft", "organisation": "o1"},
            {"occurred_at": at, "type": "complaint" if day == 20 else "delivered", "address": PEOPLE[37]["email"], "organisation": "o1"},
        ],
    }


def write_first_day(folder: Path) -> None:
    write_settings(folder, {"max_age": "26h"})
    land(folder, {"profiles": PEOPLE, **day_of_events(0)}, 0)
    write_campaign(folder, "c1", LAST_DAY, {})
    assert presend(folder, "ingest", "--as-of", FIRST_DAY.isoformat()).code == 0


def published_on_the_last_day(folder: Path) -> Publication:
    answer = presend(folder, "run", "--as-of", LAST_DAY.isoformat())
    assert answer.code == 0, answer.error
    return publication(folder)


@pytest.fixture(scope="module")
def day_by_day(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    folder = tmp_path_factory.mktemp("daily")
    write_first_day(folder)
    for day in range(1, DAYS + 1):
        land(folder, {**day_of_events(day), **({"profiles": PEOPLE} if day == DAYS else {})}, day)
        assert presend(folder, "ingest", "--as-of", (FIRST_DAY + timedelta(days=day)).isoformat()).code == 0
    return published_on_the_last_day(folder)


def test_nothing_is_published_from_feeds_of_last_month(tmp_path: Path) -> None:
    write_first_day(tmp_path)
    for command in (("run",), ("publish", "c1")):
        answer = presend(tmp_path, *command, "--as-of", LAST_DAY.isoformat())
        assert answer.code == 12 and "30.0 days old" in answer.error["message"], answer.error
    assert not list(tmp_path.glob("outbox/*/*/*/manifest.json"))


@pytest.mark.slow
@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "the newest first"])
def test_a_month_of_files_at_once_is_as_if_each_had_come_on_its_day(backwards: bool, day_by_day: Publication, tmp_path: Path) -> None:
    write_first_day(tmp_path)
    days = range(1, DAYS + 1)
    for day in reversed(days) if backwards else days:
        land(tmp_path, day_of_events(day), day)
        if backwards and day == DAYS // 2:
            assert presend(tmp_path, "ingest", "--as-of", LAST_DAY.isoformat()).code == 0
    land(tmp_path, {"profiles": PEOPLE}, DAYS)
    found = published_on_the_last_day(tmp_path)
    assert found.addresses == day_by_day.addresses
    assert found.exclusions == day_by_day.exclusions
    assert {"opted_out_brand", "quarantined_soft", "complaint"} <= {exclusion.reason for exclusion in found.exclusions}
