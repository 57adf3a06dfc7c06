"""A `one_to_one` message is one person's to few (domain §8): what keeps the class from being a way around the opt-outs.

A campaign that does not say who sends it is decided as marketing. Where that excludes somebody whom the class would let in, the
campaign stops; so nobody gets in by leaving `sent_by` out, and nobody is lost silently. That few are meant, the gate checks.
"""

import duckdb

from pipeline.config import Campaign, Configuration, ConfiguredCampaign
from pipeline.errors import ConfigurationError
from pipeline.reasons import MATRIX
from pipeline.vocabulary import MessageClass

SENDER_REMEDY = "Add `sent_by: …` with the person who writes, or use message_class marketing or service."


def has_no_sender(campaign: ConfiguredCampaign) -> bool:
    """Whether the campaign is a one_to_one message that nobody has put a name to."""
    return campaign.message_class == MessageClass.ONE_TO_ONE and campaign.sent_by is None


def is_for_few(campaign: Campaign) -> bool:
    """Whether the campaign may have no more than `one_to_one_maximum` candidates."""
    return campaign.message_class == MessageClass.ONE_TO_ONE and campaign.no_advertising_attested_by is None


def require_sender(con: duckdb.DuckDBPyConnection, configuration: Configuration, campaign: Campaign) -> None:
    """Raise ConfigurationError where the class decides about somebody and nobody says who sends."""
    if not has_no_sender(campaign):
        return
    own = configuration.matrix.get(MessageClass.ONE_TO_ONE, MATRIX[MessageClass.ONE_TO_ONE])
    ((spared,),) = con.execute(
        """SELECT count(*) FROM (
            SELECT candidate_no FROM exclusion GROUP BY candidate_no HAVING NOT bool_or(list_contains($own, reason))
        )""",
        {"own": sorted(str(reason) for reason in own)},
    ).fetchall()
    if spared:
        raise ConfigurationError(
            f"nobody says who sends this one_to_one message, and {spared:,} of its candidates are excluded from every mass mail",
            where=f"campaigns/{campaign.id}.yaml",
            remedy=SENDER_REMEDY,
        )
