"""The small tables that the steps of a decision read: the campaign, its segment, forbidden addresses, registers, who is left out."""

from datetime import timedelta

import duckdb

from pipeline import addresses, outbox, sources, steps
from pipeline.config import Campaign, Configuration, Names
from pipeline.config.attributes import NO_ORDER, NUMBER
from pipeline.decision.address_files import read_addresses
from pipeline.decision.inputs import Inputs
from pipeline.decision.lists import countries_of
from pipeline.errors import ConfigurationError
from pipeline.outbox import Run
from pipeline.vocabulary import AddressKind, Named
from pipeline.workspace import Workspace

CONSENT_RANK = {"none": 3, "any": 3, "list": 3, "brand": 2, "organisation": 1}
"""The narrowest scope whose opt-in satisfies `consent_required`: 0 group, 1 organisation, 2 brand, 3 list."""
HOLDOUT_DIGITS = 12
MOST_MEANINGLESS = 100
"""One of so many values of a column that a segment compares may be none (domain §8)."""
_TYPES_REMEDY = (
    "Say how they are written in the YAML of their feed, "
    'e.g. attributes: {{{columns}: {{type: date, format: "%d.%m.%Y"}}}} or {{type: number, format: "1.234,56"}},'
    ' and which words mean no value: empty: ["n/v"].'
)
_MAILBOX = "key_of(CASE WHEN contains(address, '@') THEN mailbox_of(address) ELSE address END)"
STANDARD_COLUMNS = (
    "profile_id", "organisation", "email", "phone", "first_name", "last_name", "birth_date", "street", "postal_code", "city",
    "country", "language", "updated_at", "external_id",
)  # fmt: skip


def describe_campaign(con: duckdb.DuckDBPyConnection, configuration: Configuration, inputs: Inputs) -> None:
    """The one-row tables `campaign` and `clock`: everything that the steps may know of the run."""
    campaign, policy, as_of = inputs.campaign, inputs.organisation.policy, inputs.as_of
    lapsed = None if policy.consent_valid_days is None else campaign.contact_at - timedelta(days=policy.consent_valid_days)
    values: dict[str, object] = {
        "campaign": campaign.id,
        "organisation": campaign.organisation,
        "brand": campaign.brand,
        "list": campaign.list,
        "channel": str(campaign.channel),
        "address_kind": str(campaign.channel.kind),
        "needs_mobile": campaign.channel.needs_mobile,
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
        "as_of": as_of,
        "contact_at": campaign.contact_at,
        "delivery_analysis_at": campaign.delivery_analysis_at,
        "consent_lapsed_at": lapsed,
        "pending_lapsed_at": as_of - timedelta(days=policy.pending_opt_out_days),
    }
    sources.CAMPAIGN.fill_one(con, values)
    sources.CLOCK.fill(con, [(as_of, values["channel"])])


def describe_segment(con: duckdb.DuckDBPyConnection, campaign: Campaign, attributes: frozenset[str]) -> None:
    """`in_segment`: the profiles that meet the campaign's segment. Raises ConfigurationError where it does not fit them."""
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
                remedy=f"A name with spaces or signs stands in double quotes in a segment. Known: {', '.join(sorted(known))}.",
            )
    condition = "true" if campaign.segment is None else campaign.segment.sql(attributes)
    con.execute(f"CREATE VIEW {sources.IN_SEGMENT.target} AS SELECT * FROM warehouse.profile AS profile WHERE ({condition})")
    try:
        con.execute("SELECT count(*) FROM in_segment").fetchone()
    except duckdb.Error as error:
        raise ConfigurationError(
            f"the segment does not fit the profiles ({type(error).__name__})",
            where=f"campaigns/{campaign.id}.yaml",
            remedy="Compare texts with texts, e.g. postal_code like '35%', or convert with try_cast(… as integer).",
        ) from None
    require_readable(con, campaign, attributes)


def require_readable(con: duckdb.DuckDBPyConnection, campaign: Campaign, attributes: frozenset[str]) -> None:
    """`segment_value`: how many values the campaign's segment and cap read as dates, numbers and the like, and how many are none.

    An empty cell holds no value. Raises ConfigurationError where more than a hundredth of a column's values are none: compared as
    the segment says, the others would be the wrong people.
    """
    con.execute("CREATE TABLE segment_value (setting VARCHAR, columns VARCHAR, filled BIGINT, meaningless BIGINT)")
    written = [("segment", campaign.segment), ("capacity.order", campaign.capacity.order if campaign.capacity else None)]
    for setting, expression in written:
        for reading in expression.readings(attributes) if expression is not None else ():
            con.execute(
                f"""INSERT INTO segment_value
                SELECT $setting, $columns, count(*), count(*) FILTER (cell_value IS NULL)
                FROM (
                    SELECT {reading.text} AS cell, {reading.value} AS cell_value
                    FROM warehouse.profile AS profile WHERE organisation = $organisation
                )
                WHERE trim(cell) <> ''""",
                {"setting": setting, "columns": reading.columns, "organisation": campaign.organisation},
            )
    for setting, columns, filled, meaningless in con.execute("FROM segment_value ORDER BY ALL").fetchall():
        if meaningless * MOST_MEANINGLESS > filled:
            raise ConfigurationError(
                f"{setting} compares {columns} with a date or a number, and {meaningless:,} of its {filled:,} values are none",
                where=f"campaigns/{campaign.id}.yaml",
                remedy=_TYPES_REMEDY.format(columns=columns),
            )
    if campaign.capacity is not None:
        _require_order(con, campaign, attributes)


def _require_order(con: duckdb.DuckDBPyConnection, campaign: Campaign, attributes: frozenset[str]) -> None:
    """Raise ConfigurationError where the cap's order would take dates or numbers letter by letter, and so the wrong people."""
    assert campaign.capacity is not None
    for reading in campaign.capacity.order.by_letters(attributes):
        ((filled, numbers, widths, others),) = con.execute(
            f"""SELECT
                count(*), count(*) FILTER (regexp_full_match(cell, $number)), count(DISTINCT length(split_part(cell, '.', 1))),
                count(*) FILTER (regexp_full_match(cell, $no_order))
            FROM (SELECT trim({reading.text}) AS cell FROM warehouse.profile AS profile WHERE organisation = $organisation)
            WHERE cell <> ''""",
            {"number": NUMBER, "no_order": NO_ORDER, "organisation": campaign.organisation},
        ).fetchall()
        meant = (numbers if widths > 1 else 0) + others
        if filled and (filled - meant) * MOST_MEANINGLESS <= filled:
            raise ConfigurationError(
                f"capacity.order would take {reading.columns} letter by letter, and its values are numbers or dates",
                where=f"campaigns/{campaign.id}.yaml",
                remedy=_TYPES_REMEDY.format(columns=reading.columns),
            )


def place_by_order(con: duckdb.DuckDBPyConnection, campaign: Campaign, attributes: frozenset[str]) -> None:
    """`capacity_place`: each survivor's place in the order of the campaign's cap, ties by keyed hash."""
    assert campaign.capacity is not None
    order = campaign.capacity.order.sql(attributes)
    sources.CAPACITY_PLACE.create(con)
    con.execute(
        f"""INSERT INTO {sources.CAPACITY_PLACE.target}
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


def describe_forbidden(con: duckdb.DuckDBPyConnection, configuration: Configuration) -> None:
    """`forbidden_address` and `forbidden_domain`, from the configuration."""
    sources.FORBIDDEN_ADDRESS.create(con)
    countries = countries_of(configuration)
    meant = [addresses.addresses_meant(text, countries) for text in configuration.forbidden.addresses]
    con.execute(
        "INSERT INTO forbidden_address SELECT DISTINCT key_of(address) FROM (SELECT unnest($addresses::VARCHAR[]) AS address)",
        {"addresses": sorted(set().union(*meant))},
    )
    domains = {addresses.domain_meant(text) for text in configuration.forbidden.domains}
    sources.FORBIDDEN_DOMAIN.fill(con, [(domain,) for domain in sorted(filter(None, domains))])


def describe_registers(con: duckdb.DuckDBPyConnection, configuration: Configuration) -> None:
    """`register_setting` and `register_country`, from the configuration. A register that only the ledger names holds always, and on every
    channel, since nobody says on which (domain §8)."""
    registers = configuration.registers
    settings = [(name, str(register.channel), register.use, bool(register.countries)) for name, register in registers.items()]
    sources.REGISTER_SETTING.fill(con, settings)
    con.execute(
        """INSERT INTO register_setting SELECT DISTINCT register, 'any', 'always', false FROM register_entry
        ANTI JOIN register_setting USING (register)"""
    )
    sources.REGISTER_COUNTRY.fill(con, [(name, country) for name, register in registers.items() for country in register.countries])


def describe_left_out(con: duckdb.DuckDBPyConnection, workspace: Workspace, configuration: Configuration, inputs: Inputs) -> None:
    """`left_out`: addresses and profiles on audiences and in files that the campaign leaves out."""
    names = configuration.names
    campaign = inputs.campaign
    sources.LEFT_OUT.create(con)
    for run in inputs.left_out:
        con.execute(
            f"""INSERT INTO left_out SELECT $origin, key_of(address), NULL, key_of($organisation || chr(31) || profile_id)
            FROM {outbox.audience_rows(run)} WHERE NOT is_seed""",
            {"origin": f"campaign {run.campaign}", "organisation": names.now(Named.ORGANISATION, run.organisation)},
        )
    countries = [inputs.organisation.country]
    for name in campaign.exclude_files:
        read_addresses(con, workspace, name, countries)
        con.execute(
            f"""INSERT INTO left_out
            SELECT DISTINCT $origin, key_of(address), CASE WHEN campaign.uses_mailbox THEN {_MAILBOX} END, NULL
            FROM address_read CROSS JOIN campaign""",
            {"origin": f"file {name}"},
        )


def count_messages(con: duckdb.DuckDBPyConnection, configuration: Configuration, inputs: Inputs) -> None:
    """`message`: what persons got or are about to get; made only where somebody's limit asks for it."""
    sources.PLANNED.create(con)
    for run in inputs.planned:
        place = _place_of(run, configuration.names) | {"contact_at": run.manifest["contact_at"]}
        sent_from = run.as_of if run.campaign in inputs.several else None
        con.execute(
            f"""INSERT INTO planned
            SELECT $campaign, $run_id, $organisation, $brand, $list, $contact_at::TIMESTAMPTZ, $sent_from::TIMESTAMPTZ,
                key_of(address), {_MAILBOX}
            FROM {outbox.audience_rows(run)} WHERE NOT is_seed""",
            {"campaign": run.campaign, "run_id": run.run_id, "sent_from": sent_from, **place},
        )
    steps.make(con, steps.read("4_decision/sets/message"))


def _place_of(run: Run, names: Names) -> dict[str, str | None]:
    """Whose message a run's audience gets, as that is called now; None where nobody knows it any more: it counts for everybody."""
    said = {kind: run.manifest[str(kind)] for kind in (Named.ORGANISATION, Named.BRAND, Named.LIST)}
    return {str(kind): names.now(kind, name) if name and names.knows(kind, name) else None for kind, name in said.items()}


def clear_seeds(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    """`seed_address`: the control addresses that are valid, not erased, forbidden, quarantined or denied, and not in the audience."""
    sources.SEED_TEXT.fill(con, [(address,) for address in sorted(_control_addresses(inputs))])
    steps.make(con, steps.read("4_decision/verdict/seed_address"))


def _control_addresses(inputs: Inputs) -> set[str]:
    """The control addresses that the campaign's channel can reach."""
    country = inputs.organisation.country
    meant = set().union(*(addresses.addresses_meant(text, [country]) for text in inputs.campaign.seeds))
    channel = inputs.campaign.channel
    if channel.kind is AddressKind.EMAIL:
        return {address for address in meant if "@" in address}
    phones = (addresses.read_phone(address, country) for address in meant)
    return {phone.number for phone in phones if phone and not (channel.needs_mobile and phone.line is addresses.Line.FIXED)}
