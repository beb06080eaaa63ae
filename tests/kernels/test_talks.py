"""Talks in rounds against a plain version of the same rules, and what must always hold."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from oracles import talks_oracle as plain
from winset.kernels.talks import (
    AGREED,
    BROKEN,
    DEADLINE,
    STRATEGIES,
    WALKED,
    Engine,
    Mediator,
    Outcome,
    Side,
    bargain,
    engine,
    registry,
    steps,
    table,
)

Floats = npt.NDArray[np.float64]

ORACLES: dict[str, type[plain.Negotiator]] = {
    "time-dependent": plain.TimeDependent,
    "aspiration": plain.Aspiration,
    "relative tit-for-tat": plain.RelativeTitForTat,
    "random tit-for-tat": plain.RandomTitForTat,
    "averaged tit-for-tat": plain.AveragedTitForTat,
    "micro": plain.Micro,
    "bayesian": plain.Bayesian,
    "random": plain.RandomWalker,
}
CLOCKS = ["time-dependent", "aspiration"]


class Scene:
    """Random talks: two to four sides, ties, red lines, sides that cannot be satisfied."""

    def __init__(self, seed: int, names: list[str], longer: bool = False) -> None:
        rng = np.random.default_rng(seed)
        self.draws, self.deals = int(rng.integers(1, 9)), int(rng.integers(1, 25))
        if longer:
            self.draws, self.deals = 150, int(rng.integers(100, 300))
        self.count = int(rng.integers(2, 5))
        whole = rng.random() < 0.5  # ties
        self.utility = rng.random((self.count, self.deals, self.draws)) * 100
        if whole:
            self.utility = np.round(self.utility / 20) * 20
        self.utility[rng.random(self.utility.shape) < rng.choice([0.0, 0.3])] = -np.inf
        self.reserve = rng.random((self.count, self.draws)) * rng.choice([0.0, 60.0, 105.0])
        self.sizes = [self.deals]
        if self.deals % 2 == 0:
            self.sizes = [2, self.deals // 2]
        self.options = np.stack(np.unravel_index(np.arange(self.deals), self.sizes), axis=1).astype(np.int16)
        self.rounds = int(rng.integers(1, 120 if longer else 20))
        self.first = rng.integers(0, self.count, self.draws)
        self.hazard = rng.choice([0.0, 0.05, 0.3, 1.0], self.draws)
        self.numbers: dict[str, Floats] = {}
        self.rng = rng
        self.sides, self.given = [], []
        for name in rng.choice(names, self.count):
            kind = next(k for k in STRATEGIES if k.name == name)
            given = {p.name: self.parameter(p) for p in kind.parameters}
            self.sides.append(Side(name, given))
            self.given.append(given)

    def parameter(self, parameter: Any) -> Floats:
        low, high = max(parameter.low, 0.1), min(parameter.high, 8.0)
        if parameter.name in ("kappa", "most", "least", "band", "pace"):
            low = 0.0
        if parameter.name == "lag":
            return self.rng.integers(1, 4, self.draws).astype(np.float64)
        return low + (high - low) * self.rng.random(self.draws)

    def uniforms(self, name: str) -> Floats:
        if name not in self.numbers:
            self.numbers[name] = self.rng.random(self.draws)
        return self.numbers[name]

    def room(self, draw: int) -> list[plain.Negotiator]:
        def uniform(side: int) -> plain.Uniform:
            return lambda name: float(self.uniforms(f"side {side} {name}")[draw])

        return [
            ORACLES[side.strategy](
                self.utility[n, :, draw].tolist(),
                float(self.reserve[n, draw]),
                self.rounds,
                uniform=uniform(n),
                options=self.options.tolist(),
                **{k: float(v[draw]) for k, v in given.items()},
            )
            for n, (side, given) in enumerate(zip(self.sides, self.given, strict=True))
        ]

    def expected(self, protocol: str, mediator: Mediator | None) -> list[plain.Ending]:
        out = []
        for draw in range(self.draws):

            def uniform(name: str, draw: int = draw) -> float:
                return float(self.uniforms(name)[draw])

            room = self.room(draw)
            limit = plain.last_round(self.rounds, float(self.hazard[draw]), uniform)
            if protocol == "alternating":
                out.append(plain.alternating(room, self.rounds, limit, int(self.first[draw])))
            elif protocol == "random":
                out.append(plain.random_proposer(room, self.rounds, limit, uniform))
            else:
                assert mediator is not None
                belief = mediator.belief[:, draw].tolist()
                out.append(plain.mediated(room, self.rounds, limit, belief, mediator.patience))
        return out

    def asked(self, protocol: str) -> dict[str, Any]:
        mediator = None
        if protocol == "mediated":
            belief = np.round(self.rng.random((self.deals, self.draws)) * 10) / 10 - 0.2
            mediator = Mediator(belief, int(self.rng.integers(1, 6)))
        return {
            "rounds": self.rounds,
            "protocol": protocol,
            "first": self.first,
            "hazard": self.hazard,
            "uniforms": self.uniforms,
            "options": self.options,
            "mediator": mediator,
        }


def endings(outcome: Outcome) -> list[plain.Ending]:
    return list(
        zip(
            outcome.deal.tolist(),
            outcome.round.tolist(),
            outcome.by.tolist(),
            outcome.ended.tolist(),
            strict=True,
        )
    )


@pytest.mark.parametrize("protocol", ["alternating", "random", "mediated"])
def test_talks_end_as_in_plain_python(protocol: str) -> None:
    ways = set()
    for seed in range(300):
        scene = Scene(seed, list(ORACLES))
        asked = scene.asked(protocol)
        found = endings(bargain(scene.utility, scene.reserve, scene.sides, **asked))
        assert found == scene.expected(protocol, asked["mediator"]), seed
        ways |= {ended for *_, ended in found}
    assert ways >= {AGREED, DEADLINE, BROKEN} | ({WALKED} if protocol != "mediated" else set())


@pytest.mark.parametrize("protocol", ["alternating", "random"])
def test_compiled_rounds_give_the_same_bits(protocol: str) -> None:
    for seed in range(400):
        scene = Scene(seed, CLOCKS, longer=seed % 3 == 0)
        asked = scene.asked(protocol)
        plainly = bargain(scene.utility, scene.reserve, scene.sides, engine="numpy", **asked)
        for given in (scene.utility, list(scene.utility), side_by_side(scene.utility)):
            quickly = bargain(given, scene.reserve, scene.sides, engine="compiled", **asked)
            for name in ("deal", "round", "by", "ended"):
                one, other = getattr(plainly, name), getattr(quickly, name)
                assert one.dtype == other.dtype
                assert one.tobytes() == other.tobytes(), (seed, name)


def side_by_side(utility: Floats) -> Floats:
    """The same numbers with the deals of a draw next to each other."""
    return np.ascontiguousarray(utility.transpose(2, 0, 1)).transpose(1, 2, 0)


def test_auto_takes_the_compiled_loop_only_once_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_asked", 0)
    assert not engine.chosen("auto", 1000)
    assert not engine.chosen("auto", engine._WORTH - 1000)
    assert engine.chosen("auto", 1)
    assert not engine.chosen("numpy", engine._WORTH)
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    assert not engine.chosen("auto", engine._WORTH)
    with pytest.raises(ValueError, match=r"pip install 'winset\[fast\]'"):
        engine.chosen("compiled", 1)
    with pytest.raises(ValueError, match='no engine "fast"; there are auto, numpy, compiled'):
        engine.chosen("fast", 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("protocol", ["alternating", "random"])
@pytest.mark.parametrize("name", list(ORACLES))
def test_each_strategy_against_the_clock_and_itself_as_in_plain_python(name: str, protocol: str) -> None:
    agreed = 0
    for seed in range(60):
        scene = Scene(1000 + seed, [name, "time-dependent"])
        asked = scene.asked(protocol)
        found = endings(bargain(scene.utility, scene.reserve, scene.sides, **asked))
        assert found == scene.expected(protocol, None), seed
        agreed += sum(ended == AGREED for *_, ended in found)
    assert agreed > 20


def test_every_strategy_has_a_plain_version() -> None:
    assert set(ORACLES) == {kind.name for kind in STRATEGIES}
    assert [kind.name for kind in STRATEGIES if kind.needs_options] == ["bayesian"]


def test_only_strategies_that_are_not_deterministic_ask_for_random_numbers() -> None:
    deal = np.arange(10.0)[:, None]
    opposed, reserve = np.stack([deal, 9 - deal]), np.full((2, 1), 5.0)  # no agreement, all rounds are played
    rest: dict[str, Any] = {"rounds": 30, "options": np.arange(10, dtype=np.int16)[:, None]}
    for kind in STRATEGIES:
        sides = [Side(kind.name)] * 2
        if kind.deterministic:
            assert bargain(opposed, reserve, sides, **rest).ended == DEADLINE
        else:
            with pytest.raises(ValueError, match="need random numbers"):
                bargain(opposed, reserve, sides, **rest)


@pytest.mark.parametrize("protocol", ["alternating", "random", "mediated"])
def test_the_steps_of_a_draw_lead_to_its_end(protocol: str) -> None:
    for seed in range(120):
        scene = Scene(seed, list(ORACLES))
        asked = scene.asked(protocol)
        outcome = bargain(scene.utility, scene.reserve, scene.sides, **asked)
        for draw in range(scene.draws):
            told = steps(scene.utility, scene.reserve, scene.sides, draw=draw, **asked)
            ended = outcome.ended[draw]
            assert all(step.round <= outcome.round[draw] for step in told)
            if protocol == "mediated":
                texts = [s.deal for s in told if len(s.accepted) == scene.count]
                assert (ended == AGREED) <= (outcome.deal[draw] in texts)
                continue
            full = [s for s in told if len(s.accepted) == scene.count - 1]
            assert [s.deal for s in full] == ([outcome.deal[draw]] if ended == AGREED else [])
            if ended == AGREED:
                assert told[-1] == full[0]
                assert full[0].by == outcome.by[draw]
                assert full[0].by not in full[0].accepted


def test_nobody_agrees_below_its_reservation_value_or_across_a_red_line() -> None:
    agreed = 0
    for seed in range(200):
        scene = Scene(seed, list(ORACLES))
        for protocol in ("alternating", "random", "mediated"):
            outcome = bargain(scene.utility, scene.reserve, scene.sides, **scene.asked(protocol))
            for draw in np.flatnonzero(outcome.ended == AGREED):
                agreed += 1
                worth = scene.utility[:, outcome.deal[draw], draw]
                assert (worth >= scene.reserve[:, draw] - 1e-9).all()
    assert agreed > 500


def test_one_column_of_utilities_stands_for_all_draws() -> None:
    scene = Scene(3, ["time-dependent"])
    fixed = scene.utility[:, :, :1]
    asked = scene.asked("alternating")
    repeated = bargain(np.repeat(fixed, scene.draws, axis=2), scene.reserve, scene.sides, **asked)
    for how in ("numpy", "compiled"):
        assert endings(bargain(fixed, scene.reserve, scene.sides, engine=how, **asked)) == endings(repeated)


def test_deals_that_are_not_allowed_are_as_if_refused() -> None:
    scene = Scene(5, list(ORACLES))
    asked = scene.asked("alternating")
    allowed = scene.rng.random((scene.deals, scene.draws)) < 0.5
    without = np.where(allowed, scene.utility, -np.inf)
    left = bargain(scene.utility, scene.reserve, scene.sides, allowed=allowed, **asked)
    assert endings(left) == endings(bargain(without, scene.reserve, scene.sides, **asked))


def test_faratin_and_others_1998_figure_of_tactics() -> None:
    """alpha(t) at the middle of the time (their sec. 4.1): linear gives half, Boulware of beta 1/2 a quarter,
    Conceder of beta 2 the square root of a half; the first offer concedes kappa, the last one everything."""
    kind = next(k for k in STRATEGIES if k.name == "time-dependent")

    def conceded(beta: float, kappa: float) -> Floats:
        share: Floats = 1 - kind().share(11, {"beta": np.array([beta]), "kappa": np.array([kappa])})  # type: ignore[attr-defined]
        return share[:, 0]

    assert conceded(1, 0)[5] == pytest.approx(0.5)
    assert conceded(0.5, 0)[5] == pytest.approx(0.25)
    assert conceded(2, 0)[5] == pytest.approx(0.5**0.5)
    assert conceded(1, 0.2)[[0, 5, 10]] == pytest.approx([0.2, 0.6, 1.0])


@pytest.mark.parametrize(
    ("side", "rest", "told"),
    [
        (Side("boulware"), {}, 'no strategy "boulware"; there are time-dependent, '),
        (Side("time-dependent", {"exponent": np.ones(1)}), {}, 'has no parameter "exponent"; it has beta'),
        (
            Side("time-dependent", {"kappa": np.array([1.5])}),
            {},
            '"kappa" of "time-dependent" must lie in 0 to 1',
        ),
        (Side("time-dependent"), {"protocol": "auction"}, 'no protocol "auction"; there are alternating, '),
        (Side("time-dependent"), {"hazard": np.array([0.1])}, 'need random numbers \\("hazard"\\)'),
        (Side("time-dependent"), {"protocol": "mediated"}, "need a mediator"),
    ],
)
def test_what_cannot_be_played_is_refused(side: Side, rest: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        bargain(np.ones((2, 3, 1)), np.zeros((2, 1)), [side, side], rounds=3, **rest)


def test_the_page_on_strategies_adds_one_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put on the list, the strategy of the page plays by its name as it did for the page without, also in the
    compiled rounds."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "strategy.md").read_text(encoding="utf-8")
    shown: dict[str, Any] = {"print": lambda *told: None}
    for snippet in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(snippet, shown)
    kind = shown["Brinkman"]
    monkeypatch.setattr(registry, "STRATEGIES", (*registry.STRATEGIES, kind))
    named = [Side(kind.name, {"until": np.array([0.75])}), shown["sides"][1]]
    for how in ("numpy", "compiled"):
        found = bargain(shown["utility"], shown["reserve"], named, rounds=8, engine=how)
        assert endings(found) == endings(shown["outcome"]) == [(4, 7, 1, AGREED)]


def test_the_page_on_strategies_lists_all_with_their_numbers() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "strategy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z -]+)` \|.*\|(.*)\|$", page, re.MULTILINE)
    listed = {name: set(re.findall("`(.+?)`", numbers)) for name, numbers in rows}
    assert listed == {kind.name: {p.name for p in kind.parameters} for kind in STRATEGIES}


@pytest.mark.parametrize("how", ["numpy", "compiled"])
def test_pieces_of_draws_make_no_difference(how: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(3, CLOCKS, longer=True)
    asked = {**scene.asked("alternating"), "engine": how}
    whole = endings(bargain(scene.utility, scene.reserve, scene.sides, **asked))
    monkeypatch.setattr(engine, "_ROOM", 3 * scene.deals * scene.count)
    monkeypatch.setattr(table, "_ORDERED", 3 * scene.deals)
    assert endings(bargain(scene.utility, scene.reserve, scene.sides, **asked)) == whole


def test_numba_is_imported_only_where_it_plays() -> None:
    code = "import sys, winset, winset.kernels.talks, winset.lenses.course; print('numba' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_where_nothing_can_be_kept_the_loop_is_compiled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    from winset.kernels.compiling import fast

    def njit(signature: Any, *, nogil: bool, error_model: str, cache: bool = False) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: ("compiled", signature, function)

    monkeypatch.setattr(numba, "njit", njit)
    assert fast()(len) == ("compiled", None, len)
