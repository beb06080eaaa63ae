"""Threats and promises over the draws: their numbers, and the zone and the target's courses with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from winset.case.fields import COST, DRIFT, PACE, PROBABILITY, SPAN, UTILITY, Timed
from winset.case.numbers import Bounds
from winset.case.stages import DAYS, days
from winset.case.threats import ANY_DEAL, NO_DEAL, Threat
from winset.compiled.draws import Draws, Uncertain
from winset.compiled.sampling import Sampler
from winset.kernels.blocks import Bools, Floats, Ints
from winset.kernels.ensemble import TIE, expand, passes
from winset.kernels.threats import carried
from winset.lenses.course_plan import drawn
from winset.lenses.estimates import Plan
from winset.lenses.matched import matched, options_taken
from winset.lenses.results import NotComputed, Progress
from winset.lenses.survey import LIMIT

__all__ = ["Stake", "ThreatRun"]

Kinds = npt.NDArray[np.int8]
Stake = Literal["cost", "benefit", "audience"]

_BLOCK = 1 << 17  # deals times draws at a time: what fits the cache


@dataclass(frozen=True, slots=True)
class _Due:
    """When a threat or promise is due, seen from what happens without a deal."""

    moved: Ints  # deals in which it is due and without a deal it is not, or the other way round
    nothing: bool  # whether it is due without a deal
    asked: bool  # whether the moved deals are what the target is asked for


class ThreatRun:
    """All threats of a case over all draws."""

    def __init__(self, model: Uncertain, asked: Plan) -> None:
        self.model, self.plan = model, asked
        self.bodies = model.case.threats
        self.listed = model.deals <= LIMIT
        self.without: dict[str, NotComputed] = {}  # those that have no computed effect, and why
        self.due: dict[str, _Due] = {}
        taken = options_taken(model) if self.listed else {}
        for name, body in self.bodies.items():
            why = self._why_none(body)
            if why is None:
                self.due[name] = _due(model, body, taken)
            else:
                self.without[name] = NotComputed(why)
        many = asked.draws
        self.before: Bools = np.zeros(many, np.bool_)  # (draw,): some deal passes
        self.opened: dict[str, Bools] = {name: np.zeros(many, np.bool_) for name in self.due}
        # the target's best gain (by what it is asked for or not, draw)
        self.best: dict[str, Floats] = {name: np.zeros((2, many)) for name in self.due}
        # draws in which a moved deal (opens or closes, moved deal)
        self.changes: dict[str, Ints] = {
            name: np.zeros((2, len(due.moved)), np.int64) for name, due in self.due.items()
        }
        self.values: Floats = np.zeros((many, len(model.inputs)))
        self.kind: Kinds = np.zeros((len(model.parties), many), np.int8)

    def _why_none(self, body: Threat) -> str | None:
        """Why nothing can be said about what it does to the target and the zone."""
        if not self.listed:
            return f"{self.model.deals:,} deals are too many to look at in every draw; at most {LIMIT:,}"
        if body.when is None and body.unless is None:
            return "it states no condition on deals"
        if body.effect is None:
            return f"its {'harm' if body.kind == 'threat' else 'gain'} to the target is not stated"
        return None if body.to in self.model.parties else "its target has no preferences"

    # ------------------------------------------------------------------------------------- all draws once

    def do(self, progress: Progress | None) -> None:
        """Go through the draws."""
        done, sampler = 0, Sampler(self.model, self.plan.seed, method=self.plan.method)
        for parts in sampler.work(self.plan.draws, self._piece):
            for count, sums in parts:
                done += count
                for name, both in sums.items():
                    self.changes[name] += both
            if progress is not None:
                progress("threats over the draws", done, self.plan.draws)

    def _piece(self, piece: Draws) -> tuple[int, dict[str, Ints]]:
        model = self.model
        whole = slice(piece.first, piece.first + piece.count)
        self.values[whole], self.kind[:, whole] = piece.values, piece.kind
        sums = {name: np.zeros((2, len(due.moved)), np.int64) for name, due in self.due.items()}
        if not self.listed:
            return piece.count, sums
        used = sorted({*model.rulers, *(model.parties.index(self.bodies[n].to) for n in self.due)})
        tables = piece.tables(used)
        width = max(1, _BLOCK // model.deals)
        for start in range(0, piece.count, width):
            part = slice(start, min(start + width, piece.count))
            gain = np.empty((len(model.parties), model.deals, part.stop - part.start))
            found_ = expand([t[:, :, part] for t in tables])
            for row, p in zip(found_, used, strict=True):
                np.subtract(row, piece.reserve[p, part], out=gain[p])
            says = gain >= -TIE
            passed = passes(model.rule, says)
            here = slice(piece.first + part.start, piece.first + part.stop)
            self.before[here] = passed.any(axis=0)
            for name, due in self.due.items():
                target = model.parties.index(self.bodies[name].to)
                found = carried(
                    gain,
                    says,
                    passed,
                    model.rule,
                    model.rulers,
                    target if target in model.rulers else None,
                    due.moved,
                    self.shift(name, piece.values[part], piece.kind[:, part]),
                )
                self.opened[name][here] = found.opened
                self.best[name][0, here] = found.moved if due.asked else found.unmoved
                self.best[name][1, here] = found.unmoved if due.asked else found.moved
                sums[name] += found.opens, found.closes
        return piece.count, sums

    def passing(self, name: str, deals: Ints) -> tuple[Bools, Bools]:
        """(deal, draw): whether some of the moved deals pass, as things are and if it is carried out."""
        few = self.model.only([self.model.number(int(n)) for n in deals])
        piece = few.draws(self.values, kinds=self.kind)
        gain = piece.tables()[0] - piece.reserve[:, None]
        before = passes(few.rule, gain >= -TIE)
        for row, more in zip(gain, self.shift(name, self.values, self.kind), strict=True):
            if more is not None:
                row += more
        return before, passes(few.rule, gain >= -TIE)

    # ------------------------------------------------------------------------------- numbers in the draws

    def shift(self, name: str, values: Floats, kind: Kinds) -> list[Floats | None]:
        """Party to (draw,) points that carrying it out adds to its gain at the moved deals; None for none."""
        body, parties = self.bodies[name], self.model.parties
        sign = -1.0 if self.due[name].nothing else 1.0
        out: list[Floats | None] = [None] * len(parties)
        size = self.size(name, values)
        out[parties.index(body.to)] = sign * (-size if body.kind == "threat" else size)
        if body.by in parties and body.prior is None:
            out[parties.index(body.by)] = -sign * self.net_cost(name, values, kind)
        for party, worth in body.others.items():
            if party in parties:
                path = f"threats.{name}.others.{party}"
                out[parties.index(party)] = sign * drawn(self.model, worth, UTILITY, path, values)
        return out

    def size(self, name: str, values: Floats) -> Floats:
        """(draw,): the harm of a threat, or the gain of a promise."""
        body = self.bodies[name]
        assert body.effect is not None
        key = "harm" if body.kind == "threat" else "gain"
        return drawn(self.model, body.effect, COST, f"threats.{name}.{key}", values)

    def net_cost(self, name: str, values: Floats, kind: Kinds) -> Floats:
        """(draw,): what carrying it out costs its maker, less what it brings."""
        return self.stake(name, "cost", values, kind) - self.stake(name, "benefit", values, kind)

    def stake(self, name: str, key: Stake, values: Floats, kind: Kinds) -> Floats:
        """(draw,): a number of the maker, that of the type that it is; nought where none is stated."""
        body, model = self.bodies[name], self.model
        number, path = getattr(body, key), f"threats.{name}"
        out = np.zeros(len(values))
        if number is not None:
            out = drawn(model, number, COST, f"{path}.{key}", values)
        for type_, own in body.by_type(key).items():
            place = list(model.case.preferences[body.by].types).index(type_)
            is_ = kind[model.parties.index(body.by)] == place
            out = np.where(is_, drawn(model, own, COST, f"{path}.types.{type_}.{key}", values), out)
        return out

    def resolute(self, name: str) -> Bools | Floats:
        """(draw,): whether carrying it out is at least as good for the maker; how likely, by a prior."""
        prior = self.bodies[name].prior
        if prior is not None:
            return drawn(self.model, prior, PROBABILITY, f"threats.{name}.prior", self.values)
        cost = self.net_cost(name, self.values, self.kind)
        out: Bools = cost <= self.stake(name, "audience", self.values, self.kind) + TIE
        return out

    def record(self, name: str) -> list[tuple[Floats, Floats]]:
        """(draw,) each: how likely each item of the record was for a resolute maker, and for another."""
        body, out = self.bodies[name], []
        for n, earlier in enumerate(body.record, 1):
            path, both = f"threats.{name}.record.{n}.likelihoods", earlier.likelihoods
            if both is None:
                path, both = f"threats.{name}.carries_out", body.carries_out
            assert both is not None
            yes = drawn(self.model, both.resolute, PROBABILITY, f"{path}.resolute", self.values)
            no = drawn(self.model, both.irresolute, PROBABILITY, f"{path}.irresolute", self.values)
            turned = earlier.likelihoods is None and not earlier.carried_out
            out.append((1 - yes, 1 - no) if turned else (yes, no))
        return out

    def waiting(self, name: str) -> tuple[str, Floats, dict[str, Floats]]:
        """A unit of time, how many of it the delay lasts (draw,), and party to what one brings it (draw,)."""
        body = self.bodies[name]
        delay = body.delay
        assert delay is not None
        path = f"threats.{name}.delay"
        paces = [p for p in (delay.harm, delay.gain, delay.cost, delay.audience) if p is not None]
        unit = next((p.unit for p in (*paces, *delay.others.values())), delay.lasts.unit)

        def each(timed: Timed, bounds: Bounds, key: str) -> Floats:
            found: Floats = days(timed, drawn(self.model, timed.number, bounds, f"{path}.{key}", self.values))
            return found * DAYS[unit] if timed.per else found / DAYS[unit]

        out: dict[str, Floats] = {}
        for party, key, pace, sign in (
            (body.to, "harm", delay.harm, 1.0),
            (body.to, "gain", delay.gain, -1.0),
            (body.by, "cost", delay.cost, 1.0),
            (body.by, "audience", delay.audience, -1.0),
        ):
            if pace is not None:
                out[party] = out.get(party, 0.0) + sign * each(pace, PACE, key)
        for party, drift in delay.others.items():
            out[party] = each(drift, DRIFT, f"others.{party}")
        return unit, each(delay.lasts, SPAN, "lasts"), out


def _due(model: Uncertain, body: Threat, taken: Mapping[str, npt.NDArray[np.int16]]) -> _Due:
    """When it is due. A threat asks for the outcomes in which it is not, a promise for the others."""
    stated = body.when if body.when is not None else body.unless
    holds = np.zeros(model.deals, np.bool_)
    if isinstance(stated, str):
        if stated == ANY_DEAL:
            holds[:] = True
        elif stated != NO_DEAL:
            holds[model.position(model.case.offers[stated].deal)] = True
    else:
        assert stated is not None
        holds = matched(model, stated, taken)
    nothing = (stated == NO_DEAL) == (body.when is not None)
    moved = np.flatnonzero((holds if body.when is not None else ~holds) != nothing)
    return _Due(moved, nothing, nothing == (body.kind == "threat"))
