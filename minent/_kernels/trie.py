"""Where the states of a double-array trie go."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _taken(bits, slot):
    """Which of the 32 slots from ``slot`` on are taken, as bits."""
    k = slot >> 5
    return ((bits[k] | bits[k + 1] << 32) >> (slot & 31)) & 0xFFFFFFFF


@njit(cache=True, nogil=True)
def _take(bits, slot):
    bits[slot >> 5] |= np.int64(1) << (slot & 31)


@njit(cache=True, nogil=True)
def _grown(bits, n):
    grown = np.zeros(n, np.int64)
    grown[: len(bits)] = bits
    return grown


@njit(cache=True, nogil=True)
def _first_fit(bits, given, base, symbols, patience):
    """The first base from ``base`` on, of so many times 32, with free slots for all children; −1 if there is none.

    One that is ``given`` to other children is none.
    """
    for _ in range(patience):
        taken = _taken(given, base)
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
def place(symbols, begins, n_symbols, patience, bases):
    """Find a base for each family of children: its symbols, ascending, from ``begins`` on, get free slots.

    Slots up to ``n_symbols`` are taken, and no two families have the same base. It is the first that fits among
    ``patience`` times 32; else beyond the last such. Returns how many slots there are, all up to the last one taken.
    """
    used = n_symbols + 1
    bits = np.zeros((used >> 5) + 2, np.int64)
    given = np.zeros(len(bits), np.int64)
    for slot in range(used):
        _take(bits, slot)
    free = used
    sparse = np.int64(0)
    for family in range(len(bases)):
        # From the last slot on all are free: there is always room for children there.
        room = (used + n_symbols + 128) >> 5
        if room > len(bits):
            bits, given = _grown(bits, 2 * room), _grown(given, 2 * room)
        children = symbols[begins[family] : begins[family + 1]]
        while _taken(bits, free) & 1:
            free += 1
        at = _first_fit(bits, given, max(0, free - children[0]), children, patience)
        if at < 0:
            at = sparse = _first_fit(bits, given, max(sparse, free), children, len(bits))
        for c in children:
            _take(bits, at + c)
        _take(given, at)
        bases[family] = at
        used = max(used, at + children[-1] + 1)
    return used
