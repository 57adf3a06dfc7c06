"""A warehouse that is deleted under a reader disturbs nobody, and is built again with the same contents."""

import subprocess
import sys
import time
from pathlib import Path

from tests.lib.snapshots import differing
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF, presend

READER = """
import sys, time
import duckdb
from pathlib import Path
folder = Path(sys.argv[1])
with duckdb.connect(str(folder / "warehouse" / "presend.duckdb"), read_only=True) as con:
    ask = lambda: con.execute("SELECT count(*), bit_xor(hash(suppression)) FROM suppression").fetchall()
    first = ask()
    (folder / "reading").touch()
    while not (folder / "enough").exists():
        assert ask() == first
        time.sleep(0.02)
    assert ask() == first
"""


def test_a_warehouse_deleted_under_a_reader_is_built_again(stages: dict[str, Stage], tmp_path: Path) -> None:
    folder = stages["publish"].copy(tmp_path / "company")
    warehouse = folder / "warehouse" / "presend.duckdb"
    reader = subprocess.Popen([sys.executable, "-c", READER, str(folder)], stderr=subprocess.PIPE, text=True)
    while not (folder / "reading").exists() and reader.poll() is None:
        time.sleep(0.01)
    warehouse.unlink()
    assert presend(folder, "status", "--as-of", AS_OF).code == 0
    assert presend(folder, "run", "--as-of", AS_OF).code == 0
    assert differing(stages["run"].after, contents(folder)) == []
    assert reader.poll() is None, "the reader was disturbed"
    (folder / "enough").touch()
    _, complaint = reader.communicate(timeout=60)
    assert reader.returncode == 0, complaint


def test_a_damaged_warehouse_is_built_again(stages: dict[str, Stage], tmp_path: Path) -> None:
    folder = stages["publish"].copy(tmp_path / "company")
    warehouse = folder / "warehouse" / "presend.duckdb"
    warehouse.write_bytes(warehouse.read_bytes()[:5000])
    assert presend(folder, "run", "--as-of", AS_OF).code == 0
    assert differing(stages["run"].after, contents(folder)) == []
