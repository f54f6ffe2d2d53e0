"""A double-array trie: state s goes to base[s] + symbol where check there is s."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _taken(bits, slot):
    """Which of the 32 slots from ``slot`` on are taken, as bits."""
    k = slot >> 5
    return ((bits[k] | bits[k + 1] << 32) >> (slot & 31)) & 0xFFFFFFFF


@njit(cache=True, nogil=True)
def _first_fit(bits, base, symbols, patience):
    """The first base from ``base`` on, of so many times 32, with free slots for all children; −1 if there is none."""
    for _ in range(patience):
        taken = np.int64(0)
        for c in symbols:
            taken |= _taken(bits, base + c)
            if taken == 0xFFFFFFFF:
                break
        if taken != 0xFFFFFFFF:
            while taken & 1:
                taken >>= 1
                base += 1
            return base
        base += 32
    return -1


@njit(cache=True, nogil=True)
def _grown(array, size, fill):
    grown = np.full(size, fill, array.dtype)
    grown[: len(array)] = array
    return grown


@njit(cache=True, nogil=True)
def build(symbols, offsets, n_symbols, patience):
    """Double array of words given as sorted, distinct rows of symbols from 1 to ``n_symbols``.

    The children of a state go to the first base that fits among ``patience`` times 32; else beyond the last such.

    Returns (base, check, value): ``value[s]`` is the row of the word that ends in state s, or −1.
    """
    n_words = len(offsets) - 1
    base = np.zeros(0, np.int32)
    check = np.full(0, -1, np.int32)
    value = np.full(0, -1, np.int32)
    bits = np.zeros(0, np.int64)
    # The queue holds a state with its rows; a state's rows share a prefix, as long as its depth.
    queue = np.empty((len(symbols) + 1, 4), np.int64)
    queue[0] = (0, 0, n_words, 0)
    children = np.empty(n_symbols + 1, np.int64)
    begins = np.empty(n_symbols + 2, np.int64)
    head, tail = 0, 1
    free, used = 1, 1
    sparse = np.int64(0)
    while head < tail:
        # From the last state on all is free: there is always room for children there.
        if used + n_symbols + 128 > len(check):
            size = 2 * (used + n_symbols + 128)
            base = _grown(base, size, 0)
            check = _grown(check, size, -1)
            value = _grown(value, size, -1)
            bits = _grown(bits, size >> 5, 0)
            check[0] = 0
            bits[0] |= 1
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
        while bits[free >> 5] >> (free & 31) & 1:
            free += 1
        at = _first_fit(bits, max(0, free - children[0]), children[:n], patience)
        if at < 0:
            at = sparse = _first_fit(bits, max(sparse, free), children[:n], len(bits))
        base[state] = at
        for k in range(n):
            child = at + children[k]
            check[child] = state
            bits[child >> 5] |= 1 << (child & 31)
            used = max(used, child + 1)
            queue[tail] = (child, begins[k], begins[k + 1], depth + 1)
            tail += 1
    size = used + n_symbols + 1
    return base[:size].copy(), check[:size].copy(), value[:size].copy()
