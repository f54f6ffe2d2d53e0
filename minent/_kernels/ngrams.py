"""Exact n-gram counts from one sort: every shorter n-gram is a run of equal prefixes of the sorted keys.

A key packs a head (the first unit, or the number of an n-gram already counted) and the ``digits`` units after it,
most significant first, into the 63 bits of a positive int64, with zeros past the end of a clause.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def rolling_keys(window, number, bits, digits, keys):
    """``keys[i]``: the numbers of the ``digits`` units from i on; 0 where a clause ends."""
    shift = (digits - 1) * bits
    key = np.int64(0)
    for i in range(len(window) - 1, -1, -1):
        unit = np.int64(number[window[i]])
        key = (unit << shift) | (key >> bits) if unit != 0 else np.int64(0)
        keys[i] = key


@njit(cache=True, nogil=True)
def keep_whole(rolling, n, out):
    """The keys of the first n positions that begin at a unit; returns how many."""
    size = 0
    for i in range(n):
        if rolling[i] != 0:
            out[size] = rolling[i]
            size += 1
    return size


@njit(cache=True, nogil=True)
def index_keys(keys, table):
    """Enter the keys of n-grams, none of them 0, into a hash table of rows (key, index)."""
    mask = len(table) - 1
    for x in range(len(keys)):
        slot = _key_slot(keys[x], mask)
        while table[slot, 0] != 0:
            slot = (slot + 1) & mask
        table[slot, 0] = keys[x]
        table[slot, 1] = x


@njit(cache=True, nogil=True)
def _key_slot(key, mask):
    h = (key & 0x7FFFFFFF) * 0x2545F491 ^ (key >> 31) * 0x1B873593
    return (h ^ (h >> 31)) & mask


@njit(cache=True, nogil=True)
def extension_keys(window, number, rolling, n, bits, known_digits, table, children, first, order, digits, out):
    """Keys of the counted n-gram of ``order`` units that begins at each position, and of the units after it.

    ``table`` leads from a rolling key to an n-gram of ``known_digits`` units, ``children`` from there on; ``first``
    has the first node of ``known_digits`` and of ``order`` units. Returns how many keys were written.
    """
    size = 0
    last_digit = (np.int64(1) << bits) - 1
    mask = len(table) - 1
    for i in range(n):
        if rolling[i] & last_digit == 0:
            continue
        slot = _key_slot(rolling[i], mask)
        while table[slot, 0] != 0 and table[slot, 0] != rolling[i]:
            slot = (slot + 1) & mask
        if table[slot, 0] == 0:
            continue
        x = table[slot, 1] + first[0]
        for j in range(i + known_digits, i + order):
            if x >= 0:
                unit = number[window[j]] if j < len(window) else 0
                x = np.int64(find_child(children, x, unit)) if unit != 0 else np.int64(-1)
        if x < 0:
            continue
        rest = rolling[i + order] >> ((known_digits - digits) * bits) if i + order < len(window) else np.int64(0)
        out[size] = ((x - first[1] + 1) << (digits * bits)) | rest
        size += 1
    return size


@njit(cache=True, nogil=True)
def partition(keys, bits, digits, first, weight, position, log_size, bucket, bounds, out):
    """Copy keys to ``out`` bucket by bucket; bucket b lies between ``bounds[b]`` and ``bounds[b + 1]``.

    A greater key never gets a lower bucket. ``first[h]`` is the first bucket of the keys with head h, of which there
    are ``weight[h]``; those of a head that has several are spread by their next unit, ``position[u]`` being the share
    of units below u, in 65,536ths. ``bounds`` has one entry more than there are buckets and starts as zeros.
    """
    mask = (np.int64(1) << bits) - 1
    for i in range(len(keys)):
        head = keys[i] >> (digits * bits)
        b = first[head]
        if first[head + 1] > b + 1:
            next_unit = (keys[i] >> ((digits - 1) * bits)) & mask
            b += (position[next_unit] * weight[head]) >> (16 + log_size)
        bucket[i] = b
        bounds[b + 1] += 1
    for b in range(1, len(bounds)):
        bounds[b] += bounds[b - 1]
    at = bounds.copy()
    for i in range(len(keys)):
        b = bucket[i]
        out[at[b]] = keys[i]
        at[b] += 1


@njit(cache=True, nogil=True)
def sort(keys, spare):
    """Sort keys by their digits of 11 bits, the least significant first; True if the result lies in ``spare``.

    Faster than a sort by comparison as long as both arrays fit into the cache, on whatever processor.
    """
    different = np.int64(0)
    for i in range(1, len(keys)):
        different |= keys[i] ^ keys[0]
    at = np.empty(1 << 11, np.int64)
    source, target = keys, spare
    flipped = False
    shift = 0
    while different >> shift != 0:
        at[:] = 0
        for i in range(len(source)):
            at[(source[i] >> shift) & 2047] += 1
        begin = 0
        for digit in range(len(at)):
            begin, at[digit] = begin + at[digit], begin
        for i in range(len(source)):
            digit = (source[i] >> shift) & 2047
            target[at[digit]] = source[i]
            at[digit] += 1
        source, target = target, source
        flipped = not flipped
        shift += 11
    return flipped


@njit(cache=True, nogil=True)
def runs(keys, counts):
    """Move the distinct ones of some sorted keys to the front, with their counts; returns how many."""
    n = 0
    begin = 0
    for i in range(1, len(keys) + 1):
        if i == len(keys) or keys[i] != keys[begin]:
            keys[n] = keys[begin]
            counts[n] = i - begin
            n += 1
            begin = i
    return n


@njit(cache=True, nogil=True)
def merge(keys_a, counts_a, keys_b, counts_b, keys, counts):
    """Merge two lists of distinct sorted keys, adding counts; returns how many."""
    i = j = n = 0
    while i < len(keys_a) or j < len(keys_b):
        if j == len(keys_b) or (i < len(keys_a) and keys_a[i] < keys_b[j]):
            keys[n] = keys_a[i]
            counts[n] = counts_a[i]
            i += 1
        elif i == len(keys_a) or keys_b[j] < keys_a[i]:
            keys[n] = keys_b[j]
            counts[n] = counts_b[j]
            j += 1
        else:
            keys[n] = keys_a[i]
            counts[n] = counts_a[i] + counts_b[j]
            i += 1
            j += 1
        n += 1
    return n


@njit(cache=True, nogil=True)
def grow(keys, counts, bits, digits, min_count, information, sizes, head, head_spread, unit, parent, count, spread):
    """The n-grams that occur at least ``min_count`` times, as nodes of a prefix tree, from distinct sorted keys.

    Row d − 1 of ``unit``, ``parent``, ``count``, ``spread`` is for n-grams of the head and d units more; ``sizes[d]``
    is how many there are, ``sizes[0]`` the number of heads met. The parent is an index into the row above, or the
    head itself. The spread of an n-gram is Σ c ln c over the units that follow it, in 2⁻²⁴ nats so that sums are
    exact; ``information[c]`` holds c ln c for small c. The n-grams of the last row have no spread yet.
    """
    mask = (np.int64(1) << bits) - 1
    begin = np.zeros(digits + 1, np.int64)
    inside = np.zeros(digits + 1, np.int64)
    sizes[:] = 0
    done = 0
    for i in range(len(keys)):
        done += counts[i]
        shared = 0
        if i + 1 < len(keys):
            shared = digits + 1
            differing = keys[i] ^ keys[i + 1]
            while differing != 0:
                differing >>= bits
                shared -= 1
            shared = max(shared, 0)
        for d in range(digits, shared - 1, -1):
            size = done - begin[d]
            begin[d] = done
            if d == 0:
                head[sizes[0]] = keys[i] >> (digits * bits)
                head_spread[sizes[0]] = inside[0]
                sizes[0] += 1
            else:
                last = (keys[i] >> ((digits - d) * bits)) & mask
                if last != 0:
                    if size < len(information):
                        inside[d - 1] += information[size]
                    else:
                        inside[d - 1] += np.int64(np.rint(size * np.log(size) * 16777216.0))
                    if size >= min_count:
                        at = sizes[d]
                        unit[d - 1, at] = last
                        # A prefix closes after what extends it, so its index is the next one of its row.
                        parent[d - 1, at] = sizes[d - 1] if d > 1 else keys[i] >> (digits * bits)
                        count[d - 1, at] = size
                        spread[d - 1, at] = inside[d]
                        sizes[d] += 1
            inside[d] = 0


@njit(cache=True, nogil=True)
def _slot(node, unit, mask):
    h = np.int64(node) * 0x9E3779B1 ^ np.int64(unit) * 0x7FEB352D
    return (h ^ (h >> 29)) & mask


@njit(cache=True, nogil=True)
def index_children(children, begin):
    """Enter the nodes from ``begin`` on into a hash table; ``children`` is it with the nodes' parents and last units.

    A slot holds a node, −1 where it is empty.
    """
    slots, parent, unit = children
    mask = len(slots) - 1
    for x in range(begin, len(parent)):
        slot = _slot(parent[x], unit[x], mask)
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        slots[slot] = x


@njit(cache=True, nogil=True)
def find_child(children, node, last):
    """The child of ``node`` that is reached by a unit, or −1."""
    slots, parent, unit = children
    mask = len(slots) - 1
    slot = _slot(node, last, mask)
    while slots[slot] >= 0:
        x = slots[slot]
        if parent[x] == node and unit[x] == last:
            return x
        slot = (slot + 1) & mask
    return np.int32(-1)


@njit(cache=True, nogil=True)
def suffixes(children, node_of_unit, n_units, suffix):
    """``suffix[x]``: the node of the n-gram x without its first unit."""
    _, parent, unit = children
    for x in range(n_units):
        suffix[x] = -1
    for x in range(n_units, len(unit)):
        of_parent = suffix[parent[x]]
        if of_parent < 0:
            suffix[x] = node_of_unit[unit[x]]
        else:
            suffix[x] = find_child(children, of_parent, unit[x])


@njit(cache=True, nogil=True)
def mirror(children, parent, unit, suffix, n_units, first_unit, reversed_node):
    """``reversed_node[x]``: node of the n-gram x, read backwards, in the tree of the reversed text.

    ``children`` is of that tree. ``first_unit`` is filled with the first unit of each n-gram.
    """
    for x in range(n_units):
        first_unit[x] = unit[x]
        reversed_node[x] = x
    for x in range(n_units, len(unit)):
        first_unit[x] = first_unit[parent[x]]
        reversed_node[x] = find_child(children, reversed_node[suffix[x]], first_unit[x])


@njit(cache=True, nogil=True)
def advance(ids, children, order, steps, nodes):
    """Lead ``nodes[i]``, the n-gram of ``order`` units that begins at unit i, ``steps`` units on; −1: none."""
    for i in range(len(ids)):
        x = nodes[i]
        for j in range(i + order, i + order + steps):
            if x < 0:
                break
            x = find_child(children, x, ids[j]) if j < len(ids) and ids[j] != 0 else np.int32(-1)
        nodes[i] = x


@njit(cache=True, nogil=True)
def walk(ids, children, node_of_unit, nodes):
    """``nodes[i, n - 1]``: the counted n-gram of order n that begins at unit i, or −1."""
    longest = nodes.shape[1]
    for i in range(len(ids)):
        x = node_of_unit[ids[i]] if ids[i] != 0 else np.int32(-1)
        nodes[i, 0] = x
        for n in range(1, longest):
            j = i + n
            if x >= 0:
                x = find_child(children, x, ids[j]) if j < len(ids) and ids[j] != 0 else np.int32(-1)
            nodes[i, n] = x
