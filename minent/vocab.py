"""Vocab: words, their counts and scores; load and save."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minent._files import open_whole, write_whole
from minent._optional import load
from minent.compiled import MAGIC, CompiledVocab, dump
from minent.errors import FormatError, ParameterError
from minent.formats import FORMATS, format_for, to_lines
from minent.lattice import Lattice, information
from minent.parsing import parse_file, with_scores
from minent.table import Table, first_fault, has_twins, lengths_of, second_coming, twice
from minent.units import SINGLE, char_classes, code_points

__all__ = ["FORMATS", "Vocab", "is_compiled"]

_LARGE = 1 << 25  # bytes: a vocabulary of some 600,000 words
_ZIP = b"PK\x03\x04"


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
        fault = first_fault(words, numbers)
        if fault:
            raise ParameterError(fault[1])
        if not isinstance(counts, Mapping) and has_twins(code_points("".join(words)), lengths_of(words)):
            raise ParameterError(twice(words[second_coming(words)]))
        arrays = {name: _score(name, values, len(words)) for name, values in (scores or {}).items()}
        self._fill(tuple(words), np.array(numbers, np.int64), arrays)

    def _fill(self, words: tuple[str, ...], counts: NDArray[np.int64], scores: dict[str, NDArray[np.float64]]) -> None:
        for array in (counts, *scores.values()):
            array.flags.writeable = False
        self.__dict__.update(_words=words, _counts=counts, _scores=scores)

    @classmethod
    def _of_file(cls, source: CompiledVocab | Table) -> Vocab:
        vocab = cls.__new__(cls)
        vocab._source = source
        return vocab

    # What a file holds is taken from it at its first use; what was made of counts has it from the start.

    _source: CompiledVocab | Table

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return self._source.words

    @cached_property
    def _counts(self) -> NDArray[np.int64]:
        counts = self._source.counts
        counts.flags.writeable = False
        return counts

    @cached_property
    def _scores(self) -> dict[str, NDArray[np.float64]]:
        source = self._source
        scores = (with_scores(source) if isinstance(source, Table) else source).scores
        for array in scores.values():
            array.flags.writeable = False
        return scores

    @cached_property
    def _index(self) -> dict[str, int]:
        return dict(zip(self._words, self._counts.tolist(), strict=True))

    @cached_property
    def _lattice(self) -> Lattice:
        source = self.__dict__.get("_source")
        if isinstance(source, CompiledVocab):
            return source.lattice
        gains = information(self._counts, self.total)
        if isinstance(source, Table):
            return Lattice.of_codes(source.codes, source.lengths, self._counts, *gains)
        return Lattice.of_texts(self._words, self._counts, *gains)

    @property
    def lattice(self) -> Lattice:
        """The lattice of the words over code points, built once."""
        return self._lattice

    @property
    def lacks_singles(self) -> bool:
        """Whether none of the characters that are units of their own, such as Han, is a word, though words have them.

        >>> Vocab({"天下": 3}).lacks_singles, Vocab({"天下": 3, "天": 1}).lacks_singles, Vocab({"sky": 1}).lacks_singles
        (True, False, False)
        """
        symbol_of, value = self._lattice.symbol_of, self._lattice.trie.value
        codes = np.flatnonzero(symbol_of)
        symbols = symbol_of[codes[char_classes()[codes] == SINGLE]]
        return len(symbols) > 0 and not bool((value[symbols] >= 0).any())

    def __reduce__(self) -> tuple[object, ...]:
        return Vocab, (list(zip(self._words, self._counts.tolist(), strict=True)), self._scores)

    def __getitem__(self, word: str) -> int:
        return self._index[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._counts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vocab):
            return NotImplemented
        return (
            self._words == other._words
            and np.array_equal(self._counts, other._counts)
            and self.scores.keys() == other.scores.keys()
            and all(np.array_equal(v, other.scores[k], equal_nan=True) for k, v in self.scores.items())
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Vocab of {len(self)} words, {self.total} occurrences>"

    @property
    def words(self) -> tuple[str, ...]:
        """All words, best first."""
        return self._words

    @property
    def counts(self) -> NDArray[np.int64]:
        """Count of each word, in the order of the words."""
        return self._counts.copy()

    @property
    def total(self) -> int:
        """Sum of all counts."""
        counts = self._counts
        return (int((counts >> 32).sum()) << 32) + int((counts & 0xFFFFFFFF).sum())

    @property
    def scores(self) -> Mapping[str, NDArray[np.float64]]:
        """Name → score of each word, in the order of the words."""
        return MappingProxyType(self._scores)

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
        words, counts = self._words, self._counts.tolist()
        return Vocab(
            [(words[i], counts[i]) for i in index.tolist()],
            {name: values[index] for name, values in self._scores.items()},
        )

    def to_pandas(self) -> Any:
        """A pandas data frame: word, count, and a column for each score."""
        return load("pandas").DataFrame(self._columns())

    def to_polars(self) -> Any:
        """A polars data frame of the same columns."""
        return load("polars").DataFrame(self._columns())

    def _columns(self) -> dict[str, Any]:
        return {"word": list(self._words), "count": self._counts, **self._scores}

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
        return to_lines(format, self._words, self._counts, self._scores)

    def save(self, path: str | os.PathLike[str], *, format: str | None = None, compiled: bool = False) -> None:
        """Write the vocabulary; the file appears whole or not at all.

        Parameters
        ----------
        path : path
        format : {"tsv", "jieba", "jsonl"}, optional
            See :meth:`to_lines`; in UTF-8. By default ``jsonl`` where the path ends so, else ``tsv``.
        compiled : bool
            Write the form of :mod:`minent.compiled` instead: a larger file, from which a segmenter is ready at once.

        Raises
        ------
        InputError
            The file cannot be written.
        ParameterError
            The format is unknown or cannot hold one of the words, or none is given and the path ends in ``.csv``,
            ``.xlsx`` or the like, which are never written.
        """
        if not compiled:
            write_whole(path, self.to_lines(format_for(path, format)))
            return
        with open_whole(path, binary=True) as file:
            self.dump(file)

    def dump(self, file: IO[bytes]) -> None:
        """Write the form of :mod:`minent.compiled` to a binary file that is open."""
        dump(file, self._words, self._counts, self._scores, self.lattice)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Vocab:
        """Read a vocabulary in any of the forms that :meth:`save` writes; told apart by how the file begins.

        In jieba's form, a word that comes twice has its last count, as in jieba; elsewhere it is refused. Scores of a
        file of more than 32 MB are checked at once, but kept from their first use on only, when the file is read
        again: it must still be there.

        Raises
        ------
        FormatError
            Names the file, the line and what is wrong. When scores of a large file are first used: it has changed.
        InputError
            The file cannot be read, or is not UTF-8.
        """
        name = os.fspath(path)
        if is_compiled(name):
            return cls._of_file(CompiledVocab(name, _mapped(name)))
        if _begins_with(name, _ZIP):
            raise FormatError(f"{name}: not a vocabulary but a model or an archive; give a model as such (--model)")
        large = os.path.isfile(name) and os.path.getsize(name) > _LARGE
        return cls._of_file(parse_file(name, scored=not large))


def is_compiled(path: str | os.PathLike[str]) -> bool:
    """Whether a file holds a vocabulary in compiled form, by how it begins."""
    return _begins_with(os.fspath(path), MAGIC)


def _begins_with(name: str, magic: bytes) -> bool:
    if not os.path.isfile(name):
        return False  # a pipe can be read only once
    try:
        with open(name, "rb") as file:
            return file.read(len(magic)) == magic
    except OSError:
        return False  # what is wrong is told by who reads it


def _mapped(name: str) -> NDArray[np.uint8]:
    # Copied on writing, which never happens: kernels compiled for arrays that are only read would be others.
    return np.memmap(name, np.uint8, "c").view(np.ndarray)
