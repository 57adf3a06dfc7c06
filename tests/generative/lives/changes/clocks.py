"""Clocks: ahead of the machine's, before the newest arrival, before the run that is asked about; and runs of before, verified."""

from datetime import UTC, datetime, timedelta

from ..doors import Doors, require
from ..house import House
from ._change import PUBLISHES, Disaster, Expected

DAY = timedelta(days=1)


class ClockAhead(Disaster):
    """A clock shows a time that has not come: nothing is received, built or published at it."""

    kind = "a clock ahead"

    def strikes(self, house: House, doors: Doors) -> Expected:
        ahead = datetime.now(UTC).replace(microsecond=0) + DAY
        for command in (["ingest"], ["run"], ["build"], ["publish", house.campaign]):
            require(doors.presend(*command, as_of=ahead), 2)
        return PUBLISHES


class AskedTooEarly(Disaster):
    """A published run is asked about as of a time before it."""

    kind = "a recheck before the run"

    def strikes(self, house: House, doors: Doors) -> Expected:
        done = require(doors.presend("publish", house.campaign), 0)
        require(doors.presend("recheck", done.document["run_id"], as_of=doors.as_of - DAY), 2)
        require(doors.presend("recheck", done.document["run_id"]), 0)
        return PUBLISHES


class RunsOfBefore(Disaster):
    """Every run of a house is verified, over a ledger and a configuration that have changed since."""

    kind = "the runs of before verified"

    def strikes(self, house: House, doors: Doors) -> Expected:
        for run in sorted(doors.folder.glob(f"outbox/{house.key}*/*/2*/manifest.json")):
            require(doors.plainly("verify", str(run.parent)), 0)
        return PUBLISHES
