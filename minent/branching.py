"""Branching entropy: how free the neighbours of an n-gram are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from minent.errors import ParameterError
from minent.ngrams import NgramCounts

__all__ = ["branching_entropy"]


def branching_entropy(counts: NgramCounts, *, side: str) -> dict[int, NDArray[np.float64]]:
    """Entropy of the units that follow, or precede, every n-gram.

    A clause's end counts as a neighbour that is different each time, so an n-gram of n occurrences has
    H = ln n − (1/n) Σ c ln c over the neighbours inside the clause, each met c times.

    Parameters
    ----------
    counts : NgramCounts
        With ``min_count`` of 1 or 2: a neighbour met once adds nothing to the sum, so both are exact.
    side : {"right", "left"}

    Returns
    -------
    dict of int to ndarray, float64
        Order n < ``counts.max_order`` → entropy in nats of the n-grams of that order, in the order of their
        nodes; 0 means that one neighbour always follows, ln n that all are different.

    Raises
    ------
    ParameterError
        ``side`` is neither, or rarer neighbours were left out of the counts.

    References
    ----------
    Zellig Harris (1955), "From phoneme to morpheme"; Jin and Tanaka-Ishii (2006), "Unsupervised segmentation of
    Chinese text by use of branching entropy".

    Examples
    --------
    >>> from minent.ngrams import count_ngrams
    >>> counts = count_ngrams(["上海", "上海", "上街", "上"], max_order=2)
    >>> counts.text([counts.find("上")])
    ['上']
    >>> float(branching_entropy(counts, side="right")[1][counts.find("上")])    # ln 4 − (2 ln 2) / 4
    1.0397
    """
    if side not in ("right", "left"):
        raise ParameterError(f'side must be "right" or "left", not {side!r}')
    if counts.min_count > 2:
        raise ParameterError(
            f"branching entropy needs counts with min_count 1 or 2, not {counts.min_count}: rarer neighbours matter"
        )
    of = counts.parent if side == "right" else counts.suffix
    longer = slice(int(counts.starts[1]), len(counts))
    count = counts.count.astype(np.float64)
    spread = np.bincount(of[longer], count[longer] * np.log(count[longer]), minlength=int(counts.starts[-2]))
    inner = count[: len(spread)]
    entropy = np.maximum(np.log(inner) - spread / inner, 0.0)
    return {n: entropy[counts.order(n)] for n in range(1, counts.max_order)}
