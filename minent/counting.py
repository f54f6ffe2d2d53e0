"""Exact counts of n-grams as a prefix tree, order by order, forwards or backwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._buckets import Alphabet, Level, level
from minent._disk import DiskArray
from minent._kernels import ngrams as kernels
from minent._memory import MemoryLimit

__all__ = [
    "PrefixTree",
    "Stream",
    "child_table",
    "first_level",
    "grow_tree",
    "orders_in_a_key",
]

Children: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]

_BYTES_TO_COME = 64  # for each n-gram: both directions, and the tables that join them
_KEY_BITS = 63
_BLOCK = 1 << 21


@dataclass(frozen=True, eq=False)
class Stream:
    """The id stream of a corpus, read forwards or backwards in windows that overlap.

    Attributes
    ----------
    ids : ndarray or DiskArray of int32
    backwards : bool
    alphabet : Alphabet
    """

    ids: NDArray[np.int32] | DiskArray
    backwards: bool
    alphabet: Alphabet

    def begins(self) -> range:
        """Where the blocks begin."""
        return range(0, len(self.ids), _BLOCK)

    def window(self, begin: int, ahead: int) -> tuple[NDArray[np.int32], int]:
        """The ids of a block and of some positions after it in reading order; and the length of the block."""
        end = min(begin + _BLOCK, len(self.ids))
        if not self.backwards:
            return self.ids[begin : end + ahead], end - begin
        return self.ids[max(0, begin - ahead) : end][::-1].copy(), end - begin

    def rolling(self, window: NDArray[np.int32], digits: int) -> NDArray[np.int64]:
        """The keys of the units from each position on."""
        keys = np.empty(len(window), np.int64)
        kernels.rolling_keys(window, self.alphabet.number, self.alphabet.bits, digits, keys)
        return keys


class PrefixTree:
    """N-grams in the order of their unit numbers, each order with its own indices.

    Attributes
    ----------
    unit, parent : list of ndarray of int32
        For each order the last unit's number, and the index of the n-gram without it among those of the order above.
    count, spread : list of ndarray of int64
        Occurrences; Σ c ln c over the units that follow, in 2⁻²⁴ nats.
    """

    def __init__(self, alphabet: Alphabet) -> None:
        n = len(alphabet.ids)
        self.alphabet = alphabet
        self.unit = [np.arange(1, n + 1, dtype=np.int32)]
        self.parent = [np.full(n, -1, np.int32)]
        self.count = [alphabet.frequency[1:]]
        self.spread = [np.zeros(n, np.int64)]

    @property
    def max_order(self) -> int:
        """Longest order counted."""
        return len(self.unit)

    @property
    def _columns(self) -> tuple[list[NDArray[Any]], ...]:
        return self.unit, self.parent, self.count, self.spread

    def add(self, digits: int, parts: Iterable[Level]) -> None:
        """Add so many orders, from the parts of a level in the order of their keys."""
        heads = self.spread[-1]
        rows: list[list[tuple[NDArray[Any], ...]]] = [[] for _ in range(digits)]
        known = [0] * (digits + 1)
        for part in parts:
            np.add.at(heads, part.heads - 1, part.head_spread)
            above = -1  # heads are numbered from 1, over all parts
            for d, (unit, parent, count, spread) in enumerate(part.rows):
                rows[d].append((unit, (parent + above).astype(np.int32), count, spread))
                above = known[d]
                known[d] += len(unit)
        for row in rows:
            for column, values in zip(self._columns, zip(*row, strict=True), strict=True):
                column.append(np.concatenate(values))

    def cut(self, max_order: int) -> None:
        """Forget longer orders; where there are none so long, add empty ones."""
        for column in self._columns:
            del column[max_order:]
            column.extend(column[0][:0] for _ in range(max_order - len(column)))

    def keys(self, digits: int) -> NDArray[np.int64]:
        """Packed keys of the n-grams of ``digits`` units."""
        keys = self.unit[0].astype(np.int64)
        for unit, parent in zip(self.unit[1:digits], self.parent[1:digits], strict=True):
            keys = (keys[parent] << self.alphabet.bits) | unit
        return keys

    def starts(self) -> NDArray[np.int64]:
        """First node of each order, and the number of nodes."""
        return np.concatenate([[0], np.cumsum([len(unit) for unit in self.unit])])

    def nodes(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Units and parents of all orders in one sequence of nodes."""
        firsts = self.starts()[:-2].astype(np.int32)
        parents = [self.parent[0], *(p + first for p, first in zip(self.parent[1:], firsts, strict=True))]
        return np.concatenate(self.unit), np.concatenate(parents)


def grow_tree(
    stream: Stream, max_order: int, min_count: int, *, spread: bool, threads: int, limit: MemoryLimit | None
) -> PrefixTree:
    """Count the n-grams of a stream, and with ``spread`` how they are followed."""
    tree = PrefixTree(stream.alphabet)
    wanted = max_order + spread  # what follows an n-gram is seen one order further
    first = min(wanted, orders_in_a_key(stream.alphabet))
    tree.add(first - 1, first_level(stream, first, min_count, threads=threads, limit=limit))
    while tree.max_order < wanted and len(tree.unit[-1]):
        head_bits = len(tree.unit[-1]).bit_length()
        digits = min(wanted - tree.max_order, first, (_KEY_BITS - head_bits) // stream.alphabet.bits)
        make_keys = partial(_longer_keys, stream, _Known.of(tree, first), digits)
        tree.add(digits, _level(stream, make_keys, digits, tree.count[-1], min_count, threads, limit))
    tree.cut(max_order)
    return tree


def orders_in_a_key(alphabet: Alphabet) -> int:
    """How many orders one sort counts."""
    return _KEY_BITS // alphabet.bits


def first_level(
    stream: Stream, max_order: int, min_count: int, *, threads: int, limit: MemoryLimit | None
) -> Iterator[Level]:
    """The n-grams of the orders from 2 on that fit into a key, in parts that are sorted and follow each other."""
    if max_order == 1:
        return iter(())
    make_keys = partial(_first_keys, stream, max_order)
    weight = stream.alphabet.frequency[1:]
    return _level(stream, make_keys, max_order - 1, weight, min_count, threads, limit)


def _level(
    stream: Stream,
    make_keys: Callable[[int], NDArray[np.int64]],
    digits: int,
    weight: NDArray[np.int64],
    min_count: int,
    threads: int,
    limit: MemoryLimit | None,
) -> Iterator[Level]:
    parts = level(
        stream.begins(),
        make_keys,
        stream.alphabet,
        digits,
        np.append(0, weight),
        min_count,
        on_disk=limit is not None,
        threads=threads,
    )
    return _within(limit, parts)


def _within(limit: MemoryLimit | None, parts: Iterable[Level]) -> Iterator[Level]:
    """The parts, as long as there is room for what will be made of them."""
    nodes = 0
    for part in parts:
        nodes += sum(len(unit) for unit, *_ in part.rows)
        if limit:
            limit.check(nodes * _BYTES_TO_COME, "counting")
        yield part


def _first_keys(stream: Stream, digits: int, begin: int) -> NDArray[np.int64]:
    window, n = stream.window(begin, digits)
    keys = stream.rolling(window, digits)
    return keys[: kernels.keep_whole(keys, n, keys)]


@dataclass(frozen=True, eq=False)
class _Known:
    """The n-grams counted so far, to be met in the stream: from a key to a node, and on from child to child."""

    order: int
    digits: int
    table: NDArray[np.int64]
    children: Children
    first: NDArray[np.int64]

    @classmethod
    def of(cls, tree: PrefixTree, digits: int) -> _Known:
        keys = tree.keys(digits)
        table = np.zeros((1 << (2 * len(keys)).bit_length(), 2), np.int64)
        kernels.index_keys(keys, table)
        starts = tree.starts()
        children = child_table(*tree.nodes(), int(starts[digits]))
        return cls(tree.max_order, digits, table, children, starts[[digits - 1, tree.max_order - 1]])


def child_table(unit: NDArray[np.int32], parent: NDArray[np.int32], begin: int) -> Children:
    """What leads from a node and the next unit to a child, for the children from node ``begin`` on."""
    slots = np.full(1 << (2 * (len(unit) - begin)).bit_length(), -1, np.int32)
    kernels.index_children((slots, parent, unit), begin)
    return slots, parent, unit


def _longer_keys(stream: Stream, known: _Known, digits: int, begin: int) -> NDArray[np.int64]:
    window, n = stream.window(begin, known.order + known.digits)
    alphabet = stream.alphabet
    keys = np.empty(n, np.int64)
    size = kernels.extension_keys(
        window,
        alphabet.number,
        stream.rolling(window, known.digits),
        n,
        alphabet.bits,
        known.digits,
        known.table,
        known.children,
        known.first,
        known.order,
        digits,
        keys,
    )
    return keys[:size]
