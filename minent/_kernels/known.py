"""Words that the user knows, in a stream of units."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def find_words(codes, lengths, at, symbol_of, base, label, value, found):
    """``found[i, k − 1]``: index of the word that the k units from the i-th on spell; what is none stays as it is."""
    for i in range(len(at)):
        node = symbol_of[codes[at[i]]]
        j = at[i] + 1
        k = 0
        while True:
            if j == len(codes) or lengths[j] != 0:
                if value[node] >= 0:
                    found[i, k] = value[node]
                k += 1
            if j == len(codes) or k == found.shape[1]:
                break
            symbol = symbol_of[codes[j]]
            node = base[node] + symbol
            if label[node] != symbol:
                break
            j += 1


@njit(cache=True, nogil=True)
def join_words(is_whole, step):
    """Make one word of words that together are a whole, from left to right, the longest first."""
    i = 0
    while i < len(is_whole):
        for k in range(is_whole.shape[1], 0, -1):
            if is_whole[i, k - 1]:
                end = i
                while end < i + k:
                    end += np.int64(step[end])
                if end == i + k:
                    step[i] = k
                    break
        i += max(1, np.int64(step[i]))
