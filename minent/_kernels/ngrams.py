"""Exact n-gram counts from one sort: every shorter n-gram is a run of equal prefixes of the sorted keys.

A key packs a head (the first unit, or the number of an n-gram already counted) and the units after it, most
significant first, with zeros past the end of a clause.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def pack(ids, bits, digits, keys):
    """Keys of the ``digits`` units that start at each unit; returns how many."""
    shift = np.uint64((digits - 1) * bits)
    step = np.uint64(bits)
    key = np.uint64(0)
    n = 0
    for i in range(len(ids) - 1, -1, -1):
        if ids[i] == 0:
            key = np.uint64(0)
        else:
            key = (np.uint64(ids[i]) << shift) | (key >> step)
            keys[n] = key
            n += 1
    return n


@njit(cache=True, nogil=True)
def pack_after(ids, nodes, first_node, order, bits, digits, keys):
    """Keys of the counted n-gram of ``order`` units that begins at each unit, and of the units after it."""
    step = np.uint64(bits)
    n = 0
    for i in range(len(ids) - order):
        if nodes[i] < 0 or ids[i + order] == 0:
            continue
        key = np.uint64(nodes[i] - first_node + 1)
        j = i + order
        for _ in range(digits):
            key <<= step
            if j < len(ids) and ids[j] != 0:
                key |= np.uint64(ids[j])
                j += 1
        keys[n] = key
        n += 1
    return n


@njit(cache=True, nogil=True)
def _shared_digits(a, b, bits, digits):
    """How many leading digits (head included) two keys share."""
    differing = a ^ b
    shared = digits
    while differing != np.uint64(0):
        differing >>= np.uint64(bits)
        shared -= 1
    return shared


@njit(cache=True, nogil=True)
def count_runs(keys, bits, digits, min_count, kept):
    """Add to ``kept[d]`` the prefixes of d + 1 digits that occur at least ``min_count`` times."""
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    begin = np.zeros(digits, np.int64)
    for i in range(1, len(keys) + 1):
        if i < len(keys):
            if keys[i] == keys[i - 1]:
                continue
            shared = max(0, _shared_digits(keys[i - 1], keys[i], bits, digits))
        else:
            shared = 0
        for d in range(digits - 1, shared - 1, -1):
            rest = keys[i - 1] >> np.uint64((digits - 1 - d) * bits)
            if i - begin[d] >= min_count and (d == 0 or rest & mask != np.uint64(0)):
                kept[d] += 1
            begin[d] = i


@njit(cache=True, nogil=True)
def fill_runs(keys, bits, digits, min_count, head_parent, at, unit, parent, count):
    """Write the prefixes that :func:`count_runs` counted as nodes, from ``at[d]`` on.

    With ``head_parent`` ≥ 0 the head is no new node: it stands for node ``head_parent + head - 1``.
    """
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    begin = np.zeros(digits, np.int64)
    for i in range(1, len(keys) + 1):
        if i < len(keys):
            if keys[i] == keys[i - 1]:
                continue
            shared = max(0, _shared_digits(keys[i - 1], keys[i], bits, digits))
        else:
            shared = 0
        key = keys[i - 1]
        head = key >> np.uint64((digits - 1) * bits)
        for d in range(digits - 1, shared - 1, -1):
            rest = (key >> np.uint64((digits - 1 - d) * bits)) & mask
            size = i - begin[d]
            begin[d] = i
            if size < min_count:
                continue
            if d == 0:
                if head_parent < 0:
                    unit[at[0]] = np.int32(head)
                    parent[at[0]] = -1
                    count[at[0]] = size
                    at[0] += 1
            elif rest != np.uint64(0):
                unit[at[d]] = np.int32(rest)
                # The prefix closes after its extensions, so its node is the next one of its order.
                if d == 1 and head_parent >= 0:
                    parent[at[d]] = head_parent + np.int64(head) - 1
                else:
                    parent[at[d]] = at[d - 1]
                count[at[d]] = size
                at[d] += 1


@njit(cache=True, nogil=True)
def _slot(node, unit, mask):
    h = np.int64(node) * 0x9E3779B1 ^ np.int64(unit) * 0x7FEB352D
    return (h ^ (h >> 29)) & mask


@njit(cache=True, nogil=True)
def index_children(parent, unit, begin, table):
    """Enter the nodes from ``begin`` on into a hash table of rows (parent, last unit, node); −1: empty."""
    mask = len(table) - 1
    for x in range(begin, len(parent)):
        slot = _slot(parent[x], unit[x], mask)
        while table[slot, 2] >= 0:
            slot = (slot + 1) & mask
        table[slot, 0] = parent[x]
        table[slot, 1] = unit[x]
        table[slot, 2] = x


@njit(cache=True, nogil=True)
def find_child(table, node, unit):
    """The child of ``node`` that is reached by a unit, or −1."""
    mask = len(table) - 1
    slot = _slot(node, unit, mask)
    while table[slot, 2] >= 0:
        if table[slot, 0] == node and table[slot, 1] == unit:
            return table[slot, 2]
        slot = (slot + 1) & mask
    return np.int32(-1)


@njit(cache=True, nogil=True)
def suffixes(table, parent, unit, node_of_unit, n_units, suffix):
    """``suffix[x]``: the node of the n-gram x without its first unit."""
    for x in range(n_units):
        suffix[x] = -1
    for x in range(n_units, len(unit)):
        of_parent = suffix[parent[x]]
        if of_parent < 0:
            suffix[x] = node_of_unit[unit[x]]
        else:
            suffix[x] = find_child(table, of_parent, unit[x])


@njit(cache=True, nogil=True)
def advance(ids, table, order, steps, nodes):
    """Lead ``nodes[i]``, the n-gram of ``order`` units that begins at unit i, ``steps`` units on; −1: none."""
    for i in range(len(ids)):
        x = nodes[i]
        for j in range(i + order, i + order + steps):
            if x < 0:
                break
            x = find_child(table, x, ids[j]) if j < len(ids) and ids[j] != 0 else np.int32(-1)
        nodes[i] = x


@njit(cache=True, nogil=True)
def walk(ids, table, node_of_unit, nodes):
    """``nodes[i, n - 1]``: the counted n-gram of order n that begins at unit i, or −1."""
    longest = nodes.shape[1]
    for i in range(len(ids)):
        x = node_of_unit[ids[i]] if ids[i] != 0 else np.int32(-1)
        nodes[i, 0] = x
        for n in range(1, longest):
            j = i + n
            if x >= 0:
                x = find_child(table, x, ids[j]) if j < len(ids) and ids[j] != 0 else np.int32(-1)
            nodes[i, n] = x
