"""What can each do without the others, and which states would last?

The graph model for conflict resolution (Fang, Hipel and Kilgour 1993; Kilgour and Hipel 2005; Xu, Hipel,
Kilgour and Fang 2018). A state says which unilateral options are taken. It is stable for a party if the
party has no move to a state that it ranks higher (nash), or if the others can answer each such move so that
the party is no better off in the end: by any moves (gmr), by moves that it cannot escape from (smr), by moves
that are good for those who make them (seq), or both (sseq). What is stable for all is an equilibrium.

Preferences are uncertain, so an equilibrium has a probability: in how many draws of types, of statements that
a party may not care about and of what deals are worth it is one. Status quo analysis asks where the parties
would get to from here (Li, Kilgour and Hipel 2005).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from winset.case.conflict import StateOutcome
from winset.case.model import Case
from winset.case.states import states_of
from winset.compiled import Compiled
from winset.compiled.conflict import ConflictGraph, compile_conflict
from winset.errors import QuestionError
from winset.kernels.standoff import CONCEPTS, reach
from winset.lenses.estimates import DRAWS, Plan, plan
from winset.lenses.results import NotComputed, Progress, Result
from winset.lenses.standoff import (
    ConflictParty,
    ConflictStability,
    Evidence,
    OptionView,
    ShownMove,
    StateView,
    StatusQuoPath,
)
from winset.lenses.standoff_evidence import SANCTIONED, Referee
from winset.lenses.standoff_odds import OddsOfStates
from winset.lenses.standoff_other import joint_moves, looking_ahead, needed, views

__all__ = ["StabilityResult", "stability", "states_of_interest"]

Bools = npt.NDArray[np.bool_]
State = Mapping[str, bool]

NO_CONFLICT = "the case does not say what each party can do without the others (block conflict)"
FEW = 16  # states up to which all are shown
MOST_SHOWN = 14  # of more
MOST_EVIDENCE = 6  # states that come with evidence, where not all are shown
WORTH_SHOWING = 0.05  # probability of being an equilibrium, or of being reached
MAIN = "seq"  # the concept that decides what is shown first


@dataclass(frozen=True, slots=True)
class StabilityResult(Result):
    """Which states of a conflict would last."""

    plan: Plan
    conflict: ConflictStability | NotComputed


def stability(
    case: Case | Compiled,
    *,
    state: State | Sequence[State] | None = None,
    wanted: State | None = None,
    horizon: int | None = None,
    coalitions: bool | Sequence[Sequence[str]] = False,
    draws: int | None = None,
    rng: int | np.random.Generator | None = 0,
    method: str = "random",
    progress: Progress | None = None,
) -> StabilityResult:
    """Which states are stable for whom, and where the status quo leads.

    Parameters
    ----------
    state
        States to look at besides those that are shown anyway: option to whether it is taken. What is not
        named is not taken.
    wanted
        A state: also ask what each party would have to prefer for it to be stable.
    horizon
        Also ask for parties that look up to so many moves ahead.
    coalitions
        Also ask for joint moves, of these coalitions or, if True, of all.
    draws, rng, method
        How the unknowns are drawn. With 0 draws, central values alone.

    Raises
    ------
    QuestionError
        On a state or a coalition that is none, or a horizon that is too short or too long.
    """
    graph = compile_conflict(case)
    if draws is None:
        draws = DRAWS if graph is not None and graph.uncertain else 1
    asked_for_odds = draws > 0
    asked = plan(max(1, draws), rng, method=method)
    if horizon is not None and not 1 <= horizon <= 1000:
        raise QuestionError(f"a horizon of {horizon:,} moves; from 1 to 1,000")
    if graph is None:
        return StabilityResult(asked, NotComputed(NO_CONFLICT))
    goal = None if wanted is None else _number(graph, wanted)
    looked_at = [*([] if goal is None else [goal]), *(_number(graph, s) for s in _several(state))]
    named = _coalitions(graph, coalitions)
    if progress:
        progress("stability of all states", 0, 2)
    referee = Referee(graph)
    odds = OddsOfStates(graph, asked) if asked_for_odds else None
    if progress:
        progress("why they are stable", 1, 2)
    numbers, complete = _shown(graph, referee, odds, looked_at)
    shown = _views(graph, referee, odds, numbers, looked_at, complete)
    stated = graph.conflict
    found = ConflictStability(
        question=stated.question,
        parties=tuple(
            ConflictParty(
                p,
                len(stated.options.get(p, {})),
                graph.case.central_type(p) if graph.types[n] else None,
                len(referee.distinct[n]),
            )
            for n, p in enumerate(graph.parties)
        ),
        options=tuple(
            OptionView(name, option.name or name, party, option.once)
            for party, options in stated.options.items()
            for name, option in options.items()
        ),
        combinations=1 << len(graph.options),
        states=graph.size,
        equilibria={c: int(referee.equilibria[c].sum()) for c in CONCEPTS},
        now=None if graph.now is None else graph.taken(graph.now),
        shown=shown,
        complete=complete,
        moves=_moves(graph, referee, odds, numbers),
        paths=_paths(graph, referee, numbers),
        odds=NotComputed("no draws were asked for") if odds is None else odds.whole(),
        views=views(graph, referee),
        wanted=None if goal is None else needed(graph, referee, goal, numbers.index(goal) + 1),
        horizon=None if horizon is None else looking_ahead(graph, referee, numbers, horizon),
        coalitions=None if named is None else joint_moves(graph, referee, numbers, named),
    )
    return StabilityResult(asked, found)


# ------------------------------------------------------------------------------------------- what was asked


def _several(state: State | Sequence[State] | None) -> Iterable[State]:
    if state is None:
        return ()
    return (state,) if isinstance(state, Mapping) else state


def _number(graph: ConflictGraph, state: State) -> int:
    for option in state:
        if option not in graph.place:
            raise QuestionError(f'there is no option "{option}"; options: {", ".join(graph.options)}')
    number = sum(1 << graph.place[option] for option, taken in state.items() if taken)
    found = graph.state(number)
    if found is None or not graph.feasible[found]:
        raise QuestionError(
            f"the case rules this state out: {', '.join(graph.named(number)) or 'no option taken'}"
        )
    return found


def _coalitions(
    graph: ConflictGraph, coalitions: bool | Sequence[Sequence[str]]
) -> list[tuple[int, ...]] | None:
    """The coalitions that were asked for, by their members' numbers; nothing for all, None for none."""
    if coalitions is False:
        return None
    if coalitions is True:
        return []
    for party in (p for members in coalitions for p in members):
        if party not in graph.parties:
            raise QuestionError(f'"{party}" is no party of the conflict; parties: {", ".join(graph.parties)}')
    return [tuple(graph.parties.index(p) for p in members) for members in coalitions]


# ---------------------------------------------------------------------------------------------- the answer


def states_of_interest(graph: ConflictGraph, odds: OddsOfStates, most: int) -> list[int]:
    """The status quo, and so many others in which it is likeliest to end, or that are likeliest to last."""
    if odds.chance is None:
        return []
    lasts = odds.chance[MAIN]
    ends = np.zeros(len(lasts)) if odds.led_to is None else odds.led_to[1]
    likely = np.flatnonzero(np.maximum(lasts, ends) >= WORTH_SHOWING).tolist()
    now = [] if graph.now is None else [graph.now]
    others = sorted((s for s in likely if s not in now), key=lambda s: (-ends[s], -lasts[s], s))
    return [*now, *others[:most]]


def _shown(
    graph: ConflictGraph, referee: Referee, odds: OddsOfStates | None, wanted: Sequence[int]
) -> tuple[list[int], bool]:
    """The states of interest, and whether they are all that can be.

    The status quo first, then by how likely it is that improvements from there end in them, lead to them,
    and by how likely they are to be sequentially stable for all.
    """
    main = referee.equilibria[MAIN].astype(np.float64)
    chance = main if odds is None or odds.chance is None else odds.chance[MAIN]
    led_to = None if odds is None else odds.led_to
    reached, ends = (np.zeros(len(chance)), chance) if led_to is None else led_to
    laxer = referee.equilibria["gmr"]
    if graph.size <= FEW:
        chosen = np.flatnonzero(graph.feasible)
    else:
        chosen = np.flatnonzero((chance >= WORTH_SHOWING) | (main > 0) | (reached >= WORTH_SHOWING))
    order = sorted(
        chosen.tolist(), key=lambda s: (-ends[s], -reached[s], -chance[s], -main[s], -int(laxer[s]), s)
    )
    first = ([] if graph.now is None else [graph.now]) + list(dict.fromkeys(wanted))
    most = max(FEW if graph.size <= FEW else MOST_SHOWN, len(first))
    numbers = list(dict.fromkeys([*first, *order]))[:most]
    return numbers, len(numbers) == graph.size


def _views(
    graph: ConflictGraph,
    referee: Referee,
    odds: OddsOfStates | None,
    numbers: Sequence[int],
    wanted: Sequence[int],
    complete: bool,
) -> tuple[StateView, ...]:
    outcome = _outcomes(graph, numbers)
    strong = referee.strong
    out = []
    for n, number in enumerate(numbers, 1):
        told = complete or n <= MOST_EVIDENCE or number in wanted
        stated = outcome.get(number)
        found = odds.of(number) if odds is not None else NotComputed("no draws were asked for")
        robust = (
            ()
            if isinstance(found, NotComputed)
            else tuple(c for c, e in found.equilibrium.items() if e.value == 1)
        )
        out.append(
            StateView(
                number=n,
                state=graph.taken(number),
                now=number == graph.now,
                asked=number in wanted,
                deal=None if stated is None else stated.deal,
                no_deal=stated is not None and stated.no_deal,
                place={p: referee.place(i, number) for i, p in enumerate(graph.parties)},
                stable={
                    p: tuple(c for c in CONCEPTS if referee.stable[c][i, number])
                    for i, p in enumerate(graph.parties)
                },
                equilibrium=tuple(c for c in CONCEPTS if referee.equilibria[c][number]),
                strong=None
                if strong is None
                else {
                    p: tuple(c for c in SANCTIONED if strong[c][i, number])
                    for i, p in enumerate(graph.parties)
                },
                robust=robust,
                odds=found,
                given=odds.given(number) if odds is not None and told else (),
                evidence=_evidence(referee, number) if told else (),
            )
        )
    return tuple(out)


def _evidence(referee: Referee, number: int) -> tuple[Evidence, ...]:
    return tuple(referee.evidence(i, number) for i, moves in enumerate(referee.moves) if moves.own)


def _outcomes(graph: ConflictGraph, numbers: Sequence[int]) -> dict[int, StateOutcome]:
    """State -> the outcome that the case says it comes to."""
    out: dict[int, StateOutcome] = {}
    for outcome in reversed(graph.conflict.outcomes):
        hit = states_of(outcome.when, graph.place, graph.states)
        out |= {n: outcome for n in numbers if hit[n]}
    return out


def _moves(
    graph: ConflictGraph, referee: Referee, odds: OddsOfStates | None, numbers: Sequence[int]
) -> tuple[ShownMove, ...]:
    """The moves between states that are shown by which whoever moves may be better off."""
    place = {number: n for n, number in enumerate(numbers, 1)}
    out = []
    for n, start in enumerate(numbers, 1):
        for p, moves in enumerate(referee.moves):
            for end in moves.ends(start).tolist() if moves.own else ():
                if end not in place:
                    continue
                improves = bool(referee.ranks[p, end] > referee.ranks[p, start])
                share = float(improves) if odds is None else odds.improves(p, start, end)
                if improves or share:
                    out.append(ShownMove(n, place[end], graph.parties[p], improves, share))
    return tuple(out)


def _paths(graph: ConflictGraph, referee: Referee, numbers: Sequence[int]) -> tuple[StatusQuoPath, ...]:
    """Where the status quo leads: the equilibria among the states shown."""
    if graph.now is None:
        return ()
    start = graph.now
    ends = [n for n in numbers if n != start and any(referee.equilibria[c][n] for c in CONCEPTS)]
    if not ends:
        return ()
    among = partial(
        reach,
        graph.owner,
        graph.feasible,
        start,
        parties=len(graph.parties),
        once=graph.once,
        states=graph.states,
    )
    free, improving = among(), among(ranks=referee.ranks)
    out = []
    for end in ends:
        found = [r.paths(end) for r in (free, improving)]
        steps = [referee.steps(start, paths[0]) if paths else None for paths in found]
        out.append(
            StatusQuoPath(
                graph.taken(end),
                tuple(c for c in CONCEPTS if referee.equilibria[c][end]),
                steps[0],
                steps[1],
            )
        )
    return tuple(out)
