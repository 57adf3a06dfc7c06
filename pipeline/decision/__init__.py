"""One campaign's decision: who is a candidate, what speaks against each, and who is left.

`inputs` says what a decision is made of, `tables` fills what the steps read of it, `deciding` runs the steps.
"""

from pipeline.decision.deciding import decided, reasons_for
from pipeline.decision.inputs import Decision, Inputs, as_utc, inputs_of, not_overtaken, planned_runs
from pipeline.decision.lists import forbidden_faults, list_faults, seed_faults
from pipeline.decision.one_to_one import SENDER_REMEDY, has_no_sender, is_for_few

__all__ = [
    "SENDER_REMEDY",
    "Decision",
    "Inputs",
    "as_utc",
    "decided",
    "forbidden_faults",
    "has_no_sender",
    "inputs_of",
    "is_for_few",
    "list_faults",
    "not_overtaken",
    "planned_runs",
    "reasons_for",
    "seed_faults",
]
