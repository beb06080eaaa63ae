"""Hypothesis strategies that make valid cases as plain data, with all that the format knows in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from winset.case.rules import Passes, Rule

Data = dict[str, Any]

# Letters of several scripts, an astral character, signs that YAML gives a meaning to; no dot in ids.
_LETTERS = "abcxyzABÄéßñøЖд中文العあ😀"
_SIGNS = " -_+/()'\"?:,;!&*#%@|>{}[]`~=<$€–’\\0123456789"
_TRICKY = (
    "no", "yes", "on", "off", "y", "N", "null", "~", "true", "False", "NO", "1", "007", "1e3", "0x1f", "0o17",
    "1_000", "12:30:45", "2025-08-15", "2025-13-40", "- a", "-", "--", "---", "? a", "a: b", "a #b", "&a",
    "*a",
    "!t", "%x", "@x", "`x", "'q'", '"q"', "{a}", "[a]", "a,b", "=", "<<", "|", ">", ">-", "a\\nb", "+7", "-0",
)  # fmt: skip


def words(least: int = 1, most: int = 24) -> st.SearchStrategy[str]:
    """One line of text that starts and ends with something visible."""
    free = st.text(_LETTERS + _SIGNS, min_size=least, max_size=most).map(str.strip).filter(bool)
    return st.one_of(free, free, st.sampled_from(_TRICKY))


def prose() -> st.SearchStrategy[str]:
    """Free text: dots, line ends, tabs, soft hyphens and the like are fine."""
    free = st.text(_LETTERS + _SIGNS + ".\n\t\u00ad\u00a0\u200d", min_size=1, max_size=60)
    return free.map(str.strip).filter(bool)


def ids() -> st.SearchStrategy[str]:
    return words(1, 12).filter(lambda i: i not in ("when", "because", "note") and i.isprintable())


def options() -> st.SearchStrategy[str]:
    return st.one_of(
        words(1, 20), st.sampled_from(["1.5 m", "7.10", ".5", "3.0", "a.b", "..", "1.", " padded "])
    )


def dates() -> st.SearchStrategy[str]:
    return st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)).map(str)


def _decimal(low: int, high: int) -> st.SearchStrategy[str]:
    return st.one_of(
        st.integers(low, high).map(str),
        st.decimals(low, high, places=2, allow_nan=False).map(str),
        st.fractions(low, high, max_denominator=9).map(str),
    )


@st.composite
def numbers(draw: st.DrawFn, low: int, high: int, *, percent: bool = False, fixed: bool = False) -> Any:
    """A number or a range in any notation, within bounds; ``percent`` scales 0..1 to percentages."""
    kind = draw(
        st.sampled_from(["point"] if fixed else ["point", "point", "range", "mode", "values", "claim"])
    )
    if percent:
        low, high = 100 * low, 100 * high
    sign = "%" if percent else ""
    if kind == "values":
        listed = draw(st.lists(st.integers(low, high), min_size=1, max_size=4, unique=True))
        shares = draw(st.lists(st.integers(1, 9), min_size=len(listed), max_size=len(listed)))
        return {"values": {f"{v}{sign}": f"{s}/{sum(shares)}" for v, s in zip(listed, shares, strict=True)}}
    if kind == "claim":
        return {"value": f"{draw(st.integers(low, high))}{sign}", "note": draw(prose())}
    if kind == "point":
        return draw(_decimal(low, high).filter(lambda t: not (sign and "/" in t))) + sign
    a, b, c = sorted(draw(st.lists(st.integers(low, high), min_size=3, max_size=3, unique=True)))
    return f"{a}{sign} to {c}{sign}" + (f", mode {b}{sign}" if kind == "mode" else "")


@st.composite
def rules(draw: st.DrawFn, parties: list[str], depth: int = 3) -> Any:
    """A rule of consent over parties, nested."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(parties))
    drawn = draw(st.lists(rules(parties, depth - 1), min_size=1, max_size=4))
    members = list({Rule.read(member): member for member in drawn}.values())
    kind = draw(st.sampled_from(["all", "any", "at_least"]))
    if kind == "at_least":
        return {"at_least": draw(st.integers(1, len(members))), "of": members}
    return {kind: members}


def _chosen(draw: st.DrawFn, names: list[str], least: int = 0) -> list[str]:
    return draw(st.lists(st.sampled_from(names), min_size=least, max_size=3, unique=True)) if names else []


def _with_claims(draw: st.DrawFn, body: Data, claims: list[str]) -> Data:
    because = _chosen(draw, claims)
    if because and draw(st.booleans()):
        body["because"] = because[0] if len(because) == 1 and draw(st.booleans()) else because
    if draw(st.integers(0, 4)) == 0:
        body["note"] = draw(prose())
    return body


@st.composite
def matches(draw: st.DrawFn, issues: dict[str, list[str]]) -> Any:
    def clause() -> Data:
        out: Data = {}
        for issue in _chosen(draw, list(issues), 1):
            picked = _chosen(draw, issues[issue], 1)
            out[issue] = picked[0] if len(picked) == 1 and draw(st.booleans()) else picked
        return out

    return clause() if draw(st.booleans()) else [clause() for _ in range(draw(st.integers(1, 2)))]


@st.composite
def _values(draw: st.DrawFn, issues: dict[str, list[str]], claims: list[str], *, whole: bool) -> Data:
    """Weights, scores and the rest: all of them, or some as a type's overrides."""
    body: Data = {}
    percent = draw(st.booleans()) if whole else False
    if whole:
        heavy = draw(st.sampled_from(list(issues)))
        body["weights"] = {
            i: "60%" if percent and i == heavy else "60" if i == heavy else draw(numbers(0, 1, percent=True))
            if percent else draw(numbers(0, 100))
            for i in issues
        }  # fmt: skip
        body["scores"] = {i: {o: draw(numbers(0, 100)) for o in opts} for i, opts in issues.items()}
    elif draw(st.booleans()):
        issue = draw(st.sampled_from(list(issues)))
        body["scores"] = {issue: {o: draw(numbers(0, 100)) for o in _chosen(draw, issues[issue], 1)}}
    if whole or draw(st.booleans()):
        body["no_deal"] = draw(numbers(-50, 150))
    if draw(st.booleans()):
        body["closing_cost"] = draw(numbers(0, 20))
    if draw(st.booleans()):
        body["linkages"] = [
            _with_claims(draw, {"when": draw(matches(issues)), "worth": draw(numbers(-30, 30))}, claims)
            for _ in range(draw(st.integers(0, 2)))
        ]
    if draw(st.booleans()):
        body["red_lines"] = [
            _with_claims(draw, {"when": draw(matches(issues))}, claims)
            for _ in range(draw(st.integers(0, 2)))
        ]
    return _with_claims(draw, body, claims)


@st.composite
def _preferences(draw: st.DrawFn, issues: dict[str, list[str]], claims: list[str]) -> Data:
    body = draw(_values(issues, claims, whole=True))
    names = draw(st.lists(ids(), max_size=3, unique=True))
    if names:
        shares = draw(st.lists(st.integers(1, 9), min_size=len(names), max_size=len(names)))
        rest = draw(st.booleans())
        body["types"] = {}
        for n, (name, share) in enumerate(zip(names, shares, strict=True)):
            kind = draw(_values(issues, claims, whole=False))
            kind |= {"rest": True} if rest and n == 0 else {"prior": f"{share}/{sum(shares)}"}
            body["types"][name] = kind
    return body


@st.composite
def _passes(draw: st.DrawFn, weights: list[str], depth: int = 2) -> Any:
    """A rule for votes that can be reached: every member weighs 3 or more of each weight."""
    if depth == 0 or draw(st.booleans()):
        quotas = ["3", "2/3 of all", "50%", "more than 50%", "more than 1/3 of all", "2.5"]
        picked = draw(st.lists(st.sampled_from(weights), min_size=1, max_size=2, unique=True))
        return {weight: draw(st.sampled_from(quotas)) for weight in picked}
    parts = draw(st.lists(_passes(weights, depth - 1), min_size=1, max_size=3))
    kind = draw(st.sampled_from(["all", "any", "at_least"]))
    if kind == "at_least":
        return {"at_least": draw(st.integers(1, len(parts))), "of": parts}
    return {kind: parts}


_TAKEN = frozenset(  # words that no weight may be called
    ["name", "times", "like", "bar", "yes", "because", "note", "members", "all", "any", "at_least", "of"]
)


@st.composite
def _bodies(draw: st.DrawFn, parties: list[str], valued: list[str], claims: list[str]) -> Data:
    out: Data = {}
    for name in draw(st.lists(ids(), max_size=2, unique=True)):
        weights = draw(st.lists(ids().filter(lambda i: i not in _TAKEN), min_size=1, max_size=2, unique=True))
        rule = draw(_passes(weights))
        asked = list(Passes.read(rule).leaves())
        weights = [w for w in weights if w in dict(asked)]
        members: Data = {}
        for member in draw(st.lists(ids(), min_size=1, max_size=4, unique=True)):
            body: Data = {w: draw(numbers(3, 90, fixed=True)) for w in weights}
            kind = draw(st.integers(0, 3))
            if kind == 0:
                body["yes"] = draw(numbers(0, 1, percent=True))
            elif kind == 1:
                body |= {"like": draw(st.sampled_from(valued)), "bar": draw(numbers(-20, 120))}
            elif kind == 2:
                body["times"] = draw(st.integers(1, 40))
            members[member] = _with_claims(draw, body, claims)
        out[name] = _with_claims(draw, {"members": members, "passes": rule}, claims)
        if draw(st.booleans()):
            out[name]["ratifies"] = draw(st.sampled_from(parties))
    return out


@st.composite
def _decision(
    draw: st.DrawFn, data: Data, valued: list[str], issues: dict[str, list[str]], claims: list[str]
) -> Data:
    choices: Data = {}
    for name in draw(st.lists(ids(), min_size=2, max_size=3, unique=True)):
        body: Data = {}
        kind = draw(st.integers(0, 2))
        if kind == 0:
            body["table"] = {i: draw(st.sampled_from(o)) for i, o in issues.items()}
        elif kind == 1 and "offers" in data:
            body["table"] = draw(st.sampled_from(list(data["offers"])))
        if draw(st.booleans()):
            body["cost"] = draw(numbers(0, 20))
        choices[name] = _with_claims(draw, body, claims)
    out: Data = {"by": draw(st.sampled_from(valued)), "choices": choices}
    typed = [p for p in valued if "rest" not in data["preferences"][p].get("types", {"rest": None})]
    if typed and draw(st.booleans()):
        about = draw(st.sampled_from(typed))
        seen, other = draw(st.lists(ids(), min_size=2, max_size=2, unique=True))
        likelihoods = {t: draw(numbers(0, 1, percent=True)) for t in data["preferences"][about]["types"]}
        signals = {seen: likelihoods, other: {"rest": True}}
        out["meetings"] = {draw(ids()): {"about": about, "cost": draw(numbers(0, 9)), "signals": signals}}
    return _with_claims(draw, out, claims)


@st.composite
def _evidence(draw: st.DrawFn, data: Data, typed: list[str], claims: list[str]) -> Data:
    """Items about one party, some of them in a group whose items are stated together or not."""
    about = draw(st.sampled_from(typed))
    types = list(data["preferences"][about]["types"])
    words = ["likely", "Very  unlikely", "remote", "probable (Kent)", "35%", "0.2", "5% to 60%"]
    group = draw(ids())
    items: Data = {}
    for name in draw(st.lists(ids(), min_size=1, max_size=4, unique=True)):
        likelihoods: Data = {t: draw(st.sampled_from(words)) for t in types}
        if draw(st.booleans()):
            likelihoods[types[0]] = {"value": draw(st.sampled_from(words)), "note": draw(prose())}
        items[name] = {"about": about, "likelihoods": likelihoods}
        if draw(st.booleans()):
            items[name]["group"] = group
        if draw(st.booleans()):
            items[name]["date"] = "1900-01-01"
        items[name] = _with_claims(draw, items[name], claims)
    out: Data = {"evidence": items}
    if any("group" in item for item in items.values()) and draw(st.booleans()):
        out["evidence_groups"] = {
            group: _with_claims(draw, {"likelihoods": dict.fromkeys(types, "1%")}, claims)
        }
    return out


@st.composite
def _threats(draw: st.DrawFn, data: Data, issues: dict[str, list[str]], claims: list[str]) -> Data:
    """Threats and promises between two parties, with a condition of every kind."""
    out: Data = {}
    for name in draw(st.lists(ids(), min_size=1, max_size=3, unique=True)):
        by, to = draw(st.permutations(list(data["parties"])))[:2]
        promise = draw(st.booleans())
        offers = [o for o in data.get("offers", ()) if o.strip() == o]
        words = st.sampled_from(["any deal", "no deal", *offers])
        body: Data = {"by": by, "to": to, "gain" if promise else "harm": draw(numbers(0, 20))}
        if promise:
            body["kind"] = "promise"
        if draw(st.booleans()):
            body[draw(st.sampled_from(["when", "unless"]))] = draw(st.one_of(words, matches(issues)))
        if draw(st.booleans()):
            body["prior"] = draw(numbers(0, 1, percent=True))
        else:
            body |= {key: draw(numbers(0, 20)) for key in ("cost", "benefit", "audience")}
            types = data["preferences"].get(by, {}).get("types")
            if types and draw(st.booleans()):
                body["types"] = {draw(st.sampled_from(list(types))): {"cost": draw(numbers(0, 20))}}
        if claims and draw(st.booleans()):
            body["carries_out"] = {"resolute": "likely", "irresolute": draw(numbers(0, 1, percent=True))}
            seen = {"because": claims[0], "carried_out": draw(st.booleans())}
            body["record"] = [seen | {"likelihoods": {"resolute": "30%", "irresolute": "1/2"}}]
        if draw(st.booleans()):
            body["delay"] = {"lasts": "1 to 2 months", "cost": "0.5 to 1 per week"}
        out[name] = _with_claims(draw, body, claims)
    return out


def _is_range(raw: Any) -> bool:
    return isinstance(raw, str) and " to " in raw


def _meetings(draw: st.DrawFn, parties: list[str]) -> Data:
    """Places, a meeting and legal facts."""
    place = draw(ids())
    inside: Data = {"name": draw(prose()), "country": draw(prose()), "zone": draw(st.sampled_from(_ZONES))}
    if draw(st.booleans()):
        inside |= {
            "coordinates": [draw(_decimal(-90, 90).filter(lambda t: "/" not in t)), "7.5"],
            "candidate": True,
        }
    who = _chosen(draw, parties, 1)
    meeting: Data = {"place": place, "starts": f"{draw(dates())} {draw(st.integers(4, 23)):02}:30"}
    if draw(st.booleans()):
        meeting |= {"place": dict.fromkeys(who, place), "lasts": "1 to 2 hours", "languages": [draw(prose())]}
    if draw(st.booleans()):
        meeting["participants"] = {who[0]: draw(st.lists(prose(), min_size=1, max_size=2, unique=True))}
    bar = {
        "country": draw(prose()),
        "against": who[0],
        "what": draw(prose()),
        "waivers": [{"until": draw(dates())}],
    }
    return {
        "places": {place: inside},
        "agenda": {draw(ids()): meeting | {"parties": who}},
        "legal": {"courts": {draw(ids()): {"members": [draw(words(1, 9))]}}, "bars": [bar]},
    }


_ZONES = ("UTC", "+13:00", "Asia/Tokyo", "Asia/Kolkata")  # nowhere are clocks put back or forward by day


@st.composite
def _conflict(draw: st.DrawFn, data: Data, parties: list[str], claims: list[str]) -> Data:
    """A conflict of one or two parties whose orders cover all states."""
    taken = {"when", "if", "iff", "strongly", "sure", "because", "note", "rest"}
    names = draw(st.lists(ids().filter(lambda i: i not in taken), min_size=1, max_size=4, unique=True))
    owners = draw(st.lists(st.sampled_from(parties), min_size=len(names), max_size=len(names)))
    options: Data = {}
    for name, party in zip(names, owners, strict=True):
        body = draw(st.sampled_from([None, {"once": True}, {"once": "dropped"}, {"name": "A name"}]))
        options.setdefault(party, {})[name] = body
    listed = next(iter(options))
    if draw(st.booleans()):
        options[listed] = list(options[listed])

    def clause() -> Data:
        return {o: draw(st.sampled_from([True, False, "yes", "no"])) for o in _chosen(draw, names, 1)}

    def statement() -> Any:
        several = [clause(), clause()]
        kinds = [{}, {"if": clause()}, {"iff": several}, {"strongly": True}, {"sure": "60% to 80%"}]
        words: Data = draw(st.sampled_from(kinds))
        kind = draw(st.integers(0, 2))
        if kind == 0:
            return [clause(), clause()]
        return clause() | words if kind == 1 else {"when": [clause(), clause()]} | words

    orders: Data = {}
    for party in options:
        order: Data = {"prioritised": [statement() for _ in range(draw(st.integers(1, 3)))]}
        kind = draw(st.integers(0, 3))
        if kind == 1:
            order = {"ranking": ["rest"]}
        elif kind == 2:
            order = {"ranking": [{names[0]: True}, "rest"]}
        elif kind == 3 and party in data["preferences"]:
            order = {"from": "deals"}
        orders[party] = _with_claims(draw, order, claims)
        types = data["preferences"].get(party, {}).get("types")
        if types and draw(st.booleans()):
            orders[party]["types"] = {t: {"prioritised": [statement()]} for t in types}
    out: Data = {"options": options, "preferences": orders}
    if draw(st.booleans()):
        out["status_quo"] = clause()
    out["outcomes"] = [{"when": {names[0]: yes}, "no_deal": True} for yes in (True, False)]
    return _with_claims(draw, out, claims)


@st.composite
def cases(draw: st.DrawFn) -> Data:
    """A valid case as plain data: what ``read_data`` takes."""
    parties = draw(st.lists(ids(), min_size=1, max_size=4, unique=True))
    names = draw(st.lists(ids(), min_size=1, max_size=3, unique=True))
    issues = {i: draw(st.lists(options(), min_size=2, max_size=4, unique=True)) for i in names}
    sources = draw(st.lists(ids(), max_size=2, unique=True))
    claims = draw(st.lists(ids(), max_size=3, unique=True)) if sources else []
    data: Data = {"winset": 1, "title": draw(prose())}
    for key, value in (("summary", prose()), ("as_of", dates()), ("judge", prose())):
        if draw(st.booleans()):
            data[key] = draw(value)
    if draw(st.booleans()):
        data["illustrative"] = True
    if draw(st.booleans()):
        data["notes"] = draw(st.lists(prose(), min_size=1, max_size=2))
    if sources:
        data["sources"] = {
            s: {"title": draw(prose()), "grade": draw(st.sampled_from(["A1", "F6"]))} for s in sources
        }
    if claims:
        data["claims"] = {}
        for claim in claims:
            body: Data = {"by": draw(st.one_of(st.sampled_from(parties), prose())), "source": sources[0]}
            if draw(st.booleans()):
                body |= {"event": draw(prose()), "probability": draw(numbers(0, 1, percent=True))}
            else:
                body |= {"says": draw(prose()), "date": draw(dates())}
            others = [c for c in claims if c != claim]
            if others and draw(st.booleans()):
                body["contradicts"] = _chosen(draw, others, 1)
            body["about"] = _chosen(draw, [*parties, *names])
            if draw(st.booleans()):
                body |= {
                    "to": draw(prose()),
                    "quote": draw(words(1, 12)),
                    "grade": "C3",
                    "zone": "Pacific/Apia",
                }
                body["states"] = {
                    draw(prose()): draw(st.one_of(dates(), st.just("2025-08-15 11:30"), st.just("7")))
                }
            data["claims"][claim] = body
    data["parties"] = {}
    for party in parties:
        body = _with_claims(draw, {}, claims)
        if draw(st.booleans()):
            body |= {
                "name": draw(prose()),
                "seat": draw(st.sampled_from(["host", "absent"])),
                "affected": True,
            }
        data["parties"][party] = body or None
    if draw(st.booleans()):
        data |= _meetings(draw, parties)
    valued = _chosen(draw, parties, 1)
    data["consent"] = draw(rules(valued))
    data["issues"] = {
        i: _with_claims(
            draw, {"options": o} | ({"question": draw(prose())} if draw(st.booleans()) else {}), claims
        )
        for i, o in issues.items()
    }
    if draw(st.booleans()):
        data["forbid"] = [
            draw(matches(issues))
            if draw(st.booleans())
            else _with_claims(draw, {"when": draw(matches(issues))}, claims)
            for _ in range(draw(st.integers(1, 2)))
        ]
    elif draw(st.booleans()):
        deal = {i: draw(st.sampled_from(o)) for i, o in issues.items()}
        data["offers"] = {draw(ids()): _with_claims(draw, {"by": draw(prose()), "deal": deal}, claims)}
    data["preferences"] = {p: draw(_preferences(issues, claims)) for p in valued}
    bodies = draw(_bodies(parties, valued, claims))
    if bodies:
        data["bodies"] = bodies
    if "forbid" not in data and draw(st.booleans()):
        data["decisions"] = {draw(ids()): draw(_decision(data, valued, issues, claims))}
    typed = [p for p in valued if data["preferences"][p].get("types")]
    if typed and draw(st.booleans()):
        data |= draw(_evidence(data, typed, claims))
    if len(parties) > 1 and draw(st.booleans()):
        data["threats"] = draw(_threats(data, issues, [] if "as_of" in data else claims))
    if draw(st.booleans()):
        data["conflict"] = draw(_conflict(data, parties, claims))
    uncertain = [
        path
        for party, prefs in data["preferences"].items()
        for path, raw in (
            (f"{party}.no_deal", prefs["no_deal"]),
            *((f"{party}.weights.{i}", w) for i, w in prefs["weights"].items()),
            *((f"{party}.scores.{i}.{o}", s) for i, os in prefs["scores"].items() for o, s in os.items()),
        )
        if _is_range(raw)
    ]
    if len(uncertain) > 1 and draw(st.booleans()):
        pair = draw(st.lists(st.sampled_from(uncertain), min_size=2, max_size=2, unique=True))
        data["correlations"] = [{"between": pair, "rho": draw(st.integers(-10, 10)) / 10}]
    return data
