"""Association of units: pointwise mutual information, and what a merge does to the entropy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minent._kernels import association as kernels
from minent.errors import ParameterError
from minent.ngrams import NgramCounts, NgramValues

__all__ = ["merge_gain", "merge_gain_bound", "pmi"]


def pmi(counts: NgramCounts) -> NgramValues:
    """Pointwise mutual information of every n-gram at its weakest split.

    The cohesion of w is the minimum over all splits w = u v of ln( p(w) / (p(u) p(v)) ), where
    p = count / ``counts.total``; with two units that is plain PMI.

    Parameters
    ----------
    counts : NgramCounts

    Returns
    -------
    NgramValues
        Order n ≥ 2 → cohesion in nats of the n-grams of that order, in the order of their nodes, float64; or the
        text of an n-gram → its cohesion.

    Raises
    ------
    ParameterError
        ``counts`` is something else.

    References
    ----------
    Su Jianlin, kexue.fm posts 4256 and 6920.

    Examples
    --------
    >>> from minent.ngrams import count_ngrams
    >>> counts = count_ngrams(["蝴蝶", "蝴蝶", "大", "小"], max_order=2)
    >>> pmi(counts)[2]          # ln( (2/6) / (2/6 · 2/6) ) = ln 3
    array([1.0986])
    >>> pmi(counts)["蝴蝶"]
    1.0986
    """
    if not isinstance(counts, NgramCounts):
        raise ParameterError(f"pmi takes what count_ngrams returns, not {type(counts).__name__}")
    log_count = np.log(counts.count)
    log_total = float(np.log(max(counts.total, 1)))
    out: dict[int, NDArray[np.float64]] = {}
    for n in range(2, counts.max_order + 1):
        nodes = counts.order(n)
        out[n] = np.empty(nodes.stop - nodes.start)
        kernels.weakest_split(log_count, counts.parent, counts.suffix, nodes.start, nodes.stop, log_total, out[n])
    return NgramValues(counts, out)


def _probabilities(p: ArrayLike, parts: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    whole = np.asarray(p, np.float64)
    of_parts = np.asarray(parts, np.float64)
    if (whole < 0).any() or (of_parts < whole).any() or (of_parts > 1).any():
        raise ParameterError("probabilities must satisfy 0 ≤ p ≤ each part ≤ 1")
    return whole, of_parts


def merge_gain(p: ArrayLike, parts: ArrayLike) -> NDArray[np.float64]:
    """F, the exact fall of the entropy per unit of mean length when k units are merged into one.

    Making one unit of k adjacent ones changes the entropy per character L = H / l by exactly −F / l, with
    F = p ln(p/Πp_i) − [1−(k−1)p] ln[1−(k−1)p] + Σ_i (p_i−p) ln(1 − p/p_i).

    Parameters
    ----------
    p : float or ndarray
        Probability of the k units side by side.
    parts : ndarray of shape (k,) or (k, ...), float64
        Probabilities of the units alone; each at least ``p``.

    Returns
    -------
    ndarray, float64
        F in nats.

    Raises
    ------
    ParameterError
        A part is rarer than the whole.

    References
    ----------
    Su Jianlin, kexue.fm post 5476.

    Examples
    --------
    >>> merge_gain(0.01, [0.02, 0.02])
    array(0.028276)
    >>> merge_gain_bound(0.01, [0.02, 0.02])
    array(0.022189)
    """
    from scipy.special import xlog1py, xlogy  # not above: it takes as long to load as all the rest of minent

    whole, of_parts = _probabilities(p, parts)
    left_over = 1 - (len(of_parts) - 1) * whole
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = np.where(whole > 0, whole / of_parts, 0.0)
    lost = xlog1py(of_parts - whole, -rest).sum(axis=0)
    return np.asarray(xlogy(whole, whole) - xlogy(whole, of_parts).sum(axis=0) - xlogy(left_over, left_over) + lost)


def merge_gain_bound(p: ArrayLike, parts: ArrayLike) -> NDArray[np.float64]:
    """F* = p (ln(p/Πp_i) − 1), a lower bound of :func:`merge_gain` for a pair: PMI must exceed 1 to be sure.

    Parameters
    ----------
    p, parts
        As for :func:`merge_gain`.

    Returns
    -------
    ndarray, float64
        F* in nats.

    Raises
    ------
    ParameterError
        A part is rarer than the whole.

    References
    ----------
    Su Jianlin, kexue.fm post 5476.

    Examples
    --------
    >>> merge_gain_bound(0.01, [0.02, 0.02])        # 0.01 (ln 25 − 1)
    array(0.022189)
    """
    from scipy.special import xlogy

    whole, of_parts = _probabilities(p, parts)
    return np.asarray(xlogy(whole, whole) - xlogy(whole, of_parts).sum(axis=0) - whole)
