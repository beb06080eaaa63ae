"""The block ``war``: contests that settle the matter where no deal does, a war or a trial for one.

A contest is a costly lottery over a stake (Fearon 1995): one side prevails and takes all, both bear costs.
Chances and shares are those of the first party of ``between``; the other has what is left to 100%.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from winset.case.fields import (
    DISCOUNT,
    EXPONENT,
    PART,
    PROBABILITY,
    RATE,
    SHARE,
    SPAN,
    TRIALS,
    WEAR,
    WORTH,
    Change,
    Discount,
    Exponent,
    Frozen,
    Ids,
    Part,
    Probability,
    Rate,
    Share,
    Span,
    Trials,
    Wear,
    Words,
    Worth,
    YesNo,
)
from winset.case.numbers import Bounds, Number

__all__ = ["Battles", "Contest", "Escalation", "war_numbers"]


class Escalation(Frozen):
    """What a party could do to win rather than to settle."""

    wins: Change = Field(description="By how much it raises the party's own chance to prevail")
    cost: Part = Field(description="What it costs the party on top, as a share of the stake")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Battles(Frozen):
    """How fighting teaches who is the stronger."""

    every: Span = Field(description="How often there is a trial of strength that both sides see")
    weight: dict[str, Trials] = Field(
        description="Party to how many such trials its own estimate weighs as much as"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class Contest(Frozen):
    """What settles the matter where no deal does: one side prevails and takes the stake, both bear costs."""

    between: Ids = Field(description="The two parties; chances and shares are told of the first")
    over: Words | None = Field(None, description="What the stake is, in words")
    kind: Words = Field("war", description="What it is called: war, trial, strike")
    wins: dict[str, Probability] = Field(
        description="The first party to its probability of prevailing, in the judge's eyes"
    )
    seen_by: dict[str, Probability] = Field(
        default_factory=dict,
        description="Party to its own estimate of the same probability; the judge's if left out",
    )
    costs: dict[str, Part] = Field(
        description="Party to what the contest costs it, as a share of the stake; may exceed 100%"
    )
    stake: dict[str, Worth] = Field(
        default_factory=dict, description="Party to what the whole stake is worth to it, in utility points"
    )
    risk: dict[str, Exponent] = Field(
        default_factory=dict,
        description="Party to the power that its utility of a share is: 1 does not mind risk, less does",
    )
    settles: dict[str, dict[str, Share]] = Field(
        default_factory=dict,
        description="One issue, and of its options the share of the stake that goes to the first party",
    )
    divisible: YesNo = Field(
        True, description="Whether any share can be agreed on; if not, those of settles, or all and nothing"
    )
    private: Words | None = Field(None, description="The party whose costs the other one does not know")
    proposes: Words | None = Field(
        None, description="Who makes the one offer; the party that does not know, if left out"
    )
    shift: dict[str, Rate] = Field(
        default_factory=dict, description="The first party to how its probability of prevailing changes"
    )
    wear: dict[str, Wear] = Field(
        default_factory=dict, description="Party to what going on takes from it, in shares of the stake"
    )
    discount: dict[str, Discount] = Field(
        default_factory=dict, description="Party to how much less a share is worth to it later; 0 if left out"
    )
    horizon: Span | None = Field(None, description="How far ahead to look; 12 months if left out")
    escalation: dict[str, Escalation] = Field(
        default_factory=dict, description="Party to what it could do to win rather than to settle"
    )
    battles: Battles | None = Field(None, description="How fighting teaches who is the stronger")
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")

    @property
    def proposer(self) -> str:
        """Who makes the one offer."""
        return self.proposes or next((p for p in self.between if p != self.private), self.between[0])


def war_numbers(name: str, contest: Contest) -> Iterator[tuple[str, Number, Bounds]]:
    """Every number of a contest, with its path and what it measures."""
    path = f"war.{name}"
    plain: tuple[tuple[str, dict[str, Number], Bounds], ...] = (
        ("wins", contest.wins, PROBABILITY),
        ("seen_by", contest.seen_by, PROBABILITY),
        ("costs", contest.costs, PART),
        ("stake", contest.stake, WORTH),
        ("risk", contest.risk, EXPONENT),
    )
    for key, numbers, bounds in plain:
        for party, number in numbers.items():
            yield f"{path}.{key}.{party}", number, bounds
    for issue, shares in contest.settles.items():
        for option, share in shares.items():
            yield f"{path}.settles.{issue}.{option}", share, SHARE
    for key, rates, bounds in (
        ("shift", contest.shift, RATE),
        ("wear", contest.wear, WEAR),
        ("discount", contest.discount, DISCOUNT),
    ):
        for party, rate in rates.items():
            yield f"{path}.{key}.{party}", rate.number, bounds
    if contest.horizon is not None:
        yield f"{path}.horizon", contest.horizon.number, SPAN
    for party, more in contest.escalation.items():
        yield f"{path}.escalation.{party}.wins", more.wins, RATE
        yield f"{path}.escalation.{party}.cost", more.cost, PART
    if contest.battles is not None:
        yield f"{path}.battles.every", contest.battles.every.number, SPAN
        for party, weight in contest.battles.weight.items():
            yield f"{path}.battles.weight.{party}", weight, TRIALS
