"""The way through the stages: which follows which, which can be entered, and whether it comes to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from winset.case.stages import AGREED, END, NOT_AGREED, Consent, Offers, Stage, Talk

__all__ = ["circle", "entered", "following", "order", "outcomes"]


def following(stages: Mapping[str, Stage], name: str) -> str:
    """The stage that follows one where nothing else is said, or ``end``."""
    stage = stages[name]
    if stage.next is not None:
        return stage.next
    names = list(stages)
    place = names.index(name) + 1
    return names[place] if place < len(names) else END


def outcomes(stages: Mapping[str, Stage], name: str) -> dict[str, str]:
    """Where each way out of a stage leads, other than a rejection; ``""`` stands for all others."""
    stage, default = stages[name], following(stages, name)
    if isinstance(stage, Offers):
        return {word: stage.then.get(word, default) for word in (AGREED, NOT_AGREED)}
    if isinstance(stage, Talk):
        return {**stage.then, "": default}
    return {"": default}


def circle(stages: Mapping[str, Stage]) -> list[str]:
    """Stages that follow each other in a circle without a limit; empty where there is none."""
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done or name not in stages:
            return []
        for target in dict.fromkeys(outcomes(stages, name).values()):
            found = walk(target, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in stages if (found := walk(name, []))), [])


def order(stages: Mapping[str, Stage]) -> list[str]:
    """The stages so that each comes after all that lead to it other than by a rejection; no circles."""
    waiting = dict.fromkeys(stages, 0)
    for name in stages:
        for target in set(outcomes(stages, name).values()):
            if target in waiting:
                waiting[target] += 1
    out: list[str] = []
    while len(out) < len(stages):
        name = next(n for n in stages if n not in out and not waiting[n])
        out.append(name)
        for target in set(outcomes(stages, name).values()):
            if target in waiting:
                waiting[target] -= 1
    return out


def entered(stages: Mapping[str, Stage]) -> dict[str, bool]:
    """The stages that the talks can come to, and whether something may have been agreed by then.

    Without a deal there is nothing to ask or to vote on, so that such a stage is passed over.
    """
    seen: set[tuple[str, bool]] = set()
    waiting = [(next(iter(stages)), False)] if stages else []
    while waiting:
        name, deal = here = waiting.pop()
        if here in seen or name not in stages:
            continue
        seen.add(here)
        waiting += _after(stages, name, deal)
    return {name: (name, True) in seen for name in stages if (name, True) in seen or (name, False) in seen}


def _after(stages: Mapping[str, Stage], name: str, deal: bool) -> Iterator[tuple[str, bool]]:
    stage = stages[name]
    for outcome, target in outcomes(stages, name).items():
        yield target, outcome == AGREED if isinstance(stage, Offers) else deal
    if isinstance(stage, Consent) and stage.rejected is not None and deal:
        yield stage.rejected.to, False
