"""Candidate words as rows of unit ids, and what a corpus says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from minent.corpus import Corpus
from minent.lattice import Lattice
from minent.ngrams import NgramCounts

__all__ = ["Lexicon"]


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
    def from_pieces(cls, ids: NDArray[np.int32], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Lexicon:
        """Distinct pieces of an id stream and how often each comes, the short ones first."""
        bits = max(1, int(ids.max(initial=1)).bit_length())
        fits = 63 // bits
        lengths = ends - begins
        rows: list[NDArray[np.int32]] = []
        sizes: list[NDArray[np.int64]] = []
        counts: list[NDArray[np.int64]] = []
        for n in range(1, fits + 1):
            at = begins[lengths == n]
            keys = np.zeros(len(at), np.int64)
            for k in range(n):
                keys = (keys << bits) | ids[at + k]
            distinct, count = np.unique(keys, return_counts=True)
            shifts = bits * np.arange(n - 1, -1, -1)
            rows.append(((distinct[:, None] >> shifts) & ((1 << bits) - 1)).astype(np.int32).ravel())
            sizes.append(np.full(len(distinct), n))
            counts.append(count)
        long = np.flatnonzero(lengths > fits)
        bounds = zip(begins[long].tolist(), ends[long].tolist(), strict=True)
        times = Counter(tuple(ids[a:b].tolist()) for a, b in bounds)
        for row in sorted(times, key=_short_first):
            rows.append(np.array(row, np.int32))
            sizes.append(np.array([len(row)]))
            counts.append(np.array([times[row]]))
        offsets = np.concatenate([[0], np.cumsum(np.concatenate(sizes))])
        return cls(np.concatenate(rows), offsets, np.concatenate(counts))

    @classmethod
    def sum_of(cls, parts: Iterable[Lexicon]) -> Lexicon:
        """All words of some lexicons, with what they count together; the short ones first."""
        counts: Counter[tuple[int, ...]] = Counter()
        for part in parts:
            for row, count in zip(part._rows(), part.counts.tolist(), strict=True):
                counts[row] += count
        rows = sorted(counts, key=_short_first)
        offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
        ids = np.fromiter(chain.from_iterable(rows), np.int32, offsets[-1])
        return cls(ids, offsets, np.array([counts[row] for row in rows], np.int64))

    def _rows(self) -> Iterator[tuple[int, ...]]:
        ids = self.ids.tolist()
        return (tuple(ids[a:b]) for a, b in pairwise(self.offsets.tolist()))

    def followed_by(self, other: Lexicon) -> Lexicon:
        """These words and others that are not among them."""
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
            words = lattice.best_of_units(block).words
            counts += np.bincount(words[words >= 0], minlength=len(self))
        return self.with_counts(counts).select(counts > 0)

    def occurrences(self, corpus: Corpus) -> NDArray[np.int64]:
        """How often the units of each word stand side by side."""
        of_row = dict(zip(self._rows(), range(len(self)), strict=True))
        counts = np.zeros(len(self), np.int64)
        for n in np.unique(self.lengths).tolist():
            begins = np.zeros(len(corpus.units), np.bool_)
            begins[self.ids[self.offsets[:-1][self.lengths == n]]] = True
            for block in corpus.blocks():
                at = np.flatnonzero(begins[block[: max(0, len(block) - n + 1)]])
                found = Lexicon.from_pieces(block, at, at + n)
                for row, count in zip(found._rows(), found.counts.tolist(), strict=True):
                    if row in of_row:
                        counts[of_row[row]] += count
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


def _short_first(row: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return len(row), row
