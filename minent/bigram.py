"""A word bigram model learned from raw text, and segmentation with it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import IO

import numpy as np
from numpy.typing import NDArray

from minent._files import open_whole
from minent._kernels import sampler as kernels
from minent._kernels.known import join_words
from minent._progress import bar
from minent.autonomy import autonomy
from minent.corpus import Corpus, CorpusLike, as_corpus
from minent.cutter import Cutter, Part
from minent.errors import InputError, ParameterError
from minent.gaps import GapClassifier, GapTrainer, mark_cuts
from minent.known import Known, KnownWords, UserWords
from minent.lexicon import Lexicon
from minent.model_file import LONGEST_WORD, read_model, write_model
from minent.ngrams import NgramCounts, count_ngrams
from minent.numerals import as_one, is_number
from minent.sampler import BIGRAM_PRIOR, Sampler, Spelling, WordCounts
from minent.units import DIGIT, char_classes, code_points, to_str
from minent.wholes import LONGEST_WHOLE, Wholes

__all__ = ["BigramModel", "n_sweeps"]

_ROUNDS, _FIRST_SWEEPS, _UNIGRAM_SWEEPS, _BIGRAM_SWEEPS = 5, 3, 1, 2
# Log-odds in favour of each cut grow with the corpus: a word model joins what it has met, and meets ever more.
_NO_BIAS, _RISE, _MOST_BIAS = 60_000, 0.6, 1.5
_MARGIN = 2 * LONGEST_WHOLE  # what a unit is may depend on so much of what follows
_MOST = 8.0  # no gap is surer than that


@dataclass(frozen=True, eq=False)
class BigramModel(Cutter):
    """Words and their neighbours, learned from raw text by blocked Gibbs sampling.

    Make one with :meth:`learn` or :meth:`load`.

    Attributes
    ----------
    tree : NgramCounts
        The n-grams of the corpus of up to 5 units that came twice or more.
    words : WordCounts
        Which of them are words, and which words are neighbours.
    spelling : Spelling
        What words look like: the probability of those never seen.
    gaps : GapClassifier
        Log-odds of a cut, by what surrounds a gap.
    sweeps : int
        How often the corpus was gone through in learning.
    numbers : Lexicon or None
        Words of the corpus with numbers in them, and how often they are words; None in a model that was loaded.

    Notes
    -----
    A segmentation w_1 … w_k has a weight of Π p(w_i | w_{i−1}) · Π e^{z_g} over the gaps g that it cuts. z is the
    log-odds of :mod:`minent.gaps`, shifted by 0.6 log₁₀(n / 60,000) for a corpus of n units, since the more text there
    is, the more phrases recur and are taken for words; p is the hierarchical Pitman-Yor model of :mod:`minent.sampler`.
    The likeliest segmentation is taken. All numbers are one unit. All characters other than letters, digits and Han
    pass through one by one.

    Learning starts from the segmentation by :mod:`minent.autonomy`. In turns, the classifier is fitted to the current
    segmentation, and the segmentation is drawn anew, given the classifier, under a unigram and then a bigram model.

    References
    ----------
    Mochihashi, Yamada and Ueda (2009), "Bayesian unsupervised word segmentation with nested Pitman-Yor language
    modeling".

    Examples
    --------
    >>> texts = ["蝴蝶飞过大海", "看见蝴蝶", "一只蝴蝶", "蝴蝶是昆虫", "大海很宽", "他爱大海", "去大海边"]
    >>> model = BigramModel.learn(texts)
    >>> model.segment("爱蝴蝶大海!")
    ['爱', '蝴蝶', '大海', '!']
    """

    tree: NgramCounts
    words: WordCounts
    spelling: Spelling
    gaps: GapClassifier
    sweeps: int
    numbers: Lexicon | None = field(repr=False)
    _known: KnownWords = field(init=False, repr=False)

    def __repr__(self) -> str:
        return f"<BigramModel of {int((self.words.words[:-2, 0] > 0).sum()):,} words>"

    def __post_init__(self) -> None:
        self._know(Known.of())

    @classmethod
    def learn(
        cls, corpus: CorpusLike, *, rounds: int = _ROUNDS, seed: int = 0, fold: bool = False, progress: bool = False
    ) -> BigramModel:
        """Learn from raw text.

        Parameters
        ----------
        corpus : Corpus, path, paths or iterable of str
            See :func:`minent.corpus.as_corpus`.
        rounds : int
            How often the classifier is fitted anew, and a sweep under the unigram and two under the bigram model
            follow. An interrupt (Ctrl-C) ends this early: the model is then what has been learned so far.
        seed : int
            The same seed learns the same.
        fold : bool
            Whether traditional and simplified characters are one, here and in the texts to cut.
        progress : bool
            Show progress on stderr.

        Raises
        ------
        InputError
            The corpus holds nothing to learn from.
        ParameterError
            ``rounds`` is below 1.
        """
        if rounds < 1:
            raise ParameterError(f"rounds must be at least 1, not {rounds}")
        corpus = as_corpus(corpus, progress=progress)
        if fold:
            corpus = corpus.folded()
        if corpus.n_units == 0:
            raise InputError("the corpus holds no letters, digits or Han characters to find words in")
        one = as_one(corpus)
        tree = count_ngrams(one, max_order=LONGEST_WORD, min_count=2, branching=True)
        ids = np.asarray(one.ids)
        bias = _bias(corpus.n_units)
        step = autonomy(one, tree).cuts(ids)
        nodes = tree.walk(ids, LONGEST_WORD)
        sampler = Sampler(ids, nodes, tree, step, seed)
        trainer = GapTrainer(ids, nodes, tree, seed)
        gaps = trainer.fit(step, bias=bias)
        sweeps = itertools.count()
        with bar(progress, "learning words", n_sweeps(rounds), "sweep") as shown:

            def done() -> None:
                next(sweeps)
                shown.update()

            try:
                sampler.cut = _sure_cuts(trainer.log_odds)
                sampler.unigram(_FIRST_SWEEPS, done)
                for _ in range(rounds):
                    gaps = trainer.fit(step, bias=bias)
                    sampler.cut = _sure_cuts(trainer.log_odds)
                    sampler.unigram(_UNIGRAM_SWEEPS, done)
                    sampler.bigram(_BIGRAM_SWEEPS, done)
            except KeyboardInterrupt:
                pass
        numbers = _with_numbers(corpus, ids, step)
        return cls(tree, sampler.count_bigrams(), sampler.spelling(), gaps, next(sweeps), numbers)

    @cached_property
    def _unit_of_char(self) -> NDArray[np.int32]:
        """Unit id of each character that is a unit alone; those never seen come after the last id."""
        of_char = np.full(0x110000, len(self.tree.units), np.int32)
        singles = np.flatnonzero(self.tree.units.lengths == 1)
        of_char[code_points("".join(self.tree.units.strings[singles].tolist()))] = singles
        return of_char

    @cached_property
    def _number(self) -> int:
        """Unit id that stands for all numbers, after the last one if there is none."""
        return int(np.append(np.flatnonzero(is_number(self.tree.units)), len(self.tree.units))[0])

    def _encode(self, part: Part) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Unit ids, a 0 at what is in no unit, what stands alone, and the end; and where each begins."""
        at = np.flatnonzero(part.lengths)
        size, codes = part.lengths[at], part.seen[at]
        breaks = (size < 0) | (codes == ord("\n"))
        ids = np.where(breaks, np.int32(0), self._unit_of_char[codes])
        number = (self._classes[codes] == DIGIT) & ~breaks
        ids[number] = self._number
        places = np.append(at, len(part.codes))
        longer = np.flatnonzero((size > 1) & ~breaks & ~number)
        if len(longer):
            known, unknown, text = self.tree.units.ids, len(self.tree.units), to_str(part.seen)
            bounds = zip(places[longer].tolist(), size[longer].tolist(), strict=True)
            ids[longer] = [known.get(text[i : i + n], unknown) for i, n in bounds]
        return np.append(ids, np.int32(0)), places

    def _know(self, known: Known, keep: Iterable[str] = ()) -> None:
        units = self.tree.units
        words = KnownWords(known, LONGEST_WORD, max(1, int(self.words.words[:-2, 0].sum())), units.kind)
        wholes = Wholes(keep, words.forced, alone=True)
        vars(self).update(_classes=char_classes(units.kind), _fold=units.fold, _wholes=wholes, _known=words)

    def with_words(
        self, user_words: UserWords = (), *, force: UserWords = (), forbid: UserWords = (), keep: Iterable[str] = ()
    ) -> BigramModel:
        """The same model, cutting with what is known besides; what an earlier call told it is forgotten.

        Parameters
        ----------
        user_words, force, forbid, keep
            As for :class:`minent.segmenter.Segmenter`. The probability of a word with a count is that count by the
            number of words in the corpus. A word of two units or more without a count has one in a hundred where the
            model gives it less, and stays whole wherever both its ends are cut. A word of more than 5 units is as
            forced, and so is one with punctuation or spaces. What is kept whole is a word of its own.

        Raises
        ------
        ParameterError
            A word is both forced and forbidden, or none, or something else is to be kept.

        Examples
        --------
        >>> texts = ["蝴蝶飞过大海", "看见蝴蝶", "一只蝴蝶", "蝴蝶是昆虫", "大海很宽", "他爱大海", "去大海边"]
        >>> model = BigramModel.learn(texts)
        >>> model.with_words(["很宽"]).segment("蝴蝶的大海很宽")
        ['蝴蝶', '的', '大海', '很宽']
        """
        model = replace(self)
        model._know(Known.of(user_words, force, forbid, self.tree.units.fold), keep)
        return model

    def _step(self, part: Part, ids: NDArray[np.int32]) -> NDArray[np.int8]:
        nodes = self.tree.walk(np.where(ids < len(self.tree.units), ids, np.int32(0)), LONGEST_WORD)
        cut = _cut_weights(self.gaps.log_odds(ids, nodes))
        step = np.ones(len(ids), np.int8)
        base = (cut, self.spelling.spell(ids), self.spelling.p_length)
        least, is_whole = self._known.find(part.seen, part.lengths, nodes)
        kernels.bigram_best(ids, nodes, step, base, BIGRAM_PRIOR, self.words.state, least)
        join_words(is_whole, step)
        return step

    def _cut(self, part: Part, *, named: bool) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        ids, places = self._encode(part)
        is_begin = mark_cuts(ids, self._step(part, ids)) | (ids == 0)
        ends = places[is_begin][1:]
        return ends, np.empty(0, np.int32)

    def _clean_cut(self, part: Part) -> int:
        breaks = np.flatnonzero(part.lengths[: max(0, len(part.codes) - _MARGIN)] < 0)
        return int(breaks[-1]) + 1 if len(breaks) else 0

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to one file, described in :mod:`minent.model_file`."""
        with open_whole(path, binary=True) as file:
            self.dump(file)

    def dump(self, file: IO[bytes]) -> None:
        """Write the same to an open file."""
        write_model(file, self.tree, self.words, self.spelling, self.gaps, self.sweeps)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> BigramModel:
        """Read a model that :meth:`save` wrote.

        Raises
        ------
        InputError
            The file cannot be read.
        FormatError
            It is no model, or one of another version, or damaged.
        """
        return cls(*read_model(path), None)


def n_sweeps(rounds: int = _ROUNDS) -> int:
    """How often :meth:`BigramModel.learn` goes through the corpus unless it is interrupted.

    >>> n_sweeps()
    18
    """
    return _FIRST_SWEEPS + rounds * (_UNIGRAM_SWEEPS + _BIGRAM_SWEEPS)


def _with_numbers(corpus: Corpus, ids: NDArray[np.int32], step: NDArray[np.int8]) -> Lexicon:
    """The words of a segmentation that have a number in them, each number as it is."""
    begins = np.flatnonzero(mark_cuts(ids, step))
    ends = begins + step[begins]
    before = np.concatenate([[0], np.cumsum(is_number(corpus.units)[ids])])
    chosen = before[ends] > before[begins]
    return Lexicon.from_pieces(np.asarray(corpus.ids), begins[chosen], ends[chosen])


def _cut_weights(log_odds: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.exp(np.clip(log_odds, -_MOST, _MOST))


def _sure_cuts(log_odds: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same, and infinite where a gap is cut for sure: what would reach across need not be tried."""
    return np.where(log_odds < _MOST, _cut_weights(log_odds), np.float32(np.inf))


def _bias(n_units: int) -> float:
    """What is added to the log-odds of every cut.

    >>> [_bias(n) for n in (20_000, 60_000, 600_000, 1_600_000_000)]
    [0.0, 0.0, 0.6, 1.5]
    """
    return float(np.clip(_RISE * np.log10(max(1, n_units) / _NO_BIAS), 0.0, _MOST_BIAS))
