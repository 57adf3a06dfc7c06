"""What the commands answer: a JSON document, and lines for people."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pipeline.cli.session import error_document
from pipeline.logs import masked_name


def load_line(load: Any) -> str:
    """A load for people: its file, its four counts, what it says, its faults and unknown words."""
    state = (
        f"REFUSED: {load.refusal}"
        if load.is_refused
        else f"{load.loaded:,} loaded, {load.duplicate:,} duplicate, {load.ignored:,} ignored, {load.rejected:,} rejected"
    )
    says = "".join(f"\n    says {count:,} × {name}" for name, count in load.says.items())
    faults = "".join(f"\n    {count:,} × {fault}" for fault, count in load.faults.items())
    unknown = "".join(f"\n    {count:,} × unknown {name}" for name, count in load.unknown.items())
    flags = "".join(f"\n    {flag_line(column)}" for column in load.flags or ())
    return f"{load.feed}/{load.shown_file}: {load.rows:,} rows: {state}{says}{flags}{faults}{unknown}"


def _load(load: Any, names: Iterable[str]) -> dict[str, Any]:
    flags = [asdict(column) for column in load.flags or ()]
    return {"file": load.shown_file} | {name: getattr(load, name) for name in names} | {"flags": flags}


def flag_line(column: Any) -> str:
    """A column that says something about a "no", for people."""
    if not column.is_flag:
        return f"column {column.name!r} says consent in {column.rows:,} rows: it permits nothing"
    channels = "every channel" if column.channels == ("any",) else " and ".join(column.channels)
    return f"column {column.name!r} says {column.says} on {channels} in {column.rows:,} rows"


def ingest_document(report: Any) -> dict[str, Any]:
    """What `ingest` did, as JSON."""
    counts = ("rows", "loaded", "duplicate", "ignored", "rejected")
    names = ("feed", "sha256", *counts, "is_refused", "refusal", "faults", "unknown", "says")
    return {
        "received_at": report.received_at.isoformat(),
        "files": [_load(load, names) for load in report.loads],
        "waiting": [masked_name(name) for name in report.waiting],
        "read_anew": [_load(load, names) for load in report.anew.loads],
        "not_read_anew": [{"feed": load.feed, "file": load.shown_file, "refusal": load.refusal} for load in report.anew.refused]
        + [{"feed": load.feed, "file": load.shown_file, "refusal": "its landing file is gone"} for load in report.anew.gone],
        "kept_former": [{"feed": load.feed, "file": load.shown_file} for load in report.anew.kept],
    }


def anew_lines(report: Any) -> list[str]:
    """What was read anew because settings have changed, and what could not be, for people."""
    kept = {load.load_id for load in report.anew.kept}
    return [
        *(f"read anew: {load_line(load)}" for load in report.anew.loads),
        *(f"not read anew: {load_line(load)}" for load in report.anew.refused),
        *(
            f"not read anew: {load.feed}/{load.shown_file} is not in landing/ any more as it was, and stays as it was read;"
            " nothing is published on it"
            for load in report.anew.gone
            if load.load_id not in kept
        ),
        *(f"stays as it was read: {load.feed}/{load.shown_file}" for load in report.anew.kept),
    ]


def published_document(done: Any) -> dict[str, Any]:
    """A published campaign, as JSON."""
    return {
        "campaign": done.campaign,
        "run_id": done.run_id,
        "counts": dict(done.counts),
        "path": None if done.run is None else str(done.run.path),
    }


def published_lines(done: Any) -> list[str]:
    """A published campaign, for people."""
    counts = done.counts
    place = "dry run, nothing was published" if done.run is None else str(done.run.path)
    in_words = f"{counts['audience']:,} of {counts['candidates']:,} candidates in the audience, {counts['excluded']:,} excluded"
    return [f"{done.campaign}: {in_words}. {place}"]


def delivered_document(delivered: Any) -> dict[str, Any]:
    """A run's deliveries, as JSON."""
    return {
        "run_id": delivered.run.run_id,
        "campaign": delivered.run.campaign,
        "deliveries": [
            {
                "target": done.route.target.name,
                "place": str(done.route.place),
                "copied": done.copied,
                "replaced": done.replaced,
                "newer": done.newer or None,
            }
            for done in delivered.done
        ],
    }


def delivered_lines(delivered: Any) -> list[str]:
    """A run's deliveries, for people."""
    return [f"{delivered.run.run_id} can be collected at {done.route}. {done}" for done in delivered.done]


def run_document(report: Any) -> dict[str, Any]:
    """What `run` did, as JSON."""
    return {
        "ingested": None if report.ingested is None else ingest_document(report.ingested),
        "published": [published_document(done) for done in report.published],
        "delivered": [delivered_document(delivered) for delivered in report.delivered],
        "errors": [error_document(error)["error"] for error in report.errors],
    }


def changes_document(rehearsal: Any) -> dict[str, Any]:
    """What an ingest would change, as JSON."""
    return {
        "new": [asdict(change) for change in rehearsal.new],
        "lifted": [asdict(change) for change in rehearsal.lifted],
        "reversal_candidates": [asdict(found) for found in rehearsal.reversals],
    }


def changes_lines(rehearsal: Any) -> list[str]:
    """What an ingest would change, for people."""
    lines: list[str] = []
    for word, changes in (("restrict", rehearsal.new), ("lift", rehearsal.lifted)):
        for change in changes:
            place = " ".join(filter(None, (change.scope, change.scope_id, change.channel and f"channel {change.channel}")))
            lines.append(f"would {word} {change.count:,} × {change.kind} ({place})")
    lines += [
        f"{found.feed} no longer says {found.count:,} × {found.reason}: nothing is lifted by that, look at reversal_candidate"
        for found in rehearsal.reversals
    ]
    return lines or ["No restriction would change."]
