"""Austria's ECG list: the file of digests, and the answers of the interface."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lib.feeds import land
from tests.lib.world import World

ECG = {"channel": "email", "countries": ["AT"], "use": "always", "source": "ecg_list", "algorithm": "md5", "normalisation": "as_is"}
"""What the settings say about algorithm and normalisation is wrong: the file's form decides."""


def sha1(text: str, encoding: str = "utf-8") -> bytes:
    return hashlib.sha1(text.encode(encoding), usedforsecurity=False).digest()


def sha512(text: str) -> str:
    return hashlib.sha512(text.encode()).hexdigest()


def test_the_public_test_list_reads_as_published(tmp_path: Path) -> None:
    entries = ["karl.testinger@firma.at", "max.mustermann@home.at", "@home.lan", "@firma.lan"]
    landed = land(tmp_path, "ecg_list", {"ecg-liste.hash": b"".join(map(sha1, entries))}, register={"id": "ecg"})
    landed.register("""
        entry_kind | algorithm | normalisation | value
        -----------+-----------+---------------+-----------------------------------------
        hash       | sha1      | trim_lower    | ba72d6793be4cdd14256bbb5662033e3ee5e1951
        hash       | sha1      | trim_lower    | 37fbe81ddddcb86b17d5afb55b8a10ba8d4ebd16
        hash       | sha1      | trim_lower    | 471807096c1fbbece51ed10a4257f90385954ca9
        hash       | sha1      | trim_lower    | 4813659c74cf5419c8173cd409bd20b1720709c1
    """)
    assert landed.counts == (4, 4, 0, 0, 0)


def test_digests_bar_addresses_and_domains_in_either_encoding_and_no_sub_domain(world: Callable[..., World]) -> None:
    listed = [sha1("anna@x.at"), sha1("jürgen@x.at"), sha1("jörg@x.at", "iso-8859-1"), sha1("@barred.at"), sha1("@müller.at")]
    small = world(registers={"ecg": {**ECG, "edition": b"".join(listed)}})
    small.profiles("""
        profile_id | email
        -----------+---------------------
        anna       | Anna@X.at
        bert       | bert@x.at
        cora       | cora@barred.at
        dora       | dora@sub.barred.at
        emil       | jürgen@x.at
        fred       | jörg@x.at
        gerd       | gerd@xn--mller-kva.at
        hans       | hans@müller.at
    """)
    small.decides("""
        profile | reasons    | detail
        --------+------------+-------
        anna    | registered | ecg
        bert    |            |
        cora    | registered | ecg
        dora    |            |
        emil    | registered | ecg
        fred    | registered | ecg
        gerd    | registered | ecg
        hans    | registered | ecg
    """)


def test_answers_of_the_interface_hash_without_dots_and_with_them(world: Callable[..., World]) -> None:
    answers = [
        {"emails": [sha512("annaberg@x.at"), sha512("bert.tal@x.at").upper()]},
        {"emails": [sha512("barred.at"), "Emil@X.at", "plain.at"]},
    ]
    small = world(registers={"ecg": {**ECG, "edition": "\n".join(map(json.dumps, answers)).encode()}})
    small.profiles("""
        profile_id | email
        -----------+----------------
        anna       | Anna.Berg@x.at
        bert       | bert.tal@x.at
        cora       | cora@barred.at
        dora       | dora@x.at
        emil       | emil@x.at
        fred       | fred@plain.at
    """)
    small.decides("""
        profile | reasons    | detail
        --------+------------+-------
        anna    | registered | ecg
        bert    | registered | ecg
        cora    | registered | ecg
        dora    |            |
        emil    | registered | ecg
        fred    | registered | ecg
    """)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", "the file is empty"),
        (sha1("anna@x.at")[:-1], "19 bytes are no multiple of 20"),
        (b"<html>no list today</html>".ljust(40), "neither digests nor JSON"),
        (b'{"error": "no such key"}', "an answer has no list 'emails'"),
        (b'{"emails": []}\n{"error": "too many requests"}', "an answer has no list 'emails'"),
    ],
)
def test_what_is_no_list_is_refused_and_no_empty_edition(tmp_path: Path, content: bytes, refusal: str) -> None:
    landed = land(tmp_path, "ecg_list", {"ecg-liste.hash": content}, register={"id": "ecg"})
    (load,) = landed.loads
    assert load["is_refused"] and refusal in load["refusal"], load["refusal"]


def test_an_answer_with_nobody_is_an_edition_and_a_hash_of_another_length_is_rejected(tmp_path: Path) -> None:
    files = {"1.json": {"emails": []}, "2.json": {"emails": [sha512("anna@x.at"), sha512("anna@x.at"), sha1("anna@x.at").hex(), 7]}}
    landed = land(tmp_path, "ecg_list", files, register={"id": "ecg"})
    assert [load["kinds"] for load in landed.loads] == [{"register": 0}, {"register": 4}]
    assert landed.counts == (4, 1, 1, 0, 2)
    assert landed.rejected == [(3, "hash_malformed"), (4, "entry_unreadable")]
