"""Keys of n-grams, dealt out into buckets, in memory or on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minent._disk import DiskArray
from minent._kernels import ngrams as kernels

__all__ = ["Alphabet", "Bucket", "Buckets", "Plan"]

_LARGEST_SORT = 1 << 21
_WORD_BITS = 63
_LOG_BUCKET = 15  # 256 KB of keys: what a cache holds
_MOST_BUCKETS = 1 << 10


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
    """What a key looks like, and which bucket it goes to: that of its head, or one of several by the unit after it.

    Attributes
    ----------
    alphabet : Alphabet
    digits : ndarray of shape (n_words,), int64
        How many units stand in each word of a key, its head not counted.
    first : ndarray of shape (n_heads + 1,), int16
        First bucket of each head; head 0 stands for none.
    base, last : ndarray of shape (n_buckets,), int64
        First and last head of each bucket.
    several : ndarray of shape (n_buckets,), int64
        Number of keys of the head of a bucket if it has several buckets, else 0.
    log_size : int
        Log₂ of the number of keys in a bucket.
    """

    alphabet: Alphabet
    digits: NDArray[np.int64]
    first: NDArray[np.int16]
    base: NDArray[np.int64]
    last: NDArray[np.int64]
    several: NDArray[np.int64]
    log_size: int

    @classmethod
    def of(cls, alphabet: Alphabet, n_digits: int, min_count: int) -> Plan:
        """For keys of so many units beside the head."""
        weight = alphabet.frequency
        log_size = max(_LOG_BUCKET, (int(weight.sum()) // _MOST_BUCKETS).bit_length())
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
        several = np.append(np.where(large, weight, 0), 0)[base]
        return cls(alphabet, np.array(digits, np.int64), first.astype(np.int16), base, last, several, log_size)

    def pack(self, window: NDArray[np.int32], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The keys of the first n positions of a stretch of text, in the order of buckets; where each bucket begins."""
        words, bucket = np.empty((len(self.digits), n), np.int64), np.empty(n, np.int16)
        units = (window, n, self.alphabet.number, self.alphabet.bits)
        tables = (self.first, self.base, self.several, self.alphabet.position)
        size = kernels.pack(*units, self.digits[0], *tables, self.log_size, words[0], bucket)
        for k in range(1, len(words)):
            kernels.pack_more(*units, self.digits[k], 1 + self.digits[:k].sum(), words[k])
        out, bounds = np.empty((len(words), size), np.int64), np.zeros(len(self.base) + 1, np.int64)
        kernels.deal(words, bucket, bounds, out)
        return out, bounds


def _digits(alphabet: Alphabet, wanted: int, most_heads: int) -> list[int]:
    """How many units each word of a key has, if at most so many different first words can go on in a second one."""
    most = _WORD_BITS // alphabet.bits
    while most > 1 and len(alphabet.ids) >> (_WORD_BITS - most * alphabet.bits) > _MOST_BUCKETS // 2:
        most -= 1
    later = max(1, (_WORD_BITS - most_heads.bit_length()) // alphabet.bits)
    if wanted > most:
        most = min(most, max(wanted - wanted // 2, wanted - later))
    digits = [min(most, wanted)]
    while sum(digits) < wanted:
        digits.append(min(later, wanted - sum(digits)))
    return digits


class Buckets:
    """Keys of stretches of text, each in the order of the buckets.

    Parameters
    ----------
    packed : iterable of (words, bounds)
        What :meth:`Plan.pack` makes of each stretch.
    on_disk : bool
        Keep them in a temporary file.
    """

    def __init__(self, packed: Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]], *, on_disk: bool) -> None:
        self._disk = DiskArray(np.int64) if on_disk else None
        self._blocks: list[NDArray[np.int64]] = []
        self._begins: list[range] = []
        self._bounds: list[NDArray[np.int64]] = []
        for words, bounds in packed:
            if not words.size:
                continue
            self._bounds.append(bounds)
            if self._disk is None:
                self._blocks.append(words)
            else:
                begin = self._disk.append(words.ravel())
                self._begins.append(range(begin, begin + words.size, words.shape[1]))

    def __getitem__(self, number: int) -> Bucket:
        return Bucket(self, number)

    def size(self, number: int) -> int:
        """How many keys a bucket has."""
        return sum(int(bounds[number + 1] - bounds[number]) for bounds in self._bounds)

    def pieces(self, number: int) -> Iterator[NDArray[np.int64]]:
        """The keys of a bucket as arrays of shape (n_words, n), from each stretch of text that has some."""
        for k, bounds in enumerate(self._bounds):
            begin, end = int(bounds[number]), int(bounds[number + 1])
            if begin == end:
                continue
            if self._disk is None:
                yield self._blocks[k][:, begin:end]
            else:
                yield np.stack([self._disk[row + begin : row + end] for row in self._begins[k]])


@dataclass(frozen=True)
class Bucket:
    """The keys of one bucket, to be read as often as needed, in arrays that are not too large."""

    buckets: Buckets
    number: int

    @property
    def is_small(self) -> bool:
        """Whether the keys come as one array."""
        return self.buckets.size(self.number) <= _LARGEST_SORT

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        waiting: list[NDArray[np.int64]] = []
        size = 0
        for piece in self.buckets.pieces(self.number):
            waiting.append(piece)
            size += piece.shape[1]
            if size > _LARGEST_SORT:
                yield np.concatenate(waiting, axis=1)
                waiting, size = [], 0
        if size:
            yield np.concatenate(waiting, axis=1)
