"""Bodies that ratify: whether what they name is there, and whether weights and quotas fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from winset.case.model import MEMBER_WORDS, Body
from winset.case.numbers import format_fraction
from winset.case.plain import at, items
from winset.case.rules import HEADS, VOTE, Passes, Quota
from winset.case.text import Path, listing, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_bodies"]


def check_bodies(reader: Reader) -> None:
    """Every fault of the bodies, for the reader."""
    for name, body in items(reader.data.get("bodies")):
        if isinstance(body, dict):
            _check_body(reader, name, body)


def _check_body(reader: Reader, name: str, raw: dict[str, Any]) -> None:
    path: Path = ("bodies", name)
    ratifies = raw.get("ratifies")
    if isinstance(ratifies, str) and ratifies not in reader.parties:
        reader.faults.unknown((*path, "ratifies"), "party", ratifies, reader.parties)
    for member, body in items(raw.get("members")):
        here: Path = (*path, "members", member)
        reader.check_id(here, member, "members")
        if isinstance(body, dict):
            _check_stance(reader, member, body, here)
    if "passes" in raw:
        for problem in Passes.problems(raw["passes"]):
            reader.faults.add(
                (*path, "passes", *problem.at),
                problem.message,
                value=at(raw["passes"], problem.at),
                allowed=problem.allowed,
            )
    whole = reader.kept.get("bodies", {}).get(name)
    if whole is not None:
        _check_votes(reader, whole, path)


def _check_stance(reader: Reader, member: str, body: dict[str, Any], path: Path) -> None:
    """How a member votes on ratification: like a party, or yes with a probability."""
    if HEADS in body:
        reader.faults.add(
            (*path, HEADS),
            f"'{HEADS}' counts heads and cannot be a weight",
            allowed="another name",
            hint="times: so many members alike",
            key=True,
        )
    like = body.get("like")
    if "yes" in body:
        for other in ("like", "bar"):
            if other in body:
                reader.faults.add(
                    (*path, other),
                    f"either yes or {other}, not both",
                    allowed="yes: 60%, or like: party",
                    key=True,
                )
    elif like is None and "bar" in body and member not in reader.valued:
        reader.faults.add(
            (*path, "bar"),
            "a bar needs a party whose utility is held against it",
            allowed="like: party",
            key=True,
        )
    if isinstance(like, str) and like not in reader.valued:
        if like in reader.parties:
            reader.faults.add(
                (*path, "like"), "this party has no preferences to vote by", value=like,
                allowed=lambda: listing(reader.valued),
            )  # fmt: skip
        else:
            reader.faults.unknown((*path, "like"), "party", like, reader.valued)


def _check_votes(reader: Reader, body: Body, path: Path) -> None:
    """The weights and the quotas of a body fit together."""
    asked = dict.fromkeys(weight for weight, _ in body.passes.leaves())
    stated = dict.fromkeys(w for m in body.members.values() for w in m.weights)
    known = [*(stated or [VOTE]), HEADS]
    for where, weight, quota in _quotas(body.passes, (*path, "passes"), at(reader.data, (*path, "passes"))):
        if weight not in known:
            reader.faults.unknown(where, "weight", weight, known, key=True)
            continue
        total = body.total(weight)
        if not quota.reached(total, total):
            reader.faults.add(
                where,
                "this quota can never be reached",
                value=quota.text(),
                allowed=f"at most {format_fraction(total)}, all of {show(weight)}",
            )
        elif not quota.share and quota.value < 1 and not quota.strict:
            weighs = [body.weight(m, weight) for m in body.members]
            if all(w >= quota.value for w in weighs if w):
                reader.faults.add(
                    where,
                    "any one vote reaches this quota",
                    value=quota.text(),
                    allowed=f"a number of {show(weight)}",
                    hint=f"for a share write {format_fraction(quota.value)} of all",
                )
    for name, member in body.members.items():
        here: Path = (*path, "members", name)
        for weight in member.weights:
            if weight not in asked and weight != HEADS:
                reader.faults.unknown(
                    (*here, weight) if isinstance(at(reader.data, here), dict) else here,
                    "weight or key",
                    weight,
                    [*asked, *MEMBER_WORDS],
                    key=True,
                )
        if stated and HEADS not in asked and not any(w in asked for w in member.weights):
            reader.faults.add(here, "the member has no weight", allowed=lambda: listing(asked), key=True)


def _quotas(rule: Passes, path: Path, raw: Any) -> Iterator[tuple[Path, str, Quota]]:
    """The quotas of a rule, each with its place in the file."""
    if not isinstance(raw, dict):
        assert rule.weight is not None
        assert rule.quota is not None
        yield path, rule.weight, rule.quota
        return
    word = next((w for w in ("all", "any", "of") if w in raw), None)
    if word is None:
        for weight, quota in rule.leaves():
            yield (*path, weight), weight, quota
        return
    parts = rule.parts if len(raw[word]) > 1 else (rule,)  # one of one is that one
    for n, (part, inner) in enumerate(zip(parts, raw[word], strict=True)):
        yield from _quotas(part, (*path, word, n), inner)
