"""The manual's pages that are read off the code: feeds, targets, rules, tables, errors.

`python -m pipeline.reference` writes them to docs/reference; a test compares them with what stands there. The
configuration's page is made by `pipeline.config.schema`.
"""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipeline import errors, targets, warehouse
from pipeline.config import load_configuration
from pipeline.logs import Progress
from pipeline.reasons import MATRIX, Reason
from pipeline.reference.feeds import feed_pages
from pipeline.reference.markdown import GENERATED, sentence, table
from pipeline.vocabulary import MessageClass
from pipeline.workspace import Workspace

_ONE_ORGANISATION = "organisations: {sample: {name: Sample, country: AT, timezone: Europe/Vienna, brands: {}}}\n"


def pages() -> dict[str, str]:
    """File name → text of every page."""
    return {
        **feed_pages(),
        "targets.md": targets_page(),
        "rules.md": rules_page(),
        "tables.md": tables_page(),
        "errors.md": errors_page(),
    }


def targets_page() -> str:
    """Every target with what it delivers, and the vendors' pages that its facts come from."""
    rows = [
        (f"`{name}`", found.meaning, "delivered with it" if found.tells_withdrawn else "no place for it: such a run is refused")
        for name in targets.names()
        for found in [targets.target(name)]
    ]
    text = (
        "What `target:` takes in `deliver_to` of presend.yaml and of a campaign."
        " `run` stands in the campaign's folder at the place, every other one in a folder of its name below that.\n"
    )
    parts = ["# Targets\n", GENERATED, text, table(("target", "delivers", "list of who is withdrawn since"), rows)]
    for name in targets.names():
        links = [f"- <{link}>" for link in targets.target(name).basis]
        parts += [f"## Where the facts of `{name}` come from\n", *links, ""] if links else []
    return "\n".join(parts)


def rules_page() -> str:
    """Every reason with its rank, its meaning and the message classes that it applies to unless the matrix says otherwise."""
    rows = [
        (str(reason.spec.rank), f"`{reason}`", reason.spec.meaning, *("x" if reason in MATRIX[name] else "" for name in MessageClass))
        for reason in Reason
    ]
    text = (
        "The reasons that can exclude a candidate. The one with the smallest rank is the primary one; all are kept."
        " `matrix` in presend.yaml changes which apply to a message class. `presend rules` tells the same.\n"
    )
    return "\n".join(["# Rules\n", GENERATED, text, table(("rank", "reason", "excluded because", *MessageClass), rows)])


def tables_page() -> str:
    """The warehouse's tables and views with their columns, read from the comments of an empty one."""
    with TemporaryDirectory(prefix="presend-") as folder:
        workspace = Workspace(Path(folder))
        (workspace.root / "presend.yaml").write_text(_ONE_ORGANISATION, encoding="utf-8")
        warehouse.build(workspace, load_configuration(workspace), datetime(2026, 1, 1, tzinfo=UTC), Progress(is_quiet=True))
        with duckdb.connect(str(workspace.warehouse), read_only=True) as con:
            relations = con.execute(
                """SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main'
                UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal ORDER BY ALL"""
            ).fetchall()
            columns = con.execute(
                """SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
                WHERE schema_name = 'main' AND NOT internal ORDER BY table_name, column_index"""
            ).fetchall()
    text = "What `duckdb -readonly warehouse/presend.duckdb` shows. The same texts are the comments of the tables and columns there.\n"
    parts = ["# Tables\n", GENERATED, text]
    for name, meaning in relations:
        rows = [(f"`{column}`", str(kind), str(comment)) for table, column, kind, comment in columns if table == name]
        parts += [f"## `{name}`\n\n{sentence(str(meaning))}\n", table(("column", "type", "meaning"), rows)]
    return "\n".join(parts)


def errors_page() -> str:
    """The exit codes with what they mean, read from the error tree."""
    # Those of the commands: what runs them, as Airflow's tasks do, may have errors of its own.
    commands = [error for error in errors.PresendError.__subclasses__() if error.__module__ == errors.__name__]
    tree: list[type[errors.PresendError]] = [errors.PresendError, *commands]
    rows = [("0", "", "Done.")]
    for error in sorted(tree, key=lambda one: one.exit_code):
        is_bug = error is errors.PresendError
        meaning = "A bug; the message names its place and no data." if is_bug else sentence((error.__doc__ or "").strip())
        rows.append((str(error.exit_code), "" if is_bug else f"`{error.__name__}`", meaning))
    text = (
        "Every error says what, where and what to do, in one or two lines. With `--json` it is"
        ' `{"error": {"code", "message", "where", "remedy"}}` on stdout, and `code` is the exit code.'
        " `presend run` does all it can, and exits with the first of 1, 10, 15, 11, 12, 13, 17, 14 that occurred.\n"
    )
    return "\n".join(["# Errors\n", GENERATED, text, table(("exit code", "error", "meaning"), rows)])


def write_reference(folder: Path) -> None:
    """Write the pages into the folder of the reference manual; a page that the code no longer gives is deleted."""
    (folder / "feeds").mkdir(exist_ok=True)
    for page in (folder / "feeds").glob("*.md"):
        page.unlink()
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
