"""What the tasks tell of lineage: one chain from what lands to what is collected, for whoever reads Airflow's collector."""

from pathlib import Path

import pytest

from tests.lib.asked_world import AS_OF, FILES, asked, write_world

DAGS = Path(__file__).parents[2] / "dags"


def test_lineage_leads_from_landing_to_the_outbox(airflow_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import airflow.sdk.lineage
    from airflow.dag_processing.dagbag import DagBag

    folder = write_world(tmp_path / "w")
    monkeypatch.setenv("PRESEND_WORKSPACE", str(folder))
    collector = airflow.sdk.lineage.HookLineageCollector()
    monkeypatch.setattr(airflow.sdk.lineage, "get_hook_lineage_collector", lambda: collector)
    bag = DagBag(DAGS)
    bag.dags["presend_publish_c"].deadline = None  # `dag.test()` of Airflow 3.3.2 cannot end a run that has one
    assert asked(folder, "ingest", "profiles", "delivery", "--as-of", AS_OF)[0] == 0
    for dag_id in ("presend_ingest_consent", "presend_build", "presend_publish_c"):
        assert str(bag.dags[dag_id].test(run_conf={"as_of": AS_OF}).state) == "success"

    def told(collected: list[airflow.sdk.lineage.AssetLineageInfo]) -> set[str]:
        return {found.asset.uri.removeprefix(f"file://{folder}/") for found in collected}

    ledgers = {f"ledger/{feed}" for feed in FILES}
    found = collector.collected_assets
    assert told(found.inputs) == {"landing/consent", *ledgers, "warehouse/presend.duckdb"}
    assert told(found.outputs) == {"ledger/consent", "warehouse/presend.duckdb", "outbox/ufer/c"}
