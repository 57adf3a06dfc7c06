"""Settings: policies change, campaigns are written wrongly, people have to approve."""

from datetime import datetime, timedelta

from ...worlds import policies
from ..doors import Doors, require
from ..house import Delivery, House
from ..people import GROUP
from ..truth import truth
from ._change import PUBLISHES, Expected, HouseChange


class AnotherPolicy(HouseChange):
    """The organisation decides otherwise about consent, reach and pressure."""

    kind = "another policy"

    def happens(self, house: House) -> Expected:
        is_asked = house.world["policy"]["consent_required"]
        house.world["policy"] = {**policies(house.dice.choice), "consent_required": house.dice.choice([is_asked, "none", "any"])}
        if house.world["policy"]["consent_required"] == "list" and "list" not in house.campaign_settings:
            house.world["policy"]["consent_required"] = "any"
        return PUBLISHES


class UnknownList(HouseChange):
    """The campaign names a list that there is not."""

    kind = "a campaign of an unknown list"

    def happens(self, house: House) -> Expected:
        before, house.campaign_settings = house.campaign_settings, {**house.campaign_settings, "list": "nowhere"}

        def mended(house: House, _: Doors) -> None:
            house.campaign_settings = before

        return Expected(stops=(10,), says=(f"{house.campaign}.yaml", "nowhere"), remedy=mended)


class Approved(HouseChange):
    """The campaign's run waits until a person releases it."""

    kind = "an approval"

    def happens(self, house: House) -> Expected:
        house.campaign_settings = {**house.campaign_settings, "approval": "required"}
        return Expected(stops=(14,), says=("presend approve",), remedy=approved)


class ApprovedLate(HouseChange):
    """Between the run and its approval somebody who is in it says no."""

    kind = "an approval after somebody said no"

    def happens(self, house: House) -> Expected:
        house.campaign_settings = {**house.campaign_settings, "approval": "required"}

        def late(house: House, doors: Doors) -> datetime:
            before = truth(house, house.as_of).audience
            said = no_of_somebody(house, doors.as_of)
            if said is None:
                return approved(house, doors)
            house.due.append(said)
            house.land(doors.as_of)
            require(doors.presend("ingest"), 0, 11)  # another house's file may be refused
            said.is_counted = True
            if truth(house, doors.as_of).audience >= before:  # a message that the "no" does not keep away
                return approved(house, doors)
            (waiting,) = waiting_runs(house)
            require(doors.presend("approve", waiting, "--by", "ann"), 13)
            (anew,) = waiting_runs(house) - {waiting}
            require(doors.presend("approve", anew, "--by", "ann"), 0)
            return doors.as_of

        return Expected(stops=(14,), says=("presend approve",), remedy=late)


def approved(house: House, doors: Doors) -> datetime:
    """A person releases the run that waits, not as of a time before it; gives the instant for which it was decided."""
    (waiting,) = waiting_runs(house)
    require(doors.presend("approve", waiting, "--by", "ann", as_of=house.as_of - timedelta(hours=1)), 2)
    require(doors.presend("approve", waiting, "--by", "ann"), 0)
    return house.as_of


def waiting_runs(house: House) -> set[str]:
    """The runs of the campaign that wait."""
    return {run.name for run in house.outbox.glob("pending/*")}


def no_of_somebody(house: House, as_of: datetime) -> Delivery | None:
    """A file in which somebody of the audience opts out of everything; None where the audience is empty."""
    told = [(group, address) for group, run in truth(house, as_of).runs.items() for _, address in run.audience]
    if not told:
        return None
    group, address = min(told)
    row = {"event_id": f"{house.key}late-{house.step}", "action": "opt_out", "scope": "group", "address": address,
           "occurred_at": as_of.isoformat(), "via": "form", GROUP: group}  # fmt: skip
    return Delivery("consent", f"{house.stem}-late", [row])
