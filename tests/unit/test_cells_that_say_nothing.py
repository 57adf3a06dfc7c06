"""Cells that say "none" (domain §8 "Keys that tie too many"): the macro and the function read them alike."""

import duckdb
import pytest

from pipeline import addresses

NOTHING = ("", "-", "N/A", "n. a.", "#REF!", "o.A.", "N.N.", "nicht zugeordnet", "\\N", "-1", "[object Object]", "s/n", "00000", "xxx")
NO_ID = ("keine Kundennr.", "ohne Mitgliedsnummer", "no customer id", "sans numéro", "pas de numéro client", "geen klantnummer")
NO_ID += ("senza codice", "sin número de cliente", "neu", "Neukunde", "none yet", "noch keine", "new member")
SOMETHING = ("1", "N", "Neu", "123456", "K-17", "0664", "Nadine")


@pytest.mark.parametrize("text", [*NOTHING, *SOMETHING])
def test_words_and_signs_for_none_are_known(text: str) -> None:
    with duckdb.connect() as con:
        addresses.install(con, ["AT"])
        (found,) = con.execute("SELECT says_nothing($text)", {"text": text}).fetchone() or (None,)
    assert found is addresses.says_nothing(text) is (text in NOTHING)


@pytest.mark.parametrize("text", [*NO_ID, "K-17", "NORDIC-ID", "Newman", "Nora", "0664", "no-17"])
def test_in_the_place_of_an_id_people_also_say_that_there_is_none_yet(text: str) -> None:
    with duckdb.connect() as con:
        addresses.install(con, ["AT"])
        (found,) = con.execute("SELECT is_no_id($text)", {"text": text}).fetchone() or (None,)
    assert found is (text in NO_ID)
