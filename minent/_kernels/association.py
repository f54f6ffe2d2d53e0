"""Measures of association over the n-gram tree."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def weakest_split(log_count, parent, suffix, begin, end, log_total, out):
    """``out[x - begin]``: min over splits w = u v of ln p(w) − ln p(u) − ln p(v), with p = count / total."""
    for x in range(begin, end):
        u = parent[x]
        v = suffix[x]
        # Splits from the last unit to the first: u runs up the parents while v runs down the suffixes,
        # so the suffix of each length is needed; walk them from long to short against u from short to long.
        order = 0
        y = v
        while y >= 0:
            y = suffix[y]
            order += 1
        weakest = np.inf
        for left in range(order, 0, -1):
            y = v
            for _ in range(left - 1):
                y = suffix[y]
            gain = log_count[x] - log_count[u] - log_count[y] + log_total
            weakest = min(weakest, gain)
            u = parent[u]
        out[x - begin] = weakest
