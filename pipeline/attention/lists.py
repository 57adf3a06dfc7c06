"""An entry of `forbidden` or `seeds` that cannot be read stops whom it was meant for: it would bar nobody."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.config import Fault
from pipeline.decision import forbidden_faults, seed_faults
from pipeline.errors import ConfigurationError


def look(view: View) -> Iterator[Notice]:
    """A stop for each such entry."""
    for fault in forbidden_faults(view.workspace, view.configuration):
        yield _stop(fault)
    for campaign in view.configuration.campaigns.values():
        for fault in seed_faults(view.workspace, view.configuration, campaign):
            yield _stop(fault, campaign.id)


def _stop(fault: Fault, campaign: str | None = None) -> Notice:
    return Notice("list_entry", fault.message, where=fault.where, remedy=fault.remedy, stop=ConfigurationError, campaign=campaign)
