"""The lens claims: what rests on what, what disagrees, promises, and the timeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from winset import claims, load, loads, read_data
from winset.lenses import NotComputed
from winset.lenses.claims import ClaimsResult
from winset.lenses.disagreements import Disagreement
from winset.lenses.unsourced import unsourced

ALASKA = Path(__file__).parents[2] / "cases" / "alaska-2025.yaml"


def case(stated: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "winset": 1,
        "title": "ford",
        "as_of": "2025-08-15",
        "sources": {"s": {"title": "report", "date": "2025-08-14", "grade": "B2"}},
        "claims": {name: {"by": "x", "says": name, "source": "s", **body} for name, body in stated.items()},
        "parties": {"a": {}, "b": {}},
        "consent": "a",
        "issues": {"i": {"options": ["l", "r"]}},
        "preferences": {
            "a": {"weights": {"i": 1}, "scores": {"i": {"l": 0, "r": 60}}, "no_deal": "20 to 40"}
        },
        **more,
    }


def ask(stated: dict[str, Any], **more: Any) -> ClaimsResult:
    return claims(read_data(case(stated, **more)))


def kinds(result: ClaimsResult) -> list[tuple[str, tuple[str | None, ...]]]:
    return [(d.kind, tuple(s.claim for s in d.sides)) for d in result.disagreements]


def only(result: ClaimsResult) -> Disagreement:
    (found,) = result.disagreements
    return found


# ---- the case that this was made for


def test_alaska_the_two_starts_are_found_by_computation() -> None:
    case_ = load(ALASKA)
    assert all(not case_.claims[n].contradicts for n in ("starts-local", "starts-gmt", "starts-computed"))
    (found,) = (d for d in claims(case_).disagreements if d.kind == "times")
    assert found.minutes == 30
    assert not found.marked
    local, gmt = found.sides
    assert (local.claim, local.instants) == ("starts-local", ("2025-08-15T19:30:00Z",))
    assert (gmt.claim, gmt.instants) == ("starts-gmt", ("2025-08-15T19:00:00Z",))
    assert dict(gmt.clocks)["America/Anchorage"] == "2025-08-15 11:00"


def test_alaska_in_winter_they_would_agree_an_hour_later() -> None:
    """The contradiction hangs on the rules of August: half an hour the other way in January."""
    text = ALASKA.read_text(encoding="utf-8").replace(
        "date: 2025-08-15\n    zone: base", "date: 2025-01-15\n    zone: base"
    )
    text = text.replace("date: 2025-08-15\n    states: {leaders", "date: 2025-01-15\n    states: {leaders")
    found = [d for d in claims(loads(text)).disagreements if d.kind == "times"]
    times = {s.claim: s.instants for d in found for s in d.sides}
    assert times["starts-local"] == ("2025-01-15T20:30:00Z",)
    assert times[None] == ("2025-08-15T19:30:00Z",)  # the agenda is in August still


def test_alaska_promises() -> None:
    found = {p.claim: (p.status, p.by) for p in claims(load(ALASKA)).promises}
    assert found == {
        "pledge-to-consult": ("no date", ()),
        "sanctions-promised": ("put off", ("sanctions-delayed",)),
        "24-hours": ("no date", ()),
    }


def test_alaska_support() -> None:
    """Counted in another way by what tells how much rests on unsourced judgement."""
    result = claims(load(ALASKA))
    rests = unsourced(load(ALASKA), draws=8)
    assert not isinstance(rests, NotComputed)
    heads = {*load(ALASKA).preferences, "evidence", "evidence_groups"}
    same = [i for i in result.inputs if i.path.split(".")[0] in heads and not i.anchor]
    assert (len(same), sum(i.supported for i in same)) == (rests.numbers, rests.sourced)
    by = {i.path: i for i in result.inputs}
    assert by["russia.types.maximalist.no_deal"].own == ("ground-gained",)
    assert by["russia.types.maximalist.no_deal"].block == ("hollow",)
    assert by["russia.linkages.2"].own == ("ground-gained",)
    assert by["ukraine.weights.sanctions"].supported is False
    assert by["parties.ukraine.can_spoil"].block == ("excluded",)


def test_alaska_timeline_is_in_order_and_goes_back_to_1867() -> None:
    line = claims(load(ALASKA)).timeline
    assert [e.first for e in line] == sorted(e.first for e in line)
    assert [e.when for e in line][:3] == ["1867", "2018-07-16", "2022-02"]
    meeting = next(e for e in line if e.kind == "meeting")
    assert (meeting.name, meeting.instant, meeting.parties) == (
        "leaders alone", "2025-08-15T19:30:00Z", ("usa", "russia"),
    )  # fmt: skip


# ---- what is stated


def test_values_apart_and_values_together() -> None:
    assert kinds(ask({"p": {"states": {"dead": "100 to 200"}}, "q": {"states": {"Dead ": 250}}})) == [
        ("values", ("p", "q"))
    ]
    assert kinds(ask({"p": {"states": {"dead": "100 to 200"}}, "q": {"states": {"dead": 200}}})) == []
    assert kinds(ask({"p": {"states": {"dead": 1}}, "q": {"states": {"lost": 2}}})) == []


def test_those_who_say_the_same_are_one_side() -> None:
    same = {"states": {"dead": 100}}
    assert kinds(ask({"p": same, "q": same, "r": same, "t": {"states": {"dead": 90}}})) == [
        ("values", ("p", "t"))
    ]


def test_one_claim_may_disagree_with_itself() -> None:
    both = {"states": {"start": ["2025-08-15 11:30 America/Anchorage", "2025-08-15 19:00 UTC"]}}
    found = only(ask({"p": both}))
    assert (found.kind, found.minutes, [s.claim for s in found.sides]) == ("times", 30, ["p", "p"])


@pytest.mark.parametrize(
    ("one", "two", "minutes"),
    [
        ("2025-08-16 05:00 Asia/Tokyo", "2025-08-15 20:00 UTC", None),  # another day, one instant
        ("2025-08-16 05:00 Asia/Tokyo", "2025-08-16 20:00 UTC", 24 * 60),
        ("2025-08-16 12:00 Pacific/Kiritimati", "2025-08-15 12:00 Pacific/Niue", 60),
        ("2025-03-30 12:00 Europe/London", "2025-03-30 12:00 UTC", 60),
        ("2025-03-29 12:00 Europe/London", "2025-03-29 12:00 UTC", None),
        ("2025-11-02 01:30 America/Anchorage", "2025-11-02 10:30 UTC", "twice"),  # it may be that one
        ("2025-11-02 01:30 America/Anchorage", "2025-11-02 12:00 UTC", 90),
        ("2025-03-09 02:30 America/Anchorage", "2025-03-09 11:30 UTC", "skipped"),
    ],
)
def test_times(one: str, two: str, minutes: int | str | None) -> None:
    found = ask({"p": {"states": {"start": one}}, "q": {"states": {"start": two}}}).disagreements
    if isinstance(minutes, str):
        assert [d.kind for d in found] == [minutes]
        return
    apart = [d for d in found if d.kind == "times"]
    assert [d.minutes for d in apart] == ([] if minutes is None else [minutes])


PLACES = {"hall": {"zone": "America/Anchorage"}}
AGENDA = {"talks": {"place": "hall", "starts": "2025-08-15 11:30", "lasts": "2 hours", "parties": ["a", "b"]}}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"talks.starts": "2025-08-15 19:00 UTC"}, ("times", 30)),
        ({"agenda.talks.starts": "2025-08-15 12:00 America/Anchorage"}, ("times", 30)),
        ({"talks.starts": "2025-08-15 19:30 UTC"}, None),
        ({"talks.lasts": "90 minutes"}, ("values", None)),
        ({"talks.place": "hall"}, None),
        ({"talks.place": "mill"}, ("values", None)),
        ({"a.no_deal": 50}, ("values", None)),
        ({"preferences.a.no_deal": 30}, None),
        ({"nothing.starts": "2025-08-15 19:00 UTC"}, None),
    ],
)
def test_the_case_itself_speaks_too(states: dict[str, Any], expected: tuple[str, int | None] | None) -> None:
    result = ask({"p": {"states": states}}, places=PLACES, agenda=AGENDA)
    if expected is None:
        assert result.disagreements == ()
        return
    found = only(result)
    assert (found.kind, found.minutes) == expected
    assert [s.claim for s in found.sides] == ["p", None]


# ---- forecasts, promises, and what the case marks


def forecast(event: str, odds: str, **more: Any) -> dict[str, Any]:
    return {"event": event, "probability": odds, **more}


def test_forecasts() -> None:
    assert kinds(ask({"p": forecast("They sign", "25%"), "q": forecast("they  sign", "40%")})) == [
        ("probabilities", ("p", "q"))
    ]
    assert kinds(ask({"p": forecast("they sign", "25%"), "q": forecast("they sign", "25%")})) == []
    assert kinds(ask({"p": forecast("they sign", "25%"), "q": forecast("they talk", "25%")})) == []
    two = {"p": forecast("they sign", "25%", of="success"), "q": forecast("they talk", "25%", of="success")}
    assert kinds(ask(two)) == [("definitions", ("p", "q"))]


@pytest.mark.parametrize(
    ("body", "other", "status", "days"),
    [
        ({}, {}, "no date", None),
        ({"due": "2025-08-15"}, {}, "open", None),  # its day is not over
        ({"due": "2025-08-14"}, {}, "overdue", 1),
        ({"due": "2025-07"}, {}, "overdue", 15),
        ({"due": "2025"}, {}, "open", None),
        ({"due": "2025-07"}, {"fulfils": "p", "date": "2025-07-31"}, "kept", None),
        ({"due": "2025-07"}, {"fulfils": "p", "date": "2025-08-02"}, "kept late", 2),
        ({"due": "2025-07"}, {"fulfils": "p"}, "kept", None),
        ({"due": "2025-07", "kept_by": "q"}, {"date": "2025-08-01"}, "kept late", 1),
        ({"due": "2025-09"}, {"puts_off": "p"}, "put off", None),
        ({"due": "2025-07"}, {"puts_off": "p"}, "overdue", 15),
    ],
)
def test_promises(body: dict[str, Any], other: dict[str, Any], status: str, days: int | None) -> None:
    result = ask({"p": {"kind": "promise", **body}, "q": other})
    (found,) = result.promises
    assert (found.status, found.days) == (status, days)
    told = status in ("overdue", "kept late", "put off")
    assert [d.kind for d in result.disagreements] == ["promise"] * told


def test_without_a_day_of_its_own_the_case_cannot_say_what_is_late() -> None:
    data = case({"p": {"kind": "promise", "due": "2025-07"}})
    del data["as_of"]
    assert claims(read_data(data)).promises[0].status == "no day to judge by"


def test_what_is_found_and_marked_is_told_once() -> None:
    stated = {
        "p": {"states": {"dead": 1}},
        "q": {"states": {"dead": 2}, "contradicts": "p"},
        "r": {},
        "t": {"contradicts": "r"},
    }
    found = ask(stated).disagreements
    assert [(d.kind, d.marked, [s.claim for s in d.sides]) for d in found] == [
        ("values", True, ["p", "q"]),
        ("marked", True, ["r", "t"]),
    ]


# ---- what rests on what


def test_support_direct_by_block_and_by_name() -> None:
    data = case({"p": {}, "q": {}, "r": {"about": "a.weights.i"}, "u": {}, "v": {"via": "a friend"}})
    data["preferences"]["a"] |= {
        "because": "p",
        "no_deal": {"value": "20 to 40", "because": ["q", "p"]},
        "types": {"calm": {"prior": "60%", "because": "v"}, "firm": {"rest": True, "no_deal": 50}},
    }
    result = claims(read_data(data))
    by = {i.path: (i.own, i.block, i.about) for i in result.inputs}
    assert by["a.no_deal"] == (("q", "p"), (), ())
    assert by["a.weights.i"] == ((), ("p",), ("r",))
    assert by["a.types.calm.prior"] == ((), ("v", "p"), ())
    assert by["a.types.firm.no_deal"] == ((), ("p",), ())
    assert (result.judged, result.unsupported) == (5, 0)  # the score of 0 is an end of the scale
    assert result.unused == ("u",)
    assert result.second_hand == ("v",)
    used = {c.name: (c.used, c.inputs) for c in result.claims}
    assert used["q"] == (("preferences.a.no_deal",), 1)


def test_support_share() -> None:
    result = ask({"p": {}})
    assert (result.judged, result.unsupported, result.unsupported_share) == (3, 3, 1.0)


def test_options_with_dots_and_bodies_find_their_place() -> None:
    data = case({"p": {}, "q": {}})
    data["issues"]["i"]["options"] = ["1.5 m", "1"]
    data["preferences"]["a"]["scores"] = {"i": {"1.5 m": {"value": 7, "because": "p"}, "1": 3}}
    data["bodies"] = {
        "house": {"ratifies": "a", "members": {"m": {"yes": "50% to 60%", "because": "q"}}, "passes": 1}
    }
    by = {i.path: i for i in claims(read_data(data)).inputs}
    assert by["a.scores.i.1.5 m"].own == ("p",)
    assert by["a.scores.i.1"].own == ()
    assert by["bodies.house.m.yes"].block == ("q",)


def test_a_grade_of_its_own_goes_before_that_of_the_source() -> None:
    views = {c.name: c.grade for c in ask({"p": {"grade": "F6"}, "q": {}}).claims}
    assert views == {"p": "F6", "q": "B2"}


def test_times_of_a_day_are_in_order() -> None:
    stated = {
        "late": {"date": "2025-08-15 23:00", "zone": "hall"},
        "early": {"date": "2025-08-15 05:00 UTC"},
        "day": {"date": "2025-08-15"},
        "month": {"date": "2025-08"},
    }
    line = ask(stated, places=PLACES, agenda=AGENDA).timeline
    assert [e.name for e in line] == ["month", "day", "early", "talks", "late"]
    assert line[-1].instant == "2025-08-16T07:00:00Z"
