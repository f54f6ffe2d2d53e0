"""Exact n-gram counts from one sort: every shorter n-gram is a run of equal prefixes of the sorted keys.

A key stands for a head (the first unit, or the number of an n-gram already counted) and the ``digits`` units after it,
which are packed into an int64, most significant first, with zeros past the end of a clause. Keys are dealt out into
buckets by their heads, and in the bits that remain a key holds how far its head is from the first one of the bucket.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def unit_keys(window, n, number, bits, digits, plan, position, log_size, keys, bucket):
    """The keys of the units from each of the first n positions on, and their buckets; returns how many.

    ``plan`` is the first bucket of each head, the first head of each bucket, and the number of keys of that head if it
    has several buckets, else 0. Those keys are spread by their next unit, ``position[u]`` being the share of units
    below u, in 65,536ths. A greater key never gets a lower bucket.
    """
    first, base, several = plan
    shift = (digits - 1) * bits
    rest = np.int64(0)
    size = 0
    for i in range(len(window) - 1, -1, -1):
        head = np.int64(number[window[i]])
        if i < n:
            b = np.int64(first[head])
            keys[size] = ((head - base[b]) << (shift + bits)) | rest
            bucket[size] = b + ((position[rest >> shift] * several[b]) >> (16 + log_size))
            size += head != 0
        rest = (head << shift) | (rest >> bits) if head != 0 else np.int64(0)
    return size


@njit(cache=True, nogil=True)
def deal(keys, bucket, bounds, out):
    """Copy keys to ``out`` bucket by bucket; bucket b is to lie between ``bounds[b]`` and ``bounds[b + 1]``.

    ``bounds`` has one entry more than there are buckets and starts as zeros.
    """
    for i in range(len(keys)):
        bounds[bucket[i] + 1] += 1
    for b in range(1, len(bounds)):
        bounds[b] += bounds[b - 1]
    at = bounds.copy()
    for i in range(len(keys)):
        b = bucket[i]
        out[at[b]] = keys[i]
        at[b] += 1


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
def ngram_keys(
    window, n, number, bits, digits, plan, position, log_size, keys, bucket, rolling, known_digits, known, order
):
    """As ``unit_keys``, with the counted n-gram of ``order`` units that begins at each position as head.

    ``known`` is a table that leads from a rolling key to an n-gram of ``known_digits`` units, what leads from there on
    to its children, and the first node of ``known_digits`` and of ``order`` units.
    """
    first, base, several = plan
    table, children, first_node = known
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
        x = table[slot, 1] + first_node[0]
        for j in range(i + known_digits, i + order):
            if x >= 0:
                unit = number[window[j]] if j < len(window) else 0
                x = np.int64(find_child(children, x, unit)) if unit != 0 else np.int64(-1)
        if x < 0:
            continue
        rest = rolling[i + order] >> ((known_digits - digits) * bits) if i + order < len(window) else np.int64(0)
        head = x - first_node[1] + 1
        b = np.int64(first[head])
        keys[size] = ((head - base[b]) << (digits * bits)) | rest
        bucket[size] = b + ((position[rest >> ((digits - 1) * bits)] * several[b]) >> (16 + log_size))
        size += 1
    return size


@njit(cache=True, nogil=True)
def sort(keys, spare):
    """Sort keys by digits of at most 12 bits, the least significant first; True if the result lies in ``spare``.

    Faster than a sort by comparison as long as both arrays fit into the cache, on whatever processor.
    """
    different = np.int64(0)
    for i in range(1, len(keys)):
        different |= keys[i] ^ keys[0]
    bits = 0
    while different >> bits != 0:
        bits += 1
    passes = (bits + 11) // 12
    width = (bits + passes - 1) // max(1, passes)
    mask = (np.int64(1) << width) - 1
    at = np.zeros((passes, 1 << width), np.int32)
    for i in range(len(keys)):
        for k in range(passes):
            at[k, (keys[i] >> (k * width)) & mask] += 1
    source, target = keys, spare
    for k in range(passes):
        begins = at[k]
        begin = 0
        for digit in range(len(begins)):
            begin, begins[digit] = begin + begins[digit], begin
        for i in range(len(source)):
            digit = (source[i] >> (k * width)) & mask
            target[begins[digit]] = source[i]
            begins[digit] += 1
        source, target = target, source
    return passes % 2 == 1


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
def grow(
    keys, counts, base, bits, digits, kept, min_count, information, sizes, unit, parent, count, spread, head_spread
):
    """The n-grams that occur at least ``min_count`` times, as nodes of a prefix tree, from distinct sorted keys.

    ``base`` is the first head of the bucket. Row d of ``unit``, ``parent``, ``count``, ``spread`` is for n-grams of
    the head and d + 1 units more; ``sizes[d]`` is how many there are, and those of more than ``kept`` units are left
    out. The parent is an index into the row above, or the head itself.

    The spread of an n-gram is Σ c ln c over the units that follow it, in 2⁻²⁴ nats so that sums are exact;
    ``information[c]`` holds c ln c for small c, or nothing if no spread is wanted.
    """
    spreads = len(information) > 0
    mask = (np.int64(1) << bits) - 1
    begin = np.zeros(digits, np.int64)
    inside = np.zeros(digits + 1, np.int64)
    done = np.int64(0)
    for i in range(len(keys)):
        key = keys[i]
        done += counts[i]
        differing = key ^ keys[i + 1] if i + 1 < len(keys) else np.int64(-1)
        head = key >> (digits * bits)
        for d in range(digits - 1, -1, -1):
            shift = (digits - 1 - d) * bits
            closes = differing >> shift != 0
            last = (key >> shift) & mask
            size = done - begin[d]
            if d < kept:
                at = sizes[d]
                unit[d, at] = last
                # A prefix closes after what extends it, so its index is the next one of its row.
                parent[d, at] = sizes[d - 1] if d > 0 else base + head
                count[d, at] = size
                if spreads:
                    spread[d, at] = inside[d + 1]
                sizes[d] = at + (closes & (last != 0) & (size >= min_count))
            if spreads and closes:
                inside[d + 1] = 0
                if last != 0 and size < len(information):
                    inside[d] += information[size]
                elif last != 0:
                    inside[d] += np.int64(np.rint(size * np.log(size) * 16777216.0))
            begin[d] = done if closes else begin[d]
        if spreads and differing >> (digits * bits) != 0:
            head_spread[head] += inside[0]
            inside[0] = 0


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
