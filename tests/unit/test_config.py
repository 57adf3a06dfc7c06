"""What a good workspace's configuration is when it has been read: defaults, what falls through from wider to narrower, fingerprints."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from pipeline.config import Campaign, Configuration, FeedConfig, Policy, find_faults, load_configuration
from pipeline.config.documents import read_document
from pipeline.config.schema import reference_page, schemas
from pipeline.reasons import MATRIX, Reason
from pipeline.vocabulary import Channel, MessageClass, Scope
from pipeline.workspace import Workspace

ROOT = Path(__file__).parents[2]
SETTINGS = """\
organisations:
  ufer:
    name: Kulturmeile am Ufer
    country: AT
    timezone: Europe/Vienna
    brands: {galerie: {lists: [news]}, forum: }
    policy: {pressure: null, double_opt_in: optional}
  fjord: {country: NO, timezone: Europe/Oslo}
policy:
  consent_valid_days: 730
  pressure: {max_messages: 3, per_days: 7}
  double_opt_in: required
matrix: {one_to_one: [erased]}
registers:
  ecg: {channel: email, countries: [AT], use: without_consent, max_age: 35d}
"""
CAMPAIGN = """\
organisation: ufer
brand: galerie
channel: email
message_class: marketing
delivery_analysis_at: 2026-11-25T09:00:00+01:00
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for folder in ("feeds", "campaigns"):
        (tmp_path / folder).mkdir()
    (tmp_path / "presend.yaml").write_text(SETTINGS)
    (tmp_path / "feeds/ecg.yaml").write_text("source: ecg_list\nregister: {id: ecg, algorithm: sha1}\n")
    return Workspace(tmp_path)


def feed_of(workspace: Workspace, text: str) -> FeedConfig:
    (workspace.feeds / "f.yaml").write_text(text)
    return load_configuration(workspace).feeds["f"]


def campaign_of(workspace: Workspace, text: str) -> Campaign:
    (workspace.campaigns / "c.yaml").write_text(text)
    configuration = load_configuration(workspace)
    assert configuration.campaign_faults == {}
    return configuration.campaigns["c"]


def test_a_policy_is_the_organisations_then_the_workspaces_then_the_products(workspace: Workspace) -> None:
    configuration = load_configuration(workspace)
    ufer, fjord = configuration.organisations["ufer"].policy, configuration.organisations["fjord"].policy
    assert (ufer.double_opt_in, fjord.double_opt_in) == ("optional", "required")
    assert ufer.pressure is None, "null says: no limit here"
    assert fjord.pressure is not None and fjord.pressure.max_messages == 3
    assert ufer.consent_valid_days == fjord.consent_valid_days == 730
    assert ufer.opt_out_reach == Policy().opt_out_reach == "person"


def test_no_is_norway_and_an_empty_key_is_no_key(workspace: Workspace) -> None:
    organisations = load_configuration(workspace).organisations
    assert (organisations["fjord"].country, organisations["fjord"].name, organisations["fjord"].id) == ("NO", "fjord", "fjord")
    assert organisations["ufer"].brands["forum"].lists == ()


def test_the_matrix_is_the_default_where_the_file_says_nothing(workspace: Workspace) -> None:
    matrix = load_configuration(workspace).matrix
    assert matrix[MessageClass.ONE_TO_ONE] == {Reason.ERASED}
    assert matrix[MessageClass.MARKETING] == MATRIX[MessageClass.MARKETING]


def test_a_register(workspace: Workspace) -> None:
    configuration = load_configuration(workspace)
    register, feed = configuration.registers["ecg"], configuration.feeds["ecg"]
    assert (register.channel, register.countries, register.use, register.max_age) == (
        Channel.EMAIL,
        ("AT",),
        "without_consent",
        timedelta(days=35),
    )
    assert feed.register is not None
    assert (feed.register.id, feed.register.algorithm, feed.register.normalisation) == ("ecg", "sha1", "trim_lower")


def test_a_feed_takes_what_it_does_not_say_from_its_brand_and_organisation(workspace: Workspace) -> None:
    feed = feed_of(workspace, "source: x\n")
    assert (feed.id, feed.organisation, feed.timezone, feed.files, feed.required) == ("f", None, "UTC", "*", True)
    assert (feed.max_age, feed.max_rejected, feed.map, feed.register) == (None, 0.001, {}, None)
    assert feed_of(workspace, "source: x\norganisation: ufer\n").timezone == "Europe/Vienna"
    assert feed_of(workspace, "source: x\norganisation: ufer\ntimezone: UTC\n").timezone == "UTC"
    assert feed_of(workspace, "source: x\nbrand: galerie\n").organisation == "ufer"
    target = feed_of(workspace, "source: x\nmap: {12345: {scope: list, scope_id: news}}\n").map["12345"]
    assert (target.scope, target.scope_id) == (Scope.LIST, "news")


@pytest.mark.parametrize(
    ("text", "share"),
    [("0.1%", 0.001), ("0.7 %", 0.007), ("0%", 0), ("0", 0), ("1", 1), ("0.25", 0.25), ("100000%", 1000)],
)
def test_shares(workspace: Workspace, text: str, share: float) -> None:
    assert feed_of(workspace, f"source: x\nmax_rejected: {text}\n").max_rejected == share


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("90m", 5400), ("26h", 93600), ("35d", 3024000), ("2w", 1209600)])
def test_durations(workspace: Workspace, text: str, seconds: int) -> None:
    assert feed_of(workspace, f"source: x\nmax_age: {text}\n").max_age == timedelta(seconds=seconds)


def test_the_defaults_of_a_campaign(workspace: Workspace) -> None:
    campaign = campaign_of(workspace, CAMPAIGN)
    at = datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert (campaign.id, campaign.delivery_analysis_at, campaign.contact_at) == ("c", at, at)
    assert (campaign.list, campaign.segment, campaign.capacity, campaign.columns, campaign.seeds) == (None, None, None, (), ())
    assert (campaign.exclude, campaign.exclude_files, campaign.formats) == ((), (), ("csv", "parquet"))
    assert (campaign.holdout, campaign.maximum_change, campaign.minimum_audience) == (0, 0.5, 1)
    assert (campaign.one_message_per, campaign.approval, campaign.publish_before) == ("person", "none", timedelta(hours=2))
    assert not campaign.needs_key


def test_a_campaign_is_due_from_its_window_on_until_the_analysis(workspace: Workspace) -> None:
    campaign = campaign_of(workspace, CAMPAIGN + "publish_before: 3h\n")
    assert campaign.window_opens_at == datetime(2026, 11, 25, 5, tzinfo=UTC)
    due = [campaign.is_due(datetime(2026, 11, 25, hour, minute, tzinfo=UTC)) for hour, minute in [(4, 59), (5, 0), (7, 59), (8, 0)]]
    assert due == [False, True, True, False]


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-25T09:00", "2026-11-25T08:00Z"),
        ("2026-07-01 09:00:30", "2026-07-01T07:00:30Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30Z"),  # stands twice on the clock: the earlier reading
        ("2026-03-29T02:30", "2026-03-29T00:30Z"),  # stands never on the clock: the earlier reading
        ("2026-11-25T08:00:00Z", "2026-11-25T08:00Z"),
        ("2026-11-25T03:00:00-0500", "2026-11-25T08:00Z"),
    ],
)
def test_a_time_without_offset_is_the_organisations(workspace: Workspace, written: str, instant: str) -> None:
    campaign = campaign_of(workspace, CAMPAIGN + f'contact_at: "{written}"\n')
    assert campaign.contact_at == datetime.fromisoformat(instant)
    assert campaign.contact_at.tzinfo is UTC


def test_a_window_is_as_long_as_it_says_even_across_a_clock_change(workspace: Workspace) -> None:
    campaign = campaign_of(workspace, CAMPAIGN.replace("2026-11-25T09:00:00+01:00", "2026-10-25T04:00") + "publish_before: 3h\n")
    assert campaign.window_opens_at == datetime(2026, 10, 25, 0, tzinfo=UTC)


def test_lots_need_the_key(workspace: Workspace) -> None:
    assert campaign_of(workspace, CAMPAIGN + "holdout: 5%\n").needs_key
    campaign = campaign_of(workspace, CAMPAIGN + 'capacity: {max: 5, order: "updated_at desc"}\n')
    assert campaign.needs_key and campaign.capacity is not None and campaign.capacity.max == 5


def test_only_the_campaigns_asked_for_are_read(workspace: Workspace) -> None:
    (workspace.campaigns / "a.yaml").write_text(CAMPAIGN + "exclude: [b]\n")
    (workspace.campaigns / "b.yaml").write_text("nonsense")
    assert set(load_configuration(workspace, campaigns=["a"]).campaigns) == {"a"}
    assert load_configuration(workspace, campaigns=[]).campaign_faults == {}


def test_folders_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "presend.yaml").write_text("organisations: {u: {country: AT, timezone: UTC}}")
    configuration = load_configuration(Workspace(tmp_path))
    assert (configuration.feeds, configuration.campaigns) == ({}, {})


def test_what_was_read_cannot_be_changed(workspace: Workspace) -> None:
    campaign = campaign_of(workspace, CAMPAIGN)
    with pytest.raises(ValidationError, match="frozen"):
        campaign.holdout = 0.1  # type: ignore[misc]


def fingerprint(workspace: Workspace, text: str) -> str:
    campaign = campaign_of(workspace, text)
    return load_configuration(workspace).sha256_for(campaign)


def test_the_fingerprint_is_of_what_is_said_not_of_how(workspace: Workspace) -> None:
    text = CAMPAIGN + "holdout: 5%\nsegment: \"city = 'x'\"\ncapacity: {max: 5, order: city}\n"
    before = fingerprint(workspace, text)
    reordered = "# a comment\n" + "\n".join(reversed(text.splitlines())) + "\nseeds: []\n"
    assert fingerprint(workspace, reordered.replace("5%", "0.05").replace("T09:00:00+01:00", "T08:00:00Z")) == before
    (workspace.campaigns / "other.yaml").write_text(CAMPAIGN)
    assert fingerprint(workspace, text) == before, "another campaign is no input of this one"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("presend.yaml", "730", "731"),
        ("presend.yaml", "[erased]", "[complaint]"),
        ("presend.yaml", "35d", "36d"),
        ("feeds/ecg.yaml", "sha1", "md5"),
        ("campaigns/c.yaml", "email", "sms"),
        ("campaigns/c.yaml", "+01:00", "+02:00"),
    ],
)
def test_the_fingerprint_changes_with_every_setting(workspace: Workspace, file: str, old: str, new: str) -> None:
    def read() -> tuple[Configuration, Campaign]:
        configuration = load_configuration(workspace)
        return configuration, configuration.campaigns["c"]

    (workspace.campaigns / "c.yaml").write_text(CAMPAIGN)
    configuration, campaign = read()
    path = workspace.root / file
    path.write_text(path.read_text().replace(old, new, 1))
    changed, changed_campaign = read()
    assert changed.sha256_for(changed_campaign) != configuration.sha256_for(campaign)


def test_json_is_yaml(workspace: Workspace) -> None:
    settings = {"organisations": {"u": {"name": 'Grüße 🎻 "quoted" a/b', "country": "NO", "timezone": "UTC"}}}
    for indent in (None, 2, "\t"):
        for is_ascii in (True, False):
            text = json.dumps(settings, indent=indent, ensure_ascii=is_ascii).replace("a/b", "a\\/b")
            workspace.settings_file.write_text(text, encoding="utf-8")
            document = read_document(workspace.settings_file, "presend.yaml")
            assert (document.data, document.faults) == (settings, [])


def test_words_mean_what_yaml_1_2_says(tmp_path: Path) -> None:
    words = {
        "yes": "yes", "no": "no", "NO": "NO", "on": "on", "y": "y", "true": True, "False": False, "null": None, "~": None, "": None,
        "12": 12, "-3": -3, "007": "007", "0x1f": "0x1f", "0o17": "0o17", "1_000": "1_000", "12:30": "12:30", "1.5": 1.5, "1e3": 1000.0,
        "+43": "+43", ".inf": ".inf", "2026-11-25": "2026-11-25", "'12'": "12", '"true"': "true", "0.1%": "0.1%",
    }  # fmt: skip
    file = tmp_path / "words.yaml"
    file.write_text("".join(f"k{position}: {word}\n" for position, word in enumerate(words)))
    values = list(read_document(file, "words.yaml").data.values())
    assert values == list(words.values())
    assert [type(value) for value in values] == [type(value) for value in words.values()]


def test_the_contracts_example_passes_its_own_schema(workspace: Workspace) -> None:
    made = schemas()
    for file, name in [("presend.yaml", "presend"), ("feeds/ecg.yaml", "feed")]:
        jsonschema.validate(read_document(workspace.root / file, file).data, without_null_keys(made[f"{name}.schema.json"]))
    (workspace.campaigns / "c.yaml").write_text(CAMPAIGN)
    data = read_document(workspace.campaigns / "c.yaml", "c").data
    jsonschema.validate(data, made["campaign.schema.json"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data | {"subject": "x"}, made["campaign.schema.json"])


def without_null_keys(schema: dict[str, object]) -> dict[str, object]:
    """The schema wants `brands: {forum: {}}` written out; reading is more lenient."""
    definitions = schema.get("$defs")
    if isinstance(definitions, dict) and "Brand" in definitions:
        definitions["Brand"]["type"] = ["object", "null"]
    return schema


def test_the_reference_manual_is_up_to_date() -> None:
    folder = ROOT / "docs/reference"
    remedy = "run `python -m pipeline.config.schema`"
    assert (folder / "configuration.md").read_text(encoding="utf-8") == reference_page(), remedy
    written = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (folder / "schemas").glob("*.json")}
    assert written == schemas(), remedy


def test_every_key_has_a_description() -> None:
    for schema in schemas().values():
        for definition in [schema, *schema["$defs"].values()]:
            for key, value in definition.get("properties", {}).items():
                assert value.get("description"), key


def test_the_demos_configuration_is_good() -> None:
    assert find_faults(Workspace(ROOT / "examples/kultur")) == []


def test_a_campaign_without_a_segment_does_not_pay_for_the_parser(workspace: Workspace) -> None:
    (workspace.campaigns / "c.yaml").write_text(CAMPAIGN)
    code = (
        "import sys; from pathlib import Path; from pipeline.config import load_configuration; from pipeline.workspace import Workspace\n"
        f"load_configuration(Workspace(Path({str(workspace.root)!r}))); print('sqlglot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_hundreds_of_campaigns_are_read_at_once(workspace: Workspace) -> None:
    for number in range(500):
        (workspace.campaigns / f"c{number}.yaml").write_text(CAMPAIGN)
    started = time.perf_counter()
    assert len(load_configuration(workspace).campaigns) == 500
    assert time.perf_counter() - started < 5, "0.3 s on an idle machine"
