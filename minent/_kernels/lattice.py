"""Word lattice, Viterbi and sampling over a double-array trie.

A word list comes as ``words = (symbol_of, states, value, floor, roots, alone)``. Scores are whole numbers, so
that sums are exact and ties are ties: −2^62 stands for no word and no path.

=============  ===================================================================================================
``symbol_of``  code → symbol, 0 for a code that is in no word
``states``     state → parent · 2^32 + base (its child by symbol c is base + c, if that has it for parent), and the
               score of the word that ends there: side by side, since memory is what a large word list waits for
``value``      state → index of the word that ends there, or −1
``floor``      score of a unit that is not a word
``roots``      symbol → cell of the state after it, with the symbol as its parent; −2 · 2^32 where none is
``alone``      symbol → score of its code as a word of its own, known or not
=============  ===================================================================================================
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _never():
    return np.int64(-(1 << 62))


@njit(cache=True, nogil=True)
def _look_up(codes, begin, m, words, symbols, nodes, scores):
    """States after one to four codes from each position, 0 for none, and the scores of their words."""
    symbol_of, states = words[:2]
    roots, alone = words[4:]
    n = len(codes) - begin
    for k in range(min(m + 3, n)):
        symbols[k] = symbol_of[codes[begin + k]]
    for k in range(n, m + 3):
        symbols[k] = 0
    # One level at a time, and without branches: the reads of a level do not wait for each other.
    for k in range(m):
        root = roots[symbols[k]]
        child = (root & 0xFFFFFFFF) + symbols[k + 1]
        nodes[k, 0] = max(0, root >> 32)
        nodes[k, 1] = child if (states[child, 0] ^ root) >> 32 == 0 else 0
        scores[k, 0] = alone[symbols[k]]
    for depth in range(2, 4):
        for k in range(m):
            node = nodes[k, depth - 1]
            child = (states[node, 0] & 0xFFFFFFFF) + symbols[k + depth]
            nodes[k, depth] = child if states[child, 0] >> 32 == node and node != 0 else 0
            scores[k, depth - 1] = states[node, 1]
    for k in range(m):
        scores[k, 3] = states[nodes[k, 3], 1]


@njit(cache=True, nogil=True)
def _offer(j, score, length, node, far, far_back, far_node):
    if score > far[j]:
        far[j] = score
        far_back[j] = length
        far_node[j] = node


@njit(cache=True, nogil=True)
def _reach_far(codes, begin, k, m, here, node, words, far, far_back, far_node):
    """Offer the words of five codes and more from window position ``k``, given the state after four."""
    symbol_of, states = words[:2]
    j = k + 4
    while j < m:
        child = (states[node, 0] & 0xFFFFFFFF) + symbol_of[codes[begin + j]]
        if states[child, 0] >> 32 != node:
            break
        node = child
        j += 1
        _offer(j, here + states[node, 1], j - k, node, far, far_back, far_node)


@njit(cache=True, nogil=True)
def _forward(codes, lengths, begin, m, words, nodes, scores, best, back, far, far_back, far_node):
    """Score of the best path to each of ``m`` window positions, and the length of its last word.

    Words of up to four codes are weighed as numbers, without branches; longer words and units are offered ahead,
    to ``far``, which is left as it came, without offers. Ties go to the longer last word.
    """
    n = len(codes)
    floor = words[3]
    never = _never()
    # Best scores of the last four positions, and the scores of words of two to four codes on their way.
    last, last2, last3, last4 = np.int64(0), never, never, never
    two, three, three2, four, four2, four3 = never, never, never, never, never, never
    best[0] = 0
    for k in range(m):
        one = scores[k, 0]
        length = np.int64(lengths[begin + k])
        if length > 1:
            one = never
            if last > never and k + length <= m:
                _offer(k + length, last + floor, length, 0, far, far_back, far_node)
        if nodes[k, 3] != 0 and last > never:
            _reach_far(codes, begin, k, m, last, nodes[k, 3], words, far, far_back, far_node)
        score = last + one
        size = np.int64(1)
        if last2 + two >= score:
            score = last2 + two
            size = np.int64(2)
        if last3 + three2 >= score:
            score = last3 + three2
            size = np.int64(3)
        if last4 + four3 >= score:
            score = last4 + four3
            size = np.int64(4)
        ahead = far[k + 1]
        if ahead > never:
            far[k + 1] = never
            if ahead > score or (ahead == score and far_back[k + 1] > size):
                score = ahead
                size = np.int64(far_back[k + 1])
        inside = begin + k + 1 < n and lengths[begin + k + 1] == 0
        score = never if inside else max(score, never)
        best[k + 1] = score
        back[k + 1] = size
        last, last2, last3, last4 = score, last, last2, last3
        two, three, three2 = scores[k, 1], scores[k, 2], three
        four, four2, four3 = scores[k, 3], four, four2


@njit(cache=True, nogil=True)
def _meeting_point(best, back, n, longest, marked):
    """The last window position that every best path to one of the last ``longest`` positions passes."""
    for j in range(n + 1):
        marked[j] = False
    open_paths = 0
    for j in range(max(0, n - longest), n + 1):
        if best[j] > _never():
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
def _trace(back, nodes, far_node, value, end, begin, bounds, ends, found, n):
    """Append the words of the best path to window position ``end``; returns the new number of words.

    Which words they are is not looked up where ``found`` is empty.
    """
    size = 0
    j = end
    while j > 0:
        bounds[size] = j
        size += 1
        j -= back[j]
    for k in range(size):
        j = bounds[size - 1 - k]
        length = back[j]
        ends[n + k] = begin + j
        if len(found) > 0:
            found[n + k] = value[far_node[j] if length > 4 else nodes[j - length, length - 1]]
    return n + size


@njit(cache=True, nogil=True)
def viterbi(codes, lengths, begin, words, longest, scratch, ends, found, size):
    """Best path over ``codes`` from ``begin``, window by window; appends its words to ``size`` known ones.

    ``lengths`` holds the length of the unit that starts at each code, 0 inside one, −1 at a break. Once all best
    paths to the end of a window pass one position, what lies before is settled. Returns how far it came (a window
    that settles nothing is too small), the number of words, and the score of the path.
    """
    symbols, nodes, scores, best, back, far, far_back, far_node, marked = scratch
    window = len(best) - 1
    score = 0.0
    while begin < len(codes):
        m = min(window, len(codes) - begin)
        _look_up(codes, begin, m, words, symbols, nodes, scores)
        _forward(codes, lengths, begin, m, words, nodes, scores, best, back, far, far_back, far_node)
        end = m
        if begin + m < len(codes):
            end = _meeting_point(best, back, m, longest, marked)
            if end == 0:
                break
        score += best[end] * 2.0**-32
        size = _trace(back, nodes, far_node, words[2], end, begin, symbols, ends, found, size)
        begin += end
    return begin, size, score


@njit(cache=True, nogil=True)
def clean_cut(codes, lengths, begin, words, longest, margin):
    """The last position that no unit and no word in ``codes`` crosses, whatever may follow; 0 if there is none.

    Looks from ``begin`` on, and holds ``margin`` codes at the end for unsure.
    """
    symbol_of, states, value = words[:3]
    roots = words[4]
    n = len(codes)
    cut = 0
    reach = begin + longest if begin > 0 else 0
    for i in range(begin, n - margin):
        if lengths[i] == 0:
            continue
        if i >= reach:
            cut = i
        reach = max(reach, i + max(1, np.int64(lengths[i])))
        node = max(0, roots[symbol_of[codes[i]]] >> 32)
        j = i + 1
        while node != 0 and j < n:
            child = (states[node, 0] & 0xFFFFFFFF) + symbol_of[codes[j]]
            node = child if states[child, 0] >> 32 == node else 0
            j += 1
            if value[node] >= 0:
                reach = max(reach, j)
        if node != 0:
            return cut
    return cut


@njit(cache=True, nogil=True)
def backward(codes, lengths, words, alpha, total):
    """``total[i]``: ln of the sum, over all segmentations of the text from i on, of e^(alpha · score)."""
    symbol_of, states, value, floor, roots, alone = words
    n = len(codes)
    scale = alpha * 2.0**-32
    total[n] = 0.0
    for i in range(n - 1, -1, -1):
        if lengths[i] == 0:
            total[i] = -np.inf
            continue
        symbol = symbol_of[codes[i]]
        single = i + max(1, np.int64(lengths[i]))
        sums = scale * (alone[symbol] if single == i + 1 else floor) + total[single]
        node = max(0, roots[symbol] >> 32)
        j = i + 1
        while node != 0 and j < n:
            child = (states[node, 0] & 0xFFFFFFFF) + symbol_of[codes[j]]
            if states[child, 0] >> 32 != node:
                break
            node = child
            j += 1
            if value[node] < 0 or (j < n and lengths[j] == 0):
                continue
            arriving = scale * states[node, 1] + total[j]
            if j == single:
                sums = arriving
            elif arriving > sums:
                sums = arriving + np.log1p(np.exp(sums - arriving))
            else:
                sums = sums + np.log1p(np.exp(arriving - sums))
        total[i] = sums


@njit(cache=True, nogil=True)
def draw(codes, lengths, words, alpha, total, uniform, ends, found):
    """Draw one segmentation with probability ∝ e^(alpha · score); returns its number of words."""
    symbol_of, states, value = words[:3]
    roots, alone = words[4:]
    n = len(codes)
    scale = alpha * 2.0**-32
    i = 0
    size = 0
    while i < n:
        target = uniform[size]
        symbol = symbol_of[codes[i]]
        single = i + max(1, np.int64(lengths[i]))
        node = max(0, roots[symbol] >> 32)
        chosen_end = single
        chosen = np.int64(node if single == i + 1 else 0)
        seen = 0.0
        single_known = single == i + 1 and value[node] >= 0
        if single_known:
            seen = np.exp(scale * alone[symbol] + total[single] - total[i])
        j = i + 1
        while node != 0 and j < n:
            child = (states[node, 0] & 0xFFFFFFFF) + symbol_of[codes[j]]
            if states[child, 0] >> 32 != node:
                break
            node = child
            j += 1
            if value[node] < 0 or (j < n and lengths[j] == 0):
                continue
            single_known = single_known or j == single
            # A share that rounding leaves over goes to the last word met, or to the bare unit below.
            if seen <= target:
                chosen_end = j
                chosen = np.int64(node)
            seen += np.exp(scale * states[node, 1] + total[j] - total[i])
        if not single_known and seen <= target:
            chosen_end = single
            chosen = np.int64(0)
        ends[size] = chosen_end
        found[size] = value[chosen]
        size += 1
        i = chosen_end
    return size


@njit(cache=True, nogil=True)
def _blank(code):
    return np.int64((code == 32) | (code == 9) | (code == 10) | (code == 13))


@njit(cache=True, nogil=True)
def spaced(codes, ends, separator, before, begins_word, out):
    """Copy ``codes`` with a separator between words, none beside a space, tab or line end; returns the length.

    ``before`` is the code that came before them, a line end where there was none; ``begins_word`` is room, all 0.
    """
    begins_word[0] = 1
    for k in range(len(ends) - 1):
        begins_word[ends[k]] = 1
    n = 0
    joined = _blank(before)
    width = len(separator)
    for i in range(len(codes)):
        blank = _blank(codes[i])
        # What is written where no separator belongs is written over.
        for k in range(width):
            out[n + k] = separator[k]
        n += width * begins_word[i] * (1 - (blank | joined))
        out[n] = codes[i]
        n += 1
        joined = blank
    return n


@njit(cache=True, nogil=True)
def name_words(codes, ends, found, n_words, names, nameless):
    """Number the words: those of the list as ``found``, single characters of the first plane from ``n_words`` on.

    Lists in ``nameless`` which words are neither; returns how many.
    """
    n = 0
    begin = 0
    for k in range(len(ends)):
        name = np.int64(found[k])
        if name < 0:
            name = 0
            if ends[k] - begin == 1 and codes[begin] < 0x10000:
                name = n_words + np.int64(codes[begin])
            else:
                nameless[n] = k
                n += 1
        names[k] = name
        begin = ends[k]
    return n
