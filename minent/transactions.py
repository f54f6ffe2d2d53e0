"""Transactions: sets of items, from lists, tables, matrices and files, as one stream of item codes."""

from __future__ import annotations

import itertools
import os
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._kernels import numbering as kernels
from minent.basket_files import read_baskets
from minent.errors import ParameterError
from minent.numbering import number_items

__all__ = ["Transactions", "TransactionsLike", "as_transactions"]

_BLOCK = 1 << 16


@dataclass(frozen=True, eq=False)
class Transactions:
    """Sets of items, in the order they came; made by its class methods.

    An item that comes twice in a transaction counts once, and a transaction without items is one nevertheless.

    Attributes
    ----------
    items : tuple
        The distinct items, by first appearance; an item is its number here, its *code*.
    codes : ndarray of shape (total,), int32
        The items of all transactions, none twice in one.
    starts : ndarray of shape (n + 1,), int64
        Transaction i holds ``codes[starts[i]:starts[i + 1]]``.
    counts : ndarray of shape (len(items),), int64
        How many transactions hold each item.

    Examples
    --------
    >>> baskets = Transactions.from_lists([["tea", "cup"], ["tea", "tea"], []])
    >>> len(baskets), baskets.items, baskets.counts
    (3, ('tea', 'cup'), array([2, 1]))
    >>> list(baskets)
    [('tea', 'cup'), ('tea',), ()]
    """

    items: tuple[Hashable, ...]
    codes: NDArray[np.int32]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __iter__(self) -> Iterator[tuple[Hashable, ...]]:
        for begin, end in itertools.pairwise(self.starts.tolist()):
            yield tuple(map(self.items.__getitem__, self.codes[begin:end].tolist()))

    def __repr__(self) -> str:
        return f"<Transactions: {len(self):,} of {len(self.items):,} items>"

    @property
    def longest(self) -> int:
        """Most items in a transaction."""
        return int(np.diff(self.starts).max(initial=0))

    @classmethod
    def from_lists(cls, transactions: Iterable[Iterable[Hashable]]) -> Transactions:
        """Take each transaction from an iterable of hashable items.

        Items are the same if Python thinks so: ``1``, ``1.0`` and ``True`` are. The first one seen is kept.

        Raises
        ------
        ParameterError
            A transaction is a string or not iterable, or an item is not hashable.
        """
        index: dict[Hashable, int] = {}
        parts: list[NDArray[np.int32]] = []
        sizes: list[NDArray[np.int64]] = []
        stream = iter(transactions)
        while block := list(itertools.islice(stream, _BLOCK)):
            numbered = number_items(block, index)
            parts.append(numbered[0])
            sizes.append(numbered[1])
        codes = np.concatenate([np.empty(0, np.int32), *parts])
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate([np.empty(0, np.int64), *sizes]))])
        return cls._of(tuple(index), codes, starts)

    @classmethod
    def from_matrix(cls, matrix: Any, items: Iterable[Hashable] | None = None) -> Transactions:
        """Take a row for a transaction and a column for an item, which is in the row where the value is not 0.

        Parameters
        ----------
        matrix : array of shape (n, n_items), SciPy sparse matrix, or data frame
            Boolean, or made of 0 and 1.
        items : iterable, optional
            One item for each column; by default the columns of a data frame, or the numbers 0, 1, …

        Raises
        ------
        ParameterError
            There are not two dimensions, other values, or not as many items as columns.
        """
        if items is None and hasattr(matrix, "columns"):
            items = list(matrix.columns)
        rows, columns, shape = _cells(matrix)
        labels = tuple(range(shape[1]) if items is None else items)
        if len(set(labels)) != shape[1]:
            raise ParameterError(f"{len(set(labels))} distinct items for {shape[1]} columns; name each column once")
        starts = np.searchsorted(rows, np.arange(shape[0] + 1))
        return cls._of(labels, columns.astype(np.int32), starts.astype(np.int64))

    @classmethod
    def from_table(cls, transactions: Iterable[Hashable], items: Iterable[Hashable]) -> Transactions:
        """Take a long table: of each row the name of a transaction, and one of its items.

        The rows of a transaction need not stand together; transactions are kept by first appearance.

        Raises
        ------
        ParameterError
            The two columns differ in length, or a value is not hashable.
        """
        names, labels = list(transactions), list(items)
        if len(names) != len(labels):
            raise ParameterError(f"{len(names)} transactions for {len(labels)} items; a table has one of each in a row")
        of_name: dict[Hashable, int] = {}
        index: dict[Hashable, int] = {}
        number, codes = number_items([names], of_name)[0], number_items([labels], index)[0]
        starts = np.concatenate([[0], np.cumsum(np.bincount(number, minlength=len(of_name)))])
        return cls._of(tuple(index), codes[np.argsort(number, kind="stable")], starts.astype(np.int64))

    @classmethod
    def from_files(
        cls,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        *,
        separator: str | None = None,
        format: str | None = None,
        header: bool = False,
        encoding: str = "utf-8",
        errors: str = "strict",
        progress: bool = False,
    ) -> Transactions:
        """Read files, compressed or not; ``-`` is standard input.

        Parameters
        ----------
        paths : path or iterable of paths
            Files or folders, see :func:`minent.reading.find_files`.
        separator : str, optional
            What parts the items of a line; a blank stands for any white space. By default a comma, and white space
            in ``.dat`` files, those of the FIMI repository. Blanks around an item are no part of it, nor are quotes
            as CSV has them: ``"bread, white"`` is one item.
        format : {None, "basket", "jsonl", "table"}
            A transaction a line; a JSON list of items a line; or a line for each item, "transaction, item",
            parted by tabs unless a separator is given. By default what the name of the file says: ``.jsonl`` or
            a basket a line.
        header : bool
            Whether the first line of each file names its columns, and is left out.
        encoding : str
            Any encoding that Python knows.
        errors : {"strict", "replace", "skip-line"}
            What to do where bytes are not in that encoding.
        progress : bool
            Show a bar of bytes on stderr.

        Raises
        ------
        FormatError
            A line is no JSON list, or no row of a table: names file and line.
        InputError, DecodeError, MissingExtraError, ParameterError
        """
        form: dict[str, Any] = {"separator": separator, "format": format, "header": header}
        rows = read_baskets(paths, **form, encoding=encoding, errors=errors, progress=progress)
        if format == "table":
            pairs = list(rows)
            return cls.from_table([name for name, _ in pairs], [item for _, item in pairs])
        return cls.from_lists(rows)

    def without(self, items: Iterable[Hashable]) -> Transactions:
        """The same transactions without some items.

        Examples
        --------
        >>> list(Transactions.from_lists([["tea", "the"], ["the"]]).without(["the", "a"]))
        [('tea',), ()]
        """
        if isinstance(items, str):
            raise ParameterError("without takes items, not one str; put it into a list")
        unwanted = set(items)
        kept = np.fromiter((item not in unwanted for item in self.items), np.bool_, len(self.items))
        number = np.cumsum(kept, dtype=np.int32) - np.int32(1)
        stays = kept[self.codes]
        starts = np.concatenate([[0], np.cumsum(stays)])[self.starts]
        labels = tuple(itertools.compress(self.items, kept.tolist()))
        return Transactions(labels, number[self.codes[stays]], starts, self.counts[kept])

    @classmethod
    def _of(cls, items: tuple[Hashable, ...], codes: NDArray[np.int32], starts: NDArray[np.int64]) -> Transactions:
        counts = np.zeros(len(items), np.int64)
        kept = np.empty(len(codes), np.bool_)
        kernels.first_of_row(codes, starts, np.full(len(items), -1, np.int64), counts, kept)
        if not kept.all():
            starts = np.concatenate([[0], np.cumsum(kept)])[starts]
            codes = codes[kept]
        return cls(items, codes, starts, counts)


TransactionsLike: TypeAlias = "Transactions | str | Path | Iterable[Iterable[Hashable]] | Any"


def as_transactions(source: TransactionsLike) -> Transactions:
    """Transactions as they are, of a file, of a matrix or data frame, or of an iterable of iterables."""
    if isinstance(source, Transactions):
        return source
    if isinstance(source, (str, Path)):
        return Transactions.from_files(source)
    if hasattr(source, "columns") or hasattr(source, "tocsr") or getattr(source, "ndim", 0) == 2:
        return Transactions.from_matrix(source)
    if not isinstance(source, Iterable):
        raise ParameterError("transactions must be an iterable of iterables of items, a path, a matrix or a data frame")
    return Transactions.from_lists(source)


def _cells(matrix: Any) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[int, int]]:
    """Rows and columns of the cells that are not 0, by rows, and the shape."""
    if hasattr(matrix, "tocsr"):
        sparse = matrix.tocsr().copy()
        sparse.sum_duplicates()
        sparse.eliminate_zeros()
        values, shape = sparse.data, sparse.shape
        rows, columns = np.repeat(np.arange(shape[0]), np.diff(sparse.indptr)), sparse.indices
    else:
        array = np.asarray(matrix.to_numpy() if hasattr(matrix, "to_numpy") else matrix)
        if array.ndim != 2:
            raise ParameterError(f"a matrix of transactions has two dimensions, not {array.ndim}")
        shape = array.shape
        rows, columns = np.nonzero(array)
        values = array[rows, columns]
    if not all(value == 1 for value in set(values.tolist())):
        raise ParameterError(
            "a matrix of transactions holds 0 and 1, or booleans; use Transactions.from_table for pairs"
        )
    return rows, columns, shape
