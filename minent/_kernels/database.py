"""Transactions as rows of ranked items, and where each item stands in them."""

from numba import njit


@njit(cache=True, nogil=True)
def transpose(codes, starts, first, last, rank, cursor, row_of):
    """Some rows of each ranked item, ascending; ``cursor[r]``: where those of rank r begin, and afterwards end."""
    for row in range(first, last):
        for i in range(starts[row], starts[row + 1]):
            r = rank[codes[i]]
            if r >= 0:
                row_of[cursor[r]] = row
                cursor[r] += 1


@njit(cache=True, nogil=True)
def lay_rows(row_of, begins, ends, cursor, rows, positions):
    """Write each item, in the order of ranks, into some of its rows; ``positions``: where it went."""
    for r in range(len(begins)):
        for i in range(begins[r], ends[r]):
            at = cursor[row_of[i]]
            rows[at] = r
            positions[i] = at
            cursor[row_of[i]] = at + 1
