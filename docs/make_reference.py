# ruff: noqa: E501 - the text of the pages stands here as it is written
"""Write the generated reference pages: docs/reference/case.md and docs/reference/cli.md.

    python docs/make_reference.py

A test fails when the pages differ from what this script writes, or when a key of the format has no example.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from winset.case import json_schema, loads
from winset.case.model import RESERVED
from winset.case.scales import ICD_203, KENT
from winset.cli.commands import app

HERE = Path(__file__).parent / "reference"

#: A valid case that uses every key of the format at least once; the tables take their examples from it.
EXAMPLE = """\
winset: 1
title: A ceasefire and who watches it
summary: Two sides negotiate with a host; a third party that lives on the line is not in the room.
as_of: 2026-03-01
judge: the analyst
illustrative: true
notes: [Numbers are from one workshop.]

sources:
  report: {title: Report of the monitoring mission, date: 2026-02-20, grade: B2, url: "https://example.org/report", note: Public version}
  interview: {title: Interview with an adviser, date: 2026-02-25, grade: C3}

claims:
  no-withdrawal: {by: north, says: will not withdraw, source: report, at: page 4, date: 2026-02-18, about: line, note: Said twice}
  may-withdraw: {by: an adviser, says: would withdraw for money, source: interview, via: a journalist, contradicts: no-withdrawal}
  odds: {by: host, of: a ceasefire, event: a signed ceasefire by 1 June 2026, probability: 25% to 40%, source: report}
  monitors: {by: north, to: host, kind: promise, says: will let monitors in, quote: the road is open, due: 2026-02, kept_by: monitors-in, source: report, grade: B3}
  monitors-in: {by: the mission, kind: event, says: the first monitors are there, source: report, date: 2026-02-19 08:00, zone: hotel, fulfils: monitors, states: {opening.starts: "10:00"}}
  snow: {by: north, says: the fund must wait for spring, source: interview, puts_off: monitors}

parties:
  north: {name: The North, seat: table, because: odds, note: Sends its deputy minister}
  south: {name: The South, seat: table}
  host: {name: The host, seat: host, home: hotel}
  villagers: {name: Villages on the line, seat: absent, affected: true, bound: true, can_spoil: 20% to 40%}

consent: {all: [north, south]}

issues:
  line: {question: Where is the line?, options: [as it is, ten km back], because: no-withdrawal, note: Measured from the river}
  watch: {question: Who watches?, options: [nobody, drones, observers]}
  money: {question: Is there money?, options: [none, a fund]}

forbid:
  - {when: {line: ten km back, watch: nobody}, because: odds, note: Nobody would know}

offers:
  february text: {by: south, deal: {line: ten km back, watch: observers, money: none}, date: 2026-02-22, because: odds, note: Never published}

preferences:
  north:
    weights: {line: 40 to 60, watch: 25, money: 25}
    scores:
      line: {as it is: 100, ten km back: 0}
      watch: {nobody: 100, drones: {value: 40 to 60, because: odds}, observers: 0}
      money: {none: 0, a fund: 100}
    linkages: [{when: {line: ten km back, money: a fund}, worth: 5 to 15, because: may-withdraw, note: Pays for new posts}]
    red_lines: [{when: {line: ten km back, money: none}, because: no-withdrawal, note: Refused in public}]
    no_deal: 35 to 45
    closing_cost: 3
    because: odds
    note: From two interviews
    types:
      pragmatic: {prior: 60%, because: may-withdraw, note: Wants the fund}
      hardline:
        rest: true
        weights: {line: 80}
        scores: {watch: {observers: 0}}
        linkages: []
        red_lines: [{when: {line: ten km back}, because: no-withdrawal}]
        no_deal: 60 to 70
        closing_cost: 0
  south:
    weights: {line: 50, watch: 40, money: 10}
    scores:
      line: {as it is: 0, ten km back: 100}
      watch: {nobody: 0, drones: 60 to 80, observers: 100}
      money: {none: 100, a fund: 0}
    no_deal: 20 to 40, mode 25
  host:
    weights: {line: 20, watch: 50, money: 30}
    scores:
      line: {as it is: 0, ten km back: 100}
      watch: {nobody: 0, drones: 40, observers: 100}
      money: {none: 100, a fund: 0}

no_deal:
  outcomes:
    line holds: {probability: 50% to 70%, deal: {line: as it is, watch: nobody, money: none}, because: odds, note: As in winter}
    line breaks: {rest: true, values: {north: 30, south: 5 to 15, host: 0}}
  cost: {host: 4 to 8}
  drift: {line breaks: +1% to +2% per month}
  horizon: 12 months
  because: odds
  note: North and south state no_deal themselves, so this is for the host

bodies:
  assembly:
    name: The assembly of the South
    ratifies: south
    members:
      government: {name: The governing parties, votes: 58, like: south, bar: 25 to 45, because: odds}
      hardliners: {votes: 31, like: north, note: Gain from the war trade}
      independents: {votes: 1, times: 11, yes: 40% to 70%}
    passes: {votes: more than 50%, members: 5}
    because: odds
    note: A vote is promised for June

correlations:
  - {between: [north.no_deal, south.no_deal], rho: -0.5, because: odds, note: The same front line}

decisions:
  what to table:
    by: host
    because: odds
    note: For the spring round
    choices:
      february text: {table: february text, cost: 1 to 3, because: odds, note: It has been seen}
      a fund instead: {table: {line: as it is, watch: drones, money: a fund}}
      wait: {}
    meetings:
      soundings:
        about: north
        cost: 1 to 2
        because: may-withdraw
        note: Through a third country
        signals: {talks money: {pragmatic: 60% to 80%, hardline: 10%}, says no: {rest: true}}

evidence:
  answered the letter: {about: north, date: 2026-02-10, likelihoods: {pragmatic: very likely, hardline: 30% to 60%}, because: may-withdraw, note: Within two days}
  sent an envoy: {about: north, date: 2026-02-12, likelihoods: {pragmatic: likely, hardline: 20% to 40%}, group: soundings}
  received an envoy: {about: north, date: 2026-02-14, likelihoods: {pragmatic: likely, hardline: 20% to 40%}, group: soundings}

evidence_groups:
  soundings: {likelihoods: {pragmatic: 50%, hardline: 15% to 30%}, because: may-withdraw, note: Two signs of one policy}
stages:
  soundings:
    kind: talk
    room: [north, host]
    channel: shuttle
    lasts: 1 to 3 days
    cost: {north: 1, host: 0 to 2}
    gains: {north: {value: 1 to 3, because: may-withdraw}}
    hazard: 1% to 3%
    signals: {north: {talks money: {pragmatic: 60% to 80%, hardline: 10%}, says no: {rest: true}}}
    stay: {north: 2 to 5}
    then: {says no: end}
    because: may-withdraw
    note: Through a third country
  spring round:
    kind: offers
    room: [north, south, host]
    rounds: 20
    protocol: mediated
    mediator: host
    first: south
    strategies: {north: {time-dependent: {beta: 0.2 to 0.5, because: no-withdrawal, note: Held out last year}}, south: time-dependent}
    then: {agreed: villages heard, not agreed: end}
  villages heard: {kind: consent, room: [host], asks: host, consult: south, rejected: {to: spring round, at_most: 2}, next: vote}
  vote: {kind: ratify, bodies: assembly, lasts: 2 weeks}

talks:
  deadline: 3 to 6 months
  drift: {south: -1 to 0 per month}
  forecasts: {odds: spring round}
  what_ifs: [without soundings, no deadline]
  because: odds
  note: The host has set no date

threats:
  close the pass:
    kind: threat
    by: host
    to: north
    what: no fuel over the pass
    unless: {line: ten km back, watch: [drones, observers]}
    cost: 2 to 6
    benefit: 0 to 1
    audience: 1 to 4
    harm: 5 to 15
    others: {south: 1 to 3}
    carries_out: {resolute: 80% to 95%, irresolute: likely}
    record: [{carried_out: no, likelihoods: {resolute: 30%, irresolute: 60% to 80%}, because: odds, note: In autumn}]
    announced: 2026-02-20
    delay: {lasts: 1 to 2 months, harm: 1 to 2 per month, cost: 0.5 per month, audience: 0 to 1 per month, others: {south: -1 to 0 per month}, because: odds, note: Until the thaw}
    because: odds
    note: Said on the radio
  cut the lines: {by: north, to: south, when: no deal, cost: 1 to 3, audience: 2, harm: 4, types: {hardline: {cost: 0 to 1, benefit: 1, audience: 3, because: no-withdrawal, note: It has other lines}}}
  a second fund: {kind: promise, by: host, to: north, when: any deal, prior: 40% to 60%, gain: 3 to 6, delay: {lasts: 1 month, gain: 1 per month}}
guarantees:
  patrol: {by: host, to: south, when: {watch: observers}, against: north, cost: 3 to 8, stake: 4 to 10, punishment: 10 to 20, because: odds, note: Boats on the river}
  embargo threat: {by: neighbours, credible: {value: 20% to 40%, because: odds}, punishment: 5 to 10}

durability:
  horizon: 4 years
  period: 3 months
  deals: [february text, with money: {line: ten km back, watch: drones, money: a fund}]
  discount: {north: 5% to 15% per year, south: 10% per year}
  parties:
    north: {gain: 5 to 10, edge: 0 to 4, drift: 0 to 2 per year, because: no-withdrawal, note: It has more young men}
    south: {gain: 2 to 5, then: 20 to 40, detection: {nobody: 10% per month, drones: 50% per month, observers: 90% per month}}
  seen_through: watch
  detection: {nobody: 5% to 10% per month, drones: 30% to 50% per month, observers: 80% per month}
  shocks: 1% to 3% per year
  phases: [{after: 6 months, gives: money, because: odds, note: Once the line has moved}]
  until_then: {money: none}
  irreversible: money
  because: odds
  note: From the talks in winter

levers:
  fund: {pays: host, to: north, cap: 15, rate: 0.8, price: 3, unit: million, because: may-withdraw, note: The host pays}
  posts only: {relax: north, red_line: 1, type: hardline, to: {line: ten km back, watch: drones}, price: 8, unit: million, because: may-withdraw, note: Where observers come too}
  any line: {drop: north, red_line: 1, type: hardline, price: 20, unit: million, because: may-withdraw, note: A change of course}
  five km: {add: {issue: line, option: five km back, like: ten km back, scores: {north: 50, south: 60 to 80}}, price: 2, unit: million, because: odds, note: A new map}
  promise: {guarantee: south, worth: 5 to 15, price: 10, unit: million, because: odds, note: Troops over the horizon}
  embargo: {lower: north, by: 10, price: 12, unit: million, because: odds, note: On fuel}
  host signs: {consent: {all: [north, south, host]}, price: 1, unit: million, because: odds, note: As in the last round}
  north alone: {without: south, price: 30, unit: million, because: odds, note: Over the head of the South}

war:
  summer offensive:
    between: [north, south]
    over: the hills
    kind: war
    wins: {north: 40% to 60%}
    seen_by: {north: 50% to 70%, south: 30% to 50%}
    costs: {north: 10% to 25%, south: {value: 10% to 25%, because: odds}}
    stake: {north: 40 to 60, south: 40 to 60}
    risk: {south: 0.7 to 1}
    settles: {line: {as it is: 60% to 75%, ten km back: 20% to 35%}}
    divisible: false
    private: north
    proposes: south
    shift: {north: -0.5% to 1% per month}
    wear: {north: 0.5% to 1.5% per month, south: 0.5% to 1.5% per month}
    discount: {north: 1% per month, south: 1% to 2% per month}
    horizon: 12 months
    escalation: {north: {wins: 2% to 6%, cost: 3% to 8%, because: odds, note: Crossing the river}}
    battles: {every: 2 to 4 weeks, weight: {north: 5 to 15, south: 5 to 15}, because: odds, note: As last summer}
    because: odds
    note: If the talks fail
concessions:
  baseline: {line: as it is, watch: nobody, money: none}
  horizon: 12 months
  paths: {north: february text}
  drones over the line:
    by: north
    to: south
    what: Drones may fly
    changes: {watch: [nobody, drones]}
    against: {line: as it is, watch: nobody, money: none}
    promised: monitors
    due: monitors
    counted_on: 20% to 60%
    reversible: 30% to 60%
    lasts: 3 to 6 months
    enforceable: yes
    verifiable: 50%
    verified_by: {watch: [drones, observers]}
    instead_of: the february text
    date: 2026-02-24
    because: may-withdraw
    note: Said on the telephone
  the february text: {by: south, to: [north, host], offer: february text}
  a reception: {by: host, to: north, worth: {host: 0, north: 1 to 3}}

places:
  hotel: {name: The lake hotel, country: Midland, zone: Europe/Zurich, coordinates: [46.2, 6.15], candidate: true, symbols: [Neutral in the last war], because: odds, note: Paid by the host}
  mission: {name: The mission, country: Northland, zone: "+03:00"}

agenda:
  opening: {place: hotel, starts: 2026-03-02 10:00, lasts: 2 to 3 hours, participants: {north: [the deputy minister], south: [the envoy], host: [the chair]}, languages: [English, French], interpreters: one from each side, format: plenary, stage: spring round, because: odds, note: Without the press}
  call: {place: {north: mission, host: hotel}, starts: 2026-03-01 18:00 UTC, ends: 2026-03-01 18:30 UTC, parties: [north, host]}

legal:
  courts:
    tribunal: {name: The tribunal, members: {Midland: {since: 2002, until: 2026-12-31, because: odds, note: It has said that it will leave}}, not_members: [Northland], source: report, as_of: 2026-02, because: odds, note: From its web page}
  warrants: [{court: tribunal, against: north, person: the deputy minister, since: 2025-05-01, until: 2030, because: odds, note: Sealed until June}]
  bars:
    - {country: Midland, against: north, what: visas for ministers, person: the deputy minister, since: 2024, until: 2027, because: odds, note: A list of twelve, waivers: [{since: 2026-03-01, until: 2026-03-08, because: odds, note: For the talks}]}

conflict:
  question: What can each do without the others?
  options:
    north: {shell the road: {name: Shells the road, because: no-withdrawal, note: As in winter}, pull back: {}}
    south: {close the crossing: {once: taken}}
    host: [cut the fund]
  infeasible:
    - {when: {shell the road: yes, pull back: yes}, because: odds, note: Its guns are within the ten km}
  status_quo: {close the crossing: no}
  preferences:
    north:
      because: may-withdraw
      note: The pragmatic ones look at the money
      prioritised:
        - {cut the fund: no, sure: 60% to 90%, because: may-withdraw, note: It pays for the posts}
        - {pull back: yes, if: {close the crossing: no}}
        - {shell the road: yes, iff: {close the crossing: yes}, strongly: true}
        - {when: [{pull back: no}, {cut the fund: no}]}
      types: {hardline: {ranking: [{pull back: no}, rest], because: no-withdrawal, note: Held out last year}}
    south: {from: deals}
    host: {ranking: [{pull back: yes}, [{shell the road: no, cut the fund: no}, {close the crossing: yes}], rest]}
  outcomes:
    - {when: {pull back: yes}, deal: {line: ten km back, watch: drones, money: none}, because: may-withdraw, note: Without a word signed}
    - {when: {pull back: no}, no_deal: true}
  effects:
    - {when: {close the crossing: yes}, less: {south: 2 to 6}, because: odds, note: Its own trade stops}
    - {when: {cut the fund: yes, pull back: no}, more: {south: 1 to 3}}
  sees: {south: {unaware of: cut the fund, north: {ranking: [{pull back: no}, rest]}}}
  positions:
    north: {shell the road: no, close the crossing: no, because: may-withdraw, note: Said to the press}
    south: {when: {shell the road: no, pull back: yes, close the crossing: no}}
  fallback:
    north: {shell the road: yes, because: no-withdrawal, note: As in winter}
    south: {close the crossing: yes}
  because: odds
  note: Nothing here needs a signature
"""

#: Definition of the schema -> heading, and where instances of it stand in the example.
SECTIONS: dict[str, tuple[str, list[str]]] = {
    "Case": ("The file", [""]),
    "Source": ("sources: a source", ["sources.*"]),
    "Claim": ("claims: a claim", ["claims.*"]),
    "Party": ("parties: a party", ["parties.*"]),
    "Issue": ("issues: an issue", ["issues.*"]),
    "Forbid": ("forbid: a combination that makes no sense", ["forbid.*"]),
    "Offer": ("offers: an offer", ["offers.*"]),
    "Preferences": ("preferences: a party's preferences", ["preferences.*"]),
    "Linkage": ("linkages: a linkage", ["preferences.*.linkages.*"]),
    "RedLine": ("red_lines: a red line", ["preferences.*.red_lines.*"]),
    "PartyType": ("types: a type", ["preferences.*.types.*"]),
    "NoDeal": ("no_deal: what happens without a deal", ["no_deal"]),
    "Outcome": ("outcomes: an outcome", ["no_deal.outcomes.*"]),
    "Body": ("bodies: a body", ["bodies.*"]),
    "Member": ("members: a member of a body", ["bodies.*.members.*"]),
    "Correlation": ("correlations: a correlation", ["correlations.*"]),
    "Decision": ("decisions: a choice that somebody faces", ["decisions.*"]),
    "Choice": ("choices: what may be done", ["decisions.*.choices.*"]),
    "Meeting": ("meetings: what could be learned before", ["decisions.*.meetings.*"]),
    "Evidence": ("evidence: something that was seen", ["evidence.*"]),
    "EvidenceGroup": ("evidence_groups: items that hang together", ["evidence_groups.*"]),
    "Talk": ("stages: a talk", ["stages.soundings", "stages.*"]),
    "Offers": ("stages: offers", ["stages.spring round", "stages.*"]),
    "Consent": ("stages: parties that are asked or heard", ["stages.villages heard", "stages.*"]),
    "Rejected": ("rejected: where a deal goes back to", ["stages.*.rejected"]),
    "Ratify": ("stages: bodies that vote", ["stages.vote", "stages.*"]),
    "Talks": ("talks: what holds for all stages", ["talks"]),
    "Threat": ("threats: a threat or a promise", ["threats.*"]),
    "ThreatType": ("types: what differs for a type of its maker", ["threats.*.types.*"]),
    "Resolve": ("carries_out, likelihoods: for a resolute maker, and for another", ["threats.*.carries_out"]),
    "Earlier": ("record: an earlier threat or promise", ["threats.*.record.*"]),
    "Delay": ("delay: something announced that is put off", ["threats.*.delay"]),
    "SecurityGuarantee": ("guarantees: a promise to stand by a deal", ["guarantees.*"]),
    "Durability": ("durability: whether a deal would hold", ["durability"]),
    "Temptation": (
        "parties: what breaking a deal would bring",
        ["durability.parties.north", "durability.parties.south"],
    ),
    "Phase": ("phases: a step in which a deal is carried out", ["durability.phases.*"]),
    "Payment": ("levers: a side payment", ["levers.fund"]),
    "Relaxation": ("levers: a red line read more narrowly", ["levers.posts only"]),
    "Removal": ("levers: a red line dropped", ["levers.any line"]),
    "Addition": ("levers: a new option", ["levers.five km"]),
    "NewOption": ("levers: the option that is added", ["levers.five km.add"]),
    "Guarantee": ("levers: a guarantee", ["levers.promise"]),
    "Lowering": ("levers: a lower no-deal value", ["levers.embargo"]),
    "NewRule": ("levers: another rule of consent", ["levers.host signs"]),
    "Leaving": ("levers: a party that is not asked", ["levers.north alone"]),
    "Contest": ("war: a contest", ["war.*"]),
    "Escalation": ("escalation: what a party could do to win", ["war.*.escalation.*"]),
    "Battles": ("battles: how fighting teaches", ["war.*.battles"]),
    "Concessions": ("concessions: what holds for all of them", ["concessions"]),
    "Concession": ("concessions: a concession", ["concessions.drones over the line", "concessions.*"]),
    "Place": ("places: a place", ["places.*"]),
    "AgendaItem": ("agenda: a meeting", ["agenda.*"]),
    "Legal": ("legal: what the law says about travel", ["legal"]),
    "Court": ("courts: a court", ["legal.courts.*"]),
    "Membership": ("members: a member of a court", ["legal.courts.*.members.*"]),
    "Warrant": ("warrants: a warrant", ["legal.warrants.*"]),
    "Bar": ("bars: a bar", ["legal.bars.*"]),
    "Waiver": ("waivers: a waiver of a bar", ["legal.bars.*.waivers.*"]),
    "Conflict": ("conflict: what each can do alone", ["conflict"]),
    "Unilateral": ("options: a unilateral option", ["conflict.options.*.*"]),
    "Infeasible": ("infeasible: states that cannot be", ["conflict.infeasible.*"]),
    "ConflictPreferences": ("preferences: how a party orders the states", ["conflict.preferences.*"]),
    "Order": (
        "types: how a type orders the states",
        ["conflict.preferences.*.types.*", "conflict.preferences.*", "conflict.sees.*.*"],
    ),
    "Statement": ("prioritised: a statement", ["conflict.preferences.*.prioritised.*"]),
    "StateOutcome": ("outcomes: what states come to", ["conflict.outcomes.*"]),
    "Effect": ("effects: what states cost or bring", ["conflict.effects.*"]),
    "View": ("sees: what a party sees wrongly", ["conflict.sees.*"]),
    "Position": (
        "positions and fallback: what parties say",
        ["conflict.positions.*", "conflict.fallback.*"],
    ),
}

NUMBERS = """\
## Numbers

Wherever a number may stand, so may a range. Decimals and fractions are kept exactly.

| written | means | its central value |
|---|---|---|
| `7`, `7.5`, `-3`, `1/3` | the number itself | itself |
| `25%` | 0.25; only for probabilities, priors and weights | itself |
| `20 to 30` | a 90 % interval: 5 % below 20, 5 % above 30. Normal; lognormal or logit-normal where a normal would spill over the bounds of the quantity | the median (the middle, when normal) |
| `20 to 40, mode 25` | PERT: at least 20, most likely 25, at most 40 | the mode |
| `20 to 40, uniform` | at least 20, at most 40, every value as likely as any other | the middle |
| `{values: {10: 0.3, 20: 0.7}}` | 10 with probability 0.3, 20 with 0.7 | the mean |
| `{value: 20 to 30, because: odds}` | any of the above with the claim it rests on; `note` may be added | as above |

Counts of deals are computed at central values, probabilities over draws from the whole of every range; see
[how numbers are shown](../explanation/honesty.md).
"""

LIKELIHOODS = """\
## Likelihoods of evidence

A likelihood answers: if the party is of this type, how probable was it that we would see this? It is a number, a range,
or a word of a published scale, which stands for the range that its authors gave it and stays a word in the file.

| word | stands for |
|---|---|
{rows}

Words of ICD 203 stand alone; those of Kent (1964) have his name behind them. Only ratios matter: likelihoods of 60% and 30%
say the same as 20% and 10%. How items are counted is on [the page of the lens](../lenses/beliefs.md).
"""

MATCHES = """\
## Matches

A *match* is a condition on a deal. It maps issues to options: all issues named must match. A list of options is
"any of these"; a list of such mappings is "any of these mappings".

| written | holds when |
|---|---|
| `{line: as it is}` | the line stays |
| `{line: as it is, watch: [drones, observers]}` | the line stays and somebody watches |
| `[{line: ten km back}, {money: none}]` | the line moves, or there is no money, or both |
"""

STATES = """\
A *state* says of every option whether it is taken. A *condition on states* maps options to yes or no.

| written | holds when |
|---|---|
| `{shell the road: no}` | the road is not shelled, whatever else is done |
| `{shell the road: no, cut the fund: no}` | neither is done |
| `[{pull back: yes}, {close the crossing: yes}]` | one of the two is done, or both |

A *statement* is such a condition with what goes with it in the same mapping, or under `when` with it. Of two states the
party prefers the one in which the first statement is true that is not true in both: a statement outweighs all that come
after it together. `{A: yes, if: {B: yes}}` is also true where B is not so; `{A: yes, iff: {B: yes}}` is true where both
are so or neither is. A *ranking* places every state in the first of its entries that it meets, the best first; states of
one entry are tied, and `rest` is all that no entry names.
"""

RULES = """\
## The rule of consent

`consent` says whose yes a deal needs. It is a party, or one of the following, nested as needed. Whoever it names must
have preferences.

| written | passes when |
|---|---|
| `north` | the North accepts |
| `{all: [north, south]}` | both accept |
| `{any: [north, south]}` | at least one accepts |
| `{at_least: 2, of: [north, south, host]}` | two or more accept |
| `{all: [host, {at_least: 1, of: [north, south]}]}` | the host accepts, and one of the others |
"""

PASSES = """\
## When a body says yes

`passes` holds quotas of weights. Weights have names of your own choosing; a member that does not state one has none of
it. `members` counts heads, and `votes` are one each where no member states them. A quota is reached by just as much.

| written | the body says yes when |
|---|---|
| `more than 50%` | more than half of the votes do; short for `{votes: more than 50%}` |
| `{votes: 255}` | 255 votes or more do |
| `{votes: 2/3 of all}` | two thirds of the votes do |
| `{states: 15, population: 65%}` | both quotas are reached; short for `{all: [{states: 15}, {population: 65%}]}` |
| `{any: [{population: 65%}, {members: 24}]}` | one of the two is reached: fewer than four members cannot block |
| `{at_least: 2, of: [{house: 218}, {senate: 51}, {president: 1}]}` | two of the three |

A member votes on a deal as the party that it is `like` would, or the party of its own id: it refuses what crosses that
party's red lines or is worth less to it than `bar`. With `yes` it votes for any signed deal with that probability.
"""

TEXT = """\
## The text itself

- YAML 1.2, UTF-8, at most 1 MiB, nested at most 40 deep. Tags, anchors and aliases are refused, and so is a key that
  stands twice in one mapping ([why](../decisions/002-yaml-reader.md)).
- Ids (of sources, claims, parties, issues, types, offers, bodies, members, evidence) have 1 to 80 characters and no dot.
- Text with a colon and a blank, a comma inside braces, or a `#` after a blank goes in quotes.
- An unknown key is a fault, with a hint if a known one is near. `winset check` shows all faults at once.
- The JSON Schema (`winset schema`) lets an editor complete and check a case while you type.
"""


def case_page() -> str:
    schema = json_schema()
    loads(EXAMPLE)
    data = _data(EXAMPLE)
    out = [
        "# The case file",
        "",
        "<!-- Generated by docs/make_reference.py; change the model or that script, not this page. -->",
        "",
        "Every key of version 1. The examples come from the [case at the end of this page](#the-example-in-full).",
        "New to it? The [tutorial](../tutorial.md) builds a case step by step; the [glossary](../glossary.md)",
        "explains the words.",
        "",
    ]
    for name, (heading, paths) in SECTIONS.items():
        shape = schema if name == "Case" else schema["$defs"][name]
        found = [node for path in paths for node in _at(data, path.split(".") if path else [])]
        out += [f"## {heading}", ""]
        if name not in ("Case",):
            out += [_sentence(shape.get("description", "")), ""]
        if name == "Forbid":
            out += ["A bare match, `{line: ten km back, watch: nobody}`, may stand in its place.", ""]
        if name == "Conflict":
            out += [STATES]
        if name == "View":
            out += ["Any other key is a party, with the order that it is taken to have.", ""]
        if name == "Infeasible":
            out += ["A bare condition, `{shell the road: yes, pull back: yes}`, may stand in its place.", ""]
        if name == "Member":
            out += ["Any other key is a weight: `votes`, `population`, whatever `passes` asks for.", ""]
        out += ["| key | what it is | what may stand there | example |", "|---|---|---|---|"]
        required = set(shape.get("required", ()))
        for key, body in shape["properties"].items():
            example = _example(found, key, f"{name}.{key}")
            need = " **required**" if key in required else ""
            out.append(
                f"| `{key}` | {_cell(_sentence(body.get('description', '')))}{need} | {_cell(_allowed(key, body))} "
                f"| `{_cell(example)}` |"
            )
        out.append("")
        if name == "Case":
            out += [NUMBERS, _likelihoods(), MATCHES, RULES, PASSES]
    out += [TEXT, "## Kept for later versions", ""]
    out += ["These keys of the file are refused for now, each with a message that says so.", ""]
    out += ["| key | for |", "|---|---|", *(f"| `{k}` | {v} |" for k, v in RESERVED.items()), ""]
    out += ["## The example in full", "", "```yaml", EXAMPLE.rstrip(), "```"]
    return "\n".join(out) + "\n"


def _likelihoods() -> str:
    """The words for likelihoods, as the scales have them."""
    shown = {**ICD_203, **{word.replace("(kent)", "(Kent)"): ends for word, ends in KENT.items()}}
    rows: dict[tuple[int, int], list[str]] = {}
    for word, ends in shown.items():
        rows.setdefault(ends, []).append(f"`{word}`")
    listed = [f"| {', '.join(words)} | {low}% to {high}% |" for (low, high), words in rows.items()]
    return LIKELIHOODS.replace("{rows}", "\n".join(listed))


def _data(text: str) -> Any:
    from winset.case.text import parse_yaml

    return parse_yaml(text, "example").data


def _at(node: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield node
        return
    if steps[0] == "*":
        for value in node.values() if isinstance(node, Mapping) else node:
            yield from _at(value, steps[1:])
    elif steps[0] in node:
        yield from _at(node[steps[0]], steps[1:])


def _example(found: list[Any], key: str, where: str) -> str:
    for node in found:
        if key in node:
            text = f"{key}: {_flow(node[key])}"
            return text if len(text) <= 90 else f"{key}: {_short(node[key])}"
    raise SystemExit(f"{where} has no example; use it in EXAMPLE of docs/make_reference.py")


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        first = next(iter(value))
        inner = _flow(value[first])
        return f"{{{first}: {inner if len(inner) <= 70 else '{...}'}, ...}}"
    if isinstance(value, list):
        inner = _flow(value[0])
        return f"[{inner}, ...]" if len(value) > 1 else f"[{inner}]"
    return str(value)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    text = str(value)
    return f'"{text}"' if ": " in text or "://" in text else text


def _allowed(key: str, body: Mapping[str, Any]) -> str:
    if key in ("when", "unless"):
        named = any("minLength" in choice for choice in body.get("anyOf", ()))
        return ("`any deal`, `no deal`, an offer, or " if named else "") + "a [match](#matches)"
    if _on_states(body):
        return "a [condition on states](#conflict-what-each-can-do-alone)"
    if key == "once":
        return "`taken` (or `true`), or `dropped`"
    if key in ("when",):
        return "a [match](#matches)"
    if key == "consent":
        return "a [rule](#the-rule-of-consent)"
    if key == "passes":
        return "a [rule for votes](#when-a-body-says-yes)"
    if key == "members" and "states" in str(body.get("description", "")).lower():
        return "a list of names, or a mapping with `since` and `until`"
    if key == "members":
        return "a mapping, with a member or its `votes`; or a list of names"
    if key == "times":
        return "a whole number from 1 to 1,000"
    if key == "forbid":
        return "a list of [matches](#matches)"
    if "const" in body:
        return f"`{body['const']}`"
    if "enum" in body and True in body["enum"]:
        return "`true` or `false`"
    if "enum" in body:
        return " or ".join(f"`{v}`" for v in body["enum"])
    if key in ("starts", "ends"):
        return "a day and a time, YYYY-MM-DD HH:MM, and a zone or an offset where it is needed"
    if key == "lasts":
        return "a length of time, e.g. 2 hours; may be a range"
    if key == "verified_by":
        return "a [match](#matches)"
    if "an offer, or " in body.get("description", ""):
        return "the name of an offer, or an option for every issue"
    if key == "zone":
        return "an IANA name, UTC or an offset"
    if key == "coordinates":
        return "two numbers"
    if key == "place":
        return "an id, or a mapping party to place"
    if body.get("format") == "date":
        return "a date, YYYY-MM-DD"
    if key == "due" and body.get("description", "").startswith("Claims"):
        return "an id or a list of ids"
    if key in ("date", "due", "since", "until", "as_of"):
        return "a date: YYYY-MM-DD, YYYY-MM or YYYY"
    if "pattern" in body:
        return "a letter A to F, then a digit 1 to 6"
    number = _number(body)
    if number:
        return number
    kinds = body.get("type")
    if kinds == "integer":
        return f"a whole number from {body['minimum']}"
    if key == "to" and any("additionalProperties" in choice for choice in body.get("anyOf", ())):
        return "a [match](#matches)"
    if key == "table":
        return "the name of an offer, or an option for every issue"
    if key == "to" and body.get("type"):
        return "text"
    if key in (
        "because",
        "unaware of",
        "contradicts",
        "kept_by",
        "fulfils",
        "puts_off",
        "pays",
        "to",
        "against",
        "gives",
        "irreversible",
    ):
        return "an id or a list of ids"
    if key == "deals":
        return "an offer, or a list of offers and of NAME: {an option for every issue}"
    if key in ("about", "parties") and "anyOf" in body:
        return "an id or a list of ids"
    if kinds == "array":
        return "two paths" if key == "between" else "a list"
    if "$ref" in body:
        return "a mapping"
    if kinds == "object":
        inner = body.get("additionalProperties", {})
        deep = inner.get("additionalProperties", {}) if isinstance(inner, Mapping) else {}
        named = _number(inner) or (_number(deep) if isinstance(deep, Mapping) else "")
        return f"a mapping, with {named}" if named else "a mapping"
    if kinds == "number":
        return f"a number from {body['minimum']:g} to {body['maximum']:g}"
    return "text"


def _on_states(body: Mapping[str, Any]) -> bool:
    """Whether a value is a condition on states: options to yes or no."""
    inside = [choice.get("additionalProperties") for choice in (body, *body.get("anyOf", ()))]
    return any(isinstance(c, Mapping) and "yes" in c.get("enum", ()) for c in inside)


def _number(body: Any) -> str:
    for choice in body.get("anyOf", ()) if isinstance(body, Mapping) else ():
        what, colon, rest = str(choice.get("description", "")).partition(": ")
        if colon and rest == "one number":
            return what
        if colon and "a range" in rest:
            return f"{what} ([a number or a range](#numbers))"
    return ""


def _sentence(text: str) -> str:
    return text if not text or text.endswith(".") else text + "."


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def cli_page() -> str:
    root: Any = get_command(app)
    out = [
        "# The command line",
        "",
        "<!-- Generated by docs/make_reference.py from --help; change the commands, not this page. -->",
        "",
        "Results go to standard output, everything else to standard error. Exit codes:",
        "",
        "| code | means |",
        "|---|---|",
        "| 0 | done |",
        "| 2 | something in what you gave has to be put right; the message says what and where |",
        "| 130 | interrupted; no half-written file is left |",
        "| 1 | a fault of the program, with its traceback |",
        "",
        "## winset",
        "",
        *_help(),
    ]
    for name, command in root.commands.items():
        out += [f"## winset {name}", "", *_help(name)]
        for inner in getattr(command, "commands", ()):
            out += [f"### winset {name} {inner}", "", *_help(name, inner)]
    return "\n".join(out).rstrip() + "\n"


def _help(*command: str) -> list[str]:
    shown = CliRunner().invoke(app, [*command, "--help"], prog_name="winset", terminal_width=96)
    return ["```text", *(line.rstrip() for line in shown.output.strip().splitlines()), "```", ""]


PAGES = {"case.md": case_page, "cli.md": cli_page}

if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for page, make in PAGES.items():
        (HERE / page).write_text(make(), encoding="utf-8")
