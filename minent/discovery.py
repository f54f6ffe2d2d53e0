"""Word discovery: which n-grams of a corpus are words."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._memory import as_memory_limit
from minent._progress import bar
from minent.association import pmi
from minent.autonomy import LONGEST_WORD, autonomy
from minent.bigram import BigramModel
from minent.branching import branching_entropy
from minent.contrast import keyness
from minent.corpus import Corpus, CorpusLike, as_corpus
from minent.errors import InputError, ParameterError, check_lengths, check_whole
from minent.folding import fold_counts, fold_table, fold_text
from minent.joining import Found, by_joining
from minent.lexicon import Lexicon
from minent.ngrams import NgramCounts, count_ngrams
from minent.numerals import is_number, one_number
from minent.spellings import spellings
from minent.vocab import Vocab

__all__ = ["METHODS", "SORTS", "build_vocab", "default_min_count"]

METHODS = ("autonomy", "bigram", "ngram", "pmi")
SORTS = ("score", "count", "cohesion", "left_entropy", "right_entropy", "keyness", "length", "word")


def default_min_count(n_units: int) -> int:
    """The rarest word worth reporting in a corpus of so many units.

    One in a hundred thousand, between 2 and 5, as long as the corpus is small; from two million units on,
    5 · (n / 2,000,000)^¼, since the number of chance n-grams grows with the corpus; and from a hundred million on
    in proportion to its size, so that the number of words stays within bounds.

    Examples
    --------
    >>> [default_min_count(n) for n in (20_000, 300_000, 1_600_000, 35_000_000, 1_700_000_000)]
    [2, 3, 5, 11, 227]
    """
    if n_units < 2_000_000:
        return max(2, min(5, -(-n_units // 100_000)))
    beyond = max(1.0, n_units / 100_000_000)
    return int(np.ceil(5 * (n_units / beyond / 2_000_000) ** 0.25 * beyond))


def _rarest_ngram(n_units: int, min_count: int) -> int:
    """The rarest n-gram that the segmentation by autonomy knows, in a corpus of so many units.

    Rarer ones are seldom words that are taken often enough, but there are many of them.

    >>> [_rarest_ngram(n, default_min_count(n)) for n in (180_000, 1_600_000, 13_000_000, 1_700_000_000)]
    [2, 3, 8, 227]
    """
    return max(2, min(min_count, -(-3 * n_units // 2_000_000)))


def build_vocab(
    corpus: CorpusLike,
    *,
    method: str = "autonomy",
    min_count: int | None = None,
    min_score: float | None = None,
    min_pmi: float | Sequence[float] | None = None,
    min_length: int = 1,
    max_length: int | None = None,
    exclude: Collection[str] = (),
    reference: Mapping[str, int] | str | os.PathLike[str] | None = None,
    top: int | None = None,
    sort: str = "score",
    memory: str | int | None = None,
    threads: int = 1,
    model: BigramModel | None = None,
    fold: bool = False,
    progress: bool = False,
) -> Vocab:
    """Find the words of a corpus.

    Parameters
    ----------
    corpus : Corpus, path, paths or iterable of str
        See :func:`minent.corpus.as_corpus`.
    method : {"autonomy", "bigram", "ngram", "pmi"}
        How words are found; see Notes.
    min_count : int, optional
        Words that the segmentation takes less often are left out; by default it follows from the size of the
        corpus, see :func:`default_min_count`.
    min_score : float, optional
        Words whose score is less are left out; see Notes for what the score is.
    min_pmi : float or sequence of float, optional
        For ``"pmi"``, the least PMI of two units in one word (default 2). For ``"ngram"``, the least cohesion of the
        n-grams of order 2, 3, … (default 2, 5, 7). In nats. The other methods have no such threshold.
    min_length, max_length : int
        Least and greatest number of characters of a word.
    exclude : collection of str
        Words to leave out: those of a known dictionary, so that new ones remain.
    reference : Vocab, Mapping of str to int, or path, optional
        Words of other text with their counts: adds the score ``keyness``, how much more often this corpus has a word
        (see :func:`minent.contrast.keyness`).
    top : int, optional
        Only so many words, the first ones in the order of ``sort``.
    sort : str
        Order of the words: ``"score"`` puts real words first; ``"count"``, ``"cohesion"``, ``"left_entropy"``,
        ``"right_entropy"``, ``"keyness"`` (with a ``reference``), ``"length"`` (longest first) or ``"word"``. Ties go
        by score.
    memory : str or int, optional
        Most memory that the process may take, such as ``"512M"`` or a number of bytes: the corpus, and what is sorted,
        then lie in temporary files; the result is the same. Not for ``"bigram"``, whose sampler keeps its corpus in
        memory.
    threads : int
        How many to use; the result is the same.
    model : BigramModel, optional
        For ``"bigram"``, what :meth:`minent.bigram.BigramModel.learn` made of this corpus, if that is there already.
    fold : bool
        Whether traditional and simplified characters are one, so that both speak for a word; each comes out as the
        corpus spells it most often. Needs the package opencc. A ``model`` must have been learned so, too.
    progress : bool
        Show progress on stderr.

    Returns
    -------
    Vocab
        ``count`` is how often the segmentation takes the word as a word. Scores: ``score``, ``occurrences`` (the
        exact n-gram count), ``cohesion`` (PMI at the weakest split, nats; 0 for a unit alone), ``left_entropy`` and
        ``right_entropy`` (branching entropies, nats); with a ``reference``, ``keyness``.

    Raises
    ------
    InputError
        The corpus holds nothing to count.
    ParameterError
        An argument is out of its range.
    LimitError
        The n-grams that could be words do not fit into ``memory``.

    Notes
    -----
    *autonomy* cuts the text where branching entropy says that words end (:mod:`minent.autonomy`); words are the
    n-grams of up to 6 units that this segmentation uses. *bigram* takes what a word bigram model uses that was learned
    on top of it (:mod:`minent.bigram`): better words, but ten times as slow. *ngram* joins overlapping n-grams of high
    cohesion into pieces and checks these back. *pmi* cuts between two units of low PMI, and takes out, from long to
    short, every word that the others explain as well, with a demand of n − 1 nats on a word of n units. For an alphabet
    (``units="char"``: English without its spaces, say) take *ngram* or *pmi* with lower thresholds, such as 0.5, 1,
    1.5: autonomy is tuned to Han.

    The score is min(left, right entropy) · cohesion · ln(count) · count / occurrences, with a cohesion of 1 for
    one unit alone: a word is free on both sides, hard to split, frequent, and rarely part of something else. For
    *bigram* it is ln(count) · (count / occurrences)²: the model has weighed the rest already.

    References
    ----------
    Su Jianlin, kexue.fm posts 5476 (pmi), 4256 and 6920 (ngram); Magistry and Sagot (2012) (autonomy).

    Examples
    --------
    >>> texts = ["蝴蝶飞过大海", "看见蝴蝶", "一只蝴蝶", "蝴蝶是昆虫", "大海很宽", "他爱大海", "去大海边"]
    >>> vocab = build_vocab(texts, method="ngram", min_length=2)
    >>> list(vocab)
    ['大海', '蝴蝶']
    """
    if method not in METHODS:
        raise ParameterError(f"method must be one of {', '.join(METHODS)}, not {method!r}")
    if sort not in SORTS:
        raise ParameterError(f"sort must be one of {', '.join(SORTS)}, not {sort!r}")
    if sort == "keyness" and reference is None:
        raise ParameterError("sorting by keyness needs a reference, a vocabulary of other text (--reference)")
    if isinstance(reference, (str, os.PathLike)):
        reference = Vocab.load(reference)
    if reference is not None and not isinstance(reference, Mapping):
        raise ParameterError("reference takes a Vocab, a mapping word → count, or the path of a vocabulary")
    check_lengths(min_length, max_length)
    for name, value in (("min_count", min_count), ("top", top)):
        if value is not None:
            check_whole(name, value, 1)
    if min_score is not None and not (isinstance(min_score, Real) and min_score == min_score):
        raise ParameterError(f"min_score must be a number, not {min_score!r}")
    if isinstance(exclude, (str, os.PathLike)):
        raise ParameterError("exclude takes a collection of words, not one str or path; put it into a list, or read it")
    if min_pmi is not None and method not in ("ngram", "pmi"):
        raise ParameterError(f'min_pmi belongs to the methods "ngram" and "pmi", not to "{method}"')
    if model is not None and (method != "bigram" or model.numbers is None):
        raise ParameterError('model takes what BigramModel.learn made of this corpus, with the method "bigram"')
    limit = as_memory_limit(memory)
    if limit and method == "bigram":
        raise ParameterError('the method "bigram" keeps its corpus in memory; leave memory out, or take another method')
    corpus = as_corpus(corpus, on_disk=limit is not None, threads=threads, progress=progress)
    spelled = corpus
    if fold:
        corpus, exclude = corpus.folded(), [fold_text(word) for word in exclude]
        reference = None if reference is None else fold_counts(reference, fold_table())
    if model is not None and (model.tree.units.fold is None) != (corpus.units.fold is None):
        raise ParameterError("model and vocabulary must be made of the same corpus, both folded or both not")
    if corpus.n_units == 0:
        raise InputError("the corpus holds no letters, digits or Han characters to find words in")
    floor = default_min_count(corpus.n_units) if min_count is None else min_count
    with bar(progress, "finding words", 2, "stage") as stages:
        if method == "autonomy":
            lexicon, nodes, tree = _by_autonomy(corpus, floor, memory, threads)
        elif method == "bigram":
            lexicon, nodes, tree = _by_bigrams(model or BigramModel.learn(corpus, progress=progress), floor)
        else:
            lexicon, nodes, tree = by_joining(corpus, method, floor, min_pmi, memory=memory, threads=threads)
        stages.update()
        words, counts, scores = _scored(corpus, tree, lexicon, nodes, method)
        if reference is not None:
            scores["keyness"] = keyness(dict(zip(words, counts.tolist(), strict=True)), reference).round(4)
        stages.update()
    chosen = _chosen(words, min_length, max_length, frozenset(exclude))
    if min_score is not None:
        chosen = chosen[scores["score"][chosen] >= min_score]
    if sort != "word":
        keys = {"count": counts, "length": np.array([len(word) for word in words], np.int64), **scores}
        chosen = _by_value(_by_value(chosen, scores["score"]), keys[sort])
    chosen = chosen[:top]
    pairs = zip([words[i] for i in chosen], counts[chosen].tolist(), strict=True)
    vocab = Vocab(pairs, {name: values[chosen] for name, values in scores.items()})
    if spelled is corpus:
        return vocab
    return Vocab(zip(spellings(spelled, corpus, vocab, memory), vocab.counts.tolist(), strict=True), vocab.scores)


def _flat(by_order: dict[int, NDArray[np.float64]], orders: range) -> NDArray[np.float64]:
    return np.concatenate([by_order[n] for n in orders])


def _by_autonomy(corpus: Corpus, min_count: int, memory: str | int | None, threads: int) -> Found:
    floor = _rarest_ngram(corpus.n_units, min_count)
    unit_of = one_number(corpus.units)
    tree = count_ngrams(
        corpus,
        max_order=LONGEST_WORD,
        min_count=floor,
        branching=True,
        unit_of=unit_of,
        memory=memory,
        threads=threads,
    )
    lexicon = autonomy(corpus, tree).lexicon(corpus, threads)
    lexicon = lexicon.select(lexicon.counts >= min_count)
    return lexicon, lexicon.with_units(unit_of).nodes(tree), tree


def _by_bigrams(model: BigramModel, min_count: int) -> Found:
    assert model.numbers is not None
    used = model.words.words[:-2, 0].astype(np.int64)
    nodes = np.flatnonzero(used >= min_count)
    units = model.tree.units
    lexicon = Lexicon.from_nodes(model.tree, nodes, used[nodes])
    numbers = model.numbers.select(model.numbers.counts >= min_count)
    lexicon = lexicon.select(~lexicon.holds(is_number(units))).followed_by(numbers)
    return lexicon, lexicon.with_units(one_number(units)).nodes(model.tree), model.tree


def _scored(
    corpus: Corpus, tree: NgramCounts, lexicon: Lexicon, nodes: NDArray[np.int64], method: str
) -> tuple[list[str], NDArray[np.int64], dict[str, NDArray[Any]]]:
    """Words that have a node, their counts and their scores."""
    lexicon, nodes = lexicon.select(nodes >= 0), nodes[nodes >= 0]
    orders = range(1, tree.max_order + (tree.left_spread is not None))
    singles = np.zeros(int(tree.starts[1]))
    cohesion = np.concatenate([singles, _flat(pmi(tree), orders[1:])] if len(orders) > 1 else [singles])[nodes]
    left, right = (_flat(branching_entropy(tree, side=side), orders)[nodes] for side in ("left", "right"))
    occurrences = tree.count[nodes]
    numbers = lexicon.holds(is_number(corpus.units))
    if method in ("autonomy", "bigram"):
        occurrences[numbers] = lexicon.select(numbers).occurrences(corpus)
    weight = np.where(lexicon.lengths == 1, 1.0, cohesion)
    share = lexicon.counts / occurrences
    freedom = np.minimum(left, right) * weight
    score = np.log(lexicon.counts) * share * (share if method == "bigram" else freedom)
    score *= occurrences / tree.count[nodes]  # of all numbers that stand there, how many are this one
    scores = {
        "score": score.round(4),
        "occurrences": occurrences,
        "cohesion": cohesion.round(4),
        "left_entropy": left.round(4),
        "right_entropy": right.round(4),
    }
    return lexicon.texts(corpus), lexicon.counts, scores


def _chosen(words: list[str], min_length: int, max_length: int | None, exclude: Collection[str]) -> NDArray[np.int64]:
    """Which words are of that length and not excluded, in the order of their texts."""
    longest = max_length or sys.maxsize
    chosen = (i for i, word in enumerate(words) if min_length <= len(word) <= longest and word not in exclude)
    return np.array(sorted(chosen, key=words.__getitem__), np.int64)


def _by_value(index: NDArray[np.int64], values: NDArray[Any]) -> NDArray[np.int64]:
    """The greatest first; equals stay in their order."""
    return index[np.argsort(-values[index], kind="stable")]
