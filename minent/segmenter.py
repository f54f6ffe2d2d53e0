"""Unigram segmentation: the path of least information through the lattice of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from minent._kernels import lattice as kernels
from minent._kernels.units import unit_lengths
from minent.errors import ParameterError
from minent.lattice import Lattice, Path
from minent.units import LONGEST_UNIT, char_classes, code_points
from minent.vocab import Vocab

__all__ = ["Segmenter"]

_BATCH = 1 << 16


class Segmenter:
    """Cuts text into words of a vocabulary, by the least information −Σ ln p(w).

    Parameters
    ----------
    vocab : Vocab, or Mapping of str to int
        Word → count; p(w) = count / sum of counts.
    units : {"run", "char"}
        Whether a run of letters or of digits is never cut (see :mod:`minent.units`).

    Notes
    -----
    A unit outside the vocabulary costs ln(2 · total) nats, so two of them never beat a word. All other characters
    (punctuation, spaces, emoji) pass through one by one, unless a word of the vocabulary holds them; no word
    crosses a line end. Of paths with equal information the one with the longer last word is taken.

    References
    ----------
    Su Jianlin, kexue.fm posts 4256 and 6920 (segmentation), 9811 (sampling).

    Examples
    --------
    >>> segmenter = Segmenter({"研究": 8, "生命": 6, "研究生": 2, "起源": 3, "命": 1})
    >>> segmenter.segment("研究生命起源!")
    ['研究', '生命', '起源', '!']
    >>> segmenter.spans("研究生命")
    array([[0, 2],
           [2, 4]])
    >>> segmenter.score("研究生命")     # ln(8/20) + ln(6/20)
    -2.1202
    """

    def __init__(self, vocab: Mapping[str, int], *, units: str = "run") -> None:
        if isinstance(vocab, (str, bytes)) or not isinstance(vocab, Mapping):
            raise ParameterError("a segmenter needs a Vocab or a mapping word → count; see Vocab.load")
        self._vocab = vocab if isinstance(vocab, Vocab) else Vocab(vocab)
        self._classes = char_classes(units)
        self._words = np.array([*self._vocab, ""], object)
        words = self._vocab.words
        offsets = np.concatenate([[0], np.cumsum([len(word) for word in words], dtype=np.int64)])
        codes = code_points("".join(words))
        self._lattice = Lattice.of_words(codes, offsets, 0x110000, self._vocab.counts, self._vocab.total)
        self._lattice.symbol_of[ord("\n")] = 0

    @property
    def vocab(self) -> Vocab:
        """The vocabulary."""
        return self._vocab

    def _lengths(self, codes: NDArray[np.uint32]) -> NDArray[np.int8]:
        lengths = np.empty(len(codes), np.int8)
        unit_lengths(codes, self._classes, LONGEST_UNIT, lengths)
        return lengths

    def _best(self, codes: NDArray[np.uint32]) -> Path:
        return self._lattice.best(codes, self._lengths(codes))

    def _strings(self, text: str, ends: NDArray[np.int64], words: NDArray[np.int32]) -> list[str]:
        """The shared str of each word of the vocabulary; only the others are sliced."""
        out = self._words[words]
        unknown = np.flatnonzero(words < 0)
        begins = ends[unknown - 1]
        if len(unknown) and unknown[0] == 0:
            begins[0] = 0
        bounds = zip(begins.tolist(), ends[unknown].tolist(), strict=True)
        out[unknown] = [text[a:b] for a, b in bounds]
        return out.tolist()

    def segment(self, text: str) -> list[str]:
        """Words of a text; joined together they are the text again.

        >>> Segmenter({"蝴蝶": 3}).segment("一只蝴蝶 2.5%")
        ['一', '只', '蝴蝶', ' ', '2.5%']
        """
        if not isinstance(text, str):
            raise ParameterError(f"segment takes a str, not {type(text).__name__}; for several texts, segment_many")
        path = self._best(code_points(text))
        return self._strings(text, path.ends, path.words)

    def segment_many(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """Words of each text, in order; texts are taken in batches, which is faster than one by one.

        >>> list(Segmenter({"蝴蝶": 3}).segment_many(["一只蝴蝶", "蝴蝶"]))
        [['一', '只', '蝴蝶'], ['蝴蝶']]
        """
        batch: list[str] = []
        size = 0
        if isinstance(texts, str):
            raise ParameterError("segment_many takes texts, not one str; put it into a list, or call segment")
        for text in texts:
            batch.append(text)
            size += len(text)
            if size >= _BATCH:
                yield from self._segment_batch(batch)
                batch, size = [], 0
        yield from self._segment_batch(batch)

    def _segment_batch(self, texts: list[str]) -> Iterator[list[str]]:
        # Texts joined by line ends are cut as each alone would be, since no word crosses a line end.
        joined = "\n".join(texts)
        path = self._best(code_points(joined))
        words = self._strings(joined, path.ends, path.words)
        text_ends = np.cumsum([len(text) + 1 for text in texts]) - 1
        begin = 0
        for end in np.searchsorted(path.ends, text_ends, side="right").tolist():
            yield words[begin:end]
            begin = end + 1

    def spans(self, text: str) -> NDArray[np.int64]:
        """Begin and end of each word in characters.

        Returns
        -------
        ndarray of shape (n, 2), int64
        """
        ends = self._best(code_points(text)).ends
        return np.stack([np.concatenate([[0], ends[:-1]])[: len(ends)], ends], axis=1)

    def score(self, text: str) -> float:
        """Σ ln p(w) in nats over the words of the best segmentation: minus its information."""
        return self._best(code_points(text)).score

    def sample(self, text: str, *, alpha: float = 1.0, seed: int | None = None) -> list[str]:
        """Draw a segmentation with probability exactly proportional to e^(alpha · score).

        Parameters
        ----------
        text : str
        alpha : float
            0 draws evenly among all segmentations; the larger, the closer to :meth:`segment`.
        seed : int, optional
            The same seed draws the same.

        References
        ----------
        Su Jianlin, kexue.fm post 9811.

        Examples
        --------
        >>> Segmenter({"天下": 9, "天": 1, "下": 1}).sample("天下天下", alpha=0.1, seed=4)
        ['天下', '天下']
        """
        if not 0 <= alpha < float("inf"):
            raise ParameterError(f"alpha must be a number ≥ 0, not {alpha}")
        codes = code_points(text)
        uniform = np.random.default_rng(seed).random(len(codes))
        ends, words = self._lattice.draw(codes, self._lengths(codes), alpha, uniform)
        return self._strings(text, ends, words)

    def spaced(self, text: str, *, separator: str = " ") -> str:
        """The text with a separator between words, none beside a space, tab or line end; whole blocks at once.

        >>> Segmenter({"天下": 3}).spaced("天下大势\\n天下", separator="/")
        '天下/大/势\\n天下'
        """
        codes = code_points(text)
        between = code_points(separator)
        ends = self._best(codes).ends
        out = np.empty(len(codes) + len(ends) * len(between), np.uint32)
        out = out[: kernels.spaced(codes, ends, between, np.uint32(10), out)]
        return out.tobytes().decode("utf-32-le", "surrogatepass")
