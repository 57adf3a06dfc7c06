"""A vendor's file in, ledger rows out: what the specs of the feeds are written with."""

import json
from pathlib import Path
from typing import Any

import duckdb

from pipeline.cli import invoke
from tests.lib.tables import rows

AS_OF = "2026-06-01T08:00:00Z"
ORGANISATIONS = {"o1": {"country": "AT", "timezone": "Europe/Vienna", "brands": {"b1": {"lists": ["l1", "l2"]}, "b2": {"lists": ["l3"]}}}}


class Landed:
    """What one ingest made of the files of one feed. Tables name the columns that they compare; an empty cell is nothing."""

    def __init__(self, folder: Path, code: int, document: dict[str, Any]) -> None:
        self.folder = folder
        self.code = code
        self.document = document

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """Rows, loaded, duplicate, ignored, rejected of all files together."""
        names = ("rows", "loaded", "duplicate", "ignored", "rejected")
        loads = [json.loads(path.read_text()) for path in sorted(self.folder.glob("ledger/*/*/load.json"))]
        first, *rest = (sum(load[name] for load in loads) for name in names)
        return (first, *rest)  # type: ignore[return-value]

    @property
    def loads(self) -> list[dict[str, Any]]:
        """What the ledger knows of every file."""
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("ledger/*/*/load.json"))]

    @property
    def unknown(self) -> dict[str, int]:
        """Words never seen before, by name."""
        found: dict[str, int] = {}
        for load in self.loads:
            for name, count in load["unknown"].items():
                found[name] = found.get(name, 0) + count
        return found

    @property
    def rejected(self) -> list[tuple[int, str]]:
        """Number and reason of every rejected record."""
        return [(int(number), str(reason)) for number, reason in self._read("rejected", "row_number, reason", "true")]

    def consents(self, table: str) -> None:
        """Demand exactly these consent events, in any order."""
        self._compare("consent", table)

    def deliveries(self, table: str) -> None:
        """Demand exactly these delivery events, in any order."""
        self._compare("delivery", table)

    def profiles(self, table: str) -> None:
        """Demand exactly these profiles, in any order."""
        self._compare("profile", table, "operation NOT IN ('former', 'merged')")

    def former(self, table: str) -> None:
        """Demand exactly these former addresses and merged ids, in any order."""
        self._compare("profile", table, "operation IN ('former', 'merged')")

    def register(self, table: str) -> None:
        """Demand exactly these entries of a register, in any order."""
        self._compare("register", table)

    def reviews(self, table: str) -> None:
        """Demand exactly these messages for people to read, in any order."""
        self._compare("review", table)

    def answers(self, table: str) -> None:
        """Demand exactly these answers to messages that waited, in any order."""
        self._compare("answer", table)

    def _compare(self, kind: str, table: str, condition: str = "true") -> None:
        expected = rows(table)
        names = list(expected[0]) if expected else []
        found = self._read(kind, ", ".join(_shown(name) for name in names) or "1", f"fault IS NULL AND {condition}")
        got = sorted(tuple(str(value) for value in row) for row in found)
        wanted = sorted(tuple(str(row[name] or "") for name in names) for row in expected)
        assert got == wanted, "\n".join(["got:", *(" | ".join(row) for row in got), "expected:", *(" | ".join(row) for row in wanted)])

    def _read(self, kind: str, columns: str, condition: str) -> list[tuple[Any, ...]]:
        files = [str(path) for path in sorted(self.folder.glob(f"ledger/*/*/{kind}.parquet"))]
        if not files:
            return []
        with duckdb.connect() as con:
            con.execute("SET timezone = 'UTC'")
            return con.execute(f"SELECT {columns} FROM read_parquet($files) WHERE {condition}", {"files": files}).fetchall()


def _shown(name: str) -> str:
    if name in ("occurred_from", "occurred_until", "updated_at", "paused_until"):
        return f"coalesce(strftime({name}, '%Y-%m-%dT%H:%M:%SZ'), '')"
    return f"coalesce({name}::VARCHAR, '')"


def land(folder: Path, source: str, files: dict[str, Any], /, *, as_of: str = AS_OF, **settings: Any) -> Landed:
    """Write the files (bytes, text, or a value that becomes JSON) of one feed of organisation o1 and ingest them."""
    feed = {"source": source, "organisation": "o1", "max_rejected": "100%", **settings}
    registers = {"registers": {settings["register"]["id"]: {"channel": "email", "use": "always"}}} if "register" in settings else {}
    workspace = {
        "presend.yaml": {"organisations": ORGANISATIONS, **registers},
        f"feeds/{source}.yaml": {key: value for key, value in feed.items() if value},
    }
    for name, value in workspace.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")
    for name, content in files.items():
        path = folder / "landing" / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    code, document = invoke(["--workspace", str(folder), "--json", "ingest", "--as-of", as_of])
    return Landed(folder, code, json.loads(document))
