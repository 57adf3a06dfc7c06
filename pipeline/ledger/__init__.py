"""The ledger: every row that ever came in, immutable, one folder per input file.

    landing/<feed>/<file>   → ledger/<feed>/<file>-<path hash>-<content hash>/
                                  load.json         what was loaded, when, and how the rows were counted, the files' hashes
                                  profile.parquet   consent.parquet   delivery.parquet   register.parquet   review.parquet
                                  answer.parquet    what people answered to what waited for them
                                  rejected.parquet  every rejected row with its reason

A folder appears by one rename, complete, or not at all; a second load of the same file is a no-op. The same bytes under
another path are a new arrival that points to the first one's rows. Nothing in the ledger is ever changed.
"""

from pipeline.ledger.ingest import IngestReport, ingest
from pipeline.ledger.loads import Load, in_force, read_every_load, read_loads, version_of

__all__ = ["IngestReport", "Load", "in_force", "ingest", "read_every_load", "read_loads", "version_of"]
