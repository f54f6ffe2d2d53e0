"""Vocab: words, their counts and scores; load and save."""

from __future__ import annotations

import json
import math
import os
import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minent._files import write_whole
from minent.errors import DecodeError, FormatError, ParameterError
from minent.reading import read_file

__all__ = ["FORMATS", "Vocab"]

FORMATS = ("tsv", "jieba", "jsonl")

_Row: TypeAlias = tuple[tuple[str, int], tuple[float, ...]]

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


def _columns(counts: Mapping[str, int] | Iterable[tuple[str, int]]) -> tuple[list[str], list[int]]:
    if isinstance(counts, Mapping):
        return list(counts), list(counts.values())
    words, numbers = [], []
    try:
        for word, number in counts:
            words.append(word)
            numbers.append(number)
    except (TypeError, ValueError):
        raise ParameterError("a vocabulary is made of a mapping or of pairs: word, count") from None
    return words, numbers


def _score(name: str, values: ArrayLike, n: int) -> NDArray[np.float64]:
    if not isinstance(name, str) or name in ("word", "count"):
        raise ParameterError(f'a score needs a name other than "word" and "count", not {name!r}')
    try:
        array = np.array(values, np.float64)
    except (TypeError, ValueError):
        raise ParameterError(f"score {name!r} is not made of numbers") from None
    if array.shape != (n,):
        raise ParameterError(f"score {name!r} has shape {array.shape}, not ({n},)")
    array.flags.writeable = False
    return array


class Vocab(Mapping[str, int]):
    """Words in rank order, best first, with their counts and scores. Immutable.

    Parameters
    ----------
    counts : Mapping of str to int, or iterable of (str, int)
        Word → count (from 1 to 2^63 - 1). A word may hold any characters, but not be empty or come twice.
    scores : Mapping of str to array of shape (n,), optional
        Named scores of each word, in the order of the words.

    Raises
    ------
    ParameterError
        A word is empty, comes twice or has no positive count, or a score has another length.

    Examples
    --------
    >>> vocab = Vocab({"天下": 12, "大势": 3}, scores={"cohesion": [4.5, 6.0]})
    >>> vocab["天下"], len(vocab), vocab.total, list(vocab)
    (12, 2, 15, ['天下', '大势'])
    >>> vocab.scores["cohesion"][1]
    np.float64(6.0)
    """

    def __init__(
        self,
        counts: Mapping[str, int] | Iterable[tuple[str, int]],
        scores: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        words, numbers = _columns(counts)
        fault = _first_fault(words, numbers)
        if fault:
            raise ParameterError(fault[1])
        self._counts = dict(zip(words, map(int, numbers), strict=True))
        arrays = {name: _score(name, values, len(words)) for name, values in (scores or {}).items()}
        self._scores = MappingProxyType(arrays)

    def __reduce__(self) -> tuple[object, ...]:
        return Vocab, (self._counts, dict(self._scores))

    def __getitem__(self, word: str) -> int:
        return self._counts[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vocab):
            return NotImplemented
        return (
            list(self.items()) == list(other.items())
            and self.scores.keys() == other.scores.keys()
            and all(np.array_equal(v, other.scores[k], equal_nan=True) for k, v in self.scores.items())
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Vocab of {len(self)} words, {self.total} occurrences>"

    @property
    def words(self) -> tuple[str, ...]:
        """All words, best first."""
        return tuple(self._counts)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Count of each word, in the order of the words."""
        return np.fromiter(self._counts.values(), np.int64, len(self))

    @property
    def total(self) -> int:
        """Sum of all counts."""
        return sum(self._counts.values())

    @property
    def scores(self) -> Mapping[str, NDArray[np.float64]]:
        """Name → score of each word, in the order of the words."""
        return self._scores

    def select(self, chosen: ArrayLike) -> Vocab:
        """The vocabulary of some words: a boolean mask, or indices in the order wanted.

        >>> Vocab({"a": 1, "b": 2}).select([1]).words
        ('b',)
        """
        index = np.asarray(chosen)
        n = len(self)
        if index.dtype == bool and index.shape == (n,):
            index = np.flatnonzero(index)
        elif index.size == 0:
            index = index.astype(np.int64)
        elif index.dtype.kind not in "iu" or index.ndim != 1 or index.min() < -n or index.max() >= n:
            raise ParameterError(f"choose words by a mask of {n} booleans or by indices below {n}")
        words = self.words
        return Vocab(
            [(words[i], self._counts[words[i]]) for i in index.tolist()],
            {name: values[index] for name, values in self._scores.items()},
        )

    def to_lines(self, format: str = "tsv") -> Iterator[str]:
        """The lines of a saved vocabulary.

        Parameters
        ----------
        format : {"tsv", "jieba", "jsonl"}
            ``tsv`` has a header ``word count score…``, tabs between fields, and ``\\t \\n \\r \\\\ \\uXXXX``
            for what a field cannot hold; ``jieba`` is ``word count``, without scores; ``jsonl`` is one object
            a line, with the strings ``"NaN"``, ``"Infinity"``, ``"-Infinity"`` for what JSON has no number.

        Raises
        ------
        ParameterError
            The format is unknown, or cannot hold one of the words.
        """
        if format not in FORMATS:
            raise ParameterError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
        refused = _REFUSED.get(format)
        for word in filter(refused.search, self) if refused else ():
            raise ParameterError(f"{format} cannot hold the word {reprlib.repr(word)}; save as tsv")
        columns = [values.tolist() for values in self._scores.values()]
        rows = zip(self._counts.items(), zip(*columns, strict=True) if columns else repeat(()), strict=False)
        if format == "tsv":
            return self._tsv_lines(rows)
        if format == "jsonl":
            return self._jsonl_lines(rows)
        return (f"{word} {count}\n" for word, count in self._counts.items())

    def _tsv_lines(self, rows: Iterable[_Row]) -> Iterator[str]:
        yield "\t".join(["word", "count", *map(_escape, self._scores)]) + "\n"
        for (word, count), scores in rows:
            yield "\t".join([_escape(word), str(count), *map(_to_field, scores)]) + "\n"

    def _jsonl_lines(self, rows: Iterable[_Row]) -> Iterator[str]:
        for (word, count), scores in rows:
            named = zip(self._scores, map(_to_json, scores), strict=True)
            line = json.dumps({"word": word, "count": count, **dict(named)}, ensure_ascii=False)
            yield _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", line) + "\n"

    def save(self, path: str | os.PathLike[str], *, format: str = "tsv") -> None:
        """Write the vocabulary as UTF-8; the file appears whole or not at all.

        Parameters
        ----------
        path : path
        format : {"tsv", "jieba", "jsonl"}
            See :meth:`to_lines`.

        Raises
        ------
        InputError
            The file cannot be written.
        """
        write_whole(path, self.to_lines(format))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Vocab:
        """Read a vocabulary in any of the formats that :meth:`save` writes; told apart by the first line.

        Raises
        ------
        FormatError
            Names the file, the line and what is wrong.
        InputError
            The file cannot be read, or is not UTF-8.
        """
        name = os.fspath(path)
        text = _read_utf8(name).replace("\r\n", "\n")
        rows = {number: line for number, line in enumerate(text.split("\n"), 1) if line}
        first = next(iter(rows.values()), "")
        if not first:
            raise FormatError(f"{name}: the vocabulary is empty; expected the header: word, count")
        if first.split("\t")[:2] == ["word", "count"]:
            words, counts, scores = _from_tsv(name, rows)
        elif first.startswith("{") and first.rstrip().endswith("}"):
            words, counts, scores = _from_jsonl(name, rows)
        else:
            words, counts, scores = _from_jieba(name, rows)
        try:
            return cls(zip(words, counts, strict=True), scores)
        except ParameterError as error:
            at, what = _first_fault(words, counts) or (0, str(error))
            number = list(rows)[len(rows) - len(words) + at]
            raise FormatError(f"{name}:{number}: {what}") from None


def _read_utf8(name: str) -> str:
    try:
        return "".join(read_file(name))
    except DecodeError as error:
        what = str(error).rpartition("; ")[0]
        raise DecodeError(f"{what}; a vocabulary must be UTF-8 (try iconv -f gb18030 -t utf-8)") from None


_Columns: TypeAlias = tuple[list[str], list[int], dict[str, list[float]]]


def _first_fault(words: Sequence[str], counts: Sequence[int]) -> tuple[int, str] | None:
    """Index of the first word that cannot be taken, and why."""
    seen = set()
    for at, (word, count) in enumerate(zip(words, counts, strict=True)):
        if not isinstance(word, str) or not word:
            return at, f"{reprlib.repr(word)} is not a word; a word is one character or more"
        whole = isinstance(count, (int, np.integer)) and count is not True
        if not whole or not 1 <= count < 1 << 63:
            return at, f"the count of {_quoted(word)} must be a whole number from 1 to 2^63 - 1"
        if word in seen:
            return at, f"the word {_quoted(word)} comes twice; keep one"
        seen.add(word)
    return None


def _quoted(value: object) -> str:
    if not isinstance(value, str):
        return reprlib.repr(value)
    return json.dumps(value if len(value) <= 40 else value[:40] + "...", ensure_ascii=False)


def _parsed(name: str, numbers: Iterable[int], column: Iterable[str], what: str, read: Any = float) -> Any:
    """The fields of a column as numbers."""
    values = []
    for number, field in zip(numbers, column, strict=True):
        try:
            values.append(read(field))
        except ValueError:
            kind = "whole number" if read is int else "number"
            raise FormatError(f"{name}:{number}: the {what} {_quoted(field)} is not a {kind}") from None
    return values


def _from_tsv(name: str, rows: dict[int, str]) -> _Columns:
    first, *numbers = rows
    header = [_unescape(field) for field in rows[first].split("\t")]
    width = len(header)
    if len(set(header)) < width:
        raise FormatError(f"{name}:{first}: the header names a column twice")
    for number, line in rows.items():
        if line.count("\t") != width - 1:
            n = line.count("\t") + 1
            raise FormatError(f"{name}:{number}: fields: {n}, but the header has {width}")
    # One flat list: a list of lists would keep the garbage collector busy for longer than all the rest takes.
    fields = "\t".join(rows.values()).split("\t")[width:]
    words, counts, *scores = (fields[column::width] for column in range(width))
    return (
        [_unescape(word) if "\\" in word else word for word in words],
        _parsed(name, numbers, counts, "count", int),
        {key: _parsed(name, numbers, column, key) for key, column in zip(header[2:], scores, strict=True)},
    )


def _from_jieba(name: str, rows: dict[int, str]) -> _Columns:
    words, counts = [], []
    for number, line in rows.items():
        match = _JIEBA.fullmatch(line.strip(" "))
        if not match:
            raise FormatError(f'{name}:{number}: {_quoted(line)} is not "word count"; is it a vocabulary?')
        words.append(match[1])
        counts.append(match[2])
    return words, _parsed(name, rows, counts, "count", int), {}


def _from_jsonl(name: str, rows: dict[int, str]) -> _Columns:
    words: list[str] = []
    counts: list[int] = []
    scores: dict[str, list[float]] | None = None
    for number, line in rows.items():
        try:
            entry = json.loads(line)
            words.append(entry.pop("word"))
            counts.append(entry.pop("count"))
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            raise FormatError(f'{name}:{number}: expected an object with "word" and "count"') from None
        scores = {key: [] for key in entry} if scores is None else scores
        if entry.keys() != scores.keys():
            raise FormatError(f"{name}:{number}: the scores are not those of the first word")
        for key, value in entry.items():
            try:
                scores[key].append(_from_json(value))
            except (ValueError, OverflowError):
                raise FormatError(f"{name}:{number}: the {key} {_quoted(value)} is not a number") from None
    return words, counts, scores or {}


def _to_field(score: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without a point."""
    return repr(score).removesuffix(".0")


def _to_json(score: float) -> float | str:
    return score if math.isfinite(score) else _NAMES[repr(score)]


def _from_json(value: Any) -> float:
    if isinstance(value, bool) or not (isinstance(value, (int, float)) or value in _NAMES.values()):
        raise ValueError
    return float(value)
