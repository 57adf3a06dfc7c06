"""One campaign's decision: who is a candidate, what speaks against each, and who is left.

The rules are `sql/4_decision/rules/*.sql`, one reason a file; each selects the candidates that it excludes, with its
evidence. The set-wise steps come after them, each over the survivors of the one before (domain §6). Sending is the absence
of reasons.

A decision is a function of the ledger's version, the configuration, the campaign, `as_of`, the runs of other campaigns that
it reads and, where lots are drawn, the key. `run_id` is made of exactly these.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from pipeline import addresses, outbox, steps, warehouse
from pipeline.config import Campaign, Configuration, Organisation
from pipeline.engines.local import insert_rows
from pipeline.errors import AnotherWriter, ConfigurationError, UsageError
from pipeline.hashes import describe_key, hash_for_registers, hash_for_tombstones
from pipeline.logs import Progress
from pipeline.outbox import Run
from pipeline.vocabulary import MATRIX, RANK, Channel, MessageClass, Reason
from pipeline.workspace import Workspace

SET_WISE = (
    Reason.DUPLICATE_ADDRESS,
    Reason.DUPLICATE_PERSON,
    Reason.FREQUENCY,
    Reason.PRESSURE,
    Reason.HOLDOUT,
    Reason.CAPACITY,
)
CONSENT_RANK = {"none": 3, "any": 3, "list": 3, "brand": 2, "organisation": 1}
"""The narrowest scope whose opt-in satisfies `consent_required`: 0 group, 1 organisation, 2 brand, 3 list."""
HOLDOUT_DIGITS = 12
STANDARD_COLUMNS = (
    "profile_id", "organisation", "email", "phone", "first_name", "last_name", "birth_date", "street", "postal_code", "city",
    "country", "language", "updated_at", "external_id",
)  # fmt: skip
CELLS = r"""SELECT trim(trim(cell), '"') AS text FROM (SELECT unnest(string_split_regex($content, '[,;\s]*[,;\t\r\n][,;\s]*')) AS cell)"""
"""The cells of a file that holds addresses, whatever its columns and separator."""
VIEWS = frozenset({"candidate_person", "reached_pair", "register_hit", "register_here", "consent_given"})


@dataclass(frozen=True)
class Inputs:
    """What a decision is made of; two equal inputs are the same run."""

    campaign: Campaign
    organisation: Organisation
    as_of: datetime
    ledger_version: str
    config_sha256: str
    left_out: tuple[Run, ...] = ()
    planned: tuple[Run, ...] = ()
    previous: Run | None = None
    recurring: frozenset[str] = frozenset()
    """Campaigns among the planned ones that recur: each of their occurrences is a message of its own."""

    @property
    def reads(self) -> tuple[Run, ...]:
        """The other runs that the decision reads: audiences that are left out, and messages about to go out."""
        found = {run.run_id: run for run in (*self.left_out, *self.planned)}
        return tuple(found[run_id] for run_id in sorted(found))

    @property
    def run_id(self) -> str:
        """`<as_of>-<8 hex of the inputs' hash>` (contract §3)."""
        told = [self.campaign.id, self.as_of.isoformat(), self.ledger_version, self.config_sha256, [run.run_id for run in self.reads],
                None if self.previous is None else self.previous.run_id]  # fmt: skip
        told += sorted(self.recurring)
        digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        return f"{self.as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"


@dataclass(frozen=True)
class Decision:
    """A decided campaign: tables `candidate`, `exclusion` and `decision` in `con`."""

    con: duckdb.DuckDBPyConnection
    inputs: Inputs
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def run_id(self) -> str:
        return self.inputs.run_id

    @property
    def campaign(self) -> Campaign:
        return self.inputs.campaign

    @property
    def organisation(self) -> Organisation:
        return self.inputs.organisation

    @property
    def as_of(self) -> datetime:
        return self.inputs.as_of

    @property
    def ledger_version(self) -> str:
        return self.inputs.ledger_version

    @property
    def config_sha256(self) -> str:
        return self.inputs.config_sha256

    @property
    def previous_runs(self) -> tuple[str, ...]:
        return tuple(run.run_id for run in self.inputs.reads)


def inputs_of(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime, ledger_version: str) -> Inputs:
    """Everything that the decision about `campaign` at `as_of` depends on, from the workspace as it is."""
    planned = tuple(planned_runs(workspace, configuration, campaign, as_of))
    return Inputs(
        campaign,
        configuration.organisations[campaign.organisation],
        as_of,
        ledger_version,
        _with_files(workspace, configuration, campaign),
        tuple(_left_out_runs(workspace, campaign, as_of)),
        planned,
        outbox.previous_run(workspace, campaign.organisation, campaign.id, as_of),
        _recurring(configuration) & {run.campaign for run in planned},
    )


def _with_files(workspace: Workspace, configuration: Configuration, campaign: Campaign) -> str:
    """The configuration's fingerprint, with the content of the files that the campaign leaves out."""
    digest = hashlib.sha256(configuration.sha256_for(campaign).encode())
    for name in campaign.exclude_files:
        digest.update(hashlib.sha256(workspace.inside(name).read_bytes()).digest())
    return digest.hexdigest() if campaign.exclude_files else configuration.sha256_for(campaign)


def _left_out_runs(workspace: Workspace, campaign: Campaign, as_of: datetime) -> list[Run]:
    """The newest published audience of each campaign that this one leaves out."""
    found: list[Run] = []
    for name in campaign.exclude:
        runs = [run for run in outbox.all_runs(workspace) if run.campaign == name and run.as_of <= as_of]
        if runs:
            found.append(max(runs, key=lambda run: (run.as_of, run.run_id)))
    return found


def planned_runs(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime) -> list[Run]:
    """Other campaigns' newest audiences on the channel that come before this one: by contact, then by (analysis, id).

    Where a campaign recurs, it is the newest of each occurrence, and an earlier occurrence of this campaign is another one.
    """
    newest: dict[tuple[str, str, str], Run] = {}
    recurring = _recurring(configuration)
    for run in outbox.all_runs(workspace):
        recurs = run.campaign in recurring
        if (recurs or run.campaign != campaign.id) and run.as_of <= as_of and run.manifest["channel"] == str(campaign.channel):
            key = (run.organisation, run.campaign, run.manifest["delivery_analysis_at"] if recurs else "")
            if key not in newest or (newest[key].as_of, newest[key].run_id) < (run.as_of, run.run_id):
                newest[key] = run
    ours = (campaign.contact_at, campaign.delivery_analysis_at, campaign.id)

    def place(run: Run) -> tuple[datetime, datetime, str]:
        contact = datetime.fromisoformat(run.manifest["contact_at"])
        return contact, datetime.fromisoformat(run.manifest["delivery_analysis_at"]), run.campaign

    oldest = campaign.contact_at - timedelta(days=_longest_window(configuration, campaign))
    return [run for _, run in sorted(newest.items()) if place(run) < ours and place(run)[0] >= oldest]


def _recurring(configuration: Configuration) -> frozenset[str]:
    return frozenset(name for name, campaign in configuration.campaigns.items() if campaign.recurrence is not None)


def _longest_window(configuration: Configuration, campaign: Campaign) -> int:
    pressure = configuration.organisations[campaign.organisation].policy.pressure
    return max(pressure.per_days if pressure else 0, 366)


@contextmanager
def decided(
    workspace: Workspace,
    configuration: Configuration,
    inputs: Inputs,
    progress: Progress,
    *,
    database: Path | None = None,
    environ: Mapping[str, str] | None = None,
    among: Run | None = None,
) -> Iterator[Decision]:
    """Decide over the warehouse (or another database built like it); the decision lives inside the block.

    `among` are the only ones asked about: the profiles and addresses of a run's audience, in `published`, as far as they still belong
    together and to the campaign.
    Raises ConfigurationError when the segment, an order or a column does not fit the profiles, or a key is missing.
    """
    with warehouse.opened(workspace, database) as con:
        ((version,),) = con.execute("SELECT ledger_version FROM build").fetchall()
        if version != inputs.ledger_version:
            # A run must name the very ledger that it was decided over (promise 5).
            raise AnotherWriter("the warehouse was replaced meanwhile", where="warehouse/presend.duckdb", remedy="Run the command again.")
        warehouse.describe_configuration(con, configuration)
        addresses.install(con, {organisation.country for organisation in configuration.organisations.values()})
        _describe_campaign(con, configuration, inputs)
        describe_key(con, inputs.campaign, os.environ if environ is None else environ)
        attributes = frozenset(str(name) for (name,) in con.execute("SELECT name FROM profile_attribute").fetchall())
        _describe_segment(con, inputs.campaign, attributes)
        channel = inputs.campaign.channel if inputs.campaign.channel in ("email", "sms") else "phone"
        addressed = steps.read(f"4_decision/channel/{channel}").sql
        if among is not None:
            con.execute(f"CREATE TABLE published AS SELECT address, profile_id, person_id, is_seed FROM {outbox.audience_rows(among)}")
            addressed = f"SELECT * FROM ({addressed}\n) AS addressed SEMI JOIN published USING (profile_id, address)"
        con.execute(f"CREATE VIEW addressed AS {addressed}")
        _describe_forbidden(con, configuration)
        _describe_registers(con, configuration)
        _describe_left_out(con, workspace, inputs)
        for step in steps.folder("3_state/as_of"):
            steps.make_table(con, step)
        yield Decision(con, inputs, _decide(con, configuration, inputs, attributes, progress))


def _decide(
    con: duckdb.DuckDBPyConnection, configuration: Configuration, inputs: Inputs, attributes: frozenset[str], progress: Progress
) -> dict[str, int]:
    applying = reasons_for(configuration, inputs.campaign)
    for step in steps.folder("4_decision"):
        if step.name == "register_hit":
            hash_for_registers(con)
        with progress.step(f"4_decision/{step.name}") as counts:
            if step.name in VIEWS:
                steps.make_view(con, step)
            else:
                counts["rows"] = steps.make_table(con, step)
    steps.run_script(con, "0_schema/exclusion")
    hash_for_tombstones(con)
    for step in steps.folder("4_decision/rules"):
        reason = Reason(step.name)
        if reason in applying:
            with progress.step(f"rule {reason}") as counts:
                counts["excluded"] = _record(con, reason, step)
    survivor = steps.read("4_decision/sets/survivor")
    steps.make_view(con, survivor)
    wishes = con.execute("SELECT count(*) FROM standing WHERE kind = 'frequency'").fetchall()[0][0]
    asked = [reason for reason in SET_WISE if _is_asked(reason, applying, inputs, has_wishes=wishes > 0)]
    if Reason.FREQUENCY in asked or Reason.PRESSURE in asked:
        _count_messages(con, inputs)
    for reason in asked:
        if reason is Reason.CAPACITY:
            _place_by_order(con, inputs.campaign, attributes)
        with progress.step(f"rule {reason}") as counts:
            counts["excluded"] = _record(con, reason, steps.read(f"4_decision/sets/{reason}"))
    steps.make_table(con, steps.read("4_decision/verdict/exclusion"))
    steps.make_view(con, steps.read("4_decision/verdict/decision"))
    steps.make_view(con, steps.read("4_decision/verdict/candidate_record"))
    _clear_seeds(con, inputs)
    ((candidates, audience, excluded),) = con.execute(steps.read("5_publication/candidate_count").sql).fetchall()
    return {"candidates": candidates, "audience": audience, "excluded": excluded}


def reasons_for(configuration: Configuration, campaign: Campaign) -> frozenset[Reason]:
    """The reasons that the matrix and `service_respects` let apply to the campaign's message class."""
    message_class = MessageClass(campaign.message_class)
    applying = configuration.matrix.get(message_class, MATRIX[message_class])
    if message_class is MessageClass.SERVICE:
        respected = configuration.organisations[campaign.organisation].policy.service_respects
        applying = applying | {Reason(f"opted_out_{scope}") for scope in respected}
    return applying


def _is_asked(reason: Reason, applying: frozenset[Reason], inputs: Inputs, *, has_wishes: bool) -> bool:
    asked = {
        Reason.DUPLICATE_PERSON: inputs.campaign.one_message_per == "person",
        Reason.FREQUENCY: has_wishes,
        Reason.PRESSURE: inputs.organisation.policy.pressure is not None,
        Reason.HOLDOUT: inputs.campaign.holdout > 0,
        Reason.CAPACITY: inputs.campaign.capacity is not None,
    }
    return reason in applying and asked.get(reason, True)


def _record(con: duckdb.DuckDBPyConnection, reason: Reason, step: steps.Step) -> int:
    """Keep what a rule selects. BY NAME: a misspelt column is an error here, not an address that slips through."""
    done = con.execute(
        f"INSERT INTO exclusion_found BY NAME SELECT $reason AS reason, $rank AS rank, * FROM ({step.sql}\n)",
        {"reason": str(reason), "rank": RANK[reason]},
    ).fetchone()
    return int(done[0]) if done else 0


def _describe_campaign(con: duckdb.DuckDBPyConnection, configuration: Configuration, inputs: Inputs) -> None:
    """The one-row tables `campaign` and `clock`: everything that the steps may know of the run."""
    campaign, policy, as_of = inputs.campaign, inputs.organisation.policy, inputs.as_of
    lapsed = None if policy.consent_valid_days is None else campaign.contact_at - timedelta(days=policy.consent_valid_days)
    values: dict[str, object] = {
        "campaign": campaign.id,
        "organisation": campaign.organisation,
        "brand": campaign.brand,
        "list": campaign.list,
        "channel": str(campaign.channel),
        "address_kind": "email" if str(campaign.channel) == "email" else "phone",
        "message_class": str(campaign.message_class),
        "reach": policy.opt_out_reach,
        "uses_mailbox": "mailbox" in configuration.identity.keys,
        "heeds_flags": policy.crm_flags == "restrict",
        "is_double_opt_in": policy.double_opt_in == "required",
        "may_staff_resubscribe": policy.staff_resubscribe == "with_legal_basis",
        "is_form_widened": policy.resubscribe_reach == "organisation",
        "is_release_by_form": configuration.quarantine.release_on_confirmed_opt_in,
        "is_pending_held": policy.pending_opt_out == "hold",
        "is_consent_required": policy.consent_required != "none",
        "consent_rank": CONSENT_RANK[policy.consent_required],
        "pressure_messages": policy.pressure.max_messages if policy.pressure else None,
        "pressure_days": policy.pressure.per_days if policy.pressure else None,
        "capacity_max": campaign.capacity.max if campaign.capacity else None,
        "holdout_below": f"{round(campaign.holdout * 16**HOLDOUT_DIGITS):0{HOLDOUT_DIGITS}x}",
    }
    moments: dict[str, datetime | None] = {
        "as_of": as_of,
        "contact_at": campaign.contact_at,
        "delivery_analysis_at": campaign.delivery_analysis_at,
        "consent_lapsed_at": lapsed,
        "pending_lapsed_at": as_of - timedelta(days=policy.pending_opt_out_days),
    }
    # Typed, because a NULL has no type of its own.
    numbers = ("consent_rank", "pressure_messages", "pressure_days", "capacity_max")
    kinds = {name: "BOOLEAN" if isinstance(value, bool) else "INTEGER" if name in numbers else "VARCHAR" for name, value in values.items()}
    kinds |= dict.fromkeys(moments, "TIMESTAMPTZ")
    columns = ", ".join(f"${name}::{kind} AS {name}" for name, kind in kinds.items())
    con.execute(f"CREATE TABLE memory.campaign AS SELECT {columns}", {**values, **moments})
    con.execute("CREATE TABLE memory.clock AS SELECT as_of, channel FROM memory.campaign")


def _describe_segment(con: duckdb.DuckDBPyConnection, campaign: Campaign, attributes: frozenset[str]) -> None:
    known = {name.lower() for name in (*STANDARD_COLUMNS, *attributes)}
    wanted: list[tuple[str, str]] = [("columns", name) for name in campaign.columns]
    if campaign.segment is not None:
        wanted += [("segment", name) for name in campaign.segment.columns]
    if campaign.capacity is not None:
        wanted += [("capacity.order", name) for name in campaign.capacity.order.columns]
    rows = con.execute("SELECT count(*) FROM profile_record").fetchone()
    for setting, name in wanted:
        if name.lower() not in known and rows and rows[0]:
            raise ConfigurationError(
                f"{setting} names {name!r}, and no profile feed has such a column",
                where=f"campaigns/{campaign.id}.yaml",
                remedy=f"Known: {', '.join(sorted(known))}.",
            )
    condition = "true" if campaign.segment is None else campaign.segment.sql(attributes)
    con.execute(f"CREATE VIEW in_segment AS SELECT * FROM warehouse.profile AS profile WHERE ({condition})")
    try:
        con.execute("SELECT count(*) FROM in_segment").fetchone()
    except duckdb.Error as error:
        raise ConfigurationError(
            f"the segment does not fit the profiles ({type(error).__name__})",
            where=f"campaigns/{campaign.id}.yaml",
            remedy="Compare texts with texts, e.g. postal_code like '35%', or convert with try_cast(… as integer).",
        ) from None


def _place_by_order(con: duckdb.DuckDBPyConnection, campaign: Campaign, attributes: frozenset[str]) -> None:
    assert campaign.capacity is not None
    order = campaign.capacity.order.sql(attributes)
    con.execute(
        f"""CREATE TABLE capacity_place AS
        SELECT survivor.candidate_no, row_number() OVER (
            ORDER BY {order},
            keyed_hash(run_key.inner_pad, run_key.outer_pad, campaign.campaign || chr(31) || CAST(survivor.person_key AS VARCHAR)),
            survivor.candidate_no
        ) AS place
        FROM survivor
        INNER JOIN warehouse.profile AS profile ON survivor.candidate_no = profile.profile_no
        CROSS JOIN campaign
        CROSS JOIN run_key"""
    )


def _describe_forbidden(con: duckdb.DuckDBPyConnection, configuration: Configuration) -> None:
    con.execute("CREATE TABLE forbidden_address (address_key DECIMAL(38, 0))")
    con.execute("CREATE TABLE forbidden_domain (domain VARCHAR)")
    countries = sorted({organisation.country for organisation in configuration.organisations.values()})
    _read_addresses(con, "SELECT unnest($texts::VARCHAR[]) AS text", {"texts": configuration.forbidden.addresses}, countries)
    con.execute("INSERT INTO forbidden_address SELECT DISTINCT key_of(address) FROM address_read")
    insert_rows(con, "forbidden_domain", [(_domain(text),) for text in configuration.forbidden.domains])


def _domain(text: str) -> str:
    email = addresses.read_email(f"x@{text.strip().lstrip('@')}")
    return email.address.partition("@")[2] if email else text.strip().lower()


def _read_addresses(con: duckdb.DuckDBPyConnection, texts: str, parameters: Mapping[str, object], countries: list[str]) -> None:
    """`address_read` (text, address): what the texts of a query mean; the macros read what is plain, the libraries the rest."""
    con.execute(f"CREATE OR REPLACE TABLE text_to_read AS SELECT DISTINCT text FROM ({texts}) WHERE text <> ''", parameters)
    con.execute(
        """CREATE OR REPLACE TABLE address_read AS SELECT text, CASE
            WHEN contains(text, '@') THEN plain_email(text) ELSE plain_phone(text, country) END AS address
        FROM text_to_read CROSS JOIN (SELECT unnest($countries) AS country)""",
        {"countries": countries},
    )
    rest = con.execute("SELECT DISTINCT text FROM address_read WHERE address IS NULL ORDER BY ALL").fetchall()
    con.execute("DELETE FROM address_read WHERE address IS NULL")
    insert_rows(con, "address_read", [(text, address) for (text,) in rest for address in sorted(readings(text, countries))])


def readings(text: str, countries: list[str]) -> set[str]:
    """The addresses that a text of the configuration or a file means: one e-mail address, or a number as each country reads it."""
    if "@" in text:
        email = addresses.read_email(text)
        return {email.address} if email else set()
    phones = [addresses.read_phone(text, country) for country in countries]
    return {phone.number for phone in phones if phone}


def _describe_registers(con: duckdb.DuckDBPyConnection, configuration: Configuration) -> None:
    con.execute("CREATE TABLE register_setting (register VARCHAR, channel VARCHAR, use_when VARCHAR, has_countries BOOLEAN)")
    con.execute("CREATE TABLE register_country (register VARCHAR, country VARCHAR)")
    registers = configuration.registers
    settings = [(name, str(register.channel), register.use, bool(register.countries)) for name, register in registers.items()]
    insert_rows(con, "register_setting", settings)
    insert_rows(con, "register_country", [(name, country) for name, register in registers.items() for country in register.countries])


def _describe_left_out(con: duckdb.DuckDBPyConnection, workspace: Workspace, inputs: Inputs) -> None:
    """`left_out`: addresses and profiles on audiences and in files that the campaign leaves out."""
    campaign = inputs.campaign
    con.execute("CREATE TABLE left_out (origin VARCHAR, address_key DECIMAL(38, 0), profile_key DECIMAL(38, 0))")
    for run in inputs.left_out:
        con.execute(
            f"""INSERT INTO left_out SELECT $origin, key_of(address), key_of($organisation || chr(31) || profile_id)
            FROM {outbox.audience_rows(run)} WHERE NOT is_seed""",
            {"origin": f"campaign {run.campaign}", "organisation": run.organisation},
        )
    countries = [inputs.organisation.country]
    for name in campaign.exclude_files:
        content = workspace.inside(name).read_text(encoding="utf-8-sig", errors="replace")
        _read_addresses(con, CELLS, {"content": content}, countries)
        con.execute("INSERT INTO left_out SELECT DISTINCT $origin, key_of(address), NULL FROM address_read", {"origin": f"file {name}"})


def _count_messages(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    """`message`: what persons got or are about to get; made only where somebody's limit asks for it."""
    con.execute(
        """CREATE TABLE planned (campaign VARCHAR, run_id VARCHAR, organisation VARCHAR, brand VARCHAR, list VARCHAR,
        contact_at TIMESTAMPTZ, sent_from TIMESTAMPTZ, address_key DECIMAL(38, 0), mailbox_key DECIMAL(38, 0))"""
    )
    for run in inputs.planned:
        place = {name: run.manifest[name] for name in ("brand", "list", "contact_at")}
        sent_from = run.as_of if run.campaign in inputs.recurring else None
        con.execute(
            f"""INSERT INTO planned
            SELECT $campaign, $run_id, $organisation, $brand, $list, $contact_at::TIMESTAMPTZ, $sent_from::TIMESTAMPTZ,
                key_of(address), key_of(CASE WHEN contains(address, '@') THEN mailbox_of(address) ELSE address END)
            FROM {outbox.audience_rows(run)} WHERE NOT is_seed""",
            {"campaign": run.campaign, "run_id": run.run_id, "organisation": run.organisation, "sent_from": sent_from, **place},
        )
    steps.make_table(con, steps.read("4_decision/sets/message"))


def _clear_seeds(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    """`seed_address`: the control addresses that are valid, not erased, forbidden, quarantined or denied, and not in the audience."""
    con.execute("CREATE TABLE seed_text (address VARCHAR)")
    insert_rows(con, "seed_text", [(address,) for address in sorted(_control_addresses(inputs))])
    steps.make_table(con, steps.read("4_decision/verdict/seed_address"))


def _control_addresses(inputs: Inputs) -> set[str]:
    """The control addresses that the campaign's channel can reach."""
    if inputs.campaign.channel is Channel.EMAIL:
        emails = map(addresses.read_email, inputs.campaign.seeds)
        return {email.address for email in emails if email}
    phones = (addresses.read_phone(text, inputs.organisation.country) for text in inputs.campaign.seeds)
    is_text = inputs.campaign.channel is Channel.SMS
    return {phone.number for phone in phones if phone and not (is_text and phone.line is addresses.Line.FIXED)}


def as_utc(text: str) -> datetime:
    """An ISO 8601 instant from the command line. Raises UsageError when it has no offset or is no time."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time", where="--as-of", remedy="Write it like 2026-11-25T07:00:00Z.") from None
    if instant.tzinfo is None:
        raise UsageError(f"{text!r} has no offset", where="--as-of", remedy="Write it like 2026-11-25T07:00:00Z.")
    if not 2000 <= instant.year < 2200:  # as for the moments of a campaign: at the ends of the calendar nothing can be computed
        raise UsageError(f"{text!r} lies outside the years 2000 to 2199", where="--as-of", remedy="Write it like 2026-11-25T07:00:00Z.")
    return instant.astimezone(UTC)
