"""Ids compare without surrounding and invisible characters, in NFC; a country that ISO 3166 does not know is none (domain §8)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.addresses import countries
from pipeline.addresses.nothing import says_nothing
from tests.lib.feeds import land
from tests.lib.workspaces import presend
from tests.lib.world import World


def test_an_opt_out_finds_its_profile_whatever_surrounds_or_hides_in_its_id(world: Callable[..., World]) -> None:
    """Upper and lower case, and what can be seen, tell ids apart."""
    small = world()
    small.step["profiles"] = [
        {"profile_id": profile_id, "email": f"{name}@x.test"}
        for name, profile_id in (
            ("tab", "A1\t"), ("zero", "B\u200b1"), ("nbsp", "\u00a0C1"), ("mark", "\ufeffD1"), ("soft", "E\u00ad1"),
            ("bidi", "\u202aF1\u202c"), ("nfd", "Mu\u03081"), ("plain", "G1"), ("spaced", "H\u00a01"), ("case", "a1"), ("other", "A 1"),
        )
    ]  # fmt: skip
    said = ("A1", "B1", "C1\u2060", "D1", "E1", "F1", "M\u00fc1", "\u2067G1\u2069", "H 1")
    small.step["consent"] = [
        {"occurred_at": "2026-04-01T08:00:00Z", "action": "opt_out", "scope": "organisation", "scope_id": "o1\u200b",
         "organisation": "o1\t", "profile_id": profile_id}
        for profile_id in said
    ]  # fmt: skip
    small.decides("""
        candidate     | profile | reasons
        --------------+---------+-----------------------
        bidi@x.test   | F1      | opted_out_organisation
        case@x.test   | a1      |
        mark@x.test   | D1      | opted_out_organisation
        nbsp@x.test   | C1      | opted_out_organisation
        nfd@x.test    | M\u00fc1     | opted_out_organisation
        other@x.test  | A 1     |
        plain@x.test  | G1      | opted_out_organisation
        soft@x.test   | E1      | opted_out_organisation
        spaced@x.test | H 1     | opted_out_organisation
        tab@x.test    | A1      | opted_out_organisation
        zero@x.test   | B1      | opted_out_organisation
    """)
    assert {row["profile_id"] for row in small.published().audience} == {"a1", "A 1"}
    answer = presend(small.folder, "explain", "c1", "M\u00fc1\u200b")
    assert answer.code == 0 and "opted_out_organisation" in str(answer.document)


def test_rows_whose_ids_look_alike_are_one_profile_one_person_and_one_event(world: Callable[..., World]) -> None:
    """The second row of P1 is its record; Q1 and R1 share an external id; the opt-out that came twice is one."""
    small = world()
    small.step["profiles"] = [
        {"profile_id": "P1", "email": "old@x.test", "updated_at": "2026-01-01T00:00:00Z"},
        {"profile_id": "P1\t", "email": "new@x.test", "updated_at": "2026-02-01T00:00:00Z"},
        {"profile_id": "Q1", "email": "q@x.test", "external_id": "E\u00e9"},
        {"profile_id": "R1", "email": "r@x.test", "external_id": "\u200eEe\u0301 "},
    ]
    small.step["consent"] = [
        {"event_id": event_id, "occurred_at": "2026-04-01T08:00:00Z", "action": "opt_out", "scope": "brand", "scope_id": scope_id,
         "address": "q@x.test"}
        for event_id, scope_id in (("e1", "b1"), ("e1\ufeff", "b1\u00a0"))
    ]  # fmt: skip
    small.decides("""
        candidate  | reasons
        -----------+----------------
        new@x.test |
        q@x.test   | opted_out_brand
        r@x.test   | opted_out_brand
    """)
    small.holds("consent_fact", "event_id | scope_id\n---+---\ne1 | b1")


def test_no_register_and_no_number_is_evaded_by_a_country_however_it_is_written(world: Callable[..., World]) -> None:
    """The organisation is Austrian. What is no country, though something is written there, is on the registers of every country."""
    registers = {
        "austria": {"channel": "email", "use": "always", "countries": ["AT"], "entries": ["@x.test"]},
        "britain": {"channel": "email", "use": "always", "countries": ["GB"], "entries": ["@y.test"]},
        "germany": {"channel": "email", "use": "always", "countries": ["DE"], "entries": ["@z.test"]},
    }
    small = world(registers=registers)
    small.profiles("""
        email          | country                    | phone
        ---------------+----------------------------+-------------
        none@x.test    | XX                         | 0664 1234567
        zero@x.test    | ZZ                         |
        long@x.test    | AUT                        |
        name@x.test    | oesterreich                |
        word@x.test    | Nowhere                    |
        here@x.test    |                            |
        blank@x.test   | n/a                        |
        de@x.test      | DE                         |
        deu@x.test     | deu                        |
        german@x.test  | Germany                    |
        uk@y.test      | UK                         |
        gb@y.test      | gb                         |
        scot@y.test    | Scotland                   |
        grand@y.test   | Großbritannien             |
        at@y.test      | AT                         |
        word@y.test    | Nowhere                    |
        blank@y.test   | n/a                        |
        en@z.test      | Germany                    | 0171 1234567
        native@z.test  | DEUTSCHLAND                |
        nl@z.test      | Duitsland                  |
        fr@z.test      | Allemagne                  |
        it@z.test      | Germania                   |
        es@z.test      | Alemania                   |
        plate@z.test   | D                          |
        long@z.test    | Bundesrepublik Deutschland |
        swiss@z.test   | Suisse                     |
        holland@z.test | Holland                    |
        us@z.test      | U.S.                       |
        a@z.test       | A                          |
        word@z.test    | Nowhere                    |
    """)
    small.decides("""
        candidate      | reasons
        ---------------+-----------
        a@z.test       |
        at@y.test      |
        blank@x.test   | registered
        blank@y.test   |
        de@x.test      |
        deu@x.test     |
        en@z.test      | registered
        es@z.test      | registered
        fr@z.test      | registered
        gb@y.test      | registered
        german@x.test  |
        grand@y.test   | registered
        here@x.test    | registered
        holland@z.test |
        it@z.test      | registered
        long@x.test    | registered
        long@z.test    | registered
        name@x.test    | registered
        native@z.test  | registered
        nl@z.test      | registered
        none@x.test    | registered
        plate@z.test   | registered
        scot@y.test    | registered
        swiss@z.test   |
        uk@y.test      | registered
        us@z.test      |
        word@x.test    | registered
        word@y.test    | registered
        word@z.test    | registered
        zero@x.test    | registered
    """)
    small.holds("(SELECT phone_number FROM profile WHERE phone_number IS NOT NULL)", "phone_number\n---\n+436641234567\n+491711234567")


@pytest.mark.parametrize("source", ["canonical_profiles", "hubspot_contacts"])
def test_a_country_that_nobody_knows_is_named_with_its_count(tmp_path: Path, source: str) -> None:
    name = "profile_id" if source == "canonical_profiles" else "Record ID"
    written = ("Nowhere", "Nowhere ", "Erewhon", "Italia", "n/a", "", "SE")
    rows = "".join(f"{number},a{number}@x.at,{country}\n" for number, country in enumerate(written))
    landed = land(tmp_path, source, {"p.csv": f"{name},Email,Country\n{rows}"})
    assert landed.unknown == {"country Erewhon": 1, "country Nowhere": 2}


def test_the_names_of_countries_are_the_standards_and_each_is_one_countrys() -> None:
    """Of the lines of the table each is a code of ISO 3166; no name of it says that there is nothing."""
    lines = [
        line.partition(": ") for line in Path(countries.__file__).with_name("country_names.txt").read_text(encoding="utf-8").splitlines()
    ]
    assert {code for code, _, _ in lines} == countries.CODES
    written = [(code, name.casefold()) for code, _, names in lines for name in names.split(" | ")]
    assert len({name for _, name in written}) == len(written)
    assert not [name for _, name in written if says_nothing(name)]
