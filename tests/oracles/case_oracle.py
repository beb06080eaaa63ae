"""What the lenses answer, by the definitions: every deal of a small case listed, in fractions.

Works on the plain data of a case (what ``winset.read_data`` takes) and uses nothing of ``winset``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from math import prod


def number(raw):
    """The central value of a number as written: itself, the middle, the mode or the mean."""
    if isinstance(raw, dict):
        if "value" in raw:
            return number(raw["value"])
        weights = {number(v): number(w) for v, w in raw["values"].items()}
        return sum(v * w for v, w in weights.items()) / sum(weights.values())
    text = str(raw)
    if "mode" in text:
        return number(text.split("mode")[1])
    if " to " in text:
        low, high = text.split(" to ")
        return (number(low) + number(high)) / 2
    if text.strip().endswith("%"):
        return number(text.strip()[:-1]) / 100
    top, _, bottom = text.strip().partition("/")
    return Fraction(top) / Fraction(bottom or 1)


def matches(match, deal):
    clauses = match if isinstance(match, list) else [match]
    return any(
        all(
            deal[issue] in (options if isinstance(options, list) else [options])
            for issue, options in c.items()
        )
        for c in clauses
    )


def consents(rule, yes):
    if isinstance(rule, str):
        return rule in yes
    if "all" in rule:
        return all(consents(member, yes) for member in rule["all"])
    if "any" in rule:
        return any(consents(member, yes) for member in rule["any"])
    return sum(consents(member, yes) for member in rule["of"]) >= rule["at_least"]


def named(rule):
    """The parties in a rule of consent."""
    if isinstance(rule, str):
        return {rule}
    return set().union(*(named(m) for m in rule.get("all") or rule.get("any") or rule["of"]))


def likeliest(preferences):
    """Preferences with the overrides of the most likely type, the first on a tie."""
    types = preferences.get("types")
    if not types:
        return preferences
    prior = {name: number(t["prior"]) for name, t in types.items() if "prior" in t}
    prior |= {name: 1 - sum(prior.values()) for name in types if name not in prior}
    kind = types[max(types, key=lambda name: prior[name])]
    scores = {i: dict(s) for i, s in preferences.get("scores", {}).items()}
    for issue, new in kind.get("scores", {}).items():
        scores.setdefault(issue, {}).update(new)
    weights = {**preferences.get("weights", {}), **kind.get("weights", {})}
    return {**preferences, **kind, "scores": scores, "weights": weights}


@dataclass(frozen=True)
class Value:
    """One party's preferences as numbers."""

    weights: dict
    scores: dict
    linkages: list
    lines: list
    reserve: Fraction

    @classmethod
    def of(cls, preferences):
        p = likeliest(preferences)
        raw = {i: number(w) for i, w in p["weights"].items()}
        return cls(
            {i: w / sum(raw.values()) for i, w in raw.items() if w},
            {i: {o: number(s) for o, s in options.items()} for i, options in p["scores"].items()},
            [(link["when"], number(link["worth"])) for link in p.get("linkages", [])],
            [line["when"] for line in p.get("red_lines", [])],
            number(p["no_deal"]) + number(p.get("closing_cost", 0)),
        )

    def utility(self, deal):
        return sum(w * self.scores[i][deal[i]] for i, w in self.weights.items()) + sum(
            worth for when, worth in self.linkages if matches(when, deal)
        )

    def crossed(self, deal):
        return [n for n, when in enumerate(self.lines, 1) if matches(when, deal)]


def dominates(a, b):
    return a != b and all(x >= y for x, y in zip(a, b, strict=True))


class Oracle:
    """Every deal of a case and what follows from it. Deals are numbered; utilities are fractions."""

    def __init__(self, data):
        self.data = data
        self.issues = {i: list(body["options"]) for i, body in data["issues"].items()}
        self.rule = data["consent"]
        self.parties = [p for p in data["parties"] if p in data["preferences"]]
        self.rulers = [p for p in self.parties if p in named(self.rule)]
        self.value = {p: Value.of(data["preferences"][p]) for p in self.parties}
        forbid = [f.get("when", f) if isinstance(f, dict) else f for f in data.get("forbid", [])]
        every = [dict(zip(self.issues, options, strict=True)) for options in product(*self.issues.values())]
        self.combinations = len(every)
        self.deals = [deal for deal in every if not any(matches(f, deal) for f in forbid)]
        self.utility = [{p: v.utility(deal) for p, v in self.value.items()} for deal in self.deals]
        self.yes = [
            {p for p, v in self.value.items() if u[p] >= v.reserve and not v.crossed(deal)}
            for deal, u in zip(self.deals, self.utility, strict=True)
        ]
        self.number = {tuple(deal.values()): n for n, deal in enumerate(self.deals)}

    def at(self, deal):
        return self.number[tuple(deal[i] for i in self.issues)]

    @cached_property
    def zone(self):
        return [n for n, yes in enumerate(self.yes) if consents(self.rule, yes)]

    def accepted(self, *parties):
        return sum(set(parties) <= yes for yes in self.yes)

    def sole(self, party):
        others = set(self.rulers) - {party}
        return sum(party not in yes and others <= yes for yes in self.yes)

    def swings(self, n):
        """Parties whose yes alone would carry a deal."""
        yes = self.yes[n]
        if consents(self.rule, yes):
            return set()
        return {p for p in self.parties if p not in yes and consents(self.rule, yes | {p})}

    def openings(self):
        found = []
        for size in range(len(self.rulers) + 1):
            for group in combinations(self.rulers, size):
                if not any(set(f) <= set(group) for f in found) and any(
                    consents(self.rule, yes | set(group)) for yes in self.yes
                ):
                    found.append(group)
        return set(found)

    def minimal_coalitions(self):
        winning = [
            set(c)
            for size in range(len(self.rulers) + 1)
            for c in combinations(self.rulers, size)
            if consents(self.rule, set(c))
        ]
        return {tuple(p for p in self.rulers if p in c) for c in winning if not any(d < c for d in winning)}

    def point(self, n):
        """Utilities of those who bargain."""
        return tuple(self.utility[n][p] for p in self.rulers)

    def gains(self, n):
        return tuple(self.utility[n][p] - self.value[p].reserve for p in self.rulers)

    def efficient(self, deals):
        """Efficient points of these deals, each with the deals that reach it."""
        reached = {}
        for n in deals:
            reached.setdefault(self.point(n), []).append(n)
        scale = self._scale  # comparing whole numbers is faster
        whole = {p: tuple(int(x * scale) for x in p) for p in reached}
        order = sorted(reached, key=lambda p: sum(whole[p]), reverse=True)
        kept = []
        for point in order:
            if not any(dominates(whole[other], whole[point]) for other in kept):
                kept.append(point)
        return {point: reached[point] for point in kept}

    @cached_property
    def _scale(self):
        return prod(
            {u[p].denominator if isinstance(u[p], Fraction) else 1 for u in self.utility for p in self.rulers}
        )

    @cached_property
    def front(self):
        return self.efficient(self.zone)

    @cached_property
    def whole_front(self):
        return self.efficient(range(len(self.deals)))

    def improvements(self, n, front):
        """Efficient points at least as good for all who bargain as a deal, and better for one."""
        return {point for point in front if dominates(point, self.point(n))}

    def distance(self, n):
        """The most that some deal gives more to all who bargain at once."""
        mine = self.point(n)
        return max(min(a - b for a, b in zip(point, mine, strict=True)) for point in self.whole_front)

    def best(self, party):
        return max((self.utility[n][party] for n in self.zone), default=None)

    def favourite(self, party):
        """Largest utility over all deals that cross none of the party's red lines, or None."""
        fine = [
            u[party]
            for deal, u in zip(self.deals, self.utility, strict=True)
            if not self.value[party].crossed(deal)
        ]
        return max(fine, default=None)

    def scores(self, criterion):
        """Deal of the zone -> score."""
        found = {}
        for n in self.zone:
            gains = self.gains(n)
            if criterion == "worst-off":
                found[n] = min(gains)
            elif criterion == "sum":
                found[n] = sum(gains)
            else:
                found[n] = prod(gains) if min(gains) > 0 else Fraction(0)
        return found

    def _top(self, key):
        """Efficient points of the zone with the largest key."""
        gains = {point: self.gains(deals[0]) for point, deals in self.front.items()}
        top = max(map(key, gains.values()))
        return {point for point, g in gains.items() if key(g) == top}

    def nash(self):
        return self._top(lambda g: (sum(x > 0 for x in g), prod(x for x in g if x > 0)))

    def kalai_smorodinsky(self):
        ideal = [max(column) for column in zip(*(self.gains(n) for n in self.zone), strict=True)]
        return self._top(lambda g: sorted(x / most for x, most in zip(g, ideal, strict=True) if most > 0))

    def egalitarian(self):
        return self._top(sorted)

    def utilitarian(self):
        return self._top(sum)

    def issue_by_issue(self):
        """Utilities of all parties at the deals that take, on each issue alone, an option whose lowest score
        among those with a stake in it is highest, then whose sum of scores is; the first option of an issue
        in which nobody has a stake."""
        choices = []
        for issue, options in self.issues.items():
            stakes = [self.value[p] for p in self.rulers if self.value[p].weights.get(issue)]
            merit = {
                o: (min(v.scores[issue][o] for v in stakes), sum(v.scores[issue][o] for v in stakes))
                if stakes
                else 0
                for o in options
            }
            top = [o for o in options if merit[o] == max(merit.values())]
            choices.append(top if stakes else top[:1])
        return {
            tuple(self.utility[self.number[c]][p] for p in self.parties)
            for c in product(*choices)
            if c in self.number
        }


# ---- random small cases as plain data


def random_case(rng, *, parties=None, long_tails=False):
    """A small case with everything in it that the format has, and coarse numbers, so that ties abound."""
    count = parties or rng.choice([1, 2, 2, 2, 3, 3, 3, 4, 5])
    names = [f"p{n}" for n in range(count)]
    rng.shuffle(names)
    issues = {}
    for i in range(rng.randint(1, 4)):
        options = [f"o{k}" for k in range(rng.choice([2, 2, 3, 3, 4]))]
        rng.shuffle(options)
        issues[f"i{i}"] = {"options": options}
    inside = rng.sample(names, rng.choice([count, count, rng.randint(1, count)]))
    data = {
        "winset": 1,
        "title": "random",
        "parties": {p: {"seat": rng.choice(["table", "absent", "consulted"])} for p in names},
        "consent": _rule(rng, inside, 2),
        "issues": issues,
        "preferences": {},
    }
    valued = [p for p in names if p in named(data["consent"]) or rng.random() < 0.6]
    coarse = rng.choice([[0, 50, 100], [0, 25, 50, 75, 100], list(range(0, 101, 10))])
    if long_tails:
        coarse = ["0", "100/3", "33.3333333333333", "66.6666666666667", "200/3", "14.2857142857143", "100"]
    for party in valued:
        data["preferences"][party] = _preferences(rng, issues, coarse, long_tails)
    if rng.random() < 0.35:
        data["forbid"] = [_listed(rng, issues) for _ in range(rng.randint(1, 2))]
    left = Oracle(data).deals
    if not left:
        del data["forbid"]
        left = Oracle(data).deals
    if rng.random() < 0.7:
        data["offers"] = {f"offer {n}": {"deal": rng.choice(left)} for n in range(rng.randint(1, 2))}
    return data


def _listed(rng, issues):
    match = _match(rng, issues)
    return {"when": match} if isinstance(match, list) or rng.random() < 0.3 else match


def _rule(rng, parties, depth):
    if len(parties) == 1 and rng.random() < 0.5:
        return parties[0]
    members = list(parties)
    if depth and len(parties) > 1 and rng.random() < 0.4:
        cut = rng.randint(1, len(parties))
        inner = _rule(rng, rng.sample(parties, cut), depth - 1)
        outside = [p for p in parties if p not in named(inner) or rng.random() < 0.2]
        members = [m for m in outside if m != inner] + [inner]
    kind = rng.random()
    if kind < 0.5:
        return {"all": members}
    if kind < 0.65:
        return {"any": members}
    return {"at_least": rng.randint(1, len(members)), "of": members}


def _match(rng, issues):
    clauses = []
    for _ in range(rng.choice([1, 1, 1, 2])):
        clause = {}
        for issue in rng.sample(list(issues), rng.randint(1, min(2, len(issues)))):
            options = issues[issue]["options"]
            few = rng.sample(options, rng.choice([1, 1, min(2, len(options) - 1)]))
            clause[issue] = few[0] if len(few) == 1 and rng.random() < 0.8 else few
        clauses.append(clause)
    return clauses[0] if len(clauses) == 1 and rng.random() < 0.9 else clauses


def _written(rng, value, low=None, high=None):
    """A number that has this central value, in one of the notations."""
    form = rng.random()
    if isinstance(value, str) or form < 0.75:
        return {"value": value, "note": "judged"} if form < 0.05 else value
    if form < 0.82 and (low is None or 30 <= value <= 70):
        return f"{value - 5} to {value + 5}"
    if form < 0.88 and value not in (low, high):
        return f"{value - 10 if low is None else low} to {value + 10 if high is None else high}, mode {value}"
    if form < 0.94 and value not in (low, high):
        return {"values": {str(value - 5): "1/2", str(value + 5): "0.5"}}
    return f"{value}.0"


def _reserve(rng):
    return rng.choice([-1000, 0, 1000, *[rng.randrange(0, 75, 5) for _ in range(12)]])


def _preferences(rng, issues, coarse, long_tails):
    some = rng.sample(list(issues), rng.randint(1, len(issues))) if rng.random() < 0.3 else list(issues)
    weights = {i: rng.choice([1, 1, 2, 3, 5]) for i in some}
    if rng.random() < 0.1 and len(some) > 1:
        weights[some[0]] = 0
    if long_tails:
        weights = {i: rng.choice(["1/3", "0.333333333333", "1/7", "1"]) for i in some}
    percent = not long_tails and rng.random() < 0.1
    prefs = {
        "weights": {i: f"{w * 10}%" if percent else _weight(rng, w) for i, w in weights.items()},
        "scores": {
            i: {o: _written(rng, rng.choice(coarse), 0, 100) for o in body["options"]}
            for i, body in issues.items()
        },
        "no_deal": _written(
            rng, rng.choice(["100/3", "33.3333333333333", "50"]) if long_tails else _reserve(rng)
        ),
    }
    if rng.random() < 0.2:
        prefs["closing_cost"] = rng.choice([0, 5, "2.5"])
    if rng.random() < 0.35:
        prefs["linkages"] = [_linkage(rng, issues) for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.4:
        prefs["red_lines"] = [{"when": _match(rng, issues)} for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.2:
        prefs["types"] = _types(rng, issues, coarse, {rng.choice(some): "40%" if percent else 4})
    return prefs


def _weight(rng, weight):
    if isinstance(weight, int) and weight and rng.random() < 0.1:
        return rng.choice([f"0 to {2 * weight}", f"0 to 9, mode {weight}"])
    return weight


def _linkage(rng, issues):
    return {"when": _match(rng, issues), "worth": rng.choice([-20, -10, -5, 5, 10, "5/2", "0 to 10"])}


def _types(rng, issues, coarse, weights):
    first = rng.choice(["50%", "0.4", "0.7", "30% to 50%"])
    other = {"rest": True}
    for kind, body in (("soft", {"prior": first}), ("hard", other)):
        if rng.random() < 0.6:
            body["no_deal"] = _reserve(rng)
        if rng.random() < 0.4:
            issue = rng.choice(list(issues))
            body["scores"] = {issue: {issues[issue]["options"][0]: rng.choice(coarse)}}
        if rng.random() < 0.3:
            body["weights"] = weights
        if rng.random() < 0.3:
            body["red_lines"] = [{"when": _match(rng, issues)}]
        if rng.random() < 0.3:
            body["linkages"] = [_linkage(rng, issues)]
        if rng.random() < 0.2:
            body["closing_cost"] = 5
        if kind == "soft":
            soft = body
    return {"soft": soft, "hard": other} if rng.random() < 0.7 else {"hard": other, "soft": soft}
