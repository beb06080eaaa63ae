"""Small cases at the edges, as plain data, and a case under other names and in another order."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]


def case(consent: Any, options: dict[str, list[str]], preferences: Data, **more: Any) -> Data:
    return {
        "winset": 1,
        "title": "edge",
        "parties": {p: {} for p in preferences},
        "consent": consent,
        "issues": {i: {"options": o} for i, o in options.items()},
        "preferences": preferences,
        **more,
    }


def values(scores: dict[str, dict[str, Any]], no_deal: Any, **more: Any) -> Data:
    return {"weights": dict.fromkeys(scores, 1), "scores": scores, "no_deal": no_deal, **more}


WHERE = {"where": ["sea", "hills"]}
BOTH = {"x": ["l", "r"], "y": ["l", "r"]}
FLAT = {"x": {"l": 50, "r": 50}, "y": {"l": 50, "r": 50}}
OFFER = {"fair": {"deal": {"x": "l", "y": "l"}}}

EDGES: dict[str, Data] = {
    "one party": case("me", WHERE, {"me": values({"where": {"sea": 100, "hills": 20}}, 50)}),
    "one deal": case(
        {"all": ["a", "b"]},
        WHERE,
        {p: values({"where": {"sea": 70, "hills": 0}}, 50) for p in "ab"},
        forbid=[{"where": "hills"}],
        offers={"it": {"deal": {"where": "sea"}}},
    ),
    "ties": case({"all": ["a", "b"]}, BOTH, {p: values(FLAT, 50) for p in "ab"}, offers=OFFER),
    "empty by red lines": case(
        {"all": ["a", "b"]},
        BOTH,
        {p: values(FLAT, 10, red_lines=[{"when": {"x": side}}]) for p, side in (("a", "l"), ("b", "r"))},
        offers=OFFER,
    ),
    "empty by weighing": case(
        {"all": ["a", "b"]},
        BOTH,
        {
            "a": values({"x": {"l": 100, "r": 0}, "y": {"l": 100, "r": 0}}, 60),
            "b": values({"x": {"l": 0, "r": 100}, "y": {"l": 0, "r": 100}}, 60),
        },
        offers=OFFER,
    ),
    "ties that a body confirms": case(
        {"all": ["a", "b"]},
        BOTH,
        {p: values(FLAT, 50) for p in "ab"},
        offers=OFFER,
        bodies={
            "house": {
                "ratifies": "a",
                "members": {
                    "a": 2,
                    "far": {"votes": 2, "like": "b", "bar": 60},
                    "free": {"votes": 1, "yes": "50%"},
                },
                "passes": "more than 50%",
            },
            "court": {"members": ["x", "y", "z"], "passes": 2},
        },
    ),
    "no weight": case(
        {"all": ["a", "b"]},
        BOTH,
        {
            "a": {"weights": {"x": 1}, "scores": {"x": {"l": 100, "r": 0}}, "no_deal": 50},
            "b": {
                "weights": {"x": 0, "y": 3},
                "scores": {"x": {"l": 0, "r": 100}, "y": {"l": 20, "r": 80}},
                "no_deal": 40,
            },
        },
        offers=OFFER,
    ),
}

#: By hand: deals, deals of the zone, openings, efficient points (of the zone, of all), Nash points.
ANSWERS: dict[str, tuple[int, int, set[tuple[str, ...]], int, int, set[tuple[float, ...]]]] = {
    "one party": (2, 1, {()}, 1, 1, {(100.0,)}),
    "one deal": (1, 1, {()}, 1, 1, {(70.0, 70.0)}),
    "ties": (4, 4, {()}, 1, 1, {(50.0, 50.0)}),
    "empty by red lines": (4, 0, {("a",), ("b",)}, 0, 1, set()),
    "empty by weighing": (4, 0, {("a",), ("b",)}, 0, 3, set()),
    "ties that a body confirms": (4, 4, {()}, 1, 1, {(50.0, 50.0)}),
    "no weight": (4, 1, {()}, 1, 1, {(100.0, 80.0)}),
}


@dataclass(frozen=True)
class Disguise:
    """New names for old ones, and the way back."""

    party: dict[str, str]
    issue: dict[str, str]
    option: dict[tuple[str, str], str]

    @classmethod
    def of(cls, data: Data, rng: random.Random) -> Disguise:
        def fresh(names: list[str], stem: str) -> dict[str, str]:
            numbers = rng.sample(range(100, 1000), len(names))
            return {name: f"{stem}{n}" for name, n in zip(names, numbers, strict=True)}

        return cls(
            fresh(list(data["parties"]), "who"),
            fresh(list(data["issues"]), "what"),
            {
                (i, o): new
                for i, body in data["issues"].items()
                for o, new in fresh(body["options"], "how").items()
            },
        )

    def put_on(self, data: Data, rng: random.Random) -> Data:
        """The same case with other names, its parties, issues and options in another order."""

        def shuffled(body: dict[str, Any]) -> dict[str, Any]:
            return dict(rng.sample(list(body.items()), len(body)))

        def clause(body: Data) -> Data:
            return {
                self.issue[i]: [self.option[i, x] for x in o] if isinstance(o, list) else self.option[i, o]
                for i, o in shuffled(body).items()
            }

        def match(body: Any) -> Any:
            return [clause(c) for c in body] if isinstance(body, list) else clause(body)

        def rule(body: Any) -> Any:
            if isinstance(body, str):
                return self.party[body]
            return {
                k: v if k == "at_least" else [rule(m) for m in rng.sample(v, len(v))] for k, v in body.items()
            }

        def scores(body: Data) -> Data:
            return {
                self.issue[i]: {self.option[i, o]: s for o, s in shuffled(options).items()}
                for i, options in shuffled(body).items()
            }

        def preferences(body: Data) -> Data:
            out = dict(body)
            if "weights" in body:
                out["weights"] = {self.issue[i]: w for i, w in shuffled(body["weights"]).items()}
            if "scores" in body:
                out["scores"] = scores(body["scores"])
            for key in ("linkages", "red_lines"):
                if key in body:
                    out[key] = [{**item, "when": match(item["when"])} for item in body[key]]
            if "types" in body:
                out["types"] = {name: preferences(kind) for name, kind in body["types"].items()}
            return out

        out = dict(data)
        out["parties"] = {self.party[p]: body for p, body in shuffled(data["parties"]).items()}
        out["consent"] = rule(data["consent"])
        out["issues"] = {
            self.issue[i]: {"options": [self.option[i, o] for o in rng.sample(opts, len(opts))]}
            for i, opts in shuffled({i: b["options"] for i, b in data["issues"].items()}).items()
        }
        out["preferences"] = {self.party[p]: preferences(b) for p, b in shuffled(data["preferences"]).items()}
        if "forbid" in data:
            out["forbid"] = [
                {"when": match(f["when"])} if isinstance(f, dict) and "when" in f else match(f)
                for f in data["forbid"]
            ]
        if "offers" in data:
            out["offers"] = {name: {"deal": clause(b["deal"])} for name, b in data["offers"].items()}
        return out

    def back(self) -> dict[str, str]:
        """New party to old party."""
        return {new: old for old, new in self.party.items()}
