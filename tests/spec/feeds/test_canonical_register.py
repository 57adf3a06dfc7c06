"""Do-not-contact registers in our own plain format: plain and hashed, with a header and without."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lib.feeds import land
from tests.lib.world import World

MD5, SHA1, SHA256, SHA512 = (
    hashlib.new(name, b"anna@x.at", usedforsecurity=False).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")
)


def test_plain_entries_are_normalised_and_what_is_none_is_rejected(tmp_path: Path) -> None:
    content = 'entry\n Anna@X.at\n@Barred.AT\n@Müller.at\n+43 664 1234567\nanna@x.at\n""\nnobody\n@\na@x.at b@x.at\n'
    landed = land(tmp_path, "canonical_register", {"edition.csv": content}, register={"id": "r"})
    landed.register("""
        entry_kind | algorithm | value
        -----------+-----------+------------------
        address    | plain     | anna@x.at
        domain     | plain     | barred.at
        domain     | plain     | xn--mller-kva.at
        address    | plain     | +436641234567
        address    | plain     | anna@x.at
    """)
    assert landed.counts == (8, 4, 1, 0, 3)  # what holds nothing is no row
    assert landed.rejected == [(6, "entry_unreadable"), (7, "entry_unreadable"), (8, "entry_unreadable")]


def test_a_declared_algorithm_rejects_hashes_of_another_length_row_by_row(tmp_path: Path) -> None:
    content = "\n".join(["entry", SHA256.upper(), f" {SHA256} ", SHA1, "@barred.at", "anna@x.at", "g" * 64])
    landed = land(tmp_path, "canonical_register", {"edition.csv": content}, register={"id": "r", "algorithm": "sha256"})
    landed.register(f"""
        entry_kind | algorithm | value
        -----------+-----------+----------
        hash       | sha256    | {SHA256}
        hash       | sha256    | {SHA256}
        domain     | plain     | barred.at
    """)
    assert landed.rejected == [(3, "hash_malformed"), (5, "hash_malformed"), (6, "hash_malformed")]


@pytest.mark.parametrize(("digest", "algorithm"), [(MD5, "md5"), (SHA1, "sha1"), (SHA256, "sha256"), (SHA512, "sha512")])
def test_an_undeclared_algorithm_is_told_by_the_length_of_the_hashes(tmp_path: Path, digest: str, algorithm: str) -> None:
    landed = land(tmp_path, "canonical_register", {"edition.txt": f"\ufeff{digest.upper()}\r\n\r\n@barred.at\r\n"}, register={"id": "r"})
    landed.register(f"""
        entry_kind | algorithm   | value
        -----------+-------------+----------
        hash       | {algorithm} | {digest}
        domain     | plain       | barred.at
    """)
    assert landed.counts == (2, 2, 0, 0, 0)


def test_undeclared_hashes_of_several_lengths_are_rejected(tmp_path: Path) -> None:
    landed = land(tmp_path, "canonical_register", {"edition.txt": f"{MD5}\n{SHA1}\nanna@x.at\n"}, register={"id": "r"})
    assert landed.rejected == [(1, "algorithm_undeclared"), (2, "algorithm_undeclared")]
    assert landed.counts == (3, 1, 0, 0, 2)


def test_a_list_without_a_header_in_another_encoding_reads_all_the_same(tmp_path: Path) -> None:
    files = {
        "1.txt": "anna@x.at\n".encode("utf-16"),
        "2.txt": "bert@x.at\njörg@x.at\n".encode("cp1252"),
        "3.txt": '"cora@x.at"\n@barred.at',
    }
    landed = land(tmp_path, "canonical_register", files, register={"id": "r"})
    landed.register("""
        entry_kind | value
        -----------+----------
        address    | anna@x.at
        address    | bert@x.at
        address    | jörg@x.at
        address    | cora@x.at
        domain     | barred.at
    """)


def test_every_algorithm_and_normalisation_bars_whom_it_lists(world: Callable[..., World]) -> None:
    def register(algorithm: str, normalisation: str, *listed: str) -> dict[str, object]:
        entries = [hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest() for text in listed]
        return {"channel": "email", "use": "always", "algorithm": algorithm, "normalisation": normalisation, "entries": entries}

    small = world(
        registers={
            "md5": register("md5", "trim_lower", "anna@x.at", "@barred.at"),
            "sha1": register("sha1", "as_is", "Bert@X.at", "cora@x.at"),
            "sha256": register("sha256", "trim_lower", "gerd@x.at", "@müller.at"),
            "sha512": register("sha512", "ecg_api", "doratal@x.at", "hans.tal@x.at", "closed.at"),
        }
    )
    small.profiles("""
        profile_id | email
        -----------+---------------------
        anna       | Anna@x.at
        bert       | Bert@X.at
        bertha     | bert@x.at
        cora       | Cora@x.at
        dora       | dora.tal@x.at
        emil       | emil@barred.at
        fred       | fred@x.at
        gerd       | gerd@X.at
        hans       | hans.tal@x.at
        ida        | ida@closed.at
        jana       | jana@xn--mller-kva.at
    """)
    small.decides("""
        profile | reasons    | detail
        --------+------------+-------
        anna    | registered | md5
        bert    | registered | sha1
        bertha  |            |
        cora    | registered | sha1
        dora    | registered | sha512
        emil    | registered | md5
        fred    |            |
        gerd    | registered | sha256
        hans    | registered | sha512
        ida     | registered | sha512
        jana    | registered | sha256
    """)


def test_a_domain_is_read_as_it_is_plainly_meant_and_nothing_else_is_one(tmp_path: Path) -> None:
    """Of `*.x.at` nobody knows which domains are below it. A `%` or `*` beside other letters is part of an address."""
    entries = (
        "*@one.at",
        "%@two.at",
        " @Three.AT. ",
        "@müller.at",
        "*@*.four.at",
        "@*.four.at",
        "*.four.at",
        "@four",
        "@",
        "*@",
        "50%@x.at",
    )
    landed = land(tmp_path, "canonical_register", {"edition.csv": "\n".join(("entry", *entries, "a*b@x.at"))}, register={"id": "r"})
    landed.register("""
        entry_kind | value
        -----------+------------------
        domain     | one.at
        domain     | two.at
        domain     | three.at
        domain     | xn--mller-kva.at
        address    | 50%@x.at
        address    | a*b@x.at
    """)
    assert landed.rejected == [(number, "entry_unreadable") for number in range(5, 11)]


def test_a_number_is_read_with_the_country_of_its_row_or_of_its_register(world: Callable[..., World]) -> None:
    """The feed's organisations are Austrian. On a register of several countries only the row can tell."""
    listed = {"use": "always", "channel": "phone"}
    small = world(
        registers={
            "germany": {**listed, "countries": ["DE"], "entries": ["0171 1234567", "+43 664 1234567"]},
            "both": {**listed, "countries": ["AT", "DE"], "edition": b"entry,country\n+49 171 1234568,\n0171 1234570,Deutschland\n"},
            "all": {**listed, "entries": ["0664 1234569"]},
        }
    )
    small.profiles("""
        profile_id | country | phone
        -----------+---------+----------------
        berlin     | DE      | +49 171 1234567
        munich     | DE      | +49 171 1234568
        bonn       | DE      | +49 171 1234570
        vienna     | AT      | +43 664 1234569
        graz       | AT      | +43 171 1234567
    """)
    small.campaign(channel="phone")
    small.decides("""
        profile | reasons    | detail
        --------+------------+--------
        berlin  | registered | germany
        bonn    | registered | both
        graz    |            |
        munich  | registered | both
        vienna  | registered | all
    """)


def test_a_number_that_could_be_of_several_countries_is_rejected(world: Callable[..., World]) -> None:
    small = world(registers={"both": {"use": "always", "channel": "phone", "countries": ["AT", "DE"], "entries": ["0171 1234567"]}})
    small.profiles("email\n-----\na@x.at")
    answer = small.run()
    assert answer.code == 11 and "entry_unreadable" in str(answer.document)


def test_bytes_of_another_encoding_beside_an_entry_do_not_hide_what_is_rejected(tmp_path: Path) -> None:
    content = "entry;since\nanna@x.at;März\nnobody;März\n".encode("cp1252")
    landed = land(tmp_path, "canonical_register", {"edition.csv": content}, register={"id": "r"})
    assert landed.counts == (2, 1, 0, 0, 1)
    assert landed.rejected == [(2, "entry_unreadable")]


@pytest.mark.parametrize("content", ["[]", '{"hashes": []}', '{"who": "anna@x.at"}\n{"who": "bert@x.at"'])
def test_json_without_an_entry_is_no_edition(tmp_path: Path, content: str) -> None:
    landed = land(tmp_path, "canonical_register", {"edition.json": content}, register={"id": "r"})
    assert landed.code == 11
    assert "no record has 'entry'" in landed.document["files"][0]["refusal"]
