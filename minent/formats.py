"""The forms in which a vocabulary is written down: tab-separated, jieba's, JSON lines. Read block by block."""

from __future__ import annotations

import json
import math
import re
import reprlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent.decoding import whole_lines
from minent.errors import FormatError, ParameterError

__all__ = ["FORMATS", "Table", "first_fault", "parse", "quoted", "second_coming", "to_lines", "twice"]

FORMATS = ("tsv", "jieba", "jsonl")

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\ufeff": "\\ufeff"}
_SPECIAL = re.compile("[\\\\\t\n\r\ufeff\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# JSON reads the escapes of two surrogates as one character.
_REFUSED = {
    "jieba": re.compile(r"[\t\n\r\ufeff\ud800-\udfff]|\A\s|\s\Z"),
    "jsonl": re.compile(r"[\ud800-\udbff][\udc00-\udfff]"),
}
# "word count tag" or "word count"; the word itself may hold spaces.
_JIEBA = re.compile(r"(.+?)[ \t]+(\d+)(?:[ \t]+[A-Za-z]\w*)?")
_NAMES = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_ESCAPED = re.compile(r"\\(\\|t|n|r|u[0-9a-f]{4})")


def _escape(word: str) -> str:
    return _SPECIAL.sub(lambda m: _ESCAPES.get(m[0], f"\\u{ord(m[0]):04x}"), word)


def _unescape(field: str) -> str:
    plain = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
    return _ESCAPED.sub(lambda m: plain.get(m[1]) or chr(int(m[1][1:], 16)), field)


def quoted(value: object) -> str:
    """A value for a message: on one line, and not long."""
    if not isinstance(value, str):
        return reprlib.repr(value)
    return json.dumps(value if len(value) <= 40 else value[:40] + "...", ensure_ascii=False)


# Writing


def to_lines(
    format: str, words: Sequence[str], counts: NDArray[np.int64], scores: Mapping[str, NDArray[np.float64]]
) -> Iterator[str]:
    """The lines of a vocabulary in one of the :data:`FORMATS`; see :meth:`minent.vocab.Vocab.to_lines`."""
    if format not in FORMATS:
        raise ParameterError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    refused = _REFUSED.get(format)
    for word in filter(refused.search, words) if refused else ():
        raise ParameterError(f"{format} cannot hold the word {reprlib.repr(word)}; save as tsv")
    columns = [values.tolist() for values in scores.values()] if format != "jieba" else []
    rows = zip(words, counts.tolist(), zip(*columns, strict=True) if columns else repeat(()), strict=False)
    if format == "tsv":
        return _tsv_lines(rows, scores)
    if format == "jsonl":
        return _jsonl_lines(rows, scores)
    return (f"{word} {count}\n" for word, count, _ in rows)


_Row = tuple[str, int, tuple[float, ...]]


def _tsv_lines(rows: Iterable[_Row], names: Iterable[str]) -> Iterator[str]:
    yield "\t".join(["word", "count", *map(_escape, names)]) + "\n"
    for word, count, scores in rows:
        yield "\t".join([_escape(word), str(count), *map(_to_field, scores)]) + "\n"


def _jsonl_lines(rows: Iterable[_Row], names: Iterable[str]) -> Iterator[str]:
    for word, count, scores in rows:
        named = zip(names, map(_to_json, scores), strict=False)
        line = json.dumps({"word": word, "count": count, **dict(named)}, ensure_ascii=False)
        yield _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", line) + "\n"


def _to_field(score: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without a point."""
    return repr(score).removesuffix(".0")


def _to_json(score: float) -> float | str:
    return score if math.isfinite(score) else _NAMES[repr(score)]


# Reading


class Table:
    """Words, counts and scores, as they come in from the lines of a file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.words: list[str] = []
        self._counts: list[NDArray[np.int64]] = []
        self._scores: dict[str, list[NDArray[np.float64]]] | None = None
        self._runs: list[tuple[int, int]] = []  # index of a word and the number of its line, where they part

    @property
    def counts(self) -> NDArray[np.int64]:
        """Count of each word."""
        return np.concatenate([np.empty(0, np.int64), *self._counts])

    @property
    def scores(self) -> dict[str, NDArray[np.float64]]:
        """Name → score of each word."""
        none = np.empty(0)
        return {key: np.concatenate([none, *parts]) for key, parts in (self._scores or {}).items()}

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
        self, numbers: Sequence[int], words: list[Any], counts: list[Any], scores: Mapping[str, NDArray[np.float64]]
    ) -> None:
        """Take in the words of some lines, given their numbers."""
        fault = first_fault(words, counts)
        if fault:
            raise FormatError(f"{self.name}:{numbers[fault[0]]}: {fault[1]}")
        for k, number in enumerate(numbers):
            if k == 0 or number != numbers[k - 1] + 1:
                self._runs.append((len(self.words) + k, number))
            if isinstance(numbers, range):
                break
        self.words += words
        self._counts.append(np.array(counts, np.int64))
        for key, parts in (self._scores or {}).items():
            parts.append(scores[key])


def parse(name: str, blocks: Iterable[str]) -> Table:
    """A vocabulary from the blocks of a text; its form is told by the first line.

    Raises
    ------
    FormatError
        Names file, line and what is wrong.
    """
    table = Table(name)
    read: Callable[[Table, Sequence[int], list[str]], None] | None = None
    for numbers, lines in _numbered(blocks):
        if read is None:
            read = _reader(name, numbers, lines)
            if isinstance(read, _Tsv):
                numbers, lines = numbers[1:], lines[1:]
        if lines:
            read(table, numbers, lines)
    if read is None:
        raise FormatError(f"{name}: the vocabulary is empty; expected the header: word, count")
    if isinstance(read, _Tsv):
        table.expect(read.names)
    if len(set(table.words)) < len(table.words):
        at = second_coming(table.words)
        raise FormatError(f"{name}:{table.line_of(at)}: {twice(table.words[at])}")
    return table


def _reader(name: str, numbers: Sequence[int], lines: list[str]) -> Callable[[Table, Sequence[int], list[str]], None]:
    if lines[0].split("\t")[:2] == ["word", "count"]:
        return _Tsv(name, numbers[0], lines[0])
    if lines[0].startswith("{") and lines[0].rstrip().endswith("}"):
        return _read_jsonl
    return _read_jieba


def _numbered(blocks: Iterable[str]) -> Iterator[tuple[Sequence[int], list[str]]]:
    """Lines that are not empty, and their numbers, some thousands at a time."""
    number = 1
    for block in whole_lines(blocks):
        lines = block.replace("\r\n", "\n").removesuffix("\n").split("\n")
        numbers: Sequence[int] = range(number, number + len(lines))
        number += len(lines)
        if "" in lines:
            numbers = [n for n, line in zip(numbers, lines, strict=True) if line]
            lines = [line for line in lines if line]
        if lines:
            yield numbers, lines


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
        _, _, *self.names = [_unescape(field) for field in header.split("\t")]
        self.width = len(self.names) + 2
        if len({"word", "count", *self.names}) < self.width:
            raise FormatError(f"{name}:{number}: the header names a column twice")

    def __call__(self, table: Table, numbers: Sequence[int], lines: list[str]) -> None:
        table.expect(self.names)
        tabs = [line.count("\t") for line in lines]
        if set(tabs) != {self.width - 1}:
            number, n = next((a, b + 1) for a, b in zip(numbers, tabs, strict=True) if b != self.width - 1)
            raise FormatError(f"{table.name}:{number}: fields: {n}, but the header has {self.width}")
        # One flat list: a list of lists would keep the garbage collector busy for longer than all the rest takes.
        text = "\t".join(lines)
        fields = text.split("\t")
        words, counts, *scores = (fields[column :: self.width] for column in range(self.width))
        table.add(
            numbers,
            list(map(_unescape, words)) if "\\" in text else words,
            _parsed(table.name, numbers, counts, "count", int),
            {
                key: np.array(_parsed(table.name, numbers, column, key))
                for key, column in zip(self.names, scores, strict=True)
            },
        )


def _read_jieba(table: Table, numbers: Sequence[int], lines: list[str]) -> None:
    words, counts = [], []
    for number, line in zip(numbers, lines, strict=True):
        match = _JIEBA.fullmatch(line.strip(" "))
        if not match:
            raise FormatError(f'{table.name}:{number}: {quoted(line)} is not "word count"; is it a vocabulary?')
        words.append(match[1])
        counts.append(match[2])
    table.add(numbers, words, _parsed(table.name, numbers, counts, "count", int), {})


def _read_jsonl(table: Table, numbers: Sequence[int], lines: list[str]) -> None:
    words: list[Any] = []
    counts: list[Any] = []
    scores: dict[str, list[float]] = {}
    for number, line in zip(numbers, lines, strict=True):
        try:
            entry = json.loads(line)
            words.append(entry.pop("word"))
            counts.append(entry.pop("count"))
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            raise FormatError(f'{table.name}:{number}: expected an object with "word" and "count"') from None
        names = table.expect(list(entry))
        if entry.keys() != set(names):
            raise FormatError(f"{table.name}:{number}: the scores are not those of the first word")
        for key, value in entry.items():
            try:
                scores.setdefault(key, []).append(_from_json(value))
            except (ValueError, OverflowError):
                raise FormatError(f"{table.name}:{number}: the {key} {quoted(value)} is not a number") from None
    table.add(numbers, words, counts, {key: np.array(values) for key, values in scores.items()})


def _from_json(value: Any) -> float:
    if isinstance(value, bool) or not (isinstance(value, (int, float)) or value in _NAMES.values()):
        raise ValueError
    return float(value)
