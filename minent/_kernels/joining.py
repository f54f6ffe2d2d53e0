"""Joining units that strong n-grams hold together, and removing redundant words."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def join(nodes, strong, joined):
    """``joined[i]``: some strong n-gram reaches across the gap after unit i."""
    for i in range(len(nodes)):
        for n in range(nodes.shape[1], 1, -1):
            x = nodes[i, n - 1]
            if x >= 0 and strong[x]:
                joined[i : i + n - 1] = True
                break


@njit(cache=True, nogil=True)
def pieces(ids, joined, longest, mask, begins, ends, slots):
    """Begin and end of each maximal joined run that is not too long, and a hash of its units; returns how many."""
    n = 0
    begin = -1
    h = np.int64(0)
    for i in range(len(ids)):
        if ids[i] == 0:
            begin = -1
            continue
        if begin < 0:
            begin = i
            h = np.int64(0)
        h = ((h ^ np.int64(ids[i])) * 1000003) & 0x7FFFFFFFFFF
        h ^= h >> 22
        if not joined[i]:
            begins[n] = begin
            ends[n] = i + 1
            slots[n] = h & mask
            n += i + 1 - begin <= longest
            begin = -1
    return n


@njit(cache=True, nogil=True)
def all_strong(begins, lengths, nodes, strong, passed):
    """``passed[w]``: every inner n-gram of the longest order of word w, or w itself if shorter, is strong.

    ``nodes`` belongs to a stream in which word w begins at ``begins[w]``.
    """
    for w in range(len(begins)):
        n = min(lengths[w], nodes.shape[1])
        passed[w] = True
        for i in range(begins[w], begins[w] + lengths[w] - n + 1):
            x = nodes[i, n - 1]
            if x < 0 or not strong[x]:
                passed[w] = False
                break


@njit(cache=True, nogil=True)
def remove_redundant(symbols, offsets, by_length, base, label, value, counts, demand_a_unit, kept):
    """Take out words, from long to short, that the others explain as well (step 4 of post 5476).

    A word of n units stays if ln(p_w / Π p_sub) > 1 + demand · (n − 2) over the best path of the other words;
    else its count goes to the words of that path. ``counts`` is float64 and changed in place.
    """
    total = counts.sum()
    longest = 1
    for w in by_length:
        longest = max(longest, offsets[w + 1] - offsets[w])
    best = np.empty(longest + 1)
    back = np.empty(longest + 1, np.int64)
    word = np.empty(longest + 1, np.int64)
    for w in by_length:
        size = offsets[w + 1] - offsets[w]
        if size == 1:
            break
        best[: size + 1] = -np.inf
        best[0] = 0.0
        for i in range(size):
            state = symbols[offsets[w] + i]
            j = i + 1
            while best[i] > -np.inf:
                v = value[state]
                if v >= 0 and v != w and kept[v] and counts[v] > 0.0:
                    score = best[i] + np.log(counts[v] / total)
                    if score > best[j]:
                        best[j] = score
                        back[j] = i
                        word[j] = v
                if j == size:
                    break
                symbol = symbols[offsets[w] + j]
                state = base[state] + symbol
                if label[state] != symbol:
                    break
                j += 1
        gain = np.log(counts[w] / total) - best[size]
        if gain > 1.0 + demand_a_unit * (size - 2):
            continue
        kept[w] = False
        j = size
        while j > 0:
            counts[word[j]] += counts[w]
            j = back[j]
        counts[w] = 0.0
