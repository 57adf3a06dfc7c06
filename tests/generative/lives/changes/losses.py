"""What was known and is gone: loads, landing files, a ledger from a backup, a warehouse that somebody edited."""

import json
import shutil
from pathlib import Path

from ..doors import Doors, require
from ..house import Delivery, House
from ._change import PUBLISHES, Disaster, Expected


class LoadLost(Disaster):
    """A load's folder is gone; its landing file is there."""

    kind = "a load lost"

    def strikes(self, house: House, doors: Doors) -> Expected:
        shutil.rmtree(newest_load(house, doors))

        def ingested(house: House, doors: Doors) -> None:
            require(doors.presend("ingest"), 0)

        return Expected(stops=(13,), says=(house.feed_ids["consent"],), remedy=ingested)


class LoadAndLandingLost(Disaster):
    """A load and its landing file are gone; a backup has both."""

    kind = "a load and its landing file lost"

    def strikes(self, house: House, doors: Doors) -> Expected:
        load = newest_load(house, doors)
        kept = doors.folder / "backup" / load.name
        shutil.copytree(load, kept)
        shutil.rmtree(load)
        folder = doors.folder / "landing" / house.feed_ids["consent"]
        landed = {path: path.read_bytes() for path in folder.iterdir() if path.is_file() and not path.is_symlink()}
        for path in landed:
            path.unlink()

        def restored(house: House, doors: Doors) -> None:
            shutil.copytree(kept, load)
            for path, content in landed.items():
                path.write_bytes(content)

        return Expected(stops=(13,), says=(house.feed_ids["consent"],), remedy=restored)


class LossAccepted(Disaster):
    """A load and its landing file are gone, and no backup has them: a person says that it may be."""

    kind = "a loss accepted"

    def strikes(self, house: House, doors: Doors) -> Expected:
        told = [one for one in house.arrived if one.kind == "consent" and one.is_believed and one.path and one.path.is_file()]
        told = [one for one in told if one.feed == house.feed_ids["consent"]]  # what a feed of another name had, this one has not
        loads = {id(one): loads_of(doors, one) for one in told}
        alone = [one for one in told if [other.rows for other in told].count(one.rows) == 1 and len(loads[id(one)]) == 1]
        if len(told) < 2 or not alone:  # a feed without any file stops for that
            return PUBLISHES
        lost = alone[-1]
        (load,) = loads[id(lost)]
        assert lost.path
        lost.path.unlink()
        shutil.rmtree(load)

        def accepted(house: House, doors: Doors) -> None:
            require(doors.presend("ingest", "--accept-loss", load.name, "--by", "ann"), 0)
            lost.is_believed = False

        return Expected(stops=(13,), says=("--accept-loss",), remedy=accepted)


class LedgerOfBefore(Disaster):
    """The ledger of an earlier moment comes back from a backup, without what has arrived since; the landing files are gone too."""

    kind = "a ledger of before restored"

    def strikes(self, house: House, doors: Doors) -> Expected:
        ledger, now = doors.folder / "ledger", doors.folder / "backup" / f"now-{house.step}"
        shutil.copytree(ledger, now)
        arrived = {delivery.received for delivery in house.arrived if delivery.received}
        for load in ledger.glob("*/*/load.json"):
            if max(arrived).isoformat()[:16] in load.read_text(encoding="utf-8"):
                shutil.rmtree(load.parent)
        for chain in ledger.glob("chain*"):
            chain.unlink()
        landing, away = doors.folder / "landing", doors.folder / "backup" / f"landing-{house.step}"
        landing.rename(away)
        landing.mkdir()

        def restored(house: House, doors: Doors) -> None:
            shutil.rmtree(ledger)
            now.rename(ledger)
            landing.rmdir()
            away.rename(landing)

        return Expected(stops=(13,), remedy=restored)


def loads_of(doors: Doors, delivery: Delivery) -> list[Path]:
    """The folders of the loads of a file: more than one where it was read anew, or arrived more than once."""
    assert delivery.path
    told = [
        (path.parent, json.loads(path.read_text(encoding="utf-8"))["file"])
        for path in doors.folder.glob(f"ledger/{delivery.feed}/*/load.json")
    ]
    return [folder for folder, file in told if file.partition(".zip/")[0].removesuffix(".zip") == delivery.path.name.removesuffix(".zip")]


def newest_load(house: House, doors: Doors) -> Path:
    """The folder of the consent feed's newest load."""
    return max((doors.folder / "ledger" / house.feed_ids["consent"]).glob("*/load.json"), key=lambda path: path.stat().st_mtime_ns).parent
