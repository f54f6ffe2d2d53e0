"""The lattice of words over a sequence, and its best path: Viterbi and sampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from minent._kernels import lattice as kernels
from minent.trie import Trie

__all__ = ["Lattice", "Path"]

_WINDOW = 1 << 16
_LONGEST_STEP = 101  # the longest unit that is not a word: 100 digits and a percent sign


class Path(NamedTuple):
    """A segmentation: where each word ends, its index (−1: not a word of the lexicon), and Σ ln p."""

    ends: NDArray[np.int64]
    words: NDArray[np.int32]
    score: float


@dataclass(frozen=True, eq=False)
class Lattice:
    """Words with their information, ready to cut sequences of codes (code points or unit ids).

    Attributes
    ----------
    symbol_of : ndarray of int32
        Code → symbol of the trie, 0 for a code that is in no word.
    trie : Trie
    log_p : ndarray of shape (n_words,), float64
        ln p(w) in nats.
    floor : float
        ln p of a unit that is not a word; two of them are always less likely than any word.
    longest : int
        Length of the longest word in codes.
    """

    symbol_of: NDArray[np.int32]
    trie: Trie
    log_p: NDArray[np.float64]
    floor: float
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
        total_count = float(max(1, int(counts.sum()) if total is None else total))
        frequency = np.bincount(codes, minlength=n_codes)
        used = np.flatnonzero(frequency)
        # Frequent codes get small symbols: their transitions lie close together.
        symbol_of = np.zeros(n_codes, np.int32)
        symbol_of[used[np.argsort(-frequency[used], kind="stable")]] = np.arange(1, len(used) + 1)
        trie = Trie.from_symbols(symbol_of[codes], offsets, len(used))
        longest = int(np.diff(offsets).max(initial=1))
        log_p = _on_grid(np.log(counts / total_count))
        return cls(symbol_of, trie, log_p, float(_on_grid(-np.log(2 * total_count))), longest)

    @property
    def _arrays(self) -> tuple[Any, Any, Any, Any, Any, float]:
        return self.symbol_of, self.trie.base, self.trie.check, self.trie.value, self.log_p, self.floor

    def best(self, codes: NDArray[np.uint32], lengths: NDArray[np.int8]) -> Path:
        """The path of least information.

        Parameters
        ----------
        codes : ndarray of shape (n,), uint32
        lengths : ndarray of shape (n,), int8
            Length of the unit that starts at each code, 0 inside one, −1 for a break.

        Notes
        -----
        Works in windows: once all best paths to the end of a window pass one position, what lies before is settled.
        """
        n = len(codes)
        ends, words = np.empty(n, np.int64), np.empty(n, np.int32)
        window = _WINDOW
        done = size = 0
        score = 0.0
        while done < n:
            best = np.empty(min(window, n - done) + 1)
            back, word = np.empty(len(best), np.int32), np.empty(len(best), np.int32)
            settled = kernels.viterbi(codes, lengths, done, *self._arrays, best, back, word)
            end = len(best) - 1
            if done + end == n:
                score += settled + float(best[end])
            else:
                reach = max(self.longest, _LONGEST_STEP)
                end = kernels.meeting_point(best, back, end, reach, np.empty(len(best), np.bool_))
                if end == 0:
                    window *= 2
                    continue
                score += kernels.path_score(back, word, end, self.log_p, self.floor)
            size = kernels.trace(back, word, end, done, ends, words, size)
            done += end
            window = _WINDOW
        return Path(ends[:size], words[:size], score)

    def best_of_units(self, ids: NDArray[np.int32]) -> Path:
        """The path of least information over a stream of unit ids, a 0 after each clause."""
        return self.best(ids.view(np.uint32), np.where(ids == 0, -1, 1).astype(np.int8))

    def draw(
        self, codes: NDArray[np.uint32], lengths: NDArray[np.int8], alpha: float, uniform: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Ends and words of a path drawn with probability ∝ e^(alpha · score), by one uniform number a word."""
        n = len(codes)
        total = np.empty(n + 1)
        kernels.backward(codes, lengths, *self._arrays, alpha, total)
        ends, words = np.empty(n, np.int64), np.empty(n, np.int32)
        size = kernels.draw(codes, lengths, *self._arrays, alpha, total, uniform, ends, words)
        return ends[:size], words[:size]


def _on_grid(log_p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to multiples of 2⁻³² nats: sums are exact then, so that ties are ties in whatever order one adds."""
    return np.round(log_p * 2.0**32) / 2.0**32
