"""Measure how long a vendor's events take from a landing file into the ledger, and write `feeds.md`.

    python -m benchmarks.feeds [1m] [--repeats 3] [--folder DIR]

The peer is DuckDB reading the same file into a table with declared columns, on two threads, and nothing else: no address
is normalised, nothing counted, no duplicate found. Both are processes of their own, in turn, on the same machine and file.
Exit status 1 when the bound is missed.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from benchmarks.run import Measured, compile_imports, measure, median, size

RESULTS = Path(__file__).with_name("feeds.md")
AS_OF = "2026-11-21T07:00:00Z"
BOUND = 3.0
MOST = 1_000_000
THREADS = 2

SETTINGS = """\
organisations:
  ufer:
    country: AT
    timezone: Europe/Vienna
    brands:
      galerie: {lists: [news, offers]}
"""
FEED = """\
source: sendgrid_events
organisation: ufer
map:
  "10": {scope: list, scope_id: news}
  "11": {scope: list, scope_id: offers}
"""

# Shares like those of a healthy sender: per cent mille of the events, summed up.
EVENTS = """
SELECT
    'event-' || i AS sg_event_id,
    'message-' || i // 3 || '.filter0001.1.1.0' AS sg_message_id,
    CASE WHEN draw(i, 1, 50) = 0 THEN upper(name) ELSE name END
    || '@' || ['x.at', 'example.org', 'mail.example'][1 + draw(i, 2, 3)] AS email,
    1775120400 + draw(i, 3, 15000000) AS timestamp,
    event,
    CASE WHEN event = 'bounce' THEN CASE WHEN draw(i, 4, 4) = 0 THEN 'blocked' ELSE 'bounce' END END AS type,
    CASE WHEN event = 'bounce' THEN ['5.1.1', '5.2.2', '5.7.1', '4.4.1'][1 + draw(i, 5, 4)] END AS status,
    CASE event
        WHEN 'bounce' THEN '550 ' || ['5.1.1 user unknown', '5.2.2 mailbox full', '5.7.1 spam', '4.4.1 no answer'][1 + draw(i, 5, 4)]
        WHEN 'dropped' THEN ['Bounced Address', 'Unsubscribed Address', 'Spam Reporting Address'][1 + draw(i, 6, 3)]
    END AS reason,
    CASE WHEN event = 'delivered' THEN '250 2.0.0 OK ' || i END AS response,
    CASE WHEN event = 'group_unsubscribe' THEN 10 + draw(i, 7, 2) END AS asm_group_id,
    ['weekly', 'members'] AS category,
    CASE WHEN event IN ('open', 'click') THEN 'Mozilla/5.0 (invented)' END AS useragent,
    '192.0.2.' || draw(i, 8, 255) AS ip
FROM (
    SELECT
        i, 'reader' || draw(i, 9, getvariable('events') // 4) AS name,
        CASE
            WHEN share < 38000 THEN 'processed' WHEN share < 75000 THEN 'delivered' WHEN share < 93000 THEN 'open'
            WHEN share < 97000 THEN 'click' WHEN share < 98000 THEN 'deferred' WHEN share < 99200 THEN 'bounce'
            WHEN share < 99600 THEN 'dropped' WHEN share < 99700 THEN 'spamreport' WHEN share < 99850 THEN 'unsubscribe'
            ELSE 'group_unsubscribe'
        END AS event
    FROM (SELECT i, draw(i, 10, 100000) AS share FROM range(getvariable('events')) AS numbers (i))
)
"""
COLUMNS = {
    "sg_event_id": "VARCHAR",
    "sg_message_id": "VARCHAR",
    "email": "VARCHAR",
    "timestamp": "BIGINT",
    "event": "VARCHAR",
    "type": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
    "response": "VARCHAR",
    "asm_group_id": "INTEGER",
    "category": "VARCHAR[]",
    "useragent": "VARCHAR",
    "ip": "VARCHAR",
}
PEER = """\
import sys, duckdb
con = duckdb.connect(sys.argv[2], config={"threads": int(sys.argv[3])})
con.execute("CREATE TABLE event AS SELECT * FROM read_json(?, format = 'newline_delimited', columns = " + sys.argv[4] + ")", [sys.argv[1]])
"""


@dataclass(frozen=True)
class Result:
    """The processes of one size."""

    events: int
    megabytes: float
    peer: Measured
    ingest: Measured

    @property
    def ratio(self) -> float:
        """What is judged: the load, in multiples of the peer."""
        return self.ingest.seconds / self.peer.seconds

    @property
    def work(self) -> float:
        """The same in time on a core: what a busy machine does not change."""
        return self.ingest.cpu_seconds / self.peer.cpu_seconds


def write_workspace(folder: Path, events: int) -> Path:
    """Write the workspace and its landing file with so many invented events; the same number gives the same file."""
    landing = folder / "landing" / "sendgrid"
    for each in (folder / "feeds", landing):
        each.mkdir(parents=True, exist_ok=True)
    (folder / "presend.yaml").write_text(SETTINGS)
    (folder / "feeds" / "sendgrid.yaml").write_text(FEED)
    path = landing / "events.ndjson"
    with duckdb.connect() as con:
        con.execute("CREATE MACRO draw(i, salt, most) AS (hash(i * 16 + salt) % most::UBIGINT)::BIGINT")
        con.execute("SET VARIABLE events = $events", {"events": events})
        # A field that an event does not have is not in it.
        con.execute(
            f"""COPY (
                SELECT regexp_replace(to_json(event_row)::VARCHAR, ',"[a-z_]+":null', '', 'g') FROM ({EVENTS}) AS event_row
            ) TO '{path}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')"""
        )
    return path


def run(folder: Path, events: int, repeats: int, say: Callable[[str], None]) -> Result:
    """Measure the load of so many events and the peer, in turn."""
    path = write_workspace(folder, events)
    presend = [sys.executable, "-m", "pipeline", "--workspace", str(folder), "--quiet", "ingest", "--as-of", AS_OF]
    peer = [sys.executable, "-c", PEER, str(path), str(folder / "peer.duckdb"), str(THREADS), repr(COLUMNS)]
    compile_imports()
    runs: dict[str, list[Measured]] = {"peer": [], "ingest": []}
    for _ in range(repeats):
        shutil.rmtree(folder / "ledger", ignore_errors=True)
        (folder / "peer.duckdb").unlink(missing_ok=True)
        for name, command in (("peer", peer), ("ingest", presend)):
            runs[name].append(measure(command, folder))
            say(f"{events:,} events: {name} {runs[name][-1].seconds:.1f} s, {runs[name][-1].cpu_seconds:.1f} s on a core")
    return Result(events, path.stat().st_size / 1e6, median(runs["peer"]), median(runs["ingest"]))


def report(result: Result, repeats: int) -> str:
    """The page `feeds.md`."""
    verdict = "kept" if result.ratio <= BOUND else f"missed by {result.ratio / BOUND - 1:.0%}"
    return "\n".join(
        (
            "# A vendor's events into the ledger",
            "",
            "`python -m benchmarks.feeds` writes this page. The peer is DuckDB reading the same file into a table with declared columns on",
            f"{THREADS} threads; the ledger besides translates every word, normalises every address and time, finds repeated events and",
            f"counts. Times include starting Python and all imports (modules compiled before) and are the median of {repeats} run(s).",
            "",
            f"Machine: {os.cpu_count()} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB,"
            f" Python {platform.python_version()}, DuckDB {version('duckdb')}.",
            "",
            "| SendGrid events | file | DuckDB | ingest | × DuckDB | × DuckDB, time on a core | peak, DuckDB | peak, ingest |",
            "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            f"| {result.events:,} | {result.megabytes:.0f} MB | {result.peer.seconds:.1f} s | {result.ingest.seconds:.1f} s"
            f" | {result.ratio:.2f} | {result.work:.2f}"
            f" | {result.peer.peak_bytes / 2**30:.2f} GiB | {result.ingest.peak_bytes / 2**30:.2f} GiB |",
            "",
            f"- ingest, × DuckDB: {result.ratio:.2f}, bound {BOUND:.0f}: {verdict}",
            "",
        )
    )


def main() -> int:
    """Measure the size that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", nargs="?", type=size, default=MOST, help="events: 100k, 1m")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keeps the workspace")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    folder = arguments.folder.resolve() if arguments.folder else Path(tempfile.mkdtemp(prefix="presend-benchmark-"))
    try:
        result = run(folder, arguments.events, arguments.repeats, lambda line: print(line, file=sys.stderr, flush=True))
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)
    page = report(result, arguments.repeats)
    arguments.results.write_text(page)
    print(page)
    return 0 if result.ratio <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
