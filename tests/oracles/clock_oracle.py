"""When clocks of a zone show a local time: by trying every offset that the zone has around that day."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def shown_at(local: dt.datetime, zone: str) -> set[dt.datetime]:
    """All instants, in UTC, at which the zone's clocks show the local time.

    Only the way from UTC to local time is used, which is never in doubt.
    """
    rules = ZoneInfo(zone)
    near = local.replace(tzinfo=dt.UTC)
    hours = (near + dt.timedelta(hours=h) for h in range(-36, 37))
    offsets = {at.astimezone(rules).utcoffset() for at in hours}
    found = {near - offset for offset in offsets if offset is not None}
    return {at for at in found if at.astimezone(rules).replace(tzinfo=None, fold=0) == local}
