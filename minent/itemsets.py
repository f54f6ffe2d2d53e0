"""Itemsets: sets of items and their counts, as a prefix tree that is spelled out when somebody looks."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._kernels import itemsets as kernels
from minent._optional import load

__all__ = ["Itemsets"]

_BLOCK = 1 << 14


@dataclass(frozen=True, eq=False)
class Itemsets(Mapping[tuple[Hashable, ...], int]):
    """Itemsets and their counts: a read-only mapping from a tuple of items to how many transactions hold them all.

    The most frequent sets come first, of equals the shorter ones; in a set, the most frequent item. Look up a set
    as any collection, in any order; a string is one item.

    Attributes
    ----------
    labels : tuple
        The frequent items, the most frequent first; of equals the one that appeared first.
    n_transactions, min_count : int
        How many transactions there were, and how many of them hold a set at least.
    target : {"all", "closed", "maximal"}
        Which of the frequent sets these are.
    min_length : int
        Shorter sets are left out.
    parent, item, count : ndarray of shape (n_nodes,), int32
        A prefix tree: each node adds one item, a number of ``labels``, to the set of its parent, −1 for none. In
        a tree of closed or maximal sets the last item of a set that counts is written as −1 − number.

    Examples
    --------
    >>> import minent
    >>> baskets = [["tea", "cup"], ["tea", "milk"], ["tea", "cup", "milk"], ["cup"]]
    >>> itemsets = minent.frequent_itemsets(baskets, 2)
    >>> for items, count in itemsets.items():
    ...     print(count, *items)
    3 tea
    3 cup
    2 milk
    2 tea cup
    2 tea milk
    >>> itemsets[{"cup", "tea"}], itemsets["cup"], {"cup", "milk"} in itemsets
    (2, 3, False)
    """

    labels: tuple[Hashable, ...]
    n_transactions: int
    min_count: int
    target: str
    min_length: int
    parent: NDArray[np.int32]
    item: NDArray[np.int32]
    count: NDArray[np.int32]

    def __len__(self) -> int:
        if self.target == "all" and self.min_length <= 1:
            return len(self.item)
        return len(self.nodes)

    def __iter__(self) -> Iterator[tuple[Hashable, ...]]:
        for begin in range(0, len(self), _BLOCK):
            yield from self.spell(self.nodes[begin : begin + _BLOCK])

    def items(self) -> Any:
        """Pairs of a tuple of items and its count."""
        return _Pairs(self)

    def values(self) -> Any:
        """Counts, in the order of the sets."""
        return self.count[self.nodes].tolist()

    def __getitem__(self, items: Collection[Hashable]) -> int:
        node = self.find(items)
        if node < 0 or not self._is_set[node]:
            raise KeyError(items)
        return int(self.count[node])

    def __contains__(self, items: object) -> bool:
        node = self.find(items)  # type: ignore[arg-type]
        return node >= 0 and bool(self._is_set[node])

    def __repr__(self) -> str:
        return f"<Itemsets: {len(self):,} in at least {self.min_count:,} of {self.n_transactions:,} transactions>"

    def find(self, items: Collection[Hashable]) -> int:
        """The node of a set, or −1 where the tree has none; a string is one item."""
        wanted = {items} if isinstance(items, (str, bytes)) or not isinstance(items, Collection) else set(items)
        if not wanted or not wanted <= self._numbers.keys():
            return -1
        numbers = np.array([self._numbers[item] for item in wanted], np.int64)
        return int(kernels.find(numbers, self.parent, self.item, *self.index))

    @functools.cached_property
    def lengths(self) -> NDArray[np.int32]:
        """How many items the set of each node has, ndarray of shape (n_nodes,), int32."""
        lengths = np.empty(len(self.item), np.int32)
        kernels.measure(self.parent, lengths)
        return lengths

    @functools.cached_property
    def nodes(self) -> NDArray[np.int32]:
        """The nodes of the sets, in the order of the sets, ndarray of shape (n,), int32."""
        chosen = self._is_set
        between, nodes = (np.empty(np.count_nonzero(chosen), np.int32) for _ in range(2))
        length_at = np.zeros(int(self.lengths.max(initial=0)) + 2, np.int64)
        count_at = np.zeros(int(self.count.max(initial=0)) + 2, np.int64)
        kernels.sort_sets(chosen, self.lengths, self.count, length_at, count_at, between, nodes)
        return nodes

    @functools.cached_property
    def support(self) -> NDArray[np.float64]:
        """Share of the transactions that hold each set, in the order of the sets."""
        return self.count[self.nodes] / max(1, self.n_transactions)

    @functools.cached_property
    def index(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
        """To find sets by: a random key of each item; a hash of each node, the exclusive or of its keys; a hash table.

        No two sets have the same hash.
        """
        hashes = np.empty(len(self.item), np.int64)
        table = np.empty(1 << (len(self.item) * 3 // 2).bit_length(), np.int32)
        for seed in itertools.count(63):
            keys = np.random.default_rng(seed).integers(0, 1 << 62, len(self.labels))
            kernels.hash_sets(self.parent, self.item, keys, hashes)
            table[:] = -1
            if kernels.enter(hashes, self.item, self.target != "all", table):
                break
        return keys, hashes, table

    @functools.cached_property
    def _is_set(self) -> NDArray[np.bool_]:
        chosen = np.ones(len(self.item), np.bool_) if self.target == "all" else self.item < 0
        return chosen & (self.lengths >= self.min_length) if self.min_length > 1 else chosen

    @functools.cached_property
    def _numbers(self) -> dict[Hashable, int]:
        return {label: number for number, label in enumerate(self.labels)}

    def spell(self, nodes: NDArray[np.int32]) -> list[tuple[Hashable, ...]]:
        """The items of the sets of some nodes."""
        ends = np.cumsum(self.lengths[nodes])
        numbers = np.empty(int(ends[-1]) if len(ends) else 0, np.int32)
        kernels.spell(nodes, self.parent, self.item, ends, numbers)
        flat = list(map(self.labels.__getitem__, numbers.tolist()))
        bounds = [0, *ends.tolist()]
        return [tuple(flat[begin:end]) for begin, end in itertools.pairwise(bounds)]

    def to_numpy(self) -> NDArray[Any]:
        """A structured array of the sets: items (tuples), length, count, support.

        Examples
        --------
        >>> import minent
        >>> minent.frequent_itemsets([["tea"], ["tea", "cup"]], 1.0).to_numpy()
        array([(('tea',), 1, 2, 1.)],
              dtype=[('items', 'O'), ('length', '<i4'), ('count', '<i8'), ('support', '<f8')])
        """
        kinds = [("items", "O"), ("length", "i4"), ("count", "i8"), ("support", "f8")]
        rows = np.empty(len(self), kinds)
        for name, values in self._columns().items():
            rows[name] = values
        return rows

    def to_pandas(self) -> Any:
        """A pandas data frame of the same columns."""
        return load("pandas").DataFrame(self._columns())

    def to_polars(self) -> Any:
        """A polars data frame of the same columns, items as lists."""
        polars = load("polars")
        return polars.DataFrame(self._columns() | {"items": list(map(list, self))})

    def _columns(self) -> dict[str, Any]:
        items = np.empty(len(self), object)
        items[:] = list(self)
        columns = {"items": items, "length": self.lengths[self.nodes], "count": self.count[self.nodes].astype(np.int64)}
        return columns | {"support": self.support}


class _Pairs:
    """What ``Itemsets.items()`` gives."""

    def __init__(self, itemsets: Itemsets) -> None:
        self._itemsets = itemsets

    def __len__(self) -> int:
        return len(self._itemsets)

    def __iter__(self) -> Iterator[tuple[tuple[Hashable, ...], int]]:
        return zip(self._itemsets, self._itemsets.values(), strict=True)
