"""Opens what JSON hides from whoever looks for its keys: strings that hold JSON, and pairs such as `{"name": "opt_out", "value": true}`.

A string that holds an object becomes the object, and a pair gets a key of its name. Only records that may have such things are
opened, in Python; all others stay in DuckDB.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.engines.local import quoted
from pipeline.ledger.json_values import DECODER, as_line

NAMING = ("name", "key", "field", "label", "property", "attribute", "title", "code")
HOLDING = ("value", "values", "val", "checked", "state", "status")
HIDDEN = r'"(\s|\\+[nrt]|\[)*\{(\s|\\+[nrt])*\\+("|u0022)'
"""A string that begins as an object does, or a list of them (RE2)."""
PAIR = rf'(?i)\\*"({"|".join(NAMING)})\\*"\s*:\s*\\*"((?:[^"\\]|\\+u[0-9a-fA-F]{{4}}){{1,200}})\\*"'
PAIRED = rf'(?i)"({"|".join(HOLDING)})\\*"\s*:'
DEEPEST = 200


@dataclass(frozen=True)
class Opened:
    """Records with everything in them opened in `column`, beside `json` as it came; `has_inner`: whether they may hold anything inside."""

    source: str
    parameters: dict[str, object]
    column: str
    has_inner: bool

    @property
    def searched(self) -> str:
        """The opened records, as `json`."""
        return self.source if self.column == "json" else f"(SELECT {self.column} AS json FROM {self.source})"


def opened_source(
    con: duckdb.DuckDBPyConnection,
    source: str,
    parameters: dict[str, object],
    target: Path,
    says: Callable[[str], bool],
    more: str = "",
) -> Opened:
    """The records of `source` with everything opened that could hold a "no".

    `says`: whether a pair of this name says something. `more`: columns of the source to keep.
    """
    text = "json::VARCHAR"
    # The cheap questions first: most files have nothing inside of their records.
    (has_inner,) = con.execute(f"SELECT bool_or(contains(substr({text}, 2), '{{')) FROM {source}", parameters).fetchone() or (None,)
    if not has_inner:
        return Opened(source, parameters, "json", has_inner=False)
    hides, has_pairs = con.execute(
        f"""SELECT bool_or(contains({text}, '\\') AND regexp_matches({text}, $hidden)), bool_or(regexp_matches({text}, $paired))
        FROM {source}""",
        {**parameters, "hidden": HIDDEN, "paired": PAIRED},
    ).fetchone() or (None, None)
    names: list[str] = []
    if has_pairs:
        query = f"""SELECT DISTINCT unnest(regexp_extract_all({text}, $pair, 2)) AS name FROM {source}
            WHERE regexp_matches({text}, $paired) ORDER BY name"""
        told = con.execute(query, {**parameters, "paired": PAIRED, "pair": PAIR}).fetchall()
        names = [name for (name,) in told if says(_plain(name))]
    if not hides and not names:
        return Opened(source, parameters, "json", has_inner=True)
    hidden = f"regexp_matches({text}, $hidden) OR list_has_any(regexp_extract_all({text}, $pair, 2), $names::VARCHAR[])"
    query = f"SELECT {more}json, CASE WHEN {hidden} THEN opened_json({text}, $said) ELSE {text} END AS opened FROM {source}"
    asked = {**parameters, "hidden": HIDDEN, "pair": PAIR, "names": names, "said": "\n".join(map(_plain, names))}
    con.execute(f"COPY ({query}) TO {quoted(target)} (FORMAT parquet)", asked)
    source = f"(SELECT {more}json::JSON AS json, opened::JSON AS opened FROM read_parquet($opened))"
    return Opened(source, {"opened": str(target)}, "opened", has_inner=True)


def _plain(name: str) -> str:
    """A name as it is read, where letters of it are written as `\\u00f6`."""
    return re.sub(r"\\+u([0-9a-fA-F]{4})", lambda letter: chr(int(letter[1], 16)), name)


def opened_text(text: str | None, names: str | None) -> str | None:
    """A record, as text, with everything opened; `names`, one a line, are those of pairs that say something."""
    if text is None:
        return None
    said = frozenset((names or "").split("\n"))
    try:
        record = DECODER.decode(text)
        return as_line(opened(record, said.__contains__)) if isinstance(record, dict) else text
    except (ValueError, RecursionError):
        return text


def opened(record: dict[str, object], says: Callable[[str], bool]) -> dict[str, object]:
    """A record with everything opened; its own `name` and `value` are no pair."""
    return {key: _opened(value, says, DEEPEST) for key, value in record.items()}


def _opened(value: object, says: Callable[[str], bool], depth: int) -> object:
    if not depth:
        return value
    if isinstance(value, str):
        held = _held(value)
        return value if held is None else _opened(held, says, depth - 1)
    if isinstance(value, list):
        return [_opened(each, says, depth - 1) for each in value]
    if isinstance(value, dict):
        inner = {key: _opened(each, says, depth - 1) for key, each in value.items()}
        return {**dict(_pairs(inner, says)), **inner}
    return value


def _held(text: str) -> Any:
    """The object that a string holds, or the list of objects; None where it holds none."""
    if text.lstrip()[:1] not in ("{", "[") or "{" not in text:
        return None
    try:
        held = DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict | list) else None


def _pairs(record: dict[str, object], says: Callable[[str], bool]) -> Iterable[tuple[str, object]]:
    """What a record says as pairs of a name and a value."""
    by_key = {key.lower(): value for key, value in record.items()}
    names = [name for key in NAMING if isinstance(name := by_key.get(key), str) and name not in record and says(name)]
    value = next((by_key[key] for key in HOLDING if key in by_key), None)
    return ((name, value) for name in names if value is not None)
