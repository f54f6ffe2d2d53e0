"""Arrays on disk."""

from __future__ import annotations

import tempfile
import threading
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from minent.errors import InputError

__all__ = ["DiskArray"]


class DiskArray:
    """A one-dimensional array in a temporary file that vanishes with it.

    It grows at its end; a slice reads into memory. Several threads may read it.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self.dtype = np.dtype(dtype)
        self._size = 0
        self._lock = threading.Lock()
        try:
            self._file = tempfile.TemporaryFile(buffering=0, prefix="minent-")
        except OSError as error:
            raise _unusable(error) from None

    def __len__(self) -> int:
        return self._size

    def append(self, values: NDArray[Any]) -> int:
        """Add values at the end; returns where they begin."""
        begin = self._size
        rest = memoryview(np.ascontiguousarray(values, self.dtype)).cast("B")
        with self._lock:
            try:
                self._file.seek(begin * self.dtype.itemsize)
                while rest:
                    rest = rest[self._file.write(rest) :]
            except OSError as error:
                raise _unusable(error) from None
            self._size = begin + len(values)
        return begin

    def __getitem__(self, part: slice) -> NDArray[Any]:
        begin, end, step = part.indices(self._size)
        out = np.empty(max(0, end - begin), self.dtype)
        rest = memoryview(out).cast("B")
        with self._lock:
            self._file.seek(begin * self.dtype.itemsize)
            while rest:
                rest = rest[self._file.readinto(rest) :]
        return out[::step]

    def __array__(self, dtype: DTypeLike = None, copy: bool | None = None) -> NDArray[Any]:
        return self[:].astype(dtype or self.dtype, copy=False)


def _unusable(error: OSError) -> InputError:
    return InputError(
        f"{tempfile.gettempdir()}: the temporary folder cannot be used: {error.strerror or error}; "
        "free some space, or set TMPDIR to a folder that has more"
    )
