"""Unigram segmentation: the path of least information through the lattice of words."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._progress import bar
from minent.autonomy import LONGEST_WORD, autonomy
from minent.corpus import CorpusLike, as_corpus
from minent.cutter import Cutter, Part
from minent.errors import InputError, ParameterError
from minent.folding import fold_counts, fold_table
from minent.known import Known, UserWords, merge_scores, merge_words
from minent.lattice import Lattice, Path
from minent.ngrams import count_ngrams
from minent.numerals import as_one, codes_as_one, words_as_one
from minent.units import char_classes, code_points
from minent.vocab import Vocab
from minent.wholes import Wholes

__all__ = ["Segmenter"]


class Segmenter(Cutter):
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
        三分之一), dates and times (2024年３月11日, 2024-03-11, 20:30, 三点半), and Latin with its inner punctuation
        (https://a.cn/b, me@mail.cn, C++, AT&T, iPhone 15).
    fold : bool
        Whether words are found in traditional and in simplified characters, however they are spelled here. The words
        of a text are always in its own characters. Needs the package opencc.

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
        fold: bool = False,
    ) -> None:
        if isinstance(vocab, (str, bytes)) or not isinstance(vocab, Mapping):
            raise ParameterError("a segmenter needs a Vocab or a mapping word → count; see Vocab.load")
        vocab = vocab if isinstance(vocab, Vocab) else Vocab(vocab)
        table = fold_table() if fold else None
        if table is not None and (folded := fold_counts(vocab, table)) is not vocab:
            vocab = Vocab(folded)
        known = Known.of(user_words, force, forbid, table)
        if known.words or known.forbidden:
            vocab = merge_words(vocab, known.words, known.forbidden, units=units)
        self._set(vocab, vocab.lattice, units, Wholes(keep, known.forced), table)

    def __repr__(self) -> str:
        return f"<Segmenter of {len(self._vocab):,} words>"

    def _set(self, vocab: Vocab, lattice: Lattice, units: str, wholes: Wholes, fold: NDArray[np.uint32] | None) -> None:
        self._vocab, self._n_names, self._lattice = vocab, len(vocab), lattice
        self._classes, self._wholes, self._fold = char_classes(units), wholes, fold

    @classmethod
    def load(cls, path: str | os.PathLike[str], **options: Any) -> Segmenter:
        """A segmenter by the vocabulary of a file (see :meth:`minent.vocab.Vocab.load`), with the options above."""
        return cls(Vocab.load(path), **options)

    @classmethod
    def learn(
        cls,
        corpus: CorpusLike,
        *,
        user_words: UserWords = (),
        force: UserWords = (),
        forbid: UserWords = (),
        keep: Iterable[str] = (),
        fold: bool = False,
        progress: bool = False,
    ) -> Segmenter:
        """A segmenter that cuts any text as :mod:`minent.autonomy` cuts the corpus it learns from.

        It knows rarer words than a word list would name, and so cuts its own corpus better. What it scores is
        autonomy (:meth:`minent.autonomy.Autonomy.scores`), which is no ln p and not in nats; the counts of its
        vocabulary are those of n-grams. All numbers are one, written 0 there: after 5月 and 8月, 12月 is known.

        Parameters
        ----------
        corpus : Corpus, path, paths or iterable of str
            See :func:`minent.corpus.as_corpus`. What its units are holds for the texts to cut as well.
        user_words, force, forbid, keep, fold
            As above. Counts have nothing to be compared with here: all words of the user are preferred to their parts,
            but for those with a count of 0, which are forbidden. A number in them stands for every number.
        progress : bool
            Show progress on stderr.

        Raises
        ------
        InputError
            The corpus holds nothing to count.

        Examples
        --------
        >>> texts = ["蝴蝶飞过大海", "看见蝴蝶", "一只蝴蝶", "蝴蝶是昆虫", "大海很宽", "他爱大海", "去大海边"]
        >>> Segmenter.learn(texts).segment("蝴蝶看大海")
        ['蝴蝶', '看', '大海']
        >>> Segmenter.learn(texts, user_words=["看大海"]).segment("蝴蝶看大海")
        ['蝴蝶', '看大海']
        """
        corpus = as_corpus(corpus, progress=progress)
        if fold:
            corpus = corpus.folded()
        known = Known.of(user_words, force, forbid, corpus.units.fold)
        wholes = Wholes(keep, known.forced)
        if corpus.n_units == 0:
            raise InputError("the corpus holds no letters, digits or Han characters to find words in")
        with bar(progress, "learning", 3, "stage") as stages:
            one, units = as_one(corpus), corpus.units
            tree = count_ngrams(one, max_order=LONGEST_WORD, min_count=2, branching=True)
            stages.update()
            nodes, values, floor = autonomy(one, tree).words()
            stages.update()
            words = words_as_one(tree.text(nodes), units.kind)
            counts: dict[str, int] = {}
            scores: dict[str, float] = {}
            # Numbers side by side, as in 5%9, are spelled like one alone, which comes first and is meant.
            for word, count, value in zip(words, tree.count[nodes].tolist(), values.tolist(), strict=True):
                counts.setdefault(word, count)
                scores.setdefault(word, value)
            scores = merge_scores(scores, floor, known.spelled(lambda each: words_as_one(each, units.kind)), units.kind)
            vocab = Vocab((word, counts.get(word, 1)) for word in scores)
            found = np.fromiter(scores.values(), np.float64, len(scores))
            lattice = Lattice.of_texts(vocab.words, vocab.counts, found, floor)
            segmenter = _OneNumber.__new__(_OneNumber)
            segmenter._set(vocab, lattice, units.kind, wholes, units.fold)
        return segmenter

    @property
    def vocab(self) -> Vocab:
        """The vocabulary."""
        return self._vocab

    def _best(self, part: Part, *, named: bool) -> Path:
        return self._lattice.best(part.seen, part.lengths, named=named)

    def _cut(self, part: Part, *, named: bool) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        path = self._best(part, named=named)
        return part.in_codes(path.ends), path.words

    def _clean_cut(self, part: Part) -> int:
        return int(part.in_codes(np.array([self._lattice.clean_cut(part.seen, part.lengths)]))[0])

    def score(self, text: str) -> float:
        """Σ ln p(w) in nats over the words of the best segmentation: minus its information.

        After :meth:`learn` it is the sum of :meth:`minent.autonomy.Autonomy.scores`, which may be above 0.
        """
        return sum((self._best(part, named=False).score for part in self._text_parts(text)), 0.0)

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
        if not isinstance(alpha, Real) or not 0 <= alpha < float("inf"):
            raise ParameterError(f"alpha must be a number ≥ 0, not {alpha!r}")
        part = self._part(code_points(text))
        uniform = np.random.default_rng(seed).random(len(text))
        ends, found = self._lattice.draw(part.seen, part.lengths, alpha, uniform)
        return self._words(part.codes, part.in_codes(ends), found).tolist()


class _OneNumber(Segmenter):
    """A segmenter to which all numbers are one, as they are to autonomy."""

    def _part(self, codes: NDArray[np.uint32]) -> Part:
        part = super()._part(codes)
        return Part(codes, *codes_as_one(part.seen, part.lengths, self._classes))

    def _words(
        self, codes: NDArray[np.uint32], ends: NDArray[np.int64], found: NDArray[np.int32]
    ) -> NDArray[np.object_]:
        return super()._words(codes, ends, np.where(self._with_number[found], np.int32(-1), found))

    @cached_property
    def _with_number(self) -> NDArray[np.bool_]:
        """Which words have a number, and so do not stand in a text as they are; the last entry is for no word."""
        return np.array([*("0" in word for word in self._vocab), False])
