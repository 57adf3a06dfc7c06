"""The lists of the configuration, entry by entry: what each means, and a fault for each that means nothing (domain §8).

An entry that nobody could read would bar nobody, without a word.
"""

from collections.abc import Iterable, Iterator

import duckdb

from pipeline import addresses
from pipeline.config import Configuration, ConfiguredCampaign, Fault
from pipeline.config.documents import Document, Place, read_document
from pipeline.decision.address_files import file_fault
from pipeline.workspace import Workspace

# What cannot be read cannot be masked either: the line tells which entry is meant.
_UNREAD = "the entry is no address that can be read"
_ADDRESS_REMEDY = "Write one address, such as jane@example.org or +43 664 1234567, or remove the entry."


def countries_of(configuration: Configuration) -> list[str]:
    """Where the workspace's numbers are at home."""
    return sorted({organisation.country for organisation in configuration.organisations.values()})


def forbidden_faults(workspace: Workspace, configuration: Configuration) -> Iterator[Fault]:
    """The entries of `forbidden` that mean no address and no domain."""
    document = _document(workspace, "presend.yaml")
    countries = countries_of(configuration)
    for position, text in enumerate(configuration.forbidden.addresses):
        if not addresses.addresses_meant(text, countries):
            remedy = f"{_ADDRESS_REMEDY} All of a domain stands in forbidden.domains."
            yield _fault(document, ("forbidden", "addresses", position), _UNREAD, remedy)
    for position, text in enumerate(configuration.forbidden.domains):
        if addresses.domain_meant(text) is None:
            yield _fault(
                document,
                ("forbidden", "domains", position),
                "the entry is not one domain of e-mail addresses",
                "Write each domain as it stands behind the @, sub-domains too: x.at, mail.x.at.",
            )


def seed_faults(workspace: Workspace, configuration: Configuration, campaign: ConfiguredCampaign) -> Iterator[Fault]:
    """The campaign's `seeds` that are no address, of whatever channel."""
    document = _document(workspace, f"campaigns/{campaign.id}.yaml")
    country = configuration.organisations[campaign.organisation].country
    for position, text in enumerate(campaign.seeds):
        if not addresses.addresses_meant(text, [country]):
            yield _fault(document, ("seeds", position), _UNREAD, _ADDRESS_REMEDY)


def list_faults(workspace: Workspace, configuration: Configuration, campaigns: Iterable[ConfiguredCampaign]) -> list[Fault]:
    """Every fault of every list, those of the files that the campaigns leave out among them."""
    faults = [*forbidden_faults(workspace, configuration)]
    with duckdb.connect() as con:
        addresses.install(con, countries_of(configuration))
        for campaign in campaigns:
            faults += seed_faults(workspace, configuration, campaign)
            country = configuration.organisations[campaign.organisation].country
            for name in campaign.exclude_files:
                if fault := file_fault(con, workspace, name, [country]):
                    faults.append(fault)
    return sorted(set(faults))


def _document(workspace: Workspace, name: str) -> Document:
    return read_document(workspace.root / name, name)


def _fault(document: Document, place: Place, message: str, remedy: str) -> Fault:
    return Fault(document.file, document.line_of(place), message, remedy)
