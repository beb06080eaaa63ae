"""Versions of a case in the same draws: what each lens says of each draw, under keys that versions share.

Every lens is asked through the function from which it draws its own answer, so that what is compared is what
the lens tells. Versions that are the same in everything that a lens may read have the same answer to it, by
common random numbers, and are looked at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.conflict import ConflictGraph, compile_conflict
from winset.compiled.draws import APART, Uncertain, reaches, uncertain
from winset.compiled.sampling import PIECE, Sampler
from winset.kernels import ensemble
from winset.kernels.limits import TooLarge
from winset.lenses.concessions import VERDICTS, verdicts_in_draws
from winset.lenses.course import ends_in_draws
from winset.lenses.course_run import AGREEMENT
from winset.lenses.durability import kept_in_draws
from winset.lenses.estimates import Plan, estimate, plan
from winset.lenses.per_draw import PerDraw, Values, exact
from winset.lenses.ratification import votes_in_draws
from winset.lenses.results import NotComputed, Progress
from winset.lenses.stability import NO_CONFLICT, states_of_interest
from winset.lenses.standoff_odds import OddsOfStates
from winset.lenses.survey import CHOICES, Survey, odds_plan, open_in, survey
from winset.lenses.threats import threats_in_draws
from winset.lenses.war import chancy, contests_in_draws

__all__ = ["ASKED", "OF_DEALS", "Key", "Version", "applies", "reads", "versions"]

Key = tuple[str, str, str]  # what, subject, party
Deals = dict[str, dict[str, str]]
Told = dict[Key, PerDraw | NotComputed]

#: Lens -> what it asks of a draw.
ASKED: dict[str, tuple[str, ...]] = {
    "zone": ("zone", "accepts", "passes", "no deal"),
    "blockers": ("refused", "opens"),
    "frontier": ("frontier",),
    "solutions": ("gain",),
    "course": ("agreed", "failed", "days"),
    "ratification": ("passes", "ratified", "ratified if signed", "stands"),
    "durability": ("passes", "kept"),
    "threats": ("credible", "complies", "credible and complies", "opens the zone"),
    "concessions": VERDICTS,
    "war": (
        "range",
        "width",
        "fighting",
        "cost of fighting",
        "inside",
        "refused offer",
        "commitment",
        "apart",
        "meet",
        "hurts",
        "drifts",
        "calm",
        "shared",
    ),
    "stability": ("lasts", "ends in"),
}
#: Lenses whose answers lie in the deals of a case alone.
OF_DEALS = ("zone", "blockers", "frontier", "solutions")
#: Lens -> the block without which there is nothing to ask it.
BLOCKS = {
    "course": "stages",
    "ratification": "bodies",
    "durability": "durability",
    "threats": "threats",
    "concessions": "concessions",
    "war": "war",
    "stability": "conflict",
}
#: Lens -> blocks of ``APART`` that it reads; no lens reads another.
DRAWN: dict[str, tuple[str, ...]] = {
    "course": ("stages", "talks"),
    "durability": ("guarantees", "durability"),
    "threats": ("threats",),
    "concessions": ("concessions",),
    "war": ("war", "talks"),
    "stability": ("conflict",),
}
#: Blocks that no lens here reads.
_ELSEWHERE = ("parties", "levers", "decisions", "places", "agenda", "legal")
#: What no number of any lens hangs on.
_WORDS = ("winset", "title", "summary", "as_of", "judge", "notes", "illustrative", "sources", "claims", "log")
_STATES = 5  # of each version, besides the status quo
_BEST = CHOICES.index("egalitarian")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a case, and what happens in it in every draw."""

    name: str
    model: Uncertain  # of the deals
    values: dict[Key, PerDraw]
    without: dict[Key, NotComputed]  # quantities that are not computed here
    lenses: dict[str, NotComputed]  # lenses that are not computed at all


def applies(lens: str, case: Case) -> bool:
    """Whether a case has what a lens is about."""
    if lens in OF_DEALS:
        return True
    found = getattr(case, BLOCKS[lens])
    return bool(found.given) if lens == "concessions" and found is not None else bool(found)


def reads(lens: str, block: str) -> bool:
    """Whether an answer of a lens may hang on a block of the case."""
    if block in (*_ELSEWHERE, *_WORDS):
        return False
    if block == "bodies":
        return lens in ("ratification", "course")
    if block == "conflict" or block in APART:
        return block in DRAWN.get(lens, ())
    return True


# --------------------------------------------------------------------------------- versions in the same draws


def versions(
    cases: Mapping[str, Case | Compiled],
    lenses: Sequence[str],
    *,
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
    most: int = 0,
    progress: Progress | None = None,
) -> tuple[Plan, list[Version], Deals]:
    """All versions in the same draws, and the deals besides the offers that are looked at."""
    asked_of = tuple(dict.fromkeys("deals" if lens in OF_DEALS else lens for lens in lenses))
    models = {lens: _models(cases, DRAWN.get(lens, ())) for lens in ("deals", *asked_of)}
    graphs = _graphs(cases) if "stability" in asked_of else {}
    asked = _plan(models, graphs, asked_of, draws, rng, method)
    base = models["deals"]
    found = [Version(name, model, {}, {}, {}) for name, model in base.items()]
    alike = {lens: _alike(base, lens) for lens in ("deals", *asked_of)}
    surveys = _surveys(base, alike["deals"], lenses, most, asked, progress)
    chosen = _often(base, surveys, most)
    states = _states(graphs, asked)
    for lens in asked_of:
        told: dict[str, Told | NotComputed] = {}
        for version in found:
            name, first = version.name, alike[lens][version.name]
            if first not in told:
                model = models[lens][name]
                plan_ = _of(_differs(lens, model, graphs.get(name)), asked)
                if lens == "deals":
                    told[first] = _deals(model, surveys[name], chosen, plan_)
                elif lens == "stability":
                    told[first] = states.get(name, NotComputed(NO_CONFLICT))
                else:
                    told[first] = _later(lens, model, chosen, plan_, progress)
            _put(version, lens, told[first], asked)
            if lens == "deals" and isinstance(why := surveys[name], NotComputed):
                version.lenses.update({x: why for x in lenses if x in OF_DEALS and x != "zone"})
    _never_opened(found, asked)
    return asked, found, chosen


def _models(cases: Mapping[str, Case | Compiled], also: tuple[str, ...]) -> dict[str, Uncertain]:
    """Every version, with the unknowns of all in one order for Sobol points."""
    models = {name: uncertain(case, also=also) for name, case in cases.items()}
    paths = tuple(dict.fromkeys(i.path for model in models.values() for i in model.inputs))
    return {name: replace(model, order=paths, memo={}) for name, model in models.items()}


def _graphs(cases: Mapping[str, Case | Compiled]) -> dict[str, ConflictGraph]:
    graphs = {name: graph for name, case in cases.items() if (graph := compile_conflict(case)) is not None}
    paths = tuple(dict.fromkeys(i.path for graph in graphs.values() for i in graph.model.inputs))
    return {n: replace(g, model=replace(g.model, order=paths, memo={})) for n, g in graphs.items()}


def _plan(
    models: Mapping[str, Mapping[str, Uncertain]],
    graphs: Mapping[str, ConflictGraph],
    lenses: Iterable[str],
    draws: int | None,
    rng: int | np.random.Generator | None,
    method: str,
) -> Plan:
    """As many draws as every version can be given; one where nothing that is asked for is uncertain."""
    asked = plan(draws, rng, method=method)
    if not any(_differs(lens, m, graphs.get(name)) for lens in lenses for name, m in models[lens].items()):
        return Plan(1, asked.seed)
    many = [odds_plan(m, draws, asked.seed, method).draws for m in models["deals"].values() if m.inputs]
    return Plan(min([asked.draws, *many]), asked.seed, asked.method)


def _differs(lens: str, model: Uncertain, graph: ConflictGraph | None) -> bool:
    """Whether an answer of a lens may differ from draw to draw."""
    if lens == "course":
        return bool(model.case.stages)  # what ends a stage from outside is drawn too
    if lens == "stability":
        return graph is not None and graph.uncertain
    return chancy(model) if lens == "war" else bool(model.inputs)


def _of(differs: bool, asked: Plan) -> Plan:
    """The plan; one draw where none differs from another."""
    return asked if differs else Plan(1, asked.seed)


def _alike(models: Mapping[str, Uncertain], lens: str) -> dict[str, str]:
    """Version to the first that is the same in all that a lens may read, to the letter."""
    seen: dict[str, str] = {}
    out = {}
    for name, model in models.items():
        data = {
            block: body
            for block, body in model.case.to_data().items()
            if block not in _WORDS
            and (block in DRAWN.get(lens, ()) if block in (*APART, "conflict") else True)
        }
        out[name] = seen.setdefault(json.dumps(data, default=str), name)
    return out


def _put(version: Version, lens: str, told: Told | NotComputed, asked: Plan) -> None:
    if isinstance(told, NotComputed):
        version.lenses[lens] = told
        return
    for key, found in told.items():
        if isinstance(found, NotComputed):
            version.without[key] = found
        elif key not in version.values:  # two lenses may ask whether a deal passes
            version.values[key] = found.over(asked.draws)


def _never_opened(found: Sequence[Version], asked: Plan) -> None:
    """Sets of parties that open the zone in one version and never in another: no draw there."""
    never = np.zeros(asked.draws, np.bool_)
    sets = {key for version in found for key in version.values if key[0] == "opens"}
    for version in found:
        rulers = {version.model.parties[r] for r in version.model.rulers}
        for key in sets - set(version.values):
            if set(key[1].split(" + ")) <= rulers:
                version.values[key] = _plain(version.model, never, asked)


def _plain(model: Uncertain, values: Values, asked: Plan) -> PerDraw:
    method = asked.method if len(values) % PIECE == 0 else "random"
    found = estimate(values, method=method)
    return PerDraw(values, found if model.inputs else exact(found), None, not model.inputs)


# --------------------------------------------------------------------------------------------- of the deals


def _surveys(
    models: Mapping[str, Uncertain],
    alike: Mapping[str, str],
    lenses: Sequence[str],
    most: int,
    asked: Plan,
    progress: Progress | None,
) -> dict[str, Survey | NotComputed]:
    """What the draws say of all deals, where a lens or the choice of deals needs that."""
    of_all = {"blockers", "frontier", "solutions"} & set(lenses)
    if not of_all and not (most and {"zone", "ratification", "durability"} & set(lenses)):
        return dict.fromkeys(models, NotComputed("only the zone was asked for"))
    out: dict[str, Survey | NotComputed] = {}
    for name, model in models.items():
        first = alike[name]
        out[name] = out[first] if first in out else survey(model, _of(bool(model.inputs), asked), progress)
    return out


def _often(models: Mapping[str, Uncertain], surveys: Mapping[str, Survey | NotComputed], most: int) -> Deals:
    """The deals that pass most often in each version, by names; none that is an offer."""
    out: list[dict[str, str]] = []
    offers = [dict(o.deal) for model in models.values() for o in model.case.offers.values()]
    for name, model in models.items():
        seen = surveys[name]
        if isinstance(seen, NotComputed):
            continue
        order = np.lexsort((-seen.worst, -seen.passed))[:most]
        for n in order[seen.passed[order] > 0].tolist():
            deal = model.number(n)
            if deal not in out and deal not in offers:
                out.append(deal)
    return {f"deal {n}": deal for n, deal in enumerate(out, 1)}


def _deals(model: Uncertain, seen: Survey | NotComputed, chosen: Deals, asked: Plan) -> Told:
    """Whether some deal passes, what all deals are to each party, and who accepts some of them."""
    out: Told = {}
    values: dict[Key, Values] = {}
    if isinstance(seen, NotComputed):
        try:
            values["zone", "", ""] = open_in(model, asked)[0]
        except TooLarge as large:
            out["zone", "", ""] = NotComputed(
                f"the search of a draw passed its limit of {large.limit:,} deals"
            )
    else:
        values["zone", "", ""] = seen.open
        for p, party in enumerate(model.parties):
            values["gain", "", party] = seen.gains[_BEST, p]
            if p in model.rulers:
                values["refused", "", party] = 100 * seen.refused[p]
        values["frontier", "", ""] = seen.frontier.astype(np.float64)
        for parties, opens in seen.opens.items():
            values["opens", " + ".join(model.parties[p] for p in parties), ""] = opens
    values |= _acceptance(model, _known(model, chosen), asked)
    return {**out, **{key: _plain(model, v, asked) for key, v in values.items()}}


def _known(model: Uncertain, chosen: Deals) -> Deals:
    """The offers of a version, and the chosen deals that are deals there too."""
    offers = {name: dict(offer.deal) for name, offer in model.case.offers.items()}
    return offers | {name: deal for name, deal in chosen.items() if _has(model, deal)}


def _has(model: Uncertain, deal: Mapping[str, str]) -> bool:
    """Whether a deal of another version is one here too."""
    known = dict(zip(model.issues, model.options, strict=True))
    if set(deal) != set(known) or any(deal[i] not in known[i] for i in known):
        return False
    return not any(rule.when.holds(deal) for rule in model.case.forbid)


def _acceptance(model: Uncertain, named: Deals, asked: Plan) -> dict[Key, Values]:
    """Who accepts some deals, whether they pass, and what the parties have without a deal."""
    names = list(named)
    few = model.only([named[n] for n in names] or [model.number(0)])
    cells = len(few.groups[0].options)
    parties = len(model.parties)
    accepts = np.zeros((parties, cells, asked.draws), np.bool_)
    no_deal = np.zeros((parties, asked.draws))
    for piece in Sampler(few, asked.seed, method=asked.method).pieces(asked.draws):
        here = slice(piece.first, piece.first + piece.count)
        accepts[:, :, here] = reaches(piece.tables()[0], piece.reserve[:, None])
        no_deal[:, here] = piece.no_deal
    passed = ensemble.passes(model.rule, accepts)
    out: dict[Key, Values] = {}
    for n, name in enumerate(names):
        out["passes", name, ""] = passed[n]
        for p, party in enumerate(model.parties):
            out["accepts", name, party] = accepts[p, n]
    for p, party in enumerate(model.parties):
        out["no deal", "", party] = no_deal[p]
    return out


# ------------------------------------------------------------------------------------- of the later questions


def _later(
    lens: str, model: Uncertain, chosen: Deals, asked: Plan, progress: Progress | None
) -> Told | NotComputed:
    """What a lens says of the block that it is about."""
    if not applies(lens, model.case):
        return NotComputed(f"the case has no {BLOCKS[lens]}")
    if lens == "course":
        return _course(model, asked, progress)
    if lens == "ratification":
        return _ratification(model, chosen, asked, progress)
    if lens == "durability":
        return _durability(model, chosen, asked)
    if lens == "threats":
        return _threats(model, asked, progress)
    if lens == "concessions":
        return {
            (verdict, name, party): found
            for name, party, verdict, found in verdicts_in_draws(model, asked, progress)
        }
    return _war(model, asked, progress)


def _course(model: Uncertain, asked: Plan, progress: Progress | None) -> Told | NotComputed:
    found = ends_in_draws(model, asked, progress)
    if isinstance(found, NotComputed):
        return found
    made, ends = found
    failed = ends.how != AGREEMENT

    def told(values: Values) -> PerDraw:
        return PerDraw(values, estimate(values, method=asked.method))

    out: Told = {("agreed", "", ""): told(~failed)}
    for stage in made.stages:
        out["failed", stage.name, ""] = told(failed & (ends.stage == stage.place))
    out["failed", "", ""] = told(failed & (ends.stage == len(made.stages)))
    out["days", "", ""] = told(ends.clock)
    return out


def _ratification(
    model: Uncertain, chosen: Deals, asked: Plan, progress: Progress | None
) -> Told | NotComputed:
    found = votes_in_draws(model, asked, _known(model, chosen), progress)
    if isinstance(found, NotComputed):
        return found
    out: Told = {}
    for name, deal in found.items():
        out["passes", name, ""] = deal.signed
        for body in deal.ratified:
            out["ratified", name, body] = deal.ratified[body]
            out["ratified if signed", name, body] = deal.given_signed[body]
        if isinstance(deal.stands, PerDraw):
            out["stands", name, ""] = deal.stands
    return out


def _durability(model: Uncertain, chosen: Deals, asked: Plan) -> Told | NotComputed:
    found = kept_in_draws(model, asked, {n: d for n, d in chosen.items() if _has(model, d)})
    if isinstance(found, NotComputed):
        return found
    out: Told = {}
    for name, (signed, kept) in found.items():
        out["passes", name, ""] = signed
        out["kept", name, ""] = kept
    return out


def _threats(model: Uncertain, asked: Plan, progress: Progress | None) -> Told | NotComputed:
    found = threats_in_draws(model, asked, progress)
    if isinstance(found, NotComputed):
        return found
    out: Told = {}
    for name, threat in found.items():
        out["credible", name, ""] = threat.credible
        out["complies", name, ""] = threat.complies
        out["credible and complies", name, ""] = threat.both
        out["opens the zone", name, ""] = threat.opened
    return out


def _war(model: Uncertain, asked: Plan, progress: Progress | None) -> Told | NotComputed:
    found = contests_in_draws(model, asked, progress)
    if isinstance(found, NotComputed):
        return found
    return {
        (one.what, f"{name}, {one.of}" if one.of else name, one.party): one.told
        for name, contest in found.items()
        for one in contest
    }


def _states(graphs: Mapping[str, ConflictGraph], asked: Plan) -> dict[str, Told | NotComputed]:
    """Version to whether states last, and whether the status quo ends in them: its own and the others'."""
    odds = {name: OddsOfStates(graph, _of(graph.uncertain, asked)) for name, graph in graphs.items()}
    wanted: dict[frozenset[str], str] = {}
    for name, graph in graphs.items():
        for state in states_of_interest(graph, odds[name], _STATES):
            taken = graph.taken(state)
            wanted.setdefault(frozenset(taken), " + ".join(taken))
    return {name: _lasting(graph, odds[name], wanted) for name, graph in graphs.items()}


def _lasting(
    graph: ConflictGraph, odds: OddsOfStates, wanted: Mapping[frozenset[str], str]
) -> Told | NotComputed:
    if odds.refused is not None:
        return odds.refused
    out: Told = {}

    def told(values: Values) -> PerDraw:
        found = estimate(values, method=odds.plan.method)
        return PerDraw(values, found if graph.uncertain else exact(found), None, not graph.uncertain)

    for taken, label in wanted.items():
        if not taken <= set(graph.options):
            continue
        state = sum(1 << graph.place[option] for option in taken)
        if not graph.feasible[state]:
            continue
        lasts, reached = odds.lasts(state, "seq"), odds.reached(state)
        out["lasts", label, ""] = told(lasts)
        if reached is not None and state != graph.now:
            out["ends in", label, ""] = told(lasts & reached)
    return out
