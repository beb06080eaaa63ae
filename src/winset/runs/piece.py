"""What comes out at some points and draws? One piece of a sweep, computed anywhere, the same everywhere.

A block of 1,024 draws is computed by itself, so that the same numbers are added in the same order however the
work is cut; sums over draws are exact sums rounded once (Shewchuk 1997, as in ``math.fsum``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from winset.compiled.draws import Uncertain
from winset.compiled.sampling import PIECE, Sampler
from winset.errors import QuestionError, WinsetError
from winset.kernels.rule import holds
from winset.kernels.worst_off import worst_off
from winset.runs.design import Fixed, Kind, Learned, setting
from winset.runs.plan import VERSION, Part, Piece, SweepCase, variant

__all__ = ["rows", "run_piece"]

Floats = npt.NDArray[np.float64]


def run_piece(piece: Piece) -> bytes:
    """Compute a piece and return the file that holds it.

    Raises
    ------
    QuestionError
        If a point makes no sense, or this is another version of Winset than that of the plan.
    """
    from winset.runs.store import encoded

    if piece.version != VERSION:
        raise QuestionError(
            f"a worker has Winset {VERSION}, the sweep was planned by {piece.version}; make them the same"
        )
    return encoded(list(rows(piece)), piece.columns)


def rows(piece: Piece) -> Iterator[dict[str, Any]]:
    """The rows of a piece, in order: column to value."""
    for part in piece.parts:
        try:
            yield from _part(piece, part)
        except WinsetError as error:
            where = ", ".join(f"{p} = {v}" for p, v in zip(piece.paths, part.values, strict=True))
            raise QuestionError(f"point {part.point} ({where or 'the case itself'}): {error}") from None


@lru_cache(maxsize=8)
def _model(case: SweepCase, changes: tuple[tuple[str, str], ...]) -> Uncertain:
    return variant(case, changes)


def _part(piece: Piece, part: Part) -> Iterator[dict[str, Any]]:
    case = piece.cases[part.case]
    plain = _model(case, ())
    settings = dict(zip(piece.paths, part.values, strict=True))
    found = {p: setting(plain, p, v) for p, v in settings.items()}
    edits = tuple((p, settings[p]) for p, kind in found.items() if kind is None)
    model = _model(case, edits)
    if edits:  # the inputs of the edited case may stand in another order
        found = {p: setting(model, p, v) for p, v in settings.items() if found[p] is not None}
    point = _Point(model, [kind for kind in found.values() if kind is not None], piece.seed)
    inputs: dict[str, Any] = {"case": case.name, "point": part.point}
    kinds = dict(piece.columns)
    for path, value in settings.items():
        inputs[path] = point.number(found.get(path), value) if kinds[path] == "real" else value
    offers = {
        name: model.cells(offer.deal) for name, offer in model.case.offers.items() if f"offer:{name}" in kinds
    }
    for first in range(part.first, part.last, PIECE):
        count = min(PIECE, part.last - first)
        yield {
            **inputs,
            "seed": piece.seed,
            "first": first,
            "draws": count,
            **point.block(first, count, offers),
        }


class _Point:
    """A case at one point of the design."""

    def __init__(self, model: Uncertain, held: Sequence[Fixed | Learned | Kind], seed: int) -> None:
        self.model, self.sampler = model, Sampler(model, seed)
        self.fixed = [h for h in held if isinstance(h, Fixed)]
        self.learned = {h.input: float(ndtri(h.level)) for h in held if isinstance(h, Learned)}
        self.kinds = [h for h in held if isinstance(h, Kind)]

    def number(self, held: Fixed | Learned | Kind | None, value: str) -> float:
        """The value of an axis as a number."""
        from winset.runs.design import plain_number

        if isinstance(held, Learned):
            scores = np.zeros((1, len(self.model.inputs)))
            scores[0, held.input] = self.learned[held.input]
            return float(self.model.values(scores)[0, held.input])
        number = plain_number(value)
        assert number is not None
        return float(number.low)

    def block(self, first: int, count: int, offers: Mapping[str, Sequence[int]]) -> dict[str, Any]:
        """What comes out in some draws: counts of draws and deals, sums of gains and of their squares."""
        model = self.model
        values = model.values(learn(self.sampler, self.sampler.scores(first, count), self.learned))
        for held in self.fixed:
            values[:, held.input] = held.value
        kinds = model.kinds(values)
        for kind in self.kinds:
            kinds[kind.party] = kind.kind
        draws = model.draws(values, first=first, kinds=kinds)
        best = worst_off(draws.tables(), draws.utility, draws.reserve, model.rule, model.rulers)
        open_ = best.open
        least = best.gain[list(model.rulers)].min(axis=0)
        out: dict[str, Any] = {
            "deals": model.deals,
            "zone": int(open_.sum()),
            "zone_deals": int(best.zone.sum()),
            "least": math.fsum(least),
            "least_squared": math.fsum(least**2),
        }
        for p, party in enumerate(model.parties):
            out[f"accepted:{party}"] = int(best.accepted[p].sum())
            out[f"gain:{party}"] = math.fsum(best.gain[p])
            out[f"gain_squared:{party}"] = math.fsum(best.gain[p] ** 2)
        for name, cells in offers.items():
            _, accepts = draws.of(cells)
            out[f"offer:{name}"] = int(holds(model.rule, accepts.T).sum())
            for p, party in enumerate(model.parties):
                out[f"offer:{name}:{party}"] = int(accepts[p].sum())
        return out


def learn(sampler: Sampler, scores: Floats, learned: Mapping[int, float]) -> Floats:
    """Scores of all unknowns, given those of some: what is correlated with them moves along.

    With correlation matrix C and known scores k in place of z_K, the others become
    z + C[:, K] C[K, K]^-1 (k - z_K), which has their conditional distribution (Journel and Huijbregts 1978,
    sec. VII.A.1, conditioning by kriging; for normal scores it is exact).
    """
    for where, root in sampler.mixing:
        known = [n for n, column in enumerate(where) if int(column) in learned]
        if not known:
            continue
        matrix = root @ root.T
        slope = matrix[:, known] @ np.linalg.pinv(matrix[np.ix_(known, known)], hermitian=True)
        short = [learned[int(where[n])] - scores[:, where[n]] for n in known]
        for n, column in enumerate(where):
            for k, gap in enumerate(short):
                scores[:, column] += slope[n, k] * gap
    for column, score in learned.items():
        scores[:, column] = score
    return scores
