"""The tables that Python fills, each with its meaning and columns: what the steps of `sql/` read, or analysts find, and no step makes.

Whoever fills a source makes it, once in a connection. The steps and the sources are the whole graph: every table that a step reads has
one maker (a test holds it), and `presend steps` shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipeline.engines.local import insert_rows
from pipeline.steps import As

TEXT, TEXTS, FLAG, KEY, NUMBER, PLACE, INSTANT = "VARCHAR", "VARCHAR[]", "BOOLEAN", "DECIMAL(38, 0)", "BIGINT", "INTEGER", "TIMESTAMPTZ"


@dataclass(frozen=True)
class Source:
    """One table that Python fills: `columns` are DuckDB's types by name, none where a query decides them."""

    name: str
    meaning: str
    columns: Mapping[str, str]
    kept: As = As.SCRATCH_TABLE

    @property
    def target(self) -> str:
        """Its name as SQL, with its database."""
        return f'{"warehouse" if self.kept is As.TABLE else "memory"}."{self.name}"'

    def create(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make the table, without a row."""
        columns = ", ".join(f'"{name}" {kind}' for name, kind in self.columns.items())
        con.execute(f"CREATE TABLE {self.target} ({columns})")

    def fill(self, con: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[object]]) -> None:
        """Make the table, of rows in the order of its columns."""
        self.create(con)
        insert_rows(con, self.target, rows)

    def fill_one(self, con: duckdb.DuckDBPyConnection, row: Mapping[str, object]) -> None:
        """Make the table, of one row by its columns. Raises ValueError for a value that has no column."""
        if strangers := row.keys() - self.columns.keys():
            raise ValueError(f"{self.name} has no column {sorted(strangers)}")
        self.fill(con, [[row[name] for name in self.columns]])


def _texts(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), TEXT)


_COUNTS = dict.fromkeys(("rows", "loaded", "duplicate", "ignored", "rejected"), NUMBER)
_ARRIVAL = {"load_key": NUMBER, "load_order": PLACE, "organisation": TEXT}
_REGISTERED = {"candidate_no": NUMBER, **_texts("algorithm normalisation hashed")}

# ---- the ledger, at a build

LOAD = Source(
    "load",
    "Every arrival of every input file, in the order in which files count.",
    {"load_key": NUMBER, "content_key": NUMBER, "load_order": PLACE, **_texts("feed source file sha256"), "received_at": INSTANT,
     "is_refused": FLAG, "is_snapshot": FLAG, **_COUNTS, "has_events": FLAG, "feed_organisation": TEXT, "profile_first_row": NUMBER,
     "consent_first_row": NUMBER, "delivery_first_row": NUMBER, "series": TEXT, "may_repeat": FLAG, "edition_order": PLACE},
    As.TABLE,
)  # fmt: skip
LOAD_ORGANISATION = Source(
    "load_organisation", "The organisations that a profile file speaks for.", {"load_key": NUMBER, "organisation": TEXT}, As.TABLE
)
LOAD_LINE = Source(
    "load_line",
    "The lines of a feed that an arrival belongs to, with its number in each. Of feeds that were joined each was a line.",
    {"load_key": NUMBER, "line": TEXT, "arrival_no": PLACE},
)
LOAD_NOW = Source("load_now", "The profile files that count now, by organisation.", _ARRIVAL)
LOAD_PAST = Source("load_past", "The profile files that another has replaced, or whose feed is gone, by organisation.", _ARRIVAL)
EDITION_NOW = Source("edition_now", "The register files in force.", {"load_key": NUMBER})
FORMER_NAME = Source("former_name", "What something was called before, and what it is called now.", _texts("kind former name"))
SCOPE_OWNER = Source(
    "scope_owner",
    "Whose each brand and list was when rows named it; empty where it was several organisations'.",
    _texts("scope scope_id organisation"),
)
FLAG_ATTRIBUTE = Source(
    "flag_attribute",
    "The attributes that are flags, of profile files that an older version loaded by another list of names.",
    {"load_order": PLACE, "attribute": TEXT, "flag": TEXT},
)
PARQUET = {
    kind: Source(f"{kind}_parquet", f"The {rows} of the ledger's files, under present names.", {}, As.SCRATCH_VIEW)
    for kind, rows in (
        ("profile", "profile rows"),
        ("consent", "consent events"),
        ("delivery", "delivery events"),
        ("register", "entries of registers in force"),
        ("review", "messages to be read"),
        ("answer", "answers to messages"),
    )
}
PROFILE_PARQUET_NOW = Source("profile_parquet_now", "The profile rows of the files that count now.", {}, As.SCRATCH_VIEW)
WRITTEN = {
    kind: Source(f"{kind}_written", f"The rows of {kind} files as they were written, with the names of then.", {}, As.QUERY)
    for kind in ("profile", "consent", "delivery", "register", "review")
}
"""By kind; answers name nothing that could be renamed."""
STAGED = Source("staged", "The rows of one input file, each cell as it came, under the canonical columns.", {}, As.QUERY)

# ---- the configuration

ORGANISATION_SETTING = Source("organisation_setting", "The organisations.", _texts("organisation country timezone"))
SCOPE_TREE = Source("scope_tree", "Every scope, and where it stands.", _texts("scope scope_id organisation brand list"))
CHANNEL_KIND = Source("channel_kind", "The channels, and what kind of address each uses.", _texts("channel address_kind"))
IDENTITY_SETTING = Source(
    "identity_setting",
    "One row: which keys make profiles one person.",
    {"uses_external_id": FLAG, "uses_mailbox": FLAG, "uses_mobile_name": FLAG},
)
KEY_LIMIT = Source("key_limit", "How many profiles may share a key of each kind.", {"kind": TEXT, "max_profiles": PLACE})
PLACEHOLDER_MAILBOX = Source("placeholder_mailbox", "Mailboxes that make nobody one person.", {"mailbox_key": KEY})
QUARANTINE_SETTING = Source(
    "quarantine_setting",
    "One row: after how many error days an address is quarantined, and for how long.",
    {"soft_threshold": PLACE, "soft_reset_days": PLACE, "mailbox_full_days": PLACE},
)
CAMPAIGN_PLACE = Source("campaign_place", "Whose messages the campaigns are.", _texts("campaign organisation brand list"))

# ---- persons

COMPONENT = {"profile_key": KEY, "component": PLACE}
COMPONENT_EVER = Source("component_ever", "Profiles that a key ever held ties together, by component.", COMPONENT)
COMPONENT_NOW = Source("component_now", "Profiles that a key held now ties together, by component.", COMPONENT)

# ---- for analysts

BUILD = Source(
    "build",
    "The version of the ledger and the configuration that this warehouse was made of.",
    {"ledger_version": TEXT, "config_sha256": TEXT, "campaigns": TEXTS, "as_of": INSTANT},
    As.TABLE,
)
PROFILE_ATTRIBUTE = Source(
    "profile_attribute", "The names of the attributes that profiles have beside the standard columns.", {"name": TEXT}, As.TABLE
)
TOMBSTONE = Source(
    "tombstone",
    "Keyed hashes of erased addresses: they stay excluded.",
    {"keyed_hash": TEXT, "erased_at": INSTANT, "request": TEXT},
    As.TABLE,
)
CAMPAIGNS = Source(
    "campaign",
    "The campaigns as configured when the warehouse was built; one that recurs with its next delivery analysis then.",
    {**_texts("campaign organisation brand list channel message_class"), "delivery_analysis_at": INSTANT, "contact_at": INSTANT},
    As.TABLE,
)
REJECTED_ROW = Source(
    "rejected_row",
    "Every input row that could not be loaded, with its reason and the row as it came.",
    {"feed": TEXT, "file": TEXT, "received_at": INSTANT, "row_number": NUMBER, "reason": TEXT, "row": TEXT},
    As.TABLE,
)
RUN = Source(
    "run",
    "The runs that were published before this warehouse was built.",
    {**_texts("run_id campaign organisation"), "as_of": INSTANT, "delivery_analysis_at": INSTANT,
     **dict.fromkeys(("candidates", "audience", "excluded", "seeds"), NUMBER)},
    As.TABLE,
)  # fmt: skip
DECISION = Source(
    "decision",
    "One row per run and candidate: in the audience, or excluded with the primary reason.",
    _texts("run_id address profile_id person_id verdict primary_reason"),
    As.TABLE,
)
EXCLUSION = Source(
    "exclusion",
    "One row per run, candidate and reason, with the evidence.",
    {**_texts("run_id address profile_id person_id reason"), "rank": PLACE, "is_primary": FLAG,
     **_texts("reached_via scope_id evidence_source evidence_event_id"), "evidence_at": INSTANT, "detail": TEXT},
    As.TABLE,
)  # fmt: skip

# ---- a decision

CLOCK = Source(
    "clock", "One row: the instant that is asked about, and the channel, if it is about one.", {"as_of": INSTANT, "channel": TEXT}
)
CAMPAIGN = Source(
    "campaign",
    "One row: everything that the steps may know of the run.",
    {**_texts("campaign organisation brand list channel address_kind message_class reach"),
     **dict.fromkeys(("needs_mobile", "uses_mailbox", "heeds_flags", "is_double_opt_in", "may_staff_resubscribe", "is_form_widened",
                      "is_release_by_form", "is_pending_held", "is_consent_required"), FLAG),
     **dict.fromkeys(("consent_rank", "pressure_messages", "pressure_days", "capacity_max"), PLACE), "holdout_below": TEXT,
     **dict.fromkeys(("as_of", "contact_at", "delivery_analysis_at", "consent_lapsed_at", "pending_lapsed_at"), INSTANT)},
)  # fmt: skip
RUN_KEY = Source("run_key", "One row: the pads of the keyed hash.", {"inner_pad": "BLOB", "outer_pad": "BLOB"})
IN_SEGMENT = Source("in_segment", "The profiles that meet the campaign's segment.", {}, As.SCRATCH_VIEW)
ADDRESSED = Source("addressed", "The profiles in the segment, each with its address of the campaign's channel.", {}, As.SCRATCH_VIEW)
PUBLISHED = Source("published", "The rows of a published audience, where only those are asked about.", {})
FORBIDDEN_ADDRESS = Source("forbidden_address", "The addresses that the configuration forbids.", {"address_key": KEY})
FORBIDDEN_DOMAIN = Source("forbidden_domain", "The domains that the configuration forbids.", {"domain": TEXT})
REGISTER_SETTING = Source(
    "register_setting", "Where and when each register holds.", {**_texts("register channel use_when"), "has_countries": FLAG}
)
REGISTER_COUNTRY = Source("register_country", "The countries of each register that has some.", _texts("register country"))
REGISTER_TEXT = Source("register_text", "The hashes by which a hashed register knows a candidate.", _REGISTERED)
LEFT_OUT = Source(
    "left_out",
    "Who is on an audience or in a file that the campaign leaves out.",
    {"origin": TEXT, "address_key": KEY, "mailbox_key": KEY, "profile_key": KEY},
)
EXCLUSION_FOUND = Source(
    "exclusion_found",
    "Where the rules write: one row per candidate and reason.",
    {"candidate_no": NUMBER, "reason": TEXT, "rank": PLACE, **_texts("reached_via scope_id evidence_source evidence_event_id"),
     "evidence_at": INSTANT, "detail": TEXT},
)  # fmt: skip
CANDIDATE_HASH = Source(
    "candidate_hash", "The keyed hash of each candidate's address, where somebody was erased.", {"candidate_no": NUMBER, "keyed_hash": TEXT}
)
PLANNED = Source(
    "planned",
    "The rows of audiences that were published and whose messages nobody has reported yet.",
    {
        **_texts("campaign run_id organisation brand list"),
        "contact_at": INSTANT,
        "sent_from": INSTANT,
        "address_key": KEY,
        "mailbox_key": KEY,
    },
)
CAPACITY_PLACE = Source(
    "capacity_place", "Each survivor's place in the order of the campaign's cap.", {"candidate_no": NUMBER, "place": NUMBER}
)
SEED_TEXT = Source("seed_text", "The control addresses that the channel can reach.", {"address": TEXT})
REASON_RANK = Source("reason_rank", "The reasons in their order.", {"reason": TEXT, "rank": PLACE})

ALL: tuple[Source, ...] = tuple(found for found in list(globals().values()) if isinstance(found, Source)) + (
    *PARQUET.values(),
    *WRITTEN.values(),
)
"""Every source."""
KEPT = {source.name: source for source in ALL if source.kept is As.TABLE}
"""Those that analysts find in the warehouse."""
