"""Arrays that grow at their end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["GrowingArray"]


class GrowingArray:
    """In memory what a :class:`minent._disk.DiskArray` is on disk, with room for so many values to begin with.

    Values of another type make it one of a type that holds both.
    """

    def __init__(self, dtype: DTypeLike, room: int = 0) -> None:
        self._values: NDArray[Any] = np.empty(room, dtype)  # takes memory only where it is written to
        self._size = 0

    def append(self, values: NDArray[Any]) -> None:
        """Add values at the end."""
        end, dtype = self._size + len(values), np.promote_types(self._values.dtype, values.dtype)
        if end > len(self._values) or dtype != self._values.dtype:
            grown = np.empty(max(2 * end, len(self._values)), dtype)
            grown[: self._size] = self._values[: self._size]
            self._values = grown
        self._values[self._size : end] = values
        self._size = end

    def whole(self) -> NDArray[Any]:
        """All values; none is added from here on."""
        self._values.resize(self._size, refcheck=False)
        return self._values
