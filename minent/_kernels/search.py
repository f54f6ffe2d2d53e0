"""Frequent itemsets, depth first, and where they are dense by bits.

A database is one array of rows: item numbers in ascending order of support, rows parted by -1, one before the first.
A frame of the search is one itemset and the items that may extend it (its members), as a row of ``frames``:

0 first member in ``members`` and ``supports``; 1 how many members; 2 which comes next; 3 where its positions end, or
how many members are only to be checked; 4 node of the itemset; 5 its length; 6 how many perfect extensions it has; 7
where its columns begin, or the positions of the next member; 8 words a column, 0 for positions; 9 its last item.

No item may join a closed or maximal set, not even one that stands before in the order of the search: such a one is
checked. Where there are columns, those to be checked are the first members, each told by its column, which may be that
of a smaller itemset; of the others each has a column of its own.

A perfect extension is in every transaction of the itemset, so that it may be added or not without changing any support.
A word holds 63 rows: its sign stays clear, and compiled and interpreted code agree.

``state``: 0 depth, 1 nodes written, 2 nodes lacking, 3 work done, 4 sets reported, and how long must be 5 members,
6 positions, 7 bits.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def join(parents, ranks, first, last, parent, item):
    """Copy nodes to where the tree of their task begins, and number items from the most frequent one.

    A rank r becomes last - r, and a marked one, which is -1 - r, becomes -1 - (last - r).
    """
    for i in range(len(parents)):
        parent[i] = parents[i] + first if parents[i] >= 0 else -1
        item[i] = last - ranks[i] if ranks[i] >= 0 else -2 - last - ranks[i]


@njit(cache=True, nogil=True)
def _ones(x):
    # LLVM knows this for a population count. int() is for interpreted code: there it does not overflow.
    x = int(x)
    x = x - ((x >> 1) & 0x5555555555555555)
    x = (x & 0x3333333333333333) + ((x >> 2) & 0x3333333333333333)
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0F
    return ((x * 0x0101010101010101) >> 56) & 0xFF


@njit(cache=True, nogil=True)
def _common(bits, a, b, words):
    """How many rows two columns have in common."""
    if words == 1:
        return _ones(bits[a] & bits[b])
    # Slices, because an index that may be negative keeps LLVM from vectors.
    left = bits[a : a + words]
    right = bits[b : b + words]
    n = 0
    for i in range(words):
        n += _ones(left[i] & right[i])
    return n


@njit(cache=True, nogil=True)
def _intersect(bits, a, b, to, words):
    """Write the rows that two columns have in common."""
    left = bits[a : a + words]
    right = bits[b : b + words]
    out = bits[to : to + words]
    for i in range(words):
        out[i] = left[i] & right[i]


@njit(cache=True, nogil=True)
def _holds(bits, a, b, words):
    """Whether all rows of the first column are in the second."""
    for i in range(words):
        if bits[a + i] & ~bits[b + i]:
            return False
    return True


@njit(cache=True, nogil=True)
def _all_together(bits, a, columns, n, to, words):
    """Write the rows that a column has in common with n others; how many they are."""
    _intersect(bits, a, columns[0], to, words)
    for k in range(1, n):
        _intersect(bits, to, columns[k], to, words)
    return _common(bits, to, to, words)


@njit(cache=True, nogil=True)
def _sort(keys, n):
    """Sort the first keys: a shell sort, since there are few."""
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            key = keys[i]
            j = i
            while j >= gap and keys[j - gap] > key:
                keys[j] = keys[j - gap]
                j -= gap
            keys[j] = key
        gap //= 3


@njit(cache=True, nogil=True)
def _subsets(n, longest):
    """How many subsets of n items have at most so many items; at most 2^62."""
    if longest >= n:
        return 1 << min(n, 62)
    total = 1.0
    ways = 1.0
    for k in range(1, longest + 1):
        ways *= (n - k + 1) / k
        total += ways
    return int(min(total + 0.5, 4e18))


@njit(cache=True, nogil=True)
def _write_subsets(node, extensions, n, longest, support, state, first, out_parent, out_item, out_support):
    """Write the nodes of an itemset, just written itself, with all its perfect extensions."""
    at = state[1]
    base = at - 1
    if longest >= n:
        for k in range(n):
            item = extensions[k]
            for j in range(1 << k):
                out_parent[at] = first + base + j
                out_item[at] = item
                out_support[at] = support
                at += 1
    elif longest > 0:
        # Longer ones never come into being: each pass over a length adds later items to its sets.
        rank = np.empty(_subsets(n, longest), np.int32)
        rank[0] = -1
        begin = base
        for _ in range(longest):
            end = at
            for j in range(begin, end):
                for k in range(rank[j - base] + 1, n):
                    out_parent[at] = first + j
                    out_item[at] = extensions[k]
                    out_support[at] = support
                    rank[at - base] = k
                    at += 1
            begin = end
    state[1] = at


@njit(cache=True, nogil=True)
def _emit(parent, item, support, n_before, n, extensions, longest, target, is_maximal, state, first, out):
    """Write the nodes of one itemset; the node to which longer ones attach, or -1 where there is no room.

    For target 0 that is a node for each subset of its perfect extensions; for 1 (closed) and 2 (maximal) a chain
    of those that are new, whose last item is written as -1 - item where the set is to be reported.
    """
    out_parent, out_item, out_support = out
    need = _subsets(n, longest) if target == 0 else 1 + n - n_before
    if state[1] + need > len(out_parent):
        state[2] = need
        return -1
    node = first + state[1]
    out_parent[state[1]] = parent
    out_item[state[1]] = item
    out_support[state[1]] = support
    state[1] += 1
    if target == 0:
        if n > 0:
            _write_subsets(node, extensions, n, longest, support, state, first, out_parent, out_item, out_support)
        state[4] += need
        return node
    for k in range(n_before, n):
        out_parent[state[1]] = node
        out_item[state[1]] = extensions[k]
        out_support[state[1]] = support
        node = first + state[1]
        state[1] += 1
    if n <= longest and (target == 1 or is_maximal):
        last = state[1] - 1
        out_item[last] = -1 - out_item[last]
        state[4] += 1
    return node


@njit(cache=True, nogil=True)
def _count(rows, positions, begin, end, step, counts, touched):
    """Count the items after (step 1) or before (-1) an item in the rows of its positions; how many there are."""
    n = 0
    for i in range(begin, end):
        q = positions[i] + step
        x = rows[q]
        while x >= 0:
            if counts[x] == 0:
                touched[n] = x
                n += 1
            counts[x] += 1
            q += step
            x = rows[q]
    return n


@njit(cache=True, nogil=True)
def _some_before_all(rows, positions, begin, end, slot, common):
    """Whether an item that is not in the itemset stands before the positions in all of their rows."""
    n = 0
    q = positions[begin] - 1
    while rows[q] >= 0:
        if slot[rows[q]] != -2:
            common[n] = rows[q]
            n += 1
        q -= 1
    for i in range(begin + 1, end):
        kept = k = 0
        q = positions[i] - 1
        while k < n and rows[q] >= 0:
            if rows[q] > common[k]:
                q -= 1
            else:
                if rows[q] == common[k]:
                    common[kept] = common[k]
                    kept += 1
                k += 1
        n = kept
        if n == 0:
            break
    return n > 0


@njit(cache=True, nogil=True)
def _some_before(n_touched, min_count, counts, touched, slot):
    """Whether some of what was counted may join the itemset; clears the counts."""
    found = False
    for i in range(n_touched):
        x = touched[i]
        found = found or (counts[x] >= min_count and slot[x] != -2)
        counts[x] = 0
    return found


@njit(cache=True, nogil=True)
def _open_columns(rows, positions, begin, end, backwards, members, slot, bits, words):
    """Write a column for each member: the bits of the rows of some positions that hold it."""
    bits[: len(members) * words] = 0
    for k in range(len(members)):
        slot[members[k]] = k * words
    word = 0
    one = np.int64(1)
    for i in range(begin, end):
        q = positions[i] + 1
        x = rows[q]
        while x >= 0:
            if slot[x] >= 0:
                bits[slot[x] + word] |= one
            q += 1
            x = rows[q]
        if backwards:
            q = positions[i] - 1
            x = rows[q]
            while x >= 0:
                if slot[x] >= 0:
                    bits[slot[x] + word] |= one
                q -= 1
                x = rows[q]
        if one == 1 << 62:
            one = np.int64(1)
            word += 1
        else:
            one <<= 1
    for x in members:
        slot[x] = -1


@njit(cache=True, nogil=True)
def _open_positions(rows, positions, begin, end, members, supports, slot, found, at):
    """Write where each member stands after some positions."""
    for k in range(len(members)):
        slot[members[k]] = at
        at += supports[k]
    for i in range(begin, end):
        q = positions[i] + 1
        x = rows[q]
        while x >= 0:
            if slot[x] >= 0:
                found[slot[x]] = q
                slot[x] += 1
            q += 1
            x = rows[q]
    for x in members:
        slot[x] = -1


@njit(cache=True, nogil=True)
def _candidates(n_touched, support, min_count, counts, touched, slot, keys, extensions, sizes):
    """Part what was counted into perfect extensions and candidates ``support << 32 | item``; clears the counts.

    ``sizes``: 0 candidates, 1 perfect extensions, 2 sum of the supports of candidates.
    """
    for i in range(n_touched):
        x = touched[i]
        count = counts[x]
        counts[x] = 0
        if count < min_count or slot[x] == -2:
            continue
        if count < support:
            keys[sizes[0]] = (np.int64(count) << 32) | np.int64(x)
            sizes[0] += 1
            sizes[2] += count
        else:
            extensions[sizes[1]] = x
            sizes[1] += 1


@njit(cache=True, nogil=True)
def _take_candidates(keys, n, item, by_bits, begin, members, supports):
    """Write the candidates as members: for bits those before the item first, then the rarest; else as in the rows.

    How many are before the item.
    """
    if not by_bits:
        for i in range(n):
            keys[i] = ((keys[i] & 0x7FFFFFFF) << 32) | (keys[i] >> 32)
    _sort(keys, n)
    at = begin
    n_checked = 0
    for after in range(2):
        for i in range(n):
            low, high = keys[i] & 0x7FFFFFFF, keys[i] >> 32
            x, support = (low, high) if by_bits else (high, low)
            if (x > item) == (after == 1):
                members[at] = x
                supports[at] = support
                at += 1
        if after == 0:
            n_checked = at - begin
    return n_checked


@njit(cache=True, nogil=True)
def _push(frames, d, node, begin, n_members, n_checked, n_extensions, at, words, item):
    """Open the frame of an itemset above frame d."""
    frames[d + 1, 0] = begin
    frames[d + 1, 1] = n_members
    frames[d + 1, 2] = n_checked
    frames[d + 1, 3] = n_checked
    frames[d + 1, 4] = node
    frames[d + 1, 5] = frames[d, 5] + 1
    frames[d + 1, 6] = n_extensions
    frames[d + 1, 7] = at
    frames[d + 1, 8] = words
    frames[d + 1, 9] = item


@njit(cache=True, nogil=True)
def _step_by_positions(rows, occurrences, min_count, max_length, target, first, out, state, work):
    """Write the next extension of the frame on top, and open its frame if it can be extended itself."""
    frames, members, supports, extensions, positions, bits, counts, touched, slot, keys, sizes = work
    d = state[0]
    begin, n_before = frames[d, 0], frames[d, 6]
    place = begin + frames[d, 2]
    item, support = members[place], np.int64(supports[place])
    found = occurrences if d == 0 else positions
    start = frames[d, 7]
    stop = start + support
    longest = max_length - frames[d, 5] - 1
    state[3] += 2 * support
    if target > 0 and _some_before_all(rows, found, start, stop, slot, touched):
        frames[d, 2] += 1
        frames[d, 7] = stop
        return 0
    sizes[0], sizes[1], sizes[2] = 0, n_before, 0
    if target > 0 or longest > 0:
        n = _count(rows, found, start, stop, 1, counts, touched)
        _candidates(n, support, min_count, counts, touched, slot, keys, extensions, sizes)
    n, n_extensions, delivered = sizes[0], sizes[1], sizes[2]
    state[3] += 4 * delivered
    is_maximal = False
    if n == 0 and target == 2:
        n_touched = _count(rows, found, start, stop, -1, counts, touched)
        is_maximal = not _some_before(n_touched, min_count, counts, touched, slot)
    if target > 0 and n_extensions >= longest:
        n = 0  # whatever is longer is not asked for
    if target == 2 and n == 0 and not is_maximal:
        frames[d, 2] += 1
        frames[d, 7] = stop
        return 0
    words = (support + 62) // 63
    by_bits = n < 2 or n * n // 2 * (3 + words // 6) + n * words < 2 * delivered * (delivered // support + 3) + 100 * n
    if by_bits and n > 0 and target > 0:
        n_touched = _count(rows, found, start, stop, -1, counts, touched)
        _candidates(n_touched, support, min_count, counts, touched, slot, keys, extensions, sizes)
        n = sizes[0]
    lowest = frames[d, 3] if d > 0 else 0
    below = begin + frames[d, 1]
    if below + n > len(members) or (by_bits and n > 1 and n * words > len(bits)) or lowest + delivered > len(positions):
        state[5], state[6], state[7] = below + n, lowest + delivered, n * words
        return 3
    node = _emit(
        frames[d, 4], item, support, n_before, n_extensions, extensions, longest, target, is_maximal, state, first, out
    )
    if node < 0:
        return 2
    frames[d, 2] += 1
    frames[d, 7] = stop
    if n == 0:
        return 0
    state[0] += 1
    n_checked = _take_candidates(keys, n, item, by_bits, below, members, supports)
    if by_bits:
        _push(frames, d, node, below, n, n_checked, n_extensions, n_checked * words, words, item)
        if n > 1:
            _open_columns(rows, found, start, stop, target > 0, members[below : below + n], slot, bits, words)
        for k in range(n_checked):
            members[below + k] = k * words
        return 0
    _push(frames, d, node, below, n, 0, n_extensions, lowest, 0, item)
    frames[d + 1, 3] = lowest + delivered
    _open_positions(
        rows, found, start, stop, members[below : below + n], supports[below : below + n], slot, positions, lowest
    )
    slot[item] = -2
    for k in range(n_before, n_extensions):
        slot[extensions[k]] = -2
    return 0


@njit(cache=True, nogil=True)
def _frame(frames, d):
    """What a search by columns needs to know of a frame."""
    begin, m, j, n_checked, parent = frames[d, 0], frames[d, 1], frames[d, 2], frames[d, 3], frames[d, 4]
    return begin, m, j, n_checked, parent, frames[d, 5], frames[d, 6], frames[d, 7], frames[d, 8]


@njit(cache=True, nogil=True)
def _close(work, state):
    """Leave the frame on top."""
    frames, _, _, extensions, _, _, _, _, slot, _, _ = work
    d = state[0]
    if d > 0 and frames[d, 8] == 0:
        slot[frames[d, 9]] = -1
        for k in range(frames[d - 1, 6], frames[d, 6]):
            slot[extensions[k]] = -1
    state[0] -= 1


@njit(cache=True, nogil=True)
def _search_columns(min_count, max_length, target, budget, first, out, state, work):
    """Search below the frame on top, which has columns, and return to the next frame that has positions.

    One long loop: handing the arrays to a function for each set would take longer than most sets do.
    """
    frames, members, supports, extensions, _, bits, _, _, _, keys, _ = work
    out_parent, out_item, out_support = out
    d, written, spent = state[0], state[1], state[3]
    begin, m, j, n_checked, parent, depth, n_before, at, words = _frame(frames, d)
    status = 0
    while True:
        if j == m:
            d -= 1
            if frames[d, 8] == 0:
                break
            begin, m, j, n_checked, parent, depth, n_before, at, words = _frame(frames, d)
            continue
        below = begin + m
        to = at + (m - n_checked) * words
        if spent >= budget:
            status = 1
            break
        if below + m > len(members) or to + m * words > len(bits) or d + 1 == len(frames):
            state[5], state[7] = below + m, to + m * words
            status = 3
            break
        support = supports[begin + j]
        own = at + (j - n_checked) * words
        closed = True
        for k in range(j if target > 0 else 0):
            if supports[begin + k] >= support:
                other = members[begin + k] if k < n_checked else at + (k - n_checked) * words
                if _holds(bits, own, other, words):
                    closed = False
                    break
        spent += 8 + j // 2
        if not closed:
            j += 1
            continue
        n_extensions = n_before
        n = 0
        stop = j if target == 0 and depth + 1 == max_length else m
        spent += (m - j) * (2 + words // 4)
        # Before them there will be those that are to be checked.
        middle = below + j if target > 0 else below
        for k in range(j + 1, stop):
            other = at + (k - n_checked) * words
            common = _common(bits, own, other, words)
            if common == support:
                extensions[n_extensions] = members[begin + k]
                n_extensions += 1
            elif common >= min_count:
                members[middle + n] = members[begin + k]
                supports[middle + n] = common
                keys[n] = other
                n += 1
        n_written, is_maximal = n_extensions, n == 0 and target == 2
        together = _all_together(bits, own, keys, n, to, words) if target == 2 and n > 1 else 0
        if together >= min_count:
            # All that is below here is part of one set.
            own, support, is_maximal = to, together, True
            for k in range(n):
                extensions[n_written] = members[middle + k]
                n_written += 1
            n = 0
        if is_maximal:
            k = 0
            while k < j and is_maximal:
                other = members[begin + k] if k < n_checked else at + (k - n_checked) * words
                is_maximal = _common(bits, own, other, words) < min_count
                k += 1
            spent += k * (2 + words // 4)
        if target == 2 and n == 0 and not is_maximal:
            j += 1
            continue
        if target > 0 and n_extensions >= max_length - depth - 1:
            n = 0  # whatever is longer is not asked for
        checked = 0
        if n > 0:
            spent += (n + j) * (1 + words // 4)
            for k in range(j if target > 0 else 0):
                other = members[begin + k] if k < n_checked else at + (k - n_checked) * words
                common = _common(bits, own, other, words)
                if common >= min_count:
                    checked += 1
                    members[middle - checked] = other
                    supports[middle - checked] = common
            if n > 1 or checked > 0:
                for k in range(n):
                    _intersect(bits, own, keys[k], to + k * words, words)
        if target == 0 and n_extensions == 0:
            # The common case of _emit.
            if written == len(out_parent):
                state[2] = 1
                status = 2
                break
            node = first + written
            out_parent[written] = parent
            out_item[written] = members[begin + j]
            out_support[written] = support
            written += 1
            state[4] += 1
        else:
            state[1] = written
            node = _emit(
                *(parent, members[begin + j], support, n_before, n_written, extensions, max_length - depth - 1),
                *(target, is_maximal, state, first, out),
            )
            written = state[1]
            if node < 0:
                status = 2
                break
        j += 1
        if n > 0:
            frames[d, 2] = j
            _push(frames, d, node, middle - checked, n + checked, checked, n_extensions, to, words, 0)
            d += 1
            begin, m, j, n_checked, parent, depth, n_before, at, words = _frame(frames, d)
    if status != 0:
        frames[d, 2] = j
    state[0], state[1], state[3] = d, written, spent
    return status


@njit(cache=True, nogil=True)
def search(rows, occurrences, min_count, max_length, target, budget, first, out, state, work):
    """Search until all is found (0), a budget of work is spent (1), or there is no room for nodes (2) or frames (3).

    ``state`` then says what is lacking; called again, the search goes on. ``first`` is the number of the first node
    that is written to ``out``, three arrays: parent, item and support of each.
    """
    frames = work[0]
    while True:
        if state[3] >= budget:
            return 1
        d = state[0]
        if frames[d, 2] == frames[d, 1]:
            if d == 0:
                return 0
            _close(work, state)
            continue
        if d + 1 == len(frames):
            return 3
        if frames[d, 8] > 0:
            status = _search_columns(min_count, max_length, target, budget, first, out, state, work)
        else:
            status = _step_by_positions(rows, occurrences, min_count, max_length, target, first, out, state, work)
        if status != 0:
            return status
