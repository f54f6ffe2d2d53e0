"""The search for itemsets: memory for what is found, tasks for threads, and where to stop."""

from __future__ import annotations

import itertools
import math
import mmap
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._kernels import search as kernels
from minent._progress import bar
from minent.database import Database
from minent.errors import LimitError

__all__ = ["TASKS", "Limits", "Search"]

TASKS = 64
_DONE, _PAUSED, _NO_ROOM, _NO_FRAMES = range(4)
# Bytes a node: three columns of int32, and something for the parts that are being joined.
_NODE = 16
_MOST_NODES = (1 << 31) - 1
# Some tenths of a second: so that Ctrl-C is heard and the bar moves.
_BUDGET = 200_000_000
_CHUNK = 1 << 18
# Seconds after which the other threads join in.
_PATIENCE = 0.05

_REMEDY = "ask for more support (--min-support) or shorter sets (--max-length)"

Columns = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]


class Limits:
    """What the threads share: how much was found and taken, and whether to stop."""

    def __init__(self, max_itemsets: int | None, memory: int) -> None:
        self._most = math.inf if max_itemsets is None else max_itemsets
        self._room = min(memory // _NODE, _MOST_NODES)
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
                why = "more than fit into the memory allowed (--max-memory)"
                raise LimitError(f"{self.found:,} itemsets found so far, and {why}; {_REMEDY}") from None
            return parent, item, count


def _parts(starts: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Bounds that divide the items into parts of about the same work: in each as many rows and as many items."""
    items = np.arange(len(starts))
    done = starts / max(1, starts[-1]) + items / max(1, items[-1])
    return np.unique(np.searchsorted(done, np.linspace(0, done[-1], n + 1)))


class Search:
    """One search over a database, by one thread or several, in tasks of neighbouring items."""

    def __init__(
        self, database: Database, min_count: int, max_length: int, target: int, limits: Limits, tasks: int
    ) -> None:
        self._database = database
        self._options = (min_count, max_length, target)
        self._limits = limits
        self._tasks = list(itertools.pairwise(_parts(database.starts, tasks).tolist()))
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

    def __init__(self, database: Database, options: tuple[int, int, int], limits: Limits) -> None:
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
