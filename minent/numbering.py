"""Items of any kind as numbers from 0 on, by first appearance."""

from __future__ import annotations

import itertools
import marshal
from collections.abc import Hashable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._kernels import numbering as kernels
from minent.errors import ParameterError

__all__ = ["number_items"]

Numbered: TypeAlias = "tuple[NDArray[np.int32], NDArray[np.int64]]"


def number_items(rows: list[Any], index: dict[Hashable, int]) -> Numbered:
    """Number the items of some transactions; new items enter the index.

    Parameters
    ----------
    rows : list of iterables of hashable items
    index : dict
        Item → number, of the transactions so far.

    Returns
    -------
    codes : ndarray of shape (n_items,), int32
    sizes : ndarray of shape (n_rows,), int64
        How many of the codes are those of each transaction.

    Raises
    ------
    ParameterError
        A transaction is a string or not iterable, or an item is not hashable.

    Examples
    --------
    >>> index = {}
    >>> number_items([["tea", 1], ["tea"]], index), index
    ((array([0, 1, 0], dtype=int32), array([2, 1])), {'tea': 0, 1: 1})
    """
    numbered = _number_plain(rows, index)
    if numbered is None:
        rows = _as_lists(rows)
        numbered = _number_plain(rows, index)
    return numbered or _number_any(rows, index)


def _number_plain(rows: list[Any], index: dict[Hashable, int]) -> Numbered | None:
    """The same for lists or tuples of int and str, several times faster; None for all else.

    Marshal makes one string of bytes of all of them, in one call; it takes no subclass for the class, so what it gives
    back is what came in. The bytes are never kept.
    """
    try:
        data = np.frombuffer(marshal.dumps(rows, 2), np.uint8)
    except ValueError:
        return None
    room = len(data) // 5
    codes, keys = np.empty(room, np.int32), np.empty(room, np.int64)
    sizes, begins, distinct = np.empty(len(rows), np.int64), np.empty(room + 1, np.int64), np.empty_like(data)
    total, n = kernels.number(data, sizes, codes, begins, keys, distinct)
    if total < 0:
        return None
    items = marshal.loads(b"[" + n.to_bytes(4, "little") + distinct[: begins[n]].tobytes())
    codes = codes[:total]
    if not index:
        index.update(zip(items, range(n), strict=True))
        return codes, sizes
    known = np.array([index.setdefault(item, len(index)) for item in items], np.int32)
    return known[codes], sizes


def _number_any(rows: list[Any], index: dict[Hashable, int]) -> Numbered:
    flat = list(itertools.chain.from_iterable(rows))
    try:
        for item in dict.fromkeys(flat):
            index.setdefault(item, len(index))
    except TypeError as error:
        raise ParameterError(f"an item must be hashable: {error}; use str, int or tuple") from None
    return (
        np.fromiter(map(index.__getitem__, flat), np.int32, len(flat)),
        np.fromiter(map(len, rows), np.int64, len(rows)),
    )


def _as_lists(rows: list[Any]) -> list[Any]:
    """Transactions that can be walked twice."""
    if any(issubclass(kind, (str, bytes)) for kind in set(map(type, rows))):
        raise ParameterError("a transaction must be an iterable of items, not a string; split it first")
    try:
        return [row if type(row) in (list, tuple) else list(row) for row in rows]
    except TypeError:
        raise ParameterError("a transaction must be an iterable of items, such as a list") from None
