"""Candidate words as rows of unit ids, and what a corpus says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._kernels import lexicon as kernels
from minent.corpus import Corpus
from minent.lattice import Lattice
from minent.ngrams import NgramCounts

__all__ = ["Lexicon"]

_MANY = 1 << 18


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Distinct words as rows of unit ids, with counts.

    Attributes
    ----------
    ids : ndarray of int32
        Units of all words, one word after the other.
    offsets : ndarray of shape (n_words + 1,), int64
        Where each word begins in ``ids``.
    counts : ndarray of shape (n_words,), int64
    """

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]
    counts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Units of each word."""
        return np.diff(self.offsets)

    @classmethod
    def from_nodes(cls, tree: NgramCounts, nodes: NDArray[np.int64], counts: NDArray[np.int64]) -> Lexicon:
        """The words that some nodes of an n-gram tree stand for."""
        lengths = np.searchsorted(tree.starts, nodes, side="right")
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        ids = np.empty(offsets[-1], np.int32)
        at, x = offsets[1:] - 1, nodes.copy()
        while len(x):
            ids[at] = tree.unit[x]
            x, at = tree.parent[x].astype(np.int64), at - 1
            x, at = x[x >= 0], at[x >= 0]
        return cls(ids, offsets, counts)

    @classmethod
    def from_pieces(
        cls,
        ids: NDArray[np.int32],
        begins: NDArray[np.integer[Any]],
        ends: NDArray[np.integer[Any]],
        times: NDArray[np.int64] | None = None,
    ) -> Lexicon:
        """Distinct pieces of an id stream and how often each comes, the short ones first; each counts ``times``."""
        lengths = ends - begins
        rows, sizes, counts = [np.empty(0, np.int32)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for n in np.unique(lengths).tolist():
            of_length = lengths == n
            row, count = _count(ids, begins[of_length], n, None if times is None else times[of_length])
            rows.append(row.ravel())
            sizes.append(np.full(len(row), n))
            counts.append(count)
        offsets = np.concatenate([[0], np.cumsum(np.concatenate(sizes))])
        return cls(np.concatenate(rows), offsets, np.concatenate(counts))

    @classmethod
    def sum_of(cls, parts: Iterable[Lexicon]) -> Lexicon:
        """All words of some lexicons, with what they count together; the short ones first.

        As they come they are added up again and again, whenever there are as many new words as distinct ones.
        """
        whole = cls(np.empty(0, np.int32), np.zeros(1, np.int64), np.empty(0, np.int64))
        waiting: list[Lexicon] = []
        for part in parts:
            waiting.append(part)
            if sum(map(len, waiting)) > max(len(whole), _MANY):
                whole, waiting = cls._sum([whole, *waiting]), []
        return cls._sum([whole, *waiting])

    @classmethod
    def _sum(cls, parts: list[Lexicon]) -> Lexicon:
        lengths = np.concatenate([part.lengths for part in parts])
        ids = np.concatenate([part.ids for part in parts])
        counts = np.concatenate([part.counts for part in parts])
        ends = np.cumsum(lengths)
        return cls.from_pieces(ids, ends - lengths, ends, counts)

    def followed_by(self, other: Lexicon) -> Lexicon:
        """These words and others, which should not be among them."""
        offsets = np.concatenate([self.offsets, self.offsets[-1] + other.offsets[1:]])
        return Lexicon(np.concatenate([self.ids, other.ids]), offsets, np.concatenate([self.counts, other.counts]))

    def select(self, chosen: NDArray[np.bool_]) -> Lexicon:
        """The words under a mask."""
        return Lexicon(
            self.ids[np.repeat(chosen, self.lengths)],
            np.concatenate([[0], np.cumsum(self.lengths[chosen])]),
            self.counts[chosen],
        )

    def with_counts(self, counts: NDArray[np.int64]) -> Lexicon:
        """The same words with other counts."""
        return Lexicon(self.ids, self.offsets, counts)

    def holds(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which words have one of the chosen units in them."""
        before = np.concatenate([[0], np.cumsum(chosen[self.ids])])
        return before[self.offsets[1:]] > before[self.offsets[:-1]]

    def with_units(self, unit_of: NDArray[np.int32]) -> Lexicon:
        """The same words with other units in the place of theirs."""
        return Lexicon(unit_of[self.ids], self.offsets, self.counts)

    def lattice(self, n_units: int) -> Lattice:
        """The lattice of these words over streams of unit ids below ``n_units``."""
        return Lattice.of_words(self.ids, self.offsets, n_units, self.counts)

    def scored_lattice(self, n_units: int, scores: NDArray[np.float64], floor: float) -> Lattice:
        """The lattice of these words with other scores than ln p; ``floor`` is that of a unit which is no word."""
        return Lattice.of_scores(self.ids, self.offsets, n_units, self.counts, scores, floor)

    def recount(self, corpus: Corpus) -> Lexicon:
        """Words and how often the best segmentation of a corpus takes each; those never taken are left out."""
        lattice = self.lattice(len(corpus.units))
        counts = np.zeros(len(self), np.int64)
        for block in corpus.blocks():
            counts += np.bincount(lattice.best_of_units(block).words + 1, minlength=len(self) + 1)[1:]
        return self.with_counts(counts).select(counts > 0)

    def occurrences(self, corpus: Corpus) -> NDArray[np.int64]:
        """How often the units of each word stand side by side."""
        lattice = self.lattice(len(corpus.units))
        trie = lattice.trie
        passed = np.zeros(len(trie.base), np.int64)
        for block in corpus.blocks():
            kernels.count_states(block, lattice.symbol_of, trie.base, trie.label, passed)
        counts = np.zeros(len(self), np.int64)
        ending = np.flatnonzero(trie.value >= 0)
        counts[trie.value[ending]] = passed[ending]
        return counts

    def texts(self, corpus: Corpus) -> list[str]:
        """The words as text."""
        strings = corpus.units.strings[self.ids].tolist()
        bounds = self.offsets.tolist()
        return ["".join(strings[a:b]) for a, b in pairwise(bounds)]

    def nodes(self, tree: NgramCounts) -> NDArray[np.int64]:
        """Node of each word in an n-gram tree, −1 where it is too rare or too long."""
        begins, stream = self.stream()
        nodes = tree.node_of_unit[stream]
        found = np.full(len(self), -1, np.int64)
        for n in range(1, tree.max_order + 1):
            of_length = self.lengths == n
            found[of_length] = nodes[begins[of_length]]
            tree.advance(stream, nodes, n, 1)
        return found

    def stream(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Where each word begins in one id stream of all words, a 0 after each."""
        return self.offsets[:-1] + np.arange(len(self)), np.insert(self.ids, self.offsets[1:], 0)


def _count(
    ids: NDArray[np.int32], begins: NDArray[np.integer[Any]], n: int, times: NDArray[np.int64] | None
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The distinct rows of n ids of those that begin at some places, in order, and how often each comes."""
    bits = max(1, int(ids.max(initial=1)).bit_length())
    if n * bits > 63:
        return _unique(ids[begins[:, None] + np.arange(n)], times)
    keys = np.zeros(len(begins), np.int64)
    for k in range(n):
        keys = (keys << bits) | ids[begins + k]
    distinct, counts = _unique(keys, times)
    shifts = bits * np.arange(n - 1, -1, -1)
    return ((distinct[:, None] >> shifts) & ((1 << bits) - 1)).astype(np.int32), counts


def _unique(rows: NDArray[Any], times: NDArray[np.int64] | None) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Distinct rows, and how often each comes, or the sum of its ``times``."""
    if times is None:
        return np.unique(rows, axis=0, return_counts=True)
    distinct, which = np.unique(rows, axis=0, return_inverse=True)
    return distinct, np.bincount(which, times, len(distinct)).astype(np.int64)
