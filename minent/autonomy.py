"""Segmentation by autonomy: normalised variation of branching entropy, with a granularity found in the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from minent._kernels import autonomy as kernels
from minent._threads import in_order
from minent.branching import branching_entropy
from minent.corpus import Corpus
from minent.errors import ParameterError
from minent.lattice import Lattice
from minent.lexicon import Lexicon
from minent.ngrams import NgramCounts
from minent.numerals import as_one, is_latin, is_number, number_scores, one_number

__all__ = ["LONGEST_WORD", "Autonomy", "autonomy"]

# In units: transcribed names such as 谢瓦尔德纳泽.
LONGEST_WORD = 6

_LENGTH_EXPONENT = 0.8
_ALONE, _MOST_ALONE = 2.0, 2.0
_ROUNDS = 2
_GAP = 7.8
_SUFFIX = 500
_COHESION, _FREEDOM, _BOUND, _READY = 4.0, 5.0, 12.0, 32.0
_LEAST, _MOST = -5.0, 10.0
_NO_OFFSET = 5.0
_OFTEN = 20
_SAMPLE = 1_000_000
_TOLERANCE = 0.02
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
    alone : ndarray of shape (n_1,), float64
        Log-odds that each n-gram of one unit is a word where it stands.
    given : ndarray of shape (n,), float64
        Scores of n-grams with numbers, see :func:`minent.numerals.number_scores`; NaN where autonomy decides.
    suffixed : ndarray of shape (n,), float64
        What an n-gram scores more if its last unit is a suffix to a word before it.
    offset : float
        What puts words of two units and more on the scale of words of one.
    """

    tree: NgramCounts
    values: NDArray[np.float64]
    alone: NDArray[np.float64]
    given: NDArray[np.float64]
    suffixed: NDArray[np.float64]
    offset: float

    def scores(self) -> NDArray[np.float64]:
        """What each n-gram adds to the score of a segmentation in which it is a word.

        Returns
        -------
        ndarray of shape (n,), float64
        """
        worth = self.values + self.offset
        singles = self.tree.order(1)
        worth[singles] = self.values[singles] + _ALONE * self.alone
        for n in range(2, self.tree.max_order + 1):
            worth[self.tree.order(n)] *= n**_LENGTH_EXPONENT
        scores = np.where(np.isnan(self.given), worth, self.given)
        kernels.join_suffixes(scores, self.suffixed, self.tree.parent, self.tree.suffix, self.tree.starts)
        return scores

    def words(self) -> tuple[NDArray[np.int64], NDArray[np.float64], float]:
        """Nodes and scores of the n-grams that can be words, and what a unit scores that was not counted.

        An n-gram that its own parts outdo is in no best segmentation, and left out.
        """
        scores = self.scores()
        best, kept = np.empty(len(scores)), np.empty(len(scores), np.bool_)
        kernels.outdone(scores, self.tree.parent, self.tree.suffix, self.tree.starts, best, kept)
        nodes = np.flatnonzero(kept)
        # A unit that was not counted is in no n-gram, so that what it scores decides nothing.
        return nodes, scores[nodes], float(scores[nodes].min(initial=0.0)) - 1.0

    def lattice(self) -> tuple[Lattice, NDArray[np.int64]]:
        """The lattice whose best path is the segmentation, and the node of each of its words."""
        nodes, scores, floor = self.words()
        words = Lexicon.from_nodes(self.tree, nodes, self.tree.count[nodes])
        return words.scored_lattice(len(self.tree.units), scores, floor), nodes

    def cuts(self, ids: NDArray[np.int32]) -> NDArray[np.int8]:
        """The best segmentation of an id stream: the length of the word that begins at each unit, where one does.

        Parameters
        ----------
        ids : ndarray of shape (m,), int32
            Unit ids with a 0 after each clause.

        Returns
        -------
        ndarray of shape (m,), int8
        """
        lattice, _ = self.lattice()
        ends = lattice.best_of_units(ids).ends
        begins = np.append(0, ends)[:-1]
        step = np.zeros(len(ids), np.int8)
        step[begins] = np.where(ids[begins] > 0, ends - begins, 0)
        return step

    def lexicon(self, corpus: Corpus, threads: int = 1) -> Lexicon:
        """The words that the best segmentation uses, and how often.

        Parameters
        ----------
        corpus : Corpus
            The one that was measured, but with each number as it is.
        threads : int
            How many to use; the result is the same.
        """
        lattice, nodes = self.lattice()
        lattice = replace(lattice, symbol_of=lattice.symbol_of[one_number(corpus.units)])
        of_numbers = ~np.isnan(np.append(self.given[nodes], np.nan))  # the last is what −1 finds

        def taken(block: NDArray[np.int32]) -> tuple[NDArray[np.int64], Lexicon]:
            path = lattice.best_of_units(block)
            at = np.flatnonzero(of_numbers[path.words])
            spelled = Lexicon.from_pieces(block, np.where(at > 0, path.ends[at - 1], 0), path.ends[at])
            return np.bincount(path.words + 1, minlength=len(nodes) + 1)[1:], spelled

        used, numbers = np.zeros(len(nodes), np.int64), []
        for counts, spelled in in_order(taken, corpus.blocks(), threads):
            used += counts
            numbers.append(spelled)
        chosen = (used > 0) & ~of_numbers[:-1]
        return Lexicon.from_nodes(self.tree, nodes[chosen], used[chosen]).followed_by(Lexicon.sum_of(numbers))


def autonomy(corpus: Corpus, tree: NgramCounts) -> Autonomy:
    """Measure the autonomy of all n-grams, and at which granularity this corpus is to be cut.

    Parameters
    ----------
    corpus : Corpus
        Its numbers are taken as one, whether they are or not.
    tree : NgramCounts
        Of that corpus with all numbers as one, counted with ``branching``. Words are no longer than its n-grams.

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
    the variation less its mean over the n-grams of that length. An n-gram of two units or more that always has the
    same neighbour on one side is no word. Viterbi maximises Σ a(w) over words of one unit + Σ (a(w) + x) n^0.8 over
    words of n ≥ 2 units; n-grams with numbers score as :func:`minent.numerals.number_scores` says.

    The offset x follows from the corpus: in a sample of a million units, spread over the whole of it, let m_1 and m_2
    be the mean autonomy of the distinct words of one and two units that are used 20 times or more; then
    x + m_2 − m_1 = 7.8, found by secant between −5 and 10 in a few passes; where no word is used so often, x = 5.
    (Rarer words are left out because their entropies are biased; and a sample of that size, because the more of a
    larger corpus one takes, the rarer are the words used 20 times. Letters and digits are left out, too.)

    Then, twice: let k of the c places of a unit in the sample be words of that unit alone. Its autonomy is raised by
    2 min(2, ln((k + ½) / (c − k + ½))), in m_1 as well, and x found anew.

    An n-gram w of three units or more that would be cut into a word u and one unit v gains 4 PMI(u, v) + 5 h_R(w) −
    12 h_L(v) + 32 if that is positive and v occurs 500 times or more: little comes before a suffix, 器 in 服务器.

    References
    ----------
    Magistry and Sagot (2012), "Unsupervized word segmentation: the case for Mandarin Chinese".
    """
    if tree.left_spread is None:
        raise ParameterError("autonomy needs n-grams that were counted with branching=True")
    sample = _Sample(corpus, tree)
    right, left = (np.concatenate(list(branching_entropy(tree, side=side).values())) for side in ("right", "left"))
    values, given = _autonomies(tree, right, left), number_scores(tree)
    suffixed = np.where(np.isnan(given) & (values > -np.inf), _suffix_gains(tree, right, left), 0.0)
    found = Autonomy(tree, values, np.zeros(int(tree.starts[1])), given, suffixed, _NO_OFFSET)
    found = sample.with_offset(found)
    for _ in range(_ROUNDS):
        found = sample.with_offset(replace(found, alone=sample.alone()))
    return found


class _Sample:
    """A part of the corpus that is cut again and again."""

    def __init__(self, corpus: Corpus, tree: NgramCounts) -> None:
        self._ids = np.asarray(as_one(corpus.sample(_SAMPLE)).ids)
        self._nodes = tree.walk(self._ids, tree.max_order)
        self._occurrences = np.bincount(self._nodes[:, 0] + 1, minlength=int(tree.starts[1]) + 1)[1:]
        # Letters and digits are words by themselves, whatever else is one.
        self._in_script = ~(is_latin(tree.units) | is_number(tree.units))[tree.unit]
        self._best = np.empty(len(self._ids) + 1)
        self._step = np.empty(len(self._ids), np.int8)

        self._used = np.zeros(len(tree), np.int64)

    def cut(self, found: Autonomy) -> None:
        """Count how often the best cuts take each n-gram as a word."""
        scores = np.append(found.scores(), -np.inf).astype(np.float32)
        kernels.best_cuts(self._ids, self._nodes, scores, self._best, self._step)
        self._used[:] = 0
        kernels.count_words(self._ids, self._nodes, self._step, self._used)

    def alone(self) -> NDArray[np.float64]:
        """Log-odds that a unit is a word by itself in the last cuts, within bounds: 的 is, but not in 的确."""
        others = self._occurrences - self._used[: len(self._occurrences)]
        return np.minimum(_MOST_ALONE, np.log((self._used[: len(others)] + 0.5) / (others + 0.5)))

    def with_offset(self, found: Autonomy) -> Autonomy:
        """The granularity at which words of two units stand that far from those of one, which the last cuts have."""

        def miss(x: float) -> float:
            self.cut(replace(found, offset=x))
            often = (self._used >= _OFTEN) & self._in_script
            one, two = (often[found.tree.order(n)] for n in (1, 2))
            if not (one.any() and two.any()):
                return 0.0
            m1 = (found.values[found.tree.order(1)] + _ALONE * found.alone)[one].mean()
            m2 = found.values[found.tree.order(2)][two].mean()
            return float(x + m2 - m1 - _GAP)

        return replace(found, offset=_secant(miss, found.offset - 1.0, found.offset))


def _secant(f: Callable[[float], float], x0: float, x1: float) -> float:
    """A root of a rising function within bounds, to a few hundredths."""
    y0, y1 = f(x0), f(x1)
    for _ in range(6):
        if abs(y1) < _TOLERANCE or y1 == y0:
            break
        x0, x1 = x1, min(_MOST, max(_LEAST, x1 - y1 * (x1 - x0) / (y1 - y0)))
        y0, y1 = y1, f(x1)
    return x1


def _autonomies(tree: NgramCounts, right: NDArray[np.float64], left: NDArray[np.float64]) -> NDArray[np.float64]:
    p = tree.count[tree.order(1)] / max(tree.total, 1)
    of_units = -float(p @ np.log(p))
    values = np.zeros(len(tree))
    fixed = np.zeros(len(tree), np.bool_)
    for entropies, shorter in ((right, tree.parent), (left, tree.suffix)):
        fixed |= entropies < _NOTHING
        variation = entropies - np.where(shorter < 0, of_units, entropies[shorter])
        for n in range(1, tree.max_order + 1):
            of_order = tree.order(n)
            if of_order.start < of_order.stop:
                values[of_order] += variation[of_order] - variation[of_order].mean()
    fixed[tree.order(1)] = False
    values[fixed] = -np.inf
    return values


def _suffix_gains(tree: NgramCounts, right: NDArray[np.float64], left: NDArray[np.float64]) -> NDArray[np.float64]:
    """What an n-gram of three units and more gains where its last one is a suffix to what is before it."""
    gains = np.zeros(len(tree))
    is_suffix = tree.count[tree.order(1)] >= _SUFFIX
    longer = np.arange(int(tree.starts[min(2, tree.max_order)]), len(tree))
    last = tree.node_of_unit[tree.unit[longer]]
    longer, last = longer[is_suffix[last]], last[is_suffix[last]]
    chance = tree.count[tree.parent[longer]] * (tree.count[last] / max(tree.total, 1))
    cohesion = np.log(tree.count[longer] / chance)
    gains[longer] = _COHESION * cohesion + _FREEDOM * right[longer] - _BOUND * left[last] + _READY
    return np.maximum(gains, 0.0)
