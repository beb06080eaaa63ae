"""The six dilemmas, against their definitions and in games that everybody knows.

The definitions of threat, deterrence (here persuasion), inducement (here rejection) and trust are those that
the abstract of Murray-Jones and Howard, *Confrontation analysis: a command and control system for conflicts
other than war*, puts in a sentence each; it was read. Cooperation and positioning (Howard 1999; Bryant 2003)
are from memory, the books could not be read.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles.dilemmas_oracle import Confrontation

from winset.kernels.dilemmas import NONE, dilemmas

PAIRS = ("rejection", "persuasion", "positioning")


def listed(found, ranking=0):
    """Every dilemma of one ranking as (kind, whose, towards whom)."""
    out = set()
    for kind in ("threat", "cooperation"):
        table = getattr(found, kind)[ranking]
        out |= {(kind, int(i), None) for i in np.flatnonzero(table != NONE)}
    out |= {("trust", int(i), int(j)) for i, j in np.argwhere(found.trust[ranking] != NONE)}
    for kind in PAIRS:
        out |= {(kind, int(i), int(j)) for i, j in np.argwhere(getattr(found, kind)[ranking])}
    return out


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_definitions(seed):
    rng = np.random.default_rng(seed)
    seen = set()
    for _ in range(150):
        options, parties = int(rng.integers(1, 6)), int(rng.integers(1, 4))
        owner = rng.integers(0, parties, options).tolist()
        feasible = rng.random(1 << options) < rng.choice([1.0, 0.7])
        feasible[0] = True
        able = np.flatnonzero(feasible)
        ranks = rng.integers(0, rng.choice([3, 40]), (3, parties, 1 << options)).astype(np.int32)
        positions = [int(rng.choice(able)) if rng.random() < 0.8 else NONE for _ in range(parties)]
        threatened = int(rng.choice(able))
        found = dilemmas(owner, feasible, ranks, positions, threatened)
        bits = [tuple(bool(s >> o & 1) for o in range(options)) for s in range(1 << options)]
        for n in range(3):
            plain = Confrontation(
                owner,
                {bits[s] for s in able},
                {i: {bits[s]: int(ranks[n, i, s]) for s in able} for i in range(parties)},
                {i: bits[p] for i, p in enumerate(positions) if p != NONE},
                bits[threatened],
            )
            assert listed(found, n) == plain.found()
            seen |= {kind for kind, _, _ in plain.found()}
    assert seen == {"threat", "cooperation", "trust", *PAIRS}


# two parties with one option each, to hold out: 0 nobody does, 1 the first, 2 the second, 3 both
FIRST_ONLY, SECOND_ONLY, BOTH, NOBODY = 1, 2, 3, 0


def two(first, second, positions, threatened):
    """Rankings best first."""
    ranks = np.zeros((1, 2, 4), np.int32)
    for party, vector in enumerate((first, second)):
        for place, state in enumerate(vector):
            ranks[0, party, state] = 4 - place
    return dilemmas([0, 1], np.ones(4, bool), ranks, positions, threatened)


def test_chicken():
    """Each asks the other to give way and says that it will not itself: each would rather give in than crash
    (threat and rejection), and would hold to its own position (no cooperation dilemma)."""
    found = two(
        [FIRST_ONLY, NOBODY, SECOND_ONLY, BOTH],
        [SECOND_ONLY, NOBODY, FIRST_ONLY, BOTH],
        [FIRST_ONLY, SECOND_ONLY],
        BOTH,
    )
    assert listed(found) == {
        ("threat", 0, None),
        ("threat", 1, None),
        ("rejection", 0, 1),
        ("rejection", 1, 0),
    }
    assert found.threat[0].tolist() == [SECOND_ONLY, FIRST_ONLY]


def test_prisoners_dilemma_with_a_common_position():
    """Both ask that nobody holds out: all that is left is that neither can be relied on."""
    found = two(
        [FIRST_ONLY, NOBODY, BOTH, SECOND_ONLY],
        [SECOND_ONLY, NOBODY, BOTH, FIRST_ONLY],
        [NOBODY, NOBODY],
        BOTH,
    )
    assert listed(found) == {
        ("cooperation", 0, None),
        ("cooperation", 1, None),
        ("trust", 0, 1),
        ("trust", 1, 0),
    }
    assert found.cooperation[0].tolist() == [FIRST_ONLY, SECOND_ONLY]
    assert found.trust[0, 0, 1] == SECOND_ONLY


def test_a_threat_that_does_not_bite():
    """The second prefers what is threatened to what the first asks: the first has a persuasion dilemma."""
    found = two(
        [FIRST_ONLY, BOTH, NOBODY, SECOND_ONLY],
        [SECOND_ONLY, BOTH, NOBODY, FIRST_ONLY],
        [FIRST_ONLY, SECOND_ONLY],
        BOTH,
    )
    assert {d for d in listed(found) if d[0] in ("persuasion", "rejection", "threat")} == {
        ("persuasion", 0, 1),
        ("persuasion", 1, 0),
    }


def test_positioning_is_to_prefer_what_the_other_asks():
    found = two(
        [NOBODY, FIRST_ONLY, BOTH, SECOND_ONLY],
        [NOBODY, SECOND_ONLY, BOTH, FIRST_ONLY],
        [FIRST_ONLY, NOBODY],
        BOTH,
    )
    assert ("positioning", 0, 1) in listed(found)
    assert ("positioning", 1, 0) not in listed(found)
