"""Every kind of fault is told with its file, its line, what is wrong and what to do: one row of the table per kind."""

from pathlib import Path

import pytest

from pipeline.config import Fault, find_faults, load_configuration
from pipeline.errors import ConfigurationError
from pipeline.workspace import Workspace

SETTINGS = """\
organisations:
  ufer:
    country: AT
    timezone: Europe/Vienna
    brands:
      galerie: {lists: [news, members]}
      forum: {lists: [forum-news]}
  berg:
    country: DE
    timezone: Europe/Berlin
    brands:
      hof: {lists: [hof-news]}
    policy: {consent_required: list}
"""
FEED = "source: canonical_profiles\n"
CAMPAIGN = """\
organisation: ufer
brand: galerie
channel: email
message_class: marketing
delivery_analysis_at: 2026-11-25T09:00:00+01:00
"""
SOURCES = frozenset({"canonical_profiles", "canonical_consent", "canonical_register", "ecg_list", "sendgrid_events"})

NAME_REMEDY = "Use letters (a-z), digits, '.', '_' and '-', not beginning with '.', without '..'."
CHANNELS = "Use one of: email, phone, rcs, sms, whatsapp."
MOMENT_REMEDY = "Write date, time and offset: 2026-11-25T09:00:00+01:00."

SETTINGS_FAULTS = [
    # what is added to presend.yaml, the line counted from there, message, remedy
    ("polcy: {}", 1, "unknown key 'polcy'", "Did you mean 'policy'?"),
    ("policy:\n  consent: any", 2, "unknown key 'consent'", "Did you mean 'consent_required'?"),
    ("policy: {crm_flags: ignre}", 1, "policy.crm_flags: 'ignre' is not a value of it", "Did you mean 'ignore'?"),
    ("policy: {opt_out_reach: 7}", 1, "policy.opt_out_reach: '7' is not a value of it", "Use one of: address, person, profile."),
    ("policy: {pending_opt_out_days: 0}", 1, "policy.pending_opt_out_days: '0' is out of bounds", "Write 1 or more."),
    (
        'policy: {pending_opt_out_days: "14"}',
        1,
        "policy.pending_opt_out_days: expected a whole number, found a text",
        "Write digits only, without quotes.",
    ),
    ("policy: {service_respects: group}", 1, "policy.service_respects: expected a list, found a text", "Write [a, b], or one entry"),
    ("policy:\n  pressure:\n    max_messages: 3", 2, "the key 'per_days' is missing", "Add `per_days: 7` (in so many times 24 hours"),
    ("policy: none", 1, "policy: expected keys with values, found a text", "Write `key: value` lines below it."),
    (
        "quarantine: {release_on_confirmed_opt_in: yes}",
        1,
        "quarantine.release_on_confirmed_opt_in: expected true or false, found a text",
        "Write true or false; yes and no are texts in YAML 1.2.",
    ),
    ("identity: {keys: [mailbox, mailbox]}", 1, "identity.keys: named twice: mailbox", "Name each once."),
    (
        "identity: {keys: [surname]}",
        1,
        "identity.keys[1]: 'surname' is not a value of it",
        "Use one of: external_id, mailbox, mobile_name.",
    ),
    (
        "identity:\n  linkage: {threshold: 0.7, review: 0.8}",
        2,
        "identity.linkage: review (0.8) lies above threshold (0.7)",
        "Let review be the smaller number.",
    ),
    (
        'identity: {linkage: {threshold: "high"}}',
        1,
        "identity.linkage.threshold: expected a number, found a text",
        "Write a number such as",
    ),
    ("matrix: {marketing: [complaints]}", 1, "matrix.marketing[1]: 'complaints' is not a value of it", "Did you mean 'complaint'?"),
    ("matrix: {promotion: []}", 1, "matrix.promotion: 'promotion' is not a value of it", "Use one of: marketing, one_to_one, service."),
    ("forbidden: {addresses: [true]}", 1, "forbidden.addresses[1]: expected a text, found true or false", "Put it in quotes."),
    ('forbidden: {domains: [""]}', 1, "forbidden.domains[1]: the text is empty", "Write a value or remove the key."),
    ("registers: {ecg: {channel: email}}", 1, "no feed delivers the register 'ecg'", "Add a feed with `register: {id: ecg}`"),
    ("registers: {ecg: {channel: fax}}", 1, "registers.ecg.channel: 'fax' is not a value of it", CHANNELS),
    ("registers: {ecg: {channel: email, countries: [at]}}", 1, "registers.ecg.countries[1]: 'at' is not a country", "Write AT."),
    (
        "registers: {ecg: {channel: email, countries: [Austria]}}",
        1,
        "'Austria' is not a country",
        "Use the two capital letters of ISO 3166",
    ),
    ("registers: {ecg: {channel: email, max_age: 5 weeks}}", 1, "'5 weeks' is not a duration", "Write a number and its unit: 90m, 26h"),
    ("registers: {ecg: {channel: email, max_age: 0h}}", 1, "the duration is zero", "Write a number above 0 and its unit"),
    ("organisations: {}", 1, "the key 'organisations' stands twice (first in line 1)", "Remove one of them."),
    ("policy: &p {}", 0, "", ""),
    ("policy: &p {}\nquarantine: *p", 2, "anchors and aliases (&, *) are not read", "Write the value out."),
    ("policy: !!map {}", 0, "", ""),
    ("policy: !policy {}", 1, "tags such as '!policy' are not read", "Remove the tag."),
    ("? [a, b]\n: 1", 1, "a key must be one word", "Quote it if it holds brackets."),
    ("policy: {crm_flags: ignore", 1, "not valid YAML: while parsing a flow mapping", "Check indentation, quotes and brackets"),
    ("   policy: {}", 1, "not valid YAML", "Check indentation"),
    ("---\npolicy: {}", 1, "the file holds more than one YAML document", "Keep one: remove the `---` line"),
    ("policy: " + "[" * 30_000, 1, "not valid YAML: nested too deeply", "Check indentation"),
    ("policy:\n" + "- " * 30_000, 2, "not valid YAML: nested too deeply", "Check indentation"),
    ("policy: \x07", 1, "not valid YAML: control characters are not allowed", "Check indentation"),
]

ORGANISATION_FAULTS = [
    # a whole presend.yaml
    ("", 1, "the key 'organisations' is missing", "Add `organisations: …`"),
    ("organisations: {}", 1, "organisations: there is none", "Name at least one."),
    ("- ufer", 1, "the file must hold keys with values", "Begin it with a line such as `key: value`."),
    ("organisations:\n  a/b: {country: AT, timezone: UTC}", 2, "organisations.a/b: 'a/b' cannot be an id", NAME_REMEDY),
    ("organisations:\n  ..: {country: AT, timezone: UTC}", 2, "organisations...: '..' cannot be an id", NAME_REMEDY),
    ("organisations:\n  .hidden: {country: AT, timezone: UTC}", 2, "'.hidden' cannot be an id", NAME_REMEDY),
    ("organisations:\n  a..b: {country: AT, timezone: UTC}", 2, "'a..b' cannot be an id", NAME_REMEDY),
    ("organisations:\n  u:\n    country: AT", 2, "the key 'timezone' is missing", "Add `timezone: Europe/Vienna`"),
    ("organisations:\n  u: {country: AT, timezone: Europe/Wien}", 2, "'Europe/Wien' is not a time zone", ""),
    ("organisations:\n  u: {country: AT, timezone: Europe/Vienn}", 2, "'Europe/Vienn' is not a time zone", "Did you mean 'Europe/Vienna'?"),
    ("organisations:\n  u: {country: AT, timezone: ../../etc/passwd}", 2, "is not a time zone", ""),
    ("organisations:\n  u: {country: AT, timezone: Europe}", 2, "'Europe' is not a time zone", ""),
    (
        "organisations:\n  u:\n    country: AT\n    timezone: UTC\n    brands:\n      b: {}\n  v:\n    country: AT\n    timezone: UTC\n"
        "    brands:\n      b: {}",
        11,
        "the brand 'b' stands twice (also in u)",
        "Give each brand an id of its own.",
    ),
    (
        "organisations:\n  u:\n    country: AT\n    timezone: UTC\n    brands:\n      b: {lists: [l]}\n      c:\n"
        "        lists:\n        - m\n        - l",
        10,
        "the list 'l' stands twice (also in b)",
        "Give each list an id of its own.",
    ),
]

FEED_FAULTS = [
    # a whole feeds/f.yaml
    ("", 1, "the key 'source' is missing", "Add `source: canonical_profiles` (the adapter's name"),
    ("source: canonical_profile", 1, "there is no adapter 'canonical_profile'", "Did you mean 'canonical_profiles'?"),
    ("source: hotmail_loop", 1, "there is no adapter 'hotmail_loop'", "Use one of: canonical_consent, "),
    (FEED + "organisation: uffer", 2, "there is no organisation 'uffer'", "Did you mean 'ufer'?"),
    (FEED + "brand: galery", 2, "there is no brand 'galery'", "Did you mean 'galerie'?"),
    (FEED + "organisation: ufer\nbrand: hof", 3, "the brand 'hof' is berg's, not ufer's", "Use one of: forum, galerie."),
    (FEED + "files: ../*.csv", 2, "files: '../*.csv' leaves the feed's folder", "Write a pattern below landing/<feed>/"),
    (FEED + "files: /etc/*", 2, "files: '/etc/*' leaves the feed's folder", "Write a pattern"),
    (FEED + "timezone: MEZ", 2, "timezone: 'MEZ' is not a time zone", ""),
    (FEED + "max_age: 26", 2, "max_age: '26' is not a duration", "Write a number and its unit"),
    (FEED + "required: no", 2, "required: expected true or false, found a text", "Write true or false"),
    (FEED + "max_rejected: 5", 2, "max_rejected: '5' is not a share between 0 and 1", "Write 5% if percent are meant."),
    (FEED + "max_rejected: -0.1", 2, "max_rejected: '-0.1' is not a share between 0 and 1", ""),
    (FEED + "max_rejected: few", 2, "max_rejected: 'few' is not a share", "Write a percentage such as 0.1% or a number such as 0.001."),
    (FEED + "max_rejected: .nan", 2, "max_rejected: '.nan' is not a share", ""),
    (FEED + "map:\n  7: {scope: list}", 3, "scope_id is missing: which list?", "Add `scope_id: …` with the id of the list."),
    (FEED + "map:\n  7: {scope: list, scope_id: new}", 3, "there is no list 'new'", "Did you mean 'news'?"),
    (FEED + "map:\n  7: {scope: organisation, scope_id: tal}", 3, "there is no organisation 'tal'", "Use one of: berg, ufer."),
    (FEED + "map:\n  7: {scope: group, scope_id: x}", 3, "the group has no id", "Remove scope_id"),
    (FEED + "map:\n  7: {scope: topic, scope_id: x}", 3, "map.7.scope: 'topic' is not a value of it", "Use one of: brand, group, list,"),
    ("source: canonical_register", 1, "a register's feed does not say which register", "Add `register: {id: …}`"),
    ("source: ecg_list\nregister: {}", 2, "the key 'id' is missing", "Add `id: ecg`"),
    ("source: ecg_list\nregister: {id: ecg}", 2, "there is no register 'ecg'", "There is no register in presend.yaml yet."),
    (FEED + "register: {id: ecg}", 2, "'canonical_profiles' is no register's adapter", "Remove `register`, or use canonical_register or"),
]

CAMPAIGN_FAULTS = [
    # what is added to a good campaign, or (beginning with "=") a whole file
    ("list: forum-news", 6, "the list 'forum-news' is forum's, not galerie's", "Use one of: members, news."),
    ("list: nws", 6, "there is no list 'nws'", "Did you mean 'news'?"),
    ("subject: Hello", 6, "unknown key 'subject'", "Use one of: approval, "),
    ("segments: x = 'y'", 6, "unknown key 'segments'", "Did you mean 'segment'?"),
    ("contact_at: 2025-11-25T12:00:00+01:00", 1, "contact_at lies before the audience is made", "Write the moment of contact"),
    ("contact_at: tomorrow", 6, "contact_at: 'tomorrow' is not a moment", MOMENT_REMEDY),
    ("contact_at: 2026-11-25", 6, "contact_at: '2026-11-25' is not a moment", MOMENT_REMEDY),
    ("contact_at: 2026-02-30T09:00", 6, "contact_at: '2026-02-30T09:00' is not a moment (day is out of range", MOMENT_REMEDY),
    (
        "contact_at: 0 9 * * 1",
        6,
        "contact_at: '0 9 * * 1' is a repeating schedule",
        "Write one moment, such as 2026-11-25T09:00:00+01:00; only delivery_a",
    ),
    ('contact_at: "@daily"', 6, "contact_at: '@daily' is a repeating schedule", "Write one moment"),
    ("publish_before: -2h", 6, "publish_before: '-2h' is not a duration", ""),
    ("publish_before: 9999999999999w", 6, "is not a duration", ""),
    ("publish_before: 9999w", 6, "publish_before: '9999w' is longer than a century", "Write a shorter one"),
    ("contact_at: 0001-01-01T00:00", 6, "contact_at: '0001-01-01T00:00' lies outside the years 2000 to 2199", MOMENT_REMEDY),
    ("one_message_per: household", 6, "one_message_per: 'household' is not a value of it", "Use one of: address, person."),
    ("exclude: [c]", 6, "the campaign excludes itself", "Name earlier campaigns only."),
    ("exclude:\n- oldd", 7, "there is no campaign 'oldd'", "Did you mean 'old'?"),
    ("exclude: [../x]", 6, "exclude[1]: '../x' cannot be an id", NAME_REMEDY),
    ("exclude_files: [/etc/passwd]", 6, "exclude_files[1]: '/etc/passwd' leaves the workspace", "Write a path below the workspace"),
    ("exclude_files: [a/../../b]", 6, "exclude_files[1]: 'a/../../b' leaves the workspace", "Write a path below"),
    ("exclude_files: [lists/none.csv]", 6, "there is no file 'lists/none.csv'", "Put it there, or remove the line."),
    ("exclude_files: [out]", 6, "'out' leads out of the workspace", "Put a copy of the file below the workspace."),
    ("holdout: 51%", 6, "holdout: '0.51' is out of bounds", "Write 0.5 or less."),
    ("holdout: 10", 6, "holdout: '10' is not a share between 0 and 1", "Write 10% if percent are meant."),
    ("maximum_change: 50", 6, "maximum_change: '50' is not a share between 0 and 1", "Write 50% if percent are meant."),
    ("minimum_audience: -1", 6, "minimum_audience: '-1' is out of bounds", "Write 0 or more."),
    ("minimum_audience: 1.5", 6, "minimum_audience: expected a whole number, found a number", "Write digits only, without quotes."),
    ("formats: []", 6, "formats: there is none", "Name at least one."),
    ("formats: [xlsx]", 6, "formats[1]: 'xlsx' is not a value of it", "Use one of: csv, parquet."),
    ("columns: [City, city]", 6, "columns: named twice: city", "Name each once."),
    ("columns: [Address]", 6, "'Address' stands in every audience file already", "Remove it."),
    ("capacity: {max: 10}", 6, "the key 'order' is missing", "Add `order: updated_at desc`"),
    ("capacity: {max: 0, order: city}", 6, "capacity.max: '0' is out of bounds", "Write 1 or more."),
    ("capacity: {max: 1, order: 1}", 6, "capacity.order: expected an SQL text", ""),
    (
        'capacity: {max: 1, order: "1"}',
        6,
        "capacity.order: an order needs profile columns",
        "Write for example: updated_at desc, last_name.",
    ),
    ("capacity: {max: 1, order: newest first}", 6, "capacity.order: not one SQL expression", ""),
    ("segment: country", 6, "segment: the segment is a text, not a condition", "Write one condition over profile columns"),
    ("segment: |-\n  city =\n  'x' and", 6, "segment: not one SQL expression", "Write one condition"),
    ("seeds: [[x]]", 6, "seeds[1]: expected a text, found a list", "Put it in quotes."),
    ("=" + CAMPAIGN.replace("ufer", "tal"), 1, "there is no organisation 'tal'", "Use one of: berg, ufer."),
    ("=" + CAMPAIGN.replace("ufer", "berg") + "list: news", 2, "the brand 'galerie' is ufer's, not berg's", "Use one of: hof."),
    ("=" + CAMPAIGN.replace("email", "post"), 3, "channel: campaigns on post are not published", "Use one of: email, sms, phone, w"),
    ("=" + CAMPAIGN.replace("email", "any"), 3, "channel: 'any' is not a value of it", CHANNELS),
    ("=" + CAMPAIGN.replace("marketing", "service"), 4, "nobody attests that this service message", "Add `no_advertising_attested_by: …`"),
    (
        "=" + CAMPAIGN.replace("ufer", "berg").replace("galerie", "hof"),
        1,
        "berg asks for consent to a list, and the campaign has none",
        "Add `list: …`.",
    ),
    ("=" + CAMPAIGN.replace("brand: galerie\n", ""), 1, "the key 'brand' is missing", "Add `brand: galerie` (the sender name)."),
    ("=" + CAMPAIGN.replace("galerie", ""), 1, "the key 'brand' is missing", "Add `brand: galerie`"),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A good workspace with one feed and two campaigns, `c` and `old`, beside a file that lies outside."""
    root = tmp_path / "workspace"
    for folder in ("feeds", "campaigns", "landing"):
        (root / folder).mkdir(parents=True)
    (tmp_path / "outside").write_text("x")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "presend.yaml").write_text(SETTINGS)
    (root / "feeds/f.yaml").write_text(FEED)
    (root / "campaigns/c.yaml").write_text(CAMPAIGN)
    (root / "campaigns/old.yaml").write_text(CAMPAIGN)
    return Workspace(root)


def the_fault(workspace: Workspace, file: str, line: int, message: str, remedy: str) -> None:
    """There is exactly one fault in the file (none where no message is expected), and it says this."""
    faults = [fault for fault in find_faults(workspace, sources=SOURCES) if fault.file == file]
    if not message:
        assert faults == []
        return
    told = [fault for fault in faults if message in fault.message]
    assert len(told) == 1, faults
    assert told[0].line == line
    assert told[0].remedy.startswith(remedy) and told[0].remedy
    others = [fault for fault in faults if fault != told[0] and not fault.message.startswith("no feed delivers")]
    assert others == [], "one mistake, one fault"


def ids(rows: list[tuple[str, int, str, str]]) -> list[str]:
    return [f"{text.strip().splitlines()[-1] if text.strip() else 'empty'} -> {message[:40]}" for text, _, message, _ in rows]


def test_a_good_workspace_has_no_faults(workspace: Workspace) -> None:
    assert find_faults(workspace, sources=SOURCES) == []


@pytest.mark.parametrize(("text", "line", "message", "remedy"), SETTINGS_FAULTS, ids=ids(SETTINGS_FAULTS))
def test_faults_of_the_settings(workspace: Workspace, text: str, line: int, message: str, remedy: str) -> None:
    workspace.settings_file.write_text(SETTINGS + text + "\n")
    the_fault(workspace, "presend.yaml", SETTINGS.count("\n") + line, message, remedy)


@pytest.mark.parametrize(("text", "line", "message", "remedy"), ORGANISATION_FAULTS, ids=ids(ORGANISATION_FAULTS))
def test_faults_of_organisations(workspace: Workspace, text: str, line: int, message: str, remedy: str) -> None:
    workspace.settings_file.write_text(text)
    the_fault(workspace, "presend.yaml", line, message, remedy)


@pytest.mark.parametrize(("text", "line", "message", "remedy"), FEED_FAULTS, ids=ids(FEED_FAULTS))
def test_faults_of_a_feed(workspace: Workspace, text: str, line: int, message: str, remedy: str) -> None:
    (workspace.feeds / "f.yaml").write_text(text)
    the_fault(workspace, "feeds/f.yaml", line, message, remedy)


@pytest.mark.parametrize(("text", "line", "message", "remedy"), CAMPAIGN_FAULTS, ids=ids(CAMPAIGN_FAULTS))
def test_faults_of_a_campaign(workspace: Workspace, text: str, line: int, message: str, remedy: str) -> None:
    (workspace.campaigns / "c.yaml").write_text(text[1:] if text.startswith("=") else CAMPAIGN + text)
    the_fault(workspace, "campaigns/c.yaml", line, message, remedy)


def test_several_faults_are_told_at_once_in_the_order_of_files_and_lines(workspace: Workspace) -> None:
    workspace.settings_file.write_text(SETTINGS + "policy: {crm_flags: x, pending_opt_out: y}\nquarantne: {}\n")
    (workspace.feeds / "f.yaml").write_text("source: nothing\nmax_age: soon\norganisation: nobody\n")
    (workspace.campaigns / "c.yaml").write_text("organisation: nobody\nchannel: post\nholdout: 2\n")
    (workspace.campaigns / "old.yaml").write_text("organisation: [")
    faults = find_faults(workspace, sources=SOURCES)
    places = [fault.where for fault in faults]
    assert [place for place in places if place.startswith("presend")] == ["presend.yaml:14", "presend.yaml:14", "presend.yaml:15"]
    assert [place for place in places if place.startswith("feeds")] == ["feeds/f.yaml:1", "feeds/f.yaml:2", "feeds/f.yaml:3"]
    assert {fault.line for fault in faults if fault.file == "campaigns/c.yaml"} == {1, 2, 3}
    assert [place for place in places if place.startswith("campaigns/old")] == ["campaigns/old.yaml:1"]
    assert faults == sorted(faults)


def test_the_error_lists_every_fault_of_settings_and_feeds(workspace: Workspace) -> None:
    workspace.settings_file.write_text(SETTINGS + "quarantne: {}\n")
    (workspace.feeds / "f.yaml").write_text("source: nothing\n")
    with pytest.raises(ConfigurationError) as error:
        load_configuration(workspace, sources=SOURCES)
    assert error.value.exit_code == 10
    assert "presend.yaml:14: unknown key 'quarantne'. Did you mean 'quarantine'?" in error.value.message
    assert "feeds/f.yaml:1: there is no adapter 'nothing'." in error.value.message


def test_a_single_fault_is_the_error(workspace: Workspace) -> None:
    (workspace.feeds / "f.yaml").write_text(FEED + "max_age: soon\n")
    with pytest.raises(ConfigurationError) as error:
        load_configuration(workspace)
    assert (error.value.where, error.value.message) == ("feeds/f.yaml:2", "max_age: 'soon' is not a duration.")
    assert error.value.remedy.startswith("Write a number and its unit")


def test_a_fault_in_a_campaign_stops_that_campaign_alone(workspace: Workspace) -> None:
    (workspace.campaigns / "c.yaml").write_text(CAMPAIGN + "holdout: 2\n")
    configuration = load_configuration(workspace)
    assert set(configuration.campaigns) == {"old"}
    assert [fault.where for fault in configuration.campaign_faults["c"]] == ["campaigns/c.yaml:6"]


def test_a_campaign_may_exclude_one_whose_file_is_gone_but_whose_audience_is_there(workspace: Workspace) -> None:
    (workspace.outbox / "ufer" / "spring").mkdir(parents=True)
    (workspace.campaigns / "c.yaml").write_text(CAMPAIGN + "exclude: [spring, old]\n")
    assert find_faults(workspace) == []


def test_a_service_campaign_needs_no_list_where_consent_does_not_count(workspace: Workspace) -> None:
    text = CAMPAIGN.replace("ufer", "berg").replace("galerie", "hof").replace("marketing", "service")
    (workspace.campaigns / "c.yaml").write_text(text + "no_advertising_attested_by: box office\n")
    assert find_faults(workspace) == []


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    for call in (load_configuration, find_faults):
        with pytest.raises(ConfigurationError, match="no presend.yaml") as error:
            call(Workspace(tmp_path))
        assert "presend init" in error.value.remedy


@pytest.mark.parametrize("name", ["f.yml", "f2.YAML", "f2.json"])
def test_a_file_that_would_be_overlooked_is_a_fault(workspace: Workspace, name: str) -> None:
    (workspace.feeds / name).write_text(FEED)
    with pytest.raises(ConfigurationError, match="only files that end in .yaml are read"):
        load_configuration(workspace)


def test_an_overlooked_campaign_file_stops_that_campaign_alone(workspace: Workspace) -> None:
    (workspace.campaigns / "old.yml").write_text(CAMPAIGN)
    configuration = load_configuration(workspace)
    assert set(configuration.campaigns) == {"c"}
    assert set(configuration.campaign_faults) == {"old"}


@pytest.mark.parametrize("name", ["a b.yaml", "a..b.yaml", "ü.yaml"])
def test_the_name_of_a_file_must_be_an_id(workspace: Workspace, name: str) -> None:
    (workspace.feeds / name).write_text(FEED)
    with pytest.raises(ConfigurationError, match="the file's name cannot be an id"):
        load_configuration(workspace)


def test_a_file_that_is_not_utf8_is_told_with_its_line(workspace: Workspace) -> None:
    (workspace.feeds / "f.yaml").write_bytes(FEED.encode() + "brand: Café".encode("cp1252"))
    assert find_faults(workspace) == [Fault("feeds/f.yaml", 2, "the file is not UTF-8", "Save it as UTF-8.")]


def test_no_fault_repeats_a_full_address(workspace: Workspace) -> None:
    workspace.settings_file.write_text(SETTINGS + "policy: {crm_flags: anna.maier@kultur.example}\nanna.maier@kultur.example: 1\n")
    (workspace.feeds / "f.yaml").write_text(
        "source: anna.maier@kultur.example\ntimezone: +43 664 123 45 67\nmap: {anna.maier@kultur.example: {scope: 1}}\n"
    )
    (workspace.campaigns / "c.yaml").write_text(CAMPAIGN + "segment: \"email = 'anna.maier@kultur.example' and (\"\n")
    (workspace.campaigns / "d.yaml").write_text(CAMPAIGN + "columns: [anna.maier@kultur.example, anna.maier@kultur.example]\n")
    (workspace.campaigns / "old.yaml").write_text("organisation: 'anna.maier@kultur.example\n")
    faults = find_faults(workspace, sources=SOURCES)
    assert len(faults) >= 8
    assert not [fault for fault in faults if "anna.maier" in str(fault) or "664 123" in str(fault)]


@pytest.mark.parametrize("text", ["".join(f"k{number}: 1\n" for number in range(20_000)), "policy: {}\n" * 20_000])
def test_of_a_file_with_nothing_right_the_first_hundred_faults_are_told(workspace: Workspace, text: str) -> None:
    workspace.settings_file.write_text(text)
    assert len(find_faults(workspace)) == 100


STRANGE = ["", " ", "\t", "null", "[]", "a", "{", "}", "a: b: c", "- - -", "'", '"', "%", "@", "`", "&a", "*a", "a: *b", "<<: {}", "\ufeff"]
STRANGE += ["a: [" * 200, "organisations: {ufer: {brands: [1, 2], policy: 3, country: null}, 7: 8}", "organisations: [ufer]"]
STRANGE += ["registers: [ecg]\nmatrix: 5\nforbidden: no\nidentity: true", "map: {7: list}\nregister: ecg\nexclude: old\ncapacity: 5"]


@pytest.mark.parametrize("text", STRANGE)
@pytest.mark.parametrize("file", ["presend.yaml", "feeds/f.yaml", "campaigns/c.yaml"])
def test_no_text_makes_reading_fail(workspace: Workspace, file: str, text: str) -> None:
    (workspace.root / file).write_text(text)
    assert [fault for fault in find_faults(workspace) if fault.file == file]
