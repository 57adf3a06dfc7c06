"""`docs/domain.md` in plain Python: loops and sets, slow and readable, the judge of the product.

It shares nothing with `pipeline/` but the words. Read it beside the page: rows.py is domain §2; ledger.py and identity.py are
domain §2 and §3; case.py is domain §3; lifts.py and consent.py are domain §4; quarantine.py is domain §5; decision.py and
contacts.py are domain §6. Where the page leaves a choice, the reading is the one that excludes. Holdout and capacity are left out,
because they hang on a secret key.
"""

from .judge import Outcome, judge

__all__ = ["Outcome", "judge"]
