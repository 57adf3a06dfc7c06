"""Demands that explain tells of every candidate what was published: the same reasons, each on the same evidence."""

from collections.abc import Iterator
from datetime import datetime

import duckdb

from pipeline import outbox
from pipeline.config import load_configuration
from pipeline.decision import decided, inputs_of
from pipeline.explain.reasons import Evidence
from pipeline.lifting import Rules
from pipeline.logs import Progress
from pipeline.outbox import Run
from pipeline.publishing import ensure_built
from pipeline.workspace import Workspace

FLAGS = "canonical_profiles"
"""What a flag in the CRM says is no event of a file of its own."""
QUIET = Progress(is_quiet=True)
PUBLISHED = """
SELECT profile_id, reason, coalesce(evidence_source, ''), coalesce(evidence_event_id, ''), epoch_us(evidence_at)
FROM read_parquet($file) ORDER BY ALL
"""


def assert_explained(workspace: Workspace, as_of: datetime) -> None:
    """Every candidate of every run of an instant; a reason that names an event leads to the row of its file."""
    configuration = load_configuration(workspace)
    _, version = ensure_built(workspace, configuration, as_of, QUIET)
    asked = 0
    for run in outbox.all_runs(workspace):
        if run.as_of != as_of:
            continue
        campaign = configuration.campaigns[run.campaign].occurrence(as_of)
        rules = Rules(configuration, campaign, as_of)
        inputs = inputs_of(workspace, configuration, campaign, as_of, version)
        with decided(workspace, configuration, inputs, QUIET) as decision:
            told = sorted(explained(decision.con, rules))
        assert [row[:5] for row in told] == published(run), run.run_id
        assert [row for row in told if row[3] and row[5] is None and row[2] != "canonical_profiles"] == []
        asked += len(told)
    assert asked > 100


def explained(con: duckdb.DuckDBPyConnection, rules: Rules) -> Iterator[tuple[str, str, str, str, int | None, object]]:
    """(profile_id, reason, source, event_id, time, file and row of the event behind it) of every reason of every candidate."""
    for number, profile_id in con.execute("SELECT candidate_no, profile_id FROM candidate_record").fetchall():
        evidence = Evidence(con, number, rules)
        for exclusion in evidence.exclusions():
            behind, event = evidence.behind(exclusion)
            assert exclusion.reason.spec.least(behind, rules).text
            at = None if exclusion.evidence_at is None else round(exclusion.evidence_at.timestamp() * 1_000_000)
            where = None if event is None else (event["file"], event.get("row_number"))
            if event is not None and exclusion.event_id:
                assert (event["source"], event["event_id"]) == (exclusion.source, exclusion.event_id), (profile_id, exclusion)
            yield profile_id, exclusion.reason.value, exclusion.source or "", exclusion.event_id or "", at, where


def published(run: Run) -> list[tuple[str, str, str, str, int | None]]:
    """The same of the run's own file."""
    with duckdb.connect() as con:
        return con.execute(PUBLISHED, {"file": str(run.path / "exclusions.parquet")}).fetchall()
