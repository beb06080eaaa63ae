"""The course of talks draw by draw in plain Python, for small cases without ranges.

It shares with the lens only the random numbers (by the names of their streams) and which type each party is
in each draw; utilities, bargaining, objections, beliefs and walkouts are worked out anew.
"""

from __future__ import annotations

import random
from itertools import product
from typing import Any

from winset.case import Case
from winset.case.stages import Consent, Offers, Ratify, Talk, days
from winset.compiled.draws import uncertain
from winset.compiled.sampling import Sampler, stream

Data = dict[str, Any]
NEAR = 1e-9


def random_course(rng: random.Random) -> Data:
    """A case with stages, without ranges, in which much may go wrong."""

    def scores() -> Data:
        return {i: {o: rng.randrange(0, 101, 5) for o in "lmr"} for i in "xy"}

    preferences: Data = {
        p: {
            "weights": {"x": rng.randint(1, 3), "y": rng.randint(1, 3)},
            "scores": scores(),
            "no_deal": rng.randrange(10, 50),
            "closing_cost": rng.randrange(3),
        }
        for p in "abc"
    }
    for p in "ab":
        preferences[p]["types"] = {
            "soft": {"prior": f"{rng.randrange(20, 80)}%"},
            "hard": {"rest": True, "no_deal": rng.randrange(45, 80)},
        }
    if rng.random() < 0.5:
        preferences["c"]["red_lines"] = [{"when": {"x": rng.choice("lmr")}}]

    def common() -> Data:
        out: Data = {"hazard": f"{rng.randrange(0, 15)}%", "lasts": f"{rng.randint(1, 5)} days"}
        for key in ("cost", "gains"):
            out[key] = {p: rng.randrange(0, 8) / 8 for p in "abc" if rng.random() < 0.5}
        return out

    def signals(p: str) -> Data:
        return {
            f"warm {p}": {"soft": f"{rng.randrange(40, 90)}%", "hard": f"{rng.randrange(10, 60)}%"},
            f"cold {p}": {"rest": True},
        }

    def offers(room: str) -> Data:
        return {
            "kind": "offers",
            "room": list(room),
            "rounds": rng.randint(1, 6),
            "first": rng.choice(room),
            "strategies": {p: {"time-dependent": {"beta": rng.choice([0.5, 1, 2])}} for p in room},
            **common(),
        }

    stages: Data = {
        "hello": {
            "kind": "talk",
            "room": ["a", "b"],
            "signals": {"a": signals("a"), "b": signals("b")},
            **common(),
        },
        "room": offers("ab"),
        "hearing": {
            "kind": "consent",
            rng.choice(["asks", "consult"]): "c",
            "rejected": {"to": rng.choice(["hello", "room", "three"]), "at_most": rng.randint(1, 2)},
            "next": "vote",
            **common(),
        },
        "three": {**offers("abc"), "then": {"not agreed": "end"}},
        "vote": {"kind": "ratify", "bodies": "house", **common()},
    }
    if stages["hearing"]["rejected"]["to"] != "three":
        del stages["three"]
    if rng.random() < 0.3:
        stages.pop("three", None)
        del stages["hearing"]
    if rng.random() < 0.5:
        stages["hello"]["stay"] = {"a": rng.randrange(0, 10)}
    if rng.random() < 0.5:
        stages["hello"]["then"] = {"cold b": "end"} if rng.random() < 0.3 else {}
        stages["room"]["then"] = {"not agreed": rng.choice(["end", "vote"])}
    return {
        "winset": 1,
        "title": "course",
        "parties": {p: {} for p in "abc"},
        "consent": rng.choice([{"all": ["a", "b", "c"]}, {"at_least": 2, "of": ["a", "b", "c"]}]),
        "issues": {i: {"options": ["l", "m", "r"]} for i in "xy"},
        "preferences": preferences,
        "bodies": {
            "house": {
                "members": {"a": {"votes": 1, "like": "a"}, "free": {"votes": 1, "yes": "60%"}},
                "passes": 1 + rng.randrange(2),
            }
        },
        "stages": stages,
        "talks": {
            "drift": {"a": f"{rng.randrange(-2, 3) / 4} per day", "c": f"{rng.randrange(-2, 3) / 4} per day"},
            **({"deadline": f"{rng.randint(5, 15)} days"} if rng.random() < 0.5 else {}),
        },
    }


class Oracle:
    """All draws of one case."""

    def __init__(self, case: Case, draws: int, seed: int) -> None:
        self.case, self.seed = case, seed
        self.stages = case.stages
        self.names = list(case.stages)
        model = uncertain(case, also=("stages", "talks"))
        values = model.values(Sampler(model, seed).scores(0, draws))
        kinds = model.kinds(values)
        self.types = [
            {
                p: model.types[p][int(kinds[n, d])] if p in model.types else None
                for n, p in enumerate(model.parties)
            }
            for d in range(draws)
        ]
        self.deals = [model.number(n) for n in range(model.deals)]
        self.runs = [_Draw(self, d).whole() for d in range(draws)]
        self._walkouts()

    def uniform(self, name: str, draw: int) -> float:
        return float(stream(self.seed, f"course.{name}", 0).random(draw + 1)[draw])

    # ------------------------------------------------------------------ who walks out, from the last talk on

    def _walkouts(self) -> None:
        talks = [n for n in self.names if isinstance(self.stages[n], Talk)]
        most = max((t["round"] for r in self.runs for t in r["talks"]), default=0)
        for round_ in range(most, -1, -1):
            for name in reversed(talks):
                self._walk(round_, name)

    def _walk(self, round_: int, name: str) -> None:
        here = [
            (d, t)
            for d, r in enumerate(self.runs)
            for t in r["talks"]
            if (t["round"], t["name"]) == (round_, name)
        ]
        stage = self.stages[name]
        leaves = []
        for d, talk in here:
            out = set()
            for p in stage.room:
                expected = cost = 0.0
                for others in product(*(list(self.case.preferences[q].types) for q in talk["belief"][p])):
                    fits = [
                        (e, u)
                        for e, u in here
                        if self.types[e][p] == self.types[d][p] and u["next"] == talk["next"]
                    ]
                    same = [
                        (e, u)
                        for e, u in fits
                        if all(self.types[e][q] == k for q, k in zip(talk["belief"][p], others, strict=True))
                    ] or fits
                    chance = 1.0
                    for q, k in zip(talk["belief"][p], others, strict=True):
                        chance *= talk["belief"][p][q][k]
                    later = [self.runs[e]["gross"][p] - u["gross"][p] for e, u in same]
                    price = [self.runs[e]["spent"][p] - u["spent"][p] for e, u in same]
                    expected += chance * sum(later) / len(later)
                    cost += chance * sum(price) / len(price)
                if p in stage.stay:
                    cost = float(stage.stay[p].low)
                if expected < cost - NEAR:
                    out.add(p)
            leaves.append((d, talk, out))
        for d, talk, out in leaves:
            if out:
                self.runs[d] = {
                    **self.runs[d],
                    "how": "walkout",
                    "stage": name,
                    "who": out,
                    "deal": None,
                    "gross": talk["gross"],
                    "spent": talk["spent"],
                    "days": talk["days"],
                    "talks": [t for t in self.runs[d]["talks"] if t["step"] <= talk["step"]],
                }


class _Draw:
    """One draw, taken to its end without walkouts from talks."""

    def __init__(self, oracle: Oracle, draw: int) -> None:
        self.o, self.draw = oracle, draw
        self.case, self.types = oracle.case, oracle.types[draw]
        self.days, self.round, self.step = 0.0, 0, 0
        self.given = dict.fromkeys(self.case.parties, 0.0)
        self.spent = dict.fromkeys(self.case.parties, 0.0)
        self.deal: int | None = None
        self.yes: dict[str, bool] = {}
        self.struck: set[int] = set()
        self.visits: dict[str, int] = {}
        self.returns: dict[str, int] = {}
        self.seen: dict[str, dict[str, dict[str, float]]] = {p: {} for p in self.case.parties}
        self.talks: list[Data] = []
        self.last = ""

    # --- values

    def prefs(self, p: str) -> Any:
        own = self.case.preferences[p]
        return own if self.types[p] is None else own.types[self.types[p]]

    def utility(self, p: str, n: int) -> float:
        body, deal = self.case.preferences[p], self.o.deals[n]
        total = sum(float(w.low) for w in body.weights.values())
        return sum(float(body.weights[i].low) * float(body.scores[i][deal[i]].low) for i in deal) / total

    def crosses(self, p: str, n: int) -> bool:
        return any(x.when.holds(self.o.deals[n]) for x in self.case.preferences[p].red_lines or ())

    def no_deal(self, p: str) -> float:
        return float((self.prefs(p).no_deal or self.case.preferences[p].no_deal).low)

    def drift(self, p: str) -> float:
        rate = self.case.talks.drift.get(p)
        return 0.0 if rate is None else float(days(rate, float(rate.number.low))) * self.days

    def reserve(self, p: str) -> float:
        return self.no_deal(p) + float(self.case.preferences[p].closing_cost.low) + self.drift(p)

    def accepts(self, p: str, n: int) -> bool:
        return not self.crosses(p, n) and self.utility(p, n) >= self.reserve(p) - NEAR

    def uniform(self, name: str, what: str) -> float:
        return self.o.uniform(f"{name}.{self.visits[name]}.{what}", self.draw)

    # --- the way

    def whole(self) -> Data:
        name = self.o.names[0]
        while name != "end":
            out = self.enter(name)
            if isinstance(out, tuple):
                return self.end(*out)
            name = out
        return self.finish()

    def after(self, name: str) -> str:
        stage, names = self.o.stages[name], self.o.names
        place = names.index(name) + 1
        return stage.next or (names[place] if place < len(names) else "end")

    def enter(self, name: str) -> str | tuple[str, str, set[str]]:
        stage = self.o.stages[name]
        if isinstance(stage, Consent | Ratify) and self.deal is None:
            return self.after(name)
        self.visits[name] = self.visits.get(name, 0) + 1
        self.last = name
        self.step += 1
        self.days += float(days(stage.lasts, float(stage.lasts.number.low)))
        for p, x in stage.gains.items():
            self.given[p] += float(x.low)
        for p, x in stage.cost.items():
            self.spent[p] += float(x.low)
        if self.uniform(name, "hazard") < float(stage.hazard.low):
            return "outside event", name, set()
        limit = self.case.talks.deadline
        if limit is not None and self.days > float(days(limit, float(limit.number.low))):
            return "deadline", name, set()
        if isinstance(stage, Talk):
            return self.talk(name, stage)
        if isinstance(stage, Offers):
            return self.offers(name, stage)
        return self.consent(name, stage) if isinstance(stage, Consent) else self.vote(name)

    def talk(self, name: str, stage: Talk) -> str:
        target = ""
        for p, signals in stage.signals.items():
            types = list(self.case.preferences[p].types)
            chance = {s: {k: float(x.low) for k, x in body.items()} for s, body in signals.items() if body}
            for s in signals:
                if s not in chance:
                    chance[s] = {k: 1 - sum(chance[o][k] for o in signals if o != s) for k in types}
            level, shown = self.uniform(name, f"signal {p}"), list(signals)[-1]
            for s in signals:
                level -= chance[s][self.types[p]]
                if level < 0:
                    shown = s
                    break
            target = target or stage.then.get(shown, "")
            for observer in stage.room:
                if observer != p:
                    old = self.seen[observer].get(p, dict.fromkeys(types, 1.0))
                    self.seen[observer][p] = {k: old[k] * chance[shown][k] for k in types}
        target = target or self.after(name)
        belief = {
            p: {q: self.posterior(q, like) for q, like in sorted(self.seen[p].items())} for p in stage.room
        }
        gross = {p: self.given[p] + self.drift(p) for p in self.given}
        self.talks.append(
            {"name": name, "round": self.round, "next": target, "belief": belief, "gross": gross,
             "spent": dict(self.spent), "days": self.days, "step": self.step}
        )  # fmt: skip
        return target

    def posterior(self, q: str, like: dict[str, float]) -> dict[str, float]:
        kinds = self.case.preferences[q].types
        prior = {k: float(t.prior.low) for k, t in kinds.items() if t.prior is not None}
        prior |= {k: 1 - sum(prior.values()) for k, t in kinds.items() if t.prior is None}
        total = sum(prior[k] * like[k] for k in kinds)
        return {k: prior[k] * like[k] / total for k in kinds}

    def offers(self, name: str, stage: Offers) -> str | tuple[str, str, set[str]]:
        self.deal = None
        room = list(stage.room)
        open_ = [n for n in range(len(self.o.deals)) if n not in self.struck]
        worth = {p: {n: self.utility(p, n) for n in open_ if not self.crosses(p, n)} for p in room}
        reserve = {p: self.reserve(p) for p in room}

        def own(p: str, round_: int) -> int | None:
            values = worth[p]
            if not values or max(values.values()) < reserve[p] - NEAR:
                return None
            base = max(reserve[p], min(values.values()))
            beta = float(stage.strategies[p].numbers["beta"].low)
            time = (round_ - 1) / (stage.rounds - 1) if stage.rounds > 1 else 1.0
            level = base + (max(values.values()) - base) * (1 - time ** (1 / beta)) - NEAR
            fit = [n for n in values if values[n] >= max(level, base - NEAR)]
            return min(fit, key=lambda n: (values[n], n)) if fit else None

        standing, by, yes = None, "", 0
        start = room.index(stage.first)
        for round_ in range(1, stage.rounds + 1):
            for turn in range(len(room)):
                p = room[(start + turn) % len(room)]
                mine = own(p, round_)
                if mine is None:
                    return "walkout", name, {p}
                if standing is not None and standing in worth[p]:
                    enough = worth[p][standing] >= max(worth[p][mine], reserve[p] - NEAR)
                    if enough:
                        yes += 1
                        if yes == len(room) - 1:
                            self.deal = standing
                            self.yes = dict.fromkeys(room, True)
                            return stage.then.get("agreed", self.after(name))
                        continue
                standing, by, yes = mine, p, 0
        del by
        return stage.then.get("not agreed", self.after(name))

    def consent(self, name: str, stage: Consent) -> str | tuple[str, str, set[str]]:
        assert self.deal is not None
        says = {p: self.accepts(p, self.deal) for p in (*stage.asks, *stage.consult)}
        self.yes |= says
        everyone = set(self.case.parties)
        blocked = not self.case.consent.holds(everyone - {p for p, yes in says.items() if not yes})
        needed = {p for p in stage.asks if not says[p]}
        named = set(self.case.consent.parties())
        needed |= {p for p in stage.consult if not says[p] and blocked and p in named}
        if not needed:
            return self.after(name)
        if stage.rejected is None or self.returns.get(name, 0) >= stage.rejected.at_most:
            return "rejected", name, needed
        self.returns[name] = self.returns.get(name, 0) + 1
        self.struck.add(self.deal)
        for p in needed:
            here = self.utility(p, self.deal)
            for n in range(len(self.o.deals)):
                if (here < self.reserve(p) - NEAR and self.utility(p, n) <= here + NEAR) or (
                    self.crosses(p, self.deal) and self.crosses(p, n)
                ):
                    self.struck.add(n)
        self.deal = None
        self.round += 1
        return stage.rejected.to

    def vote(self, name: str) -> str | tuple[str, str, set[str]]:
        assert self.deal is not None
        needed = int(self.case.bodies["house"].passes.quota.value)
        sure = int(self.accepts("a", self.deal))
        chance = 1.0 if sure >= needed else 0.6 if sure + 1 >= needed else 0.0
        if self.uniform(name, "vote house") < chance:
            return self.after(name)
        return "not ratified", name, {"house"}

    def finish(self) -> Data:
        if self.deal is None:
            return self.end("nothing agreed", self.last, set())
        named = self.case.consent.parties()
        for p in named:
            if p not in self.yes:
                self.yes[p] = self.accepts(p, self.deal)
        if self.case.consent.holds({p for p, yes in self.yes.items() if yes}):
            return self.end("agreement", self.last, set())
        return self.end("rejected", "", {p for p in named if not self.yes[p]})

    def end(self, how: str, stage: str, who: set[str]) -> Data:
        done = how == "agreement"
        gross = {
            p: self.given[p]
            + (
                self.utility(p, self.deal)
                - self.no_deal(p)
                - float(self.case.preferences[p].closing_cost.low)
                if done and self.deal is not None
                else self.drift(p)
            )
            for p in self.given
        }
        return {
            "how": how, "stage": stage, "who": who, "deal": self.deal if done else None, "gross": gross,
            "spent": dict(self.spent), "days": self.days, "talks": self.talks,
        }  # fmt: skip
