"""A person's yes to a waiting run, recorded beside it: who, when, through what, and to which run exactly (decision 0016).

    outbox/<organisation>/<campaign>/pending/<run_id>.approval.json

Whoever carries the yes on – a task of Airflow – only names the run; that it was approved is believed by this record alone. It goes with
the run that it is about.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipeline import durable
from pipeline.errors import ValidationFailed
from pipeline.logs import masked_name
from pipeline.outbox import MANIFEST, Run


@dataclass(frozen=True)
class Approval:
    """`by` said yes at `at` to the run whose manifest has the hash, `through` the command or a task."""

    run_id: str
    by: str
    at: datetime
    through: str
    manifest_sha256: str


def record(run: Run, by: str, at: datetime, through: str) -> None:
    """Keep that `by` approved the waiting run; it is on disk when this returns."""
    name = masked_name(by)  # as in the manifest: no full address
    approval = Approval(run.run_id, name, at, through, _sha256(run))
    text = json.dumps({**asdict(approval), "at": at.isoformat()}, indent=1, ensure_ascii=False)
    durable.write(_place(run.path), text + "\n")


def approval_of(run: Run) -> Approval | None:
    """The yes to this very run; None when nobody has said it, or what was approved was another content."""
    try:
        values = json.loads(_place(run.path).read_text(encoding="utf-8"))
        approval = Approval(**{**values, "at": datetime.fromisoformat(values["at"])})
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        remedy = f"Delete it, and approve run {run.run_id} again."
        raise ValidationFailed("the record of an approval cannot be read", where=str(_place(run.path)), remedy=remedy) from error
    return approval if (approval.run_id, approval.manifest_sha256) == (run.run_id, _sha256(run)) else None


def forget(waiting: Path) -> None:
    """Remove the yes to the run in this folder, which does not wait any more."""
    _place(waiting).unlink(missing_ok=True)


def _place(waiting: Path) -> Path:
    return waiting.with_name(f"{waiting.name}.approval.json")


def _sha256(run: Run) -> str:
    return hashlib.sha256((run.path / MANIFEST).read_bytes()).hexdigest()
