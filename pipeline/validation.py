"""The gate before publication: runs the suites of `expectations/` inside DuckDB, and says yes only when everything was checked.

    validation.prefetch()                                     # the library's import takes seconds: beside DuckDB's work
    ...
    outcomes = validation.validate(con, suites, parameters)   # or ValidationFailed

It fails closed. An expectation that could not be evaluated is one that does not hold, whatever the reason: a missing table or column,
an error in a query, a library that is not installed, a suite without expectations. Only an expectation of severity `critical`
stops the run; a `warning` is told. No outcome holds a value of a row: only counts and the engine's complaints about names.
"""

import logging
import re
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations import Suite
from pipeline.errors import ValidationFailed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CRITICAL = "critical"
_LIBRARY = "great_expectations"

# Nothing but counts: by default the library puts the first offending values, addresses, into its results.
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0, "include_unexpected_rows": False}

# DuckDB's complaints about the text of a query. All its other errors may quote a value of a row.
_ABOUT_THE_QUERY = re.compile(r"(?:Catalog|Binder|Parser) Error: [^\n]*")
_KIND_OF_ERROR = re.compile(r"\b(?:[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*) Error(?=:)|\b[A-Z][A-Za-z]*(?:Error|Exception)\b")

_NAMED_IN_A_MESSAGE = 5

# The prefetching thread and the gate must not both change, and then restore, what Python does with warnings.
_loading = threading.Lock()


@dataclass(frozen=True)
class Outcome:
    """What became of one expectation. `observed` is a number as text, empty where nothing could be observed."""

    gate: str
    name: str
    table: str
    is_met: bool
    severity: str
    observed: str
    detail: str


def prefetch() -> None:
    """Begin to import the library in a thread of its own; returns at once.

    An import that fails here fails again in `validate`, which says so.
    """

    def load() -> None:
        try:
            _load()
        except ImportError:
            return

    threading.Thread(target=load, name="gate-import", daemon=True).start()


def validate(
    con: "DuckDBPyConnection", suites: Iterable[Suite], parameters: Mapping[str, object], campaign: str = ""
) -> tuple[Outcome, ...]:
    """The outcome of every expectation, in the suites' order, when no critical one failed; `campaign` is whose gate it is.

    The suites read `con`'s tables and views by the names that its search path gives them; TEMP ones are invisible to them.
    Raises ValidationFailed, naming the critical expectations that failed with their counts.
    """
    outcomes = evaluate(con, suites, parameters)
    require(outcomes, campaign)
    return outcomes


def require(outcomes: Sequence[Outcome], campaign: str = "") -> None:
    """Raise ValidationFailed when a critical expectation failed, or when nothing was checked at all."""
    failed = [outcome for outcome in outcomes if not outcome.is_met and outcome.severity == CRITICAL]
    gate = f"the gate before publication of {campaign}" if campaign else "the gate before publication"
    if not outcomes:
        raise ValidationFailed("nothing was checked, so nothing can be published", where=gate)
    if not failed:
        return
    named = "; ".join(f"{outcome.table}: {outcome.name} ({outcome.detail})" for outcome in failed[:_NAMED_IN_A_MESSAGE])
    more = f"; and {len(failed) - _NAMED_IN_A_MESSAGE} more" if len(failed) > _NAMED_IN_A_MESSAGE else ""
    raise ValidationFailed(
        f"{len(failed)} of {len(outcomes)} expectations do not hold: {named}{more}.",
        where=gate,
        remedy="Nothing was published. Correct what they name, or the campaign's limits, and publish again.",
    )


def evaluate(con: "DuckDBPyConnection", suites: Iterable[Suite], parameters: Mapping[str, object]) -> tuple[Outcome, ...]:
    """The outcome of every expectation, failed ones among them. Raises ValidationFailed only when the library is missing."""
    try:
        library = _load()
        from pipeline.engines.gx_dialect import lend
    except ImportError as error:
        raise ValidationFailed(
            f"the gate could not run: {error.name or _LIBRARY} is not installed",
            where="the gate before publication",
            remedy="Install Presend with its extra `gate`.",
        ) from error
    outcomes: list[Outcome] = []
    with _silenced(), lend(con) as connection_string:
        context = library.get_context(mode="ephemeral", project_config=_context_without_files())
        try:
            source = context.data_sources.add_sql("gate", connection_string=connection_string)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing was checked, and that is what is said
            return tuple(_unchecked(suite, "its table can be asked", error) for suite in suites)
        for number, suite in enumerate(suites):
            outcomes += _run_suite(library, source, f"{number}", suite, parameters)
        source.get_execution_engine().close()
    return tuple(outcomes)


def _load() -> Any:
    """The library, with our own kinds of expectation. Raises ImportError when the extra is not installed.

    Without the dialect: beside this library its import alone makes DuckDB 2.0 complain of leaks at exit, unless it is used too.
    """
    with _loading, _silenced():
        import great_expectations

        import expectations._figure  # noqa: F401
    return great_expectations


def _context_without_files() -> Any:
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    return DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars={"globally": False, "metric_calculations": False},
        analytics_enabled=False,
    )


@contextmanager
def _silenced() -> Iterator[None]:
    """The library logs failed queries with their values and warns about its own dependencies; neither is for anybody."""
    logger = logging.getLogger(_LIBRARY)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _unchecked(suite: Suite, promise: str, error: object, severity: str = CRITICAL) -> Outcome:
    """The outcome of what could not be checked: it does not hold."""
    return Outcome(suite.gate, promise, suite.table, False, severity, "", f"could not be checked: {_harmless(error)}")


def _run_suite(library: Any, source: Any, name: str, suite: Suite, parameters: Mapping[str, object]) -> list[Outcome]:
    try:
        expected = {str(expectation.description): expectation for expectation in _expectations(suite, parameters)}
    except Exception as error:  # noqa: BLE001 - whatever it is, the suite was not checked, and that is what is said
        # No row was looked at yet, so the error can be told in full.
        detail = f"could not be checked: {type(error).__name__}: {error}"
        return [Outcome(suite.gate, "the suite can be read", suite.table, False, CRITICAL, "", detail)]
    try:
        asset = source.add_table_asset(name, table_name=suite.table)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
        result = batch.validate(library.ExpectationSuite(name=name, expectations=list(expected.values())), result_format=_RESULT_FORMAT)
        results = {str(each.expectation_config.description): each for each in result.results}
    except Exception as error:  # noqa: BLE001 - as above
        return [_unchecked(suite, promise, error, _severity(expectation)) for promise, expectation in expected.items()]
    return [_outcome(suite, promise, expectation, results.get(promise)) for promise, expectation in expected.items()]


def _expectations(suite: Suite, parameters: Mapping[str, object]) -> list[Any]:
    """The suite's expectations. Raises ValueError for a suite without any, or with two of one name: one result would hide the other."""
    expected = list(suite.expectations(parameters))
    names = {str(expectation.description) for expectation in expected}
    if not expected or len(names) < len(expected):
        raise ValueError(f"{len(expected)} expectations with {len(names)} names")
    return expected


def _outcome(suite: Suite, promise: str, expectation: Any, result: Any) -> Outcome:
    severity = _severity(expectation)
    if result is None:
        return _unchecked(suite, promise, "MissingResultError", severity)
    error = _error_of(result.exception_info)
    if error:
        return _unchecked(suite, promise, error, severity)
    observed = _observed(result.result)
    is_met = result.success is True
    return Outcome(suite.gate, promise, suite.table, is_met, severity, observed, "" if is_met else _wanted(expectation, observed))


def _severity(expectation: Any) -> str:
    """`critical`, `warning` or `info`; what is none of them is critical."""
    severity = str(getattr(expectation.severity, "value", expectation.severity))
    return severity if severity in ("warning", "info") else CRITICAL


def _error_of(info: Any) -> str:
    """The text of the errors that a result tells of, empty when there was none.

    The library gives either one error or, where its metrics failed, one for each of them.
    """
    if not info:
        return ""
    entries = [info] if "raised_exception" in info else list(info.values())
    raised = [entry for entry in entries if not isinstance(entry, Mapping) or entry.get("raised_exception", True)]
    return "\n".join(str(entry.get("exception_message") if isinstance(entry, Mapping) else entry) or "Exception" for entry in raised)


def _harmless(error: object) -> str:
    """What went wrong, without a value of a row: a complaint about the query in full, of anything else its kind alone."""
    text = str(error)
    about_the_query = _ABOUT_THE_QUERY.search(text)
    if about_the_query:
        return about_the_query[0]
    kind = _KIND_OF_ERROR.search(text)
    return kind[0] if kind else type(error).__name__


def _observed(result: Mapping[str, Any]) -> str:
    """The number that was observed: a figure, a count of offenders, or how many things there were."""
    for key in ("observed_value", "unexpected_count"):
        value = result.get(key)
        if isinstance(value, int | float):
            return _plain(value)
        if isinstance(value, list):
            return str(len(value))
    return ""


def _plain(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() else f"{value}"


def _wanted(expectation: Any, observed: str) -> str:
    """Why a number is not good enough: "3 instead of 0"."""
    fewest: Any = getattr(expectation, "min_value", None)
    most: Any = getattr(expectation, "max_value", None)
    found = observed or "nothing"
    if fewest is None and most is None:
        return f"{found} observed"
    if most is None:
        return f"{found} instead of at least {_plain(fewest)}"
    if fewest is None:
        return f"{found} instead of at most {_plain(most)}"
    return f"{found} instead of {_plain(fewest)}" + ("" if fewest == most else f" to {_plain(most)}")
