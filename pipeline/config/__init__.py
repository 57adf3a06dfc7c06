"""The workspace's configuration: typed, frozen, read once; every fault with file, line and remedy."""

from pipeline.config.campaign import Campaign, Capacity, ConfiguredCampaign, Recurrence, RecurringCampaign
from pipeline.config.faults import Fault
from pipeline.config.feed import FeedConfig, RegisterFormat, ScopeTarget
from pipeline.config.loading import REVIEW_FEED, Configuration, configuration_from, find_faults, load_configuration
from pipeline.config.names import Names
from pipeline.config.organisations import Brand, Forbidden, Identity, Linkage, Organisation, Policy, Pressure, Quarantine, Register
from pipeline.config.references import Sources
from pipeline.config.segment import Order, Segment

__all__ = [
    "REVIEW_FEED",
    "Brand",
    "Campaign",
    "Capacity",
    "Configuration",
    "ConfiguredCampaign",
    "Fault",
    "FeedConfig",
    "Forbidden",
    "Identity",
    "Linkage",
    "Names",
    "Order",
    "Organisation",
    "Policy",
    "Pressure",
    "Quarantine",
    "Recurrence",
    "RecurringCampaign",
    "Register",
    "RegisterFormat",
    "ScopeTarget",
    "Segment",
    "Sources",
    "configuration_from",
    "find_faults",
    "load_configuration",
]
