"""Cuts between the units of a corpus, as words of its lines and as F1 against gold, fast enough for many trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

import minent
from minent.autonomy import Autonomy
from minent.units import char_classes, code_points


@njit(cache=True, nogil=True)
def mark_begins(ids, step, begins):
    """``begins[u]``: a word begins at the u-th unit, breaks not counted; returns how many units there are."""
    next_word = 0
    unit = 0
    for i in range(len(ids)):
        if ids[i] == 0:
            next_word = i + 1
            continue
        begins[unit] = i >= next_word
        if i >= next_word:
            next_word = i + np.int64(step[i])
        unit += 1
        if unit == len(begins):
            break
    return unit


class Text:
    """Lines with their units, and their gold words if these are known.

    Parameters
    ----------
    lines : sequence of str
    gold : sequence of sequences of str, optional
        The words of each line.
    """

    def __init__(self, lines: Sequence[str], gold: Sequence[Sequence[str]] | None = None) -> None:
        self._text = "\n".join(lines)
        spans = minent.Segmenter({}).spans(self._text)
        classes = char_classes()[code_points(self._text)[spans[:, 0]]]
        is_unit = (classes >= 1) & (classes <= 3)
        self._unit_begins = spans[is_unit, 0]
        self._fixed = np.zeros(len(self._text) + 1, np.bool_)
        self._fixed[spans[~is_unit].ravel()] = True
        self._fixed[[0, -1]] = True
        self._is_line_end = code_points(self._text) == ord("\n")
        if gold is not None:
            lengths = np.array([n for words in gold for n in (*map(len, words), 0)], np.int64)
            begins = np.cumsum(np.where(lengths > 0, lengths, 1)) - np.where(lengths > 0, lengths, 1)
            self._gold = begins[lengths > 0], (begins + lengths)[lengths > 0]

    def boundaries(self, ids: NDArray[np.int32], step: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Where words begin or end, of a corpus that begins with these lines, cut into words of ``step`` units."""
        begins = np.zeros(len(self._unit_begins), np.bool_)
        found = mark_begins(ids, step, begins)
        if found != len(begins):
            raise ValueError(f"the corpus has {found} units, the text {len(begins)}")
        at = self._fixed.copy()
        at[self._unit_begins[begins]] = True
        return at

    def f1(self, at: NDArray[np.bool_]) -> float:
        """F1 of the words between boundaries, punctuation counted."""
        begins, ends = self._gold
        inner = np.cumsum(at)
        right = at[begins] & at[ends] & (inner[ends] - inner[begins] == 1)
        predicted = int(at[:-1].sum()) - int((at[:-1] & self._is_line_end).sum())
        return 2 * int(right.sum()) / (len(begins) + predicted)

    def words(self, at: NDArray[np.bool_]) -> list[list[str]]:
        """The words of each line."""
        places = np.flatnonzero(at).tolist()
        lines: list[list[str]] = [[]]
        for begin, end in pairwise(places):
            if self._text[begin] == "\n":
                lines.append([])
            else:
                lines[-1].append(self._text[begin:end])
        return lines


def cuts_at(found: Autonomy, ids: NDArray[np.int32], x: float) -> NDArray[np.int8]:
    """Length of the word that begins at each unit, at a granularity of ``x`` instead of the one that was found."""
    return replace(found, offset=x).cuts(ids)
