"""Sets as paths in a prefix tree: their lengths, their items, and a hash table to find them by.

An item below 0 is marked: it stands for -1 - item.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _plain(item):
    return item if item >= 0 else -1 - item


@njit(cache=True, nogil=True)
def measure(parent, lengths):
    """Lengths of the paths; a parent stands before its children."""
    for node in range(len(parent)):
        lengths[node] = lengths[parent[node]] + 1 if parent[node] >= 0 else 1


@njit(cache=True, nogil=True)
def sort_sets(chosen, lengths, count, length_at, count_at, between, nodes):
    """Sort the chosen nodes: the most frequent first, of equals the shorter, of equals the later node."""
    for node in range(len(chosen)):
        if chosen[node]:
            length_at[lengths[node] + 1] += 1
            count_at[count[node]] += 1
    for length in range(1, len(length_at)):
        length_at[length] += length_at[length - 1]
    for times in range(len(count_at) - 2, -1, -1):
        count_at[times] += count_at[times + 1]
    for node in range(len(chosen) - 1, -1, -1):
        if chosen[node]:
            between[length_at[lengths[node]]] = node
            length_at[lengths[node]] += 1
    for node in between:
        # count_at[c + 1]: how many are more frequent than c, and how many of c itself are placed.
        nodes[count_at[count[node] + 1]] = node
        count_at[count[node] + 1] += 1


@njit(cache=True, nogil=True)
def spell(nodes, parent, item, ends, numbers):
    """Write the items of some nodes, ascending, each up to its end."""
    begin = 0
    for i in range(len(nodes)):
        at = begin
        node = np.int64(nodes[i])
        while node >= 0:
            x = _plain(item[node])
            j = at
            while j > begin and numbers[j - 1] > x:
                numbers[j] = numbers[j - 1]
                j -= 1
            numbers[j] = x
            at += 1
            node = np.int64(parent[node])
        begin = ends[i]


@njit(cache=True, nogil=True)
def hash_sets(parent, item, keys, hashes):
    """The exclusive or of the keys of the items of each node."""
    for node in range(len(parent)):
        above = hashes[parent[node]] if parent[node] >= 0 else np.int64(0)
        hashes[node] = above ^ keys[_plain(item[node])]


@njit(cache=True, nogil=True)
def _slot(hashed, mask):
    return (hashed ^ (hashed >> 31)) & mask


@njit(cache=True, nogil=True)
def enter(hashes, item, only_marked, table):
    """Enter nodes into an empty table (-1), whose size is a power of two; false where two have the same hash."""
    mask = len(table) - 1
    for node in range(len(hashes)):
        if only_marked and item[node] >= 0:
            continue
        slot = _slot(hashes[node], mask)
        while table[slot] >= 0:
            if hashes[table[slot]] == hashes[node]:
                return False
            slot = (slot + 1) & mask
        table[slot] = node
    return True


@njit(cache=True, nogil=True)
def _holds(node, parent, item, numbers):
    """Whether the items of a node are these numbers."""
    n = 0
    node = np.int64(node)
    while node >= 0:
        x = _plain(item[node])
        known = False
        for number in numbers:
            known = known or number == x
        if not known:
            return False
        n += 1
        node = np.int64(parent[node])
    return n == len(numbers)


@njit(cache=True, nogil=True)
def find(numbers, parent, item, keys, hashes, table):
    """The node of a set of distinct numbers, or -1."""
    hashed = np.int64(0)
    for number in numbers:
        hashed ^= keys[number]
    mask = len(table) - 1
    slot = _slot(hashed, mask)
    while table[slot] >= 0:
        node = table[slot]
        if hashes[node] == hashed and _holds(node, parent, item, numbers):
            return np.int64(node)
        slot = (slot + 1) & mask
    return np.int64(-1)
