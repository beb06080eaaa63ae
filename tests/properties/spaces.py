"""Small random cases with coarse numbers, as plain data, for hypothesis."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Data = dict[str, Any]

relaxed = settings(deadline=None, max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))


@st.composite
def matches(draw: st.DrawFn, issues: dict[str, list[str]]) -> Data:
    names = draw(st.lists(st.sampled_from(list(issues)), min_size=1, max_size=2, unique=True))
    return {i: draw(st.sampled_from(issues[i])) for i in names}


@st.composite
def cases(draw: st.DrawFn, *, unanimous: bool = False, demanding: bool = False) -> Data:
    """A case of two or three parties and at most 64 deals."""
    parties = ["a", "b", "c"][: draw(st.integers(2, 3))]
    issues = {
        f"i{n}": [f"o{k}" for k in range(draw(st.integers(2, 4)))] for n in range(draw(st.integers(1, 3)))
    }
    some = st.integers(0, 10).map(lambda n: 10 * n)
    floors = st.integers(8, 18) if demanding else st.integers(0, 13)
    preferences: Data = {}
    for party in parties:
        preferences[party] = {
            "weights": {i: draw(st.integers(0 if n else 1, 5)) for n, i in enumerate(issues)},
            "scores": {i: {o: draw(some) for o in options} for i, options in issues.items()},
            "no_deal": 5 * draw(floors),
            "closing_cost": draw(st.sampled_from([0, 0, 5])),
            "linkages": [
                {"when": draw(matches(issues)), "worth": draw(st.sampled_from([-10, 5, 15]))}
                for _ in range(draw(st.integers(0, 1)))
            ],
            "red_lines": [{"when": draw(matches(issues))} for _ in range(draw(st.sampled_from([0, 0, 1])))],
        }
    rules: list[Any] = [{"all": parties}]
    if not unanimous:
        rules += [{"at_least": len(parties) - 1, "of": parties}, {"all": ["a", {"any": parties[1:]}]}]
    return {
        "winset": 1,
        "title": "random",
        "parties": {p: {} for p in parties},
        "consent": draw(st.sampled_from(rules)),
        "issues": {i: {"options": o} for i, o in issues.items()},
        "preferences": preferences,
        "offers": {"offer": {"deal": {i: draw(st.sampled_from(o)) for i, o in issues.items()}}},
    }


def with_party(data: Data, party: str, **changes: Any) -> Data:
    """The case with some of a party's values replaced."""
    return {
        **data,
        "preferences": {**data["preferences"], party: {**data["preferences"][party], **changes}},
    }


def stretched(data: Data, party: str, factor: Fraction, shift: Fraction) -> Data:
    """The case with one party's utility u written as factor * u + shift. Weights sum to 1 once normalised,
    so that scores and what no deal is worth move alike; worths and costs are differences and only stretch."""
    old = data["preferences"][party]
    return with_party(
        data,
        party,
        scores={
            i: {o: str(factor * s + shift) for o, s in options.items()}
            for i, options in old["scores"].items()
        },
        no_deal=str(factor * old["no_deal"] + shift),
        closing_cost=str(factor * old["closing_cost"]),
        linkages=[{**link, "worth": str(factor * link["worth"])} for link in old["linkages"]],
    )
