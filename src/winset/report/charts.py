"""What all charts have in common: colours, and how axes and legends look."""

from __future__ import annotations

from typing import Any

__all__ = ["FAINT", "FRONT", "INK", "LINE", "SUITS", "ZONE", "look"]

INK, FAINT, ZONE, FRONT, LINE = "#1d2730", "#b9c2ca", "#6f9fc4", "#1c5a8d", "#8a5a00"
SUITS = "#f6f1e6"  # where both do at least as well as without a deal


def look(**axis: Any) -> dict[str, Any]:
    """The ``config`` of a Vega-Lite chart, with what else is said of its axes."""
    return {
        "aria": False,
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal", "gridOpacity": 0.5,
            "labelColor": INK, "titleColor": INK, "gridColor": FAINT, "domainColor": INK, "tickColor": INK,
            **axis,
        },
        "legend": {"labelFontSize": 12, "labelColor": INK},
    }  # fmt: skip
