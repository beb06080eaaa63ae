"""Threats and promises in one draw, by the definitions: every outcome listed, with what is done in it.

Works on the plain data of a case and on the numbers of one draw; uses nothing of ``winset``. Outcomes are all
deals and None, which stands for no deal.
"""

from __future__ import annotations

from itertools import product

from tests.oracles.case_oracle import consents, matches, named

TIE = 1e-9


class Draw:
    """A case in one draw: ``number`` gives the value of a path, ``kind`` the type that a party is."""

    def __init__(self, data, number, kind):
        self.data, self.number, self.kind = data, number, kind
        issues = {i: body["options"] for i, body in data["issues"].items()}
        every = [dict(zip(issues, options, strict=True)) for options in product(*issues.values())]
        self.deals = [d for d in every if not any(matches(f, d) for f in data.get("forbid", []))]
        self.rule = data["consent"]
        self.parties = list(data["preferences"])

    def path(self, party, key):
        """Where a number of the party is written: in its type, if that has one of its own."""
        own = self.data["preferences"][party].get("types", {}).get(self.kind.get(party), {})
        return f"{party}.types.{self.kind[party]}.{key}" if key in own else f"{party}.{key}"

    def utility(self, party, deal):
        prefs = self.data["preferences"][party]
        total = sum(prefs["weights"].values())
        return sum(
            weight / total * self.number(f"{party}.scores.{issue}.{deal[issue]}")
            for issue, weight in prefs["weights"].items()
        )

    def worth(self, party, outcome, effects=()):
        """The value of an outcome, with what threats and promises do to it there."""
        if outcome is None:
            base = self.number(self.path(party, "no_deal"))
        else:
            base = self.utility(party, outcome) - self.number(f"{party}.closing_cost")
        return base + sum(does.get(party, 0.0) for due, does in effects if due(outcome))

    def accepts(self, party, deal, effects=()):
        lines = self.data["preferences"][party].get("red_lines", [])
        if any(matches(line["when"], deal) for line in lines):
            return False
        return self.worth(party, deal, effects) >= self.worth(party, None, effects) - TIE

    def passes(self, deal, effects=(), also=()):
        yes = {p for p in self.parties if p in also or self.accepts(p, deal, effects)}
        return consents(self.rule, yes)

    # ---- one threat or promise

    def due(self, body):
        """Whether it is due in an outcome."""
        on = body.get("when", body.get("unless"))

        def holds(outcome):
            if on == "no deal":
                return outcome is None
            if outcome is None:
                return False
            if on == "any deal":
                return True
            return outcome == self.data["offers"][on]["deal"] if isinstance(on, str) else matches(on, outcome)

        return lambda outcome: holds(outcome) == ("when" in body)

    def stake(self, name, key):
        body = self.data["threats"][name]
        if key in body.get("types", {}).get(self.kind.get(body["by"]), {}):
            return self.number(f"threats.{name}.types.{self.kind[body['by']]}.{key}")
        return self.number(f"threats.{name}.{key}") if key in body else 0.0

    def resolute(self, name):
        """Whether the maker would rather carry it out; how likely, by a prior."""
        if "prior" in self.data["threats"][name]:
            return self.number(f"threats.{name}.prior")
        carry = self.stake(name, "benefit") - self.stake(name, "cost")
        back_down = -self.stake(name, "audience")
        return carry >= back_down - TIE

    def record(self, name):
        """How likely the whole record is for a resolute maker, and for another."""
        out = [1.0, 1.0]
        for n, item in enumerate(self.data["threats"][name].get("record", []), 1):
            for k, kind in enumerate(("resolute", "irresolute")):
                if "likelihoods" in item:
                    out[k] *= self.number(f"threats.{name}.record.{n}.likelihoods.{kind}")
                else:
                    often = self.number(f"threats.{name}.carries_out.{kind}")
                    out[k] *= often if item["carried_out"] == "yes" else 1 - often
        return tuple(out)

    def effects(self, name):
        """When it is due, and what it does to whom then."""
        body = self.data["threats"][name]
        harm = body["kind"] == "threat"
        does = {p: self.number(f"threats.{name}.others.{p}") for p in body.get("others", {})}
        does[body["to"]] = (
            -self.number(f"threats.{name}.harm") if harm else self.number(f"threats.{name}.gain")
        )
        if "prior" not in body:
            does[body["by"]] = self.stake(name, "benefit") - self.stake(name, "cost")
        return [(self.due(body), does)]

    def open(self, effects=()):
        return any(self.passes(d, effects) for d in self.deals)

    def courses(self, name):
        """The target's best by what it is asked for and by anything else, before anything is carried out."""
        body, effects = self.data["threats"][name], self.effects(name)
        target, due = body["to"], effects[0][0]
        lines = self.data["preferences"][target].get("red_lines", [])
        had = [None]
        for deal in self.deals:
            crossed = any(matches(line["when"], deal) for line in lines)
            if not crossed and self.passes(deal, effects, also={target}):
                had.append(deal)
        asked = [x for x in had if due(x) == (body["kind"] == "promise")]
        other = [x for x in had if due(x) != (body["kind"] == "promise")]
        return [max((self.worth(target, x) for x in side), default=None) for side in (asked, other)]

    def complies(self, name, belief):
        """Whether the target does as it is asked if it holds this belief. Expected value, outcome by outcome:
        a threat worsens the others, a promise betters those asked for."""
        body = self.data["threats"][name]
        comply, defy = self.courses(name)
        if comply is None:
            return False
        if defy is None:
            return True
        if body["kind"] == "threat":
            defy -= belief * self.number(f"threats.{name}.harm")
        else:
            comply += belief * self.number(f"threats.{name}.gain")
        return comply >= defy - TIE

    def has_say(self, name):
        return self.data["threats"][name]["to"] in named(self.rule)


def random_threats(rng):
    """A small case with ranges, types, red lines and threats of every shape."""

    def span(low, high):
        a, b = sorted(rng.sample(range(low, high + 1), 2))
        return f"{a} to {b}" if rng.random() < 0.7 else a

    def share(low=5, high=95):
        a, b = sorted(rng.sample(range(low, high + 1), 2))
        return f"{a}% to {b}%" if rng.random() < 0.7 else f"{a}%"

    names = ["a", "b", "c"][: rng.choice([2, 3, 3])]
    issues = {"x": ["l", "m", "r"], "y": ["l", "r"]}
    rule = {"all": names}
    if len(names) == 3:
        rule = rng.choice(
            [
                {"all": names},
                {"all": ["a", "b"]},
                {"at_least": 2, "of": names},
                {"all": ["a", {"any": ["b", "c"]}]},
            ]
        )
    preferences = {}
    for p in names:
        preferences[p] = {
            "weights": {i: rng.randint(1, 9) for i in issues},
            "scores": {i: {o: span(0, 100) for o in options} for i, options in issues.items()},
            "no_deal": span(20, 70),
            "closing_cost": span(0, 6),
        }
        if rng.random() < 0.3:
            preferences[p]["red_lines"] = [{"when": {"x": rng.choice(["l", "m", "r"])}}]
    preferences["a"]["types"] = {
        "hard": {"prior": share(30, 70), "no_deal": span(40, 80)},
        "soft": {"rest": "true"},
    }
    deal = {i: rng.choice(o) for i, o in issues.items()}
    conditions = ["any deal", "no deal", "offer", {"x": rng.choice(["l", "r"])}, {"x": ["l", "m"], "y": "l"}]
    conditions.append([{"x": "l"}, {"y": "r"}])
    threats = {}
    for n in range(3):
        by, to = rng.sample(names, 2)
        kind = rng.choice(["threat", "promise"])
        body = {"kind": kind, "by": by, "to": to, rng.choice(["when", "unless"]): rng.choice(conditions)}
        body["harm" if kind == "threat" else "gain"] = span(0, 40)
        if rng.random() < 0.25:
            body["prior"] = share()
        else:
            body["cost"] = span(0, 12)
            if rng.random() < 0.8:
                body["audience"] = span(0, 12)
            if rng.random() < 0.4:
                body["benefit"] = span(0, 5)
            if by == "a" and rng.random() < 0.6:
                body["types"] = {rng.choice(["hard", "soft"]): {"cost": span(0, 12), "audience": span(0, 12)}}
        others = [p for p in names if p not in (by, to)]
        if others and rng.random() < 0.5:
            body["others"] = {others[0]: span(-10, 10)}
        if rng.random() < 0.7:
            body["carries_out"] = {"resolute": share(), "irresolute": share()}
            body["record"] = [
                {"carried_out": rng.choice(["yes", "no"]), "because": "c1"},
                {
                    "carried_out": "no",
                    "because": "c2",
                    "likelihoods": {"resolute": share(), "irresolute": share()},
                },
            ][: rng.choice([1, 2])]
        threats[f"t{n}"] = body
    return {
        "winset": 1,
        "title": "threats",
        "sources": {"s": {"title": "t"}},
        "claims": {c: {"by": "a", "says": "so", "source": "s"} for c in ("c1", "c2")},
        "parties": {p: {} for p in names},
        "consent": rule,
        "issues": {i: {"options": o} for i, o in issues.items()},
        "offers": {"offer": {"deal": deal}},
        "preferences": preferences,
        "threats": threats,
    }
