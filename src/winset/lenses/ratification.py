"""Would the bodies at home confirm what was signed?

Putnam's (1988) two-level game: a party signs abroad, a body at home must confirm. The body's win-set is the
set of deals that it passes; involuntary defection is a signature given in earnest that the body then refuses.
Members vote by a party's utility against a bar of their own, or say yes with a probability. Given the votes
of the first kind, the probability that the body passes a deal is exact; over what is unknown it is averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt

from winset.case.fields import UTILITY
from winset.case.model import Case
from winset.compiled import Compiled
from winset.compiled.draws import Draws, Uncertain, uncertain
from winset.compiled.sampling import Sampler
from winset.kernels.ballot import distribution, reached
from winset.kernels.blocks import Block, accepts, settle
from winset.kernels.count import random_deals
from winset.kernels.rule import holds
from winset.kernels.stream import patterns
from winset.lenses.estimates import Estimate, Plan, conditional, estimate, plan
from winset.lenses.per_draw import PerDraw
from winset.lenses.results import DealView, NotComputed, Progress, Result, generator, named_deals, ready
from winset.lenses.voting import Chances, Voice, Vote, chances, moody, passed, passing, prepared, voiced
from winset.lenses.zone import zone

__all__ = [
    "BodyVerdict",
    "BodyWinset",
    "DealVote",
    "RatificationResult",
    "Standing",
    "ratification",
    "votes_in_draws",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_BODIES = 8  # whose yes and no are combined
_NO_BODIES = NotComputed("this case names no bodies")
_NEVER = NotComputed("the deal is signed in no draw")
_WORD = 1 << 62


@dataclass(frozen=True, slots=True)
class BodyWinset(Result):
    """How many deals a body passes, at central values.

    Where members vote by chance, a deal may pass for sure, possibly, or not at all; ``expected`` adds up the
    probabilities.
    """

    of: int  # deals, or of the zone
    sure: float  # whatever those who vote by chance do
    possible: float  # if all of them say yes
    expected: float
    exact: bool  # counted over all deals; otherwise scaled up from a sample
    standard_error: float | None = None  # of `expected`, in deals; None where it is exact


@dataclass(frozen=True, slots=True)
class DealVote(Result):
    """The vote of one body on one deal."""

    name: str
    deal: dict[str, str]
    votes: dict[
        str, float
    ]  # member -> probability of its yes at central values: 0 or 1 where it votes by utility
    passed: float  # probability that the body passes it, at central values
    one_mood: float  # the same if all who vote by chance are moved by one mood
    decisive: dict[str, float]  # member -> probability that its vote decides; of several alike, each
    ratified: Estimate  # over draws, signed or not
    ratified_one_mood: Estimate
    signed: Estimate  # the rule of consent passes it and the party, if it ratifies for one, accepts
    given_signed: Estimate | NotComputed  # ratified, given that it is signed
    given_signed_one_mood: Estimate | NotComputed


@dataclass(frozen=True, slots=True)
class BodyVerdict(Result):
    """One body."""

    body: str
    ratifies: str | None
    by_chance: tuple[str, ...]  # members that vote by chance
    win_set: BodyWinset | NotComputed
    in_zone: BodyWinset | NotComputed
    deals: tuple[DealVote, ...] | NotComputed


@dataclass(frozen=True, slots=True)
class Standing(Result):
    """A deal before the rule of consent and all bodies that ratify."""

    name: str
    deal: dict[str, str]
    in_zone: bool  # at central values
    signed: Estimate  # the rule of consent passes it
    stands: Estimate  # it still passes when only ratified signatures count


@dataclass(frozen=True, slots=True)
class RatificationResult(Result):
    """What the bodies make of the deals of interest."""

    plan: Plan
    bodies: tuple[BodyVerdict, ...] | NotComputed
    deals: tuple[Standing, ...] | NotComputed  # with all bodies that ratify; independent of each other


def ratification(
    case: Case | Compiled,
    *,
    deals: Sequence[str | Mapping[str, str]] | None = None,
    draws: int | None = None,
    method: str = "random",
    rng: int | np.random.Generator | None = 0,
    most: int = 3,
    limit: int = 2_000_000,
    samples: int = 100_000,
    progress: Progress | None = None,
) -> RatificationResult:
    """Find the win-set of each body, and how likely it confirms the deals of interest.

    Parameters
    ----------
    deals
        Names of offers, or deals as mappings; by default every offer and the best deals of the zone for the
        worst-off.
    draws, method, rng
        Joint samples of the unknowns, how they are made, and the seed.
    most
        Deals of the zone to look at.
    limit, samples
        Above ``limit`` deals, win-sets are estimated from so many random deals.

    Raises
    ------
    QuestionError
        On an unknown offer or an incomplete deal.
    """
    compiled = ready(case)
    whole = compiled.case
    asked = plan(draws, rng, method=method)
    wanted = named_deals(compiled, deals)
    if not whole.bodies:
        return RatificationResult(asked, _NO_BODIES, _NO_BODIES)
    if deals is None:
        ranked = zone(compiled, rng=rng, most=most, limit=limit, samples=samples).ranked["worst-off"]
        known = [*wanted.values()]
        for n, view in enumerate(() if isinstance(ranked, NotComputed) else ranked[:most], 1):
            if isinstance(view, DealView) and view.deal not in known:
                wanted[f"best for the worst-off, {n}"] = view.deal
    model = uncertain(compiled)
    voices, ready_bodies = _bodies(compiled)
    votes = {name: vote for name, vote in ready_bodies.items() if isinstance(vote, Vote)}
    seen = _look(model, asked, wanted, voices, votes, progress)
    central = {name: chances(vote, model, model.middle()[None]) for name, vote in votes.items()}
    counted = _win_sets(compiled, voices, votes, central, rng, limit=limit, samples=samples)
    verdicts = []
    for name, votes_of in ready_bodies.items():
        body = whole.bodies[name]
        by_chance = tuple(m for m, member in body.members.items() if member.yes is not None)
        if isinstance(votes_of, NotComputed):
            verdicts.append(BodyVerdict(name, body.ratifies, by_chance, votes_of, votes_of, votes_of))
            continue
        outcome = central[name]
        if isinstance(outcome, NotComputed):
            verdicts.append(BodyVerdict(name, body.ratifies, by_chance, outcome, outcome, outcome))
            continue
        win_set, in_zone = counted[name]
        rows = []
        for label, deal in wanted.items():
            says = _central_says(compiled, voices, deal, whole)
            rows.append(seen[label].vote(label, votes_of, says, outcome, asked, body.ratifies))
        verdicts.append(BodyVerdict(name, body.ratifies, by_chance, win_set, in_zone, tuple(rows)))
    return RatificationResult(
        asked, tuple(verdicts), _standing(compiled, wanted, seen, ready_bodies, asked, voices)
    )


@dataclass(frozen=True, slots=True)
class DealInDraws:
    """One deal before the bodies, draw by draw."""

    signed: PerDraw  # the rule of consent passes it
    ratified: dict[str, PerDraw]  # body -> how likely it passes it, signed or not
    given_signed: dict[str, PerDraw | NotComputed]  # body -> the same, given that it is signed
    stands: PerDraw | NotComputed  # with all bodies that ratify


def votes_in_draws(
    model: Uncertain,
    asked: Plan,
    deals: Mapping[str, Mapping[str, str]],
    progress: Progress | None = None,
) -> dict[str, DealInDraws] | NotComputed:
    """What the bodies make of some deals in every draw; bodies whose votes are not computed are left out."""
    whole = model.case
    if not whole.bodies:
        return _NO_BODIES
    if not deals:
        return NotComputed("there is no deal to ask the bodies about")
    voices, ready_bodies = _bodies(model.central)
    votes = {name: vote for name, vote in ready_bodies.items() if isinstance(vote, Vote)}
    if not votes:
        return next(why for why in ready_bodies.values() if isinstance(why, NotComputed))
    seen = _look(model, asked, {n: dict(deal) for n, deal in deals.items()}, voices, votes, progress)
    behind = _behind(model.central, seen, ready_bodies)
    out = {}
    for label, one in seen.items():
        heard = [name for name in votes if one.passed[name]]
        stands = behind if isinstance(behind, NotComputed) else one.plain(one.stands(behind), asked)
        out[label] = DealInDraws(
            one.plain(np.concatenate(one.signed), asked),
            {name: one.plain(one.confirms(name), asked) for name in heard},
            {
                name: one.given_signed(one.confirms(name), whole.bodies[name].ratifies, asked)
                for name in heard
            },
            stands,
        )
    return out


def _bodies(compiled: Compiled) -> tuple[list[Voice], dict[str, Vote | NotComputed]]:
    """All bodies made ready, and the voices of their members."""
    voices: list[Voice] = [Voice(p, "", "") for p in range(len(compiled.parties))]
    return voices, {
        name: prepared(name, body, compiled, voices) for name, body in compiled.case.bodies.items()
    }


def _look(
    model: Uncertain,
    asked: Plan,
    wanted: Mapping[str, dict[str, str]],
    voices: Sequence[Voice],
    votes: Mapping[str, Vote],
    progress: Progress | None,
) -> dict[str, _Seen]:
    """Each deal over the draws."""
    seen = {name: _Seen(model, deal, voices, votes) for name, deal in wanted.items()}
    sampler = Sampler(model, asked.seed, method=asked.method)
    done = 0
    for piece in sampler.pieces(asked.draws):
        if progress is not None:
            progress("drawing the votes", done, asked.draws)
        done += piece.count
        shares = {name: chances(vote, model, piece.values) for name, vote in votes.items()}
        for one in seen.values():
            one.add(piece, shares)
    return seen


class _Seen:
    """One deal over the draws, filled piece by piece."""

    def __init__(
        self, model: Uncertain, deal: dict[str, str], voices: Sequence[Voice], votes: Mapping[str, Vote]
    ) -> None:
        self.model, self.deal, self.voices, self.votes = model, deal, voices, votes
        self.cells = model.cells(deal)
        self.accept: list[npt.NDArray[np.bool_]] = []  # (draw, party)
        self.signed: list[npt.NDArray[np.bool_]] = []
        self.passed: dict[str, list[Floats]] = {name: [] for name in votes}
        self.moody: dict[str, list[Floats]] = {name: [] for name in votes}

    def add(self, piece: Draws, shares: Mapping[str, Chances | NotComputed]) -> None:
        utility, accept = piece.of(self.cells)
        says = voiced(self.voices, self.model, piece.values, utility, piece.crossed(self.cells), accept)
        self.accept.append(accept.T)
        self.signed.append(holds(self.model.rule, accept.T))
        for name, vote in self.votes.items():
            here = shares[name]
            if not isinstance(here, NotComputed):
                sure, by_mood = passing(vote, says, here)
                self.passed[name].append(sure)
                self.moody[name].append(by_mood)

    def confirms(self, body: str) -> Floats:
        """(draw,): how likely a body passes it."""
        return np.concatenate(self.passed[body])

    def signed_for(self, ratifies: str | None) -> npt.NDArray[np.bool_]:
        """(draw,): whether the rule passes it, and the party accepts whose signature a body ratifies."""
        signed: npt.NDArray[np.bool_] = np.concatenate(self.signed)
        if ratifies in self.model.parties:
            signed = signed & np.concatenate(self.accept)[:, self.model.parties.index(ratifies)]
        return signed

    def plain(self, values: Floats | npt.NDArray[np.bool_], asked: Plan) -> PerDraw:
        return PerDraw(values, estimate(values, method=asked.method), None, not self.model.inputs)

    def given_signed(self, values: Floats, ratifies: str | None, asked: Plan) -> PerDraw | NotComputed:
        signed = self.signed_for(ratifies)
        found = conditional(values, signed, method=asked.method)
        if found is None:
            return _NEVER
        return PerDraw(np.where(signed, values, 0.0), found, signed, not self.model.inputs)

    def stands(self, behind: Mapping[str, str]) -> Floats:
        """(draw,): how likely it still passes when a signature counts once its body confirms it."""
        accept, parties = np.concatenate(self.accept), self.model.parties
        out = np.zeros(len(accept))
        for code in range(1 << len(behind)):
            chance = np.ones(len(accept))
            left = accept.copy()
            for k, (name, party) in enumerate(behind.items()):
                confirmed = self.confirms(name)
                yes = bool(code >> k & 1)
                chance *= confirmed if yes else 1 - confirmed
                if not yes:
                    left[:, parties.index(party)] = False
            out += chance * holds(self.model.rule, left)
        return np.minimum(out, 1.0)

    def vote(
        self,
        label: str,
        vote: Vote,
        says: Sequence[bool],
        central: Chances,
        asked: Plan,
        ratifies: str | None,
    ) -> DealVote:
        confirms, by_mood = self.confirms(vote.name), np.concatenate(self.moody[vote.name])
        given = [self.given_signed(values, ratifies, asked) for values in (confirms, by_mood)]
        each, decisive = {}, {}
        first = {member: n for n, member in reversed(list(enumerate(vote.voter)))}
        column = {n: k for k, n in enumerate(vote.chance)}
        for member, n in first.items():
            sure = vote.voice[n] >= 0
            each[member] = float(says[vote.voice[n]]) if sure else float(central.each[0, column[n]])
            decisive[member] = _decides(vote, n, says, central)
        return DealVote(
            name=label,
            deal=self.deal,
            votes=each,
            passed=float(passed(vote, says, central)[0]),
            one_mood=float(moody(vote, says, central)[0]),
            decisive=decisive,
            ratified=estimate(confirms, method=asked.method),
            ratified_one_mood=estimate(by_mood, method=asked.method),
            signed=estimate(self.signed_for(ratifies), method=asked.method),
            given_signed=given[0].found if isinstance(given[0], PerDraw) else given[0],
            given_signed_one_mood=given[1].found if isinstance(given[1], PerDraw) else given[1],
        )


def _decides(vote: Vote, voter: int, says: Sequence[bool], central: Chances) -> float:
    """The probability that the body passes the deal with a voter's yes and refuses it with its no."""
    chance = [n for n in vote.chance if n != voter]
    if vote.voice[voter] < 0:
        place = [k for k, n in enumerate(vote.chance) if n != voter]
        sums, probability = distribution(vote.weights[chance], central.each[:1, place])
    else:
        sums, probability = central.sums, central.probability[:1]
    yes = [n for n, v in enumerate(vote.voice) if v >= 0 and says[v] and n != voter]
    without = sums + vote.weights[yes].sum(axis=0)
    swung = reached(without + vote.weights[voter], vote.terms) & ~reached(without, vote.terms)
    return min(float((probability @ swung)[0]), 1.0)


# -------------------------------------------------------------------------------- win-sets, at central values


def _bars(compiled: Compiled, voices: Sequence[Voice], whole: Case) -> Ints:
    """(voice,): the least utility for a yes, in the units of the voice's party."""
    out = []
    for voice in voices:
        if not voice.member:
            out.append(int(compiled.reserve[0][voice.party]))
            continue
        bar = whole.bodies[voice.body].members[voice.member].bar
        assert bar is not None
        unit = compiled.unit[voice.party]
        least = ceil(Fraction(bar.central(UTILITY)) / unit) - int(compiled.slip[voice.party])
        out.append(min(max(least, -(1 << 61)), 1 << 61))
    return np.array(out, np.int64)


def _blocks(compiled: Compiled, voices: Sequence[Voice]) -> list[Block]:
    columns = [voice.party for voice in voices]
    return [Block(g.utility[0][:, columns], g.crossed[:, columns]) for g in compiled.groups]


def _central_says(
    compiled: Compiled, voices: Sequence[Voice], deal: Mapping[str, str], whole: Case
) -> list[bool]:
    cells = np.array([compiled.cells(deal)], np.intp)
    utility, crossed = settle(_blocks(compiled, voices), cells)
    says: list[bool] = accepts(utility, crossed, _bars(compiled, voices, whole))[0].tolist()
    return says


def _win_sets(
    compiled: Compiled,
    voices: Sequence[Voice],
    votes: Mapping[str, Vote],
    central: Mapping[str, Chances | NotComputed],
    rng: int | np.random.Generator | None,
    *,
    limit: int,
    samples: int,
) -> dict[str, tuple[BodyWinset | NotComputed, BodyWinset | NotComputed]]:
    """For each body: how many deals it passes, of all and of the zone."""
    blocks, bars = _blocks(compiled, voices), _bars(compiled, voices, compiled.case)
    exact = compiled.deals <= limit
    if len(voices) > 62:
        why = NotComputed(f"{len(voices)} different voices are too many; at most 62")
        return dict.fromkeys(votes, (why, why))
    if exact:
        found = patterns(blocks, bars)
    else:
        drawn = settle(blocks, random_deals(blocks, samples, generator(rng)))
        bits = accepts(*drawn, bars).astype(np.int64) << np.arange(len(voices))
        keys, times = np.unique(bits.sum(axis=1), return_counts=True)
        found = dict(zip(keys.tolist(), times.tolist(), strict=True))
    out: dict[str, tuple[BodyWinset | NotComputed, BodyWinset | NotComputed]] = {}
    parties = len(compiled.parties)
    for name, vote in votes.items():
        here = central[name]
        if isinstance(here, NotComputed):
            out[name] = (here, here)
            continue
        counts: list[tuple[int, bool, bool, bool, float]] = []
        for code, many in found.items():
            says = [bool(code >> n & 1) for n in range(len(voices))]
            yes = {compiled.parties[n] for n in range(parties) if says[n]}
            fixed = vote.fixed(says)
            everybody = fixed + vote.weights[vote.chance].sum(axis=0)
            counts.append(
                (
                    many,
                    compiled.case.consent.holds(yes),
                    bool(reached(fixed, vote.terms)),
                    bool(reached(everybody, vote.terms)),
                    float(passed(vote, says, here)[0]),
                )
            )
        out[name] = (
            _winset(counts, compiled.deals, exact, samples),
            _winset([c for c in counts if c[1]], compiled.deals, exact, samples),
        )
    return out


def _winset(
    counts: Sequence[tuple[int, bool, bool, bool, float]], deals: int, exact: bool, samples: int
) -> BodyWinset:
    scale = 1.0 if exact else deals / samples
    total = sum(times for times, *_ in counts)
    expected = sum(times * p for times, *_, p in counts)
    error = None
    if not exact:
        square = sum(times * p * p for times, *_, p in counts) / samples
        error = deals * (max(square - (expected / samples) ** 2, 0.0) / samples) ** 0.5
    return BodyWinset(
        of=round(total * scale),
        sure=sum(times for times, _, sure, _, _ in counts if sure) * scale,
        possible=sum(times for times, _, _, maybe, _ in counts if maybe) * scale,
        expected=expected * scale,
        exact=exact,
        standard_error=error,
    )


def _standing(
    compiled: Compiled,
    wanted: Mapping[str, dict[str, str]],
    seen: Mapping[str, _Seen],
    bodies: Mapping[str, Vote | NotComputed],
    asked: Plan,
    voices: Sequence[Voice],
) -> tuple[Standing, ...] | NotComputed:
    """Each deal before the rule of consent, where a signature counts once the bodies behind it confirm it."""
    whole = compiled.case
    behind = _behind(compiled, seen, bodies)
    if isinstance(behind, NotComputed):
        return behind
    out = []
    for label, deal in wanted.items():
        here = seen[label]
        signed, stands = np.concatenate(here.signed), here.stands(behind)
        says = _central_says(compiled, voices, deal, whole)
        in_zone = whole.consent.holds({p for p, yes in zip(compiled.parties, says, strict=False) if yes})
        out.append(
            Standing(
                label,
                deal,
                in_zone,
                estimate(signed, method=asked.method),
                estimate(stands, method=asked.method),
            )
        )
    return tuple(out)


def _behind(
    compiled: Compiled, seen: Mapping[str, _Seen], bodies: Mapping[str, Vote | NotComputed]
) -> dict[str, str] | NotComputed:
    """The bodies that ratify what a party with preferences signs, with the party."""
    behind = {
        n: b.ratifies
        for n, b in compiled.case.bodies.items()
        if b.ratifies and b.ratifies in compiled.parties
    }
    if not behind:
        return NotComputed("no body of this case ratifies what a party with preferences signs")
    if len(behind) > MOST_BODIES:
        return NotComputed(f"{len(behind)} bodies that ratify are too many to combine; at most {MOST_BODIES}")
    for name in behind:
        vote = bodies[name]
        if isinstance(vote, NotComputed):
            return vote
        if any(not s.passed[name] for s in seen.values()):
            return NotComputed(f"the vote of {name} was not computed")
    return behind
