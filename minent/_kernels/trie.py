"""A double-array trie: state s goes to base[s] + symbol where check there is s."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _fits(check, base, symbols):
    for c in symbols:
        if check[base + c] != -1:
            return False
    return True


@njit(cache=True, nogil=True)
def _grown(array, fill):
    grown = np.full(2 * len(array), fill, array.dtype)
    grown[: len(array)] = array
    return grown


@njit(cache=True, nogil=True)
def build(symbols, offsets, n_symbols):
    """Double array of words given as sorted, distinct rows of symbols from 1 to ``n_symbols``.

    Returns (base, check, value): ``value[s]`` is the row of the word that ends in state s, or −1.
    """
    n_words = len(offsets) - 1
    size = 2 * n_symbols + 16
    base = np.zeros(size, np.int32)
    check = np.full(size, -1, np.int32)
    value = np.full(size, -1, np.int32)
    # The queue holds a state with its rows; a state's rows share a prefix, as long as its depth.
    queue = np.empty((len(symbols) + 1, 4), np.int64)
    queue[0] = (0, 0, n_words, 0)
    check[0] = 0
    children = np.empty(n_symbols + 1, np.int64)
    begins = np.empty(n_symbols + 2, np.int64)
    head, tail = 0, 1
    free = 1
    sparse = np.int64(0)
    used = 1
    while head < tail:
        state, begin, end, depth = queue[head]
        head += 1
        if begin < end and offsets[begin + 1] - offsets[begin] == depth:
            value[state] = begin
            begin += 1
        n = 0
        for row in range(begin, end):
            c = symbols[offsets[row] + depth]
            if n == 0 or children[n - 1] != c:
                children[n] = c
                begins[n] = row
                n += 1
        if n == 0:
            continue
        begins[n] = end
        while free < size and check[free] != -1:
            free += 1
        # First fit over the free slots, for a while; then from the last base that was found so, where it is sparse.
        slot = max(free, children[0])
        tries = 0
        at = np.int64(-1)
        while at < 0:
            if slot + n_symbols + 2 >= size:
                base = _grown(base, 0)
                check = _grown(check, -1)
                value = _grown(value, -1)
                size = len(base)
            if check[slot] == -1:
                tries += 1
                if _fits(check, slot - children[0], children[:n]):
                    at = slot - children[0]
                    if tries > 256:
                        sparse = at
            slot += 1
            if tries == 256:
                tries += 1
                slot = max(slot, sparse + children[0])
        base[state] = at
        for k in range(n):
            child = at + children[k]
            check[child] = state
            used = max(used, child + 1)
            queue[tail] = (child, begins[k], begins[k + 1], depth + 1)
            tail += 1
    size = used + n_symbols + 1
    return base[:size].copy(), check[:size].copy(), value[:size].copy()
