"""Exact n-gram counts of every order, as one prefix tree."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from minent._kernels import ngrams as kernels
from minent.corpus import Corpus, CorpusLike, as_corpus
from minent.errors import ParameterError
from minent.units import UnitTable

__all__ = ["MAX_ORDER", "NgramCounts", "count_ngrams"]

MAX_ORDER = 16


@dataclass(frozen=True, eq=False)
class NgramCounts:
    """Exact counts of all n-grams up to an order, as a prefix tree in flat arrays.

    Nodes are sorted by order, then by their units' ids; the node of an n-gram has as parent the node of the
    n-gram without its last unit. An n-gram never crosses a clause break.

    Attributes
    ----------
    units : UnitTable
        Id → text of the unit.
    total : int
        Number of units in the corpus.
    min_count : int
        N-grams seen less often are left out.
    starts : ndarray of shape (max_order + 1,), int64
        The n-grams of order n are the nodes ``starts[n - 1]`` to ``starts[n]``.
    unit : ndarray of shape (n_nodes,), int32
        Last unit of each n-gram.
    parent : ndarray of shape (n_nodes,), int32
        Node of each n-gram without its last unit, −1 for order 1.
    count : ndarray of shape (n_nodes,), int64
        Occurrences of each n-gram.

    Examples
    --------
    >>> counts = count_ngrams(["天下大势", "天下太平"], max_order=2)
    >>> counts["天下"], counts["下大"], counts.get("大平", 0), counts.total
    (2, 1, 0, 8)
    >>> [(gram, count) for gram, count in counts.items(2) if count > 1]
    [('天下', 2)]
    """

    units: UnitTable
    total: int
    min_count: int
    starts: NDArray[np.int64]
    unit: NDArray[np.int32]
    parent: NDArray[np.int32]
    count: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def max_order(self) -> int:
        """Longest order counted."""
        return len(self.starts) - 1

    def order(self, n: int) -> slice:
        """The nodes of order n."""
        if not 1 <= n <= self.max_order:
            raise ParameterError(f"order must be from 1 to {self.max_order}, not {n}")
        return slice(int(self.starts[n - 1]), int(self.starts[n]))

    @functools.cached_property
    def node_of_unit(self) -> NDArray[np.int32]:
        """The order-1 node of each unit id, −1 where it was too rare."""
        nodes = np.full(len(self.units), -1, np.int32)
        nodes[self.unit[self.order(1)]] = np.arange(self.starts[1], dtype=np.int32)
        return nodes

    @functools.cached_property
    def _children(self) -> NDArray[np.int32]:
        """Hash table: a node and the next unit lead to a child."""
        begin = int(self.starts[1])
        table = np.full((1 << (2 * (len(self) - begin)).bit_length(), 4), -1, np.int32)
        kernels.index_children(self.parent, self.unit, begin, table)
        return table

    @functools.cached_property
    def suffix(self) -> NDArray[np.int32]:
        """Node of each n-gram without its first unit, −1 for order 1."""
        suffix = np.empty(len(self), np.int32)
        kernels.suffixes(self._children, self.parent, self.unit, self.node_of_unit, int(self.starts[1]), suffix)
        return suffix

    def walk(self, ids: NDArray[np.int32], longest: int) -> NDArray[np.int32]:
        """The counted n-grams that begin at each position of an id stream.

        Parameters
        ----------
        ids : ndarray of shape (m,), int32
            Unit ids with a 0 after each clause.
        longest : int
            Longest order wanted.

        Returns
        -------
        ndarray of shape (m, longest), int32
            Column n − 1 has the nodes of order n, −1 where that n-gram was not counted.
        """
        nodes = np.empty((len(ids), longest), np.int32)
        kernels.walk(ids, self._children, self.node_of_unit, nodes)
        return nodes

    def advance(self, ids: NDArray[np.int32], nodes: NDArray[np.int32], order: int, steps: int) -> None:
        """Lead ``nodes[i]``, of the n-gram of ``order`` units that begins at position i, ``steps`` units on."""
        kernels.advance(ids, self._children, order, steps, nodes)

    def unit_ids(self, node: int) -> list[int]:
        """Unit ids of the n-gram of a node."""
        ids: list[int] = []
        while node >= 0:
            ids.append(int(self.unit[node]))
            node = int(self.parent[node])
        return ids[::-1]

    def text(self, nodes: NDArray[np.integer]) -> list[str]:
        """Texts of the n-grams of some nodes."""
        out = np.full(len(nodes), "", object)
        nodes = np.array(nodes, np.int64)
        while len(nodes) and (nodes >= 0).any():
            inside = nodes >= 0
            out[inside] = self.units.strings[self.unit[nodes[inside]]] + out[inside]
            nodes[inside] = self.parent[nodes[inside]]
        return out.tolist()

    def find(self, ngram: str) -> int:
        """Node of an n-gram given as text, −1 where it was not counted."""
        node = -1
        for text in self.units.split(ngram):
            unit = self.units.ids.get(text, -1)
            if unit < 0:
                return -1
            node = int(kernels.find_child(self._children, node, unit) if node >= 0 else self.node_of_unit[unit])
            if node < 0:
                return -1
        return node

    def __getitem__(self, ngram: str) -> int:
        node = self.find(ngram)
        if node < 0:
            raise KeyError(ngram)
        return int(self.count[node])

    def get(self, ngram: str, default: int = 0) -> int:
        """Count of an n-gram, or a default where it was not counted."""
        node = self.find(ngram)
        return int(self.count[node]) if node >= 0 else default

    def __contains__(self, ngram: str) -> bool:
        return self.find(ngram) >= 0

    def items(self, n: int) -> Iterator[tuple[str, int]]:
        """N-grams of order n and their counts, in the order of their nodes."""
        of_order = self.order(n)
        nodes = np.arange(of_order.start, of_order.stop)
        for part in np.array_split(nodes, len(nodes) // 100_000 + 1):
            yield from zip(self.text(part), self.count[part].tolist(), strict=True)


def count_ngrams(corpus: CorpusLike, *, max_order: int = 4, min_count: int = 1) -> NgramCounts:
    """Count all n-grams of units, exactly.

    Parameters
    ----------
    corpus : Corpus, path, paths or iterable of str
        See :func:`minent.corpus.as_corpus`.
    max_order : int
        Longest n-gram, from 1 to 16 units.
    min_count : int
        Leave out n-grams that occur less often; all others keep their exact counts.

    Returns
    -------
    NgramCounts

    Raises
    ------
    ParameterError
        ``max_order`` or ``min_count`` is out of range.

    Notes
    -----
    The units that start at each position are packed into one 64-bit key, the keys are sorted once, and one scan
    over them yields the counts of all orders, since every shorter n-gram is a run of equal prefixes. Orders
    beyond one key extend the n-grams that are frequent enough, level by level.

    Examples
    --------
    >>> counts = count_ngrams(["天下大势", "天下太平"], max_order=3, min_count=2)
    >>> list(counts.items(1)), list(counts.items(2)), list(counts.items(3))
    ([('天', 2), ('下', 2)], [('天下', 2)], [])
    """
    if not (isinstance(max_order, Integral) and 1 <= max_order <= MAX_ORDER):
        raise ParameterError(f"max_order must be a whole number from 1 to {MAX_ORDER}, not {max_order}")
    if not (isinstance(min_count, Integral) and min_count >= 1):
        raise ParameterError(f"min_count must be a whole number of at least 1, not {min_count}")
    corpus = as_corpus(corpus)
    ids, kept_units = _frequent_units(corpus, min_count)
    bits = max(1, len(kept_units).bit_length())
    digits = min(max_order, 64 // bits)
    keys = np.empty(len(ids), np.uint64)
    keys = keys[: kernels.pack(ids, bits, digits, keys)]
    counts = _Builder(corpus, kept_units, min_count).add(keys, bits, digits)
    nodes, reached = np.empty(0, np.int32), 1
    while counts.max_order < max_order:
        order = counts.max_order
        known = counts.build(dense=True)
        if known.starts[-1] == known.starts[-2]:
            break
        nodes = nodes if reached > 1 else np.where(ids > 0, ids - 1, -1).astype(np.int32)
        known.advance(ids, nodes, reached, order - reached)
        reached = order
        head_bits = int(known.starts[-1] - known.starts[-2]).bit_length()
        digits = min(max_order - order, (64 - head_bits) // bits)
        keys = np.empty(len(ids), np.uint64)
        keys = keys[: kernels.pack_after(ids, nodes, known.starts[-2], order, bits, digits, keys)]
        counts.add(keys, bits, digits + 1)
    return counts.pad(max_order).build()


def _frequent_units(corpus: Corpus, min_count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The id stream over frequent units alone, renumbered from 1, the others as breaks; and their old ids."""
    frequency = np.bincount(corpus.ids, minlength=len(corpus.units))
    frequency[0] = 0
    kept = np.flatnonzero(frequency >= min_count).astype(np.int32)
    if len(kept) == len(corpus.units) - 1:
        return corpus.ids, kept
    dense = np.zeros(len(corpus.units), np.int32)
    dense[kept] = np.arange(1, len(kept) + 1)
    return dense[corpus.ids], kept


class _Builder:
    """Collects the levels of the tree, over dense unit numbers, and names the units at the end."""

    def __init__(self, corpus: Corpus, kept_units: NDArray[np.int32], min_count: int) -> None:
        self._corpus, self._kept, self._min_count = corpus, kept_units, min_count
        self._starts = np.zeros(1, np.int64)
        self._unit = np.empty(0, np.int32)
        self._parent = np.empty(0, np.int32)
        self._count = np.empty(0, np.int64)

    @property
    def max_order(self) -> int:
        return len(self._starts) - 1

    def add(self, keys: NDArray[np.uint64], bits: int, digits: int) -> _Builder:
        """Sort keys and add one order a digit; the head is a new order only at the first call."""
        keys.sort()
        kept = np.zeros(digits, np.int64)
        if len(keys):
            kernels.count_runs(keys, bits, digits, self._min_count, kept)
        below = -1 if self.max_order == 0 else int(self._starts[-2])
        known = int(self._starts[-1])
        if below >= 0:
            kept[0] = 0
        ends = known + np.cumsum(kept)
        at = ends - kept
        self._unit = np.concatenate([self._unit, np.empty(ends[-1] - known, np.int32)])
        self._parent = np.concatenate([self._parent, np.empty(ends[-1] - known, np.int32)])
        self._count = np.concatenate([self._count, np.empty(ends[-1] - known, np.int64)])
        if len(keys):
            kernels.fill_runs(keys, bits, digits, self._min_count, below, at, self._unit, self._parent, self._count)
        self._starts = np.concatenate([self._starts, ends[0 if below < 0 else 1 :]])
        return self

    def pad(self, max_order: int) -> _Builder:
        """Empty orders up to the longest one asked for."""
        missing = max_order - self.max_order
        self._starts = np.concatenate([self._starts, np.full(missing, self._starts[-1])])
        return self

    def build(self, dense: bool = False) -> NgramCounts:
        unit = self._unit if dense else self._kept[self._unit - 1]
        return NgramCounts(
            self._corpus.units,
            self._corpus.n_units,
            self._min_count,
            self._starts,
            unit,
            self._parent,
            self._count,
        )
