"""Segmentation by autonomy: normalised variation of branching entropy, with a granularity found in the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minent._kernels import discovery as kernels
from minent._threads import in_order
from minent.branching import branching_entropy
from minent.corpus import Corpus
from minent.errors import ParameterError
from minent.lattice import Lattice
from minent.lexicon import Lexicon
from minent.ngrams import NgramCounts

__all__ = ["LONGEST_WORD", "Autonomy", "autonomy"]

# In units: transcribed names such as 谢瓦尔德纳泽.
LONGEST_WORD = 6

_LENGTH_EXPONENT = 0.8
_GAP = 6.9
_OFTEN = 20
_SAMPLE = 1_000_000
_TOLERANCE = 0.02
_BOND = 20.0
_NOTHING = 1e-5  # an entropy that is 0 but for rounding


@dataclass(frozen=True, eq=False)
class Autonomy:
    """What a corpus says of every n-gram as a word, and the segmentation that follows from it.

    Attributes
    ----------
    tree : NgramCounts
        The n-grams.
    values : ndarray of shape (n,), float64
        Autonomy in nats of each n-gram, in the order of the nodes of the tree; −inf for what is no word.
    offset : float
        What puts words of two units on the scale of words of one.
    """

    tree: NgramCounts
    values: NDArray[np.float64]
    offset: float

    def scores(self, bound: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """What each n-gram adds to the score of a segmentation in which it is a word.

        Parameters
        ----------
        bound : ndarray of shape (n,), bool, optional
            N-grams to keep whole wherever that costs little.

        Returns
        -------
        ndarray of shape (n,), float64
        """
        values = self.values if bound is None else np.where(bound, self.values + _BOND, self.values)
        offsets, powers = _by_order(self.tree.max_order, self.offset)
        order = np.repeat(np.arange(self.tree.max_order), np.diff(self.tree.starts))
        return (values + offsets[order]) * powers[order]

    def words(self, bound: NDArray[np.bool_] | None = None) -> tuple[NDArray[np.int64], NDArray[np.float64], float]:
        """Nodes and scores of the n-grams that can be words, and what a unit scores that was not counted.

        An n-gram that its own parts outdo is in no best segmentation, and left out.
        """
        scores = self.scores(bound)
        best, kept = np.empty(len(scores)), np.empty(len(scores), np.bool_)
        kernels.outdone(scores, self.tree.parent, self.tree.suffix, self.tree.starts, best, kept)
        nodes = np.flatnonzero(kept)
        # A unit that was not counted is in no n-gram, so that what it scores decides nothing.
        return nodes, scores[nodes], float(scores[nodes].min(initial=0.0)) - 1.0

    def lattice(self, bound: NDArray[np.bool_] | None = None) -> tuple[Lattice, NDArray[np.int64]]:
        """The lattice whose best path is the segmentation, and the node of each of its words."""
        nodes, scores, floor = self.words(bound)
        words = Lexicon.from_nodes(self.tree, nodes, self.tree.count[nodes])
        return words.scored_lattice(len(self.tree.units), scores, floor), nodes

    def cuts(self, ids: NDArray[np.int32], bound: NDArray[np.bool_] | None = None) -> NDArray[np.int8]:
        """The best segmentation of an id stream: the length of the word that begins at each unit, where one does.

        Parameters
        ----------
        ids : ndarray of shape (m,), int32
            Unit ids with a 0 after each clause.
        bound : ndarray of shape (n,), bool, optional
            As for :meth:`scores`.

        Returns
        -------
        ndarray of shape (m,), int8
        """
        lattice, _ = self.lattice(bound)
        ends = lattice.best_of_units(ids).ends
        begins = np.append(0, ends[:-1])
        step = np.zeros(len(ids), np.int8)
        step[begins] = np.where(ids[begins] > 0, ends - begins, 0)
        return step

    def count_words(
        self, corpus: Corpus, bound: NDArray[np.bool_] | None = None, threads: int = 1
    ) -> NDArray[np.int64]:
        """How often the best segmentation takes each n-gram as a word.

        Parameters
        ----------
        corpus : Corpus
            The one that was measured.
        bound : ndarray of shape (n,), bool, optional
            As for :meth:`scores`.
        threads : int
            How many to use; the result is the same.

        Returns
        -------
        ndarray of shape (n,), int64
        """
        lattice, nodes = self.lattice(bound)

        def taken(block: NDArray[np.int32]) -> NDArray[np.int64]:
            words = lattice.best_of_units(block).words
            return np.bincount(words[words >= 0], minlength=len(nodes))

        used = np.zeros(len(self.values), np.int64)
        for counts in in_order(taken, corpus.blocks(), threads):
            used[nodes] += counts
        return used


def autonomy(corpus: Corpus, tree: NgramCounts) -> Autonomy:
    """Measure the autonomy of all n-grams, and at which granularity this corpus is to be cut.

    Parameters
    ----------
    corpus : Corpus
    tree : NgramCounts
        Of that corpus, counted with ``branching``. Words are no longer than its n-grams.

    Returns
    -------
    Autonomy

    Raises
    ------
    ParameterError
        The n-grams were counted without ``branching``.

    Notes
    -----
    With h the branching entropy on the right of w, its variation is h(w) − h(w without its last unit), likewise on
    the left; a unit alone is compared with the entropy of all units. The autonomy a(w) is the sum over both sides of
    the variation less its mean over the n-grams of that length. An n-gram that always has the same neighbour on one
    side is no word. Viterbi maximises Σ (a(w) + offset_n) n^0.8 over words of n units, with offsets 0, x, x/2, x, x, …
    The offset x follows from the corpus: in a sample of a million units, spread over the whole of it, let m_1 and m_2
    be the mean autonomy of the distinct words of one and two units that are used 20 times or more; then
    x + m_2 − m_1 = 6.9, found by secant in a few passes. (Rarer words are left out because their entropies are biased;
    and a sample of that size, because the more of a larger corpus one takes, the rarer are the words used 20 times.)

    References
    ----------
    Magistry and Sagot (2012), "Unsupervized word segmentation: the case for Mandarin Chinese".
    """
    if tree.left_spread is None:
        raise ParameterError("autonomy needs n-grams that were counted with branching=True")
    values = _autonomies(tree)
    ids = np.asarray(corpus.sample(_SAMPLE).ids)
    nodes = tree.walk(ids, tree.max_order)
    at_nodes = np.append(values, -np.inf).astype(np.float32)[nodes]
    best, step = np.empty(len(ids) + 1), np.empty(len(ids), np.int8)

    def miss(x: float) -> float:
        used = np.zeros(len(values), np.int64)
        kernels.best_cuts(ids, at_nodes, *_by_order(tree.max_order, x), best, step)
        kernels.count_words(ids, nodes, step, used)
        of_one, of_two = (_mean_of_used(values, used, tree, n) for n in (1, 2))
        return of_two - of_one + x - _GAP if of_one is not None and of_two is not None else 0.0

    return Autonomy(tree, values, _secant(miss, 4.0, 5.0))


def _mean_of_used(values: NDArray[np.float64], used: NDArray[np.int64], tree: NgramCounts, order: int) -> float | None:
    if order > tree.max_order:
        return None
    often = used[tree.order(order)] >= _OFTEN
    return float(values[tree.order(order)][often].mean()) if often.any() else None


def _by_order(longest: int, x: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Offset and factor of words of 1, 2, … units."""
    offsets: NDArray[np.float64] = np.full(longest, x)
    offsets[:3] = np.array([0, x, x / 2])[:longest]
    return offsets, np.arange(1.0, longest + 1) ** _LENGTH_EXPONENT


def _secant(f: Callable[[float], float], x0: float, x1: float) -> float:
    """A root of a rising function between 0 and 10, to a hundredth or so."""
    y0, y1 = f(x0), f(x1)
    for _ in range(6):
        if abs(y1) < _TOLERANCE or y1 == y0:
            break
        x0, x1 = x1, min(10.0, max(0.0, x1 - y1 * (x1 - x0) / (y1 - y0)))
        y0, y1 = y1, f(x1)
    return x1


def _autonomies(tree: NgramCounts) -> NDArray[np.float64]:
    p = tree.count[tree.order(1)] / max(tree.total, 1)
    of_units = -float(p @ np.log(p))
    values = np.zeros(len(tree))
    fixed = np.zeros(len(tree), np.bool_)
    for side, shorter in (("right", tree.parent), ("left", tree.suffix)):
        entropies = np.concatenate(list(branching_entropy(tree, side=side).values()))
        fixed |= entropies < _NOTHING
        variation = entropies - np.where(shorter < 0, of_units, entropies[shorter])
        for n in range(1, tree.max_order + 1):
            of_order = tree.order(n)
            if of_order.start < of_order.stop:
                values[of_order] += variation[of_order] - variation[of_order].mean()
    fixed[tree.order(1)] = False
    values[fixed] = -np.inf
    return values
