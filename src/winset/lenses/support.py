"""Which claims each input of a case rests on: cited by the number itself, or by a block that it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from winset.case.fields import SCORE
from winset.case.model import Case
from winset.lenses.results import Result

__all__ = ["Support", "cited", "supports"]

_LEVELS = ("members",)  # keys of the file that the path of a number leaves out
_ROOT = "preferences"  # what the path of a party's number leaves out at its head


@dataclass(frozen=True, slots=True)
class Support(Result):
    """An input and the claims that bear on it."""

    path: str
    written: str
    anchor: bool  # a score of exactly 0 or 100: an end of the scale, not a judgement
    own: tuple[str, ...]  # claims that the number itself cites
    block: tuple[str, ...]  # claims cited by the blocks around it, nearest first
    about: tuple[str, ...]  # claims that name it

    @property
    def supported(self) -> bool:
        """Whether any claim stands behind it."""
        return bool(self.own or self.block or self.about)


def supports(case: Case) -> tuple[Support, ...]:
    """Every input of a case with what it rests on, in the order of the case."""
    data = case.to_data()
    about: dict[str, list[str]] = {}
    for name, claim in case.claims.items():
        for thing in claim.about:
            about.setdefault(thing, []).append(name)
    out = []
    for path, number, bounds in case.numbers():
        around, here = _along(data, path)
        own = tuple(dict.fromkeys((*number.because, *here)))
        around = tuple(dict.fromkeys(c for c in around if c not in own))
        anchor = bounds is SCORE and not number.is_range and number.low in (0, 100)
        out.append(Support(path, number.short(), anchor, own, around, tuple(about.get(path, ()))))
    return tuple(out)


def _along(data: Mapping[str, Any], path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the mappings around a number cite, nearest first, and what its own does."""
    node: Any = data[_ROOT] if path.partition(".")[0] in data[_ROOT] else data
    around: list[tuple[str, ...]] = []
    rest = path
    while rest:
        found = _step(node, rest)
        if found is None:
            break
        node, rest = found
        around.append(_ids(node))
    own = around.pop() if around and not rest else ()
    return tuple(c for ids in reversed(around) for c in ids), own


def _step(node: Any, rest: str) -> tuple[Any, str] | None:
    """The next part of a path inside a mapping or a list, and what is left of it; names may hold dots."""
    if isinstance(node, Mapping):
        fits = [k for k in node if rest == k or rest.startswith(f"{k}.")]
        if fits:
            key = max(fits, key=len)
            return node[key], rest[len(key) + 1 :]
        for level in _LEVELS:
            if level in node:
                return _step(node[level], rest)
    if isinstance(node, list | tuple):
        place, _, rest = rest.partition(".")
        if place.isdigit() and 1 <= int(place) <= len(node):
            return node[int(place) - 1], rest
    return None


def _ids(node: Any) -> tuple[str, ...]:
    raw = node.get("because", ()) if isinstance(node, Mapping) else ()
    return (raw,) if isinstance(raw, str) else tuple(raw) if isinstance(raw, list | tuple) else ()


def cited(case: Case) -> dict[str, tuple[str, ...]]:
    """Claim to the places of the case that rest on it, and the claims that it answers."""
    out: dict[str, dict[str, None]] = {name: {} for name in case.claims}
    for path, ids in _because(case.to_data(), ()):
        for name in ids:
            if name in out:
                out[name][".".join(path)] = None
    return {name: tuple(places) for name, places in out.items()}


def _because(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    if isinstance(node, Mapping):
        if ids := _ids(node):
            yield path, ids
        for key, inner in node.items():
            if key != "because":
                yield from _because(inner, (*path, str(key)))
    elif isinstance(node, list | tuple):
        for n, inner in enumerate(node, 1):
            yield from _because(inner, (*path, str(n)))
