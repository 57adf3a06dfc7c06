"""A small world that a test draws in tables; it fills in what the test does not care about, and runs through the real doors."""

import csv
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.lib import workspaces
from tests.lib.tables import rows, shown


class World:
    """One workspace with organisation o1 (brand b1 with lists l1 and l2, brand b2 with list l3) and o2 (brand b9, list l9).

    Settings are those of a scenario: `policy`, `quarantine`, `forbidden`, `registers`, `feeds`, … Unless they say otherwise
    everybody may receive everything: no consent is asked for, and a single opt-in is enough.
    """

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.settings = settings
        self.step: dict[str, Any] = {}
        self.number = 0
        self.organisation: dict[str, str] = {}
        workspaces.write_settings(folder, settings)

    def profiles(self, table: str) -> None:
        """The CRM's next snapshot. Profiles are p1, p2, … of o1 where the table does not say otherwise."""
        self.step["profiles"] = [{"profile_id": f"p{number}", **_written(row)} for number, row in enumerate(rows(table), 1)]

    def consents(self, table: str) -> None:
        """What people, staff and imports said; at organisation o1 where the table does not say otherwise."""
        self.step["consent"] = [_placed(_written(row)) for row in rows(table)]

    def deliveries(self, table: str) -> None:
        """What became of earlier mails."""
        self.step["delivery"] = [_written(row) for row in rows(table)]

    def profiles_of(self, feed: str, day: str, table: str) -> None:
        """The day's file of a further feed of profiles arrives at eight; with a column `operation` it tells changes, else everything."""
        workspaces.write_yaml(self.folder / "feeds" / f"{feed}.yaml", {"source": "canonical_profiles", "max_age": "365d"})
        told = [{"organisation": "o1", **_written(row)} for row in rows(table)]
        columns = dict.fromkeys(("organisation", *rows(table)[0]))
        workspaces.write_rows(self.folder / "landing" / feed / f"{day}.csv", list(columns), told)
        self.does("ingest", as_of=f"{day}T08:00:00+00:00")

    def arrives(self, *, as_of: str) -> None:
        """The files land, and are ingested."""
        workspaces.land(self.folder, self.step, self.number)
        self.step, self.number = {}, self.number + 1
        self.does("ingest", as_of=as_of)

    def does(self, command: str, *, as_of: str = workspaces.AS_OF) -> None:
        """A command that must succeed."""
        answer = workspaces.presend(self.folder, command, "--as-of", as_of)
        assert answer.code == 0, answer.error

    def campaign(self, name: str = "c1", *, as_of: str = workspaces.AS_OF, **settings: Any) -> None:
        """A campaign of brand b1 by e-mail, for marketing, whose window is open at `as_of`."""
        self.organisation[name] = workspaces.write_campaign(self.folder, name, datetime.fromisoformat(as_of), settings)

    def run(self, as_of: str = workspaces.AS_OF) -> workspaces.Answer:
        """The files land, and everything is run at `as_of`."""
        workspaces.land(self.folder, self.step, self.number)
        self.step, self.number = {}, self.number + 1
        if not self.organisation:
            self.campaign(as_of=as_of)
        return workspaces.presend(self.folder, "run", "--as-of", as_of)

    def published(self, campaign: str = "c1") -> workspaces.Publication:
        """The campaign's newest run."""
        return workspaces.publication(self.folder, campaign, self.organisation[campaign])

    def withdraws(self, expected: str, campaign: str = "c1", *, as_of: str) -> None:
        """The files land after the campaign's newest run, and the run is asked again at `as_of`: demand the withdrawn list.

        The columns are those of the list that the table has, with `detail` and `reasons` as they stand there; "none" is the empty list.
        """
        self.arrives(as_of=as_of)
        answer = workspaces.presend(self.folder, "recheck", self.published(campaign).path.name, "--as-of", as_of)
        assert answer.code == 0, answer.error
        with Path(answer.document["path"]).open(encoding="utf-8", newline="") as file:
            got = list(csv.DictReader(file, strict=True))
        assert answer.document["withdrawn"] == len(got)
        wanted = [] if expected == "none" else rows(expected)
        names = list(wanted[0]) if wanted else ["address", "reasons"]
        table = shown(names, got)
        assert table == shown(names, wanted), f"withdrawn:\n{table}"

    def decides(self, expected: str, campaign: str = "c1", *, as_of: str = workspaces.AS_OF) -> None:
        """Run, and demand the table's verdict about every candidate.

        The columns are `candidate` (the address, or the profile where it has none) or `profile`, then `reasons` (with spaces
        between; none: in the audience) and, where the table has them, `via`, `evidence`, `scope` and `detail` of the first reason.
        """
        answer = self.run(as_of)
        assert answer.code == 0, answer.error
        self.decided(expected, campaign)

    def decided(self, expected: str, campaign: str = "c1") -> None:
        """Demand the table's verdict of a run that has been published."""
        wanted = rows(expected)
        names = list(wanted[0])
        got = sorted(_verdicts(self.published(campaign)), key=lambda row: row[names[0]])
        table = shown(names, got)
        assert table == shown(names, sorted(wanted, key=lambda row: row[names[0]])), f"{campaign} decided:\n{table}"

    def holds(self, name: str, expected: str) -> None:
        """Demand a table of the warehouse as it is after the last run, with the columns that `expected` has."""
        wanted = rows(expected)
        names = list(wanted[0])
        with duckdb.connect(str(self.folder / "warehouse" / "presend.duckdb"), read_only=True) as con:
            con.execute("SET TimeZone = 'UTC'")
            columns = ", ".join(f"coalesce(CAST({column} AS VARCHAR), '') AS {column}" for column in names)
            found = con.execute(f"SELECT {columns} FROM {name} ORDER BY ALL").fetchall()
        table = shown(names, [dict(zip(names, row, strict=True)) for row in found])
        assert table == shown(names, sorted(wanted, key=lambda row: [row[column] for column in names])), f"{name} holds:\n{table}"


def _verdicts(published: workspaces.Publication) -> list[dict[str, str]]:
    verdicts = [
        {"candidate": row["address"], "profile": row["profile_id"], "reasons": ""}
        for row in published.audience
        if row["is_seed"].lower() != "true"
    ]
    for first in (found for found in published.exclusions if found.is_primary):
        reasons = {found.reason for found in published.exclusions if found.profile_id == first.profile_id}
        verdicts.append(
            {
                "candidate": first.who,
                "profile": first.profile_id,
                "reasons": " ".join(sorted(reasons)),
                "via": first.via,
                "evidence": first.evidence,
                "scope": first.scope,
                "detail": first.detail,
            }
        )
    return verdicts


def _written(row: Mapping[str, str]) -> dict[str, str]:
    """Without the empty cells, so that what the builder fills in is not overwritten by nothing."""
    return {name: cell for name, cell in row.items() if cell}


def _placed(row: dict[str, str]) -> dict[str, str]:
    return row if "scope" in row else {"scope": "organisation", "scope_id": "o1", **row}
