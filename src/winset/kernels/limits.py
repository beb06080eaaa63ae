"""The explicit outcome of a computation that would need too much memory or time."""


class TooLarge(Exception):  # noqa: N818  (an outcome that callers handle, not a fault)
    """An exact computation passed its limit and was given up.

    Attributes
    ----------
    states : int
        Number of states that were needed at the moment it was given up (the whole would need at least as
        many).
    limit : int
        The limit that was passed.
    """

    def __init__(self, states: int, limit: int) -> None:
        super().__init__(f"needs at least {states:,} states, over the limit of {limit:,}")
        self.states = states
        self.limit = limit
