"""Words as a flat double-array trie over dense symbols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._kernels import trie as kernels

__all__ = ["Trie"]

_PATIENCE = 256  # how many times 32 places are tried before the sparse end
_NOWHERE = 0xFFFFFFFF


@dataclass(frozen=True, eq=False)
class Trie:
    """A double-array trie (Aoe 1989), whose root is left out: the state after a single symbol is that symbol.

    State s goes by symbol c to t = ``base[s] + c`` where ``check[t] == s``, and else to state 0, from which nothing
    goes on. Indices without a sign need no look at whether they are negative, which halves the time of a walk.

    Attributes
    ----------
    base : ndarray of shape (n_states,), uint32
        Where the children of each state begin; any symbol more is still a state.
    check : ndarray of shape (n_states,), uint32
        Parent of each state, 2³² − 1 for single symbols and where there is no state.
    value : ndarray of shape (n_states,), int32
        Index of the word that ends in a state, −1 where none does.
    n_symbols : int
    """

    base: NDArray[np.uint32]
    check: NDArray[np.uint32]
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
        parents, labels, last = _nodes(symbols, offsets, n_symbols)
        begins = np.append(np.flatnonzero(np.diff(parents, prepend=-1)), len(parents))
        bases = np.empty(len(begins) - 1, np.int64)
        used = kernels.place(labels, begins, n_symbols, _PATIENCE, bases)
        state = np.concatenate([np.arange(n_symbols + 1), np.repeat(bases, np.diff(begins)) + labels])
        size = used + n_symbols + 1
        base, check, value = np.zeros(size, np.uint32), np.full(size, _NOWHERE, np.uint32), np.full(size, -1, np.int32)
        base[state[parents[begins[:-1]]]] = bases
        check[state[n_symbols + 1 :]] = state[parents]
        value[state[last]] = np.arange(len(last))
        return cls(base, check, value, n_symbols)

    def find(self, symbols: Sequence[int]) -> int:
        """Index of a word, or −1."""
        if not symbols or not all(1 <= symbol <= self.n_symbols for symbol in symbols):
            return -1
        state, *rest = symbols
        for symbol in rest:
            child = int(self.base[state]) + symbol
            state = child if self.check[child] == state else 0
        return int(self.value[state])


def _nodes(
    symbols: NDArray[np.integer[Any]], offsets: NDArray[np.int64], n_symbols: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Parent and symbol of each node of the trie from the second level on, by levels, and the last node of each word.

    The nodes of the first level are the symbols, so that the first of these is node ``n_symbols + 1``.
    """
    node = symbols[offsets[:-1]].astype(np.int64)
    rows = np.arange(len(node))
    n_nodes, depth = n_symbols + 1, 1
    parents, labels = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    while len(rows := rows[offsets[rows + 1] - offsets[rows] > depth]):
        steps, which = np.unique(node[rows] * (n_symbols + 1) + symbols[offsets[rows] + depth], return_inverse=True)
        parents.append(steps // (n_symbols + 1))
        labels.append(steps % (n_symbols + 1))
        node[rows] = n_nodes + which
        n_nodes += len(steps)
        depth += 1
    return np.concatenate(parents), np.concatenate(labels), node
