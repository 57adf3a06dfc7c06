"""The hashes that a decision compares: registers' entries, tombstones, and lots drawn with the workspace's secret."""

import hashlib
from collections.abc import Mapping
from typing import Any

import duckdb
import idna

from pipeline import sources, steps
from pipeline.config import Campaign
from pipeline.errors import ConfigurationError
from pipeline.keys import KEY_VARIABLE, secret_of


def describe_key(con: duckdb.DuckDBPyConnection, campaign: Campaign, environ: Mapping[str, str]) -> None:
    """The pads of HMAC-SHA-256 (RFC 2104) from PRESEND_KEY. Raises ConfigurationError where one is needed and there is none, or
    a short one."""
    has_tombstones = bool((con.execute("SELECT count(*) FROM tombstone").fetchone() or (0,))[0])
    is_needed = campaign.needs_key or has_tombstones
    key = secret_of(environ) if is_needed else b""
    if is_needed and not key:
        raise ConfigurationError(
            f"{KEY_VARIABLE} is not set, and a control group, a cap's ties or erased addresses need it",
            where=f"campaigns/{campaign.id}.yaml",
            remedy=f"Set {KEY_VARIABLE} in the environment, always to the same secret.",
        )
    block = hashlib.sha256(key).digest() if len(key) > 64 else key
    block = block.ljust(64, b"\0")
    sources.RUN_KEY.fill(con, [(bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block))])


def hash_for_registers(con: duckdb.DuckDBPyConnection) -> int:
    """`register_text`: the hashes by which hashed registers of the channel know a candidate, as far as one is on a register. Gives the
    number of rows.

    Every spelling is hashed once, whoever has it and however many registers ask. Domains are tried in Unicode too, and
    letters beyond ASCII in ISO 8859-1 beside UTF-8: public clients of registers do either.
    """
    sources.REGISTER_TEXT.create(con)
    wanted: dict[str, list[str]] = {}
    for algorithm, normalisation in con.execute(
        """SELECT DISTINCT algorithm, normalisation
        FROM register_entry INNER JOIN register_setting USING (register) CROSS JOIN campaign
        WHERE entry_kind = 'hash' AND register_setting.channel IN (campaign.channel, 'any') ORDER BY ALL"""
    ).fetchall():
        wanted.setdefault(algorithm, []).append(normalisation)
    if not wanted:
        return 0
    _install_functions(con)
    steps.make(con, steps.read("4_decision/spelling/written"))
    con.execute("CREATE TEMPORARY TABLE spelling (normalisation VARCHAR, candidate_no BIGINT, spelt VARCHAR)")
    for normalisation in sorted({name for names in wanted.values() for name in names}):
        spellings = steps.read(f"4_decision/spelling/{normalisation}").sql
        con.execute(
            f"""INSERT INTO spelling
            WITH spelt_as AS ({spellings}\n)
            SELECT $normalisation, candidate_no, spelt FROM spelt_as
            UNION ALL SELECT $normalisation, candidate_no, unicode_spelling(spelt) FROM spelt_as WHERE contains(spelt, 'xn--')""",
            {"normalisation": normalisation},
        )
    for algorithm, normalisations in wanted.items():
        con.execute(
            f"""INSERT INTO register_text
            WITH spelt_once AS (SELECT DISTINCT spelt FROM spelling WHERE list_contains($normalisations, normalisation)),
            hashed_once AS (
                SELECT spelt, {algorithm}(encode(spelt)) AS hashed FROM spelt_once
                UNION ALL
                SELECT spelt, {algorithm}(latin_bytes(spelt)) FROM spelt_once WHERE latin_bytes(spelt) IS NOT NULL
            ),
            listed AS (
                SELECT spelt, hashed FROM hashed_once
                WHERE hashed IN (SELECT value FROM register_entry WHERE entry_kind = 'hash' AND algorithm = $algorithm)
            )
            SELECT DISTINCT candidate_no, $algorithm, normalisation, hashed
            FROM listed INNER JOIN spelling USING (spelt)
            WHERE list_contains($normalisations, normalisation)""",
            {"algorithm": algorithm, "normalisations": normalisations},
        )
    con.execute("DROP TABLE spelling")
    ((rows,),) = con.execute(f"SELECT count(*) FROM {sources.REGISTER_TEXT.target}").fetchall()
    return int(rows)


def _install_functions(con: Any) -> None:
    """What the engine lacks: SHA-512 (by whole vectors), the Unicode form of a domain, and bytes of ISO 8859-1."""
    import pyarrow as pa

    def sha512(contents: Any) -> Any:
        return pa.array([None if each is None else hashlib.sha512(each).hexdigest() for each in contents.to_pylist()], pa.string())

    con.create_function("sha512", sha512, ["BLOB"], "VARCHAR", type="arrow")
    con.create_function("unicode_spelling", _unicode_spelling, ["VARCHAR"], "VARCHAR")
    con.create_function("latin_encoded", _latin_encoded, ["VARCHAR"], "BLOB", null_handling="special")
    # Nearly every text is ASCII, the same in both encodings: no call for those.
    con.execute(
        """CREATE OR REPLACE TEMPORARY MACRO latin_bytes(content) AS
            CASE WHEN strlen(content) <> length(content) THEN latin_encoded(content) END"""
    )


def _unicode_spelling(spelt: str) -> str:
    """The spelling with its domain in Unicode; as it is where no Unicode stands behind it."""
    local, at, domain = spelt.rpartition("@")
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return spelt


def _latin_encoded(spelt: str | None) -> bytes | None:
    """The text's bytes in ISO 8859-1; None where it has letters beyond it."""
    try:
        return None if spelt is None else spelt.encode("iso-8859-1")
    except UnicodeEncodeError:
        return None


def hash_for_tombstones(con: duckdb.DuckDBPyConnection) -> None:
    """`candidate_hash`: the keyed hash of each candidate's address, where there are tombstones to compare it with."""
    sources.CANDIDATE_HASH.create(con)
    if (con.execute("SELECT count(*) FROM tombstone").fetchone() or (0,))[0]:
        con.execute(
            """INSERT INTO candidate_hash
            SELECT candidate.candidate_no, keyed_hash(
                run_key.inner_pad, run_key.outer_pad,
                CASE WHEN campaign.address_kind = 'email' THEN profile.email_address ELSE profile.phone_number END
            )
            FROM candidate INNER JOIN profile ON candidate.candidate_no = profile.profile_no CROSS JOIN campaign CROSS JOIN run_key
            WHERE candidate.address_key IS NOT NULL"""
        )
