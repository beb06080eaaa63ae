"""What the index and the comments of the three worked cases say about them, checked."""

from __future__ import annotations

from collections import Counter

from literature.exact import CASES, Exact
from winset import blockers, frontier, load, loads, zone


def changed(name: str, old: str, new: str):
    """The case with one line of its file changed."""
    text = (CASES / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    return loads(text.replace(old, new))


def test_alaska_hangs_on_the_type_of_russia():
    assert zone(load(CASES / "alaska-2025.yaml")).empty is False
    assert zone(changed("alaska-2025", "{value: 35% to 65%, because: feel-out}", "5%")).empty is True


def test_alaska_without_ukraine_seems_open_even_to_the_maximalist():
    """Leaving out the party whose land it is opens deals that it would refuse to carry out."""
    bilateral = changed(
        "alaska-2025", "consent: {all: [usa, russia, ukraine]}", "consent: {all: [usa, russia]}"
    )
    found = zone(bilateral)
    assert found.zone.value > 53
    assert any(r.party == "ukraine" for r in found.best["russia"].refusals)


def test_alaska_contradictions_are_claims_of_the_case():
    claims = load(CASES / "alaska-2025.yaml").claims
    assert {name: c.contradicts for name, c in claims.items() if c.contradicts} == {
        "guarantees-played-down": ("binding-guarantees",)
    }  # that of the two starts is found


def test_alaska_knows_nothing_of_what_followed():
    case = load(CASES / "alaska-2025.yaml")
    dates = [s.date for s in case.sources.values() if s.date]
    dates += [c.date.last for c in case.claims.values() if c.date]
    assert max(dates) == case.as_of


def test_port_leaves_different_parties_behind():
    exact = Exact.of("port-development")
    left = Counter(
        tuple(p for p in exact.reservation if exact.utility[deal][p] < exact.reservation[p])
        for deal in exact.zone
    )
    assert left == {("fishers",): 11, ("dockers",): 9, (): 7, ("hauliers",): 7, ("town",): 4}


def test_port_everything_for_everybody_is_one_yes_short():
    named = {d.name: d for d in blockers(load(CASES / "port-development.yaml")).deals}
    refusals = named["everything for everybody"].view.refusals
    assert [r.party for r in refusals] == ["fishers", "hauliers"]


def test_litigation_splitting_the_difference_is_not_efficient():
    offers = {o.name: o for o in frontier(load(CASES / "litigation.yaml")).offers}
    assert not offers["split the difference"].efficient
    assert offers["regret for money"].efficient
    better = offers["regret for money"].view.gain
    assert all(better[p] > gain for p, gain in offers["split the difference"].view.gain.items())
