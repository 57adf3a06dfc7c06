"""Cells that say "none" (domain §8 "Keys that tie too many"): the macro and the function read them alike."""

import duckdb
import pytest

from pipeline import addresses

NOTHING = ("", "-", "N/A", "n. a.", "#REF!", "o.A.", "N.N.", "nicht zugeordnet", "\\N", "-1", "[object Object]", "s/n", "00000", "xxx")
SOMETHING = ("1", "N", "Neu", "123456", "K-17", "0664", "Nadine")


@pytest.mark.parametrize("text", [*NOTHING, *SOMETHING])
def test_words_and_signs_for_none_are_known(text: str) -> None:
    with duckdb.connect() as con:
        addresses.install(con, ["AT"])
        (found,) = con.execute("SELECT says_nothing($text)", {"text": text}).fetchone() or (None,)
    assert found is addresses.says_nothing(text) is (text in NOTHING)
