"""The block ``conflict`` as arrays: who controls which option, which states can be, and who ranks them how.

The number of a state is that whose bits are the options. Arrays run over all combinations of options or,
where few of them can be, over those alone; a state is its place there.

Of uncertain preferences only few orders of the states are different from each other: each party has a pattern
in every draw (its type, which statements count, how the outcomes compare), and ranks are worked out for each
pattern that occurs, not for each draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from winset.case.conflict import Conflict, Order, Statement, StateOutcome, conflict_numbers
from winset.case.correlation import components
from winset.case.fields import COST, PROBABILITY
from winset.case.model import Case
from winset.case.numbers import Number
from winset.case.states import feasible_states, number_of, ranking_places, statement_states, states_of
from winset.compiled import Compiled, compile_case
from winset.compiled.draws import Draws, Uncertain, uncertain
from winset.compiled.laws import Input
from winset.compiled.sampling import PIECE, Method, Sampler, stream
from winset.kernels.standoff.listed import neighbours

__all__ = ["ConflictGraph", "Ordering", "Patterns", "compile_conflict"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ranks = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

_DIGITS = 9  # values of outcomes that agree to so many decimals of a point are tied
_SHORT = np.iinfo(np.int16).max - 1  # ranks below this are worked on in half the space
_LISTED = 1 << 12  # combinations up to which all of them are taken, whatever can be
_SPARSE = 64  # combinations a move above which only those are taken that can be
_REFUSED = -1e9  # of a deal that crosses a red line: below everything else


class Ordering(Protocol):
    """How a party orders the states, over all that may be uncertain about it."""

    def pattern(self, inputs: _Inputs) -> Longs:
        """(draw, part): what of the order differs from draw to draw."""
        ...

    def ranks(self, pattern: Longs) -> Ranks:
        """(state,): the rank of each state under a pattern, from 0; a higher one is preferred."""
        ...

    def levels(self, pattern: Longs) -> Ranks | None:
        """(state,): one state is greatly preferred to another exactly when its level is higher; None where
        nothing is strong."""
        ...


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What patterns are made from: numbers drawn, or the central ones."""

    model: Uncertain
    values: Floats  # (draw, input)
    drawn: Draws  # of the deals that states come to
    seed: int | None  # None at central values
    first: int
    cared: dict[str, Bools]  # path -> (draw,): whether a statement counts; filled as they are met

    @property
    def count(self) -> int:
        return len(self.values)

    def number(self, number: Number, bounds: Any, path: str) -> Floats:
        """(draw,): a number of the case."""
        column = self.model.index.get(path)
        if column is None:
            return np.full(self.count, float(number.central(bounds)))
        out: Floats = self.values[:, column]
        return out

    def cares(self, chance: Floats, path: str) -> Bools:
        """(draw,): whether a party cares about a statement; at central values, if it is as likely as not."""
        if self.seed is None:
            self.cared[path] = np.asarray(chance >= 0.5)
        else:
            level = stream(self.seed, f"{path}#cares", self.first).random(self.count)
            self.cared[path] = np.asarray(level < chance)
        return self.cared[path]


@dataclass(frozen=True)
class Scored:
    """An order by statements: the score is the sum of 2^(k - j) over the true ones of k (option prioritising:
    Hipel, Kilgour, Fang and Peng 1997)."""

    score: Longs  # (state,): bit k - j for statement j from 1
    path: str
    statements: tuple[Statement, ...]

    def _bit(self, n: int) -> int:
        return 1 << (len(self.statements) - 1 - n)

    def pattern(self, inputs: _Inputs) -> Longs:
        counts = np.zeros(inputs.count, np.int64)
        for n, statement in enumerate(self.statements):
            if statement.sure is None:
                counts |= self._bit(n)
            else:
                path = f"{self.path}.prioritised.{n + 1}.sure"
                chance = inputs.number(statement.sure, PROBABILITY, path)
                counts[inputs.cares(chance, path)] |= self._bit(n)
        return counts[:, None]

    def ranks(self, pattern: Longs) -> Ranks:
        return _dense(self.score & pattern[0])

    def levels(self, pattern: Longs) -> Ranks | None:
        counted = int(pattern[0])
        strong = [self._bit(n) & counted for n, s in enumerate(self.statements) if s.strongly]
        least = min((bit for bit in strong if bit), default=0)
        return _dense(self.score & counted & -least) if least else None


@dataclass(frozen=True)
class Placed:
    """An order by a ranking."""

    rank: Ranks  # (state,)

    def pattern(self, inputs: _Inputs) -> Longs:
        return np.zeros((inputs.count, 1), np.int64)

    def ranks(self, pattern: Longs) -> Ranks:
        return self.rank

    def levels(self, pattern: Longs) -> Ranks | None:
        return None


@dataclass(frozen=True)
class Derived:
    """An order by what states come to: the deal of their outcome, or none, and their effects."""

    party: int  # among those with preferences over deals
    classes: npt.NDArray[np.int32]  # (state,): states that come to the same
    deals: tuple[int | None, ...]  # class -> number of its deal; None for no deal
    effects: tuple[tuple[str, Number, int, Bools], ...]  # (path, points, 1 or -1, (class,): if it counts)

    def pattern(self, inputs: _Inputs) -> Longs:
        worth = self.worth(inputs)
        order = np.argsort(worth, axis=0, kind="stable")
        ascending = np.take_along_axis(worth, order, 0)
        rises = np.zeros(order.shape, np.int64)
        rises[1:] = ascending[1:] != ascending[:-1]
        out = np.empty_like(rises)
        np.put_along_axis(out, order, np.cumsum(rises, axis=0), 0)
        return np.ascontiguousarray(out.T)

    def worth(self, inputs: _Inputs) -> Floats:
        """(class, draw): utility points; what closing a deal costs is taken off."""
        drawn, p = inputs.drawn, self.party
        closing = drawn.reserve[p] - drawn.no_deal[p]
        out = np.repeat(drawn.no_deal[p][None], len(self.deals), axis=0)
        for c, deal in enumerate(self.deals):
            if deal is not None:
                crossed = drawn.crossed([deal])[p]
                out[c] = np.where(crossed, _REFUSED, drawn.utility[0][p, deal] - closing)
        for path, points, sign, counts in self.effects:
            out[counts] += sign * inputs.number(points, COST, path)
        return np.round(out, _DIGITS)

    def ranks(self, pattern: Longs) -> Ranks:
        return _dense(pattern[self.classes])

    def levels(self, pattern: Longs) -> Ranks | None:
        return None


def _dense(score: Longs) -> Ranks:
    """Scores as ranks without gaps."""
    return np.unique(score, return_inverse=True)[1].reshape(-1).astype(np.int32)


@dataclass(frozen=True)
class Patterns:
    """The preferences of all parties: those that occur, and how often."""

    ranks: tuple[Ranks, ...]  # party -> (pattern of the party, state)
    levels: tuple[tuple[Ranks | None, ...], ...]  # party -> pattern of the party
    profiles: npt.NDArray[np.intp]  # (profile, party): the pattern of each party
    of_draw: npt.NDArray[np.intp]  # (draw,): its profile
    kinds: dict[str, npt.NDArray[np.int8]]  # party whose types bear on its order -> (draw,): its type
    cares: dict[str, Bools]  # path of a statement that is not certain -> (draw,): whether it counts

    def profile(self, n: int) -> Ranks:
        """(party, state): the ranks of one profile."""
        return np.stack([ranks[k] for ranks, k in zip(self.ranks, self.profiles[n], strict=True)])

    def strong(self, n: int) -> tuple[Ranks | None, ...]:
        """Party -> (state,): the levels of strength of one profile."""
        return tuple(levels[k] for levels, k in zip(self.levels, self.profiles[n], strict=True))

    def several(self, chosen: Sequence[int]) -> npt.NDArray[Any]:
        """(profile, party, state)."""
        rows = self.profiles[list(chosen)]
        every = np.stack([ranks[rows[:, p]] for p, ranks in enumerate(self.ranks)], axis=1)
        return every.astype(np.int16) if every.max(initial=0) < _SHORT else every

    @property
    def counts(self) -> Longs:
        """(profile,): in how many draws it occurs."""
        return np.bincount(self.of_draw, minlength=len(self.profiles))


@dataclass(frozen=True)
class ConflictGraph:
    """A conflict as the kernels take it, with its names."""

    case: Case
    conflict: Conflict
    parties: tuple[str, ...]
    options: tuple[str, ...]
    owner: tuple[int, ...]  # option -> index of the party
    once: npt.NDArray[np.int8]  # (option,): 1 taken for good, -1 dropped for good, else 0
    states: Longs  # (state,): the number of each, ascending
    feasible: Bools  # (state,)
    now: int | None  # the place of the status quo
    orderings: tuple[tuple[Ordering, ...], ...]  # party -> for each of its types, or one for all
    types: tuple[tuple[str, ...], ...]  # party -> those types; none where one order stands for all
    deals: tuple[dict[str, str], ...]  # that states come to
    model: Uncertain  # of the unknowns that bear on an order

    @cached_property
    def place(self) -> dict[str, int]:
        """Option to its bit."""
        return {option: n for n, option in enumerate(self.options)}

    @property
    def size(self) -> int:
        """States that can be."""
        return int(self.feasible.sum())

    @property
    def uncertain(self) -> bool:
        """Whether anything about an order differs from draw to draw."""
        stated = (s for _, _, _, order in self.conflict.orders() for s in order.prioritised or ())
        return bool(self.model.inputs) or any(s.sure is not None for s in stated)

    def taken(self, state: int) -> tuple[str, ...]:
        """The options that are taken in a state."""
        return self.named(int(self.states[state]))

    def named(self, bits: int) -> tuple[str, ...]:
        """The options that bits stand for."""
        return tuple(option for n, option in enumerate(self.options) if bits >> n & 1)

    def state(self, number: int) -> int | None:
        """The place of the state with this number; None where it is not listed, and so cannot be."""
        at = int(np.searchsorted(self.states, number))
        return at if at < len(self.states) and self.states[at] == number else None

    @cached_property
    def central(self) -> Patterns:
        """The preferences at central values, every party of its likeliest type."""
        return self._patterns([self._middle])

    @cached_property
    def _middle(self) -> _Inputs:
        return self._inputs(self.model.middle()[None], None, 0)

    def drawn(self, draws: int, seed: int, method: Method = "random") -> Patterns:
        """The preferences in every draw."""
        sampler = Sampler(self.model, seed, method=method)
        return self._patterns(
            [
                self._inputs(self.model.values(sampler.scores(at, min(PIECE, draws - at))), seed, at)
                for at in range(0, draws, PIECE)
            ]
        )

    def seen(self, viewer: str, ranks: Ranks) -> tuple[Ranks, Bools]:
        """The ranks (party, state) that a party takes all to have, at central values, and the options that
        it knows of."""
        view = self.conflict.sees.get(viewer)
        out, known = ranks.copy(), np.ones(len(self.options), np.bool_)
        able = self.states, self.feasible
        for party, order in (view.orders if view is not None else {}).items():
            path = f"conflict.sees.{viewer}.{party}"
            as_seen = _ordering(self.model.parties, self.conflict, party, order, path, able)
            out[self.parties.index(party)] = as_seen.ranks(as_seen.pattern(self._middle)[0])
        if view is not None:
            known[[self.place[option] for option in view.unaware]] = False
        return out, known

    @cached_property
    def _few(self) -> Uncertain:
        """The case with the deals that states come to and no others."""
        return self.model.only(self.deals or [self.model.number(0)])

    def _inputs(self, values: Floats, seed: int | None, first: int) -> _Inputs:
        kinds = self.model.kinds(values)
        chosen = sorted({o.party for each in self.orderings for o in each if isinstance(o, Derived)})
        drawn = self._few.draws(values, first=first, kinds=kinds, parties=chosen)
        return _Inputs(self.model, values, drawn, seed, first, {})

    def _patterns(self, pieces: Iterable[_Inputs]) -> Patterns:
        pieces = list(pieces)
        ranks, levels, numbers = [], [], []
        for p, orders in enumerate(self.orderings):
            kind = np.concatenate([self._kind(p, piece) for piece in pieces])
            found = [np.concatenate([o.pattern(piece) for piece in pieces]) for o in orders]
            wide = max(part.shape[1] for part in found)
            joint = np.zeros((len(kind), 1 + wide), np.int64)
            for k, part in enumerate(found):
                here = kind == k
                joint[here, 1 : 1 + part.shape[1]] = part[here]
            joint[:, 0] = kind
            rows, number = _distinct(joint)
            ranks.append(np.stack([orders[row[0]].ranks(row[1:]) for row in rows]))
            levels.append(tuple(orders[row[0]].levels(row[1:]) for row in rows))
            numbers.append(number)
        profiles, of_draw = _distinct(np.stack(numbers, axis=1))
        kinds = {
            party: np.concatenate([piece.drawn.kind[self.model.parties.index(party)] for piece in pieces])
            for party, orders, own in zip(self.parties, self.orderings, self.types, strict=True)
            if party in self.model.types and (own or any(isinstance(o, Derived) for o in orders))
        }
        cares = {path: np.concatenate([p.cared[path] for p in pieces]) for path in pieces[0].cared}
        return Patterns(tuple(ranks), tuple(levels), profiles, of_draw, kinds, cares)

    def _kind(self, p: int, inputs: _Inputs) -> Longs:
        """(draw,): which of its orderings a party has."""
        if not self.types[p]:
            return np.zeros(inputs.count, np.int64)
        kind: Longs = inputs.drawn.kind[inputs.model.parties.index(self.parties[p])].astype(np.int64)
        return kind


def _distinct(rows: Longs) -> tuple[Longs, npt.NDArray[np.intp]]:
    """The different rows, and for each row which of them it is."""
    found, number = np.unique(rows, axis=0, return_inverse=True)
    return found, number.reshape(-1)


def compile_conflict(case: Case | Compiled) -> ConflictGraph | None:
    """The conflict of a case; None where it has none."""
    compiled = compile_case(case)
    if compiled.case.conflict is None:
        return None
    if "conflict" not in compiled.memo:
        compiled.memo["conflict"] = _compile(compiled, compiled.case.conflict)
    return compiled.memo["conflict"]  # type: ignore[no-any-return]


def _compile(compiled: Compiled, conflict: Conflict) -> ConflictGraph:
    case, parties, options = compiled.case, conflict.parties(), conflict.names()
    place = {option: n for n, option in enumerate(options)}
    owner = tuple(parties.index(conflict.owner(option)) for option in options)
    states, feasible = able = _states(conflict, place, owner)
    now = conflict.taken_now()
    direction = {None: 0, "taken": 1, "dropped": -1}
    once = [direction[o.once] for owned in conflict.options.values() for o in owned.values()]
    orderings, types = [], []
    for party in parties:
        stated = conflict.preferences[party]
        path = f"conflict.preferences.{party}"
        known = tuple(case.preferences[party].types) if stated.types else ()
        base = _ordering(compiled.parties, conflict, party, stated, path, able) if stated.ways else None
        each = []
        for kind in known:
            own = stated.types.get(kind)
            if own is not None:
                each.append(_ordering(compiled.parties, conflict, party, own, f"{path}.types.{kind}", able))
            else:
                assert base is not None
                each.append(base)
        types.append(known)
        orderings.append(tuple(each) if each else ((base,) if base is not None else ()))
    return ConflictGraph(
        case=case,
        conflict=conflict,
        parties=parties,
        options=options,
        owner=owner,
        once=np.array(once, np.int8),
        states=states,
        feasible=feasible,
        now=None if now is None else int(np.searchsorted(states, number_of(now, place))),
        orderings=tuple(orderings),
        types=tuple(types),
        deals=_deals(conflict.outcomes),
        model=_bearing(compiled, conflict),
    )


def _states(conflict: Conflict, place: Mapping[str, int], owner: Sequence[int]) -> tuple[Longs, Bools]:
    """The states that arrays run over, by their numbers, and which of them can be.

    All combinations, which need no list of moves; or where the moves between those that can be are few, these
    and the futures that the case speaks of.
    """
    able = feasible_states((rule.when for rule in conflict.infeasible), place)
    every = 1 << len(place)
    if every <= _LISTED or not _sparse(able, owner, every):
        feasible = np.zeros(every, np.bool_)
        feasible[able] = True
        return np.arange(every), feasible
    futures = [conflict.threatened(), *(conflict.asked(party) for party in conflict.positions)]
    spoken_of = [number_of((option for option, taken in f.items() if taken), place) for f in futures]
    states = np.union1d(able, np.array(spoken_of, np.int64))
    return states, np.isin(states, able)


def _sparse(states: Longs, owner: Sequence[int], every: int) -> bool:
    """Whether the moves between some states are few beside all combinations of the options."""
    if len(states) * _SPARSE > every:
        return False  # without a look at their moves
    owned = [tuple(o for o, whose in enumerate(owner) if whose == p) for p in set(owner)]
    return sum(neighbours(states, own) for own in owned) * _SPARSE <= every


def _ordering(
    valued: Sequence[str],
    conflict: Conflict,
    party: str,
    order: Order,
    path: str,
    able: tuple[Longs, Bools],
) -> Ordering:
    """An order of the block, ready to be drawn.

    Parameters
    ----------
    valued
        The parties with preferences over deals.
    path
        Where it is written.
    able
        The numbers of the states (state,), and which of them can be (state,).
    """
    states, feasible = able
    place = {option: n for n, option in enumerate(conflict.names())}
    if order.prioritised is not None:
        score = np.zeros(len(states), np.int64)
        for statement in order.prioritised:
            score = 2 * score + statement_states(statement, place, states)
        return Scored(score, path, order.prioritised)
    if order.ranking is not None:
        entry = ranking_places(order.ranking, place, states)
        return Placed(np.where((entry < 0) | ~feasible, 0, len(order.ranking) - 1 - entry).astype(np.int32))
    return _derived(valued.index(party), conflict, party, place, states, feasible)


def _deals(outcomes: Sequence[StateOutcome]) -> tuple[dict[str, str], ...]:
    deals: list[dict[str, str]] = []
    for outcome in outcomes:
        if outcome.deal is not None and outcome.deal not in deals:
            deals.append(outcome.deal)
    return tuple(deals)


def _derived(
    number: int, conflict: Conflict, party: str, place: Mapping[str, int], states: Longs, feasible: Bools
) -> Derived:
    outcome = np.full(len(states), len(conflict.outcomes), np.int64)
    for n, stated in reversed(list(enumerate(conflict.outcomes))):
        outcome[states_of(stated.when, place, states)] = n
    effects = [
        (f"conflict.effects.{n}.{key}.{party}", costs[party], sign, states_of(effect.when, place, states))
        for n, effect in enumerate(conflict.effects, 1)
        for key, costs, sign in (("less", effect.less, -1), ("more", effect.more, 1))
        if party in costs
    ]
    code = outcome
    for _, _, _, hit in effects:
        code = 2 * code + hit
    code = np.where(feasible, code, code[feasible][0])
    _, first, classes = np.unique(code, return_index=True, return_inverse=True)
    deals = _deals(conflict.outcomes)
    come_to = [conflict.outcomes[outcome[s]].deal for s in first]
    return Derived(
        number,
        classes.reshape(-1).astype(np.int32),
        tuple(None if deal is None else deals.index(deal) for deal in come_to),
        tuple((path, points, sign, hit[first]) for path, points, sign, hit in effects),
    )


def _bearing(compiled: Compiled, conflict: Conflict) -> Uncertain:
    """The case with those unknowns alone that bear on an order of states."""
    base = uncertain(compiled)
    orders = list(conflict.orders())
    derived = {party for _, party, _, order in orders if order.source is not None}
    typed = {party for party, stated in conflict.preferences.items() if stated.types} | derived
    own = tuple(
        Input(path, "", number, bounds, number.law(bounds), bool(number.because))
        for path, number, bounds in conflict_numbers(conflict)
        if number.is_range
    )
    wanted = {item.path for item in own} | {
        item.path
        for item in base.inputs
        if item.party in derived
        or (item.party in typed and (item.law == "type" or item.weighs_types))
        or (derived and item.path.startswith("no_deal."))
    }
    known = {item.path for item in (*base.inputs, *own)}
    joined = {c.between: c.rho for c in compiled.case.correlations if known.issuperset(c.between)}
    for paths, _ in components(joined):
        if wanted & set(paths):
            wanted |= set(paths)
    types = {party: kinds for party, kinds in base.types.items() if f"{party}.type" in wanted}
    bearing = tuple(item for item in (*base.inputs, *own) if item.path in wanted)
    return replace(base, inputs=bearing, types=types, memo={})
