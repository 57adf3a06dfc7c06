"""A campaign's `exclude_files`: read as feeds are – encoding, separator, quotes, packing, JSON – and every address in them taken.

An entry that means an address and cannot be read is a fault with its line: it would leave nobody out, without a word.
"""

import re

import duckdb

from pipeline import addresses
from pipeline.config import Fault
from pipeline.engines.local import insert_rows, scratch_folder
from pipeline.errors import ConfigurationError
from pipeline.ledger.json_tables import is_an_error
from pipeline.ledger.landing import LandingFile, UnreadableFile, opened
from pipeline.ledger.rows import IGNORED
from pipeline.ledger.tables import REFUSALS, Table, read_table, read_table_again
from pipeline.ledger.texts import sample_of
from pipeline.workspace import Workspace

_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_REMEDY = "Correct or remove the entry; one address a line is enough."


def read_addresses(con: duckdb.DuckDBPyConnection, workspace: Workspace, name: str, countries: list[str]) -> None:
    """`address_read` (text, address): every address in a file below the workspace. Raises ConfigurationError with file and line."""
    fault = file_fault(con, workspace, name, countries)
    if fault is not None:
        raise ConfigurationError(fault.message, where=fault.where, remedy=fault.remedy)


def file_fault(con: duckdb.DuckDBPyConnection, workspace: Workspace, name: str, countries: list[str]) -> Fault | None:
    """What is wrong with the file, None when all of it is read; `address_read` holds what was."""
    con.execute("CREATE OR REPLACE TABLE file_cell (file BIGINT, place BIGINT, line BIGINT, text VARCHAR, is_wanted BOOLEAN)")
    con.execute("CREATE OR REPLACE TABLE address_read (text VARCHAR, address VARCHAR)")
    path = workspace.inside(name)
    try:
        found = path.stat()
        file = LandingFile(path, path.name, found.st_size, (found.st_mtime_ns, found.st_ctime_ns, found.st_ino))
        with opened(file, workspace.scratch) as contents, scratch_folder(workspace.scratch) as scratch:
            for number, (_, content) in enumerate(contents):
                folder = scratch / str(number)
                folder.mkdir()
                sample = sample_of(content)
                if _PAGE.match(sample):
                    raise UnreadableFile("it is a web page, and the addresses in it may be anybody's")
                if sample.lstrip()[:1] in ("{", "["):  # in it DuckDB passes over what is no object
                    table = read_table_again(content, folder, ())
                    if is_an_error(table.header):
                        raise UnreadableFile("it is an error that an interface answered, and no list")
                    _add_cells(con, number, table, first_line=1)
                    continue
                try:
                    _add_cells(con, number, read_table(con, content, folder, (), may_repeat=True))
                except REFUSALS:
                    _add_cells(con, number, read_table_again(content, folder, (), may_repeat=True))
    except (UnreadableFile, OSError) as error:
        reason = str(error) if isinstance(error, UnreadableFile) else error.strerror
        return Fault(
            name, 1, f"the file of addresses cannot be read: {reason}", "Put a readable one there, or take it out of exclude_files."
        )
    read_texts(con, countries)
    return _first_fault(con, name)


def _add_cells(con: duckdb.DuckDBPyConnection, number: int, table: Table, *, first_line: int = 2) -> None:
    """Add every cell with its line. A cell has to be an address where its column is called so, or is the only one; `_first_fault` adds the
    columns whose other cells are addresses. In a row of another width every cell has to be one."""
    width = len(table.header)
    cells = ", ".join(f"c{number}" for number in range(width))
    con.execute(
        f"""INSERT INTO file_cell
        WITH named AS (
            SELECT unnest(range(len($header))) AS place, unnest($header::VARCHAR[]) AS name
        ),
        wanted AS (
            SELECT place, len($header) = 1 OR regexp_full_match(replace(replace(lower(name), ' ', '_'), '-', '_'), $pattern) AS is_wanted
            FROM named
        ),
        numbered AS (
            SELECT
                row_number() OVER () - 1 + $first_line AS line,
                CASE WHEN fault IS NULL THEN [{cells}]::VARCHAR[] ELSE [coalesce(nullif(raw, ''), fault)] END AS cells,
                fault
            FROM ({table.select})
        ),
        cell AS (
            SELECT line, fault IS NULL AS is_whole, unnest(cells) AS text, unnest(range(len(cells))) AS place
            FROM numbered WHERE fault IS DISTINCT FROM '{IGNORED}'
        )
        SELECT $number, cell.place, cell.line, trim(cell.text), NOT cell.is_whole OR coalesce(wanted.is_wanted, false)
        FROM cell LEFT JOIN wanted ON cell.place = wanted.place
        WHERE trim(cell.text) <> ''
        UNION ALL
        -- A file without a header has its first entry there.
        SELECT $number, NULL, 1, trim(name), false FROM named""",
        {
            **table.parameters,
            "number": number,
            "header": list(table.header),
            "pattern": addresses.ADDRESS_COLUMN.pattern,
            "first_line": first_line,
        },
    )


def read_texts(con: duckdb.DuckDBPyConnection, countries: list[str]) -> None:
    """Fill `address_read` from `file_cell`: the macros read what is plain, the libraries the rest."""
    con.execute(
        """INSERT INTO address_read
        SELECT DISTINCT text, CASE
            WHEN regexp_matches(text, '[*%]') THEN NULL  -- the libraries know whether a pattern is meant
            WHEN contains(text, '@') THEN plain_email(text) ELSE plain_phone(text, country) END AS address
        FROM (SELECT DISTINCT text FROM file_cell) CROSS JOIN (SELECT unnest($countries) AS country)""",
        {"countries": countries},
    )
    rest = con.execute("SELECT DISTINCT text FROM address_read WHERE address IS NULL ORDER BY ALL").fetchall()
    con.execute("DELETE FROM address_read WHERE address IS NULL")
    found = [(text, address) for (text,) in rest for address in sorted(addresses.addresses_within(text, countries))]
    insert_rows(con, "address_read", found)


def _first_fault(con: duckdb.DuckDBPyConnection, name: str) -> Fault | None:
    unread = con.execute(
        """WITH addresses AS (
            SELECT file, place FROM file_cell
            WHERE place IS NOT NULL GROUP BY ALL HAVING 2 * count(*) FILTER (contains(text, '@')) >= count(*)
        )
        SELECT line, text, is_wanted OR place IN (SELECT place FROM addresses WHERE addresses.file = file_cell.file)
        FROM file_cell ANTI JOIN address_read USING (text) ORDER BY line, text"""
    ).fetchall()
    lines = sorted({line for line, text, is_wanted in unread if is_wanted or addresses.looks_like_an_address(text)})
    if lines:
        more = f" (and {len(lines) - 1:,} more line{'s' if len(lines) > 2 else ''})" if len(lines) > 1 else ""
        return Fault(name, lines[0], f"an entry of the file of addresses cannot be read{more}", _REMEDY)
    ((count,),) = con.execute("SELECT count(*) FROM address_read").fetchall()
    return None if count else Fault(name, 1, "the file of addresses holds none", "Put addresses there, or take it out of exclude_files.")
