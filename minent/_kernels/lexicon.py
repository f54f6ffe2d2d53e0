"""Words in a stream of unit ids, wherever they stand."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def count_states(ids, symbol_of, base, label, passed):
    """Add to ``passed[s]`` how often the units that lead to state s of a double-array trie stand side by side."""
    for i in range(len(ids)):
        state = symbol_of[ids[i]]
        j = i + 1
        while state != 0:
            passed[state] += 1
            symbol = symbol_of[ids[j]] if j < len(ids) else np.uint32(0)
            child = base[state] + symbol
            state = child if label[child] == symbol else np.uint32(0)
            j += 1
