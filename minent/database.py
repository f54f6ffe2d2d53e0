"""The database that a search walks: transactions as rows of ranked items."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minent._kernels import database as kernels
from minent._threads import in_order
from minent.errors import LimitError
from minent.transactions import Transactions

__all__ = ["Database", "arrange"]

_MOST = 2**31 - 2  # places in the rows


@dataclass(frozen=True, eq=False)
class Database:
    """Transactions as rows of the ranks of frequent items, ascending by support; −1 between rows and at both ends.

    ``positions[starts[r]:starts[r + 1]]`` is where the item of rank r stands in the rows.
    """

    labels: tuple[Hashable, ...]
    rows: NDArray[np.int32]
    positions: NDArray[np.int32]
    starts: NDArray[np.int64]


def arrange(transactions: Transactions, min_count: int, threads: int = 1) -> Database:
    """The database of the items that enough transactions hold; each thread takes as many transactions."""
    counts = transactions.counts
    order = np.lexsort((-np.arange(len(counts)), counts))  # of equals the first is last, as if more frequent
    order = order[counts[order] >= min_count]
    rank = np.full(len(counts), -1, np.int32)
    rank[order] = np.arange(len(order))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts[order])])
    if starts[-1] + len(transactions) > _MOST:
        raise LimitError(f"more than {_MOST:,} items in all transactions; ask for more support, or take a part")
    row_of, positions = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
    parts = _part(transactions, order, starts[:-1], threads)
    codes, bounds = transactions.codes, transactions.starts

    def transpose(part: _Part) -> None:
        kernels.transpose(codes, bounds, part.first, part.last, rank, part.begins.copy(), row_of)

    collections.deque(in_order(transpose, parts, threads), 0)
    sizes = np.bincount(row_of, minlength=len(transactions)) + 1
    cursor = np.cumsum(sizes) - sizes + 1
    rows = np.full(int(sizes.sum()) + 1, -1, np.int32)

    def lay(part: _Part) -> None:
        kernels.lay_rows(row_of, part.begins, part.ends, cursor, rows, positions)

    collections.deque(in_order(lay, parts, threads), 0)
    labels = tuple(map(transactions.items.__getitem__, order[::-1].tolist()))
    return Database(labels, rows, positions, starts)


@dataclass(frozen=True, eq=False)
class _Part:
    """Some neighbouring transactions, and where among those of each ranked item they begin and end."""

    first: int
    last: int
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]


def _part(transactions: Transactions, order: NDArray[np.int64], begins: NDArray[np.int64], n: int) -> list[_Part]:
    """The transactions in n parts."""
    parts = []
    for first, last in itertools.pairwise(np.linspace(0, len(transactions), n + 1).astype(int).tolist()):
        codes = transactions.codes[transactions.starts[first] : transactions.starts[last]]
        ends = begins + np.bincount(codes, minlength=len(transactions.counts))[order]
        parts.append(_Part(first, last, begins, ends))
        begins = ends
    return parts
