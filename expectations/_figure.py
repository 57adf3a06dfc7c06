"""Two expectations of our own: a figure of the table, and the number of rows that a query selects.

Great Expectations puts all figures of one table into a single statement, together with its own counts of nulls and rows, so that the
published file is read once however much is promised about it. Neither kind ever fetches a row: the library's own
`UnexpectedRowsExpectation` runs its query twice, the second time to bring the offending rows, addresses and all, into Python.
"""

from typing import Any, ClassVar

from great_expectations.compatibility.sqlalchemy import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_partial, metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider


class Figure(TableMetricProvider):  # type: ignore[misc]
    """The value of an aggregate expression over the table."""

    metric_name = "table.figure"
    value_keys = ("figure",)

    @metric_partial(  # type: ignore[untyped-decorator]
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(cls, metric_domain_kwargs: Any, metric_value_kwargs: Any, **_: Any) -> Any:
        return sa.literal_column(metric_value_kwargs["figure"]), metric_domain_kwargs, {}


class SelectedRows(TableMetricProvider):  # type: ignore[misc]
    """The number of rows that a query selects; `values` are bound to its `:names`."""

    metric_name = "query.selected_rows"
    value_keys = ("query", "values")

    @metric_value(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, execution_engine: Any, metric_value_kwargs: Any, **_: Any) -> int:
        values = metric_value_kwargs["values"] or {}
        statement = sa.text(f"SELECT count(*) FROM ({metric_value_kwargs['query']}\n) AS selected_row").bindparams(**values)
        return int(execution_engine.execute_query(statement).fetchone()[0])


class _ExpectNumber(BatchExpectation):  # type: ignore[misc]
    """A number between two bounds, both included; no number at all meets nothing."""

    min_value: float | None = None
    max_value: float | None = None

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        return self._validate_metric_value_between(
            metric_name=self.metric_dependencies[0],
            metrics=metrics,
            runtime_configuration=runtime_configuration,
            execution_engine=execution_engine,
        )


class ExpectFigureToBeBetween(_ExpectNumber):
    """`figure`, a SQL aggregate over the table's columns, lies between the bounds."""

    figure: str
    metric_dependencies: ClassVar[tuple[str, ...]] = (Figure.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("figure", "min_value", "max_value")


class ExpectQueryToSelectRowsBetween(_ExpectNumber):
    """The number of rows that `query` selects lies between the bounds."""

    query: str
    values: dict[str, Any] | None = None
    metric_dependencies: ClassVar[tuple[str, ...]] = (SelectedRows.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("query", "values", "min_value", "max_value")


def none_of(promise: str, figure: str, *, severity: str = "critical") -> ExpectFigureToBeBetween:
    """The figure counts offenders, and there are none."""
    return ExpectFigureToBeBetween(description=promise, figure=figure, min_value=0, max_value=0, severity=severity)


def no_row_of(promise: str, query: str, *, severity: str = "critical", **values: Any) -> ExpectQueryToSelectRowsBetween:
    """The query selects offenders, and there are none."""
    return ExpectQueryToSelectRowsBetween(description=promise, query=query, values=values, min_value=0, max_value=0, severity=severity)
