"""The ways by which runs leave the house under Airflow. What a delivery does is `pipeline.delivering`'s."""

from orchestration.places import OUTBOX, Place
from pipeline.config import ConfiguredCampaign
from pipeline.delivering import Route, routes_of
from pipeline.targets import DEFAULT, target
from pipeline.workspace import Workspace


def routes(campaign: ConfiguredCampaign | None, workspace: Workspace) -> list[Route]:
    """PRESEND_OUTBOX first, as a place for runs as they were published, then what `deliver_to` says. Raises ConfigurationError."""
    outbox = Place.of(OUTBOX, workspace)
    first = [] if outbox is None else [Route(target(DEFAULT), outbox)]
    others = [] if campaign is None else routes_of(workspace, campaign, Place)
    return [*first, *(route for route in others if str(route) not in map(str, first))]
