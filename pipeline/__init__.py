"""Presend: validated, suppressed audiences, from feed files to a published run.

The packages follow the flow of the data, and each reads only what stands before it::

    feeds -> ledger -> identity -> (sql/) state -> decision -> validation -> publication
"""

from importlib.metadata import version

__version__ = version("presend")
