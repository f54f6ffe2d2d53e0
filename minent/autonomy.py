"""Segmentation by autonomy: normalised variation of branching entropy, with a granularity found in the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minent._kernels import discovery as kernels
from minent.branching import branching_entropy
from minent.corpus import Corpus
from minent.ngrams import NgramCounts

__all__ = ["Autonomy", "autonomy"]

_LENGTH_EXPONENT = 0.8
_GAP = 6.65
_OFTEN = 20
_TOLERANCE = 0.02
_BOND = 20.0
_NOTHING = 1e-9  # an entropy that is 0 but for rounding


@dataclass(frozen=True, eq=False)
class Autonomy:
    """What a corpus says of every n-gram as a word, and the segmentation that follows from it.

    Attributes
    ----------
    ids : ndarray of shape (m,), int32
        The corpus.
    nodes : ndarray of shape (m, longest), int32
        The n-grams of order 1, 2, … that begin at each position of the corpus, −1 where one was not counted.
    values : ndarray of shape (n,), float64
        Autonomy in nats of the n-grams of order 1 … ``max_order − 1``, in the order of their nodes; −inf for what
        is no word.
    offset : float
        What puts words of two units on the scale of words of one.
    """

    ids: NDArray[np.int32]
    nodes: NDArray[np.int32]
    values: NDArray[np.float64]
    offset: float

    def count_words(self, bound: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """How often the best segmentation takes each n-gram as a word.

        Parameters
        ----------
        bound : ndarray of shape (n,), bool, optional
            N-grams to keep whole wherever that costs little.

        Returns
        -------
        ndarray of shape (n,), int64
        """
        values = self.values if bound is None else np.where(bound, self.values + _BOND, self.values)
        used = np.zeros(len(values), np.int64)
        step = _segment(self.ids, _at_nodes(values, self.nodes), self.offset)
        kernels.count_words(self.ids, self.nodes, step, used)
        return used


def autonomy(corpus: Corpus, tree: NgramCounts) -> Autonomy:
    """Measure the autonomy of all n-grams, and at which granularity this corpus is to be cut.

    Parameters
    ----------
    corpus : Corpus
    tree : NgramCounts
        Of that corpus, with ``min_count`` 1 or 2. Words are one unit shorter than its longest n-grams.

    Returns
    -------
    Autonomy

    Notes
    -----
    With h the branching entropy on the right of w, its variation is h(w) − h(w without its last unit), likewise on
    the left; a unit alone is compared with the entropy of all units. The autonomy a(w) is the sum over both sides of
    the variation less its mean over the n-grams of that length. An n-gram that always has the same neighbour on one
    side is no word. Viterbi maximises Σ (a(w) + offset_n) n^0.8 over words of n units, with offsets 0, x, x/2, x, x, …
    The offset x follows from the corpus: m_1 and m_2 being the mean autonomy of the distinct words of one and two
    units that are used 20 times or more, x + m_2 − m_1 = 6.65, found by secant in a few passes. (Rarer words are left
    out because their entropies are biased, and the more of them a large corpus has, the more they pull the means.)

    References
    ----------
    Magistry and Sagot (2012), "Unsupervized word segmentation: the case for Mandarin Chinese".
    """
    ids = corpus.ids
    nodes = tree.walk(ids, tree.max_order - 1)
    values = _autonomies(tree)
    at_nodes = _at_nodes(values, nodes)
    one, two = tree.order(1), tree.order(2)

    def miss(x: float) -> float:
        used = np.zeros(len(values), np.int64)
        kernels.count_words(ids, nodes, _segment(ids, at_nodes, x), used)
        of_one, of_two = (values[n][used[n] >= _OFTEN] for n in (one, two))
        return float(of_two.mean() - of_one.mean()) + x - _GAP if len(of_one) and len(of_two) else 0.0

    return Autonomy(ids, nodes, values, _secant(miss, 4.0, 5.0))


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
    values = np.zeros(int(tree.starts[-2]))
    fixed = np.zeros(len(values), np.bool_)
    for side, shorter in (("right", tree.parent), ("left", tree.suffix)):
        entropies = branching_entropy(tree, side=side)
        flat = np.concatenate([entropies[n] for n in range(1, tree.max_order)])
        above = shorter[: len(flat)]
        fixed |= flat < _NOTHING
        variation = flat - np.where(above < 0, of_units, flat[above])
        for n in range(1, tree.max_order):
            of_order = tree.order(n)
            if of_order.start < of_order.stop:
                values[of_order] += variation[of_order] - variation[of_order].mean()
    fixed[tree.order(1)] = False
    values[fixed] = -np.inf
    return values


def _at_nodes(values: NDArray[np.float64], nodes: NDArray[np.int32]) -> NDArray[np.float32]:
    """Value of each node, −inf at −1; in single precision, since every unit of the corpus has several."""
    return np.append(values, -np.inf).astype(np.float32)[nodes]


def _segment(ids: NDArray[np.int32], at_nodes: NDArray[np.float32], x: float) -> NDArray[np.int8]:
    """Length of the best word that begins at each position, at offset ``x``."""
    offsets = np.full(at_nodes.shape[1], x)
    offsets[:3] = np.array([0, x, x / 2])[: len(offsets)]
    counted = at_nodes[:, 0][np.isfinite(at_nodes[:, 0])]
    rare = float(counted.min(initial=0.0))
    best, step = np.empty(len(ids) + 1), np.empty(len(ids), np.int8)
    kernels.best_cuts(ids, at_nodes, offsets, _LENGTH_EXPONENT, rare, best, step)
    return step
