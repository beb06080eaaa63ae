"""What must always hold of the zone and of those who block it."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.case_oracle import Oracle, consents, matches
from tests.properties.spaces import Data, cases, relaxed, with_party
from tests.properties.spaces import matches as some_match

from winset import blockers, read_data, zone


def deals_of_zone(data: Data) -> set[tuple[str, ...]]:
    """All deals of the zone, as the lens lists them."""
    found = zone(read_data(data), most=1000)
    listed = {tuple(view.deal.values()) for view in found.ranked["sum"]}
    assert found.zone.exact
    assert len(listed) == found.zone.value
    assert found.empty == (not listed)
    return listed


@given(st.data())
@relaxed
def test_a_red_line_never_enlarges_the_zone(drawn):
    data = drawn.draw(cases())
    party = drawn.draw(st.sampled_from(list(data["parties"])))
    options = {i: body["options"] for i, body in data["issues"].items()}
    when = drawn.draw(some_match(options))
    before = deals_of_zone(data)
    lines = data["preferences"][party]["red_lines"]
    after = deals_of_zone(with_party(data, party, red_lines=[*lines, {"when": when}]))
    struck = {d for d in before if matches(when, dict(zip(options, d, strict=True)))}
    assert before - struck <= after <= before
    if data["consent"] == {"all": list(data["parties"])}:
        assert after == before - struck


@given(st.data())
@relaxed
def test_a_higher_reservation_value_never_enlarges_the_zone(drawn):
    data = drawn.draw(cases())
    party = drawn.draw(st.sampled_from(list(data["parties"])))
    rise = drawn.draw(st.integers(1, 60))
    higher = with_party(data, party, no_deal=data["preferences"][party]["no_deal"] + rise)
    before, after = deals_of_zone(data), deals_of_zone(higher)
    assert after <= before
    if data["consent"] == {"all": list(data["parties"])}:
        oracle = Oracle(higher)
        lost = {tuple(oracle.deals[n].values()) for n, yes in enumerate(oracle.yes) if party not in yes}
        assert after == before - lost


@given(cases(demanding=True))
@relaxed
def test_openings_open_and_no_part_of_them_does(data):
    oracle = Oracle(data)

    def opens(group: set[str]) -> bool:
        return any(consents(data["consent"], yes | group) for yes in oracle.yes)

    found = blockers(read_data(data)).openings
    for group in found:
        assert opens(set(group))
        assert not any(opens(set(group) - {member}) for member in group)
    for size in range(len(data["parties"]) + 1):
        for group in combinations(data["parties"], size):
            assert opens(set(group)) == any(set(f) <= set(group) for f in found)


@given(cases())
@relaxed
def test_counts_add_up(data):
    found, refused = zone(read_data(data)), blockers(read_data(data))
    for party, quantity in refused.refused.items():
        assert quantity.value + found.accepted[party].value == found.deals
        assert refused.sole_refuser[party].value <= quantity.value
    for issue in data["issues"]:
        shares = [s for s in found.options if s.issue == issue]
        assert sum(s.deals for s in shares) == found.deals
        assert sum(s.zone.value for s in shares) == found.zone.value
        for party, quantity in found.accepted.items():
            assert sum(s.accepted[party].value for s in shares) == quantity.value
