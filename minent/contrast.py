"""What sets a corpus apart from other text: the words that it has more often."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from minent.errors import ParameterError

__all__ = ["keyness"]


def keyness(counts: Mapping[str, int], reference: Mapping[str, int]) -> NDArray[np.float64]:
    """Log-likelihood ratio of each word's counts in two texts, negative where the other text has it more often.

    A word that comes a times among N words, and b times among M words of the reference, is expected
    a' = N (a + b) / (N + M) and b' = M (a + b) / (N + M) times if the texts are alike; G² = 2 (a ln(a / a') +
    b ln(b / b')). Of words that are used alike, one in a thousand passes 10.83 by chance.

    Parameters
    ----------
    counts : Vocab, or Mapping of str to int
        Words of the corpus with their counts, none of them 0.
    reference : Vocab, or Mapping of str to int
        Words of other text, such as a vocabulary of general language; what it lacks counts as never seen. Both
        should be cut in the same way.

    Returns
    -------
    ndarray of shape (len(counts),), float64
        In the order of ``counts``.

    Raises
    ------
    ParameterError
        One of them counts nothing.

    References
    ----------
    Ted Dunning (1993), "Accurate methods for the statistics of surprise and coincidence"; Paul Rayson and Roger Garside
    (2000), "Comparing corpora using frequency profiling".

    Examples
    --------
    >>> keyness({"服务器": 30, "的": 70}, {"的": 140, "天气": 60})
    array([65.9167,  0.    ])
    """
    here = np.fromiter(counts.values(), np.float64, len(counts))
    there = np.fromiter((reference.get(word, 0) for word in counts), np.float64, len(counts))
    n, m = float(here.sum()), float(sum(reference.values()))
    if not (n and m):
        raise ParameterError("keyness compares two texts, and one of the vocabularies counts no words")
    ratio = 2 * (_information(here, n * (here + there) / (n + m)) + _information(there, m * (here + there) / (n + m)))
    return np.copysign(np.maximum(ratio, 0.0), here * m - there * n)


def _information(count: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    return count * np.log(np.maximum(count, 1) / expected)
