"""One file a question. ``LENSES`` names them all, in the order in which a reader would ask."""

from winset.lenses.blockers import BlockersResult, blockers
from winset.lenses.exclusion import ExclusionResult, exclusion
from winset.lenses.frontier import FrontierResult, frontier
from winset.lenses.results import DealView, NotComputed, Quantity, Refusal, Result
from winset.lenses.solutions import SolutionsResult, solutions
from winset.lenses.zone import ZoneResult, zone

__all__ = [
    "LENSES",
    "BlockersResult",
    "DealView",
    "ExclusionResult",
    "FrontierResult",
    "NotComputed",
    "Quantity",
    "Refusal",
    "Result",
    "SolutionsResult",
    "ZoneResult",
    "blockers",
    "exclusion",
    "frontier",
    "solutions",
    "zone",
]

LENSES = (zone, blockers, frontier, solutions, exclusion)
