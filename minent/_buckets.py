"""Counting by sorting: keys of n-grams in buckets, on threads, in memory or on disk."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._disk import DiskArray
from minent._kernels import ngrams as kernels
from minent._threads import in_order

__all__ = ["SPREAD_SCALE", "Alphabet", "Level", "Plan", "Row", "level", "most_digits"]

Row: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]

SPREAD_SCALE = 2.0**24
_KEY_BITS = 63
_LOG_BUCKET = 15  # 256 KB of keys: what a cache holds
_MOST_BUCKETS = 1 << 10
_LARGEST_SORT = 1 << 22


@dataclass(frozen=True, eq=False)
class Alphabet:
    """The units that are counted, numbered from 1 in the order of their ids.

    Attributes
    ----------
    ids : ndarray of shape (n,), int32
        Id of each unit.
    number : ndarray of int32
        Id → number, 0 for a unit that is left out and for the clause break.
    frequency : ndarray of shape (n + 1,), int64
        How often each number comes; 0 for number 0.
    position : ndarray of shape (n + 1,), int64
        Share of the stream below each number, in 65,536ths.
    bits : int
        Of a number.
    """

    ids: NDArray[np.int32]
    number: NDArray[np.int32]
    frequency: NDArray[np.int64]
    position: NDArray[np.int64]
    bits: int

    @classmethod
    def of(cls, frequency: NDArray[np.int64], min_count: int) -> Alphabet:
        """Of the units, from 1 on, that come ``min_count`` times or more."""
        ids = np.flatnonzero(frequency[1:] >= min_count).astype(np.int32) + np.int32(1)
        number = np.zeros(len(frequency), np.int32)
        number[ids] = np.arange(1, len(ids) + 1)
        breaks = int(frequency.sum() - frequency[ids].sum())
        kept = np.append(0, frequency[ids])
        below = np.concatenate([[0], breaks + np.cumsum(kept)[:-1]])
        position = (below * 65536.0 / max(1, int(frequency.sum()))).astype(np.int64)
        return cls(ids, number, kept, position, max(1, len(ids).bit_length()))


@dataclass(frozen=True, eq=False)
class Plan:
    """Which bucket a key goes to: that of its head, and where a head has several, by the unit after it.

    Attributes
    ----------
    first : ndarray of shape (n_heads + 1,), int16
        First bucket of each head; head 0 stands for none.
    base, last : ndarray of shape (n_buckets,), int64
        First and last head of each bucket.
    several : ndarray of shape (n_buckets,), int64
        Number of keys of the head of a bucket if it has several buckets, else 0.
    log_size : int
        Log₂ of the number of keys in a bucket.
    """

    first: NDArray[np.int16]
    base: NDArray[np.int64]
    last: NDArray[np.int64]
    several: NDArray[np.int64]
    log_size: int

    @classmethod
    def of(cls, weight: NDArray[np.int64], head_bits: int) -> Plan:
        """For heads from 1 on with so many keys each, ``weight[0]`` being 0, and 2 ** head_bits of them in a bucket."""
        log_size = max(_LOG_BUCKET, (int(weight.sum()) // _MOST_BUCKETS).bit_length())
        large = weight >> log_size > 0
        # A large head begins a bucket, and so does what comes after it.
        of_large = np.cumsum(np.where(large, (weight >> log_size) + 2, 0))
        of_small = np.cumsum(np.where(large, 0, np.maximum(weight, 1 << log_size >> head_bits))) >> log_size
        begins = np.append(0, of_large + of_small)
        first = begins[:-1] + large
        buckets = np.arange(begins[-1] + 1)
        last = np.searchsorted(first[1:], buckets, "right")
        base = np.maximum(1, np.minimum(np.searchsorted(first[1:], buckets) + 1, last))
        several = np.where(large, weight, 0)[base]
        return cls(first.astype(np.int16), base, last, several, log_size)

    @property
    def tables(self) -> tuple[NDArray[np.int16], NDArray[np.int64], NDArray[np.int64]]:
        """What a kernel needs."""
        return self.first, self.base, self.several


@dataclass(frozen=True, eq=False)
class Level:
    """The n-grams of some orders in a row, from one bucket.

    Attributes
    ----------
    head : int
        The first head.
    head_spread : ndarray of int64
        What it adds to the spread of the heads from that one on; see ``kernels.grow``.
    rows : list of (unit, parent, count, spread)
        One entry an order.
    """

    head: int
    head_spread: NDArray[np.int64]
    rows: list[Row]


class _Buckets:
    """Keys of one level, block by block, each block in the order of the buckets."""

    def __init__(self, on_disk: bool) -> None:
        self._blocks: list[NDArray[np.int64]] = []
        self._bounds: list[NDArray[np.int64]] = []
        self._disk = DiskArray(np.int64) if on_disk else None
        self._begins: list[int] = []

    def add(self, keys: NDArray[np.int64], bounds: NDArray[np.int64]) -> None:
        self._bounds.append(bounds)
        if self._disk is None:
            self._blocks.append(keys)
        else:
            self._begins.append(self._disk.append(keys))

    def size(self, bucket: int) -> int:
        return sum(int(bounds[bucket + 1] - bounds[bucket]) for bounds in self._bounds)

    def pieces(self, bucket: int) -> Iterator[NDArray[np.int64]]:
        for k, bounds in enumerate(self._bounds):
            begin, end = int(bounds[bucket]), int(bounds[bucket + 1])
            if begin == end:
                continue
            if self._disk is None:
                yield self._blocks[k][begin:end]
            else:
                yield self._disk[self._begins[k] + begin : self._begins[k] + end]


def most_digits(bits: int, n_heads: int) -> int:
    """How many units fit into a key beside its head, where buckets have as many heads as the rest of the key allows."""
    digits = _KEY_BITS // bits
    while digits > 1 and n_heads >> (_KEY_BITS - digits * bits) > _MOST_BUCKETS // 2:
        digits -= 1
    return digits


def level(
    blocks: Iterable[int],
    make_keys: Callable[[int, Plan], tuple[NDArray[np.int64], NDArray[np.int16]]],
    alphabet: Alphabet,
    digits: int,
    weight: NDArray[np.int64],
    min_count: int,
    *,
    kept: int,
    spread: bool,
    on_disk: bool,
    threads: int,
) -> Iterator[Level]:
    """Count the n-grams of a head and up to ``digits`` units more, bucket by bucket in the order of the keys.

    ``make_keys`` gives the keys of one of the ``blocks`` and their buckets; ``weight`` has the number of keys of each
    head from 1 on. N-grams of more than ``kept`` units beside the head only add to the spread of shorter ones.
    """
    plan = Plan.of(np.append(0, weight), _KEY_BITS - digits * alphabet.bits)
    n_buckets = len(plan.base)

    def divide(begin: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        keys, bucket = make_keys(begin, plan)
        out, bounds = np.empty_like(keys), np.zeros(n_buckets + 1, np.int64)
        kernels.deal(keys, bucket, bounds, out)
        return out, bounds

    buckets = _Buckets(on_disk)
    for keys, bounds in in_order(divide, blocks, threads):
        buckets.add(keys, bounds)

    information = _information() if spread else np.empty(0, np.int64)

    def count(bucket: int) -> Level:
        keys, counts = _distinct(buckets, bucket)
        n_heads = int(plan.last[bucket] - plan.base[bucket]) + 1
        return _grow(
            keys, counts, int(plan.base[bucket]), n_heads, alphabet.bits, digits, kept, min_count, information
        )

    yield from in_order(count, range(n_buckets), threads)


def _information() -> NDArray[np.int64]:
    """c ln c in 2⁻²⁴ nats."""
    c = np.arange(1 << 16, dtype=np.float64)
    c[0] = 1
    return np.rint(c * np.log(c) * SPREAD_SCALE).astype(np.int64)


def _distinct(buckets: _Buckets, bucket: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys of a bucket and their counts; a bucket of a few keys seen very often is never held whole."""
    if buckets.size(bucket) <= _LARGEST_SORT:
        return _count_keys(list(buckets.pieces(bucket)))
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    waiting: list[NDArray[np.int64]] = []
    size = 0
    for piece in itertools.chain(buckets.pieces(bucket), [np.empty(0, np.int64)]):
        waiting.append(piece)
        size += len(piece)
        if size > _LARGEST_SORT // 2 or not len(piece):
            more, times = _count_keys(waiting)
            both, sums = np.empty(len(keys) + len(more), np.int64), np.empty(len(keys) + len(more), np.int64)
            n = kernels.merge(keys, counts, more, times, both, sums)
            keys, counts = both[:n].copy(), sums[:n].copy()
            waiting, size = [], 0
    return keys, counts


def _count_keys(pieces: list[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    keys = np.concatenate([np.empty(0, np.int64), *pieces])
    counts = np.empty(len(keys), np.int64)
    if kernels.sort(keys, counts):
        keys, counts = counts, keys
    n = kernels.runs(keys, counts) if len(keys) else 0
    return keys[:n], counts[:n]


def _grow(
    keys: NDArray[np.int64],
    counts: NDArray[np.int64],
    base: int,
    n_heads: int,
    bits: int,
    digits: int,
    kept: int,
    min_count: int,
    information: NDArray[np.int64],
) -> Level:
    room = min(len(keys), int(counts.sum()) // min_count) + 1
    spreads = len(information) > 0
    sizes = np.zeros(kept, np.int64)
    unit, parent = np.empty((kept, room), np.int32), np.empty((kept, room), np.int32)
    count, spread = np.empty((kept, room), np.int64), np.empty((kept, room if spreads else 0), np.int64)
    head_spread = np.zeros(n_heads if spreads else 0, np.int64)
    kernels.grow(
        keys, counts, base, bits, digits, kept, min_count, information, sizes, unit, parent, count, spread, head_spread
    )
    rows = [
        (unit[d, :n].copy(), parent[d, :n].copy(), count[d, :n].copy(), spread[d, :n].copy())
        for d, n in enumerate(sizes.tolist())
    ]
    return Level(base, head_spread, rows)
