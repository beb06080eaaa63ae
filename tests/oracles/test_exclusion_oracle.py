"""The lens ``exclusion`` against its definition: plain Python, one draw and one set of parties at a time."""

from __future__ import annotations

import random
from itertools import combinations, product
from math import prod

import pytest

from oracles.case_oracle import consents, named, random_case
from winset import exclusion, read_data
from winset.compiled.draws import uncertain
from winset.compiled.sampling import Sampler
from winset.lenses import NotComputed

DRAWS = 24
CLOSE = 1e-9


def left(rule, out):
    """The written rule with some parties left out; None when nobody is left."""
    if isinstance(rule, str):
        return None if rule in out else rule
    members = rule.get("all") or rule.get("any") or rule["of"]
    kept = [m for m in (left(member, out) for member in members) if m is not None]
    if not kept:
        return None
    if "all" in rule:
        return {"all": kept}
    if "any" in rule:
        return {"any": kept}
    return {"at_least": min(rule["at_least"], len(kept)), "of": kept}


class World:
    """One draw: every deal with everybody's gain and yes."""

    def __init__(self, model, draws, n):
        self.parties = model.parties
        self.gain, self.line = [], []
        for cells in product(*(range(len(g.options)) for g in model.groups)):
            utility, accepts = draws.of(cells)
            gains = {p: utility[k, n] - draws.reserve[k, n] for k, p in enumerate(self.parties)}
            self.gain.append(gains)
            yes = {p for k, p in enumerate(self.parties) if accepts[k, n]}
            self.line.append({p for p in self.parties if p not in yes and gains[p] >= -CLOSE})
            deal = model.deal(cells)
            for k, p in enumerate(self.parties):  # a deal may be worth too little and cross a line
                lines = model.case.preferences[p]
                kinds = list(lines.types.values())
                red = lines.red_lines
                if kinds:
                    kind = kinds[int(draws.kind[k, n])]
                    red = red if kind.red_lines is None else kind.red_lines
                if any(r.when.holds(deal) for r in red or ()):
                    self.line[-1].add(p)
        self.yes = [
            {p for p in self.parties if g[p] >= -CLOSE and p not in line}
            for g, line in zip(self.gain, self.line, strict=True)
        ]

    def zone(self, rule):
        return [d for d, yes in enumerate(self.yes) if consents(rule, yes)]

    def agreed(self, rule, who, solution):
        """The first of the deals that do best by the solution, or None."""

        def merit(d):
            row = [self.gain[d][p] for p in who]
            if solution == "utilitarian":
                return [sum(row)]
            if solution == "egalitarian":
                return sorted(row)
            able = [g for g in row if g > CLOSE]
            return [len(able), prod(able), 0 if len(able) == len(row) else sum(row)]

        best = None
        for d in self.zone(rule):
            if best is None or _above(merit(d), merit(best)):
                best = d
        return best

    def heard(self, rule, agreed, who, party, goodwill):
        """The best for a party of the deals that cost nobody more than the goodwill."""
        if agreed is None:
            return None
        fit = [
            d
            for d in self.zone(rule)
            if all(self.gain[d][b] >= self.gain[agreed][b] - goodwill - CLOSE for b in who)
        ]
        best = None
        for d in fit:
            key = [party not in self.line[d], self.gain[d][party]]
            if best is None or _above(key, [party not in self.line[best], self.gain[best][party]]):
                best = d
        return best


def _above(one, two):
    for a, b in zip(one, two, strict=True):
        if abs(a - b) > CLOSE * max(1.0, abs(a)):
            return a > b
    return False


def mean(values):
    return sum(values) / len(values)


@pytest.mark.parametrize("solution", ["nash", "egalitarian", "utilitarian"])
@pytest.mark.parametrize("seed", range(14))
def test_every_number_by_the_definition(seed, solution):
    rng = random.Random(f"{seed} {solution}")
    data = random_case(rng)
    for party in data["parties"].values():
        party["seat"] = rng.choice(["table", "host", "mediator", "consulted", "absent"])
        if rng.random() < 0.6:
            party["can_spoil"] = rng.choice(["20% to 60%", 0.5, "0% to 100%, mode 10%"])
    for prefs in data["preferences"].values():
        if rng.random() < 0.6 and isinstance(prefs["no_deal"], int):
            prefs["no_deal"] = f"{prefs['no_deal'] - 20} to {prefs['no_deal'] + 20}"
    goodwill = rng.choice([0, 3, 20])
    case = read_data(data)
    result = exclusion(case, solution=solution, goodwill=goodwill, draws=DRAWS, rng=seed, most=1000)

    model = uncertain(case)
    worlds, values = [], []
    for piece in Sampler(model, seed).pieces(DRAWS if model.inputs else 1):
        worlds += [World(model, piece, n) for n in range(piece.count)]
        values += list(piece.values)
    rulers = [p for p in model.parties if p in named(data["consent"])]

    def story(rule, who):
        return [w.agreed(rule, who, solution) for w in worlds]

    def gains(deals, party):
        return [0.0 if d is None else w.gain[d][party] for w, d in zip(worlds, deals, strict=True)]

    full = story(data["consent"], rulers)
    assert result.full.zone.value == pytest.approx(mean([d is not None for d in full]))
    assert result.needed == tuple(rulers)
    absent = tuple(p for p in rulers if data["parties"][p]["seat"] in ("consulted", "absent"))
    wanted = {c for k in range(1, max(len(rulers), 2)) for c in combinations(rulers, k)}
    assert {e.parties for e in result.exclusions} == wanted | ({absent} if absent else set())
    for e in result.exclusions:
        assert e.absent == (e.parties == absent)
        rule, who = left(data["consent"], e.parties), [p for p in rulers if p not in e.parties]
        if rule is None:
            assert isinstance(e.without, NotComputed)
            continue
        deals = story(rule, who)
        assert e.without.bargain == tuple(who)
        assert e.without.zone.value == pytest.approx(mean([d is not None for d in deals]))
        told = {tuple(d.deal.items()): d.share.value for d in e.without.deals}
        agreed = [d for d in deals if d is not None]
        shares = {d: agreed.count(d) / len(worlds) for d in agreed}
        assert told == pytest.approx({tuple(model.number(d).items()): s for d, s in shares.items()})
        assert e.zone_change.value == pytest.approx(
            mean([(d is not None) - (f is not None) for d, f in zip(deals, full, strict=True)])
        )
        for party in model.parties:
            change = [a - b for a, b in zip(gains(deals, party), gains(full, party), strict=True)]
            got = e.changes[party]
            assert got.mean.value == pytest.approx(mean(change), abs=1e-9)
            assert got.loses.value == pytest.approx(mean([c < -CLOSE for c in change]))
            assert got.wins.value == pytest.approx(mean([c > CLOSE for c in change]))
        for party in e.parties:
            met = [(w, d, v) for w, d, v in zip(worlds, deals, values, strict=True) if d is not None]
            assert (party in e.after) == bool(met)
            if not met:
                continue
            after = e.after[party]
            refuses = [party not in w.yes[d] for w, d, _ in met]
            assert after.refuses.value == pytest.approx(mean(refuses))
            worse = mean([w.gain[d][party] < -CLOSE for w, d, _ in met])
            assert after.worse.value == pytest.approx(worse)
            assert after.better.value == pytest.approx(1 - worse)
            assert after.crossed.value == pytest.approx(mean([party in w.line[d] for w, d, _ in met]))
            if "can_spoil" not in data["parties"][party]:
                assert isinstance(after.spoils, NotComputed)
            else:
                column = model.index.get(f"parties.{party}.can_spoil")
                means = [0.5 if column is None else v[column] for _, _, v in met]
                expected = mean([r * m for r, m in zip(refuses, means, strict=True)])
                assert after.spoils.value == pytest.approx(expected)
    for party, voice in result.voices.items():
        rule = left(data["consent"], [party])
        must = full if party in rulers else story({"all": [data["consent"], party]}, [*rulers, party])
        if party not in rulers:  # the bargain is over gains in the order of the case
            order = [p for p in model.parties if p in {*rulers, party}]
            must = story({"all": [data["consent"], party]}, order)
        assert voice.must_consent.gain.value == pytest.approx(mean(gains(must, party)), abs=1e-9)
        if rule is None:
            assert isinstance(voice.left_out, NotComputed)
            continue
        who = [p for p in rulers if p != party]
        out = story(rule, who)
        assert voice.left_out.gain.value == pytest.approx(mean(gains(out, party)), abs=1e-9)
        for told, points in ((voice.consulted, 0), (voice.favoured, goodwill)):
            if told is None:
                assert goodwill == 0
                continue
            heard = [w.heard(rule, d, who, party, points) for w, d in zip(worlds, out, strict=True)]
            assert told.gain.value == pytest.approx(mean(gains(heard, party)), abs=1e-9)
            accepted = [d is not None and party in w.yes[d] for w, d in zip(worlds, heard, strict=True)]
            assert told.accepts.value == pytest.approx(mean(accepted))
            for other in who:
                assert told.others[other].value == pytest.approx(mean(gains(heard, other)), abs=1e-9)
