"""What gmcr-py makes of a file: its feasible states in their order, and each party's order of them.

Written from reading its ``json_import``, ``prefPriorities2payoffs`` and ``mapPrefRank2Payoffs``. Options
are put in the order of the parties' lists before states are numbered.
"""

from __future__ import annotations

from itertools import product


def conditions(raw):
    """A condition, or the members of a compound one."""
    return raw["members"] if isinstance(raw, dict) else [raw]


def met(raw, state):
    return any(all(state[o] == said for o, said in one) for one in conditions(raw))


def states(model):
    """Feasible states, as option -> Y or N, in the order of their numbers from 1."""
    order = [o for party in model["decisionMakers"] for o in party["options"]]
    out = []
    for said in product("NY", repeat=len(order)):
        state = dict(zip(reversed(order), said, strict=True))  # the first option is the lowest bit
        if not any(met(rule, state) for rule in model["infeasibles"]):
            out.append(state)
    return out


def payoffs(model, party):
    """A number for every feasible state, the larger the better."""
    every = states(model)
    manual = model.get("useManualPreferenceRanking", model.get("useManualPreferenceVectors"))
    if manual:
        ranking = party.get("preferenceRanking", party.get("preferenceVector"))
        place = {n: k for k, e in enumerate(ranking) for n in (e if isinstance(e, list) else [e])}
        return [len(every) - place[n] for n in range(1, len(every) + 1)]
    statements = []
    for raw in party["preferences"]:
        if raw not in statements:
            statements.append(raw)
    return [
        sum(2 ** (len(statements) - 1 - k) for k, raw in enumerate(statements) if met(raw, state))
        for state in every
    ]
