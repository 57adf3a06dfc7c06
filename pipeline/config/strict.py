"""What every model of the configuration shares: it is frozen, refuses unknown keys, and names what is wrong.

`…Settings` are the files as written; `Organisation`, `FeedConfig` and `Campaign` are the same with their id and with every
value that the file may leave to something wider filled in. The descriptions and examples here are also the manual's
(docs/reference/configuration.md) and the editors' (docs/reference/schemas).
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    model_validator,
)

from pipeline.config.faults import legible
from pipeline.config.segment import Order, Segment, SegmentError
from pipeline.config.values import (
    wrong,
)
from pipeline.vocabulary import ADDRESSED, Channel


def _not_post(value: Any) -> Any:
    if value == Channel.POST:
        raise wrong("campaigns on post are not published", f"Use one of: {', '.join(ADDRESSED)}; restrictions on post are kept.")
    return value


if TYPE_CHECKING:
    AddressChannel = Channel
else:
    AddressChannel = Literal[ADDRESSED]
CampaignChannel = Annotated[AddressChannel, BeforeValidator(_not_post)]


def _allows_null(annotation: Any) -> bool:
    return type(None) in getattr(annotation, "__args__", ())


class Strict(BaseModel):
    """Frozen, and refuses what it does not know. A key without a value is as good as no key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    _nullable: ClassVar[frozenset[str]]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls._nullable = frozenset(field.alias or name for name, field in cls.model_fields.items() if _allows_null(field.annotation))

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: Any) -> Any:
        """`policy:` with nothing below it is what remains when somebody has commented the last line out."""
        if data is None:
            return {}
        if not isinstance(data, Mapping):
            return data
        known = {field.alias or name for name, field in cls.model_fields.items()}
        return {key: value for key, value in data.items() if value is not None or key in cls._nullable or key not in known}


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    folded = [value.casefold() for value in values]
    if twice := sorted({word for word in folded if folded.count(word) > 1}):
        raise wrong(f"named twice: {', '.join(legible(word) for word in twice)}", "Name each once.")
    return values


def not_empty(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values, of which there has to be one at least."""
    if not values:
        raise wrong("there is none", "Name at least one.")
    return values


def unsaid(default: object) -> Callable[[Any], bool]:
    """For a setting that came later (`exclude_if`): a file that leaves it out keeps the fingerprint that it always had."""
    return lambda value: bool(value == default)


Once = AfterValidator(_unique)
"""For lists in which an entry may stand once only, whatever its case."""


_Written = TypeVar("_Written", Segment, Order)


TYPES = "types"
"""Where the validation's context holds what the feeds say of the columns (`attributes.Types`)."""


def _sql(kind: type[_Written]) -> Any:
    """The pydantic annotation of an SQL text that is parsed as the kind."""

    def parsed(value: Any, info: ValidationInfo) -> _Written:
        if isinstance(value, kind):
            return value
        try:
            return kind(value, (info.context or {}).get(TYPES, {}))
        except SegmentError as error:
            raise wrong(error.message, error.remedy) from None

    return PlainValidator(parsed, json_schema_input_type=str)


SegmentText = Annotated[Segment, _sql(Segment), PlainSerializer(lambda segment: segment.text, return_type=str)]
OrderText = Annotated[Order, _sql(Order), PlainSerializer(lambda order: order.text, return_type=str)]
