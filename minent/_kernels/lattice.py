"""Word lattice, Viterbi and sampling over a double-array trie."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def viterbi(codes, lengths, begin, symbol_of, base, check, value, log_p, floor, best, back, word):
    """Best path over a window of ``codes`` from ``begin``, as long as ``best`` allows.

    ``lengths`` holds the length of the unit that starts at each character, 0 inside one, −1 at a break.
    ``back[j]`` is the length of the last word of the best path to window position j, ``word[j]`` its index
    or −1. Ties go to the longer last word. Returns the score of the path to the last cut that was forced.
    """
    n = min(len(best) - 1, len(codes) - begin)
    best[: n + 1] = -np.inf
    best[0] = 0.0
    settled = 0.0
    for i in range(n):
        at = begin + i
        if lengths[at] == 0 or best[i] == -np.inf:
            continue
        score = best[i]
        symbol = symbol_of[codes[at]]
        if lengths[at] < 0 and symbol == 0:
            # No word reaches across this character: start afresh, so that what follows is cut the same
            # whatever stood before.
            settled += score + floor
            best[i + 1] = 0.0
            back[i + 1] = 1
            word[i + 1] = -1
            continue
        j = i + max(1, np.int64(lengths[at]))
        if j <= n and score + floor > best[j]:
            best[j] = score + floor
            back[j] = j - i
            word[j] = -1
        state = 0
        j = i
        while j < n:
            symbol = symbol_of[codes[begin + j]]
            if symbol == 0:
                break
            child = base[state] + symbol
            if check[child] != state:
                break
            state = child
            j += 1
            w = value[state]
            if w < 0 or (begin + j < len(codes) and lengths[begin + j] == 0):
                continue
            if score + log_p[w] > best[j]:
                best[j] = score + log_p[w]
                back[j] = j - i
                word[j] = w
    return settled


@njit(cache=True, nogil=True)
def meeting_point(best, back, n, longest, marked):
    """The last window position that every best path to one of the last ``longest`` positions passes."""
    marked[: n + 1] = False
    open_paths = 0
    for j in range(max(0, n - longest), n + 1):
        if best[j] > -np.inf:
            marked[j] = True
            open_paths += 1
    for j in range(n, 0, -1):
        if marked[j]:
            if open_paths == 1:
                return j
            open_paths -= 1
            if not marked[j - back[j]]:
                marked[j - back[j]] = True
                open_paths += 1
    return 0


@njit(cache=True, nogil=True)
def trace(back, word, end, begin, ends, words, n):
    """Append the words of the best path to window position ``end``; returns the new number of words."""
    size = 0
    j = end
    while j > 0:
        j -= back[j]
        size += 1
    j = end
    for k in range(n + size - 1, n - 1, -1):
        ends[k] = begin + j
        words[k] = word[j]
        j -= back[j]
    return n + size


@njit(cache=True, nogil=True)
def backward(codes, lengths, symbol_of, base, check, value, log_p, floor, alpha, total):
    """``total[i]``: ln of the sum, over all segmentations of the text from i on, of e^(alpha · score)."""
    n = len(codes)
    total[n] = 0.0
    for i in range(n - 1, -1, -1):
        if lengths[i] == 0:
            total[i] = -np.inf
            continue
        single = i + max(1, np.int64(lengths[i]))
        sums = alpha * floor + total[single]
        state = 0
        j = i
        while j < n:
            symbol = symbol_of[codes[j]]
            if symbol == 0:
                break
            child = base[state] + symbol
            if check[child] != state:
                break
            state = child
            j += 1
            w = value[state]
            if w < 0 or (j < n and lengths[j] == 0):
                continue
            arriving = alpha * log_p[w] + total[j]
            if j == single:
                sums = arriving
            elif arriving > sums:
                sums = arriving + np.log1p(np.exp(sums - arriving))
            else:
                sums = sums + np.log1p(np.exp(arriving - sums))
        total[i] = sums


@njit(cache=True, nogil=True)
def draw(codes, lengths, symbol_of, base, check, value, log_p, floor, alpha, total, uniform, ends, words):
    """Draw one segmentation with probability ∝ e^(alpha · score); returns its number of words."""
    n = len(codes)
    i = 0
    size = 0
    while i < n:
        target = uniform[size]
        single = i + max(1, np.int64(lengths[i]))
        seen = 0.0
        chosen_end = single
        chosen_word = -1
        single_known = False
        state = 0
        j = i
        while j < n:
            symbol = symbol_of[codes[j]]
            if symbol == 0:
                break
            child = base[state] + symbol
            if check[child] != state:
                break
            state = child
            j += 1
            w = value[state]
            if w < 0 or (j < n and lengths[j] == 0):
                continue
            if j == single:
                single_known = True
            share = np.exp(alpha * log_p[w] + total[j] - total[i])
            # A share that rounding leaves over goes to the last word met, or to the bare unit below.
            if seen <= target:
                chosen_end = j
                chosen_word = w
            seen += share
        if not single_known and seen <= target:
            chosen_end = single
            chosen_word = -1
        ends[size] = chosen_end
        words[size] = chosen_word
        size += 1
        i = chosen_end
    return size


@njit(cache=True, nogil=True)
def _separates(code):
    return code == 32 or code == 9 or code == 10 or code == 13


@njit(cache=True, nogil=True)
def spaced(codes, ends, separator, out):
    """Copy ``codes`` with a separator between words, none beside a space, tab or line end."""
    n = 0
    begin = 0
    for end in ends:
        if begin > 0 and not _separates(codes[begin]) and not _separates(codes[begin - 1]):
            for c in separator:
                out[n] = c
                n += 1
        for i in range(begin, end):
            out[n] = codes[i]
            n += 1
        begin = end
    return n


@njit(cache=True, nogil=True)
def path_score(back, word, end, log_p, floor):
    """Σ ln p over the words of the best path to window position ``end``."""
    score = 0.0
    while end > 0:
        score += floor if word[end] < 0 else log_p[word[end]]
        end -= back[end]
    return score
