"""A small case with everything that a sweep can touch: ranges, a correlation, types, red lines, offers."""

from __future__ import annotations

from winset.case import Case, loads

TEXT = """\
winset: 1
title: A well between two villages
parties: {upper: {}, lower: {}, donor: {}}
consent: {all: [upper, lower]}
issues:
  water: {options: [as now, half each, by need]}
  upkeep: {options: [upper, lower, both]}
  meter: {options: [none, one]}
offers:
  halves: {by: donor, deal: {water: half each, upkeep: both, meter: one}}
  need: {by: lower, deal: {water: by need, upkeep: lower, meter: none}}
preferences:
  upper:
    weights: {water: 40 to 60, upkeep: 20 to 40, meter: 10}
    scores:
      water: {as now: 100, half each: 40 to 70, by need: 10 to 30}
      upkeep: {upper: 0, lower: 100, both: 40 to 60}
      meter: {none: 100, one: 0}
    red_lines: [{when: {water: by need, meter: one}}]
    no_deal: 45 to 65
    closing_cost: 2
    types:
      open: {prior: 40% to 60%}
      closed: {rest: true, no_deal: 60 to 80}
  lower:
    weights: {water: 60, upkeep: 30, meter: 10}
    scores:
      water: {as now: 0, half each: 50 to 80, by need: 100}
      upkeep: {upper: 100, lower: 0, both: 50}
      meter: {none: 0, one: 100}
    no_deal: 30 to 60
  donor:
    weights: {water: 1, upkeep: 1, meter: 8}
    scores:
      water: {as now: 0, half each: 100, by need: 50}
      upkeep: {upper: 50, lower: 50, both: 100}
      meter: {none: 0, one: 100}
    red_lines: [{when: {water: as now}}]
    no_deal: 50
correlations:
  - {between: [upper.no_deal, lower.no_deal], rho: -0.6}
"""


def case() -> Case:
    return loads(TEXT)
