r"""Additive preferences of any scale to case data, exactly.

A party's utility in the other tool is :math:`u(o) = k + \sum_i c_i(o_i)`, where the contribution :math:`c_i`
includes the issue's weight. With :math:`l_i = \min c_i`, :math:`h_i = \max c_i` and
:math:`W = \sum_i (h_i - l_i)`:

- the weight of issue i is :math:`h_i - l_i` and the score of an option :math:`100 (c_i - l_i)/(h_i - l_i)`;
- hence the Winset utility is :math:`100 (u - m)/W` with :math:`m = k + \sum_i l_i`, the least utility of
  any deal;
- a reservation value r becomes the no-deal value :math:`100 (r - m)/W`, which may lie below 0 or above 100.

So :math:`u = a + b \cdot \text{Winset utility}` with :math:`a = m` and :math:`b = W/100`. All of it is done
in fractions. Positive affine rescaling of a party changes neither its choices nor the Pareto frontier nor the
Nash, Kalai-Smorodinsky and (relative) egalitarian deals; it does change sums of utilities over parties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from winset.case.foreign.files import MAX_OPTIONS, Faults, ForeignFile
from winset.case.numbers import format_fraction

__all__ = ["ForeignIssue", "Imported", "Origin", "Profile", "build", "named", "printable", "usable_ids"]

_LARGEST = Fraction(10) ** 12  # sizes that the case format can hold
_SMALLEST = Fraction(1, 10**12)
_LONGEST = 200  # characters of a number
_HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Origin:
    """What the parts of a case are called in the other tool."""

    parties: dict[str, str]  # party id -> name
    issues: dict[str, str]  # issue id -> name
    options: dict[str, dict[str, Any]]  # issue id -> option -> value
    fixed: dict[str, Any]  # name of an issue with a single value (no issue of the case) -> that value


@dataclass(frozen=True, slots=True)
class Imported:
    """A scenario of another tool, carried over."""

    data: dict[str, Any]  # a case in the version-1 format; numbers are exact text
    notes: tuple[str, ...]  # everything that was changed, left out or assumed
    scale: dict[str, tuple[Fraction, Fraction]]  # party -> (a, b): original utility = a + b * Winset utility
    origin: Origin  # what everything was called before


@dataclass(frozen=True, slots=True)
class ForeignIssue:
    """An issue of the other tool."""

    name: str
    values: tuple[Any, ...]  # as the other tool has them
    texts: tuple[str, ...]  # how they are written
    note: str = ""


@dataclass(slots=True)
class Profile:
    """One party's additive preferences on the other tool's scale."""

    name: str
    file: ForeignFile
    contributions: list[list[Fraction]]  # (issue, option), weights included
    constant: Fraction = Fraction(0)
    reservation: Fraction | None = None  # None: no reservation, every deal is acceptable
    notes: list[str] = field(default_factory=list)


def build(
    *,
    title: str,
    tool: str,
    domain: ForeignFile,
    issues: Sequence[ForeignIssue],
    profiles: Sequence[Profile],
    notes: Iterable[str],
    faults: Faults,
) -> Imported:
    """Case data for additive profiles; raises ForeignError when something cannot be carried over."""
    remarks = list(notes)
    for issue in issues:
        _check_options(issue, domain, faults)
    faults.stop_if_any()
    open_issues = [i for i, issue in enumerate(issues) if len(issue.values) > 1]
    fixed = {issue.name: issue.values[0] for issue in issues if len(issue.values) == 1}
    if not open_issues:
        faults.add(domain.name, "every issue has a single value, so there is nothing to settle")
        faults.stop_if_any()
    for issue in issues:
        if len(issue.values) == 1:
            remarks.append(
                f"Issue '{issue.name}' has the single value '{issue.texts[0]}': it is left out, and what it "
                "adds to each party's utility is in that party's scale."
            )
    ids = usable_ids([issues[i].name for i in open_issues], "issue", remarks)
    texts = {i: _options(issues[i], remarks) for i in open_issues}
    parties = usable_ids([p.name for p in profiles], "party", remarks)

    scale: dict[str, tuple[Fraction, Fraction]] = {}
    preferences: dict[str, Any] = {}
    for party, profile in zip(parties, profiles, strict=True):
        one = _Rescaled(profile, open_issues, ids, texts, faults)
        preferences[party] = one.preferences(party)
        scale[party] = (one.a, one.b)
        remarks.extend(f"{party}: {note}" for note in profile.notes)
        remarks.extend(f"{party}: {note}" for note in one.notes)
    faults.stop_if_any()

    data: dict[str, Any] = {
        "winset": 1,
        "title": title,
        "summary": f"Carried over from {tool}. Utilities run from 0, the worst deal for a party, to "
        "100, its best.",
        "notes": list(dict.fromkeys(remarks)),
        "sources": _sources(tool, domain, profiles, parties),
        "parties": {p: named(p, f.name) for p, f in zip(parties, profiles, strict=True)},
        "consent": {"all": list(parties)},
        "issues": {
            name: {
                "question": issues[i].name.strip() or name,
                "options": list(texts[i]),
                **({"note": issues[i].note} if issues[i].note else {}),
            }
            for name, i in zip(ids, open_issues, strict=True)
        },
        "preferences": preferences,
    }
    return Imported(
        data=data,
        notes=tuple(data["notes"]),
        scale=scale,
        origin=Origin(
            parties={p: f.name for p, f in zip(parties, profiles, strict=True)},
            issues={name: issues[i].name for name, i in zip(ids, open_issues, strict=True)},
            options={
                name: dict(zip(texts[i], issues[i].values, strict=True))
                for name, i in zip(ids, open_issues, strict=True)
            },
            fixed=fixed,
        ),
    )


def _check_options(issue: ForeignIssue, domain: ForeignFile, faults: Faults) -> None:
    where = f"issue {issue.name}"
    if not issue.values:
        faults.add(domain.name, "the issue has no values", where=where)
    if len(issue.values) > MAX_OPTIONS:
        faults.add(
            domain.name,
            "the issue has too many values",
            where=where,
            value=f"{len(issue.values):,} values",
            allowed=f"at most {MAX_OPTIONS:,}",
            hint="make the grid coarser before you import it",
        )


class _Rescaled:
    """One profile on Winset's scale."""

    def __init__(
        self,
        profile: Profile,
        open_issues: Sequence[int],
        ids: Sequence[str],
        texts: Mapping[int, Sequence[str]],
        faults: Faults,
    ) -> None:
        self.profile, self.faults = profile, faults
        self.notes: list[str] = []
        lows = [min(c) for c in profile.contributions]
        spans = [max(c) - min(c) for c in profile.contributions]
        self.a = profile.constant + sum(lows, Fraction(0))
        self.total = sum(spans, Fraction(0))
        self.b = (self.total or Fraction(1)) / _HUNDRED
        self.weights: dict[str, Fraction] = {name: spans[i] for name, i in zip(ids, open_issues, strict=True)}
        self.scores: dict[str, dict[str, Fraction]] = {}
        for name, i in zip(ids, open_issues, strict=True):
            if spans[i]:
                parts = [_HUNDRED * (c - lows[i]) / spans[i] for c in profile.contributions[i]]
                self.scores[name] = dict(zip(texts[i], parts, strict=True))
        if not self.total:
            first = ids[0]
            self.weights[first] = Fraction(1)
            self.scores[first] = dict.fromkeys(texts[open_issues[0]], Fraction(0))

    def preferences(self, party: str) -> dict[str, Any]:
        weights = self._weights()
        scores = {
            issue: {
                option: self._number(score, f"the score of '{option}' on '{issue}'")
                for option, score in row.items()
            }
            for issue, row in self.scores.items()
            if weights[issue] != "0"
        }
        return {
            "weights": weights,
            "scores": scores,
            "no_deal": self._no_deal(),
            "note": self._scale_note(),
        }

    def _weights(self) -> dict[str, str]:
        weights = self.weights
        if any(w and not _SMALLEST <= w <= _LARGEST for w in weights.values()):
            total = sum(weights.values(), Fraction(0))
            weights = {i: _HUNDRED * w / total for i, w in weights.items()}
        return {i: self._number(w, f"the weight of '{i}'") for i, w in weights.items()}

    def _no_deal(self) -> str:
        reservation = self.profile.reservation
        if reservation is None:
            self.notes.append(
                "no reservation value, so every deal is better than none: the no-deal value is that of "
                "the worst deal, 0."
            )
            return "0"
        return self._number((reservation - self.a) / self.b, "the no-deal value")

    def _scale_note(self) -> str:
        text = f"original utility = {_shown(self.a)} + {_shown(self.b)} × Winset utility"
        if not self.total:
            text += (
                " (every deal is worth the same to this party; its first issue is given all the weight "
                "and equal scores, so that every deal is worth 0, and a point is a hundredth of "
                "the original unit)"
            )
        self.notes.append(text + ".")
        return text[0].upper() + text[1:] + "."

    def _number(self, value: Fraction, what: str) -> str:
        if value and abs(value) < _SMALLEST:
            self.notes.append(
                f"{what} is {float(value):.3g}, which is smaller than the case format holds: it is set to 0."
            )
            return "0"
        text = format_fraction(value)
        if abs(value) > _LARGEST or len(text) > _LONGEST:
            self.faults.add(
                self.profile.file.name,
                f"{what} has no form that a case can hold",
                value=_about(value),
                allowed=f"sizes up to 1e12, at most {_LONGEST} characters when written exactly",
                hint="round the numbers of the profile before you import it",
            )
        return text


def _about(value: Fraction) -> str:
    return f"about {float(value):.6g}" if abs(value) < Fraction(10) ** 300 else "a huge number"


def _shown(value: Fraction) -> str:
    text = format_fraction(value)
    return text if len(text) <= 24 else f"{text[:200]} ({_about(value)})"


def _sources(
    tool: str, domain: ForeignFile, profiles: Sequence[Profile], parties: Sequence[str]
) -> dict[str, dict[str, str]]:
    out: dict[str, dict[str, str]] = {}
    if all(p.file.path != domain.path for p in profiles):
        out["domain"] = {"title": f"{domain.name} ({tool} domain)", "note": f"sha256 {domain.sha256}"}
    for party, profile in zip(parties, profiles, strict=True):
        name = f"profile of {party}"[:80].rstrip()
        count = 2
        while name in out:
            name = f"profile {count}"
            count += 1
        out[name] = {
            "title": f"{profile.file.name} ({tool} profile)",
            "note": f"sha256 {profile.file.sha256}",
        }
    return out


def named(party: str, name: str) -> dict[str, str]:
    return {"name": name.strip()} if name.strip() and name.strip() != party else {}


def usable_ids(names: Sequence[str], noun: str, remarks: list[str]) -> list[str]:
    """Ids for names: no dot, printable, at most 80 characters, all different; changes are noted."""
    out: list[str] = []
    taken: set[str] = set()
    for number, name in enumerate(names, 1):
        clean = "".join(c if c.isprintable() else " " for c in name.replace(".", "·")).strip()[:80].strip()
        made = _unused(clean or f"{noun} {number}", taken, 80)
        if made != name:
            remarks.append(f"The {noun} '{printable(name)}' is called '{made}' here.")
        out.append(made)
        taken.add(made)
    return out


def _options(issue: ForeignIssue, remarks: list[str]) -> list[str]:
    out: list[str] = []
    taken: set[str] = set()
    for text in issue.texts:
        clean = "".join(c if c.isprintable() else " " for c in text).strip()[:200].strip()
        made = _unused(clean or "(empty)", taken, 200)
        if made != text:
            remarks.append(
                f"The value '{printable(text)}' of '{printable(issue.name)}' is called '{made}' here."
            )
        out.append(made)
        taken.add(made)
    return out


def _unused(name: str, taken: Set[str], most: int) -> str:
    made, count = name, 2
    while made in taken:
        tail = f" ({count})"
        made, count = name[: most - len(tail)] + tail, count + 1
    return made


def printable(text: str) -> str:
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
