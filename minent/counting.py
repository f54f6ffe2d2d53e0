"""Exact counts of n-grams as a prefix tree, bucket by bucket."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._buckets import Alphabet, Buckets, Plan, Window
from minent._disk import DiskArray
from minent._kernels import ngrams as kernels
from minent._memory import MemoryLimit
from minent._threads import in_order

__all__ = ["Places", "PrefixTree", "child_table", "few", "within"]

Children: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]
Row: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]
"""Last units, parents and counts of the n-grams of one order."""
Part: TypeAlias = list[Row]
"""The n-grams of one bucket, order by order from 2 on; parents are indexes into the row above, or of a unit."""

_BYTES_TO_COME = 64  # for each n-gram: the tree, what stands beside it, and the table of its children
_BLOCK = 1 << 20


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
        self._buckets = Buckets(self._plan, windows, threads=threads, on_disk=on_disk)

    def ngrams(self, min_count: int) -> Iterator[Part]:
        """The n-grams of two units and more, counted bucket by bucket, in their order."""
        numbers = range(len(self._plan.base) if self._plan.digits.any() else 0)
        return in_order(partial(_count, self._buckets, self._plan, min_count), numbers, self._threads)


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


def _count(buckets: Buckets, plan: Plan, min_count: int, number: int) -> Part:
    """The n-grams of a bucket, word by word of the keys."""
    bits = plan.alphabet.bits
    base = int(plan.base[number]) - 1
    part: Part = []
    bucket = buckets[number]
    chunks: Iterable[NDArray[np.int64]] = bucket
    for k, digits in enumerate(plan.digits.tolist()):
        chunks = list(chunks) if bucket.is_small else chunks
        is_last = k + 1 == len(plan.digits)
        keys, counts = _distinct(words[0] if is_last else words[0].copy() for words in chunks)
        part.extend(_grow(keys, counts, base, bits, digits, min_count))
        if not is_last:
            base, unit = 0, part[-1][0]
            table = np.zeros((1 << (4 * len(unit)).bit_length(), 2), np.int64)
            kernels.index_heads(keys, counts, min_count, (1 << bits) - 1, table)
            chunks = _Lengthened(chunks, table, int(plan.digits[k + 1]) * bits)
    return part


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


def _distinct(chunks: Iterable[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct ones of some keys and their counts; few keys seen very often are never held all at once."""
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    for chunk in chunks:
        more, times = _count_keys(chunk)
        if len(keys):
            both, sums = np.empty(len(keys) + len(more), np.int64), np.empty(len(keys) + len(more), np.int64)
            n = kernels.merge(keys, counts, more, times, both, sums)
            more, times = both[:n].copy(), sums[:n].copy()
        keys, counts = more, times
    return keys, counts


def _count_keys(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    counts = np.empty(len(keys), np.int64)
    if kernels.sort(keys, counts):
        keys, counts = counts, keys
    n = kernels.runs(keys, counts)
    return keys[:n], counts[:n]


def _grow(
    keys: NDArray[np.int64], counts: NDArray[np.int64], base: int, bits: int, digits: int, min_count: int
) -> Part:
    room = min(len(keys), int(counts.sum()) // min_count) + 1
    sizes = np.zeros(digits, np.int64)
    unit, parent = np.empty((digits, room), np.int32), np.empty((digits, room), np.int32)
    count = np.empty((digits, room), np.int64)
    kernels.grow(keys, counts, base, bits, digits, min_count, sizes, unit, parent, count)
    return [(unit[d, :n].copy(), parent[d, :n].copy(), count[d, :n].copy()) for d, n in enumerate(sizes.tolist())]


def child_table(unit: NDArray[np.int32], parent: NDArray[np.int32], begin: int) -> Children:
    """What leads from a node and the next unit to a child, for the children from node ``begin`` on."""
    slots = np.full(1 << (2 * (len(unit) - begin)).bit_length(), -1, np.int32)
    kernels.index_children((slots, parent, unit), begin)
    return slots, parent, unit
