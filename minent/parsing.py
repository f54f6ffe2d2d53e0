"""A vocabulary from the lines of a file, block by block, in whatever form it is written down."""

from __future__ import annotations

import json
import re
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._kernels import rows as kernels
from minent.decoding import whole_lines
from minent.errors import FormatError
from minent.formats import JSON_NAMES, quoted, unescape
from minent.units import code_points, to_str

__all__ = ["Table", "first_fault", "has_twins", "lengths_of", "parse", "second_coming", "spell", "twice"]

# "word count tag" or "word count"; the word itself may hold spaces.
_JIEBA = re.compile(r"(.+?)[ \t]+(\d+)(?:[ \t]+[A-Za-z]\w*)?")


class Table:
    """Words, counts and scores, as they come in from the lines of a file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._size = 0
        self._texts: list[str] = []
        self._lengths: list[NDArray[np.int32]] = []
        self._counts: list[NDArray[np.int64]] = []
        self._scores: dict[str, list[NDArray[np.float64]]] | None = None
        self._runs: list[tuple[int, int]] = []  # index of a word and the number of its line, where they part

    @cached_property
    def text(self) -> str:
        """All words, one after the other; a str for each would take twenty times the room."""
        return "".join(_taken(self._texts))

    @cached_property
    def lengths(self) -> NDArray[np.int32]:
        """Length of each word in characters."""
        return _joined(self._lengths, np.int32)

    @property
    def words(self) -> tuple[str, ...]:
        """All words."""
        return spell(self.text, self.lengths)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Count of each word."""
        return _joined(self._counts, np.int64)

    @cached_property
    def scores(self) -> dict[str, NDArray[np.float64]]:
        """Name → score of each word."""
        return {key: _joined(parts, np.float64) for key, parts in (self._scores or {}).items()}

    def line_of(self, word: int) -> int:
        """Number of the line that a word came from."""
        index, number = max(run for run in self._runs if run[0] <= word)
        return number + word - index

    def expect(self, names: Sequence[str]) -> Sequence[str]:
        """The names of the scores, which the first lines settle."""
        if self._scores is None:
            self._scores = {name: [] for name in names}
        return list(self._scores)

    def add(
        self,
        numbers: Sequence[int],
        text: str,
        lengths: NDArray[np.int32],
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
        self._texts.append(text)
        self._lengths.append(lengths)
        self._counts.append(counts)
        for key, parts in (self._scores or {}).items():
            parts.append(scores[key])

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
        self.add(numbers, "".join(words), lengths_of(words), np.array(counts, np.int64), scores)

    def with_last(self) -> Table:
        """Of words that come twice, the place of the first and the count of the last."""
        counts = dict(zip(self.words, self.counts.tolist(), strict=True))
        table = Table(self.name)
        table.add_checked(range(len(counts)), list(counts), list(counts.values()), {})
        return table


_Reader: TypeAlias = Callable[[Table, int, str], None]


def parse(name: str, blocks: Iterable[str]) -> Table:
    """A vocabulary from the blocks of a text; its form is told by the first line.

    A word that comes twice is refused, but in jieba's form, where the last count holds, as in jieba.

    Raises
    ------
    FormatError
        Names file, line and what is wrong.
    """
    table = Table(name)
    read: _Reader | None = None
    number = 1
    for block in whole_lines(blocks):
        text = block.replace("\r\n", "\n")
        text += "\n" * (not text.endswith("\n"))
        if read is None:
            begin = len(text) - len(text.lstrip("\n"))
            number, text = number + begin, text[begin:]
            if not text:
                continue
            head, _, rest = text.partition("\n")
            read = _reader(name, number, head)
            if isinstance(read, _Tsv):
                table.expect(read.names)
                number, text = number + 1, rest
        read(table, number, text)
        number += text.count("\n")
    if read is None:
        raise FormatError(f"{name}: the vocabulary is empty; expected the header: word, count")
    if not has_twins(table.text, table.lengths):
        return table
    if read is _read_jieba:
        return table.with_last()
    words = table.words
    at = second_coming(words)
    raise FormatError(f"{name}:{table.line_of(at)}: {twice(words[at])}")


def _taken(parts: list[Any]) -> list[Any]:
    taken = parts.copy()
    parts.clear()
    return taken


def _joined(parts: list[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    """Some arrays as one, let go of."""
    return np.concatenate([np.empty(0, dtype), *_taken(parts)])


def _reader(name: str, number: int, head: str) -> _Reader:
    if head.split("\t")[:2] == ["word", "count"]:
        return _Tsv(name, number, head)
    if head.startswith("{") and head.rstrip().endswith("}"):
        return _read_jsonl
    return _read_jieba


def _numbered(number: int, text: str) -> tuple[Sequence[int], list[str]]:
    """Lines that are not empty, and their numbers."""
    lines = text.removesuffix("\n").split("\n")
    numbers = range(number, number + len(lines))
    if "" not in lines:
        return numbers, lines
    return [n for n, line in zip(numbers, lines, strict=True) if line], [line for line in lines if line]


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


def spell(text: str, lengths: NDArray[np.int32]) -> tuple[str, ...]:
    """The words that stand in a text one after the other."""
    ends = np.cumsum(lengths, dtype=np.int64).tolist()
    return tuple([text[a:b] for a, b in zip([0, *ends], ends, strict=False)])


def has_twins(text: str, lengths: NDArray[np.int32]) -> bool:
    """Whether a word comes twice among those that stand in a text one after the other."""
    hashes = np.empty(len(lengths), np.int64)
    kernels.hash_rows(code_points(text), lengths, hashes)
    hashes.sort()
    if not (hashes[1:] == hashes[:-1]).any():
        return False
    return len(set(spell(text, lengths))) < len(lengths)


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


def _parsed(name: str, numbers: Sequence[int], column: list[str], what: str, read: Any = float) -> list[Any]:
    """The fields of a column as numbers."""
    try:
        return list(map(read, column))
    except ValueError:
        kind = "whole number" if read is int else "number"
        for number, field in zip(numbers, column, strict=True):
            try:
                read(field)
            except ValueError:
                raise FormatError(f"{name}:{number}: the {what} {quoted(field)} is not a {kind}") from None
        raise


class _Tsv:
    def __init__(self, name: str, number: int, header: str) -> None:
        _, _, *self.names = [unescape(field) for field in header.split("\t")]
        self.width = len(self.names) + 2
        if len({"word", "count", *self.names}) < self.width:
            raise FormatError(f"{name}:{number}: the header names a column twice")

    def __call__(self, table: Table, number: int, text: str) -> None:
        n = text.count("\n")
        begins, ends, counts = (np.empty(n, np.int64) for _ in range(3))
        scores = np.empty((len(self.names), n))
        codes = code_points(text)
        if kernels.read_rows(codes, self.width, begins, ends, counts, scores) < 0:
            self._read_any(table, *_numbered(number, text))
            return
        lengths = ends - begins
        inside = np.arange(lengths.sum()) + np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
        columns = dict(zip(self.names, map(np.copy, scores), strict=True))
        table.add(range(number, number + n), to_str(codes[inside]), lengths.astype(np.int32), counts, columns)

    def _read_any(self, table: Table, numbers: Sequence[int], lines: list[str]) -> None:
        """Rows with escapes, exponents, NaN, or faults."""
        tabs = [line.count("\t") for line in lines]
        if set(tabs) - {self.width - 1}:
            number, n = next((a, b + 1) for a, b in zip(numbers, tabs, strict=True) if b != self.width - 1)
            raise FormatError(f"{table.name}:{number}: fields: {n}, but the header has {self.width}")
        rows = [line.split("\t") for line in lines]
        words, counts, *scores = ([row[column] for row in rows] for column in range(self.width))
        words = list(map(unescape, words))
        counts = _parsed(table.name, numbers, counts, "count", int)
        columns = zip(self.names, scores, strict=True)
        parsed = {key: np.array(_parsed(table.name, numbers, column, key)) for key, column in columns}
        table.add_checked(numbers, words, counts, parsed)


def _read_jieba(table: Table, number: int, text: str) -> None:
    numbers, lines = _numbered(number, text)
    words, counts = [], []
    for at, line in zip(numbers, lines, strict=True):
        match = _JIEBA.fullmatch(line.strip(" "))
        if not match:
            raise FormatError(f'{table.name}:{at}: {quoted(line)} is not "word count"; is it a vocabulary?')
        words.append(match[1])
        counts.append(match[2])
    table.add_checked(numbers, words, _parsed(table.name, numbers, counts, "count", int), {})


def _read_jsonl(table: Table, number: int, text: str) -> None:
    numbers, lines = _numbered(number, text)
    words: list[Any] = []
    counts: list[Any] = []
    scores: dict[str, list[float]] = {}
    for at, line in zip(numbers, lines, strict=True):
        try:
            entry = json.loads(line)
            words.append(entry.pop("word"))
            counts.append(entry.pop("count"))
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            raise FormatError(f'{table.name}:{at}: expected an object with "word" and "count"') from None
        names = table.expect(list(entry))
        if entry.keys() != set(names):
            raise FormatError(f"{table.name}:{at}: the scores are not those of the first word")
        for key, value in entry.items():
            try:
                scores.setdefault(key, []).append(_from_json(value))
            except (ValueError, OverflowError):
                raise FormatError(f"{table.name}:{at}: the {key} {quoted(value)} is not a number") from None
    table.add_checked(numbers, words, counts, {key: np.array(values) for key, values in scores.items()})


def _from_json(value: Any) -> float:
    if isinstance(value, bool) or not (isinstance(value, (int, float)) or value in JSON_NAMES.values()):
        raise ValueError
    return float(value)
