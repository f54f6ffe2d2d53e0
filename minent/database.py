"""The database that a search walks: transactions as rows of ranked items."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minent._kernels import database as kernels
from minent.transactions import Transactions

__all__ = ["Database", "arrange"]


@dataclass(frozen=True, eq=False)
class Database:
    """Transactions as rows of the ranks of frequent items, ascending by support; −1 between rows and at both ends.

    ``positions[starts[r]:starts[r + 1]]`` is where the item of rank r stands in the rows.
    """

    labels: tuple[Hashable, ...]
    rows: NDArray[np.int32]
    positions: NDArray[np.int32]
    starts: NDArray[np.int64]


def arrange(transactions: Transactions, min_count: int) -> Database:
    """The database of the items that enough transactions hold."""
    counts, starts = transactions.counts, transactions.starts
    order = np.lexsort((-np.arange(len(counts)), counts))  # of equals the first is last, as if more frequent
    order = order[counts[order] >= min_count]
    rank = np.full(len(counts), -1, np.int32)
    rank[order] = np.arange(len(order))
    item_starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts[order])])
    row_of = np.empty(item_starts[-1], np.int32)
    kernels.transpose(transactions.codes, starts, rank, item_starts.copy(), row_of)
    sizes = np.bincount(row_of, minlength=len(transactions)) + 1
    cursor = np.cumsum(sizes) - sizes + 1
    rows = np.full(int(sizes.sum()) + 1, -1, np.int32)
    positions = np.empty(len(row_of), np.int32)
    kernels.lay_rows(row_of, item_starts, cursor, rows, positions)
    labels = tuple(map(transactions.items.__getitem__, order[::-1].tolist()))
    return Database(labels, rows, positions, item_starts)
