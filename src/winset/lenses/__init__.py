"""One file a question. ``LENSES`` names them all, in the order in which a reader would ask."""

from winset.lenses.agenda import AgendaResult, agenda
from winset.lenses.beliefs import BeliefsResult, beliefs
from winset.lenses.blockers import BlockersResult, blockers
from winset.lenses.claims import ClaimsResult, claims
from winset.lenses.concessions import ConcessionsResult, concessions
from winset.lenses.course import CourseResult, course
from winset.lenses.dilemmas import DilemmasResult, dilemmas
from winset.lenses.durability import DurabilityResult, durability
from winset.lenses.exclusion import ExclusionResult, exclusion
from winset.lenses.frontier import FrontierResult, frontier
from winset.lenses.information import InformationResult, information
from winset.lenses.levers import LeversResult, levers
from winset.lenses.odds import draws_within
from winset.lenses.power import PowerResult, power
from winset.lenses.ratification import RatificationResult, ratification
from winset.lenses.results import DealView, NotComputed, Quantity, Refusal, Result
from winset.lenses.sensitivity import SensitivityResult, sensitivity
from winset.lenses.solutions import SolutionsResult, solutions
from winset.lenses.stability import StabilityResult, stability
from winset.lenses.threats import ThreatsResult, threats
from winset.lenses.venue import VenueResult, venue
from winset.lenses.war import WarResult, war
from winset.lenses.zone import ZoneResult, zone

__all__ = [
    "LENSES",
    "AgendaResult",
    "BeliefsResult",
    "BlockersResult",
    "ClaimsResult",
    "ConcessionsResult",
    "CourseResult",
    "DealView",
    "DilemmasResult",
    "DurabilityResult",
    "ExclusionResult",
    "FrontierResult",
    "InformationResult",
    "LeversResult",
    "NotComputed",
    "PowerResult",
    "Quantity",
    "RatificationResult",
    "Refusal",
    "Result",
    "SensitivityResult",
    "SolutionsResult",
    "StabilityResult",
    "ThreatsResult",
    "VenueResult",
    "WarResult",
    "ZoneResult",
    "agenda",
    "beliefs",
    "blockers",
    "claims",
    "concessions",
    "course",
    "dilemmas",
    "draws_within",
    "durability",
    "exclusion",
    "frontier",
    "information",
    "levers",
    "power",
    "ratification",
    "sensitivity",
    "solutions",
    "stability",
    "threats",
    "venue",
    "war",
    "zone",
]

LENSES = (
    zone,
    blockers,
    levers,
    frontier,
    solutions,
    exclusion,
    power,
    ratification,
    course,
    war,
    threats,
    concessions,
    durability,
    stability,
    dilemmas,
    sensitivity,
    information,
    beliefs,
    claims,
    agenda,
    venue,
)
