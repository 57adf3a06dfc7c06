"""The workspace's secret, PRESEND_KEY: long enough, and always the same one (domain §8).

Control groups, a cap's ties and the hashes of erased addresses hang on it. With another key every lot falls anew, and nobody erased is
known any more; so the ledger keeps the key's fingerprint, in `ledger/keys.jsonl`, which only grows, and a change needs a person's word.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

from pipeline import durable
from pipeline.errors import ConfigurationError, ValidationFailed
from pipeline.workspace import Workspace

KEY_VARIABLE = "PRESEND_KEY"
KEYS_FILE = "keys.jsonl"
LEAST_BYTES = 32


@dataclass(frozen=True)
class KeyRecord:
    """A key in use since `at` (UTC); `by` is who rotated to it, empty for the first."""

    fingerprint: str
    by: str
    at: datetime


def secret_of(environ: Mapping[str, str]) -> bytes:
    """The secret; empty where none is set. Raises ConfigurationError for one that could be guessed.

    Space around it is the file's or the shell's, not the secret's: a line end more would be another key, and blanks alone are none.
    """
    secret = environ.get(KEY_VARIABLE, "").strip().encode()
    if secret and len(secret) < LEAST_BYTES:
        raise ConfigurationError(
            f"{KEY_VARIABLE} has {len(secret)} bytes, and could be guessed",
            where="the environment",
            remedy=f"Set one of at least {LEAST_BYTES} bytes, e.g. from `openssl rand -base64 32`.",
        )
    return secret


@cache
def fingerprint(secret: bytes) -> str:
    """What tells one key from another; slow on purpose, so that it gives no key away."""
    return hashlib.scrypt(secret, salt=b"presend: fingerprint of the key", n=1 << 14, r=8, p=1, dklen=16).hex()


def read_keys(workspace: Workspace) -> list[KeyRecord]:
    """The keys that the workspace has used, the one in use last. Raises ValidationFailed for a damaged file."""
    path = workspace.ledger / KEYS_FILE
    found: list[KeyRecord] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.is_file() else (), start=1):
        try:
            values = json.loads(line)
            found.append(KeyRecord(str(values["fingerprint"]), str(values["by"]), datetime.fromisoformat(values["at"])))
        except (ValueError, KeyError, TypeError) as error:
            raise ValidationFailed(
                "the record of a key cannot be read", where=f"ledger/{KEYS_FILE}:{number}", remedy="Restore the file from a backup."
            ) from error
    return found


def remember(workspace: Workspace, at: datetime, environ: Mapping[str, str]) -> None:
    """Keep the fingerprint of the first key that is used. Raises ConfigurationError for a short key, AnotherWriter."""
    secret = secret_of(environ)
    if secret and not read_keys(workspace):
        _add(workspace, KeyRecord(fingerprint(secret), "", at))


def rotate(workspace: Workspace, by: str, at: datetime, environ: Mapping[str, str]) -> KeyRecord:
    """Let the key of the environment be the workspace's from now on. Raises ConfigurationError without one, or where it is short."""
    secret = secret_of(environ)
    if not secret:
        raise ConfigurationError(f"{KEY_VARIABLE} is not set", where="the environment", remedy="Set the new key, then say it again.")
    known = read_keys(workspace)
    record = KeyRecord(fingerprint(secret), by, at)
    if known and known[-1].fingerprint == record.fingerprint:
        return known[-1]
    _add(workspace, record)
    return record


def _add(workspace: Workspace, record: KeyRecord) -> None:
    with workspace.lock("ledger.keys"):
        path = workspace.ledger / KEYS_FILE
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        durable.write(path, text + json.dumps({**asdict(record), "at": record.at.isoformat()}, ensure_ascii=False) + "\n")
