"""Frequent itemsets: all sets of items that enough transactions hold, or the closed or the maximal ones.

The name is that of the oldest algorithm for it. What runs is a search depth first, which is many times faster.
"""

from __future__ import annotations

import math
import mmap
import threading
import time
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent import _memory
from minent._kernels import apriori as kernels
from minent._progress import bar
from minent.errors import LimitError, ParameterError
from minent.itemsets import Itemsets
from minent.transactions import Transactions, TransactionsLike, as_transactions

__all__ = ["TARGETS", "frequent_itemsets"]

TARGETS = ("all", "closed", "maximal")

_DONE, _PAUSED, _NO_ROOM, _NO_FRAMES = range(4)
# Bytes a node: three columns of int32, and something for the parts that are being joined.
_NODE = 16
_MOST_NODES = (1 << 31) - 1
# Some tenths of a second: so that Ctrl-C is heard and the bar moves.
_BUDGET = 200_000_000
_CHUNK = 1 << 18
_TASKS = 64
# Seconds after which the other threads join in.
_PATIENCE = 0.05


def frequent_itemsets(
    transactions: TransactionsLike,
    min_support: float | Decimal | Fraction,
    *,
    min_length: int = 1,
    max_length: int | None = None,
    target: str = "all",
    max_itemsets: int | None = None,
    max_memory: int | None = None,
    threads: int = 1,
    progress: bool = False,
) -> Itemsets:
    """Find all sets of items that enough transactions hold. Exact.

    Parameters
    ----------
    transactions : Transactions, iterable of iterables, path, matrix or data frame
        See :class:`~minent.transactions.Transactions`; its class methods take more kinds of input.
    min_support : int or float
        A whole number is a count of transactions, any other a share of all (0 < share ≤ 1). A set is frequent if
        it has *at least* that; the smallest count is reckoned exactly, .07 being 7/100.
    min_length, max_length : int
        Fewest and most items of a set.
    target : {"all", "closed", "maximal"}
        All sets; only those that no item can join without fewer transactions holding them; only those that no item
        can join without being rare. The last two are chosen among sets of any length, and then by length.
    max_itemsets : int, optional
        Stop with an error when there are more sets.
    max_memory : int, optional
        Bytes for the sets, 16 for each; by default a third of what is free. Stop with an error when it is used up.
    threads : int
        Threads that search, where there is much to do. The result is the same.
    progress : bool
        Show a bar on stderr.

    Returns
    -------
    Itemsets

    Raises
    ------
    LimitError
        There are more sets than allowed: says how many were found.
    ParameterError
    InputError
        See :meth:`Transactions.from_files <minent.transactions.Transactions.from_files>`.

    References
    ----------
    Christian Borgelt (2012). Frequent item set mining. WIREs Data Mining and Knowledge Discovery 2(6), 437–456.
    Takeaki Uno, Masashi Kiyomi, Hiroki Arimura (2004). LCM ver. 2: Efficient Mining Algorithms for
    Frequent/Closed/Maximal Itemsets. FIMI 2004.

    Examples
    --------
    >>> baskets = [["bread", "milk"], ["bread", "milk", "tea"], ["tea"], ["bread", "milk"]]
    >>> dict(frequent_itemsets(baskets, 0.5))
    {('bread',): 3, ('milk',): 3, ('bread', 'milk'): 3, ('tea',): 2}
    >>> dict(frequent_itemsets(baskets, 0.5, target="closed"))
    {('bread', 'milk'): 3, ('tea',): 2}
    """
    if target not in TARGETS:
        raise ParameterError(f"target must be one of {', '.join(TARGETS)}, not {target!r}")
    check_whole("min_length", min_length, 1)
    for name, value, least in (
        ("max_length", max_length, min_length),
        ("max_itemsets", max_itemsets, 0),
        ("max_memory", max_memory, 0),
        ("threads", threads, 1),
    ):
        if value is not None:
            check_whole(name, value, least)
    _check_support(min_support)
    transactions = as_transactions(transactions)
    min_count = least_count(min_support, len(transactions))
    memory = _memory.available() // 3 if max_memory is None else max_memory
    limits = _Limits(max_itemsets, min(memory // _NODE, _MOST_NODES))
    database = _arrange(transactions, min_count)
    longest = len(database.labels) + 1 if max_length is None else max_length
    tasks = _TASKS if progress or threads > 1 else 1
    search = _Search(database, min_count, longest, TARGETS.index(target), limits, tasks)
    parent, item, count = search.run(threads, progress)
    return Itemsets(database.labels, len(transactions), min_count, target, min_length, parent, item, count)


def least_count(min_support: float | Decimal | Fraction, n: int) -> int:
    """The smallest count that a support allows, reckoned in whole numbers.

    Examples
    --------
    >>> least_count(0.07, 100), least_count(0.0701, 100), least_count(7, 100), least_count(0.01, 0)
    (7, 8, 7, 1)
    """
    if isinstance(min_support, Integral):
        return int(min_support)
    return max(1, math.ceil(as_fraction(min_support) * n))


def as_fraction(number: float | Decimal | Fraction) -> Fraction:
    """The number as it is written in decimal: a float of .1 is exactly 1/10."""
    return Fraction(str(number))


def _check_support(value: object) -> None:
    message = f"min_support must be a whole count from 1 on, or a share above 0 and at most 1, not {value!r}"
    if isinstance(value, (bool, np.bool_)):
        raise ParameterError(message)
    try:
        fits = value >= 1 if isinstance(value, Integral) else 0 < as_fraction(value) <= 1  # type: ignore
    except (ValueError, ZeroDivisionError):
        fits = False
    if not fits:
        raise ParameterError(message)


def check_whole(name: str, value: object, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ParameterError(f"{name} must be a whole number of at least {least}, not {value!r}")


@dataclass(frozen=True, eq=False)
class _Database:
    """Transactions as rows of the ranks of frequent items, ascending by support; −1 between rows and at both ends.

    ``positions[starts[r]:starts[r + 1]]`` is where the item of rank r stands in the rows.
    """

    labels: tuple[Hashable, ...]
    rows: NDArray[np.int32]
    positions: NDArray[np.int32]
    starts: NDArray[np.int64]


def _arrange(transactions: Transactions, min_count: int) -> _Database:
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
    return _Database(labels, rows, positions, item_starts)


_REMEDY = "raise min_support (--min-support) or set max_length (--max-length)"

Columns = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]


class _Limits:
    """What the threads share: how much was found and taken, and whether to stop."""

    def __init__(self, max_itemsets: int | None, max_nodes: int) -> None:
        self._most = math.inf if max_itemsets is None else max_itemsets
        self._room = max_nodes
        self._lock = threading.Lock()
        self.found = 0
        self.stopped = False

    def report(self, found: int) -> None:
        """Tell how many sets were found since last time."""
        with self._lock:
            self.found += found
            if self.found > self._most:
                raise LimitError(f"{self.found:,} itemsets found so far, {self._most:,} allowed; {_REMEDY}")

    def take(self, needed: int) -> Columns:
        """Room for more nodes, which goes back to the system as soon as it is let go; that of np.empty may not."""
        with self._lock:
            size = min(max(_CHUNK, needed), self._room)
            self._room -= size
            try:
                if self.found + needed > self._most + _CHUNK or needed > size:
                    raise OSError
                parent, item, count = np.frombuffer(mmap.mmap(-1, 12 * size), np.int32).reshape(3, size)
            except OSError:
                more = f" and at least {needed:,} more at hand" if needed > _CHUNK else ""
                raise LimitError(f"{self.found:,} itemsets found so far{more}, and no room left; {_REMEDY}") from None
            return parent, item, count


class _Search:
    """One search over a database, by one thread or several, in tasks of neighbouring items."""

    def __init__(
        self, database: _Database, min_count: int, max_length: int, target: int, limits: _Limits, tasks: int
    ) -> None:
        self._database = database
        self._options = (min_count, max_length, target)
        self._limits = limits
        n = len(database.labels)
        size = -(-n // tasks) or 1
        self._tasks = [(begin, min(begin + size, n)) for begin in range(0, n, size)]
        self._found: list[list[Columns]] = [[] for _ in self._tasks]
        self._queue = iter(range(len(self._tasks)))
        self._lock = threading.Lock()

    def run(self, threads: int, progress: bool) -> Columns:
        """All nodes of the tree: parent, item and count of each."""
        with bar(progress, "searching", len(self._tasks), " parts") as shown:
            deadline = math.inf if threads == 1 else time.monotonic() + _PATIENCE
            if not self._work(shown, deadline):
                self._share(shown, threads)
        return self._join()

    def _work(self, shown: Any, deadline: float = math.inf) -> bool:
        """Do tasks until none is left, or until a point in time: then false."""
        worker = _Worker(self._database, self._options, self._limits)
        while time.monotonic() < deadline:
            with self._lock:
                task = next(self._queue, None)
            if task is None:
                return True
            self._found[task] = worker.run(*self._tasks[task])
            shown.update()
        return False

    def _share(self, shown: Any, threads: int) -> None:
        """Do the other tasks in several threads; an error in one, or Ctrl-C, stops all."""
        with ThreadPoolExecutor(threads) as pool:
            try:
                for future in as_completed([pool.submit(self._work, shown) for _ in range(threads)]):
                    future.result()
            except BaseException:
                self._limits.stopped = True
                raise

    def _join(self) -> Columns:
        """One tree of the trees of all tasks; parts are let go as they are copied."""
        size = sum(len(part[0]) for parts in self._found for part in parts)
        parent, item, count = (np.empty(size, np.int32) for _ in range(3))
        last = len(self._database.labels) - 1
        end = 0
        for parts in self._found:
            first = end
            while parts:
                begin, part = end, parts.pop(0)
                end += len(part[0])
                kernels.join(*part[:2], first, last, parent[begin:end], item[begin:end])
                count[begin:end] = part[2]
        return parent, item, count


class _Worker:
    """The frames of one thread."""

    def __init__(self, database: _Database, options: tuple[int, int, int], limits: _Limits) -> None:
        n = len(database.labels)
        self._database, self._options, self._limits = database, options, limits
        self._supports = np.diff(database.starts).astype(np.int32)
        self._state = np.zeros(8, np.int64)
        self._frames: list[NDArray[Any]] = [
            np.zeros((64, 10), np.int64),  # frames
            np.empty(4 * n + 64, np.int32),  # members
            np.empty(4 * n + 64, np.int32),  # supports
            np.empty(n + 1, np.int32),  # extensions
            np.empty(len(database.positions) + 1, np.int32),  # positions
            np.empty(1 << 16, np.int64),  # bits
            np.zeros(n, np.int32),  # counts
            np.empty(n, np.int32),  # touched
            np.full(n, -1, np.int64),  # slot
            np.empty(n + 1, np.int64),  # keys
            np.zeros(3, np.int64),  # sizes
        ]
        self._room: Columns = (np.empty(0, np.int32),) * 3

    def run(self, begin: int, end: int) -> list[Columns]:
        """Nodes of all sets whose rarest item is one of some neighbours; the numbers of parents begin at 0."""
        frames, members, supports = self._frames[:3]
        members[:end] = np.arange(end)
        supports[:end] = self._supports[:end]
        frames[0] = 0
        frames[0, 1:3] = end, begin
        frames[0, 4] = -1
        frames[0, 7] = self._database.starts[begin]
        state = self._state
        state[:] = 0
        done: list[Columns] = []
        first = reported = 0
        status = _PAUSED
        while status != _DONE:
            if self._limits.stopped:
                break
            state[3] = 0
            status = kernels.search(
                *(self._database.rows, self._database.positions, *self._options, _BUDGET),
                *(first, self._room, state, tuple(self._frames)),
            )
            self._limits.report(int(state[4]) - reported)
            reported = int(state[4])
            if status == _NO_FRAMES:
                self._enlarge()
            if status in (_NO_ROOM, _DONE):
                written = int(state[1])
                done.append(tuple(column[:written] for column in self._room))  # type: ignore[arg-type]
                self._room = tuple(column[written:] for column in self._room)  # type: ignore[assignment]
                first, state[1] = first + written, 0
            if status == _NO_ROOM:
                self._room = self._limits.take(int(state[2]))
        return done

    def _enlarge(self) -> None:
        """More room for what the state says is lacking."""
        frames, state = self._frames, self._state
        if state[0] + 1 == len(frames[0]):
            frames[0] = np.concatenate([frames[0], np.zeros_like(frames[0])])
        for which, lacking in ((1, 5), (2, 5), (4, 6), (5, 7)):
            need = int(state[lacking])
            if need > len(frames[which]):
                larger = np.empty(2 * need, frames[which].dtype)
                larger[: len(frames[which])] = frames[which]
                frames[which] = larger
        state[5:8] = 0
