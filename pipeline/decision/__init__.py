"""One campaign's decision: who is a candidate, what speaks against each, and who is left.

`inputs` says what a decision is made of, `tables` fills what the steps read of it, `deciding` runs the steps.
"""

from pipeline.decision.deciding import decided, reasons_for
from pipeline.decision.inputs import Decision, Inputs, as_utc, inputs_of, planned_runs
from pipeline.decision.tables import readings

__all__ = ["Decision", "Inputs", "as_utc", "decided", "inputs_of", "planned_runs", "readings", "reasons_for"]
