"""A file of any adapter → `presend ingest`, from the command to the ledger: each row is somewhere, and nothing tells an address."""

import json
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO

from pipeline.cli import invoke
from pipeline.feeds import adapters
from tests.fuzz.judging import Failure, must_hold_no_address
from tests.fuzz.workplace import chosen, samples, workspace
from tests.lib.feeds import AS_OF

SOURCES = frozenset(adapters())


def run(content: bytes) -> None:
    feed, name, body = chosen(content, SOURCES)
    ingest({(feed.source, name): body})


def ingest(files: dict[tuple[str, str], bytes]) -> None:
    """Load the files, by source and name, into an empty ledger."""
    for (source, name), body in files.items():
        path = workspace().landing / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    told = StringIO()
    try:
        with redirect_stderr(told):
            code, answer = invoke(["--workspace", str(workspace().root), "--json", "ingest", "--as-of", AS_OF])
        must_be_sound(code, answer, told.getvalue(), files)
    finally:
        for folder in (workspace().landing, workspace().ledger, workspace().rejected):
            shutil.rmtree(folder, ignore_errors=True)


def must_be_sound(code: int, answer: str, told: str, files: dict[tuple[str, str], bytes]) -> None:
    """Demand of an ingest's answer that each file is loaded or refused, and each row somewhere."""
    if code not in (0, 11):
        raise Failure(f"exit code {code}: {answer} {told}")
    must_hold_no_address(answer + told, b"\n".join(files.values()))
    found = json.loads(answer)["files"]
    if {(load["feed"], load["file"]) for load in found} != set(files):
        raise Failure(f"{sorted(files)} were landed, {found} ingested")
    for load in found:
        counts = [load[name] for name in ("loaded", "duplicate", "ignored", "rejected")]
        if load["rows"] != sum(counts) or min(counts) < 0 or load["is_refused"] != bool(load["refusal"]):
            raise Failure(f"the counts do not add up: {load}")
        if not load["is_refused"] and load["rejected"] and not load["faults"]:
            raise Failure(f"rows are rejected without a reason: {load}")


def seeds() -> Iterator[bytes]:
    return samples(SOURCES)
