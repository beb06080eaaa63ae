"""Joint samples of the unknowns of a case: standard normal scores, with its correlations.

Correlations are those of scores (a Gaussian copula: Nelsen 2006, ch. 2.8).

The stream of random numbers of an unknown depends on the seed, its path and the draw's number alone. So the
same draw has the same values however the work is cut into pieces, and two versions of a case share the values
of all that they have in common (common random numbers: Law & Kelton 2000, sec. 11.2).
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from winset.case.correlation import components, matrix
from winset.compiled.groups import frozen

if TYPE_CHECKING:
    from winset.compiled.draws import Draws, Uncertain

__all__ = ["PIECE", "REPLICATES", "Method", "Sampler", "share_cores", "square_root", "stream"]

Floats = npt.NDArray[np.float64]

Answer = TypeVar("Answer")

PIECE = 1024  # draws that are made together; every number of draws is cut at its multiples
REPLICATES = 16  # independent scramblings of the Sobol sequence
_LANE = PIECE // REPLICATES
_PART = 256  # draws that one core makes at a time
_TABLE = 1 << 23  # numbers in the tables of one piece of draws
Method = Literal["random", "sobol"]


class Sampler:
    """Standard normal scores of every unknown, draw by draw.

    Parameters
    ----------
    seed
        Of everything.
    method
        "random": independent draws (Philox 4x64 counters: Salmon et al. 2011). "sobol": scrambled Sobol
        points (Owen 1995; Joe and Kuo 2008), 16 independent scramblings interleaved, so that the scatter of
        the sixteen means gives the standard error.
    correlations
        Pairs of paths and their correlation; those of the case by default.
    order
        Every path of several versions of a case, which then share the points of a Sobol sequence; that of
        the model by default.
    """

    def __init__(
        self,
        model: Uncertain,
        seed: int,
        *,
        method: Method = "random",
        correlations: Mapping[tuple[str, str], float] | None = None,
        order: Sequence[str] = (),
    ) -> None:
        self.model, self.seed, self.method = model, seed, method
        if correlations is None:
            correlations = {c.between: c.rho for c in model.case.correlations}
        known = model.index
        self.mixing: list[tuple[npt.NDArray[np.intp], Floats]] = []
        self.twins: dict[
            int, int
        ] = {}  # number of a type -> the number that it stands in for, a score for both
        for paths, stated in components(
            {pair: rho for pair, rho in correlations.items() if pair[0] in known and pair[1] in known}
        ):
            root = square_root(matrix(paths, stated))
            twins = [(n, known[t]) for n, p in enumerate(paths) for t in self._instead(p, correlations)]
            where = np.array([known[p] for p in paths] + [t for _, t in twins], np.intp)
            self.mixing.append((where, _doubled(root, [n for n, _ in twins])))
            for n, twin in twins:
                self.twins[twin] = known[paths[n]]
        order = order or model.order
        names = list(dict.fromkeys([*order, *(item.path for item in model.inputs)]))
        self.place = [names.index(item.path) for item in model.inputs] if order else None
        self.dimensions = len(names)

    def _instead(self, path: str, correlations: Mapping[tuple[str, str], float]) -> Iterator[str]:
        """Numbers that types of a party have in place of a correlated one. A party is of one type at a time,
        so they take its score: what is correlated with it is so with them. One that is correlated by itself
        does not."""
        party, _, rest = path.partition(".")
        told = {name for pair in correlations for name in pair}
        for name in self.model.types.get(party, ()):
            other = f"{party}.types.{name}.{rest}"
            if other in self.model.index and other not in told:
                yield other

    def scores(self, first: int, count: int) -> Floats:
        """(draw, input): the scores of draws ``first`` to ``first + count - 1``, with correlations.

        ``first`` must be a multiple of ``PIECE``.
        """
        return self.mix(self.independent(first, count))

    def mix(self, scores: Floats) -> Floats:
        """Independent scores to correlated ones; in place."""
        for where, root in self.mixing:  # in a fixed order, so that the rounding is always the same
            before = scores[:, where]
            for n, place in enumerate(where):
                scores[:, place] = 0.0
                for m in range(len(where)):
                    scores[:, place] += root[n, m] * before[:, m]
        return scores

    def independent(self, first: int, count: int) -> Floats:
        """(draw, input): the scores, each by itself; new at every call."""
        inputs = len(self.model.inputs)
        if not inputs:
            return np.zeros((count, 0))
        if first % PIECE:
            raise ValueError(f"draws start at multiples of {PIECE}, not at {first}")
        if self.method == "sobol":
            return _score(self._sobol(first, count))
        out = np.empty((count, inputs))
        for n, item in enumerate(self.model.inputs):
            out[:, n] = (
                _first(self.seed, item.path, count) if not first else _one(self.seed, item.path, first, count)
            )
        return out

    def beside(self, count: int) -> Floats:
        """(draw, input): the scores of a second sample, draw by draw independent of those of ``scores``.

        Two scramblings of the same dimensions would not be: their points lie in the same cells. So the second
        sample takes the dimensions that follow (Saltelli et al. 2010, sec. 5).
        """
        if self.method != "sobol":
            raise ValueError("random draws are independent of each other anyway: take later ones")
        return self.mix(_score(self._sobol(0, count, after=self.dimensions)))

    def _sobol(self, first: int, count: int, after: int = 0) -> Floats:
        from scipy.stats import qmc

        pieces = -(-count // PIECE)
        out = np.empty((pieces, REPLICATES, _LANE, len(self.model.inputs)))
        for lane in range(REPLICATES):
            seed = [self.seed, lane, after] if after else [self.seed, lane]
            engine = qmc.Sobol(self.dimensions + after, scramble=True, rng=np.random.default_rng(seed))
            if first:
                engine.fast_forward(first // REPLICATES)
            points = np.concatenate([engine.random(_LANE) for _ in range(pieces)])[:, after:]
            if self.place is not None:
                points = points[:, self.place]
            out[:, lane] = points.reshape(pieces, _LANE, -1)
        # points are multiples of 2**-30; the middle of their cells keeps clear of 0
        return out.reshape(pieces * PIECE, -1)[:count] + 2.0**-31

    @property
    def width(self) -> int:
        """Draws at a time whose tables stay within about 64 MB."""
        return max(1, min(PIECE, _TABLE // max(1, self.model.cell_count * len(self.model.parties))))

    def pieces(self, draws: int, *, first: int = 0, width: int | None = None) -> Iterator[Draws]:
        """All draws, some at a time.

        Parameters
        ----------
        width
            Draws at a time, at most ``PIECE``; by default as many as keep the tables within about 64 MB.
        """
        width = width or self.width
        for start in range(first, first + draws, PIECE):
            values = self.model.values(self.scores(start, min(PIECE, first + draws - start)))
            for at in range(0, len(values), width):
                yield self.model.draws(values[at : at + width], first=start + at)

    def work(self, draws: int, job: Callable[[Draws], Answer], *, first: int = 0) -> Iterator[list[Answer]]:
        """What a job makes of all draws, in their order, on all cores.

        One list for every ``PIECE`` of draws, with an answer for each part of it that was made at a time.
        Parts are of the same size, and so the answers the same, on any number of cores. A job may write to
        arrays of its own draws only.
        """
        width = min(self.width, _PART)
        starts = range(first, first + draws, PIECE)

        def run(values: Floats, at: int) -> Answer:
            return job(self.model.draws(values, first=at))

        def parts(start: int) -> Iterator[tuple[Floats, int]]:
            values = self.model.values(self.scores(start, min(PIECE, first + draws - start)))
            for at in range(0, len(values), width):
                yield values[at : at + width], start + at

        cores = min(-(-draws // width), _cores())
        if cores < 2:
            for start in starts:
                yield [run(values, at) for values, at in parts(start)]
            return
        self.model.warm()
        with ThreadPoolExecutor(cores) as pool:
            waiting: deque[list[Future[Answer]]] = deque()
            for start in starts:
                waiting.append([pool.submit(run, values, at) for values, at in parts(start)])
                if len(waiting) > 1:
                    yield [future.result() for future in waiting.popleft()]
            while waiting:
                yield [future.result() for future in waiting.popleft()]


_most: list[int] = []


def share_cores(most: int | None) -> None:
    """Draw on so many cores at most, since other processes of ours need the rest; None lifts that."""
    _most[:] = [] if most is None else [most]


def _cores() -> int:
    try:
        there = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        there = os.cpu_count() or 1
    return min([there, *_most])


def stream(seed: int, path: str, first: int) -> np.random.Generator:
    """The random numbers of one path, from draw ``first`` (a multiple of 4) on."""
    key = hashlib.blake2b(f"{seed}:{path}".encode(), digest_size=16).digest()
    bits = np.random.Philox(key=int.from_bytes(key, "little"))
    bits.advance(first // 4)
    return np.random.Generator(bits)


def _one(seed: int, path: str, first: int, count: int) -> Floats:
    """(draw,): the scores of one path."""
    return _score(stream(seed, path, first).random(count))


@lru_cache(maxsize=2048)
def _first(seed: int, path: str, count: int) -> Floats:
    """(draw,): the scores of one path in the first draws, at most ``PIECE``: every lens asks for these."""
    return frozen(_one(seed, path, 0, count))


def _score(levels: Floats) -> Floats:
    """Standard scores of levels; in place where it can be."""
    from scipy.special import ndtri

    # a level of exactly 0 has no score; the numbers come in steps of 2**-53
    np.clip(levels, 2.0**-54, 1 - 2.0**-53, out=levels)
    return np.asarray(ndtri(levels), np.float64)


def _doubled(root: Floats, rows: Sequence[int]) -> Floats:
    """A root with some rows once more, and no new randomness."""
    if not rows:
        return root
    more = np.concatenate([root, root[list(rows)]])
    return np.concatenate([more, np.zeros((len(more), len(rows)))], axis=1)


def square_root(correlation: Floats) -> Floats:
    """A root R of a correlation matrix, R R' = correlation; rows keep unit length."""
    try:
        root = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:  # semi-definite: some numbers are functions of others
        value, vector = np.linalg.eigh(correlation)
        root = vector * np.sqrt(np.maximum(value, 0.0))
    return np.asarray(root, np.float64)
