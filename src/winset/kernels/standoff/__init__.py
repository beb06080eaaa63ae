"""Stability of states in the graph model for conflict resolution, for up to millions of states.

Sources: Fang, Hipel and Kilgour 1993, *Interactive Decision Making*; Xu, Hipel, Kilgour and Fang 2018,
*Conflict Resolution Using the Graph Model*; and what each module names. Options belong to parties; a state
is the number whose bits say which options are taken. Arrays over states have 2 ** options places, or one for
each state of a list, where few of all combinations can be.
"""

from winset.kernels.standoff.coalitions import COALITIONAL, Coalitional, coalitional, every_coalition
from winset.kernels.standoff.draws import DrawnStability, drawn_stability
from winset.kernels.standoff.horizon import Horizons, horizons
from winset.kernels.standoff.inverse import Condition, Pattern, inverse
from winset.kernels.standoff.movers import moves_of
from winset.kernels.standoff.moves import Moves
from winset.kernels.standoff.paths import Reach, reach
from winset.kernels.standoff.stability import CONCEPTS, Stability, stability
from winset.kernels.standoff.strength import GRADED, Strength, graded, strength
from winset.kernels.standoff.views import Hypergame, View, hypergame

__all__ = [
    "COALITIONAL",
    "CONCEPTS",
    "GRADED",
    "Coalitional",
    "Condition",
    "DrawnStability",
    "Horizons",
    "Hypergame",
    "Moves",
    "Pattern",
    "Reach",
    "Stability",
    "Strength",
    "View",
    "coalitional",
    "drawn_stability",
    "every_coalition",
    "graded",
    "horizons",
    "hypergame",
    "inverse",
    "moves_of",
    "reach",
    "stability",
    "strength",
]
