"""Preferences over deals: known issues and options, and nothing missing for any type of a party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from winset.case.model import Preferences, merged
from winset.case.plain import items
from winset.case.read_deals import check_match
from winset.case.read_shares import check_shares
from winset.case.text import Path, listing, show

if TYPE_CHECKING:
    from winset.case.reader import Reader

_MOST_TYPES = 100

__all__ = ["check_preferences"]


def check_preferences(reader: Reader) -> None:
    """Every fault of the preferences, for the reader."""
    for party in reader.valued:
        if party not in reader.parties:
            reader.faults.unknown(("preferences", party), "party", party, reader.parties, key=True)
        body = reader.data["preferences"][party]
        if isinstance(body, dict):
            _check_party(reader, party, body)


def _check_party(reader: Reader, party: str, body: dict[str, Any]) -> None:
    path: Path = ("preferences", party)
    _check_names(reader, body, path)
    base = reader.kept.get("preferences", {}).get(party)
    types = body.get("types")
    if isinstance(types, dict):
        for name, kind in types.items():
            reader.check_id((*path, "types", name), name, "types")
            if isinstance(kind, dict):
                _check_names(reader, kind, (*path, "types", name))
        if not types:
            reader.faults.add(
                (*path, "types"), "types is empty", allowed="two or more types, or leave it out"
            )
    if isinstance(types, dict) and len(types) > _MOST_TYPES:
        reader.faults.add((*path, "types"), f"{len(types):,} types", allowed=f"at most {_MOST_TYPES}")
        return
    if base is None:
        return
    if base.types:
        _check_priors(reader, base, path)
        for name, kind in base.types.items():
            _check_complete(reader, merged(base, kind), path, f" for the type {show(name)}")
    else:
        _check_complete(reader, base, path, "")


def _check_names(reader: Reader, body: dict[str, Any], path: Path) -> None:
    for section in ("weights", "scores"):
        part = body.get(section)
        for issue, scores in items(part):
            here = (*path, section, issue)
            if issue not in reader.options:
                reader.faults.unknown(here, "issue", issue, reader.options, key=True)
                continue
            known = reader.options[issue]
            if section == "scores" and isinstance(scores, dict) and known is not None:
                for option in scores:
                    if option not in known:
                        reader.faults.unknown(
                            (*here, option), f"option of {show(issue)}", option, known, key=True
                        )
    for section in ("linkages", "red_lines"):
        part = body.get(section)
        for n, item in enumerate(part if isinstance(part, list) else ()):
            if isinstance(item, dict) and "when" in item:
                check_match(reader, item["when"], (*path, section, n, "when"))


def _check_complete(reader: Reader, prefs: Preferences, path: Path, whose: str) -> None:
    if prefs.no_deal is None and "no_deal" not in reader.data:
        reader.faults.add(
            path,
            f"the key no_deal is missing{whose}",
            allowed="what the party gets without a deal, e.g. 25 to 45",
        )
    weights = {i: w for i, w in (prefs.weights or {}).items() if i in reader.options}
    if not prefs.weights:
        reader.faults.add(path, f"the key weights is missing{whose}", allowed="issue: weight for every issue")
        return
    if weights and len(weights) == len(prefs.weights) and not any(w.high > 0 for w in weights.values()):
        reader.faults.add(
            (*path, "weights"), f"all weights are zero{whose}", allowed="at least one above zero"
        )
    signs = {w.percent for w in weights.values() if w.high > 0}
    if len(signs) == 2:
        reader.faults.add(
            (*path, "weights"),
            "percentages and plain numbers are mixed",
            hint="write % on each or on none",
        )
    for issue, weight in weights.items():
        known = reader.options[issue]
        if weight.high <= 0 or known is None:
            continue
        scores = (prefs.scores or {}).get(issue)
        if scores is None:
            reader.faults.add(
                (*path, "scores"),
                f"no scores for the issue {show(issue)}{whose}",
                allowed="a score for every option",
            )
            continue
        if sum(o in known for o in scores) < len(known):
            reader.faults.add(
                (*path, "scores", issue),
                lambda known=known, scores=scores: (  # type: ignore[misc]
                    f"no score for {listing([o for o in known if o not in scores])}{whose}"
                ),
                allowed="a score for every option",
            )


def _check_priors(reader: Reader, base: Preferences, path: Path) -> None:
    check_shares(
        reader, (*path, "types"), "prior", "type", {n: (t.prior, t.rest) for n, t in base.types.items()}
    )
