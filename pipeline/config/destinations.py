"""Where published runs are delivered to, and in which form: `deliver_to` of presend.yaml or of a campaign."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from pipeline import targets
from pipeline.config.faults import shown, suggestion
from pipeline.config.strict import Strict
from pipeline.config.values import Text, wrong
from pipeline.errors import ConfigurationError
from pipeline.places import Place


def _target(value: Any) -> Any:
    if isinstance(value, str) and value not in targets.names():
        raise wrong(f"there is no target {shown(value)}", suggestion(value, targets.names(), what="target"))
    return value


def _place(value: Any) -> Any:
    if isinstance(value, str):
        try:
            Place(value)
        except ConfigurationError as error:
            raise wrong(error.message, error.remedy) from None
    return value


class Destination(Strict):
    """One place to which runs are delivered, in one form."""

    target: Annotated[Text, BeforeValidator(_target, json_schema_input_type=str)] = Field(
        default=targets.DEFAULT, description="the form: see docs/reference/targets.md", examples=["brevo"]
    )
    place: Annotated[Text, BeforeValidator(_place, json_schema_input_type=str)] = Field(
        description="a folder, bucket or server, without any secret", examples=["s3://exchange/presend", "file:///mnt/exchange"]
    )


def _as_entries(value: Any) -> Any:
    """One place, one destination or a list of either, as a list of destinations."""
    found = (value,) if isinstance(value, str | Mapping) else value
    return tuple({"place": entry} if isinstance(entry, str) else entry for entry in found) if isinstance(found, list | tuple) else found


Destinations = Annotated[
    tuple[Destination, ...],
    BeforeValidator(_as_entries, json_schema_input_type=str | Destination | tuple[str | Destination, ...]),
]
