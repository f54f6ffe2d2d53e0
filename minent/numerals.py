"""Numbers as one unit: each is another, but all say the same of the words that stand beside them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from minent._disk import DiskArray
from minent.corpus import Corpus
from minent.ngrams import NgramCounts
from minent.units import LETTER, UnitTable, char_classes

__all__ = ["as_one", "is_latin", "is_number", "number_scores", "one_number"]

_OF_NUMBERS = 0.3
_LONGEST = 3
_WHOLE = 20.0


def is_number(units: UnitTable) -> NDArray[np.bool_]:
    """Which units are runs of digits; none where each digit is a unit.

    >>> units = Corpus.from_texts(["1998年12.5%"]).units
    >>> list(units), is_number(units).tolist()
    (['', '1998', '年', '12.5%'], [False, True, False, True])
    """
    if units.kind != "run":
        return np.zeros(len(units), np.bool_)
    return np.array([text[:1].isdecimal() for text in units.strings.tolist()], np.bool_)


def is_latin(units: UnitTable) -> NDArray[np.bool_]:
    """Which units are runs of letters; none where each letter is a unit."""
    classes = char_classes(units.kind)
    return np.array([classes[ord(text[0])] == LETTER if text else False for text in units.strings.tolist()], np.bool_)


def one_number(units: UnitTable) -> NDArray[np.int32]:
    """For each unit itself, but for each number the first one of all."""
    number = is_number(units)
    return np.where(number, number.argmax(), np.arange(len(number))).astype(np.int32)


def as_one(corpus: Corpus) -> Corpus:
    """The corpus with one unit, that of its first number, in the place of all its numbers.

    >>> corpus = as_one(Corpus.from_texts(["5月17日"]))
    >>> [corpus.units[unit] for unit in corpus.ids]
    ['5', '月', '5', '日', '']
    """
    unit_of = one_number(corpus.units)
    if isinstance(corpus.ids, np.ndarray):
        return Corpus(unit_of[corpus.ids], corpus.units)
    disk = DiskArray(np.int32)
    for block in corpus.blocks():
        disk.append(unit_of[block])
    return Corpus(disk, corpus.units)


def number_scores(tree: NgramCounts) -> NDArray[np.float64]:
    """What n-grams with a number in them score as words, whatever their autonomy.

    A number and what follows it are a word if that stands after a number in three of ten places, as in 5月, 1998年 and
    90年代; a third unit comes in only where the second does by itself. So are numbers and letters side by side: mp3.
    Nothing else with a number in it is a word.

    Parameters
    ----------
    tree : NgramCounts
        N-grams, best of :func:`as_one` of a corpus; otherwise all its numbers are counted as one here.

    Returns
    -------
    ndarray of shape (n,), float64
        NaN for n-grams without a number, 0 for a number alone, 20 for words, −∞ for the rest.
    """
    number = is_number(tree.units)
    holds, first, joined = number[tree.unit], np.zeros(len(tree), np.bool_), np.zeros(len(tree), np.bool_)
    latin = (number | is_latin(tree.units))[tree.unit]
    singles = tree.order(1)
    first[singles] = joined[singles] = holds[singles]
    for n in range(2, tree.max_order + 1):
        nodes = tree.order(n)
        shorter, rest = tree.parent[nodes], tree.suffix[nodes]
        first[nodes] = first[shorter] & ~holds[nodes]
        latin[nodes] &= latin[shorter]
        holds[nodes] |= holds[shorter]
        if n <= _LONGEST:
            after = np.bincount(rest, tree.count[nodes] * first[nodes], minlength=len(tree))
            joined[nodes] = first[nodes] & joined[shorter] & (after[rest] >= _OF_NUMBERS * tree.count[rest])
    scores = np.where(holds, np.where(joined | latin, _WHOLE, -np.inf), np.nan)
    scores[singles][holds[singles]] = 0.0
    return scores
