"""Transactions as rows of ranked items, and where each item stands in them."""

from numba import njit


@njit(cache=True, nogil=True)
def transpose(codes, starts, rank, cursor, row_of):
    """Rows of each ranked item, ascending; ``cursor[r]``: where those of rank r begin, and afterwards end."""
    for row in range(len(starts) - 1):
        for i in range(starts[row], starts[row + 1]):
            r = rank[codes[i]]
            if r >= 0:
                row_of[cursor[r]] = row
                cursor[r] += 1


@njit(cache=True, nogil=True)
def lay_rows(row_of, starts, cursor, rows, positions):
    """Write each item, in the order of ranks, into its rows; ``positions``: where it went."""
    for r in range(len(starts) - 1):
        for i in range(starts[r], starts[r + 1]):
            at = cursor[row_of[i]]
            rows[at] = r
            positions[i] = at
            cursor[row_of[i]] = at + 1
