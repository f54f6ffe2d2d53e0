"""Words as a flat double-array trie over dense symbols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._kernels import trie as kernels

__all__ = ["Trie", "label_type"]

_Ints: TypeAlias = NDArray[np.int32]
_PATIENCE = 256  # how many times 32 places are tried before the sparse end


@dataclass(frozen=True, eq=False)
class Trie:
    """A double-array trie (Aoe 1989), whose root is left out: the state after a single symbol is that symbol.

    State s goes by symbol c to t = ``base[s] + c`` where ``label[t] == c``, and else nowhere: no other state has the
    same base, so that t by c can be the child of no other. A label takes half the room of a parent, and more of them
    stay where they are found fast. Indices without a sign need no look at whether they are negative, which halves the
    time of a walk.

    Attributes
    ----------
    base : ndarray of shape (n_states,), uint32
        Where the children of each state begin, 0 if it has none; any symbol more is still a state.
    label : ndarray of shape (n_states,), uint16 or uint32
        The symbol by which each state is reached; the greatest number for single symbols and where there is no state.
    value : ndarray of shape (n_states,), int32
        Index of the word that ends in a state, −1 where none does.
    n_symbols : int
    """

    base: NDArray[np.uint32]
    label: NDArray[np.uint16] | NDArray[np.uint32]
    value: NDArray[np.int32]
    n_symbols: int

    @classmethod
    def from_symbols(cls, symbols: NDArray[np.integer[Any]], offsets: NDArray[np.int64], n_symbols: int) -> Trie:
        """Build from words as rows of symbols 1 … ``n_symbols``, one after the other.

        Parameters
        ----------
        symbols : ndarray of int
        offsets : ndarray of shape (n_words + 1,), int64
            Where each word begins in ``symbols``; words are distinct and not empty.
        n_symbols : int
        """
        labels, begins, heads, last = _nodes(symbols, offsets, n_symbols)
        bases, sizes = np.empty(len(heads), np.int32), np.diff(begins)
        used = kernels.place(labels, begins, n_symbols, _PATIENCE, bases)
        state = np.concatenate([np.arange(n_symbols + 1, dtype=np.int32), np.repeat(bases, sizes) + labels])
        size = used + n_symbols + 1
        kind = label_type(n_symbols)
        base, label = np.zeros(size, np.uint32), np.full(size, np.iinfo(kind).max, kind)
        value = np.full(size, -1, np.int32)
        base[state[heads]] = bases
        label[state[n_symbols + 1 :]] = labels
        value[state[last]] = np.arange(len(last))
        return cls(base, label, value, n_symbols)

    def find(self, symbols: Sequence[int]) -> int:
        """Index of a word, or −1."""
        if not symbols or not all(1 <= symbol <= self.n_symbols for symbol in symbols):
            return -1
        state, *rest = symbols
        for symbol in rest:
            child = int(self.base[state]) + symbol
            state = child if self.label[child] == symbol else 0
        return int(self.value[state])


def label_type(n_symbols: int) -> np.dtype[Any]:
    """The type of labels that has a greatest number beyond all symbols."""
    return np.dtype(np.uint16 if n_symbols < 0xFFFF else np.uint32)


def _nodes(symbols: NDArray[np.integer[Any]], offsets: NDArray[np.int64], n_symbols: int) -> tuple[_Ints, ...]:
    """The nodes of the trie from the second level on, by levels, as families of children of one node.

    Gives the symbol of each node; where each family begins, and where the last one ends; the parent of each; and the
    last node of each word. Nodes of the first level are the symbols, so that the others begin at ``n_symbols + 1``.
    """
    node = symbols[offsets[:-1]].astype(np.int32)
    sizes = np.diff(offsets).astype(np.int32)
    rows = np.arange(len(node), dtype=np.int32)
    above, n_nodes, depth = 0, n_symbols + 1, 1
    labels, begins, heads = ([np.empty(0, np.int32)] for _ in range(3))
    while len(rows := rows[sizes[rows] > depth]):
        steps = (node[rows] - above) * np.int64(n_symbols + 1)
        steps += symbols[offsets[rows] + depth]
        steps, node[rows] = _numbered(steps, n_nodes, (n_nodes - above) * (n_symbols + 1))
        parents = steps // (n_symbols + 1)
        labels.append((steps % (n_symbols + 1)).astype(np.int32))
        families = np.flatnonzero(np.diff(parents, prepend=-1))
        begins.append((families + (n_nodes - n_symbols - 1)).astype(np.int32))
        heads.append((parents[families] + above).astype(np.int32))
        above, n_nodes, depth = n_nodes, n_nodes + len(steps), depth + 1
    begins.append(np.array([n_nodes - n_symbols - 1], np.int32))
    return np.concatenate(labels), np.concatenate(begins), np.concatenate(heads), node


def _numbered(keys: NDArray[np.int64], first: int, bound: int) -> tuple[NDArray[np.int64], _Ints]:
    """The distinct ones of some keys below a bound in order, and the number of each key, if they count from ``first``.

    Sorts the keys in their place, together with their indices where both fit into one number.
    """
    bits = len(keys).bit_length()
    if bound.bit_length() + bits < 64:
        keys <<= bits
        keys |= np.arange(len(keys))
        keys.sort()
        order = (keys & ((1 << bits) - 1)).astype(np.int32)
        keys >>= bits
    else:
        order = np.argsort(keys, kind="stable").astype(np.int32)
        keys = keys[order]
    is_new = np.append(True, keys[1:] != keys[:-1])
    numbers = np.empty(len(keys), np.int32)
    numbers[order] = np.cumsum(is_new, dtype=np.int32) + np.int32(first - 1)
    return keys[is_new], numbers
