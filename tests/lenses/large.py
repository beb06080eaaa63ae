"""A case of a million million deals: twelve issues of ten options, four parties, nothing tied."""

from __future__ import annotations

import random
from typing import Any

ISSUES = [f"i{n:02d}" for n in range(12)]
OPTIONS = [f"o{n}" for n in range(10)]
PARTIES = ["a", "b", "c", "d"]
STEP = 5  # scores are multiples of it


def large(no_deal: int, consent: list[str] | None = None) -> dict[str, Any]:
    """Plain data of the case, with the same reservation value for all."""
    rng = random.Random(5)
    return {
        "winset": 1,
        "title": "A million million deals",
        "parties": {p: {} for p in PARTIES},
        "consent": {"all": consent or PARTIES},
        "issues": {i: {"options": OPTIONS} for i in ISSUES},
        "preferences": {
            p: {
                "weights": {i: rng.randint(1, 9) for i in ISSUES},
                "scores": {i: {o: rng.randint(0, 100 // STEP) * STEP for o in OPTIONS} for i in ISSUES},
                "no_deal": no_deal,
            }
            for p in PARTIES
        },
    }
