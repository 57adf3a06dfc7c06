"""Proposes the YAML of a feed for a file that somebody has (`presend init --from FILE`): every column placed, or named as unplaced."""

from pipeline.proposal.proposing import Placed, Proposal, propose

__all__ = ["Placed", "Proposal", "propose"]
