"""All segmentations of a text over a word lattice: their sum, and one drawn by its share.

Words come as in :mod:`minent._kernels.lattice`; scores are multiples of 2^−34 nats.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def backward(codes, lengths, words, alpha, total):
    """``total[i]``: ln of the sum, over all segmentations of the text from i on, of e^(alpha · score)."""
    symbol_of, base, label, value, score, floor, alone = words
    n = len(codes)
    scale = alpha * 2.0**-34
    total[n] = 0.0
    for i in range(n - 1, -1, -1):
        if lengths[i] == 0:
            total[i] = -np.inf
            continue
        symbol = symbol_of[codes[i]]
        single = i + max(1, np.int64(lengths[i]))
        sums = scale * (alone[symbol] if single == i + 1 else floor) + total[single]
        node = symbol
        j = i + 1
        while node != 0 and j < n:
            symbol = symbol_of[codes[j]]
            node = base[node] + symbol
            if label[node] != symbol:
                break
            j += 1
            if value[node] < 0 or (j < n and lengths[j] == 0):
                continue
            arriving = scale * score[node] + total[j]
            if j == single:
                sums = arriving
            elif arriving > sums:
                sums = arriving + np.log1p(np.exp(sums - arriving))
            else:
                sums = sums + np.log1p(np.exp(arriving - sums))
        total[i] = sums


@njit(cache=True, nogil=True)
def draw(codes, lengths, words, alpha, total, uniform, ends, found):
    """Draw one segmentation with probability ∝ e^(alpha · score); returns its number of words."""
    symbol_of, base, label, value, score, _, alone = words
    n = len(codes)
    scale = alpha * 2.0**-34
    i = 0
    size = 0
    while i < n:
        target = uniform[size]
        symbol = symbol_of[codes[i]]
        single = i + max(1, np.int64(lengths[i]))
        node = symbol
        chosen_end = single
        chosen = np.int64(node) if single == i + 1 else np.int64(0)
        seen = 0.0
        single_known = single == i + 1 and value[node] >= 0
        if single_known:
            seen = np.exp(scale * alone[symbol] + total[single] - total[i])
        j = i + 1
        while node != 0 and j < n:
            symbol = symbol_of[codes[j]]
            node = base[node] + symbol
            if label[node] != symbol:
                break
            j += 1
            if value[node] < 0 or (j < n and lengths[j] == 0):
                continue
            single_known = single_known or j == single
            # A share that rounding leaves over goes to the last word met, or to the bare unit below.
            if seen <= target:
                chosen_end = j
                chosen = np.int64(node)
            seen += np.exp(scale * score[node] + total[j] - total[i])
        if not single_known and seen <= target:
            chosen_end = single
            chosen = np.int64(0)
        ends[size] = chosen_end
        found[size] = value[chosen]
        size += 1
        i = chosen_end
    return size
