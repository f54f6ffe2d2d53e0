"""Blocked Gibbs sampling of segmentations: clause by clause, forward filter, then backward sample.

The unit stream has a 0 after each clause. ``step[i]`` is the length of the word that begins at unit i, meaningful
where one does. A word is known by its node in the n-gram tree; an n-gram without a node (−1) occurs once in the
corpus, so that without its own clause its count is 0 and nothing needs to be kept of it.

``base``: what a segmentation weighs whatever was counted, three arrays. ``cut[i]`` multiplies the probability of a cut
before unit i; where it is infinite, the sampler always cuts. The base measure P0 of the n units from i on is
``p_length[n] · spelled[i] · … · spelled[i + n − 1]``, that of a clause's end ``p_length[0]``.

``prior``: of a unigram model discount and strength; of a bigram model discount of words, discount of pairs, strength.

``state``: what was counted, three arrays. ``counts[x]`` holds of word x its tokens, its distinct right and its distinct
left neighbours; two more rows are the begin and the end of a clause. ``sums`` holds the numbers of tokens (of unigrams
only), of types, of distinct pairs of neighbours, and of used rows of ``pairs``, a hash table of rows (word, the word
after it, how often).
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def spell_types(ids, nodes, step, seen, n_length, n_unit):
    """Count the spellings of all distinct words: their lengths, and their units."""
    i = 0
    while i < len(ids):
        if ids[i] == 0:
            i += 1
            continue
        n = np.int64(step[i])
        x = nodes[i, n - 1]
        if x < 0 or not seen[x]:
            if x >= 0:
                seen[x] = True
            n_length[n] += 1
            for j in range(i, i + n):
                n_unit[ids[j]] += 1
        i += n


@njit(cache=True, nogil=True)
def _clause_end(ids, begin):
    """Where the clause ends that begins at a unit."""
    while ids[begin] != 0:
        begin += 1
    return begin


@njit(cache=True, nogil=True)
def _longest_clause(ids, begin, end):
    """Units of the longest of the clauses from ``begin`` to ``end``."""
    most = 0
    for i in range(begin, end):
        if ids[i] == 0:
            most = max(most, i - begin)
            begin = i + 1
    return most


@njit(cache=True, nogil=True)
def _choose(weights, top, u):
    """Index of one of the first ``top`` weights, drawn in proportion by u from 0 to 1."""
    total = 0.0
    for k in range(top):
        total += weights[k]
    u *= total
    for k in range(top - 1):
        if u < weights[k]:
            return k
        u -= weights[k]
    return top - 1


@njit(cache=True, nogil=True)
def _count_unigrams(nodes, step, i, end, sign, state):
    """Add the words of a clause to the counts, or take them out."""
    counts, sums, _ = state
    while i < end:
        x = nodes[i, step[i] - 1]
        sums[0] += sign
        if x < 0:
            sums[1] += sign
        else:
            if sign < 0:
                counts[x, 0] -= 1
            if counts[x, 0] == 0:
                sums[1] += sign
            if sign > 0:
                counts[x, 0] += 1
        i += np.int64(step[i])


@njit(cache=True, nogil=True)
def count_unigrams(ids, nodes, step, state):
    """Count all words of a segmentation."""
    begin = 0
    for i in range(len(ids)):
        if ids[i] == 0:
            _count_unigrams(nodes, step, begin, i, 1, state)
            begin = i + 1


@njit(cache=True, nogil=True)
def unigram_filter(nodes, begin, end, base, prior, state, shrink, back):
    """``back[j, k − 1]``: relative weight of a last word of k units among all segmentations of j units.

    A word w has the probability (max(c − d, 0) + (θ + d·T) P0(w)) / (θ + C).
    """
    cut, spelled, p_length = base
    discount, strength = prior
    counts, sums, _ = state
    longest = nodes.shape[1]
    fresh = (strength + discount * sums[1]) / (strength + sums[0])
    scale = 1.0 / (strength + sums[0])
    for j in range(1, end - begin + 1):
        total = 0.0
        tail = 1.0
        # The sum of all segmentations up to i over that up to j − 1, so that nothing under- or overflows.
        ratio = 1.0
        back[j] = 0.0
        for k in range(1, min(j, longest) + 1):
            if k > 1:
                ratio *= shrink[j - k + 1]
            if ratio == 0.0:
                break
            i = begin + j - k
            tail *= spelled[i]
            p = fresh * p_length[k] * tail
            x = nodes[i, k - 1]
            if x >= 0 and counts[x, 0] > 0:
                p += (counts[x, 0] - discount) * scale
            back[j, k - 1] = p * ratio
            total += p * ratio
        shrink[j] = 1.0 / (total * cut[begin + j]) if begin + j < end else 1.0


@njit(cache=True, nogil=True)
def unigram_sweep(ids, nodes, step, base, prior, state, uniform, begin, end):
    """Draw the segmentation of each clause from unit ``begin`` to ``end``, given those of all others."""
    longest = nodes.shape[1]
    origin = begin
    most = _longest_clause(ids, begin, end)
    shrink = np.empty(most + 1)
    back = np.empty((most + 1, longest))
    while begin < end:
        stop = _clause_end(ids, begin)
        _count_unigrams(nodes, step, begin, stop, -1, state)
        unigram_filter(nodes, begin, stop, base, prior, state, shrink, back)
        j = stop - begin
        while j > 0:
            k = 1 + _choose(back[j], min(j, longest), uniform[begin + j - 1 - origin])
            j -= k
            step[begin + j] = k
        _count_unigrams(nodes, step, begin, stop, 1, state)
        begin = stop + 1


@njit(cache=True, nogil=True)
def _slot(pairs, left, right):
    """Where the count of a pair of words is, or would go."""
    mask = len(pairs) - 1
    h = np.int64(left) * 0x9E3779B1 ^ np.int64(right) * 0x7FEB352D
    slot = (h ^ (h >> 29)) & mask
    while pairs[slot, 2] >= 0 and (pairs[slot, 0] != left or pairs[slot, 1] != right):
        slot = (slot + 1) & mask
    return slot


@njit(cache=True, nogil=True)
def _count_pair(left, right, sign, state):
    """Add a pair of neighbours to the counts, or take it out."""
    counts, sums, pairs = state
    new = True
    if left >= 0 and right >= 0:
        slot = _slot(pairs, left, right)
        if pairs[slot, 2] < 0:
            pairs[slot, 0] = left
            pairs[slot, 1] = right
            pairs[slot, 2] = 0
            sums[3] += 1
        if sign < 0:
            pairs[slot, 2] -= 1
        new = pairs[slot, 2] == 0
        if sign > 0:
            pairs[slot, 2] += 1
    if left >= 0:
        counts[left, 0] += sign
        if new:
            counts[left, 1] += sign
    if not new:
        return
    sums[2] += sign
    if right < 0:
        sums[1] += sign
        return
    if sign < 0:
        counts[right, 2] -= 1
    if counts[right, 2] == 0:
        sums[1] += sign
    if sign > 0:
        counts[right, 2] += 1


@njit(cache=True, nogil=True)
def _count_bigrams(nodes, step, i, end, sign, state):
    """Add the pairs of a clause, its begin and end included, to the counts, or take them out."""
    if i == end:
        return
    left = len(state[0]) - 2
    while i < end:
        x = nodes[i, step[i] - 1]
        _count_pair(left, x, sign, state)
        left = x
        i += np.int64(step[i])
    _count_pair(left, len(state[0]) - 1, sign, state)


@njit(cache=True, nogil=True)
def count_bigrams(ids, nodes, step, state, begin, end):
    """Count the pairs of neighbours of a segmentation, in the clauses from ``begin`` to ``end``."""
    for i in range(begin, end):
        if ids[i] == 0:
            _count_bigrams(nodes, step, begin, i, 1, state)
            begin = i + 1


@njit(cache=True, nogil=True)
def rehash(old, new):
    """Move the pairs that still occur into another table; returns how many."""
    n = 0
    for s in range(len(old)):
        if old[s, 2] > 0:
            slot = _slot(new, old[s, 0], old[s, 1])
            new[slot, 0] = old[s, 0]
            new[slot, 1] = old[s, 1]
            new[slot, 2] = old[s, 2]
            n += 1
    return n


@njit(cache=True, nogil=True)
def _given_left(counts, left, discount):
    """Weights of a left neighbour: of falling back to p1, and of one observed pair."""
    c = counts[left, 0] if left >= 0 else 0
    if c == 0:
        return 1.0, 0.0
    return (1.0 + discount * counts[left, 1]) / (1.0 + c), 1.0 / (1.0 + c)


@njit(cache=True, nogil=True)
def _of_new(prior, sums):
    """What p1 is made of: the weight of P0, and one over the sum of all weights."""
    discount, _, strength = prior
    return strength + discount * sums[1], 1.0 / (strength + sums[2])


@njit(cache=True, nogil=True)
def _p1(counts, x, p0, discount, fresh, scale):
    """Probability of a word whatever stands before it."""
    t = counts[x, 2] if x >= 0 else 0
    return (fresh * p0 + t - discount if t > 0 else fresh * p0) * scale


@njit(cache=True, nogil=True)
def _given_right(left, right, p1, discount, state):
    """Probability of a word, with its p1, after another."""
    counts, _, pairs = state
    a, b = _given_left(counts, left, discount)
    p = a * p1
    if b > 0.0 and right >= 0 and counts[right, 2] > 0:
        slot = _slot(pairs, left, right)
        if pairs[slot, 2] > 0:
            p += b * (pairs[slot, 2] - discount)
    return p


@njit(cache=True, nogil=True)
def _spelled(spelled, p_length, i, k):
    """P0 of k units."""
    p0 = p_length[k]
    for m in range(i, i + k):
        p0 *= spelled[m]
    return p0


@njit(cache=True, nogil=True)
def bigram_filter(nodes, begin, end, base, prior, state, shrink, alpha, known):
    """``alpha[j, k − 1]``: weight of all segmentations of j units that end in a word of k, relative to one another.

    After v, a word w has the probability (max(c_vw − d₂, 0) + (1 + d₂ T_v) p1(w)) / (1 + c_v) with
    p1(w) = (max(t_w − d₁, 0) + (θ + d₁ T) P0(w)) / (θ + N): t_w distinct left neighbours of w, N of all words.
    ``alpha[j, longest]`` sums them, each times the weight of falling back to p1, ``known`` holds them times the
    weight of one observed pair.
    """
    cut, spelled, p_length = base
    counts, sums, pairs = state
    fresh, scale = _of_new(prior, sums)
    longest = nodes.shape[1]
    n = end - begin
    begin_mark = len(counts) - 2
    alpha[0] = 0.0
    known[0] = 0.0
    alpha[0, longest], known[0, 0] = _given_left(counts, begin_mark, prior[1])
    for j in range(1, n + 1):
        total = 0.0
        tail = 1.0
        ratio = 1.0
        alpha[j] = 0.0
        known[j] = 0.0
        for k in range(1, min(j, longest) + 1):
            if k > 1:
                ratio *= shrink[j - k + 1]
            if ratio == 0.0:
                break
            i = begin + j - k
            tail *= spelled[i]
            x = nodes[i, k - 1]
            p = alpha[j - k, longest] * _p1(counts, x, p_length[k] * tail, prior[0], fresh, scale)
            if x >= 0 and counts[x, 2] > 0:
                for m in range(longest if j > k else 1):
                    if known[j - k, m] > 0.0:
                        v = begin_mark if j == k else nodes[i - m - 1, m]
                        slot = _slot(pairs, v, x)
                        if pairs[slot, 2] > 0:
                            p += known[j - k, m] * (pairs[slot, 2] - prior[1])
            alpha[j, k - 1] = p * ratio
            total += p * ratio
        shrink[j] = 1.0 / (total * cut[begin + j]) if j < n else 1.0
        # everything relative to the sum up to j
        fall = 0.0
        for k in range(longest):
            if alpha[j, k] > 0.0:
                alpha[j, k] /= total
                a, b = _given_left(counts, nodes[begin + j - k - 1, k], prior[1])
                fall += alpha[j, k] * a
                known[j, k] = alpha[j, k] * b
        alpha[j, longest] = fall


@njit(cache=True, nogil=True)
def bigram_sweep(ids, nodes, step, base, prior, state, uniform, begin, end):
    """Draw the segmentation of each clause from unit ``begin`` to ``end``, given those of all others."""
    _, spelled, p_length = base
    counts, sums, _ = state
    longest = nodes.shape[1]
    origin = begin
    most = _longest_clause(ids, begin, end)
    shrink = np.empty(most + 1)
    alpha = np.empty((most + 1, longest + 1))
    known = np.empty((most + 1, longest))
    weights = np.empty(longest)
    end_mark = np.int64(len(counts) - 1)
    while begin < end:
        stop = _clause_end(ids, begin)
        _count_bigrams(nodes, step, begin, stop, -1, state)
        bigram_filter(nodes, begin, stop, base, prior, state, shrink, alpha, known)
        fresh, scale = _of_new(prior, sums)
        right = end_mark
        p1 = _p1(counts, right, p_length[0], prior[0], fresh, scale)
        j = stop - begin
        while j > 0:
            for k in range(min(j, longest)):
                weights[k] = alpha[j, k]
                if alpha[j, k] > 0.0:
                    weights[k] *= _given_right(np.int64(nodes[begin + j - k - 1, k]), right, p1, prior[1], state)
            k = 1 + _choose(weights, min(j, longest), uniform[begin + j - 1 - origin])
            j -= k
            right = np.int64(nodes[begin + j, k - 1])
            p1 = _p1(counts, right, _spelled(spelled, p_length, begin + j, k), prior[0], fresh, scale)
            step[begin + j] = k
        _count_bigrams(nodes, step, begin, stop, 1, state)
        begin = stop + 1


@njit(cache=True, nogil=True)
def _best_before(nodes, i, j, x, p1, discount, state, best, fall, known):
    """The greatest weight of a word x that begins at unit i, j units into its clause, and the word before it."""
    counts, _, pairs = state
    most = 0.0
    before = 0
    for m in range(best.shape[1]):
        if best[j, m] == 0.0:
            continue
        p = fall[j, m] * p1
        if x >= 0 and counts[x, 2] > 0 and known[j, m] > 0.0:
            v = np.int64(len(counts) - 2) if j == 0 else np.int64(nodes[i - m - 1, m])
            slot = _slot(pairs, v, x)
            if pairs[slot, 2] > 0:
                p += known[j, m] * (pairs[slot, 2] - discount)
        if p > most:
            most = p
            before = m
    return most, before


@njit(cache=True, nogil=True)
def _weigh(nodes, i, j, gain, discount, counts, best, fall, known):
    """What the words that end before unit i, j units into the clause, are worth to a word that begins there."""
    for k in range(best.shape[1]):
        best[j, k] *= gain
        v = np.int64(len(counts) - 2) if j == 0 else np.int64(-1)
        if 0 < k + 1 <= j:
            v = np.int64(nodes[i - k - 1, k])
        a, b = _given_left(counts, v, discount)
        fall[j, k] = best[j, k] * a
        known[j, k] = best[j, k] * b


@njit(cache=True, nogil=True)
def _best_paths(nodes, begin, stop, base, prior, state, least, best, fall, known, back):
    """``best[j, k − 1]``: relative weight of the likeliest segmentation of j units that ends in a word of k.

    ``back[j, k − 1]`` is one less than the length of the word before.
    """
    cut, spelled, p_length = base
    counts, sums, _ = state
    fresh, scale = _of_new(prior, sums)
    longest = nodes.shape[1]
    best[0] = 0.0
    best[0, 0] = 1.0
    _weigh(nodes, begin, 0, 1.0, prior[1], counts, best, fall, known)
    for j in range(1, stop - begin + 1):
        top = 0.0
        tail = 1.0
        best[j] = 0.0
        for k in range(1, min(j, longest) + 1):
            i = begin + j - k
            x = np.int64(nodes[i, k - 1])
            tail *= spelled[i]
            p1 = _p1(counts, x, p_length[k] * tail, prior[0], fresh, scale)
            if len(least) > 0:
                if least[i, k - 1] < 0.0:
                    continue
                p1 = max(p1, np.float64(least[i, k - 1]))
            p, before = _best_before(nodes, i, j - k, x, p1, prior[1], state, best, fall, known)
            best[j, k - 1] = p
            back[j, k - 1] = before
            top = max(top, p)
        gain = np.float64(cut[begin + j]) if begin + j < stop else 1.0
        _weigh(nodes, begin + j, j, gain, prior[1], counts, best, fall, known)
        # Nothing may underflow: bring the last positions, which all that follows is made of, back to one.
        top *= gain
        if top < 1e-100 or top > 1e100:
            for i in range(max(0, j - longest + 1), j + 1):
                for k in range(longest):
                    best[i, k] /= top
                    fall[i, k] /= top
                    known[i, k] /= top


@njit(cache=True, nogil=True)
def bigram_best(ids, nodes, step, base, prior, state, least):
    """``step[i]``: length of the word that begins at unit i in the likeliest segmentation of each clause.

    ``least[i, k − 1]``: what p1 of the k units from i on is at least; below 0 they are no word. It may be empty.
    """
    counts, sums, _ = state
    longest = nodes.shape[1]
    most = _longest_clause(ids, 0, len(ids))
    best = np.empty((most + 1, longest))
    fall = np.empty((most + 1, longest))
    known = np.empty((most + 1, longest))
    back = np.empty((most + 1, longest), np.int8)
    end_mark = np.int64(len(counts) - 1)
    fresh, scale = _of_new(prior, sums)
    p1 = _p1(counts, end_mark, base[2][0], prior[0], fresh, scale)
    begin = 0
    while begin < len(ids):
        stop = _clause_end(ids, begin)
        _best_paths(nodes, begin, stop, base, prior, state, least, best, fall, known, back)
        j = stop - begin
        k = 0
        top = -1.0
        for m in range(min(j, longest)):
            p = best[j, m] * _given_right(np.int64(nodes[stop - m - 1, m]), end_mark, p1, prior[1], state)
            if p > top:
                top = p
                k = m
        while j > 0:
            before = np.int64(back[j, k])
            j -= k + 1
            step[begin + j] = k + 1
            k = before
        begin = stop + 1
