"""A corpus: text as clauses of units, encoded once as dense ids."""

from __future__ import annotations

import functools
import itertools
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._disk import DiskArray
from minent._growing import GrowingArray
from minent._kernels import ngrams as kernels
from minent._threads import beside
from minent.errors import DecodeError, InputError, ParameterError
from minent.folding import fold_table
from minent.reading import read_codes
from minent.units import UnitEncoder, UnitTable
from minent.unpacking import BLOCK, find_files, shorten

__all__ = ["Corpus", "CorpusLike", "as_corpus"]

_BLOCK = 1 << 21
_PART = 1 << 14
_FOR_HASHES = 1 << 24  # units whose longer clauses are all looked at
_OPTION = re.compile(r"--(encoding|errors) ([\w-]+)")


@dataclass(frozen=True, eq=False)
class Corpus:
    """Text as one stream of unit ids.

    Build one with :meth:`from_files` or :meth:`from_texts`.

    Attributes
    ----------
    ids : ndarray of shape (m,), int32
        The units in order, each clause followed by one 0. With ``on_disk`` a
        :class:`minent._disk.DiskArray`, whose slices are arrays.
    units : UnitTable
        Id → text of the unit.

    Examples
    --------
    >>> corpus = Corpus.from_texts(["买T恤, 看5G网络"])
    >>> [corpus.units[i] for i in corpus.ids]
    ['买', 'T', '恤', '', '看', '5', 'G', '网', '络', '']
    >>> corpus.n_units, corpus.n_clauses, corpus.n_chars
    (8, 2, 8)
    """

    ids: NDArray[np.int32] | DiskArray
    units: UnitTable

    def __post_init__(self) -> None:
        if isinstance(self.ids, np.ndarray):
            self.ids.flags.writeable = False

    def __repr__(self) -> str:
        return f"<Corpus: {self.n_units:,} units in {self.n_clauses:,} clauses>"

    def __reduce__(self) -> tuple[object, ...]:
        return Corpus, (self.ids, self.units)  # an array forgets on its way that it is read-only

    @classmethod
    def from_files(
        cls,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        *,
        encoding: str = "utf-8",
        errors: str = "strict",
        field: str = "text",
        normalize: str | None = None,
        units: str = "run",
        fold: bool = False,
        on_disk: bool = False,
        threads: int = 1,
        progress: bool = False,
    ) -> Corpus:
        """Read files, folders and ``-`` (standard input); see :func:`minent.reading.read_text`.

        Parameters
        ----------
        paths, encoding, errors, field, normalize, progress
            As for :func:`minent.reading.read_text`.
        units : {"run", "char"}
            Whether a run of letters or of digits is one unit, or each character is; see :mod:`minent.units`.
        fold : bool
            Whether traditional and simplified characters are one; see :meth:`folded`.
        on_disk : bool
            Keep the ids in a temporary file instead of in memory.
        threads : int
            With two or more, the next text is read while this one is encoded; the result is the same.
        """
        if fold:
            fold_table()  # before what may take long, since its package may be missing
        files = find_files(paths)
        blocks = read_codes(
            files, encoding=encoding, errors=errors, field=field, normalize=normalize, progress=progress
        )
        room = sum(map(os.path.getsize, filter(os.path.isfile, files))) // 2
        corpus = cls._from_blocks(blocks, units, on_disk, room, threads)
        return corpus.folded() if fold else corpus

    @classmethod
    def from_texts(
        cls, texts: Iterable[str], *, units: str = "run", fold: bool = False, on_disk: bool = False
    ) -> Corpus:
        """Take texts from an iterable; each ends its last clause."""
        if isinstance(texts, str) or not isinstance(texts, Iterable):
            raise ParameterError("texts must be an iterable of str; put a single text in a list")
        corpus = cls._from_blocks(_with_line_ends(texts), units, on_disk)
        return corpus.folded() if fold else corpus

    @classmethod
    def _from_blocks(
        cls,
        blocks: Iterable[str | NDArray[np.uint32]],
        units: str,
        on_disk: bool,
        room: int = 0,
        threads: int = 1,
    ) -> Corpus:
        encoder = UnitEncoder(units)
        ids = DiskArray(np.int32) if on_disk else GrowingArray(np.int32, room)
        for part in beside(encoder.encode, blocks, threads):
            ids.append(part)
        ids.append(encoder.encode("", final=True))
        return cls(ids if isinstance(ids, DiskArray) else ids.whole(), encoder.table())

    def folded(self) -> Corpus:
        """The same corpus with traditional and simplified characters as one, in their simplified form.

        Raises
        ------
        MissingExtraError
            The package opencc is not installed.

        Examples
        --------
        >>> corpus = Corpus.from_texts(["發現，发现"]).folded()
        >>> [corpus.units[i] for i in corpus.ids]
        ['发', '现', '', '发', '现', '']
        """
        if self.units.fold is not None:
            return self
        units, new = self.units.folded(fold_table())
        if isinstance(self.ids, np.ndarray):
            return Corpus(new[self.ids], units)
        disk = DiskArray(np.int32)
        for block in self.blocks():
            disk.append(new[block])
        return Corpus(disk, units)

    def blocks(self, share: int = 1) -> Iterator[NDArray[np.int32]]:
        """The ids in blocks of about two million, or a share of that, that end with a clause unless it is longer."""
        begin, half = 0, _BLOCK // share // 2
        while begin < len(self.ids):
            block = self.ids[begin : begin + 2 * half]
            if begin + len(block) < len(self.ids):
                ends = np.flatnonzero(block[half:] == 0)
                if len(ends):
                    block = block[: half + int(ends[-1]) + 1]
            yield block
            begin += len(block)

    def sample(self, n_units: int) -> Corpus:
        """About so many units, clauses from all over the corpus; the whole of a corpus that has no more."""
        if len(self.ids) <= n_units:
            return self
        parts = []
        for begin in np.linspace(0, len(self.ids) - _PART, -(-n_units // _PART)).astype(np.int64).tolist():
            part = self.ids[begin : begin + _PART]
            breaks = np.flatnonzero(part == 0)
            parts.append(part[breaks[0] + 1 : breaks[-1] + 1] if len(breaks) else np.append(part, np.int32(0)))
        return Corpus(np.concatenate(parts), self.units)

    def repetition(self, least: int = 12) -> float:
        """Share of the clauses of so many units or more that came before, from 0 to 1; of a large corpus an estimate.

        Examples
        --------
        >>> Corpus.from_texts(["天下大势，分久必合", "天下大势"]).repetition(least=4)
        0.3333
        """
        one_of = 1 + self.n_units // _FOR_HASHES
        found = [np.empty(0, np.int64)]
        for block in self.blocks():
            hashes = np.empty(len(block) // least + 1, np.int64)
            found.append(hashes[: kernels.hash_clauses(block, least, one_of, hashes)].copy())
        hashes = np.concatenate(found)
        return (len(hashes) - len(np.unique(hashes))) / max(1, len(hashes))

    @functools.cached_property
    def frequency(self) -> NDArray[np.int64]:
        """How often each unit id comes; that of 0 is the number of clauses."""
        frequency = np.zeros(len(self.units), np.int64)
        for begin in range(0, len(self.ids), _BLOCK):
            kernels.tally(self.ids[begin : begin + _BLOCK], frequency)
        return frequency

    @property
    def n_clauses(self) -> int:
        """Number of clauses."""
        return int(self.frequency[0])

    @property
    def n_units(self) -> int:
        """Number of units, clause breaks not counted."""
        return len(self.ids) - self.n_clauses

    @property
    def n_chars(self) -> int:
        """Number of characters inside clauses."""
        return int(self.frequency @ self.units.lengths)


CorpusLike: TypeAlias = "Corpus | str | os.PathLike[str] | Iterable[str] | Iterable[os.PathLike[str]]"


def as_corpus(source: CorpusLike, *, on_disk: bool = False, threads: int = 1, progress: bool = False) -> Corpus:
    """The corpus behind a path, several paths, an iterable of str, or a Corpus, which is taken as it is.

    A single ``str`` is a path, and so is every ``os.PathLike``; an iterable of ``str`` holds texts.

    Raises
    ------
    InputError
        A file does not exist or cannot be used.
    ParameterError
        The source is none of these, or a list of str whose first one is the name of a file.
    """
    if isinstance(source, Corpus):
        return source
    if isinstance(source, str) and source != "-" and not os.path.exists(source):
        what = f"{shorten(source) or 'an empty str'}: no such file or folder"
        raise InputError(f"{what}; check the path, or to give text itself, pass a list of str")
    if isinstance(source, (str, os.PathLike)):
        return _from_files(source, on_disk=on_disk, threads=threads, progress=progress)
    if isinstance(source, Mapping):
        raise ParameterError("a corpus is not a mapping, such as a Vocab; give a path, a list of str, or a Corpus")
    if hasattr(source, "columns"):
        raise ParameterError("a corpus is not a whole data frame; give the column with the texts, as frame['text']")
    if isinstance(source, (bytes, bytearray)) or not isinstance(source, Iterable):
        raise ParameterError(f"a corpus is a path, paths, texts or a Corpus, not {type(source).__name__}")
    items = iter(source)
    first = list(itertools.islice(items, 1))
    if first and isinstance(first[0], os.PathLike):
        files: list[Any] = [*first, *items]
        return _from_files(files, on_disk=on_disk, threads=threads, progress=progress)
    if first and isinstance(first[0], str) and os.path.isfile(first[0]):
        why = f"{shorten(first[0])} is a file, and a list of str holds texts"
        raise ParameterError(f"{why}; to read files, pass Path objects, or Corpus.from_files(paths)")
    return Corpus.from_texts(itertools.chain(first, items), on_disk=on_disk)  # type: ignore[arg-type]


def _from_files(paths: Any, **options: Any) -> Corpus:
    """The same as a corpus of its own; an error says how to read the files otherwise from Python."""
    try:
        return Corpus.from_files(paths, **options)
    except DecodeError as error:
        raise DecodeError(_OPTION.sub(r'Corpus.from_files(path, \1="\2")', str(error))) from None


def _with_line_ends(texts: Iterable[str]) -> Iterable[str]:
    """Small texts joined into blocks, each closed by a line end; long ones cut."""
    kept: list[str] = []
    size = 0
    for number, text in enumerate(texts, 1):
        if not isinstance(text, str):
            raise ParameterError(f"text {number} of the corpus is {type(text).__name__}, not str")
        if size + len(text) > BLOCK:
            yield "\n".join([*kept, ""])
            kept, size = [], 0
        if len(text) > BLOCK:
            yield from (text[i : i + BLOCK] for i in range(0, len(text), BLOCK))
            yield "\n"
        else:
            kept.append(text)
            size += len(text) + 1
    yield "\n".join([*kept, ""])
