"""The lattice of words over a sequence, and its best path: Viterbi and sampling."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from minent._kernels import draws
from minent._kernels import lattice as kernels
from minent.trie import Trie
from minent.units import code_points, in_parts

__all__ = ["LONGEST_STEP", "Lattice", "Path", "information"]

LONGEST_STEP = 127  # units have lengths of int8
_WINDOW = 1 << 11
_MARGIN = 2 * LONGEST_STEP + 2  # what a unit is may depend on so much of what follows
_LOOK_BACK = 1 << 10
_GRID = 2.0**32
_NEVER = -(1 << 62)
_SOME = 1 << 18


class Path(NamedTuple):
    """A segmentation: where each word ends, its index (−1: not a word of the lexicon), and Σ ln p."""

    ends: NDArray[np.int64]
    words: NDArray[np.int32]
    score: float


@dataclass(frozen=True, eq=False)
class Lattice:
    """Words with their information, ready to cut sequences of codes (code points or unit ids).

    Scores are whole multiples of 2⁻³² nats: sums are exact, so that ties are ties in whatever order one adds. They are
    kept in 2⁻³⁴ nats, so that the kernels find two bits free below them.

    Attributes
    ----------
    symbol_of : ndarray of uint32
        Code → symbol of the trie, 0 for a code that is in no word.
    trie : Trie
    score : ndarray of shape (n_states,), int64
        ln p(w) of the word that ends in a state, in 2⁻³⁴ nats; −2⁶² where none does.
    floor : int
        ln p of a unit that is not a word, in the same measure; two of them are always less likely than any word.
    longest : int
        Length of the longest word in codes.
    """

    symbol_of: NDArray[np.uint32]
    trie: Trie
    score: NDArray[np.int64]
    floor: int
    longest: int

    @classmethod
    def of_words(
        cls,
        codes: NDArray[Any],
        offsets: NDArray[np.int64],
        n_codes: int,
        counts: NDArray[Any],
        total: int | None = None,
    ) -> Lattice:
        """Words as rows of codes below ``n_codes``, one after the other, with p(w) = count / total (or their sum)."""
        return cls.of_scores(codes, offsets, n_codes, counts, *information(counts, total))

    @classmethod
    def of_scores(
        cls,
        codes: NDArray[Any],
        offsets: NDArray[np.int64],
        n_codes: int,
        counts: NDArray[Any],
        scores: NDArray[np.float64],
        floor: float,
    ) -> Lattice:
        """Words with any scores in place of ln p; ``floor`` is that of a unit which is no word."""
        frequency, is_used = np.zeros(n_codes), np.zeros(n_codes, np.bool_)
        for some, of_some, sizes in in_parts(codes, np.diff(offsets)):
            np.add.at(frequency, of_some, np.repeat(counts[some], sizes).astype(np.float64))
            is_used[of_some] = True
        used = np.flatnonzero(is_used)
        # Frequent codes get small symbols: their transitions lie close together.
        symbol_of = np.zeros(n_codes, np.uint32)
        symbol_of[used[np.argsort(-frequency[used], kind="stable")]] = np.arange(1, len(used) + 1)
        del frequency
        trie = Trie.from_symbols(_at(symbol_of, codes, np.min_scalar_type(len(used))), offsets, len(used))
        score = _at(np.append(_on_grid(scores), _NEVER), trie.value, np.int64)
        longest = int(np.diff(offsets).max(initial=1))
        return cls(symbol_of, trie, score, int(_on_grid(np.array(floor))), longest)

    @classmethod
    def of_texts(cls, words: Sequence[str], counts: NDArray[Any], scores: NDArray[np.float64], floor: float) -> Lattice:
        """Words as str, over code points; none crosses a line end."""
        lengths = np.array([len(word) for word in words], np.int32)
        return cls.of_codes(code_points("".join(words)), lengths, counts, scores, floor)

    @classmethod
    def of_codes(
        cls,
        codes: NDArray[Any],
        lengths: NDArray[np.integer[Any]],
        counts: NDArray[Any],
        scores: NDArray[np.float64],
        floor: float,
    ) -> Lattice:
        """Words whose code points stand one after the other; none crosses a line end."""
        offsets = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        lattice = cls.of_scores(codes, offsets, 0x110000, counts, scores, floor)
        lattice.symbol_of[ord("\n")] = 0
        return lattice

    @cached_property
    def words(self) -> tuple[Any, ...]:
        """The arrays that all kernels walk; see :mod:`minent._kernels.lattice`."""
        trie, single = self.trie, slice(self.trie.n_symbols + 1)
        alone = np.where(trie.value[single] >= 0, self.score[single], self.floor)
        return self.symbol_of, trie.base, trie.label, trie.value, self.score, np.int64(self.floor), alone

    @property
    def reach(self) -> int:
        """Length of the longest step of a path in codes."""
        return max(self.longest, LONGEST_STEP)

    def best(self, codes: NDArray[np.uint32], lengths: NDArray[np.int8], *, named: bool = True) -> Path:
        """The path of least information.

        Parameters
        ----------
        codes : ndarray of shape (n,), uint32
        lengths : ndarray of shape (n,), int8
            Length of the unit that starts at each code, 0 inside one, −1 for a break.
        named : bool
            Whether to look up which words they are; without that, the path has no ``words``.
        """
        n = len(codes)
        ends, found = np.empty(n, np.int64), np.empty(n if named else 0, np.int32)
        window = _WINDOW
        done = size = 0
        score = 0.0
        while done < n:
            scratch = _scratch(window)
            done, size, more = kernels.viterbi(codes, lengths, done, self.words, scratch, ends, found, size)
            score += more
            window *= 2
        return Path(ends[:size], found[:size], score)

    def clean_cut(self, codes: NDArray[np.uint32], lengths: NDArray[np.int8]) -> int:
        """A late position that no word and no unit crosses, whatever may follow; 0 if there is none.

        What stands before it and what stands after it can be cut apart from each other, with the same result.
        """
        begin = max(0, len(codes) - _MARGIN - self.reach - _LOOK_BACK)
        late = kernels.clean_cut(codes, lengths, begin, self.words, self.reach, _MARGIN)
        return int(late or kernels.clean_cut(codes, lengths, 0, self.words, self.reach, _MARGIN))

    def best_of_units(self, ids: NDArray[np.int32]) -> Path:
        """The path of least information over a stream of unit ids, a 0 after each clause."""
        return self.best(ids.view(np.uint32), 1 - 2 * (ids == 0).view(np.int8))

    def draw(
        self, codes: NDArray[np.uint32], lengths: NDArray[np.int8], alpha: float, uniform: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Ends and words of a path drawn with probability ∝ e^(alpha · score), by one uniform number a word."""
        n = len(codes)
        total = np.empty(n + 1)
        draws.backward(codes, lengths, self.words, float(alpha), total)
        ends, found = np.empty(n, np.int64), np.empty(n, np.int32)
        size = draws.draw(codes, lengths, self.words, float(alpha), total, uniform, ends, found)
        return ends[:size], found[:size]


_ROOM = threading.local()


def _scratch(window: int) -> tuple[NDArray[Any], ...]:
    """Room for a window, the same for every text of a thread: most texts are short, and room takes time to make."""
    kept: tuple[NDArray[Any], ...] | None = getattr(_ROOM, "scratch", None)
    if kept is None or len(kept[2]) != window:
        kept = _ROOM.scratch = (
            np.empty((5, window + 4), np.uint32),  # nodes
            np.empty((4, window + 3), np.int64),  # scores
            np.empty(window, np.uint32),  # places
            np.empty(window, np.uint32),  # states
            np.empty(window + 1, np.int64),  # best
            np.empty(window + 1, np.uint32),  # back
            np.full(window + 1, _NEVER, np.int64),  # far
            np.empty(window + 1, np.int32),  # far_back
            np.empty(window + 1, np.uint32),  # far_node
            np.empty(window + 1, np.bool_),  # marked
            np.empty(window + 1, np.uint32),  # bounds
        )
    return kept


def information(counts: NDArray[Any], total: int | None = None) -> tuple[NDArray[np.float64], float]:
    """ln p of words with p = count / total (or their sum), and that of a unit which is no word."""
    total_count = float(max(1, int(counts.sum()) if total is None else total))
    return np.log(counts / total_count), -float(np.log(2 * total_count))


def _at(values: NDArray[Any], indices: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    """``values[indices]``, some at a time, since each index takes eight bytes on its way."""
    out = np.empty(len(indices), dtype)
    for begin in range(0, len(indices), _SOME):
        out[begin : begin + _SOME] = values[indices[begin : begin + _SOME]]
    return out


def _on_grid(log_p: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.round(log_p * _GRID).astype(np.int64) * 4
