"""Times that cannot be read (domain §8): what differs as written is another event, which counts until it was received."""

from pathlib import Path
from typing import Any

import pytest

from tests.lib.feeds import land
from tests.lib.world import World

HEADER = "event_id,occurred_at,action,address,scope,scope_id\n"


def test_a_no_whose_time_cannot_be_read_outlives_a_yes_between_it_and_another_one(tmp_path: Path) -> None:
    """Each "no" is sent twice, with a yes on 15 May between them; the second counts where it says another time than the first."""
    world = World(tmp_path)
    world.profiles("""
        email
        ----------
        jane@x.at
        same@x.at
        blank@x.at
        first@x.at
        fails@x.at
        again@x.at
        angry@x.at
        pause@x.at
    """)
    world.consents("""
        event_id | occurred_at      | action          | channel | address    | until
        ---------+------------------+-----------------+---------+------------+-----------
        jane     | 01.11.2025 10:00 | opt_out         | email   | jane@x.at  |
        same     | 01.11.2025 10:00 | opt_out         | email   | same@x.at  |
        blank    |                  | opt_out         | email   | blank@x.at |
        first    | yesterday        | opt_out         | email   | first@x.at |
        pause    | 1.5.             | pause           | email   | pause@x.at | 2030-01-01
    """)
    world.deliveries("""
        event_id | occurred_at      | type      | address    | bounce_class
        ---------+------------------+-----------+------------+-------------
        fails    | 05/01/2026       | bounce    | fails@x.at | hard
        again    | 05/01/2026       | bounce    | again@x.at | hard
        angry    | 1. Mai           | complaint | angry@x.at |
    """)
    world.arrives(as_of="2026-05-10T08:00:00+00:00")
    world.consents("""
        occurred_at          | action         | channel | address    | actor | via             | explanation
        ---------------------+----------------+---------+------------+-------+-----------------+------------
        2026-05-15T08:00:00Z | opt_in         | email   | jane@x.at  | owner | preference_link |
        2026-05-15T08:00:00Z | opt_in         | email   | same@x.at  | owner | preference_link |
        2026-05-15T08:00:00Z | opt_in         | email   | blank@x.at | owner | preference_link |
        2026-05-15T08:00:00Z | opt_in         | email   | first@x.at | owner | preference_link |
        2026-05-15T08:00:00Z | opt_in         | email   | angry@x.at | owner | form            |
        2026-05-15T08:00:00Z | resume         | email   | pause@x.at | owner |                 |
    """)
    world.deliveries("""
        occurred_at          | type    | address    | actor | explanation
        ---------------------+---------+------------+-------+------------
        2026-05-15T08:00:00Z | release | fails@x.at | staff | called them
        2026-05-15T08:00:00Z | release | again@x.at | staff | called them
    """)
    world.arrives(as_of="2026-05-16T08:00:00+00:00")
    world.consents("""
        event_id | occurred_at      | action          | channel | address    | until
        ---------+------------------+-----------------+---------+------------+-----------
        jane     | 15.11.2025 09:30 | opt_out         | email   | jane@x.at  |
        same     | 01.11.2025 10:00 | opt_out         | email   | same@x.at  |
        blank    |                  | opt_out         | email   | blank@x.at |
        first    | 2026-05-02       | opt_out         | email   | first@x.at |
        pause    | 20.5.            | pause           | email   | pause@x.at | 2030-01-01
    """)
    world.deliveries("""
        event_id | occurred_at      | type      | address    | bounce_class
        ---------+------------------+-----------+------------+-------------
        fails    | 05/20/2026       | bounce    | fails@x.at | hard
        again    | 05/01/2026       | bounce    | again@x.at | hard
        angry    | 20. Mai          | complaint | angry@x.at |
    """)
    world.decides("""
        candidate  | reasons
        -----------+-------------------------------
        jane@x.at  | opted_out_organisation
        same@x.at  |
        blank@x.at |
        first@x.at |
        fails@x.at | quarantined_hard
        again@x.at |
        angry@x.at | complaint opted_out_group
        pause@x.at | paused
    """)


def test_a_time_is_another_one_where_it_differs_as_written_but_for_the_space_around_it(tmp_path: Path) -> None:
    times = ["1 May", " 1 May ", "1  May", "1 may", "2026-05-01T10:00:00Z", "2026-05-01T12:00:00+02:00", "", "2026-02-30", "2026-02-31"]
    lines = [f'1,"{written}",opt_out,a@x.at,list,l1' for written in times]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    assert landed.counts == (9, 7, 2, 0, 0)  # "1 May" comes twice, and ten o'clock in Vienna is noon


def test_a_systems_zero_is_no_time(tmp_path: Path) -> None:
    """Of Unix, of a spreadsheet, of a database. A "no" counts until it was received, and a "yes" of that time is none."""
    times = ["0001-01-01T00:00:00Z", "1899-12-30", "1900-01-01 00:00:00", "1970-01-01T00:00:00Z", "1970-01-01"]
    lines = [f"{number},{time},{action},a@x.at,list,l1" for number, time in enumerate(times) for action in ("opt_out", "opt_in")]
    landed = land(tmp_path, "canonical_consent", {"c.csv": HEADER + "\n".join(lines)})
    assert landed.rejected == [(2 * number, "time_unusable") for number in range(1, 6)]
    whole = "0001-01-01T00:00:00Z | 2026-06-01T08:00:00Z"
    expected = [f"{number} | {whole}" for number in range(5)]
    landed.consents("\n".join(["event_id | occurred_from | occurred_until", "---------+---------------+---------------", *expected]))


@pytest.mark.parametrize(
    ("source", "record", "field"),
    [
        ("sendgrid_events", {"event": "bounce", "type": "bounce", "email": "a@x.at", "sg_event_id": "1"}, "timestamp"),
        ("mandrill_events", {"event": "hard_bounce", "_id": "1", "msg": {"email": "a@x.at"}}, "ts"),
        ("sparkpost_suppressions", {"recipient": "a@x.at", "type": "non_transactional", "source": "Unsubscribe Link"}, "created"),
        ("postmark_suppressions", {"EmailAddress": "a@x.at", "SuppressionReason": "HardBounce", "Origin": "Recipient"}, "CreatedAt"),
        ("mailgun_suppressions", {"address": "a@x.at", "tags": ["*"]}, "created_at"),
    ],
)
def test_a_vendors_times_that_cannot_be_read_are_told_apart(tmp_path: Path, source: str, record: dict[str, Any], field: str) -> None:
    """As texts, and as numbers that are no time."""
    times: list[Any] = ["last week", "this week", "last week", 9e40, 8e40]
    landed = land(tmp_path, source, {"some.json": [{**record, field: time} for time in times]})
    assert landed.counts == (5, 4, 1, 0, 0)
