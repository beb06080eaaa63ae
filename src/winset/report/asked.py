"""What a brief asks of a case without knowing its zone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.sampling import share_cores
from winset.lenses import (
    AgendaResult,
    BeliefsResult,
    ClaimsResult,
    ConcessionsResult,
    CourseResult,
    DilemmasResult,
    DurabilityResult,
    ExclusionResult,
    InformationResult,
    LeversResult,
    PowerResult,
    RatificationResult,
    StabilityResult,
    ThreatsResult,
    VenueResult,
    WarResult,
    agenda,
    beliefs,
    claims,
    concessions,
    course,
    dilemmas,
    durability,
    exclusion,
    information,
    levers,
    power,
    ratification,
    stability,
    threats,
    venue,
    war,
)
from winset.report.beside import answer

__all__ = ["BESIDE", "Asked"]

COMPARED = 256  # draws on which other courses of the talks are compared
#: Answers worked out beside the zone, in this order, where there is a second process.
BESIDE = (
    "course",
    "war",
    "threats",
    "concessions",
    "durability",
    "stability",
    "dilemmas",
    "any_levers",
    "any_exclusion",
    "any_information",
)


@dataclass(frozen=True)
class Asked:
    """A case, and the answers of lenses that have no need of the others."""

    case: Case
    compiled: Compiled
    draws: int | None
    rng: int | np.random.Generator | None

    def there(self, name: str) -> bool:
        """Whether a second process has worked out an answer; without one, none is there."""
        beside = self.__dict__.get("_beside")
        return beside is not None and beside.there(name)

    def done(self) -> None:
        """Nothing more will be asked: a second process need not go on."""
        beside = self.__dict__.get("_beside")
        if beside is not None:
            beside.end()
            share_cores(None)

    @answer
    def power(self) -> PowerResult | None:
        """Who has how much power, where the case has bodies."""
        return power(self.compiled) if self.case.bodies else None

    @answer
    def ratification(self) -> RatificationResult | None:
        """Whether bodies confirm what is signed, where the case has bodies."""
        if not self.case.bodies:
            return None
        return ratification(self.compiled, rng=self.rng, draws=self.draws or None)

    @answer
    def course(self) -> CourseResult | None:
        """How the talks run, where the case states stages."""
        if not self.case.stages or self.draws == 0:
            return None
        return course(self.compiled, rng=self.rng, draws=self.draws, compared=COMPARED)

    @answer
    def war(self) -> WarResult | None:
        """What happens without a deal, where the case states a contest."""
        if not self.case.war or self.draws == 0:
            return None
        return war(self.compiled, rng=self.rng, draws=self.draws)

    @answer
    def threats(self) -> ThreatsResult | None:
        """Which threats and promises are credible and work, where the case states any."""
        if not self.case.threats or self.draws == 0:
            return None
        return threats(self.compiled, rng=self.rng, draws=self.draws)

    @answer
    def concessions(self) -> ConcessionsResult | None:
        """What concessions are worth, where the case names any."""
        if self.case.concessions is None or self.draws == 0:
            return None
        return concessions(self.compiled, rng=self.rng, draws=self.draws)

    @answer
    def durability(self) -> DurabilityResult | None:
        """Whether signed deals would hold, where the case says who could break one."""
        if self.case.durability is None or self.draws == 0:
            return None
        return durability(self.compiled, rng=self.rng, draws=self.draws)

    @answer
    def stability(self) -> StabilityResult | None:
        """Which states would last, where the case says what each can do alone."""
        if self.case.conflict is None:
            return None
        return stability(self.compiled, rng=self.rng, draws=self.draws)

    @answer
    def dilemmas(self) -> DilemmasResult | None:
        """What positions and threats do to those who make them, where parties have taken positions."""
        if self.case.conflict is None or not self.case.conflict.positions:
            return None
        return dilemmas(self.compiled, rng=self.rng, draws=self.draws or None)

    @answer
    def beliefs(self) -> BeliefsResult | None:
        """What the evidence says about hidden types, where the case has evidence."""
        if not self.case.evidence:
            return None
        return beliefs(self.compiled, rng=self.rng, draws=self.draws or None)

    @answer
    def claims(self) -> ClaimsResult:
        """What the inputs rest on, where claims disagree, and what happened when."""
        return claims(self.case)

    @answer
    def agenda(self) -> AgendaResult | None:
        """The meetings, where the case has an agenda."""
        return agenda(self.case) if self.case.agenda else None

    @answer
    def venue(self) -> VenueResult | None:
        """Who can travel where, where the case names places."""
        return venue(self.case) if self.case.places else None

    @answer
    def any_levers(self) -> LeversResult:
        """What would open the zone; of use where anything is drawn."""
        return levers(self.compiled, rng=self.rng, draws=self.draws)

    @answer
    def any_exclusion(self) -> ExclusionResult:
        """What leaving parties out does; of use where anything is drawn."""
        return exclusion(self.compiled, rng=self.rng, draws=self.draws)

    @answer
    def any_information(self) -> InformationResult:
        """What is worth finding out before a choice; of use where anything is drawn."""
        return information(self.compiled, rng=self.rng, draws=self.draws)
