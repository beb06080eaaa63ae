"""Bargaining games of the textbooks: what theory says, and the play of it beside.

Not questions of a case. Each function takes a few numbers, known or ranges, and returns a frozen dataclass
with the equilibrium and what came of playing its strategies.
"""

from winset.theory.baron_ferejohn import BaronFerejohnResult, MemberPayoff, baron_ferejohn
from winset.theory.breakdown import BreakdownResult, breakdown
from winset.theory.fearon import FearonResult, fearon
from winset.theory.powell import PowellResult, powell
from winset.theory.results import Amount
from winset.theory.rubinstein import RubinsteinResult, rubinstein
from winset.theory.ultimatum import UltimatumResult, ultimatum

__all__ = [
    "Amount",
    "BaronFerejohnResult",
    "BreakdownResult",
    "FearonResult",
    "MemberPayoff",
    "PowellResult",
    "RubinsteinResult",
    "UltimatumResult",
    "baron_ferejohn",
    "breakdown",
    "fearon",
    "powell",
    "rubinstein",
    "ultimatum",
]
