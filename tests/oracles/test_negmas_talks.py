"""Sides that follow the clock agree on the same deal in the same round as NegMAS' own negotiators.

NegMAS 0.16: ``SAOMechanism`` with ``BoulwareTBNegotiator``, ``LinearTBNegotiator`` and
``ConcederTBNegotiator`` against the strategy "aspiration" with their exponents and margin.
docs/explanation/peers-negmas.md counts this.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from oracles import negmas_peer
from winset.kernels.talks import AGREED, WALKED, Engine, Outcome, Side, bargain

SCENARIOS = Path(__file__).parent.parent / "case" / "foreign" / "scenarios"
EXPONENTS = {"Boulware": 4.0, "Linear": 1.0, "Conceder": 0.25}
Floats = npt.NDArray[np.float64]


@pytest.fixture(autouse=True)
def stable_sort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of equal deals NegMAS offers the first in an order that its sort leaves open: here the lowest."""
    monkeypatch.setattr(np, "argsort", functools.partial(np.argsort, kind="stable"))


def theirs(peer: negmas_peer.Peer, kinds: list[str], rounds: int) -> tuple[Any, int]:
    """The outcome that NegMAS agrees on, or None, and its last step."""
    from negmas.sao import SAOMechanism, negotiators

    with negmas_peer.quiet():
        mechanism = SAOMechanism(issues=list(peer.issues), n_steps=rounds)
        for kind, ufun in zip(kinds, peer.ufuns, strict=True):
            mechanism.add(getattr(negotiators, f"{kind}TBNegotiator")(), ufun=ufun)
        state = mechanism.run()
    return state.agreement, state.step


def ours(utility: Floats, reserve: Floats, kinds: list[str], rounds: int, engine: Engine) -> Outcome:
    sides = [
        Side("aspiration", {"exponent": np.array([EXPONENTS[kind]]), "eps": np.array([1e-4])})
        for kind in kinds
    ]
    return bargain(utility[:, :, None], reserve[:, None], sides, rounds=rounds, engine=engine)


def compare(peer: negmas_peer.Peer, kinds: list[str], rounds: int) -> str:
    """What came out: "agreed", "none" or "hopeless"; fails where the two differ."""
    outcomes = peer.outcomes()
    utility = np.array([peer.utilities(o) for o in outcomes]).T
    reserve = np.array(peer.reserved())
    agreement, step = theirs(peer, kinds, rounds)
    for engine in ("numpy", "compiled"):
        found = ours(utility, reserve, kinds, rounds, engine)
        if (utility.max(axis=1) < reserve).any():
            # NegMAS goes on offering a best deal that is worth less than no deal; here the side walks out
            assert found.ended[0] == WALKED
            continue
        assert (found.ended[0] == AGREED) == (agreement is not None)
        if agreement is not None:
            assert outcomes[found.deal[0]] == agreement
            assert found.round[0] == step
    if (utility.max(axis=1) < reserve).any():
        return "hopeless"
    return "none" if agreement is None else "agreed"


def random_peer(
    rng: np.random.Generator, parties: int, sizes: tuple[int, ...] = (), reserve: float | None = None
) -> negmas_peer.Peer:
    from negmas.outcomes import make_issue, make_os
    from negmas.preferences import LinearAdditiveUtilityFunction
    from negmas.preferences.value_fun import TableFun

    sizes = sizes or tuple(rng.integers(2, 6, rng.integers(1, 5)).tolist())
    issues = [make_issue([f"o{k}" for k in range(size)], name=f"i{n}") for n, size in enumerate(sizes)]
    space = make_os(issues)
    made = []
    for _ in range(parties):
        tables = [TableFun(dict(zip(i.all, rng.random(i.cardinality).tolist(), strict=True))) for i in issues]
        made.append(
            LinearAdditiveUtilityFunction(
                tables,
                weights=rng.dirichlet(np.ones(len(sizes))).tolist(),
                outcome_space=space,
                reserved_value=float(rng.choice([0.0, 0.2, 0.4, 0.6, 0.8])) if reserve is None else reserve,
            )
        )
    return negmas_peer.Peer(tuple(issues), tuple(made))


@pytest.mark.parametrize("parties", [2, 3])
def test_random_scenarios(parties: int) -> None:
    ends = []
    for seed in range(220 if parties == 2 else 60):
        rng = np.random.default_rng([parties, seed])
        kinds = rng.choice(list(EXPONENTS), parties).tolist()
        ends.append(compare(random_peer(rng, parties), kinds, int(rng.integers(1, 60))))
    assert ends.count("agreed") >= (100 if parties == 2 else 20)
    assert ends.count("none") >= 5
    assert ends.count("hopeless") >= 5


def test_among_many_deals_only_the_tolerance_of_negmas_sets_them_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a thousand deals one may lie less than 0.000001 below what NegMAS asks and yet be offered; without
    that tolerance all are equal again."""
    from negmas.preferences.inv_ufun import PresortingInverseUtilityFunction

    made = [random_peer(np.random.default_rng([9, n]), 2, sizes=(10, 10, 10), reserve=0.3) for n in range(40)]
    monkeypatch.setattr(PresortingInverseUtilityFunction.worst_in, "__defaults__", (True, 0.0))
    ends = [compare(peer, ["Boulware", "Linear"], 100) for peer in made]
    assert ends == ["agreed"] * 40


DISCOUNTED = "negmas-discounted"  # utilities that change as time passes: not what is compared here


def several(folder: Path) -> bool:
    return folder.is_dir() and folder.name != DISCOUNTED and len(negmas_peer.load(folder).names) > 1


FOLDERS = sorted(p.name for p in SCENARIOS.iterdir() if several(p))


def test_there_are_enough_files() -> None:
    assert len(FOLDERS) >= 50


@pytest.mark.parametrize("folder", FOLDERS)
def test_file_scenarios(folder: str) -> None:
    peer = negmas_peer.load(SCENARIOS / folder)
    rng = np.random.default_rng(len(folder))
    for rounds in (1, 10, 37):
        kinds = rng.choice(list(EXPONENTS), len(peer.names)).tolist()
        compare(peer, kinds, rounds)
