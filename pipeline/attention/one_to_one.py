"""A one_to_one message that nobody has put a name to is decided as marketing: that has to be known."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.decision import SENDER_REMEDY, has_no_sender


def look(view: View) -> Iterator[Notice]:
    """A notice for each such campaign."""
    for campaign in view.configuration.campaigns.values():
        if has_no_sender(campaign):
            yield Notice(
                "no_sender",
                "nobody says who sends this one_to_one message, and so it is decided as marketing",
                where=f"campaigns/{campaign.id}.yaml",
                remedy=SENDER_REMEDY,
                campaign=campaign.id,
            )
