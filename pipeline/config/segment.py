"""A campaign's segment and cap order: one checked SQL expression over profile columns, and nothing else."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.errors import ConfigurationError


PROFILE_COLUMNS = frozenset(
    {
        "profile_id",
        "organisation",
        "email",
        "phone",
        "first_name",
        "last_name",
        "birth_date",
        "street",
        "postal_code",
        "city",
        "country",
        "language",
        "updated_at",
        "external_id",
    }
)
"""The columns that every profile has (contract §2); any other name is one of its attributes."""


class SegmentError(ConfigurationError):
    """A segment or an order that is not one plain expression over profile columns."""


@dataclass(frozen=True)
class Segment:
    """One boolean expression over a profile's columns."""

    text: str

    @classmethod
    def parse(cls, value: Any) -> "Segment":
        """The segment; raises SegmentError with a remedy for anything else than one condition."""
        segment = cls(value)
        segment.columns
        return segment

    @cached_property
    def columns(self) -> frozenset[str]:
        from pipeline.config.expression import condition

        return condition(self.text).columns

    def sql(self, attribute_names: frozenset[str]) -> str:
        """The condition for DuckDB over the table alias `profile`; `attribute_names` are the other columns that profiles have."""
        from pipeline.config.expression import condition

        return condition(self.text).sql(attribute_names)


@dataclass(frozen=True)
class Order:
    """The order in which a capped campaign takes its candidates."""

    text: str

    @classmethod
    def parse(cls, value: Any) -> "Order":
        """The order; raises SegmentError with a remedy for anything else than expressions with asc or desc."""
        order = cls(value)
        order.columns
        return order

    @cached_property
    def columns(self) -> frozenset[str]:
        from pipeline.config.expression import order

        return order(self.text).columns

    def sql(self, attribute_names: frozenset[str]) -> str:
        """The comma-separated list for ORDER BY over the table alias `profile`; a missing value is the smallest."""
        from pipeline.config.expression import order

        return order(self.text).sql(attribute_names)
