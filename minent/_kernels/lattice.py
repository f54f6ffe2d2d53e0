"""Word lattice and its best path over a double-array trie.

A word list comes as ``words = (symbol_of, base, label, value, score, floor, alone)``. Scores are whole numbers, so that
sums are exact and ties are ties, and multiples of four, so that the length of a word fits below: of two sums with their
lengths, the greater one is the better, and of equals the one with the longer word. −2^62: no word, no path.

=============  ===================================================================================================
``symbol_of``  code → symbol, 0 for a code that is in no word
``base``       state → where its children begin; the state after a single symbol is that symbol
``label``      state → the symbol it is reached by: s goes by symbol c to base[s] + c if that is its label
``value``      state → index of the word that ends there, or −1
``score``      state → score of the word that ends there
``floor``      score of a unit that is not a word
``alone``      symbol → score of its code as a word of its own, known or not
=============  ===================================================================================================
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _never():
    return np.int64(-(1 << 62))


@njit(cache=True, nogil=True)
def _look_up(codes, begin, m, words, nodes, scores, places, states):
    """States after one to five codes from each position, 0 where a walk goes no further.

    Scores of the words of up to four, at their last position: those of one code as they are, of two plus one, of three
    plus two, of four plus three; −2^62 where there is none.
    """
    symbol_of, base, label, _, score, _, alone = words
    symbols = nodes[0]
    n = min(m + 4, len(codes) - begin)
    for k in range(n):
        symbols[k] = symbol_of[codes[begin + k]]
    symbols[n : m + 4] = 0
    scores[1:, : m + 3] = _never()
    nodes[1:, :m] = 0
    # One level at a time, only what goes on, and without branches: the reads of a level do not wait for each other.
    going = 0
    for k in range(m):
        scores[0, k] = alone[symbols[k]]
        symbol = symbols[k + 1]
        child = base[symbols[k]] + symbol
        places[going] = k
        states[going] = child
        going += label[child] == symbol
    for depth in range(1, 4):
        here, ending = nodes[depth], scores[depth]
        came, going = going, 0
        for i in range(came):
            k = places[i]
            node = states[i]
            here[k] = node
            ending[k + np.uint32(depth)] = score[node] + depth
            symbol = symbols[k + np.uint32(depth + 1)]
            child = base[node] + symbol
            places[going] = k
            states[going] = child
            going += label[child] == symbol
    for i in range(going):
        nodes[4, places[i]] = states[i]


@njit(cache=True, nogil=True)
def _offer(j, score, length, node, far, far_back, far_node):
    if score > far[j]:
        far[j] = score
        far_back[j] = length
        far_node[j] = node


@njit(cache=True, nogil=True)
def _reach_far(codes, begin, k, m, here, node, words, far, far_back, far_node):
    """Offer the words of five codes and more from window position ``k``, given the state after five.

    Returns whether the walk goes on to the end of the window.
    """
    symbol_of, base, label, _, score = words[:5]
    for j in range(k + 5, m):
        _offer(j, here + score[node], j - k, node, far, far_back, far_node)
        symbol = symbol_of[codes[begin + j]]
        node = base[node] + symbol
        if label[node] != symbol:
            return False
    if k + 5 <= m:
        _offer(m, here + score[node], m - k, node, far, far_back, far_node)
    return True


@njit(cache=True, nogil=True)
def _forward(codes, lengths, begin, m, words, nodes, scores, best, back, far, far_back, far_node):
    """Score of the best path to each of ``m`` window positions, and the length of its last word.

    Returns a position before which no word and no unit begins that goes on beyond the window.

    Words of up to four codes are weighed as numbers, without branches; longer words and units are offered ahead,
    to ``far``, which is left as it came, without offers. Ties go to the longer last word.
    """
    n = len(codes)
    floor = words[5]
    never = _never()
    ones, twos, threes, fours = scores[0], scores[1], scores[2], scores[3]
    fifth = nodes[4]
    last, last2, last3, last4 = np.int64(0), never, never, never
    best[0] = 0
    first_open = max(0, m - 4)
    length = np.int64(lengths[begin])
    for k in range(m):
        after = np.int64(lengths[begin + k + 1]) if begin + k + 1 < n else np.int64(1)
        one = ones[k]
        if length > 1:
            one = never
            if k + length > m:
                first_open = min(first_open, k)
            elif last > never:
                _offer(k + length, last + floor, length, 0, far, far_back, far_node)
        reaches = fifth[k] != 0 and last > never
        if reaches and _reach_far(codes, begin, k, m, last, fifth[k], words, far, far_back, far_node):
            first_open = min(first_open, k)
        score = max(max(last + one, last2 + twos[k]), max(last3 + threes[k], last4 + fours[k]))
        size = (score & 3) + 1
        score &= -4
        ahead = far[k + 1]
        if ahead > never:
            far[k + 1] = never
            if ahead > score or (ahead == score and far_back[k + 1] > size):
                score = ahead
                size = np.int64(far_back[k + 1])
        score = max(score, never) if after != 0 else never
        best[k + 1] = score
        back[k + 1] = size
        last, last2, last3, last4 = score, last, last2, last3
        length = after
    return first_open


@njit(cache=True, nogil=True)
def _meeting_point(best, back, first, n, marked):
    """The last window position that every best path to one of the positions ``first`` … ``n`` passes."""
    for j in range(n + 1):
        marked[j] = False
    open_paths = 0
    for j in range(first, n + 1):
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
    first = len(bounds)
    j = np.uint32(end)
    while j > 0:
        first -= 1
        bounds[first] = j
        j -= back[j]
    path = bounds[first:]
    for k in range(len(path)):
        ends[n + k] = begin + np.int64(path[k])
    for k in range(min(len(path), len(found))):
        j = path[k]
        length = back[j]
        found[n + k] = value[far_node[j] if length > 4 else nodes[length - 1, j - length]]
    return n + len(path)


@njit(cache=True, nogil=True)
def viterbi(codes, lengths, begin, words, scratch, ends, found, size):
    """Best path over ``codes`` from ``begin``, window by window; appends its words to ``size`` known ones.

    ``lengths`` holds the length of the unit that starts at each code, 0 inside one, −1 at a break. Once all best
    paths to the end of a window pass one position, what lies before is settled. Returns how far it came (a window
    that settles nothing is too small), the number of words, and the score of the path.
    """
    nodes, scores, places, states, best, back, far, far_back, far_node, marked, bounds = scratch
    window = len(best) - 1
    score = 0.0
    while begin < len(codes):
        m = min(window, len(codes) - begin)
        _look_up(codes, begin, m, words, nodes, scores, places, states)
        first = _forward(codes, lengths, begin, m, words, nodes, scores, best, back, far, far_back, far_node)
        end = m
        if begin + m < len(codes):
            end = _meeting_point(best, back, first, m, marked)
            if end == 0:
                break
        score += best[end] * 2.0**-34
        size = _trace(back, nodes, far_node, words[3], end, begin, bounds, ends, found, size)
        begin += end
    return begin, size, score


@njit(cache=True, nogil=True)
def clean_cut(codes, lengths, begin, words, longest, margin):
    """The last position that no unit and no word in ``codes`` crosses, whatever may follow; 0 if there is none.

    Looks from ``begin`` on, and holds ``margin`` codes at the end for unsure.
    """
    symbol_of, base, label, value = words[:4]
    n = len(codes)
    cut = 0
    reach = begin + longest if begin > 0 else 0
    for i in range(begin, n - margin):
        if lengths[i] == 0:
            continue
        if i >= reach:
            cut = i
        reach = max(reach, i + max(1, np.int64(lengths[i])))
        node = symbol_of[codes[i]]
        goes_on = node != 0
        j = i + 1
        while goes_on and j < n:
            symbol = symbol_of[codes[j]]
            node = base[node] + symbol
            goes_on = label[node] == symbol
            if goes_on:
                j += 1
                if value[node] >= 0:
                    reach = max(reach, j)
        if goes_on:
            return cut
    return cut
