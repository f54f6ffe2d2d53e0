"""Numbers as one unit: each is another, but all say the same of the words that stand beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from minent._disk import DiskArray
from minent._kernels.units import unit_lengths
from minent.corpus import Corpus
from minent.ngrams import NgramCounts
from minent.units import BREAK, DIGIT, LETTER, LONGEST_UNIT, SINGLE, UnitTable, char_classes, code_points, to_str

__all__ = ["as_one", "codes_as_one", "is_latin", "is_number", "number_scores", "one_number", "words_as_one"]

_OF_NUMBERS = 0.3
_LONGEST = 3
_WHOLE = 20.0


def _classes(units: UnitTable) -> NDArray[np.uint8]:
    """Class of the first character of each unit."""
    first = np.append(0, np.cumsum(units.lengths))[1:-1]
    return np.append(BREAK, char_classes(units.kind)[code_points("".join(units.strings.tolist()))[first]])


def is_number(units: UnitTable) -> NDArray[np.bool_]:
    """Which units are runs of digits; none where each digit is a unit.

    >>> units = Corpus.from_texts(["1998年12.5%"]).units
    >>> list(units), is_number(units).tolist()
    (['', '1998', '年', '12.5%'], [False, True, False, True])
    """
    return _classes(units) == DIGIT


def is_latin(units: UnitTable) -> NDArray[np.bool_]:
    """Which units are runs of letters; none where each letter is a unit."""
    return _classes(units) == LETTER


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
    blocks = (unit_of[block] for block in corpus.blocks())
    if isinstance(corpus.ids, np.ndarray):
        return Corpus(np.concatenate([np.empty(0, np.int32), *blocks]), corpus.units)
    disk = DiskArray(np.int32)
    for block in blocks:
        disk.append(block)
    return Corpus(disk, corpus.units)


def codes_as_one(
    codes: NDArray[np.uint32], lengths: NDArray[np.int8], classes: NDArray[np.uint8]
) -> tuple[NDArray[np.uint32], NDArray[np.int8], NDArray[np.int64]]:
    """Codes with a single 0 in the place of each number, their unit lengths, and where each was.

    Parameters
    ----------
    codes : ndarray of shape (n,), uint32
    lengths : ndarray of shape (n,), int8
        Length of the unit that starts at each code, 0 inside one, −1 for a break.
    classes : ndarray of uint8
        See :func:`minent.units.char_classes`.
    """
    bounds = np.append(np.flatnonzero(lengths), len(codes))
    first, last = classes[codes[bounds[:-1]]], classes[codes[bounds[1:] - 1]]
    # What is kept whole, such as 3D or 5月17日, is a unit here, but no number.
    in_number = np.repeat((first == DIGIT) & (last != SINGLE) & (last != LETTER), np.diff(bounds))
    places = np.flatnonzero(~in_number | (lengths != 0))
    of_number = in_number[places]
    one = np.where(of_number, np.uint32(ord("0")), codes[places])
    return one, np.where(of_number, np.int8(1), lengths[places]), places


def words_as_one(words: Sequence[str], units: str) -> list[str]:
    """Words with a 0 in the place of each number.

    >>> words_as_one(["1998年", "90后", "mp3", "第一"], "run")
    ['0年', '0后', 'mp0', '第一']
    """
    codes = code_points("".join(word + "\n" for word in words))
    lengths, classes = np.empty(len(codes), np.int8), char_classes(units)
    unit_lengths(codes, classes, LONGEST_UNIT, lengths)
    one, _, places = codes_as_one(codes, lengths, classes)
    text = to_str(one)
    bounds = np.searchsorted(places, np.cumsum([0, *(len(word) + 1 for word in words)])).tolist()
    return [text[a : b - 1] for a, b in pairwise(bounds)]


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
