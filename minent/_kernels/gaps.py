"""What surrounds a gap between two units of a clause: the n-grams that end, begin, or lie across there.

A span (before, size, role) is the n-gram of ``size`` units that begins ``before`` units before the gap. An n-gram has
one row in all tables, its node of the n-gram tree; ``special[0]`` is the row of what reaches out of the clause,
``special[n]`` that of an n-gram of n units which was not counted.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _row(nodes, gap, left, right, before, size, special):
    """Row of a span at a gap that has ``left`` and ``right`` units of the clause on its sides."""
    if before > left or size - before > right:
        return np.int64(special[0])
    x = np.int64(nodes[gap - before, size - 1])
    return x if x >= 0 else np.int64(special[size])


@njit(cache=True, nogil=True)
def _sides(ids, gap, most):
    """Units of the clause on the left and on the right of a gap, as far as it matters."""
    left = 0
    while left < most and left < gap and ids[gap - left - 1] != 0:
        left += 1
    right = 0
    while right < most and gap + right < len(ids) and ids[gap + right] != 0:
        right += 1
    return left, right


@njit(cache=True, nogil=True)
def gap_rows(ids, nodes, gaps, spans, special, rows):
    """``rows[g, s]``: the row of span s at the gap before unit ``gaps[g]``."""
    for g in range(len(gaps)):
        left, right = _sides(ids, gaps[g], len(special))
        for s in range(len(spans)):
            rows[g, s] = _row(nodes, gaps[g], left, right, spans[s, 0], spans[s, 1], special)


@njit(cache=True, nogil=True)
def add_weights(ids, nodes, spans, special, weights, log_odds):
    """Add to the log-odds of the gap before each unit ``weights[row, role]`` of its spans."""
    for i in range(1, len(ids)):
        if ids[i] == 0 or ids[i - 1] == 0:
            continue
        left, right = _sides(ids, i, len(special))
        total = np.float64(log_odds[i])
        for s in range(len(spans)):
            total += weights[_row(nodes, i, left, right, spans[s, 0], spans[s, 1], special), spans[s, 2]]
        log_odds[i] = total


@njit(cache=True, nogil=True)
def slopes(ids, nodes, spans, special, log_odds, is_cut, gradient, curvature):
    """First, and negated second, derivative of the log-likelihood of the cuts, by ``weights[row, role]``."""
    for i in range(1, len(ids)):
        if ids[i] == 0 or ids[i - 1] == 0:
            continue
        left, right = _sides(ids, i, len(special))
        p = 1.0 / (1.0 + np.exp(-np.float64(log_odds[i])))
        slope = (1.0 if is_cut[i] else 0.0) - p
        for s in range(len(spans)):
            x = _row(nodes, i, left, right, spans[s, 0], spans[s, 1], special)
            gradient[x, spans[s, 2]] += slope
            curvature[x, spans[s, 2]] += p * (1.0 - p)


@njit(cache=True, nogil=True)
def mark_cuts(ids, step, is_cut):
    """``is_cut[i]``: a word begins at unit i."""
    i = 0
    while i < len(ids):
        is_cut[i] = ids[i] != 0
        end = i + max(1, np.int64(step[i]))
        is_cut[i + 1 : end] = False
        i = end


@njit(cache=True, nogil=True)
def clause_sides(ids, nodes, begins, ends):
    """Count how often each n-gram begins, and ends, a clause."""
    begin = 0
    for i in range(len(ids)):
        if ids[i] != 0:
            continue
        for n in range(1, min(nodes.shape[1], i - begin) + 1):
            x = nodes[begin, n - 1]
            if x >= 0 and x < len(begins):
                begins[x] += 1
            x = nodes[i - n, n - 1]
            if x >= 0 and x < len(ends):
                ends[x] += 1
        begin = i + 1
