# ruff: noqa: E501 - cases stand here as they are written
"""Cases at the edges: the smallest, the largest, the strangest that a brief must survive."""

from __future__ import annotations

import json

from winset.case import Case, loads

NASTY = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "</style><style>*{display:none}</style>",
    "<svg onload=alert(1)>",
    "</title></svg></text>]]><b>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "a | b \\| c `d` *e* _f_ [g](http://h.example)",
    "&lt;i&gt; &amp; \"quoted\" 'single'",
)


def nasty(n: int) -> str:
    """One of the payloads, made unlike the others by its number."""
    return f"{NASTY[n % len(NASTY)]} {n}"


def hostile() -> Case:
    """Every text of a case is an attack."""
    t = iter(range(1000))

    def w() -> str:
        return json.dumps(nasty(next(t)))

    yes, no, other = w(), w(), w()
    text = f"""
winset: 1
title: {w()}
summary: {w()}
judge: {w()}
notes: [{w()}, {w()}]
sources:
  s: {{title: {w()}, url: "javascript:alert(1)", note: {w()}, grade: B2}}
  s2: {{title: {w()}, url: "https://good.example/page?a=1&b=2", grade: F6}}
  s3: {{title: {w()}, url: "https://bad.example/\\"onmouseover=alert(1)"}}
  s4: {{title: {w()}, url: "data:text/html,<script>alert(1)</script>"}}
claims:
  c: {{by: {w()}, says: {w()}, source: s, at: {w()}, via: {w()}, note: {w()}, contradicts: d}}
  d: {{by: a, event: {w()}, probability: 30%, source: s2, at: {w()}}}
  e: {{by: b, event: {w()}, probability: 50%, source: s3}}
  f: {{by: b, says: {w()}, source: s4}}
  g: {{by: a, to: {w()}, kind: promise, says: {w()}, source: s, at: {w()}, note: {w()}, date: 2025-01, due: 2025-02, states: {{t: {w()}}}}}
  h: {{by: {w()}, says: {w()}, source: s, at: {w()}, via: {w()}, date: 2025-03, about: [a, b], puts_off: g, states: {{t: {w()}}}}}
as_of: 2025-05-01
places:
  x: {{name: {w()}, country: {w()}, zone: UTC, symbols: [{w()}], candidate: true, note: {w()}}}
agenda:
  {w()}: {{place: x, starts: 2025-04-01 10:00, lasts: 1 to 2 hours, participants: {{a: [{w()}]}}, languages: [{w()}], interpreters: {w()}, format: {w()}, stage: {w()}, note: {w()}}}
  m: {{place: x, starts: 2025-04-01 11:30, parties: [a, b], format: {w()}}}
legal:
  courts: {{k: {{name: {w()}, members: [{w()}]}}}}
  warrants: [{{court: k, against: a, person: {w()}, since: 2024}}]
  bars: [{{country: {w()}, against: b, what: {w()}, waivers: [{{until: 2025-06}}]}}]
parties:
  a: {{name: {w()}, home: x, note: {w()}, because: c}}
  b: {{name: {w()}, seat: absent, affected: true, note: {w()}}}
  z: {{name: {w()}, seat: consulted}}
consent: {{all: [a, b]}}
issues:
  i: {{question: {w()}, options: [{yes}, {no}, {other}], note: {w()}, because: c}}
  j: {{question: {w()}, options: [{yes}, {no}]}}
forbid:
  - {{when: {{i: {other}, j: {no}}}, note: {w()}, because: d}}
offers:
  o: {{by: {w()}, deal: {{i: {no}, j: {yes}}}, note: {w()}, because: c}}
  {w()}: {{by: a, deal: {{i: {yes}, j: {yes}}}}}
preferences:
  a:
    weights: {{i: 1 to 3, j: {{value: 2, because: c, note: {w()}}}}}
    scores: {{i: {{{yes}: 100, {no}: 0, {other}: 50}}, j: {{{yes}: 100, {no}: 0}}}}
    linkages: [{{when: {{i: {yes}, j: {yes}}}, worth: 2 to 4, note: {w()}}}]
    no_deal: 20 to 30
    note: {w()}
    types:
      one: {{prior: 60%, note: {w()}}}
      {w()}: {{rest: true, no_deal: 99 to 120}}
  b:
    weights: {{i: 1, j: 1}}
    scores: {{i: {{{yes}: 40, {no}: 100, {other}: 50}}, j: {{{yes}: 50, {no}: 100}}}}
    red_lines: [{{when: {{i: {no}}}, because: c, note: {w()}}}]
    no_deal: 30
    closing_cost: {{value: 1 to 2, note: {w()}}}
correlations:
  - {{between: [a.no_deal, b.closing_cost], rho: 0.5, note: {w()}}}
"""
    return loads(text)


def empty_by_red_lines() -> Case:
    return loads(
        """
winset: 1
title: Nothing to be had
parties: {a: {name: Upper town}, b: {name: Lower town, seat: absent, affected: true}}
consent: {all: [a, b]}
issues: {bridge: {options: [here, there]}, toll: {options: [low, high]}}
preferences:
  a:
    weights: {bridge: 1, toll: 1}
    scores: {bridge: {here: 100, there: 0}, toll: {low: 0, high: 100}}
    red_lines: [{when: {bridge: there}}]
    no_deal: 10
  b:
    weights: {bridge: 1, toll: 1}
    scores: {bridge: {here: 0, there: 100}, toll: {low: 100, high: 0}}
    red_lines: [{when: {bridge: here}}]
    no_deal: 10
"""
    )


def empty_by_weighing() -> Case:
    return loads(
        """
winset: 1
title: Too little to share
parties: {a: {}, b: {}}
consent: {all: [a, b]}
issues: {cake: {options: [all a, half, all b]}}
offers: {fair: {deal: {cake: half}}}
preferences:
  a: {weights: {cake: 1}, scores: {cake: {all a: 100, half: 50, all b: 0}}, no_deal: 60}
  b: {weights: {cake: 1}, scores: {cake: {all a: 0, half: 50, all b: 100}}, no_deal: 60}
"""
    )


def one_party() -> Case:
    return loads(
        """
winset: 1
title: Alone
parties: {me: {}}
consent: me
issues: {where: {options: [sea, hills]}}
preferences: {me: {weights: {where: 1}, scores: {where: {sea: 100, hills: 20}}, no_deal: 50}}
"""
    )


def one_deal() -> Case:
    return loads(
        """
winset: 1
title: Take it or leave it
parties: {a: {}, b: {}}
consent: {all: [a, b]}
issues: {it: {options: [taken, left]}}
forbid: [{it: left}]
offers: {it is: {deal: {it: taken}}}
preferences:
  a: {weights: {it: 1}, scores: {it: {taken: 100, left: 0}}, no_deal: 50}
  b: {weights: {it: 1}, scores: {it: {taken: 70, left: 0}}, no_deal: 50}
"""
    )


def twelve_parties() -> Case:
    parties = [f"p{n}" for n in range(12)]
    issues = [f"i{n}" for n in range(4)]
    prefs = []
    for n, p in enumerate(parties):
        weights = ", ".join(f"{i}: {1 + (n * 7 + k * 3) % 5}" for k, i in enumerate(issues))
        scores = ", ".join(
            f"{i}: {{x: {(n * 31 + k * 17) % 101}, y: {(n * 13 + k * 29) % 101}, z: 60}}"
            for k, i in enumerate(issues)
        )
        prefs.append(f"  {p}: {{weights: {{{weights}}}, scores: {{{scores}}}, no_deal: {30 + n}}}")
    return loads(
        "winset: 1\ntitle: A council of twelve\n"
        f"parties: {{{', '.join(f'{p}: {{}}' for p in parties)}}}\n"
        f"consent: {{at_least: 8, of: [{', '.join(parties)}]}}\n"
        f"issues: {{{', '.join(f'{i}: {{options: [x, y, z]}}' for i in issues)}}}\n"
        "preferences:\n" + "\n".join(prefs)
    )


def million_million() -> Case:
    """10^12 deals."""
    issues = [f"i{n}" for n in range(12)]
    options = "abcdefghij"

    def block(p: str, turn: bool) -> str:
        weights = ", ".join(f"{i}: {1 + (n * 5 if turn else 40 - n * 3)}" for n, i in enumerate(issues))
        order = options[::-1] if turn else options
        scores = ", ".join(
            f"{i}: {{{', '.join(f'{o}: {k * 11}' for k, o in enumerate(order))}}}" for i in issues
        )
        return f"  {p}: {{weights: {{{weights}}}, scores: {{{scores}}}, no_deal: 45 to 55}}"

    return loads(
        "\n".join(
            [
                "winset: 1",
                "title: A million million deals",
                "parties: {a: {}, b: {}}",
                "consent: {all: [a, b]}",
                "issues:",
                *(f"  {i}: {{options: [{', '.join(options)}]}}" for i in issues),
                "preferences:",
                block("a", False),
                block("b", True),
            ]
        )
    )


def scripts() -> Case:
    """Right-to-left, non-Latin and very long names."""
    long = "Standing Joint Intergovernmental Commission for the Lasting Settlement of " * 4
    return loads(
        f"""
winset: 1
title: مفاوضات السلام 平和交渉
summary: שלום {{}} — متن
parties:
  a: {{name: المملكة}}
  b: {{name: 日本国政府, seat: absent, affected: true}}
  c: {{name: "{long.strip()}"}}
  d: {{name: {"x" * 180}}}
consent: {{all: [a, b, c, d]}}
issues:
  حدود: {{question: "أين الحدود؟", options: [القديم, الجديد]}}
  お金: {{options: ["{"長い" * 60}", "{"unbrokenword" * 12}"]}}
offers:
  "عرض": {{by: a, deal: {{حدود: القديم, お金: "{"長い" * 60}"}}}}
preferences:
"""
        + "\n".join(
            _scripted(p, x, y) for p, x, y in (("a", 100, 20), ("b", 30, 60), ("c", 70, 40), ("d", 50, 50))
        )
    )


def _scripted(party: str, x: int, y: int) -> str:
    money = f'"{"長い" * 60}": {y}, "{"unbrokenword" * 12}": {100 - y}'
    land = f"القديم: {x}, الجديد: {100 - x}"
    return (
        f"  {party}:\n    weights: {{حدود: 2, お金: 1}}\n    scores: "
        f"{{حدود: {{{land}}}, お金: {{{money}}}}}\n"
        "    no_deal: 20 to 30"
    )


EDGES = {
    "hostile": hostile,
    "empty by red lines": empty_by_red_lines,
    "empty by weighing": empty_by_weighing,
    "one party": one_party,
    "one deal": one_deal,
    "twelve parties": twelve_parties,
    "10^12 deals": million_million,
    "scripts": scripts,
}
