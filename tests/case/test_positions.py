"""Positions and fallback of the block conflict: short forms, the way back, what is left open."""

from __future__ import annotations

from winset.case import dump, edited, loads

CASE = """\
winset: 1
title: The ford
sources: {s: {title: t}}
claims: {pledge: {by: north, says: hi, source: s}}
parties: {north: {}, south: {}}
consent: {all: [north, south]}
issues: {land: {options: [kept, shared]}}
preferences:
  north: {weights: {land: 1}, scores: {land: {kept: 100, shared: 40}}, no_deal: 30}
  south: {weights: {land: 1}, scores: {land: {kept: 0, shared: 100}}, no_deal: 20}
conflict:
  options: {north: [attack, offer], south: [dam]}
  infeasible: [{attack: yes, offer: yes}]
  status_quo: {dam: yes}
  preferences:
    north: {prioritised: [{dam: no}]}
    south: {prioritised: [{attack: no}]}
  positions:
    north: {dam: no, attack: no, because: pledge}  # as it told the press
    south: {when: {attack: no, offer: yes}, note: in private}
  fallback:
    north: {attack: yes}
"""


def test_the_way_back():
    case = loads(CASE)
    assert loads(dump(case)) == case
    assert "north: {dam: true, attack: false}" not in dump(case)
    assert case.conflict.positions["north"].because == ("pledge",)
    assert case.conflict.positions["south"].note == "in private"
    assert case != loads(CASE.replace("{dam: no, attack: no", "{dam: yes, attack: no"))


def test_what_is_not_named_is_as_without_agreement():
    conflict = loads(CASE).conflict
    assert conflict.threatened() == {"attack": True, "offer": False, "dam": True}
    assert conflict.asked("north") == {"attack": False, "offer": False, "dam": False}
    assert conflict.asked("south") == {"attack": False, "offer": True, "dam": True}


def test_without_a_fallback_things_stay_as_they_are():
    conflict = loads(CASE[: CASE.index("  fallback")]).conflict
    assert conflict.threatened() == {"attack": False, "offer": False, "dam": True}


def test_edits_keep_the_comment():
    text = edited(CASE, {"conflict.positions.north.dam": True, "conflict.fallback.south": {"dam": False}})
    assert "north: {dam: true, attack: no, because: pledge}  # as it told the press" in text
    assert loads(text).conflict.threatened() == {"attack": True, "offer": False, "dam": False}
