"""A corpus: text as clauses of units, encoded once as dense ids."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent.errors import InputError, ParameterError
from minent.reading import BLOCK, read_text, shorten
from minent.units import UnitEncoder, UnitTable

__all__ = ["Corpus", "CorpusLike", "as_corpus"]


@dataclass(frozen=True, eq=False)
class Corpus:
    """Text as one stream of unit ids.

    Build one with :meth:`from_files` or :meth:`from_texts`.

    Attributes
    ----------
    ids : ndarray of shape (m,), int32
        The units in order, each clause followed by one 0.
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

    ids: NDArray[np.int32]
    units: UnitTable

    def __post_init__(self) -> None:
        self.ids.flags.writeable = False

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
        progress: bool = False,
    ) -> Corpus:
        """Read files, folders and ``-`` (standard input); see :func:`minent.reading.read_text`.

        Parameters
        ----------
        paths, encoding, errors, field, normalize, progress
            As for :func:`minent.reading.read_text`.
        units : {"run", "char"}
            Whether a run of letters or of digits is one unit, or each character is; see :mod:`minent.units`.
        """
        blocks = read_text(paths, encoding=encoding, errors=errors, field=field, normalize=normalize, progress=progress)
        return cls._from_blocks(blocks, units)

    @classmethod
    def from_texts(cls, texts: Iterable[str], *, units: str = "run") -> Corpus:
        """Take texts from memory; each ends its last clause."""
        if isinstance(texts, str):
            raise ParameterError("texts must be an iterable of str; put a single text in a list")
        return cls._from_blocks(_with_line_ends(texts), units)

    @classmethod
    def _from_blocks(cls, blocks: Iterable[str], units: str) -> Corpus:
        encoder = UnitEncoder(units)
        parts = [encoder.encode(block) for block in blocks]
        parts.append(encoder.encode("", final=True))
        return cls(np.concatenate(parts), encoder.table())

    @property
    def n_clauses(self) -> int:
        """Number of clauses."""
        return len(self.ids) - int(np.count_nonzero(self.ids))

    @property
    def n_units(self) -> int:
        """Number of units, clause breaks not counted."""
        return int(np.count_nonzero(self.ids))

    @property
    def n_chars(self) -> int:
        """Number of characters inside clauses."""
        return int(np.bincount(self.ids, minlength=len(self.units)) @ self.units.lengths)


CorpusLike: TypeAlias = "Corpus | str | os.PathLike[str] | Iterable[str] | Iterable[os.PathLike[str]]"


def as_corpus(source: CorpusLike, *, progress: bool = False) -> Corpus:
    """The corpus behind a path, several paths, an iterable of str, or a Corpus.

    A single ``str`` is a path, and so is every ``os.PathLike``; an iterable of ``str`` holds texts.

    Raises
    ------
    InputError
        A file does not exist or cannot be used.
    ParameterError
        The source is none of these.
    """
    if isinstance(source, Corpus):
        return source
    if isinstance(source, str) and source != "-" and not os.path.exists(source):
        what = f"{shorten(source)}: no such file or folder"
        raise InputError(f"{what}; check the path, or to give text itself, pass a list of str")
    if isinstance(source, (str, os.PathLike)):
        return Corpus.from_files(source, progress=progress)
    if isinstance(source, (bytes, bytearray)) or not isinstance(source, Iterable):
        raise ParameterError(f"a corpus is a path, paths, texts or a Corpus, not {type(source).__name__}")
    items = iter(source)
    first = list(itertools.islice(items, 1))
    if first and isinstance(first[0], os.PathLike):
        return Corpus.from_files([*first, *items], progress=progress)  # type: ignore[list-item]
    return Corpus.from_texts(itertools.chain(first, items))  # type: ignore[arg-type]


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
