"""Every lens asked once, and the answers set out as a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from winset.case.model import Case
from winset.case.read import Loaded
from winset.lenses.results import Progress
from winset.report.agenda import agenda_blocks
from winset.report.asked import BESIDE
from winset.report.beliefs import beliefs_section
from winset.report.claims import contradictions
from winset.report.concessions import concession_blocks
from winset.report.context import Context, ask
from winset.report.course import course_details, course_page
from winset.report.dilemmas import dilemma_blocks
from winset.report.document import Block, Brief, Chart, Paragraph, Section
from winset.report.drawing import ahead
from winset.report.durability import durability_blocks, kept_words
from winset.report.findings import findings
from winset.report.inputs import inputs, limits
from winset.report.parts import acceptability, blocks, claim_refs, gaps, issues, parties, shortlist
from winset.report.payoffs import MOST_DOTS, MOST_PAIRS, charts
from winset.report.standoff import stability_section
from winset.report.sureness import sureness
from winset.report.threats import credible_words, threats_section
from winset.report.timeline import timeline_section
from winset.report.turns import leaving_out, levers_section, turns, worth_knowing
from winset.report.venue import venue_blocks
from winset.report.votes import bodies
from winset.report.war import war_page
from winset.report.words import count, q

__all__ = ["brief"]

BRIEF_DRAWS = 512


def brief(
    case: Case | Loaded,
    *,
    rng: int | np.random.Generator | None = 0,
    progress: Progress | None = None,
    draws: int | None = None,
) -> Brief:
    """The report of a case for a reader: at the central values of its ranges, and over all draws of them.

    Parameters
    ----------
    case
        A case, or a case with its file, whose SHA-256 the brief then prints.
    rng
        Seed or generator: of the draws, and where counts must be estimated. The same case, seed and version
        give the same bytes in every format.
    draws
        Joint draws of ranges and types; 512 by default, so that a brief is there at once.
    progress
        Told before each step what comes, how many steps are done and how many there are.
    """
    from winset import __version__

    loaded = case if isinstance(case, Loaded) else None
    inner = loaded.case if loaded is not None else case
    assert isinstance(inner, Case)
    context = ask(inner, rng, progress, BRIEF_DRAWS if draws is None else draws)
    if progress is not None:
        progress("writing the brief", 6 + len(context.others), 7 + len(context.others))
    seed = str(rng) if isinstance(rng, int) else "none" if rng is None else "a generator"
    sha256 = loaded.sha256 if loaded is not None else inner.digest()
    facts = [("As of", str(inner.as_of))] if inner.as_of else []
    if inner.judge:
        facts.append(("Judge", q(inner.judge)))
    facts += [("Winset", __version__), ("Seed", seed), ("SHA-256 of the case", sha256)]
    sections = tuple(_sections(context))
    context.done()
    return Brief(
        title=q(inner.title),
        subtitle=q(inner.summary) if inner.summary else "",
        facts=tuple(facts),
        sha256=sha256,
        version=__version__,
        seed=seed,
        sections=sections,
        results=_Results(context),
    )


class _Results(Mapping[str, Any]):
    """Every lens's result as plain data, made when it is first looked at: only JSON needs it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @cached_property
    def _data(self) -> dict[str, Any]:
        context = self._context
        return {
            "zone": context.zone.to_dict(),
            "blockers": context.blockers.to_dict(),
            "frontier": context.frontier.to_dict(),
            "solutions": context.solutions.to_dict(),
            "unsourced": context.unsourced.to_dict(),
            "sensitivity": context.sensitivity and context.sensitivity.to_dict(),
            "levers": context.levers and context.levers.to_dict(),
            "information": context.information and context.information.to_dict(),
            "exclusion": context.exclusion and context.exclusion.to_dict(),
            **({"beliefs": context.beliefs.to_dict()} if context.beliefs else {}),
            **({"course": context.course.to_dict()} if context.course else {}),
            **({"war": context.war.to_dict()} if context.war else {}),
            **({"threats": context.threats.to_dict()} if context.threats else {}),
            **({"concessions": context.concessions.to_dict()} if context.concessions else {}),
            **({"durability": context.durability.to_dict()} if context.durability else {}),
            **({"stability": context.stability.to_dict()} if context.stability else {}),
            **({"dilemmas": context.dilemmas.to_dict()} if context.dilemmas else {}),
            "claims": context.claims.to_dict(),
            **({"agenda": context.agenda.to_dict()} if context.agenda else {}),
            **({"venue": context.venue.to_dict()} if context.venue else {}),
            **({"power": context.power.to_dict()} if context.power else {}),
            **({"ratification": context.ratification.to_dict()} if context.ratification else {}),
            "types": [
                {
                    "party": o.party,
                    "type": o.type,
                    "zone": o.zone.zone.to_dict(),
                    "empty": o.zone.to_dict()["empty"],
                }
                for o in context.others
            ],
        }

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def _sections(context: Context) -> list[Section]:
    parts: list[tuple[str, str, Callable[[], list[Block]]]] = [
        ("findings", "Findings", lambda: _lead(context)),
        ("failure", "How these talks fail", lambda: _failure(context)),
        ("parties", "Who decides", lambda: parties(context)),
        ("odds", "How sure this is", lambda: sureness(context)),
        ("turns", "What would change the answer", lambda: turns(context)),
        ("levers", "What would open the zone", lambda: levers_section(context)),
        ("exclusion", "What leaving someone out does", lambda: leaving_out(context)),
        ("beliefs", "What the evidence says about hidden types", lambda: beliefs_section(context)),
        ("information", "What is worth finding out", lambda: worth_knowing(context)),
        ("course", "How the talks run", lambda: _course(context)),
        ("war", "What happens without a deal", lambda: _war(context)),
        ("threats", "Which threats and promises are credible", lambda: threats_section(context)),
        (
            "concessions",
            "What concessions are worth",
            lambda: _on(context.concessions, concession_blocks, context),
        ),
        ("durability", "Would it hold?", lambda: _on(context.durability, durability_blocks, context)),
        ("stability", "What each side may do without the others", lambda: _alone(context)),
        (
            "dilemmas",
            "What positions and threats lead to",
            lambda: _on(context.dilemmas, dilemma_blocks, context),
        ),
        ("issues", "What is on the agenda", lambda: issues(context)),
        ("acceptability", "Which options the parties can live with", lambda: acceptability(context)),
        ("shortlist", "Deals side by side", lambda: shortlist(context)),
        ("payoffs", "What deals are worth to them", lambda: _payoffs(context)),
        ("blockers", "Who refuses what, and why", lambda: blocks(context)),
        ("bodies", "Bodies that vote on it", lambda: bodies(context)),
        ("efficiency", "What is left on the table", lambda: gaps(context)),
        (
            "timeline",
            "What happened when",
            lambda: timeline_section(context) if context.claims.timeline else [],
        ),
        ("agenda", "Who meets where and when", lambda: _on(context.agenda, agenda_blocks, context)),
        ("venue", "Where they can meet", lambda: _on(context.venue, venue_blocks, context)),
        ("inputs", "What the numbers rest on", lambda: inputs(context)),
        ("contradictions", "Where the claims disagree", lambda: contradictions(context)),
        ("limits", "What this does not tell", lambda: limits(context)),
    ]
    make = {id_: work for id_, _, work in parts}
    late = dict(_LATE)
    soon = [id_ for id_ in (*_SOON, *make) if id_ not in (*late, *_LONG, *_LAST)]
    made: dict[str, list[Block]] = {}
    # what has charts comes as soon as it can: they are drawn while the rest is computed
    for id_ in dict.fromkeys((*soon, *_LONG)):
        made[id_] = _drawn(make[id_]())
        while late and context.there(next(iter(late.values()))):
            first = next(iter(late))
            del late[first]
            made[first] = _drawn(make[first]())
    for id_ in (*late, *_LAST):
        made[id_] = _drawn(make[id_]())
    return [
        Section(id_, title, tuple(made[id_])) for id_, title, _ in parts if made[id_] or id_ not in _MAY_LACK
    ]


# sections whose answers a second process may be at, in its order
_LATE = {
    "failure": "course",
    **{name: name for name in BESIDE if not name.startswith("any_")},
    **{name.removeprefix("any_"): name for name in BESIDE if name.startswith("any_")},
}
_SOON = ("payoffs", "timeline", "beliefs")
_LONG = ("turns",)
_LAST = ("findings", "limits")  # they look at the others' answers


def _timeline(context: Context) -> list[Block]:
    return timeline_section(context) if context.claims.timeline else []


def _lead(context: Context) -> list[Block]:
    return findings(context, [kept_words(context.durability), credible_words(context.threats)])


# sections of cases that hold something for them
_MAY_LACK = (
    "failure",
    "course",
    "war",
    "threats",
    "beliefs",
    "bodies",
    "timeline",
    "agenda",
    "venue",
    "concessions",
    "durability",
    "stability",
    "dilemmas",
)


def _drawn(blocks: list[Block]) -> list[Block]:
    """The same blocks; their charts are being drawn from now on."""
    for block in blocks:
        if isinstance(block, Chart):
            ahead(block.spec)
    return blocks


def _failure(context: Context) -> list[Block]:
    return [] if context.course is None else course_page(context.course, context.name)


def _course(context: Context) -> list[Block]:
    return [] if context.course is None else course_details(context.course, context.name)


def _war(context: Context) -> list[Block]:
    if context.war is None:
        return []
    return war_page(context.war, context.name, lambda claims: claim_refs(context, claims))


def _alone(context: Context) -> list[Block]:
    return [] if context.stability is None else stability_section(context.stability, context.name)


def _on(found: Any, words: Callable[[Any, Case], list[Block]], context: Context) -> list[Block]:
    """The words for a result that a case may not have."""
    return [] if found is None else words(found, context.case)


def _payoffs(context: Context) -> list[Block]:
    drawn, pairs = charts(context)
    if not drawn:
        return [Paragraph("Only one party's yes is asked for, so there is no pair of parties to compare.")]
    text = (
        "Each chart sets two parties whose yes counts against each other: up and to the right is better "
        "for both. "
        "Dashed lines mark what each has without a deal, with the cost of closing one; in the tinted "
        "corner both do at "
        "least as well. Letters are the deals set side by side above, and the other offers."
    )
    if context.odds is not None:
        text += " Thin lines through a letter's mark show what nine draws in ten lie between."
    if any(context.case.preferences[p].linkages for p in context.zone.needed):
        text += " What combinations add or take away can carry a value above 100 or below 0."
    if len(drawn) < pairs:
        text += f" Of {count(pairs)} pairs, the {MOST_PAIRS} most contested are drawn."
    if context.zone.deals > MOST_DOTS:
        text += f" With more than {count(MOST_DOTS)} deals, single deals are not drawn."
    return [Paragraph(text, "note"), *drawn]
