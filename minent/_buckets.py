"""Keys of n-grams, dealt out into buckets, in memory or on disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._disk import DiskArray
from minent._kernels import ngrams as kernels
from minent._threads import in_order

__all__ = ["Alphabet", "Bucket", "Buckets", "Plan"]

_LARGEST_SORT = 1 << 19
_WORD_BITS = 63
_LOG_BUCKET = 15  # 256 KB of keys: what a cache holds
_LOG_LARGE = 18  # as long as there are not too many; a few bytes a key take some tens of megabytes
_MANY, _MOST_BUCKETS = 1 << 10, 1 << 13
_PIECES = 4  # windows that are dealt out together onto a disk
_READ_TOGETHER = 1 << 20  # keys

Window: TypeAlias = tuple[NDArray[np.int32], int]
"""Ids, and how many of them are places to be counted; the others only follow."""


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

    @property
    def is_whole(self) -> bool:
        """Whether each unit has its id as its number."""
        return len(self.ids) == len(self.number) - 1

    @classmethod
    def of(cls, frequency: NDArray[np.int64], min_count: int, unit_of: NDArray[np.int32] | None = None) -> Alphabet:
        """Of the units, from 1 on, that come ``min_count`` times or more; each is taken as ``unit_of`` says."""
        if unit_of is not None:
            frequency = np.bincount(unit_of, frequency, len(unit_of)).astype(np.int64)
        ids = np.flatnonzero(frequency[1:] >= min_count).astype(np.int32) + np.int32(1)
        number = np.zeros(len(frequency), np.int32)
        number[ids] = np.arange(1, len(ids) + 1)
        breaks = int(frequency.sum() - frequency[ids].sum())
        kept = np.append(0, frequency[ids])
        below = np.concatenate([[0], breaks + np.cumsum(kept)[:-1]])
        position = (below * 65536.0 / max(1, int(frequency.sum()))).astype(np.int64)
        number = number if unit_of is None else number[unit_of]
        return cls(ids, number, kept, position, max(1, len(ids).bit_length()))


@dataclass(frozen=True, eq=False)
class Plan:
    """What a key looks like, and which bucket it goes to: that of its head, or one of several by the unit after it.

    Attributes
    ----------
    alphabet : Alphabet
    digits : ndarray of shape (n_words,), int64
        How many units stand in each word of a key, its head not counted.
    units : ndarray of shape (n_ids, 4), int32
        What decides on a bucket, by id; see ``kernels.choose``.
    base : ndarray of shape (n_buckets,), int64
        First head of each bucket.
    """

    alphabet: Alphabet
    digits: NDArray[np.int64]
    units: NDArray[np.int32]
    base: NDArray[np.int64]

    @classmethod
    def of(cls, alphabet: Alphabet, n_digits: int, min_count: int) -> Plan:
        """For keys of so many units beside the head."""
        weight = alphabet.frequency
        many, most = (int(weight.sum() // n).bit_length() for n in (_MANY, _MOST_BUCKETS))
        log_size = max(_LOG_BUCKET, min(many, _LOG_LARGE), most)
        digits = _digits(alphabet, n_digits, max(2 << log_size, int(weight.max())) // min_count)
        head_bits = _WORD_BITS - digits[0] * alphabet.bits
        large = weight >> log_size > 0
        # A large head begins a bucket, and so does what comes after it.
        of_large = np.cumsum(np.where(large, (weight >> log_size) + 2, 0))
        of_small = np.cumsum(np.where(large, 0, np.maximum(weight, 1 << log_size >> head_bits))) >> log_size
        begins = np.append(0, of_large + of_small)
        first = begins[:-1] + large
        buckets = np.arange(begins[-1] + 1)
        last = np.searchsorted(first[1:], buckets, "right")
        base = np.maximum(1, np.minimum(np.searchsorted(first[1:], buckets) + 1, last))
        more = np.where(large, (weight >> log_size) + 1, 0)
        heads = np.array([np.arange(len(weight)), first, more, alphabet.position], np.int32).T
        return cls(alphabet, np.array(digits, np.int64), heads[alphabet.number], base)

    def deal(self, windows: list[Window], threads: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The keys of some stretches of text in the order of buckets, a row a word; where each bucket begins."""

        def choose(number: int) -> None:
            kernels.choose(*windows[number], self.units, chosen[number], sizes[number])

        def write(number: int) -> None:
            form = (self.alphabet.bits, self.digits, self.base)
            kernels.deal(windows[number][0], self.alphabet.number, chosen[number], *form, begins[number], keys)

        sizes = np.zeros((len(windows), len(self.base) + 1), np.int64)
        longest = max((len(window) for window, _ in windows), default=0)
        chosen = np.empty((len(windows), longest), np.int16)  # one array may lie in huge pages
        deque(in_order(choose, range(len(windows)), threads), 0)
        sizes = sizes[:, :-1]  # without what has no key
        bounds = np.append(0, np.cumsum(sizes.sum(axis=0)))
        begins = bounds[:-1] + np.cumsum(sizes, axis=0) - sizes
        keys = np.empty((len(self.digits), int(bounds[-1])), np.int64)
        deque(in_order(write, range(len(windows)), threads), 0)
        return keys, bounds


def _digits(alphabet: Alphabet, wanted: int, most_heads: int) -> list[int]:
    """How many units each word of a key has, if at most so many different first words can go on in a second one."""
    most = _WORD_BITS // alphabet.bits
    while most > 1 and len(alphabet.ids) >> (_WORD_BITS - most * alphabet.bits) > _MANY // 2:
        most -= 1
    later = max(1, (_WORD_BITS - most_heads.bit_length()) // alphabet.bits)
    if wanted > most:
        most = min(most, max(wanted - wanted // 2, wanted - later))
    digits = [min(most, wanted)]
    while sum(digits) < wanted:
        digits.append(min(later, wanted - sum(digits)))
    return digits


@dataclass(frozen=True, eq=False)
class Buckets:
    """Keys of a text, dealt out into buckets, in one piece or, on disk, in many.

    Attributes
    ----------
    keys : ndarray or DiskArray of int64
    rows : list of range
        Where each word of the keys begins in each piece.
    bounds : list of ndarray of shape (n_buckets + 1,)
        Where the buckets begin and end in each piece.
    sizes : ndarray of shape (n_buckets,), int64
        How many keys each bucket has.
    """

    keys: NDArray[np.int64] | DiskArray
    rows: list[range]
    bounds: list[NDArray[np.integer[Any]]]
    sizes: NDArray[np.int64]

    @classmethod
    def dealt(cls, plan: Plan, windows: Iterable[Window], *, threads: int, on_disk: bool) -> Buckets:
        """The keys of a text that comes window by window; on disk, those of a few windows are a piece."""
        if not on_disk:
            return cls.of_piece(*plan.deal(list(windows), threads))
        disk, rows, all_bounds, sizes = DiskArray(np.int64), [], [], np.zeros(len(plan.base), np.int64)
        windows = iter(windows)
        while some := list(islice(windows, _PIECES)):
            keys, bounds = plan.deal(some, threads)
            rows.append(_rows(disk.append(keys.ravel()), keys))
            all_bounds.append(bounds.astype(np.min_scalar_type(int(bounds[-1]))))  # of a large text there are many
            sizes += np.diff(bounds)
            del keys
        return cls(disk, rows, all_bounds, sizes)

    @classmethod
    def of_piece(cls, keys: NDArray[np.int64], bounds: NDArray[np.int64]) -> Buckets:
        """Keys of shape (n_words, n) in memory, and where each bucket begins and ends."""
        return cls(keys.ravel(), [_rows(0, keys)], [bounds], np.diff(bounds))

    def __getitem__(self, number: int) -> Bucket:
        return Bucket(self, number)

    def some(self, n_keys: int) -> Iterator[tuple[Buckets, range]]:
        """All buckets, a few at a time: one, or as many as have no more than so many keys.

        Of those on disk, several that lie side by side are read at once, since each piece has but little of one.
        """
        if isinstance(self.keys, np.ndarray):
            yield from ((self, numbers) for numbers in _runs(self.sizes, n_keys))
            return
        for numbers in _runs(self.sizes, _READ_TOGETHER):
            fetched = self._fetched(numbers) if len(numbers) > 1 else self
            yield from ((fetched, part) for part in _runs(self.sizes, n_keys, numbers))
            del fetched  # before the next ones come

    def _fetched(self, numbers: range) -> Buckets:
        """Some neighbouring buckets in memory, and all others empty."""
        sizes = np.zeros_like(self.sizes)
        sizes[numbers] = self.sizes[numbers]
        bounds = np.append(0, np.cumsum(sizes))
        keys = np.empty((len(self.rows[0]) if self.rows else 0, int(bounds[-1])), np.int64)
        ends = bounds[numbers].tolist()
        for rows, of_piece in zip(self.rows, self.bounds, strict=True):
            cuts = of_piece[numbers.start : numbers.stop + 1].tolist()
            found = np.stack([self.keys[row + cuts[0] : row + cuts[-1]] for row in rows])
            for k, (begin, end) in enumerate(pairwise(cuts)):
                keys[:, ends[k] : ends[k] + end - begin] = found[:, begin - cuts[0] : end - cuts[0]]
                ends[k] += end - begin
        return Buckets.of_piece(keys, bounds)

    def pieces(self, number: int) -> Iterator[NDArray[np.int64]]:
        """The keys of a bucket as new arrays of shape (n_words, n)."""
        for rows, bounds in zip(self.rows, self.bounds, strict=True):
            end = int(bounds[number + 1])
            for begin in range(int(bounds[number]), end, _LARGEST_SORT):
                stop = min(end, begin + _LARGEST_SORT)
                yield np.stack([self.keys[row + begin : row + stop] for row in rows])


def _rows(begin: int, keys: NDArray[np.int64]) -> range:
    """Where the rows of keys begin, if they are laid one after the other from there on."""
    return range(begin, begin + keys.size, max(1, keys.shape[1]))


def _runs(sizes: NDArray[np.int64], most: int, among: range | None = None) -> Iterator[range]:
    """Numbers side by side, each time one, or as many as have together no more than the most."""
    begin, stop = (0, len(sizes)) if among is None else (among.start, among.stop)
    ends = np.cumsum(sizes)
    while begin < stop:
        known = ends[begin - 1] if begin else 0
        end = min(stop, max(begin + 1, int(np.searchsorted(ends, known + most, "right"))))
        yield range(begin, end)
        begin = end


@dataclass(frozen=True)
class Bucket:
    """The keys of one bucket, to be read as often as needed, in arrays that are not too large."""

    buckets: Buckets
    number: int

    @property
    def is_small(self) -> bool:
        """Whether the keys come as one array."""
        return int(self.buckets.sizes[self.number]) <= _LARGEST_SORT

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        waiting: list[NDArray[np.int64]] = []
        size = 0
        for piece in self.buckets.pieces(self.number):
            waiting.append(piece)
            size += piece.shape[1]
            if size >= _LARGEST_SORT:
                yield _joined(waiting)
                waiting, size = [], 0
        if size:
            yield _joined(waiting)


def _joined(pieces: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(pieces, axis=1) if len(pieces) > 1 else pieces[0]
