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
    """Keys of a known n-gram of ``order`` units (by the node that ends at each unit) and the units after it."""
    step = np.uint64(bits)
    n = 0
    for i in range(len(ids) - 1):
        if nodes[i] < first_node or ids[i + 1] == 0:
            continue
        key = np.uint64(nodes[i] - first_node + 1)
        j = i + 1
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
def first_children(parent, starts, first):
    """``first[x]``: where the children of node x begin; those of x + 1 begin where they end."""
    n = len(parent)
    x = 0
    for child in range(starts[1], n):
        while x <= parent[child]:
            first[x] = child
            x += 1
    while x <= n:
        first[x] = n
        x += 1


@njit(cache=True, nogil=True)
def find_child(unit, first, node, wanted):
    """The child of ``node`` that is reached by a unit, or −1."""
    low, end = first[node], first[node + 1]
    high = end
    while low < high:
        middle = (low + high) >> 1
        if unit[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    if low < end and unit[low] == wanted:
        return low
    return -1


@njit(cache=True, nogil=True)
def suffixes(unit, parent, first, node_of_unit, starts, suffix):
    """``suffix[x]``: the node of the n-gram x without its first unit."""
    for x in range(starts[1]):
        suffix[x] = -1
    for x in range(starts[1], len(unit)):
        of_parent = suffix[parent[x]]
        if of_parent < 0:
            suffix[x] = node_of_unit[unit[x]]
        else:
            suffix[x] = find_child(unit, first, of_parent, unit[x])


@njit(cache=True, nogil=True)
def locate(ids, unit, first, suffix, node_of_unit, longest_start, nodes):
    """``nodes[i]``: the longest counted n-gram that ends at unit i, −1 at a break.

    Its suffixes, followed one after the other, are all the counted n-grams that end there. Nodes from
    ``longest_start`` on have no children and are left for their suffix first.
    """
    x = -1
    for i in range(len(ids)):
        if ids[i] == 0:
            x = -1
        elif x < 0:
            x = node_of_unit[ids[i]]
        else:
            if x >= longest_start:
                x = suffix[x]
            y = np.int64(-1)
            while x >= 0:
                y = find_child(unit, first, x, ids[i])
                if y >= 0:
                    break
                x = suffix[x]
            x = y if y >= 0 else node_of_unit[ids[i]]
        nodes[i] = x
