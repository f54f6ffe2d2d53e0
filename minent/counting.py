"""Exact counts of n-grams as a prefix tree, bucket by bucket, forwards or backwards."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._buckets import Alphabet, Buckets, Plan
from minent._disk import DiskArray
from minent._kernels import ngrams as kernels
from minent._memory import MemoryLimit
from minent._threads import in_order

__all__ = ["SPREAD_SCALE", "Part", "PrefixTree", "Stream", "child_table", "count_parts", "within"]

Children: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]
Row: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]

SPREAD_SCALE = 2.0**24
_BYTES_TO_COME = 64  # for each n-gram: both directions, and the tables that join them
_BLOCK = 1 << 20


@dataclass(frozen=True, eq=False)
class Stream:
    """The id stream of a corpus, read forwards or backwards in windows that overlap.

    Attributes
    ----------
    ids : ndarray or DiskArray of int32
    backwards : bool
    alphabet : Alphabet
    """

    ids: NDArray[np.int32] | DiskArray
    backwards: bool
    alphabet: Alphabet

    def windows(self, ahead: int) -> Iterator[tuple[NDArray[np.int32], int]]:
        """Blocks of ids with some positions after each in reading order; and the length of the block."""
        for begin in range(0, len(self.ids), _BLOCK):
            end = min(begin + _BLOCK, len(self.ids))
            around = slice(max(0, begin - ahead), end) if self.backwards else slice(begin, end + ahead)
            window = self.ids[around][::-1].copy() if self.backwards else self.ids[around]
            window.flags.writeable = False  # a kernel is compiled but once
            yield window, end - begin


@dataclass(frozen=True, eq=False)
class Part:
    """The n-grams of one bucket.

    Attributes
    ----------
    head : int
        Index of the first one of the units that begin them.
    head_spread : ndarray of int64
        What comes from here to the spread of the units from that one on; see ``kernels.grow``.
    rows : list of (unit, parent, count, spread)
        One entry an order, from 2 on. The parent is an index into the row above; in the first row, of a unit.
    """

    head: int
    head_spread: NDArray[np.int64]
    rows: list[Row]


class PrefixTree:
    """N-grams by order, then in the order of their unit numbers.

    Parameters
    ----------
    alphabet : Alphabet
    max_order : int
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
    spread : ndarray of int64
        Σ c ln c over the units that follow, in 2⁻²⁴ nats, if the parts have it.
    """

    def __init__(self, alphabet: Alphabet, max_order: int, parts: Iterable[Part]) -> None:
        n = len(alphabet.ids)
        self.alphabet = alphabet
        spread = np.zeros(n, np.int64)
        rows: list[list[Row]] = [[] for _ in range(max_order - 1)]
        known = np.zeros(max_order - 1, np.int64)
        for part in parts:
            spread[part.head : part.head + len(part.head_spread)] += part.head_spread
            for d, row in enumerate(part.rows):
                row[1][:] += np.int32(known[d - 1] if d else 0)
                rows[d].append(row)
            known += np.array([len(unit) for unit, *_ in part.rows], np.int64)
        self.starts = np.cumsum([0, n, *known])
        units = (np.arange(1, n + 1, dtype=np.int32), np.full(n, -1, np.int32), alphabet.frequency[1:], spread)
        self.unit, self.parent, self.count, self.spread = (
            np.concatenate([column, *(row[k] for row in itertools.chain(*rows))]) for k, column in enumerate(units)
        )
        for order in range(3, max_order + 1):
            self.parent[self.starts[order - 1] : self.starts[order]] += np.int32(self.starts[order - 2])


def count_parts(
    stream: Stream, max_order: int, min_count: int, *, spread: bool, threads: int, on_disk: bool
) -> Iterator[Part]:
    """Count the n-grams of two units and more, bucket by bucket in their order; with ``spread``, what follows each."""
    longest = max_order + spread  # what follows an n-gram is seen one order further
    if longest == 1:
        return
    plan = Plan.of(stream.alphabet, longest - 1, min_count)
    packed = in_order(lambda window: plan.pack(*window), stream.windows(longest - 1), threads)
    buckets = Buckets(packed, on_disk=on_disk)
    information = _information() if spread else np.empty(0, np.int64)
    count = partial(_count, buckets, plan, max_order - 1, min_count, information)
    yield from in_order(count, range(len(plan.base)), threads)


def within(limit: MemoryLimit | None, parts: Iterable[Part]) -> Iterator[Part]:
    """The parts, as long as there is room for what will be made of them."""
    nodes = 0
    for part in parts:
        nodes += sum(len(unit) for unit, *_ in part.rows)
        if limit:
            limit.check(nodes * _BYTES_TO_COME, "counting")
        yield part


def _information() -> NDArray[np.int64]:
    """c ln c in 2⁻²⁴ nats."""
    c = np.arange(1 << 16, dtype=np.float64)
    c[0] = 1
    return np.rint(c * np.log(c) * SPREAD_SCALE).astype(np.int64)


def _count(
    buckets: Buckets, plan: Plan, kept: int, min_count: int, information: NDArray[np.int64], number: int
) -> Part:
    """The n-grams of a bucket with up to ``kept`` units beside the head, word by word of the keys."""
    bits = plan.alphabet.bits
    base, n_heads = int(plan.base[number]) - 1, int(plan.last[number] - plan.base[number]) + 1
    part = Part(base, np.zeros(n_heads if len(information) else 0, np.int64), [])
    spread = part.head_spread
    bucket = buckets[number]
    chunks: Iterable[NDArray[np.int64]] = bucket
    for k, digits in enumerate(plan.digits.tolist()):
        chunks = list(chunks) if bucket.is_small else chunks
        is_last = k + 1 == len(plan.digits)
        keys, counts = _distinct(words[0] if is_last else words[0].copy() for words in chunks)
        n_rows = min(digits, kept - len(part.rows))
        part.rows.extend(_grow(keys, counts, base, bits, digits, n_rows, min_count, information, spread))
        if not is_last:
            base, (unit, _, _, spread) = 0, part.rows[-1]
            table = np.zeros((1 << (4 * len(unit)).bit_length(), 2), np.int64)
            kernels.index_heads(keys, counts, min_count, (1 << bits) - 1, table)
            chunks = _Lengthened(chunks, table, (1 << bits) - 1, int(plan.digits[k + 1]) * bits)
    return part


@dataclass(frozen=True, eq=False)
class _Lengthened:
    """The keys whose first word is known, without it."""

    chunks: Iterable[NDArray[np.int64]]
    table: NDArray[np.int64]
    last_digit: int
    shift: int

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        for words in self.chunks:
            out = np.empty((len(words) - 1, words.shape[1]), np.int64)
            size = kernels.lengthen(words, self.table, self.last_digit, self.shift, out)
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
    keys: NDArray[np.int64],
    counts: NDArray[np.int64],
    base: int,
    bits: int,
    digits: int,
    kept: int,
    min_count: int,
    information: NDArray[np.int64],
    head_spread: NDArray[np.int64],
) -> list[Row]:
    room = min(len(keys), int(counts.sum()) // min_count) + 1
    sizes = np.zeros(kept, np.int64)
    unit, parent = np.empty((kept, room), np.int32), np.empty((kept, room), np.int32)
    count, spread = np.empty((kept, room), np.int64), np.empty((kept, room if len(information) else 0), np.int64)
    kernels.grow(
        keys, counts, base, bits, digits, kept, min_count, information, sizes, unit, parent, count, spread, head_spread
    )
    return [
        (unit[d, :n].copy(), parent[d, :n].copy(), count[d, :n].copy(), spread[d, :n].copy())
        for d, n in enumerate(sizes.tolist())
    ]


def child_table(unit: NDArray[np.int32], parent: NDArray[np.int32], begin: int) -> Children:
    """What leads from a node and the next unit to a child, for the children from node ``begin`` on."""
    slots = np.full(1 << (2 * (len(unit) - begin)).bit_length(), -1, np.int32)
    kernels.index_children((slots, parent, unit), begin)
    return slots, parent, unit
