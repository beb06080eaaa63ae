"""What a concession is, by the definitions, one number at a time and in fractions.

Works on the plain data of a case in which nothing is uncertain, and uses nothing of ``winset``.
"""

from __future__ import annotations

from fractions import Fraction

from tests.oracles.case_oracle import Value, matches, number

SETTINGS = ("baseline", "horizon", "paths")
DAYS = {"day": Fraction(1), "week": Fraction(7), "month": Fraction(1461, 48), "year": Fraction(1461, 4)}


def verdict(cost, gain, margin):
    """In the order of the definitions: the first that holds."""
    if gain < -margin:
        return "harmful"
    if cost < -margin:
        return "sham"
    if cost > margin and gain > margin:
        return "costly and valued"
    if cost > margin:
        return "costly, not valued"
    if gain > margin:
        return "cheap and valued"
    return "hollow"


def kept(cost, lasts, reversible, enforceable, verifiable):
    if cost <= 0:
        return lasts
    return lasts * (1 - reversible) * enforceable * verifiable


def chance(raw, otherwise):
    if raw is None:
        return Fraction(otherwise)
    words = {"yes": 1, "no": 0, True: 1, False: 0}
    return Fraction(words[raw]) if raw in ("yes", "no") or isinstance(raw, bool) else number(raw)


def days(text):
    amount, unit = text.split()
    return Fraction(amount) * DAYS[unit.removesuffix("s")]


def deal_of(data, raw):
    return dict(data["offers"][raw]["deal"] if isinstance(raw, str) else raw)


def step(data, one):
    """The deals before and after a concession."""
    before = deal_of(data, one.get("against", data["concessions"].get("baseline")))
    if "offer" in one:
        return before, deal_of(data, one["offer"])
    after = dict(before)
    for issue, move in one["changes"].items():
        if isinstance(move, list) and len(move) == 2:
            before[issue] = move[0]
        after[issue] = move[-1] if isinstance(move, list) else move
    for issue in after:
        if issue not in one["changes"]:
            assert after[issue] == before[issue]
    return before, after


def changes(before, after):
    return [(i, before[i], after[i]) for i in before if before[i] != after[i]]


def offers_by_party(data):
    """Offers that parties tabled, by date, each with what it moves against the one before."""
    out = []
    for party in data["parties"]:
        if party not in data["preferences"] or party in data["concessions"].get("paths", {}):
            continue
        mine = [(n, o) for n, o in data.get("offers", {}).items() if o.get("by") == party]
        mine.sort(key=lambda item: item[1].get("date", "9999-99-99"))
        stands = data["concessions"].get("baseline")
        stands = None if stands is None else deal_of(data, stands)
        for name, offer in mine:
            moved = [] if stands is None else changes(stands, offer["deal"])
            out.append((offer.get("date", "9999-99-99"), name, party, None, moved))
            stands = offer["deal"]
    return out


def doubles(data):
    """(giver, issue, from, to, first, again) for every change that a party gives once more."""
    entries = offers_by_party(data)
    given = {n: c for n, c in data["concessions"].items() if n not in SETTINGS}
    for name, one in given.items():
        moved = [] if "worth" in one else changes(*step(data, one))
        entries.append((one.get("date", "9999-99-99"), name, one["by"], one, moved))
    entries.sort(key=lambda e: e[0])
    out = []
    for n, (_, again, by, one, moved) in enumerate(entries):
        for change in moved:
            for _, first, other_by, other, other_moved in entries[:n]:
                if other_by != by or change not in other_moved:
                    continue
                if any(o[:4] == (by, *change) and o[5] == first for o in out):
                    continue  # it does not count there itself
                alternatives = (
                    (other is not None and again in listed(other.get("instead_of")))
                    or (one is not None and first in listed(one.get("instead_of")))
                    or (other is not None and other.get("offer") == again)
                    or (one is not None and one.get("offer") == first)
                )
                if not alternatives:
                    out.append((by, *change, first, again))
                    break
    return out


def listed(raw):
    return [] if raw is None else [raw] if isinstance(raw, str) else list(raw)


def audit(data, name, margin=1):
    """Cost and gains of a concession, as it lasts and at its word, with its verdicts."""
    one = data["concessions"][name]
    if "worth" in one:
        moved = fresh = {p: number(w) for p, w in one["worth"].items()}
        after = None
    else:
        before, after = step(data, one)
        new = dict(before)
        for by, issue, _, to, _, again in doubles(data):
            if again == name and by == one["by"]:
                new[issue] = to
        value = {p: Value.of(prefs) for p, prefs in data["preferences"].items()}
        moved = {p: v.utility(after) - v.utility(before) for p, v in value.items()}
        fresh = {p: v.utility(after) - v.utility(new) for p, v in value.items()}
    lasts = Fraction(1)
    if "lasts" in one:
        lasts = min(Fraction(1), days(one["lasts"]) / days(data["concessions"]["horizon"]))
    seen = "verified_by" not in one or matches(one["verified_by"], after)
    counted_on = chance(one.get("counted_on"), 1) if one.get("promised") or one.get("due") else 0
    share = kept(
        -fresh[one["by"]],
        lasts,
        chance(one.get("reversible"), 0),
        chance(one.get("enforceable"), 1),
        chance(one.get("verifiable"), 1) * seen,
    ) * (1 - counted_on)
    cost, word = -share * fresh[one["by"]], -moved[one["by"]]
    return {
        "cost": cost,
        "word_cost": word,
        "left": share,
        "receipts": {
            p: {
                "gain": share * fresh[p],
                "word_gain": moved[p],
                "verdict": verdict(cost, share * fresh[p], margin),
                "word": verdict(word, moved[p], margin),
            }
            for p in listed(one["to"])
        },
        "others": {p: share * x for p, x in fresh.items() if p != one["by"] and p not in listed(one["to"])},
    }
