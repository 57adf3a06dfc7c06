"""The configuration that a run was decided under, kept beside its manifest: `configuration.json` (domain §7, promise 6).

`presend verify` decides a run again by it, whatever the workspace's files say by now. It holds the files' values as they were read, without
anybody's address: of the forbidden addresses the hashes are kept, which are compared with the run's own candidates, and control addresses
stand in the audience. Other campaigns are there as far as a decision reads them.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import duckdb

from pipeline import outbox
from pipeline.addresses import addresses_meant
from pipeline.config import Campaign, Configuration, ConfiguredCampaign, Sources, configuration_from
from pipeline.engines.local import quoted
from pipeline.errors import ConfigurationError
from pipeline.logs import masked
from pipeline.outbox import Run
from pipeline.vocabulary import Named
from pipeline.workspace import Workspace

CONFIGURATION = "configuration.json"
_SETTINGS = "presend.yaml"
_PEOPLE = ("no_advertising_attested_by", "sent_by")
"""Settings that name a person, who may be called by an address."""


@dataclass(frozen=True)
class Kept:
    """A run's configuration; `is_whole`: nothing was withheld, so that its fingerprint is the one that the run's id was made of."""

    configuration: Configuration
    is_whole: bool


def kept(configuration: Configuration, campaign: Campaign) -> str:
    """The text of the file for a run of the campaign."""
    documents = deepcopy(dict(configuration.documents))
    withheld = list(_withhold(documents, campaign.id))
    countries = sorted({organisation.country for organisation in configuration.organisations.values()})
    forbidden = {address for text in configuration.forbidden.addresses for address in addresses_meant(text, countries)}
    value = {
        "campaign": campaign.id,
        "documents": documents,
        "forbidden": sorted(sha256(address.encode()).hexdigest() for address in forbidden),
        "withheld": sorted(withheld),
    }
    # The lists of a brand are a mapping whose order is part of the fingerprint: the documents keep theirs.
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def read_kept(workspace: Workspace, run: Run, sources: Sources) -> Kept | None:
    """The configuration that the run kept; None where it kept none, or one that this version cannot read."""
    try:
        value = json.loads((run.path / CONFIGURATION).read_text(encoding="utf-8"))
        documents = value["documents"]
        if value["forbidden"]:
            documents[_SETTINGS].setdefault("forbidden", {})["addresses"] = _met(run, value["forbidden"])
        return Kept(configuration_from(workspace, documents, sources=sources), not value["withheld"])
    except (FileNotFoundError, ValueError, KeyError, TypeError, ConfigurationError):
        return None


def campaign_as_decided(
    workspace: Workspace, configuration: Configuration, run: Run, sources: Sources
) -> tuple[Configuration, ConfiguredCampaign] | None:
    """The run's campaign as its file was when the run was decided, among today's settings and under today's names.

    None where the file says the same by now, or where the run kept nothing. Raises ConfigurationError where today's settings do not know
    what the campaign names.
    """
    name = f"campaigns/{run.campaign}.yaml"
    try:
        was: dict[str, Any] = json.loads((run.path / CONFIGURATION).read_text(encoding="utf-8"))["documents"][name]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    by_now = json.loads(json.dumps(configuration.documents.get(name, {})))
    list(_withhold({name: by_now}, run.campaign))
    for kind in (Named.ORGANISATION, Named.BRAND, Named.LIST):
        if was.get(kind):
            was[kind] = configuration.names.now(kind, str(was[kind]))
    if was == by_now:
        return None
    found = configuration_from(workspace, {**configuration.documents, name: was}, sources=sources)
    if run.campaign in found.campaigns:
        return found, found.campaigns[run.campaign]
    raise ConfigurationError(
        f"the campaign cannot be decided any more as the run was: {found.campaign_faults[run.campaign][0].message}",
        where=f"{run.path.relative_to(workspace.root)}/{CONFIGURATION}",
        remedy="Give the settings back what it names, or publish a new run.",
    )


def _withhold(documents: dict[str, Any], campaign: str) -> Iterator[str]:
    """Take out each address, and each setting that no decision reads. Gives the places of addresses that a decision would read."""
    for values in documents.values():
        values.pop("deliver_to", None)  # whom it is delivered to is no business of who collects it elsewhere
    forbidden = documents.get(_SETTINGS, {}).get("forbidden") or {}
    if forbidden.pop("addresses", None):
        yield f"{_SETTINGS}: forbidden.addresses"
    for name, values in documents.items():
        if not name.startswith("campaigns/"):
            continue
        is_own = name == f"campaigns/{campaign}.yaml"
        if values.pop("seeds", None) and is_own:
            yield f"{name}: seeds"
        for setting in _PEOPLE:
            if "@" in str(values.get(setting, "")):
                values[setting] = masked(values[setting])
                if is_own:
                    yield f"{name}: {setting}"
        if not is_own:
            values.pop("exclude_files", None)


def _met(run: Run, hashes: list[str]) -> list[str]:
    """The forbidden addresses among the run's candidates: no other one could make a difference to it."""
    with duckdb.connect() as con:
        rows = con.execute(
            f"""SELECT DISTINCT address
            FROM (
                SELECT address FROM {outbox.audience_rows(run)}
                UNION ALL SELECT address FROM read_parquet({quoted(run.path / "exclusions.parquet")})
            )
            WHERE list_contains($hashes, sha256(address)) ORDER BY address""",
            {"hashes": hashes},
        ).fetchall()
    return [str(address) for (address,) in rows]
