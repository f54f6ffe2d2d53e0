"""Rows of a word, its count and its scores, to arrays."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def read_rows(codes, width, begins, ends, counts, scores):
    """Read lines of ``width`` fields with tabs between; returns how many, or −1 if one of them is not plain.

    Plain is a word without a backslash, a count from 1 on, and scores in decimals without an exponent; a number has at
    most 15 digits, so that one division makes the nearest float64 of it. The last code must be a line end.
    """
    n = len(codes)
    at = 0
    row = 0
    while at < n:
        begins[row] = at
        while codes[at] != 9 and codes[at] != 10 and codes[at] != 92:
            at += 1
        if codes[at] != 9 or at == begins[row]:
            return -1
        ends[row] = at
        for column in range(1, width):
            at += 1
            negative = column > 1 and codes[at] == 45
            if negative:
                at += 1
            digits = 0
            value = 0
            scale = 0
            while 48 <= codes[at] < 58 or (codes[at] == 46 and column > 1 and scale == 0):
                if codes[at] == 46:
                    scale = 1
                else:
                    value = value * 10 + np.int64(codes[at]) - 48
                    scale *= 10
                    digits += 1
                    if digits > 15:
                        return -1
                at += 1
            if digits == 0 or codes[at] != (10 if column == width - 1 else 9):
                return -1
            if column > 1:
                score = value / max(scale, 1)
                scores[column - 2, row] = -score if negative else score
            elif value > 0:
                counts[row] = value
            else:
                return -1
        row += 1
        at += 1
    return row


@njit(cache=True, nogil=True)
def hash_rows(codes, lengths, hashes):
    """A number below 2^43 for each row of codes, the rows one after the other; the same for the same."""
    at = 0
    for row in range(len(lengths)):
        h = np.int64(lengths[row])
        for k in range(at, at + lengths[row]):
            h = ((h ^ np.int64(codes[k])) * 1000003) & 0x7FFFFFFFFFF
            h ^= h >> 22
        hashes[row] = h
        at += lengths[row]
