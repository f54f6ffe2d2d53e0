"""What a unit is: the character classes, and the table that numbers the units of a corpus.

Text falls into *clauses*, maximal runs without punctuation, symbols, spaces or line ends, and a clause into
*units*, the atoms of all counting:

========================================  ==================================================================
Han (all blocks, 〇, 々, private use)      each character is one unit
kana, Hangul, bopomofo, Thai, Yi …        each character is one unit, like all scripts written without spaces
Latin, Greek, Cyrillic and other letters  a run of letters is one unit
decimal digits of any width or script     a run with inner ``.`` and a trailing ``%`` is one unit
combining marks, variation selectors      belong to the unit before them
everything else                           ends the clause
========================================  ==================================================================

With ``units="char"`` every letter and digit is a unit of its own. A run longer than 100 characters (an encoded
blob, say) is cut into units of 100.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._kernels import units as kernels
from minent.errors import ParameterError

__all__ = ["LONGEST_UNIT", "UNIT_KINDS", "UnitTable", "char_classes", "code_points", "in_parts", "to_str"]

BREAK, SINGLE, LETTER, DIGIT, MARK, POINT, PERCENT = range(7)
LONGEST_UNIT = 100
UNIT_KINDS = ("run", "char")
_SOME = 1 << 16

_UNSPACED = (  # scripts written without spaces between words; only their letters count
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul jamo
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x318F),  # 々〆〇, kana, bopomofo, Hangul compatibility jamo
    (0x31A0, 0x31FF),  # bopomofo and katakana extensions
    (0xA000, 0xA4CF),  # Yi
    (0xA960, 0xA97F),  # Hangul jamo
    (0xA9E0, 0xA9FF),  # Myanmar
    (0xAA60, 0xAA7F),  # Myanmar
    (0xAC00, 0xD7FF),  # Hangul syllables
    (0xE000, 0xF8FF),  # private use: rare Han in many GBK fonts
    (0xF900, 0xFAFF),  # Han compatibility
    (0xFF66, 0xFFDC),  # half-width kana and Hangul
    (0x16FE0, 0x18DFF),  # Tangut, Khitan
    (0x1AFF0, 0x1B2FF),  # kana, Nüshu
)
# Han whatever the age of this Python's Unicode tables: newer extensions fill the third and fourth planes.
_HAN = ((0x2E80, 0x2FD5), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x3FFFF), (0xF0000, 0x10FFFF))


@functools.cache
def _class_of(category: str) -> int:
    if category == "Nd":
        return DIGIT
    if category[0] == "M":
        return MARK
    if category[0] == "L":
        return LETTER
    return SINGLE if category in ("Nl", "Co") else BREAK


def _classes_below(stop: int) -> NDArray[np.uint8]:
    classes = np.fromiter(map(_class_of, map(unicodedata.category, map(chr, range(stop)))), np.uint8, stop)
    for low, high in _UNSPACED:
        within = classes[low : high + 1]
        within[within == LETTER] = SINGLE
    return classes


@functools.cache
def char_classes(units: str = "run") -> NDArray[np.uint8]:
    """Class of every code point.

    Parameters
    ----------
    units : {"run", "char"}
        Whether runs of letters and of digits are one unit, or each character is.

    Returns
    -------
    ndarray of shape (0x110000,), uint8, read-only
    """
    if units not in UNIT_KINDS:
        raise ParameterError(f'units must be "run" or "char", not {units!r}')
    classes = np.zeros(0x110000, np.uint8)
    classes[:0x20000] = _classes_below(0x20000)
    for low, high in _HAN:
        classes[low : high + 1] = SINGLE
    classes[0xE0100:0xE01F0] = MARK
    classes[0x200D] = MARK  # zero-width joiner
    if units == "char":
        classes[(classes == LETTER) | (classes == DIGIT)] = SINGLE
    else:
        for char, kind in ((".", POINT), ("．", POINT), ("%", PERCENT), ("％", PERCENT)):
            classes[ord(char)] = kind
    classes.flags.writeable = False
    return classes


def code_points(text: str) -> NDArray[np.uint32]:
    """Code points of a string, lone surrogates included.

    >>> code_points("字a")
    array([23383,    97], dtype=uint32)
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def to_str(codes: NDArray[Any]) -> str:
    """The string of some code points.

    >>> to_str(code_points("字a"))
    '字a'
    """
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def in_parts(
    codes: NDArray[Any], lengths: NDArray[np.integer[Any]]
) -> Iterator[tuple[slice, NDArray[np.uint32], NDArray[np.int32]]]:
    """Words whose code points stand one after the other, some at a time: which ones, their code points and lengths."""
    begin = 0
    for first in range(0, len(lengths), _SOME):
        some = slice(first, min(first + _SOME, len(lengths)))
        sizes = lengths[some].astype(np.int32)
        end = begin + int(sizes.sum())
        yield some, codes[begin:end].astype(np.uint32), sizes
        begin = end


class UnitTable(Sequence[str]):
    """The units of a corpus: id → text. Id 0 is the clause break, whose text is empty.

    Parameters
    ----------
    text : ndarray of uint32
        Code points of all units, one after the other.
    offsets : ndarray of shape (n + 1,), int64
        Where each of the n units begins in ``text``.
    kind : {"run", "char"}
        See :func:`char_classes`.
    fold : ndarray of shape (0x110000,), uint32, optional
        The code point that stands for each code point, where several are taken as one; see :mod:`minent.folding`.
    """

    def __init__(
        self,
        text: NDArray[np.uint32],
        offsets: NDArray[np.int64],
        kind: str = "run",
        fold: NDArray[np.uint32] | None = None,
    ) -> None:
        self._text = to_str(text)
        self._offsets = offsets
        self.kind = kind
        self.fold = fold

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, unit):  # type: ignore[no-untyped-def]
        if isinstance(unit, slice):
            return [self[i] for i in range(*unit.indices(len(self)))]
        unit = range(len(self))[unit]
        return self._text[self._offsets[unit] : self._offsets[unit + 1]]

    @functools.cached_property
    def strings(self) -> NDArray[np.object_]:
        """All units as an array of str, for joining many at once."""
        bounds = self._offsets.tolist()
        out = np.empty(len(self), object)
        out[:] = [self._text[a:b] for a, b in pairwise(bounds)]
        return out

    @functools.cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Length of every unit in characters."""
        return np.diff(self._offsets)

    @functools.cached_property
    def ids(self) -> dict[str, int]:
        """Text → id."""
        return {text: unit for unit, text in enumerate(self.strings.tolist()) if text}

    def split(self, text: str) -> list[str]:
        """Units of a short text; a run that is no unit of this table falls into its characters."""
        codes = code_points(text)
        if self.fold is not None:
            codes = self.fold[codes]
            text = to_str(codes)
        lengths = np.empty(len(codes), np.int8)
        kernels.unit_lengths(codes, char_classes(self.kind), LONGEST_UNIT, lengths)
        out: list[str] = []
        i = 0
        while i < len(text):
            whole = text[i : i + max(1, int(lengths[i]))]
            out.extend([whole] if whole in self.ids else whole)
            i += len(whole)
        return out

    def folded(self, fold: NDArray[np.uint32]) -> tuple[UnitTable, NDArray[np.int32]]:
        """Each unit in the form that stands for it; and the new id of each of the old ones."""
        text, bounds = to_str(fold[code_points(self._text)]), self._offsets.tolist()
        ids: dict[str, int] = {}
        new = np.array([ids.setdefault(text[a:b], len(ids)) for a, b in pairwise(bounds)], np.int32)
        offsets = np.cumsum([0, *map(len, ids)], dtype=np.int64)
        return UnitTable(code_points("".join(ids)), offsets, self.kind, fold), new

    def decode(self, ids: Iterable[int]) -> str:
        """Join the texts of some ids."""
        return "".join(self.strings[np.asarray(list(ids), np.int64)].tolist())


class UnitEncoder:
    """Turns a stream of text blocks into one stream of unit ids, numbering units in order of appearance."""

    def __init__(self, units: str) -> None:
        self._kind = units
        self._classes = char_classes(units)
        self._single_id = -self._classes.astype(np.int32)  # or what the kernel has made of it
        self._slots = np.zeros(1 << 16, np.int32)
        self._text = np.empty(1 << 16, np.uint32)
        self._offsets = np.zeros(1 << 14, np.int64)
        self._n_units = 1
        self._carry = np.empty(0, np.uint32)
        self._open = False

    def _reserve(self, more: int) -> None:
        used = self._offsets[self._n_units]
        if len(self._text) < used + more:
            self._text = np.concatenate([self._text[:used], np.empty(used + more, np.uint32)])
        if len(self._offsets) < self._n_units + more + 2:
            grown = np.zeros(2 * self._n_units + more + 2, np.int64)
            grown[: self._n_units + 1] = self._offsets[: self._n_units + 1]
            self._offsets = grown
        # There is a free slot left even if each character should be a new unit.
        if len(self._slots) < 2 * self._n_units + more:
            self._slots = np.zeros(1 << (2 * self._n_units + more).bit_length(), np.int32)
            kernels.rehash(self._slots, self._text, self._offsets, self._n_units)

    def encode(self, block: str | NDArray[np.uint32], final: bool = False) -> NDArray[np.int32]:
        """Ids of the next block of text or code points, a 0 after each clause; a unit cut by its end is kept back."""
        codes = np.concatenate([self._carry, code_points(block) if isinstance(block, str) else block])
        self._reserve(len(codes))
        out = np.empty(len(codes) + 1, np.int32)
        consumed, self._n_units, written, self._open = kernels.encode(
            codes,
            final,
            self._classes,
            LONGEST_UNIT,
            self._single_id,
            self._slots,
            self._text,
            self._offsets,
            self._n_units,
            out,
            self._open,
        )
        self._carry = codes[consumed:].copy()
        return out[:written]

    def table(self) -> UnitTable:
        """The units seen so far."""
        offsets = self._offsets[: self._n_units + 1].copy()
        return UnitTable(self._text[: offsets[-1]].copy(), offsets, self._kind)
