"""Writes the generated scenarios (the folders ``genius-*`` and ``negmas-*`` of ``scenarios/``).

Run ``python tests/case/foreign/make_scenarios.py`` from the root of the repository; the same seeds give the
same files. The NegMAS scenarios are written by NegMAS itself, so they are genuine; folders named ``hand-*``
were written by hand and are left alone.
"""

from __future__ import annotations

import random
import shutil
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from negmas.inout import Scenario
    from negmas.outcomes import CategoricalIssue, ContiguousIssue, make_os
    from negmas.outcomes.cardinal_issue import DiscreteCardinalIssue
    from negmas.outcomes.ordinal_issue import DiscreteOrdinalIssue
    from negmas.preferences import (
        AffineUtilityFunction,
        ConstUtilityFunction,
        LinearAdditiveUtilityFunction,
        LinearUtilityFunction,
        MappingUtilityFunction,
    )
    from negmas.preferences.discounted import ExpDiscountedUFun, LinDiscountedUFun
    from negmas.preferences.value_fun import (
        AffineFun,
        AggregatingFun,
        BiasedFun,
        ConstFun,
        IdentityFun,
        LinearFun,
        PolynomialFun,
        QuadraticFun,
        TableFun,
        TrapezoidalFun,
        TriangularFun,
    )

HERE = Path(__file__).parent / "scenarios"


# --------------------------------------------------------------------------- Genius

Issue = tuple[str, list[str] | tuple[int, int]]  # a name, and values or bounds


def _issue_xml(
    issue: Issue, index: int, evaluation: Any = None, form: str = "new", ranged: bool = False
) -> str:
    name, values = issue
    head = f"index={quoteattr(str(index))} name={quoteattr(name)}"
    if isinstance(values, tuple):
        bounds = f'lowerbound="{values[0]}" upperbound="{values[1]}"'
        lines = [f'<issue {head} type="integer" etype="integer" vtype="integer" {bounds}>']
        if ranged:
            lines.append(f"  <range {bounds}/>")
        if evaluation is not None:
            slope, offset = evaluation
            names = ("slope", "offset") if form == "new" else ("parameter1", "parameter0")
            lines.append(f'  <evaluator ftype="linear" {names[1]}="{offset}" {names[0]}="{slope}"/>')
    else:
        lines = [f'<issue {head} type="discrete" etype="discrete" vtype="discrete">']
        for number, value in enumerate(values, 1):
            score = "" if evaluation is None else f' evaluation="{evaluation[number - 1]}"'
            lines.append(f'  <item index="{number}" value={quoteattr(value)}{score}/>')
    return "\n".join([*lines, "</issue>"])


Tree = list[Any]  # of issue numbers, and of ("name", Tree) for nested objectives


def _objective_xml(
    name: str,
    tree: Tree,
    index: list[int],
    issue: Callable[[int, int], str],
    weight: Callable[[int], str] | None,
) -> str:
    own = index[0]
    index[0] += 1
    lines, tail = [f'<objective index="{own}" name={quoteattr(name)} type="objective" etype="objective">'], []
    for part in tree:
        number = index[0]
        if isinstance(part, int):
            index[0] += 1
            lines.append(issue(part, number))
            if weight is not None:
                tail.append(f'<weight index="{number}" value="{weight(part)}"/>')
        else:
            lines.append(_objective_xml(part[0], part[1], index, issue, weight))
            if weight is not None:
                tail.append(f'<weight index="{number}" value="0.5"/>')
    return "\n".join([*lines, *tail, "</objective>"])


def genius(
    folder: str,
    seed: int,
    issues: Sequence[Issue],
    parties: int = 2,
    *,
    tree: Tree | None = None,
    scores: Callable[[random.Random], str] = lambda r: str(r.randint(0, 20)),
    weigh: Callable[[random.Random, int], list[str]] | None = None,
    reservation: Callable[[int], str | None] = lambda _party: "0.0",
    discount: Callable[[int], str | None] = lambda _party: "1.0",
    evaluate: Callable[[random.Random, Issue], Any] | None = None,
    form: str = "new",
    ranged: bool = False,
    with_domain: bool = True,
    suffix: str = "",
) -> None:
    rng = random.Random(seed)
    place = _fresh(f"genius-{folder}")
    shape: Tree = tree if tree is not None else list(range(len(issues)))
    top = 0

    def plain(i: int, number: int) -> str:
        return _issue_xml(issues[i], number, ranged=ranged)

    if with_domain:
        body = _objective_xml(folder, shape, [top], plain, None)
        space = f'<utility_space number_of_issues="{len(issues)}">\n{body}\n</utility_space>'
        text = f"<negotiation_template>\n{space}\n</negotiation_template>\n"
        (place / "domain.xml").write_text(text, encoding="utf-8")
    for party in range(parties):
        drawn = []
        for issue in issues:
            if evaluate is not None:
                drawn.append(evaluate(rng, issue))
            elif isinstance(issue[1], tuple):
                low, high = issue[1]
                up = rng.random() < 0.5
                slope = round(1 / max(high - low, 1), 4)
                drawn.append((slope, 0) if up else (-slope, 1))
            else:
                values = [scores(rng) for _ in issue[1]]
                if all(float(v) == float(values[0]) for v in values):
                    values[0] = "7"
                drawn.append(values)
        weights = weigh(rng, len(issues)) if weigh else _weights(rng, len(issues))

        def valued(i: int, number: int, drawn: list[Any] = drawn) -> str:
            return _issue_xml(issues[i], number, drawn[i], form, ranged)

        body = _objective_xml(folder, shape, [top], valued, lambda i, w=weights: w[i])  # type: ignore[misc]
        extra = ""
        if (value := discount(party)) is not None:
            extra += f'<discount_factor value="{value}"/>\n'
        if (value := reservation(party)) is not None:
            extra += f'<reservation value="{value}"/>\n'
        head = f'<utility_space type="any" number_of_issues="{len(issues)}">'
        text = f"{head}\n{body}\n{extra}{suffix}</utility_space>\n"
        (place / f"profile-{party + 1}.xml").write_text(text, encoding="utf-8")


def _weights(rng: random.Random, count: int) -> list[str]:
    cuts = sorted(rng.sample(range(1, 100), count - 1))
    return [f"{(b - a) / 100:.2f}" for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]


def _fresh(name: str) -> Path:
    place = HERE / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place


def _plain_issues(sizes: Sequence[int]) -> list[Issue]:
    return [(f"issue {i + 1}", [f"{'abcdefgh'[i]}{k + 1}" for k in range(n)]) for i, n in enumerate(sizes)]


def write_genius() -> None:
    three = _plain_issues([3, 4, 3])
    genius("discrete-two", 1, three)
    genius("discrete-three-parties", 2, _plain_issues([3, 3, 4]), 3)
    genius("discrete-four-parties", 3, _plain_issues([3, 3, 3]), 4)
    genius("many-issues", 4, _plain_issues([4, 3, 4, 3, 5, 2]))
    genius("decimals", 5, three, scores=lambda r: f"{r.uniform(0, 9):.3f}")
    genius("long-tails", 6, three, scores=lambda r: repr(r.uniform(0, 1000)), weigh=_long_weights)
    genius("up-to-one", 7, three, scores=lambda r: f"{r.uniform(0.05, 0.9):.2f}")
    genius("weights-above-one", 8, three, weigh=lambda r, n: [f"{r.uniform(0.3, 0.9):.2f}" for _ in range(n)])
    genius(
        "weights-below-one", 9, three, weigh=lambda r, n: [f"{r.uniform(0.05, 0.3):.2f}" for _ in range(n)]
    )
    genius("weights-whole", 10, three, weigh=lambda r, n: [str(r.randint(0, 7) + 1) for _ in range(n)])
    genius("zero-weight", 11, three, weigh=lambda r, n: ["0.0", "0.4", "0.6"])
    genius("integer", 12, [("price", (10, 30)), ("days", (0, 14))])
    genius("integer-older-form", 13, [("price", (0, 20)), ("days", (-3, 4))], form="old", ranged=True)
    genius(
        "integer-cut",
        14,
        [("price", (5, 15)), ("days", (1, 6))],
        evaluate=lambda r, i: (f"{r.uniform(0.1, 0.3):.2f}", "-0.15"),
    )
    genius("mixed", 15, [("price", (3, 9)), *_plain_issues([3, 4])], 3, ranged=True)
    genius("nested", 16, _plain_issues([3, 3, 2, 3]), tree=[0, ("money", [1, 2]), 3])
    genius(
        "nested-twice",
        17,
        _plain_issues([2, 3, 2, 3, 2]),
        3,
        tree=[("one", [0, ("two", [1, 2])]), ("three", [3]), 4],
    )
    genius("reservation", 18, three, reservation=lambda p: ["0.35", "0.5"][p])
    genius("reservation-missing", 19, three, reservation=lambda p: None, discount=lambda p: None)
    genius("reservation-out-of-reach", 20, three, reservation=lambda p: ["0.2", "1.0"][p])
    genius(
        "discount", 21, three, 3, discount=lambda p: ["0.9", "0.5", "1.0"][p], reservation=lambda p: "0.25"
    )
    genius(
        "ties",
        22,
        _plain_issues([3, 3, 3]),
        scores=lambda r: str(r.choice([1, 2])),
        weigh=lambda r, n: ["0.25", "0.25", "0.5"],
    )
    genius(
        "one-value",
        23,
        [*_plain_issues([3]), ("place", ["Geneva"]), ("days", (4, 4)), ("tone", ["warm", "cool"])],
    )
    genius(
        "all-zero",
        24,
        three,
        evaluate=lambda r, i: ["0", "0", "0"] if i[0] == "issue 1" else [str(r.randint(1, 9)) for _ in i[1]],
    )
    genius(
        "awkward-names",
        25,
        [
            ("a.b & <c>", ["yes", "no", "null", "1e3"]),
            ("Größe", ["1900", "~", "x: y", "  padded "]),
            ("to", ["1 to 2", "#3"]),
        ],
    )
    genius(
        "settings",
        26,
        three,
        suffix="<comparisons>120</comparisons>\n<errors>0</errors>\n<experimental>true</experimental>\n",
    )
    genius("no-domain", 27, three, with_domain=False)
    genius("one-party", 28, three, 1)


def _long_weights(rng: random.Random, count: int) -> list[str]:
    drawn = [rng.random() for _ in range(count)]
    return [repr(d / sum(drawn)) for d in drawn]


# --------------------------------------------------------------------------- NegMAS


def negmas(
    folder: str, issues: Sequence[Any], make: Callable[[Any], Sequence[Any]], kind: str = "yml"
) -> None:
    place = _fresh(f"negmas-{folder}")
    space = make_os(list(issues), name="domain")
    Scenario(outcome_space=space, ufuns=tuple(make(space)), name=folder).dumpas(place, kind)


def _tables(
    rng: random.Random, issues: Sequence[Any], low: float = 0, high: float = 1, digits: int = 3
) -> list[Any]:
    return [TableFun({v: round(rng.uniform(low, high), digits) for v in issue.all}) for issue in issues]


def _party(rng: random.Random, space: Any, name: str, reserved: float, **more: Any) -> Any:
    return LinearAdditiveUtilityFunction(
        _tables(rng, space.issues, **more),
        weights=[round(rng.uniform(0.1, 1), 3) for _ in space.issues],
        outcome_space=space,
        name=name,
        reserved_value=reserved,
    )


def _parties(
    seed: int, names: Sequence[str], reserved: float = 0.2, **more: Any
) -> Callable[[Any], list[Any]]:
    def make(space: Any) -> list[Any]:
        rng = random.Random(seed)
        return [_party(rng, space, name, reserved, **more) for name in names]

    return make


def _cat(sizes: Sequence[int]) -> list[Any]:
    return [
        CategoricalIssue([f"{'abcdefgh'[i]}{k + 1}" for k in range(n)], name=f"i{i + 1}")
        for i, n in enumerate(sizes)
    ]


def write_negmas() -> None:
    two, three, four = ["buyer", "seller"], ["ada", "ben", "cem"], ["n", "e", "s", "w"]
    for kind in ("yml", "json"):
        negmas(f"table-{kind}", _cat([3, 4, 3]), _parties(31, two), kind)
        negmas(f"table-three-{kind}", _cat([3, 3, 3]), _parties(32, three), kind)
        negmas(f"ties-{kind}", _cat([3, 3, 3]), _parties(33, two, digits=0, high=2), kind)
        negmas(
            f"formulas-{kind}", _numeric(), lambda s: [_formulas(s, "one", 1), _formulas(s, "two", -1)], kind
        )
    negmas("table-four", _cat([3, 3, 2]), _parties(34, four, reserved=0.1))
    negmas("large", _cat([5, 5, 4, 4, 3, 3]), _parties(35, two, reserved=0.5))
    negmas("no-reservation", _cat([3, 4]), _parties(36, three, reserved=float("-inf")))
    negmas("low-reservation", _cat([3, 4]), _parties(37, two, reserved=-5.0))
    negmas("high-reservation", _cat([3, 4]), _parties(38, two, reserved=50.0))
    negmas("negative-values", _cat([3, 4, 2]), _parties(39, two, reserved=-0.4, low=-1, high=1))
    negmas("long-tails", _cat([3, 4, 3]), _parties(40, two, digits=17))
    negmas("negative-weights", _cat([3, 4, 2]), _negative)
    negmas("affine", [ContiguousIssue((0, 5), name="p"), ContiguousIssue((2, 4), name="q")], _affine)
    negmas(
        "cardinal",
        [
            DiscreteCardinalIssue([1, 5, 9], name="p"),
            DiscreteOrdinalIssue(["lo", "hi"], name="o"),
            CategoricalIssue([0.5, 1.25, 4], name="f"),
        ],
        _parties(41, two),
    )
    negmas(
        "constant-party",
        _cat([2, 3]),
        lambda s: [
            _party(random.Random(42), s, "one", 0.1),
            ConstUtilityFunction(0.4, outcome_space=s, name="flat", reserved_value=0.2),
        ],
    )
    negmas(
        "one-value",
        [*_cat([3]), CategoricalIssue(["only"], name="fixed"), CategoricalIssue(["x", "y"], name="last")],
        _parties(43, two),
    )
    negmas("discounted", _cat([3, 3]), _discounted)
    negmas("mapping", _cat([3, 2, 2]), _mapping)
    negmas(
        "awkward-names",
        [
            CategoricalIssue(["yes", "no", "1e3", "1900", "null"], name="a.b"),
            CategoricalIssue(["on", "~", "2025-08-15"], name="no"),
        ],
        _parties(44, ["x.y", "off"]),
    )
    negmas(
        "truth-values",
        [CategoricalIssue([True, False], name="signed"), CategoricalIssue(["a", "b", "c"], name="term")],
        _parties(45, two),
    )
    negmas("written-as-genius", _cat([3, 4]), _parties(46, two, low=1, high=9), "xml")


def _numeric() -> list[Any]:
    return [
        ContiguousIssue((lo, hi), name=n)
        for n, lo, hi in (("a", 0, 3), ("b", 1, 4), ("c", -2, 2), ("d", 0, 2), ("e", 0, 3))
    ]


def _formulas(space: Any, name: str, sign: int) -> Any:
    first = [
        AffineFun(0.3 * sign, 1.0),
        QuadraticFun(a2=-0.2, a1=0.9 * sign, bias=0.05),
        TriangularFun(start=-2.0, end=2.0, middle=1.0),
    ]
    second = [
        PolynomialFun((0.1, -0.02, 0.3 * sign), 0.5),
        BiasedFun(LinearFun(0.5 * sign), 0.7),
    ]
    third = [
        IdentityFun(),
        ConstFun(0.3),
        TrapezoidalFun(-3.0, -1.0, 0.0, 3.0, 0.1, 2.0),
        AffineFun(-0.4),
        AggregatingFun((IdentityFun(), LinearFun(0.5)), (1.0, -2.0)),
    ]
    values = [*first, *second] if sign > 0 else third
    return LinearAdditiveUtilityFunction(
        values, weights=[0.1, 0.3, 0.2, 0.25, 0.15], outcome_space=space, name=name, reserved_value=0.2
    )


def _negative(space: Any) -> list[Any]:
    rng = random.Random(47)
    return [
        LinearAdditiveUtilityFunction(
            _tables(rng, space.issues, -2, 3),
            weights=weights,
            outcome_space=space,
            name=name,
            reserved_value=0.1,
        )
        for name, weights in (("one", [0.5, -0.3, 1.0]), ("two", [-1.0, 0.2, 0.0]))
    ]


def _affine(space: Any) -> list[Any]:
    more = {"outcome_space": space}
    return [
        AffineUtilityFunction([0.3, -0.1], 0.7, name="one", reserved_value=0.6, **more),
        LinearUtilityFunction([-0.2, 0.5], name="two", reserved_value=0.25, **more),
    ]


def _discounted(space: Any) -> list[Any]:
    rng = random.Random(48)
    more = {"outcome_space": space}
    return [
        ExpDiscountedUFun(
            _party(rng, space, "inner", 0.1), discount=0.9, name="one", reserved_value=0.3, **more
        ),
        LinDiscountedUFun(
            _party(rng, space, "inner", 0.1), cost=0.01, name="two", reserved_value=0.2, **more
        ),
        _party(rng, space, "three", 0.2),
    ]


def _mapping(space: Any) -> list[Any]:
    rng = random.Random(49)
    parts = [{v: rng.randint(0, 8) for v in issue.all} for issue in space.issues]
    table = {o: sum(p[v] for p, v in zip(parts, o, strict=True)) for o in space.enumerate()}
    return [
        _party(rng, space, "plain", 0.2),
        MappingUtilityFunction(table, outcome_space=space, name="table", reserved_value=6.0),
    ]


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_genius()
        write_negmas()
