"""Words by joining: units stay together where a cohesive n-gram reaches across the gap between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from minent._kernels import joining as kernels
from minent._kernels.ngrams import tally
from minent._threads import in_order
from minent.association import pmi
from minent.corpus import Corpus
from minent.errors import ParameterError
from minent.lexicon import Lexicon
from minent.ngrams import MAX_ORDER, NgramCounts, count_ngrams

__all__ = ["by_joining", "least_cohesion"]

_SLOTS = 1 << 22
_SHARE = 4  # of a block, for what takes many bytes a unit

Found: TypeAlias = tuple[Lexicon, NDArray[np.int64], NgramCounts]
"""What a method of discovery gives: the words, the node of each in a tree, and the tree."""


def by_joining(
    corpus: Corpus,
    method: str,
    min_count: int,
    min_pmi: float | Sequence[float] | None,
    *,
    memory: str | int | None = None,
    threads: int = 1,
) -> Found:
    """The words of the methods *ngram* and *pmi*, how often the best segmentation by them takes each, and a tree.

    Parameters
    ----------
    corpus : Corpus
    method : {"ngram", "pmi"}
    min_count : int
    min_pmi : float, sequence of float or None
    memory : str, int or None
    threads : int
        See :func:`minent.discovery.build_vocab`.
    """
    thresholds = least_cohesion(method, min_pmi)
    tree = count_ngrams(corpus, max_order=len(thresholds) + 1, min_count=min_count, memory=memory, threads=threads)
    tree, strong = _only_strong(tree, thresholds, min_count)
    lexicon = _words(corpus, method, tree, strong, min_count, threads)
    del tree, strong  # before the next one comes
    tree = count_ngrams(
        corpus,
        max_order=int(lexicon.lengths.max(initial=1)),
        min_count=min_count,
        branching=True,
        unit_count=min(2, min_count),
        memory=memory,
        threads=threads,
    )
    return lexicon, lexicon.nodes(tree), tree


def _words(
    corpus: Corpus, method: str, tree: NgramCounts, strong: NDArray[np.bool_], min_count: int, threads: int
) -> Lexicon:
    lexicon = _pieces(corpus, tree, strong, min_count, threads)
    if method == "ngram":
        lexicon = lexicon.select(_all_strong(lexicon, tree, strong))
    else:
        lexicon = _without_redundant(lexicon, len(corpus.units))
    lexicon = lexicon.recount(corpus)
    return lexicon.select(lexicon.counts >= min_count)


def least_cohesion(method: str, min_pmi: float | Sequence[float] | None) -> list[float]:
    """Least cohesion of the orders 2, 3, …"""
    if min_pmi is None:
        return [2.0] if method == "pmi" else [2.0, 5.0, 7.0]
    given = [float(x) for x in np.atleast_1d(np.asarray(min_pmi, np.float64))]
    most = 1 if method == "pmi" else MAX_ORDER - 2
    if not np.isfinite(given).all():
        raise ParameterError(f"min_pmi takes finite numbers, not {min_pmi}")
    if not 1 <= len(given) <= most:
        wanted = "one number" if most == 1 else f"1 to {most} numbers"
        raise ParameterError(f"min_pmi of method {method!r} takes {wanted}, not {len(given)}")
    return given


def _only_strong(tree: NgramCounts, thresholds: list[float], min_count: int) -> tuple[NgramCounts, NDArray[np.bool_]]:
    """The tree of the n-grams that are frequent and cohesive enough, and of what they begin with; which are which."""
    cohesion = pmi(tree)
    strong = tree.count >= min_count
    strong[tree.order(1)] = False
    for n, least in enumerate(thresholds, 2):
        strong[tree.order(n)] &= cohesion[n] >= least
    kept = strong.copy()
    for n in range(tree.max_order, 1, -1):
        nodes = tree.order(n)
        kept[tree.parent[nodes][kept[nodes]]] = True
    return tree.only(np.flatnonzero(kept)), strong[kept]


def _pieces(corpus: Corpus, tree: NgramCounts, strong: NDArray[np.bool_], min_count: int, threads: int) -> Lexicon:
    """What stays together, and comes so often.

    Pieces are counted by a hash first, since all that come once or twice would take more memory than there may be.
    """
    seen = np.zeros(_SLOTS, np.int64)

    def found(ids: NDArray[np.int32]) -> tuple[NDArray[np.int32], ...]:
        joined = np.zeros(len(ids), np.bool_)
        kernels.join(tree.walk(ids, tree.max_order), strong, joined)
        places = np.empty((3, len(ids)), np.int32)
        n = kernels.pieces(ids, joined, MAX_ORDER - 1, _SLOTS - 1, *places)
        return tuple(places[:, :n])

    def frequent(ids: NDArray[np.int32]) -> Lexicon:
        begins, ends, slots = found(ids)
        kept = seen[slots] >= min_count
        return Lexicon.from_pieces(ids, begins[kept], ends[kept])

    for _, _, slots in in_order(found, corpus.blocks(_SHARE), threads):
        tally(slots, seen)
    lexicon = Lexicon.sum_of(in_order(frequent, corpus.blocks(_SHARE), threads))
    return lexicon.select(lexicon.counts >= min_count)


def _all_strong(lexicon: Lexicon, tree: NgramCounts, strong: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Words of one unit, and those whose every inner n-gram of the longest order is strong."""
    passed = np.empty(len(lexicon), np.bool_)
    begins, stream = lexicon.stream()
    nodes = tree.walk(stream, tree.max_order)
    kernels.all_strong(begins, lexicon.lengths, nodes, strong, passed)
    return passed | (lexicon.lengths == 1)


def _without_redundant(lexicon: Lexicon, n_units: int) -> Lexicon:
    lattice = lexicon.lattice(n_units)
    counts = lexicon.counts.astype(np.float64)
    kept = np.ones(len(lexicon), np.bool_)
    by_length = np.argsort(-lexicon.lengths, kind="stable")
    trie = lattice.trie
    kernels.remove_redundant(
        lattice.symbol_of[lexicon.ids],
        lexicon.offsets,
        by_length,
        trie.base,
        trie.label,
        trie.value,
        counts,
        1.0,
        kept,
    )
    return lexicon.with_counts(counts.astype(np.int64)).select(kept)
