"""What stays whole in a text beyond the units: numbers, dates and times, Latin, and words that the user forces."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from minent._kernels import wholes as kernels
from minent.errors import ParameterError
from minent.units import DIGIT, LETTER, char_classes
from minent.vocab import Vocab

__all__ = ["KEPT", "LONGEST_WHOLE", "Wholes"]

KEPT = ("numbers", "dates", "latin")
LONGEST_WHOLE = 120

_OTHER, _DIGIT, _NUMERAL, _TEN, _LARGE, _FEW, _SMALL, _CAPITAL, _JOINER = range(9)
_CHINESE = (
    (_NUMERAL, "〇零一二三四五六七八九两兩壹贰叁肆伍陆柒捌玖貳參陸"),
    (_TEN, "十拾廿卅"),
    (_LARGE, "百千万亿兆佰仟萬億"),
    (_FEW, "几数幾數"),
    (_JOINER, "._-'’&@/"),
)
_LINE_END = np.uint32(10)


@functools.cache
def _kinds() -> NDArray[np.uint8]:
    classes = char_classes("run")
    kinds = np.zeros(len(classes), np.uint8)
    kinds[classes == DIGIT] = _DIGIT
    letters = np.flatnonzero(classes == LETTER)
    small = [unicodedata.category(chr(code)) == "Ll" for code in letters.tolist()]
    kinds[letters] = np.where(small, _SMALL, _CAPITAL)
    for kind, chars in _CHINESE:
        kinds[[ord(char) for char in chars]] = kind
    return kinds


class Wholes:
    """Joins units of a text so that some things stay whole.

    Parameters
    ----------
    keep : iterable of {"numbers", "dates", "latin"}
    force : iterable of str
        Words that stay whole wherever they stand: where they overlap, the first, and of those the longest. A word
        that begins or ends inside a run of letters or digits is no such word.
    alone : bool
        Whether what is kept is a word of its own like what is forced, and in no longer word.

    Raises
    ------
    ParameterError
        Something else is to be kept, or a word is empty or longer than 120 characters.
    """

    def __init__(self, keep: Iterable[str] = (), force: Iterable[str] = (), *, alone: bool = False) -> None:
        self._alone = alone
        self._keep = {keep} if isinstance(keep, str) or not isinstance(keep, Iterable) else set(keep)
        for other in self._keep.difference(KEPT):
            raise ParameterError(f"keep takes {', '.join(KEPT)}, not {other!r}")
        words = dict.fromkeys(force, 1)
        for word in words:
            if not isinstance(word, str) or not 0 < len(word) <= LONGEST_WHOLE or "\n" in word:
                what = f"has 1 to {LONGEST_WHOLE} characters and no line end"
                raise ParameterError(f"a word to force {what}, unlike {str(word)[:40]!r}")
        self._forced = Vocab(words).lattice if words else None

    def apply(self, codes: NDArray[np.uint32], lengths: NDArray[np.int8]) -> NDArray[np.uint32]:
        """Join units in ``lengths``; returns the codes, with line ends for what stands alone."""
        if self._forced is not None:
            symbol_of, base, label, value = self._forced.words[:4]
            seen = np.empty_like(codes)
            kernels.force_words(codes, symbol_of, base, label, value, _LINE_END, lengths, seen)
            codes = seen
        if self._keep:
            units = lengths.copy() if self._alone else lengths
            numbers, dates, latin = (kind in self._keep for kind in KEPT)
            kernels.keep_whole(codes, _kinds(), numbers, dates, latin, LONGEST_WHOLE, lengths)
            codes = np.where(lengths == units, codes, _LINE_END) if self._alone else codes
        return codes
