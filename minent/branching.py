"""Branching entropy: how free the neighbours of an n-gram are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from minent.errors import ParameterError
from minent.ngrams import NgramCounts, NgramValues

__all__ = ["branching_entropy"]


def branching_entropy(counts: NgramCounts, *, side: str) -> NgramValues:
    """Entropy of the units that follow, or precede, every n-gram.

    A clause's end counts as a neighbour that is different each time, so an n-gram of n occurrences has
    H = ln n − (1/n) Σ c ln c over the neighbours inside the clause, each met c times.

    Parameters
    ----------
    counts : NgramCounts
        With ``branching``, or with ``min_count`` of 1 or 2: a neighbour met once adds nothing to the sum. Neighbours
        that are rarer units than ``min_count`` count as different each time.
    side : {"right", "left"}

    Returns
    -------
    NgramValues
        Order n → entropy in nats of the n-grams of that order, in the order of their nodes, float64; or the text of an
        n-gram → its entropy. The longest order only with ``branching``. 0 means that one neighbour always follows,
        ln n that all are different.

    Raises
    ------
    ParameterError
        ``counts`` is something else, ``side`` is neither, or rarer neighbours were left out of the counts.

    References
    ----------
    Zellig Harris (1955), "From phoneme to morpheme"; Jin and Tanaka-Ishii (2006), "Unsupervised segmentation of
    Chinese text by use of branching entropy".

    Examples
    --------
    >>> from minent.ngrams import count_ngrams
    >>> counts = count_ngrams(["上海", "上海", "上街", "上"], max_order=2)
    >>> branching_entropy(counts, side="right")["上"]    # ln 4 − (2 ln 2) / 4
    1.0397
    """
    if not isinstance(counts, NgramCounts):
        raise ParameterError(f"branching_entropy takes what count_ngrams returns, not {type(counts).__name__}")
    if side not in ("right", "left"):
        raise ParameterError(f'side must be "right" or "left", not {side!r}')
    counted = counts.right_spread if side == "right" else counts.left_spread
    if counted is not None:
        spread, longest = counted, counts.max_order
    elif counts.min_count <= 2:
        spread, longest = _spread(counts, side), counts.max_order - 1
    else:
        raise ParameterError(
            f"branching entropy needs counts with branching=True, or min_count 1 or 2, not {counts.min_count}: "
            "rarer neighbours matter"
        )
    inner = counts.count[: len(spread)].astype(np.float64)
    entropy = np.maximum(np.log(inner) - spread / inner, 0.0)
    return NgramValues(counts, {n: entropy[counts.order(n)] for n in range(1, longest + 1)})


def _spread(counts: NgramCounts, side: str) -> NDArray[np.float64]:
    """Σ c ln c over the neighbours that are n-grams one unit longer."""
    of = counts.parent if side == "right" else counts.suffix
    longer = slice(int(counts.starts[1]), len(counts))
    count = counts.count[longer].astype(np.float64)
    spread = np.bincount(of[longer], count * np.log(count), minlength=int(counts.starts[-2]))
    return spread.astype(np.float64, copy=False)
