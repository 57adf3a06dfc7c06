"""Decides: the steps of sql/4_decision in their order, over the warehouse.

The rules are `sql/4_decision/rules/*.sql`, one reason a file; each selects the candidates that it excludes, with its
evidence. The set-wise steps come after them, each over the survivors of the one before (domain §6). Sending is the absence
of reasons.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline import addresses, outbox, sources, steps, warehouse
from pipeline.config import Campaign, Configuration
from pipeline.decision import one_to_one
from pipeline.decision.inputs import Decision, Inputs
from pipeline.decision.tables import (
    clear_seeds,
    count_messages,
    describe_campaign,
    describe_forbidden,
    describe_left_out,
    describe_registers,
    describe_segment,
    place_by_order,
)
from pipeline.errors import AnotherWriter
from pipeline.hashes import describe_key, hash_for_registers, hash_for_tombstones
from pipeline.logs import Progress
from pipeline.outbox import Run
from pipeline.reasons import MATRIX, Question, Reason
from pipeline.vocabulary import MessageClass
from pipeline.workspace import Workspace

FILLED = (steps.Filled(sources.REGISTER_TEXT.name, ("candidate", "register_entry", "register_setting"), hash_for_registers),)
"""What Python fills between the steps of 4_decision."""


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
        describe_campaign(con, configuration, inputs)
        describe_key(con, inputs.campaign, os.environ if environ is None else environ)
        attributes = frozenset(str(name) for (name,) in con.execute("SELECT name FROM profile_attribute").fetchall())
        describe_segment(con, inputs.campaign, attributes)
        addressed = steps.read(f"4_decision/address/{inputs.campaign.channel.kind}").sql
        if among is not None:
            rows = f"SELECT address, profile_id, person_id, is_seed FROM {outbox.audience_rows(among)}"
            con.execute(f"CREATE TABLE {sources.PUBLISHED.target} AS {rows}")
            addressed = f"SELECT * FROM ({addressed}\n) AS addressed SEMI JOIN published USING (profile_id, address)"
        con.execute(f"CREATE VIEW {sources.ADDRESSED.target} AS {addressed}")
        describe_forbidden(con, configuration)
        describe_registers(con, configuration)
        describe_left_out(con, workspace, configuration, inputs)
        steps.make_all(con, "3_state/as_of")
        yield Decision(con, inputs, _decide(con, configuration, inputs, attributes, progress))


def _decide(
    con: duckdb.DuckDBPyConnection, configuration: Configuration, inputs: Inputs, attributes: frozenset[str], progress: Progress
) -> dict[str, int]:
    applying = reasons_for(configuration, inputs.campaign)
    rules = {reason: _step_of(reason) for reason in Reason}
    steps.make_all(con, "4_decision", progress, filled=FILLED)
    sources.EXCLUSION_FOUND.create(con)
    hash_for_tombstones(con)
    steps.make(con, steps.read("4_decision/sets/survivor"))
    ((wishes,),) = con.execute("SELECT count(*) FROM standing WHERE kind = 'frequency'").fetchall()
    question = Question(inputs.campaign, inputs.organisation, has_wishes=wishes > 0)
    asked = [reason for reason in Reason if reason in applying and reason.spec.is_asked(question)]
    # What few rules read is made before the first of them, and not at all where none is asked.
    when_read: dict[str, Callable[[], None]] = {
        "message": lambda: count_messages(con, configuration, inputs),
        sources.CAPACITY_PLACE.name: lambda: place_by_order(con, inputs.campaign, attributes),
    }
    for reason in asked:
        for table in when_read.keys() & set(rules[reason].reads):
            when_read.pop(table)()
        with progress.step(f"rule {reason}") as counts:
            counts["excluded"] = _record(con, reason, rules[reason])
    steps.make(con, steps.read("4_decision/verdict/exclusion"))
    one_to_one.require_sender(con, configuration, inputs.campaign)
    steps.make(con, steps.read("4_decision/verdict/decision"))
    steps.make(con, steps.read("4_decision/verdict/candidate_record"))
    clear_seeds(con, inputs)
    ((candidates, audience, excluded),) = con.execute(steps.read("5_publication/candidate_count").sql).fetchall()
    return {"candidates": candidates, "audience": audience, "excluded": excluded}


def reasons_for(configuration: Configuration, campaign: Campaign) -> frozenset[Reason]:
    """The reasons that the matrix and `service_respects` let apply to the campaign's message class; those of marketing beside them
    where nobody says who sends a one_to_one message."""
    message_class = MessageClass(campaign.message_class)
    applying = configuration.matrix.get(message_class, MATRIX[message_class])
    if one_to_one.has_no_sender(campaign):
        applying = applying | configuration.matrix.get(MessageClass.MARKETING, MATRIX[MessageClass.MARKETING])
    if message_class is MessageClass.SERVICE:
        respected = configuration.organisations[campaign.organisation].policy.service_respects
        applying = applying | {reason for reason in Reason if reason.spec.scope in respected}
    return applying


def _step_of(reason: Reason) -> steps.Step:
    """The file that finds the reason. Raises BrokenInstallation where it is missing, also for a reason that nobody asks for today."""
    return steps.read(f"4_decision/{'sets' if reason.spec.is_set_wise else 'rules'}/{reason}")


def _record(con: duckdb.DuckDBPyConnection, reason: Reason, step: steps.Step) -> int:
    """Keep what a rule selects. BY NAME: a misspelt column is an error here, not an address that slips through."""
    done = con.execute(
        f"INSERT INTO exclusion_found BY NAME SELECT $reason AS reason, $rank AS rank, * FROM ({step.sql}\n)",
        {"reason": str(reason), "rank": reason.spec.rank},
    ).fetchone()
    return int(done[0]) if done else 0
