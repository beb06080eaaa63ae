"""The answers of a case in rows of numbers: drawn ones, central ones, or ones made by hand.

Lenses that look at many variants of one case share this: a row holds one value for every unknown (see
``winset.compiled.draws``). Rows are worked through a few at a time, so that memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import numpy.typing as npt

from winset.compiled.draws import Draws, Uncertain
from winset.kernels.answers import Answers, answers
from winset.kernels.ensemble import TIE, expand

__all__ = ["Rows", "joined"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.int8]

_DENSE = 1 << 19  # numbers of one party in a table of deals and rows
_CELLS = 1 << 24  # numbers of all parties in the tables of groups


def joined(parts: Sequence[Answers]) -> Answers:
    """Answers of pieces as those of all rows."""
    return Answers(
        np.concatenate([a.open for a in parts]),
        np.concatenate([a.deals for a in parts]),
        np.concatenate([a.gain for a in parts], axis=1),
    )


@dataclass(frozen=True)
class Rows:
    """A case whose deals can all be listed, asked row by row."""

    model: Uncertain

    @cached_property
    def shape(self) -> list[int]:
        return [len(g.options) for g in self.model.groups]

    @cached_property
    def at_once(self) -> int:
        """Rows that are worked on together."""
        cells = sum(self.shape) * len(self.model.parties)
        return max(1, min(_CELLS // cells, _DENSE // prod(self.shape)))

    @cached_property
    def crossed(self) -> list[Bools]:
        """Party -> (type, deal): whether a red line is crossed."""
        out = []
        for party in self.model.parties:
            kinds = []
            for lines in self.model.lines[party]:
                hit: Bools = np.zeros(1, np.bool_)
                for line in lines:
                    hit = (hit[:, None] | line[None]).reshape(-1)
                kinds.append(hit)
            out.append(np.stack(kinds))
        return out

    def cut(self, many: int) -> Iterator[slice]:
        """Rows in pieces that are worked on together."""
        for start in range(0, many, self.at_once):
            yield slice(start, min(start + self.at_once, many))

    def dense(self, draws: Draws, p: int) -> tuple[Floats, Bools]:
        """(deal, row): a party's gain at every deal, and whether it accepts."""
        gain = expand([u[p : p + 1] for u in draws.utility])[0] - draws.reserve[p]
        says = gain >= -TIE
        lines = self.crossed[p]
        if lines.any():
            for k, line in enumerate(lines):
                says[np.ix_(line, draws.kind[p] == k)] = False
        return gain, says

    def for_worst_off(self, most: int) -> list[dict[str, str]]:
        """The deals that are best for whoever of the rule of consent gets least, at central values; refused
        ones after the others."""
        values = self.model.middle()[None]
        drawn = self.model.draws(values, kinds=self.model.kinds(values))
        both = [self.dense(drawn, r) for r in self.model.rulers]
        worst = np.min([np.where(says, gain, gain - 1000.0) for gain, says in both], axis=0)[:, 0]
        return [self.model.number(int(n)) for n in np.argsort(-worst, kind="stable")[:most]]

    def answers(self, values: Floats, kinds: Kinds | None = None) -> Answers:
        """The answers of rows of numbers.

        Parameters
        ----------
        values : float64 (row, input)
        kinds : int8 (party, row), optional
            Types, in place of those that the values pick.
        """
        return joined(
            [
                self.piece(values[cut], None if kinds is None else kinds[:, cut])
                for cut in self.cut(len(values))
            ]
        )

    def piece(self, values: Floats, kinds: Kinds | None = None) -> Answers:
        """The answers of at most ``at_once`` rows."""
        draws = self.model.draws(values, kinds=kinds)
        both = [self.dense(draws, p) for p in range(len(self.model.parties))]
        return answers([g for g, _ in both], [s for _, s in both], self.model.rule, self.model.rulers)
