"""The blocks ``evidence`` and ``evidence_groups``: what has been seen, and how likely it was for each type.

What counts towards the probabilities of a party's types is worked out here, in one place, for all who ask.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from winset.case.fields import PROBABILITY, Date, Frozen, Ids, Probability, Words, refused
from winset.case.numbers import Number, NumberProblem, parse_number
from winset.case.scales import ICD_203, KENT, worded
from winset.case.text import closest, listing

__all__ = ["Evidence", "EvidenceGroup", "Factor", "Likelihood", "counted", "is_likelihood", "spread_of"]


def _worded(raw: Any) -> Any:
    """A word of a scale as its range, also in ``{value: likely, because: ...}``; numbers stay as they are."""
    if isinstance(raw, Mapping) and isinstance(raw.get("value"), str):
        word = _word(raw["value"])
        return raw if word is None else _citing(word, raw)
    return (_word(raw) or raw) if isinstance(raw, str) else raw


def _word(text: str) -> Number | None:
    found = worded(text)
    if (
        found is None
        and re.match(r"\s*[^\W\d_]", text)
        and not re.match(r"\s*(nan|inf)", text, re.IGNORECASE)
    ):
        raise refused(
            "no likelihood is called that",
            allowed=f"{PROBABILITY.text()}, a range, or words: {listing(list(ICD_203)[:7])}",
            hint=closest(text, [*ICD_203, *KENT]),
        )
    return found


def _citing(word: Number, raw: Mapping[Any, Any]) -> Any:
    """The range of a word with the claims and the note that stand beside it."""
    try:
        beside = parse_number({**raw, "value": "0"})
    except NumberProblem as problem:
        raise refused(problem.message, allowed=problem.allowed, hint=problem.hint) from None
    return replace(word, because=beside.because, note=beside.note)


Likelihood = Annotated[Probability, BeforeValidator(_worded)]


class Evidence(Frozen):
    """Something that was seen, and how likely it was if the party is of each of its types."""

    about: Words = Field(description="The party that it tells about, which has types")
    date: Date | None = Field(None, description="When it happened; not after as_of")
    likelihoods: dict[str, Likelihood] = Field(
        description="Type to the probability of seeing this if the party is of that type, for every type"
    )
    group: Words | None = Field(
        None, description="Items of one group hang together and are counted once, not one by one"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


class EvidenceGroup(Frozen):
    """How likely all items of a group were together; without it the most telling of them counts alone."""

    likelihoods: dict[str, Likelihood] = Field(
        description="Type to the probability of seeing all items of the group if the party is of that type"
    )
    because: Ids = Field((), description="The claims that this rests on")
    note: Words | None = Field(None, description="Anything a reader should know")


@dataclass(frozen=True, slots=True)
class Factor:
    """Likelihoods that count once towards what a party is: of one item, or of a group of items."""

    path: str  # where the likelihoods are written, e.g. evidence.phone call
    items: tuple[str, ...]  # what they are about: the item, or every item of the group
    date: dt.date | None  # of the last of them
    likelihoods: Mapping[str, Number]
    because: tuple[str, ...]
    group: str | None = None
    stated: bool = True  # of a group: stated for all its items together, else those of its most telling item


def counted(
    evidence: Mapping[str, Evidence],
    groups: Mapping[str, EvidenceGroup],
    party: str,
    *,
    apart: bool = False,
) -> tuple[Factor, ...]:
    """What counts towards a party's types, in the order of dates; what has none comes last.

    Items of one group count once. If the likelihoods of all of them together are stated, these count. If not,
    the items are read as saying the same thing again (complete redundance: Schum 1994), and the one that is
    most telling at central values counts alone. So a group of which nothing is stated never says more than
    its most telling item, whatever is added to it.

    Parameters
    ----------
    apart
        Count every item by itself, as if items of one group did not hang together.
    """
    single: list[Factor] = []
    joined: dict[str, list[str]] = {}
    for name, item in evidence.items():
        if item.about != party:
            continue
        if item.group is not None and not apart:
            joined.setdefault(item.group, []).append(name)
        else:
            single.append(_of_item(name, evidence))
    for group, names in joined.items():
        body, last = groups.get(group), _last([evidence[n].date for n in names])
        if body is not None:
            path = f"evidence_groups.{group}"
            single.append(Factor(path, tuple(names), last, body.likelihoods, body.because, group))
        else:
            best = max(names, key=lambda n: spread_of(evidence[n].likelihoods))  # the first on a tie
            one = _of_item(best, evidence)
            single.append(
                Factor(one.path, tuple(names), one.date, one.likelihoods, one.because, group, len(names) == 1)
            )
    return tuple(sorted(single, key=lambda f: (f.date is None, f.date or dt.date.min)))


def _of_item(name: str, evidence: Mapping[str, Evidence]) -> Factor:
    item = evidence[name]
    return Factor(f"evidence.{name}", (name,), item.date, item.likelihoods, item.because, item.group)


def _last(dates: list[dt.date | None]) -> dt.date | None:
    known = [d for d in dates if d is not None]
    return max(known) if len(known) == len(dates) else None


def is_likelihood(path: str) -> bool:
    """Whether the path of a number is that of a likelihood: evidence.NAME.likelihoods.TYPE."""
    parts = path.split(".")
    return len(parts) == 4 and parts[0] in ("evidence", "evidence_groups") and parts[2] == "likelihoods"


def spread_of(likelihoods: Mapping[str, Number]) -> tuple[bool, Fraction]:
    """How telling likelihoods are: whether a type is ruled out, and how many times the most likely type's is
    the least likely's, of those above 0; at central values."""
    central = [number.central(PROBABILITY) for number in likelihoods.values()]
    above = [c for c in central if c > 0]
    return len(above) < len(central), max(above) / min(above) if above else Fraction(1)
