"""A word bigram model learned from raw text, and segmentation with it.

A model file is a NumPy ``.npz`` archive without pickled objects, version 1, of these arrays:

==========================================  ========================================================================
``minent_bigram_model``                     the version
``unit_kind, unit_text, unit_length``       the units: their kind, code points one after the other, lengths
``total, starts, unit, parent, count``      the n-grams of up to 5 units, as in :class:`minent.ngrams.NgramCounts`
``word, word_counts, pairs, sums``          rows of :class:`minent.sampler.WordCounts` that are not 0, and its sums
``p_length, p_first, p_unit``               see :class:`minent.sampler.Spelling`
``n_from, n_pair``                          see :class:`minent.sampler.Spelling`
``gap_weights, gap_bias``                   see :class:`minent.gaps.GapClassifier`
``sweeps``                                  how often the corpus was gone through in learning
==========================================  ========================================================================
"""

from __future__ import annotations

import itertools
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from minent._files import open_whole
from minent._kernels import lattice as lattice_kernels
from minent._kernels import sampler as kernels
from minent._kernels.units import unit_lengths
from minent._progress import bar
from minent._threads import in_order
from minent.autonomy import autonomy
from minent.corpus import CorpusLike, as_corpus
from minent.errors import FormatError, InputError, ParameterError
from minent.gaps import GapClassifier, GapTrainer, mark_cuts
from minent.ngrams import NgramCounts, count_ngrams
from minent.sampler import BIGRAM_DISCOUNTS, STRENGTH, Sampler, Spelling, WordCounts
from minent.units import LONGEST_UNIT, UnitTable, char_classes, code_points, to_str

__all__ = ["BigramModel"]

_LONGEST_WORD = 5
_PART = 1 << 18
_VERSION = 1
_FIRST_SWEEPS, _UNIGRAM_SWEEPS, _BIGRAM_SWEEPS = 3, 2, 2
# Log-odds in favour of each cut grow with the corpus: a word model joins what it has met, and meets ever more.
_NO_BIAS, _LEAST_BIAS, _MOST_BIAS = 160_000, -0.25, 1.5
_MOST = 8.0  # no gap is surer than that


@dataclass(frozen=True, eq=False)
class BigramModel:
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

    Notes
    -----
    A segmentation w_1 … w_k has a weight of Π p(w_i | w_{i−1}) · Π e^{z_g} over the gaps g that it cuts. z is the
    log-odds of :mod:`minent.gaps`, shifted by log₁₀(n / 160,000) for a corpus of n units, since the more text there is,
    the more phrases recur and are taken for words; p is the hierarchical Pitman-Yor model of :mod:`minent.sampler`. The
    likeliest segmentation is taken. All characters other than letters, digits and Han pass through one by one.

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

    @classmethod
    def learn(cls, corpus: CorpusLike, *, rounds: int = 5, seed: int = 0, progress: bool = False) -> BigramModel:
        """Learn from raw text.

        Parameters
        ----------
        corpus : Corpus, path, paths or iterable of str
            See :func:`minent.corpus.as_corpus`.
        rounds : int
            How often two sweeps under each word model follow. An interrupt (Ctrl-C) ends this early: the model is
            then what has been learned so far.
        seed : int
            The same seed learns the same.
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
        if corpus.n_units == 0:
            raise InputError("the corpus holds no letters, digits or Han characters to find words in")
        tree = count_ngrams(corpus, max_order=_LONGEST_WORD, min_count=2, branching=True)
        ids = np.asarray(corpus.ids)
        bias = _bias(corpus.n_units)
        step = autonomy(corpus, tree).cuts(ids)
        nodes = tree.walk(ids, _LONGEST_WORD)
        sampler = Sampler(ids, nodes, tree, step, seed)
        trainer = GapTrainer(ids, nodes, tree, seed)
        gaps = trainer.fit(step, bias=bias, units=False)
        total = _FIRST_SWEEPS + rounds * (_UNIGRAM_SWEEPS + _BIGRAM_SWEEPS)
        sweeps = itertools.count()
        with bar(progress, "learning words", total, "sweep") as shown:

            def done() -> None:
                next(sweeps)
                shown.update()

            try:
                sampler.cut = _cut_weights(trainer.log_odds)
                sampler.unigram(_FIRST_SWEEPS, done)
                for _ in range(rounds):
                    for sweep, times in ((sampler.unigram, _UNIGRAM_SWEEPS), (sampler.bigram, _BIGRAM_SWEEPS)):
                        gaps = trainer.fit(step, bias=bias)
                        sampler.cut = _cut_weights(trainer.log_odds)
                        sweep(times, done)
            except KeyboardInterrupt:
                pass
        return cls(tree, sampler.count_bigrams(), sampler.spelling(), gaps, next(sweeps))

    @cached_property
    def _unit_of_char(self) -> NDArray[np.int32]:
        """Unit id of each character that is a unit alone; those never seen come after the last id."""
        of_char = np.full(0x110000, len(self.tree.units), np.int32)
        singles = np.flatnonzero(self.tree.units.lengths == 1)
        of_char[code_points("".join(self.tree.units.strings[singles].tolist()))] = singles
        return of_char

    def _encode(
        self, codes: NDArray[np.uint32], lengths: NDArray[np.int8], text: str, begin: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Unit ids, a 0 at each character that is in no unit and at the end; and where in the text each is."""
        at = np.flatnonzero(lengths)
        size = lengths[at]
        ids = np.where(size < 0, np.int32(0), self._unit_of_char[codes[at]])
        known, unknown = self.tree.units.ids, len(self.tree.units)
        longer = np.flatnonzero(size > 1)
        places = np.append(at, len(codes)) + begin
        bounds = zip(places[longer].tolist(), size[longer].tolist(), strict=True)
        ids[longer] = [known.get(text[i : i + n], unknown) for i, n in bounds]
        return np.append(ids, np.int32(0)), places

    def _step(self, ids: NDArray[np.int32]) -> NDArray[np.int8]:
        nodes = self.tree.walk(np.where(ids < len(self.tree.units), ids, np.int32(0)), _LONGEST_WORD)
        cut = _cut_weights(self.gaps.log_odds(ids, nodes))
        step = np.ones(len(ids), np.int8)
        first, follow = self.spelling.spell(ids, nodes)
        base = (first, follow, self.spelling.p_length)
        counts = (self.words.words, self.words.sums, self.words.pairs)
        kernels.bigram_best(ids, nodes, cut, *base, BIGRAM_DISCOUNTS, STRENGTH, *counts, step)
        return step

    def _lengths(self, codes: NDArray[np.uint32]) -> NDArray[np.int8]:
        lengths = np.empty(len(codes), np.int8)
        unit_lengths(codes, char_classes(self.tree.units.kind), LONGEST_UNIT, lengths)
        return lengths

    def _word_ends(self, text: str) -> NDArray[np.int64]:
        """Where words end, part by part: none reaches across a character that is in no unit."""
        codes = code_points(text)
        lengths = self._lengths(codes)
        breaks = np.flatnonzero(lengths < 0)
        ends: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
        begin = 0
        while begin < len(codes):
            at = np.searchsorted(breaks, begin + _PART, side="right") - 1
            if at < 0 or breaks[at] < begin:
                at = np.searchsorted(breaks, begin)
            end = int(breaks[at]) + 1 if at < len(breaks) and len(codes) > begin + _PART else len(codes)
            ids, places = self._encode(codes[begin:end], lengths[begin:end], text, begin)
            is_begin = mark_cuts(ids, self._step(ids)) | (ids == 0)
            ends.append(places[is_begin][1:])
            begin = end
        return np.concatenate(ends)

    def segment(self, text: str) -> list[str]:
        """Words of a text; joined together they are the text again."""
        if not isinstance(text, str):
            raise ParameterError(f"segment takes a str, not {type(text).__name__}; for several texts, segment_many")
        ends = self._word_ends(text).tolist()
        return [text[a:b] for a, b in itertools.pairwise([0, *ends])]

    def segment_many(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """Words of each text, in order; texts are taken in batches, which is faster than one by one."""
        if isinstance(texts, str):
            raise ParameterError("segment_many takes texts, not one str; put it into a list, or call segment")
        batch: list[str] = []
        size = 0
        for text in texts:
            batch.append(text)
            size += len(text)
            if size >= _PART:
                yield from self._segment_batch(batch)
                batch, size = [], 0
        yield from self._segment_batch(batch)

    def _segment_batch(self, texts: list[str]) -> Iterator[list[str]]:
        words = self.segment("\n".join(texts))
        ends = np.cumsum([len(word) for word in words])
        text_ends = np.cumsum([len(text) + 1 for text in texts]) - 1
        begin = 0
        for end in np.searchsorted(ends, text_ends, side="right").tolist():
            yield words[begin:end]
            begin = end + 1

    def spans(self, text: str) -> NDArray[np.int64]:
        """Begin and end of each word in characters.

        Returns
        -------
        ndarray of shape (n, 2), int64
        """
        ends = self._word_ends(text)
        return np.stack([np.concatenate([[0], ends[:-1]])[: len(ends)], ends], axis=1)

    def spaced(self, text: str, *, separator: str = " ") -> str:
        """The text with a separator between words, none beside a space, tab or line end."""
        return "".join(self.spaced_stream([text], separator=separator))

    def spaced_stream(self, blocks: Iterable[str], *, separator: str = " ", threads: int = 1) -> Iterator[str]:
        """What :meth:`spaced` makes of a text that comes in blocks cut anywhere.

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
        """
        between = code_points(separator)
        return in_order(lambda part: self._space(*part, between), self._parts(blocks), threads)

    def _parts(self, blocks: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Parts of a text that end with a character that is in no unit, and the code that came before each."""
        kept, before = "", ord("\n")
        for block in blocks:
            kept += block
            breaks = np.flatnonzero(self._lengths(code_points(kept)) < 0)
            end = int(breaks[-1]) + 1 if len(breaks) else 0
            if end:
                yield kept[:end], before
                kept, before = kept[end:], ord(kept[end - 1])
        if kept:
            yield kept, before

    def _space(self, text: str, before: int, separator: NDArray[np.uint32]) -> str:
        codes = code_points(text)
        ends = self._word_ends(text)
        out = np.empty(len(codes) + (len(ends) + 1) * len(separator), np.uint32)
        room = np.zeros(len(codes), np.uint8)
        return to_str(out[: lattice_kernels.spaced(codes, ends, separator, before, room, out)])

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to one file: a NumPy ``.npz`` archive of plain arrays, described in :mod:`minent.bigram`."""
        with open_whole(path, binary=True) as file:
            self._write(file)

    def _write(self, file: IO[bytes]) -> None:
        words, tree = np.flatnonzero(self.words.words.any(axis=1)), self.tree
        arrays: dict[str, NDArray[Any]] = {
            "minent_bigram_model": np.array([_VERSION]),
            "unit_kind": np.array(tree.units.kind),
            "unit_text": code_points("".join(tree.units)),
            "unit_length": tree.units.lengths,
            "total": np.array([tree.total]),
            "starts": tree.starts,
            "unit": tree.unit,
            "parent": tree.parent,
            "count": tree.count,
            "word": words,
            "word_counts": self.words.words[words],
            "sums": self.words.sums[:3],
            "pairs": self.words.pairs[self.words.pairs[:, 2] > 0],
            "p_length": self.spelling.p_length,
            "p_first": self.spelling.p_first,
            "p_unit": self.spelling.p_unit,
            "n_from": self.spelling.n_from,
            "n_pair": self.spelling.n_pair,
            "gap_weights": self.gaps.weights,
            "gap_bias": np.array([self.gaps.bias]),
            "sweeps": np.array([self.sweeps]),
        }
        np.savez_compressed(file, allow_pickle=False, **arrays)

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
        name = os.fspath(path)
        try:
            with np.load(name, allow_pickle=False) as file:
                version = int(file["minent_bigram_model"][0])
                if version != _VERSION:
                    raise FormatError(f"{name}: a model of version {version}, not {_VERSION}; learn it again")
                arrays = {key: file[key] for key in file.files}
        except FileNotFoundError:
            raise InputError(f"{name}: no such file") from None
        except OSError as error:
            raise InputError(f"{name}: cannot be read: {error.strerror or error}") from None
        except (LookupError, TypeError, ValueError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
            if isinstance(error, FormatError):
                raise
            raise FormatError(f"{name}: not a model; make one with build-vocab --method bigram --save-model") from None
        try:
            return cls._from_arrays(arrays)
        except (KeyError, ValueError, IndexError, TypeError) as error:
            raise FormatError(f"{name}: the model is damaged ({error}); learn it again") from None

    @classmethod
    def _from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> BigramModel:
        def get(name: str, dtype: type, low: float, high: float, *shape: int) -> Any:
            """An array that cannot lead a kernel astray."""
            found = arrays[name]
            if found.dtype != np.dtype(dtype) or found.ndim != len(shape):
                raise ValueError(f"{name} has a wrong type")
            if any(n not in (-1, m) for n, m in zip(shape, found.shape, strict=True)):
                raise ValueError(f"{name} has a wrong size")
            if found.size and not (low <= found.min() and found.max() <= high):
                raise ValueError(f"{name} is out of range")
            return found

        most = np.iinfo(np.int32).max
        lengths = get("unit_length", np.int64, 0, LONGEST_UNIT, -1)
        n_units = len(lengths)
        text = get("unit_text", np.uint32, 0, 0x10FFFF, int(lengths.sum()))
        units = UnitTable(text, np.concatenate([[0], np.cumsum(lengths)]), str(arrays["unit_kind"]))
        char_classes(units.kind)
        starts = get("starts", np.int64, 0, most, _LONGEST_WORD + 1)
        n = int(starts[-1])
        if starts[0] != 0 or (np.diff(starts) < 0).any():
            raise ValueError("starts do not rise")
        unit, parent = get("unit", np.int32, 1, n_units - 1, n), get("parent", np.int32, -1, n, n)
        if (parent >= np.arange(n)).any() or (parent[starts[1] :] < 0).any():
            raise ValueError("parent does not come first")
        total = int(get("total", np.int64, 0, np.inf, 1)[0])
        tree = NgramCounts(units, total, 2, starts, unit, parent, get("count", np.int64, 2, np.inf, n), None, None)
        pairs = get("pairs", np.int32, 0, most, -1, 3)
        counts = WordCounts.empty(n, len(pairs))
        counts.words[get("word", np.int64, 0, n + 1, -1)] = get("word_counts", np.int32, 0, most, -1, 3)
        counts.sums[:3] = get("sums", np.int64, 0, np.inf, 3)
        if len(pairs):
            get("pairs", np.int32, 0, max(n + 1, int(pairs[:, 2].max())), -1, 3)
            if pairs[:, :2].max() > n + 1 or pairs[:, 2].min() < 1:
                raise ValueError("pairs is out of range")
        counts.sums[3] = kernels.rehash(pairs, counts.pairs)
        spelling = Spelling(
            get("p_length", np.float64, 0, 1, _LONGEST_WORD + 1),
            get("p_first", np.float64, 0, 1, n_units + 1),
            get("p_unit", np.float64, 0, 1, n_units + 1),
            get("n_from", np.int64, 0, np.inf, n_units + 1),
            get("n_pair", np.int32, 0, most, int(starts[2])),
        )
        weights = get("gap_weights", np.float32, -np.inf, np.inf, int(starts[4]) + 5, 4)
        gaps = GapClassifier(weights, float(get("gap_bias", np.float64, -np.inf, np.inf, 1)[0]))
        return cls(tree, counts, spelling, gaps, int(get("sweeps", np.int64, 0, np.inf, 1)[0]))


def _cut_weights(log_odds: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.exp(np.clip(log_odds, -_MOST, _MOST))


def _bias(n_units: int) -> float:
    """What is added to the log-odds of every cut.

    >>> [_bias(n) for n in (20_000, 160_000, 1_600_000, 1_600_000_000)]
    [-0.25, 0.0, 1.0, 1.5]
    """
    return float(np.clip(np.log10(max(1, n_units) / _NO_BIAS), _LEAST_BIAS, _MOST_BIAS))
