"""Threats in textbooks: the published belief at which the other side gives way."""

from __future__ import annotations

from typing import Any

import pytest

from winset import read_data, threats
from winset.lenses import NotComputed
from winset.lenses.threats import Effect


def compelled(comply: float, defy: float, punished: float) -> Effect:
    """The effect of a threat on a target with these payoffs, shifted and stretched onto 0 to 100."""
    low, high = min(comply, defy, punished), max(comply, defy, punished)

    def scaled(payoff: float) -> float:
        return 100 * (payoff - low) / (high - low)

    values: dict[str, Any] = {"weights": {"x": 1}, "scores": {"x": {"give way": 100, "stand": 0}}}
    own = {**values, "scores": {"x": {"give way": f"{scaled(comply)!r}", "stand": 0}}}
    case = read_data(
        {
            "winset": 1,
            "title": "A threat",
            "parties": {"maker": {}, "target": {}},
            "consent": {"all": ["maker", "target"]},
            "issues": {"x": {"options": ["give way", "stand"]}},
            "preferences": {
                "maker": {**values, "no_deal": 50},
                "target": {**own, "no_deal": f"{scaled(defy)!r}"},
            },
            "threats": {
                "t": {
                    "by": "maker",
                    "to": "target",
                    "unless": {"x": "give way"},
                    "prior": "50%",
                    "harm": f"{scaled(defy) - scaled(punished)!r}",
                }
            },
        }
    )
    found = threats(case, draws=4).threats
    assert not isinstance(found, NotComputed)
    assert not isinstance(found[0].effect, NotComputed)
    return found[0].effect


def test_brinkmanship_is_effective_from_two_ninths_on():
    """Dixit and Skeath, Games of Strategy (1st ed. 1999), chapter on the Cuban missile crisis: to soft
    Soviets withdrawing is worth -1, leaving the missiles there 1, and nuclear war -8; the threat is effective
    from a probability of 2/9 (printed as 0.22) on. Payoffs and figure are from memory; the chapter could not
    be read here."""
    effect = compelled(comply=-1, defy=1, punished=-8)
    assert effect.critical.median == pytest.approx(2 / 9)
    assert effect.complies.value == 1
    assert effect.at_belief.value == 1


def test_the_critical_risk_is_a_ratio_of_differences():
    """Ellsberg's critical risk, (defy - comply) / (defy - punished), whatever the units; Harsanyi (1977,
    ch. 8) has the same ratio. From memory; neither could be read here."""
    for comply, defy, punished in ((40, 100, 0), (0.9, 1, 0), (-3, 7, -13), (10, 20, 12)):
        effect = compelled(comply, defy, punished)
        ratio = (defy - comply) / (defy - punished)
        if ratio <= 1:
            assert effect.critical.median == pytest.approx(ratio)
        else:
            assert isinstance(effect.critical, NotComputed)
        assert effect.complies.value == float(ratio <= 1)
        assert effect.at_belief.value == float(ratio <= 0.5)
