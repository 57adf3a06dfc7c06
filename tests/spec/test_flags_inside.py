"""Flags inside of JSON records: at any depth, in any list, in strings and pairs (domain §8 "Flags")."""

import json
from pathlib import Path

import pytest

from tests.lib.feeds import Landed, land

Records = list[dict[str, object]]


def forms(records: Records) -> dict[str, str]:
    """The same records as DuckDB reads them, and as Python does where it refuses: an envelope, a key that is spelled in two ways."""
    return {"lines": "\n".join(map(json.dumps, records)), "page": json.dumps({"total": len(records), "people": records})}


def landed_in(folder: Path, records: Records, **settings: object) -> list[Landed]:
    people = [{"profile_id": f"p{number}", "email": f"{number}@x.at", **record} for number, record in enumerate(records, 1)]
    return [land(folder / form, "canonical_profiles", {"p.json": content}, **settings) for form, content in forms(people).items()]


def test_an_opt_out_in_a_list_or_many_levels_deep_excludes(tmp_path: Path) -> None:
    records: Records = [
        {"channels": [{"type": "email", "opted_out": True}]},
        {"channels": [{"type": "sms", "opted_out": False}, {"type": "email", "opted_out": True}]},
        {"channels": [{"type": "email", "opted_out": False}]},
        {"channels": {"opted_out": "yes"}},
        {"channels": []},
        {"custom": {"marketing": {"email": {"doNotContact": True}}}},
        {"custom": {"marketing": {"email": {"doNotContact": False}}}},
        {"a": {"b": {"c": {"d": {"e": {"f": {"g": [[{"h": [{"Werbesperre": "ja"}]}]]}}}}}}},
        {"emails": [{"address": "x@x.at", "optOut": "x"}, 5, None, "text", []]},
    ]
    for landed in landed_in(tmp_path, records):
        landed.profiles("""
            profile_id | flags
            p1         | any:opted_out
            p2         | any:opted_out
            p3         |
            p4         | any:opted_out
            p5         |
            p6         | email:opted_out
            p7         |
            p8         | any:opted_out
            p9         | email:opted_out
        """)


def test_ingest_names_it_by_its_path_and_with_its_count(tmp_path: Path) -> None:
    records: Records = [
        {"channels": [{"opted_out": True}, {"opted_out": True}], "custom": {"marketing": {"email": {"doNotContact": 0}}}},
        {"channels": [{"opted_out": True}]},
    ]
    for landed in landed_in(tmp_path, records):
        assert [(column["name"], column["rows"]) for column in landed.document["files"][0]["flags"]] == [
            ("channels/opted_out", 2),
            ("custom/marketing/email/doNotContact", 0),
        ]


def test_the_feeds_yaml_decides_otherwise_by_the_path(tmp_path: Path) -> None:
    records: Records = [
        {"channels": [{"opted_out": True}], "opted_out": False},
        {"channels": [{"opted_out": False}], "opted_out": True},
        {"custom": {"marketing": {"email": {"doNotContact": True}}}},
        {"orders": [{"status": "shipped"}], "lists": [{"status": "subscribed"}, {"status": "cleaned"}]},
        {"orders": [{"status": "lost"}], "lists": [{"status": "subscribed"}]},
        {"properties": [{"name": "opt_out", "value": "true"}]},
    ]
    flags: dict[str, object] = {
        "channels/opted_out": "none",
        "custom/marketing/email/doNotContact": "none",
        "lists/status": {"says": "opted_out", "channel": "sms", "unless": ["subscribed"]},
        "properties/opt_out": "none",
    }
    for landed in landed_in(tmp_path, records, flags=flags):
        landed.profiles("""
            profile_id | flags
            p1         |
            p2         | any:opted_out
            p3         |
            p4         | sms:opted_out
            p5         |
            p6         |
        """)


def test_a_setting_of_a_column_is_none_of_what_is_called_alike_inside(tmp_path: Path) -> None:
    for landed in landed_in(
        tmp_path, [{"opted_out": True}, {"opted_out": False, "channels": [{"opted_out": True}]}], flags={"opted_out": "none"}
    ):
        landed.profiles("""
            profile_id | flags
            p1         |
            p2         | any:opted_out
        """)


@pytest.mark.parametrize("keys", [("name", "value"), ("key", "value"), ("field", "value"), ("label", "value"), ("Name", "Value")])
def test_a_pair_of_a_name_and_a_value_is_read_as_the_column_of_that_name(tmp_path: Path, keys: tuple[str, str]) -> None:
    name, value = keys
    records: Records = [
        {"properties": [{name: "opt_out", value: "true"}]},
        {"properties": [{name: "city", value: "Linz"}, {name: "opt_out", value: False}]},
        {"custom": {"fields": [{name: "Werbung_nein", "type": "bool", value: 1}]}},
        {name: "opt_out", value: "true"},
        {"custom": {"fields": [{name: "Löschwunsch", value: "ja"}]}},
        {"custom": json.dumps([{name: "Löschwunsch", value: "ja"}])},
    ]
    for landed in landed_in(tmp_path, records):
        landed.profiles("""
            profile_id | flags
            p1         | any:opted_out
            p2         |
            p3         | any:opted_out
            p4         |
            p5         | any:opted_out
            p6         | any:opted_out
        """)


def test_a_string_that_holds_json_is_opened(tmp_path: Path) -> None:
    records: Records = [
        {"custom": '{"opt_out": true}'},
        {"custom": '{\n  "opt_out": false}'},
        {"custom": json.dumps({"inner": json.dumps([{"opt_out": "x"}])})},
        {"custom": '[{"name": "opt_out", "value": "1"}]'},
        {"custom": "{ no JSON: opt_out true"},
    ]
    for landed in landed_in(tmp_path, records):
        landed.profiles("""
            profile_id | flags
            p1         | any:opted_out
            p2         |
            p3         | any:opted_out
            p4         | any:opted_out
            p5         |
        """)


def test_an_object_whose_keys_are_ids_is_looked_into_as_a_list_is(tmp_path: Path) -> None:
    stays: Records = [{"lists": {f"list{number}": {"left": 0} for number in range(600)}}]
    for landed in landed_in(tmp_path, [*stays, {"lists": {"list1": {"unsubscribed": True}}}]):
        landed.profiles("""
            profile_id | flags
            p1         |
            p2         | any:opted_out
        """)


def test_a_vendors_json_says_it_at_any_depth_too(tmp_path: Path) -> None:
    attributes: list[dict[str, object]] = [
        {"attributes": {"crm": {"marketing": {"doNotContact": True}}}},
        {"attributes": {}, "channels": [{"opted_out": False}, {"opted_out": True}]},
        {"attributes": {"custom": '{"opt_out": "yes"}'}},
        {"attributes": {"fields": [{"name": "opt_out", "value": "true"}]}},
        {"attributes": {"fields": [{"name": "opt_out", "value": "false"}]}},
    ]
    contacts = [{"id": number, "email": f"{number}@x.at", "emailBlacklisted": False, **more} for number, more in enumerate(attributes, 1)]
    landed = land(tmp_path, "brevo_contacts", {"c.json": {"contacts": contacts}})
    landed.profiles("""
        profile_id | flags
        1          | any:opted_out
        2          | any:opted_out
        3          | any:opted_out
        4          | any:opted_out
        5          |
    """)
