"""Arrays on disk."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from minent.errors import InputError

__all__ = ["DiskArray", "DiskText"]


class DiskArray:
    """A one-dimensional array in a temporary file that vanishes with it.

    It grows at its end; a slice reads into memory. Several threads may read it.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self.dtype = np.dtype(dtype)
        self._size = 0
        self._lock = threading.Lock()
        try:
            self._file = tempfile.TemporaryFile(buffering=0, prefix="minent-")  # noqa: SIM115
        except OSError as error:
            raise _unusable(error) from None
        weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        return self._size

    def append(self, values: NDArray[Any]) -> int:
        """Add values at the end; returns where they begin."""
        begin = self._size
        rest = memoryview(np.ascontiguousarray(values, self.dtype).view(np.uint8).data)
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
        rest = memoryview(out.view(np.uint8).data)
        with self._lock:
            self._file.seek(begin * self.dtype.itemsize)
            while rest:
                rest = rest[self._file.readinto(rest) :]
        return out[::step]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return self[:].astype(dtype or self.dtype, copy=False)


class DiskText:
    """Lines of text in a temporary file that vanishes when it is closed."""

    def __init__(self) -> None:
        try:
            self._file = tempfile.TemporaryFile(  # noqa: SIM115
                "w+", encoding="utf-8", errors="surrogatepass", newline="\n", prefix="minent-"
            )
        except OSError as error:
            raise _unusable(error) from None

    def __enter__(self) -> DiskText:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._file.close()

    def writelines(self, lines: Iterable[str]) -> None:
        """Add lines at the end."""
        try:
            self._file.writelines(lines)
        except OSError as error:
            raise _unusable(error) from None

    def lines(self) -> Iterator[str]:
        """All lines from the first on."""
        try:
            self._file.seek(0)  # writes what is left
        except OSError as error:
            raise _unusable(error) from None
        yield from self._file


def _unusable(error: OSError) -> InputError:
    return InputError(
        f"{tempfile.gettempdir()}: the temporary folder cannot be used: {error.strerror or error}; "
        "free some space, or set TMPDIR to a folder that has more"
    )
