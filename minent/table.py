"""Words, counts and scores as they come in from the lines of a file; words that cannot be taken, or come twice."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._growing import GrowingArray
from minent._kernels import rows as kernels
from minent.errors import FormatError
from minent.formats import quoted
from minent.units import code_points, in_parts, to_str

__all__ = ["Table", "first_fault", "has_twins", "lengths_of", "second_coming", "spell", "twice"]


class Table:
    """Words, counts and scores, as they come in from the lines of a file.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    scored : bool
        Whether to keep the scores.
    """

    def __init__(self, name: str, scored: bool = True) -> None:
        self.name = name
        self.scored = scored
        self.names: list[str] | None = None
        self._size = 0
        self._codes, self._lengths = GrowingArray(np.uint8), GrowingArray(np.uint8)
        self._counts = GrowingArray(np.int64)
        self._scores: dict[str, GrowingArray] = {}
        self._runs: list[tuple[int, int]] = []  # index of a word and the number of its line, where they part

    @cached_property
    def codes(self) -> NDArray[Any]:
        """Code points of all words, one after the other; a str for each word would take twenty times the room."""
        return self._codes.whole()

    @cached_property
    def lengths(self) -> NDArray[Any]:
        """Length of each word in characters."""
        return self._lengths.whole()

    @property
    def words(self) -> tuple[str, ...]:
        """All words."""
        return spell(to_str(self.codes), self.lengths)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Count of each word."""
        return self._counts.whole()

    @cached_property
    def scores(self) -> dict[str, NDArray[np.float64]]:
        """Name → score of each word."""
        return {key: values.whole() for key, values in self._scores.items()}

    def line_of(self, word: int) -> int:
        """Number of the line that a word came from."""
        index, number = max(run for run in self._runs if run[0] <= word)
        return number + word - index

    def expect(self, names: Sequence[str]) -> list[str]:
        """The names of the scores, which the first lines settle."""
        if self.names is None:
            self.names = list(names)
            self._scores = {name: GrowingArray(np.float64) for name in names if self.scored}
        return self.names

    def add(
        self,
        numbers: Sequence[int],
        codes: NDArray[np.uint32],
        lengths: NDArray[np.integer[Any]],
        counts: NDArray[np.int64],
        scores: Mapping[str, NDArray[np.float64]],
    ) -> None:
        """Take in the words of some lines, given their numbers."""
        for k, number in enumerate(numbers):
            if k == 0 or number != numbers[k - 1] + 1:
                self._runs.append((self._size + k, number))
            if isinstance(numbers, range):
                break
        self._size += len(lengths)
        self._codes.append(_narrow(codes))
        self._lengths.append(_narrow(lengths))
        self._counts.append(counts)
        for key, values in self._scores.items():
            values.append(scores[key])

    def add_checked(
        self,
        numbers: Sequence[int],
        words: Sequence[Any],
        counts: Sequence[Any],
        scores: Mapping[str, NDArray[np.float64]],
    ) -> None:
        """Take in some words and counts, if both can be taken."""
        fault = first_fault(words, counts)
        if fault:
            raise FormatError(f"{self.name}:{numbers[fault[0]]}: {fault[1]}")
        self.add(numbers, code_points("".join(words)), lengths_of(words), np.array(counts, np.int64), scores)

    def has_words_of(self, other: Table) -> bool:
        """Whether both have the same words with the same counts."""
        return (
            np.array_equal(self.codes, other.codes)
            and np.array_equal(self.lengths, other.lengths)
            and np.array_equal(self.counts, other.counts)
        )

    def with_last(self) -> Table:
        """Of words that come twice, the place of the first and the count of the last."""
        counts = dict(zip(self.words, self.counts.tolist(), strict=True))
        table = Table(self.name)
        table.add_checked(range(len(counts)), list(counts), list(counts.values()), {})
        return table


def _narrow(values: NDArray[np.integer[Any]]) -> NDArray[Any]:
    """The same numbers in the smallest type."""
    return values.astype(np.min_scalar_type(values.max(initial=0)))


def first_fault(words: Sequence[Any], counts: Sequence[Any]) -> tuple[int, str] | None:
    """Index of the first word that cannot be taken, and why; words that come twice are not looked for."""
    plain = set(map(type, words)) <= {str} and set(map(type, counts)) <= {int}
    if not words or (plain and all(words) and 1 <= min(counts) <= max(counts) < 1 << 63):
        return None
    for at, (word, count) in enumerate(zip(words, counts, strict=True)):
        if not isinstance(word, str) or not word:
            return at, f"{reprlib.repr(word)} is not a word; a word is one character or more"
        whole = isinstance(count, (int, np.integer)) and count is not True
        if not whole or not 1 <= count < 1 << 63:
            return at, f"the count of {quoted(word)} must be a whole number from 1 to 2^63 - 1"
    return None


def lengths_of(words: Sequence[str]) -> NDArray[np.int32]:
    """Length of each word in characters."""
    return np.fromiter(map(len, words), np.int32, len(words))


def spell(text: str, lengths: NDArray[np.integer[Any]]) -> tuple[str, ...]:
    """The words that stand in a text one after the other."""
    ends = np.cumsum(lengths, dtype=np.int64).tolist()
    return tuple([text[a:b] for a, b in zip([0, *ends], ends, strict=False)])


def has_twins(codes: NDArray[Any], lengths: NDArray[np.integer[Any]]) -> bool:
    """Whether a word comes twice among those whose code points stand one after the other."""
    hashes = np.empty(len(lengths), np.int64)
    for some, of_some, sizes in in_parts(codes, lengths):
        kernels.hash_rows(of_some, sizes, hashes[some])
    hashes.sort()
    if not (hashes[1:] == hashes[:-1]).any():
        return False
    return len(set(spell(to_str(codes), lengths))) < len(lengths)


def second_coming(words: Sequence[str]) -> int:
    """Index of the first word that was there before."""
    seen = set()
    for at, word in enumerate(words):
        if word in seen:
            return at
        seen.add(word)
    raise AssertionError("no word comes twice")


def twice(word: str) -> str:
    """What to say of a word that comes twice."""
    return f"the word {quoted(word)} comes twice; keep one"
