"""Legal sequences one by one from the definition: slow and plain."""

from __future__ import annotations


def sequences(arcs, start, longest):
    """Every legal sequence of up to so many moves, as ((mover, state), ...); arcs[party][state] are sets."""
    open_ = [()]
    while open_:
        path = open_.pop()
        if path:
            yield path
        if len(path) == longest:
            continue
        at, last = (path[-1][1], path[-1][0]) if path else (start, None)
        for party, moves in enumerate(arcs):
            if party != last:
                open_.extend((*path, (party, t)) for t in moves.get(at, ()))


def shortest(arcs, start, longest):
    """{(last mover, state): (moves, all sequences that short)}."""
    out = {}
    for path in sequences(arcs, start, longest):
        mover, state = path[-1]
        length, found = out.get((mover, state), (len(path), []))
        if len(path) < length:
            length, found = len(path), []
        if len(path) == length:
            found.append(path)
        out[mover, state] = (length, found)
    return out
