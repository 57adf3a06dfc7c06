"""A campaign's segment or order → SQL. Whatever is let through is one expression that DuckDB runs."""

from collections.abc import Iterator
from functools import cache

import duckdb

from pipeline.config import Order, Segment
from pipeline.config.segment import PROFILE_COLUMNS, SegmentError
from tests.fuzz.judging import Failure, must_hold_no_address

ATTRIBUTES = frozenset({"vip", "Age", "joined on", "x'y", 'q"r', "Select"})


def run(content: bytes) -> None:
    text = content[1:].decode("utf-8", "replace")
    is_order = content[:1] > b"\x7f"
    try:
        written = Order(text) if is_order else Segment(text)
        sql = written.sql(ATTRIBUTES | written.columns - PROFILE_COLUMNS)
    except SegmentError as refusal:
        must_hold_no_address(str(refusal), content)
        return
    query = f"SELECT count(*) FROM (SELECT * FROM profile ORDER BY {sql})" if is_order else f"SELECT count(*) FROM profile WHERE {sql}"
    try:
        statements = duckdb.extract_statements(query)
        (count,) = profiles().execute(query).fetchone() or (-1,)
    except duckdb.Error as error:
        raise Failure(f"let through, and does not run: {sql}: {error}") from error
    if len(statements) != 1 or count not in ((2,) if is_order else (0, 1, 2)):
        raise Failure(f"let through, and is no condition: {sql}")


@cache
def profiles() -> duckdb.DuckDBPyConnection:
    """A table of two profiles, one of them with everything empty."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'; SET threads = 1")
    texts = sorted(PROFILE_COLUMNS - {"updated_at"})
    columns = ", ".join(f'"{column}" VARCHAR' for column in texts)
    con.execute(f"CREATE TABLE profile ({columns}, updated_at TIMESTAMPTZ, attributes MAP(VARCHAR, VARCHAR))")
    con.execute("INSERT INTO profile BY NAME SELECT '' AS email, MAP {} AS attributes")
    filled = ", ".join(f"'1' AS \"{column}\"" for column in texts)
    filled += ", MAP {'vip': '1'} AS attributes"
    con.execute(f"INSERT INTO profile BY NAME SELECT {filled}, '2026-01-01 00:00:00+00'::TIMESTAMPTZ AS updated_at")
    return con


def seeds() -> Iterator[bytes]:
    for text in (
        "country = 'AT' and postal_code like '35%'",
        "case country when 'AT' then 1 else 0 end > 0 or city is distinct from 'Wien'",
        "try_cast(age as integer) between 9 and 17.5 and not \"joined on\" in ('a', 'b')",
        "birth_date < date '1990-01-01' and updated_at >= timestamp '2026-03-01 00:00:00'",
        "lower(trim(both '_' from vip)) || left(first_name, 2) = concat('x', substr(city, -2))",
        "coalesce(nullif(vip, ''), 'no') ilike '%!%' escape '!' -- or true\n and /* x */ round(age / 7, 1) % 2 <> -0.5e3",
        "starts_with(email, 'a') is not null and replace(\"x'y\", ' ', '') = 'it''s'",
        "country in (select 1) or read_text('/etc/passwd') = $1",
        "city = 'x'; drop table profile",
    ):
        yield b"\0" + text.encode()
    for text in ("updated_at desc, last_name", "try_cast(age as integer) desc nulls first, profile_id asc", "length(city), lower(vip)"):
        yield b"\xff" + text.encode()
