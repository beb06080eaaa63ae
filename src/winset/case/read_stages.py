"""The stages of a case: each to its model, whether what they name is there, and whether they end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from winset.case.flow import circle, entered, outcomes
from winset.case.read_decisions import check_signals
from winset.case.stages import (
    AGREED,
    END,
    NOT_AGREED,
    STAGES,
    STRATEGIES,
    Consent,
    Offers,
    Ratify,
    Stage,
    Strategy,
    Talk,
    Talks,
    stage_numbers,
    talks_numbers,
)
from winset.case.text import Path, listing, show
from winset.case.what_ifs import WhatIfProblem, changed, read_what_if

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["holds_names", "read_stages", "read_talks", "uncertain_stages"]

MOST_STAGES = 30


def read_stages(reader: Reader) -> dict[str, Any]:
    """The stages that can be read; faults of the others go to the reader."""
    if "stages" not in reader.data:
        return {}
    part, faults = reader.data["stages"], reader.faults
    if not isinstance(part, dict) or not part:
        faults.add(
            ("stages",),
            "stages is empty" if part in (None, {}) else "stages must be a mapping",
            value=part or None,
            allowed="name: {kind: ...}, or leave the key out",
        )
        return {}
    if len(part) > MOST_STAGES:
        faults.add(("stages",), f"{len(part):,} stages", allowed=f"at most {MOST_STAGES}")
        return {}
    kept: dict[str, Any] = {}
    for name, body in part.items():
        path: Path = ("stages", name)
        reader.check_id(path, name, "stages")
        if name == END:
            faults.add(path, f"'{END}' stands for the end of the talks", allowed="another name", key=True)
        if not isinstance(body, dict):
            faults.add(
                path, "a mapping is expected", value=body, allowed="kind: talk, and what belongs to it"
            )
            continue
        kind = body.get("kind")
        if not isinstance(kind, str) or kind not in STAGES:
            if "kind" not in body:
                faults.add(path, "the key kind is missing", allowed=listing(STAGES))
            else:
                faults.unknown((*path, "kind"), "kind of stage", str(kind), STAGES)
            continue
        stage = reader.model(STAGES[kind], body, path)
        if stage is not None:
            kept[name] = stage
    for name, stage in kept.items():
        _check(reader, ("stages", name), stage, part)
    if len(kept) == len(part) and _whole(kept):
        _check_way(reader, kept)
    return kept


def read_talks(reader: Reader, stages: Mapping[str, Stage]) -> Talks | None:
    """What holds for the talks as a whole."""
    talks = reader.one("talks", Talks)
    if "talks" in reader.data and "stages" not in reader.data:
        reader.faults.add(
            ("talks",), "there are no stages that this could be about", allowed="stages: beside it"
        )
    if talks is None:
        return None
    _check_valued(reader, ("talks", "drift"), talks.drift)
    raw = reader.data.get("stages")
    named = raw if isinstance(raw, dict) else {}
    for claim, stage in talks.forecasts.items():
        here: Path = ("talks", "forecasts", claim)
        known = reader.kept.get("claims", {}).get(claim)
        if claim not in reader.claims:
            reader.faults.unknown(here, "claim", claim, reader.claims, key=True)
        elif known is not None and known.probability is None:
            reader.faults.add(
                here, "this claim forecasts nothing", value=claim, allowed="a claim with a probability"
            )
        if stage not in named:
            reader.faults.unknown(here, "stage", stage, named)
    if stages and len(stages) == len(named) and _whole(stages) and not circle(stages):
        for here, text in reader.listed(("talks", "what_ifs"), talks.what_ifs):
            try:
                what = read_what_if(text, stages, reader.parties, reader.valued)
                changed(stages, talks, what)
            except WhatIfProblem as problem:
                reader.faults.add(
                    here, problem.message, value=text, allowed=problem.allowed, hint=problem.hint
                )
    return talks


def _check(reader: Reader, path: Path, stage: Stage, named: Mapping[str, Any]) -> None:
    _check_parties(reader, (*path, "room"), stage.room)
    for key in ("cost", "gains"):
        _check_valued(reader, (*path, key), getattr(stage, key))
    if stage.next is not None:
        _check_stage(reader, (*path, "next"), stage.next, named)
    if isinstance(stage, Talk | Offers):
        if not stage.room:
            reader.faults.add(
                (*path, "room") if "room" in reader.data["stages"][path[1]] else path,
                "the room is empty",
                allowed="room: a list of parties",
            )
        for outcome, target in stage.then.items():
            _check_stage(reader, (*path, "then", outcome), target, named)
    if isinstance(stage, Talk):
        _check_talk(reader, path, stage)
    elif isinstance(stage, Offers):
        _check_offers(reader, path, stage)
    elif isinstance(stage, Consent):
        _check_consent(reader, path, stage, named)
    else:
        _check_bodies(reader, path, stage)


def _check_stage(reader: Reader, path: Path, name: str, named: Mapping[str, Any]) -> None:
    if name != END and name not in named:
        reader.faults.unknown(path, "stage", name, [*named, END])


def _check_parties(reader: Reader, path: Path, names: tuple[str, ...]) -> None:
    for n, (here, party) in enumerate(reader.listed(path, names)):
        if party not in reader.parties:
            reader.faults.unknown(here, "party", party, reader.parties)
        elif party in names[:n]:
            reader.faults.add(here, "the party is named twice", value=party, allowed="each once")


def _check_valued(reader: Reader, path: Path, names: Iterable[str]) -> None:
    for party in names:
        if party not in reader.valued:
            reader.faults.unknown((*path, party), "party with preferences", party, reader.valued, key=True)


def _inside(reader: Reader, path: Path, party: str, room: tuple[str, ...], *, key: bool = False) -> bool:
    """Whether a party is in the room; told where it is not."""
    if party in room:
        return True
    if party not in reader.parties:
        reader.faults.unknown(path, "party", party, room, key=key)
    else:
        reader.faults.add(
            path,
            f"{show(party)} is not in the room",
            value=party,
            allowed=listing(room) or "room: ...",
            key=key,
        )
    return False


def _check_talk(reader: Reader, path: Path, stage: Talk) -> None:
    for party, signals in stage.signals.items():
        here: Path = (*path, "signals", party)
        if _inside(reader, here, party, stage.room, key=True):
            check_signals(reader, here, here, party, reader.data["stages"][path[1]]["signals"][party])
        del signals
    for party in stage.stay:
        _inside(reader, (*path, "stay", party), party, stage.room, key=True)
    _check_valued(reader, (*path, "stay"), [p for p in stage.stay if p in stage.room])
    for signal in stage.then:
        owners = [p for p, signals in stage.signals.items() if signal in signals]
        here = (*path, "then", signal)
        if not owners:
            known = [s for signals in stage.signals.values() for s in signals]
            reader.faults.unknown(here, "signal", signal, known, key=True)
        elif len(owners) > 1:
            reader.faults.add(
                here,
                f"{listing(owners)} both may show this, so that it does not say which is meant",
                value=signal,
                allowed="a signal of one party",
                key=True,
            )


def _check_offers(reader: Reader, path: Path, stage: Offers) -> None:
    for outcome in stage.then:
        if outcome not in (AGREED, NOT_AGREED):
            reader.faults.unknown(
                (*path, "then", outcome), "outcome", outcome, (AGREED, NOT_AGREED), key=True
            )
    if stage.mediator is not None:
        _inside(reader, (*path, "mediator"), stage.mediator, stage.room)
    if (stage.mediator is None) == (stage.protocol == "mediated"):
        reader.faults.add(
            path if stage.mediator is None else (*path, "mediator"),
            "a mediated stage needs a mediator" if stage.mediator is None else "nobody mediates here",
            value=stage.mediator,
            allowed="mediator: party" if stage.mediator is None else "protocol: mediated",
        )
    bargain = [p for p in stage.room if p in reader.valued]
    if stage.room and len(bargain) < 2:
        reader.faults.add(
            (*path, "room"),
            "fewer than two parties with preferences are in the room, so that nobody can bargain",
            value=listing(stage.room),
            allowed=listing(reader.valued),
        )
    if stage.first is not None and _inside(reader, (*path, "first"), stage.first, stage.room):
        _has_values(reader, (*path, "first"), stage.first)
    for party, strategy in stage.strategies.items():
        here: Path = (*path, "strategies", party)
        if _inside(reader, here, party, stage.room, key=True):
            _has_values(reader, here, party)
        _check_strategy(reader, here, strategy)


def _check_strategy(reader: Reader, path: Path, strategy: Strategy) -> None:
    known = STRATEGIES.get(strategy.name)
    if known is None:
        reader.faults.unknown(path, "strategy", strategy.name, STRATEGIES)
        return
    for key, number in strategy.numbers.items():
        here: Path = (*path, strategy.name, key)
        bounds = known.get(key)
        if bounds is None:
            reader.faults.unknown(here, f"number of {show(strategy.name)}", key, known, key=True)
            continue
        low, high = bounds.low, bounds.high
        if (low is not None and number.low < low) or (high is not None and number.high > high):
            reader.faults.add(here, "out of range", value=number.short(), allowed=bounds.text())


def _has_values(reader: Reader, path: Path, party: str) -> None:
    if party in reader.parties and party not in reader.valued:
        reader.faults.add(
            path, "this party has no preferences to bargain by", value=party, allowed=listing(reader.valued)
        )


def _check_consent(reader: Reader, path: Path, stage: Consent, named: Mapping[str, Any]) -> None:
    if not stage.asks and not stage.consult:
        reader.faults.add(path, "nobody is asked or heard", allowed="asks: or consult: a list of parties")
    for key, names in (("asks", stage.asks), ("consult", stage.consult)):
        for n, (here, party) in enumerate(reader.listed((*path, key), names)):
            if party not in reader.valued:
                reader.faults.unknown(here, "party with preferences", party, reader.valued)
            elif party in names[:n] or (key == "consult" and party in stage.asks):
                reader.faults.add(here, "the party is named twice", value=party, allowed="each once")
    if stage.rejected is not None and stage.rejected.to not in named:
        reader.faults.unknown((*path, "rejected", "to"), "stage", stage.rejected.to, named)


def _check_bodies(reader: Reader, path: Path, stage: Ratify) -> None:
    known = reader.names("bodies")
    if not stage.bodies:
        reader.faults.add(
            (*path, "bodies"), "no body is named", allowed=listing(known) or "a body of the case"
        )
    for n, (here, body) in enumerate(reader.listed((*path, "bodies"), stage.bodies)):
        if body not in known:
            reader.faults.unknown(here, "body", body, known)
        elif body in stage.bodies[:n]:
            reader.faults.add(here, "the body is named twice", value=body, allowed="each once")


def _whole(stages: Mapping[str, Stage]) -> bool:
    """Whether all that the stages lead to is there."""
    targets = {t for name in stages for t in outcomes(stages, name).values()}
    back = {s.rejected.to for s in stages.values() if isinstance(s, Consent) and s.rejected is not None}
    return END not in stages and targets - {END} <= set(stages) and back <= set(stages)


def _check_way(reader: Reader, stages: dict[str, Stage]) -> None:
    """Every stage can be entered, and the talks come to an end."""
    found = circle(stages)
    if found:
        reader.faults.add(
            ("stages", found[0]),
            "the stages go round in a circle without a limit",
            value=", ".join(map(show, found)),
            allowed="a way back by rejected: only, which has its at_most",
        )
        return
    reached = entered(stages)
    for name, stage in stages.items():
        if name not in reached:
            reader.faults.add(
                ("stages", name),
                "no stage leads here, so that nobody can enter it",
                allowed="next, then or rejected",
            )
        elif isinstance(stage, Consent | Ratify) and not reached[name]:
            reader.faults.add(
                ("stages", name),
                "nothing can have been agreed when this stage comes, so that nobody can enter it",
                allowed="a stage of offers before it",
            )


# ---------------------------------------------------------------------------------- for the reader's own use


def uncertain_stages(reader: Reader) -> dict[str, bool]:
    """Every number of the stages that can be read: its path, and whether it is a range."""
    out: dict[str, bool] = {}
    for name, stage in reader.kept.get("stages", {}).items():
        out |= {path: number.is_range for path, number, _ in stage_numbers(name, stage)}
    talks = reader.talks
    if talks is not None:
        out |= {path: number.is_range for path, number, _ in talks_numbers(talks)}
    return out


def holds_names(path: Path) -> bool:
    """Whether the keys of the mapping at ``path``, a place in the stages, are names of the author's."""
    if path[:1] == ("talks",):
        return path[1:] in (("drift",), ("forecasts",))
    inner = path[2:]
    if inner[:1] == ("signals",):
        return len(inner) < 4
    return len(path) == 1 or inner in tuple((key,) for key in ("cost", "gains", "stay", "then", "strategies"))
