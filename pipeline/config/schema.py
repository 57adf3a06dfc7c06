"""The configuration's reference, generated from its models: JSON Schemas for editors and a page for people.

`python -m pipeline.config.schema` writes both to docs/reference; a test compares them with what stands there.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.config.campaign import CampaignSettings
from pipeline.config.feed import FeedSettings
from pipeline.config.organisations import Settings
from pipeline.config.strict import Strict

FILES: dict[str, tuple[str, type[Strict]]] = {
    "presend": ("presend.yaml", Settings),
    "feed": ("feeds/<feed>.yaml", FeedSettings),
    "campaign": ("campaigns/<id>.yaml", CampaignSettings),
}
"""Schema name → the file that it is about and that file's model."""

_INTRODUCTION = """# Configuration

Generated from `pipeline/config/` by `python -m pipeline.config.schema`; do not edit.

Files are YAML 1.2 (JSON is YAML): `yes`, `no` and `NO` are text. Unknown keys, keys that stand twice, anchors and tags are faults.
`presend check` reports every fault at once, with file, line and remedy. A feed's or campaign's id is the name of its file.

Editors check while you type when the first line of a file names its schema, for example
`# yaml-language-server: $schema=<repository>/docs/reference/schemas/campaign.schema.json`.

* **id**: letters (a-z), digits, `.`, `_` and `-`; not beginning with `.`, without `..`. Brand and list ids are unique in the workspace.
* **duration**: a number and its unit: `30s`, `90m`, `26h`, `35d`, `2w`.
* **share**: a percentage such as `0.1%`, or a number from 0 to 1 such as `0.001`.
* **moment**: `2026-11-25T09:00:00+01:00`; without an offset it is local time of the organisation, and of two readings the earlier.
* **cron**: `delivery_analysis_at: {cron: "0 9 * * 2", timezone: Europe/Vienna}` is every Tuesday at nine by that wall clock. Five fields,
  as in Debian's cron: numbers, names (`TUE`, `JUN`), lists, ranges, steps, `L` for the last day or weekday of a month, `TUE#1` for the
  first Tuesday. At any time such a campaign means its next delivery analysis. A time that a clock change skips, or shows twice, comes
  once, by the earlier reading.
* **segment**: one SQL condition over the profile's columns. Allowed are columns, values, comparisons, `and`, `or`, `not`, `like`,
  `ilike`, `in`, `between`, `is null`, `case`, arithmetic, `||` and the functions `lower`, `upper`, `trim`, `length`, `substring`, `left`,
  `right`, `replace`, `concat`, `coalesce`, `nullif`, `starts_with`, `ends_with`, `contains`, `abs`, `round`, `cast` and `try_cast` to
  `date`, `timestamp`, `integer`, `double` or `text`; nothing else. A column that is not one of the fixed ones (contract §2) is an
  attribute of the profile, empty where the profile has none. A text that is compared with a number or a date is read as one, also where
  that is quoted (`'2026-11-25'` always, `'18'` behind `<` and its like). What cannot be read has no value and so does not match; it is
  counted in the report, and where it is more than a hundredth of a column's filled cells the campaign stops until the feed's `attributes`
  say how the cells are written. So it does where untyped columns are ordered among one another. Dividing by zero has no value either.
  Column names have no case; one with spaces or signs, or that is a word of SQL, stands in double quotes: `"Customer Type"`, `"from"`.
* **order**: columns or expressions as in a segment, each with `asc` or `desc`, separated by commas; a missing value is the smallest.
  Numbers and dates in untyped columns stop the campaign where letters would put them into another order.
"""


def schemas() -> dict[str, dict[str, Any]]:
    """File name → JSON Schema (draft 2020-12), one for each kind of configuration file."""
    return {
        f"{name}.schema.json": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": file,
            **{key: value for key, value in model.model_json_schema().items() if key != "title"},
        }
        for name, (file, model) in FILES.items()
    }


def reference_page() -> str:
    """The manual's page: every key of every file with its values, default and meaning."""
    parts = [_INTRODUCTION]
    for file, model in FILES.values():
        parts.append(f"## `{file}`\n\n{_summary(model)}\n")
        schema = model.model_json_schema()
        parts.extend(_tables(schema, schema.get("$defs", {}), "", set()))
    return "\n".join(parts)


def write_reference(folder: Path) -> None:
    """Write the page and the schemas into the folder of the reference manual."""
    (folder / "schemas").mkdir(parents=True, exist_ok=True)
    (folder / "configuration.md").write_text(reference_page(), encoding="utf-8")
    for name, schema in schemas().items():
        (folder / "schemas" / name).write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _summary(model: type[Strict]) -> str:
    return (model.__doc__ or "").partition(": ")[2].strip().capitalize()


def _tables(schema: dict[str, Any], definitions: dict[str, Any], path: str, told: set[str]) -> Iterator[str]:
    """One table for a mapping's keys, then one for each mapping below it that was not told yet."""
    required = schema.get("required", [])
    rows = ["| key | values | default | meaning |", "| --- | --- | --- | --- |"]
    for key, value in schema["properties"].items():
        default = (
            "required" if key in required else f"`{json.dumps(value['default'], ensure_ascii=False)}`" if "default" in value else "none"
        )
        default = "see below" if isinstance(value.get("default"), dict) and value["default"] else default
        rows.append(f"| `{key}` | {_values(value, definitions)} | {default} | {value.get('description', '')} |")
    yield "\n".join(rows) + "\n"
    for key, value in schema["properties"].items():
        for name in _references(value):
            if "properties" in definitions[name] and name not in told:
                told.add(name)
                below = f"{path}{key}" + (".<id>" if _entry(value) else "")
                yield f"### `{below}`\n\n{definitions[name].get('description', '')}\n"
                yield from _tables(definitions[name], definitions, f"{below}.", told)


def _references(value: dict[str, Any]) -> list[str]:
    inner = [
        value,
        *value.get("anyOf", []),
        *value.get("oneOf", []),
        _entry(value),
        *_entry(value).get("anyOf", []),
        value.get("items", {}),
    ]
    return [one["$ref"].rpartition("/")[2] for one in inner if "$ref" in one]


def _entry(value: dict[str, Any]) -> dict[str, Any]:
    """The schema of a mapping's values, where its keys are ids."""
    entry: dict[str, Any] = value.get("additionalProperties") or {}
    return next(iter(value.get("patternProperties", {}).values()), entry)


def _values(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    """The values that a key takes, in words."""
    if "$ref" in value:
        target = definitions[value["$ref"].rpartition("/")[2]]
        return _values(target, definitions) if "properties" not in target else "keys below"
    if "enum" in value:
        return ", ".join(f"`{one}`" for one in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if "oneOf" in value:
        return " or ".join(_values(one, definitions) for one in value["oneOf"])
    if "anyOf" in value:
        if any("%" in one.get("pattern", "") for one in value["anyOf"]):
            return "share"
        return ", ".join(dict.fromkeys(_values(one, definitions) for one in value["anyOf"]))
    match value.get("type"):
        case "array":
            return f"list of {_values(value['items'], definitions)}"
        case "object":
            return f"id → {_values(_entry(value), definitions)}"
        case "null":
            return "`null`"
        case "integer":
            return f"whole number from {value['minimum']}"
        case "number":
            return "number from 0 to 1"
        case "boolean":
            return "`true`, `false`"
        case "string" if value.get("format") == "date-time":
            return "moment"
        case "string" if "smhdw" in value.get("pattern", ""):
            return "duration"
        case "string" if value.get("pattern") == "^[A-Z]{2}$":
            return "country, two letters"
        case "string":
            return "text"
        case _:
            return "id"


if __name__ == "__main__":
    write_reference(Path("docs/reference"))
