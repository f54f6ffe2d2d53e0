"""Rules of a set: which of its items may stand on the right so that the left is rare enough.

Moving items from the left to the right lowers the confidence, so the search goes depth first over right sides and
turns back where one fails. An exclusive or of keys is the hash of a set, which leads to its node.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _path(node, parent, item, numbers):
    """Write the items of a node, the last one first; how many there are."""
    n = 0
    node = np.int64(node)
    while node >= 0:
        numbers[n] = item[node]
        n += 1
        node = np.int64(parent[node])
    return n


@njit(cache=True, nogil=True)
def _find(hashed, side, wanted, n, parent, item, hashes, table):
    """The node of the n items whose side is the wanted one."""
    mask = len(table) - 1
    slot = (hashed ^ (hashed >> 31)) & mask
    while table[slot] >= 0:
        node = np.int64(table[slot])
        if hashes[node] == hashed:
            length = 0
            at = node
            while at >= 0 and side[item[at]] == wanted:
                length += 1
                at = np.int64(parent[at])
            if at < 0 and length == n:
                return node
        slot = (slot + 1) & mask
    return np.int64(-1)


@njit(cache=True, nogil=True)
def _rules_of(node, rarest, longest, tree, work, out, at):
    """Write the rules of one set from ``at`` on; where they end, or -1 where there is no room."""
    parent, item, count, hashes, keys, table = tree
    numbers, side, chosen, right_hash = work
    whole, left_out, right_out = out
    n = _path(node, parent, item, numbers)
    for i in range(n):
        side[numbers[i]] = 1
    depth = 0
    chosen[0] = -1
    right_hash[0] = 0
    while depth >= 0:
        # The item on the right at this depth gives way to the next one.
        if chosen[depth] > (chosen[depth - 1] if depth > 0 else -1):
            side[numbers[chosen[depth]]] = 1
        chosen[depth] += 1
        if chosen[depth] == n or at < 0:
            depth -= 1
            continue
        x = numbers[chosen[depth]]
        side[x] = 2
        hashed = right_hash[depth] ^ keys[x]
        left = _find(hashes[node] ^ hashed, side, 1, n - depth - 1, parent, item, hashes, table)
        if count[left] > rarest:
            continue
        if at == len(whole):
            at = -1
            continue
        whole[at] = node
        left_out[at] = left
        right_out[at] = _find(hashed, side, 2, depth + 1, parent, item, hashes, table)
        at += 1
        if depth + 1 < longest and depth + 2 < n:
            chosen[depth + 1] = chosen[depth]
            right_hash[depth + 1] = hashed
            depth += 1
    for i in range(n):
        side[numbers[i]] = 0
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
def sort_digit(keys, shift, order, sorted_order):
    """Sort an order by eleven bits of its keys, the highest being the sign; false where that changes nothing."""
    mask, flip = (511, 256) if shift == 55 else (2047, 0)
    ends = np.zeros(2049, np.int64)
    for key in keys:
        ends[(((key >> shift) & mask) ^ flip) + 1] += 1
    if np.max(ends) == len(keys):
        return False
    for digit in range(1, 2049):
        ends[digit] += ends[digit - 1]
    for i in order:
        digit = ((keys[i] >> shift) & mask) ^ flip
        sorted_order[ends[digit]] = i
        ends[digit] += 1
    return True
