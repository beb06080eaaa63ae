"""One pass over the draws that the lenses share: what opens, who accepts what, which deals are good.

Deals are enumerated in every draw, in blocks of bounded size. Gains count over the reservation values of the
same draw. A deal that the rule does not pass in a draw brings no deal there: gains of nought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import numpy.typing as npt

from winset.case.correlation import matrix, nearest
from winset.compiled.draws import Draws, Uncertain, reaches
from winset.compiled.sampling import PIECE, Sampler
from winset.kernels import ensemble
from winset.kernels.blocks import Block
from winset.kernels.feasible import empty
from winset.kernels.poll import Engine, any_passes, fitting, minimal, poll
from winset.lenses.estimates import Estimate, Plan, estimate, plan, until
from winset.lenses.results import NotComputed, Progress, Result

__all__ = ["CHOICES", "Survey", "certain", "deal_draws", "odds_plan", "open_in", "readings", "survey"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CHOICES = ("Nash", "Kalai-Smorodinsky", "egalitarian", "utilitarian")
LIMIT = 2_000_000  # deals to enumerate in every draw
_WORK = 100_000_000  # deals times draws, when nobody says how many draws
_LARGE_DRAWS = 256  # when every draw needs a search of its own
_FRONTIER_WORK = 500_000  # deals times draws in which the frontier is found
_FEWEST = 256
_EGALITARIAN = CHOICES.index("egalitarian")
STRONG = 0.8  # how strongly no-deal values move together in the strong readings
_SCALE = 2.0**24  # utilities of a draw as whole numbers, for the exact search


@dataclass(frozen=True)
class Survey:
    """What happens in the draws. Deals are numbered as ``Uncertain.number`` does."""

    plan: Plan
    parties: tuple[str, ...]
    open: Bools  # (draw,): the zone is not empty
    kind: npt.NDArray[np.int8]  # (party, draw)
    accepted: Ints  # (party, deal): draws in which the party accepts
    passed: Ints  # (deal,): draws in which the rule passes
    worst: Floats  # (deal,): sum over draws of the gain of the worst-off ruler, 0 where not passed
    best_worst: Floats  # (draw,): the largest gain of the worst-off in the zone; 0 where empty
    chosen: Ints  # (choice, draw): the deal that the solution picks, -1 where the zone is empty
    gains: Floats  # (choice, party, draw): gains there; 0 where the zone is empty
    efficient: Ints  # (deal,): draws, of the first `compared`, in which the deal is on the frontier of all
    compared: int
    frontier: Ints  # (draw of `compared`,): deals on the frontier
    opens: dict[tuple[int, ...], Bools]  # minimal set of rulers -> draws in which its yes opens the zone
    refused: Floats  # (party, draw): share of all deals that the party refuses


def odds_plan(
    model: Uncertain,
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    to_within: float | None = None,
) -> Plan:
    """As many draws as asked for, else as many as the number of deals lets be quick."""
    if not model.inputs:
        return plan(1 if method == "random" else PIECE, rng, method="random")
    if draws is None and model.deals > LIMIT:
        draws = _LARGE_DRAWS
    asked = plan(draws, rng, method=method, to_within=to_within)
    if draws is None and model.deals * asked.draws > _WORK:
        fewer = max(_FEWEST, _WORK // model.deals // PIECE * PIECE)
        asked = plan(min(asked.draws, fewer), asked.seed, method=method, to_within=to_within)
    return asked


def certain(model: Uncertain, found: Estimate) -> Estimate:
    """An estimate of a case without unknowns has no error."""
    if model.inputs:
        return found
    return Estimate(found.value, 0.0, found.value, found.value, found.draws)


def survey(
    model: Uncertain, asked: Plan, progress: Progress | None = None, powers: Floats | None = None
) -> Survey | NotComputed:
    """Everything at once; kept, so that the lenses share it.

    Parameters
    ----------
    powers : float64 (ruler,), optional
        Bargaining weights of the Nash solution.
    """
    key = ("survey", asked.draws, asked.seed, asked.method, None if powers is None else tuple(powers))
    if key not in model.memo:
        if model.deals > LIMIT:
            return NotComputed(
                f"{model.deals:,} deals are too many to look at in every draw; at most {LIMIT:,}"
            )
        model.memo[key] = _survey(model, asked, progress, powers)
    kept: Survey = model.memo[key]
    return kept


def _survey(model: Uncertain, asked: Plan, progress: Progress | None, powers: Floats | None) -> Survey:
    draws, deals, parties = asked.draws, model.deals, len(model.parties)
    rulers = list(model.rulers)
    out = Survey(
        plan=asked,
        parties=model.parties,
        open=np.zeros(draws, np.bool_),
        kind=np.zeros((parties, draws), np.int8),
        accepted=np.zeros((parties, deals), np.int64),
        passed=np.zeros(deals, np.int64),
        worst=np.zeros(deals),
        best_worst=np.zeros(draws),
        chosen=np.full((len(CHOICES), draws), -1, np.int64),
        gains=np.zeros((len(CHOICES), parties, draws)),
        efficient=np.zeros(deals, np.int64),
        compared=min(draws, max(16, _FRONTIER_WORK // deals)),
        frontier=np.zeros(min(draws, max(16, _FRONTIER_WORK // deals)), np.int64),
        opens={},
        refused=np.zeros((parties, draws)),
    )
    sets: list[tuple[int, ...]] = [
        tuple(rulers[n] for n in chosen)
        for size in range(1, len(rulers) + 1)
        for chosen in combinations(range(len(rulers)), size)
    ] if len(rulers) <= 6 else [(r,) for r in rulers]  # fmt: skip
    for chosen in sets:
        out.opens[chosen] = np.zeros(draws, np.bool_)
    sampler = Sampler(model, asked.seed, method=asked.method)
    engine = engine_for(model, draws)

    def job(piece: Draws) -> _PerDeal:
        here = slice(piece.first, piece.first + piece.count)
        found = poll(
            piece.tables(),
            piece.utility,
            piece.reserve,
            model.rule,
            rulers,
            sets,
            powers=powers,
            engine=engine,
        )
        out.kind[:, here] = piece.kind
        out.open[here] = opened = found.picks[0] >= 0
        out.refused[:, here] = found.refused / deals
        out.chosen[:, here] = found.picks
        out.gains[:, :, here] = np.where(opened, _gains(piece, found.picks), 0.0)
        out.best_worst[here] = out.gains[_EGALITARIAN, rulers, here].min(axis=0)
        for chosen, opens in zip(sets, minimal(sets, found.opens), strict=True):
            out.opens[chosen][here] = opens
        wanted = max(0, min(piece.count, out.compared - piece.first))
        few = [u[rulers, :, :wanted] for u in piece.utility]
        efficient = _frontier(out, few, piece.first) if wanted else np.zeros(deals, np.int64)
        return _PerDeal(found.accepted, found.passed, found.worst, efficient)

    done = 0
    for answers in sampler.work(draws, job):
        if progress is not None:
            progress("drawing the unknowns", done, draws)
        done += PIECE
        for sums in answers:  # in order, so that the rounding of sums is always the same
            out.accepted[:] += sums.accepted
            out.passed[:] += sums.passed
            out.worst[:] += sums.worst
            out.efficient[:] += sums.efficient
    for gone in [k for k, v in out.opens.items() if not v.any()]:
        del out.opens[gone]
    return out


@dataclass(frozen=True, slots=True)
class _PerDeal:
    """Sums over some draws."""

    accepted: Ints  # (party, deal)
    passed: Ints  # (deal,)
    worst: Floats  # (deal,)
    efficient: Ints  # (deal,)


def _gains(piece: Draws, picks: Ints) -> Floats:
    """(choice, party, draw): gains at some deals of each draw, whatever stands for none of them."""
    cells = np.unravel_index(np.maximum(picks, 0), [u.shape[1] for u in piece.utility])
    column = np.arange(piece.count)
    worth = np.sum([u[:, c, column] for u, c in zip(piece.utility, cells, strict=True)], axis=0)
    return np.asarray((worth - piece.reserve[:, None]).transpose(1, 0, 2), np.float64)


def engine_for(model: Uncertain, draws: int) -> Engine:
    """What is to look at all deals of so many draws."""
    return fitting(model.deals * draws * len(model.parties), len(model.rulers))


def _frontier(out: Survey, utility: list[Floats], first: int) -> Ints:
    """(deal,): the draws, of some, in which no other deal beats it for those who bargain."""
    import moocore

    efficient = np.zeros(len(out.passed), np.int64)
    points = np.ascontiguousarray(np.round(ensemble.expand(utility), 9).transpose(2, 1, 0))
    for n, values in enumerate(points):
        if values.shape[1] == 1:
            on = values[:, 0] == values[:, 0].max()
        else:
            on = np.asarray(moocore.is_nondominated(values, maximise=True, keep_weakly=True))
        efficient[on] += 1
        out.frontier[first + n] = int(on.sum())
    return efficient


# ------------------------------------------------------------------ whether the zone is open, and no more


@dataclass(frozen=True, slots=True)
class Reading(Result):
    """The probability that the zone is not empty under one reading of how the unknowns hang together."""

    name: str  # "as stated", "independent", "together", "against each other"
    rho: float | None  # between no-deal values of different parties, where the reading sets it
    open: Estimate


def open_in(
    model: Uncertain,
    asked: Plan,
    *,
    correlations: Mapping[tuple[str, str], float] | None = None,
    progress: Progress | None = None,
) -> tuple[Bools, bool]:
    """(draw,): whether the zone is open; and whether the tolerance of the plan was reached.

    With too many deals to enumerate, every draw is decided by an exact search.

    Raises
    ------
    TooLarge
        If the search of some draw passed its limit.
    """
    sampler = Sampler(model, asked.seed, method=asked.method, correlations=correlations)
    engine = engine_for(model, asked.draws)

    def run(first: int, count: int) -> Bools:
        found: list[Bools] = []
        for answers in sampler.work(count, lambda piece: _any_zone(piece, engine), first=first):
            if progress is not None:
                progress("drawing the unknowns", sum(map(len, found)), count)
            found += answers
        return np.concatenate(found)

    return until(asked, run)


def _any_zone(piece: Draws, engine: Engine) -> Bools:
    """(draw,): whether some deal passes."""
    if piece.model.deals <= LIMIT:
        return any_passes(piece.tables(), piece.reserve, piece.model.rule, engine)
    return np.array([_searched(piece.model, piece, n) for n in range(piece.count)], np.bool_)


def _searched(model: Uncertain, piece: Draws, n: int) -> bool:
    blocks = []
    for g, utility in enumerate(piece.utility):
        crossed = np.stack(
            [model.lines[p][int(piece.kind[k, n])][g] for k, p in enumerate(model.parties)], axis=1
        )
        whole = np.rint(utility[:, :, n].T * _SCALE).astype(np.int64)
        blocks.append(Block(np.ascontiguousarray(whole), crossed))
    slack = len(blocks)  # each group is off by at most half a unit
    reserve = np.floor(piece.reserve[:, n] * _SCALE).astype(np.int64) - slack
    return not empty(blocks, reserve, model.rule).empty


def open_as_stated(model: Uncertain, asked: Plan) -> Bools:
    """(draw,): whether the zone is open, from a survey that has been made if there is one.

    Raises
    ------
    TooLarge
        As ``open_in``.
    """
    for kept in model.memo.values():
        if not isinstance(kept, Survey) or kept.plan.draws < asked.draws:
            continue
        if (kept.plan.seed, kept.plan.method) == (asked.seed, asked.method):
            return kept.open[: asked.draws]
    return open_in(model, asked)[0]


def readings(model: Uncertain, asked: Plan, progress: Progress | None = None) -> tuple[Reading, ...]:
    """P(zone) at the case's correlations, with none, and with strong ones between no-deal values.

    The strong readings keep no correlation of the case: the no-deal values of the parties that the rule names
    move together (0.8), or against each other as strongly as several can (the nearest possible to -0.8).
    """
    values = [
        (item.path, item.party)
        for item in model.inputs
        if item.path.endswith(".no_deal") and item.party in {model.parties[r] for r in model.rulers}
    ]
    wanted: list[tuple[str, float | None, Mapping[tuple[str, str], float] | None]] = [
        ("as stated", None, None),
        ("independent", 0.0, {}),
    ]
    if len({party for _, party in values}) > 1:
        paths = [path for path, _ in values]
        for name, strength in (("together", STRONG), ("against each other", -STRONG)):
            stated = {
                (paths[i], paths[j]): STRONG if values[i][1] == values[j][1] else strength
                for i in range(len(paths))
                for j in range(i)
            }
            near = nearest(matrix(paths, stated))
            apart = [near[i, j] for i in range(len(paths)) for j in range(i) if values[i][1] != values[j][1]]
            kept = {(paths[i], paths[j]): float(near[i, j]) for i in range(len(paths)) for j in range(i)}
            wanted.append((name, round(float(np.mean(apart)), 2), kept))
    out = []
    fixed = Plan(asked.draws, asked.seed, asked.method)
    for name, rho, correlations in wanted:
        if name == "independent" and not model.case.correlations:
            continue
        if name == "as stated":
            seen = open_as_stated(model, fixed)
        else:
            told = None if progress is None else partial(_elsewhere, progress, name)
            seen, _ = open_in(model, fixed, correlations=correlations, progress=told)
        out.append(Reading(name, rho, certain(model, estimate(seen, method=asked.method))))
    return tuple(out)


def _elsewhere(progress: Progress, name: str, _: str, done: int, count: int) -> None:
    progress(f"drawing them {name}", done, count)


def deal_draws(
    model: Uncertain, asked: Plan, deals: Sequence[Mapping[str, str]]
) -> tuple[Floats, Bools, Bools]:
    """Some deals in every draw.

    Returns
    -------
    gain : float64 (party, deal, draw)
    accepts : bool (party, deal, draw)
    passes : bool (deal, draw)
    """
    few = model.only(deals)
    gain = np.zeros((len(model.parties), len(deals), asked.draws))
    accepts = np.zeros(gain.shape, np.bool_)
    for piece in Sampler(few, asked.seed, method=asked.method).pieces(asked.draws):
        here = slice(piece.first, piece.first + piece.count)
        gain[:, :, here] = piece.utility[0] - piece.reserve[:, None]
        accepts[:, :, here] = reaches(piece.tables()[0], piece.reserve[:, None])
    return gain, accepts, ensemble.passes(model.rule, accepts)
