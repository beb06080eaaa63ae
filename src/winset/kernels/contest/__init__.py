"""A contest as a costly lottery: shares that beat it, one offer, shifting power, learning by fighting."""
