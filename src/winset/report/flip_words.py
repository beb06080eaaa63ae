"""What would flip the answer, for the findings: single numbers, then numbers together."""

from __future__ import annotations

from collections.abc import Sequence

from winset.lenses import DealView, NotComputed, Quantity
from winset.lenses.flips import Change, Flip, Joint, no_deal_flips
from winset.lenses.sensitivity import Turning
from winset.report.context import Context
from winset.report.numbers import input_words, parts
from winset.report.words import amount, and_list, count, issue_words, odds_of, q, quantity, times

__all__ = ["flip_sentences", "passes"]

TOLD = 3  # numbers that are named
SMALLER = 0.9  # a joint change is told beside a single one when it is so much nearer


def passes(zone: Quantity) -> str:
    """How many deals pass, as the subject and verb of a sentence."""
    if zone.exact and zone.value == zone.of:
        return "the only deal passes" if zone.of == 1 else f"all {count(zone.of)} deals pass"
    return f"{quantity(zone)} {'passes' if zone.exact and zone.value == 1 else 'pass'}"


def flip_sentences(context: Context, after_types: bool) -> list[str]:
    """What would flip the answer; nothing where it is not settled whether some deal passes.

    Parameters
    ----------
    after_types
        Whether the answer, and that it hangs on the type of somebody, has been said.
    """
    zone = context.zone
    if isinstance(zone.empty, NotComputed):
        return []
    if after_types:
        now = "With every party read as its likeliest type,"
    elif zone.empty:
        now = f"No deal passes the rule of consent: of {times(zone.deals, 'deal')}, the zone holds none"
    else:
        now = f"As judged, {passes(zone.zone)} the rule of consent"
    if not any(number.is_range for _, number, _ in context.case.numbers()):
        return ([] if after_types else [now + "."]) + _nearest_no_deal(context)
    found = context.turning
    if isinstance(found, NotComputed):
        return ([] if after_types else [now + "."]) + _no_deal_alone(context, found.because)
    return _Words(context, found, now, after_types).sentences()


class _Words:
    """The sentences of one answer."""

    def __init__(self, context: Context, found: Turning, now: str, after_types: bool) -> None:
        self.context, self.found, self.now, self.after_types = context, found, now, after_types
        self.then = "some deal does" if context.zone.empty else "none does"
        self.written = {path: number.short() for path, number, _ in context.case.numbers()}

    def sentences(self) -> list[str]:
        inside = sorted(self.found.flips, key=lambda f: -f.beyond)
        return [*(self._inside(inside) if inside else self._none_inside()), *self._joint()]

    def _inside(self, flips: Sequence[Flip]) -> list[str]:
        first, *rest = flips
        when = f"once {_clause(self.context, first)}, {self.then}"
        out = [
            f"{self.now} {when.replace('does', 'passes')}." if self.after_types else f"{self.now}; {when}.",
            f"The range given for that is {q(self.written[first.path])}; {_so_far(first)}.",
        ]
        if rest:
            told = [f"{_clause(self.context, f)} ({_so_far(f)})" for f in rest[:TOLD]]
            more = f"; so do {times(len(rest) - TOLD, 'more number')}" if len(rest) > TOLD else ""
            out.append(f"By itself this does the same: {'; or '.join(told)}{more}.")
        out.append("No other number does so by itself within the range given for it.")
        return out

    def _none_inside(self) -> list[str]:
        link, what = (" ", "the answer") if self.after_types else ("; ", "that")
        out = [f"{self.now}{link}no single number flips {what} within the range given for it."]
        far = sorted(self.found.farther, key=lambda f: -f.beyond)[:TOLD]
        if far:
            told = [
                f"once {_clause(self.context, f)}, past the 90% range of {q(self.written[f.path])} "
                f"({_so_far(f)})"
                for f in far
            ]
            out.append(
                "Ranges are not the end of what is drawn, and beyond its range a number can: "
                f"{self.then.replace('does', 'passes')} {'; or '.join(told)}."
            )
        return out

    def _joint(self) -> list[str]:
        joint = self.found.joint
        if isinstance(joint, NotComputed):
            return [f"Whether several numbers could together was not computed: {joint.because}."]
        if joint is None:
            return [] if self.found.flips else ["No change of all numbers together was found that does."]
        single = min((abs(f.scores) for f in (*self.found.flips, *self.found.farther)), default=None)
        if len(joint.changes) < 2 or (single is not None and joint.distance > SMALLER * single):
            return []
        return [self._together(joint)]

    def _together(self, joint: Joint) -> str:
        how = "Smaller moves" if self.found.flips or self.found.farther else "Several numbers"
        every = all(c.inside for c in joint.changes)
        within = "each within its range" if every else "not all within their ranges"
        moved = [_move(self.context, c) for c in joint.changes[:TOLD]]
        most = "most of all " if len(joint.changes) > TOLD else ""
        return (
            f"{how} do it together: the least joint change found is of {count(len(joint.changes))} "
            f"numbers, {within}: {most}{and_list(moved)} ({joint.distance:.1f} standard scores in all; "
            "a single 90% range ends at 1.6)."
        )


def _value(value: float, percent: bool) -> str:
    return f"{100 * value:.3g}%" if percent else f"{value:.3g}".replace("-", "−")


def _so_far(flip: Flip) -> str:
    """How likely a value is that far out or farther."""
    value = _value(flip.value, flip.percent)
    if flip.method == "values":
        where = f"{value} or {'more' if flip.value > flip.central else 'less'}"
    else:
        where = f"a value {'above' if flip.value > flip.central else 'below'} {value}"
    return f"{where}: {odds_of(flip.beyond)}"


def _clause(context: Context, flip: Flip) -> str:
    """That a number is beyond the value at which the answer flips."""
    up, value = flip.value > flip.central, _value(flip.value, flip.percent)
    than = value if flip.method == "values" else f"{'more' if up else 'less'} than {value}"
    beyond = value if flip.method == "values" else f"{'above' if up else 'below'} {value}"
    party, kind, what = parts(context.case, flip.path)
    who = context.name(party) + (f" as {q(kind)}" if kind else "")
    match what:
        case ["no_deal"]:
            return f"having no deal is worth {than} to {who}"
        case ["closing_cost"]:
            return f"closing a deal costs {who} {than}"
        case ["linkages", n]:
            return f"linkage {n} is worth {than} to {who}"
        case ["scores", issue, option]:
            at = "at " if flip.method == "values" else ""
            return f"{who} scores {q(option)} on {q(issue_words(issue))} {at}{beyond}"
        case ["weights", issue]:
            return f"the weight of {q(issue_words(issue))} to {who} is {beyond}"
    return f"{q(flip.path)} is {beyond}"


def _move(context: Context, change: Change) -> str:
    """From where to where a number moves."""
    words = input_words(context.case, change.path)
    noun = words if words == q(change.path) or words.startswith("linkage") else f"the {words}"
    return f"{noun} from {_value(change.central, change.percent)} to {_value(change.value, change.percent)}"


# ------------------------------------------------------------------------------ no-deal values by themselves


def _edges(context: Context) -> dict[str, float]:
    """For each party without whose yes no deal passes, the highest no-deal value at which one does."""
    out = {}
    for party in context.vetoes:
        best = context.zone.best.get(party)
        if isinstance(best, DealView) and best.in_zone:
            out[party] = context.no_deal(party)[1] + best.gain[party]
    return out


def _nearest_no_deal(context: Context) -> list[str]:
    """Where no number is a range: the least rise of a no-deal value that would close the zone."""
    edges = _edges(context)
    if not edges:
        return []
    tight = min(edges, key=lambda p: edges[p] - context.no_deal(p)[1])
    return [
        f"All else as judged, the zone closes once having no deal is worth more than "
        f"{amount(edges[tight], context.fine(tight))} to {context.name(tight)}; it is put at "
        f"{q(context.no_deal_text(tight))}."
    ]


def _no_deal_alone(context: Context, because: str) -> list[str]:
    """With too many deals to look at every number: no-deal values that would close the zone."""
    if context.zone.empty:
        return [f"Which numbers would flip that was not computed: {because}."]
    flips = no_deal_flips(context.compiled, _edges(context))[:TOLD]
    left = f"Other numbers were not looked at: {because}."
    if not flips:
        return [f"No no-deal value that is a range closes the zone by itself. {left}"]
    written = {path: number.short() for path, number, _ in context.case.numbers()}
    told = [f"{_clause(context, f)} (the range given is {q(written[f.path])}; {_so_far(f)})" for f in flips]
    return [f"No deal passes once {'; or '.join(told)}. {left}"]
