"""The residue: what the macros leave NULL, read by the libraries, once per distinct text."""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from pipeline.addresses.emails import read_email
from pipeline.addresses.phones import read_phone

_EMAILS = pa.schema([("raw", pa.string()), ("address", pa.string())])
_PHONES = pa.schema([("raw", pa.string()), ("country", pa.string()), ("number", pa.string()), ("line", pa.string())])


def read_odd_emails(con: duckdb.DuckDBPyConnection, select_sql: str) -> int:
    """Create the temporary table `odd_email` (raw, address): what the library reads in the texts of `select_sql`.

    `select_sql` gives one column, the raw texts, each once. `address` is NULL where the text is no address. Gives the number of texts.
    """
    texts = [raw for (raw,) in con.execute(select_sql).fetchall()]
    found = (read_email(raw) for raw in texts)
    addresses = [email.address if email else None for email in found]
    _create(con, "odd_email", _EMAILS, (texts, addresses))
    return len(texts)


def read_odd_phones(con: duckdb.DuckDBPyConnection, select_sql: str) -> int:
    """Create the temporary table `odd_phone` (raw, country, number, line): what the library reads in the rows of `select_sql`.

    `select_sql` gives two columns, the raw text and the country to read it with (may be NULL), each pair once. `number` and `line` are
    NULL where the text is no valid number. Gives the number of pairs. Join the country with IS NOT DISTINCT FROM.
    """
    pairs = con.execute(select_sql).fetchall()
    phones = [read_phone(raw, country) for raw, country in pairs]
    _create(
        con,
        "odd_phone",
        _PHONES,
        (
            [raw for raw, _ in pairs],
            [country for _, country in pairs],
            [phone.number if phone else None for phone in phones],
            [phone.line.value if phone else None for phone in phones],
        ),
    )
    return len(pairs)


def _create(con: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema, columns: Iterable[list[str | None]]) -> None:
    rows = pa.Table.from_arrays([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)
    con.register("read_by_library", rows)
    try:
        con.execute(f"CREATE OR REPLACE TEMPORARY TABLE {table} AS SELECT * FROM read_by_library").fetchall()
    finally:
        con.unregister("read_by_library")
