"""Which changes open the zone, by the definitions: every set of levers, every set of parties that could say
yes, every deal that is efficient for them, and every corner of the amounts, in fractions.

Works on the plain data of a case and uses nothing of ``winset``.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

from tests.oracles.case_oracle import Value, consents, dominates, matches, named, number


def solve(rows):
    """The only solution of n linear equations (coefficients, right side) in n unknowns, or None."""
    rows = [[*map(Fraction, a), Fraction(b)] for a, b in rows]
    n = len(rows)
    for c in range(n):
        pivot = next((r for r in range(c, n) if rows[r][c]), None)
        if pivot is None:
            return None
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [x / rows[c][c] for x in rows[c]]
        for r in range(n):
            if r != c and rows[r][c]:
                rows[r] = [x - rows[r][c] * y for x, y in zip(rows[r], rows[c], strict=True)]
    return tuple(row[-1] for row in rows)


def corners(constraints, n):
    """All corners of {x : a.x >= b for every constraint (a, b)} in n dimensions."""
    if n == 0:
        return {()} if all(b <= 0 for _, b in constraints) else set()
    found = set()
    for chosen in combinations(constraints, n):
        x = solve(chosen)
        if (
            x is not None
            and x not in found
            and all(sum(p * q for p, q in zip(a, x, strict=True)) >= b for a, b in constraints)
        ):
            found.add(x)
    return found


class LeverOracle:
    def __init__(self, data):
        self.data = data
        self.levers = data["levers"]
        self.discrete = [n for n, x in self.levers.items() if not {"pays", "lower"} & set(x)]
        self.arcs = []  # (lever, payer or None, party, rate, cap)
        for name, x in self.levers.items():
            if "lower" in x:
                self.arcs.append((name, None, x["lower"], Fraction(1), number(x["by"])))
            if "pays" in x:
                for payer in listed(x["pays"]):
                    for party in listed(x["to"]):
                        if payer != party:
                            self.arcs.append((name, payer, party, number(x.get("rate", 1)), number(x["cap"])))
        self.added = {n: x["add"] for n, x in self.levers.items() if "add" in x}
        self.likes = {}
        for new in self.added.values():
            if "like" in new:
                self.likes.setdefault((new["issue"], new["like"]), []).append(new["option"])
        self.values = {p: Value.of(self._grown(p)) for p in data["preferences"]}

    def _grown(self, party):
        prefs = {**self.data["preferences"][party]}
        prefs["scores"] = {i: dict(s) for i, s in prefs["scores"].items()}
        for new in self.added.values():
            scores = prefs["scores"].setdefault(new["issue"], {})
            if party in new.get("scores", {}):
                scores[new["option"]] = new["scores"][party]
            elif new.get("like") in scores:
                scores[new["option"]] = scores[new["like"]]
        return prefs

    def holds(self, match, deal):
        """With new options counted as the ones that they are like."""
        plain = dict(deal)
        for (issue, like), news in self.likes.items():
            if plain[issue] in news:
                plain[issue] = like
        return matches(match, plain)

    def deals(self, pulled):
        options = {i: list(body["options"]) for i, body in self.data["issues"].items()}
        for name in pulled:
            if name in self.added:
                options[self.added[name]["issue"]].append(self.added[name]["option"])
        forbid = [f.get("when", f) for f in self.data.get("forbid", [])]
        for chosen in product(*options.values()):
            deal = dict(zip(options, chosen, strict=True))
            if not any(self.holds(f, deal) for f in forbid):
                yield deal

    def utility(self, party, deal):
        v = self.values[party]
        return sum(w * v.scores[i][deal[i]] for i, w in v.weights.items()) + sum(
            worth for when, worth in v.linkages if self.holds(when, deal)
        )

    def crosses(self, party, deal, pulled):
        for n, when in enumerate(self.values[party].lines, 1):
            refused = when
            for name in pulled:
                x = self.levers[name]
                if party in (x.get("relax"), x.get("drop")) and x.get("red_line", 1) == n:
                    refused = x.get("to")
            if refused is not None and self.holds(refused, deal):
                return True
        return False

    def rule(self, pulled):
        return next(
            (self.levers[n]["consent"] for n in pulled if "consent" in self.levers[n]), self.data["consent"]
        )

    def allowed(self, pulled):
        """A rule replaces the rule once, a red line is altered once."""
        slots = []
        for name in pulled:
            x = self.levers[name]
            if "consent" in x:
                slots.append("consent")
            if "relax" in x or "drop" in x:
                slots.append((x.get("relax") or x.get("drop"), x.get("red_line", 1)))
        return len(set(slots)) == len(slots)

    def polyhedra(self, pulled):
        """For each set of parties that say yes, each deal that is efficient for them and each set of payers:
        the arcs that may be used and the constraints on their amounts."""
        rule = self.rule(pulled)
        gone = {self.levers[n]["without"] for n in pulled if "without" in self.levers[n]}
        asked = named(rule) | named(self.data["consent"])
        every = []
        for deal in self.deals(pulled):
            gain = {}
            for p in self.values:
                worth = sum(
                    (number(self.levers[n]["worth"]) for n in pulled if self.levers[n].get("guarantee") == p),
                    Fraction(0),
                )
                gain[p] = self.utility(p, deal) - self.values[p].reserve + worth
            every.append((gain, {p for p in asked if not self.crosses(p, deal, pulled)}))
        seen = set()
        payers = sorted({payer for _, payer, _, _, _ in self.arcs if payer})
        for size in range(len(asked) + 1):
            for yes in combinations(sorted(asked), size):
                if not consents(rule, set(yes) | gone):
                    continue
                # what a party has to spare counts if it can pay one of the others with it
                useful = {payer for _, payer, party, _, _ in self.arcs if payer and party in yes}
                points = {
                    tuple(gain[p] if p in useful else min(gain[p], Fraction(0)) for p in yes)
                    for gain, fine in every
                    if fine >= set(yes)
                }
                for point in points:
                    if any(dominates(other, point) for other in points):
                        continue
                    for count in range(len(payers) + 1):
                        for paying in combinations(payers, count):
                            if any(p in asked and p not in yes for p in paying):
                                continue
                            arcs = [
                                k
                                for k, (_, payer, party, _, _) in enumerate(self.arcs)
                                if payer is None or (payer in paying and party not in paying)
                            ]
                            bounds = self.constraints(arcs, dict(zip(yes, point, strict=True)))
                            key = (tuple(arcs), tuple(bounds))
                            if key not in seen:
                                seen.add(key)
                                yield arcs, bounds

    def constraints(self, arcs, gain):
        n = len(arcs)
        out = [(unit(n, k, 1), Fraction(0)) for k in range(n)]
        budgets = {}
        for k, arc in enumerate(arcs):
            name, payer, _, _, _ = self.arcs[arc]
            budgets.setdefault((name, payer), []).append(k)
        for (name, payer), members in budgets.items():
            cap = next(c for m, p, _, _, c in self.arcs if (m, p) == (name, payer))
            out.append((tuple(Fraction(-(k in members)) for k in range(n)), -cap))
        for party, g in gain.items():
            row = [Fraction(0)] * n
            for k, arc in enumerate(arcs):
                _, payer, to, rate, _ = self.arcs[arc]
                if to == party:
                    row[k] += rate
                if payer == party:
                    row[k] -= 1
            out.append((tuple(row), -g))
        return out

    def menu(self):
        """The minimal changes, as names of discrete levers and the amount of every arc; None when the zone is
        open."""
        found = []
        for size in range(len(self.discrete) + 1):
            for pulled in combinations(self.discrete, size):
                if not self.allowed(pulled):
                    continue
                every = list(self.polyhedra(pulled))
                found.append((frozenset(pulled), every))
        changes = set()
        for pulled, every in found:
            for arcs, bounds in every:
                for x in corners(bounds, len(arcs)):
                    amounts = [Fraction(0)] * len(self.arcs)
                    for k, value in zip(arcs, x, strict=True):
                        amounts[k] = value
                    changes.add((pulled, tuple(amounts)))
        if (frozenset(), (Fraction(0),) * len(self.arcs)) in changes:
            return None
        quick = {
            c
            for c in changes
            if not any(
                o != c and o[0] <= c[0] and all(a <= b for a, b in zip(o[1], c[1], strict=True))
                for o in changes
            )
        }
        return {c for c in quick if not self.beaten(c, found)}

    def beaten(self, change, found):
        """Whether some point, a corner or not, pulls and moves no more than a change, and something less."""
        pulled, amounts = change
        for other, every in found:
            if not other <= pulled:
                continue
            for arcs, bounds in every:
                inside = [amounts[k] for k in arcs]
                boxed = bounds + [(unit(len(arcs), k, -1), -most) for k, most in enumerate(inside)]
                for x in corners(boxed, len(arcs)):
                    whole = [Fraction(0)] * len(amounts)
                    for k, value in zip(arcs, x, strict=True):
                        whole[k] = value
                    if other != pulled or tuple(whole) != amounts:
                        return True
        return False


def listed(raw):
    return raw if isinstance(raw, list) else [raw]


def unit(n, k, sign):
    return tuple(Fraction(sign if j == k else 0) for j in range(n))


# ---- random small cases with levers


def random_levers(rng, *, most_arcs=2):
    """A small case, mostly without a deal that passes, and a few levers of every kind."""
    parties = ["a", "b", "c", "d"][: rng.choice([2, 2, 3, 3, 4])]
    issues = {
        f"i{n}": {"options": [f"o{k}" for k in range(rng.choice([2, 2, 3]))]}
        for n in range(rng.choice([1, 2, 2]))
    }
    inside = rng.sample(parties, rng.randint(max(1, len(parties) - 1), len(parties)))
    scores = [0, 25, 50, 75, 100]
    preferences = {}
    for p in parties:
        body = {
            "weights": {i: rng.choice([1, 1, 2, 3]) for i in issues},
            "scores": {i: {o: rng.choice(scores) for o in x["options"]} for i, x in issues.items()},
            "no_deal": rng.choice([30, 45, 60, 70, 80, 90]),
        }
        if rng.random() < 0.5:
            body["red_lines"] = [{"when": _clause(rng, issues)} for _ in range(rng.choice([1, 1, 2]))]
        if rng.random() < 0.2:
            body["linkages"] = [{"when": _clause(rng, issues), "worth": rng.choice([-10, 5, 20])}]
        preferences[p] = body
    rule = {"all": inside}
    if len(inside) > 2 and rng.random() < 0.4:
        rule = {"at_least": rng.randint(1, len(inside)), "of": inside}
    data = {
        "winset": 1,
        "title": "random",
        "parties": {p: {} for p in parties},
        "consent": rule,
        "issues": issues,
        "preferences": preferences,
        "levers": {},
    }
    if rng.random() < 0.2:
        issue = rng.choice(list(issues))
        data["forbid"] = [{issue: issues[issue]["options"][0]}]
    for n in range(rng.randint(1, 5)):
        lever = _lever(rng, data, parties, inside, most_arcs, n)
        if lever is not None:
            data["levers"][f"lever {n}"] = lever
    if not data["levers"]:
        data["levers"]["only"] = {"lower": parties[0], "by": 20}
    return data


def _clause(rng, issues):
    out = {}
    for issue in rng.sample(list(issues), rng.randint(1, len(issues))):
        options = issues[issue]["options"]
        out[issue] = rng.sample(options, rng.randint(1, len(options) - 1))
    return out


def _lever(rng, data, parties, inside, most_arcs, n):
    arcs = len(LeverOracle(data).arcs)
    kind = rng.choice(
        ["pays", "pays", "lower", "lower", "relax", "drop", "add", "guarantee", "consent", "without"]
    )
    if kind in ("pays", "lower") and arcs >= most_arcs:
        return None
    if kind == "lower":
        return {"lower": rng.choice(parties), "by": rng.choice([5, 20, 40, 100])}
    if kind == "pays":
        payer, to = rng.sample(parties, 2)
        whom = [to]
        if arcs + 2 <= most_arcs and len(parties) > 2 and rng.random() < 0.4:
            whom += rng.sample([p for p in parties if p not in (payer, to)], 1)
        pays = {"pays": payer, "to": whom if len(whom) > 1 else to, "cap": rng.choice([5, 15, 40])}
        return {**pays, "rate": rng.choice([1, "1/2", 2])} if rng.random() < 0.5 else pays
    if kind in ("relax", "drop"):
        lined = [p for p in parties if data["preferences"][p].get("red_lines")]
        if not lined:
            return None
        party = rng.choice(lined)
        lines = data["preferences"][party]["red_lines"]
        number_ = rng.randint(1, len(lines))
        lever = {kind: party, "red_line": number_}
        if kind == "relax":
            when = lines[number_ - 1]["when"]
            issue = rng.choice(list(when))
            narrow = {i: list(o) for i, o in when.items()}
            others = [i for i in data["issues"] if i not in when]
            if len(when[issue]) > 1:
                narrow[issue] = when[issue][1:]
            elif others:
                narrow[others[0]] = data["issues"][others[0]]["options"][:1]
            else:
                return None
            lever["to"] = narrow
        return lever
    if kind == "add":
        issue = rng.choice(list(data["issues"]))
        if any(x.get("add", {}).get("option") == f"new {n}" for x in data["levers"].values()):
            return None
        new = {"issue": issue, "option": f"new {n}"}
        if rng.random() < 0.5:
            new["like"] = rng.choice(data["issues"][issue]["options"])
            new["scores"] = {p: rng.choice([25, 50, 75]) for p in parties if rng.random() < 0.5}
        else:
            new["scores"] = {p: rng.choice([25, 50, 75]) for p in parties}
        return {"add": new}
    if kind == "guarantee":
        return {"guarantee": rng.choice(parties), "worth": rng.choice([5, 15, "10 to 30"])}
    if kind == "consent":
        some = rng.sample(parties, rng.randint(1, len(parties)))
        return {"consent": rng.choice([{"all": some}, {"any": some}])}
    return {"without": rng.choice(inside)}
