"""Words that the user knows: read them, merge them into a vocabulary, find them for a model."""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._kernels import known as kernels
from minent._kernels.units import unit_lengths
from minent.errors import ParameterError
from minent.formats import quoted
from minent.reading import read_list
from minent.units import LONGEST_UNIT, char_classes, code_points, to_str
from minent.vocab import Vocab, is_compiled

__all__ = ["Known", "KnownWords", "UserWords", "merge_scores", "merge_words", "read_words", "word_counts"]

UserWords: TypeAlias = "str | os.PathLike[str] | Mapping[str, int | None] | Iterable[str]"

_ROUNDING = 1e-12
_ABOVE = 1e-6
_LIKELY = 0.01  # p₁ of a word of a user in a model, where it has no count

# "word", "word count", "word tag" or "word count tag", as jieba reads it; the word itself may hold spaces.
_LINE = re.compile(r"(.+?)(?:[ \t]+(\d{1,18}))?(?:[ \t]+[a-z]+)?$")
_VOCABULARY = ("word\tcount", '{"word"')


def read_words(path: str | os.PathLike[str], *, encoding: str = "utf-8", counted: bool = True) -> dict[str, int | None]:
    """A user's dictionary: one word a line, perhaps its count, and perhaps a tag, which is not used; or a vocabulary.

    The count of a word that has none is None. A word that comes twice counts as it does last. A file that is not UTF-8
    is read in ``encoding``. Not ``counted``, all of a line is a word, as in ``iPhone 15``.

    Raises
    ------
    InputError
        The file cannot be read, or is in another encoding.
    """
    name = os.fspath(path)
    if is_compiled(name):
        return dict(Vocab.load(name))
    lines = [line for line in map(str.strip, read_list(name, encoding=encoding)) if line]
    if lines and lines[0].startswith(_VOCABULARY):
        return dict(Vocab.load(name))
    if not counted:
        return dict.fromkeys(lines)
    parted = itertools.chain.from_iterable(map(_LINE.findall, lines))
    return {word: int(count) if count else None for word, count in parted}


def word_counts(words: UserWords, *, counted: bool = True) -> dict[str, int | None]:
    """Words with their counts, or None: from a file (see :func:`read_words`), a mapping, or words alone.

    >>> word_counts({"云计算": 5}), word_counts(["云计算"])
    ({'云计算': 5}, {'云计算': None})
    """
    if isinstance(words, (str, os.PathLike)):
        return read_words(words, counted=counted)
    counts = dict(words) if isinstance(words, Mapping) else dict.fromkeys(words)
    for word, count in counts.items():
        if not isinstance(word, str) or not word:
            raise ParameterError(f"{quoted(word)} is not a word; a word is one character or more")
        if count is not None and (isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 0):
            raise ParameterError(f"the count of {quoted(word)} must be a whole number from 0 on, or None")
    return counts


@dataclass(frozen=True)
class Known:
    """What is known of words, however it was given.

    Attributes
    ----------
    words : dict of str to int or None
        The user's words with their counts, from 1 on, or None.
    forced, forbidden : set of str
    """

    words: dict[str, int | None]
    forced: set[str]
    forbidden: set[str]

    @classmethod
    def of(
        cls,
        user_words: UserWords = (),
        force: UserWords = (),
        forbid: UserWords = (),
        fold: NDArray[np.uint32] | None = None,
    ) -> Known:
        """Read what :class:`minent.segmenter.Segmenter` takes, its characters in the form that stands for them.

        Raises
        ------
        ParameterError
            A word is both forced and forbidden, or none.
        """
        lists = [word_counts(user_words), *(word_counts(words, counted=False) for words in (force, forbid))]
        if fold is not None:
            lists = [{to_str(fold[code_points(word)]): count for word, count in each.items()} for each in lists]
        given, forced, forbidden = lists[0], set(lists[1]), set(lists[2])
        forbidden.update(word for word, count in given.items() if count == 0)
        for word in forced & forbidden:
            raise ParameterError(f"the word {word!r} is both forced and forbidden; choose")
        words = {word: count for word, count in given.items() if word not in forbidden}
        return cls(words, forced, forbidden)

    def spelled(self, spell: Callable[[list[str]], list[str]]) -> Known:
        """The same, with its words spelled otherwise; what is forced stays."""
        words = dict(zip(spell([*self.words]), self.words.values(), strict=True))
        return Known(words, self.forced, set(spell([*self.forbidden])))

    def preferred(self, units: str) -> Iterator[tuple[str, list[int]]]:
        """Words without a count, and where each could be cut; short ones first, as they may be parts of longer ones."""
        words = sorted((word for word, count in self.words.items() if count is None), key=len)
        return zip(words, (bounds for bounds, _ in _inner_bounds(words, units)), strict=True)


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
    known = Known.of(words, forbid=forbidden)
    counts = {word: count for word, count in vocab.items() if word not in known.forbidden}
    counts.update({word: int(count) for word, count in known.words.items() if count})
    total = max(1, sum(counts.values()))

    def information(part: str) -> float:
        return math.log(counts[part] / total) if part in counts else -math.inf

    for word, bounds in known.preferred(units):
        share = math.exp(_best_of_parts(bounds, word, information, math.log(0.5 / total)))
        counts[word] = max(counts.get(word, 1), int(total * share * (1 + _ROUNDING)) + 1)
    return Vocab(counts)


def merge_scores(scores: Mapping[str, float], floor: float, known: Known, units: str) -> dict[str, float]:
    """Words with any scores in place of ln p, and the words of a user, each scored above its parts.

    Counts of these say nothing here; ``floor`` is the score of a unit that is no word.
    """
    merged = {word: score for word, score in scores.items() if word not in known.forbidden}
    for word, bounds in replace(known, words=dict.fromkeys(known.words)).preferred(units):
        of_parts = _best_of_parts(bounds, word, lambda part: merged.get(part, -math.inf), floor)
        merged[word] = max(merged.get(word, floor), of_parts + _ABOVE)
    return merged


def _inner_bounds(words: list[str], units: str) -> list[tuple[list[int], bool]]:
    """Where each word could be cut, after each unit, its own end included; and whether all its characters are units."""
    codes = code_points("".join(word + "\n" for word in words))
    lengths = np.empty(len(codes), np.int8)
    unit_lengths(codes, char_classes(units), LONGEST_UNIT, lengths)
    starts = np.flatnonzero(lengths)
    begins = np.cumsum([0, *(len(word) + 1 for word in words)])
    first = np.searchsorted(starts, begins).tolist()
    return [
        ((starts[a + 1 : b] - begin).tolist(), bool((lengths[starts[a : b - 1]] > 0).all()))
        for a, b, begin in zip(first[:-1], first[1:], begins[:-1], strict=True)
    ]


def _best_of_parts(bounds: list[int], word: str, score: Callable[[str], float], bare: float) -> float:
    """The greatest score of the ways to cut a word into two parts or more; −∞ where there is none."""
    best = {0: 0.0}
    for n, end in enumerate(bounds):
        best[end] = -math.inf
        for k, begin in enumerate([0, *bounds[:n]]):
            if end - begin < len(word):
                of_part = score(word[begin:end])
                best[end] = max(best[end], best[begin] + (max(of_part, bare) if k == n else of_part))
    return best[bounds[-1]] if bounds else -math.inf


class KnownWords:
    """Known words as they weigh in a model of words and their neighbours.

    Parameters
    ----------
    known : Known
    longest : int
        Units of the longest word of the model.
    total : int
        What counts are relative to.
    units : {"run", "char"}

    Attributes
    ----------
    forced : set of str
        Words that stay whole wherever they stand: those that are to, and those that the model cannot hold, being
        longer, or with characters that are in no unit.
    """

    def __init__(self, known: Known, longest: int, total: int, units: str) -> None:
        given = {**dict.fromkeys(known.forbidden, 0), **known.words}
        bounds = _inner_bounds(list(given), units)
        sizes = {word: len(ends) for word, (ends, plain) in zip(given, bounds, strict=True) if plain}
        words = [word for word in given if sizes.get(word, longest + 1) <= longest]
        self.forced = known.forced | (known.words.keys() - set(words))
        self._longest = longest
        self._lattice = Vocab(dict.fromkeys(words, 1)).lattice if words else None
        counts = [given[word] for word in words]
        # A unit alone has no parts that it could be preferred to.
        likely = [_LIKELY if sizes[word] > 1 else 0.0 for word in words]
        least = [p if count is None else count / total or -1.0 for count, p in zip(counts, likely, strict=True)]
        # The last entry is for what is not known.
        self._least = np.array([*least, 0.0], np.float32)
        self._is_whole = np.array([*(count is None for count in counts), False])
        self._is_new = np.array([*(count is not None for count in counts), False])

    def find(
        self, codes: NDArray[np.uint32], lengths: NDArray[np.int8], nodes: NDArray[np.int32]
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """How likely the units from each one on are as a word, and whether they stay whole where both ends are cut.

        Parameters
        ----------
        codes : ndarray of shape (n,), uint32
        lengths : ndarray of shape (n,), int8
            Length of the unit that starts at each code, 0 inside one, −1 for a break.
        nodes : ndarray of shape (m + 1, longest), int32
            The counted n-grams that begin at each of the m units; −1 is put for words whose counts do not matter.

        Returns
        -------
        least : ndarray of shape (m + 1, longest), float32
            Least probability of the first units from each on; −1 for what is no word, 0 for what is not known.
        is_whole : ndarray of shape (m + 1, longest), bool
        """
        if self._lattice is None:
            return np.empty((0, self._longest), np.float32), np.empty((0, self._longest), np.bool_)
        found = np.full((len(nodes), self._longest), -1, np.int32)
        symbol_of, base, label, value = self._lattice.words[:4]
        kernels.find_words(codes, lengths, np.flatnonzero(lengths), symbol_of, base, label, value, found)
        nodes[self._is_new[found]] = -1
        least = self._least[found]
        least[:, 0] = np.maximum(least[:, 0], 0.0)  # a unit that is forbidden still comes out where nothing else does
        return least, self._is_whole[found]
