"""Rules of a set: which of its items may stand on the right so that the left is rare enough.

Moving items from the left to the right lowers the confidence, so the search goes depth first over right sides and
turns back where one fails. An exclusive or of keys is the hash of a set, which leads to its node: every part of a
frequent set has one, and no two have the same hash.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _keys_of(node, parent, item, keys, found):
    """Write the keys of the items of a node, the last one first; how many there are."""
    n = 0
    node = np.int64(node)
    while node >= 0:
        found[n] = keys[item[node]]
        n += 1
        node = np.int64(parent[node])
    return n


@njit(cache=True, nogil=True)
def _find(hashed, hashes, table):
    """The node with a hash that some node has."""
    mask = len(table) - 1
    slot = (hashed ^ (hashed >> 31)) & mask
    while hashes[table[slot]] != hashed:
        slot = (slot + 1) & mask
    return table[slot]


@njit(cache=True, nogil=True)
def _rules_of(node, rarest, longest, tree, work, out, at):
    """Write the rules of one set from ``at`` on; where they end, or -1 where there is no room."""
    parent, item, count, keys, hashes, table = tree
    own_keys, chosen, right_hash = work
    whole, left_out, right_out = out
    n = _keys_of(node, parent, item, keys, own_keys)
    depth = 0
    chosen[0] = -1
    right_hash[0] = 0
    while depth >= 0:
        # The item on the right at this depth gives way to the next one.
        chosen[depth] += 1
        if chosen[depth] == n:
            depth -= 1
            continue
        hashed = right_hash[depth] ^ own_keys[chosen[depth]]
        left = _find(hashes[node] ^ hashed, hashes, table)
        if count[left] > rarest:
            continue
        if at == len(whole):
            return -1
        whole[at] = node
        left_out[at] = left
        right_out[at] = _find(hashed, hashes, table)
        at += 1
        if depth + 1 < longest and depth + 2 < n:
            chosen[depth + 1] = chosen[depth]
            right_hash[depth + 1] = hashed
            depth += 1
    return at


@njit(cache=True, nogil=True)
def find_rules(nodes, rarest, longest, tree, work, out, state):
    """Write the rules of some nodes: the nodes of whole, left and right side.

    ``rarest[i]`` is the largest count that the left side of a rule of node i may have. ``state``: 0 the next node,
    1 how many rules there are. False where there is no room for all rules of the next node.
    """
    at = state[1]
    for i in range(state[0], len(nodes)):
        at = _rules_of(nodes[i], rarest[i], longest, tree, work, out, at)
        if at < 0:
            state[0] = i
            return False
        state[1] = at
    state[0] = len(nodes)
    return True


@njit(cache=True, nogil=True)
def _digit(key, place):
    """Eleven bits of a key; those at the top with the sign, from 0 on."""
    return (key >> 11 * place) & 2047 if place < 5 else (key >> 55) + 256


@njit(cache=True, nogil=True)
def sort_by_keys(keys, order, other_keys, other_order):
    """Sort keys by radix, and an order with them; equals stay as they are.

    All arrays are overwritten; true where the result is in the other two.
    """
    begins = np.zeros((6, 2048), np.int64)
    for key in keys:
        for place in range(6):
            begins[place, _digit(key, place)] += 1
    moved = False
    for place in range(6):
        if np.max(begins[place]) == len(keys):
            continue
        end = 0
        for digit in range(2048):
            end += begins[place, digit]
            begins[place, digit] = end - begins[place, digit]
        for i in range(len(keys)):
            digit = _digit(keys[i], place)
            at = begins[place, digit]
            begins[place, digit] = at + 1
            other_keys[at] = keys[i]
            other_order[at] = order[i]
        keys, other_keys = other_keys, keys
        order, other_order = other_order, order
        moved = not moved
    return moved
