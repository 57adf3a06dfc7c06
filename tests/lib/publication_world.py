"""A small decision by hand, in the tables that a real one leaves in its connection."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import duckdb

from pipeline import outbox, publication
from pipeline.reasons import Reason
from pipeline.workspace import Workspace

AS_OF = datetime(2026, 11, 25, 7, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """As pipeline.validation gives it."""

    name: str = "addresses_are_unique"
    is_met: bool = True
    severity: str = "critical"
    gate: str = "audience"
    table: str = "audience_file"
    observed: str = "0"
    detail: str = ""


@dataclass(frozen=True)
class HandMade:
    """A decision; `threads` and the order of insertion must not show in what is published."""

    con: Any
    run_id: str = "20261125T070000Z-0a1b2c3d"
    as_of: datetime = AS_OF
    ledger_version: str = "ledger-1"
    config_sha256: str = "c0ffee"
    previous_runs: tuple[str, ...] = ()
    organisation: Any = field(default_factory=lambda: SimpleNamespace(id="ufer", name="Kulturmeile am Ufer", timezone="Europe/Vienna"))
    campaign: Any = None

    def at(self, hours: int) -> "HandMade":
        """The same decision for another instant."""
        as_of = self.as_of + timedelta(hours=hours)
        return replace(self, as_of=as_of, run_id=f"{as_of:%Y%m%dT%H%M%SZ}-0a1b2c3d")


def campaign(**settings: Any) -> Any:
    defaults = {
        "id": "news",
        "organisation": "ufer",
        "brand": "galerie",
        "list": "galerie-newsletter",
        "channel": "email",
        "message_class": "marketing",
        "delivery_analysis_at": AS_OF + timedelta(hours=1),
        "contact_at": AS_OF + timedelta(hours=1),
        "columns": ("first_name", "city", "Kunden Nr.", "updated_at"),
        "formats": ("csv", "parquet"),
        "approval": "none",
        "needs_key": False,
    }
    return SimpleNamespace(**{**defaults, **settings})


def configuration() -> Any:
    feed = SimpleNamespace(
        id="crm", source="canonical_profiles", organisation="ufer", concerns="ufer", required=True, max_age=timedelta(hours=26),
        register_format=None,
    )  # fmt: skip
    register = SimpleNamespace(
        id="ecg", source="canonical_register", organisation=None, concerns=None, required=True, max_age=None,
        register_format=SimpleNamespace(id="ecg"),
    )  # fmt: skip
    return SimpleNamespace(
        feeds={"crm": feed, "ecg": register},
        registers={"ecg": SimpleNamespace(max_age=timedelta(days=35))},
        organisations={"ufer": SimpleNamespace(country="AT")},
        forbidden=SimpleNamespace(addresses=()),
        matrix={},
        documents={},
    )


def decision(
    *, names: tuple[str, ...] = ("Anna", "=HYPERLINK(1)", 'Bert "B", jun.\nzweite Zeile'), threads: int = 2, **settings: Any
) -> HandMade:
    """Three who get the message (with these first names), one opted out and quarantined, one without, one with a broken address."""
    con = duckdb.connect(config={"threads": threads})
    con.execute("SET TimeZone = 'America/New_York'")  # nothing published may depend on the session's zone
    con.execute("""
        CREATE TABLE candidate (candidate_no INTEGER, organisation VARCHAR, profile_id VARCHAR, profile_no INTEGER, person_id VARCHAR,
            address VARCHAR, raw_address VARCHAR);
        CREATE TABLE decision (candidate_no INTEGER, is_audience BOOLEAN, primary_reason VARCHAR);
        CREATE TABLE exclusion (candidate_no INTEGER, reason VARCHAR, rank INTEGER, is_primary BOOLEAN, reached_via VARCHAR,
            scope_id VARCHAR, evidence_source VARCHAR, evidence_event_id VARCHAR, evidence_at TIMESTAMPTZ, detail VARCHAR);
        CREATE TABLE seed_address (address VARCHAR);
        CREATE TABLE segment_value (setting VARCHAR, columns VARCHAR, filled BIGINT, meaningless BIGINT);
        CREATE TABLE profile (profile_no INTEGER, organisation VARCHAR, profile_id VARCHAR, email VARCHAR, first_name VARCHAR, city VARCHAR,
            updated_at TIMESTAMPTZ, attributes MAP(VARCHAR, VARCHAR));
        CREATE VIEW candidate_record AS
        SELECT candidate.*, profile.email, profile.first_name, profile.city, profile.updated_at, profile.attributes,
            'e' || candidate.profile_no AS external_id
        FROM candidate LEFT JOIN profile USING (profile_no);
        CREATE TABLE feed_file (feed VARCHAR, source VARCHAR, file VARCHAR, sha256 VARCHAR, rows BIGINT, loaded BIGINT, duplicate BIGINT,
            ignored BIGINT, rejected BIGINT, received_at TIMESTAMPTZ, is_refused BOOLEAN);
        INSERT INTO seed_address VALUES ('aaa-seed@example.at');
        INSERT INTO feed_file VALUES
            ('crm', 'canonical_profiles', 'people.csv', 'ab12', 6, 6, 0, 0, 0, '2026-11-25 05:00:00+00', false),
            ('crm', 'canonical_profiles', 'about anna@example.at.csv', 'cd34', 1, 0, 1, 0, 0, '2026-11-24 05:00:00+00', false);
    """)
    count = len(names)
    people = [(number, f"p{number}", f"{chr(ord('z') - number % 26)}{number}@example.at", name) for number, name in enumerate(names)]
    for number, profile_id, address, name in people:
        con.execute(
            "INSERT INTO candidate VALUES (?, 'ufer', ?, ?, ?, ?, ?)", [number, profile_id, number, f"h{number}", address, address.upper()]
        )
        con.execute("INSERT INTO decision VALUES (?, true, NULL)", [number])
        con.execute(
            "INSERT INTO profile VALUES (?, 'ufer', ?, ?, ?, NULL, '2026-01-02 03:04:05+00', map {'Kunden Nr.': ?})",
            [number, profile_id, address, name, f"-{number}"],
        )
    excluded: list[tuple[str | None, str, list[Reason]]] = [
        ("out@example.at", "out@example.at", [Reason.QUARANTINED_HARD, Reason.OPTED_OUT_LIST]),
        (None, "", [Reason.ADDRESS_MISSING]),
        (None, "two@at@signs", [Reason.ADDRESS_INVALID]),
    ]
    for number, (address, raw, reasons) in enumerate(excluded, count):
        con.execute("INSERT INTO candidate VALUES (?, 'ufer', ?, ?, ?, ?, ?)", [number, f"p{number}", number, f"h{number}", address, raw])
        con.execute("INSERT INTO decision VALUES (?, false, ?)", [number, reasons[0].value])
        for reason in reversed(reasons):
            con.execute(
                "INSERT INTO exclusion VALUES (?, ?, ?, ?, 'address', '', 'mailbox', 'e1', '2026-05-01 00:00:00+00', NULL)",
                [number, reason.value, reason.spec.rank, reason is reasons[0]],
            )
    return HandMade(con, campaign=campaign(**settings))


def publish(workspace: Workspace, decided: HandMade, **options: Any) -> outbox.Run:
    """The decision's run, published."""
    with publication.stage(workspace, decided) as staged:
        options.setdefault("previous", outbox.previous_run(workspace, "ufer", "news", decided.as_of))
        return publication.finish(staged, [Outcome()], configuration=configuration(), **options)


def grow(decided: HandMade, rows: int) -> HandMade:
    """The decision with so many more who get the message and half as many more who do not, enough for several row groups."""
    decided.con.execute(
        """
        INSERT INTO candidate
        SELECT 1000 + i, 'ufer', 'q' || i, 1000 + i, 'h' || i, md5(CAST(i AS VARCHAR)) || '@example.at', ''
        FROM range($rows * 3 // 2) AS t (i)
        """,
        {"rows": rows},
    )
    decided.con.execute("INSERT INTO decision SELECT 1000 + i, i < $rows, NULL FROM range($rows * 3 // 2) AS t (i)", {"rows": rows})
    decided.con.execute(
        """
        INSERT INTO profile
        SELECT 1000 + i, 'ufer', 'q' || i, NULL, if(i % 9 = 0, '=1', 'Name ' || i % 1000), 'Linz', NULL, map {}
        FROM range($rows * 3 // 2) AS t (i)
        """,
        {"rows": rows},
    )
    decided.con.execute(
        """
        INSERT INTO exclusion
        SELECT 1000 + i, 'no_consent', 45, true, 'address', '', NULL, NULL, NULL, NULL FROM range($rows, $rows * 3 // 2) AS t (i)
        """,
        {"rows": rows},
    )
    return decided
