"""Words that the user knows: read them, and merge them into a vocabulary."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np

from minent._kernels.units import unit_lengths
from minent.errors import FormatError, ParameterError
from minent.formats import quoted
from minent.reading import read_list
from minent.units import LONGEST_UNIT, char_classes, code_points
from minent.vocab import Vocab

__all__ = ["UserWords", "merge_words", "read_words", "word_counts"]

UserWords: TypeAlias = "str | os.PathLike[str] | Mapping[str, int | None] | Iterable[str]"

# "word", "word count", "word tag" or "word count tag", as jieba reads it; the word itself may hold spaces.
_LINE = re.compile(r"(.+?)(?:[ \t]+(\d{1,18}))?(?:[ \t]+[a-z]+)?")


def read_words(path: str | os.PathLike[str], *, encoding: str = "utf-8") -> dict[str, int | None]:
    """A user's dictionary: one word a line, perhaps its count, and perhaps a tag, which is not used.

    The count of a word that has none is None. A word that comes twice counts as it does last. A file that is not UTF-8
    is read in ``encoding``.

    Raises
    ------
    FormatError
        A line is something else: names file and line.
    InputError
        The file cannot be read, or is in another encoding.
    """
    name = os.fspath(path)
    words: dict[str, int | None] = {}
    for number, line in enumerate(read_list(name, encoding=encoding), 1):
        stripped = line.strip()
        if number == 1 and stripped.split("\t")[:2] == ["word", "count"]:
            return dict(Vocab.load(path))
        match = _LINE.fullmatch(stripped)
        if match:
            words[match[1]] = None if match[2] is None else int(match[2])
        elif stripped:
            raise FormatError(f'{name}:{number}: {quoted(stripped)} is not "word", "word count" or "word count tag"')
    return words


def word_counts(words: UserWords) -> dict[str, int | None]:
    """Words with their counts, or None: from a file, a mapping, or words alone.

    >>> word_counts({"云计算": 5}), word_counts(["云计算"])
    ({'云计算': 5}, {'云计算': None})
    """
    if isinstance(words, (str, os.PathLike)):
        return read_words(words)
    counts = dict(words) if isinstance(words, Mapping) else dict.fromkeys(words)
    for word, count in counts.items():
        if not isinstance(word, str) or not word:
            raise ParameterError(f"{quoted(word)} is not a word; a word is one character or more")
        if count is not None and (isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 0):
            raise ParameterError(f"the count of {quoted(word)} must be a whole number from 0 on, or None")
    return counts


def merge_words(vocab: Vocab, words: UserWords, forbidden: Iterable[str] = (), *, units: str = "run") -> Vocab:
    """A vocabulary with the words of a user.

    Parameters
    ----------
    vocab : Vocab
    words : path, Mapping of str to int or None, or iterable of str
        A word with a count has that count from now on; 0 forbids it. A word without one gets the least count that
        makes it likelier than every other way to cut it into words and units: ⌊N ∏ n_i / N⌋ + 1, where n_i are the
        counts of the parts, ½ for a unit that is not a word, and N is the sum of all counts; or keeps its own count,
        if that is larger.
    forbidden : iterable of str
        Words to leave out.
    units : {"run", "char"}
        Where words can be cut at all; see :mod:`minent.units`.

    Returns
    -------
    Vocab
        The words of ``vocab``, then the new ones; without scores.

    Examples
    --------
    >>> vocab = Vocab({"云": 20, "计算": 300, "平台": 80})
    >>> dict(merge_words(vocab, ["云计算"]))
    {'云': 20, '计算': 300, '平台': 80, '云计算': 16}
    """
    given = word_counts(words)
    left_out = {*forbidden, *(word for word, count in given.items() if count == 0)}
    counts = {word: count for word, count in vocab.items() if word not in left_out}
    counts.update({word: int(count) for word, count in given.items() if count and word not in left_out})
    total = max(1, sum(counts.values()))
    # Short ones first: they may be parts of longer ones.
    new = sorted((word for word, count in given.items() if count is None and word not in left_out), key=len)
    for word, inner in zip(new, _inner_bounds(new, units), strict=True):
        share = _share_of_parts(word, inner, counts, total)
        counts[word] = max(counts.get(word, 1), int(total * share) + 1)
    return Vocab(counts)


def _inner_bounds(words: list[str], units: str) -> list[list[int]]:
    """Where each word could be cut: after each of its units, its own end included."""
    codes = code_points("".join(word + "\n" for word in words))
    lengths = np.empty(len(codes), np.int8)
    unit_lengths(codes, char_classes(units), LONGEST_UNIT, lengths)
    starts = np.flatnonzero(lengths)
    begins = np.cumsum([0, *(len(word) + 1 for word in words)])
    first = np.searchsorted(starts, begins)
    return [(starts[first[k] + 1 : first[k + 1]] - begins[k]).tolist() for k in range(len(words))]


def _share_of_parts(word: str, bounds: list[int], counts: Mapping[str, int], total: int) -> float:
    """The greatest ∏ p of the ways to cut a word into two parts or more; 0 where there is none."""
    best = {0: 1.0}
    for n, end in enumerate(bounds):
        best[end] = 0.0
        for begin in [0, *bounds[:n]]:
            if end - begin == len(word):
                continue
            bare = 0.5 if begin == (bounds[n - 1] if n else 0) else 0.0
            best[end] = max(best[end], best[begin] * counts.get(word[begin:end], bare) / total)
    return best[bounds[-1]] if bounds else 0.0
