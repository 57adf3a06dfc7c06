"""A campaign that leaves out the audience of another one waits until that one has an audience (domain §8)."""

from collections.abc import Iterator

from pipeline import outbox
from pipeline.attention._notice import Notice, View
from pipeline.errors import FeedNotFresh


def look(view: View) -> Iterator[Notice]:
    """A stop for each campaign that would be left out, has not been published, and is not named in `exclude_optional`."""
    for campaign in view.configuration.campaigns.values():
        for name in campaign.exclude:
            if name not in campaign.exclude_optional and not outbox.was_published(view.workspace, name, view.as_of):
                yield Notice(
                    "excluded_campaign",
                    f"it leaves out the audience of {name}, which has not been published yet",
                    where=f"campaigns/{campaign.id}.yaml",
                    remedy=f"Publish {name} first, or name it in `exclude_optional: [{name}]`.",
                    stop=FeedNotFresh,
                    campaign=campaign.id,
                )
