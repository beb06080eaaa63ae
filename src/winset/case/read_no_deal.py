"""The lottery over what comes without a deal: whole deals, known parties, probabilities that make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.case.plain import items
from winset.case.read_deals import Forbidden, check_deal
from winset.case.read_shares import check_shares
from winset.case.text import Path, listing

if TYPE_CHECKING:
    from winset.case.reader import Reader

__all__ = ["check_no_deal"]


def check_no_deal(reader: Reader, forbid: Forbidden) -> None:
    """The lottery over imposed outcomes: whole deals, known parties, probabilities that make one."""
    body = reader.data.get("no_deal")
    if not isinstance(body, dict):
        return
    outcomes = body.get("outcomes")
    named = outcomes if isinstance(outcomes, dict) else {}
    if outcomes is not None and not named:
        reader.faults.add(("no_deal", "outcomes"), "outcomes is empty", allowed="one outcome or more")
    for name, raw in named.items():
        path: Path = ("no_deal", "outcomes", name)
        reader.check_id(path, name, "outcomes")
        if not isinstance(raw, dict):
            continue
        if isinstance(raw.get("deal"), dict):
            check_deal(reader, (*path, "deal"), raw["deal"], forbid)
        values = raw.get("values")
        for party, _ in items(values):
            if party not in reader.valued:
                reader.faults.unknown(
                    (*path, "values", party), "party with preferences", party, reader.valued, key=True
                )
        missing = [p for p in reader.valued if p not in (values if isinstance(values, dict) else {})]
        if "deal" not in raw and missing:
            reader.faults.add(
                path,
                f"nothing says what the outcome is worth to {listing(missing)}",
                allowed="deal: an option for every issue, or values: a value for every party",
            )
    for party, _ in items(body.get("cost")):
        if party not in reader.valued:
            reader.faults.unknown(
                ("no_deal", "cost", party), "party with preferences", party, reader.valued, key=True
            )
    for name, _ in items(body.get("drift")):
        if name not in named:
            reader.faults.unknown(("no_deal", "drift", name), "outcome", name, named, key=True)
    lottery = reader.lottery
    if lottery is None or not lottery.outcomes:
        return
    check_shares(
        reader,
        ("no_deal", "outcomes"),
        "probability",
        "outcome",
        {n: (o.probability, o.rest) for n, o in lottery.outcomes.items()},
    )
    if lottery.drift and lottery.horizon is None:
        reader.faults.add(
            ("no_deal", "drift"),
            "a drift needs a horizon",
            allowed="horizon: 12 months, beside the drift",
        )
    elif lottery.horizon is not None:
        for name, rate in lottery.drift.items():
            if rate.unit != lottery.horizon.unit:
                reader.faults.add(
                    ("no_deal", "drift", name),
                    f"the drift is per {rate.unit} and the horizon in {lottery.horizon.unit}s",
                    allowed="the same unit of time in both",
                )
