"""Files of a sweep: the same bytes however it is cut, resumed where it stopped, nothing overwritten."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from runs.examples import TEXT, case
from winset.case import loads
from winset.errors import CaseError, QuestionError
from winset.runs import query, summary, sweep
from winset.runs import store as storing
from winset.runs.engine import needs
from winset.runs.store import missing, piece_path

OVER = ["preferences.lower.no_deal=30,40,50", "upper.type=@"]


def run(folder: Path, **options: Any) -> Any:
    return sweep({"well": case()}, OVER, folder=folder, **{"draws": 3000, "workers": 0, **options})


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("sweep") / "done").folder  # type: ignore[no-any-return]


def test_inputs_stand_beside_outputs(done: Path) -> None:
    rows = pq.read_table(done / "results.parquet").to_pylist()
    assert len(rows) == 6 * 3
    assert [(r["preferences.lower.no_deal"], r["upper.type"], r["first"], r["draws"]) for r in rows[:4]] == [
        (30.0, "open", 0, 1024),
        (30.0, "open", 1024, 1024),
        (30.0, "open", 2048, 952),
        (30.0, "closed", 0, 1024),
    ]
    for row in rows:
        assert 0 <= row["zone"] <= row["draws"]
        assert row["zone_deals"] <= min(row["accepted:upper"], row["accepted:lower"])
        assert row["offer:halves"] <= min(row["offer:halves:upper"], row["offer:halves:lower"], row["zone"])
        assert row["seed"] == 0


def test_the_cut_changes_no_byte(done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = (done / "results.parquet").read_bytes()
    for piece in (1024, 2048, 7 * 1024):
        other = run(tmp_path / str(piece), piece=piece)
        assert other.plan.pieces == -(-18 // (piece // 1024))
        assert other.results.read_bytes() == expected
    # in several groups of rows too
    monkeypatch.setattr(storing, "GROUP", 5)
    one, two = run(tmp_path / "one", piece=1024), run(tmp_path / "two", piece=4096)
    assert pq.ParquetFile(one.results).num_row_groups == 4
    assert one.results.read_bytes() == two.results.read_bytes()
    assert pq.read_table(one.results).equals(pq.read_table(done / "results.parquet"))


def test_more_draws_keep_the_first_ones(done: Path, tmp_path: Path) -> None:
    more = run(tmp_path / "more", draws=4000)
    old = {(r["point"], r["first"]): r for r in pq.read_table(done / "results.parquet").to_pylist()}
    new = {(r["point"], r["first"]): r for r in pq.read_table(more.results).to_pylist()}
    assert all(new[key] == row for key, row in old.items() if row["draws"] == 1024)


def test_only_what_is_missing_is_computed(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(tmp_path / "a", piece=1024)
    first.results.unlink()
    for number in (2, 5):
        piece_path(first.folder, number).unlink()
    kept = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in first.folder.rglob("pieces/**/*.parquet")}
    assert missing(first.folder, 18) == [2, 5]
    again = run(tmp_path / "a", piece=1024)
    assert again.before == 16
    assert again.results.read_bytes() == (done / "results.parquet").read_bytes()
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in kept} == kept
    assert run(tmp_path / "a", piece=1024).before == 18


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"draws": 2000}, "--draws: 3000 there, 2000 here"),
        ({"seed": 1}, "--seed: 0 there, 1 here"),
        ({"piece": 4096}, "--piece"),
    ],
)
def test_another_plan_in_the_same_folder_is_refused(done: Path, options: dict[str, Any], said: str) -> None:
    before = {p: p.read_bytes() for p in done.rglob("*") if p.is_file()}
    with pytest.raises(CaseError, match="holds another sweep; nothing was changed") as caught:
        run(done, **options)
    assert said in str(caught.value)
    assert {p: p.read_bytes() for p in done.rglob("*") if p.is_file()} == before


def test_another_case_in_the_same_folder_is_refused(done: Path) -> None:
    changed = loads(TEXT.replace("meter: 10}", "meter: 11}", 1))
    with pytest.raises(CaseError, match="they differ in cases"):
        sweep({"well": changed}, OVER, folder=done, draws=3000, workers=0)
    respelled = loads(TEXT.replace("no_deal: 50", "no_deal: 50.0"))
    assert sweep({"well": respelled}, OVER, folder=done, draws=3000, workers=0).before == 18


def test_folders_that_hold_something_else(done: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(CaseError, match="not empty and holds no sweep"):
        run(tmp_path / "mine")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    with pytest.raises(CaseError, match="a file, not a folder"):
        run(tmp_path / "mine" / "thesis.txt")
    with pytest.raises(CaseError, match="there is no such folder"):
        summary(tmp_path / "nothing")
    with pytest.raises(CaseError, match="the folder holds no sweep"):
        summary(tmp_path / "mine")
    (tmp_path / "bad").mkdir()
    for text in ("{", "[]", "{}", json.dumps({**json.loads((done / "plan.json").read_text()), "points": 3})):
        (tmp_path / "bad" / "plan.json").write_text(text)
        with pytest.raises(CaseError, match="not the plan of a sweep"):
            summary(tmp_path / "bad")


def test_a_damaged_piece_is_named(tmp_path: Path) -> None:
    made = run(tmp_path / "a", piece=1024)
    made.results.unlink()
    broken = piece_path(made.folder, 3)
    for raw in (b"PAR1 and no more", piece_path(made.folder, 4).read_bytes()[:-9], b""):
        broken.write_bytes(raw)
        with pytest.raises(CaseError, match="this piece is damaged") as caught:
            run(tmp_path / "a", piece=1024)
        assert str(broken) in str(caught.value)
        assert not made.results.exists()
        assert not list(made.folder.glob(".winset-*"))


def test_the_extra_that_is_missing_is_named() -> None:
    with pytest.raises(QuestionError, match=r"pip install 'winset\[sweep\]'"):
        needs("pyarrow", "a_module_that_nobody_has")


# ------------------------------------------------------------------------------------------------ reading


def test_rows_are_put_together(done: Path) -> None:
    raw = pq.read_table(done / "results.parquet").to_pylist()
    found = summary(done)
    assert [r.values for r in found.rows] == [(n, t) for n in (30.0, 40.0, 50.0) for t in ("open", "closed")]
    for n, row in enumerate(found.rows):
        mine = [r for r in raw if r["point"] == n]
        hits = sum(r["zone"] for r in mine)
        assert (row.draws, row.points) == (3000, 1)
        assert row.zone.value == hits / 3000
        assert row.zone.standard_error == pytest.approx(
            math.sqrt(row.zone.value * (1 - row.zone.value) / 3000)
        )
        assert row.zone_share == pytest.approx(sum(r["zone_deals"] for r in mine) / 3000 / 18)
        assert row.accepted["donor"] == pytest.approx(sum(r["accepted:donor"] for r in mine) / 3000 / 18)
        mean = sum(r["least"] for r in mine) / hits
        assert row.least is not None
        assert row.least.value == pytest.approx(mean)
        variance = sum(r["least_squared"] for r in mine) / hits - mean**2
        assert row.least.standard_error == pytest.approx(math.sqrt(variance / (hits - 1)))
        assert row.offers["halves"].value == sum(r["offer:halves"] for r in mine) / 3000
        assert row.offer_accepted["need"]["lower"].value == sum(r["offer:need:lower"] for r in mine) / 3000


def test_points_that_share_draws_do_not_make_the_interval_narrower(done: Path) -> None:
    each = summary(done).rows
    for row in summary(done, by=["upper.type"]).rows:
        mine = [r for r in each if r.values[1] == row.values[0]]
        assert (row.points, row.draws) == (3, 3000)
        assert row.zone.value == pytest.approx(sum(r.zone.value for r in mine) / 3)
        assert row.zone.standard_error >= max(0.99 * sum(r.zone.standard_error for r in mine) / 3, 0)
    (whole,) = summary(done, by=[]).rows
    assert whole.zone.value == pytest.approx(sum(r.zone.value for r in each) / 6)


def test_many_values_are_put_into_tenths(tmp_path: Path) -> None:
    made = sweep(
        {"well": case()}, ["lower.no_deal=20..60"], sample=60, folder=tmp_path / "a", draws=64, workers=0
    )
    rows = summary(made.folder).rows
    assert [r.points for r in rows] == [6] * 10
    assert all(r.upto[0] is not None and r.values[0] < r.upto[0] for r in rows)
    assert all(a.upto[0] < b.values[0] for a, b in pairwise(rows))
    assert rows[0].zone.value > rows[-1].zone.value


def test_several_cases_stay_apart(tmp_path: Path) -> None:
    text = TEXT.replace("consent: {all: [upper, lower]}", "consent: {all: [upper, lower, donor]}")
    made = sweep(
        {"two": case(), "three": loads(text)},
        ["lower.no_deal=40"],
        folder=tmp_path / "a",
        draws=500,
        workers=0,
    )
    two, three = summary(made.folder).rows
    assert (two.case, three.case) == ("two", "three")
    assert two.zone.value > three.zone.value  # the same draws, and one more whose yes is needed


def test_sql_reads_the_results_and_nothing_else(done: Path, tmp_path: Path) -> None:
    found = query(done, "SELECT point, sum(zone) AS hits FROM results GROUP BY point ORDER BY point LIMIT 2")
    assert found.columns == ("point", "hits")
    assert [r[0] for r in found.rows] == [0, 1]
    assert query(done, "SELECT * FROM results", most=3).more
    before = (done / "results.parquet").read_bytes()
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for sql in (
        "DROP VIEW results",
        f"COPY results TO '{done / 'results.parquet'}'",
        f"COPY results TO '{tmp_path / 'out.csv'}'",
        "CREATE TABLE x AS SELECT 1",
        "SELECT 1; SELECT 2",
        f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')",
        "SET enable_external_access = true",
        "SELECT nonsense FROM results",
        "not sql",
        "",
    ):
        with pytest.raises(QuestionError, match="--sql"):
            query(done, sql)
    assert (done / "results.parquet").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["secret.csv"]


def test_an_axis_that_is_not_there(done: Path) -> None:
    assert summary(done, by=["no_deal"]).by == ("preferences.lower.no_deal",)
    with pytest.raises(QuestionError, match="this sweep was not over that"):
        summary(done, by=["upper.no_deal"])


def test_what_is_done_so_far_can_be_read(tmp_path: Path) -> None:
    made = run(tmp_path / "a", piece=1024)
    made.results.unlink()
    for number in range(3, 18):
        piece_path(made.folder, number).unlink()
    found = summary(made.folder)
    assert (found.done, found.pieces, len(found.rows)) == (3, 18, 1)
    for number in range(3):
        piece_path(made.folder, number).unlink()
    with pytest.raises(CaseError, match="nothing of this sweep is done yet"):
        summary(made.folder)
