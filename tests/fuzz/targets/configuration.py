"""presend.yaml, a feed's or a campaign's file → the configuration, or its faults with their lines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from pipeline.config import find_faults, load_configuration
from pipeline.errors import ConfigurationError
from pipeline.feeds import sources
from pipeline.workspace import Workspace
from tests.fuzz.judging import Failure, must_be_storable, must_hold_no_address
from tests.fuzz.workplace import workspace

AS_OF = datetime(2026, 11, 24, 6, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[3] / "examples" / "kultur"
FILES = {
    "presend.yaml": """
organisations:
  o1: {name: Ö, country: AT, timezone: Europe/Vienna, brands: {b1: {lists: [l1, l2]}}, policy: {pressure: {max_messages: 3, per_days: 7}}}
policy: {opt_out_reach: person, consent_required: any, double_opt_in: optional, consent_valid_days: 730, service_respects: [group]}
identity: {keys: [external_id, mailbox], linkage: {enabled: true, threshold: 0.95, review: 0.8}}
matrix: {service: [quarantined_hard, capacity]}
quarantine: {soft_threshold: 5, soft_reset_days: 10, release_on_confirmed_opt_in: true}
forbidden: {addresses: [abuse@x.at], domains: [example.org]}
registers: {ecg: {channel: email, countries: [AT], use: without_consent, max_age: 35d}}
""",
    "feeds/f1.yaml": """
source: canonical_register
brand: b1
files: "*.csv*"
timezone: Europe/Vienna
max_age: 26h
required: false
max_rejected: 0.1%
map: {"12345": {scope: list, scope_id: l1}, x: {scope: organisation, scope_id: o1}}
register: {id: ecg, algorithm: sha1, normalisation: trim_lower}
""",
    "campaigns/c1.yaml": """
organisation: o1
brand: b1
list: l1
channel: email
message_class: marketing
segment: "country = 'AT' and postal_code like '35%'"
delivery_analysis_at: 2026-11-25T09:00:00+01:00
contact_at: 2026-11-25 10:00
publish_before: 2h
one_message_per: person
exclude: []
exclude_files: [x.csv]
holdout: 0.1
capacity: {max: 50000, order: "updated_at desc"}
seeds: [anna@post.example.at]
columns: [first_name, last_name]
formats: [csv, parquet]
approval: required
minimum_audience: 1
maximum_change: 50%
""",
}


def run(content: bytes) -> None:
    name = list(FILES)[(content[0] if content else 0) % len(FILES)]
    path = folder() / name
    path.write_bytes(content[1:])
    try:
        must_be_told(Workspace(folder()), name, content)
    finally:
        path.write_text(FILES[name], encoding="utf-8")


def must_be_told(workspace: Workspace, name: str, content: bytes) -> None:
    """Demand that every fault has a line of its file, and that a configuration without faults is loaded."""
    faults = find_faults(workspace, sources=sources())
    lines = content[1:].decode("utf-8-sig", "replace").splitlines()
    for fault in faults:
        must_hold_no_address(str(fault), content)
        must_be_storable(str(fault))
        if fault.file == name and not 1 <= fault.line <= max(1, len(lines)):
            raise Failure(f"a line that the file does not have: {fault}")
        if "\n" in str(fault) or not fault.remedy:
            raise Failure(f"a fault is one line with a remedy: {fault!r}")
    if faults:
        return
    try:
        loaded = load_configuration(workspace, sources=sources())
    except ConfigurationError as error:
        raise Failure(f"check finds no fault, and loading does: {error}") from error
    if loaded.campaign_faults:
        raise Failure(f"check finds no fault, and loading does: {loaded.campaign_faults}")
    for campaign in loaded.campaigns.values():
        loaded.sha256_for(campaign.occurrence(AS_OF))


@cache
def folder() -> Path:
    """A workspace of its own with one file of each kind."""
    found = Path(mkdtemp(dir=workspace().root))
    for name, text in FILES.items():
        (found / name).parent.mkdir(exist_ok=True)
        (found / name).write_text(text, encoding="utf-8")
    return found


def seeds() -> Iterator[bytes]:
    for number, text in enumerate(FILES.values()):
        yield bytes([number]) + text.encode()
    for number, pattern in enumerate(("presend.yaml", "feeds/*.yaml", "campaigns/*.yaml")):
        yield from (bytes([number]) + path.read_bytes() for path in sorted(EXAMPLE.glob(pattern)))
