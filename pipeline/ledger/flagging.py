"""The flag columns of a written file, counted: what `ingest` names, and what the ledger keeps of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.engines.local import quoted
from pipeline.flags import Meaning, yes_sql
from pipeline.ledger.texts import word_shown


@dataclass(frozen=True)
class FlagColumn:
    """A column of a profile file that says something about a "no": its name, what it says, and in how many rows."""

    name: str
    says: str
    channels: tuple[str, ...]
    rows: int

    @property
    def is_flag(self) -> bool:
        """Whether it excludes anybody; else it says consent, and permits nothing."""
        return bool(self.channels)


def count_flags(con: duckdb.DuckDBPyConnection, path: Path, meanings: Mapping[str, Meaning]) -> dict[int, tuple[FlagColumn, ...]]:
    """The flag columns of the profiles in a ledger file, by load, with the number of rows whose cell says yes."""
    names = sorted(meanings)
    if not names:
        return {}
    cells = ((f"attributes[$name_{number}::VARCHAR]", meanings[name]) for number, name in enumerate(names))
    counts = ", ".join(f"count(*) FILTER ({yes_sql(cell, meaning)})" for cell, meaning in cells)
    query = f"SELECT load_key, {counts} FROM read_parquet({quoted(path)}) WHERE fault IS NULL GROUP BY load_key"
    parameters = {f"name_{number}": name for number, name in enumerate(names)}
    return {
        load_key: tuple(_column(name, meanings[name], rows) for name, rows in zip(names, counted, strict=True))
        for load_key, *counted in con.execute(query, parameters).fetchall()
    }


def _column(name: str, meaning: Meaning, rows: int) -> FlagColumn:
    return FlagColumn(word_shown(name), str(meaning.reason), meaning.channels if meaning.is_flag else (), rows)
