"""Blocked Gibbs sampling of a segmentation under word unigram and word bigram models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minent._kernels import sampler as kernels
from minent.ngrams import NgramCounts

__all__ = ["BIGRAM_PRIOR", "UNIGRAM_PRIOR", "Sampler", "Spelling", "WordCounts"]

_BLOCK = 1 << 17
_STRENGTH = 10.0
UNIGRAM_PRIOR = (0.5, _STRENGTH)  # discount of words
BIGRAM_PRIOR = (0.5, 0.8, _STRENGTH)  # discounts of words and of pairs
_SPELLING_STRENGTH = 10.0
_CLAUSE_END = 0.05  # P0 of the end of a clause


@dataclass(frozen=True, eq=False)
class Spelling:
    """The base measure P0 of words: how their types are spelled.

    Attributes
    ----------
    p_length : ndarray of shape (longest + 1,), float64
        Of words of 1, 2, … units; at 0 that of the end of a clause.
    p_unit : ndarray of shape (n_units + 1,), float64
        Of each unit, wherever it stands; the last entry is a unit never seen.
    """

    p_length: NDArray[np.float64]
    p_unit: NDArray[np.float64]

    def spell(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Probability of each unit of a stream."""
        return self.p_unit[ids].astype(np.float32)


@dataclass(eq=False)
class WordCounts:
    """Counts of words and of pairs of neighbours.

    Attributes
    ----------
    words : ndarray of shape (n_nodes + 2, 3), int32
        Tokens, distinct right and distinct left neighbours of each n-gram as a word; then the begin and the end of
        clauses.
    sums : ndarray of shape (4,), int64
        Tokens (unigrams only), types, distinct pairs, and used rows of ``pairs``.
    pairs : ndarray of shape (2^k, 3), int32
        Hash table: word, the word after it, how often; −1 where empty.
    """

    words: NDArray[np.int32]
    sums: NDArray[np.int64]
    pairs: NDArray[np.int32]

    @classmethod
    def empty(cls, n_nodes: int, n_pairs: int = 0) -> WordCounts:
        """Nothing counted, with room for so many pairs."""
        return cls(np.zeros((n_nodes + 2, 3), np.int32), np.zeros(4, np.int64), _table(n_pairs))

    @property
    def state(self) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
        """All three, as the kernels take them."""
        return self.words, self.sums, self.pairs

    def reserve(self, more: int) -> None:
        """Make room for more pairs."""
        if 2 * (self.sums[3] + more) > len(self.pairs):
            used = int(np.count_nonzero(self.pairs[:, 2] > 0))
            table = _table(used + more)
            self.sums[3] = kernels.rehash(self.pairs, table)
            self.pairs = table


def _table(n_pairs: int) -> NDArray[np.int32]:
    return np.full((1 << (2 * n_pairs + 1).bit_length(), 3), -1, np.int32)


class Sampler:
    """A segmentation of a corpus, redrawn clause by clause given all other clauses.

    Parameters
    ----------
    ids : ndarray of shape (m,), int32
        Unit ids, a 0 after each clause.
    nodes : ndarray of shape (m, longest), int32
        The counted n-grams that begin at each unit: the words that can be.
    tree : NgramCounts
    step : ndarray of shape (m,), int8
        Length of the word that begins at each unit, where one does; changed in place.
    seed : int

    Notes
    -----
    The weights of all segmentations of a clause are summed forward, and one is drawn backward, in proportion. What
    the sampler knows of a word: its counts without this clause, and P0, how words are spelled: their lengths and
    their units over the distinct words of the segmentation, as it was when the sweep began. A cut before unit i weighs
    ``cut[i]``.

    References
    ----------
    Mochihashi, Yamada and Ueda (2009), "Bayesian unsupervised word segmentation with nested Pitman-Yor language
    modeling"; Goldwater, Griffiths and Johnson (2009), "A Bayesian framework for word segmentation".
    """

    def __init__(
        self, ids: NDArray[np.int32], nodes: NDArray[np.int32], tree: NgramCounts, step: NDArray[np.int8], seed: int
    ) -> None:
        self.ids, self.nodes, self.step = ids, nodes, step
        self.cut = np.ones(len(ids), np.float32)
        self._tree = tree
        self._random = np.random.default_rng(seed)
        frequency = np.bincount(ids, minlength=len(tree.units)).astype(np.float64)
        frequency[0] = 0.0
        self._p_unit = np.append(frequency + 0.5, 0.5)
        self._p_unit /= self._p_unit.sum()
        ends = np.flatnonzero(ids == 0) + 1
        self._blocks = np.unique(np.append(ends[np.searchsorted(ends, np.arange(_BLOCK, len(ids), _BLOCK))], len(ids)))

    def spelling(self) -> Spelling:
        """How the types of the segmentation are spelled."""
        n_length, n_unit = np.zeros(self.nodes.shape[1] + 1), np.zeros(len(self._p_unit))
        seen = np.zeros(len(self._tree), np.bool_)
        kernels.spell_types(self.ids, self.nodes, self.step, seen, n_length, n_unit)
        p_length = (n_length + 1.0) / (n_length[1:] + 1.0).sum()
        p_length[0] = _CLAUSE_END
        p_unit = (n_unit + _SPELLING_STRENGTH * self._p_unit) / (n_unit.sum() + _SPELLING_STRENGTH)
        return Spelling(p_length, p_unit)

    def unigram(self, sweeps: int, done: Callable[[], object]) -> None:
        """Sweeps under the word unigram model: p(w) = (max(c − d, 0) + (θ + d·T) P0(w)) / (θ + C)."""
        counts = WordCounts.empty(len(self._tree))
        kernels.count_unigrams(self.ids, self.nodes, self.step, counts.state)
        for _ in range(sweeps):
            model = (self._base(), UNIGRAM_PRIOR, counts.state)
            for begin, end, uniform in self._drawn():
                kernels.unigram_sweep(self.ids, self.nodes, self.step, *model, uniform, begin, end)
            done()

    def bigram(self, sweeps: int, done: Callable[[], object]) -> None:
        """Sweeps under the word bigram model: a hierarchical Pitman-Yor process, neighbours counted once a type."""
        counts = self.count_bigrams()
        for _ in range(sweeps):
            base = self._base()
            for begin, end, uniform in self._drawn():
                counts.reserve(end - begin)
                model = (base, BIGRAM_PRIOR, counts.state)
                kernels.bigram_sweep(self.ids, self.nodes, self.step, *model, uniform, begin, end)
            done()

    def _base(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float64]]:
        """What a segmentation weighs besides the counts; see the kernels."""
        spelling = self.spelling()
        return self.cut, spelling.spell(self.ids), spelling.p_length

    def count_bigrams(self) -> WordCounts:
        """Counts of the words and pairs of the segmentation."""
        counts = WordCounts.empty(len(self._tree))
        begin = 0
        for end in self._blocks.tolist():
            counts.reserve(end - begin)
            kernels.count_bigrams(self.ids, self.nodes, self.step, counts.state, begin, end)
            begin = end
        return counts

    def _drawn(self):  # type: ignore[no-untyped-def]
        begin = 0
        for end in self._blocks.tolist():
            yield begin, end, self._random.random(end - begin)
            begin = end
