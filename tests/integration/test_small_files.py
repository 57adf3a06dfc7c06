"""A webhook's receiver writes a file for every call: many small files are read together, each is a load of its own."""

import json
from pathlib import Path

import duckdb

from tests.lib.feeds import land

AT = 1775120400


def event(address: str, name: str, **more: object) -> dict[str, object]:
    return {"email": address, "timestamp": AT, "event": name, "sg_event_id": f"{name}-{address}", **more}


def test_each_file_keeps_its_own_rows_counts_and_rejects(tmp_path: Path) -> None:
    landed = land(
        tmp_path,
        "sendgrid_events",
        {
            "a.json": event("a@x.at", "spamreport"),
            "b.json": [event("b@x.at", "bounce", type="bounce"), event("b@x.at", "open"), event("no address", "spamreport")],
            "c.json": [event("c@x.at", "unsubscribe"), event("c@x.at", "unsubscribe")],
            "d.json": [7, event("d@x.at", "spamreport")],
            "e.json": "{",
            "f.json": {"something": "else"},
            "g.json": event("g@x.at", "danced"),
            "h.json": "[]",
        },
    )
    counts = ("rows", "loaded", "duplicate", "ignored", "rejected")
    assert {load["file"]: tuple(load[name] for name in counts) for load in landed.loads} == {
        "a.json": (1, 1, 0, 0, 0),
        "b.json": (3, 1, 0, 1, 1),
        "c.json": (2, 1, 1, 0, 0),
        "d.json": (2, 1, 0, 0, 1),
        "e.json": (1, 0, 0, 0, 1),
        "f.json": (0, 0, 0, 0, 0),
        "g.json": (1, 0, 0, 0, 1),
        "h.json": (0, 0, 0, 0, 0),
    }
    landed.deliveries("""
        address | type      | record_number
        --------+-----------+--------------
        a@x.at  | complaint | 1
        b@x.at  | bounce    | 1
        d@x.at  | complaint | 2
    """)
    assert [load["file"] for load in landed.loads if load["is_refused"]] == ["f.json"]
    assert landed.rejected == [(3, "address_unreadable"), (1, "not_an_object"), (1, "json_unreadable"), (1, "code_unknown")]
    assert landed.unknown == {"code danced": 1}
    texts = [json.loads(text)["email"] for text in rejected_texts(tmp_path) if text.startswith("{")]
    assert texts == ["no address", "g@x.at"]


def rejected_texts(folder: Path) -> list[str]:
    files = [str(path) for path in sorted(folder.glob("ledger/*/*/rejected.parquet"))]
    with duckdb.connect() as con:
        return [row[0] for row in con.execute('SELECT "row" FROM read_parquet($files)', {"files": files}).fetchall()]


def test_together_or_alone_the_rows_are_the_same(tmp_path: Path) -> None:
    files = {f"{number:03}.json": event(f"p{number}@x.at", "bounce" if number % 3 else "spamreport") for number in range(30)}
    table = "\n".join(
        ["address | type", "---+---", *(f"p{number}@x.at | {'bounce' if number % 3 else 'complaint'}" for number in range(30))]
    )
    together = land(tmp_path / "together", "sendgrid_events", files)
    together.deliveries(table)
    alone = tmp_path / "alone"
    for name, content in files.items():
        landed = land(alone, "sendgrid_events", {name: content})
    landed.deliveries(table)
    assert together.counts == landed.counts == (30, 30, 0, 0, 0)
