"""What a channel uses stands in the vocabulary alone: a step asks for the kind of its addresses, never which channel it is."""

from pathlib import Path

import pytest
from sqlglot import exp

from pipeline.vocabulary import Channel
from tests.architecture.sql_files import ALL, folder, name, tree

ASKED = [path for path in ALL if folder(path) != "0_schema"]


@pytest.mark.parametrize("path", ASKED, ids=name)
def test_no_step_asks_for_a_channel_by_its_name(path: Path) -> None:
    asked = [
        compared.sql()
        for compared in tree(path).find_all(exp.EQ, exp.NEQ, exp.In)
        if any("channel" in column.name for column in compared.find_all(exp.Column))
        and {literal.name for literal in compared.find_all(exp.Literal)} & {str(channel) for channel in Channel if channel.kind}
        and "address_kind_of" not in compared.sql().lower()
    ]
    assert not asked
