"""Items of transactions as numbers, from the bytes that marshal writes (version 2) of lists of int and str.

A list is ``[`` or ``(``, how many as four bytes, and its members; an int is ``i`` and four bytes, a str is ``u``, its
length as four bytes, and UTF-8.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _four(data, at):
    """Four bytes as a number from 0 on."""
    low = np.int64(data[at]) | np.int64(data[at + 1]) << 8
    return low | np.int64(data[at + 2]) << 16 | np.int64(data[at + 3]) << 24


@njit(cache=True, nogil=True)
def _opens_list(data, at):
    return data[at] == 0x5B or data[at] == 0x28


@njit(cache=True, nogil=True)
def _mix(hashed, four):
    # At most 31 bits times 31 bits, so that nothing overflows.
    product = ((hashed ^ four) & 0x7FFFFFFF) * 0x5F356495
    return (product ^ (product >> 29)) & 0x7FFFFFFF


@njit(cache=True, nogil=True)
def _hash(data, begin, end):
    """Hash some bytes, in 31 bits."""
    hashed = np.int64(end - begin)
    at = begin
    while at + 4 <= end:
        hashed = _mix(hashed, _four(data, at))
        at += 4
    while at < end:
        hashed = _mix(hashed, np.int64(data[at]))
        at += 1
    return hashed


@njit(cache=True, nogil=True)
def _same(data, at, distinct, begin, length):
    for i in range(length):
        if data[at + i] != distinct[begin + i]:
            return False
    return True


@njit(cache=True, nogil=True)
def _larger(table, keys, n):
    """A hash table four times as large, with the same entries."""
    table = np.full(4 * len(table), -1, np.int32)
    for number in range(n):
        slot = _mix(keys[number], keys[number] >> 31) & (len(table) - 1)
        while table[slot] >= 0:
            slot = (slot + 1) & (len(table) - 1)
        table[slot] = number
    return table


@njit(cache=True, nogil=True)
def number(data, sizes, codes, begins, keys, distinct):
    """Number the items of a list of lists by first appearance.

    Writes the size of each list, the number of each item, and the distinct items one after the other, item i from
    ``begins[i]`` to ``begins[i + 1]``. How many items and how many distinct ones there are; -1 where a member is
    neither int nor str.
    """
    total = n = 0
    begins[0] = 0
    table = np.full(1 << 12, -1, np.int32)
    at = 5
    for row in range(len(sizes)):
        if not _opens_list(data, at):
            return -1, 0
        size = _four(data, at + 1)
        sizes[row] = size
        at += 5
        for _ in range(size):
            # The key of an int is the whole of it.
            is_int = data[at] == 0x69
            if is_int:
                length = np.int64(5)
                key = _four(data, at + 1) | (1 << 32)
            elif data[at] == 0x75:
                length = 5 + _four(data, at + 1)
                key = _hash(data, at + 1, at + length)
            else:
                return -1, 0
            slot = _mix(key, key >> 31) & (len(table) - 1)
            known = np.int64(table[slot])
            while known >= 0:
                begin = begins[known]
                if keys[known] == key and (
                    is_int or (begins[known + 1] - begin == length and _same(data, at, distinct, begin, length))
                ):
                    break
                slot = (slot + 1) & (len(table) - 1)
                known = np.int64(table[slot])
            if known < 0:
                known = np.int64(n)
                table[slot] = n
                keys[n] = key
                for i in range(length):
                    distinct[begins[n] + i] = data[at + i]
                begins[n + 1] = begins[n] + length
                n += 1
                if 2 * n > len(table):
                    table = _larger(table, keys, n)
            codes[total] = known
            total += 1
            at += length
    return total, n


@njit(cache=True, nogil=True)
def first_of_row(codes, starts, seen, counts, kept):
    """Mark the first of equal items in each row, and count the rows of each item."""
    for row in range(len(starts) - 1):
        for i in range(starts[row], starts[row + 1]):
            code = codes[i]
            kept[i] = seen[code] != row
            if seen[code] != row:
                seen[code] = row
                counts[code] += 1
