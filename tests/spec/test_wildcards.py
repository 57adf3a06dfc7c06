"""What people write for "any" is nobody's address (domain §2): `*@x.at` in a list of opt-outs would look like one that is heard."""

from pathlib import Path

import pytest

from tests.lib.feeds import land


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("canonical_consent", "address,occurred_at,scope,action\n{},2026-05-01,group,opt_out\n{},2026-05-01,group,opt_out\n"),
        ("canonical_delivery", "address,occurred_at,type\n{},2026-05-01,complaint\n{},2026-05-01,complaint\n"),
        ("sendgrid_suppressions", "email,created\n{},1775120400\n{},1775120400\n"),
    ],
)
@pytest.mark.parametrize("anybody", ["*@one.example", "%@two.example", "<*@one.example>", "a@*.three.example"])
def test_what_is_written_for_any_address_is_none_and_its_row_is_rejected(tmp_path: Path, source: str, text: str, anybody: str) -> None:
    """Beside other letters the signs are part of an address."""
    landed = land(tmp_path, source, {"unsubscribes.csv": text.format(anybody, "50%*@one.example")})
    assert landed.counts[1:] == (1, 0, 0, 1)
    assert landed.rejected == [(1, "address_unreadable")]
