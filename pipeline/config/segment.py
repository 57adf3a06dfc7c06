"""A campaign's segment and cap order: one checked SQL expression over profile columns, and nothing else."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipeline.errors import ConfigurationError

if TYPE_CHECKING:  # sqlglot takes 0.4 s to import: only campaigns with a segment or a cap pay for it
    from pipeline.config.expression import Expressions
    from pipeline.config.readings import Reading


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
class _Written(ABC):
    """A text that is checked when it is made, so that whoever holds one holds a good one."""

    text: str
    types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)
    """What the feeds say of the columns (`attributes.Types`)."""

    def __post_init__(self) -> None:
        self.columns  # noqa: B018 - parses, and raises SegmentError with a remedy for what is not allowed

    @cached_property
    @abstractmethod
    def _expressions(self) -> "Expressions": ...

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it names: the fixed ones in lower case, attributes as they are written."""
        return self._expressions.columns

    def sql(self, attribute_names: frozenset[str]) -> str:
        """The expression for DuckDB over the table alias `profile`; `attribute_names` are the other columns that profiles have.

        Raises SegmentError for a column that no profile has.
        """
        return self._expressions.sql(attribute_names)

    def readings(self, attribute_names: frozenset[str]) -> "list[Reading]":
        """The texts of the profile that it reads as dates, numbers or the like. Raises SegmentError as `sql` does."""
        return self._expressions.readings(attribute_names)

    def by_letters(self, attribute_names: frozenset[str]) -> "list[Reading]":
        """The texts of the profile that it puts into order letter by letter. Raises SegmentError as `sql` does."""
        return self._expressions.by_letters(attribute_names)


@dataclass(frozen=True)
class Segment(_Written):
    """One condition over a profile's columns."""

    @cached_property
    def _expressions(self) -> "Expressions":
        from pipeline.config.expression import condition

        return condition(self.text, self.types)


@dataclass(frozen=True)
class Order(_Written):
    """The order in which a capped campaign takes its candidates; a missing value is the smallest."""

    @cached_property
    def _expressions(self) -> "Expressions":
        from pipeline.config.expression import order

        return order(self.text, self.types)
