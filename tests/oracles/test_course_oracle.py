"""The lens against a run of every draw in plain Python."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tests.oracles.course_oracle import Oracle, random_course

from winset import read_data
from winset.compiled.draws import uncertain
from winset.lenses.course import _Runner
from winset.lenses.course_ends import ends
from winset.lenses.course_plan import CoursePlan, course_plan
from winset.lenses.course_run import ENDINGS
from winset.lenses.course_story import names_of
from winset.lenses.estimates import Plan

DRAWS = 120


@pytest.mark.parametrize("batch", range(5))
def test_every_draw_ends_as_in_plain_python(batch: int) -> None:
    seen: set[str] = set()
    for number in range(8 * batch, 8 * batch + 8):
        case = read_data(random_course(random.Random(number)))
        oracle = Oracle(case, DRAWS, seed=number)
        model = uncertain(case, also=("stages", "talks"))
        made = course_plan(model, case.stages, case.talks)
        assert isinstance(made, CoursePlan)
        runner = _Runner(model, Plan(DRAWS, number), [made], None, None)
        runner.run()
        found = ends(made, runner.trails[0])
        names = [s.name for s in made.stages] + [""]
        for d, run in enumerate(oracle.runs):
            how = ENDINGS[found.how[d]]
            told = (how, names[found.stage[d]], int(found.deal[d]))
            deal = -1 if run["deal"] is None else run["deal"]
            assert told == (run["how"], run["stage"], deal), f"case {number}, draw {d}"
            if how != "agreement":
                who = names_of(made, int(found.how[d]), int(found.who[d]), int(found.stage[d]))
                assert set(who) == run["who"], f"case {number}, draw {d}"
            gains = [run["gross"][p] - run["spent"][p] for p in model.parties]
            np.testing.assert_allclose(found.gain[:, d], gains, atol=1e-7)
            assert found.clock[d] == pytest.approx(run["days"])
            seen.add(how)
    assert len(seen) >= 4
