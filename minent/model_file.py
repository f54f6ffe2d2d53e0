"""The file of a word bigram model.

It is a NumPy ``.npz`` archive without pickled objects, version 1, of these arrays:

==========================================  ========================================================================
``minent_bigram_model``                     the version
``unit_kind, unit_text, unit_length``       the units: their kind, code points one after the other, lengths
``fold``                                    code points that others stand for, and these; see :mod:`minent.folding`
``total, starts, unit, parent, count``      the n-grams of up to 5 units, as in :class:`minent.ngrams.NgramCounts`
``word, word_counts, pairs, sums``          rows of :class:`minent.sampler.WordCounts` that are not 0, and its sums
``p_length, p_unit``                        see :class:`minent.sampler.Spelling`
``gap_weights, gap_bias``                   see :class:`minent.gaps.GapClassifier`
``sweeps``                                  how often the corpus was gone through in learning
==========================================  ========================================================================
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from minent._kernels.sampler import rehash
from minent.errors import FormatError, InputError
from minent.gaps import GapClassifier
from minent.ngrams import NgramCounts
from minent.sampler import Spelling, WordCounts
from minent.units import LONGEST_UNIT, UnitTable, char_classes, code_points

__all__ = ["LONGEST_WORD", "read_model", "write_model"]

LONGEST_WORD = 5
_VERSION = 1
_MOST = np.iinfo(np.int32).max


def write_model(
    file: IO[bytes], tree: NgramCounts, words: WordCounts, spelling: Spelling, gaps: GapClassifier, sweeps: int
) -> None:
    """Write the parts of a model, those of :class:`minent.bigram.BigramModel`."""
    used = np.flatnonzero(words.words.any(axis=1))
    arrays: dict[str, Any] = {
        "minent_bigram_model": np.array([_VERSION]),
        "unit_kind": np.array(tree.units.kind),
        "unit_text": code_points("".join(tree.units)),
        "unit_length": tree.units.lengths,
        "fold": _changes(tree.units.fold),
        "total": np.array([tree.total]),
        "starts": tree.starts,
        "unit": tree.unit,
        "parent": tree.parent,
        "count": tree.count,
        "word": used,
        "word_counts": words.words[used],
        "sums": words.sums[:3],
        "pairs": words.pairs[words.pairs[:, 2] > 0],
        "p_length": spelling.p_length,
        "p_unit": spelling.p_unit,
        "gap_weights": gaps.weights,
        "gap_bias": np.array([gaps.bias]),
        "sweeps": np.array([sweeps]),
    }
    np.savez_compressed(file, **arrays)


def _changes(fold: NDArray[np.uint32] | None) -> NDArray[np.uint32]:
    """Each code point that another stands for, and that one."""
    if fold is None:
        return np.empty((0, 2), np.uint32)
    changed = np.flatnonzero(fold != np.arange(len(fold), dtype=np.uint32))
    return np.stack([changed.astype(np.uint32), fold[changed]], axis=1)


def read_model(
    path: str | os.PathLike[str],
) -> tuple[NgramCounts, WordCounts, Spelling, GapClassifier, int]:
    """What :func:`write_model` wrote.

    Raises
    ------
    InputError
        The file cannot be read.
    FormatError
        It is no model, or one of another version, or damaged.
    """
    name = os.fspath(path)
    try:
        with np.load(name, allow_pickle=False) as file:
            version = int(file["minent_bigram_model"][0])
            arrays = {key: file[key] for key in file.files} if version == _VERSION else {}
    except FileNotFoundError:
        raise InputError(f"{name}: no such file") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or error}") from None
    except (LookupError, TypeError, ValueError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error):
        remedy = "make one with build-vocab --method bigram --save-model"
        raise FormatError(f"{name}: not a model, or not all of one; {remedy}") from None
    if version != _VERSION:
        raise FormatError(f"{name}: a model of version {version}, not {_VERSION}; learn it again")
    try:
        return _Checked(arrays).model()
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise FormatError(f"{name}: the model is damaged ({error}); learn it again") from None


class _Checked:
    """Arrays that cannot lead a kernel astray."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays

    def get(self, name: str, dtype: type, low: float, high: float, *shape: int) -> Any:
        """An array of that type and shape, -1 being any length, with values in that range."""
        found = self._arrays[name]
        if found.dtype != np.dtype(dtype) or found.ndim != len(shape):
            raise ValueError(f"{name} has a wrong type")
        if any(n not in (-1, m) for n, m in zip(shape, found.shape, strict=True)):
            raise ValueError(f"{name} has a wrong size")
        if found.size and not (low <= found.min() and found.max() <= high):
            raise ValueError(f"{name} is out of range")
        return found

    def units(self) -> UnitTable:
        lengths = self.get("unit_length", np.int64, 0, LONGEST_UNIT, -1)
        text = self.get("unit_text", np.uint32, 0, 0x10FFFF, int(lengths.sum()))
        kind = str(self._arrays["unit_kind"])
        char_classes(kind)
        changes = self.get("fold", np.uint32, 0, 0x10FFFF, -1, 2)
        fold = np.arange(0x110000, dtype=np.uint32) if len(changes) else None
        if fold is not None:
            fold[changes[:, 0]] = changes[:, 1]
        return UnitTable(text, np.concatenate([[0], np.cumsum(lengths)]), kind, fold)

    def tree(self) -> NgramCounts:
        units = self.units()
        starts = self.get("starts", np.int64, 0, _MOST, LONGEST_WORD + 1)
        n = int(starts[-1])
        if starts[0] != 0 or (np.diff(starts) < 0).any():
            raise ValueError("starts do not rise")
        unit, parent = self.get("unit", np.int32, 1, len(units) - 1, n), self.get("parent", np.int32, -1, n, n)
        if (parent >= np.arange(n)).any() or (parent[starts[1] :] < 0).any():
            raise ValueError("parent does not come first")
        total = int(self.get("total", np.int64, 0, np.inf, 1)[0])
        return NgramCounts(units, total, 2, starts, unit, parent, self.get("count", np.int64, 2, np.inf, n), None, None)

    def words(self, n: int) -> WordCounts:
        pairs = self.get("pairs", np.int32, 0, _MOST, -1, 3)
        counts = WordCounts.empty(n, len(pairs))
        counts.words[self.get("word", np.int64, 0, n + 1, -1)] = self.get("word_counts", np.int32, 0, _MOST, -1, 3)
        counts.sums[:3] = self.get("sums", np.int64, 0, np.inf, 3)
        if len(pairs) and (pairs[:, :2].max() > n + 1 or pairs[:, 2].min() < 1):
            raise ValueError("pairs is out of range")
        counts.sums[3] = rehash(pairs, counts.pairs)
        return counts

    def spelling(self, n_units: int) -> Spelling:
        return Spelling(
            self.get("p_length", np.float64, 0, 1, LONGEST_WORD + 1),
            self.get("p_unit", np.float64, 0, 1, n_units + 1),
        )

    def model(self) -> tuple[NgramCounts, WordCounts, Spelling, GapClassifier, int]:
        tree = self.tree()
        spelling = self.spelling(len(tree.units))
        weights = self.get("gap_weights", np.float32, -np.inf, np.inf, int(tree.starts[4]) + 5, 4)
        gaps = GapClassifier(weights, float(self.get("gap_bias", np.float64, -np.inf, np.inf, 1)[0]))
        sweeps = int(self.get("sweeps", np.int64, 0, np.inf, 1)[0])
        return tree, self.words(len(tree)), spelling, gaps, sweeps
