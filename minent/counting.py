"""Exact counts of n-grams as a prefix tree, bucket by bucket."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._buckets import Alphabet, Bucket, Buckets, Plan, Window
from minent._disk import DiskArray
from minent._kernels import ngrams as kernels
from minent._memory import MemoryLimit
from minent._threads import in_order
from minent.errors import LimitError

__all__ = ["Places", "PrefixTree", "few", "within"]

Row: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]
"""Last units, parents and counts of the n-grams of one order."""
Part: TypeAlias = list[Row]
"""The n-grams of some buckets, order by order from 2 on; parents are indexes into the row above, or of a unit."""

_BYTES_TO_COME = 64  # for each n-gram: the tree, what stands beside it, and the table of its children
_MOST_NODES = 2**31 - 1
_BLOCK = 1 << 20
_LARGEST_STRETCH = 1 << 20  # keys, or so, whose distinct ones are held at once
_SAMPLE = 64
_TOGETHER = 1 << 18  # keys that are counted by one thread at a time


class PrefixTree:
    """N-grams by order, then in the order of their unit numbers.

    Parameters
    ----------
    alphabet : Alphabet
    max_order : int
        What is longer is left out.
    parts : iterable of Part
        The n-grams of two units and more, in the order of their keys.

    Attributes
    ----------
    starts : ndarray of int64
        The n-grams of order n are the nodes ``starts[n - 1]`` to ``starts[n]``.
    unit, parent : ndarray of int32
        The number of an n-gram's last unit, and the node of the n-gram without it, −1 for order 1.
    count : ndarray of int64
        Occurrences.
    """

    def __init__(self, alphabet: Alphabet, max_order: int, parts: Iterable[Part]) -> None:
        n = len(alphabet.ids)
        self.alphabet = alphabet
        rows: list[list[Row]] = [[] for _ in range(max_order - 1)]
        known = np.zeros(max_order - 1, np.int64)
        for part in parts:
            for d, row in enumerate(part[: max_order - 1]):
                row[1][:] += np.int32(known[d - 1] if d else 0)
                rows[d].append(row)
            known += np.array([len(unit) for unit, *_ in part[: max_order - 1]], np.int64)
            if n + int(known.sum()) > _MOST_NODES:
                raise LimitError(
                    f"more than {_MOST_NODES:,} n-grams; count only what is more frequent (--min-count), or shorter "
                    "ones (--max-order)"
                )
        self.starts = np.cumsum([0, n, *known])
        units = (np.arange(1, n + 1, dtype=np.int32), np.full(n, -1, np.int32), alphabet.frequency[1:])
        self.unit, self.parent, self.count = (
            np.concatenate([column, *(row[k] for row in itertools.chain(*rows))]) for k, column in enumerate(units)
        )
        for order in range(3, max_order + 1):
            self.parent[self.starts[order - 1] : self.starts[order]] += np.int32(self.starts[order - 2])


class Places:
    """The places of a text, dealt out into buckets by the units that follow each.

    Parameters
    ----------
    ids : ndarray or DiskArray of int32
        Unit ids with a 0 after each clause.
    alphabet : Alphabet
    max_order : int
        How many units of each place are looked at.
    min_count : int
        No rarer n-gram will be asked for.
    threads : int
    on_disk : bool
    """

    def __init__(
        self,
        ids: NDArray[np.int32] | DiskArray,
        alphabet: Alphabet,
        max_order: int,
        min_count: int,
        *,
        threads: int,
        on_disk: bool,
    ) -> None:
        self._plan = Plan.of(alphabet, max_order - 1, min_count)
        self._threads = threads
        windows = _windows(ids, max_order - 1) if max_order > 1 else []
        self._buckets = Buckets.dealt(self._plan, windows, threads=threads, on_disk=on_disk)

    def ngrams(self, min_count: int) -> Iterator[Part]:
        """The n-grams of two units and more, counted some buckets at a time, in their order."""
        some = self._buckets.some(_TOGETHER) if self._plan.digits.any() else []
        spare: list[_Rows] = []

        def count(task: tuple[Buckets, range]) -> Part:
            buckets, numbers = task
            try:
                rows = spare.pop()
            except IndexError:
                rows = _Rows(int(self._plan.digits.sum()))
            for number in numbers:
                _grow(buckets[number], self._plan, min_count, int(self._plan.base[number]) - 1, rows)
            part = rows.take()
            spare.append(rows)
            return part

        return in_order(count, some, self._threads)


def _windows(ids: NDArray[np.int32] | DiskArray, ahead: int) -> Iterator[Window]:
    """Blocks of ids with some positions after each."""
    for begin in range(0, len(ids), _BLOCK):
        window = ids[begin : begin + _BLOCK + ahead]
        window.flags.writeable = False  # a kernel is compiled but once
        yield window, min(_BLOCK, len(ids) - begin)


def within(limit: MemoryLimit | None, parts: Iterable[Part]) -> Iterator[Part]:
    """The parts, as long as there is room for what will be made of them."""
    nodes = 0
    for part in parts:
        nodes += sum(len(unit) for unit, *_ in part)
        if limit:
            limit.check(nodes * _BYTES_TO_COME, "counting")
        yield part


def few(parts: Iterable[Part], most: int) -> list[Part] | None:
    """The parts, unless they have more n-grams than that."""
    found = []
    for part in parts:
        most -= sum(len(unit) for unit, *_ in part)
        if most < 0:
            return None
        found.append(part)
    return found


class _Rows:
    """N-grams of two units, of three and so on, in arrays that are used again and again."""

    def __init__(self, n_rows: int) -> None:
        self.sizes = np.zeros(n_rows, np.int64)
        self.columns = self._columns(0)

    def _columns(self, room: int) -> tuple[NDArray[Any], ...]:
        shape = (len(self.sizes), room)
        return np.empty(shape, np.int32), np.empty(shape, np.int32), np.empty(shape, np.int64)

    def reserve(self, more: int) -> None:
        """Make room for so many more n-grams in each row."""
        used = int(self.sizes.max())
        if used + more > self.columns[0].shape[1]:
            columns = self._columns(2 * used + more)
            for row, size in enumerate(self.sizes.tolist()):  # what is not written to takes no memory
                for old, new in zip(self.columns, columns, strict=True):
                    new[row, :size] = old[row, :size]
            self.columns = columns

    def take(self) -> Part:
        """The n-grams, and none are left."""
        unit, parent, count = self.columns
        sizes = self.sizes.tolist()
        self.sizes[:] = 0
        if max(sizes, default=0) > _LARGEST_STRETCH:  # too much to be held twice
            self.columns = self._columns(0)
            return [(unit[d, :n], parent[d, :n], count[d, :n]) for d, n in enumerate(sizes)]
        return [(unit[d, :n].copy(), parent[d, :n].copy(), count[d, :n].copy()) for d, n in enumerate(sizes)]


def _grow(bucket: Bucket, plan: Plan, min_count: int, base: int, rows: _Rows) -> None:
    """Add the n-grams of a bucket, word by word of the keys."""
    bits, first = plan.alphabet.bits, 0
    chunks: Iterable[NDArray[np.int64]] = bucket
    for k, digits in enumerate(plan.digits.tolist()):
        chunks = list(chunks) if bucket.is_small else chunks
        of_word, is_last = slice(first, first + digits), k + 1 == len(plan.digits)
        known = int(rows.sizes[of_word][-1])
        begin = np.zeros(digits + 1, np.int64)
        heads: list[NDArray[np.int64]] = []
        for keys, counts, following in _stretches(chunks):
            rows.reserve(len(keys))
            columns = (column[of_word] for column in rows.columns)
            kernels.grow(keys, counts, following, base, bits, min_count, begin, rows.sizes[of_word], *columns)
            if not is_last:
                heads.append(keys[(counts >= min_count) & (keys & ((1 << bits) - 1) != 0)])
            del keys, counts  # before the next ones come
        if not is_last:
            base, first = known, first + digits
            table = np.zeros((1 << (4 * sum(map(len, heads))).bit_length(), 2), np.int64)
            kernels.index_heads(np.concatenate(heads), table)
            chunks = _Lengthened(chunks, table, int(plan.digits[k + 1]) * bits)


@dataclass(frozen=True, eq=False)
class _Lengthened:
    """The keys whose first word is known, without it."""

    chunks: Iterable[NDArray[np.int64]]
    table: NDArray[np.int64]
    shift: int

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        for words in self.chunks:
            out = np.empty((len(words) - 1, words.shape[1]), np.int64)
            size = kernels.lengthen(words, self.table, self.shift, out)
            yield np.ascontiguousarray(out[:, :size])


def _stretches(chunks: Iterable[NDArray[np.int64]]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], int]]:
    """The distinct first words of some keys in order, with their counts, so many at a time; and which comes then."""
    if isinstance(chunks, list):
        yield *_distinct(words[0].copy() for words in chunks), -1
        return
    samples = [words[0, ::_SAMPLE].copy() for words in chunks]  # a view would keep all words
    sample = np.sort(np.concatenate([np.empty(0, np.int64), *samples]))
    parts = 1 + len(sample) * _SAMPLE // _LARGEST_STRETCH
    # Each bound is a key, and so the first one of its stretch.
    bounds = np.unique(sample[np.arange(1, parts) * len(sample) // parts]).tolist()
    for low, high in itertools.pairwise([0, *bounds, -1]):
        inside = (words[0, (words[0] >= low) & ((words[0] < high) | (high < 0))] for words in chunks)
        yield *_distinct(inside), high


def _distinct(chunks: Iterable[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct ones of some keys and their counts; few keys seen very often are never held all at once."""
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    for chunk in chunks:
        more, times = _count_keys(chunk)
        if len(keys):
            both, sums = np.empty(len(keys) + len(more), np.int64), np.empty(len(keys) + len(more), np.int64)
            n = kernels.merge(keys, counts, more, times, both, sums)
            more, times = both[:n], sums[:n]
        keys, counts = more, times
    return keys, counts


def _count_keys(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    counts = np.empty(len(keys), np.int64)
    if kernels.sort(keys, counts):
        keys, counts = counts, keys
    n = kernels.runs(keys, counts)
    return keys[:n], counts[:n]
