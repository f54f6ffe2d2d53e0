"""Unigram segmentation: the path of least information through the lattice of words."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from minent._kernels import lattice as kernels
from minent._kernels.units import unit_lengths
from minent._threads import in_order
from minent.autonomy import LONGEST_WORD, autonomy
from minent.corpus import CorpusLike, as_corpus
from minent.errors import InputError, ParameterError
from minent.known import UserWords, merge_words, word_counts
from minent.lattice import Lattice, Path
from minent.ngrams import count_ngrams
from minent.units import LONGEST_UNIT, char_classes, code_points, to_str
from minent.vocab import Vocab
from minent.wholes import Wholes

__all__ = ["Segmenter"]

_PART = 1 << 16


class _Part(NamedTuple):
    codes: NDArray[np.uint32]
    seen: NDArray[np.uint32]  # the codes as the lattice sees them: no word reaches into what is forced
    lengths: NDArray[np.int8]


class Segmenter:
    """Cuts text into words of a vocabulary, by the least information −Σ ln p(w).

    Parameters
    ----------
    vocab : Vocab, or Mapping of str to int
        Word → count; p(w) = count / sum of counts.
    units : {"run", "char"}
        Whether a run of letters or of digits is never cut (see :mod:`minent.units`).
    user_words : path, Mapping of str to int or None, or iterable of str
        More words. One without a count is preferred to its parts; :func:`minent.known.merge_words` has the rule, and
        :func:`minent.known.read_words` the form of a file, which is jieba's.
    force : path or iterable of str
        Words that stay whole wherever they stand, whatever is around them: where they overlap, the first, and of
        those the longest.
    forbid : path or iterable of str
        Words that never come out, but for single units that no other word covers.
    keep : iterable of {"numbers", "dates", "latin"}
        What stays whole, up to 120 characters, though words may be longer: numbers (1,234.5, ３０万, 二十一, 50%,
        三分之一), dates and times (2024年３月11日, 2024-03-11, 20:30), and Latin with its inner punctuation
        (https://a.cn/b, me@mail.cn, C++, AT&T, iPhone 15).

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

    def __init__(
        self,
        vocab: Mapping[str, int],
        *,
        units: str = "run",
        user_words: UserWords = (),
        force: UserWords = (),
        forbid: UserWords = (),
        keep: Iterable[str] = (),
    ) -> None:
        if isinstance(vocab, (str, bytes)) or not isinstance(vocab, Mapping):
            raise ParameterError("a segmenter needs a Vocab or a mapping word → count; see Vocab.load")
        self._classes = char_classes(units)
        self._vocab = vocab if isinstance(vocab, Vocab) else Vocab(vocab)
        added, forbidden, forced = word_counts(user_words), word_counts(forbid), word_counts(force)
        for word in forced.keys() & forbidden.keys():
            raise ParameterError(f"the word {word!r} is both forced and forbidden; choose")
        if added or forbidden:
            self._vocab = merge_words(self._vocab, added, forbidden, units=units)
        self._wholes = Wholes(keep, forced)
        self._lattice = self._vocab.lattice

    @classmethod
    def load(cls, path: str | os.PathLike[str], **options: Any) -> Segmenter:
        """A segmenter by the vocabulary of a file (see :meth:`minent.vocab.Vocab.load`), with the options above."""
        return cls(Vocab.load(path), **options)

    @classmethod
    def learn(cls, corpus: CorpusLike) -> Segmenter:
        """A segmenter that cuts any text as :mod:`minent.autonomy` cuts the corpus it learns from.

        It knows rarer words than a word list would name, and so cuts its own corpus better; what it scores is
        autonomy, not ln p, and the counts of its vocabulary are those of n-grams.

        Parameters
        ----------
        corpus : Corpus, path, paths or iterable of str
            See :func:`minent.corpus.as_corpus`.

        Raises
        ------
        InputError
            The corpus holds nothing to count.

        Examples
        --------
        >>> texts = ["蝴蝶飞过大海", "看见蝴蝶", "一只蝴蝶", "蝴蝶是昆虫", "大海很宽", "他爱大海", "去大海边"]
        >>> Segmenter.learn(texts).segment("蝴蝶看大海")
        ['蝴蝶', '看', '大海']
        """
        corpus = as_corpus(corpus)
        if corpus.n_units == 0:
            raise InputError("the corpus holds no letters, digits or Han characters to find words in")
        tree = count_ngrams(corpus, max_order=LONGEST_WORD, min_count=2, branching=True)
        nodes, scores, floor = autonomy(corpus, tree).words()
        words = tree.text(nodes)
        segmenter = cls(Vocab(zip(words, tree.count[nodes].tolist(), strict=True)), units=corpus.units.kind)
        segmenter._lattice = Lattice.of_texts(words, tree.count[nodes], scores, floor)
        return segmenter

    @property
    def vocab(self) -> Vocab:
        """The vocabulary."""
        return self._vocab

    def _part(self, codes: NDArray[np.uint32]) -> _Part:
        lengths = np.empty(len(codes), np.int8)
        unit_lengths(codes, self._classes, LONGEST_UNIT, lengths)
        return _Part(codes, self._wholes.apply(codes, lengths), lengths)

    def _best(self, part: _Part, *, named: bool) -> Path:
        return self._lattice.best(part.seen, part.lengths, named=named)

    def _parts(self, blocks: Iterable[str]) -> Iterator[_Part | NDArray[np.uint32]]:
        """A text that comes in blocks, in parts that can be cut each alone: after a line end, or where no word reaches.

        Of the former only the codes are given, so that what is slow is left to whoever cuts them.
        """
        kept = np.empty(0, np.uint32)
        for block in blocks:
            begin = 0
            while begin < len(block):
                # Twice as much each time where nothing can be parted, so that little is looked at again.
                end = begin + max(_PART, len(kept))
                line_end = block.rfind("\n", begin, end) + 1
                codes = np.concatenate([kept, code_points(block[begin : line_end or end])])
                begin = line_end or end
                cut = len(codes)
                if line_end:
                    yield codes
                else:
                    part = self._part(codes)
                    cut = self._lattice.clean_cut(part.seen, part.lengths)
                    if cut:
                        yield _Part(part.codes[:cut], part.seen[:cut], part.lengths[:cut])
                kept = codes[cut:]
        if len(kept):
            yield kept

    def _whole(self, part: _Part | NDArray[np.uint32]) -> _Part:
        return part if isinstance(part, _Part) else self._part(part)

    def _paths(self, text: str, *, named: bool = False) -> Iterator[tuple[_Part, Path]]:
        parts = self._parts([text]) if len(text) > _PART else [code_points(text)]
        for part in map(self._whole, parts):
            yield part, self._best(part, named=named)

    @cached_property
    def _strings(self) -> NDArray[np.object_]:
        """The shared str of each word, then of each character of the first plane."""
        strings = np.empty(len(self._vocab) + 0x10000, object)
        strings[:] = [*self._vocab, *map(chr, range(0x10000))]
        return strings

    def _words(
        self, codes: NDArray[np.uint32], ends: NDArray[np.int64], found: NDArray[np.int32]
    ) -> NDArray[np.object_]:
        names, nameless = np.empty(len(ends), np.int64), np.empty(len(ends), np.int64)
        n = kernels.name_words(codes, ends, found, len(self._vocab), names, nameless)
        words = self._strings[names]
        if n:
            at = nameless[:n]
            begins = np.where(at > 0, ends[at - 1], 0)
            text = to_str(codes)
            words[at] = [text[a:b] for a, b in zip(begins.tolist(), ends[at].tolist(), strict=True)]
        return words

    def segment(self, text: str) -> list[str]:
        """Words of a text; joined together they are the text again.

        >>> Segmenter({"蝴蝶": 3}).segment("一只蝴蝶 2.5%")
        ['一', '只', '蝴蝶', ' ', '2.5%']
        """
        if not isinstance(text, str):
            raise ParameterError(f"segment takes a str, not {type(text).__name__}; for several texts, segment_many")
        words: list[str] = []
        for part, path in self._paths(text, named=True):
            words += self._words(part.codes, path.ends, path.words).tolist()
        return words

    def segment_many(self, texts: Iterable[str], *, threads: int = 1) -> Iterator[list[str]]:
        """Words of each text, in order; texts are taken in batches, which is faster than one by one.

        >>> list(Segmenter({"蝴蝶": 3}).segment_many(["一只蝴蝶", "蝴蝶"]))
        [['一', '只', '蝴蝶'], ['蝴蝶']]
        """
        if isinstance(texts, str):
            raise ParameterError("segment_many takes texts, not one str; put it into a list, or call segment")
        return itertools.chain.from_iterable(in_order(self._segment_batch, _batches(texts), threads))

    def _segment_batch(self, texts: list[str]) -> list[list[str]]:
        # Texts joined by line ends are cut as each alone would be, since no word crosses a line end.
        part = self._part(code_points("\n".join(texts)))
        path = self._best(part, named=True)
        words = self._words(part.codes, path.ends, path.words)
        text_ends = np.cumsum([len(text) + 1 for text in texts]) - 1
        word_ends = np.searchsorted(path.ends, text_ends, side="right").tolist()
        begins = [0, *(end + 1 for end in word_ends)]
        return [words[a:b].tolist() for a, b in zip(begins, word_ends, strict=False)]

    def spans(self, text: str) -> NDArray[np.int64]:
        """Begin and end of each word in characters.

        Returns
        -------
        ndarray of shape (n, 2), int64
        """
        done = 0
        bounds = [np.zeros(1, np.int64)]
        for part, path in self._paths(text):
            bounds.append(path.ends + done)
            done += len(part.codes)
        ends = np.concatenate(bounds)
        return np.stack([ends[:-1], ends[1:]], axis=1)

    def score(self, text: str) -> float:
        """Σ ln p(w) in nats over the words of the best segmentation: minus its information."""
        return sum((path.score for _, path in self._paths(text)), 0.0)

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
        part = self._part(code_points(text))
        uniform = np.random.default_rng(seed).random(len(text))
        ends, found = self._lattice.draw(part.seen, part.lengths, alpha, uniform)
        return self._words(part.codes, ends, found).tolist()

    def spaced(self, text: str, *, separator: str = " ") -> str:
        """The text with a separator between words, none beside a space, tab or line end.

        >>> Segmenter({"天下": 3}).spaced("天下大势\\n天下", separator="/")
        '天下/大/势\\n天下'
        """
        return "".join(self.spaced_stream([text], separator=separator))

    def spaced_stream(self, blocks: Iterable[str], *, separator: str = " ", threads: int = 1) -> Iterator[str]:
        """What :meth:`spaced` makes of a text that comes in blocks cut anywhere, in memory that does not grow with it.

        Parameters
        ----------
        blocks : iterable of str
        separator : str
        threads : int
            How many threads share the work; the result is the same.

        Yields
        ------
        str
            The spaced text, in order.

        Examples
        --------
        >>> list(Segmenter({"天下": 3}).spaced_stream(["天", "下大势"]))
        ['天下 大 势']
        """
        between = code_points(separator)
        return in_order(lambda item: self._space(*item, between), _with_last_code(self._parts(blocks)), threads)

    def _space(self, part: _Part | NDArray[np.uint32], before: int, separator: NDArray[np.uint32]) -> str:
        part = self._whole(part)
        codes = part.codes
        ends = self._best(part, named=False).ends
        out = np.empty(len(codes) + (len(ends) + 1) * len(separator), np.uint32)
        room = np.zeros(len(codes), np.uint8)
        return to_str(out[: kernels.spaced(codes, ends, separator, before, room, out)])


def _with_last_code(
    parts: Iterable[_Part | NDArray[np.uint32]],
) -> Iterator[tuple[_Part | NDArray[np.uint32], int]]:
    """Each part with the code that came before it, a line end before the first."""
    before = ord("\n")
    for part in parts:
        yield part, before
        before = int((part.codes if isinstance(part, _Part) else part)[-1])


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _PART:
            yield batch
            batch, size = [], 0
    yield batch
