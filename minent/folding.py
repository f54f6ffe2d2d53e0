"""Traditional and simplified characters taken as one: each character in its simplified form, by OpenCC's table."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from minent.errors import MissingExtraError
from minent.units import SINGLE, char_classes, code_points, to_str

__all__ = ["fold_counts", "fold_table", "fold_text"]


@functools.cache
def fold_table() -> NDArray[np.uint32]:
    """The simplified form of each code point, which is most often itself.

    One character always becomes one: 後 and 后 are both 后, and 頭髮 becomes 头发. The many forms of one word are one
    word; the price is that 皇后 and 後 then share a character.

    Returns
    -------
    ndarray of shape (0x110000,), uint32, read-only

    Raises
    ------
    MissingExtraError
        The package opencc is not installed.
    """
    try:
        import opencc
    except ImportError:
        raise MissingExtraError("folding needs the opencc package; pip install 'minent[opencc]'") from None
    table = np.arange(0x110000, dtype=np.uint32)
    han = np.flatnonzero((char_classes() == SINGLE) & (table < 0x40000) & ((table < 0xA000) | (table >= 0xF900)))
    # Each on a line of its own, so that none is taken for a part of a phrase.
    simplified = opencc.OpenCC("t2s").convert("\n".join(map(chr, han.tolist()))).split("\n")
    table[han] = [ord(char) if len(char) == 1 else code for char, code in zip(simplified, han.tolist(), strict=True)]
    for _ in range(2):  # a form may have a simpler form in turn
        table = table[table]
    table.flags.writeable = False
    return table


def fold_text(text: str) -> str:
    """A text in simplified characters, one for each.

    >>> fold_text("皇后之後，頭髮")
    '皇后之后，头发'
    """
    return to_str(fold_table()[code_points(text)])


def fold_counts(counts: Mapping[str, int], fold: NDArray[np.uint32]) -> Mapping[str, int]:
    """Words with their counts, folded by a table; words that become one have the sum of their counts.

    Nothing is copied where nothing changes.

    >>> dict(fold_counts({"發現": 3, "发现": 2}, fold_table()))
    {'发现': 5}
    """
    codes = code_points("".join(counts))
    if np.array_equal(fold[codes], codes):
        return counts
    text, sums, end = to_str(fold[codes]), Counter[str](), 0
    for word, count in counts.items():
        begin, end = end, end + len(word)
        sums[text[begin:end]] += count
    return sums
