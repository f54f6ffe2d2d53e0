"""Exact counts of n-grams as a prefix tree, order by order, forwards or backwards."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._buckets import Alphabet, Level, Plan, Row, level, most_digits
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


class PrefixTree:
    """N-grams by order, then in the order of their unit numbers.

    Attributes
    ----------
    starts : list of int
        The n-grams of order n are the nodes ``starts[n - 1]`` to ``starts[n]``.
    unit, parent : ndarray of int32
        The number of an n-gram's last unit, and the node of the n-gram without it, −1 for order 1.
    count : ndarray of int64
        Occurrences.
    spread : ndarray of int64
        Σ c ln c over the units that follow, in 2⁻²⁴ nats, if wanted.
    """

    def __init__(self, alphabet: Alphabet) -> None:
        n = len(alphabet.ids)
        self.alphabet = alphabet
        self.starts = [0, n]
        self.unit = np.arange(1, n + 1, dtype=np.int32)
        self.parent = np.full(n, -1, np.int32)
        self.count = alphabet.frequency[1:]
        self.spread = np.zeros(n, np.int64)

    @property
    def max_order(self) -> int:
        """Longest order counted."""
        return len(self.starts) - 1

    def order(self, n: int) -> slice:
        """The nodes of order n."""
        return slice(self.starts[n - 1], self.starts[n])

    def add(self, orders: int, parts: Iterable[Level]) -> None:
        """Add so many orders, from the parts of a level in the order of their keys."""
        heads = self.spread[self.order(self.max_order)]
        rows: list[list[Row]] = [[] for _ in range(orders)]
        known = [0] * orders
        for part in parts:
            heads[part.head - 1 : part.head - 1 + len(part.head_spread)] += part.head_spread
            above = -1  # heads are numbered from 1, over all parts
            for d, row in enumerate(part.rows):
                np.add(row[1], above, out=row[1])
                rows[d].append(row)
                above = known[d]
                known[d] += len(row[0])
        new = range(len(self.starts), len(self.starts) + orders)
        self.starts += (self.starts[-1] + np.cumsum(known)).tolist()
        old = (self.unit, self.parent, self.count, self.spread)
        self.unit, self.parent, self.count, self.spread = (
            np.concatenate([before, *(row[k] for row in itertools.chain(*rows))]) for k, before in enumerate(old)
        )
        for n in new:
            self.parent[self.order(n)] += self.starts[n - 2]

    def pad(self, max_order: int) -> None:
        """Add longer orders without n-grams."""
        self.starts += [self.starts[-1]] * (max_order - self.max_order)

    def keys(self, digits: int) -> NDArray[np.int64]:
        """Packed keys of the n-grams of ``digits`` units."""
        keys = self.unit[self.order(1)].astype(np.int64)
        for n in range(2, digits + 1):
            nodes = self.order(n)
            keys = (keys[self.parent[nodes] - self.starts[n - 2]] << self.alphabet.bits) | self.unit[nodes]
        return keys


def grow_tree(
    stream: Stream, max_order: int, min_count: int, *, spread: bool, threads: int, limit: MemoryLimit | None
) -> PrefixTree:
    """Count the n-grams of a stream, and with ``spread`` how they are followed."""
    tree = PrefixTree(stream.alphabet)
    wanted = max_order + spread  # what follows an n-gram is seen one order further
    seen = 1
    while seen < wanted and tree.starts[-2] < tree.starts[-1]:
        weight = tree.count[tree.order(seen)]
        digits = min(wanted - seen, most_digits(stream.alphabet.bits, len(weight)))
        kept = min(digits, max_order - seen)
        make_keys = partial(_first_keys, stream, digits) if seen == 1 else _longer_keys(stream, tree, digits)
        parts = level(
            *(stream.begins(), make_keys, stream.alphabet, digits, weight, min_count),
            kept=kept,
            spread=spread,
            on_disk=limit is not None,
            threads=threads,
        )
        tree.add(kept, _within(limit, parts))
        seen += digits
    tree.pad(max_order)
    return tree


def orders_in_a_key(alphabet: Alphabet) -> int:
    """How many orders one sort counts."""
    return 1 + most_digits(alphabet.bits, len(alphabet.ids))


def first_level(
    stream: Stream, max_order: int, min_count: int, *, threads: int, limit: MemoryLimit | None
) -> Iterator[Level]:
    """The n-grams of the orders from 2 on that fit into a key, in parts that are sorted and follow each other."""
    if max_order == 1:
        return iter(())
    parts = level(
        stream.begins(),
        partial(_first_keys, stream, max_order - 1),
        stream.alphabet,
        max_order - 1,
        stream.alphabet.frequency[1:],
        min_count,
        kept=max_order - 1,
        spread=False,
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


def _first_keys(stream: Stream, digits: int, begin: int, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
    window, n = stream.window(begin, digits)
    alphabet = stream.alphabet
    keys, bucket = np.empty(n + 1, np.int64), np.empty(n + 1, np.int16)
    size = kernels.unit_keys(
        *(window, n, alphabet.number, alphabet.bits, digits, plan.tables, alphabet.position, plan.log_size),
        *(keys, bucket),
    )
    return keys[:size], bucket[:size]


def child_table(unit: NDArray[np.int32], parent: NDArray[np.int32], begin: int) -> Children:
    """What leads from a node and the next unit to a child, for the children from node ``begin`` on."""
    slots = np.full(1 << (2 * (len(unit) - begin)).bit_length(), -1, np.int32)
    kernels.index_children((slots, parent, unit), begin)
    return slots, parent, unit


def _longer_keys(
    stream: Stream, tree: PrefixTree, digits: int
) -> Callable[[int, Plan], tuple[NDArray[np.int64], NDArray[np.int16]]]:
    alphabet = stream.alphabet
    known_digits = min(tree.max_order, _KEY_BITS // alphabet.bits)
    keys_known = tree.keys(known_digits)
    table = np.zeros((1 << (2 * len(keys_known)).bit_length(), 2), np.int64)
    kernels.index_keys(keys_known, table)
    children = child_table(tree.unit, tree.parent, tree.starts[known_digits])
    first = np.array([tree.starts[known_digits - 1], tree.starts[-2]], np.int64)
    order = tree.max_order

    def make_keys(begin: int, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
        window, n = stream.window(begin, order + known_digits)
        rolling = np.empty(len(window), np.int64)
        kernels.rolling_keys(window, alphabet.number, alphabet.bits, known_digits, rolling)
        keys, bucket = np.empty(n, np.int64), np.empty(n, np.int16)
        size = kernels.ngram_keys(
            *(window, n, alphabet.number, alphabet.bits, digits, plan.tables, alphabet.position, plan.log_size),
            *(keys, bucket, rolling, known_digits, (table, children, first), order),
        )
        return keys[:size], bucket[:size]

    return make_keys
