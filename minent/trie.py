"""Words as a flat double-array trie over dense symbols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from minent._kernels import trie as kernels

__all__ = ["Trie"]

_PATIENCE = 256  # how many times 32 places are tried before the sparse end


@dataclass(frozen=True, eq=False)
class Trie:
    """A double-array trie (Aoe 1989).

    State 0 is the root; state s goes by symbol c to t = ``base[s] + c`` where ``check[t] == s``. The root has base 0:
    the state after a single symbol is that symbol.

    Attributes
    ----------
    cells : ndarray of shape (n_states,), int64
        ``check · 2^32 + base``, so that one read fetches both.
    value : ndarray of shape (n_states,), int32
        Index of the word that ends in a state, −1 where none does.
    n_symbols : int
    """

    cells: NDArray[np.int64]
    value: NDArray[np.int32]
    n_symbols: int

    @property
    def base(self) -> NDArray[np.int32]:
        """Where the children of each state begin."""
        return (self.cells & 0xFFFFFFFF).astype(np.int32)

    @property
    def check(self) -> NDArray[np.int32]:
        """Parent of each state, −1 where there is no state."""
        return (self.cells >> 32).astype(np.int32)

    @cached_property
    def roots(self) -> NDArray[np.int64]:
        """Symbol → cell of the state after it with the symbol itself for parent, −2 · 2^32 where no word begins so."""
        roots = np.full(self.n_symbols + 1, -2 << 32, np.int64)
        state = np.arange(1, self.n_symbols + 1)
        state = state[self.cells[state] >> 32 == 0]
        roots[state] = (state << 32) | (self.cells[state] & 0xFFFFFFFF)
        return roots

    @classmethod
    def from_symbols(cls, symbols: NDArray[np.int32], offsets: NDArray[np.int64], n_symbols: int) -> Trie:
        """Build from words as rows of symbols 1 … ``n_symbols``, one after the other.

        Parameters
        ----------
        symbols : ndarray of int32
        offsets : ndarray of shape (n_words + 1,), int64
            Where each word begins in ``symbols``; words are distinct and not empty.
        n_symbols : int
        """
        order = _lexicographic(symbols, offsets)
        lengths = np.diff(offsets)[order]
        sorted_offsets = np.concatenate([[0], np.cumsum(lengths)])
        take = np.repeat(offsets[:-1][order] - sorted_offsets[:-1], lengths) + np.arange(sorted_offsets[-1])
        base, check, value = kernels.build(symbols[take], sorted_offsets, n_symbols, _PATIENCE)
        value[value >= 0] = order[value[value >= 0]]
        return cls((check.astype(np.int64) << 32) | base, value, n_symbols)

    def find(self, symbols: Sequence[int]) -> int:
        """Index of a word, or −1."""
        state = 0
        for symbol in symbols:
            child = (int(self.cells[state]) & 0xFFFFFFFF) + symbol
            if child >= len(self.cells) or self.cells[child] >> 32 != state or child == 0:
                return -1
            state = child
        return int(self.value[state])


def _lexicographic(symbols: NDArray[np.int32], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Order that sorts rows of symbols lexicographically, shorter first."""
    lengths = np.diff(offsets)
    order = np.arange(len(lengths))
    # Least significant position first: each pass is a stable sort by one column.
    for column in range(int(lengths.max(initial=0)) - 1, -1, -1):
        inside = lengths[order] > column
        key = np.zeros(len(order), np.int32)
        key[inside] = symbols[offsets[:-1][order[inside]] + column]
        order = order[np.argsort(key, kind="stable")]
    return order
