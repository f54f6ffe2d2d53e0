"""Cutting an id stream by n-grams that have scores."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def best_cuts(ids, nodes, scores, best, step):
    """Viterbi over counted n-grams: ``step[i]`` is the length of the best word that begins at unit i.

    ``nodes[i, n - 1]`` is the n-gram of order n that begins there, and ``scores`` what each adds as a word, −inf if it
    is none; the last score, which −1 finds, is −inf. A unit that was not counted is a word of its own.
    ``best`` has one entry more than there are units. Of equal cuts, the one whose first word is shorter wins.
    """
    best[len(ids)] = 0.0
    for i in range(len(ids) - 1, -1, -1):
        if ids[i] == 0:
            best[i] = 0.0
            step[i] = 0
            continue
        alone = scores[nodes[i, 0]]
        best[i] = best[i + 1] + (alone if alone > -np.inf else 0.0)
        step[i] = 1
        for n in range(2, nodes.shape[1] + 1):
            if nodes[i, n - 1] < 0:
                break
            score = scores[nodes[i, n - 1]]
            if score > -np.inf and best[i + n] + score > best[i]:
                best[i] = best[i + n] + score
                step[i] = n


@njit(cache=True, nogil=True)
def outdone(scores, parent, suffix, starts, best, kept):
    """``kept[x]``: as one word the n-gram x scores more than cut in any way; ``best[x]`` is the greater of the two.

    N-grams of one unit are always kept.
    """
    for x in range(starts[1]):
        best[x] = scores[x]
        kept[x] = True
    for order in range(2, len(starts)):
        for x in range(starts[order - 1], starts[order]):
            cut = -np.inf
            for first in range(1, order):
                head = x
                for _ in range(order - first):
                    head = parent[head]
                last = x
                for _ in range(first):
                    last = suffix[last]
                cut = max(cut, best[head] + scores[last])
            kept[x] = scores[x] > cut
            best[x] = max(scores[x], cut)


@njit(cache=True, nogil=True)
def _best_cut(x, order, scores, parent, suffix, best):
    """Greatest score of the n-gram x if it is cut somewhere."""
    best[0] = 0.0
    for end in range(1, order + 1):
        head = x
        for _ in range(order - end):
            head = parent[head]
        best[end] = scores[head] if end < order else -np.inf
        for begin in range(1, end):
            head = suffix[head]
            best[end] = max(best[end], best[begin] + scores[head])
    return best[order]


@njit(cache=True, nogil=True)
def join_suffixes(scores, gains, parent, suffix, starts):
    """Add its gain to each n-gram that is otherwise cut into a word and its last unit; the shorter ones first.

    Where it would be cut all the same, nothing is added.
    """
    best = np.empty(len(starts))
    for order in range(3, len(starts)):
        for x in range(starts[order - 1], starts[order]):
            if gains[x] > 0:
                last = x
                for _ in range(order - 1):
                    last = suffix[last]
                two = scores[parent[x]] + scores[last]
                if scores[x] + gains[x] > two and two == _best_cut(x, order, scores, parent, suffix, best):
                    scores[x] += gains[x]


@njit(cache=True, nogil=True)
def count_words(ids, nodes, step, used):
    """Add to ``used[x]`` how often the best cuts take the n-gram x as a word."""
    i = 0
    while i < len(ids):
        if ids[i] == 0:
            i += 1
            continue
        n = np.int64(step[i])
        x = nodes[i, n - 1]
        if x >= 0:
            used[x] += 1
        i += n
