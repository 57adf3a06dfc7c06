"""What campaigns lean on: audiences of others, and a person who sends."""

from ..doors import Doors
from ..house import House
from ._change import Expected, HouseChange


class ExcludesUnpublished(HouseChange):
    """The campaign leaves out the audience of one that has never been published."""

    kind = "an excluded campaign without a run"

    def happens(self, house: House) -> Expected:
        other = f"{house.key}c7"
        house.further[other] = {
            **house.campaign_settings,
            "delivery_analysis_at": "2026-11-01T09:00:00Z",
            "contact_at": "2026-11-01T09:00:00Z",
        }
        house.campaign_settings["exclude"] = [other]

        def optional(house: House, _: Doors) -> None:
            house.campaign_settings["exclude_optional"] = [other]

        return Expected(stops=(12,), says=(other, "exclude_optional"), remedy=optional)


class OneToOneOfNobody(HouseChange):
    """A message to one that no person sends."""

    kind = "a one-to-one message of nobody"

    def happens(self, house: House) -> Expected:
        house.campaign_settings |= {"message_class": "one_to_one", "no_advertising_attested_by": "ann"}

        def signed(house: House, _: Doors) -> None:
            house.campaign_settings["sent_by"] = "ann"

        return Expected(may_stop=(10,), says=(f"{house.campaign}.yaml", "sent_by"), remedy=signed)
