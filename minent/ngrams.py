"""Exact n-gram counts of every order, as one prefix tree."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._buckets import Alphabet
from minent._kernels import prefixes as kernels
from minent._memory import as_memory_limit
from minent.corpus import Corpus, CorpusLike, as_corpus
from minent.counting import Part, Places, PrefixTree, few, within
from minent.errors import ParameterError, check_whole
from minent.units import UnitTable
from minent.unpacking import shorten

__all__ = ["MAX_ORDER", "NgramCounts", "NgramValues", "check_counting", "count_ngrams"]

MAX_ORDER = 16
_SPREAD_SCALE = 2.0**24
_MOST_WIDE = 0.5  # n-grams for each unit of the text: what takes less memory than the keys do


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
    right_spread, left_spread : ndarray of shape (n_nodes,), float64, or None
        Σ c ln c in nats over the units that follow, or precede, each n-gram c times, if that was counted.

    Examples
    --------
    >>> counts = count_ngrams(["天下大势", "天下太平"], max_order=2)
    >>> counts["天下"], counts["下大"], counts.get("大平", 0), counts.total
    (2, 1, 0, 8)
    >>> [(gram, count) for gram, count in counts.items(2) if count > 1]
    [('天下', 2)]
    >>> len(list(counts)), "天下" in counts
    (11, True)
    >>> counts
    <NgramCounts: 11 n-grams of 1 to 2 units, in 8 units>
    """

    units: UnitTable
    total: int
    min_count: int
    starts: NDArray[np.int64]
    unit: NDArray[np.int32]
    parent: NDArray[np.int32]
    count: NDArray[np.int64]
    right_spread: NDArray[np.float64] | None
    left_spread: NDArray[np.float64] | None

    def __repr__(self) -> str:
        return f"<NgramCounts: {len(self):,} n-grams of 1 to {self.max_order} units, in {self.total:,} units>"

    @classmethod
    def from_tree(cls, tree: PrefixTree, corpus: Corpus, min_count: int) -> NgramCounts:
        """Name the units of a tree that was counted over a corpus."""
        unit = tree.unit if tree.alphabet.is_whole else tree.alphabet.ids[tree.unit - 1]
        return cls(corpus.units, corpus.n_units, min_count, tree.starts, unit, tree.parent, tree.count, None, None)

    def only(self, nodes: NDArray[np.integer]) -> NgramCounts:
        """The tree of some nodes, in ascending order, whose parents are among them."""
        place = np.full(len(self) + 1, -1, np.int32)  # its last entry is for the parent −1
        place[nodes] = np.arange(len(nodes), dtype=np.int32)
        columns = self.unit[nodes], place[self.parent[nodes]], self.count[nodes]
        starts = np.searchsorted(nodes, self.starts)
        return NgramCounts(self.units, self.total, self.min_count, starts, *columns, None, None)

    def _frequent(self, min_count: int, max_order: int) -> NgramCounts:
        """The n-grams up to an order that are frequent enough, and all units."""
        kept = self.count[: self.starts[max_order]] >= min_count
        kept[self.order(1)] = True
        found = self.only(np.flatnonzero(kept))
        return replace(found, min_count=min_count, starts=found.starts[: max_order + 1])

    def _with_neighbours(self, wider: Iterable[NgramCounts]) -> NgramCounts:
        """With what stands beside each n-gram, from the n-grams that occur twice, one unit longer ones too."""
        right, left = np.zeros(len(self), np.int64), np.zeros(len(self), np.int64)
        n_units, information = int(self.starts[1]), _information()
        first_child = n_units + np.cumsum(np.bincount(self.parent[n_units:] + 1, minlength=len(self) + 1))
        tree = (self.unit, first_child)
        for wide in wider:
            of_wide = (wide.unit, wide.parent, wide.count)
            place = np.empty((len(wide), 2), np.int32)
            kernels.add_neighbours(
                tree, self.node_of_unit, of_wide, n_units, self.min_count, information, place, right, left
            )
        return replace(self, right_spread=right / _SPREAD_SCALE, left_spread=left / _SPREAD_SCALE)

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
    def _children(self) -> tuple[NDArray[np.int32], ...]:
        """Hash table with the parents and last units of its nodes: a node and the next unit lead to a child."""
        begin = int(self.starts[1])
        slots = np.full(1 << (2 * (len(self) - begin)).bit_length(), -1, np.int32)
        kernels.index_children((slots, self.parent, self.unit), begin)
        return slots, self.parent, self.unit

    @functools.cached_property
    def suffix(self) -> NDArray[np.int32]:
        """Node of each n-gram without its first unit, −1 for order 1."""
        suffix = np.empty(len(self), np.int32)
        kernels.suffixes(self._children, self.node_of_unit, int(self.starts[1]), suffix)
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
        if not isinstance(ngram, str):
            raise ParameterError(f"an n-gram is looked up by its text, a str, not by {type(ngram).__name__}")
        node = -1
        for text in self.units.split(ngram):
            unit = self.units.ids.get(text, -1)
            if unit < 0:
                return -1
            node = int(kernels.find_child(self._children, node, unit) if node >= 0 else self.node_of_unit[unit])
            if node < 0:
                return -1
        return node

    def _find(self, ngram: str) -> int:
        """What :meth:`find` finds, but an error for an n-gram too long to be counted."""
        node = self.find(ngram)
        if node < 0:
            units = self.units.split(ngram)
            if len(units) > self.max_order and all(unit in self.units.ids for unit in units):
                known = f"counted are n-grams of up to {self.max_order}; raise max_order"
                raise ParameterError(f"{shorten(ngram)!r} has {len(units)} units; {known}")
        return node

    def __getitem__(self, ngram: str) -> int:
        node = self._find(ngram)
        if node < 0:
            raise KeyError(ngram)
        return int(self.count[node])

    def get(self, ngram: str, default: int = 0) -> int:
        """Count of an n-gram, or a default where the corpus holds it less often than ``min_count``.

        Raises
        ------
        ParameterError
            The n-gram is longer than ``max_order``, so that its count is not known.
        """
        node = self._find(ngram)
        return int(self.count[node]) if node >= 0 else default

    def __contains__(self, ngram: object) -> bool:
        return isinstance(ngram, str) and self.find(ngram) >= 0

    def __iter__(self) -> Iterator[str]:
        return (text for text, _ in self.items())

    def keys(self, n: int | None = None) -> Iterator[str]:
        """N-grams of order n, or of all orders, in the order of their nodes."""
        return (text for text, _ in self.items(n))

    def items(self, n: int | None = None) -> Iterator[tuple[str, int]]:
        """N-grams of order n, or of all orders, and their counts, in the order of their nodes."""
        of_order = slice(0, len(self)) if n is None else self.order(n)
        nodes = np.arange(of_order.start, of_order.stop)
        for part in np.array_split(nodes, len(nodes) // 100_000 + 1):
            yield from zip(self.text(part), self.count[part].tolist(), strict=True)


class NgramValues(dict[int, NDArray[np.float64]]):
    """A number for each n-gram: order → array in the order of their nodes, or the text of an n-gram → its number.

    Examples
    --------
    >>> from minent.association import pmi
    >>> values = pmi(count_ngrams(["蝴蝶", "蝴蝶", "大", "小"], max_order=2))
    >>> values[2], values["蝴蝶"]
    (array([1.0986]), 1.0986)
    >>> values.get("蝴蝶"), "蝴蝶" in values, values.get("大小", 0.0)
    (1.0986, True, 0.0)
    """

    def __init__(self, counts: NgramCounts, by_order: Mapping[int, NDArray[np.float64]]) -> None:
        super().__init__(by_order)
        self._counts = counts

    def __repr__(self) -> str:
        return f"<NgramValues of {sum(map(len, self.values())):,} n-grams, by order: {', '.join(map(str, self))}>"

    def __missing__(self, ngram: str) -> float:
        node = self._counts._find(ngram) if isinstance(ngram, str) else -1
        order = self._order(node)
        if order not in self:
            raise KeyError(ngram)
        return float(self[order][node - self._counts.starts[order - 1]])

    def _order(self, node: int) -> int:
        return int(np.searchsorted(self._counts.starts, node, side="right"))

    def get(self, key: int | str, default: Any = None) -> Any:
        """The array of an order, or the number of an n-gram, or a default where there is none.

        Raises
        ------
        ParameterError
            The n-gram is longer than what was counted.
        """
        try:
            return self[key]  # type: ignore[index]
        except KeyError:
            return default

    def __contains__(self, key: object) -> bool:
        return super().__contains__(self._order(self._counts.find(key)) if isinstance(key, str) else key)


def count_ngrams(
    corpus: CorpusLike,
    *,
    max_order: int = 4,
    min_count: int = 1,
    branching: bool = False,
    unit_count: int | None = None,
    unit_of: NDArray[np.int32] | None = None,
    memory: str | int | None = None,
    threads: int = 1,
) -> NgramCounts:
    """Count all n-grams of units, exactly.

    Parameters
    ----------
    corpus : Corpus, path, paths or iterable of str
        See :func:`minent.corpus.as_corpus`.
    max_order : int
        Longest n-gram, from 1 to 16 units.
    min_count : int
        Leave out n-grams that occur less often; all others keep their exact counts.
    branching : bool
        Count also what stands beside each n-gram, for :func:`minent.branching.branching_entropy`.
    unit_count : int, optional
        Leave out units that occur less often, even beside an n-gram; by default those rarer than ``min_count``.
    unit_of : ndarray of shape (n_units,), int32, optional
        Unit that each of the corpus is counted as, such as :func:`minent.numerals.one_number` says; by default itself.
    memory : str or int, optional
        Most memory that the process may take, such as ``"512M"`` or a number of bytes: the corpus and what is sorted
        then lie in temporary files. The counts themselves must fit.
    threads : int
        How many to use; the result is the same.

    Returns
    -------
    NgramCounts

    Raises
    ------
    ParameterError
        An argument is out of range.
    LimitError
        The counts do not fit into ``memory``.

    Notes
    -----
    The units that start at each position are packed into one 64-bit key, the keys are sorted once, bucket by
    bucket, and one scan over them yields the counts of all orders, since every shorter n-gram is a run of equal
    prefixes. Longer orders take keys of several words, of which those go on whose first words are frequent. What
    stands beside an n-gram is counted by the n-grams of one unit more that begin, or end, with it.

    Examples
    --------
    >>> counts = count_ngrams(["天下大势", "天下太平"], max_order=3, min_count=2)
    >>> list(counts.items(1)), list(counts.items(2)), list(counts.items(3))
    ([('天', 2), ('下', 2)], [('天下', 2)], [])
    """
    unit_count = min_count if unit_count is None else unit_count
    check_counting(max_order, min_count, threads)
    check_whole("unit_count", unit_count, 1)
    max_order, min_count = int(max_order), int(min_count)
    limit = as_memory_limit(memory)
    corpus = as_corpus(corpus, on_disk=limit is not None, threads=threads)
    alphabet = Alphabet.of(corpus.frequency, int(unit_count), unit_of)

    longest, least = max_order + branching, min(2, min_count) if branching else min_count
    places = Places(corpus.ids, alphabet, longest, least, threads=threads, on_disk=limit is not None)

    def tree(order: int, parts: Iterable[Part]) -> NgramCounts:
        return NgramCounts.from_tree(PrefixTree(alphabet, order, parts), corpus, min_count)

    frequent = within(limit, places.ngrams(min_count))
    if not branching:
        del places  # the keys, once they are counted
        return tree(max_order, frequent)
    parts = few(places.ngrams(least), int(_MOST_WIDE * len(corpus.ids))) if limit is None else None
    if parts is not None:
        del places, frequent
        wide = tree(longest, parts)
        return wide._frequent(min_count, max_order)._with_neighbours([wide])
    counts = tree(max_order, frequent)
    return counts._with_neighbours(tree(longest, [part]) for part in places.ngrams(2))


def check_counting(max_order: int, min_count: int, threads: int) -> None:
    """Refuse what :func:`count_ngrams` cannot do."""
    check_whole("max_order", max_order, 1, MAX_ORDER)
    check_whole("min_count", min_count, 1)
    check_whole("threads", threads, 1)


def _information() -> NDArray[np.int64]:
    """c ln c in 2⁻²⁴ nats."""
    c = np.arange(1 << 16, dtype=np.float64)
    c[0] = 1
    return np.rint(c * np.log(c) * _SPREAD_SCALE).astype(np.int64)
