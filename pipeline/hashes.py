"""The hashes that a decision compares: registers' entries, tombstones, and lots drawn with the workspace's secret."""

import hashlib
from collections.abc import Mapping
from typing import Any

import duckdb

from pipeline import steps
from pipeline.config import Campaign
from pipeline.errors import ConfigurationError

KEY_VARIABLE = "PRESEND_KEY"


def describe_key(con: duckdb.DuckDBPyConnection, campaign: Campaign, environ: Mapping[str, str]) -> None:
    """The pads of HMAC-SHA-256 (RFC 2104) from PRESEND_KEY. Raises ConfigurationError where the campaign draws lots without one."""
    key = environ.get(KEY_VARIABLE, "").encode()
    has_tombstones = bool((con.execute("SELECT count(*) FROM tombstone").fetchone() or (0,))[0])
    if not key and (campaign.needs_key or has_tombstones):
        raise ConfigurationError(
            f"{KEY_VARIABLE} is not set, and a control group, a cap's ties or erased addresses need it",
            where=f"campaigns/{campaign.id}.yaml",
            remedy=f"Set {KEY_VARIABLE} in the environment, always to the same secret.",
        )
    block = hashlib.sha256(key).digest() if len(key) > 64 else key
    block = block.ljust(64, b"\0")
    con.execute(
        "CREATE TEMPORARY TABLE run_key AS SELECT $inner::BLOB AS inner_pad, $outer::BLOB AS outer_pad",
        {"inner": bytes(byte ^ 0x36 for byte in block), "outer": bytes(byte ^ 0x5C for byte in block)},
    )


def hash_for_registers(con: duckdb.DuckDBPyConnection) -> None:
    """`register_text`: the hashes of each candidate's address and domain, for every hashed register of the channel."""
    con.execute("CREATE TABLE register_text (candidate_no BIGINT, register VARCHAR, hashed VARCHAR)")
    wanted = con.execute(
        """SELECT DISTINCT register, algorithm, normalisation
        FROM register_entry INNER JOIN register_setting USING (register) CROSS JOIN campaign
        WHERE entry_kind = 'hash' AND register_setting.channel = campaign.channel ORDER BY ALL"""
    ).fetchall()
    if any(algorithm == "sha512" for _, algorithm, _ in wanted):
        _register_sha512(con)
    for register, algorithm, normalisation in wanted:
        hashed = {"md5": "md5(spelt)", "sha1": "sha1(spelt)", "sha256": "sha256(spelt)", "sha512": "sha512(spelt)"}[algorithm]
        spellings = steps.read(f"4_decision/spelling/{normalisation}").sql
        con.execute(
            f"INSERT INTO register_text SELECT DISTINCT candidate_no, $register, {hashed} FROM ({spellings}\n) WHERE spelt IS NOT NULL",
            {"register": register},
        )


def _register_sha512(con: Any) -> None:
    """The engine has no SHA-512 of its own (sizes up to 256)."""
    con.create_function("sha512", lambda text: hashlib.sha512(text.encode()).hexdigest(), ["VARCHAR"], "VARCHAR")


def hash_for_tombstones(con: duckdb.DuckDBPyConnection) -> None:
    """`candidate_hash`: the keyed hash of each candidate's address, where there are tombstones to compare it with."""
    con.execute("CREATE TEMPORARY TABLE candidate_hash (candidate_no BIGINT, keyed_hash VARCHAR)")
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
