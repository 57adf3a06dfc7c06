"""What analysts find in the warehouse: the tables and views of contract §5, each with its comment.

The comment of a table is the first line of its step; the columns' are in `dictionary`.
"""

from datetime import datetime

import duckdb

from pipeline import dictionary, outbox, sources, steps
from pipeline.config import Configuration
from pipeline.engines.local import quoted
from pipeline.ledger.loads import Load, folder_of
from pipeline.logs import Progress
from pipeline.workspace import Workspace

STEP_FOLDERS = ("1_ledger", "2_identity", "3_state", "6_analysis")


def create_views(
    con: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    configuration: Configuration,
    loads: list[Load],
    as_of: datetime,
    progress: Progress,
) -> dict[str, int]:
    """Create the analysts' tables and views in the attached `warehouse`; gives the rows of the main ones."""
    sources.CLOCK.fill(con, [(as_of, None)])
    steps.make_all(con, "3_state/as_of")
    _describe(con, configuration, loads, as_of)
    _copy_rejected(con, workspace, loads)
    _copy_runs(con, workspace)
    steps.make_all(con, "6_analysis", progress)
    with progress.step("comments"):
        _comment(con)
    found: dict[str, int] = {}
    for name in ("profile_record", "consent_fact", "delivery_fact", "quarantine", "suppression"):
        row = con.execute(f"SELECT count(*) FROM warehouse.{name}").fetchone()
        found[name] = int(row[0]) if row else 0
    return found


def _describe(con: duckdb.DuckDBPyConnection, configuration: Configuration, loads: list[Load], as_of: datetime) -> None:
    sources.PROFILE_ATTRIBUTE.fill(con, [(name,) for name in sorted({name for load in loads for name in load.attributes})])
    sources.TOMBSTONE.create(con)
    campaigns = [campaign.occurrence(as_of) for campaign in configuration.campaigns.values()]
    sources.CAMPAIGNS.fill(
        con,
        [(campaign.id, campaign.organisation, campaign.brand, campaign.list, str(campaign.channel), str(campaign.message_class),
          campaign.delivery_analysis_at, campaign.contact_at) for campaign in campaigns],
    )  # fmt: skip


def _copy_rejected(con: duckdb.DuckDBPyConnection, workspace: Workspace, loads: list[Load]) -> None:
    sources.REJECTED_ROW.create(con)
    for load in loads:
        source = folder_of(workspace, load.load_id, load.feed) / "rejected.parquet"
        if source.exists():
            con.execute(
                f"INSERT INTO warehouse.rejected_row SELECT $feed, $file, $received_at::TIMESTAMPTZ, * FROM read_parquet({quoted(source)})",
                {"feed": load.feed, "file": load.file, "received_at": load.received_at},
            )


def _copy_runs(con: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """The runs published before this build; the outbox holds all."""
    for made in (sources.RUN, sources.DECISION, sources.EXCLUSION):
        made.create(con)
    for run in outbox.all_runs(workspace):
        counts = run.counts
        con.execute(
            """INSERT INTO warehouse.run VALUES (
                $run, $campaign, $organisation, $as_of, $analysis, $candidates, $audience, $excluded, $seeds
            )""",
            {"run": run.run_id, "campaign": run.campaign, "organisation": run.organisation, "as_of": run.as_of,
             "analysis": run.manifest["delivery_analysis_at"], "candidates": counts["candidates"], "audience": counts["audience"],
             "excluded": counts["excluded"], "seeds": counts["seeds"]},
        )  # fmt: skip
        exclusions = f"read_parquet({quoted(run.path / 'exclusions.parquet')})"
        exclusions = f"(SELECT * REPLACE ({outbox.person_as_now('person_id')} AS person_id) FROM {exclusions})"
        con.execute(f"INSERT INTO warehouse.exclusion SELECT $run, * FROM {exclusions}", {"run": run.run_id})
        con.execute(
            f"""INSERT INTO warehouse.decision
            SELECT $run, address, profile_id, person_id, 'excluded', reason FROM {exclusions} WHERE is_primary""",
            {"run": run.run_id},
        )
        con.execute(
            f"""INSERT INTO warehouse.decision
            SELECT $run, address, profile_id, {outbox.person_as_now("person_id")}, 'audience', NULL
            FROM {outbox.audience_rows(run)} WHERE NOT is_seed""",
            {"run": run.run_id},
        )


def _comment(con: duckdb.DuckDBPyConnection) -> None:
    """Say in the warehouse itself what every table and column means."""
    summaries = {step.name: step.summary for folder in STEP_FOLDERS for step in steps.folder(folder)}
    relations = con.execute(
        """SELECT table_name, false FROM duckdb_tables() WHERE database_name = 'warehouse'
        UNION ALL SELECT view_name, true FROM duckdb_views() WHERE database_name = 'warehouse' AND NOT internal ORDER BY ALL"""
    ).fetchall()
    for name, is_view in relations:
        meaning = sources.KEPT[name].meaning if name in sources.KEPT else summaries[name]
        con.execute(f'COMMENT ON {"VIEW" if is_view else "TABLE"} warehouse."{name}" IS {_text(meaning)}')
    columns = con.execute(
        """SELECT table_name, column_name FROM duckdb_columns()
        WHERE database_name = 'warehouse' AND schema_name = 'main' AND NOT internal ORDER BY ALL"""
    ).fetchall()
    for table, column in columns:
        con.execute(f'COMMENT ON COLUMN warehouse."{table}"."{column}" IS {_text(dictionary.COLUMNS[column])}')


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
