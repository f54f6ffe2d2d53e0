"""A vocabulary in compiled form: arrays that are used as they are read.

========================  =====================================================================================
bytes                     what they hold
========================  =====================================================================================
0 – 15                    ``minent-vocab`` and the bytes 13 10 26 10, which no text has and no text mode leaves whole
16 – 27                   version (now 3), size of the header in bytes, CRC-32 of the header; three little-endian uint32
28 – …                    header: a JSON object in UTF-8
from the next 64 bytes    the arrays, little-endian, each beginning at a multiple of 64 bytes
========================  =====================================================================================

The header gives under ``arrays`` the ``shape`` of each array, where it begins (``at``, in bytes after the header) and
its CRC-32 (``crc``); under ``scores`` the names of the scores; and ``n_symbols``, ``floor`` and ``longest``, as
:class:`~minent.trie.Trie` and :class:`~minent.lattice.Lattice` have them. The arrays are

=======================  ======================================================================================
``text``, uint8          all words in UTF-8, one after the other; a lone surrogate is three bytes
``lengths``, int32       length of each word in characters
``counts``, int64        count of each word
``score0``, … float64    the scores of each word
``codes``, int32         the code points that words are made of
``symbols``, uint32      the symbol of each of these in the trie
``base``, uint32         see :class:`~minent.trie.Trie`
``label``, uint16        likewise; uint32 if there are 65535 symbols or more
``value``, int32         likewise
``score``, int64         see :class:`~minent.lattice.Lattice`
=======================  ======================================================================================

Nothing in such a file is ever run, and an array is checked before it is used.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from minent.errors import FormatError
from minent.lattice import Lattice
from minent.table import lengths_of, spell
from minent.trie import Trie, label_type

__all__ = ["MAGIC", "CompiledVocab", "dump"]

MAGIC = b"minent-vocab\r\n\x1a\n"
_VERSION = 3
_ALIGN = 64
_START = struct.Struct("<III")
_N_CODES = 0x110000


def dump(
    file: IO[bytes],
    words: tuple[str, ...],
    counts: NDArray[np.int64],
    scores: Mapping[str, NDArray[np.float64]],
    lattice: Lattice,
) -> None:
    """Write a vocabulary and its lattice over code points."""
    codes = np.flatnonzero(lattice.symbol_of)
    arrays: dict[str, NDArray[Any]] = {
        "codes": codes.astype(np.int32),
        "symbols": lattice.symbol_of[codes],
        "base": lattice.trie.base,
        "label": lattice.trie.label,
        "value": lattice.trie.value,
        "score": lattice.score,
        "counts": counts,
        "text": np.frombuffer("".join(words).encode("utf-8", "surrogatepass"), np.uint8),
        "lengths": lengths_of(words),
        **{f"score{k}": values for k, values in enumerate(scores.values())},
    }
    listed, blobs, at = {}, [], 0
    for name, array in arrays.items():
        blob = array.astype(array.dtype.newbyteorder("<")).tobytes()
        listed[name] = {"shape": array.shape, "at": at, "crc": zlib.crc32(blob)}
        blobs.append(_padded(blob))
        at += len(blobs[-1])
    numbers = {"n_symbols": lattice.trie.n_symbols, "floor": lattice.floor, "longest": lattice.longest}
    header = json.dumps({"scores": list(scores), **numbers, "arrays": listed}).encode()
    file.write(_padded(MAGIC + _START.pack(_VERSION, len(header), zlib.crc32(header)) + header))
    file.writelines(blobs)


def _padded(blob: bytes) -> bytes:
    return blob + bytes(-len(blob) % _ALIGN)


class CompiledVocab:
    """The contents of a compiled file, checked where they are used.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    data : ndarray of uint8

    Raises
    ------
    FormatError
        The file breaks off, is damaged, or is of another version.
    """

    def __init__(self, name: str, data: NDArray[np.uint8]) -> None:
        self._name = name
        self._data = data
        begin = len(MAGIC) + _START.size
        start = data[len(MAGIC) : begin].tobytes()
        if len(start) < _START.size:
            raise self._damaged()
        version, size, crc = _START.unpack(start)
        if version != _VERSION:
            raise FormatError(f"{name}: a compiled vocabulary of version {version}, not {_VERSION}; compile it again")
        header = data[begin : begin + size].tobytes()
        if len(header) < size or zlib.crc32(header) != crc:
            raise self._damaged()
        self._about = json.loads(header)
        self._begin = -(-(begin + size) // _ALIGN) * _ALIGN

    def _damaged(self) -> FormatError:
        return FormatError(f"{self._name}: the compiled vocabulary is damaged or breaks off; compile it again")

    def _array(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        about = self._about["arrays"][name]
        kind = np.dtype(dtype)
        begin = self._begin + about["at"]
        blob = self._data[begin : begin + kind.itemsize * math.prod(about["shape"])]
        if len(blob) < kind.itemsize * math.prod(about["shape"]) or zlib.crc32(blob.data) != about["crc"]:
            raise self._damaged()
        return blob.view(kind).reshape(about["shape"]).astype(kind.newbyteorder("="), copy=False)

    @property
    def words(self) -> tuple[str, ...]:
        """All words."""
        return spell(
            self._array("text", "|u1").tobytes().decode("utf-8", "surrogatepass"), self._array("lengths", "<i4")
        )

    @property
    def counts(self) -> NDArray[np.int64]:
        """Count of each word."""
        return self._array("counts", "<i8")

    @property
    def scores(self) -> dict[str, NDArray[np.float64]]:
        """Name → score of each word."""
        return {name: self._array(f"score{k}", "<f8") for k, name in enumerate(self._about["scores"])}

    @property
    def lattice(self) -> Lattice:
        """The lattice of the words over code points."""
        codes, symbols = self._array("codes", "<i4"), self._array("symbols", "<u4")
        n_symbols = self._about["n_symbols"]
        base, value, score = self._array("base", "<u4"), self._array("value", "<i4"), self._array("score", "<i8")
        trie = Trie(base, self._array("label", label_type(n_symbols).newbyteorder("<")), value, n_symbols)
        if not _are_sound(codes, symbols, trie, score, len(self._array("lengths", "<i4"))):
            raise self._damaged()
        symbol_of = np.zeros(_N_CODES, np.uint32)
        symbol_of[codes] = symbols
        return Lattice(symbol_of, trie, score, self._about["floor"], self._about["longest"])


def _are_sound(
    codes: NDArray[np.int32],
    symbols: NDArray[np.uint32],
    trie: Trie,
    score: NDArray[np.int64],
    n_words: int,
) -> bool:
    """Whether a walk stays inside the arrays: kernels do not look where they end."""
    n = len(trie.base)
    return (
        len(codes) == len(symbols)
        and n == len(trie.label) == len(trie.value) == len(score)
        and n > trie.n_symbols >= int(symbols.max(initial=0))
        and 0 <= int(codes.min(initial=0)) <= int(codes.max(initial=0)) < _N_CODES
        and int(trie.base.max()) + trie.n_symbols < n
        and int(trie.value.min()) >= -1
        and int(trie.value.max()) < n_words
    )
