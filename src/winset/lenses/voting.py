"""How a body votes: its members' voices, and the probability that it passes a deal.

Members vote by a party's utility against a bar of their own, or say yes with a probability. Given the
votes of the first kind, the probability that the body passes a deal is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from winset.case.fields import PROBABILITY, UTILITY
from winset.case.model import Body
from winset.compiled import Compiled
from winset.compiled.bodies import body_game
from winset.compiled.draws import Uncertain, reaches
from winset.kernels.ballot import distribution, one_mood, reached
from winset.kernels.limits import TooLarge
from winset.lenses.results import NotComputed

__all__ = ["Chances", "Voice", "Vote", "chances", "moody", "passed", "passing", "prepared", "voiced"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_WORD = 1 << 62


@dataclass(frozen=True)
class Vote:
    """A body made ready: the voters of its game by how they vote."""

    name: str
    body: Body
    weights: Ints  # (voter, weight)
    terms: tuple[tuple[int, ...], ...]
    voter: tuple[str, ...]  # (voter,): its member
    voice: npt.NDArray[np.intp]  # (voter,): index of the voice it votes by, -1 by chance

    @property
    def chance(self) -> list[int]:
        return [n for n, v in enumerate(self.voice) if v < 0]

    def fixed(self, says: Sequence[bool]) -> Ints:
        """(weight,): what those bring whose voice says yes."""
        yes = [n for n, v in enumerate(self.voice) if v >= 0 and says[v]]
        total: Ints = self.weights[yes].sum(axis=0)
        return total


@dataclass(frozen=True, slots=True)
class Voice:
    """A party's utility against a bar."""

    party: int
    body: str  # "" for the party's own reservation value
    member: str


def prepared(name: str, body: Body, compiled: Compiled, voices: list[Voice]) -> Vote | NotComputed:
    """A body's voters, each with its voice; new voices are added to the list."""
    silent = [
        m for m, member in body.members.items()
        if member.yes is None and body.stance(m, compiled.parties) is None
    ]  # fmt: skip
    if silent:
        listed = ", ".join(silent[:3]) + (f" and {len(silent) - 3} more" if len(silent) > 3 else "")
        return NotComputed(f"nothing says how {listed} would vote; give like, or yes")
    try:
        game = body_game(body)
    except TooLarge:
        return NotComputed("the rule of this body, written out, has too many terms")
    if any(sum(row) >= _WORD for row in game.weights):
        return NotComputed("the weights of this body have too many digits")
    voter, voice = [], []
    for m, member in body.members.items():
        stance = body.stance(m, compiled.parties)
        at = -1
        if stance is not None:
            mine = Voice(compiled.parties.index(stance), name, m)
            if member.bar is None:
                mine = Voice(mine.party, "", "")
            if mine not in voices:
                voices.append(mine)
            at = voices.index(mine)
        voter += [m] * member.times
        voice += [at] * member.times
    weights = np.array(game.weights, np.int64).T.reshape(len(voter), -1)
    return Vote(name, body, weights, game.terms, tuple(voter), np.array(voice, np.intp))


@dataclass(frozen=True, slots=True)
class Chances:
    """Those who vote by chance, in some draws."""

    each: Floats  # (draw, voter by chance)
    sums: Ints  # (state, weight)
    probability: Floats  # (draw, state)


def chances(vote: Vote, model: Uncertain, values: Floats) -> Chances | NotComputed:
    chance = vote.chance
    each = np.zeros((len(values), len(chance)))
    for k, n in enumerate(chance):
        member = vote.voter[n]
        number = vote.body.members[member].yes
        assert number is not None
        path = f"bodies.{vote.name}.{member}.yes"
        central = float(number.central(PROBABILITY))
        each[:, k] = values[:, model.index[path]] if path in model.index else central
    try:
        sums, probability = distribution(vote.weights[chance], each)
    except TooLarge:
        return NotComputed(
            f"the {len(chance)} members that vote by chance have too many different sums of weights"
        )
    return Chances(each, sums, probability)


def passed(vote: Vote, says: Sequence[bool], here: Chances) -> Floats:
    """(draw,): the probability that the body passes a deal, given the voices."""
    hit = reached(here.sums + vote.fixed(says), vote.terms)
    out: Floats = np.minimum(here.probability @ hit, 1.0)
    return out


def moody(vote: Vote, says: Sequence[bool], here: Chances) -> Floats:
    return one_mood(vote.fixed(says), vote.weights[vote.chance], here.each, vote.terms)


def voiced(
    voices: Sequence[Voice], model: Uncertain, values: Floats, utility: Floats, crossed: Bools, accept: Bools
) -> Bools:
    """(voice, draw): whether each voice says yes to a deal.

    Parameters
    ----------
    values : float64 (draw, input)
    utility : float64 (party, draw)
    crossed, accept : bool (party, draw)
        Whether the deal crosses a red line of the party, and whether the party accepts it.
    """
    says = np.zeros((len(voices), len(values)), np.bool_)
    for n, voice in enumerate(voices):
        if not voice.member:
            says[n] = accept[voice.party]
            continue
        bar = model.case.bodies[voice.body].members[voice.member].bar
        assert bar is not None
        path = f"bodies.{voice.body}.{voice.member}.bar"
        level = (
            values[:, model.index[path]]
            if path in model.index
            else np.full(len(values), float(bar.central(UTILITY)))
        )
        says[n] = reaches(utility[voice.party], level) & ~crossed[voice.party]
    return says


def passing(vote: Vote, says: Bools, here: Chances) -> tuple[Floats, Floats]:
    """(draw,) and (draw,): the probability that the body passes a deal, and the same if one mood moves all
    who vote by chance.

    Parameters
    ----------
    says : bool (voice, draw)
    """
    out, by_mood = np.zeros(says.shape[1]), np.zeros(says.shape[1])
    rows, which = np.unique(says, axis=1, return_inverse=True)
    which = which.ravel()
    for k, pattern in enumerate(rows.T):
        at = np.flatnonzero(which == k)
        some = Chances(here.each[at], here.sums, here.probability[at])
        out[at] = passed(vote, pattern, some)
        by_mood[at] = moody(vote, pattern, some)
    return out, by_mood
