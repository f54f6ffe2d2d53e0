"""Vocab: words, their counts and scores; load and save."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minent._files import write_whole
from minent.errors import FormatError, InputError, ParameterError
from minent.reading import read_lines, read_text

__all__ = ["FORMATS", "Vocab"]

FORMATS = ("tsv", "jieba", "jsonl")

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\ufeff": "\\ufeff"}
_SPECIAL = re.compile("[\\\\\t\n\r\ufeff\ud800-\udfff]")
_ESCAPED = re.compile(r"\\(\\|t|n|r|u[0-9a-f]{4})")


def _escape(word: str) -> str:
    return _SPECIAL.sub(lambda m: _ESCAPES.get(m[0], f"\\u{ord(m[0]):04x}"), word)


def _unescape(field: str) -> str:
    plain = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
    return _ESCAPED.sub(lambda m: plain.get(m[1]) or chr(int(m[1][1:], 16)), field)


class Vocab(Mapping[str, int]):
    """Words in rank order, best first, with their counts and scores. Immutable.

    Parameters
    ----------
    counts : Mapping of str to int, or iterable of (str, int)
        Word → count (positive). A word may hold any characters, but not be empty or come twice.
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
        pairs = list(counts.items() if isinstance(counts, Mapping) else counts)
        self._counts = {word: int(count) for word, count in pairs}
        if len(self._counts) < len(pairs):
            raise ParameterError("a word comes twice in the vocabulary; keep one")
        for word, count in self._counts.items():
            if not isinstance(word, str) or not word or count < 1:
                raise ParameterError(f"a vocabulary needs words with positive counts, not {word!r}: {count}")
        arrays = {name: np.array(values, np.float64) for name, values in (scores or {}).items()}
        for name, values in arrays.items():
            if values.shape != (len(pairs),):
                raise ParameterError(f"score {name!r} has shape {values.shape}, not ({len(pairs)},)")
            values.flags.writeable = False
        self._scores = MappingProxyType(arrays)

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
        index = np.flatnonzero(index) if index.dtype == bool else index.astype(np.int64)
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
            ``tsv`` has a header ``word count score…``, tabs between fields, and ``\\t \\n \\r \\\\ \\uXXXX`` for what a
            field cannot hold; ``jieba`` is ``word count``; ``jsonl`` one object a line.
        """
        if format not in FORMATS:
            raise ParameterError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
        names = list(self._scores)
        if format == "tsv":
            yield "\t".join(["word", "count", *names]) + "\n"
        rows = zip(*(values.tolist() for values in self._scores.values()), strict=True) if names else iter(())
        for word, count in self._counts.items():
            scores = next(rows, ())
            if format == "tsv":
                yield "\t".join([_escape(word), str(count), *map(repr, scores)]) + "\n"
            elif format == "jieba":
                if _SPECIAL.search(word) or word != word.strip():
                    raise ParameterError(
                        f"jieba's format cannot hold the word {word!r}; save as tsv or jsonl"
                    )
                yield f"{word} {count}\n"
            else:
                yield (
                    json.dumps({"word": word, "count": count, **dict(zip(names, scores, strict=True))}) + "\n"
                )

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
        """
        name = os.fspath(path)
        lines = enumerate((line.rstrip("\r\n") for line in read_lines(read_text(path))), 1)
        rows = [(number, line) for number, line in lines if line]
        if not rows:
            raise FormatError(f"{name}: the vocabulary is empty; expected the header: word, count")
        first = rows[0][1]
        try:
            if first.split("\t")[:2] == ["word", "count"]:
                return _from_tsv(name, first.split("\t")[2:], rows[1:])
            if first.startswith("{"):
                return _from_jsonl(name, rows)
            return _from_jieba(name, rows)
        except ParameterError as error:
            raise FormatError(f"{name}: {error}") from None


def _count(name: str, number: int, field: str) -> int:
    try:
        return int(field)
    except ValueError:
        raise FormatError(f'{name}:{number}: the count "{field}" is not a whole number') from None


def _from_tsv(name: str, scores: list[str], rows: list[tuple[int, str]]) -> Vocab:
    pairs: list[tuple[str, int]] = []
    values: list[list[float]] = []
    for number, line in rows:
        fields = line.split("\t")
        if len(fields) != len(scores) + 2:
            raise FormatError(f"{name}:{number}: {len(fields)} fields, but the header has {len(scores) + 2}")
        pairs.append((_unescape(fields[0]), _count(name, number, fields[1])))
        try:
            values.append([float(field) for field in fields[2:]])
        except ValueError:
            raise FormatError(f"{name}:{number}: a score is not a number") from None
    columns = np.array(values, np.float64).reshape(len(rows), len(scores)).T
    return Vocab(pairs, dict(zip(scores, columns, strict=True)))


def _from_jieba(name: str, rows: list[tuple[int, str]]) -> Vocab:
    pairs: list[tuple[str, int]] = []
    for number, line in rows:
        # "word count tag" or "word count"; the word itself may hold spaces.
        match = re.fullmatch(r"(.+?)[ \t]+(\d+)(?:[ \t]+[A-Za-z]\w*)?", line.strip(" "))
        if not match:
            raise FormatError(f'{name}:{number}: expected "word count"; is it a vocabulary?')
        pairs.append((match[1], int(match[2])))
    return Vocab(pairs)


def _from_jsonl(name: str, rows: list[tuple[int, str]]) -> Vocab:
    pairs: list[tuple[str, int]] = []
    scores: dict[str, list[float]] = {}
    for number, line in rows:
        try:
            entry = json.loads(line)
            pairs.append((entry.pop("word"), _count(name, number, entry.pop("count"))))
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            if isinstance(error, InputError):
                raise
            raise FormatError(f'{name}:{number}: expected an object with "word" and "count"') from None
        for key, value in entry.items():
            scores.setdefault(key, []).append(value)
    if any(len(values) != len(pairs) for values in scores.values()):
        raise FormatError(f"{name}: some words lack a score that others have")
    return Vocab(pairs, scores)
