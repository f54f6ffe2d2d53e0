"""How the words of a folded corpus are spelled in the text itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from minent.corpus import Corpus
from minent.folding import fold_text
from minent.ngrams import count_ngrams

__all__ = ["spellings"]

_FACTOR = 0x2545F4914F6CDD1D


def spellings(corpus: Corpus, folded: Corpus, words: Mapping[str, int], memory: str | int | None = None) -> list[str]:
    """The most frequent spelling of each word.

    Parameters
    ----------
    corpus : Corpus
        The text as it is.
    folded : Corpus
        What :meth:`minent.corpus.Corpus.folded` made of it.
    words : Mapping of str to int
        Words of the folded corpus, each with a number of times that it is there at least.

    memory : str or int, optional
        Most memory that the process may take, see :func:`minent.ngrams.count_ngrams`.

    Returns
    -------
    list of str
        Of spellings that are equally frequent, the first in the order of code points.

    Examples
    --------
    >>> corpus = Corpus.from_texts(["發現了，发现"] * 2 + ["發現"])
    >>> spellings(corpus, corpus.folded(), {"发现": 5, "了": 2})
    ['發現', '了']
    """
    longest = max((len(folded.units.split(word)) for word in words), default=1)
    tree = count_ngrams(folded, max_order=longest, min_count=min(words.values(), default=1), memory=memory)
    nodes = np.array([tree.find(word) for word in words], np.int64)
    index = np.full(len(tree) + 1, -1)  # −1 finds the last
    index[nodes] = np.arange(len(nodes))
    strings = corpus.units.strings
    is_changed = np.array([fold_text(text) != text for text in strings.tolist()], np.bool_)
    others: list[Counter[str]] = [Counter() for _ in nodes]
    for ids, stream in zip(corpus.blocks(), folded.blocks(), strict=True):
        found = index[tree.walk(stream, longest)]
        changed = np.zeros(len(ids), np.bool_)
        for n in range(1, longest + 1):
            changed[: max(0, len(ids) - n + 1)] |= is_changed[ids[n - 1 :]]
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
