"""Other courses of the talks, as sentences: ``without STAGE``, ``deadline 3 months``, and the like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from winset.case.fields import Span, Timed
from winset.case.flow import circle, entered
from winset.case.stages import END, Consent, Offers, Ratify, Stage, Talk, Talks
from winset.case.text import closest, listing, show

__all__ = ["FORMS", "WhatIf", "WhatIfProblem", "changed", "read_what_if"]

FORMS = (
    "without STAGE; with PARTY in STAGE; order STAGE, STAGE; deadline SPAN, or no deadline; "
    "mediator PARTY in STAGE"
)


class WhatIfProblem(ValueError):  # noqa: N818 - it becomes a fault or a question that has no answer
    """What is wrong with a what-if, for a fault or for the command line."""

    def __init__(self, message: str, *, allowed: str = FORMS, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.allowed, self.hint = message, allowed, hint


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One change to the course of the talks."""

    text: str
    kind: Literal["without", "with", "order", "deadline", "mediator"]
    stages: tuple[str, ...] = ()
    party: str = ""
    span: Timed | None = None


def read_what_if(
    text: str, stages: Mapping[str, Stage], parties: Iterable[str], valued: Iterable[str]
) -> WhatIf:
    """A what-if from its sentence.

    Raises
    ------
    WhatIfProblem
    """
    text = " ".join(text.split())
    word, _, rest = text.partition(" ")
    if text == "no deadline":
        return WhatIf(text, "deadline")
    if word == "without" and rest:
        return WhatIf(text, "without", (_stage(rest, stages),))
    if word in ("with", "mediator") and rest:
        party, stage = _in(rest, stages)
        known = list(valued if word == "with" else parties)
        if party not in known:
            kind = "party with preferences" if word == "with" else "party"
            raise WhatIfProblem(
                f"unknown {kind} {show(party)}", allowed=listing(known), hint=closest(party, known)
            )
        body = stages[stage]
        if word == "mediator" and not isinstance(body, Offers):
            raise WhatIfProblem(f"{show(stage)} is no stage of offers, so nobody can mediate there")
        if word == "with" and not isinstance(body, Offers | Talk):
            raise WhatIfProblem(
                f"{show(stage)} has no room to be in", allowed="a stage of kind talk or offers"
            )
        if word == "with" and party in body.room:
            raise WhatIfProblem(f"{show(party)} is in {show(stage)} already", allowed="another party")
        return WhatIf(text, "with" if word == "with" else "mediator", (stage,), party)
    if word == "order" and rest:
        named = tuple(_stage(part.strip(), stages) for part in rest.split(","))
        if len(set(named)) < len(named) or len(named) < 2:
            raise WhatIfProblem("an order names two stages or more, each once")
        return WhatIf(text, "order", named)
    if word == "deadline" and rest:
        try:
            return WhatIf(text, "deadline", span=TypeAdapter(Span).validate_python(rest))
        except ValidationError as error:
            found = error.errors()[0].get("ctx", {})
            raise WhatIfProblem(
                str(found.get("text", "not a length of time")), allowed=str(found.get("allowed", FORMS))
            ) from None
    raise WhatIfProblem("not a change to the course of the talks")


def _stage(name: str, stages: Mapping[str, Stage]) -> str:
    if name not in stages:
        raise WhatIfProblem(
            f"unknown stage {show(name)}", allowed=listing(stages), hint=closest(name, list(stages))
        )
    return name


def _in(rest: str, stages: Mapping[str, Stage]) -> tuple[str, str]:
    """PARTY in STAGE, where either may hold the word "in"."""
    parts = [(rest[: m.start()], rest[m.end() :]) for m in re.finditer(" in ", rest)]
    if not parts:
        raise WhatIfProblem("the stage is missing", allowed="PARTY in STAGE")
    return next(((p, s) for p, s in parts if s in stages), (parts[0][0], _stage(parts[0][1], stages)))


def changed(stages: Mapping[str, Stage], talks: Talks, what: WhatIf) -> tuple[dict[str, Stage], Talks]:
    """The stages and the talks with a what-if applied.

    Raises
    ------
    WhatIfProblem
        If no course is left, it goes round in a circle, or somebody would bargain alone.
    """
    new = dict(stages)
    if what.kind == "deadline":
        return new, talks.model_copy(update={"deadline": what.span})
    if what.kind == "without":
        new = _without(new, what.stages[0])
    elif what.kind == "order":
        listed = iter(what.stages)
        new = {n: stages[n] for n in (next(listed) if n in what.stages else n for n in stages)}
    else:
        name = what.stages[0]
        body = new[name]
        room = body.room if what.party in body.room else (*body.room, what.party)
        update: dict[str, object] = {"room": room}
        if what.kind == "mediator":
            update |= {"protocol": "mediated", "mediator": what.party}
        new[name] = body.model_copy(update=update)
    if not new:
        raise WhatIfProblem("no stage is left")
    found = circle(new)
    if found:
        raise WhatIfProblem(f"the stages would go round in a circle: {', '.join(map(show, found))}")
    reached = entered(new)
    lost = [
        n for n, s in new.items() if n not in reached or (isinstance(s, Consent | Ratify) and not reached[n])
    ]
    if what.kind == "order" and lost:
        raise WhatIfProblem(f"in this order nobody could enter {listing(lost)}", allowed="another order")
    return new, talks


def _without(stages: dict[str, Stage], gone: str) -> dict[str, Stage]:
    """The stages without one; what led there leads to what followed it."""
    names = list(stages)
    place = names.index(gone) + 1
    after = stages[gone].next or (names[place] if place < len(names) else END)
    out: dict[str, Stage] = {}
    for name, stage in stages.items():
        if name == gone:
            continue
        update: dict[str, object] = {}
        if stage.next == gone:
            update["next"] = after
        if isinstance(stage, Talk | Offers) and gone in stage.then.values():
            update["then"] = {k: after if v == gone else v for k, v in stage.then.items()}
        if isinstance(stage, Consent) and stage.rejected is not None and stage.rejected.to == gone:
            back = None if after == END else stage.rejected.model_copy(update={"to": after})
            update["rejected"] = back
        out[name] = stage.model_copy(update=update) if update else stage
    before = names[place - 2] if place > 1 else None
    if before is not None and stages[before].next is None and stages[gone].next is not None:
        out[before] = out[before].model_copy(update={"next": after})
    return out
