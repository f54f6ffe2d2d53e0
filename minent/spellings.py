"""How the words of a folded corpus are spelled in the text itself."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from minent.corpus import Corpus
from minent.ngrams import NgramCounts

__all__ = ["spellings"]

_FACTOR = 0x2545F4914F6CDD1D


def spellings(corpus: Corpus, tree: NgramCounts, nodes: NDArray[np.int64]) -> list[str]:
    """The most frequent spelling of each of some n-grams.

    Parameters
    ----------
    corpus : Corpus
        The text as it is.
    tree : NgramCounts
        Of what :meth:`minent.corpus.Corpus.folded` makes of it.
    nodes : ndarray of shape (n,), int64
        The n-grams.

    Returns
    -------
    list of str
        Of spellings that are equally frequent, the first in the order of code points.

    Examples
    --------
    >>> from minent.ngrams import count_ngrams
    >>> corpus = Corpus.from_texts(["發現了，发现"] * 2 + ["發現"])
    >>> tree = count_ngrams(corpus.folded(), max_order=2)
    >>> spellings(corpus, tree, np.array([tree.find("发现"), tree.find("了")]))
    ['發現', '了']
    """
    assert tree.units.fold is not None
    folded, of_unit = corpus.units.folded(tree.units.fold)
    strings = corpus.units.strings
    is_changed = strings != folded.strings[of_unit]
    words = tree.text(nodes)
    others: list[Counter[str]] = [Counter() for _ in nodes]
    index = np.full(len(tree) + 1, -1)  # −1 finds the last
    index[nodes] = np.arange(len(nodes))
    longest = int(np.searchsorted(tree.starts, nodes, side="right").max(initial=0))
    for ids in corpus.blocks():
        found = index[tree.walk(of_unit[ids], longest)]
        changed = np.zeros(len(ids), np.bool_)
        for n in range(1, longest + 1):
            changed[: len(ids) - n + 1] |= is_changed[ids[n - 1 :]]
            at = np.flatnonzero(changed & (found[:, n - 1] >= 0))
            keys = found[at, n - 1]
            for k in range(n):
                keys = keys * _FACTOR + ids[at + k]
            _, first, times = np.unique(keys, return_index=True, return_counts=True)
            rows = strings[ids[at[first][:, None] + np.arange(n)]].tolist()
            for word, row, count in zip(found[at[first], n - 1].tolist(), rows, times.tolist(), strict=True):
                others[word]["".join(row)] += count
    for word, count, other in zip(words, tree.count[nodes].tolist(), others, strict=True):
        other[word] = count - other.total()
    return [min(other, key=lambda text: (-other[text], text)) for other in others]
