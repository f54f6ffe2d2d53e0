"""Cutting an id stream by scored or strong n-grams, and removing redundant words."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def best_cuts(ids, nodes, order, suffix, score, rare, longest, best, back):
    """Viterbi over counted n-grams: ``back[i]`` is the length of the best last word that ends at unit i.

    ``nodes[i]`` is the longest counted n-gram that ends there, its suffixes are the others; a unit that was not
    counted scores ``rare``. Ties go to the longer word.
    """
    for i in range(len(ids)):
        if ids[i] == 0:
            best[i] = 0.0
            back[i] = 0
            continue
        x = nodes[i]
        if x < 0:
            best[i] = rare + (best[i - 1] if i > 0 else 0.0)
            back[i] = 1
            continue
        n = order[x]
        while n > longest:
            x = suffix[x]
            n -= 1
        best[i] = -np.inf
        while n > 0:
            total = score[x] + (best[i - n] if i >= n else 0.0)
            if total > best[i]:
                best[i] = total
                back[i] = n
            x = suffix[x]
            n -= 1


@njit(cache=True, nogil=True)
def count_words(ids, nodes, order, suffix, back, used):
    """Add to ``used[x]`` how often the best cuts take the n-gram x as a word."""
    i = len(ids) - 1
    while i >= 0:
        if ids[i] == 0:
            i -= 1
            continue
        n = back[i]
        x = nodes[i]
        if x >= 0:
            while order[x] > n:
                x = suffix[x]
            used[x] += 1
        i -= n


@njit(cache=True, nogil=True)
def join(ids, nodes, order, suffix, strong, joined):
    """``joined[i]``: some strong n-gram reaches across the gap after unit i."""
    for i in range(len(ids)):
        x = nodes[i]
        if ids[i] == 0 or x < 0:
            continue
        while x >= 0 and not strong[x]:
            x = suffix[x]
        if x >= 0:
            for j in range(i - order[x] + 1, i):
                joined[j] = True


@njit(cache=True, nogil=True)
def pieces(ids, joined, begins, ends):
    """Begin and end of each maximal joined run; returns how many."""
    n = 0
    begin = -1
    for i in range(len(ids)):
        if ids[i] == 0:
            begin = -1
            continue
        if begin < 0:
            begin = i
        if not joined[i]:
            begins[n] = begin
            ends[n] = i + 1
            n += 1
            begin = -1
    return n


@njit(cache=True, nogil=True)
def all_strong(offsets, ids, nodes, order, suffix, strong, longest, passed):
    """``passed[w]``: every inner n-gram of the longest order of word w, or w itself if shorter, is strong.

    Word w lies in ``ids`` from ``offsets[w] + w`` on, since a 0 follows each word.
    """
    for w in range(len(offsets) - 1):
        size = offsets[w + 1] - offsets[w]
        n = min(size, longest)
        begin = offsets[w] + w
        passed[w] = True
        for i in range(begin + n - 1, begin + size):
            x = nodes[i]
            while x >= 0 and order[x] > n:
                x = suffix[x]
            if x < 0 or order[x] < n or not strong[x]:
                passed[w] = False
                break


@njit(cache=True, nogil=True)
def remove_redundant(symbols, offsets, by_length, base, check, value, counts, demand_a_unit, kept):
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
            state = 0
            j = i
            while j < size and best[i] > -np.inf:
                symbol = symbols[offsets[w] + j]
                child = base[state] + symbol
                if check[child] != state:
                    break
                state = child
                j += 1
                v = value[state]
                if v >= 0 and v != w and kept[v] and counts[v] > 0.0:
                    score = best[i] + np.log(counts[v] / total)
                    if score > best[j]:
                        best[j] = score
                        back[j] = i
                        word[j] = v
        gain = np.log(counts[w] / total) - best[size]
        if gain > 1.0 + demand_a_unit * (size - 2):
            continue
        kept[w] = False
        j = size
        while j > 0:
            counts[word[j]] += counts[w]
            j = back[j]
        counts[w] = 0.0
