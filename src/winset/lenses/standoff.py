"""What the lens ``stability`` finds: states, the moves between them, and what deters whom.

A state is given by the options that are taken in it. A place says how a party ranks a state among all that
can be: 1 is its best, and states of one place are alike to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from winset.lenses.estimates import Estimate
from winset.lenses.results import NotComputed, Result

__all__ = [
    "Answer",
    "CoalitionFound",
    "CoalitionMove",
    "ConflictOdds",
    "ConflictParty",
    "ConflictStability",
    "Evidence",
    "Given",
    "HorizonFound",
    "Improvement",
    "Need",
    "OptionView",
    "Sanction",
    "ShownMove",
    "StateOdds",
    "StateView",
    "StatusQuoPath",
    "Step",
    "Unmet",
    "ViewFound",
    "ViewsFound",
    "WantedFound",
]

State = tuple[str, ...]  # the options that are taken


@dataclass(frozen=True, slots=True)
class OptionView(Result):
    """A unilateral option."""

    name: str
    label: str  # for readers
    party: str
    once: str | None  # "taken": there is no way back from taking it; "dropped": none from dropping it


@dataclass(frozen=True, slots=True)
class ConflictParty(Result):
    """A party of the conflict."""

    party: str
    options: int
    type: str | None  # the type it is read as at central values, where that matters
    places: int  # into how many places it ranks the states


@dataclass(frozen=True, slots=True)
class Step(Result):
    """A unilateral move."""

    by: str
    takes: tuple[str, ...]  # options taken up
    drops: tuple[str, ...]
    state: State  # where it leads


@dataclass(frozen=True, slots=True)
class Answer(Result):
    """The best that a party could do after it was sanctioned."""

    step: Step
    place: int


@dataclass(frozen=True, slots=True)
class Sanction(Result):
    """What the others can answer an improvement with."""

    steps: tuple[Step, ...]  # a shortest legal sequence; nobody moves twice in a row
    place: int  # where it leaves the party: no better than the state that it left
    answer: Answer | None  # the party's best counter-move, where the concept asks; None where it has none


@dataclass(frozen=True, slots=True)
class Improvement(Result):
    """A move by which a party would be better off, and what deters it from that."""

    step: Step
    place: int
    sanctions: dict[str, Sanction | None]  # concept -> what deters it; None where nothing does


@dataclass(frozen=True, slots=True)
class Evidence(Result):
    """Why a state is stable for a party, or is not."""

    state: State
    party: str
    place: int
    moves: int  # states that it could move to
    improvements: int  # those that it ranks higher
    told: tuple[Improvement, ...]  # some of them, those that nothing deters first


@dataclass(frozen=True, slots=True)
class StateOdds(Result):
    """A state over all draws."""

    equilibrium: dict[str, Estimate]  # concept -> probability that it is stable for all
    reached: Estimate | NotComputed  # from the status quo by improvements alone
    ends: Estimate | NotComputed  # reached so, and sequentially stable for all, in the same draw


@dataclass(frozen=True, slots=True)
class Given(Result):
    """A state over those draws in which a party is of a type, or does or does not care about a statement."""

    party: str
    type: str | None  # of the party; for a statement, the type whose statement it is
    statement: str | None  # its path
    says: str | None  # the statement in a line
    cares: bool  # about the statement; true for a type
    share: Estimate  # of the draws
    equilibrium: Estimate | NotComputed  # sequentially stable for all, in these


@dataclass(frozen=True, slots=True)
class StateView(Result):
    """A state of interest."""

    number: int  # among those shown, from 1
    state: State
    now: bool  # the status quo
    asked: bool
    deal: dict[str, str] | None  # that the case says it comes to
    no_deal: bool  # the case says that it is being without a deal
    place: dict[str, int]  # party -> its place
    stable: dict[str, tuple[str, ...]]  # party -> concepts under which it has no reason to move
    equilibrium: tuple[str, ...]  # concepts under which it is stable for all
    strong: dict[str, tuple[str, ...]] | None  # party -> concepts under which it is strongly so; None where
    # no preference is strong
    robust: tuple[str, ...]  # concepts under which it is stable for all in every draw
    odds: StateOdds | NotComputed
    given: tuple[Given, ...]
    evidence: tuple[Evidence, ...]  # party by party; none for most states of a large conflict


@dataclass(frozen=True, slots=True)
class ShownMove(Result):
    """A unilateral move between two states that are shown."""

    start: int  # number of the state
    end: int
    by: str
    improves: bool  # at central values
    share: float  # of the draws in which whoever moves is better off by it


@dataclass(frozen=True, slots=True)
class StatusQuoPath(Result):
    """Whether the status quo leads to an equilibrium, and by whose moves."""

    state: State
    equilibrium: tuple[str, ...]
    any: tuple[Step, ...] | None  # shortest sequence of any moves; None where there is none
    improving: tuple[Step, ...] | None  # shortest in which whoever moves is better off by it


@dataclass(frozen=True, slots=True)
class ConflictOdds(Result):
    """The preferences over all draws."""

    unknowns: int
    profiles: int  # different orders of all parties together that occur
    now: StateOdds | None  # of the status quo; None where none is stated


@dataclass(frozen=True, slots=True)
class ViewFound(Result):
    """The conflict as one party sees it."""

    viewer: str
    misread: tuple[str, ...]  # parties whose order it sees wrongly
    unaware: tuple[str, ...]  # options that it does not know of
    believed: tuple[State, ...]  # sequentially stable for all in its eyes and not in truth
    missed: tuple[State, ...]  # the other way round
    agreed: int  # states that are sequentially stable for all both in its eyes and in truth
    surprises: tuple[Step, ...]  # moves of others from the status quo, or from what it believes in, that
    # truly improve on it for whoever moves, and that the viewer does not expect


@dataclass(frozen=True, slots=True)
class ViewsFound(Result):
    """The conflict when parties see it differently: a hypergame."""

    views: tuple[ViewFound, ...]
    lasting: tuple[State, ...]  # sequentially stable for every party in its own view
    mistaken: tuple[State, ...]  # of these, those that hang on a misperception: in truth they are not


@dataclass(frozen=True, slots=True)
class Unmet(Result):
    """What a party would have to prefer otherwise, for one of its moves not to tempt it."""

    step: Step  # the move away from the wanted state
    sanctions: tuple[State, ...]  # or one of these would have to be no better for it; some of them
    more: int  # further ones that are not listed


@dataclass(frozen=True, slots=True)
class Need(Result):
    """Under which preferences of a party a wanted state is stable for it."""

    party: str
    concept: str
    holds: bool
    conditions: int  # one for each move away from the wanted state
    unmet: tuple[Unmet, ...]
    places: tuple[int, int]  # of the wanted state: as it is, and the lowest that would do


@dataclass(frozen=True, slots=True)
class WantedFound(Result):
    """What would have to be preferred for a state to be stable."""

    number: int  # of the state among those shown
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class HorizonFound(Result):
    """Stability for parties that look some moves ahead."""

    longest: int
    equilibria: tuple[int, ...]  # how many states are stable for all, horizon by horizon
    states: dict[int, tuple[int, ...]]  # number of a state that is shown -> horizons at which it is
    cycle: tuple[int, int] | None  # from which horizon on, and after how many, everything repeats
    lasting: tuple[int, ...]  # numbers of states that are stable for all at every horizon from there on


@dataclass(frozen=True, slots=True)
class CoalitionMove(Result):
    """A joint move that is better for every member of a coalition."""

    state: int  # number of the state that it leaves
    coalition: tuple[str, ...]
    concepts: tuple[str, ...]  # under which the state is not stable for the coalition
    steps: tuple[Step, ...]  # a shortest way to the end that is best for its worst-off member
    places: dict[str, int]  # member -> its place there


@dataclass(frozen=True, slots=True)
class CoalitionFound(Result):
    """Stability against joint moves."""

    coalitions: tuple[tuple[str, ...], ...]
    stable: dict[int, tuple[str, ...]]  # number of a state -> concepts under which no coalition upsets it
    moves: tuple[CoalitionMove, ...]


@dataclass(frozen=True, slots=True)
class ConflictStability(Result):
    """The conflict of a case: which states would last, and why."""

    question: str | None
    parties: tuple[ConflictParty, ...]
    options: tuple[OptionView, ...]
    combinations: int  # of options
    states: int  # those that can be
    equilibria: dict[str, int]  # concept -> how many, at central values
    now: State | None  # the status quo
    shown: tuple[StateView, ...]
    complete: bool  # every state that can be is shown
    moves: tuple[ShownMove, ...]  # between states that are shown, improvements in some draw
    paths: tuple[StatusQuoPath, ...]
    odds: ConflictOdds | NotComputed
    views: ViewsFound | None  # None where nobody sees anything wrongly
    wanted: WantedFound | NotComputed | None  # None where it was not asked for, as with the next two
    horizon: HorizonFound | None
    coalitions: CoalitionFound | NotComputed | None
