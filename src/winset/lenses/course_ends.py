"""How the talks end once everybody in a talk asks whether going on is worth it.

What a party expects from going on. A party does not know the others' types. At the end of a talk it knows its
own type, which stage comes next, and the signals that it has seen; of every party that has shown it a signal
it holds the prior probabilities of the draw, updated by Bayes' rule. For each of its own types, each
combination of types of those parties, and each next stage, what it expects is the mean over all draws that
went on there with these types: of its value at the end of the talks over its value if it left now, without
the costs of stages. It weights these means with its beliefs. It walks out if the result is below what going
on costs it: its ``stay``, or else the costs of the later stages, expected the same way. The talks are worked
through from the back, so that the later walkouts are in what is expected earlier; the means for one talk
leave walkouts at earlier ones aside, since they change who comes to it and not what follows.

The rule is the decision to stay in a war of attrition or a crisis under incomplete information (Fearon 1994,
American Political Science Review 88:577-592), with beliefs by Bayes' rule and expectations that are right on
average given the types (rational expectations; Fudenberg and Tirole 1991, Game Theory, ch. 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from winset.kernels.onward import by_types, expected
from winset.lenses.course_plan import CoursePlan
from winset.lenses.course_run import WALKOUT, Stop, Trail

__all__ = ["Ends", "Expected", "alike", "ends", "prospects"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_LEAST = 1e-9


@dataclass(frozen=True)
class Expected:
    """What parties expect at one talk, given where it leads: from the draws."""

    gain: dict[tuple[int, int], Floats]  # (party, next stage) -> (own type, combination of the others')
    cost: dict[tuple[int, int], Floats]


@dataclass
class Ends:
    """How every draw ends."""

    kind: npt.NDArray[np.int8]  # (party, draw)
    stage: npt.NDArray[np.int8]  # (draw,)
    how: npt.NDArray[np.int8]
    who: npt.NDArray[np.int64]
    deal: npt.NDArray[np.int32]
    gross: Floats  # (party, draw)
    spent: Floats  # (party, draw)
    given: Floats  # (party, draw): by stages that took place
    clock: Floats  # (draw,)
    entered: npt.NDArray[np.int64]
    agreed: npt.NDArray[np.int64]
    path: npt.NDArray[np.uint64]
    expected: dict[tuple[int, int], Expected]  # (rejections before, stage)

    @property
    def gain(self) -> Floats:
        """(party, draw): over the no-deal value at the outset, with what stages give and cost."""
        return self.gross - self.spent

    @property
    def stages(self) -> Floats:
        """(party, draw): what the stages themselves give, less what they cost."""
        return self.given - self.spent


def ends(plan: CoursePlan, trails: Sequence[Trail]) -> Ends:
    """Let parties walk out of talks, from the last talk to the first."""
    out = Ends(
        np.concatenate([t.kind for t in trails], axis=1),
        np.concatenate([t.stage for t in trails]),
        np.concatenate([t.how for t in trails]),
        np.concatenate([t.who for t in trails]),
        np.concatenate([t.deal for t in trails]),
        np.concatenate([t.gross for t in trails], axis=1),
        np.concatenate([t.spent for t in trails], axis=1),
        np.concatenate([t.given for t in trails], axis=1),
        np.concatenate([t.clock for t in trails]),
        np.concatenate([t.entered for t in trails]),
        np.concatenate([t.agreed for t in trails]),
        np.concatenate([t.path for t in trails]),
        {},
    )
    nodes: dict[tuple[int, int], list[tuple[int, Stop]]] = {}
    start = 0
    for trail in trails:
        for stop in trail.stops:
            nodes.setdefault((stop.round, stop.stage), []).append((start, stop))
        start += len(trail.how)
    when = {n: k for k, n in enumerate(plan.order)}
    for node in sorted(nodes, key=lambda key: (key[0], when[key[1]]), reverse=True):
        _walk(out, node, _joined(nodes[node]))
    return out


def alike(*columns: npt.NDArray[Any]) -> tuple[list[tuple[int, ...]], npt.NDArray[np.intp]]:
    """The different rows of some columns of whole numbers, in order, and which of them each row is."""
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        levels, place = np.unique(column, return_inverse=True)
        _, code = np.unique(code * len(levels) + place, return_inverse=True)
    _, first = np.unique(code, return_index=True)
    rows = zip(*(column[first].tolist() for column in columns), strict=True)
    return list(rows), code


def _joined(parts: Sequence[tuple[int, Stop]]) -> Stop:
    """The same talk in all pieces as one; numbers of draws instead of places in a piece."""
    stops = [stop for _, stop in parts]
    one = stops[0]
    return Stop(
        one.stage,
        one.round,
        np.concatenate([start + stop.at for start, stop in parts]),
        np.concatenate([s.towards for s in stops]),
        np.concatenate([s.gross for s in stops], axis=1),
        np.concatenate([s.spent for s in stops], axis=1),
        np.concatenate([s.given for s in stops], axis=1),
        np.concatenate([s.clock for s in stops]),
        np.concatenate([s.entered for s in stops]),
        np.concatenate([s.agreed for s in stops]),
        np.concatenate([s.path for s in stops]),
        one.room,
        one.sizes,
        {p: np.concatenate([s.belief[p] for s in stops]) for p in one.belief},
        {p: np.concatenate([s.stay[p] for s in stops]) for p in one.stay},
    )


def _walk(out: Ends, node: tuple[int, int], stop: Stop) -> None:
    at = stop.at
    later = out.gross[:, at] - stop.gross
    cost = out.spent[:, at] - stop.spent
    found = Expected({}, {})
    for p in stop.room:
        own, others, shape = _types(stop, p, out.kind[:, at])
        for target in np.unique(stop.towards):
            here = stop.towards == target
            cells = own[here], others[here], shape
            found.gain[p, int(target)] = by_types(later[p, here], *cells)
            if p not in stop.stay:
                found.cost[p, int(target)] = by_types(cost[p, here], *cells)
    out.expected[node] = found
    who = np.zeros(len(at), np.int64)
    for p, (gain, price) in prospects(stop, found, out.kind[:, at]).items():
        who |= (gain < price - _LEAST).astype(np.int64) << p
    gone = who != 0
    left = at[gone]
    out.stage[left], out.how[left], out.who[left], out.deal[left] = stop.stage, WALKOUT, who[gone], -1
    out.gross[:, left], out.spent[:, left] = stop.gross[:, gone], stop.spent[:, gone]
    out.given[:, left] = stop.given[:, gone]
    out.clock[left], out.entered[left] = stop.clock[gone], stop.entered[gone]
    out.agreed[left], out.path[left] = stop.agreed[gone], stop.path[gone]


def _types(
    stop: Stop, p: int, kind: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], tuple[int, int]]:
    """A party's own type and the combination of the others' that it weighs, with how many there are."""
    others, size = np.zeros(kind.shape[1], np.intp), 1
    for q, many in stop.sizes[p].items():
        others = others * many + kind[q]
        size *= many
    return kind[p].astype(np.intp), others, (int(kind[p].max(initial=0)) + 1, size)


def prospects(stop: Stop, found: Expected, kind: npt.NDArray[np.int8]) -> dict[int, tuple[Floats, Floats]]:
    """Party of the room -> what it expects from going on, and what that costs it, both (k,).

    Parameters
    ----------
    kind : int8 (party, k)
    """
    out = {}
    for p in stop.room:
        own, _, _ = _types(stop, p, kind)
        gain, price = np.zeros(len(own)), stop.stay.get(p, np.zeros(len(own))).copy()
        for target in np.unique(stop.towards):
            here = stop.towards == target
            gain[here] = expected(found.gain[p, int(target)], own[here], stop.belief[p][here])
            if p not in stop.stay:
                price[here] = expected(found.cost[p, int(target)], own[here], stop.belief[p][here])
        out[p] = gain, price
    return out
