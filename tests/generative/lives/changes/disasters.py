"""Disks and clocks: the warehouse goes, the ledger is damaged, a clock is set back, everything is run twice."""

from datetime import timedelta

import duckdb

from ..doors import Doors, require
from ..house import House
from ._change import PUBLISHES, Disaster, Expected

DAY = timedelta(days=1)


class WarehouseDeleted(Disaster):
    """The warehouse's file is gone: it is made again."""

    kind = "the warehouse deleted"

    def strikes(self, house: House, doors: Doors) -> Expected:
        for path in (doors.folder / "warehouse").glob("presend.duckdb*"):
            path.unlink()
        return PUBLISHES


class WarehouseEdited(Disaster):
    """Somebody deletes restrictions in the warehouse's file: it is not used as it is."""

    kind = "the warehouse edited"

    def strikes(self, house: House, doors: Doors) -> Expected:
        (path,) = (doors.folder / "warehouse").glob("presend.duckdb")
        with duckdb.connect(str(path)) as con:
            tables = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()]
            for table in tables:
                if table.startswith(("restriction", "suppression", "quarantine")):
                    con.execute(f'DELETE FROM "{table}"')
        return PUBLISHES


class LedgerDamaged(Disaster):
    """A byte of a load is another one; the backup has the file as it was."""

    kind = "a load damaged"

    def strikes(self, house: House, doors: Doors) -> Expected:
        loads = (doors.folder / "ledger" / house.feed_ids["consent"]).glob("*/consent.parquet")
        path = max(loads, key=lambda one: one.stat().st_mtime_ns)  # an older one may be a former reading, which nothing rests on
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])

        def restored(house: House, doors: Doors) -> None:
            path.write_bytes(whole)

        return Expected(stops=(13,), says=(house.feed_ids["consent"],), remedy=restored)


class ClockBack(Disaster):
    """The clock is behind the newest arrival: nothing is received."""

    kind = "a clock set back"

    def strikes(self, house: House, doors: Doors) -> Expected:
        for command in ("ingest", "run"):
            require(doors.presend(command, as_of=doors.as_of - DAY), 2)
        return PUBLISHES


class RunTwice(Disaster):
    """Everything is run once more at the same instant: nothing changes."""

    kind = "everything run twice"

    def strikes(self, house: House, doors: Doors) -> Expected:
        require(doors.presend("publish", house.campaign), 0)
        before = {path: path.stat() for path in house.outbox.rglob("*")}
        require(doors.presend("publish", house.campaign), 0)
        after = {path: path.stat() for path in house.outbox.rglob("*")}
        assert before.keys() == after.keys(), "a second run wrote another folder"
        return PUBLISHES
