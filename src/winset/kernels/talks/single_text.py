"""A mediator with a single negotiating text.

Raiffa (1982, The Art and Science of Negotiation, ch. 14 and 15) describes how at Camp David a mediator wrote
one text that all sides criticised and none had to own; Klein, Faratin, Sayama and Bar-Yam (2003, Group
Decision and Negotiation 12:111-125) simulate it: the mediator changes the text, each side says whether the
change is better for it, and it stands only if all say so. Here the mediator tables the deals in the order of
how far it believes them to be in the zone, each once. Sides answer sincerely, with yes if the draft is worth
their reservation value and no less than the text that stands: there are no offers, so their strategies play
no part. The text is signed when the mediator has met with nothing but refusals for a while, has no draft
left, or at the deadline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.kernels.blocks import Floats
from winset.kernels.ensemble import TIE
from winset.kernels.talks.rounds import Rounds, Step

__all__ = ["Mediator", "single_text"]


@dataclass(frozen=True, slots=True)
class Mediator:
    """Who writes the drafts."""

    belief: Floats  # (deal, draw) or (deal, 1): tabled from the highest on; 0 or less never
    patience: int = 5  # drafts refused in a row after which a text that stands is signed


def single_text(game: Rounds, rounds: int, mediator: Mediator) -> None:
    """Drafts and answers until the text is signed."""
    tables, draws = game.tables, len(game.limit)
    belief = mediator.belief
    length = min(rounds, len(belief))
    order = np.argsort(-belief, axis=0, kind="stable")[:length].astype(np.int32)
    hopeful = np.take_along_axis(belief, order, axis=0) > 0
    order = np.broadcast_to(np.where(hopeful, order, np.int32(-1)), (length, draws))
    text, refused = np.full(draws, -1, np.int32), np.zeros(draws, np.intp)
    for round_ in range(1, rounds + 1):
        at = np.flatnonzero(game.running(round_))
        if not len(at):
            return
        draft = order[round_ - 1, at] if round_ <= length else np.full(len(at), -1, np.int32)
        game.sign(at[draft < 0], round_, text)
        at, draft = at[draft >= 0], draft[draft >= 0]
        yes, better, said = np.ones(len(at), np.bool_), text[at] < 0, []
        for side, table in enumerate(tables):
            worth, now = table.of(draft, at), table.of(text[at], at)
            says = (worth >= table.reserve[at] - TIE) & (worth >= now)
            yes &= says
            better = better | (worth > now)
            if says.any():
                said.append(side)
        taken = yes & better
        text[at] = np.where(taken, draft, text[at])
        refused[at] = np.where(taken, 0, refused[at] + 1)
        if game.log is not None and len(at):
            game.log.append(Step(round_, -1, int(draft[0]), tuple(said)))
        last = (round_ == rounds) | (refused[at] >= mediator.patience)
        game.sign(at[last & (text[at] >= 0)], round_, text)
