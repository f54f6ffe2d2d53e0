"""Words in a stream of unit ids: wherever they stand, and where the best segmentation takes them.

``steps = (symbol_of, base, check)`` is a double-array trie as in :mod:`minent._kernels.lattice`: a unit id has a
symbol, 0 for one that is in no word; the state after a single symbol is that symbol.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _child(base, check, state, symbol):
    """The state that a symbol leads to, or 0."""
    child = base[state] + symbol
    return np.uint32(child) if check[child] == state else np.uint32(0)


@njit(cache=True, nogil=True)
def count_states(ids, steps, passed):
    """Add to ``passed[s]`` how often the units that lead to state s stand side by side."""
    symbol_of, base, check = steps
    for i in range(len(ids)):
        state = symbol_of[ids[i]]
        for j in range(i + 1, len(ids) + 1):
            if state == 0:
                break
            passed[state] += 1
            state = _child(base, check, state, symbol_of[ids[j]]) if j < len(ids) else np.uint32(0)


@njit(cache=True, nogil=True)
def _forward(symbols, m, steps, scores, alone, pairs, best, back, last):
    """Score of the best path to each of ``m`` places, where its last word begins, and the state of that word.

    ``symbols`` has a 0 after the last one. Ties go to the longer last word.
    """
    _, base, check = steps
    # Apart from the rest, as these reads do not wait for each other.
    for k in range(m):
        pairs[k] = _child(base, check, symbols[k], symbols[k + 1])
        best[k + 1] = -(1 << 62)
    best[0] = 0
    for k in range(m):
        here = best[k]
        if here + alone[symbols[k]] > best[k + 1]:
            best[k + 1] = here + alone[symbols[k]]
            back[k + 1] = k
            last[k + 1] = symbols[k]
        state = pairs[k]
        for j in range(k + 2, m + 1):
            if state == 0:
                break
            if here + scores[state] > best[j]:
                best[j] = here + scores[state]
                back[j] = k
                last[j] = state
            state = _child(base, check, state, symbols[j])


@njit(cache=True, nogil=True)
def count_best(ids, steps, scores, alone, wanted, room, used, begins, ends):
    """Add to ``used[s]`` how often the best segmentation takes the word of state s; that of other units is 0.

    ``scores`` is what each state scores as a word, a whole number, −2^62 if it is none, and ``alone`` what each symbol
    does as a word of one unit, known or not. Lists where words of ``wanted`` states stand; returns how many there are.
    ``room`` has a place more than there are ids.
    """
    symbol_of = steps[0]
    symbols, pairs, best, back, last = room
    n = 0
    begin = 0
    for i in range(len(ids) + 1):
        inside = i < len(ids) and ids[i] != 0
        symbols[i - begin] = symbol_of[ids[i]] if inside else np.uint32(0)
        if inside:
            continue
        _forward(symbols, i - begin, steps, scores, alone, pairs, best, back, last)
        j = i - begin
        while j > 0:
            used[last[j]] += 1
            if wanted[last[j]]:
                begins[n] = begin + back[j]
                ends[n] = begin + j
                n += 1
            j = back[j]
        begin = i + 1
    return n
