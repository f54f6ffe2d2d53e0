"""Where words end, gap by gap: logistic regression on what surrounds a gap."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from minent._kernels import gaps as kernels
from minent.branching import branching_entropy
from minent.ngrams import NgramCounts

__all__ = ["GapClassifier", "GapTrainer", "mark_cuts"]

_LONGEST = 4
# Units before the gap at which an n-gram begins, its size, and which of the weights of its n-gram it takes.
_SPANS = np.array(
    [
        *((1, 1, 0), (0, 1, 1), (2, 1, 2), (-1, 1, 3)),
        *((2, 2, 0), (0, 2, 1), (1, 2, 2)),
        *((3, 3, 0), (0, 3, 1), (2, 3, 2), (1, 3, 3)),
        *((2, 4, 0), (1, 4, 1), (3, 4, 2)),
    ],
    np.int64,
)
_IDENTITIES = 4  # the first spans, units alone, have a weight for each unit too
_ROLES = 4
_SMOOTHING = 5.0
_SAMPLE = 60_000
_RIDGE = 1.0
_UNIT_RIDGE = 10.0
_DAMPING = 0.5
_STEPS, _NEAR = 12, 0.05


@dataclass(frozen=True, eq=False)
class GapClassifier:
    """Log-odds of a cut at each gap, as a sum over the n-grams around it.

    Attributes
    ----------
    weights : ndarray of shape (n + 5, 4), float32
        Of the n-grams of up to 4 units, by their nodes, and by where they lie; then of what reaches out of the clause,
        and of n-grams of 1, 2, 3 and 4 units that were not counted.
    bias : float
        Log-odds where all weights are 0.
    """

    weights: NDArray[np.float32]
    bias: float

    def log_odds(self, ids: NDArray[np.int32], nodes: NDArray[np.int32]) -> NDArray[np.float32]:
        """Log-odds of a cut before each unit of a stream.

        Parameters
        ----------
        ids : ndarray of shape (m,), int32
            Unit ids, a 0 after each clause.
        nodes : ndarray of shape (m, longest), int32
            The counted n-grams that begin at each unit; see :meth:`minent.ngrams.NgramCounts.walk`.

        Returns
        -------
        ndarray of shape (m,), float32
            Meaningless where no clause goes on.
        """
        out = np.full(len(ids), self.bias, np.float32)
        kernels.add_weights(ids, nodes, _SPANS, _special(self.weights), self.weights, out)
        return out


class GapTrainer:
    """Fits classifiers to segmentations of one corpus.

    Parameters
    ----------
    ids : ndarray of shape (m,), int32
    nodes : ndarray of shape (m, longest), int32
        See :meth:`GapClassifier.log_odds`.
    tree : NgramCounts
        Of that corpus, counted with ``branching`` and a ``max_order`` of 4 or more.
    seed : int
        Draws the gaps that the weights of the statistics are fitted to.

    Attributes
    ----------
    log_odds : ndarray of shape (m,), float32
        What the classifier fitted last says of each gap.

    Notes
    -----
    Each n-gram of up to 4 units around the gap gives five statistics: ln count, right and left branching entropy, and
    the log-odds of being followed, and preceded, by the end of a clause (shrunk towards those of the n-gram without its
    first, or last, unit). So pointwise mutual information is among their sums. The weights of these follow from Newton
    steps on a sample of the gaps; besides, each unit at the places −2, −1, 1, 2 has a weight of its own, which half a
    coordinate-wise Newton step a fit on all gaps improves. Both are shrunk by a normal prior.
    """

    def __init__(self, ids: NDArray[np.int32], nodes: NDArray[np.int32], tree: NgramCounts, seed: int = 0) -> None:
        self._ids, self._nodes = ids, nodes
        self.log_odds = np.zeros(len(ids), np.float32)
        self._table = _statistics(ids, nodes, tree)
        special = _special(self._table)
        self._rows = {
            n: np.append(np.arange(len(self._table))[tree.order(n)], special[n]) for n in range(1, _LONGEST + 1)
        }
        gaps = np.flatnonzero((ids[1:] != 0) & (ids[:-1] != 0)) + 1
        if len(gaps) > _SAMPLE:
            gaps = np.sort(np.random.default_rng(seed).choice(gaps, _SAMPLE, replace=False))
        self._gaps = gaps
        rows = np.empty((len(gaps), len(_SPANS)), np.int64)
        kernels.gap_rows(ids, nodes, gaps, _SPANS, _special(self._table), rows)
        size = rows.shape[1] * self._table.shape[1]
        self._features = np.ones((len(gaps), size + 1), np.float32)
        self._features[:, :-1] = self._table[rows].reshape(len(gaps), size)
        few = max(1, len(gaps))
        self._mean = (self._features[:, :-1].sum(0, np.float64) / few).astype(np.float32)
        self._features[:, :-1] -= self._mean
        squares = np.einsum("ij,ij->j", self._features[:, :-1], self._features[:, :-1])
        self._scale = np.sqrt(squares / few) + np.float32(1e-6)
        self._features[:, :-1] /= self._scale
        # Each fit starts where the last one ended.
        self._found = np.zeros(size + 1, np.float32)
        self._own = np.zeros((int(tree.starts[1]) + 1, _ROLES), np.float32)

    def fit(self, step: NDArray[np.int8], *, bias: float = 0.0) -> GapClassifier:
        """The classifier that explains the cuts of a segmentation.

        Parameters
        ----------
        step : ndarray of shape (m,), int8
            Length of the word that begins at each unit.
        bias : float
            Added to the log-odds of every cut in the end.
        """
        is_cut = mark_cuts(self._ids, step)
        found = _newton(self._features, is_cut[self._gaps].astype(np.float32), self._found)
        self._found = found
        by_span = (found[:-1] / self._scale).reshape(len(_SPANS), -1)
        weights = np.zeros((len(self._table), _ROLES), np.float32)
        for (_, size, role), of_span in zip(_SPANS.tolist(), by_span, strict=True):
            rows = self._rows[size]
            weights[rows, role] = self._table[rows] @ of_span
        weights[self._rows[1]] += self._own
        classifier = GapClassifier(weights, float(found[-1] - (found[:-1] / self._scale) @ self._mean))
        self.log_odds = classifier.log_odds(self._ids, self._nodes)
        change = self._step_of_units(is_cut)
        self._own += change
        weights[self._rows[1]] += change
        self.log_odds += np.float32(bias)
        return replace(classifier, bias=classifier.bias + bias)

    def _step_of_units(self, is_cut: NDArray[np.bool_]) -> NDArray[np.float32]:
        """What is added to the weights of the units at each place, and so to the log-odds."""
        rows = len(self._own)
        special = np.array([rows, rows - 1])
        given = (self._ids, self._nodes, _SPANS[:_IDENTITIES], special)
        slope, curvature = np.zeros((rows + 1, _ROLES)), np.zeros((rows + 1, _ROLES))
        kernels.slopes(*given, self.log_odds, is_cut, slope, curvature)
        change = np.zeros((rows + 1, _ROLES), np.float32)
        change[:-1] = _DAMPING * (slope[:-1] - _UNIT_RIDGE * self._own) / (curvature[:-1] + _UNIT_RIDGE)
        kernels.add_weights(*given, change, self.log_odds)
        return change[:-1]


def mark_cuts(ids: NDArray[np.int32], step: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Before which units a segmentation cuts, given the length of the word that begins at each."""
    is_cut = np.empty(len(ids), np.bool_)
    kernels.mark_cuts(ids, step, is_cut)
    return is_cut


def _special(table: NDArray[np.float32]) -> NDArray[np.int64]:
    """Rows of n-grams that reach out of the clause, and of those of each size that were not counted."""
    return len(table) - 1 - _LONGEST + np.arange(1 + _LONGEST)


def _newton(
    features: NDArray[np.float32], is_cut: NDArray[np.float32], start: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Weights of a logistic regression with a normal prior of variance 1 / ridge."""
    found = start.copy()
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(features @ found, -30.0, 30.0)))
        slope = features.T @ (is_cut - p) - _RIDGE * found
        curvature = (features * (p * (1.0 - p))[:, None]).T @ features
        curvature[np.diag_indices(len(found))] += _RIDGE
        change = np.linalg.solve(curvature.astype(np.float64), slope.astype(np.float64)).astype(np.float32)
        found += change
        if np.abs(change).max() < _NEAR:
            break
    return found


def _statistics(ids: NDArray[np.int32], nodes: NDArray[np.int32], tree: NgramCounts) -> NDArray[np.float32]:
    """Five statistics of each n-gram of up to 4 units, then the special rows."""
    size = int(tree.starts[_LONGEST])
    count = tree.count[:size].astype(np.float64)
    sides = np.zeros(size, np.int64), np.zeros(size, np.int64)
    kernels.clause_sides(ids, nodes[:, :_LONGEST], *sides)
    share = np.count_nonzero((ids[1:] == 0) & (ids[:-1] != 0)) / max(tree.total, 1)
    table = np.zeros((size + 1 + _LONGEST, 5), np.float32)
    table[:size, 0] = np.log(count)
    places = (("right", tree.suffix, sides[1]), ("left", tree.parent, sides[0]))
    for column, (side, outer, ended) in enumerate(places, 1):
        entropies = branching_entropy(tree, side=side)
        table[:size, column] = np.concatenate([entropies[n] for n in range(1, _LONGEST + 1)])
        table[:size, column + 2] = _side_log_odds(tree, count, ended, outer, share)
    for n in range(1, _LONGEST + 1):
        of_order = tree.order(n)
        rare = table[of_order][count[of_order] <= 2]
        if len(rare):
            table[size + n] = rare.mean(0)
            table[size + n, :3] = 0.0  # seen once: no entropy, ln 1
    return table


def _side_log_odds(
    tree: NgramCounts, count: NDArray[np.float64], ended: NDArray[np.int64], outer: NDArray[np.int32], share: float
) -> NDArray[np.float64]:
    """Log-odds that a clause ends beside an n-gram; ``outer`` leads to the n-gram without its far unit.

    ``share`` of all units stand there, whatever they are.
    """
    p = np.empty(len(count))
    for n in range(1, _LONGEST + 1):
        of_order = tree.order(n)
        prior = share if n == 1 else p[outer[of_order]]
        p[of_order] = (ended[of_order] + _SMOOTHING * prior) / (count[of_order] + _SMOOTHING)
    p = np.clip(p, 1e-6, 1.0 - 1e-6)
    return np.log(p / (1.0 - p))
