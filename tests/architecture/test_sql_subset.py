"""The SQL keeps to what DuckDB 1.5 and 2.0 both do, and from identity to publication to what Spark does with the same answer.

sqlglot translates some of the constructs below without a word and Spark then fails, or runs and answers differently
(measured, see docs/decisions): so they are refused here, by name.
"""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.tokens import TokenType

from tests.architecture.sql_files import ALL, DISTRIBUTED, functions_called, macros, name, tokens, tree

REFUSED_FUNCTIONS = {
    "regexp_full_match": "write regexp_matches with ^ and $",
    "quantile_cont": "count and compare instead",
    "strip_accents": "fold at ingest",
    "jaro_winkler_similarity": "linkage belongs to Splink",
    "hash": "each engine has its own: use md5",
}
TRAVELLING = {
    "key_of": "an id or a control address that ingest has not seen; MD5 (RFC 1321), cut to 126 bits",
    "keyed_hash": "drawn with the run's secret, which ingest must not know; HMAC-SHA-256 (RFC 2104)",
}
"""Macros that may stand in a step that travels: both are standards, so that an engine that defines a function of this name agrees."""
INTEGERS = exp.DataType.INTEGER_TYPES
WHOLE = (exp.Round, exp.Floor, exp.Ceil, exp.Null, exp.Boolean, exp.Predicate, exp.Connector, exp.Not, exp.Count, exp.Length, exp.DateDiff)
"""Operands of a cast to an integer that have no fraction to lose: DuckDB rounds it, Spark cuts it off."""


def has_fraction(operand: exp.Expression) -> bool:
    operand = operand.unnest()
    if isinstance(operand, exp.Literal):
        return not operand.is_string and not operand.is_int
    return not isinstance(operand, WHOLE)


@pytest.mark.parametrize("path", ALL, ids=name)
def test_both_versions_of_duckdb_read_it_alike(path: Path) -> None:
    for token in tokens(path):
        assert token.token_type is not TokenType.TILDE, f"line {token.line}: `~` matches the whole text in 1.5 and a part of it in 2.0"
        assert token.token_type is not TokenType.ARROW, f"line {token.line}: 2.0 refuses `x ->`, write `lambda x:`"


def test_files_for_the_distributed_engine_were_found() -> None:
    assert {path.parts[-2] for path in DISTRIBUTED} >= {"2_identity", "3_state", "4_decision", "rules", "5_publication"}


@pytest.mark.parametrize("path", DISTRIBUTED, ids=name)
def test_translates_to_spark(path: Path) -> None:
    translated = tree(path).sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)
    assert isinstance(sqlglot.parse_one(translated, dialect="spark"), exp.Query)


@pytest.mark.parametrize("path", DISTRIBUTED, ids=name)
def test_uses_no_function_that_spark_lacks_or_answers_differently(path: Path) -> None:
    called = functions_called(path)
    for function, remedy in REFUSED_FUNCTIONS.items():
        assert function not in called, f"{function}: {remedy}"
    own = (called & macros()) - TRAVELLING.keys()
    assert not own, f"{sorted(own)}: a DuckDB macro does not travel; compute it at ingest"


def test_what_may_travel_is_used() -> None:
    """A name that no step calls any more must not stay allowed."""
    assert TRAVELLING.keys() <= macros() & {function for path in DISTRIBUTED for function in functions_called(path)}


@pytest.mark.parametrize("path", DISTRIBUTED, ids=name)
def test_uses_no_join_or_union_that_spark_lacks(path: Path) -> None:
    words = [token.text.upper() for token in tokens(path)]
    assert "ASOF" not in words, "Spark has no ASOF JOIN: use a window"
    assert ("BY", "NAME") not in set(zip(words, words[1:], strict=False)), "Spark has no UNION BY NAME: name the columns in order"


@pytest.mark.parametrize("path", DISTRIBUTED, ids=name)
def test_casts_no_fraction_to_an_integer(path: Path) -> None:
    for cast in tree(path).find_all(exp.Cast, exp.TryCast):
        if cast.to.this in INTEGERS:
            assert not has_fraction(cast.this), f"{cast.sql('duckdb')}: DuckDB rounds, Spark truncates; write round()"


@pytest.mark.parametrize(
    ("sql", "is_refused"),
    [
        ("SELECT CAST(2.7 AS INTEGER)", True),
        ("SELECT (a / b)::INT", True),
        ("SELECT CAST(amount AS BIGINT)", True),
        ("SELECT CAST(round(a / b) AS INTEGER)", False),
        ("SELECT CAST(NULL AS INTEGER)", False),
        ("SELECT (a IS NULL)::INTEGER", False),
        ("SELECT CAST(7 AS INTEGER)", False),
    ],
)
def test_the_test_of_casts_can_fail(sql: str, is_refused: bool) -> None:
    cast = sqlglot.parse_one(sql, dialect="duckdb").find(exp.Cast)
    assert cast is not None and cast.to.this in INTEGERS
    assert has_fraction(cast.this) is is_refused


@pytest.mark.parametrize("text", ["SELECT 'a' ~ 'b'", "SELECT list_transform(a, x -> x + 1)"])
def test_the_test_of_versions_can_fail(text: str, tmp_path: Path) -> None:
    file = tmp_path / "step.sql"
    file.write_text(text)
    with pytest.raises(AssertionError):
        test_both_versions_of_duckdb_read_it_alike(file)


@pytest.mark.parametrize("text", ["SELECT hash(a) FROM b", "SELECT a FROM b WHERE regexp_full_match(a, 'x')"])
def test_the_test_of_functions_can_fail(text: str, tmp_path: Path) -> None:
    file = tmp_path / "step.sql"
    file.write_text(text)
    with pytest.raises(AssertionError):
        test_uses_no_function_that_spark_lacks_or_answers_differently(file)


@pytest.mark.parametrize("text", ["SELECT a FROM b ASOF JOIN c USING (a, t)", "SELECT a FROM b UNION ALL BY NAME SELECT a FROM c"])
def test_the_test_of_joins_can_fail(text: str, tmp_path: Path) -> None:
    file = tmp_path / "step.sql"
    file.write_text(text)
    with pytest.raises(AssertionError):
        test_uses_no_join_or_union_that_spark_lacks(file)
