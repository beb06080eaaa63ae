"""Talks in rounds: who offers what, who accepts, and how it ends, for many draws at once.

    bargain(utility, reserve, sides, *, rounds, protocol="alternating", first=0, hazard=None, uniforms=None,
            allowed=None, options=None, mediator=None, engine="auto") -> Outcome
    steps(... the same but for engine ..., draw=n) -> list[Step]

What is given
-------------
utility : float64 (side, deal, draw), or a sequence with an array (deal, draw) or (deal, 1) for each side
    Minus infinity where the side refuses the deal at any price: it neither offers nor accepts it. (deal, 1)
    stands for all draws and is sorted only once.
reserve : float64 (side, draw)
    Nobody offers or accepts a deal worth less to it (up to 1e-9). A side to which no deal is worth it has
    nothing to offer and walks out when its turn to offer comes.
sides : sequence of Side(strategy, parameters)
    In the order of the room. ``strategy`` is a name of ``STRATEGIES`` or a class like them; ``parameters``
    maps names to float64 (draw,) or (1,); those left out have the strategy's defaults.
rounds : int
    The deadline: 1 or more rounds.
protocol
    "alternating": stacked alternating offers of two or more sides. From ``first`` on, in the order of the
        room, each in turn accepts the offer that stands or makes an offer of its own; agreed when all the
        others have accepted one after another. In a round everyone has one turn, and an offer stands over the
        end of a round. What stands after the last round is lost.
    "random": every round one side, drawn evenly, makes an offer, and all others answer at once.
    "mediated": a ``mediator`` tables drafts of a single text, one each round; sides answer sincerely, so that
        ``sides`` plays no part. The text that stands is signed after ``patience`` drafts in a row that were
        refused, when there is no draft left, or in the last round. Without drafts and text talks end early,
        as at the deadline.
first : int or int (draw,)
    Who opens ("alternating").
hazard : float64 (draw,) or (1,), optional
    Probability that talks break off after a round; not after the last one, which is the deadline.
uniforms : callable, optional
    ``uniforms(name)`` gives float64 (draw,) from 0 to 1, 1 excluded, always the same for the same name:
    "hazard", "proposer 3" (round 3), "side 0 offer 3" (side 0, round 3). Needed with a hazard, with
    "random", and by strategies that are not ``deterministic``. Give every draw a number of its own that does
    not depend on how draws are cut into pieces.
allowed : bool (deal,) or (deal, draw), optional
    Deals that may be offered at all.
options : int16 (deal, issue), optional
    Of which options deals consist; for strategies with ``needs_options``.
mediator : Mediator(belief, patience=5)
    ``belief`` float64 (deal, draw) or (deal, 1): how far the mediator believes a deal to be in the zone. It
    tables the highest first (the lowest number among equals), each once, and none at 0 or below.
engine
    "compiled" plays sides that only follow the clock ("alternating" or "random") in a loop compiled by numba,
    "numpy" never; "auto" does once this process has been asked for so much that it pays, if numba is there.
    The outcome has the same bits.

What comes out
--------------
Outcome(deal, round, by, ended), each (draw,): the deal agreed (-1 for none); the round in which talks end,
from 1; whose offer was accepted, or who walked out (-1 for the mediator and otherwise); and ``AGREED`` 0,
``DEADLINE`` 1, ``BROKEN`` 2 (by the hazard) or ``WALKED`` 3.

Step(round, by, deal, accepted): an offer (``by`` -1 for the mediator) and the sides that said yes to it. When
a side walks out the list simply ends.

Memory grows with sides x deals x draws: give 256 to 1024 draws at a time.
"""

from winset.kernels.talks.bargaining import bargain, steps
from winset.kernels.talks.engine import Engine
from winset.kernels.talks.registry import STRATEGIES, strategy
from winset.kernels.talks.rounds import (
    AGREED,
    BROKEN,
    DEADLINE,
    PROTOCOLS,
    WALKED,
    Outcome,
    Protocol,
    Step,
)
from winset.kernels.talks.single_text import Mediator
from winset.kernels.talks.strategy import Parameter, Player, Side, Strategy, Talk, Timed, Uniforms
from winset.kernels.talks.table import Table

__all__ = [
    "AGREED",
    "BROKEN",
    "DEADLINE",
    "PROTOCOLS",
    "STRATEGIES",
    "WALKED",
    "Engine",
    "Mediator",
    "Outcome",
    "Parameter",
    "Player",
    "Protocol",
    "Side",
    "Step",
    "Strategy",
    "Table",
    "Talk",
    "Timed",
    "Uniforms",
    "bargain",
    "steps",
    "strategy",
]
