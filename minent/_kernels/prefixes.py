"""What is looked up in a prefix tree of n-grams: each node has a parent, and the last unit of its n-gram."""

import numpy as np
from numba import njit


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
def _seek(units, begin, end, last):
    """Where a unit, or else the next greater one, lies among sorted ones."""
    step = 1
    while begin + step <= end and units[begin + step - 1] < last:
        begin += step
        step += step
    end = min(end, begin + step - 1)
    while begin < end:
        middle = (begin + end) >> 1
        if units[middle] < last:
            begin = middle + 1
        else:
            end = middle
    return begin


@njit(cache=True, nogil=True)
def add_neighbours(tree, node_of_unit, wide, n_units, min_count, information, place, right, left):
    """Add c ln c of each n-gram that occurs c times to what it is one unit longer than, in front and behind.

    ``wide`` has the last units, parents and counts of these n-grams, ``tree`` the last units of those of them that
    occur ``min_count`` times, and the first child of each. ``place`` is filled with where there an n-gram itself is,
    and where without its first unit, or −1. ``information[c]`` holds c ln c for small c in 2⁻²⁴ nats, so that sums are
    exact.
    """
    units, first = tree
    unit, parent, count = wide
    for x in range(n_units):
        place[x, 0] = x
        place[x, 1] = -1
    above = -1
    for x in range(n_units, len(unit)):
        last, c = unit[x], count[x]
        if parent[x] != above:
            above = parent[x]
            whole, rest = place[above, 0], place[above, 1]
            # Siblings come in the order of their units, so the search goes on from one to the next.
            of_whole, of_rest = first[whole], first[rest]
        gain = information[c] if c < len(information) else np.int64(np.rint(c * np.log(c) * 16777216.0))
        place[x, 0] = place[x, 1] = -1
        if whole >= 0:
            right[whole] += gain
            if c >= min_count:
                of_whole = _seek(units, of_whole, first[whole + 1], last)
                if of_whole < first[whole + 1] and units[of_whole] == last:
                    place[x, 0] = of_whole
        if above < n_units:
            place[x, 1] = node_of_unit[last]
        elif rest >= 0:
            of_rest = _seek(units, of_rest, first[rest + 1], last)
            if of_rest < first[rest + 1] and units[of_rest] == last:
                place[x, 1] = of_rest
        if place[x, 1] >= 0:
            left[place[x, 1]] += gain


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
